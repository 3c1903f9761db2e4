//! Promises of repeats: a failure counts when every repeat has failed too, and is counted once.

use super::tests::{HONEST, Net};
use super::*;
use crate::verification::{Consequences, proof_of_work};

fn net(count: u32, retries: u16) -> Net {
    let consequences = Consequences { fails_to_quarantine: 1, ..Consequences::default() };
    let spec = proof_of_work::Spec { retries, consequences, ..proof_of_work::Spec::default() };
    Net::by(count, Box::new(spec.build()))
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
        assert_eq!(asked, expected, "only those who failed are asked again");
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
