//! Many reward rules on one world: io.net's season under each of them, at a twentieth of its size.

use crate::lab;
use depin_sim::experiment::replicate;
use depin_sim::measure::record::Record;
use depin_sim::measure::statistics::half_width;
use depin_sim::scenario::Scenario;
use depin_sim::scenario::rules::rewards;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/rules");

/// Names of the shipped set, the world with the season's own rule first.
fn shipped() -> Vec<String> {
    let files = fs::read_dir(FOLDER).expect("the folder is there");
    let name = |entry: std::io::Result<fs::DirEntry>| {
        entry
            .expect("it can be read")
            .path()
            .file_stem()
            .expect("it has a name")
            .to_string_lossy()
            .into_owned()
    };
    let mut names: Vec<String> = files.map(name).filter(|name| name != "world").collect();
    names.sort();
    names.insert(0, "world".to_owned());
    names
}

fn scenario(name: &str, sets: &[&str]) -> Arc<Scenario> {
    lab::shipped(&format!("rules/{name}"), sets)
}

/// The resolved scenario but for its rule and its question.
fn world_of(scenario: &Scenario) -> String {
    let mut in_rule = false;
    let aside = |line: &&str| {
        if line.starts_with('[') {
            in_rule = line.starts_with("[protocol.rewards");
        }
        !in_rule && !line.starts_with("question")
    };
    scenario.canonical.lines().filter(aside).collect::<Vec<_>>().join("\n")
}

#[test]
fn at_least_ten_rules_differ_from_the_season_in_nothing_but_the_rule() {
    let names = shipped();
    let world = world_of(&scenario("world", &[]));
    let mut rules = BTreeSet::new();
    for name in &names {
        let scenario = scenario(name, &[]);
        assert!(world_of(&scenario) == world, "{name} is another world");
        assert!(rules.insert(format!("{:?}", scenario.rules.reward())), "{name} has another's rule");
    }
    assert!(names.len() > 10, "{names:?}");
}

/// Rules of `list rules`, each with what it needs to stand in the season at all.
fn listed() -> Vec<(&'static str, Vec<String>)> {
    let lines = rewards::all().into_iter().flat_map(|entry| entry.lines);
    let sets = |line: &'static str| {
        let rule = line.strip_prefix("protocol.rewards.").expect("it is a reward rule");
        let set = match rule.split_once('.') {
            Some((rule, form)) => format!("protocol.rewards.{rule}={{ {form} = {{}} }}"),
            None if rule == "formula" => format!("{line}={{ weight = \"up_hours * cards * multiplier\" }}"),
            None => format!("{line}={{}}"),
        };
        vec![set, "protocol.staking={ stake_usd = 100 }".to_owned()]
    };
    lines.map(|line| (line.name, sets(line.name))).collect()
}

#[test]
fn every_listed_rule_runs_the_season_and_pays_no_more_than_its_pools() {
    for (line, sets) in listed() {
        let sets: Vec<&str> = sets.iter().map(String::as_str).chain(["run.scale=0.003"]).collect();
        let scenario = scenario("world", &sets);
        let record = replicate(&scenario, 0, &|_, _, _| {});
        let paid = lab::value(&record, "rewards.paid_tokens");
        // Three seasons, the last of them only if supply is lost.
        let pool = (32e6 + 8e6 + 4e6) * 0.003;
        assert!(paid <= pool * (1.0 + 1e-12), "{line}: {paid}");
        let drawn_to = scenario.rules.reward().make();
        println!("{line}: {} paid {paid:.2} of {pool}", drawn_to.name());
    }
}

/// One row of README's table.
fn row(name: &str, records: &[Record]) -> String {
    let cell = |metric: &str, factor: f64, digits: usize, unit: &str| {
        let values: Vec<f64> = records
            .iter()
            .filter_map(|record| record.metrics.get(metric)?.value)
            .map(|v| v * factor)
            .collect();
        if values.len() < 2 {
            return "none".to_owned();
        }
        let half = half_width(&values, 0.95).expect("several values");
        if lab::mean(&values) > 1000.0 {
            return "above 1000".to_owned();
        }
        format!("{:.digits$}{unit} \u{b1}{half:.digits$}", lab::mean(&values))
    };
    let rule = scenario(name, &[]).rules.reward().make().name();
    format!(
        "| `{rule}` | {} | {} | {} | {} | {} | {} |",
        cell("rewards.share_to_fakes", 100.0, 0, "%"),
        cell("economics.roi.honest", 100.0, 0, "%"),
        cell("economics.roi_median.honest", 100.0, 0, "%"),
        cell("economics.subsidy_per_revenue_usd", 1e-3, 1, "K"),
        cell("rewards.gini", 1.0, 2, ""),
        cell("sybil.cost_per_reward_usd", 1.0, 2, ""),
    )
}

/// Minutes of work: `.ci/run` does it. The message is the table to put into README.
#[test]
#[ignore = "minutes: every rule of scenarios/rules, eight times"]
fn readme_tells_what_came_of_every_rule() {
    let rows: Vec<String> = shipped()
        .iter()
        .map(|name| {
            let scenario = scenario(name, &[]);
            let runs = 0..scenario.run.replications;
            row(name, &runs.map(|run| replicate(&scenario, run, &|_, _, _| {})).collect::<Vec<_>>())
        })
        .collect();
    let readme =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).expect("it is there");
    let told: BTreeSet<&str> = readme.lines().collect();
    let missing = rows.iter().filter(|row| !told.contains(row.as_str())).count();
    assert_eq!(missing, 0, "README should say:\n{}", rows.join("\n"));
}
