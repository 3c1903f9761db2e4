//! Scenarios as the tests need them: shipped ones with overrides, or written in the test; and what came of them.

use std::path::Path;
use std::sync::Arc;

use depin_sim::experiment::replicate;
use depin_sim::measure::record::Record;
use depin_sim::scenario::Scenario;
use depin_sim::scenario::reading::{Disk, Document};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios");

/// A scenario of `scenarios/` with `--set` arguments.
pub fn shipped(name: &str, sets: &[&str]) -> Arc<Scenario> {
    let path = Path::new(FOLDER).join(format!("{name}.toml"));
    let sets: Vec<String> = sets.iter().map(|&s| s.to_owned()).collect();
    Arc::new(Scenario::load(&path, &sets).unwrap_or_else(|report| panic!("{report}")))
}

/// The text of a scenario of `scenarios/`.
pub fn text_of(name: &str) -> String {
    std::fs::read_to_string(Path::new(FOLDER).join(format!("{name}.toml"))).expect("the scenario is shipped")
}

/// A scenario written in a test; catalogues are found as from a file of `scenarios/`.
pub fn written(text: &str) -> Arc<Scenario> {
    let name = format!("{FOLDER}/written.toml");
    let document =
        Document::from_text_with(&name, text, &[], &Disk).unwrap_or_else(|report| panic!("{report}"));
    Arc::new(Scenario::read("written", &document).unwrap_or_else(|report| panic!("{report}")))
}

/// The first replication.
pub fn run(scenario: &Arc<Scenario>) -> Record {
    replicate(scenario, 0, &|_, _, _| {})
}

/// A metric that the run must define.
pub fn value(record: &Record, metric: &str) -> f64 {
    let found = record.metrics.get(metric);
    let known = found.unwrap_or_else(|| panic!("there is no metric {metric}"));
    known.value.unwrap_or_else(|| panic!("{metric} has no value in this run"))
}

/// A sampled column.
pub fn column<'r>(record: &'r Record, metric: &str, group: &str) -> &'r [f64] {
    let found = record.series.columns.iter();
    let mut found = found.filter(|c| c.metric == metric && c.group == group);
    let column = found.next().unwrap_or_else(|| panic!("there is no column {metric} {group}"));
    &column.values
}

/// The mean of a sample.
pub fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}
