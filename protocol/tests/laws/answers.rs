//! Verification: a late, wrong or missing answer never helps, and harms nobody else.

use crate::catalogue;
use crate::driver::{Case, Driver};
use crate::fleet::models;
use crate::lcg::Lcg;
use crate::network::{Choice, Concern};
use depin_protocol::command::Claim;
use depin_protocol::effect::Effect;
use depin_protocol::ids::{DeviceId, ModelId};
use depin_protocol::recording::Recorded;
use depin_protocol::registry::flag;
use depin_protocol::units::{Span, Time};
use depin_protocol::verification::{Answer, Band, Verdict};

#[test]
fn the_genuine_answer_passes_and_beyond_either_end_of_its_band_nothing_does() {
    for policy in catalogue::verifications() {
        let rule = (policy.build)();
        for model in models() {
            let bands: [(Option<Band>, u32); 2] =
                [(rule.band(&model), rule.target_ms(&model)), (rule.lock_band(&model), rule.lock_ms(&model))];
            for (band, target) in bands {
                let Some(band) = band else {
                    continue;
                };
                let passes = |ms| band.judge(Answer::After(ms)) == Verdict::Pass;
                let name = format!("{}, {}: {band:?}", policy.label, model.name);
                assert!(passes(target), "{name} and a target of {target}");
                assert!(
                    (0..600_000)
                        .step_by(500)
                        .all(|ms| passes(ms) == (band.least_ms..=band.most_ms).contains(&ms)),
                    "{name}"
                );
                assert!(
                    !passes(u32::MAX - 1) && band.judge(Answer::from_ms(u32::MAX)) != Verdict::Pass,
                    "{name}"
                );
                for wrong in [Answer::Error, Answer::Missing] {
                    assert_ne!(band.judge(wrong), Verdict::Pass, "{name}: {wrong:?}");
                }
            }
            let mut failed = false;
            for ms in (rule.target_ms(&model)..900_000).step_by(997) {
                let pass = rule.judge(&model, Answer::After(ms)) == Verdict::Pass;
                assert!(!(failed && pass), "{}: {ms} ms pass where less failed", policy.label);
                failed |= !pass;
            }
        }
    }
}

/// What the answer of a device is at an hour: the same whatever else happens, repeats within the hour included.
fn answer(seed: u64, hour: u64, device: u32) -> Option<u32> {
    let mut lcg = Lcg::new(seed ^ hour << 20 ^ u64::from(device) << 44);
    match lcg.below(5) {
        0 => Some(600_000),
        1 if lcg.once_in(2) => None,
        _ => Some(60_000),
    }
}

/// Six devices answer for two days, by hour and device; says how they stand then, the higher the better.
fn standing_after(choice: &Choice, seed: u64, answer: &dyn Fn(u64, u32) -> Option<u32>) -> Vec<u8> {
    let mut driver = Driver::new(choice);
    let check = &mut |_: &mut Driver| {};
    driver.found(check);
    for i in 0..6 {
        let claim =
            Claim { model: ModelId(1), cards: 1, tier: 2, price: 1, address: i, subnet: i, fingerprint: 0 };
        driver.list(i, claim, 1, check);
    }
    let mut round: Option<(Time, u32)> = None;
    for hour in 1..48u64 {
        driver.now = Time::ZERO + Span::HOUR.times(hour);
        let mut next = Recorded::CloseEpoch { beacon: seed ^ hour };
        loop {
            driver.tell(next).expect("it is accepted");
            for effect in &driver.effects {
                if let Effect::ChallengesIssued { round: number, due, .. } = effect {
                    round = Some((*due, *number));
                }
            }
            let Some((due, number)) = round.take() else {
                break;
            };
            driver.now = due;
            let at = due.0 / Span::HOUR.0;
            let all = (0..6).filter_map(|device| answer(at, device).map(|ms| (DeviceId(device), ms)));
            let (devices, answer_ms) = all.unzip();
            next = Recorded::AnswerChallenges { round: number, devices, answer_ms };
        }
    }
    let rank = |flags: &u16| match *flags {
        flags if flags & flag::BANNED != 0 => 0,
        flags if flags & flag::QUARANTINED != 0 => 1,
        flags if flags & flag::VERIFIED == 0 => 2,
        _ => 3,
    };
    driver.protocol.registry().flags.iter().map(rank).collect()
}

#[test]
fn a_worse_answer_never_ends_in_a_better_standing_and_leaves_others_as_they_were() {
    for pick in 0..Concern::Verification.labels().len() {
        let choice = Choice::plain().with(Concern::Verification, pick);
        let mut lowered = 0;
        for seed in 0..12 {
            let plain = |hour, device| answer(seed, hour, device);
            let base = standing_after(&choice, seed, &plain);
            for case in 0..6 {
                let mut lcg = Lcg::new(seed * 100 + case);
                // Half of the time in one of the last rounds, which nothing can mend any more.
                let hour = if lcg.once_in(2) { 44 + lcg.below(4) } else { 20 + lcg.below(28) };
                let device = lcg.below(6) as u32;
                if plain(hour, device) != Some(60_000) {
                    continue;
                }
                let instead = lcg.pick(&[Some(600_000), Some(1), Some(u32::MAX), None]);
                let _case =
                    Case(format!("{}, seed {seed}: {instead:?} of {device} at hour {hour}", choice.name()));
                let worse = |at, who| if (at, who) == (hour, device) { instead } else { plain(at, who) };
                let after = standing_after(&choice, seed, &worse);
                for (other, (was, is)) in base.iter().zip(&after).enumerate() {
                    if other == device as usize {
                        assert!(is <= was, "{device} rose from {was} to {is}");
                        lowered += u32::from(is < was);
                    } else {
                        assert_eq!(was, is, "the standing of {other} changed");
                    }
                }
            }
        }
        // Where claims are believed there is nothing to lose; elsewhere some of the changed answers must have told.
        let believed =
            ["metadata only", "time-lock, idle believed"].contains(&choice.label(Concern::Verification));
        assert!(believed == (lowered == 0), "{}: {lowered}", choice.name());
    }
}

#[test]
fn who_always_fails_is_set_apart_wherever_it_is_asked_and_who_always_passes_never_is() {
    for pick in 0..Concern::Verification.labels().len() {
        let choice = Choice::plain().with(Concern::Verification, pick);
        let believed =
            ["metadata only", "time-lock, idle believed"].contains(&choice.label(Concern::Verification));
        for (seed, wrong) in [(1, Some(600_000)), (2, Some(u32::MAX)), (3, None)] {
            let liar = |_, device| if device == 2 { wrong } else { Some(60_000) };
            let mut expected = vec![3; 6];
            let standing = standing_after(&choice, seed, &liar);
            expected[2] = if believed { 3 } else { standing[2].min(1) };
            assert_eq!(standing, expected, "{}, answers {wrong:?}", choice.name());
        }
    }
}
