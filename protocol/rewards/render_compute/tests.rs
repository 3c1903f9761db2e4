//! The worked examples of RNP-019, in both readings, and what they leave out.

use super::*;
use crate::ids::ModelId;
use crate::registry::{Model, flag};
use crate::rewards::{Columns, Row};
use std::path::Path;

fn models() -> Vec<Model> {
    [
        ("RTX 4090", 24_000, 165_200),
        ("rtx_5090", 32_000, 209_500),
        ("unknown", 8_000, 82_600),
        ("tiny", 4_000, 1),
    ]
    .map(|(name, memory_mb, gflops)| Model { name: name.into(), memory_mb, gflops, multiplier: ONE })
    .to_vec()
}

/// A node that worked for 100 hours of a week and was down for the rest, so that nothing but work is to be told apart
/// from what its uptime earns.
fn worked(model: u16, tier: u8) -> Row {
    let hours = Span::HOUR.times(100).0;
    Row { up_ns: hours, hired_ns: hours, model: ModelId(model), tier, ..Row::default() }
}

/// Tokens in hundredths, as printed, that a week's node is paid for work alone.
fn paid(spec: ComputeSpec, row: Row) -> u64 {
    let mut rule = ComputeSpec { uptime_week: 0, ..spec }.build();
    let columns = Columns { epoch: Span::WEEK, ..Columns::new(vec![row], models()) };
    let points = columns.weigh(rule.as_mut())[0].into();
    let draw = rule.draw(&Offer { tokens: 1_000 * TOKEN, points, price: None });
    assert_eq!(draw.burn, 0);
    let hundredth = TOKEN / 100;
    ((draw.pay + hundredth / 2) / hundredth) as u64
}

/// The printed reward of an example of RNP-019 in the shared table.
fn published(id: &str) -> Option<u64> {
    let table =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/expected/reward_worked_examples.csv");
    let Ok(text) = std::fs::read_to_string(table) else {
        println!("skipped: the shared table is not here");
        return None;
    };
    let line = text.lines().find(|line| line.starts_with(&format!("{id},"))).expect("the row is there");
    let tokens = line.rsplit(',').nth(3).expect("the third of six columns").parse::<f64>().expect("a number");
    Some((tokens * 100.0 + 0.5) as u64)
}

/// The upgraded setup of example 2: what the record does not show is said by the specification.
fn upgraded(compound: Compound) -> ComputeSpec {
    ComputeSpec { compound, unseen_ppm: [1_120_000, 1_280_000, 1_500_000], ..ComputeSpec::default() }
}

/// The lower setup of example 3.
fn lower(compound: Compound) -> ComputeSpec {
    ComputeSpec { compound, unseen_ppm: [680_000, 660_000, ONE], ..ComputeSpec::default() }
}

#[test]
fn the_printed_reading_gives_the_three_printed_examples() {
    let printed = Compound::Printed;
    let examples = [
        paid(ComputeSpec::default(), worked(0, 2)),
        paid(upgraded(printed), worked(1, 4)),
        paid(lower(printed), worked(0, 1)),
    ];
    assert_eq!(examples, [595, 1_077, 476]);
    for (id, expected) in [("render_rnp019_example1", 595), ("render_rnp019_example2", 1_077)] {
        assert!(published(id).is_none_or(|tokens| tokens == expected), "{id}");
    }
}

/// By hand: 10 × 0.97 × 100 ÷ 168 = 5.7738, 10 × 1.8098 × 100 ÷ 168 = 10.7726, 10 × 0.8047 × 100 ÷ 168 = 4.7899.
#[test]
fn the_sum_as_it_stands_gives_the_second_example_alone() {
    let spec = ComputeSpec { compound: Compound::Sum, ..ComputeSpec::default() };
    assert_eq!(paid(spec, worked(0, 2)), 577);
    assert_eq!(paid(upgraded(Compound::Sum), worked(1, 4)), 1_077);
    assert_eq!(paid(lower(Compound::Sum), worked(0, 1)), 479);
}

#[test]
fn compound_multipliers_are_those_of_the_appendix() {
    let upgraded = [1_700_000, 1_330_000, 4 * ONE, 1_120_000, 1_280_000, 1_500_000];
    let lower = [ONE, ONE, 250_000, 680_000, 660_000, ONE];
    assert_eq!([[ONE; 6], upgraded, lower].map(|p| Compound::Sum.of(p)), [970_000, 1_809_800, 804_700]);
    assert_eq!([[ONE; 6], upgraded, lower].map(|p| Compound::Printed.of(p)), [ONE, 1_810_000, 800_000]);
    // A part below the baseline, and the floor is gone.
    assert_eq!(Compound::Printed.of([ONE, ONE, ONE, ONE, ONE, 990_000]), 970_000);
}

#[test]
fn a_model_scores_by_its_name_else_by_throughput_and_memory_by_its_size() {
    let scores = models().iter().map(scores::gpu).collect::<Vec<_>>();
    assert_eq!(scores, [ONE, 1_700_000, 500_000, 0]);
    let memory = models().iter().map(scores::vram).collect::<Vec<_>>();
    assert_eq!(memory, [ONE, 1_330_000, 330_000, 0]);
}

#[test]
fn an_idle_node_of_eight_cards_is_paid_two_tokens_a_week_and_half_of_it_for_half_the_week() {
    let row = |up: Span| Row { up_ns: up.0, cards: 8, tier: 1, ..Row::default() };
    let rows = vec![row(Span::WEEK), row(Span(Span::WEEK.0 / 2)), Row { tier: 0, ..row(Span::WEEK) }];
    let columns = Columns { epoch: Span::WEEK, ..Columns::new(rows, models()) };
    assert_eq!(columns.weigh(ComputeSpec::default().build().as_mut()), [2_000_000, 1_000_000, 0]);
}

#[test]
fn eight_cards_work_eight_times_and_are_up_once_and_a_banned_node_not_at_all() {
    let eight = Row { cards: 8, ..worked(0, 2) };
    let banned = Row { flags: flag::BANNED, ..eight };
    let columns = Columns { epoch: Span::WEEK, ..Columns::new(vec![worked(0, 2), eight, banned], models()) };
    // (2 + 10) × 100 ÷ 168 and (2 + 80) × 100 ÷ 168 tokens.
    assert_eq!(columns.weigh(ComputeSpec::default().build().as_mut()), [7_142_857, 48_809_523, 0]);
}

#[test]
fn the_rule_takes_what_it_owes_and_no_more_than_is_there() {
    let points = 3_000_000;
    let pay = |spec: ComputeSpec, tokens| spec.build().draw(&Offer { tokens, points, price: None }).pay;
    assert_eq!(pay(ComputeSpec::default(), 100 * TOKEN), 3 * TOKEN);
    assert_eq!(pay(ComputeSpec::default(), TOKEN), TOKEN);
    assert_eq!(pay(ComputeSpec { raise_ppm: 3 * ONE, ..ComputeSpec::default() }, 100 * TOKEN), 9 * TOKEN);
    let endless = Offer { tokens: 5, points: u128::MAX, price: None };
    assert_eq!(ComputeSpec::default().build().draw(&endless).pay, 5);
}

#[test]
fn extravagant_numbers_saturate_and_both_widths_agree_where_both_can() {
    let row = Row { cards: u16::MAX, up_ns: Span::WEEK.0, hired_ns: Span::WEEK.0, tier: 2, ..Row::default() };
    let columns = Columns { epoch: Span::WEEK, ..Columns::new(vec![row], models()) };
    // 2 + 655,350 tokens: beyond 64 bits on the way.
    assert_eq!(columns.weigh(ComputeSpec::default().build().as_mut()), [655_352_000_000]);
    let spec = ComputeSpec { work_week: u64::MAX, uptime_week: u64::MAX, ..ComputeSpec::default() };
    assert_eq!(columns.weigh(spec.build().as_mut()), [u64::MAX]);
}
