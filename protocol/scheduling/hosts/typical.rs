//! Which asks are typical of a load.

use super::{Ask, ModelSet};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Percent of a load that its typical asks must cover: `pod-popularity-threshold` in the published runs of
/// Weng et al. (ATC 2023).
const COVERED: u64 = 95;

/// The commonest kinds of ask that together cover 95 % of a load, with their counts, commonest first; among
/// equally common ones the larger comes first. Kinds are told apart by everything but memory, as in
/// `GetTypicalPods` of `frag.go` in the simulator of Weng et al.; asks without cards are included.
#[must_use]
pub fn typical(load: &[Ask]) -> Vec<(Ask, u64)> {
    let mut counts: BTreeMap<Ask, u64> = BTreeMap::new();
    for ask in load {
        *counts.entry(kind(ask)).or_default() += 1;
    }
    let mut kinds: Vec<(Ask, u64)> = counts.into_iter().collect();
    kinds.sort_by_key(|(ask, count)| Reverse((*count, ask.cpu_milli, ask.card_milli, ask.cards, ask.models)));
    let mut covered = 0;
    let all = load.len() as u64;
    let enough = kinds.iter().take_while(|(_, count)| {
        let wanted = covered * 100 < all * COVERED;
        covered += count;
        wanted
    });
    let count = enough.count();
    kinds.truncate(count);
    kinds
}

fn kind(ask: &Ask) -> Ask {
    let plain = Ask { memory_mib: 0, ..*ask };
    if ask.cards == 0 { Ask { card_milli: 0, models: ModelSet::default(), ..plain } } else { plain }
}
