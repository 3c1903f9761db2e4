//! What the network knows about one epoch: a column per fact, a row per device ever listed.

use crate::billing::TokenRate;
use crate::ids::{AccountId, ModelId};
use crate::registry::Model;
use crate::units::{Amount, Ppm, Span, Time};

/// Columns that cost something to fill. In the record of a rule that does not ask for one it is empty.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Needs {
    /// [`EpochRecord::streak_ns`].
    pub streak: bool,
    /// [`EpochRecord::earned`].
    pub earned: bool,
    /// [`EpochRecord::passed`] and [`EpochRecord::failed`].
    pub verdicts: bool,
    /// [`EpochRecord::stake`].
    pub stake: bool,
    /// A price of the token when it is paid, without which it pays nothing: somebody has to quote one.
    pub price: bool,
}

impl Needs {
    /// All of them.
    pub const ALL: Needs = Needs { streak: true, earned: true, verdicts: true, stake: true, price: true };
}

/// One epoch, or the part of one that lies on a season's side of a date. Borrowed columns, all of one length but those
/// that are said to be by account, or to be empty unless asked for by [`Needs`].
#[derive(Clone, Copy, Debug)]
pub struct EpochRecord<'a> {
    /// Number of the epoch, from zero.
    pub number: u32,
    /// Length of the epoch.
    pub epoch: Span,
    /// When it ends.
    pub now: Time,
    /// Time online within the epoch, in nanoseconds.
    pub up_ns: &'a [u64],
    /// Time hired within the epoch, in nanoseconds.
    pub hired_ns: &'a [u64],
    /// Time up without a break until the end of the epoch, in nanoseconds, however many epochs ago that began; zero for
    /// a device that is down then. Asked for.
    pub streak_ns: &'a [u64],
    /// Rent of the hired time at the price of the lease, before fees and refunds, in micro-dollars. Asked for.
    pub earned: &'a [u64],
    /// Challenges passed in the epoch. Asked for.
    pub passed: &'a [u16],
    /// Challenges failed in the epoch. Asked for.
    pub failed: &'a [u16],
    /// When it was listed.
    pub registered: &'a [Time],
    /// Claimed cards.
    pub cards: &'a [u16],
    /// Declared connectivity tier, 0 to 4.
    pub tier: &'a [u8],
    /// Claimed model, a row of `models`.
    pub model: &'a [ModelId],
    /// Standing, see [`crate::registry::flag`].
    pub flags: &'a [u16],
    /// Reputation in parts per million.
    pub reputation: &'a [Ppm],
    /// Owner.
    pub account: &'a [AccountId],
    /// Active stake by account, in base units of what is staked; zero beyond its end. Asked for.
    pub stake: &'a [Amount],
    /// Number of accounts.
    pub accounts: usize,
    /// The network's table of models.
    pub models: &'a [Model],
    /// Price of the token, when there is one.
    pub price: Option<TokenRate>,
}

impl EpochRecord<'_> {
    /// Number of devices.
    #[must_use]
    pub fn len(&self) -> usize {
        self.flags.len()
    }

    /// True when no device was ever listed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.flags.is_empty()
    }
}

/// An epoch that owns its columns: for tests of rules, and for asking what a rule would make of a device that does not
/// exist.
#[derive(Clone, Debug)]
pub struct Columns {
    /// As [`EpochRecord::number`].
    pub number: u32,
    /// As [`EpochRecord::epoch`].
    pub epoch: Span,
    /// As [`EpochRecord::now`].
    pub now: Time,
    /// As [`EpochRecord::accounts`].
    pub accounts: usize,
    /// The devices.
    pub rows: Vec<Row>,
    /// As [`EpochRecord::stake`].
    pub stake: Vec<Amount>,
    /// As [`EpochRecord::models`].
    pub models: Vec<Model>,
    /// As [`EpochRecord::price`].
    pub price: Option<TokenRate>,
}

/// One device of [`Columns`], by the names of [`EpochRecord`].
#[allow(missing_docs)]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Row {
    pub up_ns: u64,
    pub hired_ns: u64,
    pub streak_ns: u64,
    pub earned: u64,
    pub passed: u16,
    pub failed: u16,
    pub registered: Time,
    pub cards: u16,
    pub tier: u8,
    pub model: ModelId,
    pub flags: u16,
    pub reputation: Ppm,
    pub account: AccountId,
}

impl Default for Row {
    /// One card of model 0 of account 0, in good standing at the lowest tier, that was off.
    fn default() -> Row {
        Row {
            up_ns: 0,
            hired_ns: 0,
            streak_ns: 0,
            earned: 0,
            passed: 0,
            failed: 0,
            registered: Time::ZERO,
            cards: 1,
            tier: 1,
            model: ModelId(0),
            flags: 0,
            reputation: 500_000,
            account: AccountId(0),
        }
    }
}

impl Columns {
    /// An epoch of an hour with these devices and models; nobody has a stake, and the token no price.
    #[must_use]
    pub fn new(rows: Vec<Row>, models: Vec<Model>) -> Columns {
        let accounts = rows.iter().map(|row| row.account.at() + 1).max().unwrap_or(0);
        let (number, epoch, now) = (0, Span::HOUR, Time(Span::HOUR.0));
        Columns { number, epoch, now, accounts, rows, stake: Vec::new(), models, price: None }
    }

    /// Hands the epoch to `read`, with every column filled.
    pub fn with<R>(&self, read: impl FnOnce(&EpochRecord<'_>) -> R) -> R {
        fn column<T>(rows: &[Row], of: impl Fn(&Row) -> T) -> Vec<T> {
            rows.iter().map(of).collect()
        }
        let rows = &self.rows;
        read(&EpochRecord {
            number: self.number,
            epoch: self.epoch,
            now: self.now,
            up_ns: &column(rows, |row| row.up_ns),
            hired_ns: &column(rows, |row| row.hired_ns),
            streak_ns: &column(rows, |row| row.streak_ns),
            earned: &column(rows, |row| row.earned),
            passed: &column(rows, |row| row.passed),
            failed: &column(rows, |row| row.failed),
            registered: &column(rows, |row| row.registered),
            cards: &column(rows, |row| row.cards),
            tier: &column(rows, |row| row.tier),
            model: &column(rows, |row| row.model),
            flags: &column(rows, |row| row.flags),
            reputation: &column(rows, |row| row.reputation),
            account: &column(rows, |row| row.account),
            stake: &self.stake,
            accounts: self.accounts,
            models: &self.models,
            price: self.price,
        })
    }

    /// What a rule makes of it: a weight per device.
    pub fn weigh(&self, rule: &mut dyn super::RewardRule) -> Vec<u64> {
        // Not zero, so that a weight left unwritten shows.
        let mut weights = vec![u64::MAX; self.rows.len()];
        self.with(|record| rule.weigh(record, &mut weights));
        weights
    }
}
