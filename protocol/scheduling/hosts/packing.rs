//! Packing: shared cards first, then free cards of hosts in use, then hosts not in use.
//!
//! *Rule*: prefer a host where the ask needs no free card, and of these the one whose cards have the least
//! left; then a host in use with the fewest free cards needed; then a host with all cards free, the smallest
//! first. A job without cards goes to the lowest rank.
//!
//! *Formula*: all cards free: max(33 − n, n) with n the host's cards. Else with f the free cards needed,
//! f > 0: max(50 − f, 33). Else max(100 − p / 10, 50) with p the percent left on the cards used, summed.
//! Divisions round down.
//!
//! *Source*: `gpu_packing_score.go` of the simulator of Weng et al. (ATC 2023).
//!
//! *Known weakness*: it does not look at processor and memory, so cards may be left without either.

use super::{Ask, Rating, Room, WHOLE};

/// See the file's header.
#[derive(Debug)]
pub(super) struct Packing;

impl Rating for Packing {
    fn score(&self, room: &Room, _burden: u64, ask: &Ask) -> i32 {
        if ask.cards == 0 {
            return 0;
        }
        let free = room.free_cards();
        if free == room.cards.len() {
            let free = i32::try_from(free).unwrap_or(i32::MAX);
            return (33 - free).max(free);
        }
        let suitable = room.cards.iter().filter(|left| **left >= ask.card_milli);
        let used = suitable.take(usize::from(ask.cards));
        let free = used.clone().filter(|left| **left == WHOLE).count();
        if free > 0 {
            return (50 - free as i32).max(33);
        }
        let percent: i32 = used.map(|left| i32::from(*left) * 100 / i32::from(WHOLE)).sum();
        (100 - percent / 10).max(50)
    }
}
