//! The scenarios of `scenarios/theory/` come to what their headers say that theory says.
//!
//! Each runs once, shortened; the figure lies within the interval of its own batches at about 99.9 % (for Student's t with
//! 19 degrees that is 1.86 times the half width of 95 %), and that interval is narrow enough to mean something.

use depin_sim::experiment::replicate;
use depin_sim::measure::record::Record;
use depin_sim::scenario::Scenario;
use std::path::Path;
use std::sync::Arc;

fn run(name: &str, sets: &[&str]) -> Record {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("scenarios/theory/{name}.toml"));
    let sets: Vec<String> = sets.iter().map(|set| (*set).to_owned()).collect();
    let scenario = Scenario::load(&path, &sets).unwrap_or_else(|report| panic!("{report}"));
    replicate(&Arc::new(scenario), 0, &|_, _, _| {})
}

fn holds(record: &Record, metric: &str, theory: f64) {
    let name = format!("steady.{metric}");
    let settled = record.steady.iter().find(|s| s.found.name == name).unwrap_or_else(|| panic!("no {name}"));
    let (value, half) = (settled.found.value.expect("a value"), settled.half_width.expect("an interval"));
    assert!((value - theory).abs() <= 1.86 * half + 1e-9, "{name}: {value} +- {half}, theory says {theory}");
    assert!(half < 0.2 * theory, "{name}: {value} +- {half} says nothing");
}

#[test]
fn waiting_for_devices_is_erlangs_c_and_pollaczeks_and_khinchines() {
    let mmc = run("mmc", &["run.duration_days=5000"]);
    holds(&mmc, "wait_share", 0.787_753_264_295_362_4);
    holds(&mmc, "wait_hours_mean", 1.969_383_160_738_406);
    let one =
        run("mmc", &["run.duration_days=10000", "hardware.nodes.count=1", "demand.jobs.jobs_per_day=12"]);
    holds(&one, "wait_hours_mean", 1.0);
    holds(&one, "number_mean", 1.0);
    let fixed = run("mg1", &["run.duration_days=5000", "demand.jobs.hours=1"]);
    holds(&fixed, "wait_hours_mean", 2.0);
    holds(&run("mg1", &[]), "wait_hours_mean", 10.0);
}

#[test]
fn a_full_waiting_room_turns_away_and_the_impatient_give_up() {
    let room = run("mmck", &["run.duration_days=3000"]);
    holds(&room, "blocked_share", 0.096_635_503_596_909_36);
    let erlang_b = 0.214_582_343_107_347_3;
    holds(&run("erlang-b", &["run.duration_days=2000"]), "blocked_share", erlang_b);
    let fixed = run("erlang-b", &["run.duration_days=2000", "demand.jobs.hours=1"]);
    holds(&fixed, "blocked_share", erlang_b);
    let impatient = run("erlang-a", &["run.duration_days=2000"]);
    holds(&impatient, "abandoned_share", 0.168_479_087_255_872_2);
    holds(&impatient, "wait_share", 0.659_489_357_534_339);
}

#[test]
fn the_important_go_first_whether_or_not_they_stop_others() {
    let waits = run("priority", &["run.duration_days=15000"]);
    holds(&waits, "wait_hours_mean.high", 8.0 / 7.0);
    holds(&waits, "wait_hours_mean.low", 40.0 / 7.0);
    let stops = run("priority", &["run.duration_days=15000", "protocol.queueing.priority.preemptive=true"]);
    holds(&stops, "system_hours_mean.low", 50.0 / 7.0);
    holds(&stops, "wait_hours_mean.high", 3.0 / 7.0);
}

#[test]
fn machines_wait_for_technicians_and_availability_hangs_on_means_alone() {
    let one = run("machine-repair", &[]);
    holds(&one, "available_share", 0.847_560_722_352_781_5);
    let two = run("machine-repair", &["hardware.nodes.technicians=2"]);
    holds(&two, "down_mean", 0.811_201_435_282_087_3);
    holds(&two, "down_hours_mean", 8.828_155_602_374_884);
    for (up, down) in [
        ("{ weibull = { shape = 0.7, mean = 200 } }", "{ lognormal = { mean = 5, sd = 10 } }"),
        ("{ erlang = { k = 2, mean = 200 } }", "5"),
        ("{ exponential = { mean = 200 } }", "{ exponential = { mean = 5 } }"),
        ("{ uniform = { low = 0, high = 400 } }", "{ pareto = { shape = 3, min = 3.3333333333 } }"),
    ] {
        let sets = [format!("site.room.uptime_hours={up}"), format!("site.room.outage_hours={down}")];
        let record = run("renewal", &[&sets[0], &sets[1]]);
        holds(&record, "available_share", 200.0 / 205.0);
        holds(&record, "at_least_share", 0.987_876_088_752_730_7);
    }
}

#[test]
fn lost_work_is_done_again_and_saved_work_is_not() {
    holds(&run("restart", &[]), "completion_hours_mean", 171.828_182_845_904_5);
    let repaired = run("restart", &["site.room.outage_hours={ exponential = { mean = 10 } }"]);
    holds(&repaired, "completion_hours_mean", 110.0 * (std::f64::consts::E - 1.0));
    let segments = 9.0 * 5.0 * libm::expm1(1.01 / 5.0) + 5.0 * libm::expm1(0.2);
    holds(&run("checkpoint", &["run.duration_days=5000"]), "completion_hours_mean", segments);
}

#[test]
fn with_devices_for_everyone_the_number_in_use_is_poisson() {
    let record = run("occupancy", &["run.duration_days=2000"]);
    holds(&record, "busy_mean", 36.0);
    holds(&record, "busy_variance", 36.0);
    assert_eq!(record.metrics["steady.wait_share"].value, Some(0.0));
}

#[test]
fn what_no_machine_room_can_be_is_refused_before_it_runs() {
    for (name, set, because) in [
        ("renewal", "site.room.uptime_hours=0", "shorter than a second"),
        (
            "renewal",
            "site.room.uptime_hours={ weibull = { shape = 0.01, mean = 200 } }",
            "shorter than a second",
        ),
        ("renewal", "hardware.nodes.technicians=0", "nobody would ever mend"),
        ("mmc", "hardware.nodes.technicians=2", "never fail"),
        ("mmc", "demand.jobs.least_minutes=1e9", "outside the range"),
        ("mmc", "demand.jobs.reference_cloud=\"x\"", "says the limit already"),
        ("mmc", "steady.warm_up_share=0.95", "outside the range"),
        ("mmc", "demand.trace={ path = \"no.swf\", format = \"swf\" }", "not both"),
    ] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("scenarios/theory/{name}.toml"));
        let refused = Scenario::load(&path, &[set.to_owned()]).expect_err(set).to_string();
        assert!(refused.contains(because), "{set}: {refused}");
    }
}
