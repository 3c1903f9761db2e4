//! Renters of one class: how often they come, and what they remember.

use super::wallets::Wallet;
use crate::scenario::demand::RenterClass;
use depin_protocol::ids::AccountId;

/// State of a class of renters.
#[derive(Clone, Debug)]
pub struct Class {
    /// Their network account.
    pub account: AccountId,
    /// Renters who may have arrived so far: the index of the next draws.
    pub draws: u64,
    /// Factor on the rate: failures lower it, successes restore it, at most 1.
    pub mood: f64,
    /// What the timeline leaves of its demand, at most 1.
    pub demand: f64,
    /// Rate against which the next arrival is thinned.
    pub bound: f64,
    /// True when the next event only draws a new bound.
    pub redrawn: bool,
    /// Jobs submitted.
    pub submitted: u64,
    /// Money for jobs that wait.
    pub wallet: Wallet,
}

/// Arrivals per hour at an instant: day and week rhythm, growth and mood.
#[must_use]
pub fn rate(spec: &RenterClass, mood: f64, scale: f64, hours_since_start: f64, start_unix_s: i64) -> f64 {
    let unix_h = start_unix_s as f64 / 3600.0 + hours_since_start;
    let hour = unix_h - 24.0 * libm::floor(unix_h / 24.0);
    let day =
        1.0 + spec.daily_swing * libm::cos((hour - spec.peak_hour) / 24.0 * 2.0 * core::f64::consts::PI);
    // 1 January 1970 was a Thursday: days 2 and 3 of each week counted from there are Saturday and Sunday.
    let weekday = libm::floor(unix_h / 24.0) as i64 % 7;
    let week = if weekday == 2 || weekday == 3 { spec.weekend } else { 1.0 };
    let growth = libm::exp(spec.growth_per_month * hours_since_start / 730.0);
    spec.jobs_per_day / 24.0 * day * week * growth * mood * scale
}

/// How long a bound on the rate holds.
pub const BOUND_HOURS: f64 = 168.0;

/// A bound on [`rate`] for the week from now: what arrivals are thinned against.
#[must_use]
pub fn highest_rate(spec: &RenterClass, scale: f64, hours_since_start: f64) -> f64 {
    let ahead = if spec.growth_per_month > 0.0 { BOUND_HOURS } else { 0.0 };
    let growth = libm::exp(spec.growth_per_month * (hours_since_start + ahead) / 730.0);
    spec.jobs_per_day / 24.0 * (1.0 + spec.daily_swing) * spec.weekend.max(1.0) * growth * scale
}

impl Class {
    /// A failed job is remembered.
    pub fn disappointed(&mut self, memory: f64) {
        self.mood *= 1.0 - memory;
    }

    /// A good one slowly makes up for it.
    pub fn satisfied(&mut self, memory: f64) {
        self.mood += (1.0 - self.mood) * memory;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::draw::Law;
    use crate::scenario::demand::PriceLimit;

    fn spec() -> RenterClass {
        RenterClass {
            priority: 0,
            interruptible: false,
            name: "c".into(),
            stream: "c".into(),
            jobs_per_day: 24.0,
            daily_swing: 0.5,
            peak_hour: 15.0,
            weekend: 0.5,
            growth_per_month: 0.0,
            hardware: None,
            min_memory_gb: 0.0,
            cards: Law::Deterministic { mean: 1.0 },
            one_host: false,
            min_tier: 0,
            hours: Law::Deterministic { mean: 1.0 },
            patience: Law::Deterministic { mean: 1.0 },
            limit: PriceLimit::Fixed(0),
            least_hours: 0.0,
            memory: 0.1,
        }
    }

    #[test]
    fn the_rate_swings_over_the_day_and_rests_on_weekends() {
        let spec = spec();
        // 6 January 2024 was a Saturday, 8 January a Monday.
        let saturday = 1_704_499_200;
        let monday = saturday + 2 * 86_400;
        let at = |start, hour| rate(&spec, 1.0, 1.0, hour, start);
        assert!((at(monday, 15.0) - 1.5).abs() < 1e-9);
        assert!((at(monday, 3.0) - 0.5).abs() < 1e-9);
        assert!((at(saturday, 15.0) - 0.75).abs() < 1e-9);
        assert!(at(monday, 15.0) <= highest_rate(&spec, 1.0, 0.0) + 1e-12);
    }

    #[test]
    fn failures_are_remembered_and_slowly_forgiven() {
        let mut class = Class {
            account: AccountId(0),
            draws: 0,
            mood: 1.0,
            demand: 1.0,
            bound: 0.0,
            redrawn: false,
            submitted: 0,
            wallet: Wallet::default(),
        };
        class.disappointed(0.1);
        assert!((class.mood - 0.9).abs() < 1e-12);
        class.satisfied(0.1);
        assert!((class.mood - 0.91).abs() < 1e-12);
    }
}
