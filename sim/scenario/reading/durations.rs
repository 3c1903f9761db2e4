//! Spans of time in the unit their key names, turned into integer nanoseconds.

use super::canonical;
use super::raw::Raw;
use super::value::{Value, real};

/// Longest span that is read: a million years of 365.25 days, in hours.
const LIMIT_HOURS: f64 = 1e6 * 365.25 * 24.0;

macro_rules! span {
    ($name:ident, $unit:literal, $per_hour:expr, $ns:expr) => {
        #[doc = concat!("A span of time in ", $unit, ": finite, at least zero, below a million years.")]
        #[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
        pub struct $name(pub f64);

        impl $name {
            /// Nanoseconds, rounded to the nearest; spans above 584 years, which a u64 cannot hold, are `u64::MAX`.
            pub fn ns(&self) -> u64 {
                nanoseconds(self.0, $ns)
            }
        }

        impl Value for $name {
            const EXPECTED: &'static str =
                concat!("a number of ", $unit, ", at least 0 and below a million years");

            fn read(raw: &Raw<'_>) -> Result<Self, String> {
                let value = real(raw, 0.0, f64::MAX)?;
                if value >= LIMIT_HOURS * $per_hour {
                    return Err(format!("{}, a million years or more", raw.describe()));
                }
                Ok(Self(value))
            }

            fn placeholder() -> Self {
                Self(1.0)
            }

            fn write(&self) -> Option<String> {
                Some(canonical::float(self.0))
            }
        }
    };
}

span!(Days, "days", 1.0 / 24.0, 86_400_000_000_000);
span!(Hours, "hours", 1.0, 3_600_000_000_000);
span!(Minutes, "minutes", 60.0, 60_000_000_000);
span!(Seconds, "seconds", 3600.0, 1_000_000_000);

/// Whole units multiply as integers, so that 365 days are exact; only the fraction is rounded.
fn nanoseconds(value: f64, unit: u64) -> u64 {
    // A float cast saturates: negative and NaN give 0, the far future u64::MAX.
    let whole = value.trunc() as u64;
    let fraction = (value.fract() * unit as f64).round() as u64;
    whole.saturating_mul(unit).saturating_add(fraction)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_become_exact_nanoseconds_and_saturate() {
        assert_eq!(Days(365.0).ns(), 365 * 86_400_000_000_000);
        assert_eq!(Hours(0.5).ns(), 1_800_000_000_000);
        assert_eq!(Minutes(1.5).ns(), 90_000_000_000);
        assert_eq!(Seconds(0.1).ns(), 100_000_000);
        assert_eq!(Seconds(0.0).ns(), 0);
        assert_eq!(Days(365.25 * 600.0).ns(), u64::MAX);
    }
}
