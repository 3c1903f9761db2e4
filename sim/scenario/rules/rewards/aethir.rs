//! `[protocol.rewards.aethir]`.

use super::super::ppm;
use super::{RewardEntry, RewardMaker, RuleLine};
use crate::scenario::reading::{Minutes, Share, Table};
use depin_protocol::rewards::AethirSpec;
use depin_protocol::units::Span;

pub(super) const ENTRY: RewardEntry = RewardEntry {
    name: "aethir",
    lines: &[RuleLine {
        name: "protocol.rewards.aethir",
        formula: "part * share of checks found ready * size + (1 - part) * share of hired time * size; failures take checks \
                  to come",
        source: "Aethir docs: both proofs, the quarter of an hour, rewards before stake; parts and fine are assumed",
        weakness: "idle cards that answer earn for ever, and copies that pass multiply",
    }],
    read,
};

fn read(t: &Table<'_>) -> RewardMaker {
    let d = AethirSpec::default();
    let minutes = t.or("check_minutes", Minutes(15.0), "between checks of capacity; Aethir docs");
    t.range("check_minutes", minutes.0, 1.0, 1440.0);
    let spec = AethirSpec {
        check_every: Span(minutes.ns().max(1)),
        checks_per_failure: t.or(
            "checks_per_failure",
            d.checks_per_failure,
            "checks that a failed challenge takes of rewards; assumed, Aethir's share was not found",
        ),
        capacity_part_ppm: ppm(t
            .or("capacity_part", Share(0.5), "the capacity pool's part; assumed, the rest is delivery's")
            .0),
    };
    RewardMaker::new(move || spec.build())
}
