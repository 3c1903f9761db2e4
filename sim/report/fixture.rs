//! Made-up records for tests: plausible in shape, with no claim to be right.

use super::Head;
use crate::measure::record::{Column, FlowRow, Mark, Metric, Record, Series, SupplierRow};
use std::collections::BTreeMap;

/// 4 November 2023, the start of the story.
pub const START: i64 = 1_699_056_000;

pub const COHORTS: [(&str, bool, u32, f64, f64); 9] = [
    // name, honest, accounts, median return, dollars per account
    ("gamers", true, 400, 0.35, 300.0),
    ("mac_minis", true, 250, -0.42, 900.0),
    ("cloud_renters", true, 180, -0.55, 4200.0),
    ("whales", true, 12, -0.31, 220_000.0),
    ("brokers", true, 30, -0.12, 60_000.0),
    ("data_centres", true, 25, 0.08, 45_000.0),
    ("early_insiders", true, 8, 2.1, 15_000.0),
    ("slice_farm", false, 40, 1.4, 3000.0),
    ("april_metadata", false, 20, 30.0, 500.0),
];

/// A small generator of its own, so that fixtures do not change with a library.
pub struct Luck(u64);

impl Luck {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// Uniform on [0, 1).
    pub fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Roughly normal, with mean 0 and deviation 1.
    pub fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.next()).sum::<f64>() - 6.0
    }
}

pub fn head(replications: u32) -> Head {
    Head {
        scenario: "io_net_ignition".into(),
        seed: u64::MAX,
        replications,
        digest: [0xab; 32],
        version: "0.1.0".into(),
        model_version: 1,
        canonical: "[run]\nseed = 1\n".into(),
        command: "depin-sim run io_net_ignition --seed 1".into(),
    }
}

fn ramp(t: f64, middle: f64, width: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-(t - middle) / width))
}

/// One replication of a story with `samples` hourly samples.
pub fn record(replication: u32, samples: usize) -> Record {
    let mut luck = Luck::new(u64::from(replication) + 7);
    let scale = 1.0 + 0.08 * luck.normal();
    let series = series(&mut luck, samples, scale);
    let suppliers = suppliers(&mut luck);
    let flows = flows(&suppliers);
    let mut metrics = BTreeMap::new();
    let last = |metric: &str| {
        let column = series.columns.iter().find(|c| c.metric == metric);
        column.and_then(|c| c.values.last().copied())
    };
    for (name, unit, value) in [
        ("supply.displayed_final", "cards", last("supply.displayed")),
        ("supply.real_final", "cards", last("supply.real")),
        ("economics.subsidy_per_revenue_usd", "usd/usd", Some(41.0 * scale)),
        ("token.price_final_usd", "usd", None),
        ("demand.jobs_submitted", "jobs", Some(1e17)),
    ] {
        metrics.insert(name.to_string(), Metric { unit, value });
    }
    Record {
        replication,
        digest: [replication as u8; 32],
        metrics,
        series,
        suppliers,
        flows,
        jobs: Vec::new(),
        steady: Vec::new(),
        marks: marks(),
        events: 1_000_000,
    }
}

fn series(luck: &mut Luck, samples: usize, scale: f64) -> Series {
    let unix_s: Vec<i64> = (0..samples as i64).map(|i| START + i * 3600).collect();
    let mut columns = Vec::new();
    let mut add = |metric, unit, group: &str, value: &mut dyn FnMut(f64, f64) -> f64| {
        let mut wander = 0.0;
        let values = (0..samples).map(|i| {
            wander = 0.98 * wander + 0.012 * luck.normal();
            value(i as f64 / 5280.0, wander)
        });
        columns.push(Column { metric, unit, group: group.into(), values: values.collect() });
    };
    let real = |t: f64| {
        if t < 0.02 { 0.0 } else { scale * (26_000.0 * ramp(t, 0.42, 0.06) - 9_000.0 * ramp(t, 0.83, 0.02)) }
    };
    let attack = |t: f64| 560_000.0 * scale * ramp(t, 0.765, 0.006) * (1.0 - ramp(t, 0.80, 0.002));
    add("supply.connected", "cards", "", &mut |t, w| (real(t) * (1.05 + w) + attack(t)).floor());
    add("supply.displayed", "cards", "", &mut |t, _| {
        (real((t - 0.01).max(0.0)) * 1.3 + attack(t - 0.004)).floor()
    });
    add("supply.verified", "cards", "", &mut |t, w| {
        if t < 0.7 { f64::NAN } else { (real(t) * (0.8 + w) * ramp(t, 0.78, 0.01)).floor() }
    });
    add("supply.deployable", "cards", "", &mut |t, w| {
        if t < 0.7 { f64::NAN } else { (real(t) * (0.25 + w) * ramp(t, 0.79, 0.01)).max(0.0).floor() }
    });
    add("supply.real", "cards", "", &mut |t, w| (real(t) * (0.93 + 0.3 * w)).floor());
    for (index, cloud) in ["hyperscaler_a", "hyperscaler_b", "hall_shenzhen", "broker_room", "small_rooms"]
        .into_iter()
        .enumerate()
    {
        let gain = [0.0, 0.0, 1.3, 1.05, 0.6][index];
        add("cloud.quote_usd_month", "usd/month", cloud, &mut |t, w| {
            (300.0 + 200.0 * index as f64)
                * (1.0 + gain * (ramp(t, 0.6, 0.06) * (1.0 - 0.6 * ramp(t, 0.88, 0.03))) + w * gain * 0.4)
        });
        add("cloud.occupancy", "share", cloud, &mut |t, w| {
            (0.3 + 0.1 * index as f64 + 0.6 * ramp(t, 0.5 + 0.03 * index as f64, 0.05)
                - 0.3 * ramp(t, 0.9, 0.03)
                + w)
                .clamp(0.0, 1.0)
        });
    }
    add("points.per_day", "points per epoch", "", &mut |t, w| {
        1e6 * (1.0 + w)
            * (0.02
                + ramp(t, 0.45, 0.07) * 3.0
                + 9.0 * ramp(t, 0.765, 0.006) * (1.0 - 0.8 * ramp(t, 0.80, 0.004)))
    });
    add("points.per_honest_card", "points per epoch", "", &mut |t, w| {
        if t < 0.02 {
            f64::NAN
        } else {
            120.0 * (1.0 + w)
                / (0.4
                    + ramp(t, 0.45, 0.07) * 3.0
                    + 9.0 * ramp(t, 0.765, 0.006) * (1.0 - 0.8 * ramp(t, 0.80, 0.004)))
        }
    });
    Series { unix_s, columns }
}

fn suppliers(luck: &mut Luck) -> Vec<SupplierRow> {
    let mut rows = Vec::new();
    for (cohort, honest, accounts, median, dollars) in COHORTS {
        for index in 0..accounts {
            let spent = dollars * libm::exp(0.7 * luck.normal());
            let roi = (1.0 + median) * libm::exp(0.45 * luck.normal()) - 1.0;
            let earned = spent * (1.0 + roi);
            rows.push(SupplierRow {
                supplier: format!("{cohort}/{index}"),
                cohort: cohort.into(),
                honest,
                cards: 1 + (spent / 400.0) as u32,
                option: "rent/hall_shenzhen".into(),
                entered_unix_s: START + i64::from(index) * 3600,
                left_unix_s: (index % 3 == 0).then_some(START + 9_000_000),
                spent_usd: (spent * 1e6) as i128,
                salvage_usd: (spent * 1e5) as i128,
                points: (earned * 5e6) as i128,
                tokens: (earned / 3.0 * 1e8) as i128,
                earned_usd: (earned * 1e6) as i128,
                staked_usd: 0,
                slashed_usd: 0,
                expected_roi: 0.6 + 0.3 * luck.normal(),
                roi: (index % 17 != 5).then_some(roi),
                up_hours: 4000.0 * luck.next(),
                flagged_devices: index % 4,
                flagged: index % 5 == 0,
            });
        }
    }
    rows
}

fn flows(suppliers: &[SupplierRow]) -> Vec<FlowRow> {
    let mut flows = Vec::new();
    let mut add = |payer: &str, payee: &str, category, amount: i128| {
        flows.push(FlowRow {
            payer: payer.into(),
            payee: payee.into(),
            category,
            asset: "usd",
            amount,
            decimals: 6,
        });
    };
    for row in suppliers {
        let (cloud, vendor, power) = match row.cohort.as_str() {
            "gamers" => (0, 30, 60),
            "mac_minis" => (0, 85, 10),
            "cloud_renters" | "brokers" => (90, 0, 0),
            "whales" => (96, 0, 0),
            "data_centres" | "early_insiders" => (20, 40, 30),
            _ => (40, 20, 5),
        };
        for (payee, category, part) in [
            ("cloud/hall_shenzhen", "rent", cloud * 6 / 10),
            ("cloud/hyperscaler_a", "rent", cloud * 4 / 10),
            ("vendor/phones_and_cards", "hardware", vendor),
            ("power", "power", power),
        ] {
            if part > 0 {
                add(&row.supplier, payee, category, row.spent_usd * part / 100);
            }
        }
        if !row.honest {
            add(&row.supplier, "address_seller", "identities", row.spent_usd * 30 / 100);
        }
        add("token_buyers", &row.supplier, "token sale", row.earned_usd / 2);
    }
    add("renters", "protocol", "jobs", 400_000_000_000);
    add("protocol", "team", "payroll", 30_000_000_000);
    add("investors", "protocol", "round", 4_000_000_000_000);
    flows
}

fn marks() -> Vec<Mark> {
    let day = |n: i64| START + n * 86_400;
    [
        (0, "team", "points begin to count"),
        (118, "team", "first season of points announced"),
        (
            122,
            "outside",
            "Series A of 30 million dollars; the reference token RNDR has tripled since the turn of the year",
        ),
        (150, "team", "listing on 28 April announced"),
        (158, "outside", "chief marketing officer repeats the date"),
        (171, "team", "proof of work switched on"),
        (172, "trigger", "attack seen: forced re-authentication"),
        (173, "outside", "exchange asks to postpone the listing"),
        (174, "trigger", "purge of flagged devices"),
        (175, "trigger", "complaints: recount of the snapshot"),
        (179, "team", "season 2"),
        (210, "team", "season 3"),
    ]
    .into_iter()
    .map(|(n, kind, note)| Mark { unix_s: day(n), kind, note: note.into() })
    .collect()
}
