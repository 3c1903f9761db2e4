//! p-values of many tests together: each is raised so that comparing it with a level holds that level for all.

/// Bonferroni: p times the number of tests, at most 1. Bounds the chance of any false alarm, however tests depend.
#[must_use]
pub fn bonferroni(p: &[f64]) -> Vec<f64> {
    let tests = p.len() as f64;
    p.iter().map(|p| (p * tests).min(1.0)).collect()
}

/// Holm (1979): the k-th smallest of n times n - k + 1, never below one that is smaller, at most 1. Bounds the same
/// chance as Bonferroni and rejects at least as much.
#[must_use]
pub fn holm(p: &[f64]) -> Vec<f64> {
    let mut adjusted = vec![0.0; p.len()];
    let mut least = 0.0_f64;
    for (rank, index) in ascending(p).into_iter().enumerate() {
        least = least.max(p[index] * (p.len() - rank) as f64).min(1.0);
        adjusted[index] = least;
    }
    adjusted
}

/// Benjamini and Hochberg (1995): the k-th smallest of n times n / k, never above one that is larger, at most 1. Bounds
/// the expected share of false alarms among the alarms, for independent or positively dependent tests.
#[must_use]
pub fn benjamini_hochberg(p: &[f64]) -> Vec<f64> {
    let mut adjusted = vec![0.0; p.len()];
    let mut most = 1.0_f64;
    for (rank, index) in ascending(p).into_iter().enumerate().rev() {
        most = most.min(p[index] * p.len() as f64 / (rank + 1) as f64);
        adjusted[index] = most;
    }
    adjusted
}

/// Indices from the smallest p to the largest; equals in order, NaN last.
fn ascending(p: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|&a, &b| p[a].total_cmp(&p[b]));
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: &[f64], expected: &[f64]) {
        assert_eq!(found.len(), expected.len());
        assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-12), "{found:?}");
    }

    #[test]
    fn each_method_by_hand_in_any_order_of_the_tests() {
        let p = [0.04, 0.01, 0.03];
        close(&bonferroni(&p), &[0.12, 0.03, 0.09]);
        // Sorted 0.01 x 3, 0.03 x 2, 0.04 x 1 raised to 0.06.
        close(&holm(&p), &[0.06, 0.03, 0.06]);
        // Sorted 0.04 x 3/3, 0.03 x 3/2 lowered to 0.04, 0.01 x 3.
        close(&benjamini_hochberg(&p), &[0.04, 0.03, 0.04]);
    }

    #[test]
    fn no_p_exceeds_one_and_none_of_none_is_none() {
        for method in [bonferroni, holm, benjamini_hochberg] {
            assert!(method(&[0.9, 0.8, 1.0]).iter().all(|p| *p <= 1.0));
            assert!(method(&[]).is_empty());
            assert_eq!(method(&[0.2]), [0.2]);
        }
    }
}
