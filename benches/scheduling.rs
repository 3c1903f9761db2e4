//! Jobs per second through the network's own door: a recorded workload on 128 one-card devices under FCFS, EASY and
//! conservative backfilling by counts, and what a crowd of idle devices adds.
//!
//! Timed is every `Protocol::apply` from the first submission to the last end, with the small heap that tells the driver
//! when the next job is done. Free of charge is what the scenarios of traces do; billed is the same at a dollar per card
//! and hour, where escrow, pay, fees and refund are posted to the ledger. The trace is the file that
//! `DEPIN_SIM_BENCH_SWF` names (times in units of 10 us), else the one beside the project that the tests use, else
//! 10,000 jobs of about its shape, drawn here.
//!
//! Measured on two shared cores of a virtual machine while others used both, so that instructions (callgrind) say more
//! than times: on the first 10,000 jobs of SDSC SP2, free of charge, 22,600 a job under FCFS, 29,800 under EASY, 57,900
//! under conservative; billing adds 800. Shortest of five runs of EASY, three times over: 25.7 to 28.0 ms, 357,000 to
//! 390,000 jobs a second; criterion's medians under that load lay between 35 and 41 ms. A million idle devices took 1.13 to
//! 1.15 times as long as one when they did not suit, and 1.10 to 1.24 times as long as 1,024 when they did.

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use depin_protocol::Protocol;
use depin_protocol::command::{Claim, Command, JobRequest, Part, Role};
use depin_protocol::effect::Effect;
use depin_protocol::ids::{AccountId, DeviceId, JobId, ModelId};
use depin_protocol::registry::Model;
use depin_protocol::scheduling::{CheapestSpec, ConservativeSpec, EasySpec, FcfsSpec, Queueing};
use depin_protocol::units::{ONE, Span, Time, USD};
use depin_sim::engine::{EntityKey, Purpose, Seed, Streams, draw};
use depin_sim::scenario::Scenario;
use depin_sim::trace::{self, Format, Options};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Processors of the recorded machine.
const MACHINE: u32 = 128;
/// Devices on which none of the trace's jobs ever waits; the bench sees to it.
const PLENTY: u32 = 1_024;
/// Jobs begin to come when all devices are deployable.
const OPENING: Span = Span::HOUR;

/// A job as far as scheduling goes.
struct Job {
    submit: Time,
    run: Span,
    estimate: Span,
    cards: u32,
}

/// The trace, and whether it is a recorded one.
fn jobs() -> (Vec<Job>, &'static str) {
    let beside = "../shared/data/swf/SDSC-SP2-first10k-tiefree.swf.gz";
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join(beside);
    let path = std::env::var_os("DEPIN_SIM_BENCH_SWF").map_or_else(beside, PathBuf::from);
    if !path.exists() {
        return (drawn(), "drawn");
    }
    let unit = "10us".parse().expect("a unit");
    let options = Options { format: Some(Format::Swf), unit, machine: Some(MACHINE), ..Options::default() };
    let trace = trace::read(&path, &options).expect("a sound file");
    let job = |job: &trace::TraceJob| Job {
        submit: Time(job.submit) + OPENING,
        run: Span(job.run),
        estimate: Span(job.estimate),
        cards: job.procs,
    };
    (trace.jobs.iter().map(job).collect(), "recorded")
}

/// 10,000 jobs with the means of the SDSC SP2 log's first: a gap of 876 s, a run of 6,967 s, an estimate of 2.6 runs and
/// 9 cards, a power of two. Spreads are assumed.
fn drawn() -> Vec<Job> {
    let mut luck = Streams::new(Seed::default()).stream(Purpose::new("bench.jobs"), EntityKey(0)).cursor(0);
    let mut submit = Time::ZERO + OPENING;
    let sizes = draw::cumulate(&[36.0, 10.0, 12.0, 16.0, 13.0, 8.0, 4.0, 1.0]);
    let mut job = || {
        submit += Span::from_secs(draw::lognormal_mean_cv(876.0, 2.0, luck.uniform()));
        let run = Span::from_secs(draw::lognormal_mean_cv(6_967.0, 2.0, luck.uniform()).max(1.0));
        let over = 1.0 + draw::exponential(1.6, luck.uniform());
        let estimate = Span::from_secs(run.seconds() * over).max(run);
        Job { submit, run, estimate, cards: 1 << draw::discrete(&sizes, luck.uniform()) }
    };
    (0..10_000).map(|_| job()).collect()
}

/// A network of one supplier and one renter.
struct Cluster {
    protocol: Protocol,
    price: u32,
    effects: Vec<Effect>,
    /// When each running job that is stopped by its renter will be.
    ends: BinaryHeap<Reverse<(Time, u32)>>,
    /// Sum of waiting times: what the schedule is known by.
    waited: Span,
}

impl Cluster {
    /// `devices` cards that serve, and `idle` ones with too little memory for any job.
    fn new(queueing: Box<dyn Queueing>, price: u32, devices: u32, idle: u32) -> Cluster {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/small.toml");
        let scenario = Scenario::load(Path::new(path), &[]).expect("the shipped scenario is sound");
        let mut rules = scenario.rules.build(&scenario.hardware);
        let model =
            |name: &str, memory_mb| Model { name: name.into(), memory_mb, gflops: 1, multiplier: ONE };
        rules.models = vec![model("serves", 16_000), model("too small", 1_000)];
        rules.registration.waiting = Span::ZERO;
        rules.registration.max_devices_per_hour = u32::MAX;
        rules.queueing = queueing;
        rules.placement = CheapestSpec::default().build();
        let mut cluster = Cluster {
            protocol: Protocol::new(rules),
            price,
            effects: Vec::new(),
            ends: BinaryHeap::new(),
            waited: Span::ZERO,
        };
        cluster.set_up(Time::ZERO, Command::OpenAccount { role: Role::Supplier });
        cluster.set_up(Time::ZERO, Command::OpenAccount { role: Role::Renter });
        cluster.set_up(Time::ZERO, Command::Deposit { account: AccountId(1), usd: 1_000_000_000 * USD });
        cluster.list(0, devices);
        cluster.list(1, idle);
        cluster.set_up(Time::ZERO + Span::MINUTE, Command::Advance);
        cluster
    }

    fn list(&mut self, model: u16, count: u32) {
        if count == 0 {
            return;
        }
        let claim = Claim {
            model: ModelId(model),
            cards: 1,
            tier: 4,
            price: self.price,
            address: 0,
            subnet: 0,
            fingerprint: 0,
        };
        let first = DeviceId(self.protocol.devices());
        let account = AccountId(0);
        let register = Command::Register { account, claim, count, spread: false, answers_admission: true };
        self.set_up(Time::ZERO, register);
        self.set_up(Time::ZERO, Command::Heartbeat { first, count, beating: true });
    }

    fn set_up(&mut self, now: Time, command: Command<'_>) {
        self.effects.clear();
        self.protocol.apply(now, command, &mut self.effects).expect("a command of the set-up");
    }

    /// From the first submission to the last end. At each instant jobs end, then arrive, then start.
    #[inline(never)]
    fn serve(&mut self, jobs: &[Job]) -> Span {
        let mut left = jobs.iter().peekable();
        loop {
            let arrival = left.peek().map_or(Time::NEVER, |job| job.submit);
            let end = self.ends.peek().map_or(Time::NEVER, |Reverse((at, _))| *at);
            if arrival == Time::NEVER && end == Time::NEVER && self.protocol.audit().jobs_running == 0 {
                return self.waited;
            }
            let now = arrival.min(end).min(self.protocol.next_deadline());
            while let Some(&Reverse((at, job))) = self.ends.peek()
                && at == now
            {
                self.ends.pop();
                self.apply(now, Command::EndJob { job: JobId(job), satisfied: true }, jobs);
            }
            while let Some(job) = left.next_if(|job| job.submit == now) {
                let request = self.request(job);
                self.apply(now, Command::SubmitJob { renter: AccountId(1), request }, jobs);
            }
            self.apply(now, Command::Advance, jobs);
        }
    }

    fn request(&self, job: &Job) -> JobRequest {
        JobRequest {
            model: None,
            min_memory_mb: 8_000,
            cards: job.cards,
            one_host: false,
            min_tier: 0,
            term: job.estimate,
            price_limit: self.price,
            patience: Span::MAX,
            part: Part::default(),
            priority: 0,
            interruptible: false,
        }
    }

    fn apply(&mut self, now: Time, command: Command<'_>, jobs: &[Job]) {
        self.effects.clear();
        self.protocol.apply(now, command, &mut self.effects).expect("jobs are sound and money suffices");
        for effect in &self.effects {
            if let Effect::JobStarted(id, _) = effect {
                let job = &jobs[id.at()];
                self.waited += now.since(job.submit);
                if job.run < job.estimate {
                    self.ends.push(Reverse((now + job.run, id.0)));
                }
            }
        }
    }
}

fn disciplines() -> [(&'static str, Box<dyn Queueing>); 3] {
    [
        ("fcfs", FcfsSpec::default().build()),
        ("easy", EasySpec::default().build()),
        ("conservative", ConservativeSpec::default().build()),
    ]
}

fn workload(c: &mut Criterion) {
    let (jobs, source) = jobs();
    let mut group = c.benchmark_group(format!("{source} jobs on {MACHINE} cards"));
    group.throughput(Throughput::Elements(jobs.len() as u64));
    group.sample_size(20);
    for (tariff, price) in [("free", 0), ("billed", 1_000_000)] {
        for rule in 0..disciplines().len() {
            let fresh = || {
                let (_, queueing) = disciplines().into_iter().nth(rule).expect("one of them");
                Cluster::new(queueing, price, MACHINE, 0)
            };
            group.bench_function(format!("{}, {tariff}", disciplines()[rule].0), |b| {
                b.iter_batched(fresh, |mut cluster| (cluster.serve(&jobs), cluster), BatchSize::PerIteration);
            });
        }
    }
    group.finish();
}

/// Shortest of five, each in turn so that a busy machine is busy for all.
fn shortest(jobs: &[Job], clusters: &[(u32, u32)]) -> Vec<(Duration, Span)> {
    let mut best = vec![(Duration::MAX, Span::ZERO); clusters.len()];
    for _ in 0..5 {
        for (best, (devices, idle)) in best.iter_mut().zip(clusters) {
            let mut cluster = Cluster::new(EasySpec::default().build(), 0, *devices, *idle);
            let before = Instant::now();
            let waited = cluster.serve(jobs);
            *best = (before.elapsed().min(best.0), waited);
        }
    }
    best
}

/// The same jobs beside more and more devices that have nothing to do: prints times as multiples of the first.
fn idle_devices(_: &mut Criterion) {
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    let (jobs, _) = jobs();
    // Where the others do not suit, the first has one such device, so that all know as many kinds.
    let cases = [
        (
            "EASY beside idle devices that do not suit",
            [(MACHINE, 1), (MACHINE, 10_000), (MACHINE, 1_000_000)],
        ),
        ("EASY with more devices than are ever needed", [(PLENTY, 0), (10_000, 0), (1_000_000, 0)]),
    ];
    for (what, clusters) in cases {
        let times = shortest(&jobs, &clusters);
        assert!(times.iter().all(|(_, waited)| *waited == times[0].1), "idle devices change no start");
        assert!(clusters[0].0 == MACHINE || times[0].1 == Span::ZERO, "plenty is plenty");
        println!("{what}");
        for ((time, _), (devices, idle)) in times.iter().zip(&clusters) {
            let ratio = time.as_secs_f64() / times[0].0.as_secs_f64();
            println!("    {:>9} devices: {time:>10.2?}, {ratio:.2} times the first", devices + idle);
        }
    }
}

criterion_group!(benches, workload, idle_devices);
criterion_main!(benches);
