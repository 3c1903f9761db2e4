//! `[protocol]`: the network's own rules, one policy per concern, named in the table's path.

mod billing;
mod churn;
mod emission;
mod linkage;
mod market;
mod placement;
mod prices;
mod queueing;
pub mod rewards;
mod slashing;
mod staking;
mod verification;

use super::market::Hardware;
use super::reading::{Count, Days, Hours, Instant, Minutes, Share, Table, Tokens};
use super::run::Run;
use super::trace::Cluster;
use depin_protocol::billing::BillingSpec;
use depin_protocol::emission::{FixedPool, FixedPoolSpec};
use depin_protocol::ledger::Asset;
use depin_protocol::liveness;
use depin_protocol::market::{ChurnSpec, Pricing, SharingSpec};
use depin_protocol::prices::Prices;
use depin_protocol::registration;
use depin_protocol::registry::Model;
use depin_protocol::reputation::ReputationSpec;
use depin_protocol::rewards::season::{Accrual, SeasonSpec};
use depin_protocol::scheduling::hosts::{Ask, HostPolicy, ModelSet, typical};
use depin_protocol::staking::StakingSpec;
use depin_protocol::supply;
use depin_protocol::units::{ONE, Ppm, Span, Time};
pub use emission::EmissionRule;
use placement::PlacementRule;
use rewards::RewardMaker;
pub use slashing::SlashingRule;
pub use verification::VerificationRule;

/// The rules as written.
#[derive(Clone, Debug)]
pub struct ProtocolRules {
    registration: registration::Spec,
    liveness: liveness::Spec,
    supply: supply::Spec,
    verification: VerificationRule,
    challenges: bool,
    reputation: ReputationSpec,
    prices: Prices,
    placement: PlacementRule,
    queue: queueing::Queue,
    churn: ChurnSpec,
    pricing: Pricing,
    market: market::MarketRules,
    shared: Option<HostPolicy>,
    billing: BillingSpec,
    reward: RewardMaker,
    season: SeasonSpec,
    pool: i128,
    opening: Option<(i128, Time)>,
    announced: bool,
    linkage: linkage::LinkageRule,
    staking: Option<StakingSpec>,
    slashing: Option<SlashingRule>,
    emission: Option<EmissionRule>,
    quests: Option<i128>,
}

fn ppm(share: f64) -> Ppm {
    (share * f64::from(ONE) + 0.5) as Ppm
}

impl ProtocolRules {
    /// Reads `[protocol]`.
    pub(super) fn read(root: &Table<'_>, run: &Run, hardware: &[Hardware]) -> ProtocolRules {
        let t = root.section("protocol", "the network's own rules");
        let (season, pool, opening, announced) = read_season(&t, run);
        let (verification, challenges) = verification::read(&t);
        let placement = placement::read(&t);
        let queue = queueing::read(&t);
        let shared = read_sharing(&t);
        let staking = staking::read(&t);
        let slashing = slashing::read(&t, staking.is_some());
        queueing::check(&t, &queue, shared.is_some());
        let (prices, pricing) = prices::read(&t, hardware, &queue, placement, shared.is_some());
        ProtocolRules {
            prices,
            pricing,
            churn: churn::read(&t, &queue, shared.is_some()),
            registration: read_registration(&t, run),
            liveness: read_liveness(&t),
            supply: read_display(&t),
            verification,
            challenges,
            reputation: read_reputation(&t),
            placement,
            queue,
            market: market::read(&t),
            shared,
            billing: billing::read(&t),
            reward: rewards::read(&t, staking.is_some()),
            season,
            pool,
            opening,
            announced,
            linkage: linkage::read(&t, run),
            staking,
            slashing,
            emission: emission::read(&t, run),
            quests: super::quests::read_pool(&t, run),
        }
    }

    /// True when accounts are looked at for links.
    #[must_use]
    pub fn links_accounts(&self) -> bool {
        self.linkage.is_on()
    }

    /// Makes the reward rule.
    #[must_use]
    pub fn reward(&self) -> &RewardMaker {
        &self.reward
    }

    /// What suppliers lock up, if anything.
    #[must_use]
    pub fn staking(&self) -> Option<&StakingSpec> {
        self.staking.as_ref()
    }

    /// What faults cost of it, if anything.
    #[must_use]
    pub fn slashing(&self) -> Option<&SlashingRule> {
        self.slashing.as_ref()
    }

    /// What each epoch mints, if a schedule is given.
    #[must_use]
    pub fn emission(&self) -> Option<&EmissionRule> {
        self.emission.as_ref()
    }

    /// Base units that all seasons together may release, after `run.scale`.
    #[must_use]
    pub fn pool(&self) -> i128 {
        self.pool
    }

    /// Pool for quests in base units, after `run.scale`, where there is one.
    #[must_use]
    pub fn quests(&self) -> Option<i128> {
        self.quests
    }

    /// The protocol's rules for a table of models.
    #[must_use]
    pub fn build(&self, hardware: &[Hardware]) -> depin_protocol::Rules {
        let models = hardware
            .iter()
            .map(|h| Model {
                name: h.name.clone(),
                memory_mb: (h.memory_gb * 1000.0 + 0.5) as u32,
                gflops: (h.tflops * 1000.0 + 0.5) as u32,
                multiplier: ppm(h.multiplier),
            })
            .collect();
        depin_protocol::Rules {
            models,
            registration: self.registration,
            liveness: self.liveness,
            supply: self.supply,
            verification: self.verification.build(),
            challenges: self.challenges,
            reputation: self.reputation,
            prices: self.prices.clone(),
            placement: self.placement.build(),
            sharing: None,
            queueing: self.queue.build(),
            churn: self.churn,
            pricing: self.pricing,
            same_instant: self.market.same_instant,
            waiting_room: self.market.waiting_room,
            billing: self.billing,
            reward: self.reward.make(),
            emission: Box::new(FixedPool::new(FixedPoolSpec { pool_base_units: self.pool })),
            blocks: self.emission.as_ref().map(EmissionRule::blocks),
            quests: self.quests,
            season: self.season.clone(),
            opening_season: self.opening,
            opening_announced: self.announced,
            linkage: self.linkage.build(),
            linkage_spec: self.linkage.spec,
            staking: self.staking,
            slashing: self.slashing.map(SlashingRule::build),
        }
    }
}

impl ProtocolRules {
    /// True when interruptible jobs are told apart.
    #[must_use]
    pub fn takes_bids(&self) -> bool {
        matches!(self.queue, queueing::Queue::InterruptibleBids(_))
    }

    /// True when a job's priority counts.
    #[must_use]
    pub fn ranks_by_priority(&self) -> bool {
        matches!(self.queue, queueing::Queue::Priority(_))
    }

    /// True when renters pay in tokens, so that somebody has to say what they are worth.
    #[must_use]
    pub fn paid_in_tokens(&self) -> bool {
        self.billing.pay_in == Asset::Token
    }

    /// True when somebody has to say what a token is worth: renters pay in it, a schedule releases it, or the reward rule
    /// pays nothing without a price.
    #[must_use]
    pub fn needs_price(&self) -> bool {
        self.paid_in_tokens() || self.emission().is_some() || self.reward.make().needs().price
    }

    /// By what hosts are leased in parts, if they are.
    #[must_use]
    pub fn shared(&self) -> Option<HostPolicy> {
        self.shared
    }

    /// How the hosts of a cluster are shared, if they are; `luck` decides draws and the order of equal hosts.
    #[must_use]
    pub fn sharing(&self, cluster: &Cluster, hardware: &[Hardware], luck: u64) -> Option<SharingSpec> {
        let policy = self.shared?;
        let jobs = cluster.demand.as_ref().map_or(&[][..], |demand| &demand.trace.jobs);
        let ask = |job: &crate::trace::TraceJob| Ask {
            cpu_milli: job.cpu_milli,
            memory_mib: job.memory_mib,
            cards: job.procs.min(1024) as u16,
            card_milli: job.card_milli,
            models: ModelSet(cluster.models_of(&job.models, hardware)),
        };
        let asks: Vec<Ask> = jobs.iter().map(ask).collect();
        let hosts = cluster.hosts.iter().map(|host| (host.cpu_milli, host.memory_mib, host.rank)).collect();
        Some(SharingSpec { policy, typical: typical(&asks), seed: luck, hosts })
    }
}

fn read_sharing(t: &Table<'_>) -> Option<HostPolicy> {
    let names = &["first", "random", "best_fit", "worst_fit", "packing", "fgd"];
    let (name, _) = t.choose("sharing", names, "hosts leased in parts: [protocol.sharing.NAME]")?;
    Some(match name {
        "first" => HostPolicy::First,
        "random" => HostPolicy::Random,
        "best_fit" => HostPolicy::BestFit,
        "worst_fit" => HostPolicy::WorstFit,
        "packing" => HostPolicy::Packing,
        _ => HostPolicy::Fgd,
    })
}

fn read_registration(t: &Table<'_>, run: &Run) -> registration::Spec {
    let r = t.section("registration", "who may list devices");
    let default = registration::Spec::default();
    let per_hour = r.or("max_devices_per_hour", Count(10_000), "devices the network can take on an hour, before run.scale; assumed, above the 6,250 an hour of the April jump").0;
    registration::Spec {
        max_devices_per_hour: run.scaled(per_hour).min(1_000_000) as u32,
        check: r.or("admission_check", false, "devices answer a challenge before they are listed"),
        waiting: Span(
            r.or("waiting_hours", Hours(12.0), "wait before the first hire; io.net docs, Onboarding").ns(),
        ),
        ..default
    }
}

fn read_liveness(t: &Table<'_>) -> liveness::Spec {
    let l = t.section("liveness", "when silence is noticed");
    let spec = liveness::Spec {
        timeout: Span(
            l.or("timeout_minutes", Minutes(5.0), "silence after which a device counts as offline; assumed")
                .ns(),
        ),
        sweep: Span(
            l.or("sweep_minutes", Minutes(1.0), "how often the network looks; 0: all the time; assumed").ns(),
        ),
    };
    l.range("timeout_minutes", spec.timeout.seconds() / 60.0, 0.0, 1e5);
    spec
}

fn read_display(t: &Table<'_>) -> supply::Spec {
    let d = t.section("display", "what the public page shows");
    supply::Spec {
        window: Span(
            d.or(
                "window_days",
                Days(30.0),
                "cards seen within this span count; the explorer of June 2024, Cryptonary",
            )
            .ns()
            .max(Span::HOUR.0),
        ),
        refresh: Span(
            d.or("refresh_hours", Hours(1.0), "how often the page is renewed; assumed")
                .ns()
                .max(Span::MINUTE.0),
        ),
        validity: Span(
            d.or(
                "verified_for_hours",
                Hours(24.0),
                "a verified device counts for this long after it was last seen; assumed",
            )
            .ns(),
        ),
    }
}

fn read_reputation(t: &Table<'_>) -> ReputationSpec {
    let r = t.section("reputation", "what conduct leaves behind");
    let d = ReputationSpec::default();
    ReputationSpec {
        half_life: Span(
            r.or("half_life_days", Days(30.0), "time in which the weight of the past halves; assumed").ns(),
        ),
        start: ppm(r.or("start", Share(0.5), "score of a new device; assumed").0),
        ..d
    }
}

fn read_season(t: &Table<'_>, run: &Run) -> (SeasonSpec, i128, Option<(i128, Time)>, bool) {
    let s = t.section("season", "how points become tokens");
    let scale = |tokens: i128| (tokens as f64 * run.scale + 0.5) as i128;
    let pool = scale(s.or("emission_tokens", Tokens(100_000_000 * 100_000_000), "tokens that all seasons together may release, before run.scale; 12.5 % of 800 M planned for all seasons").0);
    let windows: Vec<(Time, Time)> = s
        .each("snapshot", "windows in which a device must be online; none: points count by the integral")
        .iter()
        .map(|w| {
            let from = instant(w, "from", run);
            let to = instant(w, "to", run);
            if to <= from {
                w.problem("to", "the window ends before it begins", "swap the two dates");
            }
            (from, to)
        })
        .filter(|(from, to)| from < to)
        .collect();
    if !windows.is_sorted_by(|a, b| a.1 <= b.0) {
        s.problem("snapshot", "the windows overlap or are out of order", "list them by date");
    }
    let accrual = if windows.is_empty() { Accrual::Integral } else { Accrual::Snapshot { windows } };
    let mut announced = true;
    let opening = s.table("opening", "a season that is open from the first instant").map(|o| {
        let tokens = scale(o.require::<Tokens>("pool_tokens", "tokens promised, before run.scale").0);
        let days = o.require::<Days>("days", "length, announced with the pool");
        announced = o.or("announced", true, "false: a team act `announce_season` makes pool and end public");
        (tokens, Time(days.ns()))
    });
    let exponent = s.or("account_exponent", Share(1.0), "exponent on an account's points; 1 as published").0;
    if exponent <= 0.0 {
        s.problem("account_exponent", "an exponent of zero pays every account alike", "give a share above 0");
    }
    let cap = s.optional::<Tokens>("cap_per_account_tokens", "most that one account is paid").map(|c| c.0);
    let spec = SeasonSpec {
        accrual,
        account_exponent_ppm: ppm(exponent).max(1),
        cap_per_account: cap,
        ..SeasonSpec::default()
    };
    (spec, pool, opening, announced)
}

fn instant(t: &Table<'_>, key: &'static str, run: &Run) -> Time {
    let date = t.require::<Instant>(key, "calendar date, UTC").0;
    run.instant(date).unwrap_or_else(|| {
        t.problem(key, "the date lies before run.start", "move the date");
        Time(0)
    })
}
