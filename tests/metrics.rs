//! `list metrics` explains every metric of a run, and nothing that no run has.

use depin_sim::experiment::replicate;
use depin_sim::measure::metrics::METRICS;
use depin_sim::measure::record::Record;
use depin_sim::scenario::Scenario;
use std::path::Path;
use std::sync::Arc;

/// The small scenario, with a shop, a second class of renters and [steady], so that every family has a member.
fn record() -> Record {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/small.toml");
    let shop = "shop.corner={ hardware = \"rtx_3080\", price_usd = 700, weekly_supply = 5 }";
    let class = "demand.other={ jobs_per_day = 5, hours = 1, price_limit_usd_hour = 1 }";
    let sets = [shop, class, "steady.warm_up_share=0.1"].map(str::to_owned);
    let scenario = Scenario::load(&path, &sets).unwrap_or_else(|report| panic!("{report}"));
    replicate(&Arc::new(scenario), 0, &|_, _, _| {})
}

#[test]
fn every_metric_of_a_run_has_exactly_one_explanation_with_its_unit() {
    for (name, metric) in record().metrics {
        let rows: Vec<_> = METRICS.iter().filter(|row| row.covers(&name)).collect();
        assert_eq!(rows.len(), 1, "explanations of {name}");
        assert_eq!(rows[0].unit, metric.unit, "unit of {name}");
    }
}

#[test]
fn nothing_is_explained_that_no_run_has() {
    let metrics = record().metrics;
    for row in METRICS {
        assert!(metrics.keys().any(|name| row.covers(name)), "{}", row.pattern);
    }
}
