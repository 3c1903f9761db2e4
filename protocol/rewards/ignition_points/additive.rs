//! Ignition points, additive form: RNP-006's weighted sum of work, bandwidth, model and uptime scores per card.

use super::{ClaimTable, RNP_006_BANDWIDTH, Row, TIERS, weigh_each};
use crate::rewards::share::Shares;
use crate::rewards::{EARNS_NOTHING, EpochRecord, RewardRule};
use crate::units::{ONE, Ppm};
use serde::{Deserialize, Serialize};

/// Numbers of the additive form. The four weights need not add up to one: only their ratios matter for a fixed pool.
/// Scores do end at one: a larger one in a specification counts as one.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AdditiveSpec {
    /// Weight of the work score in parts per million. Default 0.25 (RNP-006).
    pub work_weight_ppm: Ppm,
    /// Weight of the bandwidth score in parts per million. Default 0.35 (RNP-006).
    pub bandwidth_weight_ppm: Ppm,
    /// Weight of the model score in parts per million. Default 0.20 (RNP-006).
    pub model_weight_ppm: Ppm,
    /// Weight of the uptime score in parts per million. Default 0.20 (RNP-006).
    pub uptime_weight_ppm: Ppm,
    /// Work score of a device that was never hired, in parts per million. Default 0.1 (RNP-006).
    pub work_floor_ppm: Ppm,
    /// Bandwidth score by tier (below the minimum, low, medium, high, ultra), in parts per million.
    /// Default 0, 0.2, 0.4, 0.6, 0.8 (RNP-006; its table begins at low, zero below is assumed).
    pub tier_score_ppm: [Ppm; TIERS],
    /// Model score by row of the network's table, in parts per million; a missing row scores zero. Empty (the
    /// default): multiplier ÷ the table's largest multiplier, assumed. RNP-006 itself runs from 0.5 for an RTX 3050
    /// to 1.0 for an RTX 4090.
    pub model_score_ppm: Vec<Ppm>,
}

impl Default for AdditiveSpec {
    fn default() -> Self {
        AdditiveSpec {
            work_weight_ppm: 250_000,
            bandwidth_weight_ppm: 350_000,
            model_weight_ppm: 200_000,
            uptime_weight_ppm: 200_000,
            work_floor_ppm: 100_000,
            tier_score_ppm: RNP_006_BANDWIDTH,
            model_score_ppm: Vec::new(),
        }
    }
}

/// Micro-points = cards × (0.25 work + 0.35 bandwidth + 0.20 model + 0.20 uptime), times a million, per epoch of
/// whatever length; nothing for a device that was not up at all.
///
/// Work = 0.1 + 0.9 × hired ÷ the longest hired time among devices that earn this epoch (0.1 when nobody was hired);
/// uptime = up ÷ epoch. Shares and the score per card are rounded down to a millionth, then multiplied by cards, so
/// that a worker of eight cards earns exactly what eight workers of one with the same hired time earn.
///
/// *Known weakness*: being up for an instant earns the epoch's bandwidth and model scores in full, so shorter epochs
/// pay presence more strictly, and it breaks the Sybil law by turns: k claims of one device, each up for a k-th of the
/// epoch, earn those scores k times. It breaks the Sybil law by copies, since no claim is checked. One device that leases
/// itself all epoch lowers everyone else's work score, those of its owner's other devices too: it breaks the law of work
/// by hired time.
#[derive(Debug)]
pub struct Additive {
    spec: AdditiveSpec,
}

impl Additive {
    /// The rule with these numbers. Scores are held to one, after which no sum or product here can overflow.
    #[must_use]
    pub fn new(mut spec: AdditiveSpec) -> Additive {
        let floor = std::iter::once(&mut spec.work_floor_ppm);
        let scores = floor.chain(&mut spec.tier_score_ppm).chain(&mut spec.model_score_ppm);
        for score in scores {
            *score = (*score).min(ONE);
        }
        Additive { spec }
    }

    /// Bandwidth and model part of the score in parts per million squared.
    fn table(&self, record: &EpochRecord<'_>) -> ClaimTable {
        let scores = self.model_scores(record);
        ClaimTable::new(record.models.len(), |model, tier| {
            let bandwidth = u64::from(self.spec.tier_score_ppm[tier]);
            let model = u64::from(scores.get(model).copied().unwrap_or(0));
            u64::from(self.spec.bandwidth_weight_ppm) * bandwidth
                + u64::from(self.spec.model_weight_ppm) * model
        })
    }

    fn model_scores(&self, record: &EpochRecord<'_>) -> Vec<Ppm> {
        if !self.spec.model_score_ppm.is_empty() {
            return self.spec.model_score_ppm.clone();
        }
        let multipliers = record.models.iter().map(|model| model.multiplier);
        let largest = Shares::of(u64::from(multipliers.clone().max().unwrap_or(0)));
        multipliers.map(|m| largest.share(u64::from(m))).collect()
    }

    fn points(&self, epoch: Epoch, row: &Row) -> u64 {
        let spec = &self.spec;
        let floor = u64::from(spec.work_floor_ppm);
        let hired = u64::from(epoch.hired.share(row.hired_ns));
        let work = floor + (u64::from(ONE) - floor) * hired / u64::from(ONE);
        let uptime = u64::from(epoch.length.share(row.up_ns));
        let score =
            row.worth + u64::from(spec.work_weight_ppm) * work + u64::from(spec.uptime_weight_ppm) * uptime;
        let present = u64::from(row.up_ns > 0) * u64::from(row.cards);
        score / u64::from(ONE) * present
    }
}

/// What the scores of an epoch are shares of.
#[derive(Clone, Copy)]
struct Epoch {
    length: Shares,
    /// The longest hired time.
    hired: Shares,
}

impl Epoch {
    fn of(record: &EpochRecord<'_>) -> Epoch {
        let rows = record.flags.iter().zip(record.up_ns).zip(record.hired_ns);
        let hired = rows
            .map(|((flags, &up), &hired)| {
                let earns = flags & EARNS_NOTHING == 0 && up > 0;
                hired * u64::from(earns)
            })
            .max();
        Epoch { length: Shares::of(record.epoch.0), hired: Shares::of(hired.unwrap_or(0)) }
    }
}

impl RewardRule for Additive {
    fn name(&self) -> &'static str {
        "ignition_points.additive"
    }

    fn weigh(&mut self, record: &EpochRecord<'_>, weights: &mut [u64]) {
        let (table, epoch) = (self.table(record), Epoch::of(record));
        weigh_each(record, &table, weights, |row| self.points(epoch, row));
    }
}
