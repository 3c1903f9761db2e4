//! A whole scenario, events per second: the founding season at two per cent of its size.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use depin_sim::experiment::replicate;
use depin_sim::scenario::Scenario;
use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;

fn ignition(c: &mut Criterion) {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/ionet-ignition.toml");
    let sets = ["run.scale=0.02".to_owned()];
    let scenario = Arc::new(Scenario::load(Path::new(path), &sets).expect("the shipped scenario is sound"));
    let events = replicate(&scenario, 0, &|_, _, _| {}).events;
    let mut group = c.benchmark_group("scenario");
    group.sample_size(10);
    group.throughput(Throughput::Elements(events));
    group.bench_function("ionet-ignition at run.scale 0.02", |b| {
        b.iter(|| black_box(replicate(&scenario, 0, &|_, _, _| {}).digest));
    });
    group.finish();
}

criterion_group!(benches, ignition);
criterion_main!(benches);
