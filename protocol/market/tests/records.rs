//! What the market reports: hired time, counters, and what a blocked queue costs.

use super::*;

#[test]
fn hired_time_is_handed_out_by_epoch_and_adds_up_to_the_leases() {
    let mut town = Town::new();
    let devices = town.list_singles(3);
    let half = Span::HOUR.0 / 2;
    let fold = |town: &mut Town, now| {
        let mut hired = [9; 3];
        town.market.fold_epoch(now, &mut hired);
        hired.map(|ns| ns as f64 / Span::HOUR.0 as f64)
    };
    town.submit_at(Time(half), request(2)).expect("a sound request");
    assert_eq!(fold(&mut town, at(1)), [0.5, 0.5, 0.0]);
    assert_eq!(fold(&mut town, at(3)), [2.0, 2.0, 0.0]);
    let end = Time(at(10).0 + half);
    town.advance(end);
    let short = JobRequest { term: Span::HOUR.times(1), ..request(1) };
    town.submit(11, short);
    town.advance(at(12));
    assert_eq!(fold(&mut town, at(13)), [8.5, 7.5, 0.0]);
    assert_eq!(fold(&mut town, at(14)), [0.0; 3]);
    assert_free(&town, devices[2]);
}

#[test]
fn counters_and_integrals_match_a_day_told_by_hand() {
    let mut town = Town::new();
    let devices = town.list_singles(2);
    let served = town.submit(0, request(2)); // 0 to 10
    let waits = town.submit(4, request(1)); // 10 to 13, ended early
    town.submit(5, request(2)); // 13 to 15, device lost
    town.submit(6, JobRequest { price_limit: 1, ..request(1) }); // never matched
    let withdrawn = town.submit(7, request(1)); // 7 to 9
    town.end(at(9), withdrawn, true).expect("it waits");
    town.advance(at(10));
    town.end(at(13), waits, true).expect("it runs");
    town.lose(at(15), &devices[..1]);
    let failing = town.submit(16, request(1)); // 16 to 17, not delivered
    town.end(at(17), failing, false).expect("it runs");
    let hurried = JobRequest { patience: Span::HOUR, ..request(2) };
    town.submit(18, hurried); // expires at 19
    town.advance(at(19));
    let hour = u128::from(Span::HOUR.0);
    let view = town.market.tally(at(20));
    let counts = view.counts;
    assert_eq!(state(&town, served), JobState::Over(Outcome::Completed));
    assert_eq!((view.submitted, counts.started, counts.completed), (7, 4, 1));
    assert_eq!((counts.ended_early, counts.device_lost, counts.not_delivered), (1, 1, 1));
    assert_eq!((counts.withdrawn, counts.expired, counts.no_match), (1, 1, 1));
    assert_eq!((view.waiting, view.running, view.busy_cards), (0, 0, 0));
    assert_eq!(view.waited_ns, (6 + 8) * hour, "of jobs that started");
    assert_eq!(view.waiting_ns, (6 + 8 + 2 + 1) * hour);
    assert_eq!(view.busy_card_ns, (20 + 3 + 4 + 1) * hour);
    assert_eq!(view.held_card_ns, view.busy_card_ns);
}

#[test]
fn a_blocked_head_costs_nothing_while_ten_thousand_devices_come_and_go() {
    let mut town = Town::new();
    let devices = town.list_singles(10_000);
    let enough = JobRequest { price_limit: 1_000_000, ..request(9_990) };
    town.lose(at(0), &devices[..11]);
    let head = town.submit(0, enough);
    assert_eq!(state(&town, head), JobState::Waiting);
    let visits = town.market.visits();
    for device in &devices {
        town.lose(at(1), &[*device]);
        if device.0 >= 11 {
            town.restore(at(1), &[*device]);
        }
    }
    assert_eq!(town.market.visits(), visits, "no look-up without hope");
    town.restore(at(2), &devices[3..4]);
    assert!(runs(&town, head), "and one look-up when the last card comes");
    assert!(town.market.visits() <= visits + 10_020);
}

#[test]
fn a_change_of_scores_reaches_the_next_choice() {
    let placement = crate::scheduling::MostReputableSpec::default().build();
    let mut town = Town::with(placement, crate::scheduling::FcfsSpec::default().build());
    let devices = town.list_singles(2);
    town.reputation.verdict(devices[0], false);
    town.run(|market, books| market.scores_changed(books));
    town.submit(0, request(1));
    assert_eq!(town.market.lease_of(devices[1]), Some(LeaseId(0)));
}

#[test]
fn the_end_of_a_lease_moves_the_reputation_of_those_it_speaks_of() {
    let after = |act: fn(&mut Town, JobId)| {
        let mut town = Town::new();
        town.list_singles(2);
        let job = town.submit(0, request(2));
        act(&mut town, job);
        town.reputation.scores().to_vec()
    };
    assert_eq!(after(|town, _| town.advance(at(10))), [525_000; 2]);
    let early = |town: &mut Town, job| town.end(at(2), job, true).expect("it runs");
    assert_eq!(after(early), [525_000; 2]);
    let undelivered = |town: &mut Town, job| town.end(at(2), job, false).expect("it runs");
    assert_eq!(after(undelivered), [400_000; 2]);
    let lost = |town: &mut Town, _| town.lose(at(2), &[DeviceId(1)]);
    assert_eq!(after(lost), [500_000, 400_000]);
}
