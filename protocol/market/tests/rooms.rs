//! A waiting room of limited size: who is turned away, and who never is.

use super::*;
use crate::scheduling::{CheapestSpec, Preemption, PrioritySpec};

fn ranked(cards: u32, priority: u8) -> JobRequest {
    JobRequest { priority, ..request(cards) }
}

fn town(places: u32, preemption: Option<Preemption>) -> Town {
    let spec = PrioritySpec { preemption, ..PrioritySpec::default() };
    let mut town = Town::with(CheapestSpec::default().build(), spec.build());
    town.market.limit_waiting(places);
    town
}

#[test]
fn who_finds_the_room_full_is_turned_away_and_who_waits_is_not() {
    let mut town = town(1, None);
    town.list_singles(1);
    let runner = town.submit(0, ranked(1, 0));
    let waiter = town.submit(1, ranked(1, 0));
    // More important, but later.
    let late = town.submit(2, ranked(1, 9));
    assert!(runs(&town, runner));
    assert_eq!(state(&town, waiter), JobState::Waiting);
    assert_eq!(state(&town, late), JobState::Unserved(Unserved::NoRoom));
    assert_eq!(town.market.tally(at(2)).counts.no_room, 1);
}

#[test]
fn without_any_room_a_job_starts_at_once_or_not_at_all() {
    let mut town = town(0, None);
    town.list_singles(1);
    let first = town.submit(0, ranked(1, 0));
    let second = town.submit(0, ranked(1, 0));
    assert!(runs(&town, first));
    assert_eq!(state(&town, second), JobState::Unserved(Unserved::NoRoom));
}

#[test]
fn a_job_that_was_stopped_holds_its_place_though_the_room_is_full() {
    let mut town = town(0, Some(Preemption { min_run: Span::ZERO }));
    town.list_singles(1);
    let low = town.submit(0, ranked(1, 0));
    let high = town.submit(1, ranked(1, 1));
    assert!(runs(&town, high));
    assert_eq!(state(&town, low), JobState::Waiting);
    let other = town.submit(2, ranked(1, 0));
    assert_eq!(state(&town, other), JobState::Unserved(Unserved::NoRoom));
    town.wait_until(at(11));
    assert!(runs(&town, low));
}

#[test]
fn a_head_that_is_turned_away_lets_those_behind_it_start() {
    let mut town = town(1, None);
    town.list_singles(3);
    let long = town.submit(0, JobRequest { term: Span::HOUR.times(20), ..ranked(2, 0) });
    let short = town.submit(0, ranked(1, 0));
    let small = town.submit(1, ranked(1, 0));
    assert!(runs(&town, long) && runs(&town, short));
    // At 10 one device is free; two are wanted by a newcomer that goes before the one who waits.
    let gang = town.submit(10, ranked(2, 200));
    assert_eq!(state(&town, gang), JobState::Unserved(Unserved::NoRoom));
    assert!(runs(&town, small));
}
