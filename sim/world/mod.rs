//! The economy around the protocol: everything the network cannot see, and the loop that drives both.
//!
//! The files beside this one hold one part each and do not know each other; `steps/` holds what happens, one kind of
//! happening per file, as methods of [`World`].

pub mod awareness;
pub mod bonds;
pub mod book;
pub mod choice;
pub mod cloud;
pub mod event;
pub mod forecast;
pub mod machines;
pub mod origin;
pub mod outlook;
pub mod people;
pub mod physics;
pub mod renters;
pub mod shop;
pub mod steps;
pub mod team;
pub mod traced;
pub mod wallets;
pub mod worth;

use crate::engine::{EntityKey, Purpose, Simulation, Stream, Streams, Time};
use crate::scenario::Scenario;
use awareness::Spread;
use bonds::Bonds;
use book::{Book, Label};
use cloud::Offer;
use depin_protocol::command::Command;
use depin_protocol::effect::Effect;
use depin_protocol::ids::AccountId;
use depin_protocol::ledger::{Entry, Purse};
use depin_protocol::{Protocol, Rejection};
use event::{Event, phase};
use forecast::Estimate;
use machines::Machines;
use outlook::Outlook;
use people::People;
use renters::Class;
use shop::Counter;
use std::sync::Arc;
use team::Team;
use traced::Traced;
use worth::Worth;

/// Who watches. Nothing in the world or the protocol reads what a watcher makes of it.
pub trait Observer {
    /// A command was applied (or refused), with its effects.
    fn applied(
        &mut self,
        now: Time,
        command: &Command<'_>,
        result: Result<(), Rejection>,
        effects: &[Effect],
    );
    /// A posting in the world's own book, between the parties with these labels.
    fn posted(&mut self, now: Time, entry: &Entry, from: Label, to: Label);
    /// An account was opened for a party.
    fn account(&mut self, account: AccountId, purse: Purse, label: Label);
    /// A purse of the network's own has this label.
    fn purse(&mut self, _purse: Purse, _label: Label) {}
    /// Devices were listed by a member of this group (cohorts first, then farms).
    fn listed(&mut self, first: u32, count: u32, cards: u16, group: u16);
    /// Something dated happened; for the reader.
    fn mark(&mut self, now: Time, kind: &'static str, note: &str);
    /// An epoch has closed.
    fn epoch(&mut self, now: Time, scene: &Scene<'_>);
}

/// What a watcher may look at when an epoch closes: everything, truth included.
pub struct Scene<'a> {
    /// The instant.
    pub now: Time,
    /// The scenario.
    pub scenario: &'a Scenario,
    /// The protocol, with its audit view.
    pub protocol: &'a Protocol,
    /// The world's ledger.
    pub book: &'a Book,
    /// Hardware as it really is.
    pub machines: &'a Machines,
    /// Individuals.
    pub people: &'a People,
    /// Cloud offers, in the scenario's order.
    pub offers: &'a [Offer],
    /// Shops, in the scenario's order.
    pub counters: &'a [Counter],
    /// Renter classes.
    pub renters: &'a [Class],
    /// What became of the jobs of a trace.
    pub traced: Option<&'a Traced>,
    /// Publicly believed price, USD.
    pub believed_price: f64,
    /// Narrative index.
    pub narrative: f64,
    /// Public estimate of the season's weight.
    pub estimate: &'a Estimate,
    /// Zero-profit total weight at today's belief and cheapest way in (the rational benchmark).
    pub rational_total: f64,
    /// 99th percentile of the factor by which accounts gained from a recount, if there was one.
    pub recount_gain_p99: Option<f64>,
    /// Events executed so far.
    pub events: u64,
}

/// A group of individuals: a cohort or a kind of farm.
#[derive(Debug)]
pub struct Group {
    /// Key in the scenario.
    pub name: String,
    /// Who has heard.
    pub spread: Spread,
    /// Members.
    pub members: u32,
    /// Members who take part now.
    pub taking_part: u32,
    /// Label of their purses.
    pub label: Label,
}

/// The world of one replication.
pub struct World<O> {
    scenario: Arc<Scenario>,
    sim: Simulation<Event>,
    streams: Streams,
    protocol: Protocol,
    effects: Vec<Effect>,
    book: Book,
    machines: Machines,
    people: People,
    groups: Vec<Group>,
    offers: Vec<Offer>,
    providers: Vec<Purse>,
    counters: Vec<Counter>,
    vendors: Vec<Purse>,
    renters: Vec<Class>,
    /// Class of each job, and the number of the draw that it came from.
    job_classes: Vec<(u8, u64)>,
    /// Jobs of a trace, if there are any.
    traced: Option<Traced>,
    outlook: Outlook,
    estimate: Estimate,
    team: Team,
    bonds: Bonds,
    /// Cheapest way in, USD per unit of weight and hour.
    entry_cost: f64,
    /// Tokens an hour of a schedule's first epoch, as published; zero without a schedule.
    first_per_hour: f64,
    worth: Worth,
    /// Share of time that a device is believed to be hired.
    hired_share: f64,
    protocol_due: Time,
    /// Absent only while it looks at the scene.
    observer: Option<O>,
}

impl<O: Observer> World<O> {
    /// The instant of the running event.
    #[must_use]
    pub fn now(&self) -> Time {
        self.sim.now()
    }

    /// Runs until `horizon`; running to an earlier one first changes nothing.
    pub fn run_until(&mut self, horizon: Time, mut progress: impl FnMut(Time, u64)) {
        let mut count = 0u32;
        while let Some((now, event)) = self.sim.next(horizon) {
            self.handle(event);
            count += 1;
            if count == 65_536 {
                count = 0;
                progress(now, self.sim.executed());
            }
        }
    }

    /// Hands the watcher back, for the end of the run.
    ///
    /// # Panics
    /// When it was handed back before.
    pub fn release_watcher(&mut self) -> O {
        self.observer.take().expect("a watcher is handed back once")
    }

    /// Events executed so far.
    #[must_use]
    pub fn events(&self) -> u64 {
        self.sim.executed()
    }

    /// What a watcher may look at.
    #[must_use]
    pub fn scene(&self) -> Scene<'_> {
        let now = self.now();
        Scene {
            now,
            scenario: &self.scenario,
            protocol: &self.protocol,
            book: &self.book,
            machines: &self.machines,
            people: &self.people,
            offers: &self.offers,
            counters: &self.counters,
            renters: &self.renters,
            traced: self.traced.as_ref(),
            believed_price: self.outlook.price(&self.scenario.narrative, &self.scenario.token, now),
            narrative: self.outlook.narrative(&self.scenario.narrative, now),
            estimate: &self.estimate,
            rational_total: self.rational_total(),
            recount_gain_p99: self.team.recount_gain_p99,
            events: self.sim.executed(),
        }
    }

    fn handle(&mut self, event: Event) {
        match event {
            Event::TimelineTurns(entry) => self.timeline_turns(entry),
            Event::TriggerActs(trigger) => self.trigger_acts(trigger),
            Event::ProtocolIsDue => self.protocol_is_due(),
            Event::AnswersAreDue(round) => self.answers_are_due(round),
            Event::WorkerFails { machine, generation } => self.worker_fails(machine, generation),
            Event::WorkerReturns { machine, generation } => self.worker_returns(machine, generation),
            Event::OwnerNotices { machine, generation } => self.owner_notices(machine, generation),
            Event::RepairEnds(machine) => self.repair_ends(machine),
            Event::OwnerLearnsOfUpdate(person) => self.owner_learns_of_update(person),
            Event::OwnerSeesFlag(account) => self.owner_sees_flag(AccountId(account)),
            Event::OwnUseBegins(machine) => self.own_use_begins(machine),
            Event::OwnUseEnds(machine) => self.own_use_ends(machine),
            Event::MachineIsReady(holding) => self.machine_is_ready(holding),
            Event::TermEnds(holding) => self.term_ends(holding),
            Event::PersonDecides(person) => self.person_decides(person),
            Event::FarmWorks(person) => self.farm_works(person),
            Event::RenterMayArrive(class) => self.renter_may_arrive(class),
            Event::RenterComplains { job, lease } => self.renter_complains(job, lease),
            Event::TraceJobArrives => self.trace_job_arrives(),
            Event::TraceJobFinishes { job, lease } => self.trace_job_finishes(job, lease),
            Event::CloudsRequote => self.clouds_requote(),
            Event::QuestsAreDone => self.quests_are_done(),
            Event::StakeIsMinded(person) => self.stake_is_minded(person),
            Event::SlashIsReviewed(slash) => self.slash_is_reviewed(slash),
            Event::EpochEnds => self.epoch_ends(),
        }
    }

    /// The one way to the protocol: applies a command, shows it to the watcher, and reacts to its effects.
    fn apply(&mut self, command: Command<'_>) -> Result<(), Rejection> {
        let mut effects = std::mem::take(&mut self.effects);
        effects.clear();
        let now = self.now();
        let result = self.protocol.apply(now, command, &mut effects);
        self.watcher().applied(now, &command, result, &effects);
        let due = self.protocol.next_deadline();
        if due < self.protocol_due {
            self.protocol_due = due;
            self.sim.at(due, phase::PROTOCOL, 0, Event::ProtocolIsDue);
        }
        for &effect in &effects {
            self.react(effect);
        }
        self.effects = effects;
        result
    }

    fn protocol_is_due(&mut self) {
        if self.now() < self.protocol_due {
            return;
        }
        self.protocol_due = Time::NEVER;
        self.apply(Command::Advance).expect("time never runs backward");
    }

    fn react(&mut self, effect: Effect) {
        match effect {
            Effect::ChallengesIssued { round, beacon, due } => self.challenges_issued(round, beacon, due),
            Effect::ReauthenticationRequired => self.everyone_is_logged_out(),
            Effect::Quarantined(device) => {
                self.device_is_caught(device);
                self.owner_appeals(device);
            }
            Effect::Banned(device) => {
                self.owner_appeals(device);
                self.mind_stake_of(device);
            }
            Effect::Released(device) => self.mind_stake_of(device),
            Effect::Unstaked { staker, amount, .. } => self.stake_comes_back(staker, amount),
            Effect::SlashPending { slash, supplier, amount, .. } => {
                self.stake_is_seized(slash, supplier, amount)
            }
            Effect::SlashDropped(slash, amount) => self.slash_is_dropped(slash, amount),
            Effect::RegistrationRefused { count, .. } => self.team.refused += u64::from(count),
            Effect::Registered { count, .. } => self.team.registered += u64::from(count),
            Effect::JobStarted(job, lease) => self.job_started(job, lease),
            Effect::JobUnserved(job, _) => self.job_failed(job),
            Effect::JobRequeued(job) | Effect::JobHolds(job) => self.job_goes_on(job),
            Effect::LeaseEnded(_, job, outcome) => self.lease_ended(job, outcome),
            Effect::ChallengesJudged { passed, failed, .. } => self.team.judge(passed, failed),
            Effect::SeasonOpened(..) => {
                self.estimate.reset();
                self.team.opened_at = Some(self.now());
            }
            Effect::AccountFlagged(account, _) => self.account_is_flagged(account),
            Effect::SeasonCounted(season, _) => self.season_counted(season),
            _ => {}
        }
    }

    fn watcher(&mut self) -> &mut O {
        self.observer.as_mut().expect("the watcher is here but while it looks")
    }

    fn mark(&mut self, kind: &'static str, note: &str) {
        let now = self.now();
        self.watcher().mark(now, kind, note);
    }

    fn posted(&mut self, entry: &Entry) {
        let (now, from, to) = (self.now(), self.book.label_of(entry.from), self.book.label_of(entry.to));
        self.watcher().posted(now, entry, from, to);
    }

    fn account_opened(&mut self, account: AccountId, label: Label) {
        let purse = self.protocol.purse(account);
        self.watcher().account(account, purse, label);
    }

    fn stream(&self, purpose: Purpose, entity: EntityKey) -> Stream {
        self.streams.stream(purpose, entity)
    }

    /// Cohort of a group; `None` for a farm.
    fn cohort(&self, group: u16) -> Option<&crate::scenario::cohort::Cohort> {
        self.scenario.cohorts.get(group as usize)
    }
}
