//! Decimal text to whole nanoseconds and back, without a float in between.

use std::str::FromStr;

/// Longest time in nanoseconds, 292 years; two of them still add up in 64 bits.
pub const LONGEST: u64 = i64::MAX as u64;

/// Largest unit: 1000 seconds in nanoseconds.
const LARGEST_UNIT: u64 = 1_000_000_000_000;

/// A decimal number as written: `digits / 10^scale`, the scale as small as can be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Decimal {
    /// Whether a minus stood before it.
    pub negative: bool,
    /// All digits as one whole number.
    pub digits: u128,
    /// How many of them stand behind the point, at most 38.
    pub scale: u32,
}

const NUMBER: &str = "a decimal number such as 12 or 0.5";
const DIGITS: &str = "a number of at most 38 digits";

impl FromStr for Decimal {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let mut all = whole.bytes().chain(fraction.bytes());
        if whole.len() + fraction.len() == 0 || !all.all(|b| b.is_ascii_digit()) {
            return Err(NUMBER);
        }
        let power = exponent_of(exponent)?;
        let fraction = fraction.trim_end_matches('0');
        let mut digits = 0_u128;
        for byte in whole.bytes().chain(fraction.bytes()) {
            digits = push_digit(digits, byte - b'0').ok_or(DIGITS)?;
        }
        if digits == 0 {
            return Ok(Self { negative, digits, scale: 0 });
        }
        let mut scale = i64::try_from(fraction.len()).map_err(|_| DIGITS)? - power;
        while scale > 0 && digits.is_multiple_of(10) {
            digits /= 10;
            scale -= 1;
        }
        while scale < 0 {
            digits = push_digit(digits, 0).ok_or(DIGITS)?;
            scale += 1;
        }
        let scale = u32::try_from(scale).ok().filter(|s| *s <= 38).ok_or(DIGITS)?;
        Ok(Self { negative, digits, scale })
    }
}

fn push_digit(digits: u128, digit: u8) -> Option<u128> {
    digits.checked_mul(10)?.checked_add(u128::from(digit))
}

fn exponent_of(text: &str) -> Result<i64, &'static str> {
    let bare = text.strip_prefix(['+', '-']).unwrap_or(text);
    if bare.is_empty() || !bare.bytes().all(|b| b.is_ascii_digit()) {
        return Err(NUMBER);
    }
    text.parse::<i64>().ok().filter(|e| e.abs() <= 400).ok_or(DIGITS)
}

impl Decimal {
    /// The number where it is whole, not negative, and fits.
    #[must_use]
    pub fn whole(self) -> Option<u128> {
        (self.scale == 0 && (!self.negative || self.digits == 0)).then_some(self.digits)
    }

    /// Whether this is the -1 by which archives say "unknown".
    #[must_use]
    pub fn is_minus_one(self) -> bool {
        self.negative && self.digits == 1 && self.scale == 0
    }
}

/// `above / below`, halves upwards, and whether anything was rounded.
pub(super) fn divide(above: u128, below: u128) -> (u128, bool) {
    let rest = above % below;
    (above / below + u128::from(rest > 0 && rest >= below - rest), rest != 0)
}

/// A time read: nanoseconds, and whether the text said more than that.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Reading {
    /// Whole nanoseconds.
    pub ns: u64,
    /// Whether the text had digits below a nanosecond; halves are rounded upwards.
    pub rounded: bool,
}

/// What one unit of time in a trace is, in nanoseconds.
///
/// Only units are taken by which every whole number of nanoseconds is a finite decimal: those without
/// a prime factor but 2 and 5. So what is read can be printed back exactly.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TimeUnit(u64);

impl TimeUnit {
    /// One second, the unit of nearly all traces.
    pub const SECOND: TimeUnit = TimeUnit(Self::SECOND_NS);

    pub(super) const SECOND_NS: u64 = 1_000_000_000;

    /// Nanoseconds of one unit.
    #[must_use]
    pub fn ns(self) -> u64 {
        self.0
    }

    /// Reads a time written as decimal text in this unit.
    ///
    /// # Errors
    /// What was expected, where the text is no number, is negative or is too large.
    pub fn read(self, text: &str) -> Result<Reading, &'static str> {
        let number: Decimal = text.parse()?;
        if number.negative && number.digits > 0 {
            return Err("a time of zero or more");
        }
        let product = number.digits.checked_mul(u128::from(self.0)).ok_or(DIGITS)?;
        let (ns, rounded) = divide(product, 10_u128.pow(number.scale));
        let ns = u64::try_from(ns).ok().filter(|ns| *ns <= LONGEST).ok_or("a time below 292 years")?;
        Ok(Reading { ns, rounded })
    }

    /// A time as exact decimal text in this unit, without a point where it is whole.
    #[must_use]
    pub fn text(self, ns: u64) -> String {
        let mut text = (ns / self.0).to_string();
        let mut rest = u128::from(ns % self.0);
        if rest > 0 {
            text.push('.');
        }
        while rest > 0 {
            rest *= 10;
            let digit = u32::try_from(rest / u128::from(self.0)).unwrap_or_default();
            text.extend(char::from_digit(digit, 10));
            rest %= u128::from(self.0);
        }
        text
    }
}

impl Default for TimeUnit {
    fn default() -> Self {
        Self::SECOND
    }
}

impl FromStr for TimeUnit {
    type Err = String;

    /// `1s`, `10us`, `0.5s`: a number, then `ns`, `us`, `ms` or `s`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refused =
            || format!("{text:?} is no unit of time; write a number and ns, us, ms or s, such as 1s or 10us");
        let at = text.find(|c: char| c.is_ascii_alphabetic()).ok_or_else(refused)?;
        let (number, suffix) = text.split_at(at);
        let size: u128 = match suffix {
            "ns" => 1,
            "us" => 1_000,
            "ms" => 1_000_000,
            "s" => 1_000_000_000,
            _ => return Err(refused()),
        };
        let number: Decimal = number.trim_end().parse().map_err(|_| refused())?;
        let product = number.digits.checked_mul(size).filter(|_| !number.negative).ok_or_else(refused)?;
        let (ns, rounded) = divide(product, 10_u128.pow(number.scale));
        let ns = u64::try_from(ns).unwrap_or(u64::MAX);
        if rounded || !(1..=LARGEST_UNIT).contains(&ns) {
            return Err(format!("{text:?} is no whole number of nanoseconds from 1ns to 1000s"));
        }
        if !is_of_two_and_five(ns) {
            return Err(format!(
                "{text:?} has times that no finite decimal can say; take a unit such as 1s, 10us or 0.5s"
            ));
        }
        Ok(Self(ns))
    }
}

fn is_of_two_and_five(mut number: u64) -> bool {
    for factor in [2, 5] {
        while number.is_multiple_of(factor) {
            number /= factor;
        }
    }
    number == 1
}
