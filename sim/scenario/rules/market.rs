//! `[protocol.market]`: conduct of the market that is the same for every queue discipline and placement.

use super::super::reading::{Count, Table};
use depin_protocol::market::SameInstant;

/// What the table says.
#[derive(Clone, Copy, Debug)]
pub(super) struct MarketRules {
    /// What comes first at one instant.
    pub(super) same_instant: SameInstant,
    /// How many jobs may wait.
    pub(super) waiting_room: Option<u32>,
}

/// Reads the table.
pub(super) fn read(t: &Table<'_>) -> MarketRules {
    let m = t.section("market", "conduct of the market under every queue discipline");
    let same_instant = m.word(
        "same_instant",
        &["completions_first", "arrivals_first"],
        Some("completions_first"),
        "at one instant: ends, arrivals, a pass over the queue; or arrivals, a pass, ends, a pass; default assumed",
    );
    let room = m.optional::<Count>(
        "waiting_room",
        "jobs that may wait at one time; who finds more is turned away; any number when absent",
    );
    MarketRules {
        waiting_room: room.map(|places| u32::try_from(places.0).unwrap_or(u32::MAX)),
        same_instant: match same_instant {
            "arrivals_first" => SameInstant::ArrivalsFirst,
            _ => SameInstant::CompletionsFirst,
        },
    }
}
