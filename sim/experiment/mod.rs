//! Running scenarios: one replication, or many in parallel, gathered by index.

use crate::engine::Time;
use crate::measure::record::Record;
use crate::measure::recorder::Recorder;
use crate::measure::recording::{Recording, Recordings};
use crate::scenario::Scenario;
use crate::world::World;
use precision::Precision;
use std::any::Any;
use std::fmt;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

pub mod design;
pub mod precision;
pub mod sensitivity;
pub mod sweep;
#[cfg(test)]
mod tests;
pub mod variants;

/// Told now and then how far a replication has come: replication, simulated instant, events so far.
pub type Progress<'a> = &'a (dyn Fn(u32, Time, u64) + Sync);

/// A run is carried out in this many pieces, between which it may be stopped. Assumed: a second each at most.
const PIECES: u64 = 256;

/// A replication that panicked: a mistake of the program, not of the scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crash {
    /// Index of the replication.
    pub replication: u32,
    /// What the panic said.
    pub message: String,
}

impl fmt::Display for Crash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "replication {} panicked: {}", self.replication, self.message)
    }
}

impl std::error::Error for Crash {}

/// Twelve hexadecimal digits that name a run: its resolved text and the version of the model.
#[must_use]
pub fn run_id(canonical: &str, model_version: u32) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(canonical.as_bytes());
    hasher.update(&[0]);
    hasher.update(model_version.to_string().as_bytes());
    hasher.finalize().to_hex()[..12].to_owned()
}

/// Runs one replication to its end.
#[must_use]
pub fn replicate(scenario: &Arc<Scenario>, replication: u32, progress: Progress<'_>) -> Record {
    replicate_unless(scenario, replication, &AtomicBool::new(false), progress, &Recordings::default())
        .expect("nobody else can raise this flag")
}

/// Runs one replication; `None` when `stop` was raised before it was whole. Stopping is looked for between pieces of
/// simulated time, which change nothing: a run in pieces is the run. Where `recordings` wants one, a recording is kept.
#[must_use]
pub fn replicate_unless(
    scenario: &Arc<Scenario>,
    replication: u32,
    stop: &AtomicBool,
    progress: Progress<'_>,
    recordings: &Recordings,
) -> Option<Record> {
    let end = Time::ZERO + scenario.run.duration;
    let watcher = Recording::new(Recorder::new(scenario), recordings, scenario, replication);
    let mut world = World::new(Arc::clone(scenario), replication, watcher);
    for piece in 1..=PIECES {
        if stop.load(Ordering::Relaxed) {
            return None;
        }
        let until = if piece == PIECES { end } else { Time(end.0 / PIECES * piece) };
        world.run_until(until, |now, events| progress(replication, now, events));
        progress(replication, until, world.events());
    }
    // Recorded demand is run until the last job has left.
    let piece = depin_protocol::units::Span((end.0 / PIECES).max(1));
    let mut until = end;
    while !world.drained() {
        if stop.load(Ordering::Relaxed) {
            return None;
        }
        until += piece;
        world.run_until(until, |_, events| progress(replication, end, events));
    }
    world.settle_everyone();
    let watcher = world.release_watcher();
    Some(watcher.finish(world.now(), &world.scene(), replication, recordings))
}

/// Runs the replications on `threads` threads, in the order of their index. When `stop` is raised, those that are not
/// whole are left out: the answer holds the others, by index.
///
/// # Errors
/// The first replication, by index, of those that panicked; the others are stopped.
pub fn run(
    scenario: &Arc<Scenario>,
    threads: usize,
    stop: &AtomicBool,
    progress: Progress<'_>,
) -> Result<Vec<Record>, Crash> {
    run_recorded(scenario, threads, stop, progress, &Recordings::default())
}

/// As [`run`], with recordings of the commands where `recordings` wants them.
///
/// # Errors
/// As [`run`].
pub fn run_recorded(
    scenario: &Arc<Scenario>,
    threads: usize,
    stop: &AtomicBool,
    progress: Progress<'_>,
    recordings: &Recordings,
) -> Result<Vec<Record>, Crash> {
    some(scenario, 0..scenario.run.replications, threads, stop, progress, recordings)
}

/// As [`run_recorded`], until `wanted` holds over what has been run, looked at after [`precision::looks`]; at most the
/// scenario's replications.
///
/// # Errors
/// As [`run`].
pub fn run_until(
    scenario: &Arc<Scenario>,
    wanted: &[Precision],
    threads: usize,
    stop: &AtomicBool,
    progress: Progress<'_>,
    recordings: &Recordings,
) -> Result<Vec<Record>, Crash> {
    let mut records = Vec::new();
    for size in precision::looks(scenario.run.replications) {
        let from = u32::try_from(records.len()).expect("no more records than replications");
        records.extend(some(scenario, from..size, threads, stop, progress, recordings)?);
        if stop.load(Ordering::Relaxed) || wanted.iter().all(|precision| precision.holds(&records)) {
            break;
        }
    }
    Ok(records)
}

/// The replications of a range, by index.
fn some(
    scenario: &Arc<Scenario>,
    range: Range<u32>,
    threads: usize,
    stop: &AtomicBool,
    progress: Progress<'_>,
    recordings: &Recordings,
) -> Result<Vec<Record>, Crash> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads can be started");
    let next = AtomicU32::new(range.start);
    let crashed = AtomicBool::new(false);
    let take = || -> Result<Vec<Record>, Crash> {
        let mut records = Vec::new();
        loop {
            let replication = next.fetch_add(1, Ordering::Relaxed);
            if replication >= range.end || crashed.load(Ordering::Relaxed) {
                return Ok(records);
            }
            let attempt = || replicate_unless(scenario, replication, stop, progress, recordings);
            match catch_unwind(AssertUnwindSafe(attempt)) {
                Ok(Some(record)) => records.push(record),
                Ok(None) => return Ok(records),
                Err(panic) => {
                    crashed.store(true, Ordering::Relaxed);
                    let message = words(panic.as_ref());
                    return Err(Crash { replication, message });
                }
            }
        }
    };
    let parts = pool.broadcast(|_| take());
    let mut records = Vec::new();
    let mut crash: Option<Crash> = None;
    for part in parts {
        match part {
            Ok(some) => records.extend(some),
            Err(new) if crash.as_ref().is_none_or(|old| new.replication < old.replication) => {
                crash = Some(new);
            }
            Err(_) => {}
        }
    }
    records.sort_by_key(|record| record.replication);
    crash.map_or(Ok(records), Err)
}

fn words(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("without a word").to_owned()
}
