//! Render's rewards for compute nodes: a fixed sum for being up, and a rate by specification for hours worked.
//!
//! *Rule*: a node earns 2 RENDER a week for uptime, prorated, and 10 RENDER for a week of work of a card like an RTX 4090,
//! by how its parts compare. These are sums, not shares: of the tokens on offer the rule takes what it owes and leaves
//! the rest, and only when less is on offer is everybody cut alike. The foundation may raise all sums up to three times.
//! A node below the least bandwidth earns nothing.
//!
//! *Formula*, with M the part's multiplier against the baseline (an RTX 4090 in a node of medium bandwidth):
//!
//! ```text
//! CM     = 0.36 M(GPU) + 0.26 M(VRAM) + 0.15 M(network) + 0.08 M(clock) + 0.08 M(memory bandwidth) + 0.04 M(CPU)
//! tokens = 2 * hours up / 168 + 10 * CM * hours worked / 168
//! ```
//!
//! *Source*: rendernetwork/RNPs, RNP-019, read there: the text, and its appendices 2 (multipliers), 3 (CM) and 4 (three
//! examples). It contradicts itself: the weights add up to 0.97, the page says 1.0, and each example rounds CM another
//! way (0.97 to "1.0", 1.8098 to 1.81, 0.8047 to 0.80). [`Compound::Printed`], the default, is the one reading found that
//! gives all three printed rewards (5.95, 10.77 and 4.76): CM is rounded to hundredths, and is at least 1 for a node no
//! part of which is below the baseline, which is what the page calls standard. [`Compound::Sum`] is the sum as it stands.
//! Assumed: a node of several cards works with all of them, so the rate is per card and the sum for uptime per node, as
//! the page says; a bandwidth between medium and ultra counts 2, by its own scale; clock, memory bandwidth and CPU are not in
//! the network's record and stand at the baseline unless said otherwise. A model that the page does not score counts by
//! its throughput against the RTX 4090's. The first 100 USD that a node earns are held back as an implicit stake there;
//! nothing here holds them.
//!
//! *Known weakness*: uptime is paid by the node, whatever the card: it breaks the Sybil law by workers; no claim is
//! checked: it breaks the Sybil law by copies. Network weighs 0.15 with a multiplier of up to 4, so a line is worth more
//! than the step from an RTX 4090 to an RTX 5090.

mod scores;

use super::{Draw, EARNS_NOTHING, EpochRecord, Offer, RewardRule};
use crate::units::{Amount, ONE, POINT, Ppm, Span, TOKEN, portion};
use serde::{Deserialize, Serialize};

/// Weights of the six parts, in parts per million.
const WEIGHTS: [u64; 6] = [360_000, 260_000, 150_000, 80_000, 80_000, 40_000];
/// Multipliers of the network by tier: below the minimum, low, medium, high, ultra.
const NETWORK: [Ppm; 5] = [0, 250_000, ONE, 2 * ONE, 4 * ONE];
const WEEK_US: u64 = Span::WEEK.0 / 1_000;

/// How the compound multiplier follows from its parts.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Compound {
    /// The reading that gives the printed examples.
    #[default]
    Printed,
    /// The weighted sum, of which a baseline node has 0.97.
    Sum,
}

impl Compound {
    /// CM in parts per million of these multipliers: GPU, VRAM, network, clock, memory bandwidth, CPU.
    #[must_use]
    pub fn of(self, parts: [Ppm; 6]) -> Ppm {
        let sum: u64 = WEIGHTS.iter().zip(parts).map(|(weight, part)| weight * u64::from(part)).sum();
        let sum = u32::try_from(sum / u64::from(ONE)).unwrap_or(u32::MAX);
        match self {
            Compound::Sum => sum,
            Compound::Printed => {
                let standard = if parts.iter().all(|&part| part >= ONE) { ONE } else { 0 };
                hundredths(sum.into()).max(standard)
            }
        }
    }
}

/// Parts per million rounded to hundredths, half up.
fn hundredths(ppm: u64) -> Ppm {
    u32::try_from((ppm + 5_000) / 10_000 * 10_000).unwrap_or(u32::MAX)
}

/// Numbers of RNP-019.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ComputeSpec {
    /// For a week of uptime of a node, in micro-tokens. Default 2 tokens (RNP-019).
    pub uptime_week: u64,
    /// For a week of work of a card at a compound multiplier of one, in micro-tokens. Default 10 tokens (RNP-019).
    pub work_week: u64,
    /// Reading of the compound multiplier. Default the printed one.
    pub compound: Compound,
    /// Clock, memory bandwidth and CPU of every node against the baseline, in parts per million. Default the baseline
    /// (assumed).
    pub unseen_ppm: [Ppm; 3],
    /// All sums times this, in parts per million. Default 1; the foundation may go to 3 (RNP-019).
    pub raise_ppm: Ppm,
}

impl Default for ComputeSpec {
    fn default() -> Self {
        ComputeSpec {
            uptime_week: 2_000_000,
            work_week: 10_000_000,
            compound: Compound::Printed,
            unseen_ppm: [ONE; 3],
            raise_ppm: ONE,
        }
    }
}

impl ComputeSpec {
    /// The rule that this describes.
    #[must_use]
    pub fn build(self) -> Box<dyn RewardRule> {
        Box::new(Compute { spec: self, by_claim: Vec::new() })
    }
}

/// Micro-points are micro-tokens before any raise, rounded down by node and epoch, after times were rounded down to
/// microseconds.
#[derive(Debug)]
pub struct Compute {
    spec: ComputeSpec,
    /// Micro-tokens for a week of work of a card, by model and tier.
    by_claim: Vec<u64>,
}

impl Compute {
    fn read_models(&mut self, record: &EpochRecord<'_>) {
        self.by_claim.clear();
        for model in record.models {
            for network in NETWORK {
                let [clock, memory_bandwidth, cpu] = self.spec.unseen_ppm;
                let parts = [scores::gpu(model), scores::vram(model), network, clock, memory_bandwidth, cpu];
                let week = u128::from(self.spec.work_week) * u128::from(self.spec.compound.of(parts));
                self.by_claim.push(u64::try_from(week / u128::from(ONE)).unwrap_or(u64::MAX));
            }
        }
    }

    /// One node: time up and time worked in microseconds, and what its card earns in a week.
    fn points(&self, up_us: u64, worked_us: u64, cards: u16, week: u64) -> u64 {
        let narrow = || {
            let up = up_us.checked_mul(self.spec.uptime_week)?;
            let work = worked_us.checked_mul(u64::from(cards))?.checked_mul(week)?;
            Some(up.checked_add(work)? / WEEK_US)
        };
        narrow().unwrap_or_else(|| {
            let up = u128::from(up_us) * u128::from(self.spec.uptime_week);
            let work = (u128::from(worked_us) * u128::from(cards)).saturating_mul(week.into());
            u64::try_from(up.saturating_add(work) / u128::from(WEEK_US)).unwrap_or(u64::MAX)
        })
    }
}

impl RewardRule for Compute {
    fn name(&self) -> &'static str {
        "render_compute"
    }

    fn weigh(&mut self, record: &EpochRecord<'_>, weights: &mut [u64]) {
        let n = record.len();
        assert_eq!(weights.len(), n, "a weight for every device");
        self.read_models(record);
        let (up, hired, cards) = (&record.up_ns[..n], &record.hired_ns[..n], &record.cards[..n]);
        let (tier, model, flags) = (&record.tier[..n], &record.model[..n], &record.flags[..n]);
        for (at, weight) in weights.iter_mut().enumerate() {
            let up = up[at].min(record.epoch.0);
            let tier = usize::from(tier[at]).min(NETWORK.len() - 1);
            let week = self.by_claim[model[at].at() * NETWORK.len() + tier];
            let earns = flags[at] & EARNS_NOTHING == 0 && tier > 0;
            let points = self.points(up / 1_000, hired[at].min(up) / 1_000, cards[at], week);
            *weight = points * u64::from(earns);
        }
    }

    /// What is owed for the points, at most all.
    fn draw(&self, offer: &Offer) -> Draw {
        let points = Amount::try_from(offer.points).unwrap_or(Amount::MAX / TOKEN);
        let owed = points.saturating_mul(TOKEN / POINT);
        let owed = portion(owed.min(Amount::MAX >> 32), self.spec.raise_ppm);
        Draw { pay: owed.min(offer.tokens), burn: 0 }
    }
}

#[cfg(test)]
mod tests;
