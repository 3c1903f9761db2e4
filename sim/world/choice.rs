//! How an individual chooses: a logit on return on investment, not on dollars.

/// Picks among options by return and taste; `None` is "do nothing", whose return is 0.
///
/// Each individual has a taste per option, a standard Gumbel term drawn once and for all from `taste(option)` (a uniform
/// number; option 0 is to do nothing, option k + 1 is `options[k].0`). The highest `return ÷ noise + taste` wins, so
/// that over many individuals P(option) = exp(return ÷ noise) ÷ (1 + Σ exp(return ÷ noise)): McFadden's conditional logit.
/// Because tastes persist, an individual that decides again under the same returns decides the same: entry is not
/// a lottery that everyone wins who asks often enough.
#[must_use]
pub fn choose(options: &[(usize, f64)], noise: f64, taste: impl Fn(u64) -> f64) -> Option<usize> {
    let gumbel = |u: f64| -libm::log(-libm::log(u));
    let mut best = (gumbel(taste(0)), None);
    for (position, (option, roi)) in options.iter().enumerate() {
        let utility = roi / noise + gumbel(taste(*option as u64 + 1));
        if utility > best.0 {
            best = (utility, Some(position));
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::choose;
    use crate::engine::{EntityKey, Purpose, Seed, Streams};

    const TASTE: Purpose = Purpose::new("test.taste");

    fn shares(returns: &[f64], noise: f64) -> Vec<f64> {
        let streams = Streams::new(Seed { master: 7, replication: 0 });
        let options: Vec<(usize, f64)> = returns.iter().copied().enumerate().collect();
        let people = 40_000;
        let mut counts = vec![0u32; returns.len() + 1];
        for person in 0..people {
            let stream = streams.stream(TASTE, EntityKey::of("supply", "test", person));
            counts[choose(&options, noise, |k| stream.uniform(k)).map_or(0, |k| k + 1)] += 1;
        }
        counts.into_iter().map(|c| f64::from(c) / people as f64).collect()
    }

    #[test]
    fn shares_follow_the_logit() {
        let got = shares(&[0.5, -0.5], 0.5);
        let e = |x: f64| libm::exp(x);
        let total = 1.0 + e(1.0) + e(-1.0);
        for (share, expected) in got.iter().zip([1.0 / total, e(1.0) / total, e(-1.0) / total]) {
            assert!((share - expected).abs() < 0.01, "{got:?}");
        }
    }

    #[test]
    fn without_noise_the_best_wins_and_a_loss_is_never_taken() {
        assert_eq!(shares(&[0.2, 0.4], 1e-3), vec![0.0, 0.0, 1.0]);
        assert_eq!(shares(&[-0.2, -0.4], 1e-3), vec![1.0, 0.0, 0.0]);
    }

    #[test]
    fn asking_again_does_not_change_a_mind() {
        let streams = Streams::new(Seed { master: 1, replication: 0 });
        for person in 0..200 {
            let stream = streams.stream(TASTE, EntityKey::of("supply", "test", person));
            let first = choose(&[(0, -0.3)], 0.3, |k| stream.uniform(k));
            let again = choose(&[(0, -0.3)], 0.3, |k| stream.uniform(k));
            assert_eq!(first, again);
            let worse = choose(&[(0, -0.6)], 0.3, |k| stream.uniform(k));
            assert!(worse.is_none() || first.is_some(), "a worse offer attracts nobody new");
        }
    }

    #[test]
    fn huge_returns_do_not_overflow() {
        assert_eq!(choose(&[(0, 1e9), (1, 1e9 - 100.0)], 0.1, |_| 0.5), Some(0));
        assert_eq!(choose(&[], 0.1, |_| 0.5), None);
    }
}
