//! RNP-004's probe score: small test jobs at random times, each worth a steep product of what the device is.
//!
//! *Rule*: every challenge that a device passes in the epoch is a probe that it passed, and adds its score; a failed
//! one adds nothing. What a device has added up over its life is its reputation. Either the probes of the epoch are
//! paid, so that a season's points are that sum, or the reputation itself is, in every epoch in which a probe is
//! passed.
//!
//! *Formula*: P = b⁴ t³ m² c, with b the bandwidth, t the TFLOPS, m the memory and c the processor's clock, in units of
//! an RTX 4090 on the slowest line that qualifies (100 Mbit/s; 165.2 TFLOPS; 24 GB). Micro-points = ⌊P × 1,000,000⌋ ×
//! cards × probes. b is the download speed at which the declared tier begins (RNP-006: 100, 400, 800, 1600 Mbit/s;
//! nothing below), t and m are the claimed model's. The record knows no processor: c is one for all, which cancels out.
//!
//! *Source*: RNP-004, Compute Clients (Ryan Shea and Ahmad Shadid, July 2023; `[render_rnp004_probe]`): test jobs at
//! random times, P per test, "a cumulative score … as a measure of reputation", preference and bonuses by it. That the
//! score is paid by itself, and a probe reads one card, is assumed; the network paid by it, if at all, in ways unsaid.
//!
//! *Known weakness*: the powers make everything else small: a line of 1600 Mbit/s is worth 65,536 lines of 100, and is
//! declared, not proven, by a probe. It breaks the Sybil law by copies, as far as the copies pass. Who is asked more
//! often earns more, so the rule of verification decides what presence is worth, and without one nobody is paid. Paid
//! by reputation, the first to come outearn any newcomer however strong for as long as they answer one probe an epoch.

use super::ignition_points::TIERS;
use super::{EARNS_NOTHING, EpochRecord, Needs, RewardRule};
use crate::registry::Model;
use crate::units::ONE;
use crate::wide::mul_div;
use serde::{Deserialize, Serialize};

/// Bandwidth by tier, in hundreds of Mbit/s.
const BANDWIDTH: [u128; TIERS] = [0, 1, 4, 8, 16];
/// Of an RTX 4090, dense FP16.
const UNIT_GFLOPS: u128 = 165_200;
/// Of an RTX 4090.
const UNIT_MB: u128 = 24_000;

/// What of the score is paid.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pays {
    /// The probes passed in the epoch.
    #[default]
    Probes,
    /// All that a device has ever added up, in an epoch in which it passes a probe.
    Reputation,
}

/// Numbers of the rule.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rnp004Spec {
    /// What of the score is paid. Default: the probes of the epoch (assumed).
    pub pays: Pays,
}

impl Rnp004Spec {
    /// The rule that this describes.
    #[must_use]
    pub fn build(self) -> Box<dyn RewardRule> {
        Box::new(Rnp004 { pays: self.pays, scores: Vec::new(), reputation: Vec::new() })
    }
}

/// The rule; see the head of this file.
#[derive(Debug)]
pub struct Rnp004 {
    pays: Pays,
    /// Micro-points of a probe by model and tier, kept between epochs.
    scores: Vec<u64>,
    /// Micro-points that each device ever added up; empty where the probes are paid.
    reputation: Vec<u64>,
}

/// Micro-points of one probe of one card.
fn score(model: &Model, tier: usize) -> u64 {
    let (gflops, memory) = (u128::from(model.gflops), u128::from(model.memory_mb));
    // At most 2^16 x 2^96 and 2^64 x 2^20, over more than 2^81: the quotient fits in 128 bits.
    let above = (BANDWIDTH[tier].pow(4) * gflops.pow(3), memory.pow(2) * u128::from(ONE));
    let (points, _) = mul_div(above.0, above.1, UNIT_GFLOPS.pow(3) * UNIT_MB.pow(2));
    u64::try_from(points).unwrap_or(u64::MAX)
}

impl RewardRule for Rnp004 {
    fn name(&self) -> &'static str {
        "rnp_004"
    }

    fn needs(&self) -> Needs {
        Needs { verdicts: true, ..Needs::default() }
    }

    fn weigh(&mut self, record: &EpochRecord<'_>, weights: &mut [u64]) {
        self.scores.clear();
        self.scores.extend(record.models.iter().flat_map(|m| (0..TIERS).map(|tier| score(m, tier))));
        let n = record.len();
        assert!(weights.len() == n && record.passed.len() == n, "a row per device");
        for (i, weight) in weights.iter_mut().enumerate() {
            let tier = usize::from(record.tier[i]).min(TIERS - 1);
            let probe = self.scores[record.model[i].at() * TIERS + tier];
            let probes = u64::from(record.cards[i]) * u64::from(record.passed[i]);
            *weight = probe.saturating_mul(probes) * u64::from(record.flags[i] & EARNS_NOTHING == 0);
        }
        if self.pays == Pays::Reputation {
            self.reputation.resize(n, 0);
            for (weight, sum) in weights.iter_mut().zip(&mut self.reputation) {
                *sum = sum.saturating_add(*weight);
                *weight = if *weight > 0 { *sum } else { 0 };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::ModelId;
    use crate::registry::flag;
    use crate::rewards::{Columns, Row};

    /// An RTX 4090, an RTX 3090 and a card of half the memory of the first.
    fn models() -> Vec<Model> {
        let model = |gflops, memory_mb| Model { name: "a card".into(), memory_mb, gflops, multiplier: ONE };
        vec![model(165_200, 24_000), model(71_200, 24_000), model(165_200, 12_000)]
    }

    fn epoch(rows: &[Row]) -> Columns {
        Columns::new(rows.to_vec(), models())
    }

    fn probed(model: u16, tier: u8, passed: u16) -> Row {
        Row { model: ModelId(model), tier, passed, ..Row::default() }
    }

    #[test]
    fn a_probe_is_the_product_of_the_powers_by_hand() {
        let rows = [
            probed(0, 1, 1),
            // Four times the bandwidth: 4^4 = 256; sixteen times: 65,536.
            probed(0, 2, 1),
            probed(0, 4, 1),
            // (71.2 / 165.2)^3 = 0.080058943.
            probed(1, 1, 1),
            // A half, squared.
            probed(2, 1, 1),
            // Three probes of two cards.
            Row { cards: 2, ..probed(0, 1, 3) },
        ];
        let wanted = [1_000_000, 256_000_000, 65_536_000_000, 80_058, 250_000, 6_000_000];
        assert_eq!(epoch(&rows).weigh(Rnp004Spec::default().build().as_mut()), wanted);
    }

    #[test]
    fn who_passes_nothing_or_is_below_the_slowest_line_adds_nothing() {
        let rows = [
            probed(0, 1, 0),
            probed(0, 0, 5),
            Row { failed: 9, ..probed(0, 1, 0) },
            Row { flags: flag::QUARANTINED, ..probed(0, 4, 5) },
        ];
        for pays in [Pays::Probes, Pays::Reputation] {
            assert_eq!(epoch(&rows).weigh(Rnp004Spec { pays }.build().as_mut()), [0; 4]);
        }
    }

    #[test]
    fn a_newcomer_catches_up_by_probes_and_not_by_reputation() {
        let probe = probed(0, 1, 1);
        let play = |pays| {
            let mut rule = Rnp004Spec { pays }.build();
            let alone = (0..9).map(|_| epoch(&[probe]).weigh(rule.as_mut())[0]).sum::<u64>();
            (alone, epoch(&[probe, probe]).weigh(rule.as_mut()))
        };
        assert_eq!(play(Pays::Probes), (9_000_000, vec![1_000_000, 1_000_000]));
        assert_eq!(play(Pays::Reputation), (45_000_000, vec![10_000_000, 1_000_000]));
    }

    #[test]
    fn reputation_is_kept_through_an_epoch_without_probes_and_not_paid_in_it() {
        let mut rule = Rnp004Spec { pays: Pays::Reputation }.build();
        let weights = [2, 0, 1].map(|passed| epoch(&[probed(0, 1, passed)]).weigh(rule.as_mut())[0]);
        assert_eq!(weights, [2_000_000, 0, 3_000_000]);
    }

    #[test]
    fn extravagant_models_saturate_instead_of_wrapping() {
        let model = Model { name: "a card".into(), memory_mb: u32::MAX, gflops: u32::MAX, multiplier: ONE };
        assert_eq!(score(&model, 4), u64::MAX);
        let rows = vec![Row { cards: u16::MAX, ..probed(0, 4, u16::MAX) }; 2];
        let mut rule = Rnp004Spec { pays: Pays::Reputation }.build();
        for _ in 0..2 {
            assert_eq!(Columns::new(rows.clone(), vec![model.clone()]).weigh(rule.as_mut()), [u64::MAX; 2]);
        }
    }
}
