//! Recordings of recorded workloads: hosts leased in parts by each placement, and queues with promises.

use crate::lab::shipped;
use crate::replay::{of, place, record};
use depin_protocol::Protocol;
use depin_protocol::ids::{JobId, LeaseId};
use depin_protocol::market::JobState;
use depin_sim::scenario::Scenario;
use depin_sim::telemetry::line;
use depin_sim::telemetry::replay::{Replay, replay};
use std::fs;
use std::path::Path;
use std::sync::Arc;

/// A season that is counted and paid within the day, so that hired time turns into money.
const SEASON: [&str; 4] = [
    "run.duration_days=1",
    "run.epoch_hours=1",
    "protocol.season.opening={pool_tokens = 9000, days = 1}",
    "timeline=[{at = 2024-01-01T20:00:00Z, kind = \"team\", note = \"counted\", count_season = true}, \
     {at = 2024-01-01T22:00:00Z, kind = \"team\", note = \"paid\", pay_out = true}]",
];

fn draws(seed: u64) -> impl FnMut(u64) -> u64 {
    let mut state = seed;
    move |bound| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % bound
    }
}

/// Eight hosts of two models and sixty tasks in openb's columns: whole cards, parts of one, none; some only on one model.
fn cluster(folder: &Path) -> [String; 2] {
    let mut below = draws(5);
    let mut nodes = "sn,cpu_milli,memory_mib,gpu,model\n".to_owned();
    for host in 0..8 {
        let (cards, model) = [(2, "T4"), (8, "V100M16"), (4, "T4")][host % 3];
        nodes += &format!("n{host},{},{},{cards},{model}\n", 32_000 + 16_000 * (host % 2), 131_072);
    }
    let mut pods =
        "name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec,creation_time,deletion_time,scheduled_time\n"
            .to_owned();
    for task in 0..60 {
        let (cards, milli) = [(0, 0), (1, 1_000), (1, 500), (1, 230), (2, 1_000), (4, 1_000)][task % 6];
        let spec = ["", "T4", "", "T4|V100M16"][below(4) as usize];
        let (created, run) = (below(600), 1 + below(900));
        let (cpu, memory) = (500 + 500 * below(16), 1_024 * (1 + below(8)));
        let (scheduled, deleted) = (created, created + run);
        pods += &format!("t{task},{cpu},{memory},{cards},{milli},{spec},{created},{deleted},{scheduled}\n");
    }
    let write = |name: &str, text: &str| {
        let path = folder.join(name);
        fs::write(&path, text).expect("written");
        path.display().to_string()
    };
    [
        format!("hardware.nodes.path={}", write("nodes.csv", &nodes)),
        format!("demand.trace.path={}", write("pods.csv", &pods)),
    ]
}

fn openb(folder: &Path, policy: &str, more: &[&str]) -> Arc<Scenario> {
    let [nodes, pods] = cluster(folder);
    let policy = format!("protocol.sharing.{policy}={{}}");
    let sets: Vec<&str> = [&SEASON[..], &[&nodes, &pods, &policy, "run.record=events"], more].concat();
    shipped("traces/openb-fgd", &sets)
}

/// Every job with its state, and every lease with its dates and the very cards that it holds.
fn leases(protocol: &Protocol) -> Vec<String> {
    let jobs = (0..).map_while(|id| protocol.job(JobId(id)));
    let jobs = jobs.map(|job| format!("{:?} {:?}", job.submitted, job.state));
    let leases = (0..).map_while(|id| Some((LeaseId(id), protocol.lease(LeaseId(id))?)));
    let leases = leases.map(|(id, lease)| format!("{lease:?} {:?}", protocol.lease_cards(id)));
    jobs.chain(leases).collect()
}

/// Records a run, replays it, and asserts that both come to the same.
fn same(scenario: &Arc<Scenario>, folder: &Path) -> Replay {
    let (world, _) = record(scenario, folder);
    let first = world.scene().protocol;
    let again = replay(&folder.join("events.jsonl.zst")).unwrap_or_else(|trouble| panic!("{trouble}"));
    assert_eq!((&again.trouble, again.different), (&None, 0), "{:?}", again.differences);
    assert_eq!(again.protocol.ledger().balances(), first.ledger().balances());
    assert_eq!(again.protocol.ledger().recount(), [0; 3]);
    assert_eq!(again.protocol.audit(), first.audit());
    assert_eq!(leases(&again.protocol), leases(first));
    assert!(again.tally.leases_started > 30, "{:?}", again.tally);
    assert!(again.paid() > 0, "hire was paid for");
    again
}

#[test]
fn hosts_leased_in_parts_are_replayed_to_the_last_card_under_every_placement() {
    let mut digests = Vec::new();
    for policy in ["first", "random", "best_fit", "worst_fit", "packing", "fgd"] {
        let folder = place(&format!("parts-{policy}"));
        let forever = same(&openb(&folder, policy, &[]), &folder);
        assert_eq!(forever.tally.leases_completed, 0, "nothing departs");
        let departing = openb(&folder, policy, &["demand.trace.nothing_departs=false"]);
        let departing = same(&departing, &folder);
        assert!(departing.tally.leases_completed > 30, "{:?}", departing.tally);
        digests.extend([forever.leases.digest(), departing.leases.digest()]);
    }
    let all = digests.len();
    digests.sort();
    digests.dedup();
    assert_eq!(digests.len(), all, "each placement leases in a way of its own, or the test shows little");
}

#[test]
fn what_the_header_says_of_hosts_decides_their_leases() {
    let folder = place("header");
    let text = |policy: &str| {
        record(&openb(&folder, policy, &[]), &folder);
        let packed = fs::read(folder.join("events.jsonl.zst")).expect("it is there");
        String::from_utf8(zstd::decode_all(&packed[..]).expect("whole")).expect("text")
    };
    let figures = |text: &str, change: &dyn Fn(&mut serde_json::Value)| -> Vec<String> {
        let (header, rest) = text.split_once('\n').expect("lines");
        let mut header: serde_json::Value = serde_json::from_str(header).expect("JSON");
        change(&mut header["sharing"]);
        let again = of(&folder.join("changed.jsonl"), format!("{header}\n{rest}"));
        again.differences.into_iter().map(|difference| difference.figure).collect()
    };
    let says_leases = |found: Vec<String>| found.iter().any(|figure| figure == "leases");
    let random = text("random");
    // Written in another order of fields, the header has another hash, and nothing else is another.
    assert!(!says_leases(figures(&random, &|_| ())));
    assert!(says_leases(figures(&random, &|sharing| sharing["seed"] = 1.into())));
    assert!(says_leases(figures(&random, &|sharing| sharing["hosts"][0]["cpu_milli"] = 0.into())));
    assert!(says_leases(figures(&random, &|sharing| sharing["hosts"] = serde_json::json!([]))));
    let first = text("first");
    assert!(says_leases(figures(&first, &|sharing| sharing["hosts"][7]["rank"] = 0.into())));
    let fgd = text("fgd");
    let whole = serde_json::json!([{"cpu_milli": 500, "memory_mib": 0, "cards": 4, "card_milli": 1000,
                                    "models": [], "weight": 1}]);
    assert!(says_leases(figures(&fgd, &|sharing| sharing["typical"] = whole.clone())));
}

#[test]
fn queues_with_promises_are_replayed_to_the_last_start() {
    let mut below = draws(9);
    let (mut text, mut submit) = (String::new(), 0);
    for id in 1..=200 {
        submit += below(90);
        let (run, procs) = (1 + below(300), 1 + below(12));
        let estimate = run + below(200) * below(2);
        text +=
            &format!("{id} {submit} -1 {run} {procs} -1 -1 {procs} {estimate} -1 1 -1 -1 -1 -1 -1 -1 -1\n");
    }
    for queue in ["fcfs", "easy", "conservative"] {
        for first in ["completions_first", "arrivals_first"] {
            let folder = place(&format!("queue-{queue}-{first}"));
            let path = folder.join("jobs.swf");
            fs::write(&path, &text).expect("written");
            let (path, first) = (
                format!("demand.trace.path={}", path.display()),
                format!("protocol.market.same_instant={first}"),
            );
            let more = [&*path, &*first, "hardware.nodes.count=16", "run.record=events"];
            let again =
                same(&shipped(&format!("traces/swf-{queue}"), &[&SEASON[..], &more].concat()), &folder);
            assert_eq!(again.header.sharing, None);
            assert_eq!(again.tally.leases_completed + again.tally.leases_ended_early, 200);
            let over =
                |id| matches!(again.protocol.job(JobId(id)).map(|job| job.state), Some(JobState::Over(_)));
            assert!((0..200).all(over));
        }
    }
}

/// An economy with losses, complaints and several prices, under queues that promise what is not free yet.
#[test]
fn a_whole_economy_in_which_arrivals_come_first_is_replayed() {
    for queue in ["first_fitting={}", "easy.reserve=counts", "conservative.reserve=hosts"] {
        let folder = place(&format!("economy-{}", &queue[..4]));
        let queue = format!("protocol.queueing.{queue}");
        let sets = ["run.record=events", "protocol.market.same_instant=arrivals_first", &queue];
        same(&shipped("small", &sets), &folder);
    }
}

#[test]
fn version_1_is_read_where_it_says_enough_and_refused_in_words_where_not() {
    let folder = place("versions");
    record(&openb(&folder, "best_fit", &[]), &folder);
    let packed = fs::read(folder.join("events.jsonl.zst")).expect("it is there");
    let text = String::from_utf8(zstd::decode_all(&packed[..]).expect("whole")).expect("text");
    let with_header = |change: &dyn Fn(&mut serde_json::Map<String, serde_json::Value>)| {
        let (header, rest) = text.split_once('\n').expect("lines");
        let mut header: serde_json::Value = serde_json::from_str(header).expect("JSON");
        change(header.as_object_mut().expect("an object"));
        let path = folder.join("changed.jsonl");
        fs::write(&path, format!("{header}\n{rest}")).expect("written");
        let trouble = replay(&path).err().expect("it is refused");
        assert_eq!(trouble.line, 1);
        trouble.message
    };
    let version = |version: u32, keep: bool| {
        with_header(&|header| {
            header.insert("version".to_owned(), version.into());
            if !keep {
                header.remove("sharing");
            }
        })
    };
    let old = version(1, false);
    assert!(old.contains("of version 1") && old.contains("in version 2"), "{old}");
    assert!(version(1, true).contains("has no field `sharing`"));
    assert!(version(2, false).contains("of which it says nothing"));
    let newer = version(3, true);
    assert!(newer.contains("of version 3") && newer.contains("versions 1 to 2"), "{newer}");
    assert!(
        with_header(&|header| {
            let rules = header["rules"].as_str().expect("text").replace("[protocol.sharing.best_fit]", "");
            header.insert("rules".to_owned(), rules.into());
        })
        .contains("lease none in parts")
    );

    // Without shared hosts a recording of version 1 differs in the number, in checks that do not speak of leases, and in
    // their hash of lines, which leaves their own instant out.
    record(&shipped("small", &["run.record=events", "run.duration_days=4", "timeline=[]"]), &folder);
    let packed = fs::read(folder.join("events.jsonl.zst")).expect("it is there");
    let text = String::from_utf8(zstd::decode_all(&packed[..]).expect("whole")).expect("text");
    let (mut hash, mut old) = (blake3::Hasher::new(), String::new());
    for (number, line) in text.lines().enumerate() {
        let mut line = line.to_owned();
        if number == 0 {
            line = line.replacen("\"version\":2", "\"version\":1", 1);
        } else if let Some(at) = line.find(",\"leases\":\"") {
            line.truncate(at);
            line += &format!(",\"lines\":\"{}\"}}}}", hash.finalize().to_hex());
        }
        line.push('\n');
        hash.update(line.as_bytes());
        old += &line;
    }
    let again = of(&folder.join("old.jsonl"), &old);
    assert_eq!((again.header.version, again.different, &again.trouble), (line::OLDEST, 0, &None));
    assert_eq!(again.checks, 4 * 24 + 1);
    // As version 2 the same lines say too little, and their hash is another.
    let again = of(&folder.join("old.jsonl"), old.replacen("\"version\":1", "\"version\":2", 1));
    assert!(again.differences.iter().any(|difference| difference.figure == "leases"));
}
