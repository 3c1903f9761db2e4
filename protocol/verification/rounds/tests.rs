//! Promises of challenge rounds: who is asked, who fails, and what follows.

use super::*;
use crate::bench::Bench;
use crate::liveness;
use crate::verification::{Consequences, proof_of_work};

pub(in crate::verification) const HOUR: u64 = Span::HOUR.0;
/// 15 minutes of window and 81 seconds for the slowest answer.
pub(in crate::verification) const DUE: u64 = (15 * 60 + 81) * 1_000_000_000;
const READY: u16 = flag::WAITED | flag::CLUSTER_OK;
pub(in crate::verification) const HONEST: u32 = 60_000;

/// A network whose `count` devices are online and waited, with challenges on since genesis.
pub(in crate::verification) struct Net {
    pub(in crate::verification) bench: Bench,
    pub(in crate::verification) live: Liveness,
    pub(in crate::verification) rounds: Rounds,
    pub(in crate::verification) now: u64,
    round: u32,
}

impl Net {
    pub(in crate::verification) fn new(count: u32, consequences: Consequences) -> Self {
        let spec = proof_of_work::Spec { consequences, ..proof_of_work::Spec::default() };
        Self::by(count, Box::new(spec.build()))
    }

    /// The same by any rule with rounds.
    pub(in crate::verification) fn by(count: u32, rule: Box<dyn Verification>) -> Self {
        let mut rounds = Rounds::new(rule);
        let mut bench = Bench::with(count, READY | flag::VERIFIED);
        let mut live = Liveness::new(liveness::Spec::default());
        live.grow(count);
        rounds.grow(count);
        live.beat(&mut bench.step(Time(0)), DeviceId(0), count, true).expect("listed");
        rounds.set_enabled(&mut bench.step(Time(0)), true).expect("a rule with rounds");
        bench.effects();
        bench.news();
        Self { bench, live, rounds, now: 0, round: 0 }
    }

    /// Issues the next round; effects before it are forgotten.
    pub(in crate::verification) fn issue(&mut self) {
        self.bench.effects();
        self.rounds.close_epoch(&mut self.bench.step(Time(self.now)), 99);
        let (round, due) = (self.round, Time(self.now + DUE));
        let issued = Effect::ChallengesIssued { round, beacon: 99, due };
        assert_eq!(self.bench.effects(), [issued]);
    }

    pub(in crate::verification) fn answer(
        &mut self,
        given: &[(u32, u32)],
    ) -> Result<Vec<(u32, bool)>, Rejection> {
        self.answer_at(self.now + DUE, given)
    }

    fn answer_at(&mut self, at: u64, given: &[(u32, u32)]) -> Result<Vec<(u32, bool)>, Rejection> {
        let devices: Vec<DeviceId> = given.iter().map(|&(id, _)| DeviceId(id)).collect();
        let answer_ms: Vec<u32> = given.iter().map(|&(_, ms)| ms).collect();
        let answers = Answers { round: self.round, devices: &devices, answer_ms: &answer_ms };
        let mut verdicts = vec![];
        let step = &mut self.bench.step(Time(at));
        self.rounds.answer(step, &mut self.live, answers, &mut verdicts)?;
        Ok(verdicts.into_iter().map(|(device, passed)| (device.0, passed)).collect())
    }

    /// An epoch closes, six hours or more after the one before; whether a round is issued is the rule's affair.
    pub(in crate::verification) fn close(&mut self, beacon: u64) {
        self.rounds.close_epoch(&mut self.bench.step(Time(self.now)), beacon);
    }

    /// Answers the open round, or a repeat of it, at its date.
    pub(in crate::verification) fn answer_open(
        &mut self,
        given: &[(u32, u32)],
    ) -> Result<Vec<(u32, bool)>, Rejection> {
        let open = self.rounds.open.ok_or(Rejection::NoSuchRound)?;
        self.round = open.round;
        self.now = open.due.0;
        self.answer_at(self.now, given)
    }

    /// A whole round with this beacon, if one is issued, and on to the next date.
    pub(in crate::verification) fn round_by(
        &mut self,
        beacon: u64,
        given: &[(u32, u32)],
    ) -> Vec<(u32, bool)> {
        let begun = self.now;
        self.close(beacon);
        let verdicts = self.answer_open(given).unwrap_or_default();
        self.now = begun + 6 * HOUR;
        verdicts
    }

    /// A whole round, six hours after the one before.
    pub(in crate::verification) fn round(&mut self, given: &[(u32, u32)]) -> Vec<(u32, bool)> {
        self.issue();
        let verdicts = self.answer(given).expect("an open round");
        self.now += 6 * HOUR;
        self.round += 1;
        verdicts
    }
}

fn judged(round: u32, passed: u32, failed: u32) -> Effect {
    Effect::ChallengesJudged { round, passed, failed }
}

#[test]
fn beginning_challenges_unverifies_everyone_and_a_pass_verifies() {
    let mut net = Net::new(3, Consequences::default());
    assert!(!net.bench.has(0, flag::VERIFIED) && !net.rounds.believes());
    let verdicts = net.round(&[(0, HONEST), (1, 29_999), (2, u32::MAX)]);
    assert_eq!(verdicts, [(0, true), (1, false), (2, false)]);
    assert_eq!(net.bench.effects(), [judged(0, 1, 2)]);
    assert_eq!(net.bench.news(), (vec![], vec![0]));
    assert!(net.bench.has(0, flag::VERIFIED) && !net.bench.has(1, flag::VERIFIED));
    assert!(net.bench.registry.deployable(DeviceId(0)));
}

#[test]
fn two_failures_in_a_row_quarantine_and_a_pass_releases() {
    let mut net = Net::new(1, Consequences::default());
    let (slow, fine) = ([(0, 81_001)], [(0, HONEST)]);
    net.round(&slow);
    net.round(&fine);
    net.round(&slow);
    assert!(!net.bench.has(0, flag::QUARANTINED), "not in a row");
    net.bench.effects();
    assert_eq!(net.bench.news(), (vec![0], vec![0]), "deployable after the pass, lost by the failure");
    net.round(&slow);
    assert_eq!(net.bench.effects(), [Effect::Quarantined(DeviceId(0)), judged(3, 0, 1)]);
    net.round(&slow);
    assert_eq!(net.bench.effects(), [judged(4, 0, 1)], "quarantined once");
    net.round(&fine);
    assert_eq!(net.bench.effects(), [Effect::Released(DeviceId(0)), judged(5, 1, 0)]);
    assert_eq!(net.bench.news(), (vec![], vec![0]));
}

#[test]
fn release_may_take_several_passes_in_a_row() {
    let mut net = Net::new(1, Consequences { passes_to_release: 2, ..Consequences::default() });
    for (ms, held) in [(1, false), (1, true), (HONEST, true), (1, true), (HONEST, true)] {
        net.round(&[(0, ms)]);
        assert_eq!(net.bench.has(0, flag::QUARANTINED), held);
        assert!(!net.bench.registry.deployable(DeviceId(0)));
    }
    net.round(&[(0, HONEST)]);
    assert!(net.bench.registry.deployable(DeviceId(0)));
}

#[test]
fn twelve_failures_in_a_row_ban_for_good() {
    let mut net = Net::new(2, Consequences::default());
    for _ in 0..11 {
        net.round(&[(0, HONEST)]);
    }
    assert!(!net.bench.has(1, flag::BANNED));
    net.bench.effects();
    net.bench.news();
    net.round(&[(0, HONEST)]);
    let gone = Effect::WentOffline { first: DeviceId(1), count: 1 };
    assert_eq!(net.bench.effects(), [Effect::Banned(DeviceId(1)), gone, judged(11, 1, 1)]);
    assert_eq!(net.bench.news(), (vec![1], vec![]));
    assert_eq!(net.bench.supply.connected(), 1);
    let banned_at = Span(11 * 6 * HOUR + DUE);
    assert_eq!(net.live.uptime(DeviceId(1), Time(u64::MAX)), banned_at, "uptime ends with the ban");
    assert_eq!(net.round(&[(0, HONEST), (1, HONEST)]), [(0, true)], "nobody asks the banned");
}

#[test]
fn thresholds_of_zero_are_never_reached() {
    let never = Consequences { fails_to_quarantine: 0, passes_to_release: 0, fails_to_ban: 0 };
    let mut net = Net::new(1, never);
    for _ in 0..20 {
        net.round(&[]);
    }
    assert!(!net.bench.has(0, flag::QUARANTINED) && !net.bench.has(0, flag::BANNED));
    assert_eq!(net.rounds.streak(DeviceId(0)), -20);
}

#[test]
fn silence_fails_who_is_online_and_spares_who_is_known_to_be_gone() {
    let mut net = Net::new(4, Consequences::default());
    net.issue();
    let step = &mut net.bench.step(Time(HOUR / 6));
    net.live.beat(step, DeviceId(0), 2, false).expect("listed"); // 0 and 1 fall silent and are noticed
    let step = &mut net.bench.step(Time(HOUR / 6 + 5 * Span::MINUTE.0));
    net.live.advance(step);
    let step = &mut net.bench.step(Time(DUE - 1));
    net.live.beat(step, DeviceId(2), 1, false).expect("listed"); // 2 falls silent unnoticed
    let verdicts = net.answer(&[(1, 1)]).expect("open");
    // 1 answered wrongly before it left: leaving does not undo that.
    assert_eq!(verdicts, [(1, false), (2, false), (3, false)]);
    assert_eq!(net.rounds.streak(DeviceId(0)), 0);
}

#[test]
fn hired_devices_are_exempt_at_issue_and_at_judgement() {
    let mut net = Net::new(3, Consequences::default());
    net.bench.registry.flags[0] |= flag::LEASED;
    net.issue();
    net.bench.registry.flags[0] &= !flag::LEASED;
    net.bench.registry.flags[1] |= flag::LEASED;
    assert_eq!(net.answer(&[(1, 1)]), Ok(vec![(2, false)]));
}

#[test]
fn devices_that_come_after_the_issue_are_not_asked() {
    let mut net = Net::new(1, Consequences::default());
    net.issue();
    net.bench.push(1, 0);
    net.live.grow(1);
    net.rounds.grow(1);
    net.live.beat(&mut net.bench.step(Time(1)), DeviceId(1), 1, true).expect("listed");
    assert_eq!(net.answer(&[(0, HONEST), (1, HONEST)]), Ok(vec![(0, true)]));
    assert!(!net.bench.has(1, flag::VERIFIED));
}

#[test]
fn malformed_answers_are_refused_untouched() {
    let mut net = Net::new(4, Consequences::default());
    assert_eq!(net.answer(&[]), Err(Rejection::NoSuchRound));
    net.issue();
    let before = net.bench.registry.flags.clone();
    let fine = [(0, HONEST), (1, HONEST)];
    assert_eq!(net.answer_at(DUE - 1, &fine), Err(Rejection::WrongState));
    for bad in [[(1, HONEST), (0, HONEST)], [(1, HONEST), (1, HONEST)]] {
        assert_eq!(net.answer(&bad), Err(Rejection::BadSize));
    }
    assert_eq!(net.answer(&[(3, HONEST), (4, HONEST)]), Err(Rejection::Unknown));
    let devices = [DeviceId(0), DeviceId(1)];
    for (round, answer_ms, why) in
        [(0, vec![HONEST], Rejection::BadSize), (1, vec![HONEST; 2], Rejection::NoSuchRound)]
    {
        let answers = Answers { round, devices: &devices, answer_ms: &answer_ms };
        let mut verdicts = vec![];
        let step = &mut net.bench.step(Time(DUE));
        assert_eq!(net.rounds.answer(step, &mut net.live, answers, &mut verdicts), Err(why));
        assert_eq!(verdicts, []);
    }
    assert_eq!(net.bench.registry.flags, before);
    assert_eq!(net.bench.effects(), []);
    assert!((0..4).all(|id| net.rounds.streak(DeviceId(id)) == 0));
    let all: Vec<(u32, u32)> = (0..4).map(|id| (id, HONEST)).collect();
    assert_eq!(net.answer(&all).map(|verdicts| verdicts.len()), Ok(4), "the round was still open");
    assert_eq!(net.answer(&all), Err(Rejection::NoSuchRound), "and is judged once");
}

#[test]
fn a_round_nobody_answers_is_judged_after_the_grace() {
    let mut net = Net::new(2, Consequences::default());
    net.issue();
    let deadline = net.rounds.next_deadline();
    assert_eq!(deadline, Time(DUE) + GRACE);
    let mut verdicts = vec![];
    net.rounds.advance(&mut net.bench.step(Time(DUE)), &mut net.live, &mut verdicts);
    assert_eq!(verdicts, []);
    net.rounds.advance(&mut net.bench.step(deadline), &mut net.live, &mut verdicts);
    assert_eq!(verdicts, [(DeviceId(0), false), (DeviceId(1), false)]);
    assert_eq!(net.rounds.next_deadline(), Time::NEVER);
}

#[test]
fn rounds_keep_the_grid_of_the_first() {
    let mut net = Net::new(1, Consequences::default());
    let mut issued = vec![];
    for hour in 0..30 {
        if (12..20).contains(&hour) {
            continue; // epochs that closed late
        }
        let now = Time(hour * HOUR);
        net.rounds.advance(&mut net.bench.step(now), &mut net.live, &mut vec![]);
        net.rounds.close_epoch(&mut net.bench.step(now), hour);
        let is_issue = |effect: &Effect| matches!(effect, Effect::ChallengesIssued { .. });
        if net.bench.effects().iter().any(is_issue) {
            issued.push(hour);
        }
    }
    assert_eq!(issued, [0, 6, 20, 24]);
}

#[test]
fn a_purge_bans_those_in_quarantine_and_names_them() {
    let mut net = Net::new(3, Consequences::default());
    net.round(&[(0, HONEST), (1, HONEST)]);
    net.round(&[(0, HONEST)]); // 1 failed once, 2 twice
    net.bench.effects();
    net.bench.news();
    let mut purged = vec![];
    net.rounds.purge(&mut net.bench.step(Time(net.now)), &mut net.live, &mut purged);
    assert_eq!(purged, [DeviceId(2)]);
    assert!(net.bench.has(2, flag::BANNED) && !net.bench.has(2, flag::QUARANTINED));
    assert!(!net.bench.has(1, flag::BANNED));
    assert_eq!(net.bench.news(), (vec![2], vec![]));
}
