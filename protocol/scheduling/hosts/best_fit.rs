//! Best fit: leave as little as possible.
//!
//! *Rule*: take the host with the least processor and cards left over, each against the largest host's; a
//! shared card is the one with the least left.
//!
//! *Formula*: score = floor(100 · (1 − (½ · c / 128,000 + ½ · g / 8,000))), with c the processor and g the
//! thousandths of cards that would be left. Memory does not count.
//!
//! *Source*: `best_fit_score.go` of the simulator of Weng et al. (ATC 2023), the constants `MaxSpecCpu` and
//! `MaxSpecGpu` with it. There the sum is in floating point, here in integers: they may differ where the value
//! is a whole number exactly.
//!
//! *Known weakness*: it counts shares on different cards as if they were one, so that what it leaves is often
//! of no use for a whole card.

use super::{Ask, Rating, Room};

/// Thousandths of a core of the largest host.
const MOST_CPU: i64 = 128_000;
/// Thousandths of cards of the largest host.
const MOST_CARDS: i64 = 8_000;

/// See the file's header.
#[derive(Debug)]
pub(super) struct BestFit;

impl Rating for BestFit {
    fn score(&self, room: &Room, _burden: u64, ask: &Ask) -> i32 {
        let cpu = i64::from(room.cpu_milli) - i64::from(ask.cpu_milli);
        let cards = room.all_cards_milli() as i64 - ask.all_cards_milli() as i64;
        let left = 50 * cpu + 50 * (MOST_CPU / MOST_CARDS) * cards;
        // A host above the largest one falls below 0, which the original does not foresee.
        (100 * MOST_CPU - left).div_euclid(MOST_CPU).max(i64::from(i32::MIN + 1)) as i32
    }
}
