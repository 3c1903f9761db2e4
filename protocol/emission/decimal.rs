//! A published decimal number, taken exactly as it is printed.

use super::ratio::{floor_ratio, power_of_ten};
use crate::units::Amount;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Most digits that a decimal may have.
const MOST_DIGITS: u32 = 38;

/// A decimal number without sign, of at most 38 digits. It is written as text, so that no binary fraction comes between
/// a page and its schedule; zeros at the end of the fraction do not count.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Decimal {
    digits: u128,
    places: u32,
}

/// Why a text is no decimal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NotDecimal;

impl Decimal {
    /// `digits` divided by ten to `places`.
    ///
    /// # Panics
    /// With more than 38 places.
    #[must_use]
    pub const fn new(digits: u128, places: u32) -> Decimal {
        assert!(places <= MOST_DIGITS, "at most 38 places");
        let (mut digits, mut places) = (digits, places);
        while places > 0 && digits.is_multiple_of(10) {
            digits /= 10;
            places -= 1;
        }
        Decimal { digits, places }
    }

    /// One less this number; zero when it is larger than one.
    #[must_use]
    pub const fn one_minus(self) -> Decimal {
        Decimal::new(self.unit().saturating_sub(self.digits), self.places)
    }

    /// This part of an amount, rounded down.
    #[must_use]
    pub fn of(self, amount: Amount) -> Amount {
        floor_ratio(amount, self.digits, self.unit())
    }

    /// The number as a fraction: its digits.
    pub(super) const fn digits(self) -> u128 {
        self.digits
    }

    /// The number as a fraction: what its digits are divided by.
    pub(super) const fn unit(self) -> u128 {
        power_of_ten(self.places)
    }
}

impl FromStr for Decimal {
    type Err = NotDecimal;

    fn from_str(text: &str) -> Result<Decimal, NotDecimal> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
        let plain = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        let fraction = match fraction.trim_end_matches('0') {
            "" if plain(fraction) => "",
            trimmed => trimmed,
        };
        let places = u32::try_from(fraction.len()).map_err(|_| NotDecimal)?;
        if !plain(whole) || (places > 0 && !plain(fraction)) || places > MOST_DIGITS || text.ends_with('.') {
            return Err(NotDecimal);
        }
        let digits = format!("{whole}{fraction}").parse().map_err(|_| NotDecimal)?;
        Ok(Decimal::new(digits, places))
    }
}

impl TryFrom<String> for Decimal {
    type Error = NotDecimal;

    fn try_from(text: String) -> Result<Decimal, NotDecimal> {
        text.parse()
    }
}

impl From<Decimal> for String {
    fn from(number: Decimal) -> String {
        number.to_string()
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, fraction) = (self.digits / self.unit(), self.digits % self.unit());
        match self.places {
            0 => write!(f, "{whole}"),
            places => write!(f, "{whole}.{fraction:0width$}", width = places as usize),
        }
    }
}

impl fmt::Display for NotDecimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a decimal number such as 0.0102 of at most 38 digits, without sign or exponent")
    }
}

impl std::error::Error for NotDecimal {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_printed_number_is_read_and_written_as_it_stands() {
        let read: Decimal = "0.000013886952395979300000".parse().expect("a decimal");
        assert_eq!(read, Decimal::new(138_869_523_959_793, 19));
        assert_eq!(read.to_string(), "0.0000138869523959793");
        assert_eq!(read.one_minus().to_string(), "0.9999861130476040207");
        assert_eq!("12".parse::<Decimal>().expect("a decimal").to_string(), "12");
        assert_eq!("1.000".parse::<Decimal>(), Ok(Decimal::new(1, 0)));
    }

    #[test]
    fn what_is_not_a_plain_decimal_is_refused() {
        for text in ["", ".", "1.", ".5", "-1", "+1", "1e3", "0.1.2", " 1", "0.-1", "1_000"] {
            assert_eq!(text.parse::<Decimal>(), Err(NotDecimal), "{text:?}");
        }
        let long = format!("0.{}", "1".repeat(39));
        assert_eq!(long.parse::<Decimal>(), Err(NotDecimal));
    }

    #[test]
    fn a_part_of_an_amount_is_rounded_down() {
        assert_eq!(Decimal::new(945, 3).of(1_000), 945);
        assert_eq!(Decimal::new(945, 3).of(999), 944);
        assert_eq!(Decimal::new(945, 3).of(-999), 0);
        assert_eq!(Decimal::new(2, 0).one_minus(), Decimal::new(0, 0));
    }
}
