//! Staking: what suppliers and their co-stakers lock up, what each device needs, and when stakes come back.
//!
//! *Rule*: a stake belongs to a supplier and is put up by itself or by others (co-staking). All stakes lie in one purse
//! of the ledger, whose balance is their sum at any time. A stake that leaves stops counting at once, can still be
//! slashed while it cools down, and is returned at its deadline. Devices are covered in order of listing, as far as
//! the stake reaches; with [`StakingSpec::required`] only covered devices are deployable and earn.
//!
//! *Formula*:
//!
//! ```text
//! need(device)   = rate (per device), rate * cards (per card), up(rate * max(1, multiplier) * cards) (per power)
//! behind(device) = min(need, down(all stakes * need / sum of needs))
//! reward part of a co-staker = down(down(reward * its stake / all active stakes) * its share)
//! ```
//!
//! *Source*: io.net docs, Staking: 200 IO times max(1, multiplier) times quantity; extra stake earns nothing; cooldown
//! 14 days, 7 more for a co-staker that leaves first; co-stakers hold at most half, one per offer, and the owner
//! sets their share. That a stake cooling down can be slashed, that extra stake is not at risk, and the order of cover
//! are assumed.
//!
//! *Known weakness*: the limit on co-staking is checked when a stake is put up, so an owner may leave afterwards; the
//! stake of a supplier backs its good and bad devices alike. It therefore breaks the Sybil law by accounts: who puts each
//! device under a name of its own loses with a bad one no more than its own stake.

mod backing;
pub mod cover;

pub use backing::Delegation;

use crate::command::Rejection;
use crate::effect::Effect;
use crate::ids::{AccountId, DeviceId};
use crate::ledger::{Asset, Category, Ledger, Purse};
use crate::units::{Amount, Ppm, Span, TOKEN, Time};
use crate::wide::mul_div;
use backing::Backing;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What a stake is counted by.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
pub enum Per {
    /// Each device alike.
    Device,
    /// Each claimed card.
    Card,
    /// Each unit of power: claimed cards times their model's multiplier, at least one.
    Power,
}

impl Per {
    /// The choice by its name in a scenario: `device`, `card` or `power`.
    #[must_use]
    pub fn named(name: &str) -> Option<Per> {
        match name {
            "device" => Some(Per::Device),
            "card" => Some(Per::Card),
            "power" => Some(Per::Power),
            _ => None,
        }
    }
}

/// Rules of staking.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct StakingSpec {
    /// What the need is counted by. Power (io.net docs).
    pub per: Per,
    /// Base units needed for each. 200 tokens (io.net docs).
    pub rate: Amount,
    /// What is staked, tokens or dollars. Tokens (io.net docs).
    pub asset: Asset,
    /// Time from the announcement of leaving to the return. 14 days (io.net docs).
    pub cooldown: Span,
    /// Added for a co-staker who leaves while the owner's own stake stands. 7 days (io.net docs).
    pub co_staker_wait: Span,
    /// Most that co-stakers together may hold of a supplier's stake. Half (io.net docs).
    pub co_stake_limit: Ppm,
    /// Most co-stakers of a supplier. One (io.net docs: one per offer).
    pub most_co_stakers: u32,
    /// Whether a device must be covered to be deployable and to earn; otherwise cover is only shown. No (assumed: io.net
    /// asks for it before block rewards, not before hire).
    pub required: bool,
}

impl Default for StakingSpec {
    fn default() -> Self {
        StakingSpec {
            per: Per::Power,
            rate: 200 * TOKEN,
            asset: Asset::Token,
            cooldown: Span::DAY.times(14),
            co_staker_wait: Span::DAY.times(7),
            co_stake_limit: 500_000,
            most_co_stakers: 1,
            required: false,
        }
    }
}

/// Whose stake moves, behind whom, and with which purse.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stake {
    /// The account whose devices it backs.
    pub supplier: AccountId,
    /// The account that puts it up.
    pub staker: AccountId,
    /// Base units.
    pub amount: Amount,
    /// What is staked.
    pub asset: Asset,
}

/// A supplier's stakes in sum.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Cover {
    /// Active stakes, co-stakers' included.
    pub staked: Amount,
    /// The part of co-stakers in it.
    pub delegated: Amount,
    /// Stakes that cool down.
    pub leaving: Amount,
    /// What its devices need.
    pub needed: Amount,
}

/// All stakes of a network.
#[derive(Debug)]
pub struct Staking {
    spec: StakingSpec,
    purse: Purse,
    backings: BTreeMap<AccountId, Backing>,
    /// When some stake of (supplier, staker) may have cooled down.
    cooling: BTreeSet<(Time, AccountId, AccountId)>,
    /// Need of each device; zero once it is out for good.
    need: Vec<Amount>,
}

impl Staking {
    /// Opens the purse of stakes.
    #[must_use]
    pub fn open(spec: StakingSpec, ledger: &mut Ledger) -> Staking {
        Staking {
            spec,
            purse: ledger.open(),
            backings: BTreeMap::new(),
            cooling: BTreeSet::new(),
            need: Vec::new(),
        }
    }

    /// The rules in force.
    #[must_use]
    pub fn spec(&self) -> &StakingSpec {
        &self.spec
    }

    /// Where stakes lie; its balance is [`Staking::total`].
    #[must_use]
    pub fn purse(&self) -> Purse {
        self.purse
    }

    /// All stakes, leaving ones included, by recount.
    #[must_use]
    pub fn total(&self) -> Amount {
        self.backings.values().map(Backing::slashable).sum()
    }

    /// All stakes that count: those that cool down left out.
    #[must_use]
    pub fn active(&self) -> Amount {
        self.backings.keys().map(|supplier| self.cover(*supplier).staked).sum()
    }

    /// A supplier invites co-stakers, for this share of what their stake earns; those who are in keep their terms.
    ///
    /// # Errors
    /// [`Rejection::BadSize`] for more than the whole.
    pub fn invite(&mut self, supplier: AccountId, share: Ppm) -> Result<(), Rejection> {
        if share > crate::units::ONE {
            return Err(Rejection::BadSize);
        }
        self.backings.entry(supplier).or_default().offered = Some(share);
        Ok(())
    }

    /// Locks up a stake. A co-staker who adds to its stake takes the terms now offered for all of it.
    ///
    /// # Errors
    /// [`Rejection::BadSize`] for an amount that is not positive or beyond the co-stakers' limit,
    /// [`Rejection::WrongState`] for another asset, or when co-stakers are not invited or too many,
    /// [`Rejection::Unfunded`] when `payer` is short. Nothing has changed then.
    pub fn stake(
        &mut self,
        stake: Stake,
        payer: Purse,
        ledger: &mut Ledger,
        effects: &mut Vec<Effect>,
    ) -> Result<(), Rejection> {
        let Stake { supplier, staker, amount, asset } = stake;
        if asset != self.spec.asset {
            return Err(Rejection::WrongState);
        }
        if amount <= 0 {
            return Err(Rejection::BadSize);
        }
        let share = match self.backings.get(&supplier) {
            _ if staker == supplier => crate::units::ONE,
            Some(backing) => backing.admits(supplier, staker, amount, &self.spec)?,
            None => return Err(Rejection::WrongState),
        };
        ledger.transfer(asset, Category::Stake, payer, self.purse, amount, effects)?;
        self.backings.entry(supplier).or_default().add(staker, amount, Some(share));
        effects.push(Effect::Staked { supplier, staker, amount });
        Ok(())
    }

    /// Begins the return of a stake, which no longer counts from now on.
    ///
    /// # Errors
    /// [`Rejection::BadSize`] for an amount that is not positive, [`Rejection::WrongState`] for another asset,
    /// [`Rejection::Unknown`] for a stake that is not there, [`Rejection::Unfunded`] when less is active.
    pub fn unstake(&mut self, now: Time, stake: Stake, effects: &mut Vec<Effect>) -> Result<(), Rejection> {
        let Stake { supplier, staker, amount, asset } = stake;
        if asset != self.spec.asset {
            return Err(Rejection::WrongState);
        }
        if amount <= 0 {
            return Err(Rejection::BadSize);
        }
        let backing = self.backings.get_mut(&supplier).ok_or(Rejection::Unknown)?;
        let first_to_leave = staker != supplier && backing.active_of(supplier) > 0;
        let wait = if first_to_leave { self.spec.co_staker_wait } else { Span::ZERO };
        let until = now + self.spec.cooldown + wait;
        backing.leave(staker, amount, until)?;
        if until < Time::NEVER {
            self.cooling.insert((until, supplier, staker));
        }
        effects.push(Effect::UnstakeStarted { supplier, staker, amount, until });
        Ok(())
    }

    /// When the next stake has cooled down, or never. A date may turn out idle: the stake was slashed.
    #[must_use]
    pub fn next_deadline(&self) -> Time {
        self.cooling.first().map_or(Time::NEVER, |(at, _, _)| *at)
    }

    /// Returns every stake that has cooled down, less what was slashed of it.
    pub fn advance(&mut self, now: Time, purses: &[Purse], ledger: &mut Ledger, effects: &mut Vec<Effect>) {
        while let Some(&(at, supplier, staker)) = self.cooling.first()
            && at <= now
        {
            self.cooling.pop_first();
            let backing = self.backings.get_mut(&supplier).expect("a backing is never removed");
            let amount = backing.release(staker, now);
            if amount == 0 {
                continue;
            }
            let to = purses[staker.at()];
            ledger
                .transfer(self.spec.asset, Category::Unstake, self.purse, to, amount, effects)
                .expect("the purse holds all stakes");
            effects.push(Effect::Unstaked { supplier, staker, amount });
        }
    }

    /// A supplier's stakes in sum.
    #[must_use]
    pub fn cover(&self, supplier: AccountId) -> Cover {
        self.backings.get(&supplier).map_or_else(Cover::default, |backing| Cover {
            staked: backing.active(),
            delegated: backing.active() - backing.active_of(supplier),
            leaving: backing.slashable() - backing.active(),
            needed: backing.needed,
        })
    }

    /// Who stakes for a supplier, itself included, in order of arrival.
    #[must_use]
    pub fn delegations(&self, supplier: AccountId) -> &[Delegation] {
        self.backings.get(&supplier).map_or(&[], |backing| &backing.holders)
    }

    /// How a supplier's reward is to be divided: a row per active staker, the supplier's own first, the sum exact.
    #[must_use]
    pub fn reward_parts(&self, supplier: AccountId, reward: Amount) -> Vec<(AccountId, Amount)> {
        let mut parts = vec![(supplier, reward)];
        if let Some(backing) = self.backings.get(&supplier) {
            for (staker, amount) in backing.co_stakers_parts(supplier, reward) {
                parts[0].1 -= amount;
                parts.push((staker, amount));
            }
        }
        parts
    }

    /// What stands behind one device: its need, or its part of all stakes when they do not reach.
    #[must_use]
    pub fn behind(&self, supplier: AccountId, device: DeviceId) -> Amount {
        let need = self.need.get(device.at()).copied().unwrap_or(0);
        let Some(backing) = self.backings.get(&supplier).filter(|_| need > 0) else {
            return 0;
        };
        let [stakes, need_, all] = [backing.slashable(), need, backing.needed].map(Amount::unsigned_abs);
        let (part, _) = mul_div(stakes, need_, all);
        Amount::try_from(part).map_or(need, |part| part.min(need))
    }

    /// Takes `amount`, at most all that is there, from a supplier's stakers in proportion to their stakes, active ones
    /// first. Returns who lost what; the caller moves the money out of [`Staking::purse`].
    #[must_use]
    pub fn seize(&mut self, supplier: AccountId, amount: Amount) -> Vec<(AccountId, Amount)> {
        self.backings.get_mut(&supplier).map_or_else(Vec::new, |backing| backing.seize(amount))
    }

    /// Puts back what [`Staking::seize`] took, as active stakes; the caller has moved the money back.
    pub fn restore(&mut self, supplier: AccountId, parts: &[(AccountId, Amount)]) {
        let backing = self.backings.entry(supplier).or_default();
        for (staker, amount) in parts {
            backing.add(*staker, *amount, None);
        }
    }
}

#[cfg(test)]
mod tests;
