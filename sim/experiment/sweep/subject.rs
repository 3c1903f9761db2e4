//! What a sweep runs: a scenario with some of its values changed, or a known function.

use super::outcome::Outcome;
use crate::MODEL_VERSION;
use crate::experiment::sensitivity::functions::Function;
use crate::experiment::{replicate_unless, words};
use crate::measure::record::Record;
use crate::measure::recording::Recordings;
use crate::scenario::Scenario;
use crate::scenario::reading::{Document, Report};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};

/// What a sweep runs.
#[derive(Debug)]
pub enum Subject {
    /// A scenario: its name, and its resolved text.
    Scenario(String, Box<Mutex<Document>>),
    /// A function of x1, x2 and so on, whose value is the metric `y`.
    Function(Function),
}

/// What one run of a subject came to.
#[derive(Debug)]
pub struct Found {
    id: String,
    digest: String,
    values: Result<BTreeMap<String, Option<f64>>, String>,
}

impl Found {
    /// As the outcome of run number `run`, with the metrics that are wanted.
    pub fn outcome(self, run: u64, wanted: impl Fn(&str) -> bool) -> Outcome {
        let (values, error) = match self.values {
            Ok(values) => (values.into_iter().filter(|(name, _)| wanted(name)).collect(), String::new()),
            Err(error) => (BTreeMap::new(), error),
        };
        Outcome { run, id: self.id, digest: self.digest, error, values }
    }

    fn failed(id: String, error: String) -> Found {
        Found { id, digest: String::new(), values: Err(error) }
    }
}

impl Subject {
    /// Carries out one run; `None` when `stop` was raised before it was whole.
    #[must_use]
    pub fn carry_out(
        &self,
        settings: &[String],
        seed: u64,
        replication: u32,
        stop: &AtomicBool,
    ) -> Option<Found> {
        match self {
            Subject::Scenario(name, base) => {
                let resolved = resolved(name, base, settings, seed);
                let scenario = match resolved {
                    Ok(scenario) => Arc::new(scenario),
                    Err(report) => {
                        return Some(Found::failed(
                            run_name(&settings.join("\n"), replication),
                            said(&report),
                        ));
                    }
                };
                let id = run_name(&scenario.canonical, replication);
                let silent = |_, _, _| {};
                let run = || replicate_unless(&scenario, replication, stop, &silent, &Recordings::default());
                match catch_unwind(AssertUnwindSafe(run)) {
                    Ok(record) => record.map(|record| found(id, record)),
                    Err(panic) => Some(Found::failed(id, format!("it panicked: {}", words(panic.as_ref())))),
                }
            }
            Subject::Function(function) => Some(evaluated(function, settings, replication)),
        }
    }

    /// The name that the run has whatever comes of it.
    #[must_use]
    pub fn name(&self, settings: &[String], seed: u64, replication: u32) -> String {
        match self {
            Subject::Scenario(name, base) => match resolved(name, base, settings, seed) {
                Ok(scenario) => run_name(&scenario.canonical, replication),
                Err(_) => run_name(&settings.join("\n"), replication),
            },
            Subject::Function(function) => function_name(function, settings, replication),
        }
    }
}

fn resolved(name: &str, base: &Mutex<Document>, settings: &[String], seed: u64) -> Result<Scenario, Report> {
    // One replication, whatever the scenario says: how many there are is no part of what each of them is.
    let mut sets = vec!["run.replications=1".to_owned()];
    if !settings.iter().any(|setting| setting.starts_with("run.seed=")) {
        sets.push(format!("run.seed={seed}"));
    }
    sets.extend_from_slice(settings);
    // Nobody panics while holding it, and it is only read.
    let document = base.lock().unwrap_or_else(PoisonError::into_inner).with_sets(&sets);
    Scenario::read(name, &document)
}

fn found(id: String, record: Record) -> Found {
    let digest = record.digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let value = |value: Option<f64>| value.filter(|value| value.is_finite());
    let values = record.metrics.into_iter().map(|(name, metric)| (name, value(metric.value))).collect();
    Found { id, digest, values: Ok(values) }
}

fn evaluated(function: &Function, settings: &[String], replication: u32) -> Found {
    let id = function_name(function, settings, replication);
    let mut x = vec![0.0; function.inputs()];
    for setting in settings {
        let input = setting.split_once('=').and_then(|(path, value)| {
            let number: usize = path.strip_prefix('x')?.parse().ok()?;
            Some((x.get_mut(number.checked_sub(1)?)?, value.parse().ok()?))
        });
        match input {
            Some((place, value)) => *place = value,
            None => return Found::failed(id, format!("`{setting}` is no input of the function")),
        }
    }
    let y = function.at(&x);
    let values = BTreeMap::from([("y".to_owned(), Some(y).filter(|y| y.is_finite()))]);
    Found { id, digest: String::new(), values: Ok(values) }
}

fn function_name(function: &Function, settings: &[String], replication: u32) -> String {
    run_name(&format!("{function:?}\n{}", settings.join("\n")), replication)
}

/// Twelve hexadecimal digits that name a run: its resolved text with the seed in it, its replication, and the model.
fn run_name(resolved: &str, replication: u32) -> String {
    let mut hasher = blake3::Hasher::new();
    for part in [resolved, &replication.to_string(), &MODEL_VERSION.to_string()] {
        hasher.update(part.as_bytes());
        hasher.update(&[0]);
    }
    hasher.finalize().to_hex()[..12].to_owned()
}

/// The problems of a scenario in one line.
fn said(report: &Report) -> String {
    let messages: Vec<&str> =
        report.problems().iter().map(crate::scenario::reading::Problem::message).collect();
    messages.join("; ")
}
