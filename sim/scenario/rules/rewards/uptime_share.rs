//! `[protocol.rewards.uptime_share]`.

use super::{RewardEntry, RewardMaker, RuleLine};
use depin_protocol::rewards::UptimeShareSpec;

pub(super) const ENTRY: RewardEntry = RewardEntry {
    name: "uptime_share",
    lines: &[RuleLine {
        name: "protocol.rewards.uptime_share",
        formula: "points = up hours * cards",
        source: "no one network's; presence is a factor of io.net's and Render's rules",
        weakness: "the weakest card earns what the best one earns, and one card claimed as k earns k times",
    }],
    read: |_| RewardMaker::new(|| UptimeShareSpec::default().build()),
};
