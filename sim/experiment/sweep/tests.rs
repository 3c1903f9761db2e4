//! What sweeps promise of their folder, held with functions in place of scenarios and with disks that fail.

use super::blocks::Blocks;
use super::carry::{self, Trouble, Work};
use super::manifest::{Manifest, What};
use super::outcome::Outcome;
use super::*;
use crate::MODEL_VERSION;
use crate::experiment::design::{Axis, Law, Method, ROW_LIMIT, Range};
use crate::experiment::sensitivity::functions::Function;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

fn manifest(rows: u64, replications: u32) -> Manifest {
    let range = Range::Numbers {
        law: Law::Uniform { low: 0.0, high: 1.0 },
        decimals: None,
        unit: String::new(),
        steps: None,
    };
    Manifest {
        name: "line".to_owned(),
        question: String::new(),
        what: What::Function(Function::polynomial("2*x1").expect("a polynomial")),
        axes: vec![Axis { name: "x".to_owned(), path: "x1".to_owned(), range }],
        method: Method::Random { rows },
        replications,
        seed: 1,
        metrics: Vec::new(),
        model_version: MODEL_VERSION,
    }
}

fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("depin-sim-sweep-{}-{name}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    folder
}

/// A part as plain lines.
fn seal(path: &Path, outcomes: &[Outcome]) -> io::Result<()> {
    fs::write(path, outcomes.iter().map(Outcome::line).collect::<String>())
}

fn go_on(sweep: &Sweep, folder: &Path, most: u64, seal: carry::Seal<'_>) -> (Result<(), Trouble>, u64) {
    let ended = AtomicU64::new(0);
    let work = Work {
        folder,
        threads: 2,
        most,
        stop: &AtomicBool::new(false),
        seal,
        ended: &|_| {
            ended.fetch_add(1, Ordering::Relaxed);
        },
    };
    let blocks: Vec<u64> = (0..Blocks::of(sweep.runs()).count()).collect();
    let outcome = carry::carry_out(sweep, &blocks, &work);
    (outcome, ended.load(Ordering::Relaxed))
}

fn parts(sweep: &Sweep, folder: &Path) -> Vec<Vec<u8>> {
    let blocks = 0..Blocks::of(sweep.runs()).count();
    blocks.map(|block| fs::read(carry::part(folder, block)).expect("it is sealed")).collect()
}

#[test]
fn work_in_pieces_is_the_work_and_no_run_is_done_twice() {
    let (whole, pieces) = (folder("whole"), folder("pieces"));
    let sweep = manifest(700, 3).sweep(&whole).expect("it is sound");
    let (outcome, ended) = go_on(&sweep, &whole, u64::MAX, &seal);
    assert!(outcome.is_ok() && ended == 2100);
    let mut together = 0;
    for most in [1, 5, 100, 0, 333, u64::MAX, u64::MAX] {
        let (outcome, ended) = go_on(&sweep, &pieces, most, &seal);
        assert!(outcome.is_ok());
        together += ended;
    }
    assert_eq!(together, 2100);
    assert_eq!(parts(&sweep, &whole), parts(&sweep, &pieces));
    assert!(fs::read_dir(carry::parts(&pieces)).expect("a folder").count() == parts(&sweep, &pieces).len());
    for folder in [whole, pieces] {
        fs::remove_dir_all(folder).expect("it is there");
    }
}

#[test]
fn a_disk_that_is_full_stops_the_work_and_loses_nothing() {
    let (full, whole) = (folder("full"), folder("room"));
    let sweep = manifest(500, 1).sweep(&full).expect("it is sound");
    let refused = Mutex::new(false);
    let no_room = |path: &Path, outcomes: &[Outcome]| {
        // The first part is half written, as on a disk that fills up, and never gets its name.
        *refused.lock().expect("free") = true;
        let _ = fs::write(path.with_extension("unfinished"), &outcomes[0].line()[..7]);
        Err(io::Error::from(io::ErrorKind::StorageFull))
    };
    let (outcome, first) = go_on(&sweep, &full, u64::MAX, &no_room);
    assert!(matches!(outcome, Err(Trouble::Disk(_, error)) if error.kind() == io::ErrorKind::StorageFull));
    assert!(*refused.lock().expect("free") && first < 500);
    let kept: usize = fs::read_dir(carry::parts(&full))
        .expect("a folder")
        .map(|entry| entry.expect("readable").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "jsonl"))
        .map(|path| fs::read_to_string(path).expect("text").lines().count())
        .sum();
    let (outcome, second) = go_on(&sweep, &full, u64::MAX, &seal);
    assert!(outcome.is_ok());
    assert_eq!(second, 500 - kept as u64, "what was written is not done again");
    assert!(go_on(&sweep, &whole, u64::MAX, &seal).0.is_ok());
    assert_eq!(parts(&sweep, &full), parts(&sweep, &whole));
    for folder in [full, whole] {
        fs::remove_dir_all(folder).expect("it is there");
    }
}

#[test]
fn lines_of_another_experiment_count_as_not_there() {
    let (mixed, whole) = (folder("mixed"), folder("pure"));
    let sweep = manifest(600, 1).sweep(&mixed).expect("it is sound");
    assert!(go_on(&sweep, &mixed, 1, &seal).0.is_ok());
    let path = carry::journal(&mixed, 0);
    let own = fs::read_to_string(&path).expect("one line of two");
    let forged = own.replace("\"run\":0", "\"run\":1");
    fs::write(&path, format!("{forged}{own}")).expect("room");
    let (outcome, ended) = go_on(&sweep, &mixed, u64::MAX, &seal);
    assert!(outcome.is_ok() && ended == 599, "{ended}");
    assert!(go_on(&sweep, &whole, u64::MAX, &seal).0.is_ok());
    assert_eq!(parts(&sweep, &mixed), parts(&sweep, &whole));
    for folder in [mixed, whole] {
        fs::remove_dir_all(folder).expect("it is there");
    }
}

#[test]
fn a_block_that_another_process_holds_is_left_alone() {
    let folder = folder("held");
    let sweep = manifest(10, 1).sweep(&folder).expect("it is sound");
    fs::create_dir_all(carry::parts(&folder)).expect("room");
    let held = journal::Journal::open(&carry::journal(&folder, 4), &(4..5)).expect("free");
    assert!(matches!(go_on(&sweep, &folder, u64::MAX, &seal).0, Err(Trouble::Busy(4))));
    drop(held);
    assert!(go_on(&sweep, &folder, u64::MAX, &seal).0.is_ok());
    fs::remove_dir_all(folder).expect("it is there");
}

#[test]
fn a_manifest_survives_its_json_and_names_what_differs() {
    let one = manifest(10, 2);
    let text = serde_json::to_string(&one).expect("JSON");
    let read: Manifest = serde_json::from_str(&text).expect("it was just written");
    assert_eq!((&read, read.id(), read.difference(&one)), (&one, one.id(), None));
    let other = Manifest { seed: 2, ..one.clone() };
    assert_eq!((other.difference(&one), other.id() == one.id()), (Some("the seed"), false));
    for senseless in [
        Manifest { replications: 0, ..one.clone() },
        Manifest { replications: u32::MAX, ..manifest(ROW_LIMIT, 1) },
    ] {
        assert!(senseless.sweep(Path::new("")).is_err(), "{}", senseless.replications);
    }
    let older = Manifest { model_version: MODEL_VERSION - 1, ..one };
    assert!(older.sweep(Path::new("")).is_err(), "another model's runs are not gone on with");
}

#[test]
fn runs_are_numbered_row_by_row_and_named_by_what_they_are() {
    let sweep = manifest(10, 3).sweep(Path::new("")).expect("it is sound");
    assert_eq!((sweep.place(0), sweep.place(2), sweep.place(29)), ((0, 0), (0, 2), (9, 2)));
    let outcome = |run| sweep.carry_out(run, &AtomicBool::new(false)).expect("nobody stops it");
    let (one, again, other) = (outcome(4), outcome(4), outcome(5));
    assert_eq!(one, again);
    assert_ne!(one.id, other.id, "another replication is another run");
    assert_eq!(one.values, other.values);
}
