//! How much of what a host has left is of no use to the jobs that usually arrive.

use super::{Ask, ModelSet, Room};
use crate::ids::ModelId;

/// Typical asks that differ in nothing but their processor.
#[derive(Debug)]
struct Shape {
    cards: usize,
    card_milli: u16,
    models: ModelSet,
    /// Weight of the asks with at most so much processor, both rising.
    weight: Vec<(u32, u64)>,
}

impl Shape {
    fn weight_up_to(&self, cpu_milli: u32) -> u64 {
        let within = self.weight.partition_point(|(cpu, _)| *cpu <= cpu_milli);
        within.checked_sub(1).map_or(0, |last| self.weight[last].1)
    }
}

/// The fragmentation measure of Weng et al. (ATC 2023), as in `frag.go` of their simulator: over typical asks
/// by weight, the thousandths of cards left that the ask could not use. All of them when it does not fit or
/// needs no card, else those on cards with less left than it needs. Memory does not count.
#[derive(Debug)]
pub struct Fragments {
    shapes: Vec<Shape>,
    total: u64,
}

impl Fragments {
    /// For typical asks and their weights. Weights are halved together until their sum is below 2^32, so that
    /// sums are exact.
    #[must_use]
    pub fn new(typical: &[(Ask, u64)]) -> Self {
        let sum: u128 = typical.iter().map(|(_, weight)| u128::from(*weight)).sum();
        let shift = (128 - sum.leading_zeros()).saturating_sub(32);
        let mut asks: Vec<(Ask, u64)> = typical.iter().map(|(ask, weight)| (*ask, weight >> shift)).collect();
        asks.sort_by_key(|(ask, _)| (ask.models, ask.cards, ask.card_milli, ask.cpu_milli));
        let mut fragments = Self { shapes: Vec::new(), total: 0 };
        for (ask, weight) in asks {
            fragments.total += weight;
            if ask.cards > 0 {
                fragments.file(&ask, weight);
            }
        }
        fragments
    }

    fn file(&mut self, ask: &Ask, weight: u64) {
        let (cards, card_milli, models) = (usize::from(ask.cards), ask.card_milli, ask.models);
        let same = |s: &Shape| (s.cards, s.card_milli, s.models) == (cards, card_milli, models);
        if !self.shapes.last().is_some_and(same) {
            self.shapes.push(Shape { cards, card_milli, models, weight: Vec::new() });
        }
        let steps = &mut self.shapes.last_mut().expect("just pushed").weight;
        let before = steps.last().map_or(0, |(_, weight)| *weight);
        steps.push((ask.cpu_milli, before + weight));
    }

    /// Sum of all weights, those of asks without cards included.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.total
    }

    /// Weighted fragmentation of a room, in thousandths of cards times weight.
    #[must_use]
    pub fn of(&self, room: &Room) -> u64 {
        self.left(room.model, room.cpu_milli, room.cards.iter().copied())
    }

    /// The same for what would be left after a change.
    pub(super) fn left(
        &self,
        model: ModelId,
        cpu_milli: u32,
        cards: impl Iterator<Item = u16> + Clone,
    ) -> u64 {
        let all: u64 = cards.clone().map(u64::from).sum();
        let mut fragmented = self.total * all;
        for shape in self.shapes.iter().filter(|shape| shape.models.allows(model)) {
            let weight = shape.weight_up_to(cpu_milli);
            if weight == 0 {
                continue;
            }
            let (mut count, mut usable) = (0, 0);
            for left in cards.clone().filter(|left| *left >= shape.card_milli) {
                count += 1;
                usable += u64::from(left);
            }
            if count >= shape.cards {
                fragmented -= weight * usable;
            }
        }
        fragmented
    }
}
