//! What a formula of the scenario file costs beside the same rule in Rust: ten variables, an exponential, a minimum and
//! divisions over 4,096 rows. `rust` is a closure over the same columns; `columns` runs the program over blocks of rows;
//! `rows` one row at a time. All three give the same bits, which is asserted first.
//!
//! Measured on two shared cores of a virtual machine, two runs: `rust` 53 and 51 us, `columns` 48 and 49 (0.92 and 0.96
//! times as long), `rows` 203 and 193 (3.9 and 3.8 times).

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use depin_protocol::formula::{Formula, Stack};
use depin_sim::engine::{EntityKey, Purpose, Seed, Streams};
use std::hint::black_box;

const ROWS: usize = 4_096;

const NAMES: [&str; 10] = [
    "uptime",
    "bandwidth",
    "mean_bandwidth",
    "cap",
    "multiplier",
    "hired",
    "half",
    "reputation",
    "stake",
    "total_stake",
];

const TEXT: &str = "uptime * min(bandwidth / mean_bandwidth, cap) * multiplier * (1 - exp(-hired / half))
    + reputation * stake / total_stake";

fn rust(
    &[uptime, bandwidth, mean_bandwidth, cap, multiplier, hired, half, reputation, stake, total]: &[f64; 10],
) -> f64 {
    uptime * libm::fminimum(bandwidth / mean_bandwidth, cap) * multiplier * (1.0 - libm::exp(-hired / half))
        + reputation * stake / total
}

fn formula(criterion: &mut Criterion) {
    let streams = Streams::new(Seed::default());
    let mut cursor = streams.stream(Purpose::new("bench.formula"), EntityKey(0)).cursor(0);
    let mut column = || -> Vec<f64> { (0..ROWS).map(|_| 0.1 + cursor.uniform()).collect() };
    let columns: [Vec<f64>; 10] = std::array::from_fn(|_| column());
    let columns: [&[f64]; 10] = std::array::from_fn(|slot| columns[slot].as_slice());
    let row = |at: usize| -> [f64; 10] { std::array::from_fn(|slot| columns[slot][at]) };
    let rows: Vec<[f64; 10]> = (0..ROWS).map(row).collect();

    let formula = Formula::compile(TEXT, &NAMES).expect("the formula is sound");
    let mut stack = Stack::default();
    let mut results = vec![0.0; ROWS];
    formula.evaluate_columns(&columns, &mut results, &mut stack);
    for (row, result) in rows.iter().zip(&results) {
        assert_eq!(result.to_bits(), rust(row).to_bits());
        assert_eq!(result.to_bits(), formula.evaluate(row, &mut stack).to_bits());
    }

    let mut group = criterion.benchmark_group("formula");
    group.throughput(Throughput::Elements(ROWS as u64));
    group.bench_function("rust", |bencher| {
        bencher.iter(|| {
            for (at, result) in results.iter_mut().enumerate() {
                *result = rust(&std::array::from_fn(|slot| columns[slot][at]));
            }
            black_box(&results);
        });
    });
    group.bench_function("columns", |bencher| {
        bencher.iter(|| {
            formula.evaluate_columns(black_box(&columns), &mut results, &mut stack);
            black_box(&results);
        });
    });
    group.bench_function("rows", |bencher| {
        bencher.iter(|| {
            for (row, result) in rows.iter().zip(&mut results) {
                *result = formula.evaluate(black_box(row), &mut stack);
            }
            black_box(&results);
        });
    });
    group.finish();
}

criterion_group!(benches, formula);
criterion_main!(benches);
