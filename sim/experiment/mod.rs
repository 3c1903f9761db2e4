//! Running scenarios: one replication, or many in parallel, gathered by index.

use crate::engine::Time;
use crate::measure::record::Record;
use crate::measure::recorder::Recorder;
use crate::scenario::Scenario;
use crate::world::World;
use rayon::prelude::*;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Told now and then how far a replication has come: replication, simulated instant, events so far.
pub type Progress<'a> = &'a (dyn Fn(u32, Time, u64) + Sync);

/// Runs one replication to its end.
#[must_use]
pub fn replicate(scenario: &Arc<Scenario>, replication: u32, progress: Progress<'_>) -> Record {
    let end = Time::ZERO + scenario.run.duration;
    let mut world = World::new(Arc::clone(scenario), replication, Recorder::new(scenario));
    world.run_until(end, |now, events| progress(replication, now, events));
    world.settle_everyone();
    let recorder = world.release_watcher();
    recorder.finish(&world.scene(), replication)
}

/// Runs all replications on `threads` threads; a replication that was not begun when `stop` is raised is left out.
#[must_use]
pub fn run(
    scenario: &Arc<Scenario>,
    threads: usize,
    stop: &AtomicBool,
    progress: Progress<'_>,
) -> Vec<Record> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads can be started");
    let records: Vec<Option<Record>> = pool.install(|| {
        (0..scenario.run.replications)
            .into_par_iter()
            .map(|replication| {
                (!stop.load(Ordering::Relaxed)).then(|| replicate(scenario, replication, progress))
            })
            .collect()
    });
    records.into_iter().flatten().collect()
}
