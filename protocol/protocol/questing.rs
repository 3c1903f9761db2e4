//! Quests in the network: what the platform outside tells, and what was told so far.

use super::Protocol;
use crate::command::Rejection;
use crate::effect::Effect;
use crate::ids::AccountId;

impl Protocol {
    /// Notes quests that accounts did.
    pub(super) fn quests_done(&mut self, accounts: &[AccountId], points: &[u32]) -> Result<(), Rejection> {
        let known = self.accounts();
        self.quests.as_mut().ok_or(Rejection::WrongState)?.complete(accounts, points, known)
    }

    /// Pays the pool for quests, where there is one and somebody did any.
    pub(super) fn pay_quests(&mut self, effects: &mut Vec<Effect>) {
        if let Some(quests) = &mut self.quests {
            quests.pay(&self.purses, self.mint, &mut self.ledger, effects);
        }
    }

    /// Points for quests that an account has so far; zero where there are none.
    #[must_use]
    pub fn quest_points(&self, account: AccountId) -> u64 {
        self.quests.as_ref().map_or(0, |quests| quests.points(account))
    }
}
