//! An epoch's close under every reward rule that a scenario may name: a million devices weighed, their weights added up
//! over 100,000 accounts, and a pool split among those. Aim: under 20 ms for the linear rules, on one core.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use depin_protocol::billing::TokenRate;
use depin_protocol::ids::{AccountId, ModelId};
use depin_protocol::registry::flag;
use depin_protocol::rewards::{Columns, Row, split};
use depin_protocol::units::{Amount, Span, TOKEN, Time};
use depin_sim::scenario::Scenario;
use depin_sim::scenario::rules::rewards;
use std::hint::black_box;
use std::path::Path;

const DEVICES: u32 = 1_000_000;
const ACCOUNTS: u32 = 100_000;

/// The flagship under the rule of one line of `list rules`.
fn scenario(line: &str) -> Scenario {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/ionet-ignition.toml");
    let rule = line.strip_prefix("protocol.rewards.").expect("it is a reward rule");
    let rule = match rule.split_once('.') {
        Some((rule, form)) => format!("protocol.rewards.{rule}={{ {form} = {{}} }}"),
        None if rule == "formula" => format!("{line}={{ weight = \"up_hours * cards * multiplier\" }}"),
        None => format!("{line}={{}}"),
    };
    let staking = "protocol.staking={ stake_usd = 100 }".to_owned();
    Scenario::load(Path::new(path), &[rule, staking]).unwrap_or_else(|report| panic!("{report}"))
}

/// A fleet in which one device in ten is hired and one in fifty is set aside.
fn fleet(scenario: &Scenario) -> Columns {
    let hour = Span::HOUR.0;
    let row = |i: u32| {
        let mixed = i.wrapping_mul(2_654_435_761);
        let hired_ns = if mixed.is_multiple_of(10) { hour / 2 } else { 0 };
        Row {
            up_ns: hour - u64::from(mixed % 1_000) * 1_000_000,
            hired_ns,
            streak_ns: u64::from(mixed % 100) * hour,
            earned: hired_ns / 10_000_000,
            passed: (mixed % 3) as u16,
            failed: u16::from(mixed.is_multiple_of(97)),
            registered: Time::ZERO,
            cards: 1 + (mixed % 8) as u16,
            tier: (mixed % 5) as u8,
            model: ModelId((mixed as usize % scenario.hardware.len()) as u16),
            flags: if mixed.is_multiple_of(50) { flag::QUARANTINED } else { flag::DEPLOYABLE_SET },
            reputation: mixed % 1_000_000,
            account: AccountId(i / (DEVICES / ACCOUNTS)),
        }
    };
    let models = scenario.rules.build(&scenario.hardware).models;
    let mut columns = Columns::new((0..DEVICES).map(row).collect(), models);
    columns.stake = (0..ACCOUNTS).map(|account| Amount::from(account) * TOKEN).collect();
    columns.price = TokenRate::new(4_000_000);
    columns
}

fn close(c: &mut Criterion) {
    let columns = fleet(&scenario("protocol.rewards.ignition_points.multiplicative"));
    let mut group = c.benchmark_group("close an epoch over 1M devices");
    group.sample_size(10);
    group.throughput(Throughput::Elements(u64::from(DEVICES)));
    let mut weights = vec![0; DEVICES as usize];
    let mut sums = vec![0u128; ACCOUNTS as usize];
    let mut shares: Vec<Amount> = Vec::new();
    columns.with(|record| {
        for line in rewards::all().iter().flat_map(|entry| entry.lines) {
            let mut rule = scenario(line.name).rules.reward().make();
            group.bench_function(line.name.trim_start_matches("protocol.rewards."), |b| {
                b.iter(|| {
                    rule.weigh(record, &mut weights);
                    sums.fill(0);
                    for (account, &weight) in record.account.iter().zip(&weights) {
                        sums[account.at()] += u128::from(weight);
                    }
                    black_box(split(32_000_000 * TOKEN, &sums, &mut shares))
                });
            });
        }
    });
    group.finish();
}

criterion_group!(benches, close);
criterion_main!(benches);
