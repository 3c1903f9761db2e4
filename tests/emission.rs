//! Schedules of emission alone: the shipped files against published tables, and the command that walks them.

use crate::lab;
use depin_sim::measure::emission::{Question, Stop, Walk, walk};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Rows of the table of expected results that concern emission.
const ROWS: usize = 22;

fn walked(name: &str, sets: &[&str], question: Question) -> Walk {
    let scenario = lab::shipped(&format!("emission/{name}"), sets);
    let rule = scenario.rules.emission().expect("the scenario has a schedule");
    walk(rule, question, &|_| {}).unwrap_or_else(|trouble| panic!("{name}: {trouble}"))
}

fn program(words: &[&str]) -> Output {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("emission");
    fs::create_dir_all(&folder).expect("the folder can be made");
    let mut command = Command::new(env!("CARGO_BIN_EXE_depin-sim"));
    command.current_dir(folder).arg("emission").args(words).env("NO_COLOR", "1");
    command.output().expect("the program starts")
}

fn said(words: &[&str]) -> String {
    let answer = program(words);
    let complaint = String::from_utf8_lossy(&answer.stderr);
    assert!(answer.status.success(), "{complaint}");
    String::from_utf8(answer.stdout).expect("text")
}

fn data(words: &[&str]) -> Value {
    serde_json::from_str(&said(&[words, &["--format", "json"]].concat())).expect("JSON")
}

/// Exit code 2, nothing on standard output, and these words on standard error.
fn refused(words: &[&str], because: &[&str]) {
    let answer = program(words);
    let complaint = String::from_utf8_lossy(&answer.stderr);
    assert_eq!((answer.status.code(), answer.stdout.len()), (Some(2), 0), "{complaint}");
    for part in because {
        assert!(complaint.contains(part), "{part} in\n{complaint}");
    }
}

/// The rows of a table in the folder of shared results, or `None` with the reason printed.
fn table(path: &str) -> Option<Vec<BTreeMap<String, String>>> {
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared")).join(path);
    let Ok(text) = fs::read_to_string(&path) else {
        eprintln!("skipped: there is no {}", path.display());
        return None;
    };
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    Some(reader.deserialize().map(|row| row.expect("a row of a table")).collect())
}

/// `key=value;key=value`.
fn parameters(text: &str) -> BTreeMap<&str, &str> {
    text.split(';').filter_map(|pair| pair.split_once('=')).collect()
}

fn number<T: std::str::FromStr>(text: &str) -> T {
    text.parse().unwrap_or_else(|_| panic!("{text} is not a number"))
}

/// What a row expects, held against the walk of its schedule.
fn hold(row: &BTreeMap<String, String>) {
    let given = parameters(&row["params"]);
    let find = |key: &str| given.get(key).copied();
    let mut sets = Vec::new();
    sets.extend(find("cap").map(|cap| format!("protocol.emission.cap_tokens={cap}")));
    sets.extend(find("run_past_end").map(|_| "protocol.emission.epochs=100000".to_owned()));
    let sets: Vec<&str> = sets.iter().map(String::as_str).collect();
    let at = find("epoch").or(find("through_epoch")).map(number);
    let years = find("through_years").map(number);
    let name = given["schedule"];
    let walk = walked(name, &sets, Question { at, years });
    let (amount, cumulative) = walk.at.map_or((0, walk.total), |at| (at.amount, at.cumulative));
    let expected = row["expected"].as_str();
    let tokens = |units: i128| depin_sim::report::number::whole(units, walk.decimals);
    let near = |found: f64| {
        let tolerance = if name == "filecoin-simple" { 2e-7 } else { 1e-9 };
        let wanted: f64 = number(expected);
        assert!((found / wanted - 1.0).abs() <= tolerance, "{row:?}: {found}");
    };
    match row["metric"].as_str() {
        "amount" => assert_eq!(amount, number::<i128>(expected), "{row:?}"),
        "cumulative" => assert_eq!(cumulative, number::<i128>(expected), "{row:?}"),
        "amount_tokens" => near(tokens(amount)),
        "cumulative_tokens" => near(tokens(cumulative)),
        "cap_epoch" => assert_eq!(walk.cap_epoch, Some(number(expected)), "{row:?}"),
        other => panic!("unknown metric {other}"),
    }
}

/// Years of Filecoin's thirty-second epochs take long without optimisation: the gate runs them in release.
fn long(row: &BTreeMap<String, String>) -> bool {
    let given = parameters(&row["params"]);
    given["schedule"].starts_with("filecoin") && given.get("through_years").is_some_and(|years| *years != "1")
}

#[test]
fn every_published_amount_sum_and_cap_epoch_is_met() {
    let Some(rows) = table("expected/analytic.csv") else { return };
    let rows: Vec<_> = rows.into_iter().filter(|row| row["kind"] == "emission").collect();
    assert!(rows.len() >= ROWS, "{} rows", rows.len());
    for row in rows.iter().filter(|row| !(cfg!(debug_assertions) && long(row))) {
        hold(row);
    }
}

/// As above, for what takes long without optimisation.
#[test]
#[ignore = "19 million epochs: half a minute; the gate runs it"]
fn filecoins_later_years_are_met() {
    let Some(rows) = table("expected/analytic.csv") else { return };
    let rows: Vec<_> = rows.into_iter().filter(|row| row["kind"] == "emission" && long(row)).collect();
    assert!(!rows.is_empty());
    rows.iter().for_each(hold);
}

#[test]
fn the_hourly_schedule_meets_its_cap_in_the_last_hour_which_is_partial() {
    let walk = walked("ionet-hourly", &[], Question::default());
    // 300,000,000.0004 IO without the cap: 44,090 base units more than it.
    assert_eq!((walk.total, walk.cap_epoch, walk.stop), (30_000_000_000_000_000, Some(175_319), Stop::Cap));
    let uncut = walked("ionet-hourly", &["protocol.emission.cap_tokens=400000000"], Question::default());
    assert_eq!((uncut.total - walk.total, uncut.last.amount - walk.last.amount), (44_090, 44_090));
    assert_eq!((uncut.stop, uncut.cap_epoch), (Stop::End, None));
}

#[test]
fn years_add_up_to_the_whole_whatever_the_length_of_an_epoch() {
    for name in ["helium-hip20", "render", "livepeer", "ionet-monthly-literal", "aethir-edge"] {
        let walk = walked(name, &[], Question { years: Some(7), at: None });
        let (epochs, emitted) = walk.years.iter().fold((0, 0), |(n, sum), y| (n + y.epochs, sum + y.emitted));
        assert_eq!((epochs, emitted), (walk.walked, walk.total), "{name}");
        let mut before = 0;
        for year in &walk.years {
            before += year.emitted;
            assert_eq!(year.cumulative, before, "{name}");
        }
    }
}

#[test]
fn half_of_the_supply_bonded_keeps_livepeers_inflation_where_it_is() {
    let sets = ["protocol.emission.starting_supply_tokens=28000000.000000000000000001"];
    let walk = walked("livepeer", &sets, Question { years: Some(3), at: None });
    // 0.0002185 of the supply in every round.
    let ratio = walk.last.amount as f64 / (28e24 + (walk.total - walk.last.amount) as f64);
    assert!((ratio / 0.000_218_5 - 1.0).abs() < 1e-12, "{ratio}");
}

#[test]
fn a_falling_price_empties_the_vault_sooner_and_falling_demand_later() {
    let hours = |name| walked(name, &[], Question::default()).last.epoch;
    let calm = hours("ionet-dollar-target");
    // 231 million IO at 890.41 / 0.26 an hour last 67,452 hours, less what is burned of early surpluses.
    assert!((66_000..=67_452).contains(&calm), "{calm}");
    assert!(hours("ionet-dollar-target-price-50") * 2 <= calm + 1_000);
    assert!(hours("ionet-dollar-target-demand-55") > calm);
}

#[test]
fn power_below_the_baseline_mints_less_than_power_on_it() {
    let sum = |name: &str, more: &[&str]| {
        let sets = [&["protocol.emission.epochs=10000"], more].concat();
        walked(name, &sets, Question::default()).total
    };
    let of_power =
        |bytes: &str| sum("filecoin-baseline", &[&format!("protocol.emission.assumed.power_bytes={bytes}")]);
    assert_eq!(of_power("0"), sum("filecoin-simple", &[]));
    assert!(of_power("0") < of_power("1e18") && of_power("1e18") < sum("filecoin-baseline", &[]));
}

#[test]
fn net_emissions_mint_what_was_burned_again() {
    // The example of HIP-20: 10 HNT burned and 3,424 fixed mint 3,434.
    let net = "protocol.emission.net_emissions={ remint = \"uncapped\", fixed = { constant = { per_epoch_tokens = 3424 } } }";
    let burned = "protocol.emission.assumed={ burned_tokens_per_epoch = 10 }";
    let walk = walked("helium-hip20", &[net, burned], Question { at: Some(3), years: None });
    assert_eq!(walk.at.map(|at| (at.amount, at.cumulative)), Some((343_400_000_000, 4 * 343_400_000_000)));
}

#[test]
fn json_has_the_published_shape_and_large_integers_are_text() {
    assert_eq!(
        data(&["bitcoin", "--at", "839999"]),
        json!({
            "decimals": 8,
            "first": 5_000_000_000_u64,
            "last": 1,
            "total": 2_099_999_997_690_000_u64,
            "cap_epoch": null,
            "at": { "epoch": 839_999, "amount": 625_000_000, "cumulative": 1_968_750_000_000_000_u64 },
        })
    );
    let hourly = data(&["ionet-hourly"]);
    assert_eq!(
        (&hourly["total"], &hourly["cap_epoch"], &hourly["at"]),
        (&json!("30000000000000000"), &json!(175_319), &Value::Null)
    );
}

#[test]
fn after_the_end_an_epoch_is_empty_and_the_sum_is_final() {
    let after = data(&["nosana", "--at", "1000000000000"]);
    let expected =
        json!({ "epoch": 1_000_000_000_000_u64, "amount": 0, "cumulative": 20_000_000_000_000_u64 });
    assert_eq!(after["at"], expected);
}

#[test]
fn the_page_of_a_schedule_is_this() {
    let page = said(&[
        "ionet-monthly-b",
        "--at",
        "12",
        "--years",
        "3",
        "--set",
        "protocol.emission.cap_tokens=300000000",
    ]);
    let expected = "\
ionet-monthly-b  geometric, epochs of 1 month, the first on 1 Jul 2024

  first     3,524,486.19973691  epoch 1
  last      2,461,821.41960969  epoch 36
  total   106,644,643.00070981  36 epochs, 3.0 years: as far as asked
  cap              300,000,000  not reached
  supply           500,000,000  before the first epoch
  then    606,644,643.00070981  after the last, less what was burned
  at        3,148,601.93952002  epoch 12
  so far            40,000,000  up to and including it

  year  begins      epochs     emitted       in all  of cap  inflation
     1  2024-07-01      12  40,000,000   40,000,000   13.3%       8.0%
     2  2025-07-01      12  35,369,537   75,369,537   25.1%       6.5%
     3  2026-07-01      12  31,275,105  106,644,643   35.5%       5.4%
";
    assert_eq!(page, expected, "{page}");
}

#[test]
fn the_page_of_bitcoin_ends_with_its_last_satoshi() {
    let page = said(&["bitcoin"]);
    for line in [
        "bitcoin  halving, epochs of 10 minutes, the first on 3 Jan 2009",
        "  last        0.00000001  epoch 6,929,999",
        "  total  20,999,999.9769  6,930,000 epochs, 131.8 years: the end",
        "  cap         21,000,000  not reached",
        // Blocks 157,680 to 210,239: 240 of them after the halving, 25 BTC short each.
        "     4  2012-01-03  52,560  2,622,000  10,506,000   50.0%        33%",
        "     5  2013-01-02  52,560  1,314,000  11,820,000   56.2%        13%",
        "   132  2139-12-03  44,640          0  20,999,999   99.9%       0.0%",
    ] {
        assert!(page.lines().any(|found| found == line), "{line}\nin\n{page}");
    }
}

#[test]
fn a_network_without_a_schedule_shows_its_pool_and_says_so() {
    let page = said(&["small"]);
    assert!(page.contains("a pool, no schedule") && page.contains("total  100,000  at most"), "{page}");
    let pool = data(&["small"]);
    assert_eq!(
        (&pool["total"], &pool["first"], &pool["at"]),
        (&json!(10_000_000_000_000_u64), &Value::Null, &Value::Null)
    );
    refused(&["small", "--at", "1"], &["has a pool and no schedule", "[protocol.emission.NAME]"]);
}

#[test]
fn a_figure_is_written_as_png_and_svg() {
    let said = said(&["render", "--out", "figures"]);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("emission/figures");
    let drawing = fs::read_to_string(folder.join("emission.svg")).expect("it is written");
    assert!(drawing.contains("15M tokens to its end"), "{drawing}");
    assert!(fs::read(folder.join("emission.png")).expect("it is written").starts_with(b"\x89PNG"));
    assert!(said.ends_with("written figures/emission.png\nwritten figures/emission.svg\n"), "{said}");
}

#[test]
fn what_cannot_be_walked_is_said_with_its_reason() {
    refused(
        &["ionet-hourly", "--at", "0"],
        &["there is no epoch 0: the first is 1", "again: depin-sim emission ionet-hourly --at 0"],
    );
    refused(
        &["bitcoin", "--set", "protocol.emission.epochs=1000000000000"],
        &["1000000000000 epochs are too many", "--years"],
    );
    refused(
        &["bitcoin", "--set", "protocol.emission.bonding={}"],
        &["bonding follows what the network does", "bonded_share"],
    );
    refused(&["no-such-network"], &["no-such-network"]);
}

#[test]
fn what_cannot_be_meant_is_a_problem_with_a_hint() {
    let wrong = |set: &str, because: &[&str]| refused(&["bitcoin", "--set", set], because);
    wrong(
        "protocol.emission={ decimals = 8, epoch_seconds = 600, halvign = {} }",
        &["halvign", "did you mean `halving`?"],
    );
    wrong(
        "protocol.emission={ epoch_seconds = 600, halving = { each_epoch_tokens = 1, halving_epochs = 2 }, constant = { per_epoch_tokens = 1 } }",
        &["names several", "keep one of them"],
    );
    wrong("protocol.emission.decimals=30", &["30 is more than 18", "a token has 0 to 18 decimals"]);
    wrong("protocol.emission.halving.each_epoch_tokens=0.000000001", &["more decimals than the token"]);
    wrong("protocol.emission.halving.each_epoch_tokens=1e30", &["above 10^18"]);
    wrong("protocol.emission.halving.halving_epochs=0", &["outside the range"]);
    wrong("protocol.emission.halving.first_period_tokens=5", &["the first period is told once"]);
    wrong("protocol.emission.epochs=0", &["a schedule of no epoch"]);
    wrong("protocol.emission.epoch_seconds=0", &["outside the range"]);
    wrong("protocol.emission.first_epoch=7", &["outside the range"]);
    wrong("protocol.emission.filecoin_simple={}", &["half-life is coded in epochs of 30 seconds"]);
    wrong(
        "protocol.emission.geometric={ rate = \"1e-3\", fall_per_epoch = 0.1 }",
        &["a decimal number such as 0.0102"],
    );
}

#[test]
fn a_schedule_alone_runs_as_a_network_in_which_nobody_takes_part() {
    let scenario = lab::shipped("emission/bitcoin", &[]);
    let record = lab::run(&scenario);
    assert_eq!(lab::value(&record, "supply.real_final"), 0.0);
}
