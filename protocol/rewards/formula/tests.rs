//! Weights by formula against the same formulas written in Rust, and what they come to for those who are paid.

use super::super::{Columns, Row};
use super::*;
use crate::billing::TokenRate;
use crate::formula::Variable;
use crate::ids::{AccountId, ModelId};
use crate::lcg::Lcg;
use crate::registry::{Model, flag};
use crate::rewards::IgnitionSpec;
use crate::units::{Span, Time};
use std::collections::BTreeMap;

fn rule(weight: &str) -> FormulaRule {
    let formula = compile(weight).unwrap_or_else(|errors| panic!("{weight}: {errors:?}"));
    FormulaRule::new(formula, PayLimits::default())
}

fn models() -> Vec<Model> {
    [("small", 8_000, 20_123, 400_001), ("large", 80_500, 312_000, 3_100_000)]
        .map(|(name, memory_mb, gflops, multiplier)| Model {
            name: name.into(),
            memory_mb,
            gflops,
            multiplier,
        })
        .to_vec()
}

/// An online device in good standing.
fn up(account: u32) -> Row {
    Row { up_ns: Span::HOUR.0, account: AccountId(account), ..Row::default() }
}

/// Any network, more devices than a block holds, some of them offline, set aside, or up beyond the epoch.
fn any(lcg: &mut Lcg) -> Columns {
    const FLAGS: [u16; 6] = [0, 0, 0, flag::FLAGGED, flag::QUARANTINED, flag::WITHDRAWN | flag::LEASED];
    let hour = Span::HOUR.0;
    let now = Time(Span::DAY.0 * 30);
    let row = |lcg: &mut Lcg| Row {
        up_ns: lcg.below(3) * lcg.below(hour),
        hired_ns: lcg.below(3) * lcg.below(hour),
        streak_ns: lcg.below(now.0),
        earned: lcg.below(1 << 40),
        passed: lcg.below(5) as u16,
        failed: lcg.below(3) as u16,
        registered: Time(lcg.below(now.0)),
        cards: 1 + lcg.below(8) as u16,
        tier: lcg.below(5) as u8,
        model: ModelId(lcg.below(2) as u16),
        flags: FLAGS[lcg.below(6) as usize],
        reputation: lcg.below(1_000_001) as u32,
        account: AccountId(lcg.below(20) as u32),
    };
    let rows = (0..50 + lcg.below(200)).map(|_| row(lcg)).collect();
    let stake = (0..lcg.below(20)).map(|_| lcg.below(1 << 50).into()).collect();
    let price = TokenRate::new(lcg.below(2) * 2_345_678);
    Columns { number: 17, now, accounts: 25, stake, price, ..Columns::new(rows, models()) }
}

/// What every name stands for, as one would write it beside the record.
fn by_hand(columns: &Columns, device: usize) -> BTreeMap<&'static str, f64> {
    const HOUR: f64 = 3_600_000_000_000.0;
    let (row, epoch) = (columns.rows[device], columns.epoch.0);
    let up = |row: &Row| row.up_ns.min(epoch);
    let hired = |row: &Row| row.hired_ns.min(up(row));
    let model = |row: &Row| &columns.models[row.model.at()];
    let aside = flag::QUARANTINED | flag::BANNED | flag::WITHDRAWN | flag::UNSTAKED;
    let all: Vec<&Row> = columns.rows.iter().filter(|r| r.flags & aside == 0 && r.up_ns > 0).collect();
    let own: Vec<&Row> = all.iter().copied().filter(|r| r.account == row.account).collect();
    let sum = |rows: &[&Row], of: &dyn Fn(&Row) -> u64| -> f64 {
        rows.iter().map(|row| u128::from(of(row))).sum::<u128>() as f64
    };
    let accounts = (0..25).filter(|&a| all.iter().any(|r| r.account == AccountId(a))).count();
    BTreeMap::from([
        ("uptime", up(&row) as f64 / epoch as f64),
        ("up_hours", up(&row) as f64 / HOUR),
        ("hired_hours", hired(&row) as f64 / HOUR),
        ("rent_usd", row.earned as f64 / 1e6),
        ("bandwidth_tier", f64::from(row.tier)),
        ("multiplier", f64::from(model(&row).multiplier) / 1e6),
        ("cards", f64::from(row.cards)),
        ("tflops", f64::from(model(&row).gflops) / 1e3),
        ("memory_gb", f64::from(model(&row).memory_mb) / 1e3),
        ("reputation", f64::from(row.reputation) / 1e6),
        ("challenges_passed", f64::from(row.passed)),
        ("challenges_failed", f64::from(row.failed)),
        ("streak_hours", row.streak_ns as f64 / HOUR),
        ("age_hours", (columns.now.0 - row.registered.0) as f64 / HOUR),
        ("account_devices", own.len() as f64),
        ("account_cards", sum(&own, &|r| r.cards.into())),
        ("account_up_hours", sum(&own, &up) / HOUR),
        ("account_hired_hours", sum(&own, &hired) / HOUR),
        ("account_rent_usd", sum(&own, &|r| r.earned) / 1e6),
        ("account_stake", columns.stake.get(row.account.at()).map_or(0.0, |stake| *stake as f64)),
        ("network_accounts", accounts as f64),
        ("network_devices", all.len() as f64),
        ("network_cards", sum(&all, &|r| r.cards.into())),
        ("network_up_hours", sum(&all, &up) / HOUR),
        ("network_hired_hours", sum(&all, &hired) / HOUR),
        ("network_rent_usd", sum(&all, &|r| r.earned) / 1e6),
        ("network_tflops", sum(&all, &|r| u64::from(model(r).gflops) * u64::from(r.cards)) / 1e3),
        ("network_stake", columns.stake.iter().sum::<i128>() as f64),
        ("epoch_hours", epoch as f64 / HOUR),
        ("epoch_number", 17.0),
        ("price_usd", columns.price.map_or(f64::NAN, |rate| rate.micro_dollars() as f64 / 1e6)),
    ])
}

/// The weight of each device of ten random networks under `weight` is that of `native`, to the last unit.
fn same_as(weight: &str, native: impl Fn(&dyn Fn(&str) -> f64) -> f64) {
    let mut rule = rule(weight);
    let mut paid = 0;
    for seed in 0..10 {
        let columns = any(&mut Lcg(seed));
        let weights = columns.weigh(&mut rule);
        for (device, (weighed, row)) in weights.iter().zip(&columns.rows).enumerate() {
            let facts = by_hand(&columns, device);
            let earns = row.up_ns > 0 && row.flags & super::super::EARNS_NOTHING == 0;
            let expected = if earns { quantise(native(&|name| facts[name])) } else { 0 };
            assert_eq!(*weighed, expected, "{weight}, seed {seed}, device {device}: {facts:?}");
            paid += u32::from(expected > 0);
        }
    }
    assert!(paid > 20, "{weight} pays {paid} devices only");
}

#[test]
fn every_name_stands_for_what_the_table_says() {
    let known = by_hand(&any(&mut Lcg(1)), 0);
    assert!(variables().all(|variable| known.contains_key(variable.name)));
    assert_eq!(known.len(), variables().count());
    // In large points, so that the weight has nearly all bits of the number.
    for Variable { name, .. } in variables() {
        same_as(&format!("1e6 * {name}"), |fact| 1e6 * fact(name));
    }
}

#[test]
fn formulas_weigh_as_the_same_formulas_in_rust() {
    same_as("up_hours * cards * multiplier * (1 + hired_hours / up_hours)", |f| {
        f("up_hours") * f("cards") * f("multiplier") * (1.0 + f("hired_hours") / f("up_hours"))
    });
    same_as("1e9 * uptime * reputation^2 * ln(1 + streak_hours) / (1 + challenges_failed)", |f| {
        1e9 * f("uptime") * libm::pow(f("reputation"), 2.0) * libm::log(1.0 + f("streak_hours"))
            / (1.0 + f("challenges_failed"))
    });
    same_as("share = cards / account_cards; 1e9 * share * sqrt(account_up_hours) / network_accounts", |f| {
        1e9 * (f("cards") / f("account_cards")) * f64::sqrt(f("account_up_hours")) / f("network_accounts")
    });
    same_as("if(account_stake >= 200e8, 1e6, 1e3) * min(rent_usd / price_usd, age_hours)", |f| {
        (if f("account_stake") >= 200e8 { 1e6 } else { 1e3 })
            * libm::fminimum(f("rent_usd") / f("price_usd"), f("age_hours"))
    });
    same_as("1e6 * exp(-tflops * network_cards / network_tflops) + memory_gb - bandwidth_tier", |f| {
        1e6 * libm::exp(-f("tflops") * f("network_cards") / f("network_tflops")) + f("memory_gb")
            - f("bandwidth_tier")
    });
}

#[test]
fn the_published_factors_multiplied_come_to_the_points_of_ignition() {
    let mut by_formula = rule("up = up_hours + hired_hours; cards * up * 0.2 * bandwidth_tier * multiplier");
    let mut ignition = IgnitionSpec::default().build();
    for seed in 0..10 {
        let columns = any(&mut Lcg(seed));
        let weights = columns.weigh(&mut by_formula).into_iter().zip(columns.weigh(ignition.as_mut()));
        for ((weight, points), row) in weights.zip(&columns.rows) {
            // The integer rule rounds down: the worth of an hour (of at most two), then the product, each per card.
            assert!(weight.abs_diff(points) <= 4 * u64::from(row.cards), "{weight} {points}");
        }
    }
}

#[test]
fn only_columns_that_a_formula_reads_are_asked_for() {
    let needs = |weight| rule(weight).needs();
    let none = Needs::default();
    assert_eq!(needs("up_hours * cards + 0 * reputation * age_hours * network_hired_hours"), none);
    assert_eq!(needs("streak_hours"), Needs { streak: true, ..none });
    assert_eq!(needs("network_rent_usd"), Needs { earned: true, ..none });
    assert_eq!(needs("account_rent_usd"), Needs { earned: true, ..none });
    assert_eq!(needs("challenges_failed"), Needs { verdicts: true, ..none });
    assert_eq!(needs("network_stake"), Needs { stake: true, ..none });
    assert_eq!(needs("price_usd"), Needs { price: true, ..none });
    let all = "streak_hours + rent_usd + challenges_passed + account_stake + price_usd";
    assert_eq!(needs(all), Needs::ALL);
}

#[test]
fn who_is_offline_or_set_aside_earns_nothing_whatever_is_written() {
    let aside = [flag::QUARANTINED, flag::BANNED, flag::WITHDRAWN, flag::UNSTAKED]
        .map(|flags| Row { flags, ..up(0) });
    let rows = [&aside[..], &[Row { up_ns: 0, ..up(0) }, up(0)]].concat();
    assert_eq!(Columns::new(rows, models()).weigh(&mut rule("1 / 0")), [0, 0, 0, 0, 0, u64::MAX]);
}

#[test]
fn what_is_no_weight_pays_nothing() {
    let columns = Columns::new(vec![up(0)], models());
    for nothing in ["-1", "0 / 0", "sqrt(-up_hours)", "hired_hours / hired_hours", "4e-7", "price_usd"] {
        assert_eq!(columns.weigh(&mut rule(nothing)), [0], "{nothing}");
    }
    assert_eq!(columns.weigh(&mut rule("if(price_usd > 0, 1, 2)")), [2_000_000]);
}

#[test]
fn a_whale_is_measured_by_the_devices_that_earn() {
    let whale = [up(0), up(0), Row { flags: flag::BANNED, ..up(0) }, Row { up_ns: 0, ..up(0) }];
    let columns = Columns::new([&whale[..], &[up(1)]].concat(), models());
    // A root of the account's hours: two devices earn as much as the square root of two does.
    let weights = columns.weigh(&mut rule("up_hours / sqrt(account_up_hours)"));
    assert_eq!(weights, [707_107, 707_107, 0, 0, 1_000_000]);
    assert_eq!(columns.weigh(&mut rule("network_devices / account_devices"))[..2], [1_500_000; 2]);
}

#[test]
fn an_epoch_leaves_nothing_behind_for_the_next() {
    let mut rule = rule("account_cards + network_cards * up_hours");
    let many = Columns::new(vec![up(0), up(1), up(0)], models());
    let one = Columns::new(vec![up(0)], models());
    assert_eq!(many.weigh(&mut rule), [5_000_000, 4_000_000, 5_000_000]);
    assert_eq!(one.weigh(&mut rule), [2_000_000]);
    assert_eq!(many.weigh(&mut rule), [5_000_000, 4_000_000, 5_000_000]);
}

#[test]
fn mistakes_are_told_with_the_nearest_name_and_the_bound_is_held() {
    let errors = |text: &str| compile(text).expect_err("it is wrong");
    let misspelt = errors("up_hours * uptmie");
    assert_eq!((misspelt.len(), misspelt[0].span.clone()), (1, 11..17));
    assert_eq!(misspelt[0].hint.as_deref(), Some("did you mean `uptime`?"));
    let long = format!("cards{}", " * 1.5 + cards".repeat(501));
    assert_eq!(errors(&long)[0].expected, "at most 1000 operations");
    let spec = FormulaSpec { weight: "gpus".into(), ..FormulaSpec::default() };
    assert!(spec.build().is_err());
}

#[test]
fn limits_are_those_of_the_spec() {
    let spec = FormulaSpec {
        weight: "cards".into(),
        limit_per_device: Some(5),
        limit_per_account: None,
        leftover: Leftover::Burn,
    };
    let expected = PayLimits { per_device: Some(5), per_account: None, leftover: Leftover::Burn };
    assert_eq!(spec.build().expect("it is sound").limits(), expected);
}
