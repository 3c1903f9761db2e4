//! One season's movements in the ledger: points counted and reversed, tokens paid.

use super::tally::Tally;
use super::{COUNTS_NOTHING, Owners, Paid, Season, Stage};
use crate::effect::Effect;
use crate::emission::Emission;
use crate::ids::SeasonId;
use crate::ledger::{Asset, Category, Ledger, Purse};
use crate::rewards::split_capped;
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
        emission: &mut dyn Emission,
        ledger: &mut Ledger,
        effects: &mut Vec<Effect>,
    ) -> Paid {
        let pool = self.spec.pool.min(emission.remaining());
        let weights: Vec<u128> = self.counted.iter().map(|points| points.unsigned_abs()).collect();
        let caps = vec![self.spec.cap_per_account.unwrap_or(Amount::MAX); weights.len()];
        let mut payouts = Vec::new();
        let left = split_capped(pool, &weights, &caps, self.spec.leftover, &mut payouts);
        let paid = pool - left.retained - left.burned;
        let granted = emission.release(id.0.into(), paid + left.burned);
        assert_eq!(granted, paid + left.burned, "emission grants what it says remains");
        for (&purse, &tokens) in owners.purses.iter().zip(&payouts) {
            ledger
                .transfer(Asset::Token, Category::Reward, owners.mint, purse, tokens, effects)
                .expect("the mint is unlimited and accounts have purses");
        }
        effects.push(Effect::SeasonPaid(id, paid));
        self.without_linkage = self.compare(owners);
        self.stage = Stage::Paid;
        self.tally = Tally::default();
        Paid { season: id, paid, retained: left.retained, burned: left.burned }
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
