//! First fit: the host of the lowest rank.
//!
//! *Rule*: among hosts that can serve the ask, the lowest rank; a shared card is the one with the least left.
//!
//! *Formula*: score = 0 for all.
//!
//! *Source*: first fit of bin packing (Johnson 1973).
//!
//! *Known weakness*: blind to what it leaves behind.

use super::{Ask, Rating, Room};

/// See the file's header.
#[derive(Debug)]
pub(super) struct First;

impl Rating for First {
    fn score(&self, _room: &Room, _burden: u64, _ask: &Ask) -> i32 {
        0
    }
}
