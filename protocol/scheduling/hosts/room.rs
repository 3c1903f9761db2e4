//! What a host has left, and whether an ask fits in.

use super::{Ask, Capacity, WHOLE};
use crate::ids::ModelId;

/// What is left on a host. Two hosts with equal rooms are equal to every policy.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Room {
    /// Processor, in thousandths of a core.
    pub cpu_milli: u32,
    /// Main memory in mebibytes.
    pub memory_mib: u32,
    /// Model of the cards.
    pub model: ModelId,
    /// Thousandths left of each card.
    pub cards: Vec<u16>,
}

impl Room {
    /// Nothing taken yet.
    #[must_use]
    pub fn whole(capacity: &Capacity) -> Self {
        Self {
            cpu_milli: capacity.cpu_milli,
            memory_mib: capacity.memory_mib,
            model: capacity.model,
            cards: vec![WHOLE; usize::from(capacity.cards)],
        }
    }

    /// The filter: enough processor and memory, a model that will do, and enough cards with enough left.
    #[must_use]
    pub fn suits(&self, ask: &Ask) -> bool {
        if self.cpu_milli < ask.cpu_milli || self.memory_mib < ask.memory_mib {
            return false;
        }
        ask.cards == 0
            || (ask.models.allows(self.model) && self.cards_with(ask.card_milli) >= usize::from(ask.cards))
    }

    fn cards_with(&self, card_milli: u16) -> usize {
        self.cards.iter().filter(|left| **left >= card_milli).count()
    }

    /// Thousandths of cards left in all.
    #[must_use]
    pub fn all_cards_milli(&self) -> u64 {
        self.cards.iter().map(|left| u64::from(*left)).sum()
    }

    /// Cards of which nothing is taken.
    #[must_use]
    pub fn free_cards(&self) -> usize {
        self.cards_with(WHOLE)
    }

    /// The card with the least left that suffices, the first among equals.
    #[must_use]
    pub fn tightest(&self, card_milli: u16) -> Option<usize> {
        let suitable = self.cards.iter().enumerate().filter(|(_, left)| **left >= card_milli);
        suitable.min_by_key(|(_, left)| **left).map(|(at, _)| at)
    }

    /// The `count` cards with the least left that suffices each, the first among equals. Whole cards are thus
    /// taken in the order of their positions.
    #[must_use]
    pub fn tightest_cards(&self, count: u16, card_milli: u16) -> Vec<usize> {
        let suitable = self.cards.iter().enumerate().filter(|(_, left)| **left >= card_milli);
        let mut order: Vec<usize> = suitable.map(|(at, _)| at).collect();
        order.sort_by_key(|at| self.cards[*at]);
        order.truncate(usize::from(count));
        order
    }

    /// The same with the cards in rising order, as hosts are grouped.
    #[must_use]
    pub fn sorted(&self) -> Self {
        let mut room = self.clone();
        room.cards.sort_unstable();
        room
    }
}
