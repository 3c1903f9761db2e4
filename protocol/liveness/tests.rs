//! Promises of liveness, one by one.

use super::*;
use crate::bench::Bench;

const MINUTE: u64 = Span::MINUTE.0;

/// A bench of `count` verified silent devices, and liveness with the default timeout.
fn setup(count: u32) -> (Bench, Liveness) {
    let mut live = Liveness::new(Spec::default());
    live.grow(count);
    (Bench::with(count, flag::VERIFIED), live)
}

fn online(first: u32, count: u32) -> Effect {
    Effect::WentOnline { first: DeviceId(first), count }
}

fn offline(first: u32, count: u32) -> Effect {
    Effect::WentOffline { first: DeviceId(first), count }
}

impl Liveness {
    fn edge(&mut self, bench: &mut Bench, at: u64, first: u32, count: u32, beating: bool) {
        let done = self.beat(&mut bench.step(Time(at)), DeviceId(first), count, beating);
        assert_eq!(done, Ok(()));
    }
}

#[test]
fn a_silence_shorter_than_the_timeout_is_never_noticed() {
    let (mut bench, mut live) = setup(1);
    live.edge(&mut bench, 0, 0, 1, true);
    bench.effects();
    live.edge(&mut bench, MINUTE, 0, 1, false);
    live.edge(&mut bench, 6 * MINUTE - 1, 0, 1, true);
    live.advance(&mut bench.step(Time(6 * MINUTE)));
    assert!(bench.has(0, flag::ONLINE | flag::BEATING));
    assert_eq!(bench.effects(), []);
    assert_eq!(bench.news(), (vec![], vec![0]), "only the first arrival was news");
}

#[test]
fn a_silence_is_noticed_at_the_first_sweep_after_the_timeout() {
    let (mut bench, mut live) = setup(1);
    live.edge(&mut bench, 0, 0, 1, true);
    live.edge(&mut bench, MINUTE + 1, 0, 1, false);
    assert_eq!(live.next_deadline(), Time(7 * MINUTE));
    live.advance(&mut bench.step(Time(7 * MINUTE - 1)));
    assert!(bench.has(0, flag::ONLINE));
    live.advance(&mut bench.step(Time(7 * MINUTE)));
    assert!(!bench.has(0, flag::ONLINE));
    assert_eq!(bench.effects(), [online(0, 1), offline(0, 1)]);
    assert_eq!(live.uptime(DeviceId(0), Time(9 * MINUTE)), Span(MINUTE + 1), "silence is no uptime");
}

#[test]
fn deadlines_come_at_most_once_a_sweep() {
    let (mut bench, mut live) = setup(5_000);
    live.edge(&mut bench, 0, 0, 5_000, true);
    for id in 0..5_000 {
        live.edge(&mut bench, MINUTE + u64::from(id) * MINUTE / 1_000, 4_999 - id, 1, false);
    }
    let mut advances = 0;
    while live.next_deadline() != Time::NEVER {
        let now = live.next_deadline();
        live.advance(&mut bench.step(now));
        advances += 1;
    }
    assert_eq!(advances, 6, "silences between minutes 1 and 6 are noticed at minutes 6 to 11");
    assert_eq!(bench.supply.connected(), 0);
}

#[test]
fn a_repeated_edge_changes_nothing() {
    let (mut bench, mut live) = setup(3);
    live.edge(&mut bench, 10, 0, 2, true);
    live.edge(&mut bench, 500, 0, 3, true);
    assert_eq!(bench.effects(), [online(0, 2), online(2, 1)]);
    live.edge(&mut bench, 1_000, 0, 1, false);
    let deadline = live.next_deadline();
    live.edge(&mut bench, 90 * MINUTE, 0, 1, false);
    assert_eq!(live.next_deadline(), deadline);
    assert_eq!(live.last_beat()[0], Time(1_000));
    assert_eq!(live.uptime(DeviceId(0), Time(2_000)), Span(990));
    assert_eq!(live.uptime(DeviceId(1), Time(2_000)), Span(1_990));
}

#[test]
fn ranges_that_were_never_listed_are_refused_untouched() {
    let (mut bench, mut live) = setup(3);
    for (first, count, why) in [
        (0, 0, Rejection::BadSize),
        (2, 2, Rejection::Unknown),
        (3, 1, Rejection::Unknown),
        (u32::MAX, u32::MAX, Rejection::Unknown),
    ] {
        let step = &mut bench.step(Time(5));
        assert_eq!(live.beat(step, DeviceId(first), count, true), Err(why));
        assert_eq!(live.login(step, DeviceId(first), count), Err(why));
        assert_eq!(live.withdraw(step, DeviceId(first), count), Err(why));
    }
    assert_eq!(bench.registry.flags, [flag::VERIFIED; 3]);
    assert_eq!(bench.effects(), []);
}

#[test]
fn a_forced_login_stops_uptime_until_login_and_beat() {
    let (mut bench, mut live) = setup(3);
    live.edge(&mut bench, 0, 0, 3, true);
    bench.effects();
    live.require_login(&mut bench.step(Time(100)));
    assert_eq!(bench.effects(), [Effect::ReauthenticationRequired, offline(0, 3)]);
    // 0 keeps beating, 1 restarts before its login, 2 after it.
    live.edge(&mut bench, 200, 1, 2, false);
    live.edge(&mut bench, 300, 1, 1, true);
    assert_eq!(bench.effects(), [], "beats are not accepted without a login");
    assert_eq!(live.next_deadline(), Time::NEVER, "nor is their end waited for");
    live.login(&mut bench.step(Time(400)), DeviceId(0), 3).expect("listed");
    assert_eq!(bench.effects(), [online(0, 2)]);
    live.edge(&mut bench, 450, 2, 1, true);
    assert_eq!(bench.effects(), [online(2, 1)]);
    let up: Vec<Span> = (0..3).map(|id| live.uptime(DeviceId(id), Time(500))).collect();
    assert_eq!(up, [Span(200), Span(200), Span(150)]);
    live.login(&mut bench.step(Time(500)), DeviceId(0), 3).expect("listed");
    assert_eq!(bench.effects(), [], "nothing to log in to");
}

#[test]
fn those_who_left_or_are_banned_never_come_back() {
    let (mut bench, mut live) = setup(3);
    live.edge(&mut bench, 0, 0, 3, true);
    bench.effects();
    live.withdraw(&mut bench.step(Time(50)), DeviceId(0), 1).expect("listed");
    live.ban(&mut bench.step(Time(60)), DeviceId(1));
    live.ban(&mut bench.step(Time(61)), DeviceId(1));
    let withdrew = Effect::Withdrew { first: DeviceId(0), count: 1 };
    let banned = Effect::Banned(DeviceId(1));
    assert_eq!(bench.effects(), [offline(0, 1), withdrew, banned, offline(1, 1)]);
    live.edge(&mut bench, 70, 0, 2, false);
    live.edge(&mut bench, 80, 0, 2, true);
    live.require_login(&mut bench.step(Time(90)));
    live.login(&mut bench.step(Time(95)), DeviceId(0), 2).expect("listed");
    let up: Vec<Span> = (0..3).map(|id| live.uptime(DeviceId(id), Time(100))).collect();
    assert_eq!(up, [Span(50), Span(60), Span(90)]);
    assert!(!bench.has(0, flag::ONLINE) && !bench.has(1, flag::ONLINE));
    assert!(!bench.has(0, flag::NEEDS_LOGIN), "who has left need not log in");
}

#[test]
fn a_fold_hands_out_each_nanosecond_once_across_blocks() {
    let count = BLOCK as u32 * 3;
    let (mut bench, mut live) = setup(count);
    let mut folded = vec![7; count as usize];
    let edge = BLOCK as u32 - 1; // the last row of the first block and the first of the second
    live.edge(&mut bench, 100, edge, 2, true);
    live.edge(&mut bench, 150, edge, 1, false);
    live.fold_epoch(Time(200), &mut folded);
    assert_eq!(folded[BLOCK - 1..=BLOCK], [50, 100]);
    assert_eq!(folded.iter().sum::<u64>(), 150);
    live.fold_epoch(Time(1_000), &mut folded);
    assert_eq!(folded[BLOCK - 1..=BLOCK], [0, 800]);
    assert_eq!(folded.iter().sum::<u64>(), 800);
    live.edge(&mut bench, 1_100, edge + 1, 1, false);
    live.fold_epoch(Time(2_000), &mut folded);
    assert_eq!(folded.iter().sum::<u64>(), 100);
    live.fold_epoch(Time(3_000), &mut folded);
    assert_eq!(folded.iter().sum::<u64>(), 0);
}
