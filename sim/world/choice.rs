//! How an individual chooses: a logit on return on investment, not on dollars.

/// Picks among options by their returns; `None` is "do nothing", whose return is 0.
///
/// P(option) = exp(return ÷ noise) ÷ (1 + Σ exp(return ÷ noise)), one uniform number per choice
/// (McFadden's conditional logit; the noise is the scale of the Gumbel terms).
#[must_use]
pub fn choose(returns: &[f64], noise: f64, uniform: f64) -> Option<usize> {
    let highest = returns.iter().fold(0.0_f64, |a, &b| a.max(b / noise));
    let nothing = libm::exp(-highest);
    let total = returns
        .iter()
        .fold(nothing, |sum, r| sum + libm::exp(r / noise - highest));
    let mut left = uniform * total - nothing;
    if left < 0.0 {
        return None;
    }
    for (index, r) in returns.iter().enumerate() {
        left -= libm::exp(r / noise - highest);
        if left < 0.0 {
            return Some(index);
        }
    }
    returns.len().checked_sub(1)
}

#[cfg(test)]
mod tests {
    use super::choose;

    fn shares(returns: &[f64], noise: f64) -> Vec<f64> {
        let n = 20_000;
        let mut counts = vec![0u32; returns.len() + 1];
        for i in 0..n {
            let u = (f64::from(i) + 0.5) / f64::from(n);
            counts[choose(returns, noise, u).map_or(0, |k| k + 1)] += 1;
        }
        counts.into_iter().map(|c| f64::from(c) / f64::from(n)).collect()
    }

    #[test]
    fn shares_follow_the_logit() {
        let got = shares(&[0.5, -0.5], 0.5);
        let e = |x: f64| libm::exp(x);
        let total = 1.0 + e(1.0) + e(-1.0);
        for (share, expected) in got.iter().zip([1.0 / total, e(1.0) / total, e(-1.0) / total]) {
            assert!((share - expected).abs() < 1e-3, "{got:?}");
        }
    }

    #[test]
    fn without_noise_the_best_wins_and_a_loss_is_never_taken() {
        assert_eq!(shares(&[0.2, 0.4], 1e-3), vec![0.0, 0.0, 1.0]);
        assert_eq!(shares(&[-0.2, -0.4], 1e-3), vec![1.0, 0.0, 0.0]);
    }

    #[test]
    fn huge_returns_do_not_overflow() {
        assert_eq!(choose(&[1e9, 1e9 - 1.0], 0.1, 0.5), Some(0));
        assert_eq!(choose(&[], 0.1, 0.5), None);
    }
}
