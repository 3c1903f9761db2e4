//! Leases paid by the hour and in tokens, through the market.

use super::*;
use crate::billing::{Billing, BillingSpec, Settlement, TokenRate};
use crate::command::Rejection;
use crate::ledger::{Asset, Category};
use crate::units::{TOKEN, USD};

fn town(spec: BillingSpec) -> Town {
    let mut town = Town::new();
    town.billing = Billing::open(spec, &mut town.ledger);
    town
}

fn hourly() -> BillingSpec {
    BillingSpec { settlement: Settlement::Hourly, dispute_window: Span::HOUR, ..BillingSpec::default() }
}

#[test]
fn each_full_hour_is_paid_when_it_can_no_longer_be_disputed() {
    let mut town = town(hourly());
    let devices = town.list_singles(1);
    let job = town.submit(0, request(1));
    let mut earned = Vec::new();
    for hour in 1..=10 {
        town.wait_until(at(hour));
        earned.push(town.earned(devices[0]) / 997_500);
        assert_eq!(town.ledger.recount(), [0; 3]);
    }
    // The latest hour may be disputed until it is over; the last bill pays it.
    assert_eq!(earned, [0, 1, 2, 3, 4, 5, 6, 7, 8, 10]);
    assert_eq!(state(&town, job), JobState::Over(Outcome::Completed));
    assert_eq!(town.escrow(), 0);
}

#[test]
fn what_was_paid_by_the_hour_is_not_paid_again_when_a_device_is_lost() {
    let mut by_hour = town(hourly());
    let mut at_end = town(BillingSpec { settlement: Settlement::AtEnd, ..hourly() });
    for town in [&mut by_hour, &mut at_end] {
        let devices = town.list_singles(2);
        town.submit(0, request(2));
        town.wait_until(at(4));
        town.lose(at(5) + Span::MINUTE.times(30), &devices[..1]);
    }
    assert!(by_hour.earned(DeviceId(0)) > 0);
    for device in [DeviceId(0), DeviceId(1)] {
        assert_eq!(by_hour.earned(device), at_end.earned(device));
    }
    assert_eq!(by_hour.usd(RENTER), at_end.usd(RENTER));
    assert_eq!(by_hour.escrow(), 0);
}

#[test]
fn a_lease_in_tokens_is_held_and_paid_at_the_rate_of_its_start() {
    let mut town = town(BillingSpec { pay_in: Asset::Token, ..BillingSpec::default() });
    let devices = town.list_singles(1);
    assert_eq!(town.try_submit(0, request(1)), Err(Rejection::WrongState), "tokens have no price yet");
    town.billing.set_rate(TokenRate::new(2_000_000).expect("two dollars"));
    assert_eq!(town.try_submit(0, request(1)), Err(Rejection::Unfunded), "dollars do not count");
    let renter = town.purses[RENTER.at()];
    let (token, funding) = (Asset::Token, Category::Funding);
    town.ledger.post(token, funding, town.outside, renter, 100 * TOKEN).expect("unlimited");
    let job = town.submit(0, request(1));
    // Ten hours at up to two dollars, 0.25 % and 2 %: 20.45 dollars are 10.225 tokens.
    let escrow = town.billing.escrow_purse();
    assert_eq!(town.ledger.balance(escrow, token), 1_022_500_000);
    town.billing.set_rate(TokenRate::new(8_000_000).expect("eight dollars"));
    town.wait_until(at(10));
    assert_eq!(state(&town, job), JobState::Over(Outcome::Completed));
    // Ten dollars less 0.25 % at two dollars a token.
    let owner = town.purses[town.registry.account[devices[0].at()].at()];
    assert_eq!(town.ledger.balance(owner, token), 498_750_000);
    assert_eq!(town.ledger.balance(escrow, token), 0);
    assert_eq!(town.usd(RENTER), 1_000_000 * USD);
}
