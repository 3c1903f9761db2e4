//! The key `measure`: what an hour of a card counts.

use crate::scenario::reading::Table;
use depin_protocol::rewards::Measure;

/// Reads it; the network's multiplier where it is absent.
pub(super) fn read(t: &Table<'_>) -> Measure {
    let word = t.word(
        "measure",
        &["card_hours", "multiplier", "throughput"],
        Some("multiplier"),
        "what an hour of a card counts: card_hours: one point; multiplier: the model's multiplier; throughput: its TFLOPS",
    );
    match word {
        "card_hours" => Measure::CardHours,
        "throughput" => Measure::Throughput,
        _ => Measure::Multiplier,
    }
}
