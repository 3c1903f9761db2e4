//! The stress cases of io.net's Incentive Dynamic Engine, as shipped: what suppliers are paid when demand or price falls.

use crate::lab::{run, shipped, value};

/// Tokens paid, and jobs submitted, over a whole run.
fn paid_and_asked(name: &str, sets: &[&str]) -> [f64; 2] {
    let record = run(&shipped(&format!("stress/{name}"), sets));
    ["rewards.paid_tokens", "demand.jobs_submitted"].map(|metric| value(&record, metric))
}

/// What a scenario's second fortnight came to, and the base's first, since they have that in common.
fn fortnights(name: &str, sets: &[&str]) -> ([f64; 2], [f64; 2]) {
    let first = paid_and_asked("ionet-ide", &[sets, &["run.duration_days=15"]].concat());
    let both = paid_and_asked(name, sets);
    (first, [0, 1].map(|i| both[i] - first[i]))
}

const WORK_ONLY: &str = "protocol.rewards.dollar_target={ idle_share = 0.0 }";

#[test]
fn half_the_price_pays_suppliers_exactly_twice_the_tokens() {
    let (_, [usual, _]) = fortnights("ionet-ide", &[]);
    let (_, [stressed, _]) = fortnights("ionet-ide-price", &[]);
    // Some thirty of the sixty operators come: 0.12 USD for each of the fortnight's 336 hours, at 0.26 USD a token, is 155 each.
    assert!(usual > 3_000.0, "there is something to pay: {usual}");
    // A base unit for each of two payments is lost to rounding at most.
    assert!((stressed - 2.0 * usual).abs() < 1e-6, "{stressed} is not twice {usual}");
}

#[test]
fn demand_down_by_55_percent_leaves_suppliers_paid_as_before() {
    let (_, [usual, _]) = fortnights("ionet-ide", &[]);
    let (_, [stressed, _]) = fortnights("ionet-ide-demand", &[]);
    assert!((stressed - usual).abs() < 1e-6, "{stressed} is not {usual}");
}

#[test]
fn the_stress_of_demand_is_one_of_55_percent() {
    let base = paid_and_asked("ionet-ide", &[])[1];
    let first = paid_and_asked("ionet-ide", &["run.duration_days=14"])[1];
    let stressed = paid_and_asked("ionet-ide-demand", &[])[1];
    let left = (stressed - first) / (base - first);
    // Some 600 jobs instead of 1,400: a hundredth is one standard deviation of their ratio.
    assert!((left - 0.45).abs() < 0.05, "{left}");
}

#[test]
fn an_engine_that_pays_for_work_alone_passes_the_fall_of_demand_on() {
    let (_, [usual, _]) = fortnights("ionet-ide", &[WORK_ONLY]);
    let (_, [stressed, _]) = fortnights("ionet-ide-demand", &[WORK_ONLY]);
    let left = stressed / usual;
    assert!((0.3..0.65).contains(&left), "{stressed} of {usual}");
}
