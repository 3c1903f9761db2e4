//! `[protocol.scheduling.NAME]`: which devices a job gets.

use crate::scenario::reading::{Count, Table, Usd};
use depin_protocol::scheduling::{
    BestFitSpec, CheapestSpec, MostReputableSpec, OneSiteFirstSpec, Placement, TopKSpec,
};

/// A placement of whole devices and its parameters.
#[derive(Clone, Copy, Debug)]
pub(super) enum PlacementRule {
    Cheapest,
    BestFit,
    MostReputable,
    OneSiteFirst,
    TopK(TopKSpec),
}

impl PlacementRule {
    /// The policy.
    pub(super) fn build(self) -> Box<dyn Placement> {
        match self {
            PlacementRule::Cheapest => CheapestSpec::default().build(),
            PlacementRule::BestFit => BestFitSpec::default().build(),
            PlacementRule::MostReputable => MostReputableSpec::default().build(),
            PlacementRule::OneSiteFirst => OneSiteFirstSpec::default().build(),
            PlacementRule::TopK(spec) => spec.build(),
        }
    }
}

/// Reads the one that is named; cheapest without one.
pub(super) fn read(t: &Table<'_>) -> PlacementRule {
    let names = &["cheapest", "best_fit", "most_reputable", "one_site_first", "top_k"];
    let chosen = t.choose("scheduling", names, "which devices a job gets: [protocol.scheduling.NAME]");
    match chosen {
        Some(("best_fit", _)) => PlacementRule::BestFit,
        Some(("most_reputable", _)) => PlacementRule::MostReputable,
        Some(("one_site_first", _)) => PlacementRule::OneSiteFirst,
        Some(("top_k", rule)) => PlacementRule::TopK(read_top_k(&rule)),
        _ => PlacementRule::Cheapest,
    }
}

fn read_top_k(rule: &Table<'_>) -> TopKSpec {
    let default = TopKSpec::default();
    let doc = "how many of the best are drawn among; assumed (OpenStack Nova ships 1, which takes the best)";
    let candidates = rule.or("candidates", Count(u64::from(default.candidates)), doc).0;
    rule.range("candidates", candidates as f64, 1.0, 1000.0);
    let doc = "price per card from which on a device is not cheap at all; assumed, near the lowest H100 rent of 2024";
    let dear = rule.or("dear_usd_per_hour", Usd(i128::from(default.dear)), doc).0;
    rule.range("dear_usd_per_hour", dear as f64 / 1e6, 0.01, 1000.0);
    let weight = |key, value, doc| {
        let weight = rule.or(key, Count(u64::from(value)), doc).0;
        rule.range(key, weight as f64, 0.0, 10.0);
        weight as u32
    };
    let spec = TopKSpec {
        candidates: candidates as u32,
        reputation_weight: weight(
            "reputation_weight",
            default.reputation_weight,
            "weight of reputation in the score, up to 10; 1, as most parts by default in Nova and Kubernetes",
        ),
        price_weight: weight(
            "price_weight",
            default.price_weight,
            "weight of a low price in the score, up to 10; 1, as most parts by default in Nova and Kubernetes",
        ),
        dear: u32::try_from(dear).unwrap_or(default.dear),
    };
    if spec.reputation_weight == 0 && spec.price_weight == 0 {
        rule.problem("price_weight", "a score without a weight tells no devices apart", "give one of them 1");
    }
    spec
}
