//! Individuals: who they are, what they know and have, and what they hold.

use super::machines::NONE;
use crate::engine::{EntityKey, Time};
use depin_protocol::ids::AccountId;
use depin_protocol::ledger::Purse;

/// How an individual looks ahead.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Forecast {
    /// The present goes on.
    Naive,
    /// The growth of the last week goes on.
    Extrapolative,
    /// Others enter until nothing is left to gain.
    Rational,
}

/// One individual or one farm.
#[derive(Clone, Debug)]
pub struct Person {
    /// Key of its random streams.
    pub key: EntityKey,
    /// Group: cohorts first, then farms, in name order.
    pub group: u16,
    /// Number within the group.
    pub ordinal: u32,
    /// Network accounts, in order of opening; only farms have more than one.
    pub accounts: Vec<AccountId>,
    /// Devices listed under the latest of them.
    pub on_latest: u32,
    /// Account in the world's book.
    pub purse: Purse,
    /// Individual factor on the publicly believed price.
    pub belief: f64,
    /// Factor by which it misjudges its own weight while the formula is opaque.
    pub weight_error: f64,
    /// How it looks ahead.
    pub forecast: Forecast,
    /// Has a restart script.
    pub scripted: bool,
    /// Connectivity tier at its own site.
    pub tier: u8,
    /// Next draw of its decisions.
    pub draws: u32,
    /// Machines it owns anyway and has not yet put to work.
    pub own_machines: u32,
    /// Money it is still ready to spend, micro-dollars.
    pub budget: i128,
    /// Of that, set aside for the remaining terms of what it rents.
    pub reserved: i128,
    /// Spent so far.
    pub spent: i128,
    /// Got back for hardware.
    pub salvage: i128,
    /// Newest holding; they are chained.
    pub holdings: u32,
    /// Machines it runs or brings up now.
    pub machines: u32,
    /// Machines it ever had.
    pub machines_ever: u32,
    /// Most machines at one time.
    pub machines_peak: u32,
    /// True cards at that time (listed cards for a farm).
    pub cards_peak: u32,
    /// Cards now.
    pub cards: u32,
    /// Repair queue, oldest first.
    pub repair_head: u32,
    /// Its end.
    pub repair_tail: u32,
    /// Repairs it can do at a time.
    pub hands: u32,
    /// Repairs it does now.
    pub repairing: u32,
    /// Running cost rates, nano-dollars per hour: electricity and other.
    pub power_rate: u64,
    /// Traffic, staff and site.
    pub running_rate: u64,
    /// Integral of the rates, nano-dollars per hour times nanoseconds.
    pub power_due: u128,
    /// The same for the other costs.
    pub running_due: u128,
    /// Up to when the integrals reach.
    pub cost_at: Time,
    /// When it first put a machine to work.
    pub entered: Option<Time>,
    /// When it had none left.
    pub left: Option<Time>,
    /// Return it expected at its first entry, weighted by what it then spent on it.
    pub expected_roi: f64,
    /// Which means it used first (index into its cohort's list).
    pub means: u8,
    /// Minutes of work at hand (farms).
    pub minutes: f64,
    /// Identities made so far (farms).
    pub identities: u64,
    /// Virtual cards per rig that it now dares (farms).
    pub slices: u32,
    /// Will decide again: an event is pending.
    pub pending: bool,
}

/// Machines taken on together.
#[derive(Clone, Copy, Debug)]
pub struct Holding {
    /// Person.
    pub owner: u32,
    /// Where from: index into the owner's means (cohorts), or 0 (farms).
    pub means: u8,
    /// First machine; they are consecutive.
    pub first: u32,
    /// Machines.
    pub count: u32,
    /// Machines already brought up.
    pub ready: u32,
    /// Paid per machine: one term's rent, or the purchase price; micro-dollars.
    pub price: i128,
    /// Set aside for its remaining terms.
    pub reserved: i128,
    /// Set aside for the stakes of its machines that are still to be listed.
    pub stake_aside: i128,
    /// Until when it is paid (rented).
    pub paid_until: Time,
    /// The owner's next older holding.
    pub older: u32,
    /// False once given back or sold.
    pub active: bool,
}

/// Everyone, in groups.
#[derive(Default, Debug)]
pub struct People {
    /// By number: groups in order, individuals in order.
    pub all: Vec<Person>,
    /// Every holding ever.
    pub holdings: Vec<Holding>,
    /// Person of each network account; [`NONE`] for others' accounts.
    pub of_account: Vec<u32>,
}

impl People {
    /// Notes whose account it is.
    pub fn open(&mut self, account: AccountId, person: u32) {
        if self.of_account.len() <= account.at() {
            self.of_account.resize(account.at() + 1, NONE);
        }
        self.of_account[account.at()] = person;
        let p = &mut self.all[person as usize];
        p.accounts.push(account);
        p.on_latest = 0;
    }

    /// The person of an account.
    #[must_use]
    pub fn owner_of(&self, account: AccountId) -> Option<u32> {
        self.of_account.get(account.at()).copied().filter(|person| *person != NONE)
    }
}

impl Person {
    /// A person with nothing yet.
    #[must_use]
    pub fn new(key: EntityKey, group: u16, ordinal: u32, purse: Purse) -> Person {
        Person {
            key,
            group,
            ordinal,
            accounts: Vec::new(),
            on_latest: 0,
            purse,
            belief: 1.0,
            weight_error: 1.0,
            forecast: Forecast::Naive,
            scripted: false,
            tier: 1,
            draws: 0,
            own_machines: 0,
            budget: 0,
            reserved: 0,
            spent: 0,
            salvage: 0,
            holdings: NONE,
            machines: 0,
            machines_ever: 0,
            machines_peak: 0,
            cards_peak: 0,
            cards: 0,
            repair_head: NONE,
            repair_tail: NONE,
            hands: 1,
            repairing: 0,
            power_rate: 0,
            running_rate: 0,
            power_due: 0,
            running_due: 0,
            cost_at: Time(0),
            entered: None,
            left: None,
            expected_roi: 0.0,
            means: 0,
            minutes: 0.0,
            identities: 0,
            slices: 1,
            pending: false,
        }
    }

    /// Brings the running-cost integrals up to `now`; call before a rate changes.
    pub fn accrue(&mut self, now: Time) {
        let elapsed = u128::from(now.since(self.cost_at).0);
        self.power_due += u128::from(self.power_rate) * elapsed;
        self.running_due += u128::from(self.running_rate) * elapsed;
        self.cost_at = now;
    }
}
