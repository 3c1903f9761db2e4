//! Schedules at work, by economic situation: hourly releases, long and short epochs, nobody there, a cap reached.

use super::*;
use crate::billing::TokenRate;
use crate::emission::{
    ConstantSpec, Limits, NetEmissionsSpec, ScheduleSpec, SettlementSpec, net_emissions::Remint,
};
use crate::rewards::{Draw, EpochRecord, Leftover, PayLimits, RewardRule};
use crate::units::{TOKEN, USD};

/// A rule that takes so much of every offer, burns so much, and limits what a device gets.
#[derive(Debug)]
struct Plain {
    take: Amount,
    burn: Amount,
    per_device: Option<Amount>,
    in_dollars: bool,
}

const ALL: Plain = Plain { take: Amount::MAX, burn: 0, per_device: None, in_dollars: false };

impl RewardRule for Plain {
    fn name(&self) -> &'static str {
        "plain"
    }
    fn weigh(&mut self, _record: &EpochRecord<'_>, _weights: &mut [u64]) {}
    fn draw(&self, _offer: &Offer) -> Draw {
        Draw { pay: self.take, burn: self.burn }
    }
    fn limits(&self) -> PayLimits {
        PayLimits { per_device: self.per_device, per_account: None, leftover: Leftover::Retain }
    }
    fn activity(&self, points: u128) -> Activity {
        let owed_usd = Amount::try_from(points).expect("few dollars") * Amount::from(self.in_dollars);
        Activity { owed_usd, ..Activity::default() }
    }
}

/// Two accounts, one device each, and a network that closes its books every hour.
struct Network {
    blocks: Blocks,
    rule: Plain,
    price: Option<TokenRate>,
    burned: Amount,
    ledger: Ledger,
    mint: Purse,
    purses: Vec<Purse>,
    effects: Vec<Effect>,
    hours: u64,
}

fn constant(per_epoch: Amount) -> ScheduleSpec {
    ScheduleSpec::Constant(ConstantSpec { per_epoch })
}

fn network(schedule: &ScheduleSpec, limits: Limits, change: impl FnOnce(&mut BlockSpec)) -> Network {
    let mut spec = BlockSpec {
        issuance: Issuance::new(schedule.build(), limits),
        unit: Denomination::whole(8),
        epoch: Span::HOUR,
        begins: Time::ZERO,
        pay_every: Span::DAY,
        vesting: None,
    };
    change(&mut spec);
    let mut ledger = Ledger::default();
    let mint = ledger.open_unlimited();
    let purses = vec![ledger.open(), ledger.open()];
    let blocks = Blocks::open(spec, &mut ledger);
    let (effects, price) = (Vec::new(), None);
    Network { blocks, rule: ALL, price, burned: 0, ledger, mint, purses, effects, hours: 0 }
}

fn plain(schedule: &ScheduleSpec) -> Network {
    network(schedule, Limits::default(), |_| {})
}

const ACCOUNTS: [AccountId; 2] = [AccountId(0), AccountId(1)];

impl Network {
    fn hour(&mut self, weights: [u64; 2]) {
        self.hours += 1;
        let now = Time::ZERO + Span::HOUR.times(self.hours);
        self.blocks.accrue(now, &weights, |_| false);
        let owners = Owners { account: &ACCOUNTS, flags: &[0, 0], purses: &self.purses, mint: self.mint };
        let payer = Payer { rule: &self.rule, price: self.price };
        let closing = Closing { now, payer, bonded: 0, burned: self.burned, owners };
        self.blocks.close(&closing, &mut self.ledger, &mut self.effects);
        let owed: Amount = ACCOUNTS.iter().map(|account| self.blocks.owed(*account)).sum();
        assert_eq!(self.ledger.recount(), [0; 3]);
        assert_eq!(self.ledger.balance(self.blocks.purse(), Asset::Token), owed);
        let b = &self.blocks;
        assert_eq!(b.released(), b.minted() + b.burned() + b.retained());
    }

    fn hours(&mut self, count: u64, weights: [u64; 2]) {
        for _ in 0..count {
            self.hour(weights);
        }
    }

    fn balances(&self) -> [Amount; 2] {
        [0, 1].map(|i| self.ledger.balance(self.purses[i], Asset::Token))
    }

    fn earned(&self) -> [Amount; 2] {
        let balances = self.balances();
        [0, 1].map(|i| balances[i] + self.blocks.owed(ACCOUNTS[i]))
    }
}

#[test]
fn hourly_releases_are_shared_by_the_hours_weights_and_paid_once_a_day() {
    let mut n = plain(&constant(8));
    n.hours(12, [1, 3]);
    n.hours(11, [3, 1]);
    assert_eq!((n.balances(), n.earned()), ([0, 0], [12 * 2 + 11 * 6, 12 * 6 + 11 * 2]));
    n.hour([3, 1]);
    assert_eq!(n.balances(), [96, 96]);
    let payments = |e: &&Effect| matches!(e, Effect::Posted(entry) if entry.category == Category::Reward);
    assert_eq!(n.effects.iter().filter(payments).count(), 2, "one posting per account and day");
    let mints = |e: &&Effect| matches!(e, Effect::Posted(entry) if entry.category == Category::Emission);
    assert_eq!(n.effects.iter().filter(mints).count(), 24, "one posting per release");
}

#[test]
fn epochs_twice_as_long_with_twice_the_tokens_pay_steady_workers_the_same() {
    let mut short = plain(&constant(30 * TOKEN));
    let mut long = network(&constant(60 * TOKEN), Limits::default(), |spec| spec.epoch = Span::HOUR.times(2));
    short.hours(48, [1, 2]);
    long.hours(48, [1, 2]);
    assert_eq!(short.balances(), [480 * TOKEN, 960 * TOKEN]);
    assert_eq!(long.balances(), short.balances());
    assert_eq!((long.blocks.issuance().passed(), short.blocks.issuance().passed()), (24, 48));
}

#[test]
fn a_long_epoch_is_shared_by_all_its_hours_and_not_by_the_last() {
    let mut n = network(&constant(100), Limits::default(), |spec| spec.epoch = Span::HOUR.times(4));
    n.hours(3, [1, 0]);
    assert_eq!(n.effects, [], "the epoch has not ended");
    n.hour([0, 1]);
    assert_eq!(n.earned(), [75, 25]);
}

#[test]
fn short_epochs_are_released_together_at_the_close_in_which_they_end() {
    let mut n = network(&constant(9), Limits::default(), |spec| spec.epoch = Span::MINUTE.times(40));
    let ended: Vec<u64> = (0..4)
        .map(|_| {
            n.hour([1, 0]);
            n.blocks.issuance().passed()
        })
        .collect();
    // 40 minutes; 80 and 120; 160; 200 and 240.
    assert_eq!((ended, n.earned()), (vec![1, 3, 4, 6], [54, 0]));
    assert_eq!(
        n.blocks.notice().latest,
        Some(Release { over: Span::MINUTE.times(80), released: 18, minted: 18 })
    );
}

#[test]
fn what_is_released_to_an_empty_network_falls_to_the_first_who_comes() {
    let mut n = plain(&constant(10));
    n.hours(5, [0, 0]);
    assert_eq!((n.blocks.minted(), n.blocks.retained()), (0, 50));
    n.hour([0, 1]);
    assert_eq!((n.earned(), n.blocks.retained()), ([0, 60], 0));
}

#[test]
fn a_cap_reached_during_the_run_is_minted_to_the_last_unit_and_no_further() {
    let limits = Limits { cap: Some(100), ..Limits::default() };
    let mut n = network(&constant(30), limits, |_| {});
    n.hours(30, [1, 1]);
    assert_eq!((n.earned(), n.blocks.minted()), ([50, 50], 100));
    let releases = n.effects.iter().filter(|e| matches!(e, Effect::EmissionReleased { .. })).count();
    assert_eq!((releases, n.blocks.notice().left), (4, Some(0)), "nothing is told of what releases nothing");
}

#[test]
fn a_third_of_a_network_mints_a_third_of_the_cap_though_no_hour_divides() {
    let limits = Limits { cap: Some(1_000), ..Limits::default() };
    let mut n = network(&constant(10), limits, |spec| spec.unit = Denomination::new(8, (1, 3)));
    n.hour([1, 0]);
    n.hour([1, 0]);
    n.hour([1, 0]);
    assert_eq!(n.blocks.minted(), 10, "3, 3 and 4");
    n.hours(97, [1, 0]);
    assert_eq!(n.blocks.minted(), 333);
}

#[test]
fn what_a_rule_burns_is_never_minted_and_leaves_the_supply() {
    let limits = Limits { starting_supply: 500, ..Limits::default() };
    let mut n = network(&constant(100), limits, |_| {});
    n.rule = Plain { take: 60, burn: 30, ..ALL };
    n.hour([1, 1]);
    let told = Effect::EmissionReleased { epochs: 1, minted: 60, burned: 30, retained: 10 };
    assert_eq!(n.effects.last(), Some(&told));
    assert_eq!((n.ledger.balance(n.mint, Asset::Token), n.blocks.issuance().supply()), (-60, 570));
    n.hour([1, 1]);
    let told = Effect::EmissionReleased { epochs: 2, minted: 60, burned: 30, retained: 20 };
    assert_eq!(n.effects.last(), Some(&told), "110 were on offer");
}

#[test]
fn tokens_that_holders_burned_are_told_to_the_schedule_once() {
    let net = NetEmissionsSpec { fixed: Box::new(constant(10)), remint: Remint::Uncapped };
    let mut n = network(&ScheduleSpec::NetEmissions(net), Limits::default(), |spec| {
        spec.epoch = Span::MINUTE.times(30);
        spec.unit = Denomination::new(8, (1, 2));
    });
    n.hour([1, 0]);
    assert_eq!(n.blocks.minted(), 10, "twice ten, of which a half");
    n.burned = 7;
    n.hour([1, 0]);
    // The whole network burned 14: 7 in each of two epochs, minted again.
    assert_eq!((n.blocks.issuance().issued(), n.blocks.minted()), (20 + 34, 27));
    n.hour([1, 0]);
    assert_eq!(n.blocks.issuance().issued(), 74);
}

#[test]
fn dollars_owed_are_paid_in_tokens_at_the_days_price() {
    let mut n = plain(&ScheduleSpec::Settlement(SettlementSpec { decimals: 8 }));
    n.rule.in_dollars = true;
    let usd = USD as u64;
    n.hour([usd, usd]);
    assert_eq!(n.blocks.minted(), 0, "nobody knows a price");
    n.price = TokenRate::new(4_000_000);
    n.hour([3 * usd, usd]);
    assert_eq!(n.earned(), [TOKEN * 3 / 4, TOKEN / 4]);
}

#[test]
fn a_purge_takes_the_running_epoch_and_leaves_what_was_released() {
    let mut n = network(&constant(100), Limits::default(), |spec| spec.epoch = Span::HOUR.times(2));
    n.hours(3, [1, 1]);
    n.blocks.purge(&[DeviceId(0), DeviceId(9)]);
    n.hour([0, 1]);
    assert_eq!(n.earned(), [50, 150]);
}

#[test]
fn a_limit_for_one_device_keeps_the_rest_for_the_next_release() {
    let mut n = plain(&constant(100));
    n.rule.per_device = Some(20);
    n.hours(2, [3, 1]);
    assert_eq!((n.earned(), n.blocks.retained()), ([40, 40], 120));
}

#[test]
fn a_schedule_that_begins_later_counts_no_work_before() {
    let mut n = network(&constant(10), Limits::default(), |spec| {
        spec.begins = Time::ZERO + Span::HOUR.times(3);
        spec.pay_every = Span::HOUR.times(2);
    });
    n.hours(3, [5, 0]);
    assert_eq!((n.blocks.released(), n.blocks.notice().latest), (0, None));
    n.hour([0, 5]);
    assert_eq!((n.earned(), n.balances()), ([0, 10], [0, 0]));
    n.hour([0, 5]);
    assert_eq!(n.balances(), [0, 20], "two hours after it began");
}

#[test]
fn under_vesting_a_quarter_is_paid_at_once_and_the_rest_day_by_day() {
    let mut n = network(&constant(100), Limits::default(), |spec| {
        let over = Span::DAY.times(3);
        spec.vesting = Some(VestingSpec { immediate_ppm: 250_000, over, step: Span::DAY });
    });
    // 2,400 a day to account 0 alone: 600 at once, 1,800 locked, 600 on each of three days.
    n.hours(24, [1, 0]);
    assert_eq!((n.balances(), n.blocks.locked(ACCOUNTS[0])), ([600, 0], 1_800));
    n.hours(24, [0, 1]);
    assert_eq!((n.balances(), n.earned()), ([1_200, 600], [2_400, 2_400]));
    n.hours(48, [0, 0]);
    assert_eq!((n.balances(), n.blocks.locked(ACCOUNTS[1])), ([2_400, 1_800], 600));
    n.hours(24, [0, 0]);
    assert_eq!((n.balances(), n.blocks.retained()), ([2_400, 2_400], 7_200));
}
