//! What outsiders can work out about the pool: weight accrued so far, weight to come, and a share of it.

use super::people::Forecast;

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
    /// Tokens to be shared.
    pub pool_tokens: f64,
    /// Hours of accrual still to come in the season.
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
        let naive = self.accrued + self.rate * prospect.hours;
        match kind {
            Forecast::Naive => naive,
            Forecast::Extrapolative => {
                let g = (self.growth * prospect.hours).clamp(-1.386, 1.386);
                let mean_factor = if g.abs() < 1e-9 { 1.0 } else { (libm::exp(g) - 1.0) / g };
                self.accrued + self.rate * prospect.hours * mean_factor
            }
            Forecast::Rational => naive.max(free_entry_total(prospect)),
        }
    }

    /// Tokens that `own` units of weight per hour earn until the end, if the total comes out as forecast:
    /// own weight ÷ (forecast + own) × pool.
    #[must_use]
    pub fn tokens(&self, kind: Forecast, prospect: &Prospect, own: f64) -> f64 {
        let mine = own * prospect.hours;
        if mine <= 0.0 {
            return 0.0;
        }
        mine / (self.total(kind, prospect) + mine) * prospect.pool_tokens
    }
}

/// The rational benchmark: total weight at which the marginal entrant earns exactly its cost,
/// pool × price ÷ cost of a unit of weight.
#[must_use]
pub fn free_entry_total(prospect: &Prospect) -> f64 {
    if prospect.cost_per_weight_hour <= 0.0 {
        return 0.0;
    }
    prospect.pool_tokens * prospect.price_usd / prospect.cost_per_weight_hour
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The free-entry closed form of the model: 32 M tokens at 1 USD against 400 USD a device admit 80,000 devices,
    /// and a price of 0.5, 1 or 2 then returns -50 %, 0 or +100 %.
    #[test]
    fn rational_entrants_stop_at_eighty_thousand() {
        let prospect =
            Prospect { pool_tokens: 32e6, hours: 1.0, price_usd: 1.0, cost_per_weight_hour: 400.0 };
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
        let prospect = Prospect { pool_tokens: 1e6, hours: 500.0, price_usd: 1.0, cost_per_weight_hour: 1.0 };
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
        let prospect =
            Prospect { pool_tokens: 1000.0, hours: 10.0, price_usd: 1.0, cost_per_weight_hour: 0.0 };
        assert!((estimate.tokens(Forecast::Naive, &prospect, 1.0) - 10.0).abs() < 1e-9);
    }
}
