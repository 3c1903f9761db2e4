//! Promises of repeats: a failure counts when every repeat has failed too, and is counted once; shared silicon is as
//! loaded in a repeat as it was before.

use super::tests::{HONEST, Net};
use super::*;
use crate::verification::simultaneous_proof_of_work::{self, Group};
use crate::verification::{Consequences, proof_of_work};

fn work(retries: u16) -> proof_of_work::Spec {
    let consequences = Consequences { fails_to_quarantine: 1, ..Consequences::default() };
    proof_of_work::Spec { retries, consequences, ..proof_of_work::Spec::default() }
}

/// Devices at an address each.
fn net(count: u32, retries: u16) -> Net {
    let mut net = Net::by(count, Box::new(work(retries).build()));
    for (address, device) in (0..).zip(&mut net.bench.registry.address) {
        *device = address;
    }
    net
}

/// One round with all its repeats; in attempt `t`, device `d` fails when bit `t` of `d` is clear. Its verdicts, and how many
/// were asked in each attempt.
fn series(net: &mut Net, count: u32) -> (Vec<(u32, bool)>, Vec<usize>) {
    net.close(1);
    let (mut verdicts, mut asked) = (Vec::new(), Vec::new());
    for attempt in 0.. {
        if net.rounds.open.is_none() {
            break;
        }
        asked.push((0..count).filter(|&id| net.rounds.challenge(DeviceId(id)).is_some()).count());
        let answer = |id: u32| (id, if id >> attempt & 1 == 1 { HONEST } else { 1 });
        let given: Vec<(u32, u32)> = (0..count).map(answer).collect();
        verdicts.extend(net.answer_open(&given).expect("due"));
    }
    (verdicts, asked)
}

/// Every pattern of passing and failing in four attempts occurs 16 times: failures fall from 1/2 to 1/2^(1 + n).
#[test]
fn with_n_repeats_failures_fall_from_p_to_its_power_of_one_plus_n() {
    const MANY: u32 = 256;
    for retries in 0..4u16 {
        let mut net = net(MANY, retries);
        let (verdicts, asked) = series(&mut net, MANY);
        let failed = verdicts.iter().filter(|verdict| !verdict.1).count();
        assert_eq!(failed, MANY as usize >> (1 + retries));
        assert_eq!(verdicts.len(), MANY as usize, "one verdict each");
        let expected: Vec<usize> = (0..=retries).map(|attempt| MANY as usize >> attempt).collect();
        assert_eq!(asked, expected, "only those who failed are asked again, where nobody starts with them");
        let effects = net.bench.effects();
        let judged: Vec<_> =
            effects.iter().filter(|e| matches!(e, Effect::ChallengesJudged { .. })).collect();
        let passed = MANY - failed as u32;
        let once = Effect::ChallengesJudged { round: retries.into(), passed, failed: failed as u32 };
        assert_eq!(judged, [&once], "counted once");
        let held = (0..MANY).filter(|&id| net.bench.has(id, flag::QUARANTINED)).count();
        assert_eq!(held, failed);
    }
}

#[test]
fn each_repeat_has_its_own_beacon_number_and_date() {
    let mut net = net(1, 2);
    series(&mut net, 1); // device 0 fails every time
    let issued: Vec<(u32, u64, Time)> = net
        .bench
        .effects()
        .iter()
        .filter_map(|effect| match *effect {
            Effect::ChallengesIssued { round, beacon, due } => Some((round, beacon, due)),
            _ => None,
        })
        .collect();
    assert_eq!(issued.iter().map(|round| round.0).collect::<Vec<_>>(), [0, 1, 2]);
    assert!(issued[0].1 != issued[1].1 && issued[1].1 != issued[2].1);
    assert!(issued[0].2 < issued[1].2 && issued[1].2 < issued[2].2);
}

#[test]
fn leaving_after_the_first_failure_is_no_way_out_of_the_repeat() {
    let mut net = net(1, 1);
    net.close(1);
    net.answer_open(&[(0, 1)]).expect("due");
    let now = Time(net.now);
    net.live.beat(&mut net.bench.step(now), DeviceId(0), 1, false).expect("listed");
    net.live.advance(&mut net.bench.step(now + Span::MINUTE.times(6)));
    assert!(!net.bench.has(0, flag::ONLINE));
    assert_eq!(net.answer_open(&[]), Ok(vec![(0, false)]));
}

#[test]
fn a_batch_that_never_comes_is_repeated_too_and_ends() {
    let mut net = net(2, 3);
    net.close(1);
    let mut verdicts = Vec::new();
    for _ in 0..4 {
        assert_eq!(verdicts, []);
        let deadline = net.rounds.next_deadline();
        net.rounds.advance(&mut net.bench.step(deadline), &mut net.live, &mut verdicts);
    }
    assert_eq!(verdicts, [(DeviceId(0), false), (DeviceId(1), false)]);
    assert_eq!(net.rounds.next_deadline(), Time::NEVER);
}

/// Who is asked now, ascending.
fn asked(net: &Net) -> Vec<u32> {
    (0..net.bench.registry.len() as u32).filter(|&id| net.rounds.challenge(DeviceId(id)).is_some()).collect()
}

/// A round and all its repeats, the silicon answering for whoever is asked. Its verdicts by device, and whom each
/// attempt asked.
fn attempts(
    net: &mut Net,
    mut silicon: impl FnMut(usize, &[u32]) -> Vec<(u32, u32)>,
) -> (Vec<(u32, bool)>, Vec<Vec<u32>>) {
    net.close(7);
    let (mut verdicts, mut calls) = (Vec::new(), Vec::new());
    while net.rounds.open.is_some() {
        let called = asked(net);
        let answers = silicon(calls.len(), &called);
        calls.push(called);
        verdicts.extend(net.answer_open(&answers).expect("due"));
    }
    verdicts.sort_unstable();
    (verdicts, calls)
}

/// One card of the claimed model for all who are asked, one after the other in the order of their ids.
fn in_turn(asked: &[u32]) -> Vec<(u32, u32)> {
    asked.iter().zip(1..).map(|(&id, place)| (id, place * HONEST)).collect()
}

/// One card of the claimed model for all who are asked, at once: `k` of them take `k` times as long.
fn at_once(asked: &[u32]) -> Vec<(u32, u32)> {
    asked.iter().map(|&id| (id, asked.len() as u32 * HONEST)).collect()
}

/// A card ten times as fast with memory for three of those who are asked, which hold back their answers; the others get
/// an error at once.
fn three_at_once(asked: &[u32]) -> Vec<(u32, u32)> {
    asked.iter().enumerate().map(|(at, &id)| (id, if at < 3 { HONEST } else { u32::MAX })).collect()
}

/// Slices of one card, spread over what the rule's group does not look at.
fn sliced(slices: u32, group: Group) -> Net {
    let spec = simultaneous_proof_of_work::Spec { work: work(3), group };
    let mut net = Net::by(slices, Box::new(spec.build()));
    let registry = &mut net.bench.registry;
    for device in 0..slices as usize {
        if group != Group::Host {
            registry.address[device] = (7 << 8) + device as u32;
        }
        if group == Group::Supplier {
            registry.subnet[device] = device as u32;
        }
    }
    net
}

#[test]
fn a_card_cut_into_slices_that_fails_fails_its_repeats_too() {
    type Silicon = fn(&[u32]) -> Vec<(u32, u32)>;
    let cards: [(Silicon, u32); 3] = [(at_once, 0), (in_turn, 1), (three_at_once, 3)];
    for group in [Group::Host, Group::Subnet, Group::Supplier] {
        for slices in [4, 9] {
            for (card, pass) in cards {
                let (verdicts, calls) = attempts(&mut sliced(slices, group), |_, asked| card(asked));
                let expected: Vec<(u32, bool)> = (0..slices).map(|id| (id, id < pass)).collect();
                assert_eq!(verdicts, expected, "{group:?}, {slices} slices");
                let everyone: Vec<u32> = (0..slices).collect();
                assert_eq!(calls, vec![everyone; 4], "every attempt loads the card alike");
            }
        }
    }
}

/// What the rule's file says of itself: with its own order of service a card passes for one slice more in each repeat.
#[test]
fn a_card_that_serves_those_first_who_failed_before_passes_for_as_many_slices_as_there_are_attempts() {
    let mut served: Vec<u32> = Vec::new();
    let serve = |_: usize, asked: &[u32]| {
        let first = *asked.iter().find(|id| !served.contains(id)).expect("somebody is left");
        served.push(first);
        asked.iter().map(|&id| (id, if id == first { HONEST } else { 2 * HONEST })).collect()
    };
    let (verdicts, _) = attempts(&mut sliced(6, Group::Host), serve);
    let passed: Vec<u32> = verdicts.iter().filter(|verdict| verdict.1).map(|verdict| verdict.0).collect();
    assert_eq!(passed, [0, 1, 2, 3]);
}

/// Eight real cards at one address; one of them is busy when the round comes, another in the first repeat, when it is
/// asked for company only.
#[test]
fn an_honest_machine_that_was_busy_is_saved_by_a_repeat_and_its_neighbours_risk_nothing_by_it() {
    let busy = [5, 2, 2, 2];
    for group in [Group::Device, Group::Host, Group::Subnet, Group::Supplier] {
        let spec = simultaneous_proof_of_work::Spec { work: work(3), group };
        let mut net = Net::by(8, Box::new(spec.build()));
        let answer = |attempt: usize, asked: &[u32]| {
            asked.iter().map(|&id| (id, if id == busy[attempt] { u32::MAX } else { HONEST })).collect()
        };
        let (verdicts, calls) = attempts(&mut net, answer);
        let everyone: Vec<u32> = (0..8).collect();
        assert_eq!(verdicts, everyone.iter().map(|&id| (id, true)).collect::<Vec<_>>(), "{group:?}");
        assert_eq!(calls.len(), 2, "the first repeat settles it");
        assert_eq!(calls[1], if group == Group::Device { vec![5] } else { everyone });
        let judged = Effect::ChallengesJudged { round: 1, passed: 8, failed: 0 };
        assert!(net.bench.effects().contains(&judged), "everyone is counted once");
        assert!((0..8).all(|id| net.bench.has(id, flag::VERIFIED) && !net.bench.has(id, flag::QUARANTINED)));
    }
}

/// Proof of work starts the devices of one address together, and so repeats them together; other addresses are left alone.
#[test]
fn proof_of_work_repeats_the_address_of_who_failed_and_no_other() {
    let mut net = net(6, 1);
    net.bench.registry.address = vec![1, 1, 2, 2, 3, 3];
    let answer = |_: usize, asked: &[u32]| {
        asked.iter().map(|&id| (id, if id == 3 || id == 4 { 1 } else { HONEST })).collect()
    };
    let (verdicts, calls) = attempts(&mut net, answer);
    assert_eq!(calls, [vec![0, 1, 2, 3, 4, 5], vec![2, 3, 4, 5]]);
    assert_eq!(verdicts, [(0, true), (1, true), (2, true), (3, false), (4, false), (5, true)]);
}

/// Company is asked only while it can be: not when it has left, and not when it has been hired since.
#[test]
fn a_repeat_does_not_trouble_who_has_left_or_is_hired_by_now() {
    let mut net = net(4, 1);
    net.bench.registry.address = vec![9; 4];
    net.close(7);
    net.answer_open(&[(0, 1), (1, HONEST), (2, HONEST), (3, HONEST)]).expect("due");
    assert_eq!(asked(&net), [0, 1, 2, 3]);
    let mut net = self::net(4, 1);
    net.bench.registry.address = vec![9; 4];
    net.close(7);
    net.bench.registry.flags[1] |= flag::LEASED;
    net.bench.registry.flags[2] &= !flag::ONLINE;
    net.answer_open(&[(0, 1), (2, HONEST), (3, HONEST)]).expect("due");
    assert_eq!(asked(&net), [0, 3]);
}
