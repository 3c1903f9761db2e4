//! `[protocol.staking]`: what suppliers lock up before their devices may be hired and earn.

use super::super::reading::{Days, Share, Table, Usd};
use super::ppm;
use depin_protocol::ledger::Asset;
use depin_protocol::staking::{Per, StakingSpec};
use depin_protocol::units::Span;

/// The rules of staking, if there are any.
pub(super) fn read(t: &Table<'_>) -> Option<StakingSpec> {
    let s = t.table("staking", "what suppliers lock up before their devices may be hired and earn")?;
    let d = StakingSpec::default();
    let per = s.word(
        "per",
        &["device", "card", "power"],
        Some("power"),
        "what the stake is counted by; power: cards times max(1, multiplier), io.net docs",
    );
    let asset = s.word(
        "asset",
        &["usd", "token"],
        Some("usd"),
        "what is staked: dollars, or another coin at its value in dollars, while the token is not listed; assumed",
    );
    if asset == "token" {
        s.problem(
            "asset",
            "there are no tokens to stake before the listing, and no market to buy them on",
            "stake dollars: asset = \"usd\"",
        );
    }
    let cooldown = s.or("cooldown_days", Days(14.0), "from asking a stake back to its return; io.net docs");
    let wait = s.or(
        "co_staker_wait_days",
        Days(7.0),
        "added for a co-staker who leaves first; io.net docs; for recordings: nobody in the world co-stakes",
    );
    let limit = s.or(
        "co_stake_limit",
        Share(0.5),
        "most that co-stakers may hold of a supplier's stake; io.net docs; for recordings",
    );
    let rate = s.require::<Usd>("stake_usd", "stake for each unit of `per`").0;
    s.range("stake_usd", rate as f64 / 1e6, 0.0, 1e9);
    Some(StakingSpec {
        per: Per::named(per).unwrap_or(d.per),
        rate: rate.min(1_000_000_000_000_000),
        asset: Asset::Usd,
        cooldown: Span(cooldown.ns()),
        co_staker_wait: Span(wait.ns()),
        co_stake_limit: ppm(limit.0),
        most_co_stakers: s.or(
            "max_co_stakers",
            d.most_co_stakers,
            "most co-stakers of a supplier; io.net docs, one per offer; for recordings",
        ),
        // What asks for no stake gives nobody a reason to bring one.
        required: true,
    })
}
