//! Wilson's interval for a proportion: it keeps its level for few trials and for shares near 0 and 1.

use crate::engine::draw::normal_quantile;

/// Interval for the chance behind `hits` out of `trials` at `confidence` (Wilson 1927); `None` for no trials, more hits
/// than trials, or a confidence outside (0, 1).
#[must_use]
pub fn wilson(hits: u64, trials: u64, confidence: f64) -> Option<[f64; 2]> {
    if trials == 0 || hits > trials || !(confidence > 0.0 && confidence < 1.0) {
        return None;
    }
    let (count, share) = (trials as f64, hits as f64 / trials as f64);
    let z = normal_quantile(0.5 + confidence / 2.0);
    let scale = 1.0 + z * z / count;
    let centre = (share + z * z / (2.0 * count)) / scale;
    let half = z / scale * (share * (1.0 - share) / count + z * z / (4.0 * count * count)).sqrt();
    let low = if hits == 0 { 0.0 } else { (centre - half).max(0.0) };
    let high = if hits == trials { 1.0 } else { (centre + half).min(1.0) };
    Some([low, high])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_of_newcombes_table() {
        // Newcombe (1998), Statistics in Medicine 17: 857-872, table I, method 3: 81/263, 15/148, 0/20, 1/29.
        for (hits, trials, expected) in [
            (81, 263, [0.2553, 0.3662]),
            (15, 148, [0.0624, 0.1605]),
            (0, 20, [0.0, 0.1611]),
            (1, 29, [0.0061, 0.1718]),
        ] {
            let found = wilson(hits, trials, 0.95).expect("trials");
            assert!(
                found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 5e-5),
                "{hits}/{trials}: {found:?}"
            );
        }
    }

    #[test]
    fn all_and_none_reach_the_ends_and_nonsense_is_refused() {
        assert_eq!(wilson(9, 9, 0.9).expect("trials")[1], 1.0);
        assert_eq!(wilson(0, 9, 0.9).expect("trials")[0], 0.0);
        assert_eq!((wilson(0, 0, 0.9), wilson(3, 2, 0.9), wilson(1, 2, 1.0)), (None, None, None));
    }
}
