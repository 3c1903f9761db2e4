//! Exact times: decimal text and a unit make nanoseconds, and nanoseconds make decimal text, never through a float.

/// Length of one unit of a file's times, in whole nanoseconds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TimeUnit {
    /// Nanoseconds.
    ns: u64,
}

impl TimeUnit {
    /// One second.
    pub const SECOND: TimeUnit = TimeUnit { ns: 1_000_000_000 };

    /// Reads `"1s"`, `"10us"`, `"0.5s"`, `"2min"`: a decimal number and one of ns, us, ms, s, min, h, d.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn parse(text: &str) -> Result<TimeUnit, String> {
        let split = text.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(text.len());
        let (number, name) = text.split_at(split);
        let of_name = match name {
            "ns" => 1,
            "us" => 1_000,
            "ms" => 1_000_000,
            "s" => 1_000_000_000,
            "min" => 60_000_000_000,
            "h" => 3_600_000_000_000,
            "d" => 86_400_000_000_000,
            _ => return Err(format!("\"{text}\" has no unit of ns, us, ms, s, min, h, d")),
        };
        let ns =
            scaled(number.trim(), of_name).ok_or_else(|| format!("\"{number}\" is not a decimal number"))?;
        if ns.exact && ns.ns > 0 {
            Ok(TimeUnit { ns: ns.ns })
        } else {
            Err(format!("\"{text}\" is not a whole number of nanoseconds above zero"))
        }
    }

    /// Nanoseconds of one unit.
    #[must_use]
    pub fn ns(self) -> u64 {
        self.ns
    }

    /// Nanoseconds of a decimal text in this unit; halves of a nanosecond are rounded up. `None` for anything that is
    /// not a decimal number at least zero, or is longer than 64 bits of nanoseconds hold. Exponents (`1.5e3`) are read.
    #[must_use]
    pub fn to_ns(self, text: &str) -> Option<u64> {
        scaled(text, self.ns).map(|scaled| scaled.ns)
    }

    /// Decimal text of nanoseconds in this unit, without trailing zeros. Exact when the unit divides a power of ten of
    /// nanoseconds, as all but minutes and longer do; otherwise rounded down at 18 places.
    #[must_use]
    pub fn to_text(self, ns: u64) -> String {
        let (unit, ns) = (u128::from(self.ns), u128::from(ns));
        let (whole, mut rest) = (ns / unit, ns % unit);
        let mut text = whole.to_string();
        if rest > 0 {
            text.push('.');
            for _ in 0..18 {
                rest *= 10;
                text.push(char::from(b'0' + u8::try_from(rest / unit).expect("a digit")));
                rest %= unit;
                if rest == 0 {
                    break;
                }
            }
        }
        text
    }
}

struct Scaled {
    ns: u64,
    exact: bool,
}

/// `text * unit`, rounded half up.
fn scaled(text: &str, unit: u64) -> Option<Scaled> {
    let (mantissa, exponent) = match text.find(['e', 'E']) {
        Some(at) => (&text[..at], text[at + 1..].parse::<i32>().ok().filter(|e| e.abs() <= 40)?),
        None => (text, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    // Digits beyond the 30th cannot move a nanosecond.
    let mut digits: u128 = 0;
    let mut places: i32 = -exponent;
    let mut cut = false;
    for (i, digit) in whole.bytes().chain(fraction.bytes()).enumerate() {
        if !digit.is_ascii_digit() {
            return None;
        }
        let after_point = i >= whole.len();
        if digits < 10u128.pow(18) {
            digits = digits * 10 + u128::from(digit - b'0');
            places += i32::from(after_point);
        } else if after_point {
            cut |= digit != b'0';
        } else {
            return None;
        }
    }
    let product = digits.checked_mul(u128::from(unit))?;
    let (ns, rest) = if places <= 0 {
        (product.checked_mul(10u128.checked_pow(places.unsigned_abs())?)?, 0)
    } else {
        match 10u128.checked_pow(places.unsigned_abs()) {
            Some(power) => ((product + power / 2) / power, product % power),
            None => (0, 1),
        }
    };
    Some(Scaled { ns: u64::try_from(ns).ok()?, exact: rest == 0 && !cut })
}
