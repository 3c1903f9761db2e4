//! Tokens of a schedule inside the protocol: released at the close of an epoch, when there is a schedule.

use super::{Protocol, owners};
use crate::effect::Effect;
use crate::ledger::Asset;
use crate::rewards::blocks::{Blocks, Closing};
use crate::rewards::season::Payer;
use crate::staking::Staking;
use crate::units::Amount;

impl Protocol {
    /// At the close of an epoch, when its weights are in.
    pub(super) fn release_tokens(&mut self, effects: &mut Vec<Effect>) {
        let Some(mut blocks) = self.blocks.take() else {
            return;
        };
        let closing = Closing {
            now: self.now,
            payer: Payer { rule: self.reward.as_ref(), price: self.billing.rate() },
            bonded: self.bonded_tokens(),
            burned: self.burned(),
            owners: owners(&self.registry, &self.purses, self.mint),
        };
        blocks.close(&closing, &mut self.ledger, effects);
        self.blocks = Some(blocks);
    }

    /// Tokens of active stakes, in base units.
    fn bonded_tokens(&self) -> Amount {
        let staking = self.staking().filter(|staking| staking.spec().asset == Asset::Token);
        staking.map_or(0, Staking::active)
    }

    /// Tokens that have come into being since genesis, by seasons and by a schedule, in base units.
    #[must_use]
    pub fn minted_tokens(&self) -> Amount {
        -self.ledger.balance(self.mint, Asset::Token)
    }

    /// The schedule at work, if there is one.
    #[must_use]
    pub fn blocks(&self) -> Option<&Blocks> {
        self.blocks.as_ref()
    }
}
