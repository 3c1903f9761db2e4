//! Jobs that are stopped for others: whom, when, and what they keep.

use super::*;
use crate::scheduling::{
    CheapestSpec, InterruptibleBidsSpec, LeastAttainedServiceSpec, Preemption, PrioritySpec,
};
use crate::units::{ONE, USD};

fn priority(min_run: Span) -> Town {
    let spec = PrioritySpec { preemption: Some(Preemption { min_run }), ..PrioritySpec::default() };
    Town::with(CheapestSpec::default().build(), spec.build())
}

fn ranked(cards: u32, priority: u8) -> JobRequest {
    JobRequest { priority, ..request(cards) }
}

#[test]
fn a_more_important_job_stops_the_least_important_and_latest_and_its_work_is_kept() {
    let mut town = priority(Span::ZERO);
    town.list_singles(3);
    let low = town.submit(0, ranked(1, 1));
    let early = town.submit(1, ranked(1, 0));
    let late = town.submit(2, ranked(1, 0));
    let high = town.submit(4, ranked(1, 2));
    assert!(runs(&town, low) && runs(&town, early) && runs(&town, high));
    assert_eq!(state(&town, late), JobState::Waiting);
    assert_eq!(town.market.jobs[late.at()].done, Span::HOUR.times(2));
    // `low` ends at 10, `early` at 11; `late` goes on at 10 with eight hours left.
    town.wait_until(just_before(at(18)));
    assert!(runs(&town, late));
    town.wait_until(at(18));
    assert_eq!(state(&town, late), JobState::Over(Outcome::Completed));
}

#[test]
fn equals_never_stop_each_other() {
    let mut town = priority(Span::ZERO);
    town.list_singles(1);
    let first = town.submit(0, ranked(1, 5));
    let second = town.submit(1, ranked(1, 5));
    assert!(runs(&town, first));
    assert_eq!(state(&town, second), JobState::Waiting);
}

#[test]
fn nobody_is_stopped_when_all_together_would_not_do() {
    let mut town = priority(Span::ZERO);
    town.list_singles(3);
    let same = town.submit(0, ranked(1, 9));
    let low = town.submit(0, ranked(1, 0));
    let gang = town.submit(1, ranked(3, 9));
    assert!(runs(&town, same) && runs(&town, low), "a card of an equal is missing");
    assert_eq!(state(&town, gang), JobState::Waiting);
}

#[test]
fn a_lease_is_let_be_for_its_least_run_time_and_stopped_at_its_end() {
    let mut town = priority(Span::HOUR.times(3));
    town.list_singles(1);
    let low = town.submit(0, ranked(1, 0));
    let high = town.submit(1, ranked(1, 1));
    town.wait_until(just_before(at(3)));
    assert!(runs(&town, low));
    assert_eq!(town.market.next_deadline(), at(3));
    town.wait_until(at(3));
    assert!(runs(&town, high));
    assert_eq!(state(&town, low), JobState::Waiting);
}

#[test]
fn who_is_stopped_pays_for_the_time_used_and_is_not_held_to_a_minimum() {
    let mut town = priority(Span::ZERO);
    let devices = town.list_singles(1);
    town.submit(0, ranked(1, 0));
    let half = at(0) + Span::MINUTE.times(30);
    town.submit_at(half, ranked(1, 1)).expect("funded");
    assert_eq!(town.earned(devices[0]), 498_750, "half a dollar less 0.25 %");
}

#[test]
fn a_job_that_has_had_less_service_stops_one_that_passed_a_threshold() {
    let queueing =
        LeastAttainedServiceSpec { thresholds: vec![Span::HOUR.times(4)], preemption: Preemption::default() };
    let mut town = Town::with(CheapestSpec::default().build(), queueing.build());
    town.list_singles(2);
    // Two cards for two hours are four card-hours.
    let wide = town.submit(0, request(2));
    let first = town.submit(1, JobRequest { term: Span::HOUR.times(3), ..request(1) });
    assert_eq!(state(&town, first), JobState::Waiting, "both are on the lowest level");
    assert_eq!(town.market.next_deadline(), at(2), "when the wide one rises");
    town.wait_until(at(2));
    assert!(runs(&town, first));
    assert_eq!(state(&town, wide), JobState::Waiting);
    // The small one ends at 5, below its threshold; the wide one then has eight of its ten hours left.
    town.wait_until(just_before(at(13)));
    assert!(runs(&town, wide));
    town.wait_until(at(13));
    assert_eq!(state(&town, wide), JobState::Over(Outcome::Completed));
}

/// A town of one card at 0.40 dollars: on demand for 0.80.
fn auction_house() -> (Town, DeviceId) {
    let mut town = Town::with(CheapestSpec::default().build(), InterruptibleBidsSpec::default().build());
    town.market.set_pricing(Pricing::Bids { on_demand: 2 * ONE });
    let device = town.list(&claim(1, 400_000));
    (town, device)
}

fn bid(price_limit: u32) -> JobRequest {
    JobRequest { price_limit, interruptible: true, ..request(1) }
}

#[test]
fn the_highest_bid_runs_and_an_on_demand_renter_stops_any_bid() {
    let (mut town, device) = auction_house();
    let low = town.submit(0, bid(500_000));
    let high = town.submit(1, bid(600_000));
    assert!(runs(&town, high));
    assert_eq!(state(&town, low), JobState::Waiting);
    assert_eq!(town.earned(device), 498_750, "an hour at the low bid less 0.25 %");
    let full = town.submit(3, JobRequest { price_limit: 800_000, ..request(1) });
    assert!(runs(&town, full));
    assert_eq!(town.earned(device), 498_750 + 1_197_000, "and two at the high one");
    let dear = town.submit(4, bid(2 * USD as u32));
    assert_eq!(state(&town, dear), JobState::Waiting, "on demand is never stopped");
    town.wait_until(at(13));
    assert!(runs(&town, dear));
    assert_eq!(town.earned(device), 498_750 + 1_197_000 + 7_980_000, "ten hours at twice the asking price");
}

#[test]
fn a_bid_below_the_asking_price_or_an_on_demand_limit_below_its_double_finds_nothing() {
    let (mut town, _) = auction_house();
    let cheap = town.submit(0, bid(399_999));
    assert_eq!(state(&town, cheap), JobState::Unserved(Unserved::NoMatch));
    let short = town.submit(0, JobRequest { price_limit: 799_999, ..request(1) });
    assert_eq!(state(&town, short), JobState::Unserved(Unserved::NoMatch));
}

#[test]
fn nobody_is_stopped_for_a_renter_who_cannot_pay() {
    let mut town = priority(Span::ZERO);
    town.list_singles(2);
    let low = [town.submit(0, ranked(1, 0)), town.submit(0, ranked(1, 0))];
    // Money for one of two important jobs: ten hours at two dollars, 0.25 % and 2 %.
    let poor = town.renter(20_450_000);
    for _ in 0..2 {
        town.run(|market, books| market.submit(at(1), poor, ranked(1, 9), books)).expect("funded so far");
    }
    town.wait_until(at(1));
    assert_eq!(low.map(|job| runs(&town, job)).into_iter().filter(|runs| *runs).count(), 1);
    assert_eq!(town.market.tally(at(1)).counts.preempted, 1);
}

#[test]
fn a_renter_that_shuns_a_device_stops_nobody_in_vain() {
    let mut town = priority(Span::ZERO);
    town.market.set_churn(ChurnSpec { shun: Span::DAY, ..town.market.churn });
    let devices = town.list_singles(2);
    let failed = town.submit(0, ranked(1, 5));
    let low = town.submit(0, ranked(1, 0));
    let gang = town.submit(0, ranked(2, 9));
    assert!(!runs(&town, failed) || !runs(&town, low) || runs(&town, gang));
    town.end(at(1), gang, false).expect("it runs");
    // Both devices are shunned now; whatever comes, an important gang stops nobody.
    let again = town.submit(1, ranked(2, 9));
    let before = town.market.tally(at(1)).counts.preempted;
    for hour in 2..6 {
        town.lose(at(hour), &devices[..1]);
        town.restore(at(hour), &devices[..1]);
    }
    assert!(!runs(&town, again));
    assert_eq!(town.market.tally(at(6)).counts.preempted, before);
}

#[test]
fn a_blocked_job_looks_at_no_lease_when_those_above_could_not_be_enough() {
    let mut town = priority(Span::HOUR.times(8));
    town.list_singles(500);
    for _ in 0..500 {
        town.submit(0, ranked(1, 0));
    }
    for _ in 0..500 {
        let high = town.submit(1, ranked(1, 9));
        assert_eq!(state(&town, high), JobState::Waiting, "all are let be for eight hours");
    }
    town.wait_until(at(8));
    assert_eq!(town.market.tally(at(8)).counts.preempted, 500, "then all are stopped");
}
