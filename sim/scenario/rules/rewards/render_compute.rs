//! `[protocol.rewards.render_compute]`.

use super::super::ppm;
use super::{RewardEntry, RewardMaker, RuleLine};
use crate::scenario::reading::{NonNegative, Table, Tokens};
use depin_protocol::rewards::ComputeSpec;
use depin_protocol::rewards::render_compute::Compound;

pub(super) const ENTRY: RewardEntry = RewardEntry {
    name: "render_compute",
    lines: &[RuleLine {
        name: "protocol.rewards.render_compute",
        formula: "tokens = 2 * hours up / 168 + 10 * CM * cards * hours hired / 168; CM = 0.36 GPU + 0.26 VRAM + \
                  0.15 network + 0.08 clock + 0.08 memory bandwidth + 0.04 CPU, against an RTX 4090",
        source: "Render, RNP-019, whose weights add up to 0.97: CM as its examples round it, or as it stands",
        weakness: "uptime is paid by the node whatever the card, and a fast line weighs more than a better card",
    }],
    read,
};

fn read(rule: &Table<'_>) -> RewardMaker {
    let default = ComputeSpec::default();
    let tokens = |key, micro: u64, doc| micro_tokens(rule.or(key, Tokens(i128::from(micro) * 100), doc));
    let factor = |key, doc| ppm(rule.or(key, NonNegative(1.0), doc).0.min(1000.0));
    let compound = rule.word(
        "compound",
        &["printed", "sum"],
        Some("printed"),
        "CM rounded as RNP-019's examples are, or its weighted sum, of which the baseline has 0.97",
    );
    let spec = ComputeSpec {
        uptime_week: tokens("uptime_week_tokens", default.uptime_week, "a node up for a week; RNP-019"),
        work_week: tokens("work_week_tokens", default.work_week, "a card of CM 1 hired for a week; RNP-019"),
        compound: if compound == "sum" { Compound::Sum } else { Compound::Printed },
        unseen_ppm: [
            factor("clock", "clock of every node against the baseline; assumed"),
            factor("memory_bandwidth", "memory bandwidth of every node against the baseline; assumed"),
            factor("processor", "CPU of every node against the baseline; assumed"),
        ],
        raise_ppm: factor("raise", "all sums times this; RNP-019 lets the foundation go to 3"),
    };
    RewardMaker::new(move || spec.clone().build())
}

/// To micro-tokens, in which points are counted, rounded down.
fn micro_tokens(tokens: Tokens) -> u64 {
    u64::try_from(tokens.0 / 100).unwrap_or(u64::MAX)
}
