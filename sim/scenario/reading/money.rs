//! Exact decimal money: dollars to a millionth, tokens to eight decimals (or eighteen), never through a float.

use depin_protocol::emission::Decimal;

use super::raw::Raw;
use super::value::Value;

/// Whole units above which an amount is a mistake: 10^18.
const WHOLE_LIMIT: i128 = 1_000_000_000_000_000_000;

macro_rules! amount {
    ($name:ident, $decimals:literal, $signed:literal, $doc:literal, $expected:literal) => {
        #[doc = $doc]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub struct $name(pub i128);

        impl Value for $name {
            const EXPECTED: &'static str = $expected;

            fn read(raw: &Raw<'_>) -> Result<Self, String> {
                amount(raw, $decimals, $signed).map(Self)
            }

            fn placeholder() -> Self {
                Self(10i128.pow($decimals))
            }

            fn write(&self) -> Option<String> {
                Some(format!("\"{}\"", decimal_text(self.0, $decimals)))
            }
        }
    };
}

amount!(
    Usd,
    6,
    false,
    "Dollars in micro-dollars (10^-6), at least zero.",
    "an amount of US dollars with at most 6 decimals, such as \"400.00\""
);
amount!(
    SignedUsd,
    6,
    true,
    "Dollars in micro-dollars (10^-6), negative allowed.",
    "an amount of US dollars with at most 6 decimals, negative allowed, such as \"-400.00\""
);
amount!(
    Tokens,
    8,
    false,
    "Tokens in units of 10^-8, at least zero.",
    "an amount of tokens with at most 8 decimals, such as \"400.00\""
);
amount!(
    SignedTokens,
    8,
    true,
    "Tokens in units of 10^-8, negative allowed.",
    "an amount of tokens with at most 8 decimals, negative allowed, such as \"-400.00\""
);

amount!(
    FineTokens,
    18,
    false,
    "Tokens in units of 10^-18, at least zero: fine enough for any token, to be scaled to the decimals of one.",
    "an amount of tokens with at most 18 decimals, such as \"400.00\""
);

impl Value for Decimal {
    const EXPECTED: &'static str =
        "a decimal number such as 0.0102, of at most 38 digits, without sign or exponent";

    fn read(raw: &Raw<'_>) -> Result<Self, String> {
        let literal = raw.decimal().ok_or_else(|| raw.describe())?;
        literal.parse().map_err(|_| raw.describe())
    }

    fn placeholder() -> Self {
        Self::new(1, 0)
    }

    fn write(&self) -> Option<String> {
        Some(format!("\"{self}\""))
    }
}

/// Reads an amount in units of 10^-`decimals`.
fn amount(raw: &Raw<'_>, decimals: u32, signed: bool) -> Result<i128, String> {
    let literal = raw.decimal().ok_or_else(|| raw.describe())?;
    let units = parse_decimal(&literal, decimals).map_err(|why| format!("{}, {why}", raw.describe()))?;
    if units < 0 && !signed {
        return Err(format!("{}, which is negative", raw.describe()));
    }
    Ok(units)
}

/// `[+-]digits[.digits][e[+-]digits]` to units of 10^-`decimals`, exactly, or why not.
fn parse_decimal(text: &str, decimals: u32) -> Result<i128, &'static str> {
    const NOT_DECIMAL: &str = "which is not a decimal number";
    const TOO_LARGE: &str = "which is above 10^18";
    let (negative, body) = match text.as_bytes().first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    };
    let (mantissa, exponent) = match body.find(['e', 'E']) {
        Some(at) => (&body[..at], body[at + 1..].parse::<i32>().ok()),
        None => (body, Some(0)),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    let digits_only = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !digits_only(whole) || !digits_only(fraction) {
        return Err(NOT_DECIMAL);
    }
    let exponent = exponent.ok_or(NOT_DECIMAL)?;

    let digits = format!("{whole}{fraction}");
    let significant = digits.trim_start_matches('0');
    let trimmed = significant.trim_end_matches('0');
    if trimmed.is_empty() {
        return Ok(0);
    }
    // value = trimmed * 10^power units; the lengths are bounded by the size of a file, so i64 cannot overflow.
    let power = i64::from(exponent) - fraction.len() as i64
        + (significant.len() - trimmed.len()) as i64
        + i64::from(decimals);
    if power < 0 {
        return Err("which has too many decimals");
    }
    if trimmed.len() as i64 + power > 19 + i64::from(decimals) {
        return Err(TOO_LARGE);
    }
    let mantissa: i128 = trimmed.parse().map_err(|_| TOO_LARGE)?;
    let power = u32::try_from(power).map_err(|_| TOO_LARGE)?;
    let units = mantissa * 10i128.pow(power);
    if units > WHOLE_LIMIT * 10i128.pow(decimals) {
        return Err(TOO_LARGE);
    }
    Ok(if negative { -units } else { units })
}

/// The shortest decimal text of an amount: `400`, `-0.25`.
fn decimal_text(units: i128, decimals: u32) -> String {
    let scale = 10u128.pow(decimals);
    let (whole, rest) = (units.unsigned_abs() / scale, units.unsigned_abs() % scale);
    let sign = if units < 0 { "-" } else { "" };
    let text = format!("{sign}{whole}.{rest:0width$}", width = decimals as usize);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_taken_exactly() {
        for (text, units) in [
            ("400.00", 400_000_000),
            ("0.1", 100_000),
            ("-0.000001", -1),
            ("1e3", 1_000_000_000),
            ("+1.5e-2", 15_000),
            ("1000000000000000000", WHOLE_LIMIT * 1_000_000),
            ("0.0000000000", 0),
            ("0e999", 0),
            ("100e-2", 1_000_000),
            ("9007199254740993.000001", 9_007_199_254_740_993_000_001),
        ] {
            assert_eq!(parse_decimal(text, 6), Ok(units), "{text}");
        }
    }

    #[test]
    fn what_is_not_an_exact_amount_is_refused() {
        for text in [
            "",
            "-",
            ".",
            "1.",
            ".5",
            "1e",
            "1e999999999999",
            "0x10",
            "1,000",
            "$5",
            "4 0",
            "nan",
            "inf",
            "--1",
            "0.0000001",
            "1e-7",
            "1000000000000000000.000001",
            "2e18",
            "99999999999999999999999999999999999999999999",
            "1e2147483647",
        ] {
            assert!(parse_decimal(text, 6).is_err(), "{text}");
        }
    }

    #[test]
    fn writing_an_amount_and_reading_it_again_changes_nothing() {
        for units in [0, 1, -1, 250_000, 400_000_000, -123_456_789, i128::from(u64::MAX)] {
            let text = decimal_text(units, 6);
            assert_eq!(parse_decimal(&text, 6), Ok(units), "{text}");
        }
    }
}
