//! Hosts leased in parts: jobs that take some of a host's CPU and memory and whole cards or shares of one.
//!
//! A structure of its own beside the whole-device [`super::index`]: no prices, no reputation, no queue. Its
//! semantics are those of the simulator published with FGD (Weng et al., *Beware of Fragmentation*, USENIX
//! ATC 2023; hkust-adsl/kubernetes-scheduler-simulator), so that its results can be held against that paper:
//! hosts that cannot serve the ask are filtered out, the others get an integer score, the highest score wins,
//! and among equals the lowest rank.
//!
//! Deviations from that simulator: ranks are an input, or one order per run from the seed (its own order of
//! one run can be given as ranks); scores are not scaled to 0 to 100 among the feasible hosts, which changes no
//! order except where [`HostPolicy::WorstFit`] says so. Its policies by dot product and by clustering are not
//! here.

mod allotment;
mod best_fit;
mod fgd;
mod first;
mod fragments;
mod groups;
mod orders;
mod packing;
mod random;
mod room;
mod typical;
mod worst_fit;

#[cfg(test)]
mod tests;

pub use allotment::Hosts;
pub use fragments::Fragments;
pub use room::Room;
pub use typical::typical;

use crate::ids::{DeviceId, ModelId};
use serde::{Deserialize, Serialize};
use std::fmt::Debug;

/// A whole card in thousandths.
pub const WHOLE: u16 = 1_000;

/// What a host has in all.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Capacity {
    /// Processor, in thousandths of a core.
    pub cpu_milli: u32,
    /// Main memory in mebibytes.
    pub memory_mib: u32,
    /// Cards, all of one model.
    pub cards: u16,
    /// Model of the cards.
    pub model: ModelId,
}

/// A set of models out of the first 128 rows of the network's table; empty means any model.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct ModelSet(pub u128);

impl ModelSet {
    /// The set with one more model. Rows from 128 on cannot be named and are left out.
    #[must_use]
    pub fn with(self, model: ModelId) -> Self {
        Self(self.0 | bit(model))
    }

    /// True when a card of this model will do.
    #[must_use]
    pub fn allows(self, model: ModelId) -> bool {
        self.0 == 0 || self.0 & bit(model) != 0
    }
}

fn bit(model: ModelId) -> u128 {
    1u128.checked_shl(u32::from(model.0)).unwrap_or(0)
}

/// What a job asks of one host.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Ask {
    /// Processor, in thousandths of a core.
    pub cpu_milli: u32,
    /// Main memory in mebibytes.
    pub memory_mib: u32,
    /// Cards; 0 for a job on the processor alone.
    pub cards: u16,
    /// Thousandths of each card, 1 to 1,000; 1,000 with more than one card, without meaning with none.
    pub card_milli: u16,
    /// Models that will do; without meaning when no card is asked for.
    pub models: ModelSet,
}

impl Ask {
    /// Thousandths of cards in all.
    #[must_use]
    pub fn all_cards_milli(&self) -> u64 {
        u64::from(self.cards) * u64::from(self.card_milli)
    }

    /// True for a part of a single card.
    #[must_use]
    pub fn shares_a_card(&self) -> bool {
        self.cards == 1 && self.card_milli < WHOLE
    }
}

/// What a job gets, or holds, on one host.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Grant {
    /// The host.
    pub device: DeviceId,
    /// Processor, in thousandths of a core.
    pub cpu_milli: u32,
    /// Main memory in mebibytes.
    pub memory_mib: u32,
    /// Position of each card in the host and the thousandths taken of it; no position twice.
    pub cards: Vec<(u16, u16)>,
}

/// How a host is chosen among those that can serve an ask.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HostPolicy {
    /// The lowest rank that can.
    First,
    /// Any that can, with equal chances.
    Random,
    /// The least left over.
    BestFit,
    /// The most left over, unscaled: scaling makes more ties.
    WorstFit,
    /// Cards in use first, then hosts in use.
    Packing,
    /// Fragmentation gradient descent: the least harm to what usually arrives.
    Fgd,
}

impl HostPolicy {
    fn build(self, typical: &[(Ask, u64)]) -> Box<dyn Rating> {
        match self {
            HostPolicy::First => Box::new(first::First),
            HostPolicy::Random => Box::new(random::Random),
            HostPolicy::BestFit => Box::new(best_fit::BestFit),
            HostPolicy::WorstFit => Box::new(worst_fit::WorstFit),
            HostPolicy::Packing => Box::new(packing::Packing),
            HostPolicy::Fgd => Box::new(fgd::Fgd::new(typical)),
        }
    }
}

/// A policy's judgement of hosts that can serve an ask.
trait Rating: Debug + Send + Sync {
    /// The higher the better. It may depend on nothing but its arguments: results are kept. The cards of
    /// `room` are in rising order of what is left, and `burden` is what [`Rating::burden`] said of it.
    fn score(&self, room: &Room, burden: u64, ask: &Ask) -> i32;

    /// A number about the room alone that `score` needs again and again.
    fn burden(&self, _room: &Room) -> u64 {
        0
    }

    /// Which card is shared, by its position in the host; `room` is in the host's own order of cards, and
    /// `draw` is a fresh random number. By default the card with the least left that suffices.
    fn shared_card(&self, room: &Room, ask: &Ask, _draw: u64) -> Option<usize> {
        room.tightest(ask.card_milli)
    }

    /// True when any feasible host is as good and chance decides.
    fn by_chance(&self) -> bool {
        false
    }
}
