//! The same scenario is the same run: to the bit, on any number of threads, in any build, in any order of writing.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use depin_sim::engine::{Span, Time};
use depin_sim::experiment;
use depin_sim::measure::digest::hex;
use depin_sim::measure::record::Record;
use depin_sim::measure::recorder::Recorder;
use depin_sim::scenario::Scenario;
use depin_sim::world::World;

use crate::lab::{column, run, shipped, text_of, written};

fn digests(scenario: &Arc<Scenario>, threads: usize) -> Vec<String> {
    let stop = AtomicBool::new(false);
    let records = experiment::run(scenario, threads, &stop, &|_, _, _| {}).expect("no replication crashes");
    let numbers: Vec<u32> = records.iter().map(|r| r.replication).collect();
    assert!(numbers.is_sorted(), "records come in the order of their index");
    records.iter().map(|r| hex(&r.digest)).collect()
}

fn replace_once(text: &str, old: &str, new: &str) -> String {
    assert_eq!(text.matches(old).count(), 1, "the scenario says {old:?} once");
    text.replace(old, new)
}

/// A shipped text with one top-level table (from its heading to the next blank line and heading) cut out.
fn cut(text: &str, heading: &str) -> (String, String) {
    let start = text.find(heading).expect("the scenario has this table");
    let length = text[start..].find("\n\n[").map_or(text.len() - start, |n| n + 2);
    let table = text[start..start + length].to_owned();
    (text.replace(&table, ""), table)
}

#[test]
fn repeated_runs_are_equal_to_the_bit() {
    let scenario = shipped("small", &[]);
    let (first, second) = (run(&scenario), run(&scenario));
    assert_eq!(first.digest, second.digest);
    assert_eq!(first.events, second.events);
    assert_eq!(first.metrics, second.metrics);
}

#[test]
fn one_thread_and_two_give_the_same_replications_in_order() {
    let scenario = shipped("small", &["run.replications=4"]);
    let (one, two) = (digests(&scenario, 1), digests(&scenario, 2));
    assert_eq!(one.len(), 4);
    assert_eq!(one, two);
    let mut distinct = one;
    distinct.sort();
    distinct.dedup();
    assert_eq!(distinct.len(), 4, "each replication has its own luck");
}

#[test]
fn another_seed_is_another_run() {
    let digest = |seed: &str| run(&shipped("small", &[seed])).digest;
    assert_ne!(digest("run.seed=1"), digest("run.seed=2"));
}

#[test]
fn the_order_in_which_cohorts_are_written_does_not_matter() {
    let text = text_of("small");
    let (without, gamers) = cut(&text, "[supply.gamers]");
    let moved = format!("{without}\n{gamers}");
    assert_ne!(moved, text, "the table has moved");
    assert!(moved.find("[supply.gamers]") > moved.find("[supply.renters]"), "and now comes after the other");
    assert_eq!(run(&written(&moved)).digest, run(&written(&text)).digest);
}

#[test]
fn running_to_an_earlier_date_first_changes_nothing() {
    let scenario = shipped("small", &[]);
    let mut world = World::new(Arc::clone(&scenario), 0, Recorder::new(&scenario));
    // Between two epochs, in the middle of a round, and at no event at all.
    for at in [Span::DAY.times(3), Span::HOUR.times(500), Span::SECOND.times(1_900_801)] {
        world.run_until(Time::ZERO + at, |_, _| {});
    }
    world.run_until(Time::ZERO + scenario.run.duration, |_, _| {});
    world.settle_everyone();
    let recorder = world.release_watcher();
    let halted = recorder.finish(&world.scene(), 0);
    assert_eq!(halted.digest, run(&scenario).digest);
}

/// All that a run says of everyone but some group, whatever the numbers of purses and people are.
fn same_but_for(a: &Record, b: &Record, ignored: &str) {
    for (name, metric) in &a.metrics {
        if !name.ends_with(ignored) {
            assert_eq!(b.metrics.get(name), Some(metric), "{name}");
        }
    }
    let rows = |r: &Record| -> Vec<(String, i128, i128, i128, i64)> {
        let kept = r.suppliers.iter().filter(|s| s.cohort != ignored);
        kept.map(|s| (s.supplier.clone(), s.spent_usd, s.points, s.tokens, s.entered_unix_s)).collect()
    };
    assert_eq!(rows(a), rows(b));
}

#[test]
fn a_renamed_cohort_keeps_its_luck_when_it_names_its_old_stream() {
    let text = text_of("small");
    // The new name comes first in the alphabet, so that everyone's number changes.
    let renamed = replace_once(&text, "[supply.renters]", "[supply.aardvarks]\nstream = \"renters\"");
    let (before, after) = (run(&written(&text)), run(&written(&renamed)));
    assert_eq!(
        column(&before, "supply.connected_by", "renters"),
        column(&after, "supply.connected_by", "aardvarks")
    );
    for (name, metric) in &before.metrics {
        let other = name.replace("renters", "aardvarks");
        let other = if name.ends_with(".renters") { other } else { name.clone() };
        let (Some(x), Some(y)) = (metric.value, after.metrics[&other].value) else {
            assert_eq!(metric.value, after.metrics[&other].value, "{name}");
            continue;
        };
        // Sums over people are taken in another order.
        assert!((x - y).abs() <= 1e-9 * x.abs().max(1.0), "{name}: {x} and {y}");
    }
    let without = replace_once(&text, "[supply.renters]", "[supply.aardvarks]");
    assert_ne!(
        column(&run(&written(&without)), "supply.connected_by", "aardvarks"),
        column(&before, "supply.connected_by", "renters"),
        "a new name without `stream` is new luck"
    );
}

#[test]
fn suppliers_who_never_take_part_move_nobodys_luck() {
    let text = text_of("small");
    let own = "own = { hardware = \"rtx_3080\", site = \"home\" }\n";
    let nobody = format!("{text}\n[supply.aaa]\npopulation = 0\n{own}");
    let deaf = format!("{text}\n[supply.aaa]\npopulation = 500\nnews_per_day = 0\npeers_per_day = 0\n{own}");
    let base = run(&written(&text));
    for unused in [nobody, deaf] {
        same_but_for(&base, &run(&written(&unused)), "aaa");
    }
}

#[test]
fn the_small_scenario_is_the_one_that_was_blessed() {
    let baseline = include_str!("../scenarios/baselines/small.digest");
    let record = run(&shipped("small", &[]));
    assert_eq!(
        hex(&record.digest),
        baseline.trim(),
        "the results of scenarios/small.toml have changed; if that was meant, write the digest on the left into \
         tests/../scenarios/baselines/small.digest and say in CHANGELOG.md what changed them"
    );
}
