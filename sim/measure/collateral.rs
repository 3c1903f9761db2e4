//! Stakes and slashes in numbers: what was locked up, what was lost and by whom, what it cost to have it lie there.

use super::outcome::{peak, put};
use super::record::{Metric, Series, SupplierRow};
use crate::world::Scene;
use crate::world::bonds::YEAR_HOURS;
use depin_protocol::ids::AccountId;
use depin_protocol::ledger::Asset;
use depin_protocol::slashing::{Slashing, State};
use std::collections::BTreeMap;

/// One account's stake at the end, in micro-dollars.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Stake {
    /// Held, cooling down, or seized and undecided.
    pub held: i128,
    /// Slashed for good.
    pub slashed: i128,
}

/// Stakes by who put them up.
pub(super) fn stakes(scene: &Scene<'_>) -> BTreeMap<AccountId, Stake> {
    let mut stakes: BTreeMap<AccountId, Stake> = BTreeMap::new();
    let Some(staking) = scene.protocol.staking() else { return stakes };
    for supplier in (0..scene.protocol.accounts()).map(AccountId) {
        for holder in staking.delegations(supplier) {
            stakes.entry(holder.staker).or_default().held += holder.slashable();
        }
    }
    for slash in scene.protocol.slashing().map_or(&[][..], Slashing::slashes) {
        for (staker, part) in &slash.parts {
            let stake = stakes.entry(*staker).or_default();
            match slash.state {
                State::Pending => stake.held += part,
                State::Upheld => stake.slashed += part,
                State::Dropped => {}
            }
        }
    }
    stakes
}

/// Dollars that stakes hold now, those seized and undecided included; `None` without staking.
pub(super) fn locked_usd(scene: &Scene<'_>) -> Option<f64> {
    let staking = scene.protocol.staking()?;
    let seized = scene
        .protocol
        .slashing()
        .map_or(0, |slashing| scene.protocol.ledger().balance(slashing.seized_purse(), Asset::Usd));
    Some((staking.total() + seized) as f64 / 1e6)
}

/// The metrics of stakes; without staking none has a value.
pub(super) fn metrics(
    m: &mut BTreeMap<String, Metric>,
    scene: &Scene<'_>,
    series: &Series,
    suppliers: &[SupplierRow],
) {
    let column = series.columns.iter().find(|c| c.metric == "staking.locked_usd");
    put(m, "staking.locked_peak_usd", "USD", peak(series, "staking.locked_usd", ""));
    put(m, "staking.locked_final_usd", "USD", locked_usd(scene));
    let years = scene.scenario.run.epoch.hours() / YEAR_HOURS;
    let rate = scene.scenario.collateral.financing_per_year;
    let financing = column.map(|c| c.values.iter().sum::<f64>() * years * rate);
    put(m, "economics.financing_usd", "USD", financing);

    let slashing = scene.protocol.staking().and(scene.protocol.slashing());
    let slashed = |keep: &dyn Fn(&SupplierRow) -> bool| {
        suppliers.iter().filter(|s| keep(s)).map(|s| s.slashed_usd).sum::<i128>() as f64 / 1e6
    };
    let all = slashed(&|_| true);
    put(m, "staking.slashed_usd", "USD", slashing.map(|_| all));
    let honest = slashing.filter(|_| all > 0.0).map(|_| slashed(&|s| s.honest) / all);
    put(m, "staking.slashed_honest_share", "share", honest);
    let held = |purse| scene.protocol.ledger().balance(purse, Asset::Usd) as f64 / 1e6;
    let burned = slashing.map(|s| held(s.burned_purse()));
    let treasury = slashing.map(|s| held(s.treasury_purse()));
    put(m, "staking.slashed.burned", "USD", burned);
    put(m, "staking.slashed.treasury", "USD", treasury);
    put(m, "staking.slashed.victims", "USD", slashing.map(|s| victims_usd(scene, s)));
    let count = |keep: fn(&depin_protocol::slashing::Slash) -> bool| {
        slashing.map(|s| s.slashes().iter().filter(|slash| keep(slash)).count() as f64)
    };
    put(m, "slashing.charges", "charges", count(|_| true));
    put(m, "slashing.appeals", "charges", count(|s| s.appealed));
    put(m, "slashing.dropped", "charges", count(|s| s.state == State::Dropped));
}

/// What renters got of slashed stakes.
fn victims_usd(scene: &Scene<'_>, slashing: &Slashing) -> f64 {
    if !scene.scenario.rules.slashing().is_some_and(|rule| rule.pays_victims()) {
        return 0.0;
    }
    let upheld = slashing.slashes().iter().filter(|s| s.state == State::Upheld && s.victim.is_some());
    upheld.map(|s| s.amount).sum::<i128>() as f64 / 1e6
}
