//! Emission against the shared tables of what the networks published.
//!
//! A column that was worked out from a published rule is met to its last printed digit; a published one within the
//! rounding in which it is printed, and where a page rounds more coarsely the test says how far.

use depin_protocol::emission::geometric::{IONET_GENESIS, IONET_HOURS, IONET_MONTHS};
use depin_protocol::emission::halving::HELIUM_EPOCHS_PER_YEAR;
use depin_protocol::emission::{
    Activity, Bonding, BondingSpec, GeometricSpec, HalvingByIssuance, HalvingByIssuanceSpec, HalvingSpec,
    Issuance, Limits, PublishedStepsSpec, Schedule, ScheduleSpec,
};
use depin_protocol::units::{Amount, TOKEN};
use std::collections::BTreeMap;
use std::fs;

type Row = BTreeMap<String, String>;

/// The rows of a shared table by column, or none with a word about it.
fn rows(path: &str) -> Option<Vec<Row>> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/");
    let Ok(text) = fs::read_to_string(format!("{folder}{path}")) else {
        println!("skipped: {path} is not beside this checkout");
        return None;
    };
    let mut lines = text.lines().map(fields);
    let head = lines.next().expect("a head");
    let rows: Vec<Row> = lines.map(|line| head.iter().cloned().zip(line).collect()).collect();
    assert!(!rows.is_empty(), "{path} has rows");
    Some(rows)
}

fn facts(name: &str) -> Option<Vec<Row>> {
    rows(&format!("facts/data/emission_reference_{name}.csv"))
}

/// The fields of a line, quotes taken off.
fn fields(line: &str) -> Vec<String> {
    let (mut found, mut quoted) = (vec![String::new()], false);
    for letter in line.chars() {
        match letter {
            '"' => quoted = !quoted,
            ',' if !quoted => found.push(String::new()),
            other => found.last_mut().expect("never empty").push(other),
        }
    }
    found
}

fn number(row: &Row, column: &str) -> Amount {
    row[column].parse().unwrap_or_else(|_| panic!("{column}: {:?} is a whole number", row[column]))
}

/// A printed decimal in units of ten to minus `places`, and half a unit of its last digit in them.
fn printed(text: &str, places: u32) -> (Amount, Amount) {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits: Amount = format!("{whole}{fraction}").parse().expect("a decimal number");
    let behind = u32::try_from(fraction.len()).expect("few digits");
    match places.checked_sub(behind) {
        Some(missing) => (digits * 10i128.pow(missing), 10i128.pow(missing) / 2),
        None => (digits / 10i128.pow(behind - places), 0),
    }
}

/// Holds an amount to a printed number, within half of its last digit and the base unit that rounding down may take.
fn agrees(amount: Amount, text: &str, places: u32, about: &str) {
    let (expected, half) = printed(text, places);
    assert!((amount - expected).abs() <= half + 1, "{about}: {amount} against {text}");
}

fn quiet(mut schedule: Box<dyn Schedule>, epochs: u64) -> Vec<Amount> {
    (0..epochs).map(|_| schedule.next(&Activity::default())).collect()
}

/// Cumulative sums; the first is of no epoch.
fn sums(amounts: &[Amount]) -> Vec<Amount> {
    let through = amounts.iter().scan(0, |sum, amount| {
        *sum += amount;
        Some(*sum)
    });
    std::iter::once(0).chain(through).collect()
}

/// What the stretch of so many epochs released that is numbered `index` from 1.
fn stretch(through: &[Amount], index: u64, epochs: u64) -> Amount {
    through[at(index * epochs)] - through[at((index - 1) * epochs)]
}

fn at(epochs: u64) -> usize {
    usize::try_from(epochs).expect("an index")
}

#[test]
fn bitcoins_halvings_are_the_published_ones() {
    let Some(rows) = facts("bitcoin") else { return };
    let amounts = quiet(ScheduleSpec::Halving(HalvingSpec::bitcoin()).build(), 7_140_000);
    let through = sums(&amounts);
    for row in rows {
        let subsidy = number(&row, "subsidy_sat");
        for column in ["first_height", "last_height"] {
            assert_eq!(amounts[usize::try_from(number(&row, column)).expect("a height")], subsidy, "{row:?}");
        }
        let end = usize::try_from(number(&row, "last_height")).expect("a height") + 1;
        assert_eq!(through[end], number(&row, "cumulative_sat_end"), "{row:?}");
    }
}

#[test]
fn heliums_fifty_years_are_the_published_ones() {
    let Some(rows) = facts("helium_hip20") else { return };
    let hip20 = ScheduleSpec::Halving(HalvingSpec::helium_hip20());
    let through = sums(&quiet(hip20.build(), 50 * HELIUM_EPOCHS_PER_YEAR));
    for row in rows {
        let year = u64::try_from(number(&row, "year")).expect("a year");
        let minted = stretch(&through, year, HELIUM_EPOCHS_PER_YEAR);
        agrees(minted, &row["published_hnt_minted"], 8, "published year");
        agrees(minted, &row["computed_hnt_minted"], 8, "computed year");
        agrees(
            through[at((year - 1) * HELIUM_EPOCHS_PER_YEAR)],
            &row["published_hnt_at_start"],
            8,
            "start of year",
        );
    }
}

#[test]
fn bittensors_halvings_come_at_the_computed_issuances() {
    let Some(rows) = facts("bittensor") else { return };
    let mut schedule = HalvingByIssuance::new(HalvingByIssuanceSpec::default());
    let mut emission_at = |supply| schedule.next(&Activity { supply, ..Activity::default() });
    for row in rows {
        let (threshold, _) = printed(&row["issuance_threshold_tao"], 9);
        let (emission, _) = printed(&row["block_emission_tao"], 9);
        assert_eq!(emission_at(threshold), emission, "{row:?}");
        // Half rao that the shift drops are in the day of the table.
        let (day, _) = printed(&row["tao_per_day_7200_blocks"], 9);
        assert!((0..7_200).contains(&(day - 7_200 * emission_at(threshold))), "{row:?}");
        let (blocks, _) = printed(&row["blocks_until_next_at_full_emission"], 0);
        let next = threshold + blocks * 1_000_000_000 * emission / 1_000_000_000;
        assert_eq!(emission_at(next + blocks), emission / 2, "{row:?}");
        if threshold > 0 {
            assert!(emission_at(threshold - 1) >= 2 * emission, "{row:?}");
        }
    }
}

#[test]
fn ionets_hours_are_the_published_and_computed_ones() {
    let Some(rows) = facts("io_hourly") else { return };
    let amounts = quiet(ScheduleSpec::Geometric(GeometricSpec::ionet_hourly()).build(), IONET_HOURS);
    let through = sums(&amounts);
    for row in rows {
        let hour = usize::try_from(number(&row, "epoch_hour")).expect("an hour");
        let (amount, sum) = (amounts[hour - 1], through[hour]);
        if !row["published_emission_io"].is_empty() {
            agrees(amount, &row["published_emission_io"], 8, "published hour");
            // The page adds up rounded hours, so its supply is off by up to a hundredth an hour.
            let (supply, half) = printed(&row["published_total_supply_io"], 8);
            let hours = Amount::try_from(hour).expect("few hours");
            assert!((IONET_GENESIS + sum - supply).abs() <= half * (hours + 1), "{row:?}");
        }
        agrees(amount, &row["computed_emission_io"], 8, "computed hour");
        agrees(IONET_GENESIS + sum, &row["computed_total_supply_io"], 8, "computed supply");
        agrees(sum, &row["computed_cumulative_emission_io"], 8, "computed sum");
    }
}

#[test]
fn ionets_months_are_the_tables_and_the_literal_formula_is_not() {
    let Some(rows) = facts("io_monthly") else { return };
    let table = quiet(ScheduleSpec::Geometric(GeometricSpec::ionet_monthly_table()).build(), IONET_MONTHS);
    let through = sums(&table);
    let limits = Limits { starting_supply: IONET_GENESIS, ..Limits::default() };
    let mut literal =
        Issuance::new(ScheduleSpec::Geometric(GeometricSpec::ionet_monthly_literal()).build(), limits);
    for row in rows {
        let month = usize::try_from(number(&row, "month_index")).expect("a month");
        let amount = table[month - 1];
        agrees(amount, &row["constant_base_emission_io"], 8, "month of the table");
        agrees(through[month], &row["constant_base_cumulative_io"], 8, "sum of the table");
        let compounded = literal.release(&Activity::default());
        agrees(compounded, &row["literal_formula_emission_io"], 8, "month of the formula");
        // Every month of an integer supply drops less than a base unit, and its interest.
        let (supply, half) = printed(&row["literal_formula_total_supply_io"], 8);
        assert!(
            (literal.supply() - supply).abs() <= half + 2 * i128::try_from(month).expect("a month"),
            "{row:?}"
        );
        if !row["published_emission_io"].is_empty() {
            let (published, _) = printed(&row["published_emission_io"], 8);
            // The page's factor is printed with nine digits; its own months need more, and lie 3 ppm away.
            assert!((amount - published).abs() * 1_000_000 <= 3 * published, "{row:?}");
            assert_eq!((compounded - published).abs() * 1_000_000 <= 3 * published, month == 1, "{row:?}");
        }
    }
}

#[test]
fn livepeers_rounds_set_inflation_before_they_mint() {
    let Some(rows) = facts("livepeer") else { return };
    for row in rows {
        let ppb = |column| u64::try_from(number(&row, column)).expect("parts per 1e9");
        let mut schedule = Bonding::new(BondingSpec {
            inflation_ppb: ppb("inflation_ppb"),
            change_ppb: ppb("inflation_change_ppb"),
            target_ppb: ppb("target_bonding_ppb"),
        });
        let round = Activity {
            bonded: number(&row, "total_bonded"),
            supply: number(&row, "total_supply"),
            ..Activity::default()
        };
        assert_eq!(schedule.next(&round), number(&row, "mintable_this_round"), "{row:?}");
        assert_eq!(schedule.inflation_ppb(), ppb("next_inflation_ppb"), "{row:?}");
    }
}

#[test]
fn aethirs_edge_years_are_the_published_shares() {
    let Some(rows) = facts("aethir_edge") else { return };
    let years = u64::try_from(rows.len()).expect("few years");
    let spec = ScheduleSpec::PublishedSteps(PublishedStepsSpec::aethir_edge(8_760));
    let through = sums(&quiet(spec.build(), (years + 1) * 8_760));
    for row in rows {
        let year = u64::try_from(number(&row, "year")).expect("a year");
        let minted = stretch(&through, year, 8_760);
        assert_eq!(minted, number(&row, "computed_ath") * TOKEN, "{row:?}");
        let (share, _) = printed(&row["published_pct_of_edge_pool"], 2);
        assert_eq!(minted, 9_660_000_000 * TOKEN * share / 10_000, "{row:?}");
    }
    assert_eq!(stretch(&through, years + 1, 8_760), 0);
}

#[test]
fn renders_years_and_months_are_the_printed_ones() {
    let Some(rows) = facts("render") else { return };
    let value = |quantity: &str| {
        let row = rows.iter().find(|row| row["quantity"] == quantity);
        row.unwrap_or_else(|| panic!("{quantity} is in the table"))["value"].parse::<Amount>().expect("whole")
    };
    let year =
        |spec: PublishedStepsSpec, epochs| sums(&quiet(ScheduleSpec::PublishedSteps(spec).build(), epochs));
    let render = year(PublishedStepsSpec::render(8_760), 3 * 8_760);
    assert_eq!(stretch(&render, 1, 730), value("year1_monthly_total") * TOKEN);
    assert_eq!(stretch(&render, 1, 8_760), value("year1_total") * TOKEN);
    assert_eq!(stretch(&render, 2, 8_760), value("year2_total") * TOKEN);
    let nodes = year(PublishedStepsSpec::render_nodes(730), 8_760);
    assert_eq!(stretch(&nodes, 1, 730), value("year1_node_operator_start") * TOKEN);
    assert_eq!(stretch(&nodes, 1, 24) / TOKEN, value("year1_node_per_day"));
    assert_eq!(stretch(&nodes, 1, 168) / TOKEN, value("year1_node_per_7_days"));
    let liquidity = year(PublishedStepsSpec::render_liquidity(730), 8_760);
    assert_eq!(stretch(&liquidity, 3, 730), value("year1_liquidity_first3_months") * TOKEN);
    assert_eq!(stretch(&liquidity, 4, 730), value("year1_liquidity_months4_9") * TOKEN);
}

/// A schedule by the name that the expected rows give it; none for those of other files.
fn named(name: &str) -> Option<(ScheduleSpec, u64, u64)> {
    // The spec, the number of the first epoch, and the epochs of a year.
    Some(match name {
        "bitcoin" => (ScheduleSpec::Halving(HalvingSpec::bitcoin()), 0, 52_560),
        "helium-hip20" => (ScheduleSpec::Halving(HalvingSpec::helium_hip20()), 1, HELIUM_EPOCHS_PER_YEAR),
        "ionet-hourly" => (ScheduleSpec::Geometric(GeometricSpec::ionet_hourly()), 1, 8_760),
        "ionet-monthly-a" => (ScheduleSpec::Geometric(GeometricSpec::ionet_monthly_a()), 1, 12),
        "ionet-monthly-b" => (ScheduleSpec::Geometric(GeometricSpec::ionet_monthly_b()), 1, 12),
        _ => return None,
    })
}

#[test]
fn expected_emission_rows_are_met() {
    let Some(rows) = rows("expected/analytic.csv") else { return };
    let mut met = 0;
    for row in rows.iter().filter(|row| row["kind"] == "emission") {
        let params: BTreeMap<&str, &str> =
            row["params"].split(';').filter_map(|part| part.split_once('=')).collect();
        let Some((spec, first, year)) = named(params["schedule"]) else { continue };
        let got = measured(&spec, &params, first, year);
        if row["metric"].ends_with("_tokens") {
            let expected: f64 = row["expected"].parse().expect("a number");
            let tokens = got as f64 / TOKEN as f64;
            assert!((tokens - expected).abs() <= 1e-9 * expected, "{tokens}: {row:?}");
        } else {
            assert_eq!(got, number(row, "expected"), "{row:?}");
        }
        met += 1;
    }
    assert!(met >= 17, "only {met} rows were read");
}

/// The amount of an epoch, the sum through one, or the epoch at which the cap is met.
fn measured(spec: &ScheduleSpec, params: &BTreeMap<&str, &str>, first: u64, year: u64) -> Amount {
    let parse = |key: &str| params.get(key).map(|text| text.parse::<u64>().expect("a whole number"));
    if let Some(cap) = parse("cap") {
        let limits = Limits { cap: Some(Amount::from(cap) * TOKEN), ..Limits::default() };
        let mut issuance = Issuance::new(spec.build(), limits);
        while !issuance.is_over() {
            issuance.release(&Activity::default());
        }
        return Amount::from(issuance.passed() - 1 + first);
    }
    if let Some(epoch) = parse("epoch") {
        return quiet(spec.build(), epoch - first + 1)[at(epoch - first)];
    }
    let through = parse("through_epoch").map(|epoch| epoch - first + 1);
    let epochs = through.or(parse("through_years").map(|years| years * year)).expect("some epochs");
    quiet(spec.build(), epochs).iter().sum()
}
