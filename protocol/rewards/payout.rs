//! One payment: what a rule draws of an offer, split by weight, cut at the rule's limits.
//!
//! *Formula*: paid + burned + retained = offered, exactly. Without a limit per device the split is over accounts, so that
//! rounding favours nobody for the number of its devices.

use super::split::split_capped;
use super::{Leftover, Offer, PayLimits, RewardRule};
use crate::ids::AccountId;
use crate::units::Amount;

/// What became of an offer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Payout {
    /// Base units by account.
    pub(super) by_account: Vec<Amount>,
    /// Sum of them.
    pub(super) paid: Amount,
    /// Released to nobody.
    pub(super) burned: Amount,
    /// Not released.
    pub(super) retained: Amount,
}

/// Weights of devices, and who owns them.
pub(super) struct Devices<'a> {
    pub(super) weights: &'a [u64],
    pub(super) account: &'a [AccountId],
}

/// Splits an offer over accounts by their weights.
pub(super) fn over_accounts(
    rule: &dyn RewardRule,
    offer: &Offer,
    limits: &PayLimits,
    weights: &[u128],
) -> Payout {
    let (pay, burn) = drawn(rule, offer);
    let caps = vec![limits.per_account.unwrap_or(Amount::MAX); weights.len()];
    let mut by_account = Vec::new();
    let left = split_capped(pay, weights, &caps, limits.leftover, &mut by_account);
    done(by_account, offer.tokens, burn + left.burned)
}

/// Splits an offer over devices by their weights, each up to the limit per device, and adds up by account.
pub(super) fn over_devices(
    rule: &dyn RewardRule,
    offer: &Offer,
    limits: &PayLimits,
    (devices, accounts): (&Devices<'_>, usize),
) -> Payout {
    let (pay, burn) = drawn(rule, offer);
    let caps = vec![limits.per_device.unwrap_or(Amount::MAX); devices.weights.len()];
    let mut shares = Vec::new();
    let left = split_capped(pay, devices.weights, &caps, limits.leftover, &mut shares);
    let mut by_account = vec![0; accounts];
    for (share, account) in shares.iter().zip(devices.account) {
        by_account[account.at()] += share;
    }
    let mut burned = burn + left.burned;
    if let Some(cap) = limits.per_account {
        for sum in &mut by_account {
            let beyond = (*sum - cap.max(0)).max(0);
            *sum -= beyond;
            burned += beyond * Amount::from(limits.leftover == Leftover::Burn);
        }
    }
    done(by_account, offer.tokens, burned)
}

/// What a rule takes, held to the offer: the payment first, then what it burns.
fn drawn(rule: &dyn RewardRule, offer: &Offer) -> (Amount, Amount) {
    let draw = rule.draw(offer);
    let pay = draw.pay.clamp(0, offer.tokens);
    (pay, draw.burn.clamp(0, offer.tokens - pay))
}

fn done(by_account: Vec<Amount>, offered: Amount, burned: Amount) -> Payout {
    let paid = by_account.iter().sum();
    Payout { by_account, paid, burned, retained: offered - paid - burned }
}

#[cfg(test)]
mod tests {
    use super::super::{Draw, EpochRecord};
    use super::*;

    /// Takes so much of every offer, and burns so much.
    #[derive(Debug)]
    struct Takes(Amount, Amount);

    impl RewardRule for Takes {
        fn name(&self) -> &'static str {
            "takes"
        }
        fn weigh(&mut self, _record: &EpochRecord<'_>, _weights: &mut [u64]) {}
        fn draw(&self, _offer: &Offer) -> Draw {
            Draw { pay: self.0, burn: self.1 }
        }
    }

    const OFFER: Offer = Offer { tokens: 100, points: 4, price: None };

    fn limits(per_device: Option<Amount>, per_account: Option<Amount>, leftover: Leftover) -> PayLimits {
        PayLimits { per_device, per_account, leftover }
    }

    fn devices(rule: &Takes, limits: &PayLimits) -> Payout {
        let account = [AccountId(0), AccountId(0), AccountId(1)];
        over_devices(rule, &OFFER, limits, (&Devices { weights: &[1, 1, 2], account: &account }, 2))
    }

    #[test]
    fn a_rule_that_asks_for_too_much_gets_what_is_offered_and_burns_nothing() {
        let payout = over_accounts(&Takes(500, 500), &OFFER, &PayLimits::default(), &[1, 3]);
        assert_eq!((payout.by_account, payout.burned, payout.retained), (vec![25, 75], 0, 0));
        let payout = over_accounts(&Takes(-5, 30), &OFFER, &PayLimits::default(), &[1, 3]);
        assert_eq!((payout.by_account, payout.burned, payout.retained), (vec![0, 0], 30, 70));
    }

    #[test]
    fn what_limits_keep_back_is_retained_burned_or_given_to_the_others() {
        let all = Takes(100, 0);
        let kept = devices(&all, &limits(Some(20), None, Leftover::Retain));
        assert_eq!((kept.by_account, kept.burned, kept.retained), (vec![40, 20], 0, 40));
        let burned = devices(&all, &limits(Some(30), Some(35), Leftover::Burn));
        assert_eq!((burned.by_account, burned.burned, burned.retained), (vec![35, 30], 35, 0));
        let shared = devices(&all, &limits(Some(40), None, Leftover::Redistribute));
        assert_eq!((shared.by_account, shared.retained), (vec![60, 40], 0));
    }

    #[test]
    fn without_limits_devices_and_accounts_come_to_the_same() {
        let rule = Takes(80, 20);
        let payout = devices(&rule, &PayLimits::default());
        assert_eq!(payout, over_accounts(&rule, &OFFER, &PayLimits::default(), &[2, 2]));
        assert_eq!(payout.paid, 80);
    }
}
