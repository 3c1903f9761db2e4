//! Numbers for people: K and M, percentages, exact decimals.

use libm::{floor, log10, pow};

/// Three significant digits with K, M, B or T: `0`, `0.25`, `12.3K`, `600K`, `-1.2M`; `n/a` for NaN.
#[must_use]
pub fn short(value: f64) -> String {
    if !value.is_finite() {
        return if value.is_nan() {
            "n/a".into()
        } else if value > 0.0 {
            "inf".into()
        } else {
            "-inf".into()
        };
    }
    let size = value.abs();
    for (suffix, unit) in [("", 1.0), ("K", 1e3), ("M", 1e6), ("B", 1e9), ("T", 1e12)] {
        // 999.5 rounds to 1000, which belongs to the next suffix.
        if size / unit < 999.5 {
            return format!("{}{suffix}", significant(value / unit));
        }
    }
    format!("{value:.2e}")
}

/// Three significant digits without trailing zeros, for sizes below a thousand.
fn significant(value: f64) -> String {
    let size = value.abs();
    if size < 1e-9 {
        return "0".into();
    }
    let decimals = (2.0 - floor(log10(size) + 1e-12)).clamp(0.0, 9.0) as usize;
    trim_zeros(&format!("{value:.decimals$}"))
}

fn trim_zeros(text: &str) -> String {
    let trimmed = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text };
    if trimmed == "-0" { "0".into() } else { trimmed.into() }
}

/// Dollars, short: `$1.2M`, `-$350`.
#[must_use]
pub fn usd(value: f64) -> String {
    let text = short(value);
    match text.strip_prefix('-') {
        Some(rest) => format!("-${rest}"),
        None if value.is_nan() => text,
        None => format!("${text}"),
    }
}

/// A fraction as a percentage, rounded as its size deserves: `0.4%`, `-34%`, `9.1K%`.
#[must_use]
pub fn percent(fraction: f64) -> String {
    let value = fraction * 100.0;
    let size = value.abs();
    if !value.is_finite() || size >= 9999.5 {
        return format!("{}%", short(value)).replace("n/a%", "n/a");
    }
    let text = if size < 9.95 { format!("{value:.1}") } else { format!("{value:.0}") };
    format!("{}%", if text == "-0.0" { "0.0" } else { &text })
}

/// As [`percent`], with a plus sign for gains.
#[must_use]
pub fn signed_percent(fraction: f64) -> String {
    let text = percent(fraction);
    if fraction > 0.0 && text != "0.0%" { format!("+{text}") } else { text }
}

/// An integer of base units as exact decimal text: `(1_234_500, 6)` is `1.2345`.
#[must_use]
pub fn exact(amount: i128, decimals: u8) -> String {
    let digits = format!("{:0>width$}", amount.unsigned_abs(), width = usize::from(decimals) + 1);
    let (whole, rest) = digits.split_at(digits.len() - usize::from(decimals));
    let rest = rest.trim_end_matches('0');
    let sign = if amount < 0 { "-" } else { "" };
    if rest.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{rest}") }
}

/// The whole part of a decimal text in groups of three digits: `1234567.25` is `1,234,567.25`.
#[must_use]
pub fn grouped(text: &str) -> String {
    let (sign, rest) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
    let (whole, part) = rest.split_at(rest.find('.').unwrap_or(rest.len()));
    let mut out = sign.to_owned();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    out + part
}

/// Base units as the nearest double in whole units.
#[must_use]
pub fn whole(amount: i128, decimals: u8) -> f64 {
    amount as f64 / pow(10.0, f64::from(decimals))
}

/// Swaps the hyphen before a digit or sign of money for a true minus, for drawing.
#[must_use]
pub fn typeset(number: &str) -> String {
    number.replace('-', "\u{2212}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_read_as_people_write_them() {
        let cases = [
            (0.0, "0"),
            (0.25, "0.25"),
            (999.4, "999"),
            (999.6, "1K"),
            (12_345.0, "12.3K"),
            (600_000.0, "600K"),
            (-1_200_000.0, "-1.2M"),
            (3.2e13, "32T"),
            (f64::NAN, "n/a"),
        ];
        for (value, text) in cases {
            assert_eq!(short(value), text);
        }
        assert_eq!(usd(-350.0), "-$350");
        assert_eq!(percent(-0.344), "-34%");
        assert_eq!(signed_percent(0.052), "+5.2%");
        assert_eq!(percent(-0.0001), "0.0%");
    }

    #[test]
    fn exact_decimals_lose_nothing() {
        assert_eq!(exact(1_234_500, 6), "1.2345");
        assert_eq!(exact(-5, 8), "-0.00000005");
        assert_eq!(exact(170_141_183_460_469_231_731_687_303_715_884_105_727, 0).len(), 39);
        assert_eq!(exact(7, 0), "7");
        assert_eq!(
            ["-1234567.0025", "123456", "12", "0.5"].map(grouped),
            ["-1,234,567.0025", "123,456", "12", "0.5"]
        );
    }
}
