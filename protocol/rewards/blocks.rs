//! Blocks: what a schedule releases in each of its epochs, shared by the weights of that epoch and paid out once a day.
//!
//! *Rule*: weights add up by device until an epoch of the schedule ends. Then the schedule is asked for its amount, the
//! reward rule draws of it and of what was retained before, and the draw is split by weight, under the rule's limits:
//! over devices when there is a limit for one device, over accounts otherwise. What is paid is minted into a purse in
//! one posting and owed to accounts there; every `pay_every` each gets what it is owed, in one posting. Under vesting a
//! part of what falls due is paid then and the rest is locked, to come with later payments. What the rule burns is never
//! minted, and what it leaves is retained for the next release.
//!
//! The schedule's epochs need not be the network's: at each close of an epoch of the network all of the schedule's that
//! have ended since the last close are released together, for all weights since then, those between the last of them
//! and the close included. So a schedule of short epochs is shared hour by hour, one of long epochs over its whole
//! epoch, and what falls due within an epoch of the network comes at its close. The beginning is rounded alike: an
//! epoch of the network counts whole when it ends after it.
//!
//! Standing is read epoch by epoch: who is quarantined, banned, withdrawn or short of stake weighs nothing then, and
//! keeps what it earned before. A purge takes the weights of the running epoch and nothing that was released. An account
//! that is flagged as linked to others earns until it is purged, and then nothing until the flag is lifted (assumed);
//! seasons leave it out at counting.
//!
//! *Formula*: released(close) = to_ledger(Σ schedule) − to_ledger(Σ at the close before); offered = released + retained =
//! minted + burned + retained anew; balance of the purse = Σ owed = Σ (waiting for the next payment + locked).
//!
//! *Source*: hourly release and daily payment are io.net's (docs, Block Rewards: calculated each hour, paid each day). That
//! unpaid tokens are carried over, and that a release waits for the network's own close, is assumed.
//!
//! *Known weakness*: what is retained while nobody works falls to whoever comes first. A limit per device or per account
//! holds for one release, so a schedule of shorter epochs has more of them.

use super::payout::{Devices, Payout, over_accounts, over_devices};
use super::vesting::{Vesting, VestingSpec};
use super::{Offer, Owners, Payer};
use crate::effect::Effect;
use crate::emission::{Activity, Denomination, Issuance};
use crate::ids::{AccountId, DeviceId};
use crate::ledger::{Asset, Category, Ledger, Purse};
use crate::units::{Amount, Span, Time};
use crate::views::{EmissionNotice, Release};

/// A schedule by which a network releases tokens.
#[derive(Debug)]
pub struct BlockSpec {
    /// The schedule before its first epoch, in its own units.
    pub issuance: Issuance,
    /// Those units.
    pub unit: Denomination,
    /// Length of its epochs.
    pub epoch: Span,
    /// When the first of them begins.
    pub begins: Time,
    /// Time from one payment to the next, counted from the beginning. A day (io.net docs).
    pub pay_every: Span,
    /// How a payment is stretched; none: all at once.
    pub vesting: Option<VestingSpec>,
}

/// A close of the network's epoch, as far as a release looks at it.
#[derive(Clone, Copy, Debug)]
pub struct Closing<'a> {
    /// When.
    pub now: Time,
    /// The rule, and the price of the token.
    pub payer: Payer<'a>,
    /// Tokens bonded now, in base units.
    pub bonded: Amount,
    /// Tokens burned since genesis out of what was minted, in base units.
    pub burned: Amount,
    /// Who owns what.
    pub owners: Owners<'a>,
}

/// A schedule at work: what it has released, and to whom it is owed.
#[derive(Debug)]
pub struct Blocks {
    spec: BlockSpec,
    /// Where tokens wait to be paid.
    purse: Purse,
    /// Epochs of the schedule that have ended.
    ended: u64,
    /// By device, since the latest release.
    weights: Vec<u64>,
    minted: Amount,
    burned: Amount,
    retained: Amount,
    /// Tokens burned out of what was minted, as far as the schedule was told.
    told: Amount,
    /// By account, minted since the latest payment.
    waiting: Vec<Amount>,
    /// What earlier payments have locked.
    vesting: Option<Vesting>,
    next_payment: Time,
    latest: Option<Release>,
}

impl Blocks {
    /// Before the first epoch; opens the purse.
    ///
    /// # Panics
    /// When an epoch, the time between payments, or a step of vesting is no time at all.
    #[must_use]
    pub fn open(spec: BlockSpec, ledger: &mut Ledger) -> Blocks {
        assert!(spec.epoch > Span::ZERO && spec.pay_every > Span::ZERO, "epochs and days of some length");
        Blocks {
            purse: ledger.open(),
            ended: 0,
            weights: Vec::new(),
            minted: 0,
            burned: 0,
            retained: 0,
            told: 0,
            waiting: Vec::new(),
            vesting: spec.vesting.map(Vesting::new),
            next_payment: spec.begins + spec.pay_every,
            latest: None,
            spec,
        }
    }

    /// True when weights of an epoch that ends now count.
    #[must_use]
    pub fn counts(&self, now: Time) -> bool {
        now > self.spec.begins
    }

    /// Adds the weights of an epoch, or of a part of one, but for devices that are barred; a weight that would pass 64 bits
    /// stays at its end.
    pub fn accrue(&mut self, now: Time, weights: &[u64], barred: impl Fn(usize) -> bool) {
        if !self.counts(now) {
            return;
        }
        self.weights.resize(weights.len().max(self.weights.len()), 0);
        for (at, (sum, &weight)) in self.weights.iter_mut().zip(weights).enumerate() {
            if weight > 0 && !barred(at) {
                *sum = sum.saturating_add(weight);
            }
        }
    }

    /// Takes from devices what they weigh since the latest release.
    pub fn purge(&mut self, devices: &[DeviceId]) {
        for device in devices {
            if let Some(weight) = self.weights.get_mut(device.at()) {
                *weight = 0;
            }
        }
    }

    /// Releases the schedule's epochs that have ended, and pays what is owed when the day for that has come.
    ///
    /// # Panics
    /// When a device's account has no purse, or the mint is not unlimited.
    pub fn close(&mut self, closing: &Closing<'_>, ledger: &mut Ledger, effects: &mut Vec<Effect>) {
        let ended = closing.now.since(self.spec.begins).0 / self.spec.epoch.0;
        if ended > self.ended {
            let epochs = ended - self.ended;
            self.ended = ended;
            self.release(epochs, closing, ledger, effects);
        }
        if closing.now >= self.next_payment {
            self.pay(closing, ledger, effects);
        }
    }

    fn release(
        &mut self,
        epochs: u64,
        closing: &Closing<'_>,
        ledger: &mut Ledger,
        effects: &mut Vec<Effect>,
    ) {
        let points = self.weights.iter().map(|&weight| u128::from(weight)).sum();
        let before = self.released();
        self.ask(epochs, points, closing);
        let released = self.released() - before;
        let offer = Offer { tokens: self.retained + released, points, price: closing.payer.price };
        let payout = self.split(&offer, closing);
        self.weights.fill(0);
        ledger
            .transfer(Asset::Token, Category::Emission, closing.owners.mint, self.purse, payout.paid, effects)
            .expect("the mint is unlimited");
        self.waiting.resize(payout.by_account.len().max(self.waiting.len()), 0);
        for (waiting, share) in self.waiting.iter_mut().zip(&payout.by_account) {
            *waiting += share;
        }
        let unit = self.spec.unit;
        let destroyed = unit.of_ledger(self.burned + payout.burned) - unit.of_ledger(self.burned);
        self.spec.issuance.destroy(destroyed);
        self.minted += payout.paid;
        self.burned += payout.burned;
        self.retained = payout.retained;
        let over = Span(self.spec.epoch.0.saturating_mul(epochs));
        self.latest = Some(Release { over, released, minted: payout.paid });
        if offer.tokens > 0 {
            effects.push(Effect::EmissionReleased {
                epochs: self.ended,
                minted: payout.paid,
                burned: payout.burned,
                retained: payout.retained,
            });
        }
    }

    /// Walks the schedule over epochs among which sums of the whole period are spread evenly, the first of them taking the
    /// units that do not divide.
    fn ask(&mut self, epochs: u64, points: u128, closing: &Closing<'_>) {
        let unit = self.spec.unit;
        let seen = closing.payer.rule.activity(points);
        let power = unit.of_part(Amount::try_from(seen.power).unwrap_or(Amount::MAX));
        let owed_usd = unit.of_part(seen.owed_usd);
        let burned = unit.of_ledger(closing.burned) - unit.of_ledger(self.told);
        self.told = closing.burned;
        let price_usd = closing.payer.price.map_or(0, |rate| rate.micro_dollars().into());
        let share = |all: Amount, epoch: u64| {
            let (count, epoch) = (Amount::from(epochs), Amount::from(epoch));
            all / count + Amount::from(epoch < all % count)
        };
        for epoch in 0..epochs {
            self.spec.issuance.release(&Activity {
                supply: 0,
                bonded: unit.of_ledger(closing.bonded),
                burned: share(burned, epoch),
                power: share(power, epoch).unsigned_abs(),
                owed_usd: share(owed_usd, epoch),
                price_usd,
            });
        }
    }

    fn split(&self, offer: &Offer, closing: &Closing<'_>) -> Payout {
        let (rule, owners) = (closing.payer.rule, &closing.owners);
        let limits = rule.limits();
        if limits.per_device.is_some() {
            let devices = Devices { weights: &self.weights, account: owners.account };
            return over_devices(rule, offer, &limits, (&devices, owners.purses.len()));
        }
        let mut sums = vec![0u128; owners.purses.len()];
        for (&weight, account) in self.weights.iter().zip(owners.account) {
            sums[account.at()] += u128::from(weight);
        }
        over_accounts(rule, offer, &limits, &sums)
    }

    fn pay(&mut self, closing: &Closing<'_>, ledger: &mut Ledger, effects: &mut Vec<Effect>) {
        let passed = closing.now.since(self.spec.begins).0 / self.spec.pay_every.0;
        self.next_payment = self.spec.begins + Span(self.spec.pay_every.0.saturating_mul(passed + 1));
        if let Some(vesting) = &mut self.vesting {
            // What is locked now falls due later; what fell due comes on top of today's part.
            let due = vesting.due(closing.now);
            for (account, waiting) in (0..=u32::MAX).map(AccountId).zip(&mut self.waiting) {
                *waiting = vesting.lock(closing.now, account, *waiting);
            }
            for (account, amount) in due {
                self.waiting[account.at()] += amount;
            }
        }
        for (waiting, &purse) in self.waiting.iter_mut().zip(closing.owners.purses) {
            let amount = std::mem::take(waiting);
            ledger
                .transfer(Asset::Token, Category::Reward, self.purse, purse, amount, effects)
                .expect("what is owed lies in the purse");
        }
    }

    /// Where tokens wait to be paid.
    #[must_use]
    pub fn purse(&self) -> Purse {
        self.purse
    }

    /// The schedule, as far as it has come.
    #[must_use]
    pub fn issuance(&self) -> &Issuance {
        &self.spec.issuance
    }

    /// Tokens that there were before the first epoch, in base units.
    #[must_use]
    pub fn starting_supply(&self) -> Amount {
        self.spec.unit.to_ledger(self.spec.issuance.limits().starting_supply)
    }

    /// All that the schedule has released, in base units: minted, burned, and retained.
    #[must_use]
    pub fn released(&self) -> Amount {
        self.spec.unit.to_ledger(self.spec.issuance.issued())
    }

    /// All that was minted, in base units.
    #[must_use]
    pub fn minted(&self) -> Amount {
        self.minted
    }

    /// All that was released to nobody, in base units.
    #[must_use]
    pub fn burned(&self) -> Amount {
        self.burned
    }

    /// What is kept for the next release, in base units.
    #[must_use]
    pub fn retained(&self) -> Amount {
        self.retained
    }

    /// What an account has earned and was not paid yet, locked or not, in base units.
    #[must_use]
    pub fn owed(&self, account: AccountId) -> Amount {
        self.waiting.get(account.at()).copied().unwrap_or(0) + self.locked(account)
    }

    /// What an account has earned that vesting still keeps, in base units.
    #[must_use]
    pub fn locked(&self, account: AccountId) -> Amount {
        self.vesting.as_ref().map_or(0, |vesting| vesting.locked(account))
    }

    /// What anyone can follow.
    #[must_use]
    pub fn notice(&self) -> EmissionNotice {
        let (issuance, unit) = (&self.spec.issuance, self.spec.unit);
        let left = issuance.left().map(|_| {
            // Of sums, as everything else is rounded.
            let cap = issuance.limits().cap.filter(|_| !issuance.is_over());
            cap.map_or(0, |cap| unit.to_ledger(cap) - self.released())
        });
        EmissionNotice { begins: self.spec.begins, left, latest: self.latest }
    }
}

#[cfg(test)]
mod tests;
