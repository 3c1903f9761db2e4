//! What tests of formulas share.

mod bits;
mod errors;
mod hostile;
mod language;

use super::{Formula, Stack};
use crate::lcg::Lcg;

/// The formula that must be sound.
fn sound(text: &str, variables: &[&str]) -> Formula {
    Formula::compile(text, variables).unwrap_or_else(|errors| panic!("{text}: {errors:?}"))
}

/// The value of a formula for one row.
fn value(text: &str, variables: &[&str], values: &[f64]) -> f64 {
    sound(text, variables).evaluate(values, &mut Stack::default())
}

/// Mostly numbers of a network, sometimes what no formula should meet.
fn any_number(lcg: &mut Lcg) -> f64 {
    const ODD: [f64; 12] =
        [0.0, -0.0, 1.0, -1.0, 0.5, -2.5, 1e300, 5e-324, 1e-310, f64::INFINITY, f64::NEG_INFINITY, f64::NAN];
    let unit = (lcg.next() >> 11) as f64 / (1_u64 << 53) as f64;
    match lcg.below(16) {
        0 => ODD[lcg.below(12) as usize],
        1 => unit * 2.0 - 1.0,
        2 => -unit * 300.0,
        3..8 => unit,
        8..12 => unit * 20.0,
        _ => unit * 100_000.0,
    }
}

/// Equal to the bit, all NaNs being one.
fn same(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan())
}
