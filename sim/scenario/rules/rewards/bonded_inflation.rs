//! `[protocol.rewards.bonded_inflation]`.

use super::{RewardEntry, RewardMaker, RuleLine};
use crate::scenario::reading::Table;
use depin_protocol::rewards::BondedInflationSpec;

pub(super) const ENTRY: RewardEntry = RewardEntry {
    name: "bonded_inflation",
    lines: &[RuleLine {
        name: "protocol.rewards.bonded_inflation",
        formula: "stake of an account up and in the active set / all such stake; its devices share it by time up",
        source: "livepeer/protocol, Minter.createReward",
        weakness: "pays capital and not work; a large stake under several names fills several places of the active set",
    }],
    read,
};

fn read(t: &Table<'_>) -> RewardMaker {
    let d = BondedInflationSpec::default();
    let active_accounts = t.or(
        "active_accounts",
        d.active_accounts,
        "places in the active set, largest stakes first; livepeer/protocol",
    );
    RewardMaker::new(move || BondedInflationSpec { active_accounts }.build())
}
