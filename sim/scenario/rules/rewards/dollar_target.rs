//! `[protocol.rewards.dollar_target]`.

use super::super::ppm;
use super::{RewardEntry, RewardMaker, RuleLine};
use crate::scenario::reading::{NonNegative, Share, Table};
use depin_protocol::rewards::DollarPaySpec;

pub(super) const ENTRY: RewardEntry = RewardEntry {
    name: "dollar_target",
    lines: &[RuleLine {
        name: "protocol.rewards.dollar_target",
        formula: "owed USD = target * multiplier * cards * (hired + idle share * idle hours); paid = min(offer, owed / \
                  price); of the rest of the offer half is burned; nothing without a quoted price",
        source: "io.net's Incentive Dynamic Engine, summaries of 2025 and 2026; target and idle share are assumed",
        weakness: "pays for machines that nobody hires; a falling price takes the more tokens the less they buy",
    }],
    read,
};

fn read(t: &Table<'_>) -> RewardMaker {
    let target = t.or("target_usd_hour", NonNegative(0.12), "owed for an hour of a card with a multiplier of 1; assumed, from 650,000 USD a month over 7,600 cards");
    let idle = t.or(
        "idle_share",
        Share(1.0),
        "of the target, for an hour up and not hired; all, as \"all active suppliers\" are owed (assumed)",
    );
    let burned = t.or(
        "surplus_burned_share",
        Share(0.5),
        "of what is on offer and not needed, burned unreleased; the published minimum",
    );
    t.range("target_usd_hour", target.0, 0.0, 1000.0);
    let spec =
        DollarPaySpec { target: ppm(target.0.min(1000.0)), idle_ppm: ppm(idle.0), burned_ppm: ppm(burned.0) };
    RewardMaker::new(move || spec.build())
}
