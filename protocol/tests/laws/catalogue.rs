//! Every policy of the crate, one line each: a policy that stands here has every law run over it.

use depin_protocol::billing::{BillingSpec, LossRefund, Settlement};
use depin_protocol::emission::{
    ConstantSpec, Denomination, Emission, FixedPool, FixedPoolSpec, Issuance, Limits, ScheduleSpec,
};
use depin_protocol::ids::ModelId;
use depin_protocol::ledger::Asset;
use depin_protocol::linkage::weighted_evidence::Term;
use depin_protocol::linkage::{Linkage, NoLinkage, PerAddress, SubnetCluster, WeightedEvidence};
use depin_protocol::market::{AuctionPays, ChurnSpec, OnLoss, Pricing, SameInstant, SharingSpec};
use depin_protocol::prices::Prices;
use depin_protocol::rewards::BlockSpec;
use depin_protocol::rewards::vesting::VestingSpec;
use depin_protocol::rewards::{Accrual, Leftover, RewardRule, SeasonSpec};
use depin_protocol::scheduling::hosts::{Ask, HostPolicy, ModelSet};
use depin_protocol::scheduling::{
    BestFitSpec, CheapestSpec, ConservativeSpec, EasySpec, FcfsSpec, FirstFittingSpec, InterruptibleBidsSpec,
    LeastAttainedServiceSpec, MostReputableSpec, OneSiteFirstSpec, Placement, Preemption, PrioritySpec,
    Queueing, ShortestJobSpec, TopKSpec, Unit,
};
use depin_protocol::slashing::{
    Destination, FixedShare, Graduated, NoSlash, SlashPolicy, SlashingSpec, Trigger,
};
use depin_protocol::staking::{Per, StakingSpec};
use depin_protocol::units::{ONE, Span, TOKEN, Time, USD};
use depin_protocol::verification::Verification;
use depin_protocol::verification::appeals::{Appeals, Form};
use depin_protocol::verification::metadata_only::MetadataOnly;
use depin_protocol::verification::simultaneous_proof_of_work::{self, Group};
use depin_protocol::verification::{proof_of_time_lock, proof_of_work, random_audit};

/// Laws that a rule may break if it says so.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Law {
    /// Dividing what one owner has among several accounts gains nothing, for suppliers and renters alike.
    SybilByAccounts,
    /// Listing the cards of one device as devices of their own gains nothing.
    SybilByWorkers,
    /// Letting several claims share one device's time, each up in its turn, gains nothing.
    SybilByTurns,
    /// Claiming one device several times over gains nothing.
    SybilByCopies,
    /// An owner of several accounts is not excused on appeal where one account would not be.
    SybilOnAppeal,
    /// More hired time never lowers what its account is paid.
    MonotoneInHire,
    /// More work of one device never lowers what its owner's others are paid by more than it brings.
    WorkBesideOthers,
    /// A device is not worth less for being hired longer.
    WorkByIdleTime,
    /// More cards never lower what their account is paid.
    MonotoneInCards,
    /// Of equal requests that have not been served yet the one that came first is served first.
    OrderOfEquals,
}

impl Law {
    pub const ALL: [Law; 10] = [
        Law::SybilByAccounts,
        Law::SybilByWorkers,
        Law::SybilByTurns,
        Law::SybilByCopies,
        Law::SybilOnAppeal,
        Law::MonotoneInHire,
        Law::WorkBesideOthers,
        Law::WorkByIdleTime,
        Law::MonotoneInCards,
        Law::OrderOfEquals,
    ];

    /// What the file of a rule that breaks the law must say.
    pub fn phrase(self) -> &'static str {
        match self {
            Law::SybilByAccounts => "breaks the Sybil law by accounts",
            Law::SybilByWorkers => "breaks the Sybil law by workers",
            Law::SybilByTurns => "breaks the Sybil law by turns",
            Law::SybilByCopies => "breaks the Sybil law by copies",
            Law::SybilOnAppeal => "breaks the Sybil law on appeal",
            Law::MonotoneInHire => "breaks the law of work by hired time",
            Law::WorkBesideOthers => "breaks the law of work beside others",
            Law::WorkByIdleTime => "breaks the law of work by idle time",
            Law::MonotoneInCards => "breaks the law of work by cards",
            Law::OrderOfEquals => "breaks the order of equals",
        }
    }
}

/// One policy with its parameters.
pub struct Policy<P> {
    /// How a failure names it.
    pub label: &'static str,
    /// The file with its rule, below `protocol/`.
    pub file: &'static str,
    /// The type there that implements the trait, or that names the choice.
    pub form: &'static str,
    /// Laws that it breaks, and says so.
    pub breaks: &'static [Law],
    /// A fresh one.
    pub build: fn() -> P,
}

impl<P> Policy<P> {
    pub fn breaks(&self, law: Law) -> bool {
        self.breaks.contains(&law)
    }
}

/// A policy that keeps every law.
pub fn keeps<P>(label: &'static str, file: &'static str, form: &'static str, build: fn() -> P) -> Policy<P> {
    Policy { label, file, form, breaks: &[], build }
}

pub fn breaks<P>(
    label: &'static str,
    (file, form): (&'static str, &'static str),
    breaks: &'static [Law],
    build: fn() -> P,
) -> Policy<P> {
    Policy { label, file, form, breaks, build }
}

/// Tokens that ever come into being, and the pool of a whole season.
pub const POOL: i128 = 1_000 * TOKEN;

pub use crate::reward_rules::rewards;

/// Whether what one device does moves points between its owner's devices that the season then cuts apart: a rule that
/// shares an account's worth over its devices does the first, and a snapshot, which asks each device whether it was there,
/// the second. More time up of a device that was away in the windows then costs its owner, and a name of its own saves it
/// that; how much hangs on who was away, so it is no law broken in most cases, and none kept in all.
pub fn moves_between_devices(rule: &Policy<Box<dyn RewardRule>>, season: &Policy<SeasonSpec>) -> bool {
    (rule.build)().needs().stake && matches!((season.build)().accrual, Accrual::Snapshot { .. })
}

/// Whether a rule shares out a fixed sum of points for each epoch, so that a device which is left out when the season is
/// counted has taken points from its owner's other devices as well.
pub fn shares_each_epoch(rule: &Policy<Box<dyn RewardRule>>) -> bool {
    ["Aethir", "ConsensusWeighted"].contains(&rule.form)
}

/// Ways of counting and paying a season.
pub fn seasons() -> Vec<Policy<SeasonSpec>> {
    const WHERE: (&str, &str) = ("rewards/season/spec.rs", "SeasonSpec");
    vec![
        keeps("linear", WHERE.0, WHERE.1, || season(ONE, None, Leftover::Retain)),
        keeps("snapshot", WHERE.0, WHERE.1, || SeasonSpec {
            accrual: Accrual::Snapshot { windows: vec![(hours(4), hours(7)), (hours(9), hours(10))] },
            ..season(ONE, None, Leftover::Retain)
        }),
        breaks("root of points", WHERE, &[Law::SybilByAccounts], || season(ONE / 2, None, Leftover::Retain)),
        breaks("cap, retained", WHERE, &[Law::SybilByAccounts], || {
            season(ONE, Some(80 * TOKEN), Leftover::Retain)
        }),
        breaks("cap, burned", WHERE, &[Law::SybilByAccounts], || {
            season(ONE, Some(80 * TOKEN), Leftover::Burn)
        }),
        breaks("cap, redistributed", WHERE, &[Law::SybilByAccounts], || {
            season(ONE, Some(200 * TOKEN), Leftover::Redistribute)
        }),
        breaks("root and cap", WHERE, &[Law::SybilByAccounts], || {
            season(ONE / 2, Some(200 * TOKEN), Leftover::Redistribute)
        }),
    ]
}

fn hours(n: u64) -> Time {
    Time::ZERO + Span::HOUR.times(n)
}

fn season(account_exponent_ppm: u32, cap_per_account: Option<i128>, leftover: Leftover) -> SeasonSpec {
    SeasonSpec {
        pool: POOL,
        accrual: Accrual::Integral,
        account_exponent_ppm,
        cap_per_account,
        leftover,
        ..SeasonSpec::default()
    }
}

/// Emission schedules.
pub fn emissions() -> Vec<Policy<Box<dyn Emission>>> {
    vec![keeps("fixed pool", "emission/fixed_pool.rs", "FixedPool", || {
        Box::new(FixedPool::new(FixedPoolSpec { pool_base_units: POOL }))
    })]
}

/// Schedules at work in a network.
pub fn blocks() -> Vec<Policy<Option<BlockSpec>>> {
    const WHERE: (&str, &str) = ("rewards/blocks.rs", "BlockSpec");
    vec![
        keeps("no schedule", WHERE.0, WHERE.1, || None),
        keeps("a schedule by the hour", WHERE.0, WHERE.1, || {
            let issuance = constant(7, Some(CAP));
            let (unit, epoch, begins) = (Denomination::whole(8), Span::HOUR, Time::ZERO);
            Some(BlockSpec { issuance, unit, epoch, begins, pay_every: Span::HOUR.times(6), vesting: None })
        }),
        keeps("a schedule of ninety minutes, at a third, vesting", WHERE.0, WHERE.1, || {
            let (issuance, unit) = (constant(11, None), Denomination::new(8, (1, 3)));
            let (epoch, pay_every) = (Span::MINUTE.times(90), Span::HOUR.times(5));
            let over = Span::HOUR.times(20);
            let vesting = Some(VestingSpec { immediate_ppm: ONE / 4, over, step: Span::HOUR.times(2) });
            Some(BlockSpec { issuance, unit, epoch, begins: hours(2), pay_every, vesting })
        }),
    ]
}

/// What the schedule by the hour mints at most.
pub const CAP: i128 = 100 * TOKEN;

fn constant(tokens: i128, cap: Option<i128>) -> Issuance {
    let schedule = ScheduleSpec::Constant(ConstantSpec { per_epoch: tokens * TOKEN });
    Issuance::new(schedule.build(), Limits { cap, ..Limits::default() })
}

/// Verification rules.
pub fn verifications() -> Vec<Policy<Box<dyn Verification>>> {
    const WORK: (&str, &str) = ("verification/proof_of_work.rs", "ProofOfWork");
    const TOGETHER: (&str, &str) = ("verification/simultaneous_proof_of_work.rs", "SimultaneousProofOfWork");
    const AUDIT: (&str, &str) = ("verification/random_audit.rs", "RandomAudit");
    const LOCK: (&str, &str) = ("verification/proof_of_time_lock.rs", "ProofOfTimeLock");
    vec![
        keeps("metadata only", "verification/metadata_only.rs", "MetadataOnly", || Box::new(MetadataOnly)),
        keeps("proof of work", WORK.0, WORK.1, || Box::new(work(0, Form::None).build())),
        keeps("proof of work, repeats and appeals", WORK.0, WORK.1, || {
            Box::new(work(2, Form::Rechallenge).build())
        }),
        keeps("together by device", TOGETHER.0, TOGETHER.1, || together(Group::Device)),
        keeps("together by host", TOGETHER.0, TOGETHER.1, || together(Group::Host)),
        keeps("together by subnet", TOGETHER.0, TOGETHER.1, || together(Group::Subnet)),
        breaks("together by supplier", TOGETHER, &[Law::SybilByAccounts], || together(Group::Supplier)),
        keeps("audit of a share", AUDIT.0, AUDIT.1, || {
            audit(random_audit::Draw::Share(300_000), Form::GrantedOnce)
        }),
        keeps("audit of a count", AUDIT.0, AUDIT.1, || audit(random_audit::Draw::Count(3), Form::None)),
        keeps("time-lock", LOCK.0, LOCK.1, || time_lock(2)),
        keeps("time-lock, idle believed", LOCK.0, LOCK.1, || time_lock(0)),
    ]
}

fn work(retries: u16, form: Form) -> proof_of_work::Spec {
    let appeals = Appeals { form, delay: Span::HOUR.times(5) };
    proof_of_work::Spec { interval: Span::HOUR.times(2), retries, appeals, ..proof_of_work::Spec::default() }
}

fn together(group: Group) -> Box<dyn Verification> {
    Box::new(simultaneous_proof_of_work::Spec { work: work(0, Form::GrantedOnce), group }.build())
}

fn audit(draw: random_audit::Draw, form: Form) -> Box<dyn Verification> {
    let spec = random_audit::Spec::default();
    let consequences = spec.work.consequences;
    let work = proof_of_work::Spec { consequences, ..work(0, form) };
    Box::new(random_audit::Spec { work, draw, ..spec }.build())
}

fn time_lock(idle_every: u32) -> Box<dyn Verification> {
    let work = proof_of_work::Spec { interval: Span::HOUR, ..work(1, Form::Rechallenge) };
    Box::new(proof_of_time_lock::Spec { work, idle_every, ..proof_of_time_lock::Spec::default() }.build())
}

/// Which devices a job gets, whole devices leased.
pub fn placements() -> Vec<Policy<Box<dyn Placement>>> {
    vec![
        keeps("cheapest", "scheduling/cheapest.rs", "Cheapest", || CheapestSpec::default().build()),
        keeps("best fit", "scheduling/best_fit.rs", "BestFit", || BestFitSpec::default().build()),
        keeps("most reputable", "scheduling/most_reputable.rs", "MostReputable", || {
            MostReputableSpec::default().build()
        }),
        keeps("top k", "scheduling/top_k.rs", "TopK", || TopKSpec::default().build()),
        keeps("one site first", "scheduling/one_site_first.rs", "OneSiteFirst", || {
            OneSiteFirstSpec::default().build()
        }),
    ]
}

/// Which waiting job is next.
pub fn queueings() -> Vec<Policy<Box<dyn Queueing>>> {
    const BACKFILLING: &str = "scheduling/backfilling.rs";
    vec![
        keeps("fcfs", "scheduling/fcfs.rs", "Fcfs", || FcfsSpec::default().build()),
        keeps("first fitting", "scheduling/first_fitting.rs", "FirstFittingSpec", || {
            FirstFittingSpec::default().build()
        }),
        keeps("priority", "scheduling/priority.rs", "PrioritySpec", || PrioritySpec::default().build()),
        keeps("shortest job", "scheduling/shortest_job.rs", "ShortestJobSpec", || {
            ShortestJobSpec::default().build()
        }),
        keeps("priority that stops", "scheduling/priority.rs", "PrioritySpec", || {
            PrioritySpec { preemption: Some(let_be(20)), ..PrioritySpec::default() }.build()
        }),
        keeps(
            "least attained service",
            "scheduling/least_attained_service.rs",
            "LeastAttainedServiceSpec",
            || {
                let thresholds = vec![Span::HOUR, Span::HOUR.times(4)];
                LeastAttainedServiceSpec { thresholds, preemption: let_be(0) }.build()
            },
        ),
        keeps("interruptible bids", "scheduling/interruptible_bids.rs", "InterruptibleBidsSpec", || {
            InterruptibleBidsSpec { preemption: let_be(5) }.build()
        }),
        keeps("easy by counts", BACKFILLING, "EasySpec", || EasySpec { unit: Unit::Counts }.build()),
        keeps("easy by hosts", BACKFILLING, "EasySpec", || EasySpec { unit: Unit::Hosts }.build()),
        keeps("conservative by counts", BACKFILLING, "ConservativeSpec", || {
            ConservativeSpec { unit: Unit::Counts }.build()
        }),
        keeps("conservative by hosts", BACKFILLING, "ConservativeSpec", || {
            ConservativeSpec { unit: Unit::Hosts }.build()
        }),
    ]
}

fn let_be(minutes: u64) -> Preemption {
    Preemption { min_run: Span::MINUTE.times(minutes) }
}

/// What becomes of a job that loses a device.
pub fn churns() -> Vec<Policy<ChurnSpec>> {
    const WHERE: (&str, &str) = ("market/churn.rs", "ChurnSpec");
    vec![
        keeps("lost with a device", WHERE.0, WHERE.1, || churn(OnLoss::Fail, None)),
        keeps("restart from zero", WHERE.0, WHERE.1, || churn(OnLoss::Restart, None)),
        keeps("restart from checkpoints", WHERE.0, WHERE.1, || {
            churn(OnLoss::Restart, Some(Span::MINUTE.times(10)))
        }),
        keeps("wait for the lost", WHERE.0, WHERE.1, || churn(OnLoss::Wait, Some(Span::ZERO))),
        keeps("move to another", WHERE.0, WHERE.1, || churn(OnLoss::Move, Some(Span::MINUTE.times(25)))),
        keeps("restart and shun", WHERE.0, WHERE.1, || ChurnSpec {
            shun: Span::HOUR.times(4),
            ..churn(OnLoss::Restart, Some(Span::MINUTE.times(10)))
        }),
    ]
}

fn churn(on_loss: OnLoss, checkpoint: Option<Span>) -> ChurnSpec {
    let costs = checkpoint.is_some_and(|every| every > Span::ZERO);
    ChurnSpec {
        on_loss,
        checkpoint,
        checkpoint_cost: if costs { Span::MINUTE } else { Span::ZERO },
        resume_cost: Span::MINUTE.times(3),
        hold: Span::MINUTE.times(50),
        losses: 3,
        shun: Span::ZERO,
    }
}

/// What renters pay for devices.
pub fn pricings() -> Vec<Policy<Pricing>> {
    const WHERE: (&str, &str) = ("market/pricing.rs", "Pricing");
    vec![
        keeps("posted", WHERE.0, WHERE.1, || Pricing::Posted),
        keeps("bids", WHERE.0, WHERE.1, || Pricing::Bids { on_demand: 1_500_000 }),
        keeps("auction paid as offered", WHERE.0, WHERE.1, || auction(AuctionPays::OwnOffer)),
        keeps("auction paid the lowest that lost", WHERE.0, WHERE.1, || auction(AuctionPays::LowestLosing)),
    ]
}

/// Who sets prices; the other table fixes those of two models, one above what most renters pay.
pub fn prices() -> Vec<Policy<Prices>> {
    const WHERE: (&str, &str) = ("prices.rs", "Prices");
    vec![
        keeps("asked prices", WHERE.0, WHERE.1, Prices::default),
        keeps("fixed prices", WHERE.0, WHERE.1, || {
            Prices::fixed([(ModelId(0), 70_000), (ModelId(2), 120_000)])
        }),
    ]
}

/// What comes first at one instant.
pub fn instants() -> Vec<Policy<SameInstant>> {
    const WHERE: (&str, &str) = ("market/instant.rs", "SameInstant");
    vec![
        keeps("completions first", WHERE.0, WHERE.1, || SameInstant::CompletionsFirst),
        keeps("arrivals first", WHERE.0, WHERE.1, || SameInstant::ArrivalsFirst),
    ]
}

fn auction(pays: AuctionPays) -> Pricing {
    Pricing::ReverseAuction { window: Span::MINUTE.times(15), pays }
}

/// Hosts leased in parts; the first leases whole devices.
pub fn sharings() -> Vec<Policy<Option<SharingSpec>>> {
    vec![
        keeps("whole devices", "market/sharing.rs", "SharingSpec", || None),
        keeps("first host", "scheduling/hosts/first.rs", "First", || shared(HostPolicy::First)),
        keeps("random host", "scheduling/hosts/random.rs", "Random", || shared(HostPolicy::Random)),
        keeps("best-fit host", "scheduling/hosts/best_fit.rs", "BestFit", || shared(HostPolicy::BestFit)),
        keeps("worst-fit host", "scheduling/hosts/worst_fit.rs", "WorstFit", || shared(HostPolicy::WorstFit)),
        keeps("packed hosts", "scheduling/hosts/packing.rs", "Packing", || shared(HostPolicy::Packing)),
        keeps("fgd", "scheduling/hosts/fgd.rs", "Fgd", || shared(HostPolicy::Fgd)),
    ]
}

/// Processor thousandths and mebibytes of the host of a device.
pub fn host_size(device: usize) -> (u32, u32) {
    ([8_000, 16_000, 64_000][device % 3], [16_384, 65_536][device % 2])
}

fn shared(policy: HostPolicy) -> Option<SharingSpec> {
    let ask = |cards, card_milli| Ask {
        cpu_milli: 2_000,
        memory_mib: 0,
        cards,
        card_milli,
        models: ModelSet::default(),
    };
    let hosts = (0..200).map(host_size).map(|(cpu, memory)| (cpu, memory, None)).collect();
    Some(SharingSpec {
        policy,
        typical: vec![(ask(1, 500), 3), (ask(1, 1_000), 2), (ask(2, 1_000), 1)],
        seed: 7,
        hosts,
    })
}

/// Linkage rules, with bounds low enough for small networks to reach them.
pub fn linkages() -> Vec<Policy<Box<dyn Linkage>>> {
    const WEIGHTED: (&str, &str) = ("linkage/weighted_evidence.rs", "WeightedEvidence");
    vec![
        keeps("no linkage", "linkage/none.rs", "NoLinkage", || Box::new(NoLinkage)),
        keeps("per address", "linkage/per_address.rs", "PerAddress", || Box::new(PerAddress { cap: 3 })),
        breaks(
            "subnet cluster",
            ("linkage/subnet_cluster.rs", "SubnetCluster"),
            &[Law::SybilOnAppeal],
            || Box::new(SubnetCluster { accounts: 3, devices: 8, burst: 4 }),
        ),
        breaks(
            "weighted evidence",
            WEIGHTED,
            &[Law::SybilOnAppeal],
            || Box::new(WeightedEvidence::default()),
        ),
        breaks("weighted evidence, strict", WEIGHTED, &[Law::SybilOnAppeal], || Box::new(strict())),
    ]
}

fn strict() -> WeightedEvidence {
    let term = |weight, free, full| Term { weight, free, full };
    WeightedEvidence {
        address: term(100_000, 2, 6),
        fingerprint: term(300_000, 1, 4),
        edges: term(200_000, 1, 4),
        subnet: term(300_000, 4, 12),
        burst: term(200_000, 3, 10),
        threshold: 400_000,
    }
}

/// Slashing policies.
pub fn slash_policies() -> Vec<Policy<Box<dyn SlashPolicy>>> {
    vec![
        keeps("no slash", "slashing/none.rs", "NoSlash", || Box::new(NoSlash)),
        keeps("fixed share", "slashing/fixed_share.rs", "FixedShare", || Box::new(FixedShare::default())),
        breaks("graduated", ("slashing/graduated.rs", "Graduated"), &[Law::SybilByAccounts], || {
            Box::new(Graduated::default())
        }),
    ]
}

/// Where slashed stake goes and what is charged: one of each, by number.
pub fn slashing(policy: Box<dyn SlashPolicy>, number: u64) -> SlashingSpec {
    let destination = [Destination::Burn, Destination::Treasury, Destination::Victim][number as usize % 3];
    let trigger = [Trigger::Ban, Trigger::Quarantine][number as usize / 3 % 2];
    SlashingSpec { policy, destination, trigger, appeal_window: Span::HOUR.times(9) }
}

/// Staking, off and on. Stakes are in dollars, which suppliers of these networks have from the start.
pub fn stakings() -> Vec<Policy<Option<StakingSpec>>> {
    const WHERE: (&str, &str) = ("staking.rs", "StakingSpec");
    vec![
        keeps("no stakes", WHERE.0, WHERE.1, || None),
        breaks("stake per device", WHERE, &[Law::SybilByAccounts], || stake(Per::Device, false)),
        breaks("stake per card, required", WHERE, &[Law::SybilByAccounts], || stake(Per::Card, true)),
        breaks("stake per power", WHERE, &[Law::SybilByAccounts], || stake(Per::Power, false)),
    ]
}

fn stake(per: Per, required: bool) -> Option<StakingSpec> {
    Some(StakingSpec {
        per,
        required,
        rate: 10 * USD,
        asset: Asset::Usd,
        cooldown: Span::HOUR.times(6),
        co_staker_wait: Span::HOUR.times(2),
        ..StakingSpec::default()
    })
}

/// Billing: when suppliers are paid, in what, and what a lost device costs its renter.
pub fn billings() -> Vec<Policy<BillingSpec>> {
    const WHERE: (&str, &str) = ("billing.rs", "BillingSpec");
    vec![
        keeps("at end, usd, unused back", WHERE.0, WHERE.1, BillingSpec::default),
        keeps("at end, usd, none back", WHERE.0, WHERE.1, || {
            bill(Settlement::AtEnd, Asset::Usd, LossRefund::None)
        }),
        keeps("at end, usd, all back", WHERE.0, WHERE.1, || {
            bill(Settlement::AtEnd, Asset::Usd, LossRefund::Whole)
        }),
        keeps("hourly, usd, unused back", WHERE.0, WHERE.1, || {
            bill(Settlement::Hourly, Asset::Usd, LossRefund::Unused)
        }),
        keeps("hourly, usd, none back", WHERE.0, WHERE.1, || {
            bill(Settlement::Hourly, Asset::Usd, LossRefund::None)
        }),
        keeps("hourly, usd, all back", WHERE.0, WHERE.1, || {
            bill(Settlement::Hourly, Asset::Usd, LossRefund::Whole)
        }),
        keeps("at end, token, unused back", WHERE.0, WHERE.1, || {
            bill(Settlement::AtEnd, Asset::Token, LossRefund::Unused)
        }),
        keeps("at end, token, none back", WHERE.0, WHERE.1, || {
            bill(Settlement::AtEnd, Asset::Token, LossRefund::None)
        }),
        keeps("at end, token, all back", WHERE.0, WHERE.1, || {
            bill(Settlement::AtEnd, Asset::Token, LossRefund::Whole)
        }),
        keeps("hourly, token, unused back", WHERE.0, WHERE.1, || {
            bill(Settlement::Hourly, Asset::Token, LossRefund::Unused)
        }),
        keeps("hourly, token, none back", WHERE.0, WHERE.1, || {
            bill(Settlement::Hourly, Asset::Token, LossRefund::None)
        }),
        keeps("hourly, token, all back", WHERE.0, WHERE.1, || {
            bill(Settlement::Hourly, Asset::Token, LossRefund::Whole)
        }),
        keeps("at end, token, burned", WHERE.0, WHERE.1, || BillingSpec {
            rent_burned: ONE,
            ..bill(Settlement::AtEnd, Asset::Token, LossRefund::Unused)
        }),
        keeps("hourly, token, partly burned", WHERE.0, WHERE.1, || BillingSpec {
            rent_burned: 333_333,
            fees_burned: 500_000,
            ..bill(Settlement::Hourly, Asset::Token, LossRefund::Unused)
        }),
    ]
}

/// A dispute window of an hour is what makes hourly pay real; half of the undelivered work is given back.
fn bill(settlement: Settlement, pay_in: Asset, device_loss: LossRefund) -> BillingSpec {
    BillingSpec {
        settlement,
        pay_in,
        device_loss,
        dispute_window: Span::HOUR,
        undelivered_refund: 500_000,
        ..BillingSpec::default()
    }
}
