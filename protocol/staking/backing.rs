//! The stakes behind one supplier: who holds what, what leaves when, and who loses what.

use super::StakingSpec;
use crate::command::Rejection;
use crate::ids::{AccountId, DeviceId};
use crate::rewards::split;
use crate::units::{Amount, ONE, Ppm, Time, portion};
use crate::wide::mul_div;

/// One account's stake behind a supplier.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Delegation {
    /// Who put it up: the supplier itself or a co-staker.
    pub staker: AccountId,
    /// What counts.
    pub active: Amount,
    /// Share of what its stake earns that goes to it; the whole for the supplier itself.
    pub share: Ppm,
    /// What cools down, by deadline.
    pub leaving: Vec<(Time, Amount)>,
}

impl Delegation {
    /// All that can be slashed.
    #[must_use]
    pub fn slashable(&self) -> Amount {
        self.active + self.leaving.iter().map(|(_, amount)| amount).sum::<Amount>()
    }

    /// Loses `amount`: active stake first, then what would have come back last.
    fn lose(&mut self, mut amount: Amount) {
        let active = amount.min(self.active);
        self.active -= active;
        amount -= active;
        while amount > 0 {
            let (_, last) = self.leaving.last_mut().expect("nobody loses more than it has");
            let cut = amount.min(*last);
            *last -= cut;
            amount -= cut;
            if *last == 0 {
                self.leaving.pop();
            }
        }
    }
}

/// See the file's header.
#[derive(Default, Debug)]
pub(super) struct Backing {
    pub(super) holders: Vec<Delegation>,
    /// Share offered to co-stakers; none while they are not invited.
    pub(super) offered: Option<Ppm>,
    /// Its devices in order of listing, those out for good included.
    pub(super) devices: Vec<DeviceId>,
    /// Sum of their needs.
    pub(super) needed: Amount,
}

impl Backing {
    pub(super) fn active(&self) -> Amount {
        self.holders.iter().map(|holder| holder.active).sum()
    }

    pub(super) fn active_of(&self, staker: AccountId) -> Amount {
        self.holder(staker).map_or(0, |holder| holder.active)
    }

    pub(super) fn slashable(&self) -> Amount {
        self.holders.iter().map(Delegation::slashable).sum()
    }

    fn holder(&self, staker: AccountId) -> Option<&Delegation> {
        self.holders.iter().find(|holder| holder.staker == staker)
    }

    /// Whether a co-staker may add `amount`, and on which share.
    pub(super) fn admits(
        &self,
        supplier: AccountId,
        staker: AccountId,
        amount: Amount,
        spec: &StakingSpec,
    ) -> Result<Ppm, Rejection> {
        let share = self.offered.ok_or(Rejection::WrongState)?;
        let others = self.holders.iter().filter(|h| h.staker != supplier && h.staker != staker);
        if others.count() >= spec.most_co_stakers as usize {
            return Err(Rejection::WrongState);
        }
        let own = self.active_of(supplier);
        let all = self.active().checked_add(amount).ok_or(Rejection::BadSize)?;
        let most = mul_div(all.unsigned_abs(), u128::from(spec.co_stake_limit.min(ONE)), u128::from(ONE)).0;
        if (all - own).unsigned_abs() > most {
            return Err(Rejection::BadSize);
        }
        Ok(share)
    }

    /// Adds to a holder, who is new or keeps its share when none is given.
    pub(super) fn add(&mut self, staker: AccountId, amount: Amount, share: Option<Ppm>) {
        if let Some(holder) = self.holders.iter_mut().find(|holder| holder.staker == staker) {
            holder.active += amount;
            holder.share = share.unwrap_or(holder.share);
            return;
        }
        let share = share.or(self.offered).unwrap_or(ONE);
        self.holders.push(Delegation { staker, active: amount, share, leaving: Vec::new() });
    }

    pub(super) fn leave(&mut self, staker: AccountId, amount: Amount, until: Time) -> Result<(), Rejection> {
        let holder =
            self.holders.iter_mut().find(|holder| holder.staker == staker).ok_or(Rejection::Unknown)?;
        if holder.active < amount {
            return Err(Rejection::Unfunded);
        }
        holder.active -= amount;
        let at = holder.leaving.partition_point(|(at, _)| *at <= until);
        holder.leaving.insert(at, (until, amount));
        Ok(())
    }

    /// Takes out what has cooled down by now; a holder with nothing left is forgotten.
    pub(super) fn release(&mut self, staker: AccountId, now: Time) -> Amount {
        let Some(at) = self.holders.iter().position(|holder| holder.staker == staker) else {
            return 0;
        };
        let holder = &mut self.holders[at];
        let due = holder.leaving.partition_point(|(at, _)| *at <= now);
        let amount = holder.leaving.drain(..due).map(|(_, amount)| amount).sum();
        if holder.slashable() == 0 {
            self.holders.remove(at);
        }
        amount
    }

    /// See [`super::Staking::seize`].
    pub(super) fn seize(&mut self, amount: Amount) -> Vec<(AccountId, Amount)> {
        let amount = amount.min(self.slashable());
        let weights: Vec<u128> = self.holders.iter().map(|h| h.slashable().unsigned_abs()).collect();
        let mut losses = Vec::new();
        let rest = split(amount, &weights, &mut losses);
        debug_assert!(rest == 0 || amount == rest, "without stakes nothing is split");
        let mut parts = Vec::new();
        for (holder, loss) in self.holders.iter_mut().zip(losses) {
            if loss > 0 {
                holder.lose(loss);
                parts.push((holder.staker, loss));
            }
        }
        parts
    }

    /// What each co-staker gets of a reward.
    pub(super) fn co_stakers_parts(
        &self,
        supplier: AccountId,
        reward: Amount,
    ) -> impl Iterator<Item = (AccountId, Amount)> + '_ {
        let all = self.active().unsigned_abs();
        let others = self.holders.iter().filter(move |h| h.staker != supplier && h.active > 0);
        others.map(move |holder| {
            let (earned, _) = mul_div(reward.unsigned_abs(), holder.active.unsigned_abs(), all);
            let earned = Amount::try_from(earned).expect("no more than the reward");
            (holder.staker, portion(earned, holder.share))
        })
    }
}
