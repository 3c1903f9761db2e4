//! A small scenario to read, and how the tests state what must be said about it.

mod limits;
mod merging;
mod problems;
mod register;
mod rendering;
mod settings;

use crate::engine::draw::Law;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::*;

/// A scenario that uses every way of reading, without a problem.
pub(super) const SAMPLE: &str = r#"[run]
seed = 7
start = 2023-11-04
duration_days = 200
record = "summary"
replications = 3
labels = ["a", "b"]

[supply.gamers]
count = 1000
stake_tokens = "400.00"
rent_usd_per_month = 12.5
setup_days = 2
honest = true
uptime = 0.9
life_hours = { lognormal = { mean = 6.0, sd = 2.0 } }

[supply.farm]
count = 50
stake_tokens = 0
rent_usd_per_month = 0
setup_days = 0.5
life_hours = 9

[protocol.rewards.points]
weight = 2
half_life_hours = 12

[[timeline]]
at = 2024-06-11T12:00:00Z
kind = "outside"
set = { "run.seed" = 9 }

[[timeline]]
at = "2024-06-12"
kind = "team"
"#;

/// What [`read`] made of a scenario, for tests that look at values.
#[derive(Debug, Default)]
pub(super) struct Facts {
    pub seed: u64,
    pub record: &'static str,
    pub title: Option<String>,
    pub cohorts: Vec<(String, u64, Law)>,
    pub policy: Option<(&'static str, f64)>,
    pub changes: Vec<Assignment>,
}

/// Reads a scenario the way the simulator would.
pub(super) fn read(doc: &Document) -> Facts {
    let root = doc.root();
    let mut facts = Facts::default();
    let run = root.section("run", "the run");
    facts.seed = run.require("seed", "the seed of every random stream");
    run.or("start", Instant(0), "the first instant; assumed");
    run.require::<Days>("duration_days", "how long the run is");
    facts.title = run.optional("title", "the name in the report");
    run.or("replications", 1u32, "how often it is repeated; assumed");
    run.list::<String>("labels", "words for the report");
    let words = &["summary", "events", "series"];
    facts.record = run.word("record", words, Some("summary"), "what is recorded");
    for (name, cohort) in root.named("supply", "a cohort of suppliers") {
        let count: Count = cohort.require("count", "how many suppliers there are");
        cohort.require::<Tokens>("stake_tokens", "the stake per device");
        cohort.require::<Usd>("rent_usd_per_month", "the rent per device");
        cohort.require::<Days>("setup_days", "the time to the first heartbeat");
        cohort.or("honest", true, "whether claims are true; assumed");
        let uptime = cohort.or("uptime", Share(0.8), "the share of time online; assumed");
        cohort.range("uptime", uptime.0, 0.1, 1.0);
        let life: Law = cohort.require("life_hours", "how long a session lasts");
        facts.cohorts.push((name, count.0, life));
    }
    let protocol = root.section("protocol", "the protocol");
    let rules = &["points", "flat"];
    if let Some((name, rule)) = protocol.choose("rewards", rules, "the reward rule") {
        let weight: Positive = rule.require("weight", "the weight of an hour");
        rule.or("half_life_hours", Hours(24.0), "how points fade; assumed");
        facts.policy = Some((name, weight.0));
    }
    for shock in root.each("timeline", "what happens on a date") {
        shock.require::<Instant>("at", "when it happens");
        shock.word("kind", &["outside", "team"], None, "whose doing it is");
        let changes = shock.assignments("set", "the values from then on");
        facts.changes.extend(changes);
    }
    facts
}

/// Loads, reads and finishes; the report, empty when there is none.
pub(super) fn report_of(text: &str, sets: &[&str]) -> Option<Report> {
    let sets: Vec<String> = sets.iter().map(|set| (*set).to_owned()).collect();
    match Document::from_text("s.toml", text, &sets) {
        Ok(doc) => {
            read(&doc);
            doc.finish().err()
        }
        Err(report) => Some(report),
    }
}

/// Every problem as `file:line:column path: message | hint`.
pub(super) fn lines(report: Option<Report>) -> Vec<String> {
    let report = report.as_ref().map_or(&[][..], Report::problems);
    let line = |p: &Problem| {
        let hint = p.hint().map(|hint| format!(" | {hint}"));
        let place = format!("{}:{}:{}", p.file(), p.line(), p.column());
        format!("{place} {}{}", p.message(), hint.unwrap_or_default())
    };
    report.iter().map(line).collect()
}

/// The sample with one line replaced.
pub(super) fn sample_with(line: &str, replacement: &str) -> String {
    assert_eq!(SAMPLE.matches(line).count(), 1, "{line} is not unique");
    SAMPLE.replace(line, replacement)
}

/// Files in a map, so that tests touch no disk.
pub(super) struct Shelf(pub BTreeMap<&'static str, String>);

impl Files for Shelf {
    fn text(&self, path: &Path) -> Result<String, String> {
        let found = self.0.get(path.to_str().expect("test paths are text"));
        found.cloned().ok_or_else(|| "there is no such file".into())
    }

    fn identity(&self, path: &Path) -> PathBuf {
        path.to_path_buf()
    }
}

#[test]
fn a_sound_scenario_has_no_problem() {
    assert_eq!(lines(report_of(SAMPLE, &[])), [""; 0]);
    let doc = Document::from_text("s.toml", SAMPLE, &[]).expect("the sample parses");
    let facts = read(&doc);
    assert_eq!((facts.seed, facts.record), (7, "summary"));
    assert_eq!(facts.policy, Some(("points", 2.0)));
    let farm = ("farm".to_owned(), 50, Law::Deterministic { mean: 9.0 });
    assert_eq!(facts.cohorts[0], farm);
    let law = Law::Lognormal { mean: 6.0, sd: 2.0 };
    assert_eq!(facts.cohorts[1], ("gamers".to_owned(), 1000, law));
}
