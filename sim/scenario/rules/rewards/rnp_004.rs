//! `[protocol.rewards.rnp_004]`.

use super::{RewardEntry, RewardMaker, RuleLine};
use crate::scenario::reading::Table;
use depin_protocol::rewards::Rnp004Spec;
use depin_protocol::rewards::rnp_004::Pays;

pub(super) const ENTRY: RewardEntry = RewardEntry {
    name: "rnp_004",
    lines: &[RuleLine {
        name: "protocol.rewards.rnp_004",
        formula: "points = challenges passed * cards * bandwidth^4 * TFLOPS^3 * memory^2, an RTX 4090 at 100 Mbit/s being 1",
        source: "RNP-004 for the score of a probe (its clock of the processor is one for all); paying it is assumed",
        weakness: "declared bandwidth is worth its fourth power; a rule of verification without challenges pays nobody",
    }],
    read,
};

fn read(t: &Table<'_>) -> RewardMaker {
    let word = t.word(
        "pays",
        &["probes", "reputation"],
        Some("probes"),
        "probes: those passed in the epoch; reputation: all ever added up, in an epoch with a probe passed; assumed",
    );
    let pays = if word == "reputation" { Pays::Reputation } else { Pays::Probes };
    RewardMaker::new(move || Rnp004Spec { pays }.build())
}
