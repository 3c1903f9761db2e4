//! One season's movements in the ledger: points counted and reversed, tokens paid.

use super::tally::Tally;
use super::{COUNTS_NOTHING, Owners, Paid, Payer, Season, Stage};
use crate::effect::Effect;
use crate::emission::Emission;
use crate::ids::SeasonId;
use crate::ledger::{Asset, Category, Ledger, Purse};
use crate::rewards::payout::{Devices, Payout, over_accounts, over_devices};
use crate::rewards::{Offer, PayLimits};
use crate::units::Amount;

impl Season {
    pub(super) fn count(
        &mut self,
        id: SeasonId,
        owners: &Owners<'_>,
        ledger: &mut Ledger,
        effects: &mut Vec<Effect>,
    ) {
        self.tally.leave_out(owners.flags, COUNTS_NOTHING);
        self.counted = self.tally.count(&self.spec, self.basis, owners);
        for (&purse, &points) in owners.purses.iter().zip(&self.counted) {
            ledger
                .transfer(Asset::Points, Category::PointsCounted, owners.mint, purse, points, effects)
                .expect("the mint is unlimited and accounts have purses");
        }
        effects.push(Effect::SeasonCounted(id, self.counted.iter().sum()));
    }

    pub(super) fn reverse_purged(
        &mut self,
        id: SeasonId,
        owners: &Owners<'_>,
        ledger: &mut Ledger,
        effects: &mut Vec<Effect>,
    ) {
        let after = self.tally.count(&self.spec, self.basis, owners);
        let before = std::mem::replace(&mut self.counted, after);
        if before.iter().sum::<Amount>() == self.counted.iter().sum() {
            return;
        }
        // Fewer points per device are never more per account, so every difference is a reversal.
        for ((&purse, was), is) in owners.purses.iter().zip(before).zip(&self.counted) {
            reverse(purse, was - is, owners.mint, ledger, effects);
        }
        effects.push(Effect::SeasonCounted(id, self.counted.iter().sum()));
    }

    /// What the latest count would have given without linkage, by account; empty when linkage changed nothing in it.
    pub(super) fn compare(&self, owners: &Owners<'_>) -> Vec<Amount> {
        if self.tally.linkage_mattered() {
            self.tally.count_without_linkage(&self.spec, self.basis, owners)
        } else {
            Vec::new()
        }
    }

    pub(super) fn pay(
        &mut self,
        id: SeasonId,
        owners: &Owners<'_>,
        payer: &Payer<'_>,
        emission: &mut dyn Emission,
        (ledger, effects): (&mut Ledger, &mut Vec<Effect>),
    ) -> Paid {
        let tokens = self.spec.pool.min(emission.remaining());
        let payout = self.payout(tokens, owners, payer);
        let (paid, burned) = (payout.paid, payout.burned);
        let granted = emission.release(id.0.into(), paid + burned);
        assert_eq!(granted, paid + burned, "emission grants what it says remains");
        for (&purse, &tokens) in owners.purses.iter().zip(&payout.by_account) {
            ledger
                .transfer(Asset::Token, Category::Reward, owners.mint, purse, tokens, effects)
                .expect("the mint is unlimited and accounts have purses");
        }
        effects.push(Effect::SeasonPaid(id, paid));
        self.without_linkage = self.compare(owners);
        self.stage = Stage::Paid;
        self.tally = Tally::default();
        Paid { season: id, paid, retained: payout.retained, burned }
    }

    /// The season's limits on top of the rule's. A limit per device needs the split over devices, where the exponent on
    /// accounts has no place.
    fn payout(&self, tokens: Amount, owners: &Owners<'_>, payer: &Payer<'_>) -> Payout {
        let weights: Vec<u128> = self.counted.iter().map(|points| points.unsigned_abs()).collect();
        let offer = Offer { tokens, points: weights.iter().sum(), price: payer.price };
        let rule = payer.rule.limits();
        let own = self.spec.cap_per_account;
        let limits = PayLimits {
            per_device: rule.per_device,
            per_account: rule.per_account.into_iter().chain(own).min(),
            leftover: if own.is_some() { self.spec.leftover } else { rule.leftover },
        };
        if limits.per_device.is_some() {
            let weights = self.tally.by_device(self.basis);
            let devices = Devices { weights: &weights, account: owners.account };
            over_devices(payer.rule, &offer, &limits, (&devices, owners.purses.len()))
        } else {
            over_accounts(payer.rule, &offer, &limits, &weights)
        }
    }
}

/// Takes counted points back.
pub(super) fn reverse(
    purse: Purse,
    points: Amount,
    mint: Purse,
    ledger: &mut Ledger,
    effects: &mut Vec<Effect>,
) {
    ledger
        .transfer(Asset::Points, Category::PointsReversed, purse, mint, points, effects)
        .expect("counted points are never spent");
}
