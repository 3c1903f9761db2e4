//! Farms at work: rigs cut into slices, names without machines, and what they do when they are caught.
//!
//! A farm's growth is bounded by hands: each identity takes minutes of work. It weighs the same prospect as anyone else,
//! with a cost per card near zero. When the network quarantines its devices it halves the slices it dares per card, takes
//! the surplus of its rigs off the network on its next working day, and gives up rigs that no longer pay.

use super::super::event::{Event, phase};
use super::super::forecast::Prospect;
use super::super::machines::NONE;
use super::super::{Observer, World};
use super::setup::Make;
use super::staking::Bond;
use crate::engine::{Span, Time};
use crate::scenario::cohort::{Farm, Trick};
use depin_protocol::command::Command;
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
        // It asks so much that no renter comes.
        self.weight_if_hired(claims, 1, (farm.tier, true), 0.0) * slices as f64
    }

    /// A device failed its challenges: its farm dares half as many slices from now on, once for each size it has tried.
    pub(in super::super) fn device_is_caught(&mut self, device: DeviceId) {
        let machine = self.machines.of_device[device.at()];
        let m = &self.machines.all[machine as usize];
        let (owner, live) = (m.owner, m.live);
        let p = &mut self.people.all[owner as usize];
        if p.group as usize >= self.scenario.cohorts.len()
            && live <= p.slices
            && 2 * live > p.slices
            && p.slices > 1
        {
            p.slices /= 2;
        }
    }

    pub(in super::super) fn farm_works(&mut self, person: u32) {
        self.pay_running_costs(person);
        let group = self.people.all[person as usize].group;
        let scenario = Arc::clone(&self.scenario);
        let farm = &scenario.farms[group as usize - scenario.cohorts.len()];
        match farm.trick {
            Trick::Slices { cloud, .. } => {
                self.cut_back(person);
                self.look_at_stake(person);
                self.work_rigs(person, farm, cloud);
                self.sim.after(Span::DAY, phase::PEOPLE, u64::from(person), Event::FarmWorks(person));
            }
            Trick::Identities { attempts_per_hour, .. } => {
                self.write_names(person, attempts_per_hour);
                self.sim.after(Span::HOUR, phase::PEOPLE, u64::from(person), Event::FarmWorks(person));
            }
        }
    }

    /// A day's work: as many rigs as the day's hands can list, if one more is expected to pay.
    fn work_rigs(&mut self, person: u32, farm: &Farm, cloud: usize) {
        let Some(prospect) = self.prospect() else { return };
        if self.is_flagged(person) {
            // What it would list now is flagged with the rest.
            return;
        }
        let spec = &self.scenario.clouds[cloud];
        let slices = u64::from(self.people.all[person as usize].slices);
        let rent = self.term_price(cloud);
        let minutes_per_rig = farm.minutes_per_identity * slices as f64;
        let p = &mut self.people.all[person as usize];
        // Hands cannot be saved up for more than a week, or for one rig.
        p.minutes = (p.minutes + farm.hours_per_day * 60.0)
            .min((7.0 * 60.0 * farm.hours_per_day).max(minutes_per_rig));
        let roi = self.rig_return(person, farm, slices, rent, spec.term_days, &prospect);
        let p = &self.people.all[person as usize];
        let terms = libm::ceil((prospect.hours / (24.0 * spec.term_days)).max(1.0));
        let outlay = terms * rent as f64 / 1e6
            + farm.usd_per_identity() * slices as f64
            + self.slices_bond(farm, slices, &prospect).stake_usd;
        let affordable = ((p.budget - p.reserved).max(0) as f64 / 1e6 / outlay.max(0.01)) as u64;
        let room = farm.max_identities.saturating_sub(p.identities) / slices;
        let rigs = ((p.minutes / minutes_per_rig) as u64).min(affordable).min(room);
        if rigs == 0 || self.decide(person, &[(0, roi)], farm.noise).is_none() {
            return;
        }
        let first = self.people.all[person as usize].machines_ever == 0;
        if self.raise_rigs(person, farm, cloud, rigs, slices, terms as i128) {
            let p = &mut self.people.all[person as usize];
            p.minutes -= minutes_per_rig * rigs as f64;
            if first {
                p.expected_roi = roi;
            }
        }
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
        let cost = terms * rent as f64 / 1e6
            + farm.usd_per_identity() * slices as f64
            + self.slices_bond(farm, slices, prospect).cost_usd;
        value / cost.max(0.01) - 1.0
    }

    fn slices_bond(&self, farm: &Farm, slices: u64, prospect: &Prospect) -> Bond {
        let claims = match farm.trick {
            Trick::Slices { claims, .. } | Trick::Identities { claims, .. } => claims,
        };
        self.bond(claims, 1, slices, prospect.hours)
    }

    /// Rents rigs and begins to list them; false when none could be had.
    fn raise_rigs(
        &mut self,
        person: u32,
        farm: &Farm,
        cloud: usize,
        rigs: u64,
        slices: u64,
        terms: i128,
    ) -> bool {
        let scenario = Arc::clone(&self.scenario);
        let spec = &scenario.clouds[cloud];
        let got = self.offers[cloud].take(spec, rigs);
        if got == 0 {
            return false;
        }
        let rent = self.term_price(cloud);
        let until = self.now() + Span::from_hours(spec.term_days * 24.0);
        self.spend(person, Category::CloudRent, self.providers[cloud], rent * i128::from(got));
        let identities = (farm.usd_per_identity() * 1e6 * slices as f64 * got as f64 + 0.5) as i128;
        let operations = self.book.operations;
        self.spend(person, Category::Operations, operations, identities);
        let make = Make {
            hardware: spec.hardware,
            site: spec.site,
            cards: 1,
            price: rent,
            paid_until: until,
            means: 0,
            count: got as u32,
        };
        let holding = self.take_on(person, &make);
        self.reserve(holding, (terms.max(1) - 1) * rent * i128::from(got));
        self.sim.at(until, phase::PEOPLE, u64::from(person), Event::TermEnds(holding));
        self.plan_set_up(holding, Span::ZERO);
        true
    }

    /// Takes slices off the network that a rig cannot carry any more.
    fn cut_back(&mut self, person: u32) {
        let slices = self.people.all[person as usize].slices;
        let mut holding = self.people.all[person as usize].holdings;
        while holding != NONE {
            let h = self.people.holdings[holding as usize];
            for machine in h.first..h.first + if h.active { h.ready } else { 0 } {
                let m = &mut self.machines.all[machine as usize];
                if m.device != NONE && m.live > slices {
                    let (first, count) = (DeviceId(m.device + slices), m.live - slices);
                    m.live = slices;
                    self.apply(Command::Withdraw { first, count }).expect("the rig is registered");
                }
            }
            holding = h.older;
        }
    }

    /// While the metadata interface is open, names are written as fast as the attacker can send them.
    fn write_names(&mut self, person: u32, attempts_per_hour: u64) {
        if !self.team.hole {
            return;
        }
        let group = self.people.all[person as usize].group;
        let room = self
            .scenario
            .run
            .scaled(self.farm_spec(group).max_identities)
            .saturating_sub(self.people.all[person as usize].identities);
        let attempts = self.scenario.run.scaled(attempts_per_hour).min(room) as u32;
        if attempts == 0 {
            return;
        }
        let make =
            Make { hardware: 0, site: 0, cards: 0, price: 0, paid_until: Time::NEVER, means: 0, count: 1 };
        let holding = self.take_on(person, &make);
        let machine = self.people.holdings[holding as usize].first;
        let accepted = self.register(machine, attempts);
        self.people.holdings[holding as usize].ready = 1;
        self.people.all[person as usize].identities += u64::from(attempts);
        if accepted == 0 {
            self.give_up(holding);
            return;
        }
        self.cover_names(person, machine, accepted);
        // A name in a table has no worker that could fail: it beats until someone asks it to log in.
        self.set_state(machine, super::super::machines::State::Running);
        self.tell_beats(machine);
    }
}
