//! `check`: every problem of every file at once, nothing run.

use super::failure::{Failure, colours};
use super::{Format, output, shell, shipped};
use crate::experiment::sweep::file::{self, Over};
use crate::experiment::sweep::manifest::Manifest;
use crate::report::calendar::Date;
use crate::scenario::Scenario;
use crate::scenario::reading::{Problem, Report};
use serde_json::{Value, json};
use std::path::PathBuf;

const EXAMPLES: &str = "\
EXAMPLES
  depin-sim check mine.toml                        all its problems, or one line saying it is fine
  depin-sim check scenarios/*.toml                 several files, the problems of all of them
  depin-sim check mine.toml --set run.scale=0.1    with a value changed, as `run` would take it
  depin-sim check mine.toml --format json          problems as data: file, line, column, message, hint

Exit codes: 0 all fine; 2 at least one problem.";

/// Say every problem of scenario files at once, without running them
///
/// Each problem is shown with file, line, column, the offending text underlined, and a hint.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Check {
    /// Scenario or experiment files
    #[arg(required = true, value_name = "SCENARIO")]
    scenarios: Vec<PathBuf>,
    /// Change a value first, in every file; may be repeated
    #[arg(long = "set", value_name = "PATH=VALUE", allow_hyphen_values = true)]
    sets: Vec<String>,
    /// How the findings are printed
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

impl Check {
    /// Checks the files.
    ///
    /// # Errors
    /// When a file has a problem.
    pub fn call(self) -> Result<(), Failure> {
        let mut fine = String::new();
        let mut files: Vec<Value> = Vec::new();
        let mut bad: Vec<String> = Vec::new();
        let mut problems: Vec<String> = Vec::new();
        for path in &self.scenarios {
            let name = path.display().to_string();
            if std::fs::read_to_string(path).is_ok_and(|text| shipped::is_experiment(&text)) {
                let over = Over { sets: self.sets.clone(), ..Over::default() };
                match file::load(path, &over) {
                    Ok(experiment) => {
                        fine.push_str(&format!("{name}: fine, {}\n", experiment_is(&experiment.manifest)));
                        files.push(json!({ "file": name, "ok": true, "total": 0, "problems": [] }));
                    }
                    Err(reports) => {
                        for report in reports {
                            problems.push(report.render(colours()));
                            files.push(as_data(&report));
                        }
                        bad.push(name);
                    }
                }
                continue;
            }
            match Scenario::load(path, &self.sets) {
                Ok(scenario) => {
                    if let Some(warning) = super::run::never(&scenario) {
                        output::note(&format!("{name}: {warning}"));
                    }
                    fine.push_str(&format!("{name}: fine, {}\n", what_it_is(&scenario)));
                    files.push(json!({ "file": name, "ok": true, "total": 0, "problems": [] }));
                }
                Err(report) => {
                    problems.push(report.render(colours()));
                    files.push(as_data(&report));
                    bad.push(name);
                }
            }
        }
        match self.format {
            Format::Text => output::print(&fine)?,
            Format::Json => output::print(&output::json(&json!({ "schema": 1, "files": files })))?,
        }
        if bad.is_empty() {
            return Ok(());
        }
        let message = match self.format {
            Format::Text => problems.join("\n\n"),
            Format::Json => format!("error: problems in {}", bad.join(", ")),
        };
        Err(Failure::new(message).again(self.again(&bad)))
    }

    fn again(&self, bad: &[String]) -> String {
        let sets = self.sets.iter().flat_map(|set| ["--set", set]);
        let files = bad.iter().map(String::as_str);
        shell::line(["depin-sim", "check"].into_iter().chain(files).chain(sets))
    }
}

fn experiment_is(manifest: &Manifest) -> String {
    let rows = manifest.sweep(std::path::Path::new("")).map_or(0, |sweep| sweep.design.rows());
    let (axes, method) = (manifest.axes.len(), manifest.method.name());
    format!("an experiment of {rows} design rows ({method}), {axes} axes, {} of each", manifest.replications)
}

fn what_it_is(scenario: &Scenario) -> String {
    let run = &scenario.run;
    let from = Date::at(run.start);
    let count = |n: usize, one: &str, many: &str| format!("{n} {}", if n == 1 { one } else { many });
    let days = run.duration.hours() / 24.0;
    format!(
        "{days} days from {:04}-{:02}-{:02}, {}, {}, {}",
        from.year,
        from.month,
        from.day,
        count(scenario.cohorts.len(), "cohort", "cohorts"),
        count(scenario.farms.len(), "farm", "farms"),
        count(scenario.renters.len(), "renter class", "renter classes"),
    )
}

fn as_data(report: &Report) -> Value {
    let problems: Vec<Value> = report.problems().iter().map(problem).collect();
    json!({ "file": report.file(), "ok": false, "total": report.total(), "problems": problems })
}

fn problem(problem: &Problem) -> Value {
    json!({
        "file": problem.file(),
        "line": problem.line(),
        "column": problem.column(),
        "path": problem.path(),
        "message": problem.message(),
        "found": problem.found(),
        "expected": problem.expected(),
        "note": problem.note(),
        "hint": problem.hint(),
    })
}
