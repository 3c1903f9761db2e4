//! Vesting: what an account was awarded and gets bit by bit.
//!
//! *Rule*: of each amount a part is paid at once and the rest is locked. What is locked is released in equal steps: the
//! first one step after the lock, the last one at the end of the span. Steps fall on whole multiples of the step since
//! genesis, and a lock between two of them counts from the later one, so nothing is released early. Nothing is ever
//! taken back here.
//!
//! *Formula*, with L what an account locked between the same two steps, over n = up(span / step) steps:
//!
//! ```text
//! locked   = down(amount * (1 - immediate)); paid at once: amount - locked
//! released = down(L * step / span) at each of the first n - 1 steps, and the rest at the last
//! ```
//!
//! *Source*: Filecoin's spec and builtin-actors (`monies.rs`, `vesting_state.rs`): of a block reward 25 % is paid at once
//! and 75 % vests linearly over 180 days, released daily. Filecoin counts from the moment of the lock to twelve hours,
//! and rounds the sum so far down at every step; here the odd units, fewer than n, all come with the last one, so that
//! all locks of an account are one rate.
//!
//! *Known weakness*: it keeps an operator of yesterday paid for half a year after it left, and what is locked secures
//! nothing unless a rule of slashing reaches for it; none does.

use crate::ids::AccountId;
use crate::units::{Amount, ONE, Ppm, Span, Time};
use crate::wide::mul_div;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// How an award is paid out over time.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct VestingSpec {
    /// Paid at once, in parts per million; more than the whole counts as the whole. Default a quarter (Filecoin).
    pub immediate_ppm: Ppm,
    /// From the lock to the last release. Default 180 days (Filecoin). With none all is paid at once.
    pub over: Span,
    /// Between two releases. Default a day (Filecoin).
    pub step: Span,
}

impl Default for VestingSpec {
    fn default() -> Self {
        VestingSpec { immediate_ppm: ONE / 4, over: Span::DAY.times(180), step: Span::DAY }
    }
}

impl VestingSpec {
    /// What a lock releases at each step but the last.
    fn each_step(&self, locked: Amount) -> Amount {
        let step = self.step.min(self.over).0;
        // Never negative, and never more than what is locked.
        mul_div(locked as u128, step.into(), self.over.0.into()).0 as Amount
    }
}

/// Locked amounts and when they are due. A lock costs O(1); a step costs O(accounts) and a sort of the locks that begin
/// with it, however many stand.
#[derive(Clone, Debug)]
pub struct Vesting {
    spec: VestingSpec,
    steps: u64,
    /// Locks that are not yet wholly released, by the step that they count from, oldest first.
    cohorts: VecDeque<Cohort>,
    /// How many of the oldest cohorts are in `rate`.
    running: usize,
    /// By account, released at every step.
    rate: Vec<Amount>,
    /// By account, locked.
    locked: Vec<Amount>,
    /// The latest step that was released.
    done: u64,
}

/// What was locked between two steps; in order of accounts, each once, as soon as it is released from.
#[derive(Clone, Debug)]
struct Cohort {
    start: u64,
    locks: Vec<(AccountId, Amount)>,
}

impl Cohort {
    /// Makes one lock of several of an account.
    fn merge(&mut self) {
        self.locks.sort_by_key(|&(account, _)| account);
        self.locks.dedup_by(|later, first| {
            let same = later.0 == first.0;
            first.1 += later.1 * Amount::from(same);
            same
        });
        self.locks.shrink_to_fit();
    }
}

impl Vesting {
    /// Nothing is locked yet.
    ///
    /// # Panics
    /// When a step is no time at all.
    #[must_use]
    pub fn new(spec: VestingSpec) -> Vesting {
        assert!(spec.step > Span::ZERO, "a step of some length");
        let steps = spec.over.0.div_ceil(spec.step.0);
        let (cohorts, rate, locked) = (VecDeque::new(), Vec::new(), Vec::new());
        Vesting { spec, steps, cohorts, running: 0, rate, locked, done: 0 }
    }

    /// The numbers that hold.
    #[must_use]
    pub fn spec(&self) -> VestingSpec {
        self.spec
    }

    /// Locks what vests of `amount` and returns what is to be paid at once.
    ///
    /// # Panics
    /// When the amount is negative, or now lies before the latest step released or the latest lock's.
    #[must_use = "the immediate part has to be paid"]
    pub fn lock(&mut self, now: Time, account: AccountId, amount: Amount) -> Amount {
        assert!(amount >= 0, "an award is never negative");
        let vests = if self.steps == 0 { 0 } else { ONE.saturating_sub(self.spec.immediate_ppm) };
        let locked = share(amount, vests);
        if locked > 0 {
            self.add(now.0.div_ceil(self.spec.step.0), account, locked);
        }
        amount - locked
    }

    fn add(&mut self, start: u64, account: AccountId, amount: Amount) {
        let latest = self.cohorts.back().map_or(self.done, |cohort| cohort.start);
        assert!(start >= latest.max(self.done), "locks come in order of time");
        if self.cohorts.back().is_none_or(|cohort| cohort.start < start) {
            self.cohorts.push_back(Cohort { start, locks: Vec::new() });
        }
        let need = account.at() + 1;
        if self.locked.len() < need {
            self.locked.resize(need, 0);
            self.rate.resize(need, 0);
        }
        self.locked[account.at()] += amount;
        self.cohorts.back_mut().expect("just made").locks.push((account, amount));
    }

    /// What every account gets of the steps up to and including now, in order of accounts, those who get something.
    /// Asking again at the same time gives nothing.
    #[must_use = "what is due has to be paid"]
    pub fn due(&mut self, now: Time) -> Vec<(AccountId, Amount)> {
        let until = now.0 / self.spec.step.0;
        let mut owed = vec![0; self.locked.len()];
        while self.done < until && !self.cohorts.is_empty() {
            self.done += 1;
            self.step(&mut owed);
        }
        self.done = self.done.max(until);
        let paid = |(account, &amount): (u32, &Amount)| (amount > 0).then_some((AccountId(account), amount));
        (0..=u32::MAX).zip(&owed).filter_map(paid).collect()
    }

    /// Releases one step.
    fn step(&mut self, owed: &mut [Amount]) {
        let (spec, steps) = (self.spec, Amount::from(self.steps));
        while let Some(cohort) = self.cohorts.get_mut(self.running).filter(|cohort| cohort.start < self.done)
        {
            cohort.merge();
            for &(account, amount) in &cohort.locks {
                self.rate[account.at()] += spec.each_step(amount);
            }
            self.running += 1;
        }
        for ((locked, owed), &rate) in self.locked.iter_mut().zip(&mut *owed).zip(&self.rate) {
            *locked -= rate;
            *owed += rate;
        }
        while self.cohorts.front().is_some_and(|cohort| cohort.start.saturating_add(self.steps) <= self.done)
        {
            let over = self.cohorts.pop_front().expect("there is one");
            self.running -= 1;
            for (account, amount) in over.locks {
                let (account, rate) = (account.at(), spec.each_step(amount));
                // Below zero when the last step is shorter than the others: then the rate was too much just now.
                let rest = amount - rate * steps;
                self.rate[account] -= rate;
                self.locked[account] -= rest;
                owed[account] += rest;
            }
        }
    }

    /// When something is due next.
    #[must_use]
    pub fn next_due(&self) -> Option<Time> {
        let oldest = self.cohorts.front()?;
        Some(Time((oldest.start.max(self.done) + 1).saturating_mul(self.spec.step.0)))
    }

    /// What an account has locked.
    #[must_use]
    pub fn locked(&self, account: AccountId) -> Amount {
        self.locked.get(account.at()).copied().unwrap_or(0)
    }

    /// What all have locked.
    #[must_use]
    pub fn locked_by_all(&self) -> Amount {
        self.locked.iter().sum()
    }
}

/// `amount × ppm`, rounded down, without overflow for any amount.
fn share(amount: Amount, ppm: Ppm) -> Amount {
    let (one, ppm) = (Amount::from(ONE), Amount::from(ppm));
    amount / one * ppm + amount % one * ppm / one
}

#[cfg(test)]
mod tests;
