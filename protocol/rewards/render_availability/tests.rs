//! Render's availability rewards against RNP-013, RNP-015 and an independent program.

use super::*;
use crate::ids::{AccountId, ModelId};
use crate::registry::{Model, flag};
use crate::rewards::{Columns, Leftover, Row};
use crate::units::{ONE, Span, TOKEN, Time};

fn model(memory_mb: u32, gflops: u32) -> Model {
    Model { name: String::new(), memory_mb, gflops, multiplier: ONE }
}

/// An RTX 3060 and an RTX 4090 by memory and throughput.
fn models() -> Vec<Model> {
    vec![model(12_000, 25_500), model(24_000, 165_200)]
}

fn idle(account: u32, model: u16) -> Row {
    Row { up_ns: Span::HOUR.0, account: AccountId(account), model: ModelId(model), ..Row::default() }
}

/// What RNP-015 gives each of these for the hour up to `now`, in micro-points.
fn nodes(rows: Vec<Row>, now: Time) -> Vec<u64> {
    Columns { now, ..Columns::new(rows, models()) }.weigh(&mut Nodes::new(NodesSpec::default()))
}

/// Below by less than a millionth for each of four terms.
fn assert_just_below<const N: usize>(weights: &[u64], points: [f64; N]) {
    assert_eq!(weights.len(), N);
    for (&weight, points) in weights.iter().zip(points) {
        let short = points * 1e6 - weight as f64;
        assert!((0.0..4.0).contains(&short), "{weight} for {points}");
    }
}

fn on_day(n: u64) -> Time {
    Time::ZERO + Span::DAY.times(n)
}

#[test]
fn the_fourth_node_of_a_wallet_gets_what_the_page_computes() {
    for x in 1..=3 {
        assert_eq!(node_decay(x, 3, 0.65).to_bits(), 1f64.to_bits());
    }
    // `render_rnp015_node_decay`, and the next ones by an independent program.
    for (x, expected) in [(4, "0.5220457768"), (5, "0.2725317930"), (6, "0.1422740716"), (10, "0.0105672044")]
    {
        assert_eq!(format!("{:.10}", node_decay(x, 3, 0.65)), expected, "node {x}");
    }
}

#[test]
fn equal_nodes_are_at_every_mean_and_score_seven_for_an_idle_hour() {
    assert_eq!(nodes(vec![idle(0, 1), idle(1, 1)], on_day(30)), [7_000_000; 2]);
    // Half of the hour hired: half of it idle.
    let half = Row { hired_ns: Span::HOUR.0 / 2, ..idle(0, 1) };
    assert_eq!(nodes(vec![half, idle(1, 1)], on_day(30)), [3_500_000, 7_000_000]);
}

/// Python: OB 204 and 1321.6, mean 762.8; 12 and 24 GB, mean 18; 10 and 100 days, mean 55.
#[test]
fn a_small_young_node_beside_a_large_old_one_is_scored_by_logarithms() {
    let young = Row { registered: on_day(90), ..idle(0, 0) };
    assert_just_below(&nodes(vec![young, idle(1, 1)], on_day(100)), [5.557601603083322, 7.696206038817846]);
}

#[test]
fn a_farm_in_one_wallet_is_paid_like_four_nodes_and_one_in_many_wallets_in_full() {
    let farm: u64 = nodes(vec![idle(0, 1); 100], on_day(9)).iter().sum();
    // 3 + Σ exp(-0.65 k) = 4.0922469 nodes of seven points.
    assert!((28_645_700..28_645_800).contains(&farm), "{farm}");
    let wallets = (0..100).map(|account| idle(account, 1)).collect();
    assert_eq!(nodes(wallets, on_day(9)).iter().sum::<u64>(), 700_000_000);
}

#[test]
fn the_order_of_listing_says_which_nodes_decay_and_idle_time_is_not_spent_on_those_that_are_down() {
    let mut rows = vec![idle(0, 1); 5];
    rows[1].up_ns = 0;
    rows[2].flags = flag::BANNED;
    let weights = nodes(rows.clone(), on_day(9));
    assert_eq!(weights, [7_000_000, 0, 0, 7_000_000, 7_000_000]);
    rows.push(idle(0, 0));
    let last = nodes(rows.clone(), on_day(9));
    rows.rotate_right(1);
    let first = nodes(rows, on_day(9));
    assert!(first[0] > last[5] * 19 / 10 && first[5] < last[4] * 6 / 10, "{last:?} {first:?}");
}

#[test]
fn eight_cards_are_one_node_whose_performance_adds_up() {
    // Python: OB 1632 and 204, mean 918; the rest is equal.
    let eight = Row { cards: 8, ..idle(0, 0) };
    assert_just_below(&nodes(vec![eight, idle(1, 0)], on_day(9)), [7.253011212645914, 6.33859548002342]);
}

#[test]
fn an_epoch_without_idle_nodes_weighs_nothing_and_the_smallest_network_is_sound() {
    assert_eq!(nodes(vec![Row::default()], on_day(9)), [0]);
    assert_eq!(nodes(vec![idle(0, 0)], Time(1)), [7_000_000]);
    let hired = Row { hired_ns: Span::HOUR.0, ..idle(0, 0) };
    assert_eq!(nodes(vec![hired], on_day(9)), [0]);
}

#[test]
fn extravagant_claims_saturate() {
    let spec =
        NodesSpec { performance_weight_ppm: u32::MAX, memory_weight_ppm: u32::MAX, ..NodesSpec::default() };
    let epoch = Span(u64::MAX);
    let row = Row { up_ns: u64::MAX, cards: u16::MAX, ..idle(0, 1) };
    let columns = Columns { epoch, now: Time(u64::MAX), ..Columns::new(vec![row], models()) };
    let weight = columns.weigh(&mut Nodes::new(spec))[0];
    // 2^64 ns are 5,124,095.576 hours; 2 × 4294.967295 + 1 points for each, less a few micro-points of roundings.
    assert!(weight > 44_020_769_000_000_000 && weight < 44_020_770_000_000_000, "{weight}");
    let slow = NodesSpec { decay_ppm: 0, full_nodes: 0, ..NodesSpec::default() };
    let farm = Columns::new(vec![idle(0, 1); 100], models()).weigh(&mut Nodes::new(slow));
    assert_eq!(farm, [7_000_000; 100]);
}

fn at_hour(n: u64, up_ns: u64) -> Columns {
    let rows = vec![Row { up_ns, tier: 2, ..idle(0, 1) }, Row { tier: 2, ..idle(1, 1) }];
    Columns { now: Time::ZERO + Span::HOUR.times(n), ..Columns::new(rows, models()) }
}

#[test]
fn a_node_of_a_compute_client_earns_while_it_was_up_for_more_than_half_of_the_month() {
    let mut rule = ComputeClients::new(ComputeClientsSpec::default());
    let paid = |rule: &mut ComputeClients, hour, up_ns| at_hour(hour, up_ns).weigh(rule)[0] > 0;
    assert!(paid(&mut rule, 1, Span::HOUR.0));
    assert!(paid(&mut rule, 2, 1), "one hour and an instant of two");
    assert!(!paid(&mut rule, 3, 1), "and of three");
    assert!(paid(&mut rule, 4, Span::HOUR.0));
    // The next month begins at hour 720.
    assert!(!paid(&mut rule, 721, Span::HOUR.0 / 2 - 1));
    assert!(!paid(&mut rule, 722, Span::HOUR.0 / 2 + 1), "exactly half");
    assert!(paid(&mut rule, 723, Span::HOUR.0 / 2 + 1));
}

/// RNP-006: 0.25 × 0.1 + 0.35 × 0.4 + 0.20 × 1 + 0.20 × 1 without work.
#[test]
fn its_score_is_that_of_rnp_006_and_a_payment_ends_at_ten_tokens() {
    let mut rule = ComputeClients::new(ComputeClientsSpec::default());
    assert_eq!(at_hour(1, Span::HOUR.0).weigh(&mut rule), [565_000; 2]);
    let limits = rule.limits();
    assert_eq!((limits.per_device, limits.per_account), (Some(10 * TOKEN), None));
    assert_eq!(limits.leftover, Leftover::Retain);
}
