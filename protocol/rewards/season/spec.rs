//! What a season promises: its pool, how points are counted, and what an account can get at most.

use super::super::Leftover;
use crate::command::Rejection;
use crate::units::{Amount, ONE, POINT, Ppm, Span, TOKEN, Time};
use serde::Serialize;

/// How the points of a closed season are counted.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub enum Accrual {
    /// All points accrued over the season.
    #[default]
    Integral,
    /// Points accrued × time up inside the windows ÷ the windows' length: whoever is offline in the windows gets very
    /// little, whatever it did before.
    Snapshot {
        /// From and to, ascending and disjoint.
        windows: Vec<(Time, Time)>,
    },
}

/// A season of points.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct SeasonSpec {
    /// Tokens promised to all accounts together, in base units. Default: 32 million IO (founding article).
    pub pool: Amount,
    /// Announced end. A promise for others to read: the season ends when it is counted. Default: never.
    pub ends: Time,
    /// How points are counted at its end. Default: integral.
    pub accrual: Accrual,
    /// Exponent on an account's points (measured in whole points), in parts per million, above zero and at most one.
    /// Default one: linear, as published.
    ///
    /// *Known weakness*: below one it breaks the Sybil law by accounts: dividing a fleet among k accounts multiplies its
    /// points by k^(1 − exponent), so the honest owner of many cards loses to whoever buys addresses.
    pub account_exponent_ppm: Ppm,
    /// Most that one account is paid, in token base units. Default: no cap.
    ///
    /// *Known weakness*: it breaks the Sybil law by accounts, as the exponent does; k accounts have k caps.
    pub cap_per_account: Option<Amount>,
    /// What becomes of tokens beyond caps, and of the pool of a season in which nobody has points. Default: retained.
    pub leftover: Leftover,
}

impl Default for SeasonSpec {
    fn default() -> Self {
        SeasonSpec {
            pool: 32_000_000 * TOKEN,
            ends: Time::NEVER,
            accrual: Accrual::Integral,
            account_exponent_ppm: ONE,
            cap_per_account: None,
            leftover: Leftover::Retain,
        }
    }
}

impl SeasonSpec {
    /// Refuses what cannot be counted or paid.
    pub(super) fn check(&self) -> Result<(), Rejection> {
        let capped = self.cap_per_account.is_none_or(|cap| cap >= 0);
        let concave = (1..=ONE).contains(&self.account_exponent_ppm);
        let in_order = self.windows().is_sorted_by(|a, b| a.1 <= b.0);
        let not_empty = self.windows().iter().all(|(from, to)| from < to);
        if self.pool >= 0 && capped && concave && in_order && not_empty {
            Ok(())
        } else {
            Err(Rejection::BadSize)
        }
    }

    /// The snapshot windows, none under integral accrual.
    #[must_use]
    pub fn windows(&self) -> &[(Time, Time)] {
        match &self.accrual {
            Accrual::Integral => &[],
            Accrual::Snapshot { windows } => windows,
        }
    }

    /// How much of the time between two instants lies inside the snapshot windows.
    #[must_use]
    pub fn inside_windows(&self, from: Time, to: Time) -> Span {
        self.windows()
            .iter()
            .map(|&(start, end)| end.min(to).since(start.max(from)))
            .fold(Span::ZERO, |sum, part| sum + part)
    }

    /// An account's counted micro-points from the sum over its devices.
    pub(super) fn account_points(&self, sum: u128) -> Amount {
        if self.account_exponent_ppm == ONE {
            return Amount::try_from(sum).expect("2^32 devices of 64 bits each stay below 96 bits");
        }
        // The one real function of this file, from the portable library, quantised half up to a micro-point.
        let exponent = f64::from(self.account_exponent_ppm) / f64::from(ONE);
        let points = libm::pow(sum as f64 / POINT as f64, exponent);
        (points * POINT as f64 + 0.5) as Amount
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(change: impl FnOnce(&mut SeasonSpec)) -> SeasonSpec {
        let mut spec = SeasonSpec::default();
        change(&mut spec);
        spec
    }

    fn snapshot(windows: &[(u64, u64)]) -> SeasonSpec {
        let windows = windows.iter().map(|&(a, b)| (Time(a), Time(b))).collect();
        with(|spec| spec.accrual = Accrual::Snapshot { windows })
    }

    #[test]
    fn what_cannot_be_counted_or_paid_is_refused() {
        assert_eq!(SeasonSpec::default().check(), Ok(()));
        assert_eq!(snapshot(&[(1, 5), (5, 6)]).check(), Ok(()));
        let bad = [
            with(|spec| spec.pool = -1),
            with(|spec| spec.account_exponent_ppm = 0),
            with(|spec| spec.account_exponent_ppm = ONE + 1),
            with(|spec| spec.cap_per_account = Some(-1)),
            snapshot(&[(5, 5)]),
            snapshot(&[(5, 1)]),
            snapshot(&[(1, 5), (4, 6)]),
            snapshot(&[(7, 9), (1, 5)]),
        ];
        for spec in bad {
            assert_eq!(spec.check(), Err(Rejection::BadSize), "{spec:?}");
        }
    }

    #[test]
    fn windows_are_clipped_to_the_time_asked_about() {
        let spec = snapshot(&[(10, 20), (30, 40)]);
        let inside = |from, to| spec.inside_windows(Time(from), Time(to)).0;
        assert_eq!(inside(0, 100), 20);
        assert_eq!(inside(15, 35), 10);
        assert_eq!((inside(0, 10), inside(20, 30), inside(40, 50)), (0, 0, 0));
        assert_eq!(SeasonSpec::default().inside_windows(Time(0), Time::NEVER), Span::ZERO);
    }

    #[test]
    fn linear_points_are_exact_and_concave_ones_are_rounded_half_up() {
        let linear = SeasonSpec::default();
        assert_eq!(linear.account_points((1 << 90) + 1), (1 << 90) + 1);
        let root = with(|spec| spec.account_exponent_ppm = ONE / 2);
        assert_eq!(root.account_points(9 * POINT as u128), 3 * POINT);
        assert_eq!(root.account_points(2 * POINT as u128), 1_414_214);
        assert_eq!(root.account_points(0), 0);
    }
}
