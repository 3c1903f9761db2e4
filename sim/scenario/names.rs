//! Names that would merge two groups in the tables, or share their luck.

use super::cohort::{Cohort, Farm};
use super::demand::RenterClass;
use super::reading::Table;

/// Groups that the summary makes up itself, and parties of the ledgers.
const RESERVED: &[&str] =
    &["honest", "cloud_renters_all", "late_renters", "network", "operations", "cloud", "shop", "demand"];

/// Reports cohorts and farms of one name, reserved names, and shared random streams.
pub(super) fn check(root: &Table<'_>, cohorts: &[Cohort], farms: &[Farm], renters: &[RenterClass]) {
    for name in cohorts.iter().map(|c| &c.name).chain(farms.iter().map(|f| &f.name)) {
        if RESERVED.contains(&name.as_str()) {
            let message = format!("\"{name}\" is a name that the results use themselves");
            root.problem("supply", message, "choose another name");
        }
    }
    for farm in farms {
        if cohorts.iter().any(|c| c.name == farm.name) {
            let message = format!("[supply.{0}] and [sybil.{0}] share a name", farm.name);
            root.problem("sybil", message, "rename one; stream = \"old name\" keeps its luck");
        }
    }
    shared(root, "supply", cohorts.iter().map(|c| c.stream.as_str()));
    shared(root, "sybil", farms.iter().map(|f| f.stream.as_str()));
    shared(root, "demand", renters.iter().map(|r| r.stream.as_str()));
}

fn shared<'a>(root: &Table<'_>, table: &'static str, streams: impl Iterator<Item = &'a str>) {
    let mut seen: Vec<&str> = Vec::new();
    for stream in streams {
        if seen.contains(&stream) {
            let message = format!("two tables of [{table}] draw from the stream \"{stream}\"");
            root.problem(table, message, "give each its own `stream`; two would be perfect copies");
        }
        seen.push(stream);
    }
}
