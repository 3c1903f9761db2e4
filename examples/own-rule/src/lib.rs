//! A rule of a team's own, whole: points = cards * up hours * (1 + min(1, streak / full_days)), rounded down per card.

use depin_protocol::rewards::{EARNS_NOTHING, EpochRecord, Needs, RewardRule};
use depin_sim::scenario::reading::Days;
use depin_sim::scenario::rules::rewards::{RewardEntry, RewardMaker, RuleLine};

/// An hour online counts up to twice, by how long the device has not dropped; the field is the longest that counts, ns, not 0.
#[derive(Debug)]
pub struct SteadyHours(pub u64);

impl RewardRule for SteadyHours {
    fn name(&self) -> &'static str {
        "steady_hours"
    }
    fn needs(&self) -> Needs {
        Needs { streak: true, ..Needs::default() }
    }
    fn weigh(&mut self, record: &EpochRecord<'_>, weights: &mut [u64]) {
        for (i, weight) in weights.iter_mut().enumerate() {
            let earning = u128::from(record.up_ns[i]) * u128::from(record.flags[i] & EARNS_NOTHING == 0);
            let worth = u128::from(self.0 + record.streak_ns[i].min(self.0));
            // A micro-point is a millionth of an hour, 3,600,000 ns.
            *weight = (earning * worth / u128::from(self.0) / 3_600_000) as u64 * u64::from(record.cards[i]);
        }
    }
}

/// What scenarios and `list rules` know of it.
pub static ENTRY: RewardEntry = RewardEntry {
    name: "steady_hours",
    lines: &[RuleLine {
        name: "protocol.rewards.steady_hours",
        formula: "points = cards * up hours * (1 + min(1, streak / full_days))",
        source: "made up for this example",
        weakness: "believes every claim: k virtual cards on one real card earn k times as much",
    }],
    read: |t| {
        let full = t.or("full_days", Days(7.0), "streak at which an hour counts twice; assumed").ns().max(1);
        RewardMaker::new(move || Box::new(SteadyHours(full)))
    },
};
