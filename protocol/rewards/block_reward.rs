//! io.net's hourly block: devices that are nominated share it by score, in two pools.
//!
//! *Rule*: a device is nominated for the blocks at whose end it has been up for five hours without a break, with a
//! connectivity tier, a multiplier above zero, its cluster formed and its latest proof of work passed; one that failed
//! proof of work within the epoch is not, unless it was hired. Whoever lacks the stake that the network asks is not
//! ([`crate::registry::flag::UNSTAKED`]). Nominated devices are scored; ninety-five percent of the epoch's weight goes to
//! one pool of processors and five to the other, each split by score. The table of multipliers and the meaning of the
//! pools changed in June 2025: two readings, [`Reading`].
//!
//! *Formula*: score = ((t + 0.02 × tier ÷ 4 + 2 × multiplier × cards) × 100 + 0.05 × hired) × 10, with hired 1 for a
//! device hired at any time of the epoch. Weight = score × pool's part × all scores ÷ scores of its pool, rounded down, so
//! that a pool's devices together weigh its part however many they are. The epoch counts as blocks of an hour, of which a
//! device gets those for which its present time up suffices; part of an hour counts as such.
//!
//! *Source*: io.net docs, Block Rewards and Proof of Work (facts 2.3, `[ionet_block_reward]`). The first term t is lost in
//! all copies of the page; 0.13 makes its worked score of 8150 (inferred). Its normalised example is printed as 569 where
//! its own numbers give 566.96; the numbers are followed. Assumed are: hired at any time counts; a device that was not
//! asked in the epoch stands by its latest verdict; what an empty pool would have had goes to the other. Not there: the
//! exemption of head nodes, and the test of the wallet.
//!
//! *Known weakness*: it breaks the Sybil law by copies, since a claim that passes, or is hired by its own owner, earns
//! whole; and it breaks the Sybil law by workers, since the lost term and the tier are paid to each device whatever its
//! cards. Hardware decides: 2000 points per multiplier and card against 20 for the best connection and half a point for
//! being hired, so it pays for being there, not for work. Five percent split by few is more than ninety-five by many, so a
//! device earns by who else is in its pool.

mod table;

use super::proportion::Proportion;
use super::{EARNS_NOTHING, EpochRecord, Needs, RewardRule};
use crate::registry::{Model, flag};
use crate::units::{ONE, Ppm, Span};
use crate::wide::mul_div;
use serde::{Deserialize, Serialize};
use table::{Standing, standing};

/// Standing without which no device is nominated.
const NOMINATED: u16 = flag::VERIFIED | flag::CLUSTER_OK;

/// Micro-points of a score for one part per million inside its inner bracket: times 100, times 10.
const BRACKET: u64 = 1_000;
/// 2.0 × multiplier × cards, in parts per million of the bracket for each part of the multiplier.
const HARDWARE: u64 = 2;
/// 0.02 ÷ 4, for each tier, in parts per million of the bracket.
const TIER: u64 = 5_000;
/// 0.05 × 10 for a hired device, in micro-points.
const HIRED: u64 = 500_000;

/// Which of the published tables holds, with its pools.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reading {
    /// From the first block on 25 June 2024: a pool of GPUs and one of CPUs.
    #[default]
    Before202506,
    /// From 4 June 2025 on: a pool of enterprise cards and one of community devices; some processors dropped.
    After202506,
}

/// What a scenario says about it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BlockRewardSpec {
    /// The table of multipliers.
    pub reading: Reading,
    /// Time up without a break before a device is nominated. Five hours (io.net docs).
    pub nominated_after: Span,
    /// The term of the score that the page lost, in parts per million. 0.13, inferred from its example.
    pub lost_term_ppm: Ppm,
    /// The part of the larger pool; more than [`ONE`] counts as [`ONE`]. 95 % (io.net docs).
    pub large_pool_ppm: Ppm,
}

impl Default for BlockRewardSpec {
    fn default() -> Self {
        BlockRewardSpec {
            reading: Reading::default(),
            nominated_after: Span::HOUR.times(5),
            lost_term_ppm: 130_000,
            large_pool_ppm: 950_000,
        }
    }
}

impl BlockRewardSpec {
    /// The rule that this describes.
    #[must_use]
    pub fn build(self) -> Box<dyn RewardRule> {
        Box::new(BlockReward { spec: self, standing: Vec::new() })
    }
}

/// The block reward under one reading of its tables.
#[derive(Debug)]
pub struct BlockReward {
    spec: BlockRewardSpec,
    /// By model, looked up anew each epoch.
    standing: Vec<Standing>,
}

/// How much of an epoch a device can be nominated for.
#[derive(Clone, Copy)]
struct Blocks {
    nominated_after: u64,
    most: u64,
}

impl Blocks {
    /// Whole hours of the epoch, at least one, at whose end a device with this time up was nominated.
    fn of(self, streak_ns: u64) -> u64 {
        if streak_ns < self.nominated_after.max(1) {
            return 0;
        }
        (1 + (streak_ns - self.nominated_after) / Span::HOUR.0).min(self.most)
    }
}

impl BlockReward {
    fn look_up(&mut self, models: &[Model]) {
        self.standing.clear();
        self.standing.extend(models.iter().map(|model| standing(model, self.spec.reading)));
    }

    /// Writes scores; returns their sums in the smaller and in the larger pool.
    fn score(&self, record: &EpochRecord<'_>, blocks: Blocks, weights: &mut [u64]) -> [u128; 2] {
        let n = record.len();
        let (streak, hired, failed) = (&record.streak_ns[..n], &record.hired_ns[..n], &record.failed[..n]);
        let (cards, tier, model) = (&record.cards[..n], &record.tier[..n], &record.model[..n]);
        let lost = u64::from(self.spec.lost_term_ppm);
        let mut sums = [0u128; 2];
        for (i, (weight, flags)) in weights.iter_mut().zip(record.flags).enumerate() {
            let Standing { multiplier, large } = self.standing[model[i].at()];
            let hired = hired[i] > 0;
            let nominated = flags & (NOMINATED | EARNS_NOTHING) == NOMINATED
                && (failed[i] == 0 || hired)
                && tier[i] > 0
                && multiplier > 0;
            let hardware = HARDWARE * u64::from(multiplier) * u64::from(cards[i]);
            let bracket = lost + TIER * u64::from(tier[i]) + hardware;
            // At most 2^33 × 2^16 × 1000 and a little, before blocks.
            let score = BRACKET * bracket + HIRED * u64::from(hired);
            *weight = score.saturating_mul(blocks.of(streak[i]) * u64::from(nominated));
            sums[usize::from(large)] += u128::from(*weight);
        }
        sums
    }

    /// What each pool weighs in all, the smaller first: its part of all scores, times the epoch over its blocks.
    fn parts(&self, [small, large]: [u128; 2], epoch: u64, most: u64) -> [u128; 2] {
        let (all, _) = mul_div(small + large, epoch.into(), (most * Span::HOUR.0).into());
        match (small, large) {
            (_, 0) => [all, 0],
            (0, _) => [0, all],
            _ => {
                let (of_large, _) = mul_div(all, self.spec.large_pool_ppm.min(ONE).into(), ONE.into());
                [all - of_large, of_large]
            }
        }
    }
}

impl RewardRule for BlockReward {
    fn name(&self) -> &'static str {
        match self.spec.reading {
            Reading::Before202506 => "block_reward.before_2025_06",
            Reading::After202506 => "block_reward.after_2025_06",
        }
    }

    fn needs(&self) -> Needs {
        Needs { streak: true, verdicts: true, ..Needs::default() }
    }

    fn weigh(&mut self, record: &EpochRecord<'_>, weights: &mut [u64]) {
        assert_eq!(weights.len(), record.len(), "a weight for every device");
        self.look_up(record.models);
        let most = (record.epoch.0 / Span::HOUR.0).max(1);
        let blocks = Blocks { nominated_after: self.spec.nominated_after.0, most };
        let sums = self.score(record, blocks, weights);
        let parts = self.parts(sums, record.epoch.0, most);
        if parts == sums {
            return;
        }
        let pools = [0, 1].map(|pool| Proportion::of(parts[pool], sums[pool].max(1)));
        for (weight, model) in weights.iter_mut().zip(record.model) {
            let pool = pools[usize::from(self.standing[model.at()].large)];
            let (scaled, _) = pool.share((*weight).into());
            *weight = u64::try_from(scaled).unwrap_or(u64::MAX);
        }
    }
}

#[cfg(test)]
mod tests;
