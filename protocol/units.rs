//! Integer time, money and ratios: the only quantities that cross the seam.

use serde::{Deserialize, Serialize};
use std::ops::{Add, AddAssign, Sub};

/// An instant: nanoseconds since the network's genesis (a simulation's start).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
pub struct Time(pub u64);

/// A length of time in nanoseconds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
pub struct Span(pub u64);

/// Base units of an asset: micro-dollars, 1e-8 tokens or micro-points.
pub type Amount = i128;

/// A ratio in parts per million: multipliers, shares and tolerances.
pub type Ppm = u32;

/// One whole in parts per million.
pub const ONE: Ppm = 1_000_000;
/// Micro-dollars in a dollar.
pub const USD: Amount = 1_000_000;
/// Base units in a token (eight decimals, as IO has).
pub const TOKEN: Amount = 100_000_000;
/// Base units in a point.
pub const POINT: Amount = 1_000_000;

impl Time {
    /// The start.
    pub const ZERO: Time = Time(0);
    /// A date that never comes.
    pub const NEVER: Time = Time(u64::MAX);
    /// The same, for code that looks for a largest value.
    pub const MAX: Time = Time::NEVER;

    /// The span since `earlier`, or zero when that lies in the future.
    #[must_use]
    pub fn since(self, earlier: Time) -> Span {
        Span(self.0.saturating_sub(earlier.0))
    }
}

impl Span {
    /// No time at all.
    pub const ZERO: Span = Span(0);
    /// The longest span, 584 years; what too large a number saturates to.
    pub const MAX: Span = Span(u64::MAX);
    /// One second.
    pub const SECOND: Span = Span(1_000_000_000);
    /// One minute.
    pub const MINUTE: Span = Span(60 * Self::SECOND.0);
    /// One hour.
    pub const HOUR: Span = Span(60 * Self::MINUTE.0);
    /// One day of 24 hours.
    pub const DAY: Span = Span(24 * Self::HOUR.0);
    /// Seven days.
    pub const WEEK: Span = Span(7 * Self::DAY.0);

    /// A whole number of this span.
    #[must_use]
    pub fn times(self, n: u64) -> Span {
        Span(self.0.checked_mul(n).expect("a span within 584 years"))
    }

    /// The span in hours, for people and decisions, never for the clock.
    #[must_use]
    pub fn hours(self) -> f64 {
        self.0 as f64 / Self::HOUR.0 as f64
    }

    /// The span in seconds, for people and decisions, never for the clock.
    #[must_use]
    pub fn seconds(self) -> f64 {
        self.0 as f64 / Self::SECOND.0 as f64
    }

    /// `count` units of this many nanoseconds, rounded to a whole nanosecond.
    ///
    /// The rule: the product is formed in double precision, then rounded half up.
    /// Negative numbers and NaN give [`Span::ZERO`]; what does not fit gives [`Span::MAX`].
    fn from_units(count: f64, unit: Span) -> Span {
        let nanos = count * unit.0 as f64;
        // A cast truncates, takes NaN to zero and saturates; above 2^53 there is no fraction left.
        let whole = nanos as u64;
        let fraction = nanos - whole as f64;
        Span(whole.saturating_add(u64::from(fraction >= 0.5)))
    }

    /// Seconds to the nearest nanosecond, half up; negative or NaN is zero, too large is [`Span::MAX`].
    #[must_use]
    pub fn from_secs(seconds: f64) -> Span {
        Span::from_units(seconds, Span::SECOND)
    }

    /// Hours to the nearest nanosecond; rounded as [`Span::from_secs`] says.
    #[must_use]
    pub fn from_hours(hours: f64) -> Span {
        Span::from_units(hours, Span::HOUR)
    }
}

impl Add<Span> for Time {
    type Output = Time;
    /// Saturates at [`Time::NEVER`], so that "never plus an hour" is still never.
    fn add(self, span: Span) -> Time {
        Time(self.0.saturating_add(span.0))
    }
}

impl AddAssign<Span> for Time {
    fn add_assign(&mut self, span: Span) {
        *self = *self + span;
    }
}

impl Sub for Time {
    type Output = Span;
    /// As [`Time::since`].
    fn sub(self, earlier: Time) -> Span {
        self.since(earlier)
    }
}

impl Add for Span {
    type Output = Span;
    fn add(self, other: Span) -> Span {
        Span(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Span {
    fn add_assign(&mut self, other: Span) {
        *self = *self + other;
    }
}

impl Sub for Span {
    type Output = Span;
    fn sub(self, other: Span) -> Span {
        Span(self.0.saturating_sub(other.0))
    }
}

/// `amount * ppm / 1_000_000`, rounded toward zero; the caller says who keeps the remainder.
#[must_use]
pub fn portion(amount: Amount, ppm: Ppm) -> Amount {
    // What fits in 64 bits, as nearly every sum does, is divided several times faster there.
    let narrow = u64::try_from(amount).ok().and_then(|amount| amount.checked_mul(u64::from(ppm)));
    match narrow {
        Some(product) => Amount::from(product / u64::from(ONE)),
        None => amount * Amount::from(ppm) / Amount::from(ONE),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn real_seconds_round_half_up_to_nanoseconds() {
        assert_eq!(Span::from_secs(1.5), Span(1_500_000_000));
        assert_eq!(Span::from_units(0.5, Span(1)), Span(1));
        assert_eq!(Span::from_units(2.5, Span(1)), Span(3));
        // Adding one half before truncating would round this one up.
        assert_eq!(Span::from_units(0.499_999_999_999_999_94, Span(1)), Span(0));
        // Odd numbers above 2^52 have no fraction and must not move.
        assert_eq!(Span::from_units(4_503_599_627_370_497.0, Span(1)), Span((1 << 52) + 1));
        assert_eq!(Span::from_hours(0.25), Span::MINUTE.times(15));
    }

    #[test]
    fn impossible_real_seconds_become_zero_or_the_maximum() {
        for bad in [-0.0, -1e-12, -5.0, f64::NEG_INFINITY, f64::NAN] {
            assert_eq!(Span::from_secs(bad), Span::ZERO, "{bad}");
        }
        assert_eq!(Span::from_secs(f64::INFINITY), Span::MAX);
        assert_eq!(Span::from_secs(1e11), Span::MAX);
        assert!(Span::from_secs(1.8e10) < Span::MAX);
    }

    #[test]
    fn never_stays_never_and_no_span_is_negative() {
        assert_eq!(Time::NEVER + Span::HOUR, Time::NEVER);
        assert_eq!(Time(1) - Time(2), Span::ZERO);
        assert_eq!(Time::MAX.0 / Span::DAY.0 / 365, 584);
    }
}
