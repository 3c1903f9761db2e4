//! Renters come, ask, wait, run and remember.

use super::super::event::{Event, phase};
use super::super::renters::{BOUND_HOURS, Class, highest_rate, rate};
use super::super::{Observer, World};
use super::entry::MONTH_HOURS;
use super::purpose;
use crate::engine::{EntityKey, Span};
use crate::scenario::demand::PriceLimit;
use depin_protocol::command::{Command, JobRequest, Part};
use depin_protocol::effect::Outcome;
use depin_protocol::ids::{JobId, LeaseId, ModelId};
use depin_protocol::ledger::Asset;

impl<O: Observer> World<O> {
    pub(super) fn plan_arrival(&mut self, class: u32) {
        let spec = &self.scenario.renters[class as usize];
        let highest = highest_rate(spec, self.scenario.run.scale, self.now().0 as f64 / Span::HOUR.0 as f64);
        if highest.is_nan() || highest <= 0.0 {
            return;
        }
        let key = EntityKey::of("demand", &spec.stream, 0);
        let u = self.stream(purpose::ARRIVE, key).uniform(self.renters[class as usize].draws);
        // Thinned against today's bound for a week at most; then the bound is drawn anew (arrivals have no memory).
        let hours = -libm::log(u) / highest;
        let state = &mut self.renters[class as usize];
        state.bound = highest;
        state.redrawn = hours > BOUND_HOURS;
        let hours = hours.min(BOUND_HOURS);
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
        let (mood, bound, redrawn) = (state.mood * state.demand, state.bound, state.redrawn);
        let key = EntityKey::of("demand", &spec.stream, 0);
        let now_rate = rate(spec, mood, scenario.run.scale, hours, scenario.run.start);
        if !redrawn && self.stream(purpose::ACCEPT, key).uniform(index) * bound < now_rate {
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
        let price_limit = match spec.limit {
            PriceLimit::OfCloud { reference, share } => {
                let quote = self.offers[reference].quote as f64 / MONTH_HOURS;
                (quote * share).clamp(1.0, 4e9) as u32
            }
            PriceLimit::Fixed(micro_dollars) => micro_dollars,
        };
        let request = JobRequest {
            model: spec.hardware.map(|h| ModelId(h as u16)),
            min_memory_mb: (spec.min_memory_gb * 1000.0) as u32,
            cards,
            one_host: spec.one_host,
            min_tier: spec.min_tier,
            term: Span::from_hours(hours.clamp(spec.least_hours, 24.0 * 365.0)),
            price_limit,
            patience: Span::from_hours(patience),
            priority: spec.priority,
            interruptible: spec.interruptible,
            part: Part::default(),
        };
        let renter = self.renters[class as usize].account;
        let need = self.protocol.escrow(&request).expect("tokens have been quoted");
        self.bring(class as usize, need);
        let job = JobId(u32::try_from(self.job_classes.len()).expect("fewer than 2^32 jobs"));
        self.job_classes.push((class as u8, index));
        self.renters[class as usize].submitted += 1;
        self.renters[class as usize].wallet.expect(job, need);
        if self.apply(Command::SubmitJob { renter, request }).is_err() {
            self.job_classes.pop();
            self.renters[class as usize].submitted -= 1;
            self.renters[class as usize].wallet.settled(job);
        }
    }

    /// A class of renters brings what its jobs need that wait, and `more`, beside what it holds.
    fn bring(&mut self, class: usize, more: i128) {
        let Class { account, wallet, .. } = &self.renters[class];
        let account = *account;
        let in_tokens = self.scenario.rules.paid_in_tokens();
        let asset = if in_tokens { Asset::Token } else { Asset::Usd };
        let held = self.protocol.ledger().balance(self.protocol.purse(account), asset);
        let missing = wallet.missing(held, more);
        if missing == 0 {
            return;
        }
        let command = if in_tokens {
            Command::DepositTokens { account, tokens: missing }
        } else {
            Command::Deposit { account, usd: missing }
        };
        self.apply(command).expect("the renter's account exists");
    }

    /// An interrupted job will need money again.
    pub(in super::super) fn job_goes_on(&mut self, job: JobId) {
        if self.traced.is_some() {
            return;
        }
        let class = self.class_of(job);
        let need = self.protocol.escrow_of(job).expect("tokens have been quoted");
        self.renters[class].wallet.expect(job, need);
        self.bring(class, 0);
    }

    /// Says what a token is worth, where the scenario quotes it or the rules need to know, and has renters bring what that
    /// changes.
    pub(super) fn quote_token(&mut self) {
        let scenario = std::sync::Arc::clone(&self.scenario);
        let in_tokens = scenario.rules.paid_in_tokens();
        let believed = || self.outlook.price(&scenario.narrative, &scenario.token, self.now());
        let Some(usd) = self.outlook.quoted_usd.or_else(|| scenario.rules.needs_price().then(believed))
        else {
            return;
        };
        let micro_dollars = (usd * 1e6 + 0.5).clamp(1.0, 1e15) as u64;
        self.apply(Command::QuoteToken { micro_dollars }).expect("a price above zero");
        if !in_tokens {
            return;
        }
        for class in 0..self.renters.len() {
            for job in self.renters[class].wallet.waiting() {
                let need = self.protocol.escrow_of(job).expect("tokens have been quoted");
                self.renters[class].wallet.expect(job, need);
            }
            self.bring(class, 0);
        }
    }

    fn class_of(&self, job: JobId) -> usize {
        usize::from(self.job_classes[job.at()].0)
    }

    /// True while a lease holds devices.
    pub(super) fn runs_by(&self, lease: LeaseId) -> bool {
        !self.protocol.lease_devices(lease).is_empty()
    }

    /// A renter sees what its devices deliver: a slice delivers its share of a card. One that gets less than half of what
    /// it pays for says so, after half an hour on average (assumed).
    pub(in super::super) fn job_started(&mut self, job: JobId, lease: LeaseId) {
        if self.traced.is_some() {
            return self.trace_job_started(job, lease);
        }
        let class = self.class_of(job);
        self.renters[class].wallet.settled(job);
        let (mut claimed, mut delivered) = (0.0, 0.0);
        for device in self.protocol.lease_devices(lease) {
            let m = &self.machines.all[self.machines.of_device[device.at()] as usize];
            let model = self.protocol.model_of(device);
            claimed += f64::from(model.gflops);
            let card = &self.scenario.hardware[m.hardware as usize];
            let share = f64::from(m.cards) / f64::from(m.live.max(1));
            delivered += (card.tflops * 1000.0 * share.min(1.0)).min(f64::from(model.gflops));
        }
        if delivered < 0.5 * claimed {
            let turn = self.protocol.job(job).map_or(0, |job| u64::from(job.losses) + u64::from(job.stops));
            // By class and number of its draw, so that nobody else's jobs move this one's luck.
            let (class, index) = self.job_classes[job.at()];
            let key = EntityKey::of("demand", &self.scenario.renters[usize::from(class)].stream, 0);
            let u = self.stream(purpose::COMPLAIN, key).uniform(index << 16 | turn.min(0xFFFF));
            let after = Span::from_hours(-0.5 * libm::log(u)).max(Span::SECOND);
            let event = Event::RenterComplains { job: job.0, lease: lease.0 };
            self.sim.after(after, phase::RENTERS, u64::from(job.0), event);
        }
    }

    pub(in super::super) fn renter_complains(&mut self, job: u32, lease: u32) {
        if self.runs_by(LeaseId(lease)) {
            self.apply(Command::EndJob { job: JobId(job), satisfied: false }).expect("it runs");
        }
    }

    pub(in super::super) fn job_failed(&mut self, job: JobId) {
        let now = self.now();
        if let Some(traced) = &mut self.traced {
            return traced.ended(job, now);
        }
        let class = self.class_of(job);
        let memory = self.scenario.renters[class].memory;
        self.renters[class].wallet.settled(job);
        self.renters[class].disappointed(memory);
    }

    pub(in super::super) fn lease_ended(&mut self, job: JobId, outcome: Outcome) {
        let now = self.now();
        if matches!(outcome, Outcome::Interrupted | Outcome::Preempted) {
            // The job goes on: what its renter makes of it shows at its end (assumed).
            return;
        }
        if let Some(traced) = &mut self.traced {
            return traced.ended(job, now);
        }
        let class = self.class_of(job);
        let memory = self.scenario.renters[class].memory;
        match outcome {
            Outcome::Completed | Outcome::EndedEarly => self.renters[class].satisfied(memory),
            _ => self.renters[class].disappointed(memory),
        }
    }
}
