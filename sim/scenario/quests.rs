//! `[protocol.quests]` and who does quests: a pool for what accounts do elsewhere, and how often they do it.

use super::cohort::{Cohort, Farm};
use super::reading::{NonNegative, Table, Tokens};
use super::rules::ProtocolRules;
use super::run::Run;

/// How often somebody does quests, and what one costs.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Habit {
    /// Quests that each account does a week, in the mean.
    pub per_week: f64,
    /// What one costs, USD.
    pub usd: f64,
}

impl Habit {
    /// Reads the keys of a cohort or a farm.
    pub(super) fn read(t: &Table<'_>) -> Habit {
        let doc =
            "quests that each account does a week while it has machines on the network, in the mean; assumed";
        let habit = Habit {
            per_week: t.or("quests_per_week", NonNegative(0.0), doc).0,
            usd: t.or("quest_usd", NonNegative(0.0), "what a quest costs whoever does it; assumed").0,
        };
        t.range("quests_per_week", habit.per_week, 0.0, 1000.0);
        t.range("quest_usd", habit.usd, 0.0, 1e6);
        habit
    }
}

/// The pool for quests in base units, after `run.scale`, where there is one.
pub(super) fn read_pool(protocol: &Table<'_>, run: &Run) -> Option<i128> {
    let t = protocol.table("quests", "a pool for quests, apart from that for work")?;
    let doc = "tokens for all quests together, before run.scale, paid with the first season that is paid";
    let pool = t.require::<Tokens>("pool_tokens", doc).0;
    Some((pool as f64 * run.scale + 0.5) as i128)
}

/// Quests that nobody pays are a slip.
pub(super) fn check(root: &Table<'_>, rules: &ProtocolRules, cohorts: &[Cohort], farms: &[Farm]) {
    if rules.quests().is_some() {
        return;
    }
    let all = [
        ("supply", cohorts.iter().map(|c| (&c.name, c.quests)).collect::<Vec<_>>()),
        ("sybil", farms.iter().map(|f| (&f.name, f.quests)).collect()),
    ];
    for (key, habits) in all {
        for (name, table) in root.named(key, "") {
            if habits.iter().any(|(other, habit)| **other == name && habit.per_week > 0.0) {
                let hint = "add [protocol.quests] with pool_tokens, or leave it out";
                table.problem("quests_per_week", "the network has no pool for quests", hint);
            }
        }
    }
}
