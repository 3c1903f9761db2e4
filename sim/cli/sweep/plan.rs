//! What a sweep takes: how many runs, how long, how much disk; told before it begins, and by `sweep plan`.

use super::folder::{Claim, Opened};
use super::{Chosen, finish, tables, trouble};
use crate::cli::failure::Failure;
use crate::cli::run::progress::span;
use crate::cli::run::stop_on_interrupt;
use crate::cli::{output, shell};
use crate::experiment::design::{Axis, Law, Range};
use crate::experiment::sweep::blocks::{Blocks, Shard};
use crate::experiment::sweep::carry::{self, Work};
use crate::report::number::short;
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::Ordering;
use std::time::Instant;

/// Runs are carried out for a guess until they have taken this long together.
const ENOUGH_S: f64 = 1.0;
/// Or until they are so many.
const MOST_RUNS: u32 = 32;
/// Length of a shard that is advised.
const SHARD_S: f64 = 600.0;

/// Say what it takes and write the manifest; carries out the first run, which counts
#[derive(Debug, clap::Args)]
pub struct Plan {
    #[command(flatten)]
    chosen: Chosen,
}

impl Plan {
    /// Plans.
    ///
    /// # Errors
    /// When the experiment has problems, or its folder cannot be used.
    pub fn call(self) -> Result<(), Failure> {
        let words = self.chosen.words(&["depin-sim", "sweep", "plan"]);
        let again = shell::line(words.iter().map(String::as_str));
        self.answer().map_err(|failure| failure.again(again))
    }

    fn answer(&self) -> Result<(), Failure> {
        let mut opened = self.chosen.open(Claim::Alone)?;
        if !finish::done(&opened.path)
            && let Some(cost) = cost(&opened)?
        {
            opened.state(cost)?;
        }
        let mut text = opening(&opened, self.chosen.threads(), None);
        let place = opened.path.display().to_string();
        text.push_str(&format!("\nto run it           {}\n", shell::line(["depin-sim", "sweep", &place])));
        let seconds = opened.cost["seconds_per_run"].as_f64().unwrap_or(0.0) * opened.sweep.runs() as f64;
        let shards = (seconds / SHARD_S).ceil().clamp(1.0, Blocks::of(opened.sweep.runs()).count() as f64);
        if shards >= 2.0 {
            let shard = format!("1/{shards}");
            let command = shell::line(["depin-sim", "sweep", &place, "--shard", &shard]);
            text.push_str(&format!(
                "on many machines    {command} and so on, some ten minutes of one core each\n"
            ));
        }
        output::print(&text)
    }
}

/// What is known of a sweep before it goes on.
pub fn opening(opened: &Opened, threads: usize, shard: Option<Shard>) -> String {
    let (manifest, sweep) = (&opened.manifest, &opened.sweep);
    let design = &sweep.design;
    let mut text = format!("experiment    {}\n", manifest.name);
    if !manifest.question.is_empty() {
        text.push_str(&format!("question      {}\n", manifest.question));
    }
    text.push_str(&format!(
        "runs          {}: {} design rows ({}), {} of each\n",
        sweep.runs(),
        design.rows(),
        design.method().name(),
        sweep.replications
    ));
    for (number, axis) in design.axes().iter().enumerate() {
        let label = if number == 0 { "varies" } else { "" };
        text.push_str(&format!("{label:<14}{}: {}, {}\n", axis.name, axis.path, described(axis)));
    }
    text.push_str(&format!("seed          {}\n", sweep.seed));
    if let Some(shard) = shard {
        let blocks = Blocks::of(sweep.runs());
        let runs: u64 =
            blocks.shard(shard).map(|block| blocks.range(block).end - blocks.range(block).start).sum();
        text.push_str(&format!("shard         {shard}: {runs} runs\n"));
    }
    if let (Some(seconds), Some(bytes)) =
        (opened.cost["seconds_per_run"].as_f64(), opened.cost["bytes"].as_f64())
    {
        let whole = seconds * sweep.runs() as f64 / threads as f64;
        text.push_str(&format!(
            "expected      {} on {threads} threads like this one's; {} of disk\n",
            span(whole),
            room(bytes)
        ));
    }
    text.push_str(&format!("folder        {}\n", opened.path.display()));
    text
}

/// A number of bytes in its largest unit.
fn room(bytes: f64) -> String {
    let units = [(1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB")];
    let (size, unit) = units.into_iter().find(|(size, _)| bytes >= *size).unwrap_or((1.0, "bytes"));
    format!("{} {unit}", short(bytes / size))
}

fn described(axis: &Axis) -> String {
    match &axis.range {
        Range::Given => "as its table says".to_owned(),
        Range::Choices(choices) => {
            let shown: Vec<&str> = choices.iter().take(4).map(String::as_str).collect();
            let more =
                if choices.len() > 4 { format!(" and {} more", choices.len() - 4) } else { String::new() };
            format!("{}{more}", shown.join(" | "))
        }
        Range::Numbers { law, unit, steps, .. } => {
            let law = match law {
                Law::Uniform { low, high } => format!("{low} to {high}"),
                Law::LogUniform { low, high } => format!("{low} to {high}, by logarithm"),
                Law::Integer { low, high } => format!("whole numbers {low} to {high}"),
                Law::Normal { mean, sd } => format!("normal, mean {mean}, deviation {sd}"),
            };
            let steps = steps.map_or_else(String::new, |steps| format!(", {steps} steps"));
            format!("{law}{unit}{steps}")
        }
    }
}

/// Carries out runs that are missing until a guess is worth something; `None` when none was missing.
fn cost(opened: &Opened) -> Result<Option<Value>, Failure> {
    let sweep = &opened.sweep;
    let blocks: Vec<u64> = (0..Blocks::of(sweep.runs()).count()).collect();
    let stop = stop_on_interrupt()?;
    // Bytes of lines and number of values.
    let seen = Mutex::new((0_u64, 0_usize));
    let work = Work {
        folder: &opened.path,
        threads: 1,
        most: 1,
        stop: &stop,
        seal: &|path: &Path, outcomes: &[_]| tables::part(sweep, path, outcomes),
        ended: &|outcome| {
            let mut seen = seen.lock().expect("nobody panics while holding it");
            *seen = (seen.0 + 1, seen.1.max(outcome.values.len()));
        },
    };
    let began = Instant::now();
    let mut rounds = 0;
    while rounds < MOST_RUNS && began.elapsed().as_secs_f64() < ENOUGH_S {
        carry::carry_out(sweep, &blocks, &work).map_err(trouble)?;
        rounds += 1;
        if stop.load(Ordering::Relaxed) {
            return Err(Failure::new("stopped: nothing is planned; what had ended is kept"));
        }
    }
    let seconds = began.elapsed().as_secs_f64();
    let (runs, columns) = *seen.lock().expect("nobody panics while holding it");
    if runs == 0 {
        return Ok(None);
    }
    let all = sweep.runs();
    let columns = (columns + sweep.design.axes().len() + 5) as u64;
    // Eight bytes a value, and what Parquet says of each column of each row group (measured: 190 bytes), once in parts
    // and once in the whole.
    let groups = Blocks::of(all).count() + all / 4096 + 1;
    let bytes = 2 * all * columns * 8 + groups * columns * 190;
    Ok(Some(json!({
        "runs": all,
        "design_rows": sweep.design.rows(),
        "blocks": Blocks::of(all).count(),
        "seconds_per_run": seconds / runs as f64,
        "seconds": seconds / runs as f64 * all as f64,
        "bytes": bytes,
    })))
}
