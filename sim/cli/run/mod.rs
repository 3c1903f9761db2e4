//! `run`: one scenario, simulated; its summary on standard output, its tables and plots in a folder.

mod asked;
mod folder;
pub mod progress;
mod request;

use super::failure::{Failure, colours};
use super::{Format, output, shell, shipped};
use crate::experiment::precision::{Precision, Reached};
use crate::measure::digest;
use crate::measure::record::Record;
use crate::measure::recording::Recordings;
use crate::report::number::percent;
use crate::scenario::Scenario;
use crate::scenario::reading::Report;
use crate::{MODEL_VERSION, experiment, report};
use asked::Answer;
use folder::Folder;
use progress::Meter;
pub use request::Run;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

impl Run {
    /// Runs the scenario.
    ///
    /// # Errors
    /// When the scenario has problems, its folder holds something else, the run is stopped or panics, or its results
    /// cannot be written.
    pub fn call(self) -> Result<(), Failure> {
        let sets = self.overrides()?;
        let scenario = Scenario::load(&self.scenario, &sets).map_err(|problems| self.unsound(&problems))?;
        if scenario.cluster.wants_path {
            let failure = Failure::new("error: this scenario replays a trace, and no file of jobs is given");
            return Err(failure.hint("add --set demand.trace.path=FILE").again(self.again()));
        }
        let scenario = Arc::new(scenario);
        let folder = Folder::of(&scenario, self.out.as_deref());
        let _held = folder.claim().map_err(|failure| failure.again(self.again()))?;
        if let (Some(warning), false) = (never(&scenario), self.quiet) {
            output::note(&warning);
        }
        let recordings = Recordings::of(&scenario, &folder.path);
        let (records, meant) = self.simulate(&scenario, &folder, &recordings)?;
        let whole = u32::try_from(records.len()).expect("no more records than replications");
        if whole == 0 {
            folder.leave();
            let failure = Failure::new("stopped: no replication was whole, nothing is written");
            return Err(failure.again(self.again()));
        }
        self.present(&scenario, &folder, &records, meant, &recordings)
            .map_err(|failure| failure.again(self.again()))?;
        if whole < meant {
            let message = format!("stopped: {}", kept(whole, meant));
            let hint = "a run always begins anew: the command carries out all replications again";
            return Err(Failure::new(message).hint(hint).again(self.again()));
        }
        Ok(())
    }

    fn unsound(&self, problems: &Report) -> Failure {
        let failure = Failure::new(problems.render(colours()));
        let experiment = fs::read_to_string(&self.scenario).is_ok_and(|text| shipped::is_experiment(&text));
        if experiment {
            let scenario = self.scenario.display().to_string();
            return failure.hint("this is an experiment, a design of many runs").again(shell::line([
                "depin-sim",
                "sweep",
                &scenario,
            ]));
        }
        failure.again(self.again())
    }

    /// The records, and how many there were to be.
    fn simulate(
        &self,
        scenario: &Arc<Scenario>,
        folder: &Folder,
        recordings: &Recordings,
    ) -> Result<(Vec<Record>, u32), Failure> {
        let threads = self.threads();
        if !self.quiet {
            output::note(&self.opening(scenario, threads, &folder.path));
        }
        let stop = stop_on_interrupt()?;
        let meter = Meter::new(&scenario.run, self.quiet);
        let progress = |replication, now, events| meter.reached(replication, now, events);
        let outcome = if self.until.is_empty() {
            experiment::run_recorded(scenario, threads, &stop, &progress, recordings)
        } else {
            experiment::run_until(scenario, &self.until, threads, &stop, &progress, recordings)
        };
        meter.finish();
        let records = outcome.map_err(|crash| {
            folder.leave();
            Failure::new(crash_text(&crash, scenario))
                .hint("this is a mistake of the program, not of the scenario: please report it with these lines")
                .again(self.again())
        })?;
        let ended = !self.until.is_empty() && !stop.load(Ordering::Relaxed);
        let whole = u32::try_from(records.len()).expect("no more records than replications");
        Ok((records, if ended { whole } else { scenario.run.replications }))
    }

    fn present(
        &self,
        scenario: &Scenario,
        folder: &Folder,
        records: &[Record],
        meant: u32,
        recordings: &Recordings,
    ) -> Result<(), Failure> {
        let head = self.head(scenario, records);
        let options = report::Options {
            parquet: true,
            csv: self.csv,
            plots: !self.no_plots,
            insiders: insiders(scenario),
        };
        let write = |mut paths: Vec<PathBuf>| {
            paths.extend(report::write(&folder.path, &head, records, &options)?);
            Ok(paths)
        };
        let written = folder.clear().and_then(|()| recordings.publish()).and_then(write);
        let files: Vec<PathBuf> = written.map_err(|error| {
            let place = folder.path.display();
            Failure::new(format!("error: cannot write the results into {place}: {error}"))
        })?;
        let answers: Vec<Answer> = self.asked.questions().map(|question| question.answer(records)).collect();
        if !answers.is_empty() {
            let data: Vec<serde_json::Value> = answers.iter().map(Answer::data).collect();
            let place = folder.path.join("answers.json");
            let text = output::json(&serde_json::json!({ "schema": 1, "confidence": 0.95, "answers": data }));
            report::replace::with(&place, |temporary| fs::write(temporary, &text))
                .map_err(|error| Failure::new(format!("error: cannot write {}: {error}", place.display())))?;
        }
        let (reached, missed) = told(&self.until, records);
        output::note(&missed);
        if self.quiet {
            return Ok(());
        }
        if self.format == Format::Json {
            let text = report::summary::text(&head, records);
            return output::print(&text.expect("it was written to the folder just now"));
        }
        let mut text = report::text::summary(&head, records, &options, &folder.path, &files);
        text.push_str(&reached);
        text.extend(answers.iter().map(Answer::line));
        if head.replications < meant {
            text.push_str(&format!("stopped {}\n", kept(head.replications, meant)));
        }
        output::print(&text)
    }

    fn head(&self, scenario: &Scenario, records: &[Record]) -> report::Head {
        let digests: Vec<[u8; 32]> = records.iter().map(|record| record.digest).collect();
        report::Head {
            scenario: scenario.name.clone(),
            seed: scenario.run.seed,
            replications: u32::try_from(records.len()).expect("no more records than replications"),
            digest: digest::combine(&digests),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            model_version: MODEL_VERSION,
            canonical: scenario.canonical.clone(),
            command: self.command_anywhere(),
        }
    }
}

fn kept(whole: u32, meant: u32) -> String {
    format!("{whole} of {meant} replications are whole; the results are of these alone")
}

/// What precision was reached, a line each, and what was not.
fn told(wanted: &[Precision], records: &[Record]) -> (String, String) {
    let (mut reached, mut missed) = (String::new(), String::new());
    for precision in wanted {
        let (metric, asked, runs) = (&precision.metric, percent(precision.relative), records.len());
        let found = match precision.reached(records) {
            Reached::Relative(share) => format!("within {} of its mean", percent(share)),
            Reached::MeanOfZero => "has mean 0, of which nothing is a share".to_owned(),
            Reached::Undefined => "is undefined in all replications but one at most".to_owned(),
        };
        if precision.holds(records) {
            reached
                .push_str(&format!("precision {metric} {found} after {runs} replications, asked {asked}\n"));
        } else {
            missed.push_str(&format!(
                "not reached: {metric} {found} after {runs} replications, asked {asked}\n"
            ));
        }
    }
    (reached, missed)
}

fn insiders(scenario: &Scenario) -> Vec<String> {
    let cohorts = scenario.cohorts.iter().filter(|cohort| cohort.insider);
    cohorts.map(|cohort| cohort.name.clone()).collect()
}

/// What is said of a replication that panicked.
pub fn crash_text(crash: &experiment::Crash, scenario: &Scenario) -> String {
    format!(
        "error: {crash}\n  scenario {}, seed {}, depin-sim {} (model {MODEL_VERSION})",
        scenario.name,
        scenario.run.seed,
        env!("CARGO_PKG_VERSION"),
    )
}

/// Two interrupts within this are one: programs that pass signals on often send one to us and one to our group.
const ONE_INTERRUPT: Duration = Duration::from_millis(300);

/// The flag that Ctrl-C raises; a second Ctrl-C ends the program at once.
///
/// # Errors
/// When the operating system refuses to pass interrupts on.
pub fn stop_on_interrupt() -> Result<Arc<AtomicBool>, Failure> {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    let mut first: Option<Instant> = None;
    let told = ctrlc::set_handler(move || match first {
        None => {
            first = Some(Instant::now());
            flag.store(true, Ordering::Relaxed);
            output::note("\nstopping; what is whole will be written. Ctrl-C again ends at once.\n");
        }
        Some(since) if since.elapsed() < ONE_INTERRUPT => {}
        Some(_) => std::process::exit(2),
    });
    told.map(|()| stop).map_err(|error| Failure::new(format!("error: cannot listen for Ctrl-C: {error}")))
}

/// What the scenario dates after its own end, said as a warning.
pub fn never(scenario: &Scenario) -> Option<String> {
    let late = scenario.never_happens();
    let first = late.first()?;
    let count = late.len();
    Some(format!(
        "warning: {count} dated act(s) lie after the end of the run and never happen, such as \"{first}\"\n"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_told_with_seed_scenario_and_replication() {
        let (mut scenario, _) = crate::cli::shipped::named("small").expect("shipped").scenario();
        scenario.run.seed = 77;
        let crash = experiment::Crash { replication: 3, message: "purse 5 is short".to_owned() };
        let text = crash_text(&crash, &scenario);
        let model = format!("model {}", crate::MODEL_VERSION);
        for part in ["replication 3", "purse 5 is short", "seed 77", "scenario small", &model] {
            assert!(text.contains(part), "{part} in {text}");
        }
    }
}
