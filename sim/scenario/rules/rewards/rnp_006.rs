//! `[protocol.rewards.rnp_006]`.

use super::super::ppm;
use super::{RewardEntry, RewardMaker, RuleLine};
use crate::scenario::reading::{Share, Table, Tokens};
use depin_protocol::rewards::Rnp006Spec;
use depin_protocol::rewards::rnp_006::Denominator;
use depin_protocol::units::TOKEN;

pub(super) const ENTRY: RewardEntry = RewardEntry {
    name: "rnp_006",
    lines: &[RuleLine {
        name: "protocol.rewards.rnp_006",
        formula: "points = 0.25 work + 0.35 bandwidth + 0.20 model + 0.20 uptime per node, listed models only; \
                  paid at most cap_per_node_tokens",
        source: "RNP-006 and Render's post of 17 November 2023, tables and cap; work is 0.1 + 0.9 * rent / denominator",
        weakness: "cards on many nodes, and claims that take turns, earn bandwidth and model each time",
    }],
    read,
};

fn read(t: &Table<'_>) -> RewardMaker {
    let word = t.word(
        "work_denominator",
        &["largest", "total"],
        Some("largest"),
        "what a node's rent is a share of: largest: the node that earned most; total: all that score; left open by RNP-006",
    );
    let denominator = if word == "total" { Denominator::Total } else { Denominator::Largest };
    let unlisted =
        t.or("unlisted_score", Share(0.0), "score of a model not on RNP-006's list; 0: it earns nothing");
    let cap = t.or(
        "cap_per_node_tokens",
        Tokens(75 * TOKEN),
        "most that a node is paid at once; RNP-006: 75 RENDER",
    );
    let spec = Rnp006Spec { denominator, unlisted_score_ppm: ppm(unlisted.0), cap_per_node: Some(cap.0) };
    RewardMaker::new(move || spec.build())
}
