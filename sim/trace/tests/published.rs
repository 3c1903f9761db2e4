//! Published traces, where they are at hand: sums of every column as another program (exact decimals) made them.

use super::super::{Options, TimeUnit, Trace, nodes, read};
use std::path::PathBuf;

/// A file of the reference data, or none with a word about it.
fn data(name: &str) -> Option<PathBuf> {
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data")).join(name);
    if !path.is_file() {
        println!("skipped: {name} is not here");
    }
    path.is_file().then_some(path)
}

fn trace(name: &str, unit: &str) -> Option<Trace> {
    let options = Options { unit: unit.parse().expect("a unit"), ..Options::default() };
    Some(read(&data(name)?, &options).expect("a published file is good"))
}

/// Jobs, and the sums of submissions, runs, estimates and processors.
fn sums(trace: &Trace) -> (usize, u128, u128, u128, u64) {
    let sum = |pick: fn(&super::super::TraceJob) -> u64| trace.jobs.iter().map(|j| u128::from(pick(j))).sum();
    let procs = trace.jobs.iter().map(|job| u64::from(job.procs)).sum();
    (trace.jobs.len(), sum(|j| j.submit), sum(|j| j.run), sum(|j| j.estimate), procs)
}

#[test]
fn ten_thousand_jobs_of_the_sp2_are_read_to_the_nanosecond() {
    let Some(trace) = trace("swf/SDSC-SP2-first10k-tiefree.swf.gz", "10us") else { return };
    assert_eq!(
        sums(&trace),
        (10_000, 49_869_300_949_470_720_000, 69_671_619_176_110_000, 178_517_978_834_440_000, 91_932)
    );
    let first = &trace.jobs[0];
    assert_eq!((first.id.as_str(), first.submit, first.procs), ("11", 566_129_088_050_000, 1));
    assert_eq!((first.run, first.estimate), (28_800_041_350_000, 28_826_873_030_000));
    assert!(trace.jobs.iter().all(|job| job.run < job.estimate), "as the file promises");
    assert_eq!(trace.machine, Some(128));
    assert!(trace.notes.is_empty(), "{:?}", trace.notes);
    let unit: TimeUnit = "10us".parse().expect("a unit");
    assert_eq!(unit.text(first.submit), "56612908805");
}

#[test]
fn whole_archives_are_read() {
    if let Some(trace) = trace("swf/SDSC-SP2-1998-4.2-cln.swf.gz", "1s") {
        let (submits, estimates) = (1_655_125_668_201_000_000_000, 1_041_467_862_000_000_000);
        assert_eq!(sums(&trace), (59_715, submits, 399_347_655_000_000_000, estimates, 669_713));
        assert_eq!(trace.jobs[0].user.as_deref(), Some("153"));
    }
    if let Some(trace) = trace("swf/NASA-iPSC-1993-3.1-cln.swf.gz", "1s") {
        let runs = 13_950_954_000_000_000;
        assert_eq!(sums(&trace), (18_239, 72_500_132_611_000_000_000, runs, runs, 309_953));
    }
}

#[test]
fn batsims_801_jobs_are_read() {
    let Some(trace) = trace("swf/batsim-medium_late.json", "1s") else { return };
    assert_eq!(sums(&trace), (801, 4_349_995_382_824_594, 121_280_007_000_000, 201_240_000_000_000, 2_180));
    assert_eq!((trace.jobs[0].id.as_str(), trace.jobs[0].submit), ("0", 0));
    assert_eq!(trace.machine, Some(32));
    assert_eq!(trace.notes.len(), 1, "times with more digits than nanoseconds: {:?}", trace.notes);
}

#[test]
fn openbs_8152_tasks_are_read() {
    let Some(trace) = trace("openb/openb_pod_list_default.csv.gz", "1s") else { return };
    let (count, submits, runs, estimates, _) = sums(&trace);
    assert_eq!((count, submits, runs), (8_152, 94_122_763_871_000_000_000, 210_197_756_000_000_000));
    assert_eq!(estimates, runs);
    let sum = |pick: fn(&super::super::TraceJob) -> u64| trace.jobs.iter().map(pick).sum::<u64>();
    assert_eq!(sum(super::super::inflate::card_milli), 6_086_800);
    assert_eq!(sum(|job| u64::from(job.cpu_milli)), 85_436_012);
    assert_eq!(sum(|job| u64::from(job.memory_mib)), 303_546_211);
    assert!(trace.notes[0].starts_with("897 tasks were never scheduled"), "{:?}", trace.notes);
}

#[test]
fn openbs_other_lists_are_read() {
    for (name, count) in [
        ("cpu250", 9_420),
        ("gpushare100", 8_152),
        ("gpushare40", 8_152),
        ("gpuspec33", 8_152),
        ("multigpu50", 9_061),
    ] {
        let Some(trace) = trace(&format!("openb/openb_pod_list_{name}.csv.gz"), "1s") else { return };
        assert_eq!(trace.jobs.len(), count, "{name}");
        let choosy = trace.jobs.iter().filter(|job| !job.models.is_empty()).count();
        assert_eq!(choosy, if name == "gpuspec33" { 8_152 - 5_764 } else { 0 }, "{name}");
    }
}

#[test]
fn openbs_nodes_are_read_with_their_ranks() {
    let (Some(list), Some(ranks)) =
        (data("openb/openb_node_list_gpu_node.csv"), data("openb/node_tie_rank.csv"))
    else {
        return;
    };
    let nodes = nodes::read(&list, Some(&ranks)).expect("a published file is good");
    let sum = |pick: fn(&nodes::Node) -> u32| nodes.iter().map(|n| u64::from(pick(n))).sum::<u64>();
    assert_eq!((nodes.len(), sum(|n| n.cards)), (1_213, 6_212));
    assert_eq!((sum(|n| n.cpu_milli), sum(|n| n.memory_mib)), (107_018_000, 503_828_480));
    assert_eq!(nodes.iter().filter(|n| n.model.as_deref() == Some("T4")).count(), 404);
    assert_eq!((nodes[0].name.as_str(), nodes[0].rank), ("openb-node-0000", Some(885)));
    let mut all: Vec<Option<u32>> = nodes.iter().map(|node| node.rank).collect();
    all.sort_unstable();
    assert_eq!(all, (0..1_213).map(Some).collect::<Vec<_>>());
}

#[test]
fn gavels_virtual_clusters_are_read_with_the_throughputs_beside_them() {
    if let Some(trace) = trace("gavel-philly/ed69ec.trace.gz", "1s") {
        let runs = 108_837_533_464_401_849;
        assert_eq!(sums(&trace), (951, 3_040_385_189_000_000_000, runs, runs, 951));
    }
    if let Some(trace) = trace("gavel-philly/0e4a51.trace.gz", "1s") {
        let runs = 173_263_307_074_601_567;
        assert_eq!(sums(&trace), (1_181, 3_539_589_812_000_000_000, runs, runs, 3_236));
        assert!(trace.notes[1].starts_with("197 jobs have a number of GPUs"), "{:?}", trace.notes);
    }
}
