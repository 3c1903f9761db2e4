//! What every metric of the summary means: pattern of its name, unit, explanation.

/// A metric, or a family of them.
#[derive(Clone, Copy, Debug)]
pub struct Explained {
    /// Its name; a part in angle brackets at the end stands for a name of the scenario. In square brackets it may be absent.
    pub pattern: &'static str,
    /// Unit, as it stands beside the number.
    pub unit: &'static str,
    /// What it is, in a sentence.
    pub meaning: &'static str,
}

impl Explained {
    /// True when a metric of this name belongs to the pattern.
    #[must_use]
    pub fn covers(&self, name: &str) -> bool {
        if let Some((whole, _)) = self.pattern.split_once("[.") {
            let class = name.strip_prefix(whole).and_then(|rest| rest.strip_prefix('.'));
            return name == whole || class.is_some_and(|class| !class.is_empty());
        }
        match self.pattern.split_once('<') {
            Some((prefix, _)) => name.strip_prefix(prefix).is_some_and(|rest| !rest.is_empty()),
            None => name == self.pattern,
        }
    }
}

const fn row(pattern: &'static str, unit: &'static str, meaning: &'static str) -> Explained {
    Explained { pattern, unit, meaning }
}

/// The explanation of a metric.
#[must_use]
pub fn explain(name: &str) -> Option<&'static Explained> {
    METRICS.iter().find(|metric| metric.covers(name))
}

/// Whether a name, or with `*` at its end a beginning of names, could be a metric's.
#[must_use]
pub fn could_be(pattern: &str) -> bool {
    let fixed = |pattern: &'static str| pattern.split(['[', '<']).next().unwrap_or_default();
    match pattern.strip_suffix('*') {
        Some(start) => {
            METRICS.iter().any(|m| m.pattern.starts_with(start) || start.starts_with(fixed(m.pattern)))
        }
        None => explain(pattern).is_some(),
    }
}

/// Every metric, by module. `<group>` is a cohort, a farm, or one of `honest` (all cohorts), `cloud_renters_all` (honest
/// suppliers on rented machines) and `late_renters` (those of them who came after 64 % of the run).
pub const METRICS: &[Explained] = &[
    row("supply.connected_peak", "cards", "most cards online at the close of an epoch, fakes included"),
    row("supply.connected_final", "cards", "cards online at the last close of an epoch, fakes included"),
    row("supply.displayed_peak", "cards", "largest count that the public page showed"),
    row("supply.displayed_final", "cards", "count that the public page showed last"),
    row("supply.verified_peak", "cards", "most cards that counted as verified"),
    row("supply.verified_final", "cards", "cards that counted as verified last"),
    row("supply.deployable_final", "cards", "cards that a renter could be given at the end"),
    row("supply.real_peak", "cards", "most physical cards behind connected workers, a farm's own included"),
    row(
        "supply.real_final",
        "cards",
        "physical cards behind connected workers at the end, a farm's own included",
    ),
    row("supply.fake_peak", "cards", "largest difference of connected and real cards in one epoch"),
    row("supply.uptime_mean", "share", "time online of honest devices / time since each was listed"),
    row("supply.listed.<group>", "devices", "devices that the cohort or farm ever listed"),
    row(
        "rewards.paid_tokens",
        "tokens",
        "tokens that suppliers were paid as rewards, by seasons and by a schedule",
    ),
    row(
        "rewards.recount_gain_p99",
        "ratio",
        "99th percentile of points after a recount / before it, by account; undefined without a recount",
    ),
    row("rewards.share.<group>", "share", "tokens of the cohort or farm / all tokens paid"),
    row(
        "rewards.per_card.<group>",
        "tokens",
        "tokens of the cohort or farm / its cards, each supplier at its most cards",
    ),
    row(
        "rewards.quest_tokens",
        "tokens",
        "tokens paid for quests, which the other figures of rewards hold too",
    ),
    row(
        "rewards.quest_share_to_fakes",
        "share",
        "tokens that farms were paid for quests / all tokens paid for quests",
    ),
    row("rewards.share_to_fakes", "share", "tokens of all farms / all tokens paid"),
    row("rewards.share_to_insiders", "share", "tokens of cohorts with insider = true / all tokens paid"),
    row("rewards.gini", "index", "Gini index of tokens among suppliers: 0 equal, towards 1 one has all"),
    row("rewards.hhi", "index", "Herfindahl index of tokens among suppliers: sum of squared shares"),
    row("rewards.nakamoto", "accounts", "least suppliers that hold half the tokens; a farm counts as one"),
    row(
        "rewards.nakamoto_by_owner",
        "owners",
        "least owners that hold half the tokens; a farm counts as one",
    ),
    row(
        "rewards.points_per_card_small",
        "points",
        "points per card of honest suppliers with at most 2 cards",
    ),
    row(
        "rewards.points_per_card_large",
        "points",
        "points per card of honest suppliers with 12 cards or more",
    ),
    row(
        "economics.usd_per_verified_gpu_hour",
        "USD",
        "all that suppliers spent, slashed stakes not counted / hours of verified cards",
    ),
    row("economics.spend_usd.<kind>", "USD", "dollars spent on cloud_rent, hardware, power or operations"),
    row("economics.cloud_revenue_usd", "USD", "dollars that suppliers paid to clouds"),
    row(
        "economics.spend_to_clouds_share",
        "share",
        "dollars paid to clouds / all that suppliers spent, slashed stakes not counted",
    ),
    row(
        "economics.spend_per_pool_usd",
        "USD per USD",
        "all that suppliers spent, slashed stakes not counted / all they earned, tokens at the outcome price",
    ),
    row(
        "economics.subsidy_per_revenue_usd",
        "USD per USD",
        "tokens paid as rewards / rents and fees of renters, tokens at the outcome price",
    ),
    row("economics.quote_peak_ratio.<cloud>", "ratio", "highest quote of the cloud / its first"),
    row("economics.price_peak_ratio.<shop>", "ratio", "highest price of the shop / its first"),
    row(
        "economics.roi.<group>",
        "share, dollars weighted",
        "(earned + resale value) / spent - 1, over all dollars of the group",
    ),
    row(
        "economics.roi_median.<group>",
        "share, accounts weighted",
        "median of the group's returns, each supplier counting alike",
    ),
    row(
        "economics.expected_roi.<group>",
        "share, dollars weighted",
        "return that the group expected when it decided, by dollars spent",
    ),
    row(
        "economics.breakeven_token_price_usd.<group>",
        "USD",
        "token price at which the group would have got its dollars back",
    ),
    row(
        "sybil.roi.<farm>",
        "share, dollars weighted",
        "(earned + resale value) / spent - 1, over all farms of this kind",
    ),
    row(
        "sybil.cost_per_reward_usd",
        "USD per USD",
        "what all farms spent, less resale / what they earned: the cost of attack per dollar taken; below 1 it pays",
    ),
    row("sybil.roi_median.<farm>", "share, accounts weighted", "median return among farms of this kind"),
    row(
        "verification.detected_share",
        "share",
        "devices of farms that were quarantined at least once / devices of farms",
    ),
    row(
        "verification.false_positive_share",
        "share",
        "honest devices that were quarantined at least once / honest devices",
    ),
    row("verification.registrations_refused", "devices", "devices that were refused when they applied"),
    row(
        "verification.detection_delay_hours",
        "hours",
        "from the first listing of a farm's device to the first quarantine of one",
    ),
    row(
        "linkage.flagged_accounts",
        "accounts",
        "accounts that linkage flagged at least once; undefined, as all of linkage, where no rule is set",
    ),
    row("linkage.precision", "share", "flagged accounts that belong to farms / flagged accounts"),
    row("linkage.recall", "share", "flagged accounts of farms / accounts of farms that listed a device"),
    row("linkage.recall_devices", "share", "devices on flagged accounts of farms / devices of farms"),
    row(
        "linkage.false_positive_share",
        "share",
        "flagged honest accounts / honest accounts that listed a device",
    ),
    row(
        "linkage.points_lost_honest",
        "share",
        "points that honest accounts lost to flags and purges, by the latest count of each season / those they would \
         have had",
    ),
    row(
        "linkage.tokens_lost_honest",
        "tokens",
        "what those points would have brought of the same pool, had only they been counted too",
    ),
    row(
        "linkage.cost_usd_wrongly_flagged",
        "USD",
        "tokens lost by the wrongly flagged of points they had made, at the outcome price; not what they stopped earning because they left",
    ),
    row("linkage.appeals", "appeals", "appeals against flags, honest or not"),
    row("linkage.appeals_granted", "appeals", "appeals that cleared the account"),
    row(
        "linkage.detection_delay_hours",
        "hours",
        "mean time from the first listing of a farm's account to its first flag, of accounts flagged",
    ),
    row("demand.jobs_submitted", "jobs", "jobs that renters brought"),
    row("demand.jobs_completed", "jobs", "jobs that ran to their end"),
    row(
        "demand.jobs_failed",
        "jobs",
        "jobs that lost a device or were not delivered, or were interrupted and gave up",
    ),
    row("demand.jobs_withdrawn", "jobs", "jobs that left because money was short, or that were taken back"),
    row("demand.interruptions", "leases", "leases that lost a device while their jobs went on"),
    row("demand.preemptions", "leases", "leases that were stopped for another job, their own going on later"),
    row(
        "demand.turnaround_hours_mean",
        "hours",
        "mean time from submission to the end, of jobs that ran to their end",
    ),
    row("demand.jobs_rejected", "jobs", "jobs that left without being served"),
    row(
        "demand.wait_hours_mean",
        "hours",
        "mean time from submission to the first start, of jobs that started",
    ),
    row("demand.wait_hours_p95", "hours", "95th percentile of that time"),
    row("demand.fill_rate", "share", "jobs started / jobs submitted"),
    row(
        "scheduling.gpu_allocation_final",
        "share",
        "cards leased at the end / all cards, shares of cards counted; where hosts are leased in parts",
    ),
    row("scheduling.utilisation", "share", "card time on lease / card time online"),
    row("scheduling.queue_length_mean", "jobs", "mean number of waiting jobs over the run"),
    row("protocol.revenue_usd", "USD", "fees that the network took in dollars"),
    row("protocol.revenue_tokens", "tokens", "fees that the network took in tokens"),
    row(
        "economics.financing_usd",
        "USD",
        "what stakes cost while they lay locked up, at the scenario's yearly rate: in decisions, in no book",
    ),
    row("staking.locked_peak_usd", "USD", "most dollars in stakes, seized and undecided ones included"),
    row(
        "staking.locked_final_usd",
        "USD",
        "dollars in stakes at the end, seized and undecided ones included",
    ),
    row("staking.slashed_usd", "USD", "stakes lost for good"),
    row(
        "staking.slashed_honest_share",
        "share",
        "of that, what cohorts lost; undefined while nothing is slashed",
    ),
    row(
        "staking.slashed.<destination>",
        "USD",
        "of that, what was burned, or went to the treasury or to victims",
    ),
    row("slashing.charges", "charges", "faults for which stake was seized"),
    row("slashing.appeals", "charges", "of those, contested by their owners"),
    row("slashing.dropped", "charges", "of those, withdrawn, so that the stake came back"),
    row(
        "emission.released_tokens",
        "tokens",
        "what the schedule released: minted, burned at once, or retained; undefined, as all of emission, without one",
    ),
    row("emission.minted_tokens", "tokens", "of that, minted for suppliers"),
    row("emission.retained_tokens", "tokens", "of that, kept at the end for a release that never came"),
    row(
        "emission.owed_tokens",
        "tokens",
        "minted and not yet paid at the end; suppliers' tokens, shares and returns count it as theirs",
    ),
    row("emission.locked_tokens", "tokens", "of that, locked by vesting"),
    row(
        "protocol.burned_tokens",
        "tokens",
        "tokens burned, those included that a rule burned before they were minted; undefined while no rule burns",
    ),
    row(
        "token.supply_final",
        "tokens",
        "tokens that the run has minted, less those burned since; under a schedule with its starting supply, after run.scale",
    ),
    row("token.price_final_usd", "USD", "the scenario's outcome price, at which earnings are valued"),
    row(
        "steady.warm_up_hours",
        "hours",
        "time left out at the beginning; of runs with [steady], as all that follow; by class where there are several",
    ),
    row(
        "steady.wait_hours_mean[.<class>]",
        "hours",
        "time from coming to the first start, of jobs that started",
    ),
    row("steady.wait_hours_p50[.<class>]", "hours", "the time that half of them wait at most"),
    row("steady.wait_hours_p95[.<class>]", "hours", "the time that 95 % of them wait at most"),
    row("steady.wait_hours_p99[.<class>]", "hours", "the time that 99 % of them wait at most"),
    row(
        "steady.wait_share[.<class>]",
        "share",
        "jobs that had to wait, those that gave up included / jobs that started or gave up",
    ),
    row(
        "steady.system_hours_mean[.<class>]",
        "hours",
        "time from coming to leaving, of jobs that were served",
    ),
    row("steady.system_hours_p50[.<class>]", "hours", "the time in which half of them are through"),
    row("steady.system_hours_p95[.<class>]", "hours", "the time in which 95 % of them are through"),
    row("steady.system_hours_p99[.<class>]", "hours", "the time in which 99 % of them are through"),
    row(
        "steady.queued_hours_mean[.<class>]",
        "hours",
        "all time without devices, interruptions included, of jobs that were served",
    ),
    row(
        "steady.completion_hours_mean[.<class>]",
        "hours",
        "time from the first start to leaving, of jobs that were served",
    ),
    row(
        "steady.blocked_share[.<class>]",
        "share",
        "jobs turned away: no room, or nothing that suits / jobs that came",
    ),
    row("steady.abandoned_share[.<class>]", "share", "jobs that gave up / jobs that came"),
    row("steady.arrivals_per_hour[.<class>]", "jobs per hour", "jobs that came"),
    row("steady.completed_per_hour[.<class>]", "jobs per hour", "jobs that were served"),
    row("steady.queue_length_mean", "jobs", "jobs that wait, over time"),
    row("steady.number_mean", "jobs", "jobs that wait or run, over time"),
    row("steady.busy_mean", "cards", "cards that running jobs asked for, over time"),
    row("steady.busy_variance", "cards squared", "variance of that over time"),
    row("steady.busy_p99", "cards", "the number that is not exceeded 99 % of the time"),
    row("steady.available_share", "share", "devices that the network sees up / devices listed, over time"),
    row("steady.up_mean", "devices", "devices that the network sees up, over time"),
    row("steady.down_mean", "devices", "devices listed and not up, over time"),
    row("steady.down_hours_mean", "hours", "time from a device's going down to its return"),
    row(
        "steady.at_least_share",
        "share",
        "share of time in which at least steady.devices_needed devices are up",
    ),
    row("engine.events", "events", "events that the engine carried out"),
    row("token.price_believed_final_usd", "USD", "price that the public believed in at the end"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_matched_whole_and_a_family_needs_a_member() {
        assert_eq!(explain("rewards.gini").map(|m| m.unit), Some("index"));
        assert_eq!(explain("rewards.share.a.b").map(|m| m.pattern), Some("rewards.share.<group>"));
        assert!(explain("rewards.share.").is_none());
        assert!(explain("rewards.ginis").is_none());
        let optional = Some("steady.wait_share[.<class>]");
        assert_eq!(explain("steady.wait_share").map(|m| m.pattern), optional);
        assert_eq!(explain("steady.wait_share.low").map(|m| m.pattern), optional);
        assert!(explain("steady.wait_share.").is_none() && explain("steady.wait_shares").is_none());
    }

    #[test]
    fn no_two_patterns_overlap() {
        for one in METRICS {
            let whole = one.pattern.split('[').next().unwrap_or_default();
            for example in [whole, one.pattern].map(|name| name.replace(['<', '>', '[', ']'], "")) {
                let covering = METRICS.iter().filter(|m| m.covers(&example)).count();
                assert_eq!(covering, 1, "{example}");
            }
        }
    }
}
