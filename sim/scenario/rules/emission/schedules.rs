//! The table of each schedule, `[protocol.emission.NAME]`, as the protocol's own spec.

use super::super::super::reading::{FineTokens, Share, Table};
use super::super::ppm;
use super::Token;
use depin_protocol::emission::geometric::{Base, First};
use depin_protocol::emission::halving::FirstPeriod;
use depin_protocol::emission::net_emissions::Remint;
use depin_protocol::emission::published_steps::Step;
use depin_protocol::emission::{
    BondingSpec, ConstantSpec, Decimal, DollarTargetSpec, FilecoinBaselineSpec, FilecoinSimpleSpec,
    GeometricSpec, HalvingByIssuanceSpec, HalvingSpec, NetEmissionsSpec, PublishedStepsSpec, ScheduleSpec,
    SettlementSpec,
};
use depin_protocol::units::Amount;

/// The schedules that a scenario may name.
pub(super) const NAMES: &[&str] = &[
    "constant",
    "halving",
    "halving_by_issuance",
    "geometric",
    "published_steps",
    "bonding",
    "net_emissions",
    "settlement",
    "dollar_target",
    "filecoin_simple",
    "filecoin_baseline",
];
/// Those that may stand inside another one.
const INNER: &[&str] = &["constant", "halving", "halving_by_issuance", "geometric", "published_steps"];

/// The largest number of epochs that a table speaks of; 10^12 blocks of a second are thirty thousand years.
const MOST_EPOCHS: u64 = 1_000_000_000_000;

/// Reads the table `s` of the schedule of this name.
pub(super) fn read(name: &str, s: &Table<'_>, token: Token) -> ScheduleSpec {
    match name {
        "halving" => ScheduleSpec::Halving(halving(s, token)),
        "halving_by_issuance" => ScheduleSpec::HalvingByIssuance(HalvingByIssuanceSpec {
            first: token.require(s, "first_epoch_tokens", "tokens of an epoch until half is issued"),
            ceiling: token.require(s, "ceiling_tokens", "tokens that there will ever be"),
        }),
        "geometric" => ScheduleSpec::Geometric(geometric(s, token)),
        "published_steps" => ScheduleSpec::PublishedSteps(published_steps(s, token)),
        "bonding" => ScheduleSpec::Bonding(bonding(s)),
        "net_emissions" => ScheduleSpec::NetEmissions(net_emissions(s, token)),
        "settlement" => ScheduleSpec::Settlement(SettlementSpec { decimals: token.decimals.into() }),
        "dollar_target" => ScheduleSpec::DollarTarget(dollar_target(s, token)),
        "filecoin_simple" => ScheduleSpec::FilecoinSimple(FilecoinSimpleSpec {
            total_base_units: token.or(
                s,
                "total_tokens",
                330_000_000,
                "what all epochs come to; builtin-actors",
            ),
        }),
        "filecoin_baseline" => ScheduleSpec::FilecoinBaseline(filecoin_baseline(s, token)),
        _ => ScheduleSpec::Constant(ConstantSpec {
            per_epoch: token.require(s, "per_epoch_tokens", "tokens of each epoch"),
        }),
    }
}

/// A number of epochs, at least one.
fn epochs(t: &Table<'_>, key: &'static str, doc: &'static str) -> u64 {
    let epochs = t.require::<u64>(key, doc);
    if !(1..=MOST_EPOCHS).contains(&epochs) {
        t.problem(key, format!("{epochs} is outside the range from 1 to {MOST_EPOCHS}"), "");
    }
    epochs
}

fn halving(s: &Table<'_>, token: Token) -> HalvingSpec {
    let each = token.optional(
        s,
        "each_epoch_tokens",
        "tokens of each epoch before the first halving, halved by a shift",
    );
    let all = token.optional(
        s,
        "first_period_tokens",
        "tokens of all epochs before the first halving, spread evenly",
    );
    let first = match (each, all) {
        (Some(each), None) => FirstPeriod::EachEpoch(each),
        (None, Some(all)) => FirstPeriod::Altogether(all),
        _ => {
            s.problem(
                "",
                "the first period is told once",
                "give either each_epoch_tokens or first_period_tokens",
            );
            FirstPeriod::EachEpoch(0)
        }
    };
    HalvingSpec {
        first,
        epochs_per_halving: epochs(s, "halving_epochs", "epochs from one halving to the next"),
    }
}

fn geometric(s: &Table<'_>, token: Token) -> GeometricSpec {
    let base =
        token.optional(s, "base_tokens", "what the rate is of; absent: of the supply before the epoch");
    let factor = s.optional::<Decimal>("factor", "what the rate is multiplied by from one epoch to the next");
    let fall = s.optional::<Decimal>(
        "fall_per_epoch",
        "the part of the rate that is lost from one epoch to the next",
    );
    let factor = match (factor, fall) {
        (Some(factor), None) => factor,
        (None, Some(fall)) => fall.one_minus(),
        _ => {
            s.problem("", "the fall is told once", "give either factor or fall_per_epoch");
            Decimal::new(1, 0)
        }
    };
    let rate_epochs = s.or("rate_epochs", 1u32, "epochs that the printed rate is for");
    s.range("rate_epochs", rate_epochs.into(), 1.0, 1e9);
    let first = s.word(
        "first",
        &["divided", "summed"],
        Some("divided"),
        "divided: the first epoch has an equal part of the rate; summed: the first rate_epochs fall already and add up to it",
    );
    GeometricSpec {
        base: base.map_or(Base::Supply, Base::Fixed),
        rate: s.require("rate", "the printed rate, as a share of the base"),
        rate_epochs,
        first: if first == "summed" { First::Summed } else { First::Divided },
        factor,
    }
}

fn published_steps(s: &Table<'_>, token: Token) -> PublishedStepsSpec {
    let rows = s.each("step", "a row of the published table, in order");
    if rows.is_empty() {
        s.problem("", "the table has no row", "add [[protocol.emission.published_steps.step]]");
    }
    let step = |row: &Table<'_>| Step {
        amount: token.require(row, "tokens", "tokens of the whole stretch"),
        epochs: epochs(row, "epochs", "epochs of the stretch"),
    };
    PublishedStepsSpec {
        steps: rows.iter().map(step).collect(),
        damping: s.optional("damping", "what the last stretch is multiplied by, again and again, after the table; absent: nothing comes after it"),
    }
}

fn bonding(s: &Table<'_>) -> BondingSpec {
    let d = BondingSpec::default();
    let spec = BondingSpec {
        inflation_ppb: s.or(
            "inflation_ppb",
            d.inflation_ppb,
            "inflation of a round before the first, in parts per 1e9; Livepeer's deployment",
        ),
        change_ppb: s.or("change_ppb", d.change_ppb, "what it changes by in a round; Livepeer's deployment"),
        target_ppb: s.or(
            "target_ppb",
            d.target_ppb,
            "part of the supply that should be bonded; Livepeer's deployment",
        ),
    };
    let all = [
        ("inflation_ppb", spec.inflation_ppb),
        ("change_ppb", spec.change_ppb),
        ("target_ppb", spec.target_ppb),
    ];
    for (key, value) in all {
        s.range(key, value as f64, 0.0, 1e9);
    }
    spec
}

fn net_emissions(s: &Table<'_>, token: Token) -> NetEmissionsSpec {
    let form = s.word(
        "remint",
        &["uncapped", "pool", "overage"],
        None,
        "uncapped: all that was burned, at once; pool: through a smoothed pool; overage: up to a cap, the rest later",
    );
    let cap = || token.require(s, "cap_per_epoch_tokens", "most burned tokens that an epoch lets come back");
    let remint = match form {
        "pool" => Remint::Pool {
            cap: cap(),
            smoothing_epochs: epochs(s, "smoothing_epochs", "the pool gives this part of one in an epoch"),
        },
        "overage" => Remint::Overage { cap: cap() },
        _ => Remint::Uncapped,
    };
    let chosen = s.choose(
        "fixed",
        INNER,
        "what is released in any case: [protocol.emission.net_emissions.fixed.NAME]",
    );
    NetEmissionsSpec { fixed: inner(s, "fixed", chosen, token), remint }
}

fn dollar_target(s: &Table<'_>, token: Token) -> DollarTargetSpec {
    let chosen = s.choose(
        "allowance",
        INNER,
        "what an epoch may need before nothing of it is surplus: [protocol.emission.dollar_target.allowance.NAME]",
    );
    DollarTargetSpec {
        reward_vault: token.require(s, "reward_vault_tokens", "all that will ever be released"),
        fee_vault: token.or(s, "fee_vault_tokens", 0, "tokens of fees, which exist already; assumed"),
        allowance: inner(s, "allowance", chosen, token),
        burned_ppm: ppm(s
            .or(
                "burned_share",
                Share(0.5),
                "part of a surplus that is burned unreleased; io.net: at least half",
            )
            .0),
        decimals: token.decimals.into(),
    }
}

fn inner(
    s: &Table<'_>,
    key: &'static str,
    chosen: Option<(&'static str, Table<'_>)>,
    token: Token,
) -> Box<ScheduleSpec> {
    Box::new(match chosen {
        Some((name, table)) => read(name, &table, token),
        None => {
            s.problem(
                "",
                format!("no schedule is named in `{key}`"),
                format!("NAME is one of {}", INNER.join(", ")),
            );
            ScheduleSpec::Constant(ConstantSpec { per_epoch: 0 })
        }
    })
}

fn filecoin_baseline(s: &Table<'_>, token: Token) -> FilecoinBaselineSpec {
    let d = FilecoinBaselineSpec::default();
    let bytes = u64::try_from(d.initial_baseline_bytes).unwrap_or(u64::MAX);
    FilecoinBaselineSpec {
        simple_total_base_units: token.or(
            s,
            "simple_total_tokens",
            330_000_000,
            "what the part by time comes to; builtin-actors",
        ),
        baseline_total_base_units: token.or(
            s,
            "baseline_total_tokens",
            770_000_000,
            "what the part by power comes to; builtin-actors",
        ),
        initial_baseline_bytes: s
            .or(
                "initial_baseline_bytes",
                bytes,
                "baseline at the start, which doubles every year; builtin-actors",
            )
            .into(),
    }
}

impl Token {
    /// An amount with a default in whole tokens.
    fn or(self, t: &Table<'_>, key: &'static str, tokens: i128, doc: &'static str) -> Amount {
        self.units(t, key, t.or(key, FineTokens(tokens * 10i128.pow(super::FINEST.into())), doc))
    }
}
