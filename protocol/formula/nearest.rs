//! Did you mean: the known name nearest to an unknown one.

/// The known name a slip of the pen away from `word` (at most a third of its letters differ), else the first that it is
/// a part of: `bandwidth` for `bandwidth_mbps`.
pub(super) fn nearest<'k>(word: &str, known: impl Iterator<Item = &'k str> + Clone) -> Option<&'k str> {
    if word.len() > 64 {
        return None;
    }
    let word = word.to_ascii_lowercase();
    let close = known.clone().filter_map(|candidate| {
        let distance = distance(word.as_bytes(), candidate.to_ascii_lowercase().as_bytes());
        let longer = word.len().max(candidate.len());
        (distance <= (longer / 3).max(1) && distance < longer).then_some((distance, candidate))
    });
    let whole = known.filter(|candidate| word.len() > 1 && candidate.contains(&word));
    close.min().map(|(_, candidate)| candidate).or(whole.min())
}

/// Letters to insert, drop, replace or swap with their neighbour to make one word of the other.
fn distance(a: &[u8], b: &[u8]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut next = vec![i];
        for j in 1..=b.len() {
            let replaced = row[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = replaced.min(row[j] + 1).min(next[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(before[j - 2] + 1);
            }
            next.push(least);
        }
        before = std::mem::replace(&mut row, next);
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_count_single_slips() {
        for (a, b, expected) in
            [("uptime", "uptime", 0), ("uptmie", "uptime", 1), ("", "abc", 3), ("kitten", "sitting", 3)]
        {
            assert_eq!(distance(a.as_bytes(), b.as_bytes()), expected, "{a} {b}");
            assert_eq!(distance(b.as_bytes(), a.as_bytes()), expected, "{b} {a}");
        }
    }

    #[test]
    fn a_slip_or_a_part_finds_the_name_and_a_stranger_finds_none() {
        let known = ["uptime", "bandwidth_mbps", "x"];
        let of = |word| nearest(word, known.into_iter());
        assert_eq!(of("uptme"), Some("uptime"));
        assert_eq!(of("UPTIME"), Some("uptime"));
        assert_eq!(of("upt"), Some("uptime"));
        assert_eq!(of("bandwidth"), Some("bandwidth_mbps"));
        assert_eq!(of("colour"), None);
        assert_eq!(of("y"), None);
        assert_eq!(of(&"uptime".repeat(11)), None);
    }
}
