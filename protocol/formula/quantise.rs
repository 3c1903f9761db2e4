//! From a formula's real number to the integer weight that everything else is made of.

use crate::units::POINT;

/// Points as micro-points, half up. NaN and what is negative weigh nothing; what is too large weighs all that fits.
#[must_use]
pub fn quantise(points: f64) -> u64 {
    let micro = points * POINT as f64;
    let whole = micro as u64;
    whole.saturating_add(u64::from(micro - whole as f64 >= 0.5))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_rounded_half_up_to_millionths() {
        assert_eq!(quantise(1.0), 1_000_000);
        assert_eq!(quantise(2.5e-6), 3);
        assert_eq!(quantise(0.49e-6), 0);
        assert_eq!(quantise(1.234_567_5), 1_234_568);
        // Here adding 0.5 before cutting would round up to the next even number.
        assert_eq!(quantise(4_503_599_627.370_497), 4_503_599_627_370_497);
    }

    #[test]
    fn what_is_no_weight_is_zero_and_what_does_not_fit_is_the_largest() {
        for nothing in [f64::NAN, -f64::NAN, f64::NEG_INFINITY, -1.0, -0.6e-6, -0.0, 0.0, 5e-324] {
            assert_eq!(quantise(nothing), 0, "{nothing}");
        }
        for all in [f64::INFINITY, f64::MAX, 1.9e13] {
            assert_eq!(quantise(all), u64::MAX, "{all}");
        }
        assert_eq!(quantise(1.8e13), 18_000_000_000_000_000_000);
    }
}
