//! `[collateral]`: what people reckon a stake costs them, and what the team does about charges. No rule of the network.

use super::cohort::Farm;
use super::reading::{Days, NonNegative, Share, Table, Usd};
use super::rules::ProtocolRules;
use depin_protocol::units::Span;

/// How the people around the network deal with stakes.
#[derive(Clone, Copy, Debug)]
pub struct Collateral {
    /// Cost of money that is locked up, as a share a year.
    pub financing_per_year: f64,
    /// Share of a stake that people expect to be slashed a year, before they have seen any.
    pub slash_guess_per_year: f64,
    /// Days of the largest total of stakes so far for which that guess counts.
    pub guess_days: f64,
    /// Cost of an appeal, micro-dollars.
    pub appeal: i128,
    /// Time from an appeal to the team's review.
    pub review: Span,
    /// Chance that the review finds an honest machine honest.
    pub clears_honest: f64,
    /// Chance that the review takes a false device for an honest one.
    pub clears_fake: f64,
}

impl Collateral {
    /// Reads `[collateral]`.
    pub(super) fn read(root: &Table<'_>, rules: &ProtocolRules) -> Collateral {
        let c = root.section("collateral", "what a stake costs its owner, and how charges are reviewed");
        if root.has("collateral") && rules.staking().is_none() {
            root.problem("collateral", "without staking nothing is locked up", "add [protocol.staking]");
        }
        let review = c.or("review_days", Days(7.0), "from an appeal to the team's review; assumed");
        if rules.slashing().is_some_and(|slashing| review.ns() >= slashing.window().0) {
            c.problem(
                "review_days",
                "the review comes after the decision",
                "shorten it, or lengthen appeal_days of [protocol.slashing.NAME]",
            );
        }
        Collateral {
            financing_per_year: c
                .or(
                    "financing_per_year",
                    NonNegative(0.10),
                    "yearly cost of money locked up, in decisions alone; assumed",
                )
                .0,
            slash_guess_per_year: c
                .or(
                    "slash_guess_per_year",
                    NonNegative(0.05),
                    "share of a stake expected to be slashed a year, before any slash is seen; assumed",
                )
                .0,
            guess_days: c
                .or(
                    "guess_days",
                    Days(30.0),
                    "days of the largest total of stakes so far that this guess counts for; assumed",
                )
                .0
                .max(0.01),
            appeal: c.or("appeal_usd", Usd(0), "cost of an appeal, for who makes it; assumed").0,
            review: Span(review.ns()),
            clears_honest: c
                .or(
                    "review_clears_honest",
                    Share(0.9),
                    "chance that the review finds an honest machine honest; assumed",
                )
                .0,
            clears_fake: c
                .or(
                    "review_clears_fake",
                    Share(0.05),
                    "chance that the review takes a false device for an honest one; assumed",
                )
                .0,
        }
    }
}

/// Reports rules of staking that this scenario leaves without meaning. `cluster`: its hosts were recorded elsewhere;
/// `rents`: it has renters.
pub(super) fn check(root: &Table<'_>, rules: &ProtocolRules, cluster: bool, rents: bool, farms: &[Farm]) {
    if rules.staking().is_some() && farms.iter().any(|farm| farm.evasion.devices_per_account.is_some()) {
        let message = "a farm brings the stakes of all its devices under one account";
        root.problem("sybil", message, "leave devices_per_account out, or [protocol.staking]");
    }
    if rules.staking().is_some() && cluster {
        let message = "the hosts of a cluster decide nothing and bring no stake";
        root.problem("protocol", message, "leave [protocol.staking] out");
    }
    if !rents && rules.slashing().is_some_and(super::rules::SlashingRule::pays_victims) {
        let message = "slashed stakes go to the renters of failed leases, and nobody rents";
        root.problem("protocol", message, "add a [demand.NAME], or let destination be burn or treasury");
    }
}
