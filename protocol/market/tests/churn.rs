//! Jobs that lose a device: what is saved, what is held, what is paid, who is shunned.

use super::*;
use crate::scheduling::{CheapestSpec, ConservativeSpec, EasySpec, Unit};

/// A town of single cards where jobs that lose a device do this, with a checkpoint every hour.
fn town(on_loss: OnLoss, cards: u32) -> (Town, Vec<DeviceId>) {
    let mut town = Town::with(CheapestSpec::default().build(), FirstFittingSpec::default().build());
    town.market.set_churn(ChurnSpec {
        on_loss,
        checkpoint: Some(Span::HOUR),
        hold: Span::HOUR.times(5),
        ..ChurnSpec::default()
    });
    let devices = town.list_singles(cards);
    (town, devices)
}

fn half_past(hour: u64) -> Time {
    at(hour) + Span::MINUTE.times(30)
}

fn members(town: &Town, job: JobId) -> Vec<DeviceId> {
    let JobState::Running(lease) = state(town, job) else { panic!("{job:?} does not run") };
    town.market.leases[lease.at()].members.iter().map(|member| member.device).collect()
}

#[test]
fn a_restarted_job_goes_on_from_its_last_checkpoint_when_there_is_a_device() {
    let (mut town, devices) = town(OnLoss::Restart, 2);
    let gang = town.submit(0, request(2));
    // Ten hours of work; lost after 3.5, of which 3 are saved.
    town.lose(half_past(3), &devices[..1]);
    assert_eq!(state(&town, gang), JobState::Waiting);
    assert_free(&town, devices[1]);
    assert_eq!(town.market.jobs[gang.at()].done, Span::HOUR.times(3));
    town.restore(at(5), &devices[..1]);
    assert!(runs(&town, gang));
    town.wait_until(just_before(at(12)));
    assert!(runs(&town, gang));
    town.wait_until(at(12));
    assert_eq!(state(&town, gang), JobState::Over(Outcome::Completed));
    let counts = town.market.tally(at(12)).counts;
    assert_eq!((counts.started, counts.interrupted, counts.completed, counts.device_lost), (2, 1, 1, 0));
}

#[test]
fn each_stretch_is_billed_as_a_lease_of_its_own_and_the_escrow_ends_empty() {
    let (mut town, devices) = town(OnLoss::Restart, 2);
    let gang = town.submit(0, request(2));
    town.lose(half_past(3), &devices[..1]);
    // The deserter is paid for whole hours, the other for its time, at a dollar less 0.25 %.
    assert_eq!(town.earned(devices[0]), 2_992_500);
    assert_eq!(town.earned(devices[1]), 3_491_250);
    assert_eq!(town.escrow(), 0);
    town.restore(at(5), &devices[..1]);
    // Seven hours of two cards at two dollars, 0.25 % and 2 %.
    assert_eq!(town.escrow(), 28_630_000);
    town.wait_until(at(12));
    assert_eq!(state(&town, gang), JobState::Over(Outcome::Completed));
    assert_eq!(town.earned(devices[0]), 2_992_500 + 6_982_500);
    assert_eq!(town.escrow(), 0);
}

#[test]
fn the_shortest_time_that_is_billed_is_billed_once() {
    let (mut town, devices) = town(OnLoss::Restart, 1);
    let ask = JobRequest { term: Span::HOUR + Span::MINUTE.times(6), ..request(1) };
    town.submit(0, ask);
    town.lose(at(1), &devices);
    town.restore(at(2), &devices);
    town.wait_until(at(3));
    // An hour, then six minutes and not another hour: 1.1 dollars less 0.25 %, rounded down twice.
    assert_eq!(town.earned(devices[0]), 997_500 + 99_750);
}

#[test]
fn a_waiting_job_keeps_its_place_in_the_queue_when_it_restarts() {
    let (mut town, devices) = town(OnLoss::Restart, 1);
    let first = town.submit(0, request(1));
    let second = town.submit(1, request(1));
    town.lose(at(2), &devices);
    town.restore(at(3), &devices);
    assert!(runs(&town, first));
    assert_eq!(state(&town, second), JobState::Waiting);
}

#[test]
fn a_gang_that_waits_holds_its_devices_from_others_until_the_lost_one_is_back() {
    let (mut town, devices) = town(OnLoss::Wait, 2);
    let gang = town.submit(0, request(2));
    town.lose(half_past(3), &devices[1..]);
    assert_eq!(state(&town, gang), JobState::Holding);
    let other = town.submit(4, request(1));
    assert_eq!(state(&town, other), JobState::Waiting, "the free card is held for the gang");
    town.restore(at(6), &devices[1..]);
    assert_eq!(members(&town, gang), devices);
    assert_eq!(state(&town, other), JobState::Waiting);
    town.wait_until(at(13));
    assert_eq!(state(&town, gang), JobState::Over(Outcome::Completed));
    assert!(runs(&town, other));
}

#[test]
fn a_gang_that_moves_takes_another_device_at_once_or_the_first_that_comes() {
    let (mut town, devices) = town(OnLoss::Move, 3);
    let gang = town.submit(0, request(2));
    town.lose(half_past(3), &devices[..1]);
    assert_eq!(members(&town, gang), devices[1..], "the spare one took its place");
    town.lose(half_past(5), &devices[1..2]);
    assert_eq!(state(&town, gang), JobState::Holding);
    // 3 hours were safe at 3.5; from then to 5.5 two more.
    assert_eq!(town.market.jobs[gang.at()].done, Span::HOUR.times(5));
    town.restore(at(6), &devices[..1]);
    assert_eq!(members(&town, gang), [devices[0], devices[2]]);
    town.wait_until(at(11));
    assert_eq!(state(&town, gang), JobState::Over(Outcome::Completed));
}

#[test]
fn when_the_hold_ends_the_devices_are_free_and_the_job_queues() {
    let (mut town, devices) = town(OnLoss::Wait, 2);
    let gang = town.submit(0, request(2));
    let small = town.submit(1, request(1));
    town.lose(at(2), &devices[..1]);
    town.wait_until(just_before(at(7)));
    assert_eq!(state(&town, gang), JobState::Holding);
    town.wait_until(at(7));
    assert_eq!(state(&town, gang), JobState::Waiting);
    assert!(runs(&town, small), "what was held is given to whoever fits");
    assert_eq!(members(&town, small), devices[1..]);
}

#[test]
fn nobody_waits_for_a_device_that_left_for_good() {
    let (mut town, devices) = town(OnLoss::Wait, 2);
    let gang = town.submit(0, request(2));
    town.registry.flags[devices[0].at()] |= flag::WITHDRAWN;
    town.lose(at(2), &devices[..1]);
    assert_eq!(state(&town, gang), JobState::Waiting);
    assert_free(&town, devices[1]);
}

#[test]
fn a_second_loss_while_holding_is_waited_for_too() {
    let (mut town, devices) = town(OnLoss::Wait, 3);
    let gang = town.submit(0, request(3));
    town.lose(at(2), &devices[..1]);
    town.lose(at(3), &devices[2..]);
    town.restore(at(4), &devices[..1]);
    assert_eq!(state(&town, gang), JobState::Holding);
    town.restore(at(5), &devices[2..]);
    assert_eq!(members(&town, gang), devices);
}

#[test]
fn a_renter_may_give_up_a_job_that_holds_devices_and_they_are_free() {
    let (mut town, devices) = town(OnLoss::Wait, 2);
    let gang = town.submit(0, request(2));
    town.lose(at(2), &devices[..1]);
    town.end(at(3), gang, true).expect("it holds devices");
    assert_eq!(state(&town, gang), JobState::Unserved(Unserved::Withdrawn));
    assert_free(&town, devices[1]);
    town.restore(at(4), &devices[..1]);
    assert_free(&town, devices[0]);
    assert_eq!(town.escrow(), 0);
}

#[test]
fn patience_begins_anew_after_an_interruption_and_then_the_job_is_abandoned() {
    let (mut town, devices) = town(OnLoss::Restart, 1);
    let job = town.submit(0, JobRequest { patience: Span::HOUR.times(4), ..request(1) });
    town.lose(at(9), &devices);
    town.wait_until(just_before(at(13)));
    assert_eq!(state(&town, job), JobState::Waiting);
    town.wait_until(at(13));
    assert_eq!(state(&town, job), JobState::Unserved(Unserved::Abandoned));
    assert_eq!(town.market.tally(at(13)).counts.abandoned, 1);
}

#[test]
fn after_too_many_losses_the_job_fails() {
    let (mut town, devices) = town(OnLoss::Restart, 1);
    town.market.set_churn(ChurnSpec { losses: 2, ..town.market.churn });
    let job = town.submit(0, request(1));
    for hour in [1, 3, 5] {
        town.lose(at(hour), &devices);
        town.restore(at(hour + 1), &devices);
    }
    assert_eq!(state(&town, job), JobState::Over(Outcome::DeviceLost));
}

#[test]
fn a_device_that_failed_a_renter_is_shunned_by_it_alone_and_not_for_ever() {
    let (mut town, devices) = town(OnLoss::Fail, 1);
    town.market.set_churn(ChurnSpec { shun: Span::DAY, ..town.market.churn });
    let other = town.renter(1_000_000 * crate::units::USD);
    town.submit(0, request(1));
    town.lose(at(2), &devices);
    town.restore(at(3), &devices);
    let again = town.submit(3, request(1));
    assert_eq!(state(&town, again), JobState::Waiting, "the only device is shunned");
    let ask = JobRequest { term: Span::HOUR, ..request(1) };
    let theirs = town.run(|market, books| market.submit(at(4), other, ask, books)).expect("funded");
    town.wait_until(at(4));
    assert!(runs(&town, theirs), "others may have it");
    town.wait_until(just_before(at(26)));
    assert_eq!(state(&town, again), JobState::Waiting);
    town.wait_until(at(26));
    assert!(runs(&town, again), "a day after it failed");
}

#[test]
fn a_renter_shuns_what_did_not_deliver() {
    let (mut town, devices) = town(OnLoss::Fail, 2);
    town.market.set_churn(ChurnSpec { shun: Span::DAY, ..town.market.churn });
    let job = town.submit(0, request(1));
    town.end(at(1), job, false).expect("it runs");
    let again = town.submit(1, request(1));
    assert_eq!(members(&town, again), devices[1..]);
}

#[test]
fn a_resumed_job_pays_its_overheads_in_time() {
    let (mut town, devices) = town(OnLoss::Restart, 1);
    town.market.set_churn(ChurnSpec {
        checkpoint_cost: Span::MINUTE.times(6),
        resume_cost: Span::MINUTE.times(15),
        ..town.market.churn
    });
    // Three hours of work with two checkpoints of six minutes: 3.2 hours.
    let ask = JobRequest { term: Span::HOUR.times(3), ..request(1) };
    let job = town.submit(0, ask);
    // 1.5 hours are one whole piece of 1.1; an hour is safe.
    town.lose(half_past(1), &devices);
    town.restore(at(2), &devices);
    // Two hours with one checkpoint and a quarter to get going: until 4:21.
    let end = at(4) + Span::MINUTE.times(21);
    town.wait_until(just_before(end));
    assert!(runs(&town, job));
    town.wait_until(end);
    assert_eq!(state(&town, job), JobState::Over(Outcome::Completed));
}

#[test]
fn under_promises_a_gang_waits_moves_and_restarts_and_the_promises_are_made_anew() {
    for unit in [Unit::Counts, Unit::Hosts] {
        for conservative in [false, true] {
            for on_loss in [OnLoss::Restart, OnLoss::Wait, OnLoss::Move] {
                let queueing =
                    if conservative { ConservativeSpec { unit }.build() } else { EasySpec { unit }.build() };
                let mut town = Town::with(CheapestSpec::default().build(), queueing);
                let hold = Span::HOUR.times(5);
                town.market.set_churn(ChurnSpec { on_loss, hold, ..ChurnSpec::default() });
                let devices = town.list_singles(3);
                let gang = town.submit(0, request(2));
                let wide = town.submit(0, request(3));
                let small = town.submit(0, JobRequest { term: Span::HOUR.times(2), ..request(1) });
                assert!(runs(&town, gang) && runs(&town, small) && !runs(&town, wide));
                town.lose(at(3), &devices[..1]);
                // Nothing is saved. The third card is free since hour 2.
                let moved = on_loss != OnLoss::Wait;
                assert_eq!(runs(&town, gang), moved, "{unit:?} {conservative} {on_loss:?}");
                town.restore(at(4), &devices[..1]);
                assert!(runs(&town, gang));
                let done = if moved { 13 } else { 14 };
                town.wait_until(just_before(at(done)));
                assert!(!runs(&town, wide));
                town.wait_until(at(done));
                assert!(runs(&town, wide), "{unit:?} {conservative} {on_loss:?}");
            }
        }
    }
}

/// A town where the renter has money for the first lease of a two-card gang and little more.
fn poor_town(on_loss: OnLoss) -> (Town, Vec<DeviceId>, crate::ids::AccountId) {
    let (mut town, devices) = town(on_loss, 2);
    // Ten hours of two cards at two dollars, 0.25 % and 2 %: 40.9 dollars.
    let renter = town.renter(40_900_000);
    (town, devices, renter)
}

#[test]
fn a_job_whose_refund_is_too_small_waits_for_money_and_goes_on_when_it_comes() {
    for on_loss in [OnLoss::Restart, OnLoss::Wait, OnLoss::Move] {
        let (mut town, devices, renter) = poor_town(on_loss);
        town.market.set_churn(ChurnSpec { checkpoint: None, ..town.market.churn });
        let gang = town.run(|market, books| market.submit(at(0), renter, request(2), books)).expect("funded");
        town.wait_until(at(0));
        town.lose(at(2), &devices[..1]);
        town.restore(at(3), &devices[..1]);
        assert!(!runs(&town, gang), "two hours are paid for, and ten are still to do");
        let purse = town.purses[renter.at()];
        let (usd, funding) = (crate::ledger::Asset::Usd, crate::ledger::Category::Funding);
        town.ledger.post(usd, funding, town.outside, purse, 4_100_000).expect("unlimited");
        town.run(|market, _| market.money_came(at(4)));
        town.wait_until(at(4));
        assert!(runs(&town, gang), "{on_loss:?}");
        town.wait_until(at(14));
        assert_eq!(state(&town, gang), JobState::Over(Outcome::Completed));
    }
}

#[test]
fn a_gang_that_moves_does_not_take_back_what_its_renter_shuns() {
    let (mut town, devices) = town(OnLoss::Move, 2);
    town.market.set_churn(ChurnSpec { shun: Span::DAY, hold: Span::HOUR.times(9), ..town.market.churn });
    let gang = town.submit(0, request(2));
    town.lose(at(2), &devices[..1]);
    town.restore(at(3), &devices[..1]);
    assert_eq!(state(&town, gang), JobState::Holding);
    assert_free(&town, devices[0]);
    let fresh = town.list_singles(1);
    town.run(|market, _| market.ask_for_pass(at(4)));
    town.wait_until(at(4));
    assert_eq!(members(&town, gang), [devices[1], fresh[0]]);
}

#[test]
fn a_device_that_may_not_serve_does_not_come_out_of_a_hold_into_a_lease() {
    let (mut town, devices) = town(OnLoss::Wait, 2);
    let gang = town.submit(0, request(2));
    town.lose(at(2), &devices[..1]);
    // A leased device that is quarantined is not reported as lost.
    town.registry.flags[devices[1].at()] |= flag::QUARANTINED;
    town.restore(at(3), &devices[..1]);
    assert_eq!(state(&town, gang), JobState::Holding);
    town.registry.flags[devices[1].at()] &= !flag::QUARANTINED;
    let second = devices[1..].to_vec();
    town.restore(at(4), &second);
    assert_eq!(members(&town, gang), devices);
}

#[test]
fn a_hold_ends_when_what_it_waits_for_leaves_for_good() {
    let (mut town, devices) = town(OnLoss::Wait, 2);
    let gang = town.submit(0, request(2));
    town.lose(at(2), &devices[..1]);
    assert_eq!(state(&town, gang), JobState::Holding);
    town.registry.flags[devices[0].at()] |= flag::WITHDRAWN;
    town.run(|market, books| market.devices_left(at(3), DeviceId(0), 1, books));
    assert_eq!(state(&town, gang), JobState::Waiting);
    assert_free(&town, devices[1]);
    // In one batch: one drops, the other leaves for good.
    town.registry.flags[devices[0].at()] &= !flag::WITHDRAWN;
    town.restore(at(4), &devices[..1]);
    assert!(runs(&town, gang));
    town.registry.flags[devices[1].at()] |= flag::WITHDRAWN;
    town.lose(at(5), &devices);
    assert_eq!(state(&town, gang), JobState::Waiting);
}

#[test]
fn short_stretches_add_up_to_the_shortest_time_that_is_billed_and_to_the_unpaid_start() {
    let (mut town, devices) = town(OnLoss::Restart, 1);
    town.market.set_churn(ChurnSpec { checkpoint: Some(Span::ZERO), ..town.market.churn });
    let minute = |n: u64| at(0) + Span::MINUTE.times(n);
    town.submit(0, JobRequest { term: Span::MINUTE.times(6), ..request(1) });
    town.lose(minute(5), &devices);
    assert_eq!(town.earned(devices[0]), 0, "who leaves at the start is not paid");
    town.restore(minute(10), &devices);
    town.wait_until(minute(11));
    // One minute was left; with the five before it the hour is short of 55 minutes: at a dollar less 0.25 %.
    assert_eq!(town.earned(devices[0]), 914_374);
    // Lost at minute 59 of each stretch: the first is the unpaid start, the second is not.
    let long = town.submit_at(minute(11), request(1)).expect("funded");
    town.lose(minute(70), &devices);
    assert_eq!(town.earned(devices[0]), 914_374);
    town.restore(minute(80), &devices);
    town.market.set_churn(ChurnSpec { shun: Span::ZERO, ..town.market.churn });
    town.wait_until(minute(80 + 60));
    assert!(runs(&town, long));
    town.lose(minute(80 + 60), &devices);
    assert_eq!(town.earned(devices[0]), 914_374 + 997_500, "a whole hour of the second stretch");
}
