//! What is already held: renewals, reviews, leaving, and the bills on the way.

use super::super::event::{Event, phase};
use super::super::forecast::Prospect;
use super::super::machines::{Machine, NONE, State};
use super::super::{Observer, Scene, World};
use super::entry::MONTH_HOURS;
use crate::engine::Span;
use crate::scenario::cohort::Means;
use depin_protocol::command::Command;
use depin_protocol::ids::DeviceId;
use depin_protocol::ledger::{Category, Purse};

/// Nano-dollars per hour times nanoseconds in one micro-dollar.
const DUE_PER_MICRO: u128 = 1000 * Span::HOUR.0 as u128;

impl<O: Observer> World<O> {
    /// Pays out of a person's means and remembers it.
    pub(super) fn spend(&mut self, person: u32, category: Category, to: Purse, amount: i128) {
        let from = self.people.all[person as usize].purse;
        let entries = self.book.pay(category, from, to, amount);
        for entry in entries.into_iter().flatten() {
            self.posted(&entry);
        }
        let p = &mut self.people.all[person as usize];
        p.spent += amount;
        p.budget -= amount;
    }

    /// Pays electricity and other running costs accrued so far; fractions of a micro-dollar stay due.
    pub(super) fn pay_running_costs(&mut self, person: u32) {
        let now = self.now();
        let p = &mut self.people.all[person as usize];
        p.accrue(now);
        let power = (p.power_due / DUE_PER_MICRO) as i128;
        let running = (p.running_due / DUE_PER_MICRO) as i128;
        p.power_due %= DUE_PER_MICRO;
        p.running_due %= DUE_PER_MICRO;
        let (company, operations) = (self.book.power, self.book.operations);
        self.spend(person, Category::Power, company, power);
        self.spend(person, Category::Operations, operations, running);
    }

    /// Everyone's bills at the end of the run.
    pub fn settle_everyone(&mut self) {
        for person in 0..self.people.all.len() {
            self.pay_running_costs(u32::try_from(person).expect("people are counted in u32"));
        }
    }

    /// A rented holding's term ends: renew at today's quote if the next term is expected to pay, else give back.
    pub(in super::super) fn term_ends(&mut self, holding: u32) {
        let h = self.people.holdings[holding as usize];
        if !h.active {
            return;
        }
        let person = h.owner;
        let group = self.people.all[person as usize].group;
        let (cloud, noise) = match self.cohort(group) {
            Some(cohort) => match cohort.means[h.means as usize] {
                Means::Rent { cloud } => (cloud, cohort.noise),
                _ => return,
            },
            None => self.farm_cloud(group),
        };
        let price = self.term_price(cloud);
        let total = price * i128::from(h.count);
        let roi = self.next_term_return(holding, cloud, price);
        let p = &self.people.all[person as usize];
        let affordable = p.budget - (p.reserved - h.reserved) >= total;
        if affordable && self.decide(person, &[(usize::from(h.means), roi)], noise).is_some() {
            let until = h.paid_until + Span::from_hours(self.scenario.clouds[cloud].term_days * 24.0);
            self.reserve(holding, (h.reserved - total).max(0));
            self.spend(person, Category::CloudRent, self.providers[cloud], total);
            let kept = &mut self.people.holdings[holding as usize];
            kept.paid_until = until;
            kept.price = price;
            self.sim.at(until, phase::PEOPLE, u64::from(person), Event::TermEnds(holding));
        } else {
            self.give_up(holding);
        }
    }

    /// Return on one more term: only what it would cost counts, what is sunk does not.
    fn next_term_return(&self, holding: u32, cloud: usize, price: i128) -> f64 {
        let Some(prospect) = self.prospect() else {
            return -1.0;
        };
        let h = &self.people.holdings[holding as usize];
        let p = &self.people.all[h.owner as usize];
        let spec = &self.scenario.clouds[cloud];
        let term_hours = spec.term_days * 24.0;
        let hours = prospect.hours.min(term_hours);
        let weight = self.expected_weight(h.owner, holding) / f64::from(h.count.max(1));
        let value = self.value(p, &prospect, weight, prospect.hours - hours);
        let running = self.running_usd_hour(spec.hardware, spec.site, spec.cards_per_machine) * hours;
        let staying = self.staying_costs_usd(holding, hours);
        value / (price as f64 / 1e6 + running + staying).max(0.01) - 1.0
    }

    /// Weight per hour that an owner expects of a holding: of those of its devices that the network has not set aside,
    /// as its own page tells it; nothing while its account is flagged. Machines still to be listed count as they will be.
    pub(super) fn expected_weight(&self, person: u32, holding: u32) -> f64 {
        if self.is_flagged(person) {
            return 0.0;
        }
        let h = &self.people.holdings[holding as usize];
        let p = &self.people.all[person as usize];
        let mut weight = 0.0;
        for machine in &self.machines.all[h.first as usize..(h.first + h.count) as usize] {
            let earning = if machine.device == NONE {
                if self.cohort(p.group).is_some() { 1 } else { p.slices as usize }
            } else {
                let devices = machine.device..machine.device + machine.live;
                devices.filter(|d| self.protocol.in_good_standing(DeviceId(*d)) || machine.logged_out).count()
            };
            weight += earning as f64 * self.device_weight(person, holding, machine);
        }
        weight
    }

    /// Weight per hour that an owner expects of one listed device of a machine.
    pub(super) fn device_weight(&self, person: u32, holding: u32, machine: &Machine) -> f64 {
        let h = &self.people.holdings[holding as usize];
        let p = &self.people.all[person as usize];
        let Some(cohort) = self.cohort(p.group) else {
            return self.farm_weight(p.group, 1);
        };
        let tier = match &cohort.means[h.means as usize] {
            Means::Rent { cloud } => self.scenario.clouds[*cloud].tier,
            _ => p.tier,
        };
        self.public_weight(machine.hardware as usize, machine.cards, tier, p.scripted)
    }

    /// Hardware already paid for: each holding stays by the same choice as entry, on avoidable costs alone. Returns the
    /// means that were given up, which are not taken up again in the same breath.
    pub(super) fn review(&mut self, person: u32, prospect: &Prospect) -> Vec<usize> {
        let mut left = Vec::new();
        for holding in self.owned_holdings(person) {
            let h = self.people.holdings[holding as usize];
            let hours = prospect.hours;
            let cost = self.avoidable_usd_hour(holding) * hours + self.staying_costs_usd(holding, hours);
            let weight = self.expected_weight(person, holding) / f64::from(h.count);
            let value = self.value(&self.people.all[person as usize], prospect, weight, 0.0);
            let group = self.people.all[person as usize].group;
            let noise = self.cohort(group).map_or(1.0, |c| c.noise);
            let means = usize::from(h.means);
            if self.decide(person, &[(means, value / cost.max(0.01) - 1.0)], noise).is_none() {
                self.give_up(holding);
                left.push(means);
            }
        }
        left
    }

    /// Nothing is promised and nothing hoped for: machines go unless running them costs nothing.
    pub(super) fn review_without_prospect(&mut self, person: u32) {
        for holding in self.owned_holdings(person) {
            if self.avoidable_usd_hour(holding) > 0.0 || self.ties_up_stake(holding) {
                self.give_up(holding);
            }
        }
    }

    /// What one machine of a holding costs an hour that leaving would save: power, running costs, and what the machine
    /// would earn otherwise.
    fn avoidable_usd_hour(&self, holding: u32) -> f64 {
        let h = &self.people.holdings[holding as usize];
        let m = &self.machines.all[h.first as usize];
        let running = self.running_usd_hour(m.hardware as usize, m.site as usize, m.cards);
        let group = self.people.all[h.owner as usize].group;
        match self.cohort(group).map(|c| &c.means[h.means as usize]) {
            Some(Means::Own { opportunity_usd_month, cards, .. }) => {
                running + opportunity_usd_month * f64::from(*cards) / MONTH_HOURS
            }
            _ => running,
        }
    }

    fn owned_holdings(&self, person: u32) -> Vec<u32> {
        let p = &self.people.all[person as usize];
        let Some(cohort) = self.cohort(p.group) else {
            return Vec::new();
        };
        let mut owned = Vec::new();
        let mut holding = p.holdings;
        while holding != NONE {
            let h = &self.people.holdings[holding as usize];
            if h.active && !matches!(cohort.means[h.means as usize], Means::Rent { .. }) {
                owned.push(holding);
            }
            holding = h.older;
        }
        owned
    }

    /// Takes a holding off the network and gives it back, sells it, or switches it off.
    pub(super) fn give_up(&mut self, holding: u32) {
        let h = self.people.holdings[holding as usize];
        if !h.active {
            return;
        }
        self.people.holdings[holding as usize].active = false;
        self.reserve(holding, 0);
        self.free_stake_aside(holding);
        let person = h.owner;
        let (mut cards, hardware, site) = {
            let m = &self.machines.all[h.first as usize];
            (0u64, m.hardware as usize, m.site as usize)
        };
        for machine in h.first..h.first + h.count {
            cards += u64::from(self.machines.all[machine as usize].cards);
            self.retire(machine);
        }
        self.change_rates(person, hardware, site, cards, false);
        let p = &mut self.people.all[person as usize];
        p.machines -= h.count;
        p.cards -= cards as u32;
        if p.machines == 0 {
            p.left = Some(self.sim.now());
            let group = p.group;
            self.groups[group as usize].taking_part -= 1;
        }
        self.pay_running_costs(person);
        self.mind_stake(person);
        self.release(holding, cards);
    }

    fn retire(&mut self, machine: u32) {
        if self.machines.all[machine as usize].state == State::Gone {
            return;
        }
        self.set_state(machine, State::Gone);
        self.machines.all[machine as usize].gone_at = self.now();
        self.tell_beats(machine);
        let m = &self.machines.all[machine as usize];
        if m.device != NONE {
            let (first, count) = (DeviceId(m.device), m.live);
            self.apply(Command::Withdraw { first, count }).expect("the machine is registered");
        }
    }

    fn release(&mut self, holding: u32, cards: u64) {
        let h = self.people.holdings[holding as usize];
        let group = self.people.all[h.owner as usize].group;
        let means = match self.cohort(group) {
            Some(cohort) => cohort.means[h.means as usize].clone(),
            None if self.is_identity_farm(group) => return,
            None => Means::Rent { cloud: self.farm_cloud(group).0 },
        };
        match means {
            Means::Rent { cloud } => self.offers[cloud].give_back(cards),
            Means::Own { .. } => self.people.all[h.owner as usize].own_machines += h.count,
            Means::Buy { shop, .. } => self.sell_used(h.owner, shop, h.count),
        }
    }

    fn sell_used(&mut self, person: u32, shop: usize, machines: u32) {
        let spec = &self.scenario.shops[shop];
        let amount = self.counters[shop].resale(spec) * i128::from(machines);
        self.counters[shop].sell(u64::from(machines));
        let (market, purse) = (self.book.used_market, self.people.all[person as usize].purse);
        if let Some(entry) = self.book.post(Category::HardwareResale, market, purse, amount) {
            self.posted(&entry);
        }
        let p = &mut self.people.all[person as usize];
        p.salvage += amount;
        p.budget += amount;
    }
}

/// Value of hardware still held at the end, at what used machines fetch then, micro-dollars.
#[must_use]
pub fn resale_of_holdings(scene: &Scene<'_>, person: u32) -> i128 {
    let p = &scene.people.all[person as usize];
    let Some(cohort) = scene.scenario.cohorts.get(p.group as usize) else {
        return 0;
    };
    let mut value = 0;
    let mut holding = p.holdings;
    while holding != NONE {
        let h = &scene.people.holdings[holding as usize];
        if h.active
            && let Means::Buy { shop, .. } = cohort.means[h.means as usize]
        {
            value += scene.counters[shop].resale(&scene.scenario.shops[shop]) * i128::from(h.count);
        }
        holding = h.older;
    }
    value
}
