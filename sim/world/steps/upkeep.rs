//! Workers drop and come back: scripts in minutes, owners by hand, a repair at a time and hand.
//!
//! Soft disconnects leave the machine running (and paid for) while the worker earns nothing; an owner without a script
//! must first notice, then find time. With one pair of hands the repair queue is the machine-repair model of queueing
//! theory: N machines, one repairer; with more hands, as many repairers.

use super::super::event::{Event, phase};
use super::super::machines::{NONE, State};
use super::super::{Observer, World};
use super::purpose;
use crate::engine::{Purpose, Span, Time};
use depin_protocol::command::Command;
use depin_protocol::ids::DeviceId;

impl<O: Observer> World<O> {
    /// A uniform number of the machine's current spell. Each kind of luck has a stream of its own, counted by spells, so
    /// that one more repair or outage shifts no other luck.
    fn spell_draw(&self, machine: u32, purpose: Purpose) -> f64 {
        let m = &self.machines.all[machine as usize];
        self.stream(purpose, m.key).uniform(u64::from(m.spells))
    }

    /// Moves a machine to another state; events of the old one become stale.
    pub(super) fn set_state(&mut self, machine: u32, state: State) -> u32 {
        let m = &mut self.machines.all[machine as usize];
        m.state = state;
        m.generation += 1;
        m.generation
    }

    /// Tells the network when heartbeats begin or cease.
    pub(super) fn tell_beats(&mut self, machine: u32) {
        let beats = self.machines.should_beat(machine);
        let m = &mut self.machines.all[machine as usize];
        if m.beating == beats || m.device == NONE {
            return;
        }
        m.beating = beats;
        let (first, count, real) = (DeviceId(m.device), m.live, u64::from(m.cards));
        if !m.logged_out {
            if beats {
                self.machines.real_connected += real;
            } else {
                self.machines.real_connected -= real;
            }
        }
        self.apply(Command::Heartbeat { first, count, beating: beats }).expect("the machine is registered");
    }

    /// A worker starts to run: heartbeats, and the date of its next interruption.
    pub(super) fn worker_runs(&mut self, machine: u32) {
        let generation = self.set_state(machine, State::Running);
        let site = self.machines.all[machine as usize].site as usize;
        self.machines.all[machine as usize].spells += 1;
        let u = self.spell_draw(machine, purpose::UPTIME);
        let hours = self.scenario.sites[site].uptime.sample(u);
        self.sim.after(
            self.delay(machine, hours),
            phase::HARDWARE,
            u64::from(machine),
            Event::WorkerFails { machine, generation },
        );
        self.tell_beats(machine);
    }

    fn stale(&self, machine: u32, generation: u32) -> bool {
        self.machines.all[machine as usize].generation != generation
    }

    pub(in super::super) fn worker_fails(&mut self, machine: u32, generation: u32) {
        if self.stale(machine, generation) {
            return;
        }
        let site = self.machines.all[machine as usize].site as usize;
        let soft = self.spell_draw(machine, purpose::KIND) < self.scenario.sites[site].soft_share;
        let u = self.spell_draw(machine, if soft { purpose::NOTICE } else { purpose::DARK });
        if soft {
            self.drop_worker(machine, u);
        } else {
            let generation = self.set_state(machine, State::Dark);
            let hours = self.scenario.sites[site].outage.sample(u);
            self.sim.after(
                self.delay(machine, hours),
                phase::HARDWARE,
                u64::from(machine),
                Event::WorkerReturns { machine, generation },
            );
            self.tell_beats(machine);
        }
    }

    /// The worker drops while the machine runs on; `u` decides how long until a script or an owner acts.
    pub(super) fn drop_worker(&mut self, machine: u32, u: f64) {
        let generation = self.set_state(machine, State::Dropped);
        let m = &self.machines.all[machine as usize];
        let site = &self.scenario.sites[m.site as usize];
        if self.people.all[m.owner as usize].scripted {
            let minutes = site.script.sample(u);
            self.sim.after(
                self.delay(machine, minutes / 60.0),
                phase::HARDWARE,
                u64::from(machine),
                Event::WorkerReturns { machine, generation },
            );
        } else {
            let hours = site.notice.sample(u);
            self.sim.after(
                self.delay(machine, hours),
                phase::HARDWARE,
                u64::from(machine),
                Event::OwnerNotices { machine, generation },
            );
        }
        self.tell_beats(machine);
    }

    pub(in super::super) fn worker_returns(&mut self, machine: u32, generation: u32) {
        if self.stale(machine, generation) {
            return;
        }
        let m = &self.machines.all[machine as usize];
        if m.state == State::Dark && !self.people.all[m.owner as usize].scripted {
            // Power is back, but nobody has started the worker.
            let u = self.spell_draw(machine, purpose::NOTICE);
            self.drop_worker(machine, u);
            return;
        }
        self.worker_runs(machine);
    }

    pub(in super::super) fn owner_notices(&mut self, machine: u32, generation: u32) {
        if !self.stale(machine, generation) {
            self.queue_repair(machine);
        }
    }

    /// Puts a machine at the end of its owner's list of things to mend.
    fn queue_repair(&mut self, machine: u32) {
        let m = &mut self.machines.all[machine as usize];
        if m.queued || m.state == State::Gone {
            return;
        }
        m.queued = true;
        m.next_repair = NONE;
        let owner = m.owner;
        let p = &mut self.people.all[owner as usize];
        let tail = std::mem::replace(&mut p.repair_tail, machine);
        if tail == NONE {
            p.repair_head = machine;
        } else {
            self.machines.all[tail as usize].next_repair = machine;
        }
        self.start_repairs(owner);
    }

    /// Free hands take up what waits, the oldest first.
    fn start_repairs(&mut self, person: u32) {
        while self.people.all[person as usize].repairing < self.people.all[person as usize].hands
            && let Some(machine) = self.next_to_mend(person)
        {
            self.people.all[person as usize].repairing += 1;
            let site = self.machines.all[machine as usize].site as usize;
            let m = &mut self.machines.all[machine as usize];
            m.repairs += 1;
            let (key, index) = (m.key, u64::from(m.repairs));
            let u = self.stream(purpose::REPAIR, key).uniform(index);
            let minutes = self.scenario.sites[site].repair.sample(u);
            self.sim.after(
                self.delay(machine, minutes / 60.0),
                phase::HARDWARE,
                u64::from(machine),
                Event::RepairEnds(machine),
            );
        }
    }

    /// Takes the oldest off the list; what was given up meanwhile is forgotten.
    fn next_to_mend(&mut self, person: u32) -> Option<u32> {
        loop {
            let head = self.people.all[person as usize].repair_head;
            if head == NONE {
                return None;
            }
            let next = self.machines.all[head as usize].next_repair;
            let p = &mut self.people.all[person as usize];
            p.repair_head = next;
            if next == NONE {
                p.repair_tail = NONE;
            }
            if self.machines.all[head as usize].state != State::Gone {
                return Some(head);
            }
            self.machines.all[head as usize].queued = false;
        }
    }

    pub(in super::super) fn repair_ends(&mut self, machine: u32) {
        let owner = self.machines.all[machine as usize].owner;
        self.people.all[owner as usize].repairing -= 1;
        self.machines.all[machine as usize].queued = false;
        if self.machines.all[machine as usize].state != State::Gone {
            self.log_in(machine);
            match self.machines.all[machine as usize].state {
                State::Dropped => self.worker_runs(machine),
                State::Running => self.tell_beats(machine),
                _ => {}
            }
        }
        self.start_repairs(owner);
    }

    fn log_in(&mut self, machine: u32) {
        let m = &mut self.machines.all[machine as usize];
        if !m.logged_out {
            return;
        }
        m.logged_out = false;
        if m.beating {
            self.machines.real_connected += u64::from(m.cards);
        }
        let (first, count) = (DeviceId(m.device), m.live);
        self.apply(Command::Authenticate { first, count }).expect("the machine is registered");
    }

    /// Forced update: every worker is out until its owner has heard of it and acted. Names without an owner stay out.
    pub(in super::super) fn everyone_is_logged_out(&mut self) {
        for m in &mut self.machines.all {
            if m.device != NONE && m.state != State::Gone {
                m.logged_out = true;
            }
        }
        self.machines.real_connected = 0;
        for person in 0..self.people.all.len() {
            let p = &self.people.all[person];
            if p.machines == 0 || self.is_identity_farm(p.group) {
                continue;
            }
            let u = self.stream(purpose::LEARN, p.key).uniform(self.now().0 / Span::MINUTE.0);
            let days = self.cohort(p.group).map_or_else(|| -0.5 * libm::log(u), |c| c.notice_days.sample(u));
            let id = u32::try_from(person).expect("people are counted in u32");
            self.sim.after(Span::from_hours(24.0 * days), phase::HARDWARE, 0, Event::OwnerLearnsOfUpdate(id));
        }
    }

    /// The owner starts to log in its machines, one by one, oldest holding last.
    pub(in super::super) fn owner_learns_of_update(&mut self, person: u32) {
        let mut holding = self.people.all[person as usize].holdings;
        while holding != NONE {
            let h = self.people.holdings[holding as usize];
            if h.active {
                for machine in h.first..h.first + h.ready {
                    if self.machines.all[machine as usize].logged_out {
                        self.queue_repair(machine);
                    }
                }
            }
            holding = h.older;
        }
    }

    /// A share of running workers loses its connection at the same instant.
    pub(super) fn outage(&mut self, share: f64) {
        let now = self.now();
        for machine in 0..self.machines.all.len() {
            let m = &self.machines.all[machine];
            if m.state != State::Running || m.cards == 0 {
                continue;
            }
            let stream = self.stream(purpose::OUTAGE, m.key);
            let index = now.0 / Span::MINUTE.0 * 2;
            if stream.uniform(index) < share {
                let u = stream.uniform(index + 1);
                self.drop_worker(u32::try_from(machine).expect("machines are counted in u32"), u);
            }
        }
    }

    /// Plans the owner's next own use of a machine at home: at most once a day, around the site's hour.
    pub(super) fn plan_own_use(&mut self, machine: u32) {
        let m = &self.machines.all[machine as usize];
        let site = &self.scenario.sites[m.site as usize];
        if site.rest_share <= 0.0 {
            return;
        }
        let now = self.now();
        let start = i128::from(self.scenario.run.start) * i128::from(Span::SECOND.0);
        let today = (start + i128::from(now.0)).div_euclid(i128::from(Span::DAY.0));
        let stream = self.stream(purpose::OWN_USE, m.key);
        let evening = |day: i128| {
            let hour = site.rest_from_hour + 3.0 * stream.uniform(day as u64 * 3);
            day * i128::from(Span::DAY.0) - start + i128::from(Span::from_hours(hour).0)
        };
        // Whoever plays past midnight may play again the evening after: a day is skipped by the coin alone.
        let at = if evening(today) > i128::from(now.0) { evening(today) } else { evening(today + 1) };
        let at = Time(u64::try_from(at).expect("an evening to come lies after the start"));
        self.sim.at(at, phase::HARDWARE, u64::from(machine), Event::OwnUseBegins(machine));
    }

    pub(in super::super) fn own_use_begins(&mut self, machine: u32) {
        let m = &self.machines.all[machine as usize];
        if m.state == State::Gone {
            return;
        }
        let site = &self.scenario.sites[m.site as usize];
        let day = (self.scenario.run.unix_s(self.now()) / 86_400) as u64;
        let stream = self.stream(purpose::OWN_USE, m.key);
        if stream.uniform(day * 3 + 1) < site.rest_share {
            let hours = -site.rest_hours * libm::log(stream.uniform(day * 3 + 2));
            self.sim.after(
                Span::from_hours(hours.min(20.0)),
                phase::HARDWARE,
                u64::from(machine),
                Event::OwnUseEnds(machine),
            );
            self.machines.all[machine as usize].own_use = true;
            self.tell_beats(machine);
        } else {
            self.plan_own_use(machine);
        }
    }

    pub(in super::super) fn own_use_ends(&mut self, machine: u32) {
        if self.machines.all[machine as usize].state == State::Gone {
            return;
        }
        self.machines.all[machine as usize].own_use = false;
        self.tell_beats(machine);
        self.plan_own_use(machine);
    }

    /// A delay of at least a second, so that no law of zero or less can stop the clock; of at least a nanosecond for hosts
    /// of a cluster, whose laws are held to theory.
    fn delay(&self, machine: u32, hours: f64) -> Span {
        let in_cluster = self.machines.all[machine as usize].holding == NONE;
        Span::from_hours(hours).max(if in_cluster { Span(1) } else { Span::SECOND })
    }
}
