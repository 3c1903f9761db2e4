//! The ratio of two means, such as dollars of subsidy per dollar of revenue over replications.
//!
//! The mean of ratios is another number than the ratio of means, and a ratio of two estimates is biased; the jackknife
//! takes the first order of that bias away and gives an interval (Law, 5th ed., section 9.5.3, on regenerative ratios).

use super::{half_width, mean};

/// An estimate of mean(over) / mean(under).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ratio {
    /// The jackknifed ratio.
    pub value: f64,
    /// Half width of its interval.
    pub half_width: f64,
}

/// The ratio of means over pairs, with an interval at `confidence`. `None` for lists of different length, fewer than two
/// pairs, or where the mean of `under` is zero, with or without any one pair.
#[must_use]
pub fn ratio(over: &[f64], under: &[f64], confidence: f64) -> Option<Ratio> {
    let count = over.len() as f64;
    if over.len() != under.len() || over.len() < 2 {
        return None;
    }
    let (all_over, all_under) = (over.iter().sum::<f64>(), under.iter().sum::<f64>());
    let divided = |over: f64, under: f64| (under != 0.0).then(|| over / under);
    let whole = divided(all_over, all_under)?;
    let pairs = over.iter().zip(under);
    let without: Option<Vec<f64>> = pairs
        .map(|(a, b)| Some(count * whole - (count - 1.0) * divided(all_over - a, all_under - b)?))
        .collect();
    let pseudo = without?;
    Some(Ratio { value: mean(&pseudo)?, half_width: half_width(&pseudo, confidence)? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::draw::exponential;
    use crate::engine::streams::{EntityKey, Purpose, Seed, Streams};

    #[test]
    fn a_constant_ratio_is_exact_whatever_the_sizes() {
        let found = ratio(&[2.0, 4.0, 60.0], &[1.0, 2.0, 30.0], 0.95).expect("three pairs");
        assert!((found.value - 2.0).abs() < 1e-12 && found.half_width < 1e-12);
    }

    #[test]
    fn three_pairs_by_hand() {
        // Whole 6/6 = 1; without each pair 5/4, 4/4, 3/4; pseudo-values 0.5, 1, 1.5: mean 1, deviation 0.5.
        let found = ratio(&[1.0, 2.0, 3.0], &[2.0, 2.0, 2.0], 0.95).expect("three pairs");
        assert!((found.value - 1.0).abs() < 1e-12);
        assert!((found.half_width - 4.302_652_729_749_46 * 0.5 / 3.0_f64.sqrt()).abs() < 1e-9);
    }

    #[test]
    fn what_has_no_denominator_has_no_ratio() {
        assert_eq!(ratio(&[1.0, 2.0], &[1.0, -1.0], 0.95), None);
        assert_eq!(ratio(&[1.0, 2.0], &[1.0, 0.0], 0.95), None);
        assert_eq!(ratio(&[1.0], &[1.0], 0.95), None);
        assert_eq!(ratio(&[1.0, 2.0], &[1.0], 0.95), None);
    }

    /// Exponential numerators of mean 3 and denominators of mean 2, twenty pairs: the jackknifed interval holds 1.5 about
    /// as often as it says; the mean of ratios does not exist (the mean of 1 / exponential is infinite).
    #[test]
    fn the_interval_holds_the_ratio_of_means() {
        let streams = Streams::new(Seed { master: 5, replication: 0 });
        let mut held = 0;
        for number in 0..1000 {
            let mut cursor = streams.stream(Purpose::new("ratio"), EntityKey(number)).cursor(0);
            let pairs =
                (0..20).map(|_| (exponential(3.0, cursor.uniform()), exponential(2.0, cursor.uniform())));
            let (over, under): (Vec<f64>, Vec<f64>) = pairs.unzip();
            let found = ratio(&over, &under, 0.95).expect("pairs");
            held += u32::from((found.value - 1.5).abs() <= found.half_width);
        }
        assert!((900..=975).contains(&held), "{held} of 1000");
    }
}
