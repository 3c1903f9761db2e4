//! Speed of the event queue: the hold model, radix heap beside the binary-heap reference in one run.
//!
//! Hold model: with N events pending, take one and schedule it again after an exponential delay of mean
//! one second. The floor is the same draws without any queue, so that the queue's own cost is the difference.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use depin_sim::engine::{
    Cursor, EntityKey, EventQueue, HeapQueue, Purpose, RadixQueue, Seed, Simulation, Span, Streams, Tie,
    Time, draw,
};

/// Holds per measured iteration.
const HOLDS: u64 = 100_000;

fn delays() -> Cursor {
    let streams = Streams::new(Seed::default());
    streams.stream(Purpose::new("bench.hold"), EntityKey(0)).cursor(0)
}

fn delay(cursor: &mut Cursor) -> Span {
    Span::from_secs(draw::exponential(1.0, cursor.uniform()))
}

/// A queue of `pending` events that has been held long enough to forget how it was filled.
fn warm<Q: EventQueue<u64> + Default>(pending: u64, cursor: &mut Cursor) -> Q {
    let mut queue = Q::default();
    for event in 0..pending {
        queue.push(Time::ZERO + delay(cursor), Tie::new(0, event), event);
    }
    hold(&mut queue, cursor, 2 * pending);
    queue
}

fn hold<Q: EventQueue<u64>>(queue: &mut Q, cursor: &mut Cursor, holds: u64) -> u64 {
    let mut checksum = 0;
    for _ in 0..holds {
        let (key, event) = queue.pop().expect("the number pending is constant");
        checksum ^= key.time.0.rotate_left(event as u32);
        queue.push(key.time + delay(cursor), key.tie, event);
    }
    checksum
}

fn queues(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("hold");
    group.throughput(Throughput::Elements(HOLDS));
    group.sample_size(20);
    let mut cursor = delays();
    group.bench_function("floor", |bencher| {
        bencher.iter(|| (0..HOLDS).fold(0, |sum, _| sum ^ black_box(delay(&mut cursor)).0));
    });
    for pending in [1_000, 100_000, 1_000_000] {
        let mut radix: RadixQueue<u64> = warm(pending, &mut cursor);
        group.bench_function(BenchmarkId::new("radix", pending), |bencher| {
            bencher.iter(|| hold(&mut radix, &mut cursor, HOLDS));
        });
        drop(radix);
        let mut heap: HeapQueue<u64> = warm(pending, &mut cursor);
        group.bench_function(BenchmarkId::new("binary heap", pending), |bencher| {
            bencher.iter(|| hold(&mut heap, &mut cursor, HOLDS));
        });
        drop(heap);
        let mut simulation = Simulation::new();
        for entity in 0..pending {
            simulation.after(delay(&mut cursor), 0, entity, entity);
        }
        group.bench_function(BenchmarkId::new("simulation", pending), |bencher| {
            bencher.iter(|| {
                for _ in 0..HOLDS {
                    let (_, entity) = simulation.next(Time::MAX).expect("as above");
                    simulation.after(delay(&mut cursor), 0, entity, entity);
                }
            });
        });
    }
    group.finish();
}

criterion_group!(benches, queues);
criterion_main!(benches);
