//! Placements and prices as a scenario names them: what they do to the work of a small network.

use std::path::Path;
use std::sync::atomic::AtomicBool;

use depin_sim::experiment::run_recorded;
use depin_sim::measure::record::Record;
use depin_sim::measure::recording::Recordings;
use depin_sim::scenario::Scenario;
use depin_sim::telemetry::replay::replay;

use crate::lab::{run, shipped, value};

/// The small network with these arguments.
fn small(sets: &[&str]) -> Record {
    run(&shipped("small", sets))
}

/// What each supplier was paid for work, micro-dollars: all it earned, without its tokens at the outcome price of a
/// dollar (a token has 100 base units to the micro-dollar).
fn pay(record: &Record) -> Vec<i128> {
    record.suppliers.iter().map(|row| row.earned_usd - row.tokens / 100).collect()
}

/// Suppliers who were paid for work.
fn hired(record: &Record) -> usize {
    pay(record).iter().filter(|usd| **usd > 0).count()
}

/// What all of them were paid.
fn rent(record: &Record) -> i128 {
    pay(record).iter().sum()
}

#[test]
fn the_best_of_one_by_price_alone_is_the_cheapest_to_the_last_digit() {
    let best = "protocol.scheduling.top_k={ candidates = 1, reputation_weight = 0 }";
    let posted = small(&[]);
    assert_eq!(small(&[best]).digest, posted.digest);
    assert_eq!(small(&["protocol.scheduling.cheapest={}"]).digest, posted.digest);
}

#[test]
fn with_more_candidates_the_same_work_is_shared_by_more_suppliers() {
    let few = hired(&small(&[]));
    let some = hired(&small(&["protocol.scheduling.top_k={ candidates = 10 }"]));
    let many = hired(&small(&["protocol.scheduling.top_k={ candidates = 40 }"]));
    assert!(few < some && some < many, "{few} {some} {many}");
}

#[test]
fn one_site_first_is_the_cheapest_until_jobs_are_gangs() {
    let one_site = "protocol.scheduling.one_site_first={}";
    assert_eq!(small(&[one_site]).digest, small(&[]).digest);
    let gangs = "demand.inference.cards=4";
    assert_ne!(small(&[gangs, one_site]).digest, small(&[gangs]).digest);
}

#[test]
fn fixed_prices_that_are_what_everybody_asks_change_nothing() {
    let as_asked = "protocol.prices.fixed={ rtx_3080 = { usd_per_hour = 0.3 }, tesla_t4 = { usd_per_hour = \
                    \"0.30\" }, rtx_4070 = { usd_per_hour = 5 } }";
    let posted = small(&[]);
    assert_eq!(small(&[as_asked]).digest, posted.digest);
    assert_eq!(small(&["protocol.prices.posted={}"]).digest, posted.digest);
}

#[test]
fn a_third_of_the_price_is_a_third_of_the_pay_for_the_same_work() {
    let a_third =
        "protocol.prices.fixed={ rtx_3080 = { usd_per_hour = 0.1 }, tesla_t4 = { usd_per_hour = 0.1 } }";
    let (posted, fixed) = (small(&[]), small(&[a_third]));
    let jobs = "demand.jobs_completed";
    assert_eq!(value(&fixed, jobs), value(&posted, jobs));
    assert!(rent(&posted) > 100_000_000, "there is work to be paid for");
    // Each bill is rounded to a micro-dollar.
    assert!((rent(&posted) - 3 * rent(&fixed)).abs() < 10_000, "{} {}", rent(&posted), rent(&fixed));
}

#[test]
fn above_what_anyone_pays_there_is_no_work() {
    let dear = "protocol.prices.fixed={ rtx_3080 = { usd_per_hour = 9 }, tesla_t4 = { usd_per_hour = 9 } }";
    assert_eq!(rent(&small(&[dear])), 0);
}

/// Lots hang on beacons and jobs, and prices on the table, all of which a recording holds.
#[test]
fn the_protocol_alone_draws_the_same_lots_and_pays_the_same_prices_again() {
    let scenario = shipped(
        "small",
        &[
            "run.record=events",
            "demand.inference.cards=3",
            "protocol.scheduling.top_k={}",
            "protocol.prices.fixed={ rtx_3080 = { usd_per_hour = 0.2 } }",
        ],
    );
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("placement");
    std::fs::create_dir_all(&folder).expect("the target folder can be written");
    let recordings = Recordings::of(&scenario, &folder);
    run_recorded(&scenario, 1, &AtomicBool::new(false), &|_, _, _| {}, &recordings).expect("it runs");
    recordings.publish().expect("the recording is written");
    let again = replay(&folder.join("events.jsonl.zst")).expect("it is a recording");
    assert_eq!((again.trouble.clone(), again.different), (None, 0), "{:?}", again.differences);
    assert!(again.tally.leases_started > 100, "{:?}", again.tally);
}

/// What is said about the small network with one more argument.
fn said(set: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/small.toml");
    let report = Scenario::load(&path, &[set.to_owned()]).expect_err(set);
    let said = report.problems().iter().map(|problem| {
        let hint = problem.hint().filter(|hint| !hint.is_empty()).map(|hint| format!(" | {hint}"));
        format!("{}{}", problem.message(), hint.unwrap_or_default())
    });
    said.collect()
}

#[test]
fn senseless_placements_and_prices_are_refused_where_they_stand() {
    let at = "protocol.scheduling.top_k";
    for (parameters, expected) in [
        ("candidates = 0", "`{at}.candidates`: 0 is outside the range from 1 to 1000"),
        ("price_weight = 11", "`{at}.price_weight`: 11 is outside the range from 0 to 10"),
        (
            "reputation_weight = 0, price_weight = 0",
            "`{at}.price_weight`: a score without a weight tells no devices apart | give one of them 1",
        ),
        ("dear_usd_per_hour = 0", "`{at}.dear_usd_per_hour`: 0 is outside the range from 0.01 to 1000"),
        ("candidate = 3", "unknown key `{at}.candidate` | did you mean `candidates`?"),
    ] {
        assert_eq!(said(&format!("{at}={{ {parameters} }}")), [expected.replace("{at}", at)]);
    }
    let at = "protocol.prices.fixed";
    for (rows, expected) in [
        (
            "rtx_3081 = { usd_per_hour = 1 }",
            "`{at}.rtx_3081`: there is no [hardware.rtx_3081] | did you mean \"rtx_3080\"?",
        ),
        (
            "rtx_3080 = { usd_per_hour = 4001 }",
            "`{at}.rtx_3080.usd_per_hour`: 4001 is outside the range from 0 to 4000",
        ),
        (
            "rtx_3080 = {}",
            "`{at}.rtx_3080.usd_per_hour` is missing: expected an amount of US dollars with at most 6 decimals, \
             such as \"400.00\"",
        ),
        (
            "",
            "`{at}`: no model has a fixed price | add [protocol.prices.fixed.MODEL] with usd_per_hour, or name \
             posted prices",
        ),
    ] {
        assert_eq!(said(&format!("{at}={{ {rows} }}")), [expected.replace("{at}", at)]);
    }
}
