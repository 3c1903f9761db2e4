//! `sweep` as its users meet it: nothing lost, nothing done twice, nothing mixed, and tables that say what was run.

use depin_sim::report::tables::batch::Cells;
use depin_sim::report::tables::stored::Stored;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

fn place(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("sweep").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("the target folder can be written");
    folder
}

fn program(words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_depin-sim"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).arg("sweep").args(words);
    command
}

fn sweep(words: &[&str]) -> Output {
    program(words).output().expect("the program starts")
}

#[track_caller]
fn fine(words: &[&str]) -> String {
    let output = sweep(words);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

#[track_caller]
fn refused(words: &[&str]) -> String {
    let output = sweep(words);
    assert_eq!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stdout));
    assert!(output.stdout.is_empty());
    String::from_utf8(output.stderr).expect("text")
}

fn text(path: &Path) -> &str {
    path.to_str().expect("the target folder has a plain name")
}

/// An experiment of the small scenario, written into a folder.
fn experiment(folder: &Path, name: &str, rest: &str) -> PathBuf {
    let path = folder.join(format!("{name}.toml"));
    let small = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/small.toml");
    fs::write(&path, format!("scenario = \"{small}\"\n{rest}")).expect("room");
    path
}

const CAPS: &str = r#"
replications = 2
metrics = ["rewards.gini", "supply.connected_peak"]
[sweep.gamers]
path = "supply.gamers.population"
values = [20, 40, 60]
[sweep.rule]
path = "protocol.rewards"
values = [{ ignition_points = {} }, { uptime_share = {} }]
"#;

fn texts(stored: &Stored, name: &str) -> Vec<String> {
    let column = stored.find(name).unwrap_or_else(|| panic!("there is no column {name}"));
    let mut all = Vec::new();
    for group in 0..stored.groups() {
        let Cells::Text(cells) = stored.cells(group, column).expect("readable") else { panic!("no text") };
        all.extend(cells.into_iter().map(|cell| cell.into_owned()));
    }
    all
}

fn numbers(stored: &Stored, name: &str) -> Vec<f64> {
    let column = stored.find(name).unwrap_or_else(|| panic!("there is no column {name}"));
    stored.numbers(column, usize::MAX).expect("readable")
}

#[test]
fn every_row_of_the_table_is_the_run_that_its_settings_say() {
    let folder = place("table");
    let (file, out) = (experiment(&folder, "caps", CAPS), folder.join("out"));
    let said = fine(&[text(&file), "--out", text(&out)]);
    assert!(said.contains("12 runs, 6 design rows (grid), 2 of each"), "{said}");
    let stored = Stored::open(&out.join("results.parquet")).expect("a table");
    let names: Vec<&str> = stored.fields().iter().map(|field| field.name.as_ref()).collect();
    let expected = [
        "run_id",
        "design_row",
        "replication",
        "param_gamers",
        "param_rule",
        "digest",
        "error",
        "rewards.gini",
        "supply.connected_peak",
    ];
    assert_eq!(names, expected);
    assert_eq!(numbers(&stored, "design_row"), [0., 0., 1., 1., 2., 2., 3., 3., 4., 4., 5., 5.]);
    assert_eq!(numbers(&stored, "param_gamers")[8..], [60.0; 4]);
    let ids: BTreeSet<String> = texts(&stored, "run_id").into_iter().collect();
    assert_eq!(ids.len(), 12);
    // Row 3 is 40 gamers under uptime_share; its second replication is the second of `run`.
    let run = Command::new(env!("CARGO_BIN_EXE_depin-sim"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["run", "scenarios/small.toml", "--replications", "2", "--no-plots", "--format", "json"])
        .args(["--set", "supply.gamers.population=40", "--set", "protocol.rewards={ uptime_share = {} }"])
        .args(["--out", text(&folder.join("run"))])
        .output()
        .expect("the program starts");
    let summary: Value = serde_json::from_slice(&run.stdout).expect("JSON");
    for metric in ["rewards.gini", "supply.connected_peak"] {
        let values = summary["metrics"][metric]["values"].as_array().expect("values");
        let values: Vec<f64> = values.iter().map(|value| value.as_f64().expect("a number")).collect();
        assert_eq!(numbers(&stored, metric)[6..8], values, "{metric}");
    }
}

#[test]
fn killed_again_and_again_it_comes_to_the_same_bytes() {
    killed("killed", 30, 6);
}

#[test]
#[ignore = "a minute; .ci/run has it"]
fn two_thousand_runs_killed_two_hundred_times_come_to_the_same_bytes() {
    killed("killed-often", 1000, 200);
}

/// A sweep of `rows` design rows, two runs each, killed so many times while it works.
fn killed(name: &str, rows: u32, times: u64) {
    let folder = place(name);
    let design = format!(
        "replications = 2\nmetrics = [\"rewards.*\"]\nset = [\"run.duration_days=30\"]\n[sample.sobol]\nrows = {rows}\n\
         [sweep.gamers]\npath = \"supply.gamers.population\"\nrange.integer = {{ low = 5, high = 40 }}\n"
    );
    let file = experiment(&folder, "kill", &design);
    let (whole, broken) = (folder.join("whole"), folder.join("broken"));
    fine(&[text(&file), "--out", text(&whole), "--quiet"]);
    let parts = broken.join("parts");
    let mut killed_at_work = 0;
    for round in 0..times {
        let mut child = program(&[text(&file), "--out", text(&broken), "--quiet"])
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        // Long enough to begin and too short to end, at an instant that is never the same.
        std::thread::sleep(Duration::from_millis(30 + (round * 7919) % 150));
        child.kill().expect("it is ours");
        let status = child.wait().expect("it was killed");
        killed_at_work += u64::from(status.code().is_none());
        for entry in fs::read_dir(&parts).into_iter().flatten() {
            let path = entry.expect("readable").path();
            if path.extension().is_some_and(|ending| ending == "jsonl") {
                let lines = fs::read_to_string(&path).unwrap_or_default();
                let runs: Vec<u64> = lines
                    .lines()
                    .filter_map(|line| serde_json::from_str::<Value>(line).ok()?["run"].as_u64())
                    .collect();
                let once: BTreeSet<u64> = runs.iter().copied().collect();
                assert_eq!(once.len(), runs.len(), "a run stands twice in {}", path.display());
            }
        }
    }
    assert!(killed_at_work * 2 >= times, "only {killed_at_work} of {times} were killed at work");
    fine(&[text(&file), "--out", text(&broken), "--quiet"]);
    let read = |folder: &Path, name: &str| fs::read(folder.join(name)).expect("it was written");
    for name in ["results.parquet", "columns.csv", "points.csv", "analysis.json", "manifest.json"] {
        assert!(read(&whole, name) == read(&broken, name), "{name} differs");
    }
    let stored = Stored::open(&broken.join("results.parquet")).expect("a table");
    assert_eq!(numbers(&stored, "design_row").len(), 2 * rows as usize);
}

#[test]
fn shards_in_any_order_some_twice_one_killed_make_the_table_of_the_whole() {
    let folder = place("shards");
    let file = experiment(&folder, "caps", CAPS);
    let whole = folder.join("whole");
    fine(&[text(&file), "--out", text(&whole), "--quiet"]);
    let plan = folder.join("plan");
    let said = fine(&["plan", text(&file), "--out", text(&plan)]);
    assert!(said.contains("12: 6 design rows") && said.contains("expected"), "{said}");
    // Another machine gets the manifest and nothing else.
    let machines: Vec<PathBuf> = (1..=3).map(|machine| folder.join(format!("machine-{machine}"))).collect();
    for machine in &machines {
        fs::create_dir_all(machine).expect("room");
        fs::copy(plan.join("manifest.json"), machine.join("manifest.json")).expect("room");
    }
    let shard = |number: usize| format!("{number}/3");
    let mut child =
        program(&[text(&machines[2]), "--shard", &shard(3), "--quiet"]).spawn().expect("the program starts");
    std::thread::sleep(Duration::from_millis(40));
    child.kill().expect("it is ours");
    child.wait().expect("it was killed");
    for number in [2, 3, 1, 2] {
        fine(&[text(&machines[number - 1]), "--shard", &shard(number), "--quiet"]);
    }
    let folders: Vec<&str> = machines.iter().rev().map(|machine| text(machine)).collect();
    let status = fine(&[&["status"], &folders[..2]].concat());
    assert!(
        status.contains("done          8 of 12 runs (66 %)") && status.contains("missing       4"),
        "{status}"
    );
    let merged = folder.join("merged");
    let incomplete = sweep(&[&["merge", "--out", text(&folder.join("two"))], &folders[..2]].concat());
    assert_eq!(incomplete.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&incomplete.stderr).contains("4 of 12 runs are missing"));
    fine(&[&["merge", "--out", text(&merged)], &folders[..]].concat());
    // What two machines had is gathered already: the rest is carried out here.
    fine(&[text(&folder.join("two")), "--quiet"]);
    for name in ["results.parquet", "points.csv", "analysis.json"] {
        let of = |folder: &Path| fs::read(folder.join(name)).expect("it was written");
        assert!(of(&whole) == of(&merged) && of(&whole) == of(&folder.join("two")), "{name} differs");
    }
    let status = fine(&["status", text(&merged)]);
    assert!(status.contains("12 of 12 runs") && status.contains("results.parquet is there"), "{status}");
}

#[test]
fn shards_share_a_folder_and_a_whole_sweep_does_not() {
    let folder = place("shared");
    let (file, out) = (experiment(&folder, "caps", CAPS), folder.join("out"));
    fine(&["plan", text(&file), "--out", text(&out)]);
    let start = |shard: &str| -> Child {
        program(&[text(&out), "--shard", shard, "--quiet"]).spawn().expect("the program starts")
    };
    let children = [start("1/2"), start("2/2")];
    for mut child in children {
        assert!(child.wait().expect("it ends").success());
    }
    let lock = fs::File::open(out.join(".lock")).expect("it is there");
    lock.lock().expect("nobody has it");
    let told = refused(&[text(&out)]);
    assert!(told.contains("another process works on the sweep") && told.contains("--shard"), "{told}");
    drop(lock);
    fine(&[text(&out), "--quiet"]);
    assert!(out.join("results.parquet").exists() && !out.join("parts").exists());
}

#[test]
fn another_experiment_in_the_same_folder_is_refused_and_changes_nothing() {
    let folder = place("changed");
    let (file, out) = (experiment(&folder, "caps", CAPS), folder.join("out"));
    fine(&[text(&file), "--out", text(&out), "--quiet"]);
    let before = fs::read(out.join("results.parquet")).expect("written");
    for (words, what) in [
        (vec!["--seed", "2"], "the scenario differs"),
        (vec!["--replications", "3"], "the replications differs"),
        (vec!["--set", "run.scale=0.5"], "the scenario differs"),
    ] {
        let told = refused(&[&[text(&file), "--out", text(&out)], &words[..]].concat());
        let one_of = told.contains(what) || told.contains("the seed differs");
        assert!(
            one_of && told.contains("another --out") && told.contains("again: depin-sim sweep"),
            "{told}"
        );
    }
    let foreign = folder.join("foreign");
    fs::create_dir_all(&foreign).expect("room");
    fs::write(foreign.join("thesis.txt"), "mine").expect("room");
    assert!(refused(&[text(&file), "--out", text(&foreign)]).contains("thesis.txt"));
    assert!(refused(&["status", text(&foreign)]).contains("no folder of a sweep"));
    assert_eq!(fs::read(out.join("results.parquet")).expect("written"), before);
}

#[test]
fn a_run_that_fails_stops_no_other_and_can_be_seen_again() {
    let folder = place("failed");
    // Each value is sound alone; the second row has more than a million epochs.
    let design = "[sample.list]\n[sweep.days]\npath = \"run.duration_days\"\nvalues = [20, 36000, 30]\n\
                  [sweep.hours]\npath = \"run.epoch_hours\"\nvalues = [1, 0.5, 2]\n";
    let (file, out) = (experiment(&folder, "fails", design), folder.join("out"));
    let output = sweep(&[text(&file), "--out", text(&out)]);
    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.contains("1 of 3 runs failed"), "{told}");
    let stored = Stored::open(&out.join("results.parquet")).expect("a table");
    let errors = texts(&stored, "error");
    assert!(errors[0].is_empty() && errors[1].contains("more than a million epochs") && errors[2].is_empty());
    let peaks = numbers(&stored, "supply.connected_peak");
    assert!(peaks[0] > 0.0 && peaks[1].is_nan() && peaks[2] > 0.0);
    let failures = fs::read_to_string(out.join("failures.csv")).expect("written");
    let command = failures.lines().nth(1).and_then(|line| line.rsplit(',').next()).expect("a command");
    let words: Vec<&str> = command.split(' ').skip(2).collect();
    let again = sweep(&words);
    assert_eq!(again.status.code(), Some(1), "{command}");
    let found: Value = serde_json::from_slice(&again.stdout).expect("JSON");
    assert_eq!(found["settings"][0], "run.duration_days=36000");
    assert!(found["error"].as_str().expect("a text").contains("more than a million epochs"));
    // What did not fail is the same alone.
    let alone: Value = serde_json::from_str(&fine(&["one", text(&out), "--run", "2"])).expect("JSON");
    assert_eq!(alone["values"]["supply.connected_peak"].as_f64(), Some(peaks[2]));
    assert_eq!(alone["digest"], texts(&stored, "digest")[2]);
}

#[test]
fn every_problem_of_an_experiment_is_said_at_once_with_its_place() {
    let folder = place("problems");
    let design = r#"
seed = -1
metrics = ["rewards.ginni"]
[sample.morris]
trajectories = 4
levels = 3
[sweep.a]
path = "run.replications"
values = [1]
[sweep.b]
path = "token.outcome_usd"
range.uniform = { low = 2, high = 1 }
[sweep.c]
path = "token.outcome_usd"
rang.uniform = { low = 1, high = 2 }
[sweep.d]
values = [1]
range.integer = { low = 1, high = 2 }
"#;
    let told = refused(&[text(&experiment(&folder, "wrong", design))]);
    for part in [
        "`seed`: expected a whole number",
        "no metric is called `rewards.ginni`",
        "an even number",
        "`run.replications` is no part",
        "the range from 2 to 1",
        "overlaps",
        "did you mean `range`",
        "`sweep.d.path` is missing",
        "keep one of them",
        "wrong.toml:",
    ] {
        assert!(told.contains(part), "{part} in\n{told}");
    }
    let typo = "[sweep.a]\npath = \"supply.gamrs.population\"\nvalues = [1]\n";
    let told = refused(&[text(&experiment(&folder, "typo", typo))]);
    assert!(told.contains("did you mean `supply.gamers`"), "{told}");
    let exact = "[sample.random]\nrows = 4\n[sweep.a]\npath = \"token.outcome_usd\"\n\
                 range.uniform = { low = 1, high = 2 }\n";
    let told = refused(&[text(&experiment(&folder, "exact", exact))]);
    assert!(told.contains("too many decimals") && told.contains("decimals = 6"), "{told}");
    let huge = "[sample.random]\nrows = 1000000000\n[sweep.a]\npath = \"token.outcome_usd\"\ndecimals = 2\n\
                range.uniform = { low = 1, high = 2 }\n";
    let told = refused(&[text(&experiment(&folder, "huge", huge)), "--replications", "100000"]);
    assert!(told.contains("more than 4000000000 runs"), "{told}");
}

#[test]
fn points_from_outside_are_run_as_they_stand() {
    let folder = place("points");
    fs::write(
        folder.join("p.csv"),
        "token.outcome_usd,rule\n0.5,{ uptime_share = {} }\n2.25,{ ignition_points = {} }\n",
    )
    .expect("room");
    let design = "metrics = [\"economics.roi.honest\"]\n[sample.points]\npath = \"p.csv\"\n\
                  [sweep.worth]\npath = \"token.outcome_usd\"\n[sweep.rule]\npath = \"protocol.rewards\"\n";
    let (file, out) = (experiment(&folder, "outside", design), folder.join("out"));
    fine(&[text(&file), "--out", text(&out)]);
    let stored = Stored::open(&out.join("results.parquet")).expect("a table");
    assert_eq!(numbers(&stored, "param_worth"), [0.5, 2.25]);
    assert_eq!(texts(&stored, "param_rule"), ["{ uptime_share = {} }", "{ ignition_points = {} }"]);
    fs::write(folder.join("p.csv"), "token.outcome_usd,rules\n0.5,x\n").expect("room");
    let told = refused(&[text(&file), "--out", text(&folder.join("other"))]);
    assert!(
        told.contains("p.csv:1:2: `rules` is no axis") && told.contains("no column is called `rule`"),
        "{told}"
    );
}

/// Rows of a kind in the table of analytic results: parameters, metric, expected.
fn analytic(kind: &str) -> Option<Vec<(String, String, String)>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/expected/analytic.csv");
    let Ok(mut table) = csv::Reader::from_path(&path) else {
        println!("skipped: {} is not there", path.display());
        return None;
    };
    let rows = table.records().map(|row| row.expect("a row"));
    let of_kind = rows.filter(|row| &row[1] == kind);
    Some(of_kind.map(|row| (row[2].to_owned(), row[3].to_owned(), row[4].to_owned())).collect())
}

fn parameter<'p>(parameters: &'p str, name: &str) -> Option<&'p str> {
    parameters.split(';').find_map(|part| part.strip_prefix(name)?.strip_prefix('='))
}

/// The findings of an experiment on a function: (axis, measure, value).
fn findings(name: &str, design: &str) -> Vec<(String, String, f64)> {
    let folder = place(name);
    let file = folder.join("function.toml");
    fs::write(&file, design).expect("room");
    let said = fine(&[text(&file), "--out", text(&folder.join("out")), "--format", "json"]);
    let data: Value = serde_json::from_str(&said).expect("standard output is JSON and nothing else");
    let all = data["metrics"][0]["findings"].as_array().expect("findings").clone();
    let word = |value: &Value| value.as_str().expect("a text").to_owned();
    all.iter()
        .map(|f| (word(&f["axis"]), word(&f["measure"]), f["value"].as_f64().expect("a number")))
        .collect()
}

fn axes(count: usize, low: f64, high: f64) -> String {
    let axis = |n: usize| {
        format!("[sweep.x{n}]\npath = \"x{n}\"\nrange.uniform = {{ low = {low:?}, high = {high:?} }}\n")
    };
    (1..=count).map(axis).collect()
}

#[test]
fn published_indices_come_out_of_sweeps_of_their_functions() {
    let Some(rows) = analytic("sensitivity") else { return };
    assert!(!rows.is_empty());
    for (number, (parameters, metric, expected)) in rows.iter().enumerate() {
        let a = parameter(parameters, "a").expect("both functions have it");
        let (function, axes) = match parameter(parameters, "function") {
            Some("ishigami") => {
                let b = parameter(parameters, "b").expect("it has one");
                (
                    format!("[function.ishigami]\na = {a}\nb = {b}\n"),
                    axes(3, -std::f64::consts::PI, std::f64::consts::PI),
                )
            }
            Some("sobol_g") => {
                (format!("[function.sobol_g]\na = [{a}]\n"), axes(a.split(',').count(), 0.0, 1.0))
            }
            other => panic!("{other:?} is unknown"),
        };
        let digits = metric.trim_start_matches(['S', 'T']);
        let pair = digits.len() == 2;
        let (axis, measure) = match (metric.strip_prefix("ST"), pair) {
            (Some(axis), _) => (format!("x{axis}"), "ST"),
            (None, true) => (format!("x{}*x{}", &digits[..1], &digits[1..]), "S2"),
            (None, false) => (format!("x{digits}"), "S1"),
        };
        let design = format!("{function}[sample.saltelli]\nbase = 2048\nsecond_order = {pair}\n{axes}");
        let found = findings(&format!("sobol-{number}"), &design);
        let value = found.iter().find(|f| f.0 == axis && f.1 == measure).expect("it is analysed").2;
        let expected: f64 = expected.parse().expect("a number");
        assert!((value - expected).abs() <= 0.02, "{parameters} {metric}: {value}, expected {expected}");
    }
}

#[test]
fn published_elementary_effects_come_out_of_sweeps_of_their_functions() {
    let Some(rows) = analytic("morris") else { return };
    assert!(!rows.is_empty());
    for (number, (parameters, metric, expected)) in rows.iter().enumerate() {
        let function = parameter(parameters, "function").expect("it has one");
        let levels = parameter(parameters, "levels").expect("it has some");
        let count = (1..10).rev().find(|n| function.contains(&format!("x{n}"))).expect("it has inputs");
        let design = format!(
            "[function.polynomial]\nterms = \"{function}\"\n[sample.morris]\ntrajectories = 2000\nlevels = {levels}\n{}",
            axes(count, 0.0, 1.0)
        );
        let found = findings(&format!("morris-{number}"), &design);
        let (measure, axis) = match metric.rsplit_once("_x") {
            Some((measure, axis)) => (measure, Some(format!("x{axis}"))),
            None => (metric.as_str(), None),
        };
        let of = found.iter().filter(|f| f.1 == measure && axis.as_ref().is_none_or(|axis| f.0 == *axis));
        let values: Vec<f64> = of.map(|f| f.2).collect();
        let expected: Vec<f64> = expected.split(' ').map(|text| text.parse().expect("a number")).collect();
        assert_eq!(values.len(), expected.len(), "{parameters} {metric}");
        // Effects of a linear function are constant.
        let within = if function.matches("*x").count() > function.matches(['+', '-']).count() + 1 {
            0.02
        } else {
            1e-9
        };
        let within = if expected.len() == 1 { 0.02 } else { within };
        for (value, expected) in values.iter().zip(expected) {
            assert!(
                (value - expected).abs() <= within * expected.abs().max(1e-3),
                "{parameters} {metric}: {value}, {expected}"
            );
        }
    }
}

/// The most memory that a sweep of a function in so many runs held, in KiB.
#[cfg(target_os = "linux")]
fn peak(name: &str, rows: u64) -> u64 {
    let folder = place(name);
    let file = folder.join("function.toml");
    let design = format!("[function.ishigami]\n[sample.random]\nrows = {rows}\n{}", axes(3, -1.0, 1.0));
    fs::write(&file, design).expect("room");
    let mut child = program(&[text(&file), "--out", text(&folder.join("out")), "--quiet", "--threads", "2"])
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    let status = PathBuf::from(format!("/proc/{}/status", child.id()));
    let mut most = 0;
    while child.try_wait().expect("it is ours").is_none() {
        let now = fs::read_to_string(&status).unwrap_or_default();
        let line = now.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
        most = most.max(kib.unwrap_or(0));
        std::thread::sleep(Duration::from_micros(500));
    }
    most
}

#[test]
#[cfg(target_os = "linux")]
fn a_hundred_times_as_many_runs_hold_no_more_memory() {
    let (few, many) = (peak("memory-few", 1_000), peak("memory-many", 100_000));
    println!("1,000 runs {few} KiB, 100,000 runs {many} KiB");
    assert!(few > 0 && many * 10 <= few * 11, "1,000 runs {few} KiB, 100,000 runs {many} KiB");
}

#[test]
fn pandas_polars_and_duckdb_read_the_results_in_one_line() {
    let Some(python) = std::env::var_os("DEPIN_SIM_PYTHON") else {
        println!("skipped: DEPIN_SIM_PYTHON names no Python with pandas, pyarrow, polars and duckdb");
        return;
    };
    let folder = place("python");
    let (file, out) = (experiment(&folder, "caps", CAPS), folder.join("out"));
    fine(&[text(&file), "--out", text(&out), "--quiet"]);
    let script = "
import sys, pandas, polars, duckdb
path = sys.argv[1]
a = pandas.read_parquet(path)
b = polars.read_parquet(path)
c = duckdb.sql(f\"select * from '{path}'\").df()
assert len(a) == len(b) == len(c) == 12
assert list(a.columns) == b.columns == list(c.columns)
m = a.groupby(['param_gamers', 'param_rule'])['rewards.gini'].mean()
assert len(m) == 6 and m.notna().all()
assert (a['rewards.gini'].to_numpy() == b['rewards.gini'].to_numpy()).all()
assert (a['rewards.gini'].to_numpy() == c['rewards.gini'].to_numpy()).all()
print('read by three')
";
    let output =
        Command::new(python).args(["-c", script]).arg(out.join("results.parquet")).output().expect("python");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "read by three");
}
