//! `[protocol.market]`: conduct of the market that is the same for every queue discipline and placement.

use super::super::reading::Table;
use depin_protocol::market::SameInstant;

/// What the table says.
#[derive(Clone, Copy, Debug)]
pub(super) struct MarketRules {
    /// What comes first at one instant.
    pub(super) same_instant: SameInstant,
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
    MarketRules {
        same_instant: match same_instant {
            "arrivals_first" => SameInstant::ArrivalsFirst,
            _ => SameInstant::CompletionsFirst,
        },
    }
}
