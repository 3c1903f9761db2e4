//! Replications are kept by index, stop between pieces, and a panic names its replication.

use super::*;
use std::path::Path;

fn small(replications: u32) -> Arc<Scenario> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/small.toml");
    let sets = [format!("run.replications={replications}")];
    Arc::new(Scenario::load(&path, &sets).expect("a shipped scenario is sound"))
}

fn indices(records: &[Record]) -> Vec<u32> {
    records.iter().map(|r| r.replication).collect()
}

#[test]
fn replications_come_by_index_and_alike_on_any_number_of_threads() {
    let scenario = small(5);
    let digests = |threads| -> Vec<[u8; 32]> {
        let records = run(&scenario, threads, &AtomicBool::new(false), &|_, _, _| {}).expect("no panic");
        assert_eq!(indices(&records), [0, 1, 2, 3, 4]);
        records.iter().map(|r| r.digest).collect()
    };
    let alone = digests(1);
    assert_eq!(alone, digests(3));
    assert_ne!(alone[0], alone[1], "replications differ from each other");
}

#[test]
fn a_run_in_pieces_is_the_run() {
    let scenario = small(1);
    let mut world = World::new(Arc::clone(&scenario), 0, Recorder::new(&scenario));
    world.run_until(Time::ZERO + scenario.run.duration, |_, _| {});
    world.settle_everyone();
    let recorder = world.release_watcher();
    let at_once = recorder.finish(&world.scene(), 0);
    let pieces = replicate(&scenario, 0, &|_, _, _| {});
    assert_eq!(at_once.digest, pieces.digest);
    assert_eq!(at_once.metrics, pieces.metrics);
}

#[test]
fn a_run_that_is_stopped_keeps_what_is_whole() {
    let scenario = small(5);
    let stop = AtomicBool::new(false);
    let third_begins = |replication, _, _| {
        if replication == 2 {
            stop.store(true, Ordering::Relaxed);
        }
    };
    let records = run(&scenario, 1, &stop, &third_begins).expect("no panic");
    assert_eq!(indices(&records), [0, 1]);
}

#[test]
fn a_panic_names_its_replication_and_stops_the_others() {
    let scenario = small(4);
    let last = AtomicU32::new(0);
    let progress = |replication: u32, _, _| {
        last.fetch_max(replication, Ordering::Relaxed);
        assert!(replication != 1, "made for the test");
    };
    let crash = run(&scenario, 1, &AtomicBool::new(false), &progress).expect_err("replication 1 panics");
    assert_eq!(crash.replication, 1);
    assert_eq!(crash.to_string(), "replication 1 panicked: made for the test");
    assert_eq!(last.load(Ordering::Relaxed), 1);
}

#[test]
fn the_name_of_a_run_follows_from_text_and_version_alone() {
    let name = run_id("[run]\nseed = 1\n", 1);
    assert_eq!(name.len(), 12);
    assert!(name.bytes().all(|b| b.is_ascii_hexdigit()));
    assert_eq!(name, run_id("[run]\nseed = 1\n", 1));
    assert_ne!(name, run_id("[run]\nseed = 2\n", 1));
    assert_ne!(name, run_id("[run]\nseed = 1\n", 2));
}
