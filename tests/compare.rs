//! `compare` as its users meet it: what is the same is exactly the same, what differs is told with its interval.

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn place(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("compare").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("the target folder can be written");
    folder
}

fn compare(words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_depin-sim"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).arg("compare").args(words);
    command.output().expect("the program starts")
}

#[track_caller]
fn data(words: &[&str]) -> Value {
    let output = compare(&[words, &["--format", "json"]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("standard output is JSON and nothing else")
}

const SMALL: &str = "scenarios/small.toml";
const RULE: &str = "protocol.rewards.uptime_share={}";

/// The comparison of a metric with the only variant.
fn of<'v>(data: &'v Value, metric: &str) -> &'v Value {
    let rows = data["comparisons"].as_array().expect("a list");
    rows.iter().find(|row| row["metric"] == metric).expect("it was asked for")
}

#[test]
fn a_scenario_does_not_differ_from_itself_by_the_last_bit() {
    let found = data(&[SMALL, SMALL, "--replications", "3", "--metric", "*"]);
    assert_eq!(found["variants"][0]["digest"], found["variants"][1]["digest"]);
    assert_eq!(found["variants"][1]["name"], "small (2)");
    let rows = found["comparisons"].as_array().expect("a list");
    assert!(rows.len() > 60, "{}", rows.len());
    for row in rows {
        match row["pairs"].as_u64() {
            Some(0) => assert_eq!(row["verdict"], "undefined", "{row}"),
            _ => assert_eq!((&row["verdict"], &row["difference"]), (&"same".into(), &0.0.into()), "{row}"),
        }
    }
}

#[test]
fn what_a_rule_changes_is_told_with_its_interval_and_what_pairing_saved() {
    let found = data(&[SMALL, "--vary", RULE, "--replications", "8"]);
    let row = of(&found, "rewards.share_to_fakes");
    // A farm's cards idle behind many names: where uptime alone is paid, they take more.
    assert_eq!(row["verdict"], "differs", "{row}");
    assert!(row["difference"].as_f64() > Some(0.0) && row["interval"][0].as_f64() > Some(0.0), "{row}");
    // The rule pays late and lets the renters be: nearly all of the variance is common.
    let shared = of(&found, "protocol.revenue_usd");
    assert!(shared["variance_reduction"].as_f64() > Some(0.9), "{shared}");
    // Twelve metrics and one variant hold together.
    let each = found["confidence_each"].as_f64().expect("a number");
    assert!((each - (1.0 - 0.05 / 12.0)).abs() < 1e-12, "{each}");
}

#[test]
fn the_answer_is_that_of_single_runs_on_any_number_of_threads() {
    let folder = place("threads");
    let words = [SMALL, "--vary", RULE, "--replications", "2", "--metric", "rewards.*", "--seed", "11"];
    let one = data(&[&words[..], &["--threads", "1"]].concat());
    let two = data(&[&words[..], &["--threads", "2"]].concat());
    assert_eq!(one, two);
    let run = folder.join("run").display().to_string();
    let words = ["run", SMALL, "--seed", "11", "--replications", "2", "--set", RULE, "--out", &run];
    let mut command = Command::new(env!("CARGO_BIN_EXE_depin-sim"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).args(words).args(["--quiet", "--no-plots"]);
    assert!(command.status().expect("the program starts").success());
    let text = fs::read_to_string(folder.join("run/summary.json")).expect("it was written");
    let summary: Value = serde_json::from_str(&text).expect("it is JSON");
    assert_eq!(one["variants"][1]["digest"], summary["digest"]);
    assert_eq!(of(&one, "rewards.gini")["variant_mean"], summary["metrics"]["rewards.gini"]["mean"]);
}

#[test]
fn table_data_and_figure_are_written_and_agree() {
    let folder = place("files");
    let out = folder.display().to_string();
    let words = [SMALL, "--vary", RULE, "--replications", "2", "--metric", "rewards.gini"];
    let found = data(&[&words[..], &["--out", &out]].concat());
    let text = fs::read_to_string(folder.join("comparison.json")).expect("it was written");
    assert_eq!(serde_json::from_str::<Value>(&text).expect("it is JSON"), found);
    for name in ["forest.png", "forest.svg"] {
        assert!(fs::metadata(folder.join(name)).is_ok_and(|file| file.len() > 1000), "{name}");
    }
    let mut table = csv::Reader::from_path(folder.join("comparison.csv")).expect("it was written");
    let rows: Vec<csv::StringRecord> = table.records().map(|row| row.expect("a whole row")).collect();
    // Baseline and variant, two replications each.
    assert_eq!(rows.len(), 4);
    let differences = rows[2..].iter().map(|row| row[5].parse::<f64>().expect("a number"));
    let mean = differences.sum::<f64>() / 2.0;
    assert!(
        (Some(mean - of(&found, "rewards.gini")["difference"].as_f64().expect("a number")))
            .is_some_and(|d| d.abs() < 1e-12)
    );
}

#[track_caller]
fn refused(words: &[&str], because: &str) {
    let output = compare(words);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{told}");
    assert!(told.contains(because) && told.contains("\nagain: depin-sim compare "), "{told}");
    assert!(output.stdout.is_empty());
}

#[test]
fn what_cannot_be_compared_is_said_before_anything_runs() {
    refused(&[SMALL], "nothing to compare the baseline with");
    refused(&[SMALL, "--vary", RULE, "--metric", "rewards.ginni"], "did you mean rewards.gini?");
    refused(&[SMALL, "--vary", "run.duration_dayz=3"], "duration_dayz");
    let absent = [SMALL, "--vary", RULE, "--metric", "economics.roi.nobody", "--replications", "2"];
    refused(&absent, "no variant has the metric economics.roi.nobody");
}
