//! The first instant: everyone is drawn, nobody has entered.

use super::super::awareness::Spread;
use super::super::bonds::Bonds;
use super::super::book::Book;
use super::super::cloud::Offer;
use super::super::event::{Event, phase};
use super::super::forecast::Estimate;
use super::super::machines::Machines;
use super::super::outlook::Outlook;
use super::super::people::{People, Person};
use super::super::renters::Class;
use super::super::shop::Counter;
use super::super::team::Team;
use super::super::wallets::Wallet;
use super::super::worth::Worth;
use super::super::{Group, Observer, World};
use super::purpose;
use crate::engine::draw::{cumulate, discrete, normal_quantile};
use crate::engine::{EntityKey, Seed, Simulation, Span, Streams, Time};
use crate::scenario::Scenario;
use crate::scenario::cohort::{Cohort, Farm, Means, Trick};
use crate::scenario::rules::EmissionRule;
use depin_protocol::Protocol;
use depin_protocol::command::{Command, Role};
use depin_protocol::ids::AccountId;
use depin_protocol::market::SharingSpec;
use depin_protocol::rewards::Blocks;
use std::sync::Arc;

/// How hosts are leased in parts in this replication, where they are; draws and ties are the replication's own.
#[must_use]
pub fn sharing(scenario: &Scenario, replication: u32) -> Option<SharingSpec> {
    let streams = Streams::new(Seed { master: scenario.run.seed, replication });
    let luck = streams.stream(purpose::SHARE, EntityKey(0)).draw(0);
    scenario.rules.sharing(&scenario.cluster, &scenario.hardware, luck)
}

impl<O: Observer> World<O> {
    /// The world of replication `replication`, before anything has happened.
    #[must_use]
    pub fn new(scenario: Arc<Scenario>, replication: u32, observer: O) -> World<O> {
        let run = scenario.run.clone();
        let mut book = Book::new();
        let mut providers = Vec::new();
        for cloud in &scenario.clouds {
            let label = book.label(&format!("cloud/{}", cloud.provider));
            providers.push(book.open(label));
        }
        let mut vendors = Vec::new();
        for shop in &scenario.shops {
            let label = book.label(&format!("shop/{}", shop.name));
            vendors.push(book.open(label));
        }
        let streams = Streams::new(Seed { master: run.seed, replication });
        let mut rules = scenario.rules.build(&scenario.hardware);
        rules.sharing = sharing(&scenario, replication);
        let mut world = World {
            sim: Simulation::new(),
            protocol: Protocol::new(rules),
            streams,
            effects: Vec::new(),
            book,
            machines: Machines::default(),
            people: People::default(),
            groups: Vec::new(),
            offers: scenario.clouds.iter().map(|c| Offer::new(c, run.scaled(c.stock))).collect(),
            providers,
            counters: scenario.shops.iter().map(|s| Counter::new(s, run.scaled(s.weekly_supply))).collect(),
            vendors,
            renters: Vec::new(),
            job_classes: Vec::new(),
            traced: None,
            outlook: Outlook::new(&scenario.narrative, &scenario.token),
            estimate: Estimate::default(),
            team: Team::new(scenario.triggers.len(), run.epoch.hours()),
            bonds: Bonds::default(),
            entry_cost: 0.0,
            first_per_hour: scenario.rules.emission().map_or(0.0, EmissionRule::first_per_hour),
            worth: Worth::default(),
            hired_share: scenario.outsiders.least_hired_share,
            protocol_due: Time::NEVER,
            observer: Some(observer),
            scenario: Arc::clone(&scenario),
        };
        for cohort in &scenario.cohorts {
            world.gather_cohort(cohort);
        }
        for farm in &scenario.farms {
            world.gather_farm(farm);
        }
        world.entry_cost = world.cheapest_entry();
        world.quote_token();
        world.name_burned_tokens();
        world.open_renters();
        world.open_cluster();
        world.open_stakes();
        world.open_emission();
        world.begin_quests();
        world.set_the_clock();
        world
    }

    fn gather_cohort(&mut self, cohort: &Cohort) {
        let label = self.book.label(&cohort.name);
        let group = self.groups.len() as u16;
        let count = self.scenario.run.scaled(cohort.population);
        let tiers = cumulate(&cohort.tiers);
        let mut thresholds = Vec::with_capacity(count as usize);
        for ordinal in 0..count {
            let key = EntityKey::of("supply", &cohort.stream, ordinal);
            let id = self.people.all.len() as u32;
            let mut p = Person::new(key, group, ordinal as u32, self.book.open(label));
            let trait_of = |index| self.streams.stream(purpose::TRAITS, key).uniform(index);
            // Lognormal with mean 1: people are right on average, and those who enter are those who hope for more.
            p.belief = mean_one(cohort.belief_sd, trait_of(0));
            p.weight_error = libm::exp(cohort.weight_error_sd * normal_quantile(trait_of(1)));
            p.forecast = Self::forecast_of(trait_of(2), &cohort.forecasts);
            p.scripted = trait_of(3) < cohort.scripted;
            p.hands = cohort.hands;
            p.tier = discrete(&tiers, trait_of(4)) as u8;
            p.budget = (cohort.budget_usd.sample(trait_of(5)).clamp(0.0, 1e12) * 1e6) as i128;
            p.own_machines = cohort
                .means
                .iter()
                .find_map(|m| match m {
                    Means::Own { machines, .. } => {
                        Some(libm::ceil(machines.sample(trait_of(6))).clamp(0.0, 1e6) as u32)
                    }
                    _ => None,
                })
                .unwrap_or(0);
            thresholds.push((self.threshold(key, cohort.aware_at_start), id));
            self.people.all.push(p);
        }
        self.groups.push(Group {
            name: cohort.name.clone(),
            spread: Spread::new(thresholds),
            members: count as u32,
            taking_part: 0,
            label,
        });
    }

    fn gather_farm(&mut self, farm: &Farm) {
        let label = self.book.label(&farm.name);
        let group = self.groups.len() as u16;
        let count = self.scenario.run.scaled(farm.population);
        let mut thresholds = Vec::with_capacity(count as usize);
        for ordinal in 0..count {
            let key = EntityKey::of("sybil", &farm.stream, ordinal);
            let id = self.people.all.len() as u32;
            let mut p = Person::new(key, group, ordinal as u32, self.book.open(label));
            let trait_of = |index| self.streams.stream(purpose::TRAITS, key).uniform(index);
            p.belief = mean_one(farm.belief_sd, trait_of(0));
            p.budget = (farm.budget_usd.sample(trait_of(5)).clamp(0.0, 1e12) * 1e6) as i128;
            p.scripted = true;
            p.slices = match farm.trick {
                Trick::Slices { per_rig, .. } => per_rig as u32,
                Trick::Identities { .. } => 1,
            };
            thresholds.push((self.threshold(key, farm.aware_at_start), id));
            self.people.all.push(p);
        }
        self.groups.push(Group {
            name: farm.name.clone(),
            spread: Spread::new(thresholds),
            members: count as u32,
            taking_part: 0,
            label,
        });
    }

    /// Exp(1), or 0 for those who know from the start.
    fn threshold(&self, key: EntityKey, aware_at_start: f64) -> f64 {
        let stream = self.streams.stream(purpose::AWARE, key);
        if stream.uniform(1) < aware_at_start { 0.0 } else { -libm::log(stream.uniform(0)) }
    }

    fn open_renters(&mut self) {
        let scenario = Arc::clone(&self.scenario);
        for (number, class) in scenario.renters.iter().enumerate() {
            let account = AccountId(self.protocol.accounts());
            self.apply(Command::OpenAccount { role: Role::Renter }).expect("anyone may open an account");
            let label = self.book.label(&format!("demand/{}", class.name));
            self.account_opened(account, label);
            self.renters.push(Class {
                account,
                draws: 0,
                mood: 1.0,
                demand: 1.0,
                bound: 0.0,
                redrawn: false,
                submitted: 0,
                wallet: Wallet::default(),
            });
            self.plan_arrival(number as u32);
        }
    }

    /// Names the purse in which a schedule's tokens wait to be paid.
    fn open_emission(&mut self) {
        let Some(purse) = self.protocol.blocks().map(Blocks::purse) else { return };
        let label = self.book.label("network/emission");
        self.watcher().purse(purse, label);
    }

    /// Names the purse in which burned tokens lie, where bills burn any.
    fn name_burned_tokens(&mut self) {
        if let Some(purse) = self.protocol.billing().burned_purse() {
            let label = self.book.label("network/burned");
            self.watcher().purse(purse, label);
        }
    }

    fn set_the_clock(&mut self) {
        let scenario = Arc::clone(&self.scenario);
        for (number, dated) in scenario.timeline.iter().enumerate() {
            self.sim.at(dated.at, phase::TIMELINE, number as u64, Event::TimelineTurns(number as u32));
        }
        self.sim.after(Span::DAY, phase::CLOUD, 0, Event::CloudsRequote);
        self.sim.after(scenario.run.epoch, phase::EPOCH, 0, Event::EpochEnds);
    }
}

/// A lognormal factor with mean 1 and this standard deviation of its logarithm.
fn mean_one(sd: f64, u: f64) -> f64 {
    libm::exp(sd * normal_quantile(u) - 0.5 * sd * sd)
}
