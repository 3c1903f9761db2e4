//! From submission to the end: order, patience, refusals.

use super::*;
use crate::scheduling::{CheapestSpec, ConservativeSpec, EasySpec, PrioritySpec, ShortestJobSpec, Unit};

#[test]
fn jobs_start_strictly_in_order_of_arrival_behind_a_blocked_head() {
    let mut town = Town::new();
    town.list_singles(3);
    let first = town.submit(0, request(2));
    let head = town.submit(1, request(3));
    let small = town.submit(2, request(1));
    assert!(runs(&town, first));
    assert_eq!(state(&town, head), JobState::Waiting);
    assert_eq!(state(&town, small), JobState::Waiting, "one card idles, but the head comes first");
    town.advance(at(10));
    assert!(runs(&town, head));
    assert_eq!(state(&town, small), JobState::Waiting);
    town.advance(at(20));
    assert!(runs(&town, small));
    let started = town.effects.iter().filter_map(|effect| match effect {
        Effect::JobStarted(job, _) => Some(*job),
        _ => None,
    });
    assert_eq!(started.collect::<Vec<_>>(), [first, head, small]);
}

#[test]
fn another_discipline_may_pass_over_a_blocked_head() {
    let mut town = Town::with(CheapestSpec::default().build(), FirstFittingSpec::default().build());
    town.list_singles(3);
    town.submit(0, request(2));
    let head = town.submit(1, request(3));
    let small = town.submit(2, request(1));
    assert_eq!(state(&town, head), JobState::Waiting);
    assert!(runs(&town, small));
}

#[test]
fn a_head_that_leaves_lets_the_next_one_start() {
    let mut town = Town::new();
    town.list_singles(2);
    let impatient = JobRequest { patience: Span::HOUR.times(5), ..request(3) };
    let head = town.submit(0, impatient);
    let second_head = town.submit(0, request(3));
    let small = town.submit(0, request(1));
    town.advance(at(5));
    assert_eq!(state(&town, head), JobState::Unserved(Unserved::Expired));
    assert_eq!(state(&town, small), JobState::Waiting);
    assert_eq!(town.end(at(6), second_head, true), Ok(()));
    assert_eq!(state(&town, second_head), JobState::Unserved(Unserved::Withdrawn));
    assert!(runs(&town, small));
}

#[test]
fn a_job_may_still_get_what_is_freed_at_the_last_instant_of_its_patience() {
    let wait = |patience| {
        let mut town = Town::new();
        town.list_singles(1);
        town.submit(0, request(1));
        let job = town.submit(0, JobRequest { patience, ..request(1) });
        let expiry = town.market.next_deadline();
        town.advance(expiry);
        town.advance(at(10));
        (expiry, state(&town, job))
    };
    let (due, late) = wait(Span(Span::HOUR.0 * 10 - 1));
    assert_eq!((due.0, late), (at(10).0 - 1, JobState::Unserved(Unserved::Expired)));
    let (due, just) = wait(Span::HOUR.times(10));
    assert_eq!((due, just), (at(10), JobState::Running(LeaseId(1))));
}

#[test]
fn a_job_without_patience_starts_at_once_or_leaves_at_once() {
    let mut town = Town::new();
    town.list_singles(1);
    let now_or_never = JobRequest { patience: Span::ZERO, ..request(1) };
    let lucky = town.submit(0, now_or_never);
    let unlucky = town.submit(0, now_or_never);
    assert!(runs(&town, lucky));
    assert_eq!(state(&town, unlucky), JobState::Unserved(Unserved::Expired));
    assert_eq!(town.market.next_deadline(), at(10), "only the lease is due");
}

#[test]
fn endless_patience_sets_no_deadline() {
    let mut town = Town::new();
    town.list(&claim(1, 1));
    let patient = JobRequest { patience: Span(u64::MAX), ..request(2) };
    town.submit(0, patient);
    assert_eq!(town.market.next_deadline(), Time::NEVER);
}

#[test]
fn a_request_that_no_listed_device_suits_leaves_at_once_and_blocks_nobody() {
    let mut town = Town::new();
    let device = town.list(&claim(2, 1_000_000));
    let hopeless = [
        JobRequest { price_limit: 999_999, ..request(1) },
        JobRequest { min_tier: 3, ..request(1) },
        JobRequest { min_memory_mb: 8_001, ..request(1) },
        JobRequest { model: Some(ModelId(1)), ..request(1) },
        JobRequest { one_host: true, ..request(3) },
    ];
    for ask in hopeless {
        let job = town.submit(0, ask);
        assert_eq!(state(&town, job), JobState::Unserved(Unserved::NoMatch), "{ask:?}");
    }
    town.lose(at(0), &[device]);
    let waits = town.submit(0, request(2));
    assert_eq!(state(&town, waits), JobState::Waiting, "offline, but listed");
    town.restore(at(1), &[device]);
    assert!(runs(&town, waits));
}

#[test]
fn a_refused_command_leaves_everything_as_it_was() {
    let mut town = Town::new();
    town.list_singles(2);
    let over = town.submit(0, request(1));
    town.end(at(2), over, true).expect("it runs");
    town.submit(2, request(2));
    let waiting = town.submit(3, request(2));
    town.end(at(3), waiting, true).expect("it waits");
    let poor = town.renter(20_449_999);
    let before = format!("{town:?}");
    let mut refuse = |who, ask, why| {
        let refused = town.run(|market, books| market.submit(at(4), who, ask, books));
        assert_eq!(refused, Err(why), "{ask:?}");
        assert_eq!(format!("{town:?}"), before, "{why:?}");
    };
    refuse(RENTER, request(0), Rejection::BadSize);
    refuse(RENTER, JobRequest { term: Span::ZERO, ..request(1) }, Rejection::BadSize);
    refuse(RENTER, JobRequest { model: Some(ModelId(3)), ..request(1) }, Rejection::Unknown);
    refuse(AccountId(99), request(1), Rejection::Unknown);
    refuse(poor, request(1), Rejection::Unfunded);
    for (job, why) in
        [(over, Rejection::WrongState), (waiting, Rejection::WrongState), (JobId(99), Rejection::Unknown)]
    {
        assert_eq!(town.end(at(4), job, false), Err(why));
        assert_eq!(format!("{town:?}"), before, "{why:?}");
    }
}

#[test]
fn a_renter_whose_money_is_gone_when_its_turn_comes_leaves_unserved_and_the_next_one_starts() {
    let mut town = Town::new();
    let device = town.list_singles(1)[0];
    // One escrow of ten hours at two dollars with fees: 20.45 dollars.
    let poor = town.renter(21_000_000);
    let ask = |town: &mut Town, who| {
        let asked = town.run(|market, books| market.submit(at(0), who, request(1), books));
        asked.expect("funded when asked")
    };
    town.lose(at(0), &[device]);
    let [first, second, third] = [poor, poor, RENTER].map(|who| ask(&mut town, who));
    town.restore(at(1), &[device]);
    assert!(runs(&town, first));
    assert_eq!(town.usd(poor), 21_000_000 - 20_450_000);
    town.run(|market, books| market.advance(at(11), books));
    // The refund of the first is 10.225 dollars, too little for the second.
    assert_eq!(state(&town, second), JobState::Unserved(Unserved::Withdrawn));
    assert!(runs(&town, third));
    assert_eq!(town.usd(poor), 21_000_000 - 10_225_000);
}

/// A head of three cards waits for two leases; both end at one instant, told one by one. If the first end alone let
/// the queue move, the small job behind would take the card that the head needs.
#[test]
fn all_that_ends_at_one_instant_is_known_before_anything_starts() {
    for discipline in [EasySpec { unit: Unit::Counts }.build(), FirstFittingSpec::default().build()] {
        let mut town = Town::with(CheapestSpec::default().build(), discipline);
        town.list_singles(3);
        let (a, b) = (town.submit(0, request(2)), town.submit(0, request(1)));
        let head = town.submit(1, request(3));
        let small = town.submit(2, request(1));
        town.run(|market, books| {
            market.end_job(at(5), b, true, books).expect("it runs");
            market.end_job(at(5), a, true, books).expect("it runs");
        });
        town.advance(at(5));
        assert!(runs(&town, head));
        assert_eq!(state(&town, small), JobState::Waiting);
    }
}

/// Four cards, two leased until hour 10 and one until hour 4. The head needs all four, so it is promised hour 10. A job
/// of 8 hours would delay it, one of 5 would not; first fitting does not care.
#[test]
fn easy_lets_pass_only_who_does_not_delay_the_first_in_line() {
    for unit in [Unit::Counts, Unit::Hosts] {
        let mut town = Town::with(CheapestSpec::default().build(), EasySpec { unit }.build());
        town.list_singles(4);
        town.submit(0, request(2));
        town.submit(0, JobRequest { term: Span::HOUR.times(4), ..request(1) });
        let head = town.submit(1, request(4));
        let long = town.submit(4, JobRequest { term: Span::HOUR.times(8), ..request(1) });
        let short = town.submit(4, JobRequest { term: Span::HOUR.times(5), ..request(2) });
        assert_eq!(state(&town, long), JobState::Waiting, "{unit:?}");
        assert!(runs(&town, short), "{unit:?}");
        town.advance(at(10));
        assert!(runs(&town, head), "{unit:?}");
    }
}

/// Two cards, one leased for 10 hours. The first in line is promised hour 10 with both, the second, of 20 hours and one
/// card, hour 20. A third of 10 hours and one card fits before both; one of 11 hours would break the first promise.
#[test]
fn conservative_keeps_every_promise_and_makes_them_anew_after_an_early_end() {
    for unit in [Unit::Counts, Unit::Hosts] {
        let mut town = Town::with(CheapestSpec::default().build(), ConservativeSpec { unit }.build());
        town.list_singles(2);
        let running = town.submit(0, request(1));
        let first = town.submit(0, request(2));
        let second = town.submit(0, JobRequest { term: Span::HOUR.times(20), ..request(1) });
        let fits = town.submit(0, request(1));
        let too_long = town.submit(0, JobRequest { term: Span::HOUR.times(11), ..request(1) });
        assert!(runs(&town, fits), "{unit:?}");
        for waiting in [first, second, too_long] {
            assert_eq!(state(&town, waiting), JobState::Waiting, "{unit:?}");
        }
        town.end(at(5), running, true).expect("it runs");
        assert_eq!(state(&town, second), JobState::Waiting, "the first is promised hour 10 all the same");
        assert_eq!(state(&town, too_long), JobState::Waiting);
        town.end(at(6), fits, true).expect("it runs");
        assert!(runs(&town, first), "{unit:?}: promises are made anew");
        town.advance(at(16));
        assert!(runs(&town, second) && runs(&town, too_long), "{unit:?}");
    }
}

#[test]
fn an_hour_of_waiting_is_worth_one_priority_and_short_jobs_go_first_under_their_rule() {
    let mut town = Town::with(CheapestSpec::default().build(), PrioritySpec::default().build());
    town.list_singles(1);
    let running = town.submit(0, request(1));
    let plain = town.submit(1, request(1));
    let dear = town.submit(4, JobRequest { priority: 4, ..request(1) });
    let late = town.submit(6, JobRequest { priority: 4, ..request(1) });
    town.end(at(7), running, true).expect("it runs");
    assert!(runs(&town, dear), "four priorities outweigh three hours");
    town.end(at(8), dear, true).expect("it runs");
    assert!(runs(&town, plain), "and do not outweigh five");
    assert_eq!(state(&town, late), JobState::Waiting);

    let mut town = Town::with(CheapestSpec::default().build(), ShortestJobSpec::default().build());
    town.list_singles(1);
    let running = town.submit(0, request(1));
    let long = town.submit(1, request(1));
    let short = town.submit(2, JobRequest { term: Span::HOUR.times(9), ..request(1) });
    town.end(at(3), running, true).expect("it runs");
    assert!(runs(&town, short) && !runs(&town, long));
}
