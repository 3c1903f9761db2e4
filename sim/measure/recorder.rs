//! The observer of a run: digest, audit, series by epoch, flows, and at the end one [`Record`].

use super::auditor::Auditor;
use super::collateral;
use super::digest::Digest;
use super::issuing;
use super::linkage::Links;
use super::little::Little;
use super::outcome;
use super::record::{Column, FlowRow, JobRow, Mark, Record, Series};
use super::steady::Steady;
use crate::engine::{Span, Time};
use crate::scenario::Scenario;
use crate::world::book::Label;
use crate::world::{Observer, Scene};
use depin_protocol::Rejection;
use depin_protocol::command::Command;
use depin_protocol::effect::{Effect, Outcome, Unserved};
use depin_protocol::ids::{AccountId, JobId};
use depin_protocol::ledger::{Asset, Category, Entry, Purse};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Counts over the whole run that no view of the protocol keeps.
#[derive(Clone, Debug, Default)]
pub struct Totals {
    /// Jobs submitted.
    pub jobs_submitted: u64,
    /// Jobs that ran to their end.
    pub jobs_completed: u64,
    /// Jobs that lost a device or were not delivered.
    pub jobs_failed: u64,
    /// Jobs that left without being served.
    pub jobs_unserved: u64,
    /// Jobs that left for want of money, or because their renter took them back.
    pub jobs_withdrawn: u64,
    /// Jobs started, each once.
    pub jobs_started: u64,
    /// Leases that lost a device while their jobs went on.
    pub interruptions: u64,
    /// Leases that were stopped for another job.
    pub preemptions: u64,
    /// Sum of the times from submission to completion, nanoseconds.
    pub turnaround_ns: u128,
    /// Sum of waiting times of started jobs, nanoseconds.
    pub waited_ns: u128,
    /// Waiting times of started jobs, hours.
    pub waits: Vec<f64>,
    /// Tokens that each purse was paid as rewards, base units.
    pub rewards: BTreeMap<Purse, i128>,
    /// Registrations refused.
    pub refused: u64,
    /// Devices quarantined at least once: truth of each is judged at the end.
    pub flagged: Vec<bool>,
    /// When the first false device was quarantined.
    pub first_flag: Option<Time>,
    /// Commands refused.
    pub rejections: u64,
    /// What linkage did.
    pub links: Links,
}

/// Watches one replication.
pub struct Recorder {
    scenario: Arc<Scenario>,
    digest: Digest,
    auditor: Auditor,
    totals: Totals,
    little: Little,
    steady: Option<Steady>,
    /// Jobs that have started at least once.
    started: Vec<bool>,
    flows: BTreeMap<(Asset, Category, String, String), i128>,
    party_of: Vec<Label>,
    book_flows: BTreeMap<(Category, Label, Label), i128>,
    protocol_flows: BTreeMap<(Asset, Category, Label, Label), i128>,
    series: Series,
    shares: Vec<f64>,
    /// Points of the open season so far: honest and all.
    points: [f64; 2],
    /// Points of the last whole day: honest and all.
    day: [f64; 2],
    /// Honest cards connected, summed over the samples of the running day, and how many.
    honest_cards: (f64, u32),
    /// Part of a day's score that one honest card earned.
    card_share: f64,
    marks: Vec<Mark>,
    epochs: u64,
    /// Tokens that a schedule had released by the latest epoch, base units.
    released: i128,
    groups: Vec<String>,
}

/// Label of purses that belong to the network itself.
const NETWORK: Label = Label::MAX;

impl Recorder {
    /// A watcher for one replication of a scenario.
    #[must_use]
    pub fn new(scenario: &Arc<Scenario>) -> Recorder {
        let groups: Vec<String> = scenario
            .cohorts
            .iter()
            .map(|c| c.name.clone())
            .chain(scenario.farms.iter().map(|f| f.name.clone()))
            .collect();
        Recorder {
            scenario: Arc::clone(scenario),
            digest: Digest::new(),
            auditor: Auditor::new(groups.len()),
            totals: Totals::default(),
            little: Little::default(),
            steady: Steady::of(scenario),
            started: Vec::new(),
            flows: BTreeMap::new(),
            party_of: Vec::new(),
            book_flows: BTreeMap::new(),
            protocol_flows: BTreeMap::new(),
            series: Series::default(),
            shares: vec![0.0; groups.len()],
            points: [0.0; 2],
            day: [0.0; 2],
            honest_cards: (0.0, 0),
            card_share: f64::NAN,
            marks: Vec::new(),
            epochs: 0,
            released: 0,
            groups,
        }
    }

    fn follow(&mut self, now: Time, effect: &Effect) {
        self.auditor.see(effect);
        self.totals.links.see(now, effect);
        match *effect {
            Effect::Posted(entry) => {
                let from = self.party(entry.from);
                let to = self.party(entry.to);
                *self.protocol_flows.entry((entry.asset, entry.category, from, to)).or_default() +=
                    entry.amount;
                if matches!(entry.category, Category::Reward | Category::Quest) {
                    *self.totals.rewards.entry(entry.to).or_default() += entry.amount;
                }
            }
            Effect::Quarantined(device) => {
                if self.totals.flagged.len() <= device.at() {
                    self.totals.flagged.resize(device.at() + 1, false);
                }
                self.totals.flagged[device.at()] = true;
                let group = self.auditor.group_of(device.at()) as usize;
                if group >= self.scenario.cohorts.len() && self.totals.first_flag.is_none() {
                    self.totals.first_flag = Some(now);
                }
            }
            Effect::RegistrationRefused { count, .. } => self.totals.refused += u64::from(count),
            Effect::JobQueued(job) => {
                self.little.enters(now, job);
                self.started.resize(job.at() + 1, false);
                self.totals.jobs_submitted += 1;
            }
            Effect::JobStarted(job, _) if !std::mem::replace(&mut self.started[job.at()], true) => {
                self.totals.jobs_started += 1;
                let waited = Span(self.little.since_entry(now, job));
                self.totals.waited_ns += u128::from(waited.0);
                self.totals.waits.push(waited.hours());
            }
            Effect::JobUnserved(job, why) => {
                self.little.leaves(now, job);
                self.unserved(why);
            }
            Effect::LeaseEnded(_, job, outcome) => self.lease_ended(now, job, outcome),
            _ => {}
        }
    }

    fn unserved(&mut self, why: Unserved) {
        *match why {
            Unserved::Abandoned => &mut self.totals.jobs_failed,
            Unserved::Withdrawn => &mut self.totals.jobs_withdrawn,
            Unserved::NoMatch | Unserved::Expired | Unserved::NoRoom => &mut self.totals.jobs_unserved,
        } += 1;
    }

    fn lease_ended(&mut self, now: Time, job: JobId, outcome: Outcome) {
        match outcome {
            Outcome::Completed | Outcome::EndedEarly => {
                self.totals.jobs_completed += 1;
                self.totals.turnaround_ns += u128::from(self.little.since_entry(now, job));
            }
            Outcome::DeviceLost | Outcome::NotDelivered => self.totals.jobs_failed += 1,
            Outcome::Interrupted => self.totals.interruptions += 1,
            Outcome::Preempted => self.totals.preemptions += 1,
        }
        if !matches!(outcome, Outcome::Interrupted | Outcome::Preempted) {
            self.little.leaves(now, job);
        }
    }

    fn party(&self, purse: Purse) -> Label {
        self.party_of.get(purse.0 as usize).copied().unwrap_or(NETWORK)
    }

    fn put(&mut self, metric: &'static str, unit: &'static str, group: &str, value: f64) {
        let row = self.series.unix_s.len() - 1;
        let found = self.series.columns.iter_mut().find(|c| c.metric == metric && c.group == group);
        let column = match found {
            Some(column) => column,
            None => {
                self.series.columns.push(Column {
                    metric,
                    unit,
                    group: group.to_owned(),
                    values: vec![f64::NAN; row],
                });
                self.series.columns.last_mut().expect("just pushed")
            }
        };
        column.values.push(value);
    }

    /// Points of the open season by group, once a day: the one pass over devices that a plot needs.
    fn weigh_groups(&mut self, scene: &Scene<'_>) {
        let points = scene.protocol.open_points();
        let mut sums = vec![0u128; self.groups.len()];
        for (points, group) in points.iter().zip(self.auditor.groups()) {
            sums[*group as usize] += u128::from(*points);
        }
        let all: u128 = sums.iter().sum();
        let honest: u128 = sums.iter().take(self.scenario.cohorts.len()).sum();
        let now = [honest as f64 / 1e6, all as f64 / 1e6];
        for (i, new) in now.into_iter().enumerate() {
            // A new season begins at zero.
            self.day[i] = if new < self.points[i] { new } else { new - self.points[i] };
        }
        self.points = now;
        let cards = self.honest_cards.0 / f64::from(self.honest_cards.1.max(1));
        self.honest_cards = (0.0, 0);
        let earned = self.day[0] / self.day[1] / cards;
        self.card_share = if earned.is_finite() { earned } else { f64::NAN };
        for (share, sum) in self.shares.iter_mut().zip(&sums) {
            *share = if all == 0 { f64::NAN } else { *sum as f64 / all as f64 };
        }
    }

    fn sample(&mut self, now: Time, scene: &Scene<'_>) {
        self.series.unix_s.push(self.scenario.run.unix_s(now));
        let audit = scene.protocol.audit();
        let scenario = Arc::clone(&self.scenario);
        let connected = self.auditor.connected_cards();
        self.put("supply.connected", "cards", "", connected as f64);
        self.put("supply.displayed", "cards", "", scene.protocol.board().displayed_cards as f64);
        self.put("supply.verified", "cards", "", audit.verified_cards as f64);
        self.put("supply.deployable", "cards", "", audit.deployable_cards as f64);
        self.put("supply.real", "cards", "", scene.machines.real_connected as f64);
        for group in 0..self.groups.len() {
            let name = self.groups[group].clone();
            let (online, share) = (self.auditor.connected[group] as f64, self.shares[group]);
            self.put("supply.connected_by", "cards", &name, online);
            self.put("points.share", "share", &name, share);
        }
        for (offer, spec) in scene.offers.iter().zip(&scenario.clouds) {
            self.put("cloud.quote_usd_month", "USD per card and month", &spec.name, offer.quote as f64 / 1e6);
            self.put("cloud.occupancy", "share", &spec.name, offer.occupancy(spec));
        }
        for (counter, spec) in scene.counters.iter().zip(&scenario.shops) {
            self.put("shop.price_usd", "USD", &spec.name, counter.price(spec) as f64 / 1e6);
        }
        let honest_cards: u64 = self.auditor.connected.iter().take(scenario.cohorts.len()).sum();
        self.honest_cards.0 += honest_cards as f64;
        self.honest_cards.1 += 1;
        let (total, day, card_share) = (self.points[1], self.day[1], self.card_share);
        self.put("points.total", "points", "", total);
        self.put("points.per_day", "points", "", day);
        self.put("points.per_honest_card", "millionths of the day's score", "", card_share * 1e6);
        self.put("points.rational_total", "weight-hours", "", scene.rational_total);
        self.put("points.outsiders_estimate", "weight-hours", "", scene.estimate.accrued);
        self.put("token.believed_price_usd", "USD", "", scene.believed_price);
        self.put("narrative.index", "index", "", scene.narrative);
        self.put("demand.jobs_running", "jobs", "", audit.jobs_running as f64);
        if let Some(usd) = collateral::locked_usd(scene) {
            self.put("staking.locked_usd", "USD", "", usd);
        }
        for (metric, tokens) in issuing::sample(scene, &mut self.released).into_iter().flatten() {
            self.put(metric, "tokens", "", tokens);
        }
    }

    /// Everything that was seen, as one record. Call it once, after the run.
    #[must_use]
    pub fn finish(mut self, scene: &Scene<'_>, replication: u32) -> Record {
        self.auditor.compare(scene.protocol.ledger().balances());
        self.little.close(scene.now);
        let steady = self.steady.take().map_or_else(Vec::new, Steady::finish);
        self.flows = self.name_flows(scene);
        let suppliers = outcome::suppliers(scene, &self.totals);
        let mut metrics =
            outcome::metrics(scene, &self.totals, &self.auditor, &self.series, &suppliers, &self.flows);
        for settled in &steady {
            outcome::put(&mut metrics, settled.found.name.clone(), settled.found.unit, settled.found.value);
        }
        for account in 0..scene.protocol.accounts() {
            let purse = scene.protocol.purse(AccountId(account));
            for asset in [Asset::Usd, Asset::Token, Asset::Points] {
                self.digest.add(&scene.protocol.ledger().balance(purse, asset));
            }
        }
        for p in &scene.people.all {
            self.digest.add(&(p.spent, p.salvage, p.machines_ever, p.machines));
        }
        let flows = self
            .flows
            .iter()
            .map(|((asset, category, payer, payee), amount)| FlowRow {
                payer: payer.clone(),
                payee: payee.clone(),
                category: category_name(*category),
                asset: asset_name(*asset),
                amount: *amount,
                decimals: if *asset == Asset::Token { 8 } else { 6 },
            })
            .collect();
        Record {
            replication,
            digest: self.digest.finish(),
            metrics,
            series: self.series,
            suppliers,
            flows,
            marks: self.marks,
            jobs: jobs(scene),
            steady,
            events: scene.events,
        }
    }

    fn name_flows(&self, scene: &Scene<'_>) -> BTreeMap<(Asset, Category, String, String), i128> {
        let name = |label: Label| {
            scene.book.labels.get(label as usize).cloned().unwrap_or_else(|| "network".to_owned())
        };
        let mut flows = BTreeMap::new();
        for (&(category, from, to), &amount) in &self.book_flows {
            *flows.entry((Asset::Usd, category, name(from), name(to))).or_default() += amount;
        }
        for (&(asset, category, from, to), &amount) in &self.protocol_flows {
            let (mut payer, mut payee) = (name(from), name(to));
            // Suppliers come and go through the door that the world's book shows from its other side.
            let own = |party: &String| self.groups.contains(party);
            match category {
                Category::Funding if own(&payee) => payer = "network/deposits".to_owned(),
                Category::Funding => payer = "own means".to_owned(),
                Category::Withdrawal if own(&payer) => payee = "network/deposits".to_owned(),
                _ => {}
            }
            *flows.entry((asset, category, payer, payee)).or_default() += amount;
        }
        flows
    }
}

impl Observer for Recorder {
    fn applied(
        &mut self,
        now: Time,
        command: &Command<'_>,
        result: Result<(), Rejection>,
        effects: &[Effect],
    ) {
        self.digest.add(&now);
        self.digest.add(command);
        if result.is_err() {
            self.digest.add(&result);
            self.totals.rejections += 1;
        }
        for effect in effects {
            self.digest.add(effect);
            self.follow(now, effect);
        }
        if let Some(steady) = &mut self.steady {
            steady.see(now, command, effects);
        }
    }

    fn posted(&mut self, now: Time, entry: &Entry, from: Label, to: Label) {
        self.digest.add(&(now, *entry));
        *self.book_flows.entry((entry.category, from, to)).or_default() += entry.amount;
    }

    fn account(&mut self, _account: AccountId, purse: Purse, label: Label) {
        self.purse(purse, label);
    }

    fn purse(&mut self, purse: Purse, label: Label) {
        let at = purse.0 as usize;
        if self.party_of.len() <= at {
            self.party_of.resize(at + 1, NETWORK);
        }
        self.party_of[at] = label;
    }

    fn listed(&mut self, first: u32, count: u32, cards: u16, group: u16) {
        self.auditor.listed(first, count, cards, group);
    }

    fn mark(&mut self, now: Time, kind: &'static str, note: &str) {
        self.marks.push(Mark { unix_s: self.scenario.run.unix_s(now), kind, note: note.to_owned() });
    }

    fn epoch(&mut self, now: Time, scene: &Scene<'_>) {
        let audit = scene.protocol.audit();
        assert_eq!(
            audit.connected_cards,
            self.auditor.connected_cards(),
            "supply by effects differs from the protocol's"
        );
        assert_eq!(audit.recount, [0; 3], "the protocol's ledger does not balance");
        if self.epochs.is_multiple_of(24) {
            self.weigh_groups(scene);
        }
        self.epochs += 1;
        self.sample(now, scene);
    }
}

fn asset_name(asset: Asset) -> &'static str {
    match asset {
        Asset::Usd => "usd",
        Asset::Token => "token",
        Asset::Points => "points",
    }
}

/// Name of a category in tables.
#[must_use]
pub fn category_name(category: Category) -> &'static str {
    match category {
        Category::Funding => "funding",
        Category::Withdrawal => "withdrawal",
        Category::Escrow => "escrow",
        Category::LeasePay => "lease_pay",
        Category::Fee => "fee",
        Category::Refund => "refund",
        Category::PointsCounted => "points_counted",
        Category::PointsReversed => "points_reversed",
        Category::Reward => "reward",
        Category::CloudRent => "cloud_rent",
        Category::HardwarePurchase => "hardware_purchase",
        Category::HardwareResale => "hardware_resale",
        Category::Power => "power",
        Category::Operations => "operations",
        Category::TokenSale => "token_sale",
        Category::Stake => "stake",
        Category::Unstake => "unstake",
        Category::Slash => "slash",
        Category::Emission => "emission",
        Category::Burn => "burn",
        Category::Quest => "quest",
    }
}

/// What became of the jobs of a trace.
fn jobs(scene: &Scene<'_>) -> Vec<JobRow> {
    let (Some(demand), Some(traced)) = (&scene.scenario.cluster.demand, scene.traced) else {
        return Vec::new();
    };
    let hosts = &scene.scenario.cluster.hosts;
    let row = |row: &crate::world::traced::Row| {
        let job = traced.job(row.index);
        let devices = row.devices.iter();
        JobRow {
            id: job.id.clone(),
            submit: demand.unit.text(row.submit.0),
            start: row.start.map_or_else(String::new, |t| demand.unit.text(t.0)),
            finish: row.finish.map_or_else(String::new, |t| demand.unit.text(t.0)),
            procs: job.procs,
            devices: devices
                .map(|(device, cards)| (hosts[device.at()].name.clone(), cards.clone()))
                .collect(),
        }
    };
    traced.rows().iter().map(row).collect()
}
