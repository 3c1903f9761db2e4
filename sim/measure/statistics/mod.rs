//! Summary statistics: means, Student intervals, quantiles and concentration, summed in the order given.
//!
//! Sums run from the first element to the last, and real functions come from `libm`, so that the same
//! numbers give the same bits on every machine.

pub mod adjust;
pub mod batch_means;
pub mod equivalence;
pub mod order;
pub mod proportion;
pub mod ratio;
pub mod warm_up;

use libm::{exp, lgamma, log};

/// Arithmetic mean; `None` for no values.
#[must_use]
pub fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| sum(values) / values.len() as f64)
}

/// Sample standard deviation (divisor n - 1); `None` for fewer than two values.
#[must_use]
pub fn standard_deviation(values: &[f64]) -> Option<f64> {
    if values.len() < 2 {
        return None;
    }
    let centre = mean(values)?;
    let squares: f64 = values.iter().map(|v| (v - centre) * (v - centre)).sum();
    Some((squares / (values.len() - 1) as f64).sqrt())
}

/// Half width of Student's interval for the mean at `confidence` (0.95 for 95 %); `None` for fewer than
/// two values. Formula: t(1 - (1 - c) / 2; n - 1) s / sqrt(n).
#[must_use]
pub fn half_width(values: &[f64], confidence: f64) -> Option<f64> {
    let deviation = standard_deviation(values)?;
    let quantile = t_quantile(0.5 + confidence / 2.0, (values.len() - 1) as f64);
    Some(quantile * deviation / (values.len() as f64).sqrt())
}

/// Quantile of Student's t with `degrees` of freedom, for 0 < p < 1 and `degrees` > 0; otherwise NaN.
///
/// The distribution is the regularised incomplete beta function (Abramowitz and Stegun 26.7.1), inverted
/// by bisection until neighbouring doubles are reached.
#[must_use]
pub fn t_quantile(p: f64, degrees: f64) -> f64 {
    if !(p > 0.0 && p < 1.0 && degrees > 0.0) {
        return f64::NAN;
    }
    let tail = if p < 0.5 { p } else { 1.0 - p };
    let upper_tail = |t: f64| 0.5 * beta_ratio(degrees / (degrees + t * t), degrees / 2.0, 0.5);
    let (mut low, mut high) = (0.0_f64, 1.0_f64);
    while upper_tail(high) > tail && high < 1e300 {
        (low, high) = (high, high * 2.0);
    }
    loop {
        let middle = low + (high - low) / 2.0;
        if middle <= low || middle >= high {
            break;
        }
        if upper_tail(middle) > tail {
            low = middle;
        } else {
            high = middle;
        }
    }
    if p < 0.5 { -high } else { high }
}

/// The chance that Student's t with `degrees` of freedom exceeds `t`, infinite ones included; NaN for NaN or degrees <= 0.
#[must_use]
pub fn t_tail(t: f64, degrees: f64) -> f64 {
    if t.is_nan() || degrees.is_nan() || degrees <= 0.0 {
        return f64::NAN;
    }
    let tail = match t.is_infinite() {
        true => 0.0,
        false => 0.5 * beta_ratio(degrees / (degrees + t * t), degrees / 2.0, 0.5),
    };
    if t < 0.0 { 1.0 - tail } else { tail }
}

/// Quantile by linear interpolation (Hyndman and Fan, type 7: the default of numpy and R), for p in
/// [0, 1]. NaN values are left out; `None` when nothing is left.
#[must_use]
pub fn quantile(values: &[f64], p: f64) -> Option<f64> {
    quantile_of_sorted(&sorted(values), p)
}

/// As [`quantile`], for values already ascending and free of NaN.
#[must_use]
pub fn quantile_of_sorted(ascending: &[f64], p: f64) -> Option<f64> {
    let last = ascending.len().checked_sub(1)?;
    let position = p.clamp(0.0, 1.0) * last as f64;
    let below = position.floor();
    let (low, fraction) = (below as usize, position - below);
    let high = (low + 1).min(last);
    Some(ascending[low] + fraction * (ascending[high] - ascending[low]))
}

/// The values ascending, without NaN.
#[must_use]
pub fn sorted(values: &[f64]) -> Vec<f64> {
    let mut kept: Vec<f64> = values.iter().copied().filter(|v| !v.is_nan()).collect();
    kept.sort_by(f64::total_cmp);
    kept
}

/// Gini coefficient of amounts >= 0: mean absolute difference / (2 mean). 0 is equality; `None` when the
/// total is not positive.
#[must_use]
pub fn gini(amounts: &[f64]) -> Option<f64> {
    let ascending = sorted(amounts);
    let total = sum(&ascending);
    if total <= 0.0 {
        return None;
    }
    let count = ascending.len() as f64;
    let weighted: f64 =
        ascending.iter().enumerate().map(|(i, v)| (2.0 * (i as f64 + 1.0) - count - 1.0) * v).sum();
    Some(weighted / (count * total))
}

/// Theil's T index of amounts >= 0: mean of (x / mean) ln(x / mean), where 0 ln 0 is 0. 0 is equality, ln(n) one has all;
/// `None` when the total is not positive.
#[must_use]
pub fn theil(amounts: &[f64]) -> Option<f64> {
    let centre = mean(amounts)?;
    if centre.is_nan() || centre <= 0.0 {
        return None;
    }
    let part = |v: &f64| if *v > 0.0 { v / centre * log(v / centre) } else { 0.0 };
    Some(amounts.iter().map(part).sum::<f64>() / amounts.len() as f64)
}

/// Herfindahl-Hirschman index of amounts >= 0: the sum of squared percentage shares, 0 to 10 000; `None`
/// when the total is not positive.
#[must_use]
pub fn hhi(amounts: &[f64]) -> Option<f64> {
    let total = sum(amounts);
    (total > 0.0).then(|| amounts.iter().map(|v| (100.0 * v / total) * (100.0 * v / total)).sum())
}

/// Nakamoto coefficient: the smallest number of entities that together hold more than `threshold` (a
/// fraction) of the total; `None` when the total is not positive or no number of them does.
#[must_use]
pub fn nakamoto(amounts: &[f64], threshold: f64) -> Option<usize> {
    let descending: Vec<f64> = sorted(amounts).into_iter().rev().collect();
    let total = sum(&descending);
    if total <= 0.0 {
        return None;
    }
    let mut held = 0.0;
    descending
        .iter()
        .position(|v| {
            held += v;
            held > threshold * total
        })
        .map(|index| index + 1)
}

fn sum(values: &[f64]) -> f64 {
    values.iter().sum()
}

/// Regularised incomplete beta function I_x(a, b), by the continued fraction of Numerical Recipes 6.4
/// (Lentz's method) on the side where it converges quickly.
fn beta_ratio(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    let front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log(1.0 - x));
    if x < (a + 1.0) / (a + b + 2.0) {
        front * beta_fraction(x, a, b) / a
    } else {
        1.0 - front * beta_fraction(1.0 - x, b, a) / b
    }
}

fn beta_fraction(x: f64, a: f64, b: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let away_from_zero = |v: f64| if v.abs() < TINY { TINY } else { v };
    let mut c = 1.0;
    let mut d = 1.0 / away_from_zero(1.0 - (a + b) * x / (a + 1.0));
    let mut value = d;
    for step in 1..10_000 {
        let m = f64::from(step);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        let mut factor = 1.0;
        for term in [even, odd] {
            d = 1.0 / away_from_zero(1.0 + term * d);
            c = away_from_zero(1.0 + term / c);
            factor = c * d;
            value *= factor;
        }
        if (factor - 1.0).abs() < 1e-15 {
            break;
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn close(found: f64, expected: f64, tolerance: f64) {
        assert!((found - expected).abs() <= tolerance, "{found} is not {expected}");
    }

    fn list(text: &str) -> Vec<f64> {
        text.split(',').map(|v| v.parse().expect("a number")).collect()
    }

    fn fraction(text: &str) -> f64 {
        match text.split_once('/') {
            Some((over, under)) => list(over)[0] / list(under)[0],
            None => list(text)[0],
        }
    }

    #[test]
    fn the_published_rows_of_expected_statistics_hold() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/expected/analytic.csv");
        let Ok(mut table) = csv::Reader::from_path(path) else {
            println!("skipped: the table of expected results is not beside this project");
            return;
        };
        let mut checked = 0;
        for row in table.records() {
            let row = row.expect("a readable row");
            let arguments: BTreeMap<&str, &str> =
                row[2].split(';').filter_map(|part| part.split_once('=')).collect();
            let expected = || row[4].parse::<f64>().expect("a number");
            match (&row[1], &row[3]) {
                ("interval", "sd") => {
                    let found = standard_deviation(&list(arguments["x"])).expect("ten values");
                    close(found, expected(), 1e-12);
                }
                ("interval", "half_width") => {
                    let level = fraction(arguments["confidence"]);
                    let found = half_width(&list(arguments["x"]), level).expect("ten values");
                    close(found, expected(), 1e-9);
                }
                ("t_quantile", _) => {
                    let found = t_quantile(fraction(arguments["p"]), fraction(arguments["df"]));
                    close(found, expected(), 1e-9);
                }
                ("quantile", _) => {
                    let found = quantile(&list(arguments["x"]), fraction(arguments["p"]));
                    close(found.expect("values"), expected(), 1e-12);
                }
                ("gini", _) => close(gini(&list(arguments["x"])).expect("values"), expected(), 1e-12),
                ("hhi", _) => close(hhi(&list(arguments["shares"])).expect("values"), expected(), 1e-9),
                ("nakamoto", _) => {
                    let threshold = fraction(arguments["threshold"]);
                    let found = nakamoto(&list(arguments["shares"]), threshold).expect("values");
                    close(found as f64, expected(), 0.0);
                }
                ("theil", _) => close(theil(&list(arguments["x"])).expect("values"), expected(), 1e-12),
                ("adjust", "adjusted") => {
                    let p = list(arguments["p"]);
                    let found = match arguments["method"] {
                        "benjamini_hochberg" => adjust::benjamini_hochberg(&p),
                        "holm" => adjust::holm(&p),
                        _ => adjust::bonferroni(&p),
                    };
                    let expected = list(&row[4].replace(' ', ","));
                    found.iter().zip(&expected).for_each(|(found, expected)| close(*found, *expected, 1e-6));
                }
                _ => continue,
            }
            checked += 1;
        }
        assert!(checked >= 12, "only {checked} rows of this kind");
    }

    #[test]
    fn student_quantiles_match_the_printed_tables_and_are_odd() {
        // Closed forms for one and two degrees of freedom; the rest from printed tables.
        close(t_quantile(0.975, 1.0), 12.706_204_736_174_7, 1e-9);
        close(t_quantile(0.975, 2.0), 4.302_652_729_749_46, 1e-10);
        close(t_quantile(0.975, 1e6), 1.959_966_356_8, 1e-7);
        close(t_quantile(0.025, 9.0), -t_quantile(0.975, 9.0), 1e-12);
        assert!(t_quantile(1.0, 3.0).is_nan() && t_quantile(0.9, 0.0).is_nan());
    }

    #[test]
    fn nothing_measured_is_undefined_rather_than_zero() {
        assert_eq!(mean(&[]), None);
        assert_eq!(half_width(&[1.0], 0.95), None);
        assert_eq!(quantile(&[f64::NAN], 0.5), None);
        assert_eq!(gini(&[0.0, 0.0]), None);
        assert_eq!(hhi(&[]), None);
        assert_eq!(nakamoto(&[0.0], 0.5), None);
    }
}
