//! Filecoin's minting against the chain's golden files and the published reference, over years.

use depin_protocol::emission::filecoin::{
    BASELINE_INITIAL_VALUE, BASELINE_TOTAL, EPOCHS_PER_YEAR, FIL, LAMBDA, Q128, SIMPLE_TOTAL,
    baseline_powers, baseline_supply, compute_r_theta, compute_reward, expneg,
};
use depin_protocol::emission::{
    Activity, FilecoinBaseline, FilecoinBaselineSpec, FilecoinSimple, FilecoinSimpleSpec, Issuance, Limits,
    Schedule,
};
use depin_protocol::units::Amount;
use num_bigint::BigUint;
use std::fs;
use std::path::Path;

/// A cumulative row may differ by one part in so many, 2e-7: the closed form lies 1.1e-7 below the coded sum.
const CLOSED_FORM: Amount = 5_000_000;

/// Cumulative attoFIL of simple minting through years 1 to 12, from a transcription of the chain's sources into Python's
/// integers that adds up every epoch.
const THROUGH_YEARS: [Amount; 12] = [
    36_003_426_970_383_952_147_527_856,
    68_078_833_906_958_334_992_765_547,
    96_654_772_830_582_200_289_910_505,
    122_113_040_187_295_329_198_124_868,
    144_793_777_941_465_099_976_896_377,
    165_000_018_133_132_146_885_416_037,
    183_001_731_618_324_122_958_917_089,
    199_039_435_086_611_314_381_273_251,
    213_327_404_548_423_247_029_583_092,
    226_056_538_226_779_811_483_427_107,
    237_396_907_103_864_696_872_550_213,
    247_500_027_199_698_220_326_546_937,
];

/// A table of the shared folder, its head aside; none, with a printed reason, where the folder is absent.
fn table(name: &str) -> Option<Vec<String>> {
    let mut places = Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .take(3)
        .map(|place| place.join("shared").join(name));
    let Some(path) = places.find(|path| path.exists()) else {
        println!("skipped: the shared table {name} is not here");
        return None;
    };
    let text = fs::read_to_string(path).expect("the table is text");
    Some(text.lines().skip(1).map(str::to_owned).collect())
}

fn fields(row: &str) -> Vec<&str> {
    row.split(',').map(str::trim).collect()
}

/// An integer of 2^-128.
fn q128(all: BigUint) -> Q128 {
    let fraction = &all % (BigUint::from(1_u8) << 128_u32);
    Q128 {
        whole: (all >> 128_u32).try_into().expect("a whole part of 64 bits"),
        fraction: fraction.try_into().expect("128 bits"),
    }
}

fn theta(digits: &str) -> Q128 {
    q128(digits.parse().expect("an integer"))
}

/// FIL with a decimal point, in attoFIL; digits beyond are dropped.
fn atto(decimal: &str) -> Amount {
    let (whole, fraction) = decimal.split_once('.').unwrap_or((decimal, ""));
    let fraction: String = fraction.chars().chain("0".repeat(18).chars()).take(18).collect();
    whole.parse::<Amount>().expect("whole FIL") * FIL + fraction.parse::<Amount>().expect("a fraction")
}

fn simple(epoch: u64) -> Amount {
    compute_reward(epoch, Q128::ZERO, Q128::ZERO, SIMPLE_TOTAL, BASELINE_TOTAL)
}

fn is_within_closed_form(actual: Amount, expected: Amount, row: &str) {
    assert!((actual - expected).abs() * CLOSED_FORM <= expected, "{actual} for {row}");
}

/// Simple minting through `years` from every 1,200th epoch: a stretch sums to its length times the mean of its ends, plus
/// half of what its first is above the next one's. The error is (1,200 λ)² / 12, below 2e-9.
fn sampled(years: u64) -> Amount {
    const STRETCH: u64 = 1_200;
    let rewards: Vec<Amount> =
        (0..=years * EPOCHS_PER_YEAR / STRETCH).map(|stretch| simple(stretch * STRETCH)).collect();
    let stretch = |ends: &[Amount]| (Amount::from(STRETCH) * (ends[0] + ends[1]) + ends[0] - ends[1]) / 2;
    rewards.windows(2).map(stretch).sum()
}

/// That `sampled` errs by no more than it says.
fn is_sampled(sampled: Amount, exact: Amount) {
    assert!((sampled - exact).abs() * 500_000_000 < exact, "{sampled} for {exact}");
}

#[test]
fn simple_rewards_are_the_chains_to_the_atto() {
    let Some(rows) = table("expected/filecoin_simple_reward.csv") else { return };
    assert!(rows.len() >= 256, "the table has lost rows");
    for row in rows {
        let [epoch, reward] = fields(&row)[..] else { panic!("{row}") };
        assert_eq!(simple(epoch.parse().expect("an epoch")).to_string(), reward, "{row}");
    }
}

#[test]
fn baseline_rewards_are_the_chains_to_the_atto() {
    let Some(rows) = table("expected/filecoin_baseline_reward.csv") else { return };
    assert!(rows.len() >= 256, "the table has lost rows");
    for row in rows {
        let [before, after, reward] = fields(&row)[..] else { panic!("{row}") };
        // The golden file is of epoch 0 and takes its simple reward off after rounding.
        let both = compute_reward(0, theta(before), theta(after), SIMPLE_TOTAL, BASELINE_TOTAL);
        assert_eq!((both - simple(0)).to_string(), reward, "{row}");
    }
}

#[test]
fn theta_rows_of_the_worked_examples_are_met() {
    let Some(rows) = table("expected/reward_worked_examples.csv") else { return };
    let expected = |id: &str| {
        let row = rows.iter().find(|row| row.starts_with(id)).expect("the row is there");
        let value = row.split(",epochs,").next().and_then(|head| head.rsplit(',').next()).expect("a value");
        let quarters = u64::try_from(atto(value) * 4 / FIL).expect("quarters of an epoch");
        Q128 { whole: quarters / 4, fraction: u128::from(quarters % 4) << 126 }
    };
    let baseline_at = |epoch: u64| u128::from(epoch + 1) * 2_048;
    let half = compute_r_theta(1, baseline_at(1), 2_048 + 2 * 2_048 / 2, 2_048 + 2 * 2_048);
    assert_eq!(half, expected("filecoin_theta_half"));
    let sum: u128 = (0..16).map(baseline_at).sum();
    let quarter = compute_r_theta(16, baseline_at(16), sum + baseline_at(16) / 4, sum + baseline_at(16));
    assert_eq!(quarter, expected("filecoin_theta_15_25"));
}

#[test]
fn the_published_reference_is_met() {
    let Some(rows) = table("facts/data/emission_reference_filecoin.csv") else { return };
    let mut met = 0;
    for row in &rows {
        let [quantity, _, published, computed] = fields(row)[..] else { panic!("{row}") };
        if quantity == "epoch0_reward_fil" {
            assert_eq!(simple(0), atto(published));
        } else if let Some(years) = quantity.strip_prefix("simple_cumulative_fil_year_") {
            is_within_closed_form(sampled(years.parse().expect("years")), atto(computed), row);
        } else if let Some(years) = quantity.strip_prefix("baseline_cumulative_fil_theta_year_") {
            let whole = years.parse::<u64>().expect("years") * EPOCHS_PER_YEAR;
            let supply = baseline_supply(Q128 { whole, fraction: 0 }, BASELINE_TOTAL);
            // The closed form itself, printed to a millionth.
            assert!((supply - atto(computed)).abs() <= FIL / 1_000_000, "{supply} for {row}");
        } else if quantity == "lambda_q128" {
            assert_eq!(LAMBDA.to_string(), published);
        } else if quantity == "baseline_growth_per_year" {
            assert_eq!(computed, "2.000000000000");
            let year = baseline_powers(BASELINE_INITIAL_VALUE).nth(EPOCHS_PER_YEAR as usize).expect("no end");
            assert!((2 * BASELINE_INITIAL_VALUE).abs_diff(year) * 100_000_000 < 2 * BASELINE_INITIAL_VALUE);
        } else {
            panic!("a row that no test knows: {row}");
        }
        met += 1;
    }
    assert!(met >= 18, "the table has lost rows");
}

#[test]
fn closed_form_rows_are_met_within_what_the_coded_sum_differs() {
    let Some(rows) = table("expected/analytic.csv") else { return };
    let rows: Vec<&String> = rows.iter().filter(|row| row.starts_with("filecoin-simple,")).collect();
    assert!(rows.len() >= 3, "the table has lost its rows of Filecoin");
    for row in rows {
        let fields = fields(row);
        let (_, years) = fields[2].split_once("through_years=").expect("years");
        assert_eq!(fields[3], "cumulative_tokens");
        is_within_closed_form(sampled(years.parse().expect("years")), atto(fields[4]), row);
    }
}

#[test]
fn a_year_of_epochs_adds_up_to_the_atto() {
    let schedule = FilecoinSimple::new(FilecoinSimpleSpec::default());
    let mut issuance = Issuance::new(Box::new(schedule), Limits::default());
    for _ in 0..EPOCHS_PER_YEAR {
        issuance.release(&Activity::default());
    }
    assert_eq!(issuance.issued(), THROUGH_YEARS[0]);
    is_sampled(sampled(1), THROUGH_YEARS[0]);
}

/// The second way: a year adds total × e^λ × (e^(−λ start) − e^(−λ end)), being a geometric series.
#[test]
fn later_years_add_what_the_exponential_loses() {
    let left = |years: u64| expneg(q128(BigUint::from(LAMBDA) * (years * EPOCHS_PER_YEAR))).fraction;
    for (year, sums) in (2..).zip(THROUGH_YEARS.windows(2)) {
        let lost = BigUint::from(left(year - 1) - left(year)) * SIMPLE_TOTAL.unsigned_abs();
        // e^λ to its first order; the second is 6e-15 of the year, and every epoch drops less than one attoFIL.
        let first_order = (&lost * LAMBDA) >> 128_u32;
        let expected = Amount::try_from((lost + first_order) >> 128_u32).expect("attoFIL");
        let added = sums[1] - sums[0];
        assert!((added - expected).abs() < FIL / 1_000_000, "year {year}: {added}, {expected}");
        is_sampled(sampled(year), sums[1]);
    }
}

#[test]
#[ignore = "12.6 million epochs: some seconds; the gate runs it"]
fn twelve_years_of_epochs_add_up_to_the_atto() {
    let mut issuance =
        Issuance::new(Box::new(FilecoinSimple::new(FilecoinSimpleSpec::default())), Limits::default());
    for expected in THROUGH_YEARS {
        for _ in 0..EPOCHS_PER_YEAR {
            issuance.release(&Activity::default());
        }
        assert_eq!(issuance.issued(), expected);
    }
}

/// Power at the baseline keeps theta within an epoch of time, and what was minted is what both parts say it is, less the
/// rounding of every epoch.
#[test]
#[ignore = "12.6 million epochs: some seconds; the gate runs it"]
fn a_network_at_its_baseline_mints_both_totals_on_time() {
    let mut schedule = FilecoinBaseline::new(FilecoinBaselineSpec::default());
    let full = Activity { power: u128::MAX, ..Activity::default() };
    let (mut minted, mut passed) = (0, 0);
    for simple in THROUGH_YEARS {
        minted += (0..EPOCHS_PER_YEAR).map(|_| schedule.next(&full)).sum::<Amount>();
        passed += EPOCHS_PER_YEAR;
        assert_eq!((schedule.theta().whole, schedule.effective_network_time()), (passed - 1, passed));
        let both = simple + baseline_supply(schedule.theta(), BASELINE_TOTAL);
        assert!((both - minted).abs() <= Amount::from(passed), "{minted} for {both}");
    }
}
