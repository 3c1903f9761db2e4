//! Supplier rows gathered by cohort, for the figures and the summary text.

use crate::measure::record::{Record, SupplierRow};
use crate::measure::statistics::{quantile_of_sorted, sorted};
use crate::report::number::whole;

/// What one cohort put in and got out, over all replications.
#[derive(Clone, Debug)]
pub struct Cohort {
    /// Name of its table in the scenario.
    pub name: String,
    /// False for Sybil farms.
    pub honest: bool,
    /// Accounts, all replications together.
    pub accounts: usize,
    /// Mean cards of one replication.
    pub cards: f64,
    /// Mean dollars spent in one replication.
    pub spent_usd: f64,
    /// Mean value earned in one replication, in dollars.
    pub earned_usd: f64,
    /// Mean tokens of one replication.
    pub tokens: f64,
    /// Share of the rewards in each replication (tokens; points where no token was paid).
    pub shares: Vec<f64>,
    /// Share of the dollars spent, mean over replications.
    pub spent_share: f64,
    /// Returns of all accounts that have one, ascending.
    pub returns: Vec<f64>,
    /// Median return of each replication that has one.
    pub medians: Vec<f64>,
    /// Return with each dollar counted once.
    pub by_dollar: Option<f64>,
    /// Median of what accounts expected when they decided.
    pub expected: Option<f64>,
}

impl Cohort {
    /// Quantile of the returns, each account counted once.
    #[must_use]
    pub fn quantile(&self, p: f64) -> Option<f64> {
        quantile_of_sorted(&self.returns, p)
    }

    /// Mean share of the rewards.
    #[must_use]
    pub fn share(&self) -> f64 {
        crate::measure::statistics::mean(&self.shares).unwrap_or(0.0)
    }
}

/// The cohorts in the order of their first appearance, honest ones first.
#[must_use]
pub fn gather(records: &[Record]) -> Vec<Cohort> {
    let mut names: Vec<(&str, bool)> = Vec::new();
    for row in records.iter().flat_map(|r| &r.suppliers) {
        if !names.iter().any(|(name, _)| *name == row.cohort) {
            names.push((&row.cohort, row.honest));
        }
    }
    names.sort_by_key(|(_, honest)| !honest);
    let totals: Vec<Totals> = records.iter().map(Totals::of).collect();
    names.into_iter().map(|(name, honest)| cohort(records, &totals, name, honest)).collect()
}

struct Totals {
    in_tokens: bool,
    rewards: i128,
    spent: i128,
}

impl Totals {
    fn of(record: &Record) -> Self {
        let tokens: i128 = record.suppliers.iter().map(|r| r.tokens).sum();
        let points: i128 = record.suppliers.iter().map(|r| r.points).sum();
        let in_tokens = tokens > 0;
        let spent = record.suppliers.iter().map(|r| r.spent_usd).sum();
        Self { in_tokens, rewards: if in_tokens { tokens } else { points }, spent }
    }
}

fn cohort(records: &[Record], totals: &[Totals], name: &str, honest: bool) -> Cohort {
    let runs: Vec<Vec<&SupplierRow>> =
        records.iter().map(|r| r.suppliers.iter().filter(|s| s.cohort == name).collect()).collect();
    let per_run = |total: f64| total / records.len().max(1) as f64;
    let sum = |pick: &dyn Fn(&SupplierRow) -> i128| -> i128 { runs.iter().flatten().map(|r| pick(r)).sum() };
    let rows = || runs.iter().flatten();
    let mut shares = Vec::new();
    let mut spent_shares = 0.0;
    for (run, total) in runs.iter().zip(totals) {
        let got: i128 = run.iter().map(|r| if total.in_tokens { r.tokens } else { r.points }).sum();
        let spent: i128 = run.iter().map(|r| r.spent_usd).sum();
        shares.push(ratio(got, total.rewards));
        spent_shares += ratio(spent, total.spent);
    }
    let medians = runs.iter().filter_map(|run| {
        let returns: Vec<f64> = run.iter().filter_map(|r| r.roi).collect();
        quantile_of_sorted(&sorted(&returns), 0.5)
    });
    let returns: Vec<f64> = rows().filter_map(|r| r.roi).filter(|r| r.is_finite()).collect();
    let hopes: Vec<f64> = rows().map(|r| r.expected_roi).filter(|r| r.is_finite()).collect();
    Cohort {
        name: name.into(),
        honest,
        accounts: rows().count(),
        cards: per_run(rows().map(|r| f64::from(r.cards)).sum()),
        spent_usd: per_run(whole(sum(&|r| r.spent_usd), 6)),
        earned_usd: per_run(whole(sum(&|r| r.earned_usd), 6)),
        tokens: per_run(whole(sum(&|r| r.tokens), 8)),
        spent_share: per_run(spent_shares),
        shares,
        medians: medians.collect(),
        by_dollar: by_dollar(rows()),
        returns: sorted(&returns),
        expected: quantile_of_sorted(&sorted(&hopes), 0.5),
    }
}

fn by_dollar<'a>(rows: impl Iterator<Item = &'a &'a SupplierRow>) -> Option<f64> {
    let (mut gain, mut spent) = (0.0, 0.0);
    for row in rows {
        if let Some(roi) = row.roi.filter(|r| r.is_finite()) {
            let dollars = whole(row.spent_usd, 6);
            gain += roi * dollars;
            spent += dollars;
        }
    }
    (spent > 0.0).then(|| gain / spent)
}

fn ratio(part: i128, whole: i128) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}
