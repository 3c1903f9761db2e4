//! Reputation: how far a device has kept its word lately, as one number that fades with a half-life.
//!
//! *Rule*: a weighted mean of observations between 0 and [`ONE`]. Each epoch the old score keeps the share
//! that its half-life leaves and the epoch's uptime share takes the rest; a verdict or the end of a lease
//! counts at once, as one observation of full or no trust with a weight of its own.
//!
//! *Formula*: at an epoch's end `score = keep * score + (1 - keep) * up / epoch` with
//! `keep = 2^-(epoch / half-life)`; at an observation of weight `w`, `score = (1 - w) * score + w * (1 or 0)`.
//! Both are convex, so the score stays in `[0, ONE]`. `keep` is computed in integers: the quotient of epoch
//! and half-life in binary, and for each of its bits a square root more of one half.
//!
//! *Source*: io.net's docs name the ingredients of its reliability score (uptime, performance,
//! disconnections, slashing history) and no formula. The form and all numbers are assumed.
//!
//! *Known weakness*: a fresh device starts in the middle, so a bad name is worth shedding when listing
//! anew costs less than mending it; good conduct can be saved up and spent on one fraud.

use crate::ids::DeviceId;
use crate::units::{ONE, Ppm, Span};
use serde::Serialize;

/// Half-life and weights.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct ReputationSpec {
    /// Time in which the weight of the past halves; zero forgets all at each epoch. 30 days (assumed).
    pub half_life: Span,
    /// Score of a new device. 500,000 ppm (assumed).
    pub start: Ppm,
    /// Weight of a passed challenge. 1 % (assumed).
    pub verdict_passed: Ppm,
    /// Weight of a failed challenge. 20 % (assumed: honest machines fail by chance too).
    pub verdict_failed: Ppm,
    /// Weight of a lease that was served. 5 % (assumed).
    pub lease_served: Ppm,
    /// Weight of a lease that was deserted or not delivered. 20 % (assumed).
    pub lease_failed: Ppm,
}

impl Default for ReputationSpec {
    fn default() -> Self {
        ReputationSpec {
            half_life: Span::DAY.times(30),
            start: 500_000,
            verdict_passed: 10_000,
            verdict_failed: 200_000,
            lease_served: 50_000,
            lease_failed: 200_000,
        }
    }
}

/// Fractional bits behind each ppm, so that slow decay is not lost to rounding.
const FRACTION: u32 = 32;
/// [`ONE`] with its fractional bits.
const FULL: u64 = (ONE as u64) << FRACTION;
/// Fractional bits of a decay factor.
const FACTOR: u32 = 62;

/// Scores by [`DeviceId::at`].
#[derive(Debug)]
pub struct Reputation {
    spec: ReputationSpec,
    /// What others read: ppm, rounded down.
    score: Vec<Ppm>,
    /// The same with [`FRACTION`] more bits.
    exact: Vec<u64>,
}

impl Reputation {
    /// No devices yet.
    #[must_use]
    pub fn new(spec: ReputationSpec) -> Reputation {
        Reputation { spec, score: Vec::new(), exact: Vec::new() }
    }

    /// Scores of all devices in parts per million, each in `[0, ONE]`.
    #[must_use]
    pub fn scores(&self) -> &[Ppm] {
        &self.score
    }

    /// `count` more devices, with the starting score.
    pub fn grow(&mut self, count: u32) {
        let start = self.spec.start.min(ONE);
        let rows = self.score.len() + count as usize;
        self.score.resize(rows, start);
        self.exact.resize(rows, u64::from(start) << FRACTION);
    }

    /// An epoch ends: `up_ns` is each device's time online in it.
    ///
    /// # Panics
    /// When `up_ns` has not one row per device.
    pub fn fold_epoch(&mut self, up_ns: &[u64], epoch: Span) {
        assert_eq!(up_ns.len(), self.score.len(), "one row per device");
        if epoch == Span::ZERO {
            return;
        }
        let old = keep(epoch, self.spec.half_life);
        let new = (1 << FACTOR) - old;
        for ((exact, score), up) in self.exact.iter_mut().zip(&mut self.score).zip(up_ns) {
            // Nearly every device was up all the time or not at all, which needs no division.
            let share = match (*up).min(epoch.0) {
                0 => 0,
                up if up == epoch.0 => u128::from(FULL),
                up => u128::from(up) * u128::from(FULL) / u128::from(epoch.0),
            };
            let mean = (u128::from(*exact) * u128::from(old) + share * u128::from(new)) >> FACTOR;
            *exact = u64::try_from(mean).expect("a mean of two scores is a score");
            *score = whole(*exact);
        }
    }

    /// A challenge was judged.
    pub fn verdict(&mut self, device: DeviceId, passed: bool) {
        let spec = &self.spec;
        let weight = if passed { spec.verdict_passed } else { spec.verdict_failed };
        self.observe(device, passed, weight);
    }

    /// A lease ended: served, or failed by this device.
    pub fn outcome(&mut self, device: DeviceId, ok: bool) {
        let spec = &self.spec;
        let weight = if ok { spec.lease_served } else { spec.lease_failed };
        self.observe(device, ok, weight);
    }

    fn observe(&mut self, device: DeviceId, good: bool, weight: Ppm) {
        let weight = u128::from(weight.min(ONE));
        let exact = &mut self.exact[device.at()];
        let target = if good { u128::from(FULL) } else { 0 };
        let old = u128::from(*exact) * (u128::from(ONE) - weight);
        let mean = (old + target * weight) / u128::from(ONE);
        *exact = u64::try_from(mean).expect("a mean of two scores is a score");
        self.score[device.at()] = whole(*exact);
    }
}

fn whole(exact: u64) -> Ppm {
    Ppm::try_from(exact >> FRACTION).expect("a score is at most ONE")
}

/// `2^-(epoch / half_life)` with [`FACTOR`] fractional bits, rounded down.
fn keep(epoch: Span, half_life: Span) -> u64 {
    if half_life == Span::ZERO {
        return 0;
    }
    let halvings = epoch.0 / half_life.0;
    if halvings > u64::from(FACTOR) {
        return 0;
    }
    let mut factor: u128 = 1 << (u64::from(FACTOR) - halvings);
    let mut rest = u128::from(epoch.0 % half_life.0);
    let mut root: u128 = 1 << (FACTOR - 1);
    for _ in 0..FACTOR {
        root = (root << FACTOR).isqrt();
        rest *= 2;
        if rest >= u128::from(half_life.0) {
            rest -= u128::from(half_life.0);
            factor = (factor * root) >> FACTOR;
        }
    }
    u64::try_from(factor).expect("at most one")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lcg::Lcg;

    fn one(spec: ReputationSpec) -> Reputation {
        let mut reputation = Reputation::new(spec);
        reputation.grow(1);
        reputation
    }

    #[test]
    fn the_factor_is_a_power_of_one_half() {
        let unit: u64 = 1 << FACTOR;
        assert_eq!(keep(Span(7), Span(7)), unit / 2);
        assert_eq!(keep(Span(21), Span(7)), unit / 8);
        assert_eq!(keep(Span(0), Span(7)), unit);
        assert_eq!(keep(Span(7), Span(0)), 0);
        assert_eq!(keep(Span(u64::MAX), Span(1)), 0);
        for (epoch, half_life) in [(1, 2), (1, 720), (719, 720), (3, 7), (1, 1_000_000)] {
            let exact = libm::exp2(-(epoch as f64) / half_life as f64);
            let ours = keep(Span(epoch), Span(half_life)) as f64 / unit as f64;
            assert!((ours - exact).abs() < 1e-15, "{epoch}/{half_life}: {ours} {exact}");
        }
    }

    #[test]
    fn a_silent_device_halves_in_one_half_life_whatever_the_epoch() {
        let half_life = Span::DAY.times(30);
        for epoch in [Span::MINUTE.times(15), Span::HOUR, Span::HOUR.times(7), half_life] {
            let mut reputation = one(ReputationSpec::default());
            let mut left = half_life;
            while left > Span::ZERO {
                let step = epoch.min(left);
                reputation.fold_epoch(&[0], step);
                left = left - step;
            }
            let score = reputation.scores()[0];
            assert!((249_999..=250_000).contains(&score), "{epoch:?}: {score}");
        }
    }

    #[test]
    fn the_score_tends_to_the_share_of_uptime() {
        let mut reputation = one(ReputationSpec::default());
        for _ in 0..24 * 600 {
            reputation.fold_epoch(&[Span::HOUR.0 / 4], Span::HOUR);
        }
        let score = reputation.scores()[0];
        assert!((249_995..=250_005).contains(&score), "{score}");
    }

    #[test]
    fn a_verdict_and_an_outcome_count_with_their_weights() {
        let mut reputation = one(ReputationSpec::default());
        reputation.verdict(DeviceId(0), false);
        assert_eq!(reputation.scores(), [400_000]);
        reputation.outcome(DeviceId(0), true);
        assert_eq!(reputation.scores(), [430_000]);
        reputation.outcome(DeviceId(0), false);
        assert_eq!(reputation.scores(), [344_000]);
        reputation.verdict(DeviceId(0), true);
        assert_eq!(reputation.scores(), [350_560]);
    }

    #[test]
    fn no_history_leaves_the_range_and_excess_uptime_counts_as_all() {
        let mut lcg = Lcg(7);
        let spec = ReputationSpec {
            half_life: Span::HOUR.times(3),
            start: u32::MAX,
            lease_failed: u32::MAX,
            ..ReputationSpec::default()
        };
        let mut reputation = one(spec);
        assert_eq!(reputation.scores(), [ONE]);
        let (mut lowest, mut highest) = (ONE, 0);
        for _ in 0..20_000 {
            match lcg.below(6) {
                0 => reputation.verdict(DeviceId(0), lcg.below(2) == 0),
                1 => reputation.outcome(DeviceId(0), lcg.below(2) == 0),
                2 => reputation.fold_epoch(&[u64::MAX], Span::DAY),
                _ => reputation.fold_epoch(&[lcg.below(Span::HOUR.0)], Span::HOUR),
            }
            lowest = lowest.min(reputation.scores()[0]);
            highest = highest.max(reputation.scores()[0]);
        }
        assert!(highest <= ONE);
        assert!(lowest == 0 && highest > 990_000, "{lowest} {highest}");
    }

    #[test]
    fn devices_do_not_share_scores() {
        let mut reputation = one(ReputationSpec::default());
        reputation.verdict(DeviceId(0), false);
        reputation.grow(2);
        reputation.verdict(DeviceId(2), false);
        assert_eq!(reputation.scores(), [400_000, 500_000, 400_000]);
    }
}
