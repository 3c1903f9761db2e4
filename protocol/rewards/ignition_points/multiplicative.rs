//! Ignition points, multiplicative form: hours × cards × bandwidth × model × a bonus for hired time.

use super::{ClaimTable, RNP_006_BANDWIDTH, Row, TIERS, weigh_each};
use crate::rewards::{EpochRecord, RewardRule};
use crate::units::{ONE, Ppm, Span};
use serde::{Deserialize, Serialize};

const HOUR_US: u64 = Span::HOUR.0 / 1_000;

/// Numbers of the multiplicative form.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MultiplicativeSpec {
    /// Bandwidth factor by tier (below the minimum, low, medium, high, ultra), in parts per million.
    /// Default: RNP-006's bandwidth scores, assumed to act as factors; only their ratios matter for a fixed pool.
    pub tier_factor_ppm: [Ppm; TIERS],
    /// What an hour hired earns on top of the hour up, in parts per million of it. Default 1,000,000 (an hour hired
    /// counts twice): assumed, the published page names job hours without a weight.
    pub hired_bonus_ppm: Ppm,
}

impl Default for MultiplicativeSpec {
    fn default() -> Self {
        MultiplicativeSpec { tier_factor_ppm: RNP_006_BANDWIDTH, hired_bonus_ppm: ONE }
    }
}

/// Micro-points = up hours × cards × bandwidth factor × model multiplier × (1 + bonus × hired share), times a
/// million. The hired share is hired ÷ up time (at most 1), so that the product is up hours + bonus × hired hours:
/// linear in time, and the same whether a day is one epoch or twenty-four.
///
/// Rounded down per card to a micro-point, after times were rounded down to microseconds; then times cards, so that a
/// worker of eight cards earns exactly what eight workers of one earn.
///
/// *Known weakness*: it breaks the Sybil law by copies: no claim is checked here, so k claims of one device earn k times.
#[derive(Debug)]
pub struct Multiplicative {
    spec: MultiplicativeSpec,
}

impl Multiplicative {
    /// The rule with these numbers.
    #[must_use]
    pub fn new(spec: MultiplicativeSpec) -> Multiplicative {
        Multiplicative { spec }
    }

    /// Micro-points of a whole hour per card, by model and tier.
    fn table(&self, record: &EpochRecord<'_>) -> ClaimTable {
        ClaimTable::new(record.models.len(), |model, tier| {
            let multiplier = u64::from(record.models[model].multiplier);
            u64::from(self.spec.tier_factor_ppm[tier]) * multiplier / u64::from(ONE)
        })
    }

    /// True when no device of this epoch can overflow 64 bits: a day passes up to rates of about 100 an hour.
    fn fits(&self, epoch_ns: u64, table: &ClaimTable) -> bool {
        let best = Row { up_ns: epoch_ns, hired_ns: epoch_ns, cards: 1, worth: table.largest() };
        let bonus = u128::from(epoch_ns / 1_000) * u128::from(self.spec.hired_bonus_ppm);
        let earning = u128::from(epoch_ns / 1_000) + bonus / u128::from(ONE);
        let product = earning * u128::from(best.worth);
        let all_cards = u128::from(self.wide(epoch_ns, &best)) * u128::from(u16::MAX);
        bonus.max(product).max(all_cards) <= u128::from(u64::MAX)
    }

    /// One device in 64-bit arithmetic.
    fn narrow(&self, epoch_ns: u64, row: &Row) -> u64 {
        let up = row.earned_up_ns(epoch_ns);
        let hired_us = row.hired_ns.min(up) / 1_000;
        let bonus = hired_us * u64::from(self.spec.hired_bonus_ppm) / u64::from(ONE);
        (up / 1_000 + bonus) * row.worth / HOUR_US * u64::from(row.cards)
    }

    /// The same in 128 bits, for extravagant numbers; the largest weight stands for anything larger.
    fn wide(&self, epoch_ns: u64, row: &Row) -> u64 {
        let up = row.earned_up_ns(epoch_ns);
        let hired_us = u128::from(row.hired_ns.min(up) / 1_000);
        let bonus = hired_us * u128::from(self.spec.hired_bonus_ppm) / u128::from(ONE);
        let earning = u128::from(up / 1_000) + bonus;
        let per_card = earning.saturating_mul(u128::from(row.worth)) / u128::from(HOUR_US);
        u64::try_from(per_card.saturating_mul(u128::from(row.cards))).unwrap_or(u64::MAX)
    }
}

impl RewardRule for Multiplicative {
    fn name(&self) -> &'static str {
        "ignition_points.multiplicative"
    }

    fn weigh(&mut self, record: &EpochRecord<'_>, weights: &mut [u64]) {
        let table = self.table(record);
        let epoch = record.epoch.0;
        if self.fits(epoch, &table) {
            weigh_each(record, &table, weights, |row| self.narrow(epoch, row));
        } else {
            weigh_each(record, &table, weights, |row| self.wide(epoch, row));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lcg::Lcg;

    #[test]
    fn both_widths_of_arithmetic_give_the_same_points() {
        let rule = Multiplicative::new(MultiplicativeSpec {
            hired_bonus_ppm: 350_001,
            ..MultiplicativeSpec::default()
        });
        let mut lcg = Lcg(31);
        for _ in 0..20_000 {
            let epoch = 1 + lcg.below(2 * Span::DAY.0);
            let row = Row {
                up_ns: lcg.below(2 * epoch),
                hired_ns: lcg.below(2 * epoch),
                cards: lcg.below(1 << 16) as u16,
                worth: lcg.below(5_000_000),
            };
            assert_eq!(rule.narrow(epoch, &row), rule.wide(epoch, &row));
        }
    }

    #[test]
    fn the_narrow_path_is_taken_only_where_it_cannot_overflow() {
        let table = |worth| ClaimTable::new(1, |_, _| worth);
        let rule = Multiplicative::new(MultiplicativeSpec::default());
        assert!(rule.fits(Span::HOUR.0, &table(3_000_000)));
        assert!(rule.fits(Span::DAY.0, &table(3_000_000)));
        assert!(!rule.fits(u64::MAX, &table(3_000_000)));
        assert!(!rule.fits(Span::DAY.0, &table(u64::from(u32::MAX))));
        for worth in [1_000_000, 100_000_000, 4_000_000_000] {
            for days in [1, 30, 20_000] {
                let epoch = Span::DAY.times(days).0;
                let row = Row { up_ns: epoch, hired_ns: epoch, cards: u16::MAX, worth };
                if rule.fits(epoch, &table(worth)) {
                    // Would panic on overflow: tests run with overflow checks.
                    assert_eq!(rule.narrow(epoch, &row), rule.wide(epoch, &row));
                }
            }
        }
    }
}
