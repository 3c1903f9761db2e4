//! Pay by bonded stake: Livepeer's rewards to its active orchestrators.
//!
//! *Rule*: of the accounts that had a device up, as many as the active set holds are active, those with the most stake
//! first, then those that came first. What a round may mint is theirs in proportion to their stake; the devices of an
//! account share its part by their time up.
//!
//! *Formula*: weight = down(stake of the account × hours × time up of the device / time up of all its devices), zero
//! outside the active set. How much a round may mint is the affair of [`crate::emission::Bonding`].
//!
//! *Source*: livepeer/protocol, `Minter.createReward`: mintable × (the orchestrator's stake ÷ all active stake), which the
//! chain rounds down to a billionth and the split here does exactly; its deployment configuration for the active set
//! of 100. A co-staker's stake counts as its supplier's, as delegation does there. What a supplier leaves to its
//! co-stakers (Livepeer's reward cut) is out of this rule, which weighs devices: [`crate::staking`] says what they would
//! be due. So are fees of jobs.
//!
//! On Livepeer the part of an orchestrator that does not call for its reward is never minted; here what is offered goes
//! to those that were up, so that who does nothing changes nothing for others.
//!
//! *Known weakness*: it pays capital and not work: a large stake behind one idle card outearns any number of hired cards
//! with a small one. Whoever holds enough for several places of the active set fills them under several names and
//! pushes out the smallest who stand in it. A season that counts by snapshot cuts off what absent devices took of their
//! owner's part, which a name of their own saves: it breaks the law of work beside others.

use super::portions::{Portions, held, stake_of};
use super::{EpochRecord, Needs, RewardRule};
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;

/// Numbers of the rule.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BondedInflationSpec {
    /// Places in the active set. 100 (livepeer/protocol's deployment configuration).
    pub active_accounts: u32,
}

impl Default for BondedInflationSpec {
    fn default() -> Self {
        BondedInflationSpec { active_accounts: 100 }
    }
}

impl BondedInflationSpec {
    /// The rule that this describes.
    #[must_use]
    pub fn build(self) -> Box<dyn RewardRule> {
        Box::new(BondedInflation { spec: self, portions: Portions::default(), ranking: Vec::new() })
    }
}

/// See the file's header.
#[derive(Debug)]
pub struct BondedInflation {
    spec: BondedInflationSpec,
    portions: Portions,
    /// Scratch: candidates by stake.
    ranking: Vec<Place>,
}

/// The largest stake is the least, then the account that came first.
type Place = (Reverse<u64>, usize);

impl BondedInflation {
    /// The last place of the active set, if not all candidates have one.
    fn last_place(&mut self, record: &EpochRecord<'_>) -> Option<Place> {
        let places = self.spec.active_accounts as usize;
        let candidates = (0..record.accounts).filter(|account| self.portions.has(*account));
        self.ranking.clear();
        self.ranking.extend(candidates.map(|account| (Reverse(stake_of(record, account)), account)));
        if self.ranking.len() <= places {
            return None;
        }
        let nobody = (Reverse(u64::MAX), 0);
        let last = places.checked_sub(1).map(|last| *self.ranking.select_nth_unstable(last).1);
        Some(last.unwrap_or(nobody))
    }
}

impl RewardRule for BondedInflation {
    fn name(&self) -> &'static str {
        "bonded_inflation"
    }

    fn needs(&self) -> Needs {
        Needs { stake: true, ..Needs::default() }
    }

    fn weigh(&mut self, record: &EpochRecord<'_>, weights: &mut [u64]) {
        assert_eq!(weights.len(), record.len(), "a weight for every device");
        self.portions.measure(record, record.up_ns);
        let last = self.last_place(record);
        let worth = |account: usize| {
            let stake = stake_of(record, account);
            let active = last.is_none_or(|last| (Reverse(stake), account) <= last);
            if active { held(stake.into(), record.epoch) } else { 0 }
        };
        weights.fill(0);
        self.portions.share((record, record.up_ns), worth, weights);
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Columns, Row};
    use super::*;
    use crate::ids::AccountId;
    use crate::units::{Amount, Span, USD};

    fn up(account: u32) -> Row {
        Row { account: AccountId(account), up_ns: Span::HOUR.0, ..Row::default() }
    }

    fn weigh(places: u32, rows: Vec<Row>, stake: &[Amount]) -> Vec<u64> {
        let columns = Columns { stake: stake.to_vec(), ..Columns::new(rows, Vec::new()) };
        columns.weigh(BondedInflationSpec { active_accounts: places }.build().as_mut())
    }

    #[test]
    fn orchestrators_share_a_round_by_their_stake_and_devices_by_their_time() {
        let half = Row { up_ns: Span::HOUR.0 / 2, ..up(1) };
        let weights = weigh(100, vec![up(0), up(1), half], &[60 * USD, 30 * USD]);
        assert_eq!(weights, [60_000_000, 20_000_000, 10_000_000]);
    }

    #[test]
    fn stake_whose_devices_are_down_is_not_active_and_takes_no_place() {
        let down = Row { up_ns: 0, ..up(0) };
        assert_eq!(weigh(1, vec![down, up(1)], &[60 * USD, 30 * USD]), [0, 30_000_000]);
    }

    #[test]
    fn beyond_the_active_set_the_smallest_and_of_equals_the_latest_earn_nothing() {
        let rows = vec![up(0), up(1), up(2), up(3)];
        let stake = [5 * USD, 7 * USD, 5 * USD, USD];
        assert_eq!(weigh(2, rows.clone(), &stake), [5_000_000, 7_000_000, 0, 0]);
        assert_eq!(weigh(3, rows.clone(), &stake), [5_000_000, 7_000_000, 5_000_000, 0]);
        assert_eq!(weigh(0, rows, &stake), [0; 4]);
    }

    #[test]
    fn a_whale_under_two_names_takes_two_places_and_pushes_out_the_smallest() {
        let one = weigh(2, vec![up(0), up(1)], &[100 * USD, 40 * USD]);
        let two = weigh(2, vec![up(0), up(1), up(2)], &[50 * USD, 40 * USD, 50 * USD]);
        assert_eq!(one, [100_000_000, 40_000_000]);
        assert_eq!(two, [50_000_000, 0, 50_000_000]);
    }

    #[test]
    fn a_network_without_stake_pays_nobody() {
        assert_eq!(weigh(100, vec![up(0), up(1)], &[]), [0, 0]);
    }
}
