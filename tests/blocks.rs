//! A schedule in a running network: exact sums to the cap, whoever comes and goes, and what suppliers make of it.

use crate::lab::{column, run, shipped, text_of, value, written};
use crate::replay::{place, record};
use depin_protocol::Rejection;
use depin_protocol::command::Command;
use depin_protocol::effect::Effect;
use depin_protocol::ids::AccountId;
use depin_protocol::ledger::{Asset, Category, Entry, Purse};
use depin_protocol::units::{Span, TOKEN};
use depin_sim::engine::Time;
use depin_sim::measure::record::Record;
use depin_sim::measure::recorder::Recorder;
use depin_sim::scenario::Scenario;
use depin_sim::telemetry::replay::replay;
use depin_sim::world::book::Label;
use depin_sim::world::{Observer, Scene, World};
use std::collections::BTreeMap;
use std::sync::Arc;

/// 64 tokens an hour, halved every 200 hours, up to 23,003: at hour 675 there are 23,000 of them, and the next 8 are 3.
const HALVING: [&str; 3] = [
    "protocol.emission.epoch_seconds=3600",
    "protocol.emission.cap_tokens=23003",
    "protocol.emission.halving={ each_epoch_tokens = 64, halving_epochs = 200 }",
];

fn due_by(hour: u64) -> i128 {
    (0..hour).map(|epoch| (64i128 >> (epoch / 200)) * TOKEN).sum::<i128>().min(23_003 * TOKEN)
}

/// The small scenario without its season: only the schedule pays.
fn without_a_season(more: &[&str]) -> Arc<Scenario> {
    written(&small_without_a_season(more))
}

fn small_without_a_season(more: &[&str]) -> String {
    let text = text_of("small");
    let (head, tail) = text.split_once("[protocol.season]").expect("it has a season");
    let (_, tail) = tail.split_once("[protocol.verification.proof_of_work]").expect("it has a rule");
    let (tail, _) = tail.split_once("[[timeline]]").expect("it has a timeline");
    let mut text = format!("{head}[protocol.verification.proof_of_work]{tail}");
    text +=
        "[protocol.emission]\nepoch_seconds = 3600\n[protocol.emission.constant]\nper_epoch_tokens = 40\n";
    text + &more.join("\n")
}

/// Follows what a schedule mints and pays, and lets a recorder watch too.
struct Cashier {
    recorder: Recorder,
    /// Where the schedule's tokens wait, once there are any.
    purse: Option<Purse>,
    minted: i128,
    paid: i128,
    burned: i128,
    payments: BTreeMap<(Purse, u64), u32>,
    epochs: u64,
}

impl Observer for Cashier {
    fn applied(
        &mut self,
        now: Time,
        command: &Command<'_>,
        result: Result<(), Rejection>,
        effects: &[Effect],
    ) {
        for effect in effects {
            match *effect {
                Effect::Posted(entry) if entry.category == Category::Emission => {
                    self.purse = Some(entry.to);
                    self.minted += entry.amount;
                }
                Effect::Posted(entry) if Some(entry.from) == self.purse => {
                    assert_eq!(entry.category, Category::Reward, "nothing else leaves the purse");
                    self.paid += entry.amount;
                    *self.payments.entry((entry.to, now.0 / Span::DAY.0)).or_default() += 1;
                }
                Effect::EmissionReleased { burned, .. } => self.burned += burned,
                _ => {}
            }
        }
        self.recorder.applied(now, command, result, effects);
    }
    fn posted(&mut self, now: Time, entry: &Entry, from: Label, to: Label) {
        self.recorder.posted(now, entry, from, to);
    }
    fn account(&mut self, account: AccountId, purse: Purse, label: Label) {
        self.recorder.account(account, purse, label);
    }
    fn purse(&mut self, purse: Purse, label: Label) {
        self.recorder.purse(purse, label);
    }
    fn listed(&mut self, first: u32, count: u32, cards: u16, group: u16) {
        self.recorder.listed(first, count, cards, group);
    }
    fn mark(&mut self, now: Time, kind: &'static str, note: &str) {
        self.recorder.mark(now, kind, note);
    }
    fn epoch(&mut self, now: Time, scene: &Scene<'_>) {
        self.epochs += 1;
        let protocol = scene.protocol;
        let blocks = protocol.blocks().expect("it has a schedule");
        assert_eq!(protocol.ledger().recount(), [0; 3]);
        assert_eq!(blocks.released(), blocks.minted() + blocks.burned() + blocks.retained());
        assert_eq!((blocks.minted(), blocks.burned()), (self.minted, self.burned));
        let owed: i128 = (0..protocol.accounts()).map(|a| blocks.owed(AccountId(a))).sum();
        let held = protocol.ledger().balance(blocks.purse(), Asset::Token);
        assert_eq!((held, owed), (self.minted - self.paid, self.minted - self.paid));
        self.recorder.epoch(now, scene);
    }
}

fn watched(scenario: &Arc<Scenario>, look: impl FnOnce(&Cashier, &Scene<'_>)) -> Record {
    let recorder = Recorder::new(scenario);
    let payments = BTreeMap::new();
    let cashier = Cashier { recorder, purse: None, minted: 0, paid: 0, burned: 0, payments, epochs: 0 };
    let mut world = World::new(Arc::clone(scenario), 0, cashier);
    world.run_until(Time::ZERO + scenario.run.duration, |_, _| {});
    world.settle_everyone();
    let cashier = world.release_watcher();
    look(&cashier, &world.scene());
    cashier.recorder.finish(&world.scene(), 0)
}

#[test]
fn an_hourly_halving_beside_a_season_meets_its_cap_to_the_last_unit_and_is_paid_once_a_day() {
    let record = watched(&shipped("small", &HALVING), |cashier, scene| {
        assert_eq!(cashier.epochs, 960);
        assert_eq!(cashier.minted, 23_003 * TOKEN);
        assert_eq!(cashier.paid, 23_003 * TOKEN, "the last payment is at the end");
        assert!(cashier.payments.values().all(|count| *count == 1), "one posting per account and day");
        let left = scene.protocol.board().emission.expect("it is public").left;
        assert_eq!(left, Some(0));
    });
    assert_eq!(value(&record, "emission.released_tokens"), 23_003.0);
    assert_eq!(value(&record, "emission.minted_tokens"), 23_003.0);
    assert_eq!(value(&record, "emission.retained_tokens"), 0.0);
    assert_eq!(value(&record, "emission.owed_tokens"), 0.0);
    assert_eq!(value(&record, "token.supply_final"), 53_003.0);
    assert_eq!(value(&record, "protocol.burned_tokens"), 0.0);
    let released = column(&record, "emission.released", "");
    let exact = |hour: u64| due_by(hour) as f64 / TOKEN as f64;
    assert!((1..=960).all(|hour| released[hour as usize - 1] == exact(hour)));
    let by_epoch = column(&record, "emission.per_epoch", "");
    assert_eq!([by_epoch[0], by_epoch[199], by_epoch[200]], [64.0, 64.0, 32.0]);
    assert_eq!([by_epoch[674], by_epoch[675], by_epoch[676]], [8.0, 3.0, 0.0]);
    let emitted = record.flows.iter().filter(|flow| flow.category == "emission");
    assert_eq!(emitted.map(|flow| flow.amount).sum::<i128>(), 23_003 * TOKEN);
}

#[test]
fn a_network_at_a_third_of_its_size_mints_a_third_of_what_is_released() {
    let third = [&HALVING[..], &["run.scale=0.333333333333"]].concat();
    watched(&shipped("small", &third), |cashier, scene| {
        let blocks = scene.protocol.blocks().expect("it has a schedule");
        // 23,003 tokens × 0.333333333333, cut off once.
        assert_eq!(blocks.released(), 766_766_666_665);
        assert_eq!(cashier.minted + blocks.retained(), blocks.released());
    });
}

#[test]
fn whoever_comes_for_a_schedule_alone_is_paid_by_it() {
    let record = watched(&without_a_season(&[]), |cashier, scene| {
        let blocks = scene.protocol.blocks().expect("it has a schedule");
        assert_eq!(blocks.released(), 960 * 40 * TOKEN);
        assert!(cashier.payments.values().all(|count| *count == 1), "one posting per account and day");
    });
    assert!(value(&record, "supply.connected_peak") > 20.0);
    assert_eq!(value(&record, "rewards.paid_tokens"), 38_400.0);
    let shares: f64 = record.suppliers.iter().map(|s| s.tokens as f64 / TOKEN as f64).sum();
    assert!((shares - 38_400.0).abs() < 1e-6);
    // Neither a season nor a release, and nobody hopes: nobody comes.
    let later = without_a_season(&["[protocol.payments]\nbegins = 2029-01-01"]);
    assert_eq!(value(&run(&later), "supply.connected_peak"), 0.0);
}

#[test]
fn a_schedule_that_releases_more_draws_more_cards() {
    let cards = |tokens: u32| {
        let constant = format!("per_epoch_tokens = {tokens}");
        let text = small_without_a_season(&[]).replace("per_epoch_tokens = 40", &constant);
        value(&run(&written(&text)), "supply.connected_final")
    };
    let (few, many) = (cards(4), cards(400));
    assert!(few < many, "{few} and {many}");
}

#[test]
fn epochs_twice_as_long_release_the_same_in_all() {
    let total = |seconds: u64, tokens: u64| {
        let sets = [
            format!("protocol.emission.epoch_seconds={seconds}"),
            format!("protocol.emission.constant={{ per_epoch_tokens = {tokens} }}"),
        ];
        let record = run(&shipped("small", &[&sets[0], &sets[1]]));
        ["emission.released_tokens", "emission.minted_tokens"].map(|metric| value(&record, metric))
    };
    assert_eq!(total(3_600, 10), [9_600.0; 2]);
    assert_eq!(total(7_200, 20), [9_600.0; 2]);
    assert_eq!(total(1_800, 5), [9_600.0; 2]);
}

#[test]
fn vesting_locks_what_suppliers_have_earned_and_counts_it_as_theirs() {
    let vesting = "[protocol.payments.vesting]\nimmediate_share = 0.25\nover_days = 180\nstep_hours = 24";
    let record = watched(&without_a_season(&[vesting]), |_, _| {});
    let [paid, owed, locked] = ["rewards.paid_tokens", "emission.owed_tokens", "emission.locked_tokens"]
        .map(|metric| value(&record, metric));
    assert!((paid + owed - 38_400.0).abs() < 1e-6 && owed == locked, "{paid} {owed} {locked}");
    // Three quarters are locked, and of a day's the 180th part comes back each day: at most 40 of 180 of the oldest.
    assert!(paid > 0.25 * 38_400.0 && paid < (0.25 + 0.75 * 40.0 / 180.0) * 38_400.0, "{paid}");
    let whole = run(&without_a_season(&[]));
    let tokens = |record: &Record| record.suppliers.iter().map(|s| s.tokens).sum::<i128>();
    assert_eq!(tokens(&record), tokens(&whole), "locked or not, it is theirs");
}

#[test]
fn a_replay_comes_to_every_release_and_payment_again() {
    let folder = place("blocks");
    let vesting = "protocol.payments={ pay_every_hours = 12, vesting = { over_days = 10 } }";
    let sets = [&HALVING[..], &["run.record=events", vesting]].concat();
    let (world, _) = record(&shipped("small", &sets), &folder);
    let again = replay(&folder.join("events.jsonl.zst")).expect("it is a recording");
    assert_eq!((again.trouble.clone(), again.different), (None, 0), "{:?}", again.differences);
    let first = world.scene().protocol;
    assert_eq!(again.protocol.ledger().balances(), first.ledger().balances());
    let minted = |p: &depin_protocol::Protocol| p.blocks().map(depin_protocol::rewards::Blocks::minted);
    assert_eq!((minted(&again.protocol), minted(first)), (Some(23_003 * TOKEN), Some(23_003 * TOKEN)));
    let rows = &again.facts.releases;
    assert_eq!(rows.iter().map(|row| row.minted).sum::<i128>(), 23_003 * TOKEN);
    assert_eq!(rows.last().map(|row| (row.epochs, row.minted)), Some((676, 3 * TOKEN)));
}

#[test]
fn one_scenario_and_seed_is_one_digest_with_a_schedule_too() {
    let scenario = shipped("small", &HALVING);
    let digest = run(&scenario).digest;
    assert_eq!(digest, run(&scenario).digest);
    assert_ne!(digest, run(&shipped("small", &[])).digest);
}

#[test]
fn payments_without_a_schedule_and_dates_before_the_run_are_said() {
    let problems = |sets: &[&str]| {
        let sets: Vec<String> = sets.iter().map(|set| (*set).to_owned()).collect();
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/small.toml");
        let report = Scenario::load(std::path::Path::new(path), &sets).expect_err("it has problems");
        report.to_string()
    };
    let text = problems(&["protocol.payments={ pay_every_hours = 6 }"]);
    assert!(text.contains("protocol.payments"), "{text}");
    let text = problems(&[&HALVING[..], &["protocol.payments={ begins = 2020-01-01 }"]].concat());
    assert!(text.contains("before run.start"), "{text}");
}
