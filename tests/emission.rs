//! Schedules of emission alone: the shipped files against published tables, and the command that walks them.

use crate::lab;
use depin_sim::measure::emission::{Question, Stop, Walk, walk};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Rows of the table of expected results that concern emission.
const ROWS: usize = 22;

fn walked(name: &str, sets: &[&str], question: Question) -> Walk {
    let scenario = lab::shipped(&format!("emission/{name}"), sets);
    let rule = scenario.rules.emission().expect("the scenario has a schedule");
    walk(rule, question, &|_| {}).unwrap_or_else(|trouble| panic!("{name}: {trouble}"))
}

fn program(words: &[&str]) -> Output {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("emission");
    fs::create_dir_all(&folder).expect("the folder can be made");
    let mut command = Command::new(env!("CARGO_BIN_EXE_depin-sim"));
    command.current_dir(folder).arg("emission").args(words).env("NO_COLOR", "1");
    command.output().expect("the program starts")
}

fn said(words: &[&str]) -> String {
    let answer = program(words);
    let complaint = String::from_utf8_lossy(&answer.stderr);
    assert!(answer.status.success(), "{complaint}");
    String::from_utf8(answer.stdout).expect("text")
}

fn data(words: &[&str]) -> Value {
    serde_json::from_str(&said(&[words, &["--format", "json"]].concat())).expect("JSON")
}

/// Exit code 2, nothing on standard output, and these words on standard error.
fn refused(words: &[&str], because: &[&str]) {
    let answer = program(words);
    let complaint = String::from_utf8_lossy(&answer.stderr);
    assert_eq!((answer.status.code(), answer.stdout.len()), (Some(2), 0), "{complaint}");
    for part in because {
        assert!(complaint.contains(part), "{part} in\n{complaint}");
    }
}

/// The rows of a table in the folder of shared results, or `None` with the reason printed.
fn table(path: &str) -> Option<Vec<BTreeMap<String, String>>> {
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared")).join(path);
    let Ok(text) = fs::read_to_string(&path) else {
        eprintln!("skipped: there is no {}", path.display());
        return None;
    };
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    Some(reader.deserialize().map(|row| row.expect("a row of a table")).collect())
}

/// `key=value;key=value`.
fn parameters(text: &str) -> BTreeMap<&str, &str> {
    text.split(';').filter_map(|pair| pair.split_once('=')).collect()
}

fn number<T: std::str::FromStr>(text: &str) -> T {
    text.parse().unwrap_or_else(|_| panic!("{text} is not a number"))
}

/// What a row expects, held against the walk of its schedule.
fn hold(row: &BTreeMap<String, String>) {
    let given = parameters(&row["params"]);
    let find = |key: &str| given.get(key).copied();
    let mut sets = Vec::new();
    sets.extend(find("cap").map(|cap| format!("protocol.emission.cap_tokens={cap}")));
    sets.extend(find("run_past_end").map(|_| "protocol.emission.epochs=100000".to_owned()));
    let sets: Vec<&str> = sets.iter().map(String::as_str).collect();
    let at = find("epoch").or(find("through_epoch")).map(number);
    let years = find("through_years").map(number);
    let name = given["schedule"];
    let walk = walked(name, &sets, Question { at, years });
    let (amount, cumulative) = walk.at.map_or((0, walk.total), |at| (at.amount, at.cumulative));
    let expected = row["expected"].as_str();
    let tokens = |units: i128| depin_sim::report::number::whole(units, walk.decimals);
    let near = |found: f64| {
        let tolerance = if name == "filecoin-simple" { 2e-7 } else { 1e-9 };
        let wanted: f64 = number(expected);
        assert!((found / wanted - 1.0).abs() <= tolerance, "{row:?}: {found}");
    };
    match row["metric"].as_str() {
        "amount" => assert_eq!(amount, number::<i128>(expected), "{row:?}"),
        "cumulative" => assert_eq!(cumulative, number::<i128>(expected), "{row:?}"),
        "amount_tokens" => near(tokens(amount)),
        "cumulative_tokens" => near(tokens(cumulative)),
        "cap_epoch" => assert_eq!(walk.cap_epoch, Some(number(expected)), "{row:?}"),
        other => panic!("unknown metric {other}"),
    }
}

/// Years of Filecoin's thirty-second epochs take long without optimisation: the gate runs them in release.
fn long(row: &BTreeMap<String, String>) -> bool {
    let given = parameters(&row["params"]);
    given["schedule"].starts_with("filecoin") && given.get("through_years").is_some_and(|years| *years != "1")
}

#[test]
fn every_published_amount_sum_and_cap_epoch_is_met() {
    let Some(rows) = table("expected/analytic.csv") else { return };
    let rows: Vec<_> = rows.into_iter().filter(|row| row["kind"] == "emission").collect();
    assert!(rows.len() >= ROWS, "{} rows", rows.len());
    for row in rows.iter().filter(|row| !(cfg!(debug_assertions) && long(row))) {
        hold(row);
    }
}
