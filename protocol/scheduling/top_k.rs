//! Top-k of a score: the k best are candidates, and one of them is taken by lot, so that not all work goes to one.
//!
//! *Rule*: devices that suit the request stand in the order of their score, then of their price, then of their id. For
//! each device that a job takes, the first k of those left are candidates, fewer when fewer are left, and one of them
//! is taken by lot, each with the same chance. With k = 1 the best is taken.
//!
//! *Formula*: score = reputation_weight · R + price_weight · P, where R = floor(100 · reputation) and
//! P = floor(100 · max(0, dear − price) / dear), whole numbers from 0 to 100. The class is the score's distance from
//! the highest possible, so there are at most 100 · (reputation_weight + price_weight) + 1. The lot follows from the
//! beacon of the latest epoch that was closed (0 before the first), the job's id and the number of the pick, see
//! [`lot`](super::lot).
//!
//! *Source*: OpenStack Nova's filter scheduler, option `host_subset_size`: a host drawn at random from the N best, where
//! 1 takes the first. The weighted sum of whole parts from 0 to 100 is that of the Kubernetes scheduler. That reputation
//! gives preference: RNP-004; that a low price does: any open market. This mixture, the fixed price at which cheapness
//! ends, and the lot are assumed. "The power of two choices" (Mitzenmacher, IEEE TPDS 12(10), 2001; Sparrow, SOSP 2013)
//! is another rule to the same end, the other way round: a few are drawn from all, and the best of those is taken.
//!
//! *Known weakness*: whoever knows the beacon can compute the lot, so within an epoch a renter may withdraw and submit
//! again until the id suits it. Among more than k equals the k lowest ids are the candidates until they are hired. One
//! price for all models makes dear models poor in cheapness. Many low prices at good reputation, as of slices of one
//! card, are many tickets.

use super::{Candidate, Placement};
use crate::units::{ONE, Ppm};
use serde::{Deserialize, Serialize};

/// Points of a perfect part.
const FULL: u32 = 100;

/// How many candidates, and what the score is made of.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TopKSpec {
    /// The k: how many of the best are drawn among. 5 (assumed; Nova ships 1, which takes the best); 0 counts as 1.
    pub candidates: u32,
    /// Weight of reputation. 1, as most parts weigh by default in Nova and in Kubernetes.
    pub reputation_weight: u32,
    /// Weight of cheapness. 1, likewise.
    pub price_weight: u32,
    /// Price per card and hour, micro-dollars, from which on a device counts as not cheap at all. 2 dollars (assumed:
    /// about the lowest rent of an H100 in 2024); 0 counts as 1.
    pub dear: u32,
}

impl Default for TopKSpec {
    fn default() -> Self {
        TopKSpec { candidates: 5, reputation_weight: 1, price_weight: 1, dear: 2_000_000 }
    }
}

impl TopKSpec {
    /// The policy that this describes.
    #[must_use]
    pub fn build(self) -> Box<dyn Placement> {
        Box::new(TopK { candidates: self.candidates.max(1), dear: self.dear.max(1), ..TopK::of(self) })
    }
}

/// See the file's header.
#[derive(Clone, Copy, Debug)]
pub struct TopK {
    candidates: u32,
    reputation_weight: u32,
    price_weight: u32,
    dear: u32,
}

impl TopK {
    fn of(spec: TopKSpec) -> TopK {
        let TopKSpec { candidates, reputation_weight, price_weight, dear } = spec;
        TopK { candidates, reputation_weight, price_weight, dear }
    }

    /// Points lost against a perfect device.
    fn lost(&self, candidate: &Candidate) -> u64 {
        let reputation = FULL - trust(candidate.reputation);
        let price = FULL - cheapness(candidate.price, self.dear);
        let weighed = |weight, points| u64::from(weight) * u64::from(points);
        weighed(self.reputation_weight, reputation) + weighed(self.price_weight, price)
    }
}

/// Reputation in points.
fn trust(reputation: Ppm) -> u32 {
    reputation.min(ONE) / (ONE / FULL)
}

/// Cheapness in points.
fn cheapness(price: u32, dear: u32) -> u32 {
    let spared = u64::from(dear.saturating_sub(price)) * u64::from(FULL) / u64::from(dear);
    u32::try_from(spared).expect("at most all points")
}

impl Placement for TopK {
    fn name(&self) -> &'static str {
        "top_k"
    }

    fn class(&self, candidate: &Candidate) -> u32 {
        u32::try_from(self.lost(candidate)).unwrap_or(u32::MAX)
    }

    fn reads_reputation(&self) -> bool {
        self.reputation_weight > 0
    }

    fn candidates(&self) -> usize {
        self.candidates as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_whole_points_rounded_down() {
        assert_eq!([0, 9_999, 10_000, 999_999, ONE, u32::MAX].map(trust), [0, 0, 1, 99, 100, 100]);
        assert_eq!(
            [0, 1, 500_000, 1_999_999, 2_000_000, u32::MAX].map(|p| cheapness(p, 2_000_000)),
            [100, 99, 75, 0, 0, 0]
        );
        assert_eq!([0, 1].map(|price| cheapness(price, 1)), [100, 0]);
    }

    #[test]
    fn the_heaviest_weights_do_not_wrap() {
        let spec = TopKSpec { reputation_weight: u32::MAX, price_weight: u32::MAX, ..TopKSpec::default() };
        let rule = TopK::of(spec);
        let worst = Candidate {
            device: crate::ids::DeviceId(0),
            model: crate::ids::ModelId(0),
            cards: 1,
            memory_mb: 1,
            tier: 1,
            price: u32::MAX,
            reputation: 0,
        };
        assert_eq!(rule.class(&worst), u32::MAX);
        assert_eq!(rule.class(&Candidate { price: 0, reputation: ONE, ..worst }), 0);
    }
}
