//! `summary.json`: every metric with its unit, mean, 95 % interval and the value of each replication.

use super::manifest::SafeInteger;
use super::{Head, hex};
use crate::measure::record::Record;
use crate::measure::statistics::{half_width, mean};
use serde::Serialize;
use std::collections::BTreeMap;
use std::io;

#[derive(Serialize)]
struct Summary<'a> {
    digest: String,
    metrics: BTreeMap<&'a str, Row<'a>>,
    replications: u32,
    scenario: &'a str,
    schema: u32,
    seed: SafeInteger,
}

#[derive(Serialize)]
struct Row<'a> {
    ci95: Option<[f64; 2]>,
    mean: Option<f64>,
    unit: &'a str,
    values: Vec<Option<f64>>,
}

/// The text of the file. A replication that cannot define a metric has null in `values`; mean and interval
/// are those of the others, and null where there are none (for the interval, fewer than two).
///
/// # Errors
/// When serialisation fails, which plain text and numbers give no reason for.
pub fn text(head: &Head, records: &[Record]) -> io::Result<String> {
    let mut metrics: BTreeMap<&str, Row<'_>> = BTreeMap::new();
    for (name, metric) in records.iter().flat_map(|r| &r.metrics) {
        metrics.entry(name).or_insert_with(|| row(records, name, metric.unit));
    }
    let summary = Summary {
        digest: hex(&head.digest),
        metrics,
        replications: head.replications,
        scenario: &head.scenario,
        schema: 1,
        seed: SafeInteger(head.seed),
    };
    let mut text = serde_json::to_string_pretty(&summary).map_err(io::Error::other)?;
    text.push('\n');
    Ok(text)
}

fn row<'a>(records: &[Record], name: &str, unit: &'a str) -> Row<'a> {
    let values = values(records, name);
    let defined: Vec<f64> = values.iter().copied().flatten().collect();
    let centre = mean(&defined);
    let interval = centre.zip(half_width(&defined, 0.95)).map(|(m, h)| [m - h, m + h]);
    Row { ci95: interval, mean: centre, unit, values }
}

/// The value of a metric in each replication; `None` where it is undefined, or not finite.
#[must_use]
pub fn values(records: &[Record], name: &str) -> Vec<Option<f64>> {
    let of = |r: &Record| r.metrics.get(name).and_then(|m| m.value).filter(|v| v.is_finite());
    records.iter().map(of).collect()
}
