//! What a schedule released in a run: to whom it went, what waits or is locked, what was burned, what there is in the end.

use super::outcome::put;
use super::record::{Metric, SupplierRow};
use crate::world::Scene;
use depin_protocol::ids::AccountId;
use depin_protocol::rewards::Blocks;
use depin_protocol::units::TOKEN;
use std::collections::BTreeMap;

fn tokens(units: i128) -> f64 {
    units as f64 / TOKEN as f64
}

/// What accounts have earned by a schedule and were not paid yet, in base units.
pub(super) fn owed(scene: &Scene<'_>, accounts: impl IntoIterator<Item = AccountId>) -> i128 {
    let owed = |blocks: &Blocks| accounts.into_iter().map(|account| blocks.owed(account)).sum();
    scene.protocol.blocks().map_or(0, owed)
}

/// Columns of the series: tokens released in the epoch and so far, minted of them, and kept for later; none without a
/// schedule. `before` is what was released before this epoch, in base units.
pub(super) fn sample(scene: &Scene<'_>, before: &mut i128) -> Option<[(&'static str, f64); 4]> {
    let blocks = scene.protocol.blocks()?;
    let released = blocks.released();
    let epoch = released - std::mem::replace(before, released);
    Some([
        ("emission.per_epoch", tokens(epoch)),
        ("emission.released", tokens(released)),
        ("emission.minted", tokens(blocks.minted())),
        ("emission.retained", tokens(blocks.retained())),
    ])
}

/// The metrics of a schedule, none of which has a value without one, and of the supply.
pub(super) fn metrics(m: &mut BTreeMap<String, Metric>, scene: &Scene<'_>, suppliers: &[SupplierRow]) {
    let protocol = scene.protocol;
    let blocks = protocol.blocks();
    let of = |of: fn(&Blocks) -> i128| blocks.map(|blocks| tokens(of(blocks)));
    put(m, "emission.released_tokens", "tokens", of(Blocks::released));
    put(m, "emission.minted_tokens", "tokens", of(Blocks::minted));
    put(m, "emission.retained_tokens", "tokens", of(Blocks::retained));
    let accounts = || (0..protocol.accounts()).map(AccountId);
    put(m, "emission.owed_tokens", "tokens", blocks.map(|_| tokens(owed(scene, accounts()))));
    let locked = |blocks: &Blocks| accounts().map(|account| blocks.locked(account)).sum();
    put(m, "emission.locked_tokens", "tokens", blocks.map(|blocks| tokens(locked(blocks))));
    let gone = protocol.burned();
    let never = blocks.map_or(0, Blocks::burned);
    put(
        m,
        "protocol.burned_tokens",
        "tokens",
        (blocks.is_some() || protocol.billing().burned_purse().is_some() || gone > 0)
            .then(|| tokens(gone + never)),
    );
    let supply = match blocks {
        Some(blocks) => tokens(blocks.starting_supply() + protocol.minted_tokens() - gone),
        None => suppliers.iter().map(|s| tokens(s.tokens)).sum::<f64>() - tokens(gone),
    };
    put(m, "token.supply_final", "tokens", Some(supply));
}
