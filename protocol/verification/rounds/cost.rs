//! What batches over a million devices cost; the counts are asserted, the times are printed for reading.

use super::tests::{DUE, HONEST, HOUR, Net};
use super::*;
use crate::bench::Draws;
use crate::verification::Consequences;
use std::time::Instant;

#[test]
fn a_million_devices_are_folded_counted_and_judged() {
    const MANY: u32 = 1_000_000;
    let mut net = Net::new(MANY, Consequences::default());
    let timed = |what: &str, start: Instant, per: u32| {
        let spent = start.elapsed();
        let each = spent.as_nanos() / u128::from(per);
        println!("{what}: {:.1} ms, {each} ns each", spent.as_secs_f64() * 1e3);
    };

    let mut draws = Draws(1);
    let order: Vec<u32> = (0..500_000).map(|_| draws.below(u64::from(MANY)) as u32).collect();
    let start = Instant::now();
    for (now, &device) in (1..).zip(&order) {
        let step = &mut net.bench.step(Time(now));
        net.live.beat(step, DeviceId(device), 1, now % 2 == 0).expect("listed");
    }
    timed("random edges", start, 500_000);

    let mut up = vec![0; MANY as usize];
    let start = Instant::now();
    net.live.fold_epoch(Time(HOUR), &mut up);
    timed("fold", start, MANY);
    assert!(up.iter().all(|&ns| ns <= HOUR) && up.iter().any(|&ns| ns < HOUR));

    let start = Instant::now();
    net.bench.supply.recount(Time(HOUR), &net.bench.registry, net.live.last_beat());
    timed("recount", start, MANY);
    assert_eq!(net.bench.supply.counts().connected, u64::from(MANY));

    let start = Instant::now();
    net.issue();
    timed("issue", start, MANY);

    let devices: Vec<DeviceId> = (0..MANY).map(DeviceId).collect();
    let answer_ms: Vec<u32> = (0..MANY).map(|id| if id % 3 == 0 { 1 } else { HONEST }).collect();
    let answers = Answers { round: 0, devices: &devices, answer_ms: &answer_ms };
    let mut verdicts = vec![];
    let start = Instant::now();
    let step = &mut net.bench.step(Time(DUE));
    net.rounds.answer(step, &mut net.live, answers, &mut verdicts).expect("open");
    timed("answers", start, MANY);
    assert_eq!(verdicts.iter().filter(|(_, passed)| !passed).count(), 333_334);
}
