//! Did you mean: the known key nearest to an unknown one, by spelling and by unit.

use strsim::{damerau_levenshtein, jaro_winkler};

/// Words a key may end in to say its unit, joined by `per` where it is a rate.
const UNIT_WORDS: &[&str] = &[
    "ns", "us", "ms", "s", "second", "seconds", "minute", "minutes", "hour", "hours", "day", "days", "week",
    "weeks", "month", "months", "year", "years", "epoch", "epochs", "usd", "microusd", "cents", "token",
    "tokens", "share", "percent", "fraction", "ratio", "bytes", "kb", "mb", "gb", "tb", "gib", "tib", "mbps",
    "gbps", "w", "kw", "kwh", "watts", "device", "devices", "card", "cards", "gpu", "gpus", "job", "jobs",
    "per",
];

/// The known word a slip of the pen away from `word`, if any: at most a third of its letters differ.
pub(in crate::scenario) fn nearest<'k>(
    word: &str,
    known: impl IntoIterator<Item = &'k str>,
) -> Option<&'k str> {
    if word.len() > 64 {
        return None;
    }
    let close = known.into_iter().filter_map(|candidate| {
        let distance = damerau_levenshtein(word, candidate);
        let longer = word.chars().count().max(candidate.chars().count());
        let near = distance <= (longer / 3).max(1) && distance < longer;
        near.then_some((distance, candidate))
    });
    // Among equals the one that starts alike, then the alphabet: the answer never depends on the order of `known`.
    close
        .min_by(|a, b| {
            let likeness = jaro_winkler(word, b.1).total_cmp(&jaro_winkler(word, a.1));
            a.0.cmp(&b.0).then(likeness).then(a.1.cmp(b.1))
        })
        .map(|(_, candidate)| candidate)
}

/// The known key that is the same quantity in another unit: `setup_days` for `setup_hours` or `setup`.
pub(super) fn other_unit<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let (stem, unit) = split_unit(word);
    known.into_iter().find(|candidate| {
        let (other_stem, other_unit) = split_unit(candidate);
        stem == other_stem && unit != other_unit
    })
}

/// The unit a key's name ends in, in words: `usd per month`; empty when it has none.
pub(super) fn unit_in_words(key: &str) -> String {
    split_unit(key).1.replace('_', " ")
}

/// Splits a key into its stem and its unit words. The stem keeps at least one word.
fn split_unit(key: &str) -> (&str, &str) {
    let mut cut = key.len();
    while let Some(at) = key[..cut].rfind('_') {
        if at == 0 || !UNIT_WORDS.contains(&&key[at + 1..cut]) {
            break;
        }
        cut = at;
    }
    (&key[..cut], key[cut..].trim_start_matches('_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_slip_finds_the_key_and_a_stranger_finds_none() {
        let known = ["seed", "start", "duration", "stake_tokens"];
        assert_eq!(nearest("sed", known), Some("seed"));
        assert_eq!(nearest("esed", known), Some("seed"));
        assert_eq!(nearest("stak_tokens", known), Some("stake_tokens"));
        assert_eq!(nearest("colour", known), None);
        assert_eq!(nearest("x", ["p"]), None);
    }

    #[test]
    fn the_same_quantity_in_another_unit_is_recognised() {
        let known = ["setup_days", "rent_usd_per_month", "seed"];
        assert_eq!(other_unit("setup_hours", known), Some("setup_days"));
        assert_eq!(other_unit("setup", known), Some("setup_days"));
        assert_eq!(other_unit("rent_usd_per_hour", known), Some("rent_usd_per_month"));
        assert_eq!(other_unit("seed", known), None);
        assert_eq!(unit_in_words("rent_usd_per_month"), "usd per month");
    }
}
