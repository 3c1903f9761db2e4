//! `[demand.CLASS]`: renters by class, with sizes, durations, prices and patience.

use super::laws::{law, law_or};
use super::market::{Cloud, refer};
use super::reading::Table;
use super::reading::{Count, Hours, Minutes, NonNegative, Positive, Share};
use super::rules::ProtocolRules;
use crate::engine::draw::Law;

/// Most that a renter will pay per card and hour.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum PriceLimit {
    /// A share of a cloud offer's quote of that hour.
    OfCloud {
        /// The offer, by index.
        reference: usize,
        /// The share.
        share: f64,
    },
    /// So many micro-dollars, whatever clouds ask.
    Fixed(u32),
}

/// A class of renters.
#[derive(Clone, Debug)]
pub struct RenterClass {
    /// Key in the scenario.
    pub name: String,
    /// Key of its random streams.
    pub stream: String,
    /// Jobs per day at an average hour (before scale).
    pub jobs_per_day: f64,
    /// Swing of the arrival rate over the day, 0 to 1 (a cosine with its peak at `peak_hour`).
    pub daily_swing: f64,
    /// Hour of day (UTC) of the peak.
    pub peak_hour: f64,
    /// Factor on Saturdays and Sundays.
    pub weekend: f64,
    /// Growth of the rate per month, as a log rate.
    pub growth_per_month: f64,
    /// Model wanted, by index; `None` for any with the memory.
    pub hardware: Option<usize>,
    /// Least memory per card.
    pub min_memory_gb: f64,
    /// Cards of one job.
    pub cards: Law,
    /// All cards in one machine.
    pub one_host: bool,
    /// Lowest connectivity tier.
    pub min_tier: u8,
    /// Hours of work.
    pub hours: Law,
    /// Patience in the queue, hours.
    pub patience: Law,
    /// Most it will pay.
    pub limit: PriceLimit,
    /// Least time asked for, hours.
    pub least_hours: f64,
    /// Rank among waiting jobs, higher first.
    pub priority: u8,
    /// Bids for interruptible time instead of renting on demand.
    pub interruptible: bool,
    /// How much a failed job lowers the class's rate (and a success restores), per job and share.
    pub memory: f64,
}

impl RenterClass {
    /// Reads every `[demand.CLASS]`.
    pub(super) fn read_all(root: &Table<'_>, hardware: &[&str], clouds: &[Cloud]) -> Vec<RenterClass> {
        let names: Vec<&str> = clouds.iter().map(|c| c.name.as_str()).collect();
        root.named_but("demand", &["trace"], "renters of one class")
            .into_iter()
            .map(|(name, t)| {
                let model: Option<String> =
                    t.optional("hardware", "which [hardware.NAME]; any with the memory when absent");
                let limit = read_limit(&t, &names);
                let least_minutes =
                    t.or("least_minutes", Minutes(1.0), "no job asks for less time than this; assumed").0;
                t.range("least_minutes", least_minutes, 0.0, 60.0 * 24.0 * 365.0);
                let tier = t.or("min_tier", Count(1), "lowest connectivity tier").0;
                t.range("min_tier", tier as f64, 0.0, 4.0);
                let jobs_per_day = t
                    .require::<NonNegative>(
                        "jobs_per_day",
                        "jobs per day at an average hour, before run.scale",
                    )
                    .0;
                t.range("jobs_per_day", jobs_per_day, 0.0, 1e7);
                let growth_per_month =
                    t.or("growth_per_month", 0.0f64, "log growth of the rate per month; assumed");
                t.range("growth_per_month", growth_per_month, -5.0, 5.0);
                let priority = t
                    .or(
                        "priority",
                        Count(0),
                        "rank among waiting jobs, 0 to 255, higher first; read by [protocol.queueing.priority]",
                    )
                    .0;
                t.range("priority", priority as f64, 0.0, 255.0);
                let priority = priority.min(255) as u8;
                RenterClass {
                    stream: t.or(
                        "stream",
                        name.clone(),
                        "key of the random streams; the old name after renaming",
                    ),
                    jobs_per_day,
                    daily_swing: t
                        .or("daily_swing", Share(0.3), "swing of the arrival rate over the day; assumed")
                        .0,
                    peak_hour: t.or("peak_hour", Hours(15.0), "hour of day (UTC) of the peak; assumed").0,
                    weekend: t
                        .or("weekend_factor", NonNegative(0.7), "factor on Saturdays and Sundays; assumed")
                        .0,
                    growth_per_month,
                    hardware: model.map(|m| refer(&t, "hardware", &m, hardware, "hardware")),
                    min_memory_gb: t.or("min_memory_gb", NonNegative(0.0), "least memory per card").0,
                    cards: law_or(
                        &t,
                        "cards",
                        Law::Deterministic { mean: 1.0 },
                        "cards of one job; rounded up",
                    ),
                    one_host: t.or(
                        "one_host",
                        false,
                        "true for communication-bound work: all cards in one machine",
                    ),
                    min_tier: tier as u8,
                    hours: law(&t, "hours", "hours of work of one job"),
                    patience: law_or(
                        &t,
                        "patience_hours",
                        Law::Exponential { mean: 6.0 },
                        "patience in the queue; assumed",
                    ),
                    limit,
                    least_hours: least_minutes / 60.0,
                    priority,
                    interruptible: t.or("interruptible", false, "the price is a bid, and the job may be stopped for a higher one; read by [protocol.queueing.interruptible_bids]"),
                    memory: t
                        .or("memory", Share(0.02), "how much one failure lowers the class's rate; assumed")
                        .0,
                    name,
                }
            })
            .collect()
    }
}

fn read_limit(t: &Table<'_>, clouds: &[&str]) -> PriceLimit {
    let doc = "most it will pay per card and hour, instead of a share of a cloud's quote";
    if let Some(usd) = t.optional::<NonNegative>("price_limit_usd_hour", doc) {
        t.range("price_limit_usd_hour", usd.0, 0.0, 4000.0);
        for key in ["reference_cloud", "price_share"] {
            if t.has(key) {
                t.problem(key, "price_limit_usd_hour says the limit already", "leave one of the two out");
            }
        }
        return PriceLimit::Fixed((usd.0.min(4000.0) * 1e6 + 0.5) as u32);
    }
    let reference: String = t.require("reference_cloud", "the [cloud.NAME] whose quote bounds the price");
    let share =
        t.or("price_share", Positive(0.8), "share of the reference quote the renter will pay; assumed");
    PriceLimit::OfCloud {
        reference: refer(t, "reference_cloud", &reference, clouds, "cloud"),
        share: share.0,
    }
}

/// A class that bids, or ranks itself, where nobody looks at that, would wait in vain for a difference.
pub(super) fn check(root: &Table<'_>, classes: &[RenterClass], rules: &ProtocolRules) {
    let recorded = root.section("demand", "who asks for devices").has("trace");
    if recorded && !classes.is_empty() {
        root.problem(
            "demand",
            "jobs come from a trace or from classes of renters, not both",
            "leave [demand.trace] out, or every [demand.CLASS]",
        );
    }
    for class in classes {
        let path = format!("demand.{}", class.name);
        if class.interruptible && !rules.takes_bids() {
            root.problem(
                "demand",
                format!("`{path}.interruptible` has no effect: no bids are taken"),
                "add [protocol.queueing.interruptible_bids] and [protocol.prices.bids]",
            );
        }
        if class.priority > 0 && !rules.ranks_by_priority() {
            root.problem(
                "demand",
                format!("`{path}.priority` has no effect: the queue does not look at it"),
                "add [protocol.queueing.priority]",
            );
        }
    }
}
