//! Published schedules of io.net, to the base unit, against numbers worked out by other programs.
//!
//! Literal amounts are differences of floors of B·r·(1 − q^t)/(1 − q), of the hours in decimal arithmetic of 140 digits
//! (no sum lies nearer than 2.4e-6 base units to a whole one), of the months in whole fractions.

use super::*;
use crate::emission::{Issuance, Limits};

fn amounts(spec: GeometricSpec, epochs: u64) -> Vec<Amount> {
    let mut schedule = Geometric::new(spec);
    (0..epochs).map(|_| schedule.next(&Activity::default())).collect()
}

fn sum(amounts: &[Amount]) -> Amount {
    amounts.iter().sum()
}

/// A schedule held to its cap, and the epoch in which that is reached.
fn capped(spec: GeometricSpec, cap: Amount) -> (Vec<Amount>, u64) {
    let limits = Limits { cap: Some(cap), starting_supply: IONET_GENESIS, ..Limits::default() };
    let mut issuance = Issuance::new(Box::new(Geometric::new(spec)), limits);
    let mut released = Vec::new();
    while !issuance.is_over() {
        released.push(issuance.release(&Activity::default()));
    }
    (released, issuance.passed())
}

#[test]
fn the_first_hours_are_the_published_ones() {
    let hours = amounts(GeometricSpec::ionet_hourly(), 6);
    // Published in hundredths: 4,566.21 .15 .08 .02, 4,565.96 .89.
    let printed = [456_621, 456_615, 456_608, 456_602, 456_596, 456_589];
    assert_eq!(hours.iter().map(|amount| (amount + 500_000) / 1_000_000).collect::<Vec<_>>(), printed);
    assert_eq!(hours[..3], [456_621_004_566, 456_614_663_492, 456_608_322_506]);
}

#[test]
fn all_hours_add_up_to_the_published_total_to_the_base_unit() {
    let hours = amounts(GeometricSpec::ionet_hourly(), IONET_HOURS);
    assert_eq!(sum(&hours[..8_760]), 3_766_298_066_331_321);
    assert_eq!(sum(&hours[..87_600]), 23_139_763_512_856_905);
    assert_eq!(sum(&hours[..175_200]), 29_995_234_550_985_009);
    // 300,000,000.0004 IO
    assert_eq!(sum(&hours), 30_000_000_000_044_090);
    assert_eq!(hours[175_317..], [40_013_544_010, 40_012_988_345]);
}

#[test]
fn every_single_hour_is_that_of_an_independent_program() {
    let hours = amounts(GeometricSpec::ionet_hourly(), IONET_HOURS);
    let fold = |hash: u64, amount: &Amount| {
        let amount = u64::try_from(*amount).expect("an hour's amount");
        hash.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(amount)
    };
    assert_eq!(hours.iter().fold(0, fold), 10_997_682_618_383_391_418);
}

#[test]
fn the_cap_takes_the_last_hours_44090_units() {
    let (released, at) = capped(GeometricSpec::ionet_hourly(), IONET_EMISSION);
    assert_eq!((at, sum(&released)), (IONET_HOURS, IONET_EMISSION));
    assert_eq!(released.last(), Some(&(40_012_988_345 - 44_090)));
}

#[test]
fn reading_a_starts_with_a_twelfth_of_eight_percent_and_never_reaches_the_cap() {
    let months = amounts(GeometricSpec::ionet_monthly_a(), IONET_MONTHS);
    assert_eq!(months[..3], [333_333_333_333_333, 329_933_333_333_333, 326_568_013_333_334]);
    assert_eq!(sum(&months[..12]), 3_783_057_324_590_633);
    assert_eq!((months[239], sum(&months)), (28_755_383_886_652, 29_889_338_662_972_969));
}

#[test]
fn reading_b_adds_forty_million_in_the_first_year_and_meets_the_cap_in_month_198() {
    let months = amounts(GeometricSpec::ionet_monthly_b(), 12);
    // 3,524,486.199736912… IO
    assert_eq!(months[..3], [352_448_619_973_691, 348_853_644_049_959, 345_295_336_880_650]);
    assert_eq!(sum(&months), 40_000_000 * TOKEN);
    let (released, at) = capped(GeometricSpec::ionet_monthly_b(), IONET_EMISSION);
    assert_eq!((at, sum(&released)), (198, IONET_EMISSION));
    assert_eq!(released.last(), Some(&31_254_366_079_814));
}

#[test]
fn the_tables_months_pass_the_cap_by_5579_tokens_in_the_last_one() {
    let months = amounts(GeometricSpec::ionet_monthly_table(), IONET_MONTHS);
    assert_eq!(months[..3], [333_333_333_333_333, 329_949_733_000_000, 326_600_478_920_314]);
    assert_eq!((sum(&months[..12]), sum(&months)), (3_784_068_745_997_290, 30_000_557_878_293_637));
    let (released, at) = capped(GeometricSpec::ionet_monthly_table(), IONET_EMISSION);
    assert_eq!((at, released.last()), (240, Some(&28_541_140_476_991)));
}

#[test]
fn the_printed_formula_compounds_and_would_mint_410_million() {
    let limits = Limits { starting_supply: IONET_GENESIS, ..Limits::default() };
    let schedule = Box::new(Geometric::new(GeometricSpec::ionet_monthly_literal()));
    let mut issuance = Issuance::new(schedule, limits);
    let months: Vec<Amount> = (0..IONET_MONTHS).map(|_| issuance.release(&Activity::default())).collect();
    assert_eq!(months[..3], [333_333_333_333_333, 332_149_397_886_666, 330_947_418_494_906]);
    assert_eq!((months[239], issuance.issued()), (52_933_959_506_568, 41_007_821_345_604_325));
}

/// A schedule's amounts against sums of fractions that are never rounded.
fn meets_fractions(spec: GeometricSpec, first: (BigUint, BigUint), factor: (u32, u32)) {
    let ((mut numerator, mut denominator), (digits, unit)) = (first, factor);
    let (mut cumulated, mut before) = (BigUint::ZERO, 0);
    for (month, amount) in amounts(spec, IONET_MONTHS).iter().enumerate() {
        cumulated += &numerator;
        let through = bounded(&(&cumulated / &denominator));
        assert_eq!(*amount, through - before, "month {}", month + 1);
        before = through;
        numerator *= digits;
        cumulated *= unit;
        denominator *= unit;
    }
}

#[test]
fn no_month_of_any_reading_is_a_base_unit_off_the_exact_sums() {
    let twelfth = (BigUint::from(whole(IONET_GENESIS)) * 8u32, BigUint::from(1_200u32));
    let table = (989_849_199, 1_000_000_000);
    meets_fractions(GeometricSpec::ionet_monthly_table(), twelfth.clone(), table);
    meets_fractions(GeometricSpec::ionet_monthly_a(), twelfth, (9_898, 10_000));
    // 40 million × (1 − q) / (1 − q^12), both sides times 10^48.
    let power = |base: u32, exponent| BigUint::from(base).pow(exponent);
    let first = BigUint::from(whole(40_000_000 * TOKEN)) * 102u32 * power(10, 44);
    let summed = (first, power(10, 48) - power(9_898, 12));
    meets_fractions(GeometricSpec::ionet_monthly_b(), summed, (9_898, 10_000));
}

#[test]
fn a_rate_that_does_not_fall_adds_up_to_itself_either_way() {
    for first in [First::Divided, First::Summed] {
        let spec = GeometricSpec {
            base: Base::Fixed(100),
            rate: Decimal::new(1, 1),
            rate_epochs: 3,
            first,
            factor: Decimal::new(1, 0),
        };
        assert_eq!(amounts(spec, 6), [3, 3, 4, 3, 3, 4]);
    }
}

#[test]
fn extreme_numbers_release_nothing_or_the_largest_amount() {
    let usual = GeometricSpec::ionet_monthly_b();
    let huge = Decimal::new(10u128.pow(38) - 1, 0);
    for nothing in [
        GeometricSpec { base: Base::Fixed(-1), ..usual },
        GeometricSpec { base: Base::Fixed(0), ..usual },
        GeometricSpec { base: Base::Supply, ..usual },
        GeometricSpec { rate: Decimal::new(0, 0), ..usual },
        GeometricSpec { rate_epochs: 0, ..usual },
        GeometricSpec { rate_epochs: u32::MAX, factor: huge, ..usual },
    ] {
        assert_eq!(amounts(nothing, 500), [0; 500]);
    }
    let once = GeometricSpec { factor: Decimal::new(0, 0), first: First::Divided, ..usual };
    assert_eq!(sum(&amounts(once, 9)), 333_333_333_333_333);
    let explosive = GeometricSpec {
        base: Base::Fixed(Amount::MAX),
        rate: huge,
        factor: huge,
        first: First::Divided,
        ..usual
    };
    assert_eq!(amounts(explosive, 500), [Amount::MAX; 500]);
    let limits = Limits { starting_supply: Amount::MAX, ..Limits::default() };
    let mut issuance = Issuance::new(Box::new(Geometric::new(explosive)), limits);
    assert_eq!([0; 3].map(|_| issuance.release(&Activity::default())), [Amount::MAX; 3]);
}
