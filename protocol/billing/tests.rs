//! Bills by hand, rounding, and the balance of every outcome.

use super::*;
use crate::lcg::Lcg;
use crate::ledger::Category;
use crate::testbed::request;
use crate::units::USD;

const OUTCOMES: [Outcome; 6] = [
    Outcome::Completed,
    Outcome::DeviceLost,
    Outcome::EndedEarly,
    Outcome::NotDelivered,
    Outcome::Interrupted,
    Outcome::Preempted,
];

struct Till {
    ledger: Ledger,
    billing: Billing,
    outside: Purse,
    renter: Purse,
    suppliers: [Purse; 2],
}

impl Till {
    fn new(spec: BillingSpec) -> Till {
        let mut ledger = Ledger::default();
        let outside = ledger.open_unlimited();
        Till {
            billing: Billing::open(spec, &mut ledger),
            outside,
            renter: ledger.open(),
            suppliers: [ledger.open(), ledger.open()],
            ledger,
        }
    }

    fn usd(&self, purse: Purse) -> Amount {
        self.ledger.balance(purse, Asset::Usd)
    }

    /// Funds and holds the escrow, settles, and returns the renter's refund, both pays and the fees.
    fn settle(&mut self, held: Amount, bill: &Bill<'_>) -> [Amount; 4] {
        let before = self.totals();
        let (usd, funding) = (Asset::Usd, Category::Funding);
        self.ledger.post(usd, funding, self.outside, self.renter, held).expect("unlimited");
        let effects = &mut Vec::new();
        self.billing.hold_in(Currency::Usd, self.renter, held, &mut self.ledger, effects).expect("funded");
        self.billing.settle(bill, &mut self.ledger, effects);
        assert_eq!(self.usd(self.billing.escrow), 0, "escrow is paid out whole");
        assert_eq!(self.ledger.recount(), [0; 3]);
        let after = self.totals();
        std::array::from_fn(|i| after[i] - before[i])
    }

    fn totals(&self) -> [Amount; 4] {
        let [first, second] = self.suppliers;
        [self.renter, first, second, self.billing.network].map(|purse| self.usd(purse))
    }

    /// Two devices of one card at a dollar, limit two dollars, ten hours, second device lost.
    fn by_hand(&mut self, outcome: Outcome, used: Span) -> [Amount; 4] {
        let held = self.billing.escrow(&request(2));
        assert_eq!(held, 40_900_000, "40 dollars of rent, 0.25 % and 2 %");
        let shares = [false, true].map(|lost| Share {
            payee: self.suppliers[usize::from(lost)],
            cards: 1,
            price: 1_000_000,
            lost: lost && outcome == Outcome::DeviceLost,
        });
        let bill = Bill {
            renter: self.renter,
            held,
            term: request(2).term,
            used,
            outcome,
            shares: &shares,
            served_before: Span::ZERO,
        };
        self.settle(held, &bill)
    }
}

#[test]
fn the_default_fees_are_the_published_ones() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/facts/data/reward_rules.toml");
    let Ok(text) = std::fs::read_to_string(path) else {
        eprintln!("skipped: shared/facts/data/reward_rules.toml is not here");
        return;
    };
    let (_, table) = text.split_once("[ionet_fees]").expect("the table of fees");
    let fee = |key: &str| {
        let line = table.lines().find(|line| line.starts_with(key));
        let (_, value) = line.and_then(|l| l.split_once('=')).expect("the fee");
        let share: f64 = value.trim().parse().expect("a number");
        (share * f64::from(ONE)).round() as Ppm
    };
    let spec = BillingSpec::default();
    assert_eq!(spec.renter_reservation, fee("renter_reservation"));
    assert_eq!(spec.supplier_reservation, fee("supplier_reservation"));
    assert_eq!(spec.usdc_payment, fee("usdc_payment"));
}

#[test]
fn a_served_term_pays_the_asking_price_and_not_the_limit() {
    let mut till = Till::new(BillingSpec::default());
    let paid = till.by_hand(Outcome::Completed, Span::HOUR.times(10));
    // Rent 10 each; 0.25 % from each supplier; 0.25 % and 2 % of 20 from the renter.
    assert_eq!(paid, [20_450_000, 9_975_000, 9_975_000, 500_000]);
}

#[test]
fn an_early_end_pays_the_time_used_and_at_least_an_hour() {
    let mut till = Till::new(BillingSpec::default());
    let four = till.by_hand(Outcome::EndedEarly, Span::HOUR.times(4));
    assert_eq!(four, [32_720_000, 3_990_000, 3_990_000, 200_000]);
    let minute = till.by_hand(Outcome::EndedEarly, Span::MINUTE);
    let hour = till.by_hand(Outcome::EndedEarly, Span::HOUR);
    assert_eq!(minute, hour);
    assert_eq!(hour[1], 997_500);
}

#[test]
fn leaving_in_the_first_hour_pays_nothing_and_costs_the_renter_nothing() {
    let mut till = Till::new(BillingSpec::default());
    let last = Span(Span::HOUR.0 - 1);
    assert_eq!(till.by_hand(Outcome::DeviceLost, last), [40_900_000, 0, 0, 0]);
    let hour = till.by_hand(Outcome::DeviceLost, Span::HOUR);
    assert_eq!((hour[1], hour[2]), (997_500, 997_500), "the first hour is over");
}

#[test]
fn a_deserter_forfeits_its_unfinished_hour_and_the_others_are_paid_to_the_end() {
    let mut till = Till::new(BillingSpec::default());
    let used = Span(Span::HOUR.0 * 7 / 2);
    let paid = till.by_hand(Outcome::DeviceLost, used);
    // Rents 3.5 and 3; fees 0.25 % of each, 0.25 % and 2 % of 6.5.
    assert_eq!(paid, [34_237_500 + 16_250, 3_491_250, 2_992_500, 162_500]);
    assert_eq!(paid.iter().sum::<Amount>(), 40_900_000);
}

#[test]
fn undelivered_work_is_refunded_by_the_share_that_the_rules_say() {
    let mut till = Till::new(BillingSpec::default());
    let used = Span::HOUR.times(4);
    let all = till.by_hand(Outcome::NotDelivered, used);
    assert_eq!(all, [40_900_000, 0, 0, 0]);
    let mut till = Till::new(BillingSpec { undelivered_refund: 750_000, ..BillingSpec::default() });
    let some = till.by_hand(Outcome::NotDelivered, used);
    assert_eq!((some[1], some[2], some[3]), (997_500, 997_500, 50_000));
}

#[test]
fn escrow_rounds_up_and_rounding_leaves_the_rest_to_the_renter() {
    let mut till = Till::new(BillingSpec::default());
    let ask = JobRequest { term: Span(Span::HOUR.0 + 1), price_limit: 1, ..request(1) };
    let held = till.billing.escrow(&ask);
    assert_eq!(held, 2 + 1 + 1, "rent and both fees, each rounded up");
    let shares = [Share { payee: till.suppliers[0], cards: 1, price: 1, lost: false }];
    let bill = Bill {
        renter: till.renter,
        held,
        term: ask.term,
        used: ask.term,
        outcome: Outcome::Completed,
        shares: &shares,
        served_before: Span::ZERO,
    };
    // The rent is 1; less the fee it is below one micro-dollar, and so is the fee.
    assert_eq!(till.settle(held, &bill), [4, 0, 0, 0]);
}

#[test]
fn the_dearest_request_there_is_has_an_escrow() {
    let till = Till::new(BillingSpec::default());
    let ask = JobRequest { cards: u32::MAX, price_limit: u32::MAX, term: Span(u64::MAX), ..request(1) };
    assert!(till.billing.escrow(&ask) > USD);
}

#[test]
fn whatever_the_bill_every_micro_dollar_held_is_paid_to_somebody() {
    let mut lcg = Lcg(3);
    for case in 0..4_000 {
        let spec = BillingSpec {
            renter_reservation: lcg.below(2_000_000) as Ppm,
            supplier_reservation: lcg.below(1_500_000) as Ppm,
            usdc_payment: lcg.below(50_000) as Ppm,
            minimum_rental: Span(lcg.below(2 * Span::HOUR.0)),
            unpaid_start: Span(lcg.below(2 * Span::HOUR.0)),
            forfeit_step: Span(lcg.below(2) * lcg.below(2 * Span::HOUR.0)),
            undelivered_refund: lcg.below(1_500_000) as Ppm,
            ..BillingSpec::default()
        };
        let mut till = Till::new(spec);
        let ask = JobRequest {
            price_limit: lcg.below(5_000_000) as u32,
            term: Span(1 + lcg.below(30 * Span::HOUR.0)),
            ..request(2 + lcg.below(20) as u32)
        };
        let price = |lcg: &mut Lcg| lcg.below(u64::from(ask.price_limit) + 1) as u32;
        let outcome = OUTCOMES[case % 4];
        let shares = [
            Share { payee: till.suppliers[0], cards: 1, price: price(&mut lcg), lost: false },
            Share {
                payee: till.suppliers[1],
                cards: ask.cards - 1,
                price: price(&mut lcg),
                lost: outcome == Outcome::DeviceLost,
            },
        ];
        let used = match outcome {
            Outcome::Completed => ask.term,
            _ => Span(lcg.below(ask.term.0)),
        };
        let held = till.billing.escrow(&ask);
        let bill = Bill {
            renter: till.renter,
            held,
            term: ask.term,
            used,
            outcome,
            shares: &shares,
            served_before: Span::ZERO,
        };
        let paid = till.settle(held, &bill);
        assert_eq!(paid.iter().sum::<Amount>(), held);
        assert!(paid.iter().all(|amount| *amount >= 0), "{paid:?}");
    }
}
