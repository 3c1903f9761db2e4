//! The rule by itself, in a world, and on the command line.

use depin_protocol::ids::AccountId;
use depin_protocol::registry::{Model, flag};
use depin_protocol::rewards::{Columns, Row};
use depin_protocol::units::{ONE, Span};
use depin_sim::experiment::replicate;
use depin_sim::scenario::Scenario;
use depin_sim::scenario::rules::rewards::register;
use own_rule::{ENTRY, SteadyHours};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

const SCENARIO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/scenario.toml");

fn weights(rows: Vec<Row>) -> Vec<u64> {
    let card = Model { name: "card".into(), memory_mb: 10_000, gflops: 60_000, multiplier: ONE };
    Columns::new(rows, vec![card]).weigh(&mut SteadyHours(Span::WEEK.0))
}

fn up_for(days: u64) -> Row {
    Row { up_ns: Span::HOUR.0, streak_ns: Span::DAY.times(days).0, ..Row::default() }
}

#[test]
fn an_hour_counts_once_after_a_drop_and_twice_after_a_week() {
    let banned = Row { flags: flag::BANNED, ..up_for(7) };
    assert_eq!(weights(vec![up_for(0), up_for(7), up_for(70), banned]), [1_000_000, 2_000_000, 2_000_000, 0]);
    // Two sevenths of the bonus.
    assert_eq!(weights(vec![up_for(2)]), [1_285_714]);
}

#[test]
fn the_rule_and_its_entry_take_fewer_than_forty_lines() {
    let source = include_str!("../src/lib.rs");
    let code = source.lines().filter(|line| !line.trim().is_empty() && !line.trim().starts_with("//"));
    let lines = code.count();
    assert!((10..40).contains(&lines), "{lines}");
}

/// The law of every rule of the network: what one owner divides gains nothing.
#[test]
fn dividing_cards_among_workers_and_accounts_gains_nothing() {
    for days in 0..9 {
        let eight = weights(vec![Row { cards: 8, ..up_for(days) }]);
        let divided = (0..8).map(|account| Row { account: AccountId(account), ..up_for(days) });
        assert_eq!(weights(divided.collect()).iter().sum::<u64>(), eight[0], "{days} days");
    }
}

/// Tokens per hour online of a cohort.
fn an_hour_is_worth(scenario: &Arc<Scenario>, cohort: &str) -> f64 {
    let record = replicate(scenario, 0, &|_, _, _| {});
    let own: Vec<_> = record.suppliers.iter().filter(|row| row.cohort == cohort).collect();
    assert!(own.len() > 10, "{} of {cohort} took part", own.len());
    own.iter().map(|row| row.tokens as f64).sum::<f64>() / own.iter().map(|row| row.up_hours).sum::<f64>()
}

#[test]
fn a_datacentre_is_paid_more_for_an_hour_than_a_home_and_only_by_this_rule() {
    register(&ENTRY);
    let premium = |rewards: &str| {
        let sets = [format!("protocol.rewards.{rewards}")];
        let scenario = Scenario::load(Path::new(SCENARIO), &sets).unwrap_or_else(|report| panic!("{report}"));
        let scenario = Arc::new(scenario);
        an_hour_is_worth(&scenario, "operators") / an_hour_is_worth(&scenario, "gamers")
    };
    let steady = premium("steady_hours={}");
    // A stretch that ends by chance has lasted, whenever one looks, for its law's mean: a day in a datacentre and eight
    // hours at home, of the week that counts. Chance moves some thousand stretches by a hundredth, and evenings of play
    // shorten those at home a little.
    let expected = (1.0 + 24.0 / 168.0) / (1.0 + 8.0 / 168.0);
    assert!((steady - expected).abs() < 0.02, "{steady}, not {expected}");
    // The same hours without the bonus, as a formula.
    let plain = premium("formula={ weight = 'cards * up_hours' }");
    assert!((plain - 1.0).abs() < 0.02, "{plain}");
}

fn program(words: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_own-rule"));
    let output = command.args(words).current_dir(env!("CARGO_TARGET_TMPDIR")).output().expect("it starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn the_command_line_lists_checks_and_runs_it() {
    assert!(program(&["list", "rules"]).contains("protocol.rewards.steady_hours\n"));
    assert!(program(&["check", SCENARIO]).contains("fine"));
    assert!(program(&["list", "variables"]).contains("account_up_hours"));
    let summary = program(&["run", SCENARIO, "--no-plots", "--out", "own-rule", "--format", "json"]);
    assert!(summary.contains("\"digest\""), "{summary}");
}
