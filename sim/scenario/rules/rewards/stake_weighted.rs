//! `[protocol.rewards.stake_weighted]`.

use super::{RewardEntry, RewardMaker, RuleLine};
use crate::scenario::reading::{Days, Table, Usd};
use depin_protocol::rewards::StakeWeightedSpec;
use depin_protocol::rewards::stake_weighted::SharedBy;
use depin_protocol::units::Span;

pub(super) const ENTRY: RewardEntry = RewardEntry {
    name: "stake_weighted",
    lines: &[RuleLine {
        name: "protocol.rewards.stake_weighted",
        formula: "an account's stake * (1 + 12 d / (4 * 365)), d the days it takes to come back; its devices share it by \
                  time up or hired",
        source: "nosana-programs, xNOS, integer for integer",
        weakness: "pays capital and not work: a whale with one idle card earns as a whale does",
    }],
    read,
};

fn read(t: &Table<'_>) -> RewardMaker {
    let days =
        t.or("unstake_days", Days(14.0), "what a stake takes to come back, 14 to 365 days; Nosana's least");
    t.range("unstake_days", days.0, 14.0, 365.0);
    let by = t.word(
        "shared_by",
        &["up", "hired"],
        Some("up"),
        "which time earns an account its stake's worth, shared by its devices; assumed",
    );
    let least = t.or(
        "least_xnos_usd",
        Usd(0),
        "an account's least xNOS that is paid; none: each market sets its own",
    );
    let spec = StakeWeightedSpec {
        unstake: Span(days.ns()),
        shared_by: if by == "hired" { SharedBy::Hired } else { SharedBy::Up },
        least: least.0,
    };
    RewardMaker::new(move || spec.build())
}
