//! Weighted evidence: every kind of evidence counts a little, and no subnet alone is enough.
//!
//! *Rule.* Five kinds of evidence are each brought to the range from 0 to 1, weighted and added; accounts at or above
//! the threshold are flagged.
//! *Formula.* score = Σ weight × min(1, (count − free)⁺ ÷ (full − free)), each term rounded down to a part per million.
//! The count in a subnet is the larger of accounts and devices.
//! *Source.* The list of evidence is the project's model; weights and bounds are assumed. They are set so that subnet and
//! burst together stay below the threshold, and address or fingerprint with a crowded subnet reach it.
//! *Known weakness.* A farm with an address, a subnet, a fingerprint and a timetable for each identity shows nothing. Honest
//! cloud customers who start from one image share fingerprints and subnets and are flagged until they appeal. It breaks the
//! Sybil law on appeal, where only an account's own devices count in a subnet and many accounts have few each.

use super::{Evidence, Linkage, ratio};
use crate::units::{Ppm, portion};
use serde::Serialize;

/// One kind of evidence: nothing up to `free`, all of `weight` from `full` on.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Term {
    /// Most it adds to the score.
    pub weight: Ppm,
    /// Count that is still innocent.
    pub free: u32,
    /// Count from which on the whole weight is added.
    pub full: u32,
}

impl Term {
    /// What a count adds.
    #[must_use]
    pub fn of(self, count: u32) -> Ppm {
        let degree = ratio(count.saturating_sub(self.free), self.full.saturating_sub(self.free));
        portion(i128::from(self.weight), degree) as Ppm
    }
}

/// The rule. All defaults are assumed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct WeightedEvidence {
    /// Devices per address. Default 0.30, from 8 to 32.
    pub address: Term,
    /// Devices per fingerprint. Default 0.30, from 1 to 16.
    pub fingerprint: Term,
    /// Accounts with the same edges. Default 0.20, from 1 to 8.
    pub edges: Term,
    /// Accounts or devices per subnet. Default 0.12, from 8 to 64.
    pub subnet: Term,
    /// Devices of a burst. Default 0.08, from 8 to 32.
    pub burst: Term,
    /// Least score that flags. Default 0.40.
    pub threshold: Ppm,
}

impl Default for WeightedEvidence {
    fn default() -> Self {
        Self {
            address: Term { weight: 300_000, free: 8, full: 32 },
            fingerprint: Term { weight: 300_000, free: 1, full: 16 },
            edges: Term { weight: 200_000, free: 1, full: 8 },
            subnet: Term { weight: 120_000, free: 8, full: 64 },
            burst: Term { weight: 80_000, free: 8, full: 32 },
            threshold: 400_000,
        }
    }
}

impl Linkage for WeightedEvidence {
    fn name(&self) -> &'static str {
        "weighted_evidence"
    }

    fn score(&self, evidence: &Evidence) -> Ppm {
        let terms = [
            self.address.of(evidence.address_devices),
            self.fingerprint.of(evidence.fingerprint_devices),
            self.edges.of(evidence.edge_accounts),
            self.subnet.of(evidence.subnet_devices.max(evidence.subnet_accounts)),
            self.burst.of(evidence.burst_devices),
        ];
        terms.into_iter().fold(0, Ppm::saturating_add)
    }

    fn threshold(&self) -> Ppm {
        self.threshold
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_is_nothing_when_free_all_when_full_and_straight_between() {
        let term = Term { weight: 300_000, free: 8, full: 32 };
        assert_eq!(
            [0, 8, 14, 20, 32, u32::MAX].map(|n| term.of(n)),
            [0, 0, 75_000, 150_000, 300_000, 300_000]
        );
        assert_eq!(Term { weight: 7, free: 3, full: 3 }.of(4), 7, "a step where free is full");
    }

    #[test]
    fn the_score_is_the_sum_of_the_five_terms() {
        let evidence = Evidence {
            address_devices: 20,
            fingerprint_devices: 16,
            edge_accounts: 8,
            subnet_accounts: 36,
            subnet_devices: 9,
            burst_devices: 20,
            ..Evidence::default()
        };
        assert_eq!(
            WeightedEvidence::default().score(&evidence),
            150_000 + 300_000 + 200_000 + 60_000 + 40_000
        );
    }

    #[test]
    fn the_fullest_subnet_and_burst_alone_flag_nobody() {
        let crowd = Evidence {
            subnet_accounts: u32::MAX,
            subnet_devices: u32::MAX,
            burst_devices: u32::MAX,
            ..Evidence::default()
        };
        let rule = WeightedEvidence::default();
        assert_eq!(rule.score(&crowd), 200_000);
        assert!(rule.score(&crowd) < rule.threshold());
    }
}
