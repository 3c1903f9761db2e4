//! `[protocol.rewards.concave_share]`.

use super::super::ppm;
use super::{RewardEntry, RewardMaker, RuleLine, measure};
use crate::scenario::reading::{Share, Table};
use depin_protocol::rewards::ConcaveShareSpec;

pub(super) const ENTRY: RewardEntry = RewardEntry {
    name: "concave_share",
    lines: &[RuleLine {
        name: "protocol.rewards.concave_share",
        formula: "account = S ^ exponent, S = up hours * cards * measure in points, shared by its devices as S is",
        source: "assumed; the founding article's small accounts that outscore large ones suggest a cap or a concave rule",
        weakness: "the same cards under k accounts weigh k ^ (1 - exponent) times as much",
    }],
    read,
};

fn read(t: &Table<'_>) -> RewardMaker {
    let exponent = t.or("exponent", Share(0.5), "of an account's points, above 0; 1 is linear; assumed");
    t.range("exponent", exponent.0, 1e-6, 1.0);
    let spec = ConcaveShareSpec { measure: measure::read(t), exponent_ppm: ppm(exponent.0) };
    RewardMaker::new(move || spec.build())
}
