//! Worst fit: spread the load.
//!
//! *Rule*: take the host with the most left over; a shared card is the one with the most left.
//!
//! *Formula*: score = c + 100 · g, with c the thousandths of a core and g the thousandths of cards that would
//! be left, at most 2^31 − 1.
//!
//! *Source*: `worst_fit_score.go` and the card selection `worst` of `open_gpu_share.go` in the simulator of
//! Weng et al. (ATC 2023). There the score is then scaled to 0 to 100 among the feasible hosts, which makes
//! more ties; here it is not.
//!
//! *Known weakness*: no host stays free for large jobs.

use super::{Ask, Rating, Room};

/// See the file's header.
#[derive(Debug)]
pub(super) struct WorstFit;

impl Rating for WorstFit {
    fn score(&self, room: &Room, _burden: u64, ask: &Ask) -> i32 {
        let cpu = u64::from(room.cpu_milli - ask.cpu_milli);
        let left = cpu + 100 * (room.all_cards_milli() - ask.all_cards_milli());
        i32::try_from(left).unwrap_or(i32::MAX)
    }

    fn shared_card(&self, room: &Room, ask: &Ask, _draw: u64) -> Option<usize> {
        let suitable = room.cards.iter().enumerate().filter(|(_, left)| **left >= ask.card_milli);
        suitable.rev().max_by_key(|(_, left)| **left).map(|(at, _)| at)
    }
}
