//! Nothing is made or lost: every posting balances, and what everyone holds follows from the postings alone.

use std::collections::BTreeMap;
use std::sync::Arc;

use depin_protocol::Rejection;
use depin_protocol::command::Command;
use depin_protocol::effect::Effect;
use depin_protocol::ids::AccountId;
use depin_protocol::ledger::{Asset, Category, Entry, Purse};
use depin_sim::engine::Time;
use depin_sim::measure::record::Record;
use depin_sim::measure::recorder::Recorder;
use depin_sim::scenario::Scenario;
use depin_sim::world::book::Label;
use depin_sim::world::{Observer, Scene, World};

use crate::lab::{column, run, shipped, value};

/// Keeps its own books of both ledgers, and lets a recorder watch too.
struct Bookkeeper {
    recorder: Recorder,
    network: BTreeMap<Purse, [i128; 3]>,
    world: BTreeMap<Purse, i128>,
    paid_tokens: i128,
    minted: Option<Purse>,
    entries: u64,
    epochs: u64,
}

impl Bookkeeper {
    fn new(scenario: &Arc<Scenario>) -> Bookkeeper {
        Bookkeeper {
            recorder: Recorder::new(scenario),
            network: BTreeMap::new(),
            world: BTreeMap::new(),
            paid_tokens: 0,
            minted: None,
            entries: 0,
            epochs: 0,
        }
    }

    fn check_entry(&mut self, entry: &Entry) {
        assert!(entry.amount > 0, "{entry:?} moves nothing, or backward");
        assert_ne!(entry.from, entry.to, "{entry:?} pays itself");
        self.entries += 1;
    }
}

impl Observer for Bookkeeper {
    fn applied(
        &mut self,
        now: Time,
        command: &Command<'_>,
        result: Result<(), Rejection>,
        effects: &[Effect],
    ) {
        for effect in effects {
            let Effect::Posted(entry) = effect else { continue };
            self.check_entry(entry);
            let column = entry.asset as usize;
            self.network.entry(entry.from).or_default()[column] -= entry.amount;
            self.network.entry(entry.to).or_default()[column] += entry.amount;
            if entry.category == Category::Reward {
                assert_eq!(entry.asset, Asset::Token, "{entry:?}");
                let mint = *self.minted.get_or_insert(entry.from);
                assert_eq!(entry.from, mint, "rewards come from the mint");
                self.paid_tokens += entry.amount;
            }
        }
        self.recorder.applied(now, command, result, effects);
    }

    fn posted(&mut self, now: Time, entry: &Entry, from: Label, to: Label) {
        self.check_entry(entry);
        assert_eq!(entry.asset, Asset::Usd, "the world's book is in dollars");
        *self.world.entry(entry.from).or_default() -= entry.amount;
        *self.world.entry(entry.to).or_default() += entry.amount;
        self.recorder.posted(now, entry, from, to);
    }

    fn account(&mut self, account: AccountId, purse: Purse, label: Label) {
        self.recorder.account(account, purse, label);
    }

    fn listed(&mut self, first: u32, count: u32, cards: u16, group: u16) {
        self.recorder.listed(first, count, cards, group);
    }

    fn mark(&mut self, now: Time, kind: &'static str, note: &str) {
        self.recorder.mark(now, kind, note);
    }

    fn epoch(&mut self, now: Time, scene: &Scene<'_>) {
        self.epochs += 1;
        let ledger = scene.protocol.ledger();
        assert_eq!(ledger.recount(), [0; 3], "the network's ledger, counted afresh");
        assert_eq!(scene.book.recount(), [0; 3], "the world's book, counted afresh");
        let known = ledger.balances().len();
        let beyond = self.network.keys().find(|p| p.0 as usize >= known);
        assert_eq!(beyond, None, "a posting names a purse that was never opened");
        for (purse, balances) in ledger.balances().iter().enumerate() {
            let own = self.network.get(&Purse(purse as u32)).copied();
            assert_eq!(own.unwrap_or([0; 3]), *balances, "network purse {purse}");
        }
        for (&purse, &own) in &self.world {
            assert_eq!(own, scene.book.balance(purse), "world {purse:?}");
        }
        self.recorder.epoch(now, scene);
    }
}

/// Runs a scenario under the bookkeeper's eyes; `look` sees the end.
fn watched(scenario: &Arc<Scenario>, look: impl FnOnce(&Bookkeeper, &Scene<'_>)) -> Record {
    let mut world = World::new(Arc::clone(scenario), 0, Bookkeeper::new(scenario));
    world.run_until(Time::ZERO + scenario.run.duration, |_, _| {});
    world.settle_everyone();
    let keeper = world.release_watcher();
    look(&keeper, &world.scene());
    keeper.recorder.finish(&world.scene(), 0)
}

#[test]
fn balances_follow_from_the_postings_every_epoch_in_both_books() {
    for (name, days) in [("small", 40), ("staking", 90)] {
        let scenario = shipped(name, &[]);
        watched(&scenario, |keeper, _| {
            assert_eq!(keeper.epochs, days * 24);
            assert!(keeper.entries > 1000, "only {} postings: nothing was tested", keeper.entries);
        });
    }
}

#[test]
fn no_more_tokens_are_paid_than_the_pool_holds() {
    let scenario = shipped("small", &[]);
    let record = watched(&scenario, |keeper, _| {
        assert_eq!(keeper.paid_tokens, 30_000 * 100_000_000, "the pool, to the last unit");
    });
    assert!((value(&record, "rewards.paid_tokens") - 30_000.0).abs() < 1e-6);
    // Twice as much is promised as may be emitted: the cap holds.
    let scenario = shipped("small", &["protocol.season.emission_tokens=15_000"]);
    watched(&scenario, |keeper, _| {
        assert_eq!(keeper.paid_tokens, 15_000 * 100_000_000, "the cap, to the last unit");
    });
}

#[test]
fn each_cohorts_net_flow_is_what_its_members_hold() {
    net_flows_are_holdings(&shipped("small", &[]));
    net_flows_are_holdings(&shipped("staking", &["protocol.staking.stake_usd=25"]));
}

fn net_flows_are_holdings(scenario: &Arc<Scenario>) {
    let mut held: BTreeMap<(String, &str), i128> = BTreeMap::new();
    let record = watched(scenario, |_, scene| {
        for p in &scene.people.all {
            let group = p.group as usize;
            let cohorts = &scene.scenario.cohorts;
            let name = cohorts
                .get(group)
                .map_or_else(|| &scene.scenario.farms[group - cohorts.len()].name, |c| &c.name);
            let account = |asset| {
                let of = |a: &AccountId| scene.protocol.ledger().balance(scene.protocol.purse(*a), asset);
                p.accounts.iter().map(of).sum::<i128>()
            };
            let usd = account(Asset::Usd) + scene.book.balance(p.purse);
            *held.entry((name.clone(), "usd")).or_default() += usd;
            *held.entry((name.clone(), "token")).or_default() += account(Asset::Token);
            *held.entry((name.clone(), "points")).or_default() += account(Asset::Points);
        }
    });
    for ((name, asset), own) in held {
        let flows = record.flows.iter().filter(|f| f.asset == asset);
        let net: i128 =
            flows.map(|f| f.amount * (i128::from(f.payee == name) - i128::from(f.payer == name))).sum();
        assert_eq!(net, own, "{name} in {asset}");
    }
}

/// Everything priced in dollars, in a currency `k` of which make a dollar.
fn in_units_of(k: f64) -> Vec<String> {
    [
        ("token.believed_fdv_usd", 800_000_000.0),
        ("token.outcome_usd", 1.0),
        ("supply.gamers.labour_usd_hour", 5.0),
        ("supply.renters.labour_usd_hour", 5.0),
        ("supply.gamers.ask_usd_hour", 0.3),
        ("supply.renters.ask_usd_hour", 0.3),
        ("cloud.room.rent_usd_per_month", 400.0),
        ("sybil.slicer.budget_usd", 2000.0),
        ("sybil.slicer.identity_usd", 0.2),
        ("sybil.slicer.ask_usd_hour", 5.0),
        ("site.home.electricity_usd_kwh", 0.152),
        ("site.cloud.running_usd_month", 5.0),
    ]
    .iter()
    .map(|(key, usd)| format!("{key}={:?}", usd * k))
    .chain([(3000.0, 3000.0, "gamers"), (3000.0, 2000.0, "renters")].map(|(mean, sd, who)| {
        let (mean, sd) = (mean * k, sd * k);
        format!("supply.{who}.budget_usd={{ lognormal = {{ mean = {mean:?}, sd = {sd:?} }} }}")
    }))
    .collect()
}

#[test]
fn another_unit_of_money_changes_every_amount_by_its_factor_and_no_schedule() {
    let in_dollars: Vec<String> = in_units_of(1.0);
    let in_other: Vec<String> = in_units_of(4.0);
    let sets = |v: &[String]| run(&shipped("small", &v.iter().map(String::as_str).collect::<Vec<_>>()));
    let (dollars, other) = (sets(&in_dollars), sets(&in_other));
    for metric in ["supply.connected", "supply.verified", "demand.jobs_running", "cloud.occupancy"] {
        let group = if metric == "cloud.occupancy" { "room" } else { "" };
        assert_eq!(column(&dollars, metric, group), column(&other, metric, group), "{metric}");
    }
    assert_eq!(dollars.suppliers.len(), other.suppliers.len());
    for (a, b) in dollars.suppliers.iter().zip(&other.suppliers) {
        assert_eq!((&a.supplier, a.points, a.tokens), (&b.supplier, b.points, b.tokens));
        // Rates are rounded to a nano-dollar an hour and payments to a micro-dollar: a few units per payment.
        let spent = (b.spent_usd - 4 * a.spent_usd).abs();
        assert!(spent <= 200, "{}: {} and {}", a.supplier, a.spent_usd, b.spent_usd);
    }
}
