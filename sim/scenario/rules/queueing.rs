//! `[protocol.queueing.NAME]`: which waiting job is next, and who may stop whom.

use super::super::reading::{Count, Hours, Minutes, Positive, Table};
use depin_protocol::scheduling::{
    ConservativeSpec, EasySpec, FcfsSpec, FirstFittingSpec, InterruptibleBidsSpec, LeastAttainedServiceSpec,
    Preemption, PrioritySpec, Queueing, ShortestJobSpec, Unit,
};
use depin_protocol::units::Span;

/// The discipline as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Queue {
    Fcfs,
    FirstFitting,
    Priority(PrioritySpec),
    ShortestJob,
    LeastAttainedService(LeastAttainedServiceSpec),
    InterruptibleBids(InterruptibleBidsSpec),
    Easy(EasySpec),
    Conservative(ConservativeSpec),
}

impl Queue {
    pub(super) fn build(&self) -> Box<dyn Queueing> {
        match self {
            Queue::Fcfs => FcfsSpec::default().build(),
            Queue::FirstFitting => FirstFittingSpec::default().build(),
            Queue::Priority(spec) => spec.build(),
            Queue::ShortestJob => ShortestJobSpec::default().build(),
            Queue::LeastAttainedService(spec) => spec.clone().build(),
            Queue::InterruptibleBids(spec) => spec.build(),
            Queue::Easy(spec) => spec.build(),
            Queue::Conservative(spec) => spec.build(),
        }
    }

    /// True when waiting jobs are promised devices.
    pub(super) fn reserves(&self) -> bool {
        matches!(self, Queue::Easy(_) | Queue::Conservative(_))
    }

    /// True when running jobs may be stopped.
    pub(super) fn preempts(&self) -> bool {
        self.build().preemption().is_some()
    }
}

pub(super) fn read(t: &Table<'_>) -> Queue {
    let names = &[
        "fcfs",
        "first_fitting",
        "priority",
        "shortest_job",
        "least_attained_service",
        "interruptible_bids",
        "easy",
        "conservative",
    ];
    let chosen = t.choose("queueing", names, "which waiting job is next: [protocol.queueing.NAME]");
    let Some((name, q)) = chosen else {
        return Queue::Fcfs;
    };
    match name {
        "first_fitting" => Queue::FirstFitting,
        "priority" => Queue::Priority(read_priority(&q)),
        "shortest_job" => Queue::ShortestJob,
        "least_attained_service" => Queue::LeastAttainedService(read_least_attained(&q)),
        "interruptible_bids" => {
            Queue::InterruptibleBids(InterruptibleBidsSpec { preemption: read_preemption(&q) })
        }
        "easy" => Queue::Easy(EasySpec { unit: read_unit(&q) }),
        "conservative" => Queue::Conservative(ConservativeSpec { unit: read_unit(&q) }),
        _ => Queue::Fcfs,
    }
}

/// Where hosts are leased in parts nobody is stopped for another.
pub(super) fn check(t: &Table<'_>, queue: &Queue, shared: bool) {
    if shared && queue.preempts() {
        t.problem(
            "queueing",
            "where hosts are leased in parts no job is stopped for another",
            "leave [protocol.sharing] out, or use a [protocol.queueing] that stops nobody",
        );
    }
}

fn read_priority(q: &Table<'_>) -> PrioritySpec {
    let step = Span(q.or("step_hours", Hours(1.0), "waiting worth one priority; assumed").ns());
    let preemptive = q.or("preemptive", false, "the first in line stops running jobs of lower priority");
    let terms = read_preemption(q);
    PrioritySpec { step, preemption: preemptive.then_some(terms) }
}

fn read_preemption(q: &Table<'_>) -> Preemption {
    let doc = "a lease that has run for less than this is not stopped for another; assumed";
    Preemption { min_run: Span(q.or("min_run_minutes", Minutes(0.0), doc).ns()) }
}

/// Most levels: with the smallest factor they span any job.
const MOST_LEVELS: f64 = 32.0;

fn read_least_attained(q: &Table<'_>) -> LeastAttainedServiceSpec {
    let first = q
        .or("threshold_card_hours", Positive(1.0), "service at which a job leaves the first level; assumed")
        .0;
    let levels =
        q.or("levels", Count(2), "levels of service; 2 as in Tiresias (Gu et al., NSDI 2019)").0 as f64;
    q.range("levels", levels, 1.0, MOST_LEVELS);
    let factor =
        q.or("level_factor", Positive(10.0), "each threshold over the one before, above 1; assumed").0;
    q.range("level_factor", factor, 1.1, 1e6);
    q.range("threshold_card_hours", first, 1e-6, 1e9);
    let mut thresholds: Vec<Span> = Vec::new();
    let mut hours = first;
    for _ in 1..levels.clamp(1.0, MOST_LEVELS) as u32 {
        let threshold = Span::from_hours(hours.clamp(1e-9, 4e6));
        if thresholds.last().is_none_or(|last| *last < threshold) {
            thresholds.push(threshold);
        }
        hours *= factor.max(1.0);
    }
    LeastAttainedServiceSpec { thresholds, preemption: read_preemption(q) }
}

fn read_unit(q: &Table<'_>) -> Unit {
    match q.word("reserve", &["counts", "hosts"], Some("counts"), "counts of like devices, or concrete hosts")
    {
        "hosts" => Unit::Hosts,
        _ => Unit::Counts,
    }
}
