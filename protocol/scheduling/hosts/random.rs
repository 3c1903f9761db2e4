//! Random: any host that can.
//!
//! *Rule*: each host that can serve the ask has the same chance; so has each card with enough left, when a
//! card is shared.
//!
//! *Formula*: none.
//!
//! *Source*: `random_score.go` and the card selection `random` of `open_gpu_share.go` in the simulator of
//! Weng et al. (ATC 2023).
//!
//! *Known weakness*: the baseline; it scatters shares over all cards.

use super::{Ask, Rating, Room};

/// See the file's header.
#[derive(Debug)]
pub(super) struct Random;

impl Rating for Random {
    fn score(&self, _room: &Room, _burden: u64, _ask: &Ask) -> i32 {
        0
    }

    fn shared_card(&self, room: &Room, ask: &Ask, draw: u64) -> Option<usize> {
        let suitable = || room.cards.iter().enumerate().filter(|(_, left)| **left >= ask.card_milli);
        let count = suitable().count();
        suitable().nth(below(draw, count)).map(|(at, _)| at)
    }

    fn by_chance(&self) -> bool {
        true
    }
}

/// A random number brought below `bound`, by multiplication (Lemire 2019); its bias is below bound / 2^64.
pub(super) fn below(draw: u64, bound: usize) -> usize {
    ((u128::from(draw) * bound as u128) >> 64) as usize
}
