//! Gangs: all cards or none, and what the loss of one member does.

use super::*;
use crate::ledger::Category;

#[test]
fn a_gang_starts_with_all_its_cards_or_holds_none() {
    let mut town = Town::new();
    let devices = town.list_singles(3);
    let gang = town.submit(0, request(4));
    assert_eq!(state(&town, gang), JobState::Waiting);
    for device in &devices {
        assert_free(&town, *device);
    }
    assert_eq!(town.escrow(), 0);
    let fourth = town.list(&claim(1, 1_500_000));
    town.run(|market, _| market.ask_for_pass(at(1)));
    town.advance(at(1));
    assert!(runs(&town, gang));
    for device in devices.into_iter().chain([fourth]) {
        assert_eq!(town.market.lease_of(device), Some(LeaseId(0)));
        assert!(town.registry.has(device, flag::LEASED));
        assert!(!town.registry.has(device, flag::INDEXED), "no entry to wade past");
    }
}

#[test]
fn one_host_means_one_device_however_many_cards_idle_elsewhere() {
    let mut town = Town::new();
    town.list_singles(10);
    let host = town.list(&claim(4, 1_900_000));
    let one_host = JobRequest { one_host: true, ..request(3) };
    let first = town.submit(0, one_host);
    let second = town.submit(0, one_host);
    assert!(runs(&town, first));
    assert_eq!(town.market.lease_of(host), Some(LeaseId(0)));
    assert_eq!(state(&town, second), JobState::Waiting);
}

#[test]
fn a_whole_device_is_held_and_only_the_cards_asked_are_billed() {
    let mut town = Town::new();
    let device = town.list(&claim(8, 1_000_000));
    town.submit(0, request(5));
    let view = town.market.tally(at(0));
    assert_eq!((view.busy_cards, view.held_cards), (5, 8));
    assert_eq!(town.market.deployable_cards(ModelId(0)), 0);
    town.advance(at(10));
    assert_eq!(town.earned(device), 49_875_000, "5 cards, 10 hours, a dollar, less 0.25 %");
    assert_eq!(town.market.deployable_cards(ModelId(0)), 8);
}

#[test]
fn a_lost_member_fails_the_whole_job_and_frees_the_others() {
    let mut town = Town::new();
    let devices = town.list_singles(3);
    let gang = town.submit(0, request(3));
    let next = town.submit(0, request(2));
    town.lose(at(4), &devices[..1]);
    assert_eq!(state(&town, gang), JobState::Over(Outcome::DeviceLost));
    assert_eq!(town.market.lease_of(devices[0]), None);
    assert!(!town.registry.has(devices[0], flag::LEASED));
    assert!(runs(&town, next), "the others serve the next job at once");
    assert_eq!(town.market.lease_of(devices[1]), Some(LeaseId(1)));
    assert_eq!(town.market.lease_of(devices[2]), Some(LeaseId(1)));
    assert!(town.effects.contains(&Effect::LeaseEnded(LeaseId(0), gang, Outcome::DeviceLost)));
    let scores = town.reputation.scores();
    assert_eq!(scores, [400_000, 500_000, 500_000], "only the lost one is to blame");
}

#[test]
fn a_loss_in_the_first_hour_refunds_everything_and_a_later_one_pays_the_others() {
    let mut town = Town::new();
    let devices = town.list_singles(2);
    let start = town.usd(RENTER);
    town.submit(0, request(2));
    town.lose(Time(at(1).0 - 1), &devices[..1]);
    assert_eq!(town.usd(RENTER), start);
    assert_eq!((town.earned(devices[1]), town.fees()), (0, 0));
    town.restore(at(1), &devices[..1]);
    town.submit(1, request(2));
    town.lose(Time(at(3).0 + Span::HOUR.0 / 2), &devices[..1]);
    assert_eq!(town.earned(devices[0]), 1_995_000, "two whole hours less 0.25 %");
    assert_eq!(town.earned(devices[1]), 2_493_750, "two and a half");
    let paid = town.earned(devices[0]) + town.earned(devices[1]) + town.fees();
    assert_eq!(town.usd(RENTER), start - paid);
}

#[test]
fn devices_lost_in_one_batch_are_not_leased_again_within_it() {
    let mut town = Town::new();
    let devices = town.list_singles(4);
    let gang = town.submit(0, request(4));
    let next = town.submit(0, request(2));
    town.lose(at(2), &devices[..3]);
    assert_eq!(state(&town, gang), JobState::Over(Outcome::DeviceLost));
    assert_eq!(state(&town, next), JobState::Waiting, "one device is left");
    let failed = town.market.tally(at(2)).counts.device_lost;
    assert_eq!(failed, 1);
    town.restore(at(3), &devices[1..2]);
    assert!(runs(&town, next));
}

#[test]
fn a_device_lost_when_its_term_is_served_has_served_it() {
    let mut town = Town::new();
    let devices = town.list_singles(1);
    let job = town.submit(0, request(1));
    town.lose(at(10), &devices);
    assert_eq!(state(&town, job), JobState::Over(Outcome::Completed));
    assert_eq!(town.market.lease_of(devices[0]), None);
    assert_eq!(town.market.deployable_cards(ModelId(0)), 0);
    assert_eq!(town.market.next_deadline(), Time::NEVER);
}

#[test]
fn every_outcome_leaves_escrow_empty_and_the_books_balanced() {
    for outcome in ["completed", "early", "not delivered", "lost", "lost at once"] {
        let mut town = Town::new();
        let devices = town.list_singles(3);
        let start = town.usd(RENTER);
        let job = town.submit(0, request(3));
        assert_eq!(town.escrow(), 61_350_000, "3 cards, 10 hours, 2 dollars, 2.25 %");
        match outcome {
            "completed" => town.advance(at(10)),
            "early" => town.end(at(3), job, true).expect("it runs"),
            "not delivered" => town.end(at(3), job, false).expect("it runs"),
            "lost" => town.lose(at(3), &devices[1..]),
            _ => town.lose(at(0), &devices[..1]),
        }
        assert_eq!(town.escrow(), 0, "{outcome}");
        let earned: Amount = devices.iter().map(|device| town.earned(*device)).sum();
        assert_eq!(town.usd(RENTER) + earned + town.fees(), start, "{outcome}");
        assert_eq!(town.ledger.recount(), [0; 3]);
        let refunds = town
            .effects
            .iter()
            .filter(|effect| matches!(effect, Effect::Posted(entry) if entry.category == Category::Refund));
        assert_eq!(refunds.count(), 1, "{outcome}: the limit was twice the price");
    }
}
