//! Power, hire, and a baseline that is met or missed.

use super::*;
use crate::ids::{AccountId, ModelId};
use crate::registry::Model;
use crate::rewards::{Columns, Row};
use crate::units::{TOKEN, Time};

/// Half a TFLOPS, and a hundred.
fn models() -> Vec<Model> {
    [500, 100_000].map(|gflops| Model { name: String::new(), memory_mb: 0, gflops, multiplier: ONE }).to_vec()
}

fn verified(model: u16, cards: u16) -> Row {
    Row { up_ns: Span::HOUR.0, flags: flag::VERIFIED, cards, model: ModelId(model), ..Row::default() }
}

fn rule(baseline_tflops: u64) -> Box<dyn RewardRule> {
    BaselinePowerSpec { baseline_tflops, ..BaselinePowerSpec::default() }.build()
}

fn hour(rows: Vec<Row>, rule: &mut dyn RewardRule) -> Vec<u64> {
    Columns::new(rows, models()).weigh(rule)
}

fn taken(rule: &dyn RewardRule) -> Amount {
    rule.draw(&Offer { tokens: 1_000 * TOKEN, points: 1, price: None }).pay
}

#[test]
fn power_is_cards_times_throughput_and_counts_ten_times_while_hired() {
    let hired = Row { hired_ns: Span::HOUR.0 / 2, ..verified(1, 1) };
    let rows = vec![verified(0, 1), verified(1, 8), hired];
    assert_eq!(hour(rows, rule(1).as_mut()), [500_000, 800_000_000, 550_000_000]);
}

#[test]
fn what_is_not_verified_or_not_staked_has_no_power() {
    let rows =
        [flag::ONLINE, flag::VERIFIED | flag::UNSTAKED, flag::VERIFIED | flag::QUARANTINED, flag::VERIFIED]
            .map(|flags| Row { flags, ..verified(0, 1) });
    assert_eq!(hour(rows.to_vec(), rule(1).as_mut()), [0, 0, 0, 500_000]);
}

#[test]
fn a_network_at_half_of_its_baseline_takes_three_tenths_and_half_of_the_rest() {
    let mut rule = rule(200);
    assert_eq!(taken(rule.as_ref()), 300 * TOKEN, "before any epoch");
    hour(vec![verified(1, 1)], rule.as_mut());
    assert_eq!(taken(rule.as_ref()), 650 * TOKEN);
}

#[test]
fn hired_time_is_paid_ten_times_and_meets_no_more_of_the_baseline() {
    let mut rule = rule(200);
    hour(vec![Row { hired_ns: Span::HOUR.0, ..verified(1, 1) }], rule.as_mut());
    assert_eq!(taken(rule.as_ref()), 650 * TOKEN);
}

#[test]
fn power_beyond_the_baseline_of_one_epoch_does_not_make_up_for_another() {
    let mut rule = rule(100);
    hour(vec![verified(1, 50)], rule.as_mut());
    assert_eq!(taken(rule.as_ref()), 1_000 * TOKEN);
    hour(vec![], rule.as_mut());
    assert_eq!(taken(rule.as_ref()), 650 * TOKEN);
}

#[test]
fn the_baseline_doubles_in_a_year() {
    let mut rule = rule(100);
    let now = Time(YEAR.0 + Span::HOUR.0);
    Columns { now, ..Columns::new(vec![verified(1, 1)], models()) }.weigh(rule.as_mut());
    assert_eq!(taken(rule.as_ref()), 650 * TOKEN);
}

#[test]
fn a_newcomer_below_the_baseline_adds_to_what_is_shared_and_above_it_only_takes() {
    let paid = |others: u16, newcomer: bool| {
        let mut rule = rule(1_000);
        let mut rows = vec![verified(1, others)];
        rows.extend(newcomer.then_some(Row { account: AccountId(1), ..verified(1, 1) }));
        let weights = hour(rows, rule.as_mut());
        let all: u64 = weights.iter().sum();
        taken(rule.as_ref()) * Amount::from(weights[0]) / Amount::from(all)
    };
    // 0.3 + 0.7 × 0.2 of the offer, of which a half; against 0.3 + 0.7 × 0.1, alone.
    assert_eq!((paid(1, false), paid(1, true)), (370 * TOKEN, 220 * TOKEN));
    // At the baseline ten cards have all, and ten elevenths with an eleventh.
    assert_eq!((paid(10, false), paid(10, true)), (1_000 * TOKEN, 1_000 * TOKEN * 10 / 11));
}

#[test]
fn extravagant_numbers_saturate() {
    let spec = BaselinePowerSpec {
        baseline_tflops: u64::MAX,
        growth_ppm: u32::MAX,
        hired_quality_ppm: u32::MAX,
        simple_share_ppm: u32::MAX,
    };
    let mut rule = spec.build();
    let row = Row { up_ns: u64::MAX, hired_ns: u64::MAX, cards: u16::MAX, ..verified(1, 1) };
    let columns = Columns { epoch: Span(u64::MAX), now: Time(u64::MAX), ..Columns::new(vec![row], models()) };
    assert_eq!(columns.weigh(rule.as_mut()), [u64::MAX]);
    assert_eq!(taken(rule.as_ref()), 1_000 * TOKEN);
}
