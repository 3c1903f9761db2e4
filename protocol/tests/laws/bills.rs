//! Bills: longer use and larger gangs never cost less, nothing is lost, and parts of a lease make no difference.

use crate::catalogue::{self, Policy};
use crate::lcg::Lcg;
use depin_protocol::billing::{Bill, Billing, BillingSpec, Share, TokenRate};
use depin_protocol::command::{JobRequest, Part};
use depin_protocol::effect::Outcome;
use depin_protocol::ledger::{Asset, Category, Ledger, Purse};
use depin_protocol::units::{Amount, Span, Time};

const OUTCOMES: [Outcome; 6] = [
    Outcome::Completed,
    Outcome::DeviceLost,
    Outcome::EndedEarly,
    Outcome::NotDelivered,
    Outcome::Interrupted,
    Outcome::Preempted,
];

/// A lease as agreed: the request, and cards and price of each of its devices.
#[derive(Clone, Debug)]
struct Deal {
    request: JobRequest,
    devices: Vec<(u32, u32)>,
}

fn any_deal(lcg: &mut Lcg) -> Deal {
    let devices: Vec<(u32, u32)> =
        (0..1 + lcg.below(4)).map(|_| (1 + lcg.below(8) as u32, 1 + lcg.below(900_000) as u32)).collect();
    let request = JobRequest {
        model: None,
        min_memory_mb: 0,
        cards: devices.iter().map(|(cards, _)| cards).sum(),
        one_host: false,
        min_tier: 0,
        term: Span(1 + lcg.below(9 * Span::HOUR.0)),
        price_limit: 900_000,
        patience: Span::ZERO,
        part: Part::default(),
        priority: 0,
        interruptible: false,
    };
    Deal { request, devices }
}

/// What a lease comes to.
#[derive(Debug)]
struct Paid {
    held: Amount,
    cost: Amount,
    suppliers: Vec<Amount>,
}

/// Holds the escrow, serves the lease for `used` with every part that falls due, and settles it.
fn settle(spec: BillingSpec, deal: &Deal, used: Span, outcome: Outcome) -> Paid {
    let mut ledger = Ledger::default();
    let outside = ledger.open_unlimited();
    let mut billing = Billing::open(spec, &mut ledger);
    billing.set_rate(TokenRate::new(3_700_001).expect("a rate"));
    let currency = billing.currency().expect("the token has a rate");
    let asset = currency.asset();
    let renter = ledger.open();
    let payees: Vec<Purse> = deal.devices.iter().map(|_| ledger.open()).collect();
    let shares: Vec<Share> = deal
        .devices
        .iter()
        .zip(&payees)
        .zip(0..)
        .map(|((&(cards, price), &payee), i)| Share {
            payee,
            cards,
            price,
            lost: i == 0 && outcome == Outcome::DeviceLost,
        })
        .collect();
    let held = currency.up(billing.escrow(&deal.request));
    ledger.post(asset, Category::Funding, outside, renter, held).expect("unlimited");
    let effects = &mut Vec::new();
    billing.hold_in(currency, renter, held, &mut ledger, effects).expect("funded");
    let bill = |used, held| Bill {
        renter,
        held,
        term: deal.request.term,
        used,
        outcome,
        shares: &shares,
        served_before: Span::ZERO,
    };
    let (mut settled, mut left) = (Span::ZERO, held);
    loop {
        let due = billing.next_part(Time::ZERO, settled);
        if due > Time::ZERO + used {
            break;
        }
        let (now, paid) =
            billing.settle_part(&bill(due.since(Time::ZERO), left), settled, currency, &mut ledger, effects);
        assert!(now > settled && paid >= 0, "a part that is due is settled");
        (settled, left) = (now, left - paid);
    }
    billing.settle_rest(&bill(used, left), settled, currency, &mut ledger, effects);
    assert_eq!(ledger.recount(), [0; 3]);
    assert_eq!(ledger.balance(billing.escrow_purse(), asset), 0, "{spec:?}: escrow is paid out whole");
    let refund = ledger.balance(renter, asset);
    let suppliers: Vec<Amount> = payees.iter().map(|payee| ledger.balance(*payee, asset)).collect();
    let fees = ledger.balance(billing.network_purse(), asset);
    let burned = billing.burned_purse().map_or(0, |purse| ledger.balance(purse, asset));
    let paid = suppliers.iter().sum::<Amount>();
    assert_eq!(held, refund + paid + fees + burned, "{spec:?}: nothing is lost");
    Paid { held, cost: held - refund, suppliers }
}

fn for_every_bill(seeds: u64, mut check: impl FnMut(&str, &mut Lcg, &Policy<BillingSpec>, Outcome)) {
    for policy in catalogue::billings() {
        for outcome in OUTCOMES {
            for seed in 0..seeds {
                let name = format!("{}, {outcome:?}, seed {seed}", policy.label);
                check(&name, &mut Lcg::new(seed), &policy, outcome);
            }
        }
    }
}

#[test]
fn longer_use_never_costs_less_and_never_pays_a_supplier_less() {
    for_every_bill(12, |name, lcg, policy, outcome| {
        let deal = any_deal(lcg);
        let term = deal.request.term.0;
        let mut uses: Vec<u64> = (0..5).map(|_| lcg.below(term + 1)).collect();
        uses.extend([0, 1, term, Span::HOUR.0.min(term), (2 * Span::HOUR.0).min(term)]);
        uses.sort_unstable();
        let mut before: Option<Paid> = None;
        for used in uses {
            // A term that is served is served to its end.
            let used = if outcome == Outcome::Completed { Span(term) } else { Span(used) };
            let paid = settle((policy.build)(), &deal, used, outcome);
            if let Some(before) = &before {
                assert!(
                    paid.cost >= before.cost,
                    "{name}: {used:?} costs {} after {}",
                    paid.cost,
                    before.cost
                );
                let less = paid.suppliers.iter().zip(&before.suppliers).any(|(now, then)| now < then);
                assert!(!less, "{name}: {used:?} pays {:?} after {:?}", paid.suppliers, before.suppliers);
            }
            before = Some(paid);
        }
    });
}

#[test]
fn a_larger_gang_a_dearer_device_and_a_longer_term_never_cost_less() {
    for_every_bill(12, |name, lcg, policy, outcome| {
        let deal = any_deal(lcg);
        let used = Span(if outcome == Outcome::Completed {
            deal.request.term.0
        } else {
            lcg.below(deal.request.term.0 + 1)
        });
        let base = settle((policy.build)(), &deal, used, outcome);
        let mut more = deal.clone();
        let at = lcg.index(deal.devices.len());
        let what = match lcg.below(4) {
            0 => {
                more.devices.push((1 + lcg.below(8) as u32, 1 + lcg.below(900_000) as u32));
                "one device more"
            }
            1 => {
                more.devices[at].0 += 1 + lcg.below(8) as u32;
                "more cards"
            }
            2 => {
                more.devices[at].1 = 900_000;
                "a higher price"
            }
            _ => {
                more.request.term = Span(deal.request.term.0 + lcg.below(Span::DAY.0));
                "a longer term"
            }
        };
        more.request.cards = more.devices.iter().map(|(cards, _)| cards).sum();
        let used = if outcome == Outcome::Completed { more.request.term } else { used };
        let paid = settle((policy.build)(), &more, used, outcome);
        assert!(paid.held >= base.held, "{name}: {what} holds {} instead of {}", paid.held, base.held);
        assert!(paid.cost >= base.cost, "{name}: {what} costs {} instead of {}", paid.cost, base.cost);
    });
}

/// Many small devices instead of one large one: each share is rounded down by itself, so the division costs its owner.
#[test]
fn no_bill_pays_an_owner_more_for_listing_cards_apart() {
    for_every_bill(6, |name, lcg, policy, outcome| {
        for n in crate::sybil::SPLITS {
            let mut deal = any_deal(lcg);
            let price = deal.devices[0].1;
            deal.devices = vec![(n, price)];
            deal.request.cards = n;
            let used = Span(lcg.below(deal.request.term.0 + 1));
            let one = settle((policy.build)(), &deal, used, outcome).suppliers.iter().sum::<Amount>();
            let apart = Deal { devices: vec![(1, price); n as usize], ..deal };
            let many = settle((policy.build)(), &apart, used, outcome).suppliers.iter().sum::<Amount>();
            // When one of many is lost the others are paid for the step that it forfeits: that is not a matter of names.
            if !matches!(outcome, Outcome::DeviceLost | Outcome::Interrupted) {
                assert!(many <= one, "{name}: one is paid {one}, {n} are paid {many}");
            }
        }
    });
}

#[test]
fn a_device_without_cards_or_without_a_price_is_paid_nothing() {
    for_every_bill(4, |name, lcg, policy, outcome| {
        let mut deal = any_deal(lcg);
        deal.devices.push((0, 500_000));
        deal.devices.push((1, 0));
        deal.request.cards += 1;
        let used = Span(lcg.below(deal.request.term.0 + 1));
        let paid = settle((policy.build)(), &deal, used, outcome);
        let n = paid.suppliers.len();
        assert_eq!(paid.suppliers[n - 2..], [0, 0], "{name}");
    });
}

/// When suppliers are paid makes no difference to what they are paid.
#[test]
fn hourly_parts_pay_what_one_bill_at_the_end_pays() {
    for_every_bill(8, |name, lcg, policy, outcome| {
        let deal = any_deal(lcg);
        let used = Span(lcg.below(deal.request.term.0 + 1));
        let spec = (policy.build)();
        let parts = settle(spec, &deal, used, outcome);
        let at_end = depin_protocol::billing::Settlement::AtEnd;
        let whole = settle(BillingSpec { settlement: at_end, ..spec }, &deal, used, outcome);
        assert_eq!((parts.cost, &parts.suppliers), (whole.cost, &whole.suppliers), "{name}");
        let asset = spec.pay_in;
        assert!(matches!(asset, Asset::Usd | Asset::Token), "{name}");
    });
}
