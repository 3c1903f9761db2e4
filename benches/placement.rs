//! Cost of one placement on hosts leased in parts, at full load: a job starts, the oldest one ends when none fits.

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use depin_protocol::ids::{DeviceId, ModelId};
use depin_protocol::scheduling::hosts::{Ask, Capacity, Grant, HostPolicy, Hosts, ModelSet, WHOLE, typical};
use std::collections::VecDeque;
use std::hint::black_box;

/// As many as in the openb trace.
const HOSTS: u32 = 1_213;
/// Placements before the measurement and in each sample.
const WARM_UP: usize = 30_000;
const SAMPLE: usize = 10_000;

/// SplitMix64.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % bound as u64) as usize
    }
}

/// 160 kinds of ask, nine tenths of them for one card or less, as in openb. Assumed.
fn kinds(random: &mut Random) -> Vec<Ask> {
    let kind = |_| {
        let cards = [0, 1, 1, 1, 1, 1, 1, 1, 2, 8][random.below(10)];
        let share = [WHOLE, (1 + random.below(19) as u16) * 50][random.below(2)];
        let card_milli = if cards == 1 { share } else { WHOLE };
        let cpu_milli = 1_000 * (1 + random.below(12) as u32) * u32::from(cards).max(1);
        Ask { cpu_milli, memory_mib: 4 * cpu_milli, cards, card_milli, models: ModelSet::default() }
    };
    (0..160).map(kind).collect()
}

struct Cluster {
    hosts: Hosts,
    held: VecDeque<Grant>,
    load: Vec<Ask>,
    random: Random,
}

impl Cluster {
    fn new(policy: HostPolicy) -> Self {
        let mut random = Random(1);
        let load = kinds(&mut random);
        let mut hosts = Hosts::new(policy, &typical(&load), 1);
        for device in 0..HOSTS {
            let cards = [2, 2, 4, 8, 8][random.below(5)];
            let cpu_milli = 12_000 * u32::from(cards);
            let shape = Capacity { cpu_milli, memory_mib: 8 * cpu_milli, cards, model: ModelId(0) };
            hosts.add(DeviceId(device), shape, None);
        }
        let mut cluster = Self { hosts, held: VecDeque::new(), load, random };
        cluster.place(WARM_UP);
        cluster
    }

    fn place(&mut self, count: usize) {
        for _ in 0..count {
            let ask = self.load[self.random.below(self.load.len())];
            let grant = loop {
                match self.hosts.find(&ask) {
                    Some(grant) => break grant,
                    None => {
                        let oldest = self.held.pop_front().expect("an empty cluster has room");
                        self.hosts.give_back(&oldest);
                    }
                }
            };
            self.hosts.take(&grant);
            self.held.push_back(grant);
        }
    }
}

fn placements(c: &mut Criterion) {
    let mut group = c.benchmark_group("10,000 placements");
    group.sample_size(10);
    use HostPolicy::{BestFit, Fgd, First, Packing, Random, WorstFit};
    for policy in [First, Random, BestFit, WorstFit, Packing, Fgd] {
        let mut cluster = Cluster::new(policy);
        group.bench_function(format!("{policy:?}"), |b| {
            b.iter_batched(|| (), |()| black_box(&mut cluster).place(SAMPLE), BatchSize::PerIteration);
        });
    }
    group.finish();
}

criterion_group!(benches, placements);
criterion_main!(benches);
