//! `sweep`: the runs of an experiment, planned, carried out, resumed, shared between machines and gathered.

mod analysis;
mod figures;
mod finish;
mod folder;
mod merge;
mod one;
mod plan;
mod progress;
mod report;
mod status;
mod tables;

use super::failure::{Failure, colours};
use super::run::stop_on_interrupt;
use super::{Format, output, shell};
use crate::experiment::sweep::blocks::{Blocks, Shard};
use crate::experiment::sweep::carry::{self, Trouble, Work};
use crate::experiment::sweep::file::{self, Over};
use folder::{Claim, Opened};
use progress::Meter;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

const EXAMPLES: &str = "\
EXAMPLES
  depin-sim sweep plan mine.toml                     how many runs, how long, how much disk; carries out the first
  depin-sim sweep mine.toml                          run it all; the same command goes on where it was stopped
  depin-sim sweep mine.toml --set run.scale=0.1      the same experiment on a tenth of the network
  depin-sim sweep DIR --shard 2/5                    the second of five machines; DIR has the manifest of `plan`
  depin-sim sweep status DIR                         what is done, what failed, what is missing
  depin-sim sweep merge A B C --out all              gather the folders of several machines

Design rows share the seed: they meet the same chances. Results are one table, results.parquet, a row per run.
Exit codes: 0 fine; 1 some runs failed; 2 it could not run, or was stopped.";

/// Run a design of many runs: plan, carry out, resume, share between machines
///
/// An experiment file names a scenario, what varies, and how design rows are chosen. Whatever is done is kept: Ctrl-C,
/// kill -9 or a full disk lose nothing that had ended, and the same command goes on.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES, args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Sweep {
    #[command(subcommand)]
    part: Option<Part>,
    #[command(flatten)]
    whole: Whole,
}

#[derive(Debug, clap::Subcommand)]
enum Part {
    /// Say what it takes and write the manifest; carries out the first run, which counts
    Plan(plan::Plan),
    /// Say what is done, what failed and what is missing
    Status(status::Status),
    /// Gather the folders of several machines into one
    Merge(merge::Merge),
    /// Carry out one run alone and print what it comes to
    One(one::One),
}

#[derive(Debug, clap::Args)]
struct Whole {
    #[command(flatten)]
    chosen: Chosen,
    /// Only every N-th block of runs, from the I-th: one machine's part
    #[arg(long, value_name = "I/N")]
    shard: Option<Shard>,
    /// What is printed: a summary to read, or analysis.json
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Print nothing but errors
    #[arg(long)]
    quiet: bool,
    /// Draw no plots
    #[arg(long)]
    no_plots: bool,
}

/// Which experiment, and where.
#[derive(Debug, clap::Args)]
struct Chosen {
    /// Experiment file, or the folder of a sweep
    #[arg(required = true, value_name = "EXPERIMENT")]
    experiment: Option<PathBuf>,
    /// Change a value of the scenario in every run; may be repeated
    #[arg(long = "set", value_name = "PATH=VALUE", allow_hyphen_values = true)]
    sets: Vec<String>,
    /// Master seed of design and runs [default: the experiment's, or the scenario's]
    #[arg(long)]
    seed: Option<u64>,
    /// Runs of each design row [default: the experiment's, or the scenario's]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    replications: Option<u32>,
    /// Threads to work on; results do not depend on it [default: one per core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// The folder for the results [default: output/EXPERIMENT/ID]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

impl Chosen {
    fn threads(&self) -> usize {
        let cores = || std::thread::available_parallelism().map_or(1, usize::from);
        self.threads.map_or_else(cores, usize::from)
    }

    fn experiment(&self) -> &Path {
        self.experiment.as_deref().expect("clap asks for it")
    }

    /// Opens the folder of the experiment, made where it is not there, under the lock asked for.
    fn open(&self, claim: Claim) -> Result<Opened, Failure> {
        let path = self.experiment();
        if path.is_dir() {
            if !self.sets.is_empty()
                || self.seed.is_some()
                || self.replications.is_some()
                || self.out.is_some()
            {
                let failure =
                    Failure::new(format!("error: {} is a sweep that is settled already", path.display()));
                return Err(failure.hint(
                    "leave --set, --seed, --replications and --out away, or name the experiment's file",
                ));
            }
            return Opened::standing(path, claim);
        }
        let over = Over { sets: self.sets.clone(), seed: self.seed, replications: self.replications };
        let experiment = file::load(path, &over).map_err(|reports| {
            let texts: Vec<String> = reports.iter().map(|report| report.render(colours())).collect();
            Failure::new(texts.join("\n\n"))
        })?;
        Opened::of(experiment, self.out.as_deref(), claim)
    }

    /// The words of the command, from the command's own.
    fn words(&self, command: &[&str]) -> Vec<String> {
        let mut words: Vec<String> = command.iter().map(|&word| word.to_owned()).collect();
        words.push(self.experiment().display().to_string());
        let mut option = |name: &str, value: String| words.extend([name.to_owned(), value]);
        self.sets.iter().for_each(|set| option("--set", set.clone()));
        self.seed.iter().for_each(|seed| option("--seed", seed.to_string()));
        self.replications.iter().for_each(|n| option("--replications", n.to_string()));
        self.threads.iter().for_each(|n| option("--threads", n.to_string()));
        self.out.iter().for_each(|out| option("--out", out.display().to_string()));
        words
    }
}

impl Sweep {
    /// Does what is asked.
    ///
    /// # Errors
    /// When the experiment has problems, its folder holds something else, the work is stopped or cannot be written, or
    /// some runs failed.
    pub fn call(self) -> Result<(), Failure> {
        match self.part {
            Some(Part::Plan(plan)) => plan.call(),
            Some(Part::Status(status)) => status.call(),
            Some(Part::Merge(merge)) => merge.call(),
            Some(Part::One(one)) => one.call(),
            None => {
                let again = self.whole.again();
                self.whole.call().map_err(|failure| failure.again(again))
            }
        }
    }
}

impl Whole {
    fn call(self) -> Result<(), Failure> {
        let shared = self.shard.is_some_and(|shard| shard != Shard::WHOLE);
        let opened = self.chosen.open(if shared { Claim::Shared } else { Claim::Alone })?;
        if !self.quiet {
            output::note(&plan::opening(&opened, self.chosen.threads(), self.shard));
        }
        if !finish::done(&opened.path) {
            self.work(&opened)?;
        }
        if shared {
            return self.shard_is_done(&opened);
        }
        let finished = finish::finish(&opened, !self.no_plots)?;
        if !self.quiet {
            output::print(&match self.format {
                Format::Text => finished.text(&opened),
                Format::Json => output::json(&finished.data()),
            })?;
        }
        finished.verdict(&opened)
    }

    fn work(&self, opened: &Opened) -> Result<(), Failure> {
        let sweep = &opened.sweep;
        let cut = Blocks::of(sweep.runs());
        let blocks: Vec<u64> = cut.shard(self.shard.unwrap_or(Shard::WHOLE)).collect();
        let stop = stop_on_interrupt()?;
        let meter = Meter::new(&blocks, &cut, &opened.path, self.quiet);
        let seal = |path: &Path, outcomes: &[_]| tables::part(sweep, path, outcomes);
        let work = Work {
            folder: &opened.path,
            threads: self.chosen.threads(),
            most: u64::MAX,
            stop: &stop,
            seal: &seal,
            ended: &|outcome| meter.ended(outcome),
        };
        let outcome = carry::carry_out(sweep, &blocks, &work);
        meter.finish();
        outcome.map_err(trouble)?;
        if stop.load(Ordering::Relaxed) {
            let left = meter.left();
            if left > 0 {
                let failure = Failure::new(format!("stopped: {left} runs are left; all others are kept"));
                return Err(failure.hint("the same command goes on"));
            }
        }
        Ok(())
    }

    fn shard_is_done(&self, opened: &Opened) -> Result<(), Failure> {
        let place = opened.path.display().to_string();
        let shard = self.shard.expect("only a shard comes here");
        let state = status::look(std::slice::from_ref(&opened.path), &opened.sweep)?;
        if !self.quiet {
            let merge = shell::line(["depin-sim", "sweep", "merge", &place]);
            output::print(&format!(
                "shard {shard} is done; in {place}: {} of {} runs, {} failed\nonce every shard is done: {merge}\n",
                state.done(),
                opened.sweep.runs(),
                state.failed,
            ))?;
        }
        Ok(())
    }

    fn again(&self) -> String {
        let mut words = self.chosen.words(&["depin-sim", "sweep"]);
        words.extend(self.shard.iter().flat_map(|shard| ["--shard".to_owned(), shard.to_string()]));
        if self.format == Format::Json {
            words.extend(["--format", "json"].map(str::to_owned));
        }
        for (option, given) in [("--quiet", self.quiet), ("--no-plots", self.no_plots)] {
            words.extend(given.then(|| option.to_owned()));
        }
        shell::line(words.iter().map(String::as_str))
    }
}

/// Why work had to stop, for people.
fn trouble(trouble: Trouble) -> Failure {
    match trouble {
        Trouble::Busy(block) => {
            Failure::new(format!("error: another process works on block {block} of this sweep"))
                .hint("wait for it, or give each process a shard of its own")
        }
        Trouble::Disk(path, error) => {
            Failure::new(format!("error: cannot write {}: {error}", path.display()))
                .hint("what had ended is kept; make room, and the same command goes on")
        }
    }
}
