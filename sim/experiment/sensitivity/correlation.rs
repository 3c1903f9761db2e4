//! Rank correlations between an axis and an outcome, for designs that sample at random.
//!
//! Spearman's, with the interval of Fieller, Hartley and Pearson (1957): normal in Fisher's z with deviation
//! 1.03 / sqrt(n - 3).

use super::{Estimate, Refused, sound};

/// Spearman's correlation of two rows of numbers, with its interval of 95 %.
///
/// # Errors
/// When a number is missing (NaN), one of them never varies, or there are fewer than ten.
///
/// # Panics
/// When they are not equally many.
pub fn spearman(x: &[f64], y: &[f64]) -> Result<Estimate, Refused> {
    assert_eq!(x.len(), y.len(), "pairs");
    sound(y)?;
    sound(x)?;
    if x.len() < 10 {
        return Err(Refused::Few);
    }
    let value = pearson(&ranks(x), &ranks(y));
    let half = 1.959_963_984_540_054 * 1.03 / ((x.len() - 3) as f64).sqrt();
    // Fisher's z of one is infinite, and so is certain.
    let z = libm::atanh(value.clamp(-1.0, 1.0));
    Ok(Estimate { value, low: libm::tanh(z - half), high: libm::tanh(z + half) })
}

/// Ranks from 1, ties sharing the mean of theirs.
fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    let mut ranks = vec![0.0; values.len()];
    let mut from = 0;
    while from < order.len() {
        let ties = order[from..].iter().take_while(|&&at| values[at] == values[order[from]]).count();
        let rank = from as f64 + (ties as f64 + 1.0) / 2.0;
        order[from..from + ties].iter().for_each(|&at| ranks[at] = rank);
        from += ties;
    }
    ranks
}

fn pearson(x: &[f64], y: &[f64]) -> f64 {
    let count = x.len() as f64;
    let mean = |values: &[f64]| values.iter().sum::<f64>() / count;
    let (mean_x, mean_y) = (mean(x), mean(y));
    let sum =
        |of: &dyn Fn(f64, f64) -> f64| x.iter().zip(y).map(|(x, y)| of(x - mean_x, y - mean_y)).sum::<f64>();
    sum(&|x, y| x * y) / (sum(&|x, _| x * x) * sum(&|_, y| y * y)).sqrt()
}
