//! Quests: a pool apart from that for work, for what accounts do elsewhere (follow, post, invite, answer).
//!
//! *Rule*: a platform outside the network tells which accounts did quests, and what each was worth in points. When
//! counted seasons are paid, the pool is split once by all points so far, and the programme is over. A pool in which nobody
//! has points is never minted.
//!
//! *Formula*: tokens = pool × points of the account ÷ points of all, by largest remainder.
//!
//! *Integers*: points are whole numbers of 64 bits; the pool is in base units.
//!
//! *Source*: io.net's Ignition campaign of 2024 had pools for workers, for community quests and for Discord roles,
//! independent of one another. How large they were and how points became shares was not published: pro rata is assumed.
//!
//! *Known weakness*: quests are done per account and ask for no hardware. Whoever opens ten accounts does ten people's
//! quests, proof of work or not; a device that is caught or banned takes nothing from its account here.

use super::split::split;
use crate::command::Rejection;
use crate::effect::Effect;
use crate::ids::AccountId;
use crate::ledger::{Asset, Category, Ledger, Purse};
use crate::units::Amount;

/// A programme of quests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quests {
    pool: Amount,
    /// Points by account; short where the last accounts have none.
    points: Vec<u64>,
    paid: bool,
}

impl Quests {
    /// A programme with a pool in base units, at least zero.
    #[must_use]
    pub fn new(pool: Amount) -> Quests {
        Quests { pool, points: Vec::new(), paid: false }
    }

    /// Notes quests that accounts did: columns of equal length, an account may stand several times.
    ///
    /// # Errors
    /// [`Rejection::WrongState`] once the pool is paid, [`Rejection::BadSize`] for columns that are empty or of unequal
    /// length or for points of zero, [`Rejection::Unknown`] for an account that is not among the `accounts` opened so far.
    pub fn complete(&mut self, done: &[AccountId], points: &[u32], accounts: u32) -> Result<(), Rejection> {
        if self.paid {
            return Err(Rejection::WrongState);
        }
        if done.is_empty() || done.len() != points.len() || points.contains(&0) {
            return Err(Rejection::BadSize);
        }
        if done.iter().any(|account| account.0 >= accounts) {
            return Err(Rejection::Unknown);
        }
        self.points.resize(accounts as usize, 0);
        for (account, &more) in done.iter().zip(points) {
            let sum = &mut self.points[account.at()];
            *sum = sum.saturating_add(more.into());
        }
        Ok(())
    }

    /// Pays the pool from the mint, once ([`Category::Quest`], [`Effect::QuestsPaid`]); where nobody has points nothing
    /// happens, and the programme goes on.
    ///
    /// # Panics
    /// When an account with points has no purse, or the mint is not unlimited.
    pub fn pay(&mut self, purses: &[Purse], mint: Purse, ledger: &mut Ledger, effects: &mut Vec<Effect>) {
        if self.paid || self.points.iter().all(|points| *points == 0) {
            return;
        }
        self.paid = true;
        let mut payouts = Vec::new();
        let residual = split(self.pool, &self.points, &mut payouts);
        for (&purse, &tokens) in purses.iter().zip(&payouts) {
            ledger
                .transfer(Asset::Token, Category::Quest, mint, purse, tokens, effects)
                .expect("the mint is unlimited and accounts have purses");
        }
        effects.push(Effect::QuestsPaid(self.pool - residual));
    }

    /// Points of an account so far.
    #[must_use]
    pub fn points(&self, account: AccountId) -> u64 {
        self.points.get(account.at()).copied().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn programme(pool: Amount, points: &[(u32, u32)], accounts: u32) -> Quests {
        let mut quests = Quests::new(pool);
        for &(account, points) in points {
            quests.complete(&[AccountId(account)], &[points], accounts).expect("it is open");
        }
        quests
    }

    /// Tokens by account, and what was told.
    fn paid(quests: &mut Quests, accounts: u32) -> (Vec<Amount>, Vec<Effect>) {
        let mut ledger = Ledger::default();
        let mint = ledger.open_unlimited();
        let purses: Vec<Purse> = (0..accounts).map(|_| ledger.open()).collect();
        let mut effects = Vec::new();
        quests.pay(&purses, mint, &mut ledger, &mut effects);
        assert_eq!(ledger.recount(), [0; 3]);
        let balance = |purse: &Purse| ledger.balance(*purse, Asset::Token);
        (purses.iter().map(balance).collect(), effects)
    }

    #[test]
    fn a_diligent_account_gets_what_its_points_are_of_all_points() {
        // 100 by 1 : 2 : 4 is 14.29, 28.57, 57.14; the unit left over goes to the largest remainder.
        let (tokens, effects) = paid(&mut programme(100, &[(0, 1), (1, 2), (3, 3), (3, 1)], 4), 4);
        assert_eq!(tokens, [14, 29, 0, 57]);
        assert_eq!(effects.last(), Some(&Effect::QuestsPaid(100)));
    }

    #[test]
    fn ten_accounts_of_one_owner_take_ten_shares() {
        let one: Vec<(u32, u32)> = vec![(0, 5), (1, 5)];
        let ten: Vec<(u32, u32)> = (0..11).map(|account| (account, 5)).collect();
        let (alone, _) = paid(&mut programme(1100, &one, 2), 2);
        let (tokens, _) = paid(&mut programme(1100, &ten, 11), 11);
        assert_eq!((alone[1], tokens[1..].iter().sum::<Amount>()), (550, 1000));
    }

    #[test]
    fn a_campaign_that_nobody_followed_mints_nothing_and_one_that_was_paid_is_over() {
        let mut quests = Quests::new(100);
        assert_eq!(paid(&mut quests, 2), (vec![0, 0], vec![]));
        quests.complete(&[AccountId(1)], &[3], 2).expect("it goes on");
        assert_eq!(paid(&mut quests, 2).0, [0, 100]);
        assert_eq!(paid(&mut quests, 2).0, [0, 0], "no pool is paid twice");
        assert_eq!(quests.complete(&[AccountId(1)], &[3], 2), Err(Rejection::WrongState));
    }

    #[test]
    fn what_makes_no_sense_is_refused_untouched() {
        let mut quests = programme(100, &[(0, 1)], 2);
        let before = quests.clone();
        let all = [AccountId(0), AccountId(1)];
        assert_eq!(quests.complete(&[], &[], 2), Err(Rejection::BadSize));
        assert_eq!(quests.complete(&all, &[1], 2), Err(Rejection::BadSize));
        assert_eq!(quests.complete(&all, &[1, 0], 2), Err(Rejection::BadSize));
        assert_eq!(quests.complete(&[AccountId(0), AccountId(2)], &[1, 1], 2), Err(Rejection::Unknown));
        assert_eq!(quests, before);
    }
}
