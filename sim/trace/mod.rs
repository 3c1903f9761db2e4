//! Job traces as demand: files of several formats, read into jobs with exact integer time.
//!
//! Readers are pure: a file's bytes and the options decide everything. No number passes through a
//! float. Every fault of a file is an error that names its line; none is a panic.

mod batsim;
pub mod decimal;
mod draft;
pub mod error;
mod gavel;
pub mod inflate;
mod json;
mod jsonl;
pub mod nodes;
mod openb;
mod philly;
mod sheet;
pub mod source;
mod swf;

#[cfg(test)]
mod tests;

pub use decimal::{LONGEST, TimeUnit};
pub use draft::MOST_JOBS;
pub use error::TraceError;
pub use inflate::inflate;
pub use nodes::Node;

use draft::Draft;
use error::{Fault, quoted};
use gavel::Throughputs;
use std::path::{Path, PathBuf};

/// A job as a trace tells it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TraceJob {
    /// Its name in the trace.
    pub id: String,
    /// When it is handed in, in nanoseconds from the trace's zero.
    pub submit: u64,
    /// How long it runs, in nanoseconds; above zero, and cut at the estimate.
    pub run: u64,
    /// How long its owner says, in nanoseconds; no less than the run.
    pub estimate: u64,
    /// Processors or GPUs at once; zero only for openb's tasks without a GPU.
    pub procs: u32,
    /// Thousandths of each card: 1000 is whole cards.
    pub card_milli: u16,
    /// Thousandths of a CPU core; zero where the trace does not say.
    pub cpu_milli: u32,
    /// Memory in MiB; zero where the trace does not say.
    pub memory_mib: u32,
    /// Models of GPU, any of which will do; empty means any at all.
    pub models: Vec<String>,
    /// Who handed it in.
    pub user: Option<String>,
}

impl TraceJob {
    /// A job of one second on one whole card at 0.
    fn new(id: String) -> Self {
        let second = TimeUnit::SECOND.ns();
        let (models, user) = (Vec::new(), None);
        let (procs, card_milli, cpu_milli, memory_mib) = (1, 1000, 0, 0);
        Self {
            id,
            submit: 0,
            run: second,
            estimate: second,
            procs,
            card_milli,
            cpu_milli,
            memory_mib,
            models,
            user,
        }
    }
}

/// A trace that was read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Trace {
    /// Jobs by (submit, line).
    pub jobs: Vec<TraceJob>,
    /// blake3 of the file's bytes as stored, hexadecimal.
    pub content_hash: String,
    /// Processors of the machine: the option, else what the file says.
    pub machine: Option<u32>,
    /// What was rounded or assumed, in words.
    pub notes: Vec<String>,
}

/// Formats that can be read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// Standard Workload Format.
    Swf,
    /// openb pod list, CSV.
    Openb,
    /// Gavel, tab separated.
    Gavel,
    /// Philly `cluster_job_log`, JSON.
    Philly,
    /// Batsim workload, JSON.
    Batsim,
    /// One JSON object per line.
    Jsonl,
}

/// Every format by the name that an option gives it.
pub const FORMATS: [(&str, Format); 6] = [
    ("swf", Format::Swf),
    ("openb", Format::Openb),
    ("gavel", Format::Gavel),
    ("philly", Format::Philly),
    ("batsim", Format::Batsim),
    ("jsonl", Format::Jsonl),
];

impl Format {
    /// The format that a file's name tells, if it does; `.gz` at its end is nothing.
    #[must_use]
    pub fn guess(path: &Path) -> Option<Format> {
        let name = path.file_name()?.to_str()?.to_ascii_lowercase();
        let name = name.strip_suffix(".gz").unwrap_or(&name);
        if name.contains("cluster_job_log") {
            return Some(Format::Philly);
        }
        match name.rsplit_once('.')?.1 {
            "swf" => Some(Format::Swf),
            "csv" => Some(Format::Openb),
            "trace" | "tsv" => Some(Format::Gavel),
            "json" => Some(Format::Batsim),
            "jsonl" | "ndjson" => Some(Format::Jsonl),
            _ => None,
        }
    }
}

/// How to read a trace.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Options {
    /// Format; guessed from the name where none is given.
    pub format: Option<Format>,
    /// Unit of times in the file, one second where none is given. Philly's dates have none.
    pub unit: TimeUnit,
    /// Processors of the machine, in place of what the file says.
    pub machine: Option<u32>,
    /// Gavel's measured throughputs; where none is given, `simulation_throughputs.json` or
    /// `.json.gz` beside the trace.
    pub throughputs: Option<PathBuf>,
    /// The GPU on which Gavel's jobs run, `v100` where none is given.
    pub gpu: Option<String>,
}

/// Reads a trace.
///
/// # Errors
/// When the file cannot be read or anything in it is not what it should be.
pub fn read(path: &Path, options: &Options) -> Result<Trace, TraceError> {
    let here = |fault: Fault| fault.in_file(path);
    let format = options.format.or_else(|| Format::guess(path)).ok_or_else(|| here(unknown_format(path)))?;
    let bytes = source::load(path).map_err(here)?;
    let mut draft = draft(options).map_err(here)?;
    if format == Format::Gavel {
        let speeds = throughputs(path, options, &mut draft)?;
        gavel::read(&bytes, &speeds, &mut draft).map_err(here)?;
    } else {
        fill(&bytes, format, &mut draft).map_err(here)?;
    }
    draft.finish(source::hash(&bytes)).map_err(here)
}

fn draft(options: &Options) -> Result<Draft, Fault> {
    if options.machine == Some(0) {
        return Err(Fault::whole("a machine of 0 processors", "at least 1"));
    }
    Ok(Draft::new(options.unit, options.machine))
}

fn fill(bytes: &[u8], format: Format, draft: &mut Draft) -> Result<(), Fault> {
    match format {
        Format::Swf => swf::read(bytes, draft),
        Format::Openb => openb::read(bytes, draft),
        Format::Philly => philly::read(bytes, draft),
        Format::Batsim => batsim::read(bytes, draft),
        Format::Jsonl => jsonl::read(bytes, draft),
        Format::Gavel => Err(Fault::whole("no throughputs", "those of Gavel")),
    }
}

fn unknown_format(path: &Path) -> Fault {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let known: Vec<&str> = FORMATS.iter().map(|(name, _)| *name).collect();
    Fault::whole(format!("the name {}", quoted(&name)), "an ending that tells the format")
        .hint(format!("name the format: {}", known.join(", ")))
}

/// Gavel's throughputs, from the option or from beside the trace.
fn throughputs(trace: &Path, options: &Options, draft: &mut Draft) -> Result<Throughputs, TraceError> {
    let names = ["simulation_throughputs.json", "simulation_throughputs.json.gz"];
    let beside = || names.iter().map(|name| trace.with_file_name(name)).find(|path| path.is_file());
    let path = options.throughputs.clone().or_else(beside).ok_or_else(|| {
        Fault::whole(
            "no throughputs, so steps have no length",
            "simulation_throughputs.json beside the trace",
        )
        .hint("put Gavel's file there or name it")
        .in_file(trace)
    })?;
    let bytes = source::load(&path).map_err(|fault| fault.in_file(&path))?;
    let gpu = options.gpu.as_deref().unwrap_or(gavel::REFERENCE_GPU);
    draft
        .notes
        .push(format!("run times are those on {gpu}, by throughputs with blake3 {}", source::hash(&bytes)));
    Throughputs::read(&bytes, gpu).map_err(|fault| fault.in_file(&path))
}
