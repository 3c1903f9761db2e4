//! `[protocol.rewards.block_reward.READING]`.

use super::super::ppm;
use super::{RewardEntry, RewardMaker, RuleLine};
use crate::scenario::reading::{Hours, NonNegative, Share, Table};
use depin_protocol::rewards::block_reward::{BlockRewardSpec, Reading};
use depin_protocol::units::Span;

const FORMULA: &str = "score = ((t + 0.02 * tier / 4 + 2 * multiplier * cards) * 100 + 0.05 * hired) * 10 for devices \
                       nominated in the hour; 95 % of all scores to one pool, 5 % to the other";
const SOURCE: &str =
    "io.net docs, Block Rewards and Device Block Reward Multiplier; t is lost, 0.13 by the page's example";

pub(super) const ENTRY: RewardEntry = RewardEntry {
    name: "block_reward",
    lines: &[
        RuleLine {
            name: "protocol.rewards.block_reward.before_2025_06",
            formula: FORMULA,
            source: SOURCE,
            weakness: "pays for being there: 2000 points per multiplier and card, half a point for being hired; few CPUs \
                       share five percent",
        },
        RuleLine {
            name: "protocol.rewards.block_reward.after_2025_06",
            formula: "the same with the later multipliers; the pools are enterprise and community",
            source: "io.net docs, tables from June 2025 on; a model in no table keeps its own multiplier (assumed)",
            weakness: "a card changes its pay tenfold by the pool that it is put in",
        },
    ],
    read,
};

fn read(t: &Table<'_>) -> RewardMaker {
    let forms = &["before_2025_06", "after_2025_06"];
    let spec = t.form(forms, "which published table of multipliers and pools").map(|(form, rule)| {
        let after = rule.or(
            "nominated_after_hours",
            Hours(5.0),
            "time up without a break before a device is nominated; io.net docs",
        );
        let lost = rule.or(
            "lost_term",
            NonNegative(0.13),
            "first term of the score, lost in the page; inferred from its example of 8150",
        );
        let large =
            rule.or("large_pool_share", Share(0.95), "of GPUs, later of enterprise cards; io.net docs");
        BlockRewardSpec {
            reading: if form == "after_2025_06" { Reading::After202506 } else { Reading::Before202506 },
            nominated_after: Span(after.ns()),
            lost_term_ppm: ppm(lost.0.min(1000.0)),
            large_pool_ppm: ppm(large.0),
        }
    });
    let spec = spec.unwrap_or_default();
    RewardMaker::new(move || spec.build())
}
