//! The catalogue's reward rules: what a device weighs.

use crate::catalogue::{Law, POOL, Policy, breaks, keeps};
use depin_protocol::rewards::baseline_power::BaselinePowerSpec;
use depin_protocol::rewards::block_reward::Reading;
use depin_protocol::rewards::formula::FormulaSpec;
use depin_protocol::rewards::ignition_points::{AdditiveSpec, MultiplicativeSpec};
use depin_protocol::rewards::render_availability::{AvailabilitySpec, ComputeClientsSpec, NodesSpec};
use depin_protocol::rewards::render_compute::{Compound, ComputeSpec};
use depin_protocol::rewards::stake_weighted::SharedBy;
use depin_protocol::rewards::{
    AethirSpec, BondedInflationSpec, ConsensusWeightedSpec, StakeWeightedSpec, consensus_weighted,
};
use depin_protocol::rewards::{BlockRewardSpec, BurnAndMintSpec, DollarPaySpec, IgnitionSpec, RewardRule};
use depin_protocol::rewards::{CappedShareSpec, capped_share::Cap};
use depin_protocol::rewards::{ConcaveShareSpec, Measure, UptimeShareSpec};
use depin_protocol::rewards::{Rnp004Spec, rnp_004::Pays};
use depin_protocol::rewards::{Rnp006Spec, rnp_006::Denominator};
use depin_protocol::rewards::{WorkShareSpec, work_share::Work};
use depin_protocol::units::TOKEN;

/// All of them.
pub fn rewards() -> Vec<Policy<Box<dyn RewardRule>>> {
    const FOLDER: [&str; 2] =
        ["rewards/ignition_points/multiplicative.rs", "rewards/ignition_points/additive.rs"];
    const BLOCK: (&str, &str) = ("rewards/block_reward.rs", "BlockReward");
    const BY_DEVICE: &[Law] = &[Law::SybilByWorkers, Law::SybilByCopies];
    vec![
        breaks("multiplicative", (FOLDER[0], "Multiplicative"), &[Law::SybilByCopies], || {
            IgnitionSpec::Multiplicative(MultiplicativeSpec::default()).build()
        }),
        breaks(
            "additive",
            (FOLDER[1], "Additive"),
            &[Law::SybilByTurns, Law::SybilByCopies, Law::MonotoneInHire],
            || IgnitionSpec::Additive(AdditiveSpec::default()).build(),
        ),
        breaks(
            "additive without a floor of work",
            (FOLDER[1], "Additive"),
            &[Law::SybilByTurns, Law::SybilByCopies, Law::MonotoneInHire],
            || IgnitionSpec::Additive(AdditiveSpec { work_floor_ppm: 0, ..AdditiveSpec::default() }).build(),
        ),
        breaks("block reward", BLOCK, BY_DEVICE, || BlockRewardSpec::default().build()),
        breaks("block reward, later table", BLOCK, BY_DEVICE, || {
            BlockRewardSpec { reading: Reading::After202506, ..BlockRewardSpec::default() }.build()
        }),
    ]
    .into_iter()
    .chain(shares())
    .chain(render())
    .chain(nodes_and_power())
    .chain(dollars())
    .chain(stakes())
    .chain(formulas())
    .collect()
}

/// Plain rules, paid by one measure.
fn shares() -> Vec<Policy<Box<dyn RewardRule>>> {
    const COPIES: &[Law] = &[Law::SybilByCopies];
    const NAMES: &[Law] = &[Law::SybilByAccounts, Law::SybilByCopies, Law::WorkBesideOthers];
    const WORK: (&str, &str) = ("rewards/work_share.rs", "WorkShare");
    const CAPPED: (&str, &str) = ("rewards/capped_share.rs", "CappedShare");
    const CONCAVE: (&str, &str) = ("rewards/concave_share.rs", "ConcaveShare");
    fn capped(measure: Measure, cap: Cap) -> Box<dyn RewardRule> {
        CappedShareSpec { measure, cap }.build()
    }
    vec![
        breaks("uptime share", ("rewards/uptime_share.rs", "UptimeShare"), COPIES, || {
            UptimeShareSpec::default().build()
        }),
        breaks("work share, card-hours", WORK, COPIES, || {
            WorkShareSpec { work: Work::Hours(Measure::CardHours) }.build()
        }),
        breaks("work share, throughput", WORK, COPIES, || {
            WorkShareSpec { work: Work::Hours(Measure::Throughput) }.build()
        }),
        breaks("work share, rent", WORK, COPIES, || WorkShareSpec { work: Work::Rent }.build()),
        breaks("capped share of the total", CAPPED, NAMES, || {
            capped(Measure::Multiplier, Cap::ShareOfTotal(200_000))
        }),
        breaks("capped cards", CAPPED, NAMES, || capped(Measure::CardHours, Cap::Cards(12))),
        breaks("concave share", CONCAVE, NAMES, || ConcaveShareSpec::default().build()),
        breaks("concave share, steep", CONCAVE, NAMES, || {
            ConcaveShareSpec { measure: Measure::Throughput, exponent_ppm: 250_000 }.build()
        }),
    ]
}

/// Render's rules for the nodes of compute clients. No model of these fleets is on its list, so all score alike.
fn render() -> Vec<Policy<Box<dyn RewardRule>>> {
    const PROBES: (&str, &str) = ("rewards/rnp_004.rs", "Rnp004");
    const SCORES: (&str, &str) = ("rewards/rnp_006.rs", "Rnp006");
    const NODES: &[Law] = &[Law::SybilByWorkers, Law::SybilByTurns, Law::SybilByCopies];
    fn scores(denominator: Denominator, cap_per_node: Option<i128>) -> Box<dyn RewardRule> {
        Rnp006Spec { denominator, cap_per_node, unlisted_score_ppm: 600_000 }.build()
    }
    vec![
        breaks("probes", PROBES, &[Law::SybilByCopies], || Rnp004Spec { pays: Pays::Probes }.build()),
        breaks("reputation", PROBES, &[Law::SybilByCopies], || Rnp004Spec { pays: Pays::Reputation }.build()),
        breaks(
            "scores against the largest rent",
            SCORES,
            &[Law::SybilByWorkers, Law::SybilByTurns, Law::SybilByCopies, Law::MonotoneInHire],
            || scores(Denominator::Largest, None),
        ),
        breaks("scores against all rents", SCORES, NODES, || scores(Denominator::Total, None)),
        breaks(
            "scores under a cap",
            SCORES,
            &[Law::SybilByWorkers, Law::SybilByTurns, Law::SybilByCopies, Law::WorkBesideOthers],
            || scores(Denominator::Total, Some(75 * TOKEN)),
        ),
    ]
}

/// Render's later rules, and power against Filecoin's baseline.
fn nodes_and_power() -> Vec<Policy<Box<dyn RewardRule>>> {
    vec![
        breaks(
            "power against a baseline",
            ("rewards/baseline_power.rs", "BaselinePower"),
            &[Law::SybilByCopies],
            || BaselinePowerSpec { baseline_tflops: 10_000, ..BaselinePowerSpec::default() }.build(),
        ),
        breaks(
            "idle rendering nodes",
            ("rewards/render_availability/nodes.rs", "Nodes"),
            &[
                Law::SybilByAccounts,
                Law::SybilByWorkers,
                Law::SybilByCopies,
                Law::MonotoneInHire,
                Law::WorkByIdleTime,
                Law::MonotoneInCards,
            ],
            || AvailabilitySpec::Nodes(NodesSpec::default()).build(),
        ),
        breaks(
            "nodes of compute clients",
            ("rewards/render_availability/compute_clients.rs", "ComputeClients"),
            &[Law::SybilByWorkers, Law::SybilByCopies, Law::WorkBesideOthers],
            || {
                // The published cap of ten would hold every node of these fleets.
                let spec = ComputeClientsSpec { cap_per_node: 60 * TOKEN, ..ComputeClientsSpec::default() };
                AvailabilitySpec::ComputeClients(spec).build()
            },
        ),
        breaks(
            "nodes of compute clients, no floor and a cap out of reach",
            ("rewards/render_availability/compute_clients.rs", "ComputeClients"),
            &[Law::SybilByTurns, Law::SybilByCopies, Law::MonotoneInHire],
            || {
                let (least_uptime_ppm, cap_per_node) = (0, POOL);
                let spec =
                    ComputeClientsSpec { least_uptime_ppm, cap_per_node, ..ComputeClientsSpec::default() };
                AvailabilitySpec::ComputeClients(spec).build()
            },
        ),
        breaks(
            "compute nodes",
            ("rewards/render_compute.rs", "Compute"),
            &[Law::SybilByWorkers, Law::SybilByCopies],
            || ComputeSpec::default().build(),
        ),
        breaks(
            "compute nodes by the sum as it stands",
            ("rewards/render_compute.rs", "Compute"),
            &[Law::SybilByWorkers, Law::SybilByCopies],
            || ComputeSpec { compound: Compound::Sum, ..ComputeSpec::default() }.build(),
        ),
    ]
}

/// Rules that pay dollars.
fn dollars() -> Vec<Policy<Box<dyn RewardRule>>> {
    const DOLLARS: (&str, &str) = ("rewards/dollar_target.rs", "DollarPay");
    const MINT: (&str, &str) = ("rewards/burn_and_mint.rs", "BurnAndMint");
    vec![
        breaks("dollar target", DOLLARS, &[Law::SybilByCopies], || DollarPaySpec::default().build()),
        breaks("dollar target, work only", DOLLARS, &[Law::SybilByCopies], || {
            DollarPaySpec { idle_ppm: 0, ..DollarPaySpec::default() }.build()
        }),
        breaks("burn and mint, Render", MINT, &[Law::SybilByCopies], || BurnAndMintSpec::Render.build()),
        breaks("burn and mint, Helium", MINT, &[Law::SybilByCopies], || BurnAndMintSpec::Helium.build()),
        breaks("burn and mint, Akash", MINT, &[Law::SybilByCopies], || BurnAndMintSpec::Akash.build()),
    ]
}

/// Rules of stakes, of verdicts and of capacity.
fn stakes() -> Vec<Policy<Box<dyn RewardRule>>> {
    const STAKE: (&str, &str) = ("rewards/stake_weighted.rs", "StakeWeighted");
    const CONSENSUS: (&str, &str) = ("rewards/consensus_weighted.rs", "ConsensusWeighted");
    /// An account's stake is one sum, which its devices share.
    const BESIDE: &[Law] = &[Law::WorkBesideOthers];
    const DIVIDENDS: &[Law] = &[Law::SybilByCopies, Law::WorkBesideOthers];
    /// With a seat for each account of any fleet, however it splits.
    fn consensus(measure: consensus_weighted::Measure) -> Box<dyn RewardRule> {
        ConsensusWeightedSpec { measure, validators: 32, ..ConsensusWeightedSpec::default() }.build()
    }
    vec![
        breaks("aethir", ("rewards/aethir.rs", "Aethir"), &[Law::SybilByCopies], || {
            AethirSpec::default().build()
        }),
        breaks("stake weighted", STAKE, BESIDE, || StakeWeightedSpec::default().build()),
        keeps("stake weighted, shared by hire", STAKE.0, STAKE.1, || {
            StakeWeightedSpec { shared_by: SharedBy::Hired, ..StakeWeightedSpec::default() }.build()
        }),
        breaks("bonded inflation", ("rewards/bonded_inflation.rs", "BondedInflation"), BESIDE, || {
            BondedInflationSpec::default().build()
        }),
        breaks("consensus weighted by hire", CONSENSUS, DIVIDENDS, || {
            consensus(consensus_weighted::Measure::Hired)
        }),
        breaks("consensus weighted by time up", CONSENSUS, DIVIDENDS, || {
            consensus(consensus_weighted::Measure::Up)
        }),
        breaks("consensus weighted by challenges", CONSENSUS, DIVIDENDS, || {
            consensus(consensus_weighted::Measure::Passed)
        }),
    ]
}

/// What a designer may write. In points so large that rounding to a millionth of one shows nowhere.
fn formulas() -> Vec<Policy<Box<dyn RewardRule>>> {
    const FORMULA: (&str, &str) = ("rewards/formula.rs", "FormulaRule");
    fn formula(weight: &str) -> Box<dyn RewardRule> {
        let spec = FormulaSpec { weight: weight.to_owned(), ..FormulaSpec::default() };
        spec.build().expect("a sound formula")
    }
    vec![
        breaks("formula, linear in cards", FORMULA, &[Law::SybilByCopies], || {
            formula("1e6 * cards * (up_hours + hired_hours) * bandwidth_tier * multiplier")
        }),
        breaks(
            "formula, root of an account's time",
            FORMULA,
            &[Law::SybilByAccounts, Law::SybilByWorkers, Law::SybilByCopies, Law::WorkBesideOthers],
            || formula("1e6 * up_hours / sqrt(account_up_hours)"),
        ),
    ]
}
