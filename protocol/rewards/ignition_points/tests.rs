//! Both forms by hand, and the economics that their header states.

use super::*;
use crate::registry::{Model, flag};
use crate::rewards::{self, Columns};
use crate::units::{ONE, Span};

/// One row of an epoch's record; a whole epoch up on one card of model 0 at the lowest tier unless changed.
#[derive(Clone, Copy)]
struct Device {
    up: Span,
    hired: Span,
    cards: u16,
    tier: u8,
    model: u16,
    flags: u16,
}

const HONEST: Device = Device { up: Span::HOUR, hired: Span::ZERO, cards: 1, tier: 1, model: 0, flags: 0 };

fn models(multipliers: &[Ppm]) -> Vec<Model> {
    let model = |&multiplier: &Ppm| Model { name: "a card".into(), memory_mb: 0, gflops: 0, multiplier };
    multipliers.iter().map(model).collect()
}

fn weigh_with(rule: &mut dyn RewardRule, epoch: Span, models: &[Model], devices: &[Device]) -> Vec<u64> {
    let row = |d: &Device| rewards::Row {
        up_ns: d.up.0,
        hired_ns: d.hired.0,
        cards: d.cards,
        tier: d.tier,
        model: ModelId(d.model),
        flags: d.flags,
        reputation: 0,
        ..rewards::Row::default()
    };
    let rows = devices.iter().map(row).collect();
    Columns { epoch, ..Columns::new(rows, models.to_vec()) }.weigh(rule)
}

fn forms() -> [Box<dyn RewardRule>; 2] {
    [
        IgnitionSpec::Multiplicative(MultiplicativeSpec::default()).build(),
        IgnitionSpec::Additive(AdditiveSpec::default()).build(),
    ]
}

fn minutes(n: u64) -> Span {
    Span::MINUTE.times(n)
}

#[test]
fn multiplicative_points_are_the_product_by_hand() {
    let mut rule = Multiplicative::new(MultiplicativeSpec::default());
    let table = models(&[ONE, 2_500_000]);
    let devices = [
        HONEST,
        // 0.5 h x 4 cards x 0.6 x 2.5 = 3 points.
        Device { up: minutes(30), cards: 4, tier: 3, model: 1, ..HONEST },
        // Half of the hour hired: 1 h x (1 + 1 x 0.5) x 0.2 = 0.3 points.
        Device { hired: minutes(30), ..HONEST },
        // Hired for all of its half hour: 0.5 h x 2 x 0.2 = 0.2 points, and not for longer than it was up.
        Device { up: minutes(30), hired: minutes(45), ..HONEST },
        // Below the minimum bandwidth, and a tier beyond the highest.
        Device { tier: 0, ..HONEST },
        Device { tier: 9, ..HONEST },
    ];
    let points = weigh_with(&mut rule, Span::HOUR, &table, &devices);
    assert_eq!(points, [200_000, 3_000_000, 300_000, 200_000, 0, 800_000]);
}

#[test]
fn multiplicative_points_do_not_depend_on_the_length_of_the_epoch() {
    let mut rule = Multiplicative::new(MultiplicativeSpec::default());
    let table = models(&[750_000]);
    let hourly = weigh_with(&mut rule, Span::HOUR, &table, &[HONEST])[0];
    let day = Device { up: Span::DAY, ..HONEST };
    assert_eq!(weigh_with(&mut rule, Span::DAY, &table, &[day]), [24 * hourly]);
}

#[test]
fn extravagant_numbers_saturate_instead_of_wrapping() {
    let spec = MultiplicativeSpec { tier_factor_ppm: [u32::MAX; 5], hired_bonus_ppm: u32::MAX };
    let year = Span::DAY.times(365);
    let device = Device { up: year, hired: year, cards: u16::MAX, ..HONEST };
    let table = models(&[u32::MAX]);
    assert_eq!(weigh_with(&mut Multiplicative::new(spec), year, &table, &[device]), [u64::MAX]);
}

#[test]
fn additive_points_are_the_published_worked_node() {
    // RNP-006: A = 0.136 (here 4 % of the best earner), B = 0.4, C = 0.6, D = 0.95 -> S = 0.484.
    let mut rule =
        Additive::new(AdditiveSpec { model_score_ppm: vec![ONE, 600_000], ..AdditiveSpec::default() });
    let node = Device { up: minutes(95), hired: minutes(4), tier: 2, model: 1, ..HONEST };
    // 0.25 x 1 + 0.35 x 0.8 + 0.20 x 1 + 0.20 x 1 = 0.93.
    let best = Device { up: minutes(100), hired: minutes(100), tier: 4, ..HONEST };
    let points = weigh_with(&mut rule, minutes(100), &models(&[ONE, ONE]), &[node, best]);
    assert_eq!(points, [484_000, 930_000]);
}

#[test]
fn additive_points_are_per_card_and_gated_by_being_up() {
    let mut rule = Additive::new(AdditiveSpec::default());
    // Nobody hired: 0.25 x 0.1 + 0.35 x 0.2 + 0.20 x model + 0.20 x uptime.
    let devices = [
        Device { cards: 8, ..HONEST },
        Device { model: 1, up: minutes(15), ..HONEST },
        Device { up: Span::ZERO, hired: Span::HOUR, ..HONEST },
        Device { up: Span(1), tier: 0, ..HONEST },
    ];
    let points = weigh_with(&mut rule, Span::HOUR, &models(&[2 * ONE, ONE]), &devices);
    assert_eq!(points, [8 * 495_000, 245_000, 0, 225_000]);
}

#[test]
fn work_is_measured_against_the_best_earner_only_among_those_who_earn() {
    let mut rule = Additive::new(AdditiveSpec::default());
    let hired = Device { hired: minutes(30), ..HONEST };
    let banned = Device { hired: Span::HOUR, flags: flag::BANNED, ..HONEST };
    let absent = Device { up: Span::ZERO, hired: Span::HOUR, ..HONEST };
    let table = models(&[ONE]);
    let alone = weigh_with(&mut rule, Span::HOUR, &table, &[hired, HONEST]);
    let beside = weigh_with(&mut rule, Span::HOUR, &table, &[hired, HONEST, banned, absent]);
    assert_eq!(alone, [720_000, 495_000]);
    assert_eq!(beside, [720_000, 495_000, 0, 0]);
}

#[test]
fn excluded_devices_weigh_nothing_and_others_all_the_same() {
    let table = models(&[ONE]);
    let with = |flags| Device { flags, ..HONEST };
    for mut rule in forms() {
        let good = weigh_with(&mut *rule, Span::HOUR, &table, &[with(flag::ONLINE | flag::VERIFIED)])[0];
        assert!(good > 0);
        for bad in [flag::QUARANTINED, flag::BANNED, flag::WITHDRAWN, flag::UNSTAKED] {
            let weights = weigh_with(&mut *rule, Span::HOUR, &table, &[with(bad | flag::ONLINE), HONEST]);
            assert_eq!(weights, [0, good], "{}", rule.name());
        }
    }
}

#[test]
fn an_uptime_beyond_the_epoch_earns_no_more_than_the_epoch() {
    let table = models(&[ONE]);
    for mut rule in forms() {
        let long = Device { up: Span::DAY, ..HONEST };
        let weights = weigh_with(&mut *rule, Span::HOUR, &table, &[HONEST, long]);
        assert_eq!(weights[0], weights[1]);
    }
}

#[test]
fn dividing_a_claim_among_workers_gains_nothing_and_claiming_more_cards_does() {
    let table = models(&[750_001]);
    let eight = Device { cards: 8, up: Span(3_599_999_999_999), ..HONEST };
    let one = Device { cards: 1, ..eight };
    for mut rule in forms() {
        let whole = weigh_with(&mut *rule, Span::HOUR, &table, &[eight])[0];
        let parts: u64 = weigh_with(&mut *rule, Span::HOUR, &table, &[one; 8]).iter().sum();
        assert_eq!(whole, parts, "{}: Sybil-neutral for true cards", rule.name());
        let sliced = Device { cards: 8 * 7, ..eight };
        assert_eq!(weigh_with(&mut *rule, Span::HOUR, &table, &[sliced]), [7 * whole]);
    }
}

#[test]
fn down_claiming_a_strong_card_pays_under_sums_and_only_by_number_under_products() {
    // A 4090 (score 1, multiplier 0.75) claimed as 3 or 9 cards of a 3050 (score 0.5, multiplier 0.25): low
    // bandwidth, never hired, always up.
    let table = models(&[750_000, 250_000]);
    let mut additive =
        Additive::new(AdditiveSpec { model_score_ppm: vec![ONE, ONE / 2], ..AdditiveSpec::default() });
    let gain = |rule: &mut dyn RewardRule, cards| {
        let fake = Device { model: 1, cards, ..HONEST };
        let weights = weigh_with(rule, Span::HOUR, &table, &[HONEST, fake]);
        // In thousandths, rounded half up.
        (weights[1] * 2_000 / weights[0]).div_ceil(2)
    };
    assert_eq!((gain(&mut additive, 3), gain(&mut additive, 9)), (2_394, 7_182));
    let mut product = Multiplicative::new(MultiplicativeSpec::default());
    assert_eq!((gain(&mut product, 3), gain(&mut product, 9)), (1_000, 3_000));
}

#[test]
fn the_forms_disagree_about_bandwidth_which_is_why_both_exist() {
    let table = models(&[ONE]);
    let ratio = |rule: &mut dyn RewardRule| {
        let ultra = Device { tier: 4, ..HONEST };
        let weights = weigh_with(rule, Span::HOUR, &table, &[HONEST, ultra]);
        weights[1] * 1_000 / weights[0]
    };
    let [mut product, mut sum] = forms();
    assert_eq!((ratio(&mut *product), ratio(&mut *sum)), (4_000, 1_424));
}

#[test]
fn an_empty_network_weighs_nothing() {
    for mut rule in forms() {
        assert!(weigh_with(&mut *rule, Span::HOUR, &[], &[]).is_empty());
    }
}
