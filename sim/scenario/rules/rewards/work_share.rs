//! `[protocol.rewards.work_share]`.

use super::{RewardEntry, RewardMaker, RuleLine};
use crate::scenario::reading::Table;
use depin_protocol::rewards::work_share::Work;
use depin_protocol::rewards::{Measure, WorkShareSpec};

pub(super) const ENTRY: RewardEntry = RewardEntry {
    name: "work_share",
    lines: &[RuleLine {
        name: "protocol.rewards.work_share",
        formula: "points = hired hours * cards * (1, model multiplier or TFLOPS); or dollars of rent",
        source: "io.net docs (job hours completed); Render's emissions by burned work (RNP-001) for rent",
        weakness: "without demand nobody is paid; whoever hires itself gets tokens for the fees",
    }],
    read,
};

fn read(t: &Table<'_>) -> RewardMaker {
    let word = t.word(
        "measure",
        &["card_hours", "multiplier", "throughput", "rent"],
        Some("card_hours"),
        "what hired work counts: card_hours: one point an hour; multiplier: the model's multiplier; throughput: its TFLOPS; \
         rent: a point for each dollar earned; the default is assumed",
    );
    let work = match word {
        "multiplier" => Work::Hours(Measure::Multiplier),
        "throughput" => Work::Hours(Measure::Throughput),
        "rent" => Work::Rent,
        _ => Work::Hours(Measure::CardHours),
    };
    RewardMaker::new(move || WorkShareSpec { work }.build())
}
