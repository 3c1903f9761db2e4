//! The program as its users meet it: exit codes, what stands on which stream, folders, the same digest every time.

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A folder of its own for a test, empty.
fn place(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cli").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("the target folder can be written");
    folder
}

fn small() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/small.toml");
    path.display().to_string()
}

fn program(folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_depin-sim"));
    command.current_dir(folder).args(words).stdin(Stdio::null());
    command
}

fn call(folder: &Path, words: &[&str]) -> Output {
    program(folder, words).output().expect("the program starts")
}

/// Runs the small scenario without plots.
fn run(folder: &Path, more: &[&str]) -> Output {
    let small = small();
    call(folder, &[&["run", small.as_str(), "--no-plots"], more].concat())
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("standard output is UTF-8")
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("standard error is UTF-8")
}

#[track_caller]
fn fine(output: &Output) {
    assert_eq!(output.status.code(), Some(0), "{}", err(output));
}

#[track_caller]
fn refused(output: &Output, because: &str) {
    assert_eq!(output.status.code(), Some(2), "{}", out(output));
    assert!(err(output).contains(because), "{}", err(output));
    assert!(err(output).contains("\nagain: depin-sim "), "{}", err(output));
    assert_eq!(out(output), "");
}

fn json(output: &Output) -> Value {
    serde_json::from_str(&out(output)).expect("standard output is JSON and nothing else")
}

fn read(path: PathBuf) -> Value {
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).expect("the file is JSON")
}

const MISTAKES: &str = "\
question = \"What is wrong here?\"
catalogues = []

[run]
start = 2024-03-01
duration_dys = 40
epoch_hours = \"one\"
replications = 0
";

#[test]
fn check_says_every_problem_at_once_with_its_place() {
    let folder = place("mistakes");
    fs::write(folder.join("bad.toml"), MISTAKES).expect("written");
    let small = small();
    let answer = call(&folder, &["check", "bad.toml", &small, "absent.toml"]);
    assert_eq!(answer.status.code(), Some(2));
    let said = err(&answer);
    for part in [
        "duration_days",
        "--> bad.toml:6:",
        "--> bad.toml:7:",
        "--> bad.toml:8:",
        "^",
        "cannot read the scenario: there is no such file",
        "problems in bad.toml",
        "1 problem in absent.toml",
        "again: depin-sim check bad.toml absent.toml\n",
    ] {
        assert!(said.contains(part), "{part} in\n{said}");
    }
    assert!(!said.contains('\u{1b}'), "no colours for a pipe");
    let lines = out(&answer);
    assert_eq!(lines.lines().count(), 1, "one line for the file that is fine");
    assert!(
        lines.ends_with("small.toml: fine, 40 days from 2024-03-01, 2 cohorts, 1 farm, 1 renter class\n")
    );
}

#[test]
fn check_gives_problems_as_data() {
    let folder = place("mistakes_as_data");
    fs::write(folder.join("bad.toml"), MISTAKES).expect("written");
    let answer = call(&folder, &["check", "bad.toml", &small(), "--format", "json"]);
    assert_eq!(answer.status.code(), Some(2));
    let data = json(&answer);
    assert_eq!(data["schema"], 1);
    assert_eq!(data["files"][0]["ok"], false);
    assert_eq!(data["files"][1]["ok"], true);
    let problems = data["files"][0]["problems"].as_array().expect("a list");
    assert_eq!(data["files"][0]["total"], problems.len());
    let typo = problems.iter().find(|p| p["line"] == 7).expect("the wrong value is found");
    assert_eq!(typo["path"], "run.epoch_hours");
    assert!(typo["column"].is_u64() && typo["expected"].is_string());
}

#[test]
fn run_refuses_a_scenario_with_problems_as_check_does() {
    let folder = place("run_mistakes");
    fs::write(folder.join("bad.toml"), MISTAKES).expect("written");
    let answer = call(&folder, &["run", "bad.toml", "--set", "run.scale=much"]);
    refused(&answer, "--> bad.toml:7:");
    assert!(err(&answer).contains("--> --set:1:"), "{}", err(&answer));
    assert!(err(&answer).ends_with("again: depin-sim run bad.toml --set run.scale=much\n"));
    assert!(!folder.join("output").exists());
}

#[test]
fn a_run_prints_its_summary_and_says_the_rest_on_standard_error() {
    let folder = place("streams");
    let answer = run(&folder, &["--out", "here", "--threads", "1"]);
    fine(&answer);
    let summary = out(&answer);
    for part in ["small  seed 1, 1 replication\n", "WHO PAID", "WHO EARNED", "digest  "] {
        assert!(summary.contains(part), "{part} in\n{summary}");
    }
    let said = err(&answer);
    for part in [
        "scenario      small (",
        "seed          1\n",
        "replications  1\n",
        "threads       1\n",
        "folder        here\n",
    ] {
        assert!(said.contains(part), "{part} in\n{said}");
    }
    // A bar would move the cursor or return the carriage; a short run has no plain line either.
    assert!(!said.contains(['\r', '\u{1b}', '%']), "{said}");
}

#[test]
fn the_same_scenario_and_seed_give_the_same_digest_whatever_the_threads_and_the_folder() {
    let folder = place("digest");
    let digest = |more: &[&str]| {
        let answer = run(&folder, &[&["--replications", "3", "--format", "json"], more].concat());
        fine(&answer);
        json(&answer)["digest"].as_str().expect("text").to_owned()
    };
    let one = digest(&["--threads", "1", "--out", "one"]);
    assert_eq!(one.len(), 64);
    assert_eq!(one, digest(&["--threads", "2", "--out", "two"]));
    assert_eq!(one, digest(&["--threads", "1", "--out", "one"]), "a second time");
    assert_ne!(one, digest(&["--seed", "2", "--out", "three"]));
    let bytes = |path: &str| fs::read(folder.join(path)).expect("written");
    for file in ["manifest.json", "summary.json", "series.parquet", "flows.parquet"] {
        assert_eq!(bytes(&format!("one/{file}")), bytes(&format!("two/{file}")), "{file}");
    }
}

#[test]
fn summary_and_manifest_have_their_published_shape() {
    let folder = place("shape");
    let answer = run(&folder, &["--out", "r", "--replications", "2", "--format", "json", "--csv"]);
    fine(&answer);
    let summary = json(&answer);
    assert_eq!(summary, read(folder.join("r/summary.json")), "printed as written");
    assert_eq!(summary["schema"], 1);
    assert_eq!(summary["scenario"], "small");
    assert_eq!(summary["seed"], 1);
    assert_eq!(summary["replications"], 2);
    let metrics = summary["metrics"].as_object().expect("an object");
    assert!(metrics.len() > 40, "{}", metrics.len());
    for (name, metric) in metrics {
        assert!(metric["unit"].is_string(), "{name}");
        let values = metric["values"].as_array().expect("a list");
        assert_eq!(values.len(), 2, "{name}");
        let defined = values.iter().filter(|v| v.is_f64()).count();
        assert_eq!(metric["mean"].is_null(), defined == 0, "{name}");
        assert_eq!(metric["ci95"].is_array(), defined == 2, "{name}");
    }

    let manifest = read(folder.join("r/manifest.json"));
    assert_eq!(manifest["command"], "depin-sim run small.toml --replications 2");
    assert_eq!(manifest["digest"], summary["digest"]);
    assert!(manifest["resolved"].as_str().is_some_and(|text| text.contains("replications = 2")));
    for table in ["series", "suppliers", "flows"] {
        assert!(folder.join(format!("r/{table}.csv")).exists(), "{table}");
    }
}

#[test]
fn a_metric_that_a_run_cannot_define_is_there_and_null() {
    let folder = place("null");
    let answer = run(&folder, &["--set", "run.duration_days=10", "--replications", "2", "--format", "json"]);
    fine(&answer);
    // Tokens are paid on day 39.
    let share = &json(&answer)["metrics"]["rewards.share.gamers"];
    assert!(share["mean"].is_null() && share["ci95"].is_null(), "{share}");
    assert_eq!(share["values"], serde_json::json!([null, null]));
    assert_eq!(share["unit"], "share");
}

#[test]
fn one_replication_has_no_interval() {
    let folder = place("one");
    let answer = run(&folder, &["--out", "r", "--format", "json"]);
    fine(&answer);
    let paid = &json(&answer)["metrics"]["rewards.paid_tokens"];
    assert!(paid["mean"].is_f64() && paid["ci95"].is_null(), "{paid}");
}

#[test]
fn a_folder_with_another_run_is_refused_and_the_same_run_is_written_anew() {
    let folder = place("refusal");
    fine(&run(&folder, &["--out", "r", "--csv"]));
    let before = fs::read(folder.join("r/summary.json")).expect("written");

    let seed = run(&folder, &["--out", "r", "--seed", "5"]);
    refused(&seed, "r holds the results of another run: its seed differs\nhelp: ");
    assert!(err(&seed).contains("--no-plots") && err(&seed).contains("--seed 5"));
    let text = run(&folder, &["--out", "r", "--set", "run.scale=0.5"]);
    refused(&text, "its resolved scenario differs");
    assert_eq!(before, fs::read(folder.join("r/summary.json")).expect("still there"));

    fine(&run(&folder, &["--out", "r"]));
    assert_eq!(before, fs::read(folder.join("r/summary.json")).expect("written anew"));
    assert!(!folder.join("r/series.csv").exists(), "nothing of the earlier writing is left");
}

#[test]
fn a_folder_with_other_files_is_refused_and_an_empty_one_is_taken() {
    let folder = place("occupied");
    fs::create_dir(folder.join("photos")).expect("made");
    fs::write(folder.join("photos/cat.png"), "a cat").expect("written");
    refused(&run(&folder, &["--out", "photos"]), "photos holds other files, such as cat.png");
    refused(&run(&folder, &["--out", "photos/cat.png"]), "cannot use the folder");
    fs::create_dir(folder.join("empty")).expect("made");
    fine(&run(&folder, &["--out", "empty"]));
}

#[test]
fn without_out_every_run_has_a_folder_of_its_own_below_output() {
    let folder = place("usual");
    fs::copy(small(), folder.join("a name.v2.toml")).expect("copied");
    let catalogues = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/catalogues");
    fs::create_dir(folder.join("catalogues")).expect("made");
    for name in ["gpus.toml", "sites.toml"] {
        fs::copy(catalogues.join(name), folder.join("catalogues").join(name)).expect("copied");
    }
    for seed in ["1", "2", "1"] {
        fine(&call(&folder, &["run", "a name.v2.toml", "--no-plots", "--seed", seed]));
    }
    let runs = fs::read_dir(folder.join("output/a_name_v2")).expect("made");
    let names: Vec<String> =
        runs.map(|e| e.expect("readable").file_name().to_string_lossy().into_owned()).collect();
    assert_eq!(names.len(), 2, "{names:?}");
    for name in names {
        assert!(name.len() == 12 && name.bytes().all(|b| b.is_ascii_hexdigit()), "{name}");
    }
}

#[test]
fn quiet_prints_nothing_but_errors() {
    let folder = place("quiet");
    let answer = run(&folder, &["--quiet", "--out", "r"]);
    fine(&answer);
    assert_eq!((out(&answer), err(&answer)), (String::new(), String::new()));
    assert!(folder.join("r/summary.json").exists());
    refused(&run(&folder, &["--quiet", "--out", "r", "--seed", "9"]), "its seed differs");
}

#[test]
fn seed_and_replications_are_changes_of_the_scenario_and_may_be_said_once() {
    let folder = place("twice");
    refused(
        &run(&folder, &["--seed", "3", "--set", "run.seed=4"]),
        "--seed 3 and --set run.seed=4 both set run.seed",
    );
    refused(
        &run(&folder, &["--replications", "3", "--set", "run={ replications = 4 }"]),
        "both set run.replications",
    );
    refused(&run(&folder, &["--seed", "tomorrow"]), "run.seed=tomorrow");
    refused(&run(&folder, &["--replications", "0"]), "replications");
    assert!(!folder.join("output").exists());
}

#[test]
fn plots_are_drawn_unless_told_otherwise() {
    let folder = place("plots");
    fine(&call(&folder, &["run", &small(), "--out", "r", "--set", "run.duration_days=40"]));
    let drawn = fs::read_dir(folder.join("r/plots")).expect("made").count();
    assert!(drawn >= 2, "{drawn}");
    fine(&run(&folder, &["--out", "r", "--set", "run.duration_days=40"]));
    assert!(!folder.join("r/plots").exists(), "the earlier plots are gone");
}

#[test]
fn a_new_scenario_passes_check_where_it_lies_and_nothing_is_overwritten() {
    let folder = place("new");
    let made = call(&folder, &["new", "mine"]);
    fine(&made);
    assert_eq!(
        out(&made),
        "written catalogues/gpus.toml\nwritten catalogues/sites.toml\nwritten mine.toml\n"
    );
    fine(&call(&folder, &["check", "mine.toml"]));
    let answer = call(&folder, &["run", "mine.toml", "--no-plots", "--format", "json"]);
    fine(&answer);
    let shipped = run(&folder, &["--format", "json", "--out", "shipped"]);
    assert_eq!(json(&answer)["digest"], json(&shipped)["digest"], "the copy is the same scenario");

    let text = fs::read(folder.join("mine.toml")).expect("written");
    refused(&call(&folder, &["new", "mine"]), "mine.toml is there already");
    assert_eq!(text, fs::read(folder.join("mine.toml")).expect("still there"));
    // Catalogues that are the same are shared; one that the user changed is not touched.
    fine(&call(&folder, &["new", "second", "--from", "small"]));
    fs::write(folder.join("catalogues/gpus.toml"), "# mine\n").expect("written");
    refused(&call(&folder, &["new", "third"]), "catalogues/gpus.toml is there already");
    fine(&call(&folder, &["new", "stress", "--from", "ionet-dollar-target-price-50"]));
    fine(&call(&folder, &["check", "stress.toml"]));
    assert!(!folder.join("third.toml").exists());
}

#[test]
fn a_new_scenario_cannot_leave_its_folder() {
    let folder = place("escape");
    for name in ["../mine", "a/b", "", "..", "x y"] {
        refused(&call(&folder, &["new", name]), "is not a name of a scenario");
    }
    assert_eq!(fs::read_dir(&folder).expect("there").count(), 0);
}

#[test]
fn lists_say_what_exists_for_people_and_programs() {
    let folder = place("lists");
    for (what, part) in [
        ("scenarios", "Who pays and who earns"),
        ("rules", "protocol.verification.proof_of_work\n  formula   "),
        ("metrics", "rewards.share.<group>"),
    ] {
        let text = call(&folder, &["list", what]);
        fine(&text);
        assert!(out(&text).contains(part), "{}", out(&text));
        assert_eq!(err(&text), "");
        let data = call(&folder, &["list", what, "--format", "json"]);
        fine(&data);
        let rows = json(&data);
        assert!(rows.as_array().is_some_and(|rows| rows.iter().all(|r| r["name"].is_string())));
    }
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    let folder = place("pipe");
    let mut child = program(&folder, &["list", "metrics"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(child.stdout.take());
    let answer = child.wait_with_output().expect("it ends");
    fine(&answer);
    assert_eq!(err(&answer), "");
}

#[test]
fn help_teaches_by_example_and_names_no_command_that_does_not_exist() {
    let folder = place("help");
    let help = call(&folder, &["--help"]);
    fine(&help);
    for absent in ["attack", "completions"] {
        assert!(!out(&help).contains(absent), "{absent}");
    }
    for command in ["run", "compare", "sweep", "check", "new", "list", "emission", "replay", "validate"] {
        assert!(out(&help).contains(&format!("\n  {command} ")), "{command}");
        let own = call(&folder, &[command, "--help"]);
        fine(&own);
        assert!(out(&own).contains(&format!("EXAMPLES\n  depin-sim {command} ")), "{command}");
    }
    assert_eq!(call(&folder, &["attack"]).status.code(), Some(2));
    assert_eq!(call(&folder, &["run"]).status.code(), Some(2));
}

#[cfg(unix)]
mod interrupt {
    use super::*;
    use std::io::{BufRead, BufReader};
    use std::time::Duration;

    /// Starts far more replications than can be done, interrupts after `wait`, and gives what became of it.
    fn interrupted(folder: &Path, wait: Duration) -> (Output, String) {
        let small = small();
        let words = ["run", &small, "--no-plots", "--out", "r", "--replications", "100000", "--threads", "1"];
        let mut child = program(folder, &words)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut lines = BufReader::new(child.stderr.take().expect("piped"));
        let mut said = String::new();
        while !said.contains("folder ") {
            assert!(lines.read_line(&mut said).expect("readable") > 0, "it ended: {said}");
        }
        std::thread::sleep(wait);
        let kill =
            Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill is there");
        assert!(kill.success());
        std::io::Read::read_to_string(&mut lines, &mut said).expect("readable");
        (child.wait_with_output().expect("it ends"), said)
    }

    #[test]
    fn what_is_whole_is_kept_and_the_command_for_all_is_said() {
        let folder = place("interrupt");
        let (answer, said) = interrupted(&folder, Duration::from_millis(1500));
        assert_eq!(answer.status.code(), Some(2), "{said}");
        let summary = read(folder.join("r/summary.json"));
        let whole = summary["replications"].as_u64().expect("a count");
        assert!((1..100_000).contains(&whole), "{whole}");
        assert_eq!(read(folder.join("r/manifest.json"))["replications"], whole);
        let kept = format!("{whole} of 100000 replications are whole");
        assert!(said.contains(&kept), "{said}");
        assert!(out(&answer).contains(&kept), "{}", out(&answer));
        assert!(said.contains("\nagain: depin-sim run "), "{said}");
    }
}

/// How many replications a run came to, and what it told.
fn until(folder: &Path, more: &[&str]) -> (u64, Output) {
    let output = run(folder, &[&["--out", "r", "--format", "json"], more].concat());
    fine(&output);
    (json(&output)["replications"].as_u64().expect("a number"), output)
}

#[test]
fn a_run_ends_when_its_intervals_are_narrow_enough() {
    let folder = place("until");
    let (loose, told) = until(&folder, &["--until", "rewards.gini=50%"]);
    // Ten replications are enough for half of the mean: it never looks before.
    assert_eq!(loose, 10);
    assert!(!err(&told).contains("not reached"), "{}", err(&told));
    let narrow =
        ["--until", "rewards.gini=2%", "--until", "rewards.share_to_fakes=0.5", "--replications", "60"];
    let (more, told) = until(&place("until-narrow"), &narrow);
    assert!((15..60).contains(&more), "{more}");
    // The interval is in fact as narrow as was asked, and was not at the look before.
    let gini = &json(&told)["metrics"]["rewards.gini"];
    let half = gini["ci95"][1].as_f64().expect("an interval") - gini["mean"].as_f64().expect("a mean");
    assert!(half <= 0.02 * gini["mean"].as_f64().expect("a mean"), "{gini}");
    // Its replications are those of a run told to make so many.
    let plain = run(&place("until-plain"), &["--replications", &more.to_string(), "--format", "json"]);
    assert_eq!(json(&plain)["digest"], json(&told)["digest"]);
    let (one, alone) = until(&place("until-one"), &[&narrow[..], &["--threads", "1"]].concat());
    assert_eq!((one, &json(&alone)["digest"]), (more, &json(&told)["digest"]));
}

#[test]
fn a_precision_that_the_budget_does_not_buy_is_told() {
    let folder = place("until-budget");
    let (runs, told) = until(&folder, &["--until", "rewards.gini=0.01%", "--replications", "11"]);
    assert_eq!(runs, 11);
    assert!(err(&told).contains("not reached: rewards.gini within "), "{}", err(&told));
    for (wrong, because) in [
        ("rewards.ginni=5%", "no metric is called rewards.ginni"),
        ("rewards.gini", "METRIC=SHARE"),
        ("rewards.gini=0", "a share from"),
    ] {
        let output = run(&folder, &["--until", wrong]);
        assert_eq!(output.status.code(), Some(2));
        assert!(err(&output).contains(because), "{}", err(&output));
    }
}
