//! A cluster under recorded demand: its hosts are there from the start, its jobs come when the trace says.

use super::super::event::{Event, phase};
use super::super::machines::{Machine, NONE, State};
use super::super::traced::Traced;
use super::super::{Observer, World};
use super::purpose;
use crate::engine::{EntityKey, Span, Time};
use depin_protocol::command::{Claim, Command, JobRequest, Part, Role};
use depin_protocol::ids::{AccountId, DeviceId, JobId, LeaseId, ModelId};
use std::sync::Arc;

/// Person that stands for the cluster's operator: the one member of the group that the scenario adds last.
impl<O: Observer> World<O> {
    /// Lists the hosts and plans the first job.
    pub(super) fn open_cluster(&mut self) {
        let scenario = Arc::clone(&self.scenario);
        if scenario.cluster.hosts.is_empty() {
            return;
        }
        let operator = u32::try_from(self.people.all.len() - 1).expect("people are few");
        self.people.all[operator as usize].entered = Some(Time::ZERO);
        let account = self.account_of(operator);
        let group = self.people.all[operator as usize].group;
        for (number, host) in scenario.cluster.hosts.iter().enumerate() {
            let machine = self.machines.all.len() as u32;
            self.machines.all.push(Machine {
                key: EntityKey::of("hardware.nodes", &host.name, 0),
                owner: operator,
                holding: NONE,
                device: NONE,
                listed: 0,
                live: 0,
                next_repair: NONE,
                generation: 0,
                spells: 0,
                repairs: 0,
                gone_at: Time::NEVER,
                speed: 1.0,
                hardware: host.hardware as u16,
                cards: host.cards,
                site: scenario.cluster.upkeep.map_or(0, |upkeep| upkeep.site as u16),
                state: State::Running,
                own_use: false,
                beating: true,
                logged_out: false,
                queued: false,
            });
            let claim = Claim {
                model: ModelId(host.hardware as u16),
                cards: host.cards,
                tier: 4,
                price: scenario.cluster.ask,
                address: number as u32,
                subnet: number as u32 >> 8,
                fingerprint: 0,
            };
            let first = self.protocol.devices();
            let list = Command::Register { account, claim, count: 1, spread: false, answers_admission: true };
            self.apply(list).expect("a host is listed");
            assert_eq!(
                self.protocol.devices(),
                first + 1,
                "a cluster is listed whole: raise max_devices_per_hour"
            );
            self.machines.register(machine, first, 1);
            self.watcher().listed(first, 1, claim.cards, group);
            self.machines.real_connected += u64::from(host.cards);
        }
        let count = scenario.cluster.hosts.len() as u32;
        self.apply(Command::Heartbeat { first: DeviceId(0), count, beating: true }).expect("they are listed");
        if scenario.cluster.upkeep.is_some() {
            (0..count).for_each(|machine| self.worker_runs(machine));
        }
        let Some(demand) = &scenario.cluster.demand else {
            return;
        };
        let renter = AccountId(self.protocol.accounts());
        self.apply(Command::OpenAccount { role: Role::Renter }).expect("anyone may open an account");
        let label = self.book.label("demand/trace");
        self.account_opened(renter, label);
        let cards: u64 = scenario.cluster.hosts.iter().map(|host| u64::from(host.cards)).sum();
        let stream = self.stream(purpose::REDRAW, EntityKey(0));
        self.traced = Some(Traced::new(demand, renter, cards, |index| stream.uniform(index)));
        self.plan_trace_job();
    }

    fn plan_trace_job(&mut self) {
        if let Some(at) = self.traced.as_ref().and_then(Traced::next_submit) {
            self.sim.at(at.max(self.now()), phase::RENTERS, 0, Event::TraceJobArrives);
        }
    }

    /// Every job of this instant is submitted before any of them can start.
    pub(in super::super) fn trace_job_arrives(&mut self) {
        let now = self.now();
        let scenario = Arc::clone(&self.scenario);
        let demand = scenario.cluster.demand.as_ref().expect("a job of a trace");
        while let Some((index, renter)) = self.traced.as_mut().and_then(|traced| traced.take_due(now)) {
            let job = self.traced.as_ref().expect("a job of a trace").job(index);
            let request = JobRequest {
                model: None,
                min_memory_mb: 0,
                cards: job.procs,
                one_host: false,
                min_tier: 0,
                term: Span(if demand.forever { Span::DAY.times(36_500).0 } else { job.estimate.max(1) }),
                price_limit: 0,
                patience: if demand.lost { Span::ZERO } else { Span(u64::MAX) },
                priority: 0,
                interruptible: false,
                part: Part {
                    cpu_milli: job.cpu_milli,
                    memory_mib: job.memory_mib,
                    card_milli: job.card_milli,
                    models: scenario.cluster.models_of(&job.models, &scenario.hardware),
                },
            };
            let accepted = self.apply(Command::SubmitJob { renter, request }).is_ok();
            self.traced.as_mut().expect("a job of a trace").submitted(accepted);
        }
        self.plan_trace_job();
    }

    /// A job of the trace holds its devices, and will leave them when its work is done.
    pub(super) fn trace_job_started(&mut self, job: JobId, lease: LeaseId) {
        let devices = self.protocol.lease_cards(lease);
        let now = self.now();
        let scenario = Arc::clone(&self.scenario);
        let demand = scenario.cluster.demand.as_ref().expect("a job of a trace");
        let traced = self.traced.as_mut().expect("a job of a trace");
        let index = traced.started(job, now, devices);
        let spec = traced.job(index);
        if demand.forever || spec.run >= spec.estimate.max(1) {
            return;
        }
        let done = self.protocol.job(job).map_or(Span::ZERO, |job| job.done);
        let left = self.protocol.time_for(lease, Span(spec.run) - done);
        let event = Event::TraceJobFinishes { job: job.0, lease: lease.0 };
        self.sim.at(now + left, phase::HARDWARE, u64::from(job.0), event);
    }

    pub(in super::super) fn trace_job_finishes(&mut self, job: u32, lease: u32) {
        if self.runs_by(LeaseId(lease)) {
            self.apply(Command::EndJob { job: JobId(job), satisfied: true }).expect("it runs until now");
        }
    }

    /// True when no job of a trace is still to come, to wait or to run.
    #[must_use]
    pub fn drained(&self) -> bool {
        self.traced.as_ref().is_none_or(Traced::is_drained)
    }
}
