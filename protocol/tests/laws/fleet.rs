//! Fleets without a network: what devices did in each epoch, and what a reward rule and a season pay for it.

use crate::catalogue::{POOL, Policy};
use crate::lcg::Lcg;
use depin_protocol::billing::TokenRate;
use depin_protocol::emission::{Emission, FixedPool, FixedPoolSpec};
use depin_protocol::ids::{AccountId, ModelId};
use depin_protocol::ledger::{Asset, Ledger};
use depin_protocol::registry::{Model, flag};
use depin_protocol::rewards::{self, Columns, Owners, Paid, Payer, RewardRule, SeasonSpec, Seasons};
use depin_protocol::units::{Amount, ONE, Span, Time, USD};

/// What a token is worth when a season is paid: a dollar.
pub fn price() -> Option<TokenRate> {
    TokenRate::new(1_000_000)
}

/// Epochs of an hour in a season.
pub const EPOCHS: usize = 12;

/// One device: what it claims and what it did in each epoch.
#[derive(Clone, Debug)]
pub struct Row {
    pub account: u32,
    pub cards: u16,
    pub tier: u8,
    pub model: u16,
    pub flags: u16,
    pub up: [u64; EPOCHS],
    pub hired: [u64; EPOCHS],
    /// What its owner stakes with it; an account's stake is the sum of its devices'.
    pub stake: Amount,
    /// Challenges failed in each epoch; one is passed for every ten minutes up.
    pub failed: u16,
}

#[derive(Clone, Debug)]
pub struct Fleet {
    pub accounts: u32,
    pub rows: Vec<Row>,
}

/// What every stake is a multiple of, so that as many names as the laws try may share it without a rest.
const SHARED_STAKE: Amount = 30 * USD;

/// How a rule is made: every season has one of its own, since a rule may remember.
type Build = fn() -> Box<dyn RewardRule>;

/// What a season came to.
#[derive(Clone, PartialEq, Debug)]
pub struct Result {
    /// Counted micro-points by account.
    pub points: Vec<Amount>,
    /// Tokens by account.
    pub tokens: Vec<Amount>,
    /// Micro-points of each device.
    pub weights: Vec<u64>,
    pub paid: Paid,
    /// What the emission still has.
    pub remaining: Amount,
}

impl Result {
    pub fn tokens_of(&self, accounts: impl IntoIterator<Item = u32>) -> Amount {
        accounts.into_iter().map(|account| self.tokens[account as usize]).sum()
    }
}

/// Three models; two bear names of published tables, so that rules with pools by name have devices in each.
pub fn models() -> Vec<Model> {
    [
        ("m3", 8_000, 20_000, 400_000),
        ("middle", 16_000, 60_000, ONE),
        ("h100_sxm", 80_000, 300_000, 3_100_000),
    ]
    .map(|(name, memory_mb, gflops, multiplier)| Model { name: name.into(), memory_mb, gflops, multiplier })
    .to_vec()
}

/// A device of any claim that was up and hired for any part of each epoch, hired only while up; one in four was never
/// down.
pub fn any_row(lcg: &mut Lcg, account: u32) -> Row {
    let mut row = Row {
        account,
        cards: lcg.pick(&[1, 1, 2, 4, 8]),
        tier: lcg.below(5) as u8,
        model: lcg.below(3) as u16,
        flags: 0,
        up: [0; EPOCHS],
        hired: [0; EPOCHS],
        stake: 0,
        failed: 0,
    };
    let never_down = lcg.once_in(4);
    for epoch in 0..EPOCHS {
        let hour = Span::HOUR.0;
        row.up[epoch] = if never_down { hour } else { lcg.below(4).min(1) * lcg.below(hour + 1) };
        row.hired[epoch] = if lcg.once_in(2) { 0 } else { lcg.below(row.up[epoch] + 1) };
    }
    // From a stream of its own, so that the rules that read neither see the same fleets as ever.
    let own = &mut Lcg::new(row.up.iter().sum::<u64>() ^ u64::from(account));
    row.stake = SHARED_STAKE * Amount::from(1 + own.below(1_000));
    row.failed = u16::from(own.once_in(8));
    row
}

impl Row {
    /// Time up until the end of an epoch, if that of each lay at its end.
    fn streak(&self, epoch: usize) -> u64 {
        let whole = (0..=epoch).rev().take_while(|&e| self.up[e] >= Span::HOUR.0).count();
        let part = (epoch + 1).checked_sub(whole + 1).map_or(0, |e| self.up[e]);
        Span::HOUR.times(whole as u64).0 + part
    }

    /// Rent of its hired time at a dollar for each card and hour, in micro-dollars.
    fn earned(&self, epoch: usize) -> u64 {
        self.hired[epoch] / 3_600_000 * u64::from(self.cards)
    }
}

impl Fleet {
    /// Eight accounts with one to three devices each, a few of them set aside.
    pub fn any(lcg: &mut Lcg) -> Fleet {
        let mut fleet = Fleet { accounts: 8, rows: Vec::new() };
        for account in 0..fleet.accounts {
            for _ in 0..1 + lcg.below(3) {
                let mut row = any_row(lcg, account);
                if lcg.once_in(8) {
                    row.flags = lcg.pick(&[flag::QUARANTINED, flag::BANNED, flag::WITHDRAWN, flag::FLAGGED]);
                }
                fleet.rows.push(row);
            }
        }
        lcg.shuffle(&mut fleet.rows);
        fleet
    }

    /// What the network knows of one epoch: every card is hired at a dollar an hour, and every ten minutes up a challenge
    /// is passed.
    fn record(&self, epoch: usize) -> Columns {
        let row = |row: &Row| rewards::Row {
            up_ns: row.up[epoch],
            hired_ns: row.hired[epoch],
            streak_ns: row.streak(epoch),
            earned: row.earned(epoch),
            passed: (row.up[epoch] / Span::MINUTE.times(10).0) as u16,
            cards: row.cards,
            tier: row.tier,
            model: ModelId(row.model),
            flags: row.flags | flag::DEPLOYABLE_SET,
            reputation: ONE,
            account: AccountId(row.account),
            failed: row.failed,
            ..rewards::Row::default()
        };
        let ends = Time::ZERO + Span::HOUR.times(epoch as u64 + 1);
        let rows = self.rows.iter().map(row).collect();
        let accounts = self.accounts as usize;
        let mut stake = vec![0; accounts];
        self.rows.iter().for_each(|row| stake[row.account as usize] += row.stake);
        Columns { number: epoch as u32, now: ends, accounts, stake, ..Columns::new(rows, models()) }
    }

    /// Runs one season of the whole pool.
    pub fn season(&self, rule: Build, spec: SeasonSpec) -> Result {
        let mut emission = FixedPool::new(FixedPoolSpec { pool_base_units: POOL });
        self.season_of(rule, spec, &mut emission)
    }

    /// Runs one season, from whatever the emission has left.
    pub fn season_of(&self, rule: Build, spec: SeasonSpec, emission: &mut dyn Emission) -> Result {
        let mut rule = rule();
        let mut ledger = Ledger::default();
        let mint = ledger.open_unlimited();
        let purses: Vec<_> = (0..self.accounts).map(|_| ledger.open()).collect();
        let account: Vec<AccountId> = self.rows.iter().map(|row| AccountId(row.account)).collect();
        let flags: Vec<u16> = self.rows.iter().map(|row| row.flags).collect();
        let owners = Owners { account: &account, flags: &flags, purses: &purses, mint };
        let effects = &mut Vec::new();
        let mut seasons = Seasons::default();
        let id = seasons.open(Time::ZERO, spec.clone(), effects).expect("a sound season");
        let mut sums = vec![0u64; self.rows.len()];
        for epoch in 0..EPOCHS {
            let weights = self.record(epoch).weigh(rule.as_mut());
            let from = Time::ZERO + Span::HOUR.times(epoch as u64);
            let inside = spec.inside_windows(from, from + Span::HOUR) == Span::HOUR;
            let window: Vec<u64> = self.rows.iter().map(|row| row.up[epoch] * u64::from(inside)).collect();
            seasons.accrue(&weights, &window);
            sums.iter_mut().zip(&weights).for_each(|(sum, weight)| *sum += weight);
        }
        let ends = Time::ZERO + Span::HOUR.times(EPOCHS as u64);
        seasons.count_season(ends, &owners, &mut ledger, effects).expect("it is open");
        let points = seasons.counted(id).to_vec();
        let payer = Payer { rule: rule.as_ref(), price: price() };
        let paid =
            seasons.pay_out(&owners, &payer, emission, &mut ledger, effects).expect("it is counted")[0];
        assert_eq!(ledger.recount(), [0; 3]);
        let tokens = purses.iter().map(|purse| ledger.balance(*purse, Asset::Token)).collect();
        Result { points, tokens, weights: sums, paid, remaining: emission.remaining() }
    }
}

/// Runs a check for every reward rule under every way of counting, and every seed.
pub fn for_every_pay(
    seeds: u64,
    mut check: impl FnMut(&str, &mut Lcg, &Policy<Box<dyn RewardRule>>, &Policy<SeasonSpec>),
) {
    for rule in crate::catalogue::rewards() {
        for season in crate::catalogue::seasons() {
            for seed in 0..seeds {
                let name = format!("{}, {}, seed {seed}", rule.label, season.label);
                check(&name, &mut Lcg::new(seed), &rule, &season);
            }
        }
    }
}
