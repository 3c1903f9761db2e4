//! The results of one replication, as measurement hands them to the report.

use super::steady::Settled;
use std::collections::BTreeMap;

/// Results of one replication.
#[derive(Clone, Debug, Default)]
pub struct Record {
    /// Index of the replication, from zero.
    pub replication: u32,
    /// Digest of everything that happened in it.
    pub digest: [u8; 32],
    /// One number per metric name (dotted, as `list metrics` explains them).
    pub metrics: BTreeMap<String, Metric>,
    /// One sample per epoch.
    pub series: Series,
    /// One row per supplier.
    pub suppliers: Vec<SupplierRow>,
    /// Who paid whom, by category and asset.
    pub flows: Vec<FlowRow>,
    /// Dated happenings, drawn as numbered lines on the plots.
    pub marks: Vec<Mark>,
    /// What became of the jobs of a trace, in order of submission.
    pub jobs: Vec<JobRow>,
    /// Figures after the warm-up with intervals from this replication alone, where the scenario asks for them.
    pub steady: Vec<Settled>,
    /// Events that the engine carried out.
    pub events: u64,
}

/// One number of one replication.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Metric {
    /// Unit, for people.
    pub unit: &'static str,
    /// The number; `None` where the scenario cannot define it.
    pub value: Option<f64>,
}

/// A dated happening.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// When, in seconds since 1970 (UTC).
    pub unix_s: i64,
    /// `outside`, `team` or `trigger`.
    pub kind: &'static str,
    /// What happened, in the scenario's words.
    pub note: String,
}

/// Samples over time, one per epoch.
#[derive(Clone, Debug, Default)]
pub struct Series {
    /// Sample times, in seconds since 1970 (UTC), ascending.
    pub unix_s: Vec<i64>,
    /// What was sampled; every column is as long as `unix_s`.
    pub columns: Vec<Column>,
}

/// One sampled quantity.
#[derive(Clone, Debug)]
pub struct Column {
    /// Dotted name.
    pub metric: &'static str,
    /// Unit, for people.
    pub unit: &'static str,
    /// Cohort, cloud, shop or asset; empty for the whole network.
    pub group: String,
    /// One value per sample; NaN where undefined.
    pub values: Vec<f64>,
}

/// One supplier's account at the end.
#[derive(Clone, Debug)]
pub struct SupplierRow {
    /// Name, as `gamers/17`.
    pub supplier: String,
    /// Table of the scenario that it was drawn from.
    pub cohort: String,
    /// False for a Sybil farm.
    pub honest: bool,
    /// Cards listed.
    pub cards: u32,
    /// What it chose: own, bought, rented and where.
    pub option: String,
    /// When it came, in seconds since 1970 (UTC).
    pub entered_unix_s: i64,
    /// When it left, if it did.
    pub left_unix_s: Option<i64>,
    /// All it paid, slashed stakes included, in millionths of a dollar.
    pub spent_usd: i128,
    /// What its hardware was still worth, in millionths of a dollar.
    pub salvage_usd: i128,
    /// Points, in millionths.
    pub points: i128,
    /// Tokens that it was rewarded with, those that a schedule still owes it included, in units of 1e-8.
    pub tokens: i128,
    /// Value of what it earned, in millionths of a dollar.
    pub earned_usd: i128,
    /// Stake it has on the network (held, cooling down, or seized and undecided), in millionths of a dollar; in no
    /// other figure.
    pub staked_usd: i128,
    /// Stake it lost for good, in millionths of a dollar.
    pub slashed_usd: i128,
    /// Return it expected when it decided, as a fraction.
    pub expected_roi: f64,
    /// Return it made, as a fraction; `None` when it spent nothing.
    pub roi: Option<f64>,
    /// Device-hours online.
    pub up_hours: f64,
    /// Devices flagged by verification.
    pub flagged_devices: u32,
    /// Its account, or one of a farm's, was flagged by linkage at least once.
    pub flagged: bool,
}

/// One job of a trace; times are decimal text in the trace's own unit, empty for what did not happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobRow {
    /// Name in the trace.
    pub id: String,
    /// When it was submitted.
    pub submit: String,
    /// When it started, if it did.
    pub start: String,
    /// When it left its devices, if it did.
    pub finish: String,
    /// Cards asked.
    pub procs: u32,
    /// Hosts and the cards held of each.
    pub devices: Vec<(String, Vec<u16>)>,
}

/// One cell of the flow matrix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlowRow {
    /// Who paid; the part before a slash is its group.
    pub payer: String,
    /// Who was paid.
    pub payee: String,
    /// What for.
    pub category: &'static str,
    /// `usd`, `token` or `points`.
    pub asset: &'static str,
    /// Amount in base units.
    pub amount: i128,
    /// Decimal places of a base unit.
    pub decimals: u8,
}
