//! Recorded workloads: every start, and every host, equals a small program of our own that shares no code with the
//! product. The traces lie outside the project; without them the tests say so and pass.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::lab;
use depin_sim::trace::{self, Format, Options, TimeUnit, TraceJob};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/swf");

/// A file of the folder, or nothing and a printed reason.
fn file(name: &str) -> Option<String> {
    let path = Path::new(FOLDER).join(name);
    let there = path.exists();
    if !there {
        println!("skipped: {} is not here", path.display());
    }
    there.then(|| path.display().to_string())
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Rule {
    Fcfs,
    FirstFitting,
    Easy,
    Conservative,
}

/// What comes first at one instant.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum First {
    Completions,
    Arrivals,
}

/// A lease or a promise: from, to, hosts.
type Hold = (u64, u64, BTreeSet<u32>);

/// The reference: it looks at every host at every instant at which anything changes, and remembers nothing else.
struct Reference<'a> {
    jobs: &'a [TraceJob],
    hosts: u32,
    /// Hosts are only counted; a hold then names as many as it has, whichever.
    counts: bool,
    running: BTreeMap<usize, Hold>,
    promised: BTreeMap<usize, Hold>,
    waiting: Vec<usize>,
    starts: Vec<Option<(u64, BTreeSet<u32>)>>,
}

impl Reference<'_> {
    fn free(&self, from: u64, to: u64) -> BTreeSet<u32> {
        let mut free: BTreeSet<u32> = (0..self.hosts).collect();
        for (start, end, hosts) in self.running.values().chain(self.promised.values()) {
            if *start < to && from < *end {
                free.retain(|host| !hosts.contains(host));
            }
        }
        free
    }

    /// Cards in the hands of jobs that have not ended, whatever was said of their end.
    fn busy(&self) -> usize {
        self.running.values().map(|hold| hold.2.len()).sum()
    }

    /// As [`Reference::fit`], from now, without the hosts that are still in somebody's hands.
    fn fit_now(&self, job: usize, now: u64) -> Option<Hold> {
        let (term, procs) = (self.jobs[job].estimate, self.jobs[job].procs as usize);
        if self.counts {
            return self.fit(job, now).filter(|_| self.busy() + procs <= self.hosts as usize);
        }
        let mut free = self.free(now, now + term);
        for hold in self.running.values() {
            free.retain(|host| !hold.2.contains(host));
        }
        (free.len() >= procs).then(|| (now, now + term, free.into_iter().take(procs).collect()))
    }

    /// Nobody has what a promise is made of.
    fn is_there(&self, hold: &Hold) -> bool {
        if self.counts {
            return self.busy() + hold.2.len() <= self.hosts as usize;
        }
        self.running.values().all(|other| other.2.is_disjoint(&hold.2))
    }

    /// The lowest hosts that are free for the whole of a job that starts at `at`, if all end as they say.
    fn fit(&self, job: usize, at: u64) -> Option<Hold> {
        let (term, procs) = (self.jobs[job].estimate, self.jobs[job].procs as usize);
        if self.counts {
            let holds = || self.running.values().chain(self.promised.values());
            let starts = holds().map(|hold| hold.0).filter(|start| at < *start && *start < at + term);
            let fits = |t: u64| {
                let used = holds().filter(|hold| hold.0 <= t && t < hold.1).map(|hold| hold.2.len());
                used.sum::<usize>() + procs <= self.hosts as usize
            };
            let hold = (at, at + term, (0..procs as u32).collect());
            return starts.chain([at]).all(fits).then_some(hold);
        }
        let free = self.free(at, at + term);
        (free.len() >= procs).then(|| (at, at + term, free.into_iter().take(procs).collect()))
    }

    fn earliest(&self, job: usize, now: u64) -> Hold {
        let ends = self.running.values().chain(self.promised.values()).map(|hold| hold.1);
        let instants: BTreeSet<u64> = ends.filter(|end| *end > now).chain([now]).collect();
        instants.into_iter().find_map(|at| self.fit(job, at)).expect("when all is over, all is free")
    }

    fn start(&mut self, job: usize, hold: Hold) {
        self.waiting.retain(|other| *other != job);
        self.starts[job] = Some((hold.0, hold.2.clone()));
        self.running.insert(job, hold);
    }

    fn pass_and_plan(&mut self, rule: Rule, now: u64, early: bool, ends: &mut BTreeSet<(u64, usize)>) {
        let before: BTreeSet<usize> = self.running.keys().copied().collect();
        self.pass(rule, now, early);
        for job in self.running.keys().filter(|job| !before.contains(job)) {
            ends.insert((now + self.jobs[*job].run, *job));
        }
    }

    fn pass(&mut self, rule: Rule, now: u64, early: bool) {
        if early || rule != Rule::Conservative {
            self.promised.clear();
        }
        for job in self.waiting.clone() {
            match rule {
                Rule::Conservative => {
                    if !self.promised.contains_key(&job) {
                        let hold = self.earliest(job, now);
                        self.promised.insert(job, hold);
                    }
                }
                _ => match self.fit_now(job, now) {
                    Some(hold) => self.start(job, hold),
                    None if rule == Rule::Fcfs => return,
                    None if rule == Rule::FirstFitting => {}
                    None if self.promised.is_empty() => {
                        let hold = self.earliest(job, now);
                        self.promised.insert(job, hold);
                    }
                    None => {}
                },
            }
        }
        if rule == Rule::Conservative {
            for job in self.waiting.clone() {
                if self.promised[&job].0 <= now && self.is_there(&self.promised[&job]) {
                    let hold = self.promised.remove(&job).expect("it was promised");
                    self.start(job, hold);
                }
            }
        }
    }
}

/// Start and hosts of every job.
fn reference(
    jobs: &[TraceJob],
    hosts: u32,
    counts: bool,
    rule: Rule,
    first: First,
) -> Vec<(u64, BTreeSet<u32>)> {
    let mut world = Reference {
        jobs,
        hosts,
        counts,
        running: BTreeMap::new(),
        promised: BTreeMap::new(),
        waiting: Vec::new(),
        starts: vec![None; jobs.len()],
    };
    let mut ends: BTreeSet<(u64, usize)> = BTreeSet::new();
    let mut next = 0;
    loop {
        let arrival = jobs.get(next).map(|job| job.submit);
        let end = ends.first().map(|(at, _)| *at);
        let Some(now) = arrival.into_iter().chain(end).min() else {
            break;
        };
        let arrived = next;
        while jobs.get(next).is_some_and(|job| job.submit == now) {
            world.waiting.push(next);
            next += 1;
        }
        if first == First::Arrivals && next > arrived {
            world.pass_and_plan(rule, now, false, &mut ends);
        }
        let mut early = false;
        while let Some(&(at, job)) = ends.first()
            && at == now
        {
            ends.pop_first();
            let hold = world.running.remove(&job).expect("it runs");
            early |= hold.1 > now;
        }
        world.pass_and_plan(rule, now, early, &mut ends);
    }
    world.starts.into_iter().map(|start| start.expect("every job starts")).collect()
}

/// What the program makes of the same file.
fn ours(scenario: &str, path: &str, unit: &str) -> Vec<(String, BTreeSet<u32>)> {
    let path = format!("demand.trace.path={path}");
    let unit = format!("demand.trace.time_unit={unit}");
    let record = lab::run(&lab::shipped(scenario, &[&path, &unit]));
    let host = |(name, cards): &(String, Vec<u16>)| {
        assert_eq!(cards, &[0]);
        name.parse().expect("hosts are numbered")
    };
    record.jobs.iter().map(|job| (job.start.clone(), job.devices.iter().map(host).collect())).collect()
}

#[test]
fn every_start_of_an_swf_trace_equals_an_independent_program() {
    let Some(path) = file("SDSC-SP2-first10k-tiefree.swf.gz") else {
        return;
    };
    let unit: TimeUnit = "10us".parse().expect("a unit");
    let options = Options { format: Some(Format::Swf), unit, machine: Some(128), ..Options::default() };
    let trace = trace::read(Path::new(&path), &options).expect("a sound file");
    assert_eq!(trace.jobs.len(), 10_000);
    // The reference forgets nothing and so is slow: FCFS and EASY on 2,000 jobs, conservative on 600.
    for (rule, name, jobs) in [
        (Rule::Fcfs, "traces/swf-fcfs", 2_000),
        (Rule::Easy, "traces/swf-easy", 2_000),
        (Rule::Conservative, "traces/swf-conservative", 600),
    ] {
        let expected = reference(&trace.jobs[..jobs], 128, true, rule, First::Completions);
        // What started before the next job came, that job and all later ones cannot have moved.
        let next = trace.jobs[jobs].submit;
        let found = ours(name, &path, "10us");
        assert_eq!(found.len(), 10_000);
        assert!(expected.iter().filter(|(start, _)| *start < next).count() > jobs * 9 / 10);
        let settled = expected.iter().zip(&found).enumerate().filter(|(_, (told, _))| told.0 < next);
        for (job, ((start, _), (found, _))) in settled {
            assert_eq!(&unit.text(*start), found, "{rule:?}: job {}", trace.jobs[job].id);
        }
    }
}

#[test]
fn every_start_and_every_host_of_a_batsim_workload_equals_an_independent_program() {
    let Some(path) = file("batsim-medium_late.json") else {
        return;
    };
    let unit = TimeUnit::SECOND;
    let options = Options { format: Some(Format::Batsim), unit, ..Options::default() };
    let trace = trace::read(Path::new(&path), &options).expect("a sound file");
    assert_eq!(trace.jobs.len(), 801);
    for (rule, name) in
        [(Rule::Easy, "traces/batsim-easy"), (Rule::Conservative, "traces/batsim-conservative")]
    {
        let expected = reference(&trace.jobs, 32, false, rule, First::Completions);
        let found = ours(name, &path, "1s");
        for (job, ((start, hosts), found)) in expected.iter().zip(&found).enumerate() {
            assert_eq!((unit.text(*start), hosts), (found.0.clone(), &found.1), "{rule:?}: job {job}");
        }
    }
}

/// Three hosts and jobs that end, arrive and are stopped at shared instants, told by hand: time, hosts.
#[test]
fn a_small_workload_is_scheduled_as_told_by_hand() {
    let line = |id: u32, submit: u32, run: u32, procs: u32, estimate: u32| {
        format!("{id} {submit} -1 {run} {procs} -1 -1 {procs} {estimate} -1 1 -1 -1 -1 -1 -1 -1 -1\n")
    };
    let text = [
        line(1, 0, 10, 2, 10),
        line(2, 1, 5, 3, 5),   // first in line, promised 10
        line(3, 2, 8, 1, 8),   // ends at 10: passes under EASY
        line(4, 2, 9, 1, 9),   // would end at 11: waits
        line(5, 15, 20, 1, 4), // comes as 2 ends; asks for less than it runs, so its run is its estimate
    ]
    .concat();
    let path = std::env::temp_dir().join(format!("told-by-hand-{}.swf", std::process::id()));
    std::fs::write(&path, text).expect("written");
    let name = path.display().to_string();
    let starts = |scenario: &str| -> Vec<(String, String)> {
        let path = format!("demand.trace.path={name}");
        let record = lab::run(&lab::shipped(scenario, &[&path, "hardware.nodes.count=3"]));
        record.jobs.iter().map(|job| (job.start.clone(), job.finish.clone())).collect()
    };
    let told = |rows: [(u32, u32); 5]| rows.map(|(s, f)| (s.to_string(), f.to_string())).to_vec();
    assert_eq!(starts("traces/swf-fcfs"), told([(0, 10), (10, 15), (15, 23), (15, 24), (15, 35)]));
    assert_eq!(starts("traces/swf-easy"), told([(0, 10), (10, 15), (2, 10), (15, 24), (15, 35)]));
    assert_eq!(starts("traces/swf-conservative"), told([(0, 10), (10, 15), (2, 10), (15, 24), (15, 35)]));
    std::fs::remove_file(&path).expect("removed");
}

/// A workload in whole seconds on eight hosts, so that most arrivals fall on the end of another job, and many ends are
/// earlier than stated.
fn full_of_ties(seed: u64) -> String {
    let mut state = seed;
    let mut below = |bound: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % bound
    };
    let (mut text, mut submit) = (String::new(), 0);
    for id in 1..=300 {
        submit += below(4);
        let (run, procs) = (1 + below(6), if below(6) == 0 { 8 } else { 1 + below(4) });
        let estimate = run + below(8) * below(2);
        text +=
            &format!("{id} {submit} -1 {run} {procs} -1 -1 {procs} {estimate} -1 1 -1 -1 -1 -1 -1 -1 -1\n");
    }
    text
}

#[test]
fn at_one_instant_completions_or_arrivals_come_first_as_an_independent_program_has_it() {
    let path = std::env::temp_dir().join(format!("ties-{}.swf", std::process::id()));
    let name = path.display().to_string();
    let options = Options { format: Some(Format::Swf), machine: Some(8), ..Options::default() };
    let mut told_apart = BTreeMap::new();
    for seed in 0..3 {
        std::fs::write(&path, full_of_ties(seed)).expect("written");
        let jobs = trace::read(&path, &options).expect("a sound file").jobs;
        for (rule, scenario, policy) in [
            (Rule::Fcfs, "traces/swf-fcfs", "fcfs={}"),
            (Rule::FirstFitting, "traces/swf-fcfs", "first_fitting={}"),
            (Rule::Easy, "traces/swf-easy", "easy.reserve=counts"),
            (Rule::Easy, "traces/swf-easy", "easy.reserve=hosts"),
            (Rule::Conservative, "traces/swf-conservative", "conservative.reserve=counts"),
            (Rule::Conservative, "traces/swf-conservative", "conservative.reserve=hosts"),
        ] {
            let counts = !policy.ends_with("hosts");
            let expected = |first| reference(&jobs, 8, counts, rule, first);
            let unit = TimeUnit::SECOND;
            let check = |first: First, sets: &[&str]| {
                let path = format!("demand.trace.path={name}");
                let policy = format!("protocol.queueing.{policy}");
                let sets = [&[&*path, &*policy, "hardware.nodes.count=8"], sets].concat();
                let record = lab::run(&lab::shipped(scenario, &sets));
                for (job, ((start, hosts), found)) in expected(first).iter().zip(&record.jobs).enumerate() {
                    let said = format!("{first:?}, {policy}, seed {seed}, job {}", jobs[job].id);
                    assert_eq!(unit.text(*start), found.start, "{said}");
                    if !counts {
                        let found: BTreeSet<u32> =
                            found.devices.iter().map(|(name, _)| name.parse().expect("a number")).collect();
                        assert_eq!(*hosts, found, "{said}");
                    }
                }
            };
            check(First::Completions, &[]);
            check(First::Completions, &["protocol.market.same_instant=completions_first"]);
            check(First::Arrivals, &["protocol.market.same_instant=arrivals_first"]);
            let (one, other) = (expected(First::Completions), expected(First::Arrivals));
            let moved = one.iter().zip(&other).filter(|(one, other)| one.0 != other.0).count();
            *told_apart.entry(policy).or_insert(0) += moved;
        }
    }
    std::fs::remove_file(&path).expect("removed");
    // Where nobody overtakes, an instant has the same starts either way: who comes may start only when all before it have.
    assert_eq!(told_apart.remove("fcfs={}"), Some(0));
    assert!(told_apart.values().all(|moved| *moved > 30), "the rules differ: {told_apart:?}");
}

#[test]
fn who_arrives_as_another_ends_is_told_by_hand() {
    let line = |id: u32, submit: u32, run: u32, procs: u32| {
        format!("{id} {submit} -1 {run} {procs} -1 -1 {procs} {run} -1 1 -1 -1 -1 -1 -1 -1 -1\n")
    };
    // Two hosts. 1 holds one of them until 10. At 10 come 2, which wants both, and 3, which wants one for 5 seconds.
    // Completions first: 2 starts at 10, 3 at 14. Arrivals first, first fitting: at 10 one host is free, which 3 takes,
    // and 2 waits for it until 15. Arrivals first under EASY: 2 is promised 10 itself, and 3 may not pass.
    let text = [line(1, 0, 10, 1), line(2, 10, 4, 2), line(3, 10, 5, 1)].concat();
    let path = std::env::temp_dir().join(format!("as-another-ends-{}.swf", std::process::id()));
    std::fs::write(&path, text).expect("written");
    let name = path.display().to_string();
    let starts = |scenario: &str, policy: &str, first: &str| -> Vec<String> {
        let path = format!("demand.trace.path={name}");
        let (policy, first) =
            (format!("protocol.queueing.{policy}"), format!("protocol.market.same_instant={first}"));
        let sets = [&*path, &*policy, &*first, "hardware.nodes.count=2"];
        let record = lab::run(&lab::shipped(scenario, &sets));
        record.jobs.iter().map(|job| job.start.clone()).collect()
    };
    assert_eq!(starts("traces/swf-fcfs", "first_fitting={}", "completions_first"), ["0", "10", "14"]);
    assert_eq!(starts("traces/swf-fcfs", "first_fitting={}", "arrivals_first"), ["0", "15", "10"]);
    assert_eq!(starts("traces/swf-fcfs", "fcfs={}", "arrivals_first"), ["0", "10", "14"]);
    for unit in ["counts", "hosts"] {
        let policy = format!("easy.reserve={unit}");
        assert_eq!(starts("traces/swf-easy", &policy, "completions_first"), ["0", "10", "14"]);
        assert_eq!(starts("traces/swf-easy", &policy, "arrivals_first"), ["0", "10", "14"]);
    }
    std::fs::remove_file(&path).expect("removed");
}
