//! Renters come, ask, wait, run and remember.

use super::super::event::{Event, phase};
use super::super::renters::{highest_rate, rate};
use super::super::{Observer, World};
use super::entry::MONTH_HOURS;
use super::purpose;
use crate::engine::{EntityKey, Span};
use depin_protocol::command::{Command, JobRequest};
use depin_protocol::effect::Outcome;
use depin_protocol::ids::{JobId, ModelId};

impl<O: Observer> World<O> {
    pub(super) fn plan_arrival(&mut self, class: u32) {
        let spec = &self.scenario.renters[class as usize];
        let highest = highest_rate(
            spec,
            self.scenario.run.scale,
            self.now().0 as f64 / Span::HOUR.0 as f64,
        );
        if highest <= 0.0 {
            return;
        }
        let key = EntityKey::of("demand", &spec.stream, 0);
        let u = self
            .stream(purpose::ARRIVE, key)
            .uniform(self.renters[class as usize].draws);
        let hours = -libm::log(u) / highest;
        self.sim.after(
            Span::from_hours(hours),
            phase::RENTERS,
            u64::from(class),
            Event::RenterMayArrive(class),
        );
    }

    /// One point of the bounding Poisson process: accepted with the probability rate ÷ bound (Lewis and Shedler).
    pub(in super::super) fn renter_may_arrive(&mut self, class: u32) {
        let scenario = std::sync::Arc::clone(&self.scenario);
        let spec = &scenario.renters[class as usize];
        let hours = self.now().0 as f64 / Span::HOUR.0 as f64;
        let state = &mut self.renters[class as usize];
        let index = state.draws;
        state.draws += 1;
        let mood = state.mood;
        let key = EntityKey::of("demand", &spec.stream, 0);
        let bound = highest_rate(spec, scenario.run.scale, hours);
        let now_rate = rate(spec, mood, scenario.run.scale, hours, scenario.run.start);
        if self.stream(purpose::ACCEPT, key).uniform(index) * bound < now_rate {
            self.submit(class, index);
        }
        self.plan_arrival(class);
    }

    fn submit(&mut self, class: u32, index: u64) {
        let scenario = std::sync::Arc::clone(&self.scenario);
        let spec = &scenario.renters[class as usize];
        let key = EntityKey::of("demand", &spec.stream, 0);
        let draw = |world: &Self, p| world.stream(p, key).uniform(index);
        let hours = spec.hours.sample(draw(self, purpose::HOURS));
        let cards = libm::ceil(spec.cards.sample(draw(self, purpose::CARDS))).clamp(1.0, 1e6) as u32;
        let patience = spec.patience.sample(draw(self, purpose::PATIENCE));
        let quote = self.offers[spec.reference].quote as f64 / MONTH_HOURS;
        let price_limit = (quote * spec.price_share).clamp(1.0, 4e9) as u32;
        let request = JobRequest {
            model: spec.hardware.map(|h| ModelId(h as u16)),
            min_memory_mb: (spec.min_memory_gb * 1000.0) as u32,
            cards,
            one_host: spec.one_host,
            min_tier: spec.min_tier,
            term: Span::from_hours(hours.clamp(1.0 / 60.0, 24.0 * 365.0)),
            price_limit,
            patience: Span::from_hours(patience),
        };
        let renter = self.renters[class as usize].account;
        // The renter brings what the dearest outcome would cost, fees and minimum hour included.
        let most = f64::from(price_limit) * f64::from(cards) * hours.max(1.0);
        let usd = (most * 1.1) as i128 + 1_000_000;
        self.apply(Command::Deposit { account: renter, usd })
            .expect("the renter's account exists");
        self.job_classes.push(class as u8);
        self.renters[class as usize].submitted += 1;
        if self.apply(Command::SubmitJob { renter, request }).is_err() {
            self.job_classes.pop();
            self.renters[class as usize].submitted -= 1;
        }
    }

    pub(in super::super) fn job_failed(&mut self, job: JobId) {
        let class = self.job_classes[job.at()] as usize;
        let memory = self.scenario.renters[class].memory;
        self.renters[class].disappointed(memory);
    }

    pub(in super::super) fn lease_ended(&mut self, job: JobId, outcome: Outcome) {
        let class = self.job_classes[job.at()] as usize;
        let memory = self.scenario.renters[class].memory;
        match outcome {
            Outcome::Completed | Outcome::EndedEarly => self.renters[class].satisfied(memory),
            Outcome::DeviceLost | Outcome::NotDelivered => self.renters[class].disappointed(memory),
        }
    }
}
