//! What outsiders can work out about the pool: weight accrued so far, weight to come, and a share of it.

use super::people::Forecast;
use crate::engine::Time;
use depin_protocol::units::TOKEN;
use depin_protocol::views::EmissionNotice;

/// Public estimate of the season's total weight, from the public display alone (which may lie).
/// Weight is counted in multiplier × bandwidth factor × card-hours.
#[derive(Clone, Debug, Default)]
pub struct Estimate {
    /// Accrued in the open season so far.
    pub accrued: f64,
    /// Accruing per hour now.
    pub rate: f64,
    /// Log growth of the rate per hour over the last week.
    pub growth: f64,
    /// Smoothed rate of a week ago, for the growth.
    slow_rate: f64,
}

/// What a would-be supplier weighs up.
#[derive(Clone, Copy, Debug)]
pub struct Prospect {
    /// Tokens that the reward rule would pay of the season's pool if all the weight in the world came, to be shared by all weight from its opening to its end.
    pub pool_tokens: f64,
    /// Tokens that it pays for a unit of weight at the most, whatever is on offer.
    pub most_per_weight: f64,
    /// Hours of accrual still to come in the season; without one as `hours`.
    pub pool_hours: f64,
    /// Tokens that a schedule is expected to release within `hours`, each to be shared by the weight of its own time.
    pub stream_tokens: f64,
    /// Hours looked ahead.
    pub hours: f64,
    /// Publicly believed price, USD.
    pub price_usd: f64,
    /// Cost of one unit of weight for an hour, for the cheapest way in, USD; what free entry runs against.
    pub cost_per_weight_hour: f64,
}

/// Hours over which growth is judged.
const WEEK: f64 = 168.0;

impl Estimate {
    /// An hour (or epoch of `hours`) passes in which the display shows `rate` units of weight.
    pub fn observe(&mut self, rate: f64, hours: f64) {
        self.accrued += rate * hours;
        self.rate = rate;
        if self.slow_rate <= 0.0 {
            self.slow_rate = rate;
        }
        self.slow_rate += (rate - self.slow_rate) * (hours / WEEK).min(1.0);
        // An exponential average over a week lags steady growth g by g × week.
        self.growth =
            if self.slow_rate > 0.0 && rate > 0.0 { libm::log(rate / self.slow_rate) / WEEK } else { 0.0 };
    }

    /// A new season: nothing accrued.
    pub fn reset(&mut self) {
        self.accrued = 0.0;
    }

    /// Forecast of the season's final total weight.
    ///
    /// Naive: accrued + rate × hours. Extrapolative: the rate keeps growing (or falling) at the last week's pace,
    /// at most fourfold. Rational: entry goes on until the pool, at the believed price, just pays the weight still
    /// to be bought (zero profit at the margin), never less than naive.
    #[must_use]
    pub fn total(&self, kind: Forecast, prospect: &Prospect) -> f64 {
        let naive = self.accrued + self.coming(kind, prospect.pool_hours);
        match kind {
            Forecast::Naive | Forecast::Extrapolative => naive,
            Forecast::Rational => naive.max(free_entry_total(prospect)),
        }
    }

    /// Weight of the hours to come, before anybody reasons about entry.
    fn coming(&self, kind: Forecast, hours: f64) -> f64 {
        match kind {
            Forecast::Naive | Forecast::Rational => self.rate * hours,
            Forecast::Extrapolative => {
                let g = (self.growth * hours).clamp(-1.386, 1.386);
                let mean_factor = if g.abs() < 1e-9 { 1.0 } else { (libm::exp(g) - 1.0) / g };
                self.rate * hours * mean_factor
            }
        }
    }

    /// Tokens that `own` units of weight per hour earn until the season's end, if the total comes out as forecast:
    /// own weight ÷ (forecast + own) × pool, or what the rule pays for that weight at the most.
    #[must_use]
    pub fn tokens(&self, kind: Forecast, prospect: &Prospect, own: f64) -> f64 {
        let mine = own * prospect.pool_hours;
        if mine <= 0.0 {
            return 0.0;
        }
        let share = mine / (self.total(kind, prospect) + mine) * prospect.pool_tokens;
        share.min(mine * prospect.most_per_weight)
    }

    /// Tokens that so much weight earns of what a schedule releases within the hours looked ahead. It pays as it goes, so
    /// that what others have accrued before takes no part.
    #[must_use]
    pub fn streamed(&self, kind: Forecast, prospect: &Prospect, mine: f64) -> f64 {
        if mine <= 0.0 || prospect.stream_tokens <= 0.0 {
            return 0.0;
        }
        let coming = self.coming(kind, prospect.hours);
        let others = match kind {
            Forecast::Naive | Forecast::Extrapolative => coming,
            Forecast::Rational => {
                coming.max(free_entry_total(prospect) * prospect.hours / prospect.pool_hours)
            }
        };
        (mine / (others + mine) * prospect.stream_tokens).min(mine * prospect.most_per_weight)
    }
}

/// The rational benchmark: total weight of the season's hours at which the marginal entrant earns exactly its cost,
/// pool × price ÷ cost of a unit of weight, and as much again as those hours' part of a schedule pays for; none where the
/// rule never pays a unit of weight its cost.
#[must_use]
pub fn free_entry_total(prospect: &Prospect) -> f64 {
    let never_pays = prospect.most_per_weight * prospect.price_usd < prospect.cost_per_weight_hour;
    if prospect.cost_per_weight_hour <= 0.0 || never_pays {
        return 0.0;
    }
    let pool = prospect.pool_tokens * prospect.price_usd / prospect.cost_per_weight_hour;
    if prospect.stream_tokens <= 0.0 {
        return pool;
    }
    let stream = prospect.stream_tokens * prospect.pool_hours / prospect.hours;
    pool + stream * prospect.price_usd / prospect.cost_per_weight_hour
}

/// Tokens that a schedule is expected to release within so many hours from now: at the pace of its latest release, or of
/// its first epoch before that; from its beginning on, and no more than its cap leaves. Where the reward rule did not pay
/// out all of that release, at the pace of what it paid, if it paid anything.
#[must_use]
pub fn expected_release(notice: &EmissionNotice, first_per_hour: f64, now: Time, hours: f64) -> f64 {
    let tokens = |units: i128| units as f64 / TOKEN as f64;
    let pace = notice.latest.map_or(first_per_hour, |latest| {
        let paid = if latest.minted > 0 { latest.minted.min(latest.released) } else { latest.released };
        tokens(paid) / latest.over.hours()
    });
    let wait = notice.begins.since(now).hours();
    (pace * (hours - wait).max(0.0)).min(notice.left.map_or(f64::INFINITY, tokens))
}

#[cfg(test)]
mod tests {
    use super::*;
    use depin_protocol::units::Span;
    use depin_protocol::views::Release;

    /// A season of so many hours and no pool, at a token of a dollar.
    fn season(hours: f64) -> Prospect {
        Prospect {
            pool_tokens: 0.0,
            most_per_weight: f64::INFINITY,
            pool_hours: hours,
            stream_tokens: 0.0,
            hours,
            price_usd: 1.0,
            cost_per_weight_hour: 0.0,
        }
    }

    /// The free-entry closed form of the model: 32 M tokens at 1 USD against 400 USD a device admit 80,000 devices,
    /// and a price of 0.5, 1 or 2 then returns -50 %, 0 or +100 %.
    #[test]
    fn rational_entrants_stop_at_eighty_thousand() {
        let prospect =
            Prospect { pool_tokens: 32e6, price_usd: 1.0, cost_per_weight_hour: 400.0, ..season(1.0) };
        assert!((free_entry_total(&prospect) - 80_000.0).abs() < 1e-6);
        let per_device = 32e6 / 80_000.0;
        for (price, expected) in [(1.0, 0.0), (0.5, -0.5), (2.0, 1.0)] {
            let roi: f64 = per_device * price / 400.0 - 1.0;
            assert!((roi - expected).abs() < 1e-12);
        }
    }

    #[test]
    fn the_three_forecasts_differ_while_supply_grows() {
        let mut estimate = Estimate::default();
        for hour in 0..500 {
            estimate.observe(1000.0 * libm::exp(0.004 * f64::from(hour)), 1.0);
        }
        let prospect =
            Prospect { pool_tokens: 1e6, price_usd: 1.0, cost_per_weight_hour: 1.0, ..season(500.0) };
        let naive = estimate.total(Forecast::Naive, &prospect);
        let extrapolative = estimate.total(Forecast::Extrapolative, &prospect);
        assert!(extrapolative > 1.3 * naive - 0.3 * estimate.accrued, "{extrapolative} against {naive}");
        assert!((estimate.total(Forecast::Rational, &prospect) - naive.max(1e6)).abs() < 1e-6);
    }

    #[test]
    fn a_share_is_own_weight_over_everyones() {
        let mut estimate = Estimate::default();
        estimate.observe(99.0, 1.0);
        estimate.reset();
        let prospect = Prospect { pool_tokens: 1000.0, ..season(10.0) };
        assert!((estimate.tokens(Forecast::Naive, &prospect, 1.0) - 10.0).abs() < 1e-9);
    }

    #[test]
    fn who_is_paid_by_the_piece_expects_no_share_of_a_large_pool_and_none_come_who_lose_by_it() {
        let prospect = Prospect { pool_tokens: 1000.0, most_per_weight: 0.5, ..season(10.0) };
        let mut estimate = Estimate::default();
        assert!((estimate.tokens(Forecast::Naive, &prospect, 1.0) - 5.0).abs() < 1e-9, "the first of all");
        estimate.observe(399.0, 1.0);
        estimate.reset();
        assert!(
            (estimate.tokens(Forecast::Naive, &prospect, 1.0) - 2.5).abs() < 1e-9,
            "the pool is too small"
        );
        let cost = |cost_per_weight_hour| free_entry_total(&Prospect { cost_per_weight_hour, ..prospect });
        assert_eq!([cost(0.4), cost(0.6)], [2500.0, 0.0]);
    }

    #[test]
    fn a_schedule_shares_by_the_hour_whatever_others_accrued_before() {
        let mut estimate = Estimate::default();
        estimate.observe(99.0, 1000.0);
        let prospect = Prospect { stream_tokens: 1000.0, ..season(10.0) };
        assert_eq!(estimate.tokens(Forecast::Naive, &prospect, 1.0), 0.0);
        assert!((estimate.streamed(Forecast::Naive, &prospect, 10.0) - 10.0).abs() < 1e-9);
        // Half the time is half the weight, and about half the tokens.
        assert!((estimate.streamed(Forecast::Naive, &prospect, 5.0) - 1000.0 * 5.0 / 995.0).abs() < 1e-9);
    }

    #[test]
    fn free_entry_runs_against_season_and_schedule_together() {
        let both = Prospect {
            pool_tokens: 100.0,
            pool_hours: 10.0,
            stream_tokens: 400.0,
            hours: 40.0,
            cost_per_weight_hour: 0.5,
            ..season(10.0)
        };
        // The season's ten hours pay its pool and a quarter of the stream.
        assert!((free_entry_total(&both) - 400.0).abs() < 1e-9);
        // Nobody is there yet: 1,600 units of weight within the forty hours take the stream.
        let share = Estimate::default().streamed(Forecast::Rational, &both, 40.0);
        assert!((share - 400.0 * 40.0 / 1640.0).abs() < 1e-9);
    }

    #[test]
    fn what_a_schedule_will_release_is_judged_by_its_latest_release_its_beginning_and_its_cap() {
        let day = Time(Span::DAY.0);
        let quiet = EmissionNotice { begins: Time::ZERO, left: None, latest: None };
        let expected = |notice: EmissionNotice, now| expected_release(&notice, 5.0, now, 48.0);
        assert_eq!(expected(quiet, day), 240.0);
        assert_eq!(expected(EmissionNotice { begins: day, ..quiet }, Time::ZERO), 120.0);
        let release = |released, minted| Release { over: Span::HOUR.times(2), released, minted };
        let latest = |latest| EmissionNotice { latest: Some(latest), ..quiet };
        assert_eq!(expected(latest(release(4 * TOKEN, 4 * TOKEN)), day), 96.0);
        assert_eq!(expected(latest(release(4 * TOKEN, 3 * TOKEN)), day), 72.0, "the rule pays less");
        assert_eq!(expected(latest(release(4 * TOKEN, 0)), day), 96.0, "nobody is there to be paid");
        assert_eq!(expected(latest(release(4 * TOKEN, 400 * TOKEN)), day), 96.0, "an old rest comes once");
        let capped = EmissionNotice { left: Some(7 * TOKEN), ..quiet };
        assert_eq!(expected(capped, day), 7.0);
    }
}
