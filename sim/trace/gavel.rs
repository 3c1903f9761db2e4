//! Gavel's job traces (tab separated, seven columns) with its measured throughputs (JSON).
//!
//! A job's run is total steps ÷ throughput of its (job type, GPUs) on one model of GPU. A number of GPUs
//! that was not measured takes the largest measured number below it, throughput in proportion to the
//! GPUs; that is assumed, and said in a note. The estimate is the run. Jobs are named by their place from 0.
//! Source: <https://github.com/stanford-futuredata/gavel>.

use super::TraceJob;
use super::decimal::{Decimal, divide};
use super::draft::{Draft, lasting};
use super::error::{Fault, quoted};
use super::json;
use super::source::{Lines, line_of, text, utf8};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// The GPU by which Gavel's authors gave their jobs their lengths.
pub(super) const REFERENCE_GPU: &str = "v100";

/// Steps per second by job type and number of GPUs, on one model.
pub(super) struct Throughputs {
    gpu: String,
    measured: BTreeMap<String, BTreeMap<u32, Decimal>>,
}

#[derive(Deserialize)]
struct Row<'a> {
    /// Alone on its GPUs; the other keys are neighbours.
    #[serde(borrow, rename = "null")]
    alone: Option<&'a RawValue>,
}

impl Throughputs {
    /// Reads the table of one model of GPU.
    pub(super) fn read(bytes: &[u8], gpu: &str) -> Result<Self, Fault> {
        let text = text(bytes)?;
        let all: BTreeMap<String, BTreeMap<String, Row<'_>>> = serde_json::from_str(&text)
            .map_err(|error| json::fault(&error, 0, "throughputs by GPU, then by job type"))?;
        let rows = all.get(gpu).ok_or_else(|| {
            let known: Vec<&str> = all.keys().map(String::as_str).collect();
            Fault::whole(format!("no GPU {}", quoted(gpu)), format!("one of {}", known.join(", ")))
        })?;
        let mut measured: BTreeMap<String, BTreeMap<u32, Decimal>> = BTreeMap::new();
        for (key, row) in rows {
            let Some(alone) = row.alone else { continue };
            let line = line_of(&text, alone.get());
            let (kind, gpus) =
                split(key).ok_or_else(|| Fault::field(line, "key", key, "a key such as ('A3C', 1)"))?;
            let speed = alone.get().parse().ok().filter(|speed: &Decimal| !speed.negative);
            let speed =
                speed.ok_or_else(|| Fault::field(line, "throughput", alone.get(), "steps per second"))?;
            measured.entry(kind.to_owned()).or_default().insert(gpus, speed);
        }
        Ok(Self { gpu: gpu.to_owned(), measured })
    }

    /// The throughput of the largest measured number of GPUs that is not above `gpus`, and that number.
    fn of(&self, line: u64, kind: &str, gpus: u32) -> Result<(u32, Decimal), Fault> {
        let found = self.measured.get(kind).and_then(|all| all.range(..=gpus).next_back());
        let (measured, speed) = found.ok_or_else(|| {
            Fault::field(line, "job type", kind, format!("a job type measured on {}", self.gpu))
        })?;
        if speed.digits == 0 {
            let found = format!("{} on {measured} {}, which makes no step", quoted(kind), self.gpu);
            return Err(Fault::at(line, found, "a job that the GPU can run").hint("choose another GPU"));
        }
        Ok((*measured, *speed))
    }
}

/// `('ResNet-18 (batch size 16)', 2)` as name and number.
fn split(key: &str) -> Option<(&str, u32)> {
    let (kind, gpus) = key.strip_prefix("('")?.strip_suffix(')')?.rsplit_once("', ")?;
    Some((kind, gpus.parse().ok().filter(|gpus| *gpus > 0)?))
}

/// Reads all jobs into the draft.
pub(super) fn read(bytes: &[u8], speeds: &Throughputs, draft: &mut Draft) -> Result<(), Fault> {
    let mut lines = Lines::of(bytes);
    let (mut place, mut assumed) = (0_u64, 0_u64);
    while let Some((number, line)) = lines.next()? {
        let line = utf8(number, line)?;
        if line.is_empty() {
            continue;
        }
        let columns: Vec<&str> = line.split('\t').take(8).collect();
        let &[kind, _, _, _, steps, arrival, gpus] = columns.as_slice() else {
            let found = format!("{} columns in {}", columns.len(), quoted(line));
            return Err(Fault::at(number, found, "7 columns between tabs"));
        };
        let procs = json::at_least_one(number, "GPUs (column 7)", gpus)?;
        let (measured, speed) = speeds.of(number, kind, procs)?;
        assumed += u64::from(measured != procs);
        let submit = draft.time(number, "arrival (column 6)", arrival)?;
        let run = run(steps, measured, speed, procs, draft).ok_or_else(|| {
            Fault::field(number, "total steps (column 5)", steps, "steps of below 292 years")
        })?;
        let run = lasting(run);
        draft.push(
            number,
            TraceJob { submit, run, estimate: run, procs, ..TraceJob::new(place.to_string()) },
        )?;
        place += 1;
    }
    if assumed > 0 {
        draft.notes.push(format!(
            "{assumed} jobs have a number of GPUs that was not measured; their throughput is assumed in proportion"
        ));
    }
    Ok(())
}

/// Nanoseconds of `steps` at `speed` steps per unit on `measured` GPUs, in proportion on `procs`.
fn run(steps: &str, measured: u32, speed: Decimal, procs: u32, draft: &Draft) -> Option<u64> {
    let steps = steps.parse::<Decimal>().ok()?.whole()?;
    let above = steps
        .checked_mul(u128::from(measured))?
        .checked_mul(u128::from(draft.unit.ns()))?
        .checked_mul(10_u128.pow(speed.scale))?;
    let (ns, _) = divide(above, speed.digits.checked_mul(u128::from(procs))?);
    u64::try_from(ns).ok().filter(|ns| *ns <= super::LONGEST)
}
