//! Farms at work: rigs cut into slices, names without machines, and what they do when they are caught.
//!
//! A farm's growth is bounded by hands: each identity takes minutes of work. It weighs the same prospect as anyone else,
//! with a cost per card near zero. When the network quarantines its devices it cuts its rigs into fewer slices, and
//! gives up rigs that no longer pay.

use super::super::event::{Event, phase};
use super::super::forecast::Prospect;
use super::super::{Observer, World};
use super::setup::Make;
use crate::engine::{Span, Time};
use crate::scenario::cohort::{Farm, Trick};
use depin_protocol::ids::DeviceId;
use depin_protocol::ledger::Category;
use std::sync::Arc;

impl<O: Observer> World<O> {
    fn farm_spec(&self, group: u16) -> &Farm {
        &self.scenario.farms[group as usize - self.scenario.cohorts.len()]
    }

    pub(super) fn is_identity_farm(&self, group: u16) -> bool {
        group as usize >= self.scenario.cohorts.len()
            && matches!(self.farm_spec(group).trick, Trick::Identities { .. })
    }

    /// Offer that a farm's rigs come from, and the noise of its choices.
    pub(super) fn farm_cloud(&self, group: u16) -> (usize, f64) {
        let farm = self.farm_spec(group);
        match farm.trick {
            Trick::Slices { cloud, .. } => (cloud, farm.noise),
            Trick::Identities { .. } => (0, farm.noise),
        }
    }

    /// Weight per hour that a farm expects of `slices` listed cards.
    pub(super) fn farm_weight(&self, group: u16, slices: u64) -> f64 {
        let farm = self.farm_spec(group);
        let claims = match farm.trick {
            Trick::Slices { claims, .. } | Trick::Identities { claims, .. } => claims,
        };
        self.public_weight(claims, 1, farm.tier, self.scenario.outsiders.scripted_uptime) * slices as f64
    }

    /// A device failed its challenges: its farm dares fewer slices from now on.
    pub(in super::super) fn device_is_caught(&mut self, device: DeviceId) {
        let machine = self.machines.of_device[device.at()];
        let m = &self.machines.all[machine as usize];
        let (owner, listed) = (m.owner, m.listed);
        let p = &mut self.people.all[owner as usize];
        if p.group as usize >= self.scenario.cohorts.len() && listed <= p.slices && p.slices > 1 {
            p.slices = (listed / 2).max(1);
        }
    }

    pub(in super::super) fn farm_works(&mut self, person: u32) {
        self.pay_running_costs(person);
        let group = self.people.all[person as usize].group;
        let scenario = Arc::clone(&self.scenario);
        let farm = &scenario.farms[group as usize - scenario.cohorts.len()];
        match farm.trick {
            Trick::Slices { cloud, claims, .. } => {
                self.work_rigs(person, farm, cloud, claims);
                self.sim.after(
                    Span::DAY,
                    phase::PEOPLE,
                    u64::from(person),
                    Event::FarmWorks(person),
                );
            }
            Trick::Identities {
                attempts_per_hour, ..
            } => {
                self.write_names(person, attempts_per_hour);
                self.sim.after(
                    Span::HOUR,
                    phase::PEOPLE,
                    u64::from(person),
                    Event::FarmWorks(person),
                );
            }
        }
    }

    /// A day's work: as many rigs as the day's hands can list, if one more is expected to pay.
    fn work_rigs(&mut self, person: u32, farm: &Farm, cloud: usize, _claims: usize) {
        let Some(prospect) = self.prospect() else { return };
        let spec = &self.scenario.clouds[cloud];
        let slices = u64::from(self.people.all[person as usize].slices);
        let rent = self.term_price(cloud);
        let identities = (farm.hours_per_day * 60.0 / farm.minutes_per_identity) as u64;
        let roi = self.rig_return(person, farm, slices, rent, spec.term_days, &prospect);
        let p = &self.people.all[person as usize];
        let cost = rent as f64 / 1e6 + farm.identity_usd * slices as f64;
        let affordable = (p.budget as f64 / 1e6 / cost.max(0.01)) as u64;
        let room = farm.max_identities.saturating_sub(p.identities) / slices;
        let rigs = (identities / slices)
            .max(u64::from(identities > 0))
            .min(affordable)
            .min(room);
        if rigs == 0 || self.decide(person, &[(0, roi)], farm.noise).is_none() {
            return;
        }
        self.raise_rigs(person, farm, cloud, rigs, slices);
    }

    fn rig_return(
        &self,
        person: u32,
        farm: &Farm,
        slices: u64,
        rent: i128,
        term_days: f64,
        prospect: &Prospect,
    ) -> f64 {
        let p = &self.people.all[person as usize];
        let weight = self.farm_weight(p.group, slices);
        let value = self.value(p, prospect, weight, 24.0);
        let terms = libm::ceil((prospect.hours / (24.0 * term_days)).max(1.0));
        let cost = terms * rent as f64 / 1e6 + farm.identity_usd * slices as f64;
        value / cost.max(0.01) - 1.0
    }

    fn raise_rigs(&mut self, person: u32, farm: &Farm, cloud: usize, rigs: u64, slices: u64) {
        let scenario = Arc::clone(&self.scenario);
        let spec = &scenario.clouds[cloud];
        let cards = u64::from(spec.cards_per_machine);
        let got = self.offers[cloud].take(spec, rigs * cards) / cards;
        if got == 0 {
            return;
        }
        let rent = self.term_price(cloud);
        let until = self.now() + Span::from_hours(spec.term_days * 24.0);
        self.spend(
            person,
            Category::CloudRent,
            self.providers[cloud],
            rent * i128::from(got),
        );
        let identities = (farm.identity_usd * 1e6 * slices as f64 * got as f64 + 0.5) as i128;
        let operations = self.book.operations;
        self.spend(person, Category::Operations, operations, identities);
        let make = Make {
            hardware: spec.hardware,
            site: spec.site,
            cards: spec.cards_per_machine,
            price: rent,
            paid_until: until,
            means: 0,
            count: got as u32,
        };
        let holding = self.take_on(person, &make);
        self.sim
            .at(until, phase::PEOPLE, u64::from(person), Event::TermEnds(holding));
        let first = self.people.holdings[holding as usize].first;
        for machine in first..first + got as u32 {
            let accepted = self.register(machine, slices as u32 * cards as u32);
            self.people.all[person as usize].identities += u64::from(accepted);
            self.people.holdings[holding as usize].ready += 1;
            if accepted > 0 {
                self.worker_runs(machine);
            }
        }
    }

    /// While the metadata interface is open, names are written as fast as the attacker can send them.
    fn write_names(&mut self, person: u32, attempts_per_hour: u64) {
        if !self.team.hole {
            return;
        }
        let group = self.people.all[person as usize].group;
        let room = self
            .farm_spec(group)
            .max_identities
            .saturating_sub(self.people.all[person as usize].identities);
        let attempts = self.scenario.run.scaled(attempts_per_hour).min(room) as u32;
        if attempts == 0 {
            return;
        }
        let make = Make {
            hardware: 0,
            site: 0,
            cards: 0,
            price: 0,
            paid_until: Time::NEVER,
            means: 0,
            count: 1,
        };
        let holding = self.take_on(person, &make);
        let machine = self.people.holdings[holding as usize].first;
        let accepted = self.register(machine, attempts);
        self.people.holdings[holding as usize].ready = 1;
        self.people.all[person as usize].identities += u64::from(attempts);
        if accepted == 0 {
            self.give_up(holding);
            return;
        }
        // A name in a table has no worker that could fail: it beats until someone asks it to log in.
        self.set_state(machine, super::super::machines::State::Running);
        self.tell_beats(machine);
    }
}
