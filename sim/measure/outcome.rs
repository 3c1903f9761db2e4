//! What a run came to: one row per supplier, and the metrics of the summary.

use super::auditor::Auditor;
use super::collateral::{self, Stake};
use super::issuing;
use super::linkage;
use super::record::{Metric, Series, SupplierRow};
use super::recorder::Totals;
use super::statistics::{gini, hhi, nakamoto, quantile};
use crate::scenario::cohort::Means;
use crate::world::Scene;
use crate::world::people::Person;
use crate::world::steps::resale_of_holdings;
use depin_protocol::ids::AccountId;
use depin_protocol::ledger::{Asset, Category};
use std::collections::BTreeMap;

type Flows = BTreeMap<(Asset, Category, String, String), i128>;

/// One row per individual or farm that ever took part, in order of group and number.
#[must_use]
pub fn suppliers(scene: &Scene<'_>, totals: &Totals) -> Vec<SupplierRow> {
    let mut up_ns = vec![0u128; scene.people.all.len()];
    let mut flagged = vec![0u32; scene.people.all.len()];
    for (device, &machine) in scene.machines.of_device.iter().enumerate() {
        let owner = scene.machines.all[machine as usize].owner as usize;
        up_ns[owner] += u128::from(scene.protocol.uptime(device));
        flagged[owner] += u32::from(totals.flagged.get(device).copied().unwrap_or(false));
    }
    let stakes = collateral::stakes(scene);
    let stake_of = |p: &Person| p.accounts.first().and_then(|a| stakes.get(a)).copied().unwrap_or_default();
    scene
        .people
        .all
        .iter()
        .enumerate()
        .filter(|(_, p)| p.entered.is_some())
        .map(|(id, p)| SupplierRow {
            flagged: p.accounts.iter().any(|a| totals.links.flagged_at(*a).is_some()),
            ..row(scene, totals, id, up_ns[id], flagged[id], stake_of(p))
        })
        .collect()
}

fn row(
    scene: &Scene<'_>,
    totals: &Totals,
    id: usize,
    up_ns: u128,
    flagged_devices: u32,
    stake: Stake,
) -> SupplierRow {
    let p = &scene.people.all[id];
    let cohorts = &scene.scenario.cohorts;
    let cohort = cohorts.get(p.group as usize);
    let name = cohort.map_or_else(
        || scene.scenario.farms[p.group as usize - cohorts.len()].name.clone(),
        |c| c.name.clone(),
    );
    let run = &scene.scenario.run;
    let ledger = scene.protocol.ledger();
    let purses = || p.accounts.iter().map(|account| scene.protocol.purse(*account));
    let balance = |asset| -> i128 { purses().map(|purse| ledger.balance(purse, asset)).sum() };
    let (points, held, usd) = (balance(Asset::Points), balance(Asset::Token), balance(Asset::Usd));
    let owed = issuing::owed(scene, p.accounts.iter().copied());
    let tokens: i128 = purses().filter_map(|purse| totals.rewards.get(&purse)).sum::<i128>() + owed;
    let salvage_usd = p.salvage + resale_of_holdings(scene, id as u32);
    // Token base units are 1e-8, dollars 1e-6: value at the scenario's outcome price.
    let earned_usd = (held + owed) * scene.scenario.token.outcome_usd / 100_000_000 + usd;
    let back = (earned_usd + salvage_usd) as f64;
    // A stake that comes back was never spent; one that was slashed was.
    let spent_usd = p.spent + stake.slashed;
    SupplierRow {
        supplier: format!("{name}/{}", p.ordinal),
        cohort: name,
        honest: cohort.is_some(),
        cards: p.cards_peak,
        option: option_name(scene, p),
        entered_unix_s: p.entered.map_or(run.start, |t| run.unix_s(t)),
        left_unix_s: p.left.map(|t| run.unix_s(t)),
        spent_usd,
        salvage_usd,
        points,
        tokens,
        earned_usd,
        staked_usd: stake.held,
        slashed_usd: stake.slashed,
        expected_roi: p.expected_roi,
        roi: (spent_usd > 0).then(|| back / spent_usd as f64 - 1.0),
        up_hours: up_ns as f64 / 3.6e12,
        flagged_devices,
        flagged: false,
    }
}

fn option_name(scene: &Scene<'_>, p: &Person) -> String {
    match scene.scenario.cohorts.get(p.group as usize).map(|c| c.means.get(p.means as usize)) {
        Some(None | Some(Means::Own { .. })) => "own".to_owned(),
        Some(Some(Means::Rent { cloud })) => format!("rent {}", scene.scenario.clouds[*cloud].name),
        Some(Some(Means::Buy { shop, .. })) => format!("buy {}", scene.scenario.shops[*shop].name),
        None => "farm".to_owned(),
    }
}

/// The metrics of the summary; a metric that the run cannot define has no value.
pub(super) fn metrics(
    scene: &Scene<'_>,
    totals: &Totals,
    auditor: &Auditor,
    series: &Series,
    suppliers: &[SupplierRow],
    flows: &Flows,
) -> BTreeMap<String, Metric> {
    let mut m = BTreeMap::new();
    supply(&mut m, scene, auditor, series);
    rewards(&mut m, scene, suppliers);
    quests(&mut m, scene, flows);
    economics(&mut m, scene, suppliers, flows);
    collateral::metrics(&mut m, scene, series, suppliers);
    verified_hours(&mut m, scene, series, suppliers);
    verification(&mut m, scene, totals);
    linkage::metrics(&mut m, scene, &totals.links);
    demand(&mut m, scene, totals);
    put(&mut m, "engine.events", "events", Some(scene.events as f64));
    m
}

pub(super) fn put(
    m: &mut BTreeMap<String, Metric>,
    name: impl Into<String>,
    unit: &'static str,
    value: Option<f64>,
) {
    m.insert(
        name.into(),
        Metric {
            unit,
            // Adding zero turns the −0.0 of an empty sum into 0.
            value: value.filter(|v| v.is_finite()).map(|v| v + 0.0),
        },
    );
}

pub(super) fn peak(series: &Series, metric: &str, group: &str) -> Option<f64> {
    let column = series.columns.iter().find(|c| c.metric == metric && c.group == group)?;
    column.values.iter().copied().filter(|v| v.is_finite()).reduce(f64::max)
}

fn last(series: &Series, metric: &str) -> Option<f64> {
    series.columns.iter().find(|c| c.metric == metric)?.values.last().copied()
}

fn supply(m: &mut BTreeMap<String, Metric>, scene: &Scene<'_>, auditor: &Auditor, series: &Series) {
    for (name, metric) in [
        ("supply.connected_peak", "supply.connected"),
        ("supply.displayed_peak", "supply.displayed"),
        ("supply.verified_peak", "supply.verified"),
        ("supply.real_peak", "supply.real"),
    ] {
        put(m, name, "cards", peak(series, metric, ""));
    }
    for metric in
        ["supply.connected", "supply.displayed", "supply.verified", "supply.deployable", "supply.real"]
    {
        put(m, format!("{metric}_final"), "cards", last(series, metric));
    }
    put(m, "supply.fake_peak", "cards", fake_peak(series));
    let (mut up, mut listed) = (0u128, 0u128);
    let end = scene.scenario.run.duration.0;
    for (device, &machine) in scene.machines.of_device.iter().enumerate() {
        let machine = &scene.machines.all[machine as usize];
        if (scene.people.all[machine.owner as usize].group as usize) < scene.scenario.cohorts.len() {
            let from = scene.protocol.registry().registered[device].0;
            up += u128::from(scene.protocol.uptime(device));
            listed += u128::from(machine.gone_at.0.min(end).saturating_sub(from));
        }
    }
    put(m, "supply.uptime_mean", "share", (listed > 0).then(|| up as f64 / listed as f64));
    for (group, spec) in scene
        .scenario
        .cohorts
        .iter()
        .map(|c| &c.name)
        .chain(scene.scenario.farms.iter().map(|f| &f.name))
        .enumerate()
    {
        put(m, format!("supply.listed.{spec}"), "devices", Some(auditor.listed[group] as f64));
    }
}

fn fake_peak(series: &Series) -> Option<f64> {
    let column = |name: &str| series.columns.iter().find(|c| c.metric == name);
    let (connected, real) = (column("supply.connected")?, column("supply.real")?);
    connected.values.iter().zip(&real.values).map(|(c, r)| c - r).reduce(f64::max)
}

fn rewards(m: &mut BTreeMap<String, Metric>, scene: &Scene<'_>, suppliers: &[SupplierRow]) {
    let paid: i128 = suppliers.iter().map(|s| s.tokens).sum();
    let accounts = (0..scene.protocol.accounts()).map(AccountId);
    let unpaid = issuing::owed(scene, accounts);
    put(m, "rewards.paid_tokens", "tokens", Some((paid - unpaid) as f64 / 1e8));
    let whole = (paid > 0).then_some(paid as f64);
    let names = scene
        .scenario
        .cohorts
        .iter()
        .map(|c| (&c.name, true))
        .chain(scene.scenario.farms.iter().map(|f| (&f.name, false)));
    let mut fakes = 0.0;
    for (name, honest) in names {
        let mine: Vec<&SupplierRow> = suppliers.iter().filter(|s| s.cohort == *name).collect();
        let tokens: i128 = mine.iter().map(|s| s.tokens).sum();
        let cards: u64 = mine.iter().map(|s| u64::from(s.cards)).sum();
        if !honest {
            fakes += tokens as f64;
        }
        put(m, format!("rewards.share.{name}"), "share", whole.map(|w| tokens as f64 / w));
        put(
            m,
            format!("rewards.per_card.{name}"),
            "tokens",
            (cards > 0).then(|| tokens as f64 / 1e8 / cards as f64),
        );
    }
    put(m, "rewards.share_to_fakes", "share", whole.map(|w| fakes / w));
    let insiders: f64 = scene
        .scenario
        .cohorts
        .iter()
        .filter(|c| c.insider)
        .map(|c| suppliers.iter().filter(|s| s.cohort == c.name).map(|s| s.tokens as f64).sum::<f64>())
        .sum();
    put(m, "rewards.share_to_insiders", "share", whole.map(|w| insiders / w));
    let amounts: Vec<f64> = suppliers.iter().map(|s| s.tokens as f64).collect();
    put(m, "rewards.gini", "index", whole.and_then(|_| gini(&amounts)));
    put(m, "rewards.hhi", "index", whole.and_then(|_| hhi(&amounts)));
    put(
        m,
        "rewards.nakamoto_by_owner",
        "owners",
        whole.and_then(|_| nakamoto(&amounts, 0.5)).map(|n| n as f64),
    );
    put(m, "rewards.nakamoto", "accounts", whole.and_then(|_| nakamoto(&amounts, 0.5)).map(|n| n as f64));
    put(m, "rewards.recount_gain_p99", "ratio", scene.recount_gain_p99);
    small_against_large(m, suppliers);
}

/// What was paid for quests, and how much of it to farms; undefined where there is no pool for them.
fn quests(m: &mut BTreeMap<String, Metric>, scene: &Scene<'_>, flows: &Flows) {
    let farm = |name: &str| scene.scenario.farms.iter().any(|farm| farm.name == name);
    let paid = flows
        .iter()
        .filter(|((asset, category, ..), _)| (*asset, *category) == (Asset::Token, Category::Quest));
    let (mut all, mut fakes) = (0_i128, 0_i128);
    for ((.., payee), amount) in paid {
        all += amount;
        fakes += if farm(payee) { *amount } else { 0 };
    }
    let there = scene.scenario.rules.quests().is_some();
    put(m, "rewards.quest_tokens", "tokens", there.then_some(all as f64 / 1e8));
    put(m, "rewards.quest_share_to_fakes", "share", (all > 0).then(|| fakes as f64 / all as f64));
}

/// Points per card of honest accounts with at most two cards against those with a dozen or more.
fn small_against_large(m: &mut BTreeMap<String, Metric>, suppliers: &[SupplierRow]) {
    let per_card = |keep: &dyn Fn(&SupplierRow) -> bool| {
        let kept: Vec<&SupplierRow> = suppliers.iter().filter(|s| s.honest && keep(s)).collect();
        let cards: f64 = kept.iter().map(|s| f64::from(s.cards)).sum();
        (cards > 0.0).then(|| kept.iter().map(|s| s.points as f64).sum::<f64>() / 1e6 / cards)
    };
    let (small, large) = (per_card(&|s| s.cards <= 2), per_card(&|s| s.cards >= 12));
    put(m, "rewards.points_per_card_small", "points", small);
    put(m, "rewards.points_per_card_large", "points", large);
}

fn economics(m: &mut BTreeMap<String, Metric>, scene: &Scene<'_>, suppliers: &[SupplierRow], flows: &Flows) {
    let spent = |category: Category| -> f64 {
        flows.iter().filter(|(k, _)| k.0 == Asset::Usd && k.1 == category).map(|(_, v)| *v as f64 / 1e6).sum()
    };
    for (name, category) in [
        ("cloud_rent", Category::CloudRent),
        ("hardware", Category::HardwarePurchase),
        ("power", Category::Power),
        ("operations", Category::Operations),
    ] {
        put(m, format!("economics.spend_usd.{name}"), "USD", Some(spent(category)));
    }
    let clouds = spent(Category::CloudRent);
    let all: f64 = suppliers.iter().map(|s| (s.spent_usd - s.slashed_usd) as f64 / 1e6).sum();
    put(m, "economics.cloud_revenue_usd", "USD", Some(clouds));
    put(m, "economics.spend_to_clouds_share", "share", (all > 0.0).then(|| clouds / all));
    let pool = suppliers.iter().map(|s| s.earned_usd as f64 / 1e6).sum::<f64>();
    put(m, "economics.spend_per_pool_usd", "USD per USD", (pool > 0.0).then(|| all / pool));
    let in_tokens = |category: Category| -> f64 {
        flows
            .iter()
            .filter(|(k, _)| k.0 == Asset::Token && k.1 == category)
            .map(|(_, v)| *v as f64 / 1e8)
            .sum()
    };
    let price = scene.scenario.token.outcome_usd as f64 / 1e6;
    let revenue = spent(Category::LeasePay)
        + spent(Category::Fee)
        + (in_tokens(Category::LeasePay) + in_tokens(Category::Fee) + in_tokens(Category::Burn)) * price;
    put(m, "protocol.revenue_usd", "USD", Some(spent(Category::Fee)));
    put(m, "protocol.revenue_tokens", "tokens", Some(in_tokens(Category::Fee)));
    let tokens = suppliers.iter().map(|s| s.tokens as f64 / 1e8).sum::<f64>() * price;
    put(m, "economics.subsidy_per_revenue_usd", "USD per USD", (revenue > 0.0).then(|| tokens / revenue));
    returns(m, scene, suppliers);
    for (offer, spec) in scene.offers.iter().zip(&scene.scenario.clouds) {
        let ratio = offer.peak_quote as f64 / offer.first_quote.max(1) as f64;
        put(m, format!("economics.quote_peak_ratio.{}", spec.name), "ratio", Some(ratio));
    }
    for (counter, spec) in scene.counters.iter().zip(&scene.scenario.shops) {
        let ratio = counter.peak_price as f64 / spec.price.max(1) as f64;
        put(m, format!("economics.price_peak_ratio.{}", spec.name), "ratio", Some(ratio));
    }
    issuing::metrics(m, scene, suppliers);
    put(m, "token.price_final_usd", "USD", Some(scene.scenario.token.outcome_usd as f64 / 1e6));
    put(m, "token.price_believed_final_usd", "USD", Some(scene.believed_price));
}

/// What an hour of a verified card has cost those who supplied it.
fn verified_hours(
    m: &mut BTreeMap<String, Metric>,
    scene: &Scene<'_>,
    series: &Series,
    suppliers: &[SupplierRow],
) {
    let verified = series.columns.iter().find(|c| c.metric == "supply.verified");
    let hours = verified.map_or(0.0, |c| c.values.iter().sum::<f64>()) * scene.scenario.run.epoch.hours();
    let spent: f64 = suppliers.iter().map(|s| (s.spent_usd - s.slashed_usd) as f64 / 1e6).sum();
    put(m, "economics.usd_per_verified_gpu_hour", "USD", (hours > 0.0).then(|| spent / hours));
}

fn returns(m: &mut BTreeMap<String, Metric>, scene: &Scene<'_>, suppliers: &[SupplierRow]) {
    let of = |name: &str, rows: &[&SupplierRow], m: &mut BTreeMap<String, Metric>, prefix: &str| {
        let mut rois: Vec<f64> = rows.iter().filter_map(|s| s.roi).collect();
        rois.sort_by(f64::total_cmp);
        let median = quantile(&rois, 0.5);
        let spent: f64 = rows.iter().map(|s| s.spent_usd as f64).sum();
        let back: f64 = rows.iter().map(|s| (s.earned_usd + s.salvage_usd) as f64).sum();
        put(
            m,
            format!("{prefix}.{name}"),
            "share, dollars weighted",
            (spent > 0.0).then(|| back / spent - 1.0),
        );
        put(m, format!("{prefix}_median.{name}"), "share, accounts weighted", median);
        let tokens: f64 = rows.iter().map(|s| s.tokens as f64 / 1e8).sum();
        let salvage: f64 = rows.iter().map(|s| s.salvage_usd as f64).sum();
        let even = (spent - salvage) / 1e6 / tokens;
        put(m, format!("economics.breakeven_token_price_usd.{name}"), "USD", (tokens > 0.0).then_some(even));
        let weight: f64 = rows.iter().map(|s| s.spent_usd as f64).sum();
        let expected: f64 = rows.iter().map(|s| s.expected_roi * s.spent_usd as f64).sum();
        put(
            m,
            format!("economics.expected_roi.{name}"),
            "share, dollars weighted",
            (weight > 0.0).then(|| expected / weight),
        );
    };
    for c in &scene.scenario.cohorts {
        let rows: Vec<&SupplierRow> = suppliers.iter().filter(|s| s.cohort == c.name).collect();
        of(&c.name, &rows, m, "economics.roi");
    }
    for f in &scene.scenario.farms {
        let rows: Vec<&SupplierRow> = suppliers.iter().filter(|s| s.cohort == f.name).collect();
        of(&f.name, &rows, m, "sybil.roi");
    }
    let honest: Vec<&SupplierRow> = suppliers.iter().filter(|s| s.honest).collect();
    of("honest", &honest, m, "economics.roi");
    let farms: Vec<&SupplierRow> = suppliers.iter().filter(|s| !s.honest).collect();
    let sum = |of: fn(&SupplierRow) -> i128| farms.iter().map(|s| of(s)).sum::<i128>() as f64 / 1e6;
    let (cost, taken) = (sum(|s| s.spent_usd - s.salvage_usd), sum(|s| s.earned_usd));
    put(m, "sybil.cost_per_reward_usd", "USD per USD", (taken > 0.0).then(|| cost / taken));
    let renters: Vec<&SupplierRow> =
        honest.iter().copied().filter(|s| s.option.starts_with("rent ")).collect();
    of("cloud_renters_all", &renters, m, "economics.roi");
    let late = scene.scenario.run.unix_s(crate::engine::Time(scene.scenario.run.duration.0 / 100 * 64));
    let latest: Vec<&SupplierRow> = renters.iter().copied().filter(|s| s.entered_unix_s >= late).collect();
    of("late_renters", &latest, m, "economics.roi");
}

fn verification(m: &mut BTreeMap<String, Metric>, scene: &Scene<'_>, totals: &Totals) {
    let cohorts = scene.scenario.cohorts.len();
    let (mut fakes, mut caught, mut honest, mut wronged) = (0u64, 0u64, 0u64, 0u64);
    for (device, &machine) in scene.machines.of_device.iter().enumerate() {
        let m = &scene.machines.all[machine as usize];
        let false_claim = scene.people.all[m.owner as usize].group as usize >= cohorts;
        let flagged = totals.flagged.get(device).copied().unwrap_or(false);
        if false_claim {
            fakes += 1;
            caught += u64::from(flagged);
        } else {
            honest += 1;
            wronged += u64::from(flagged);
        }
    }
    put(m, "verification.detected_share", "share", (fakes > 0).then(|| caught as f64 / fakes as f64));
    put(
        m,
        "verification.false_positive_share",
        "share",
        (honest > 0).then(|| wronged as f64 / honest as f64),
    );
    put(m, "verification.registrations_refused", "devices", Some(totals.refused as f64));
    let first_fake = scene
        .machines
        .of_device
        .iter()
        .enumerate()
        .find(|(_, machine)| {
            scene.people.all[scene.machines.all[**machine as usize].owner as usize].group as usize >= cohorts
        })
        .map(|(device, _)| scene.protocol.registry().registered[device]);
    let delay = first_fake.zip(totals.first_flag).map(|(from, to)| to.since(from).hours());
    put(m, "verification.detection_delay_hours", "hours", delay);
}

fn demand(m: &mut BTreeMap<String, Metric>, scene: &Scene<'_>, totals: &Totals) {
    let jobs = |n: u64| Some(n as f64);
    put(m, "demand.jobs_submitted", "jobs", jobs(totals.jobs_submitted));
    put(m, "demand.jobs_completed", "jobs", jobs(totals.jobs_completed));
    put(m, "demand.jobs_failed", "jobs", jobs(totals.jobs_failed));
    put(m, "demand.jobs_rejected", "jobs", jobs(totals.jobs_unserved));
    put(m, "demand.jobs_withdrawn", "jobs", jobs(totals.jobs_withdrawn));
    put(m, "demand.interruptions", "leases", jobs(totals.interruptions));
    put(m, "demand.preemptions", "leases", jobs(totals.preemptions));
    let completed = totals.jobs_completed as f64;
    let turnaround = (completed > 0.0).then(|| totals.turnaround_ns as f64 / 3.6e12 / completed);
    put(m, "demand.turnaround_hours_mean", "hours", turnaround);
    let started = totals.jobs_started as f64;
    put(
        m,
        "demand.wait_hours_mean",
        "hours",
        (started > 0.0).then(|| totals.waited_ns as f64 / 3.6e12 / started),
    );
    put(m, "demand.wait_hours_p95", "hours", quantile(&totals.waits, 0.95));
    let submitted = totals.jobs_submitted as f64;
    put(m, "demand.fill_rate", "share", (submitted > 0.0).then(|| started / submitted));
    let audit = scene.protocol.audit();
    let queue = audit.waiting_job_ns as f64 / scene.scenario.run.duration.0 as f64;
    put(m, "scheduling.queue_length_mean", "jobs", Some(queue));
    let card_ns = audit.connected_card_ns as f64;
    let allocation = scene.protocol.allocation().filter(|(_, all)| *all > 0);
    let allocation = allocation.map(|(leased, all)| leased as f64 / all as f64);
    put(m, "scheduling.gpu_allocation_final", "share", allocation);
    put(m, "scheduling.utilisation", "share", (card_ns > 0.0).then(|| audit.leased_card_ns as f64 / card_ns));
}
