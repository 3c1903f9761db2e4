//! Blocks by hand: who is nominated, what the published example scores, and what two pools do.

use super::*;
use crate::ids::{AccountId, ModelId};
use crate::rewards::{Columns, Row, split};
use crate::units::{POINT, Time};

/// Models by name; what is in no published table counts as one.
const NAMES: [&str; 6] =
    ["a card of its own", "rtx_3090", "h100_sxm", "apple_m2_pro", "apple_m3", "rtx_4090"];
const PLAIN: u16 = 0;
const RTX_3090: u16 = 1;
const H100: u16 = 2;
const M2_PRO: u16 = 3;
const M3: u16 = 4;
const RTX_4090: u16 = 5;

fn models() -> Vec<Model> {
    NAMES.map(|name| Model { name: name.into(), memory_mb: 0, gflops: 0, multiplier: ONE }).to_vec()
}

/// One card that has been up for six hours, verified, at the lowest tier, and was never hired.
fn up(model: u16) -> Row {
    Row {
        up_ns: Span::HOUR.0,
        streak_ns: Span::HOUR.times(6).0,
        passed: 1,
        model: ModelId(model),
        flags: flag::DEPLOYABLE_SET,
        ..Row::default()
    }
}

fn weigh_epoch(spec: BlockRewardSpec, epoch: Span, rows: &[Row]) -> Vec<u64> {
    let columns = Columns::new(rows.to_vec(), models());
    Columns { epoch, now: Time(epoch.0), ..columns }.weigh(spec.build().as_mut())
}

fn weigh(rows: &[Row]) -> Vec<u64> {
    weigh_epoch(BlockRewardSpec::default(), Span::HOUR, rows)
}

fn weigh_later(rows: &[Row]) -> Vec<u64> {
    let reading = Reading::After202506;
    weigh_epoch(BlockRewardSpec { reading, ..BlockRewardSpec::default() }, Span::HOUR, rows)
}

/// In thousandths of a point.
fn milli(weights: &[u64]) -> Vec<u64> {
    weights.iter().map(|weight| weight / 1_000).collect()
}

#[test]
fn the_published_example_scores_8150() {
    let four_cards = Row { cards: 4, tier: 4, ..up(PLAIN) };
    assert_eq!(weigh(&[four_cards]), [8_150 * POINT as u64]);
}

#[test]
fn the_published_share_is_what_its_numbers_give_and_not_what_is_printed() {
    // "8150 / 115M x 8M" is printed as 569; 566.9565... is what it is.
    let mut shares = Vec::new();
    let _ = split(8_000_000_000_000, &[8_150u64, 115_000_000 - 8_150], &mut shares);
    assert_eq!(shares[0], 566_956_522);
}

#[test]
fn hardware_dominates_and_being_hired_is_half_a_point() {
    let hired = Row { hired_ns: 1, ..up(H100) };
    let well_connected = Row { tier: 4, ..up(H100) };
    // 130 lost, 5 for each tier, 2000 x 10.
    let expected = [20_135_000, 20_135_500, 20_150_000];
    assert_eq!(milli(&weigh(&[up(H100), hired, well_connected])), expected);
}

#[test]
fn a_newcomer_earns_nothing_for_five_hours_and_then_as_much_as_anyone() {
    let new = |streak: Span| Row { streak_ns: streak.0, ..up(RTX_3090) };
    let short = Span(Span::HOUR.times(5).0 - 1);
    let weights = weigh(&[new(short), new(Span::HOUR.times(5)), new(Span::DAY), new(Span::ZERO)]);
    assert_eq!(milli(&weights), [0, 1_135_000, 1_135_000, 0]);
}

#[test]
fn who_fails_proof_of_work_loses_the_block_unless_it_is_hired() {
    let failed = Row { passed: 0, failed: 1, ..up(RTX_3090) };
    let hired = Row { hired_ns: Span::MINUTE.0, ..failed };
    let not_asked = Row { passed: 0, ..up(RTX_3090) };
    let believed_by_nobody = Row { flags: flag::CLUSTER_OK | flag::ONLINE, ..up(RTX_3090) };
    let weights = weigh(&[failed, hired, not_asked, believed_by_nobody]);
    assert_eq!(milli(&weights), [0, 1_135_500, 1_135_000, 0]);
}

#[test]
fn without_stake_or_tier_or_standing_nobody_is_nominated() {
    let without = |flags: u16| Row { flags: flag::DEPLOYABLE_SET | flags, ..up(H100) };
    let barred = [flag::UNSTAKED, flag::QUARANTINED, flag::BANNED, flag::WITHDRAWN].map(without);
    assert_eq!(weigh(&barred), [0; 4]);
    assert_eq!(weigh(&[Row { tier: 0, ..up(H100) }]), [0]);
    assert_eq!(weigh(&[Row { flags: flag::VERIFIED, ..up(H100) }]), [0], "no cluster was formed");
}

#[test]
fn one_mac_has_five_percent_against_a_thousand_cards() {
    let mut rows = vec![up(H100); 1_000];
    rows.push(up(M2_PRO));
    let weights = weigh(&rows);
    let cards: u128 = weights[..1_000].iter().map(|weight| u128::from(*weight)).sum();
    let all = cards + u128::from(weights[1_000]);
    // 1000 x 20,135 and 1,635 points, split 95 to 5 to one micro-point for each device.
    assert!((20_136_635 * POINT.unsigned_abs() - 1_001..=20_136_635 * POINT.unsigned_abs()).contains(&all));
    let five_percent = all / 20;
    assert!(five_percent.abs_diff(weights[1_000].into()) < 1_001, "{} of {all}", weights[1_000]);
}

#[test]
fn a_pool_without_anyone_leaves_its_part_to_the_other() {
    assert_eq!(milli(&weigh(&[up(H100), up(RTX_3090)])), [20_135_000, 1_135_000]);
    assert_eq!(milli(&weigh(&[up(M2_PRO), up(M3)])), [1_635_000, 1_135_000]);
    assert_eq!(weigh(&[]), [0u64; 0]);
}

#[test]
fn in_june_2025_home_cards_gain_points_and_lose_their_pool_to_the_data_centre() {
    let cards = [up(RTX_3090), up(H100)];
    assert_eq!(milli(&weigh(&cards)), [1_135_000, 20_135_000]);
    // 3,635 and 20,135 points are 23,770, of which the home card is now the whole of five percent.
    assert_eq!(milli(&weigh_later(&cards)), [1_188_500, 22_581_500]);
    // The consumer card of the enterprise pool shares with the data centre.
    assert_eq!(milli(&weigh_later(&[up(RTX_4090), up(H100)])), [2_635_000, 20_135_000]);
}

#[test]
fn a_dropped_processor_earns_nothing_and_weighs_on_nobody() {
    assert_eq!(milli(&weigh_later(&[up(M2_PRO), up(M3)])), [0, 2_135_000]);
}

#[test]
fn a_whale_of_eight_cards_has_less_than_eight_workers_of_one() {
    let eight = Row { cards: 8, ..up(H100) };
    assert_eq!(milli(&weigh(&[eight])), [160_135_000]);
    let apart: u64 = milli(&weigh(&[up(H100); 8])).iter().sum();
    assert_eq!(apart, 161_080_000, "the lost term and the tier eight times");
}

#[test]
fn a_farm_of_slices_that_is_believed_takes_its_claimed_share() {
    let slices = vec![Row { account: AccountId(1), ..up(RTX_3090) }; 20];
    let honest = vec![up(RTX_3090); 20];
    let weights = weigh(&[honest, slices].concat());
    assert_eq!(weights[..20], weights[20..]);
}

#[test]
fn a_day_counts_as_the_blocks_for_which_a_device_was_nominated() {
    let since = |hours| Row { streak_ns: Span::HOUR.times(hours).0 + Span::MINUTE.0, ..up(RTX_3090) };
    let rows = [4, 5, 10, 28, 300].map(since);
    let weights = weigh_epoch(BlockRewardSpec::default(), Span::DAY, &rows);
    let blocks: Vec<u64> = milli(&weights).iter().map(|points| points / 1_135_000).collect();
    assert_eq!(blocks, [0, 1, 6, 24, 24]);
}

#[test]
fn part_of_an_hour_counts_as_such() {
    let half = weigh_epoch(BlockRewardSpec::default(), Span::MINUTE.times(30), &[up(RTX_3090)]);
    assert_eq!(milli(&half), [567_500]);
}

#[test]
fn absurd_numbers_saturate() {
    let spec = BlockRewardSpec { lost_term_ppm: u32::MAX, nominated_after: Span::ZERO, ..Default::default() };
    let huge = Model { name: "huge".into(), memory_mb: 0, gflops: 0, multiplier: u32::MAX };
    let row = Row { cards: u16::MAX, streak_ns: u64::MAX, tier: 255, ..up(0) };
    let columns = Columns::new(vec![row; 3], vec![huge]);
    let epoch = Span::HOUR.times(5_000_000);
    assert_eq!(Columns { epoch, ..columns }.weigh(spec.build().as_mut()), [u64::MAX; 3]);
}
