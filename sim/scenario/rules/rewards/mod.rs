//! `[protocol.rewards.NAME]`: the reward rules that a scenario may name, ours and those that a team's own crate adds.

mod aethir;
mod baseline_power;
mod block_reward;
mod bonded_inflation;
mod burn_and_mint;
mod capped_share;
mod concave_share;
mod consensus_weighted;
mod dollar_target;
mod formula;
mod ignition_points;
mod measure;
mod render_availability;
mod render_compute;
mod rnp_004;
mod rnp_006;
mod stake_weighted;
mod uptime_share;
mod work_share;

use crate::scenario::reading::Table;
use depin_protocol::rewards::RewardRule;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// Makes a fresh rule for every run, since a rule may remember.
#[derive(Clone)]
pub struct RewardMaker(Arc<dyn Fn() -> Box<dyn RewardRule> + Send + Sync>);

impl RewardMaker {
    /// From whatever makes one.
    pub fn new(make: impl Fn() -> Box<dyn RewardRule> + Send + Sync + 'static) -> RewardMaker {
        RewardMaker(Arc::new(make))
    }

    /// A fresh rule.
    #[must_use]
    pub fn make(&self) -> Box<dyn RewardRule> {
        (self.0)()
    }
}

impl fmt::Debug for RewardMaker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RewardMaker({})", self.make().name())
    }
}

/// What `list rules` says of one form of a rule.
#[derive(Clone, Copy, Debug)]
pub struct RuleLine {
    /// Its table in a scenario.
    pub name: &'static str,
    /// The equation.
    pub formula: &'static str,
    /// Who published it.
    pub source: &'static str,
    /// What it invites.
    pub weakness: &'static str,
}

/// A reward rule as scenarios and `list rules` know it.
#[derive(Debug)]
pub struct RewardEntry {
    /// The name in `[protocol.rewards.NAME]`.
    pub name: &'static str,
    /// A line for each form that it has.
    pub lines: &'static [RuleLine],
    /// Reads its parameters, every key once, and says how to make it.
    pub read: fn(&Table<'_>) -> RewardMaker,
}

const OURS: &[&RewardEntry] = &[
    &ignition_points::ENTRY,
    &uptime_share::ENTRY,
    &work_share::ENTRY,
    &capped_share::ENTRY,
    &concave_share::ENTRY,
    &rnp_004::ENTRY,
    &rnp_006::ENTRY,
    &render_availability::ENTRY,
    &render_compute::ENTRY,
    &baseline_power::ENTRY,
    &block_reward::ENTRY,
    &burn_and_mint::ENTRY,
    &dollar_target::ENTRY,
    &aethir::ENTRY,
    &bonded_inflation::ENTRY,
    &consensus_weighted::ENTRY,
    &stake_weighted::ENTRY,
    &formula::ENTRY,
];

static THEIRS: Mutex<Vec<&'static RewardEntry>> = Mutex::new(Vec::new());

/// Makes a team's own rule known to scenarios and to `list rules`; to be called before the first scenario is read.
/// Adding the same entry again changes nothing.
///
/// # Panics
/// When another rule has that name.
pub fn register(entry: &'static RewardEntry) {
    match all().iter().find(|known| known.name == entry.name) {
        Some(known) => {
            assert!(std::ptr::eq(*known, entry), "there is a reward rule `{}` already", entry.name)
        }
        None => THEIRS.lock().unwrap_or_else(PoisonError::into_inner).push(entry),
    }
}

/// All rules, ours first.
#[must_use]
pub fn all() -> Vec<&'static RewardEntry> {
    let theirs = THEIRS.lock().unwrap_or_else(PoisonError::into_inner);
    OURS.iter().chain(theirs.iter()).copied().collect()
}

/// Reads `[protocol.rewards]`; the multiplicative form of `ignition_points` where it is absent. A rule that pays by stake
/// needs one to be there.
pub(super) fn read(t: &Table<'_>, staking: bool) -> RewardMaker {
    let entries = all();
    let names: Vec<&'static str> = entries.iter().map(|entry| entry.name).collect();
    let chosen = t.choose("rewards", &names, "what devices earn: [protocol.rewards.NAME]");
    let found = chosen.and_then(|(name, table)| entries.iter().find(|e| e.name == name).zip(Some(table)));
    let Some((entry, table)) = found else {
        return ignition_points::default();
    };
    let maker = (entry.read)(&table);
    if maker.make().needs().stake && !staking {
        table.problem("", "pays by stake, and nobody stakes", "add [protocol.staking]");
    }
    maker
}
