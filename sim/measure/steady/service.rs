//! Jobs as queueing theory counts them: arrivals, waiting, blocking, giving up, time in the system, by class and slice.

use super::level::{Cursor, Level, SLICES, start};
use super::{Found, found};
use crate::engine::Time;
use crate::measure::statistics::quantile;
use depin_protocol::effect::{Effect, Outcome, Unserved};
use depin_protocol::ids::JobId;
use std::ops::Range;

const HOUR: f64 = 3.6e12;

/// A job on its way.
#[derive(Clone, Copy, Debug)]
struct Job {
    class: u16,
    cards: u32,
    submitted: Time,
    /// When it first ran.
    first: Time,
    /// When the present stretch of its run began.
    since: Time,
    /// Time that it has run.
    ran: u64,
    /// When it left the system.
    left: Time,
}

/// Counts and sums of one slice.
#[derive(Clone, Copy, Default, Debug)]
struct Sums {
    arrived: u64,
    refused: u64,
    gave_up: u64,
    started: u64,
    waited: u64,
    wait_ns: u128,
    ended: u64,
    system_ns: u128,
    queued_ns: u128,
    completion_ns: u128,
}

/// Values in the order of time, and where each slice begins.
#[derive(Clone, Default, Debug)]
struct Samples {
    hours: Vec<f64>,
    begins: Vec<usize>,
}

impl Samples {
    fn push(&mut self, slice: usize, hours: f64) {
        if self.begins.len() <= slice {
            self.begins.resize(slice + 1, self.hours.len());
        }
        self.hours.push(hours);
    }

    fn of(&self, slices: &Range<usize>) -> &[f64] {
        let begin = |slice: usize| self.begins.get(slice).copied().unwrap_or(self.hours.len());
        &self.hours[begin(slices.start)..begin(slices.end)]
    }
}

/// One class of renters.
#[derive(Clone, Debug)]
struct Class {
    sums: Vec<Sums>,
    waits: Samples,
    systems: Samples,
}

/// See the file's header.
#[derive(Clone, Debug)]
pub struct Service {
    end: Time,
    cursor: Cursor,
    jobs: Vec<Job>,
    classes: Vec<Class>,
    /// Jobs that wait, in the queue or for what they lost.
    waiting: Level,
    /// Jobs that wait or run.
    number: Level,
    /// Cards asked for by running jobs.
    busy: Level,
}

impl Service {
    /// Nobody yet, of so many classes, in a run that ends at `end`.
    #[must_use]
    pub fn new(end: Time, classes: usize) -> Service {
        let class = Class {
            sums: vec![Sums::default(); SLICES],
            waits: Samples::default(),
            systems: Samples::default(),
        };
        Service {
            end,
            cursor: Cursor::new(end),
            jobs: Vec::new(),
            classes: vec![class; classes.max(1)],
            waiting: Level::new(end),
            number: Level::new(end),
            busy: Level::new(end),
        }
    }

    /// A job of a class was accepted by the network.
    pub fn arrives(&mut self, now: Time, class: usize, cards: u32) {
        let class = class.min(self.classes.len() - 1);
        self.jobs.push(Job {
            class: class as u16,
            cards,
            submitted: now,
            first: Time::NEVER,
            since: now,
            ran: 0,
            left: Time::NEVER,
        });
        let slice = self.cursor.at(now);
        self.classes[class].sums[slice].arrived += 1;
        self.waiting.change(now, 1);
        self.number.change(now, 1);
    }

    /// Something came about.
    pub fn see(&mut self, now: Time, effect: &Effect) {
        match *effect {
            Effect::JobStarted(job, _) => self.starts(now, job),
            Effect::JobUnserved(job, why) => self.leaves_unserved(now, job, why),
            Effect::LeaseEnded(_, job, outcome) => self.stops(now, job, outcome),
            _ => {}
        }
    }

    fn starts(&mut self, now: Time, id: JobId) {
        let slice = self.cursor.at(now);
        let job = &mut self.jobs[id.at()];
        job.since = now;
        self.waiting.change(now, -1);
        self.busy.change(now, i64::from(job.cards));
        if job.first != Time::NEVER {
            return;
        }
        job.first = now;
        let wait = now.since(job.submitted);
        let class = &mut self.classes[usize::from(job.class)];
        let sums = &mut class.sums[slice];
        sums.started += 1;
        sums.waited += u64::from(wait.0 > 0);
        sums.wait_ns += u128::from(wait.0);
        class.waits.push(slice, wait.0 as f64 / HOUR);
    }

    fn leaves_unserved(&mut self, now: Time, id: JobId, why: Unserved) {
        let slice = self.cursor.at(now);
        let job = &mut self.jobs[id.at()];
        job.left = now;
        self.waiting.change(now, -1);
        self.number.change(now, -1);
        let sums = &mut self.classes[usize::from(job.class)].sums[slice];
        match why {
            Unserved::NoRoom | Unserved::NoMatch => sums.refused += 1,
            Unserved::Expired | Unserved::Abandoned | Unserved::Withdrawn => sums.gave_up += 1,
        }
    }

    fn stops(&mut self, now: Time, id: JobId, outcome: Outcome) {
        let slice = self.cursor.at(now);
        let job = &mut self.jobs[id.at()];
        job.ran += now.since(job.since).0;
        self.busy.change(now, -i64::from(job.cards));
        if matches!(outcome, Outcome::Interrupted | Outcome::Preempted) {
            self.waiting.change(now, 1);
            return;
        }
        job.left = now;
        self.number.change(now, -1);
        let system = now.since(job.submitted);
        let class = &mut self.classes[usize::from(job.class)];
        let sums = &mut class.sums[slice];
        sums.ended += 1;
        sums.system_ns += u128::from(system.0);
        sums.queued_ns += u128::from(system.0 - job.ran);
        sums.completion_ns += u128::from(now.since(job.first).0);
        class.systems.push(slice, system.0 as f64 / HOUR);
    }

    /// Brings all integrals to the end of the run.
    ///
    /// # Panics
    /// When the number in the system, integrated from slice `cut` on, is not the sum of the jobs' times in those slices:
    /// Little's law, to the nanosecond. (Over the whole run, [`crate::measure::little`] says so of every run.)
    pub fn close(&mut self, cut: usize) {
        self.waiting.advance(self.end);
        self.number.advance(self.end);
        self.busy.advance(self.end);
        let begin = start(cut, self.end);
        let inside =
            |job: &Job| u128::from(job.left.min(self.end).0.saturating_sub(job.submitted.max(begin).0));
        let residence: u128 = self.jobs.iter().map(inside).sum();
        assert_eq!(
            self.number.integral(&(cut..SLICES)),
            residence,
            "Little's law: the integral of the number in the system is the sum of the times in it"
        );
    }

    /// Mean number in the system by slice.
    #[must_use]
    pub fn numbers(&mut self) -> Vec<f64> {
        self.number.advance(self.end);
        (0..SLICES).map(|slice| self.number.mean(&(slice..slice + 1))).collect()
    }

    /// True when no job ever came.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.jobs.is_empty()
    }

    /// What the slices of a range say: of all jobs, and of each class where there are several.
    #[must_use]
    pub fn estimates(&self, slices: &Range<usize>, names: &[String]) -> Vec<Found> {
        let hours = start(slices.end, self.end).since(start(slices.start, self.end)).0 as f64 / HOUR;
        let mut all = self.of_classes(slices, &self.classes.iter().collect::<Vec<_>>(), "", hours);
        all.push(found("steady.queue_length_mean", "", "jobs", Some(self.waiting.mean(slices))));
        all.push(found("steady.number_mean", "", "jobs", Some(self.number.mean(slices))));
        all.push(found("steady.busy_mean", "", "cards", Some(self.busy.mean(slices))));
        all.push(found("steady.busy_variance", "", "cards squared", Some(self.busy.variance(slices))));
        all.push(found("steady.busy_p99", "", "cards", self.busy.quantile(slices, 0.99)));
        if self.classes.len() > 1 {
            for (class, name) in self.classes.iter().zip(names) {
                all.extend(self.of_classes(slices, &[class], name, hours));
            }
        }
        all
    }

    fn of_classes(&self, slices: &Range<usize>, classes: &[&Class], name: &str, hours: f64) -> Vec<Found> {
        let mut s = Sums::default();
        for sums in classes.iter().flat_map(|class| &class.sums[slices.clone()]) {
            s.arrived += sums.arrived;
            s.refused += sums.refused;
            s.gave_up += sums.gave_up;
            s.started += sums.started;
            s.waited += sums.waited;
            s.wait_ns += sums.wait_ns;
            s.ended += sums.ended;
            s.system_ns += sums.system_ns;
            s.queued_ns += sums.queued_ns;
            s.completion_ns += sums.completion_ns;
        }
        let share = |over: u64, under: u64| (under > 0).then(|| over as f64 / under as f64);
        let mean = |ns: u128, count: u64| (count > 0).then(|| ns as f64 / HOUR / count as f64);
        let samples = |of: fn(&Class) -> &Samples| -> Vec<f64> {
            classes.iter().flat_map(|class| of(class).of(slices)).copied().collect()
        };
        let (waits, systems) = (samples(|class| &class.waits), samples(|class| &class.systems));
        let at = |values: &[f64], p| quantile(values, p);
        vec![
            found("steady.wait_hours_mean", name, "hours", mean(s.wait_ns, s.started)),
            found("steady.wait_hours_p50", name, "hours", at(&waits, 0.5)),
            found("steady.wait_hours_p95", name, "hours", at(&waits, 0.95)),
            found("steady.wait_hours_p99", name, "hours", at(&waits, 0.99)),
            found("steady.wait_share", name, "share", share(s.waited + s.gave_up, s.started + s.gave_up)),
            found("steady.system_hours_mean", name, "hours", mean(s.system_ns, s.ended)),
            found("steady.system_hours_p50", name, "hours", at(&systems, 0.5)),
            found("steady.system_hours_p95", name, "hours", at(&systems, 0.95)),
            found("steady.system_hours_p99", name, "hours", at(&systems, 0.99)),
            found("steady.queued_hours_mean", name, "hours", mean(s.queued_ns, s.ended)),
            found("steady.completion_hours_mean", name, "hours", mean(s.completion_ns, s.ended)),
            found("steady.blocked_share", name, "share", share(s.refused, s.arrived)),
            found("steady.abandoned_share", name, "share", share(s.gave_up, s.arrived)),
            found("steady.arrivals_per_hour", name, "jobs per hour", Some(s.arrived as f64 / hours)),
            found("steady.completed_per_hour", name, "jobs per hour", Some(s.ended as f64 / hours)),
        ]
    }
}
