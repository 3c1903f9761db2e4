//! The protocol's hot paths: closing an epoch over many devices, heartbeat edges, a challenge round.

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use depin_protocol::Protocol;
use depin_protocol::command::{Claim, Command, Role, TeamAction};
use depin_protocol::ids::{AccountId, DeviceId, ModelId};
use depin_protocol::units::{Span, Time};
use depin_sim::scenario::Scenario;
use std::hint::black_box;
use std::path::Path;

const DEVICES: u32 = 1_000_000;

/// A network of a million connected devices, ten to an account.
fn network() -> (Protocol, Time) {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/ionet-ignition.toml");
    let sets = ["protocol.registration.max_devices_per_hour=100000000".to_owned()];
    let scenario = Scenario::load(Path::new(path), &sets).expect("the shipped scenario is sound");
    let mut protocol = Protocol::new(scenario.rules.build(&scenario.hardware));
    let mut effects = Vec::new();
    let mut now = Time::ZERO;
    let mut apply = |now, command| {
        effects.clear();
        protocol.apply(now, command, &mut effects).expect("a command of the set-up");
    };
    for account in 0..DEVICES / 10 {
        apply(now, Command::OpenAccount { role: Role::Supplier });
        let claim = Claim {
            model: ModelId((account % 30) as u16),
            cards: 1,
            tier: 2,
            price: 300_000,
            address: account,
            subnet: account >> 8,
            fingerprint: 0,
        };
        let account = AccountId(account);
        apply(now, Command::Register { account, claim, count: 10, spread: false, answers_admission: true });
    }
    apply(now, Command::Heartbeat { first: DeviceId(0), count: DEVICES, beating: true });
    now += Span::HOUR;
    apply(now, Command::CloseEpoch { beacon: 1 });
    (protocol, now)
}

fn epoch(c: &mut Criterion) {
    let (mut protocol, mut now) = network();
    let mut effects = Vec::new();
    let mut group = c.benchmark_group("protocol");
    group.sample_size(10);
    group.throughput(Throughput::Elements(u64::from(DEVICES)));
    group.bench_function("close an epoch over 1M devices", |b| {
        b.iter(|| {
            now += Span::HOUR;
            effects.clear();
            protocol.apply(now, Command::CloseEpoch { beacon: 1 }, &mut effects).expect("an epoch closes");
            black_box(&effects);
        });
    });
    group.throughput(Throughput::Elements(2));
    let mut device = 0u32;
    group.bench_function("one device falls silent and beats again", |b| {
        b.iter(|| {
            device = (device + 7919) % DEVICES;
            for beating in [false, true] {
                now += Span(1);
                effects.clear();
                let command = Command::Heartbeat { first: DeviceId(device), count: 1, beating };
                protocol.apply(now, command, &mut effects).expect("the device is listed");
            }
        });
    });
    group.finish();
}

fn season(c: &mut Criterion) {
    let mut group = c.benchmark_group("season");
    group.sample_size(10);
    group.throughput(Throughput::Elements(u64::from(DEVICES)));
    group.bench_function("count and pay 1M devices in 100k accounts", |b| {
        b.iter_batched(
            network,
            |(mut protocol, now)| {
                let mut effects = Vec::new();
                protocol.apply(now, Command::Team(TeamAction::CountSeason), &mut effects).expect("open");
                protocol.apply(now, Command::Team(TeamAction::PayOut), &mut effects).expect("counted");
                black_box(effects.len())
            },
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

criterion_group!(benches, epoch, season);
criterion_main!(benches);
