//! Presence is paid up to a cap: no account counts for more than a share of the epoch, or than so many cards.
//!
//! *Rule*: devices are weighed by time up; an account whose devices together pass the cap is brought down to it, each
//! of its devices in proportion. What is cut off weighs nothing, so that the others' part of the pool grows.
//!
//! *Formula*: S = up hours × cards × (one, the multiplier or the TFLOPS of the claimed model), added up over an
//! account. Its weight is min(S, C). Under a share of the total C = share × ΣS, the sum being taken before anything is
//! cut, or an equal part of ΣS where so few accounts earn that this is more; in cards C = cards × hours of the epoch,
//! in cards that count one point an hour. Micro-points, C and each device rounded down.
//!
//! *Source*: the founding article's complaint from the other side (accounts of one or two machines that outscored a
//! dozen strong cards) suggests that Ignition's points were capped or concave; no form of it was published. Caps per
//! account are usual in sales of tokens. That a hundred cards are many is the article's: more need a dedicated staff.
//!
//! *Known weakness*: an account costs an address, and k accounts have k caps: it breaks the Sybil law by accounts, so
//! the cap binds the honest owner of many cards and nobody who can open accounts. As the share is one of what stood
//! before the cut, a whale beside few others is still paid more than the share. Below the cap a claim multiplies, and
//! under a share of the total what is claimed lifts the cap too: it breaks the Sybil law by copies. At the cap one
//! device's gain is its owner's others' loss; when points of the one are then not counted (a snapshot, a quarantine)
//! the owner is paid less for more: it breaks the law of work beside others.

use super::accounts::Accounts;
use super::measure::{Measure, Meter, card_points};
use super::{EpochRecord, RewardRule};
use crate::units::{ONE, Ppm};
use serde::{Deserialize, Serialize};

/// What an account counts for at most in an epoch.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cap {
    /// So many parts per million of what all accounts together come to before the cut, or an equal part where that is
    /// more.
    ShareOfTotal(Ppm),
    /// As much as so many cards that count one point an hour, up for all the epoch.
    Cards(u32),
}

/// Numbers of the rule.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CappedShareSpec {
    /// What an hour of a card counts. Default: the model's multiplier.
    pub measure: Measure,
    /// Default: a hundredth of the total (assumed).
    pub cap: Cap,
}

impl CappedShareSpec {
    /// Cards beyond which an owner needs a dedicated staff and site (founding article).
    pub const MANY_CARDS: u32 = 100;

    /// The rule that this describes.
    #[must_use]
    pub fn build(self) -> Box<dyn RewardRule> {
        let (meter, accounts) = (Meter::new(self.measure), Accounts::default());
        Box::new(CappedShare { cap: self.cap, meter, accounts })
    }
}

impl Default for CappedShareSpec {
    fn default() -> Self {
        CappedShareSpec { measure: Measure::Multiplier, cap: Cap::ShareOfTotal(ONE / 100) }
    }
}

/// The rule; see the head of this file.
#[derive(Debug)]
pub struct CappedShare {
    cap: Cap,
    meter: Meter,
    accounts: Accounts,
}

impl CappedShare {
    /// What an account weighs at most.
    fn most(&self, record: &EpochRecord<'_>, total: u128) -> u64 {
        let most = match self.cap {
            // A total of 2^32 sums of 64 bits each leaves room for the product.
            Cap::ShareOfTotal(share) => {
                let equal = total / self.accounts.earning().max(1) as u128;
                equal.max(total * u128::from(share) / u128::from(ONE))
            }
            Cap::Cards(cards) => u128::from(cards) * u128::from(card_points(record.epoch.0)),
        };
        u64::try_from(most).unwrap_or(u64::MAX)
    }
}

impl RewardRule for CappedShare {
    fn name(&self) -> &'static str {
        match self.cap {
            Cap::ShareOfTotal(_) => "capped_share.of_total",
            Cap::Cards(_) => "capped_share.cards",
        }
    }

    fn weigh(&mut self, record: &EpochRecord<'_>, weights: &mut [u64]) {
        self.meter.weigh(record, record.up_ns, weights);
        let total = self.accounts.add_up(record, weights);
        let most = self.most(record, total);
        self.accounts.bring_to(record, weights, |sum| sum.min(most));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::AccountId;
    use crate::registry::{Model, flag};
    use crate::rewards::{Columns, Row};
    use crate::units::Span;

    /// Accounts with so many cards each on one device, all up.
    fn weigh(cap: Cap, epoch: Span, rows: &[(u32, u16)]) -> Vec<u64> {
        let row = |&(account, cards): &(u32, u16)| Row {
            up_ns: epoch.0,
            cards,
            account: AccountId(account),
            ..Row::default()
        };
        let model = Model { name: "a card".into(), memory_mb: 0, gflops: 0, multiplier: ONE };
        let columns = Columns { epoch, ..Columns::new(rows.iter().map(row).collect(), vec![model]) };
        columns.weigh(CappedShareSpec { cap, ..CappedShareSpec::default() }.build().as_mut())
    }

    const QUARTER: Cap = Cap::ShareOfTotal(250_000);

    #[test]
    fn a_whale_counts_for_its_share_of_the_total_before_the_cut() {
        // 60 of 100 cards are brought to 25, in proportion; of 65 that are left it is paid five thirteenths.
        let fleet = [(0, 40), (0, 20), (1, 10), (2, 10), (3, 10), (4, 10)];
        let weights = weigh(QUARTER, Span::HOUR, &fleet);
        assert_eq!(weights[..2], [16_666_666, 8_333_333]);
        assert_eq!(weights[2..], [10_000_000; 4]);
    }

    #[test]
    fn a_network_of_equals_is_not_touched_by_a_cap_that_reaches_them_or_a_share_however_low() {
        let fleet = [(0, 5), (1, 5), (2, 5)];
        let whole = [5_000_000; 3];
        assert_eq!(weigh(Cap::Cards(5), Span::HOUR, &fleet), whole);
        assert_eq!(weigh(Cap::ShareOfTotal(10_000), Span::HOUR, &fleet), whole);
        assert_eq!(weigh(Cap::ShareOfTotal(0), Span::HOUR, &[(0, 7)]), [7_000_000]);
    }

    #[test]
    fn a_cap_in_cards_grows_with_the_epoch_and_not_with_the_network() {
        let alone = weigh(Cap::Cards(10), Span::HOUR, &[(0, 60)]);
        let beside = weigh(Cap::Cards(10), Span::HOUR, &[(0, 60), (1, 3)]);
        assert_eq!((alone, beside), (vec![10_000_000], vec![10_000_000, 3_000_000]));
        assert_eq!(weigh(Cap::Cards(10), Span::DAY, &[(0, 60)]), [240_000_000]);
    }

    #[test]
    fn sixty_cards_under_four_accounts_weigh_what_they_weighed_before_the_cap() {
        let split = [(0, 15), (1, 15), (2, 15), (3, 15), (4, 20), (5, 20)];
        let weights = weigh(QUARTER, Span::HOUR, &split);
        assert_eq!(weights[..4].iter().sum::<u64>(), 60_000_000);
    }

    #[test]
    fn a_cap_is_lifted_by_what_is_claimed_under_a_share_and_not_in_cards() {
        let fleet = |claimed| [(0, claimed), (1, 10), (2, 10), (3, 10), (4, 10)];
        let own = |cap, claimed| weigh(cap, Span::HOUR, &fleet(claimed))[0];
        assert_eq!((own(QUARTER, 60), own(QUARTER, 600)), (25_000_000, 160_000_000));
        assert_eq!((own(Cap::Cards(30), 60), own(Cap::Cards(30), 600)), (30_000_000, 30_000_000));
    }

    #[test]
    fn devices_that_may_not_earn_use_up_nothing_of_their_accounts_cap() {
        let model = Model { name: "a card".into(), memory_mb: 0, gflops: 0, multiplier: ONE };
        let good = Row { up_ns: Span::HOUR.0, cards: 8, ..Row::default() };
        let rows = vec![Row { flags: flag::QUARANTINED, ..good }, good];
        let spec = CappedShareSpec { cap: Cap::Cards(8), ..CappedShareSpec::default() };
        assert_eq!(Columns::new(rows, vec![model]).weigh(spec.build().as_mut()), [0, 8_000_000]);
    }

    #[test]
    fn the_memory_of_one_epoch_does_not_reach_into_the_next() {
        let mut rule = CappedShareSpec { cap: Cap::Cards(1), ..CappedShareSpec::default() }.build();
        let model = Model { name: "a card".into(), memory_mb: 0, gflops: 0, multiplier: ONE };
        let up = |account| Row { up_ns: Span::HOUR.0, account: AccountId(account), ..Row::default() };
        let large = Columns::new((0..9).map(up).collect(), vec![model]);
        let small = Columns { rows: vec![up(0), up(0)], accounts: 1, ..large.clone() };
        assert_eq!(large.weigh(rule.as_mut()), [1_000_000; 9]);
        assert_eq!(small.weigh(rule.as_mut()), [500_000, 500_000]);
        assert_eq!(large.weigh(rule.as_mut()), [1_000_000; 9]);
    }
}
