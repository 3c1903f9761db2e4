//! `compare`: variants of a scenario on common random numbers, with paired differences.

pub mod chosen;
mod results;
mod text;

use super::failure::{Failure, colours};
use super::run::progress::Meter;
use super::run::{crash_text, never, stop_on_interrupt};
use super::{Format, output, shell};
use crate::experiment::variants::{self, Outcome};
use crate::scenario::Scenario;
use results::Results;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

const EXAMPLES: &str = "\
EXAMPLES
  depin-sim compare base.toml mine.toml                              what mine changes, with intervals
  depin-sim compare small.toml --vary 'protocol.rewards.uptime_share={}' --vary sybil.slicer.population=0
  depin-sim compare a.toml b.toml c.toml --replications 40           b and c, each against a
  depin-sim compare a.toml b.toml --metric rewards.gini --metric 'economics.roi.*'
  depin-sim compare a.toml b.toml --out difference                   table, data and forest plot into a folder

All variants run with one seed: replication i of each meets the same chances, so what they share cancels out.
Exit codes: 0 fine; 2 it could not run, or was stopped.";

/// Say what variants of a scenario change, on common random numbers: paired differences with intervals
///
/// The first scenario is the baseline. The intervals of all differences shown hold together at the confidence asked for.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Compare {
    /// Scenario files: the baseline, then variants
    #[arg(required = true, value_name = "SCENARIO")]
    scenarios: Vec<PathBuf>,
    /// A variant: the baseline with one value changed; may be repeated
    #[arg(long, value_name = "PATH=VALUE", allow_hyphen_values = true)]
    vary: Vec<String>,
    /// Change a value in all of them; may be repeated
    #[arg(long = "set", value_name = "PATH=VALUE", allow_hyphen_values = true)]
    sets: Vec<String>,
    /// Master seed of all of them [default: the baseline's]
    #[arg(long)]
    seed: Option<u64>,
    /// Pairs: replications of each [default: the baseline's, but 10 where it says less]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(2..=100_000))]
    replications: Option<u32>,
    /// A metric to compare, `*` at its end for all that begin so; may be repeated [default: a dozen]
    #[arg(long = "metric", value_name = "NAME")]
    metrics: Vec<String>,
    /// Confidence with which all intervals hold together
    #[arg(long, default_value_t = 0.95, value_parser = confidence)]
    confidence: f64,
    /// Threads to work on; results do not depend on it [default: one per core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Write comparison.json, comparison.csv and the forest plot into this folder
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// What is printed: a table to read, or comparison.json
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Print nothing but errors
    #[arg(long)]
    quiet: bool,
}

/// Fewest pairs without being asked for. Assumed: below it, Student's quantiles hide all but the largest effects.
const USUAL_PAIRS: u32 = 10;

fn confidence(text: &str) -> Result<f64, String> {
    let value: f64 = text.parse().map_err(|_| "expected a share such as 0.95".to_owned())?;
    let fits = (0.5..1.0).contains(&value);
    fits.then_some(value).ok_or_else(|| "expected at least 0.5 and less than 1".to_owned())
}

/// A scenario with the name it goes by.
#[derive(Debug)]
struct Variant {
    name: String,
    scenario: Arc<Scenario>,
}

impl Compare {
    /// Runs the variants and prints what differs.
    ///
    /// # Errors
    /// When a scenario has problems, a metric does not exist, a run is stopped or panics, or results cannot be written.
    pub fn call(self) -> Result<(), Failure> {
        self.answer().map_err(|failure| failure.again(self.again()))
    }

    fn answer(&self) -> Result<(), Failure> {
        if self.scenarios.len() + self.vary.len() < 2 {
            let failure = Failure::new("error: nothing to compare the baseline with");
            return Err(failure.hint("name a second scenario, or change a value with --vary PATH=VALUE"));
        }
        chosen::patterns(&self.metrics)?;
        let variants = self.variants()?;
        let outcomes = self.simulate(&variants)?;
        let names = variants.into_iter().map(|variant| variant.name).collect();
        let metrics = chosen::metrics(&self.metrics, &outcomes)?;
        let results = Results::of(names, &outcomes, &metrics, self.confidence);
        let mut text = match self.format {
            Format::Text => text::of(&results),
            Format::Json => output::json(&results.data()),
        };
        if let Some(folder) = &self.out {
            let written = results.write(folder).map_err(|error| {
                Failure::new(format!("error: cannot write into {}: {error}", folder.display()))
            })?;
            if self.format == Format::Text {
                text.push('\n');
                text.extend(written.iter().map(|path| format!("written {}\n", path.display())));
            }
        }
        if self.quiet { Ok(()) } else { output::print(&text) }
    }

    /// The baseline first; every problem of every file at once.
    fn variants(&self) -> Result<Vec<Variant>, Failure> {
        let base = Scenario::load(&self.scenarios[0], &self.sets)
            .map_err(|problems| Failure::new(problems.render(colours())))?;
        let seed = self.seed.unwrap_or(base.run.seed);
        let pairs = self.replications.unwrap_or(base.run.replications.max(USUAL_PAIRS));
        let files = self.scenarios.iter().map(|path| (path, None));
        let varied = self.vary.iter().map(|change| (&self.scenarios[0], Some(change)));
        let mut variants: Vec<Variant> = Vec::new();
        let mut problems = Vec::new();
        for (path, change) in files.chain(varied) {
            let sets: Vec<String> = self.sets.iter().chain(change).cloned().collect();
            match Scenario::load(path, &sets) {
                Ok(mut scenario) => {
                    // Not laid over the text: a variant may say its own, which pairing overrules.
                    scenario.run.seed = seed;
                    scenario.run.replications = pairs;
                    let name = change.cloned().unwrap_or_else(|| scenario.name.clone());
                    let name = distinct(name, &variants);
                    variants.push(Variant { name, scenario: Arc::new(scenario) });
                }
                Err(report) => problems.push(report.render(colours())),
            }
        }
        if problems.is_empty() { Ok(variants) } else { Err(Failure::new(problems.join("\n\n"))) }
    }

    fn simulate(&self, variants: &[Variant]) -> Result<Vec<Outcome>, Failure> {
        let cores = || std::thread::available_parallelism().map_or(1, usize::from);
        let threads = self.threads.map_or_else(cores, usize::from);
        let stop = stop_on_interrupt()?;
        let mut outcomes = Vec::new();
        for (index, variant) in variants.iter().enumerate() {
            if !self.quiet {
                let (number, of) = (index + 1, variants.len());
                let pairs = variant.scenario.run.replications;
                output::note(&format!("{number} of {of}  {}, {pairs} replications\n", variant.name));
                output::note(&never(&variant.scenario).unwrap_or_default());
            }
            outcomes.push(self.outcome(variant, threads, &stop)?);
        }
        Ok(outcomes)
    }

    fn outcome(&self, variant: &Variant, threads: usize, stop: &AtomicBool) -> Result<Outcome, Failure> {
        let scenario = &variant.scenario;
        let meter = Meter::new(&scenario.run, self.quiet);
        let progress = |replication, now, events| meter.reached(replication, now, events);
        let found = variants::outcome(scenario, threads, stop, &progress);
        meter.finish();
        let found = found.map_err(|crash| {
            Failure::new(crash_text(&crash, scenario)).hint(
                "this is a mistake of the program, not of the scenario: please report it with these lines",
            )
        })?;
        found.ok_or_else(|| Failure::new("stopped: not every variant was whole, nothing is compared"))
    }

    fn again(&self) -> String {
        let mut words = vec!["depin-sim".to_owned(), "compare".to_owned()];
        words.extend(self.scenarios.iter().map(|path| path.display().to_string()));
        let mut option = |name: &str, value: String| words.extend([name.to_owned(), value]);
        self.vary.iter().for_each(|change| option("--vary", change.clone()));
        self.sets.iter().for_each(|set| option("--set", set.clone()));
        self.metrics.iter().for_each(|name| option("--metric", name.clone()));
        self.seed.iter().for_each(|seed| option("--seed", seed.to_string()));
        self.replications.iter().for_each(|pairs| option("--replications", pairs.to_string()));
        self.threads.iter().for_each(|threads| option("--threads", threads.to_string()));
        self.out.iter().for_each(|folder| option("--out", folder.display().to_string()));
        if self.confidence != 0.95 {
            option("--confidence", self.confidence.to_string());
        }
        if self.format == Format::Json {
            option("--format", "json".to_owned());
        }
        words.extend(self.quiet.then(|| "--quiet".to_owned()));
        shell::line(words.iter().map(String::as_str))
    }
}

/// The name, with a number where another variant has it.
fn distinct(name: String, others: &[Variant]) -> String {
    let taken = |name: &str| others.iter().any(|other| other.name == name);
    if !taken(&name) {
        return name;
    }
    (2..).map(|number| format!("{name} ({number})")).find(|name| !taken(name)).expect("numbers do not end")
}
