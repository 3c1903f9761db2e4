//! Job traces from outside: files that others recorded, read into jobs with exact integer times.

pub mod batsim;
pub mod decimal;
pub mod nodes;
pub mod openb;
pub mod source;
pub mod swf;

pub use decimal::TimeUnit;
pub use source::TraceError;

use source::Source;
use std::path::Path;

/// Most jobs of a trace. Assumed: ten times the largest public one that anybody replays whole.
pub const MOST_JOBS: usize = 10_000_000;

/// One job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceJob {
    /// Name in the file.
    pub id: String,
    /// When it was submitted, nanoseconds.
    pub submit: u64,
    /// How long it runs, nanoseconds; at most the estimate.
    pub run: u64,
    /// How long its renter said that it may run, nanoseconds.
    pub estimate: u64,
    /// Cards, or processors.
    pub procs: u32,
    /// Thousandths of each card.
    pub card_milli: u16,
    /// Processor thousandths.
    pub cpu_milli: u32,
    /// Memory in MiB.
    pub memory_mib: u32,
    /// Card models accepted; any when empty.
    pub models: Vec<String>,
}

/// A trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// Jobs by time of submission, equals as in the file.
    pub jobs: Vec<TraceJob>,
}

/// How a file is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// Standard Workload Format 2.2 (Parallel Workloads Archive).
    Swf,
    /// Batsim's JSON workload with delay profiles.
    Batsim,
    /// Task list of Alibaba's openb cluster trace (v2023).
    Openb,
}

impl Format {
    /// The format of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Format> {
        match name {
            "swf" => Some(Format::Swf),
            "batsim" => Some(Format::Batsim),
            "openb" => Some(Format::Openb),
            _ => None,
        }
    }

    /// Guessed from a file's name.
    #[must_use]
    pub fn of(path: &Path) -> Option<Format> {
        let name = path.file_name()?.to_string_lossy().to_ascii_lowercase();
        let name = name.strip_suffix(".gz").unwrap_or(&name);
        match name.rsplit_once('.')?.1 {
            "swf" => Some(Format::Swf),
            "json" => Some(Format::Batsim),
            "csv" => Some(Format::Openb),
            _ => None,
        }
    }
}

/// Reads a trace; gzip is recognised by its first bytes. Jobs larger than `machine` are cut to it.
///
/// # Errors
/// The first thing that is wrong, with its line.
pub fn read(
    path: &Path,
    format: Option<Format>,
    unit: TimeUnit,
    machine: Option<u32>,
) -> Result<Trace, TraceError> {
    let source = Source::open(path)?;
    let format = format.or_else(|| Format::of(path)).ok_or_else(|| {
        source.whole("a name that does not tell the format", "a name in .swf, .json or .csv, maybe with .gz")
    })?;
    let mut jobs = match format {
        Format::Swf => swf::read(&source, unit, machine)?,
        Format::Batsim => batsim::read(&source, unit)?,
        Format::Openb => openb::read(&source, unit)?,
    };
    if jobs.is_empty() {
        return Err(source.whole("no job", "at least one job"));
    }
    // A stable sort: equals stay as in the file.
    jobs.sort_by_key(|job| job.submit);
    Ok(Trace { jobs })
}

/// Order of a redrawn workload: the trace, then jobs drawn from it with replacement until all together ask for
/// `target_milli` thousandths of cards, shuffled (Fisher and Yates). `uniform(i)` is the i-th number in `[0, 1)`.
///
/// Source: Weng et al., "Beware of Fragmentation", USENIX ATC 2023, section 6.
#[must_use]
pub fn inflate(jobs: &[TraceJob], target_milli: u64, mut uniform: impl FnMut(u64) -> f64) -> Vec<u32> {
    let asks = |job: &TraceJob| u64::from(job.procs) * u64::from(job.card_milli);
    let mut order: Vec<u32> = (0..u32::try_from(jobs.len()).expect("fewer than 2^32 jobs")).collect();
    let mut asked: u64 = jobs.iter().map(asks).sum();
    let mut draws = 0;
    let mut below = |bound: usize| {
        draws += 1;
        ((uniform(draws - 1) * bound as f64) as usize).min(bound - 1)
    };
    if asked > 0 {
        while asked < target_milli && order.len() < MOST_JOBS {
            let drawn = below(jobs.len());
            asked += asks(&jobs[drawn]);
            order.push(drawn as u32);
        }
    }
    for last in (1..order.len()).rev() {
        order.swap(last, below(last + 1));
    }
    order
}

#[cfg(test)]
mod tests;
