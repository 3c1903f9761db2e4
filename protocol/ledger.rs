//! Double-entry ledger: every posting moves an amount from one account to another, so it balances by construction.

use crate::command::Rejection;
use crate::effect::Effect;
use crate::units::Amount;
use serde::{Deserialize, Serialize};

/// What is moved.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Asset {
    /// Micro-dollars.
    Usd,
    /// Token base units (1e-8).
    Token,
    /// Micro-points.
    Points,
}

/// An account of the ledger: a dense index.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize)]
pub struct Purse(pub u32);

/// Why money moved; every movement has one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
pub enum Category {
    /// From outside into an account.
    Funding,
    /// To outside.
    Withdrawal,
    /// Renter to escrow.
    Escrow,
    /// Escrow to supplier.
    LeasePay,
    /// Fees to the network.
    Fee,
    /// Escrow back to renter.
    Refund,
    /// Points counted.
    PointsCounted,
    /// Points taken back by a recount or purge.
    PointsReversed,
    /// Tokens paid for points, or for weight in a schedule's epochs.
    Reward,
    /// Rent for cloud machines.
    CloudRent,
    /// Rooms' and brokers' own costs are not modelled; this is the purchase of hardware.
    HardwarePurchase,
    /// Sale of used hardware.
    HardwareResale,
    /// Electricity.
    Power,
    /// Traffic, staff, sites and identities (addresses, mail accounts).
    Operations,
    /// Tokens sold for dollars.
    TokenSale,
    /// Locked up behind a supplier, or put back there after an appeal.
    Stake,
    /// Stake back to its holder.
    Unstake,
    /// Stake seized, and then burned or paid out.
    Slash,
    /// Tokens released by a schedule, from the mint to where they wait to be paid.
    Emission,
    /// Tokens of a bill that nobody is paid.
    Burn,
    /// Tokens paid for quests.
    Quest,
}

/// One posting.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize)]
pub struct Entry {
    /// What.
    pub asset: Asset,
    /// Why.
    pub category: Category,
    /// Who gives.
    pub from: Purse,
    /// Who receives.
    pub to: Purse,
    /// How much, in base units, never negative.
    pub amount: Amount,
}

/// Every balance of the network, or of the world around it: a row per purse, a column per asset.
///
/// A posting subtracts and adds the same amount, so each asset sums to zero over all purses; [`Ledger::recount`]
/// checks that from the balances alone, in release builds too.
#[derive(Clone, Default, Debug)]
pub struct Ledger {
    balances: Vec<[Amount; 3]>,
    /// Purses that may go negative: what the mint or the outside world owes is what all others hold.
    unlimited: Vec<bool>,
    postings: u64,
}

impl Ledger {
    /// A new purse that never goes below zero.
    pub fn open(&mut self) -> Purse {
        self.push(false)
    }

    /// A new purse that may go negative: the mint, the outside world.
    pub fn open_unlimited(&mut self) -> Purse {
        self.push(true)
    }

    fn push(&mut self, unlimited: bool) -> Purse {
        let purse = Purse(u32::try_from(self.balances.len()).expect("fewer than 2^32 purses"));
        self.balances.push([0; 3]);
        self.unlimited.push(unlimited);
        purse
    }

    /// Moves `amount` base units and reports it as [`Effect::Posted`]; zero moves nothing and reports nothing.
    ///
    /// # Errors
    /// As [`Ledger::post`]; a refused transfer changes neither balances nor effects.
    pub fn transfer(
        &mut self,
        asset: Asset,
        category: Category,
        from: Purse,
        to: Purse,
        amount: Amount,
        effects: &mut Vec<Effect>,
    ) -> Result<(), Rejection> {
        let entry = self.post(asset, category, from, to, amount)?;
        if amount > 0 {
            effects.push(Effect::Posted(entry));
        }
        Ok(())
    }

    /// Moves `amount` base units and returns the entry, for books whose postings are not protocol effects.
    /// Zero moves nothing, and its entry is not counted as a posting.
    ///
    /// # Errors
    /// [`Rejection::BadSize`] for a negative amount or one that would overflow a balance, [`Rejection::Unknown`] for
    /// a purse that was never opened, [`Rejection::Unfunded`] when a limited purse is short.
    pub fn post(
        &mut self,
        asset: Asset,
        category: Category,
        from: Purse,
        to: Purse,
        amount: Amount,
    ) -> Result<Entry, Rejection> {
        if amount < 0 {
            return Err(Rejection::BadSize);
        }
        let column = asset as usize;
        let (payer, payee) = (from.0 as usize, to.0 as usize);
        if payer.max(payee) >= self.balances.len() {
            return Err(Rejection::Unknown);
        }
        let held = self.balances[payer][column];
        if held < amount && !self.unlimited[payer] {
            return Err(Rejection::Unfunded);
        }
        if amount > 0 {
            self.move_amount(column, payer, payee, amount)?;
        }
        Ok(Entry { asset, category, from, to, amount })
    }

    /// Both sides or neither.
    fn move_amount(
        &mut self,
        column: usize,
        payer: usize,
        payee: usize,
        amount: Amount,
    ) -> Result<(), Rejection> {
        if payer != payee {
            let less = self.balances[payer][column].checked_sub(amount);
            let more = self.balances[payee][column].checked_add(amount);
            let (Some(less), Some(more)) = (less, more) else {
                return Err(Rejection::BadSize);
            };
            self.balances[payer][column] = less;
            self.balances[payee][column] = more;
        }
        self.postings += 1;
        Ok(())
    }

    /// What a purse holds, in base units; zero for a purse that was never opened.
    #[must_use]
    pub fn balance(&self, purse: Purse, asset: Asset) -> Amount {
        self.balances.get(purse.0 as usize).map_or(0, |row| row[asset as usize])
    }

    /// The sum over all purses per asset (dollars, tokens, points); anything but zeros is our own mistake.
    #[must_use]
    pub fn recount(&self) -> [Amount; 3] {
        // Modulo 2^128 the order of summation cannot overflow on the way to a total that is zero.
        self.balances.iter().fold([0; 3], |[usd, token, points]: [Amount; 3], row| {
            [usd.wrapping_add(row[0]), token.wrapping_add(row[1]), points.wrapping_add(row[2])]
        })
    }

    /// Postings so far; zero amounts are none.
    #[must_use]
    pub fn postings(&self) -> u64 {
        self.postings
    }

    /// All balances, a row per purse in order of opening: dollars, tokens, points. For digests and audits.
    #[must_use]
    pub fn balances(&self) -> &[[Amount; 3]] {
        &self.balances
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lcg::Lcg;

    fn pair() -> (Ledger, Purse, Purse) {
        let mut ledger = Ledger::default();
        let mint = ledger.open_unlimited();
        let purse = ledger.open();
        (ledger, mint, purse)
    }

    #[test]
    fn a_limited_purse_pays_all_it_has_and_not_one_unit_more() {
        let (mut ledger, mint, purse) = pair();
        let mut effects = Vec::new();
        let mut pay = |ledger: &mut Ledger, from, to, amount| {
            ledger.transfer(Asset::Usd, Category::Funding, from, to, amount, &mut effects)
        };
        assert_eq!(pay(&mut ledger, mint, purse, 10), Ok(()));
        assert_eq!(pay(&mut ledger, purse, mint, 11), Err(Rejection::Unfunded));
        assert_eq!(ledger.balance(purse, Asset::Usd), 10);
        assert_eq!(pay(&mut ledger, purse, mint, 10), Ok(()));
        assert_eq!(ledger.balance(purse, Asset::Usd), 0);
        assert_eq!(effects.len(), 2, "a refused transfer leaves no effect");
        assert_eq!(ledger.postings(), 2);
    }

    #[test]
    fn assets_are_separate_columns() {
        let (mut ledger, mint, purse) = pair();
        ledger.post(Asset::Token, Category::Reward, mint, purse, 5).expect("the mint is unlimited");
        assert_eq!(ledger.balance(purse, Asset::Token), 5);
        assert_eq!(ledger.balance(purse, Asset::Usd), 0);
        assert_eq!(
            ledger.post(Asset::Points, Category::PointsReversed, purse, mint, 5),
            Err(Rejection::Unfunded)
        );
    }

    #[test]
    fn negative_amounts_and_unknown_purses_are_refused_and_zero_is_nothing() {
        let (mut ledger, mint, purse) = pair();
        let mut effects = Vec::new();
        let mut pay = |ledger: &mut Ledger, from, to, amount| {
            ledger.transfer(Asset::Usd, Category::Fee, from, to, amount, &mut effects)
        };
        assert_eq!(pay(&mut ledger, mint, purse, -1), Err(Rejection::BadSize));
        assert_eq!(pay(&mut ledger, mint, Purse(9), 1), Err(Rejection::Unknown));
        assert_eq!(pay(&mut ledger, purse, mint, 0), Ok(()));
        assert_eq!((effects.len(), ledger.postings()), (0, 0));
    }

    #[test]
    fn an_overflowing_balance_is_refused_whole() {
        let (mut ledger, mint, purse) = pair();
        let mut pay = |amount| ledger.post(Asset::Usd, Category::Funding, mint, purse, amount);
        assert!(pay(Amount::MAX).is_ok());
        assert_eq!(pay(1), Err(Rejection::BadSize));
        assert_eq!(ledger.recount(), [0; 3]);
        assert_eq!(ledger.balance(mint, Asset::Usd), -Amount::MAX);
    }

    #[test]
    fn paying_oneself_needs_the_money_and_changes_nothing() {
        let (mut ledger, mint, purse) = pair();
        let mut pay = |from, amount| ledger.post(Asset::Usd, Category::Fee, from, purse, amount);
        assert_eq!(pay(purse, 1), Err(Rejection::Unfunded));
        assert!(pay(mint, 7).is_ok() && pay(purse, 7).is_ok());
        assert_eq!(ledger.balance(purse, Asset::Usd), 7);
    }

    #[test]
    fn the_recount_is_zero_after_any_postings_and_sees_a_forged_balance() {
        let mut ledger = Ledger::default();
        let mut purses = vec![ledger.open_unlimited()];
        purses.extend((0..50).map(|_| ledger.open()));
        let mut lcg = Lcg(11);
        let mut refused = 0;
        for _ in 0..5_000 {
            let asset = [Asset::Usd, Asset::Token, Asset::Points][lcg.below(3) as usize];
            // One payment in three comes from the unlimited purse, so that there is something to move.
            let from = purses[if lcg.below(3) == 0 { 0 } else { lcg.below(51) as usize }];
            let to = purses[lcg.below(51) as usize];
            let amount = Amount::from(lcg.below(1_000_000));
            refused += u32::from(ledger.post(asset, Category::Funding, from, to, amount).is_err());
            assert_eq!(ledger.recount(), [0; 3]);
        }
        assert!(refused > 100, "some payments must have been short");
        assert!(ledger.balances()[1..].iter().flatten().all(|&held| held >= 0));
        ledger.balances[7][1] += 1;
        assert_eq!(ledger.recount(), [0, 1, 0]);
    }
}
