//! Parts add up to the one bill; the escrow covers every part; tokens convert against the renter and come back.

use super::*;
use crate::billing::LossRefund;
use crate::command::JobRequest;
use crate::lcg::Lcg;
use crate::testbed::request;
use crate::units::{Ppm, TOKEN};

const OUTCOMES: [Outcome; 6] = [
    Outcome::Completed,
    Outcome::DeviceLost,
    Outcome::EndedEarly,
    Outcome::NotDelivered,
    Outcome::Interrupted,
    Outcome::Preempted,
];

/// One lease between a renter and up to three suppliers, with its own books.
struct Case {
    ledger: Ledger,
    billing: Billing,
    currency: Currency,
    renter: Purse,
    suppliers: [Purse; 3],
    held: Amount,
}

impl Case {
    fn open(spec: BillingSpec, currency: Currency, ask: &JobRequest) -> Case {
        let mut ledger = Ledger::default();
        let outside = ledger.open_unlimited();
        let billing = Billing::open(spec, &mut ledger);
        let renter = ledger.open();
        let suppliers = [ledger.open(), ledger.open(), ledger.open()];
        let held = currency.up(billing.escrow(ask));
        ledger.post(currency.asset(), Category::Funding, outside, renter, held).expect("unlimited");
        let mut case = Case { ledger, billing, currency, renter, suppliers, held };
        case.billing.hold_in(currency, renter, held, &mut case.ledger, &mut Vec::new()).expect("funded");
        case
    }

    fn balances(&self) -> [Amount; 6] {
        let [a, b, c] = self.suppliers;
        [self.renter, a, b, c, self.billing.network, self.billing.escrow]
            .map(|purse| self.ledger.balance(purse, self.currency.asset()))
    }

    /// Pays a part at each of `looks`, then the rest; returns the final balances and how often a part moved money.
    fn run(mut self, bill: &Bill<'_>, looks: &[Span]) -> ([Amount; 6], u32) {
        let effects = &mut Vec::new();
        let (mut settled, mut held, mut moved) = (Span::ZERO, self.held, 0);
        for &used in looks {
            let part = Bill { used, held, outcome: Outcome::Completed, ..*bill };
            let (now, paid) =
                self.billing.settle_part(&part, settled, self.currency, &mut self.ledger, effects);
            assert!(now >= settled && now <= used && paid >= 0);
            (settled, held, moved) = (now, held - paid, moved + u32::from(paid > 0));
            assert_eq!(self.balances()[5], held, "escrow holds what is left of the lease");
        }
        let last = Bill { held, ..*bill };
        self.billing.settle_rest(&last, settled, self.currency, &mut self.ledger, effects);
        assert_eq!(self.ledger.recount(), [0; 3]);
        assert!(effects.iter().all(|e| matches!(e, Effect::Posted(entry) if entry.amount > 0)));
        (self.balances(), moved)
    }
}

fn any_spec(lcg: &mut Lcg) -> BillingSpec {
    BillingSpec {
        renter_reservation: lcg.below(2_000_000) as Ppm,
        supplier_reservation: lcg.below(1_500_000) as Ppm,
        usdc_payment: lcg.below(50_000) as Ppm,
        minimum_rental: Span(lcg.below(3 * Span::HOUR.0)),
        unpaid_start: Span(lcg.below(3 * Span::HOUR.0)),
        forfeit_step: Span(lcg.below(2) * lcg.below(3 * Span::HOUR.0)),
        undelivered_refund: lcg.below(1_500_000) as Ppm,
        dispute_window: [Span::MAX, Span::HOUR, Span(lcg.below(9 * Span::HOUR.0))][lcg.below(3) as usize],
        device_loss: [LossRefund::None, LossRefund::Unused, LossRefund::Unused, LossRefund::Whole]
            [lcg.below(4) as usize],
        settlement: Settlement::Hourly,
        pay_in: Asset::Token,
        rent_burned: lcg.below(2) as Ppm * lcg.below(1_500_000) as Ppm,
        fees_burned: lcg.below(2) as Ppm * lcg.below(1_500_000) as Ppm,
    }
}

#[test]
fn hourly_parts_and_the_last_bill_pay_what_one_bill_at_the_end_pays() {
    let mut lcg = Lcg(17);
    let mut moved = 0;
    for case in 0..4_000 {
        let spec = any_spec(&mut lcg);
        let rate = TokenRate::new(1 + lcg.below(9_000_000)).expect("above zero");
        let currency = [Currency::Usd, Currency::Token(rate)][lcg.below(2) as usize];
        let ask = JobRequest {
            price_limit: lcg.below(5_000_000) as u32,
            term: Span(1 + lcg.below(30 * Span::HOUR.0)),
            ..request(3 + lcg.below(20) as u32)
        };
        let outcome = OUTCOMES[case % 4];
        let used = match outcome {
            Outcome::Completed => ask.term,
            _ => Span(lcg.below(ask.term.0)),
        };
        let hourly = Case::open(spec, currency, &ask);
        let at_end = Case::open(BillingSpec { settlement: Settlement::AtEnd, ..spec }, currency, &ask);
        let mut price = || lcg.below(u64::from(ask.price_limit) + 1) as u32;
        let cards = [1, 1, ask.cards - 2];
        let shares: Vec<Share> = (0..3)
            .map(|i| Share {
                payee: hourly.suppliers[i],
                cards: cards[i],
                price: price(),
                lost: i == 1 && outcome == Outcome::DeviceLost,
            })
            .collect();
        let bill = Bill {
            renter: hourly.renter,
            held: hourly.held,
            term: ask.term,
            used,
            outcome,
            shares: &shares,
            served_before: Span::ZERO,
        };
        // Every hour, or late and irregularly, as a driver that advances late would.
        let late = lcg.below(2) * lcg.below(4 * Span::HOUR.0);
        let looks: Vec<Span> =
            (1..).map(|i| Span::HOUR.times(i) + Span(late * i)).take_while(|look| *look <= used).collect();
        let (one, none) = at_end.run(&bill, &looks);
        let (parts, some) = hourly.run(&bill, &looks);
        assert_eq!(none, 0, "at the end means at the end");
        assert_eq!(parts, one, "case {case}: {spec:?} {bill:?}");
        assert_eq!(parts[5], 0, "escrow is paid out whole");
        assert!(parts.iter().all(|balance| *balance >= 0));
        moved += some;
    }
    assert!(moved > 5_000, "parts must have moved money: {moved}");
}

/// Two cards at a dollar, limit two dollars, ten hours, disputes reach back one hour.
#[test]
fn by_hand_each_served_hour_is_paid_and_the_disputed_one_returned() {
    let spec = BillingSpec {
        settlement: Settlement::Hourly,
        dispute_window: Span::HOUR,
        unpaid_start: Span::HOUR,
        ..BillingSpec::default()
    };
    let mut case = Case::open(spec, Currency::Usd, &request(2));
    assert_eq!(case.held, 40_900_000);
    assert_eq!(case.billing.next_part(Time::ZERO, Span::HOUR), Time::ZERO + Span::HOUR.times(2));
    let share = Share { payee: case.suppliers[0], cards: 2, price: 1_000_000, lost: false };
    let mut bill = Bill {
        renter: case.renter,
        held: case.held,
        term: Span::HOUR.times(10),
        used: Span::HOUR,
        outcome: Outcome::NotDelivered,
        shares: &[share],
        served_before: Span::ZERO,
    };
    let mut settled = Span::ZERO;
    for (hours, paid) in [(1, 0), (2, 1_995_000 + 50_000), (3, 2_045_000), (4, 2_045_000)] {
        bill.used = Span::HOUR.times(hours) + Span::MINUTE;
        let (now, part) =
            case.billing.settle_part(&bill, settled, Currency::Usd, &mut case.ledger, &mut Vec::new());
        assert_eq!((now, part), (Span::HOUR.times(hours), paid), "the latest hour may still be disputed");
        (settled, bill.held) = (now, bill.held - part);
    }
    bill.used = Span::HOUR.times(4) + Span::MINUTE.times(30);
    case.billing.settle_rest(&bill, settled, Currency::Usd, &mut case.ledger, &mut Vec::new());
    // Three and a half hours of two dollars stand: 7, less 0.25 %; the network has 0.25 % twice and 2 %.
    assert_eq!(case.balances(), [33_742_500, 6_982_500, 0, 0, 175_000, 0]);
}

#[test]
fn by_hand_a_bill_in_tokens_converts_against_the_renter_and_returns_the_rest() {
    let ask = JobRequest { term: Span::HOUR, price_limit: 1_000_000, ..request(1) };
    let free = BillingSpec {
        renter_reservation: 0,
        supplier_reservation: 0,
        usdc_payment: 0,
        ..BillingSpec::default()
    };
    // A dollar at three dollars a token: a third of 10^8, rounded up in escrow, down in pay.
    let currency = Currency::Token(TokenRate::new(3_000_000).expect("above zero"));
    let case = Case::open(free, currency, &ask);
    assert_eq!(case.held, TOKEN / 3 + 1);
    let shares = [Share { payee: case.suppliers[0], cards: 1, price: 1_000_000, lost: false }];
    let bill = Bill {
        renter: case.renter,
        held: case.held,
        term: ask.term,
        used: ask.term,
        outcome: Outcome::Completed,
        shares: &shares,
        served_before: Span::ZERO,
    };
    assert_eq!(case.run(&bill, &[]).0, [1, TOKEN / 3, 0, 0, 0, 0]);
}

/// Render's form: a fee of five percent to the network, the rest of the bill burned, suppliers paid by the mint.
#[test]
fn by_hand_a_bill_of_a_hundred_tokens_burns_ninety_five_of_them() {
    let spec = BillingSpec {
        renter_reservation: 0,
        supplier_reservation: 50_000,
        usdc_payment: 0,
        pay_in: Asset::Token,
        rent_burned: ONE,
        ..BillingSpec::default()
    };
    let ask = JobRequest { term: Span::HOUR, price_limit: 100_000_000, ..request(1) };
    let dollar = Currency::Token(TokenRate::new(1_000_000).expect("above zero"));
    let burned = |spec: BillingSpec| {
        let mut case = Case::open(spec, dollar, &ask);
        let shares = [Share { payee: case.suppliers[0], cards: 1, price: 100_000_000, lost: false }];
        let bill = Bill {
            renter: case.renter,
            held: case.held,
            term: ask.term,
            used: ask.term,
            outcome: Outcome::Completed,
            shares: &shares,
            served_before: Span::ZERO,
        };
        let mut effects = Vec::new();
        case.billing.settle_rest(&bill, Span::ZERO, dollar, &mut case.ledger, &mut effects);
        let purse = case.billing.burned_purse().expect("it burns");
        let posted =
            effects.iter().filter(|e| matches!(e, Effect::Posted(p) if p.category == Category::Burn));
        assert_eq!(posted.count(), 1);
        let [_, supplier, _, _, network, escrow] = case.balances();
        [supplier, network, escrow, case.ledger.balance(purse, Asset::Token)].map(|units| units / TOKEN)
    };
    assert_eq!(burned(spec), [0, 5, 0, 95]);
    assert_eq!(burned(BillingSpec { rent_burned: 0, fees_burned: 400_000, ..spec }), [95, 3, 0, 2]);
}

#[test]
fn dollars_are_never_burned() {
    let spec = BillingSpec { rent_burned: ONE, fees_burned: ONE, ..BillingSpec::default() };
    assert_eq!(Billing::open(spec, &mut Ledger::default()).burned_purse(), None);
}

#[test]
fn without_a_rate_there_is_no_price_in_tokens() {
    let mut ledger = Ledger::default();
    let spec = BillingSpec { pay_in: Asset::Token, ..BillingSpec::default() };
    let mut billing = Billing::open(spec, &mut ledger);
    assert_eq!(billing.currency(), None);
    assert_eq!(TokenRate::new(0), None);
    let rate = TokenRate::new(4_000_000).expect("above zero");
    billing.set_rate(rate);
    assert_eq!(billing.currency(), Some(Currency::Token(rate)));
    let currency = Currency::Token(rate);
    assert_eq!((currency.up(1 << 99), currency.down(1 << 99)), (25 << 99, 25 << 99));
    assert_eq!(currency.up(1 << 100), Amount::MAX, "nobody can pay it");
}

#[test]
fn by_hand_a_lost_device_refunds_nothing_the_unused_time_or_all() {
    // Four of ten hours used, one card at a dollar, no fees; the loser keeps its whole hours.
    for (rule, refund) in
        [(LossRefund::None, 0), (LossRefund::Unused, 6_500_000), (LossRefund::Whole, 10_000_000)]
    {
        let spec = BillingSpec {
            renter_reservation: 0,
            supplier_reservation: 0,
            usdc_payment: 0,
            forfeit_step: Span::ZERO,
            device_loss: rule,
            ..BillingSpec::default()
        };
        let ask = JobRequest { price_limit: 1_000_000, ..request(1) };
        let case = Case::open(spec, Currency::Usd, &ask);
        let shares = [Share { payee: case.suppliers[0], cards: 1, price: 1_000_000, lost: true }];
        let bill = Bill {
            renter: case.renter,
            held: case.held,
            term: ask.term,
            used: Span(Span::HOUR.0 * 7 / 2),
            outcome: Outcome::DeviceLost,
            shares: &shares,
            served_before: Span::ZERO,
        };
        assert_eq!(case.run(&bill, &[]).0, [refund, 10_000_000 - refund, 0, 0, 0, 0], "{rule:?}");
    }
}
