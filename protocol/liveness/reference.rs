//! Liveness against a reference that knows no edges and counts every nanosecond of a random history.

use super::*;
use crate::bench::{Bench, Draws};

/// One device of the reference, told nothing but commands and ticks of one nanosecond.
#[derive(Clone, Default)]
struct Plain {
    beating: bool,
    barred_by_login: bool,
    banned: bool,
    withdrawn: bool,
    online: bool,
    last: Option<u64>,
    up_epoch: u64,
    up_total: u64,
}

impl Plain {
    fn up(&self) -> bool {
        self.beating && !self.barred_by_login && !self.banned && !self.withdrawn
    }

    /// Whatever the command was, what follows from it.
    fn settle(&mut self, was_up: bool, now: u64) {
        if was_up && !self.up() {
            self.last = Some(now);
        }
        self.online |= self.up();
        self.online &= !self.barred_by_login && !self.banned && !self.withdrawn;
    }
}

const TIMEOUT: u64 = 50;
const SWEEP: u64 = 7;
const DEVICES: u32 = 24;

/// One random command to both; returns nothing, since neither may refuse.
fn command(draws: &mut Draws, now: u64, plain: &mut [Plain], live: &mut Liveness, bench: &mut Bench) {
    let first = draws.below(u64::from(DEVICES));
    let count = 1 + draws.below((u64::from(DEVICES) - first).min(4));
    let rows = first as usize..(first + count) as usize;
    let (first, count) = (DeviceId(first as u32), count as u32);
    let step = &mut bench.step(Time(now));
    let mut all = |edit: &dyn Fn(&mut Plain), rows: Range<usize>| {
        for device in &mut plain[rows] {
            let was_up = device.up();
            edit(device);
            device.settle(was_up, now);
        }
    };
    let done = match draws.below(400) {
        0..190 => {
            all(&|device| device.beating = true, rows);
            live.beat(step, first, count, true)
        }
        190..380 => {
            all(&|device| device.beating = false, rows);
            live.beat(step, first, count, false)
        }
        380..397 => {
            all(&|device| device.barred_by_login = false, rows);
            live.login(step, first, count)
        }
        397 => {
            all(&|device| device.barred_by_login |= !device.withdrawn, 0..DEVICES as usize);
            live.require_login(step);
            Ok(())
        }
        398 if now.is_multiple_of(3) => {
            all(&|device| device.banned = true, first.at()..first.at() + 1);
            live.ban(step, first);
            Ok(())
        }
        399 if now.is_multiple_of(3) => {
            let leave = |device: &mut Plain| (device.withdrawn, device.beating) = (true, false);
            all(&leave, first.at()..first.at() + 1);
            live.withdraw(step, first, 1)
        }
        _ => Ok(()),
    };
    assert_eq!(done, Ok(()));
}

/// Returns how many seconds of uptime, silences noticed and short silences forgiven the history held.
fn compare_with_plain(seed: u64) -> (u64, u64, u64) {
    let mut draws = Draws(seed);
    let mut plain = vec![Plain::default(); DEVICES as usize];
    let mut live = Liveness::new(Spec { timeout: Span(TIMEOUT), sweep: Span(SWEEP) });
    live.grow(DEVICES);
    let mut bench = Bench::with(DEVICES, 0);
    let (mut up, mut noticed, mut forgiven) = (0, 0, 0);
    for now in 0..4_000u64 {
        for device in &mut plain {
            let up = u64::from(device.up());
            device.up_epoch += up;
            device.up_total += up;
            let silent = now - device.last.unwrap_or(now) >= TIMEOUT;
            if now.is_multiple_of(SWEEP) && device.online && !device.beating && silent {
                device.online = false;
                noticed += 1;
            }
        }
        // The tick's uptime belongs to the nanosecond that ends now, so the clock starts a tick early.
        if now == 0 {
            plain.iter_mut().for_each(|device| (device.up_epoch, device.up_total) = (0, 0));
        }
        if live.next_deadline() <= Time(now) {
            live.advance(&mut bench.step(Time(now)));
        }
        for _ in 0..draws.below(3) {
            let silent = plain.iter().filter(|device| device.online && !device.beating).count();
            command(&mut draws, now, &mut plain, &mut live, &mut bench);
            let still = plain.iter().filter(|device| device.online && !device.beating).count();
            forgiven += u64::from(still < silent);
        }
        if draws.below(90) == 0 {
            let mut folded = vec![u64::MAX; DEVICES as usize];
            live.fold_epoch(Time(now), &mut folded);
            let expected: Vec<u64> = plain.iter().map(|device| device.up_epoch).collect();
            assert_eq!(folded, expected, "seed {seed}, epoch that ends at {now}");
            up += expected.iter().sum::<u64>();
            plain.iter_mut().for_each(|device| device.up_epoch = 0);
        }
        for (id, device) in (0..).zip(&plain) {
            assert_eq!(bench.has(id, flag::ONLINE), device.online, "seed {seed}, device {id} at {now}");
            assert_eq!(live.uptime(DeviceId(id), Time(now)), Span(device.up_total), "device {id}");
            if !device.up() {
                let last = device.last.map_or(Time::NEVER, Time);
                assert_eq!(live.last_beat()[id as usize], last, "device {id} at {now}");
            }
        }
    }
    (up, noticed, forgiven)
}

#[test]
fn uptime_and_noticed_silence_equal_a_count_of_every_nanosecond() {
    for seed in 1..=12 {
        let (up, noticed, forgiven) = compare_with_plain(seed);
        assert!(up > 1_000 && noticed > 10 && forgiven > 10, "history too tame: {up} {noticed} {forgiven}");
    }
}

#[test]
fn effects_and_news_tell_every_change_of_standing() {
    let mut draws = Draws(5);
    let mut live = Liveness::new(Spec { timeout: Span(TIMEOUT), sweep: Span(SWEEP) });
    live.grow(DEVICES);
    let mut bench = Bench::with(DEVICES, 0);
    let mut plain = vec![Plain::default(); DEVICES as usize];
    let (mut told, mut heard) = (vec![false; DEVICES as usize], vec![false; DEVICES as usize]);
    for now in 0..4_000 {
        live.advance(&mut bench.step(Time(now)));
        command(&mut draws, now, &mut plain, &mut live, &mut bench);
        for effect in bench.effects() {
            let (first, count, is_online) = match effect {
                Effect::WentOnline { first, count } => (first, count, true),
                Effect::WentOffline { first, count } => (first, count, false),
                _ => continue,
            };
            for told in &mut told[first.at()..first.at() + count as usize] {
                assert_ne!(*told, is_online, "said twice");
                *told = is_online;
            }
        }
        let (lost, back) = bench.news();
        lost.iter().for_each(|&id| heard[id as usize] = false);
        back.iter().for_each(|&id| heard[id as usize] = true);
        let truth: Vec<bool> = (0..DEVICES).map(|id| bench.has(id, flag::ONLINE)).collect();
        assert_eq!(told, truth);
        assert_eq!(heard, truth);
    }
}
