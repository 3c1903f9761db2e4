//! Hired work alone is paid: hired time, or the rent that it earned, and nothing for waiting.
//!
//! *Rule*: a device earns by what renters had of it, measured in one of four ways. Who is never hired earns nothing,
//! however long it is there.
//!
//! *Formula*: points = hired hours × cards × what the measure makes of the claimed model (one, its multiplier, its
//! TFLOPS); or the dollars of rent at the price of the lease. Micro-points, rounded down per card. Time hired counts as
//! long as the device was up.
//!
//! *Source*: Render's emissions, shared by burned work (RNP-001, RNP-006), for rent; "job hours completed" of io.net's
//! Ignition Rewards Program for card-hours. Weighing hours by throughput or multiplier is assumed.
//!
//! *Known weakness*: a network without demand pays nobody, so supply does not wait for renters. It invites work that
//! nobody needs: whoever hires itself pays fees and gets the tokens. Measured in hours the cheapest lease pays best;
//! measured in rent the dearest does, and only fees stand between an owner and a lease at any price to itself. No claim
//! is checked, so it breaks the Sybil law by copies as far as the copies are hired too.

use super::measure::{Measure, Meter};
use super::{EARNS_NOTHING, EpochRecord, Needs, RewardRule};
use serde::{Deserialize, Serialize};

/// How hired work is measured.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Work {
    /// By its hours.
    Hours(Measure),
    /// By its rent in dollars.
    Rent,
}

/// Numbers of the rule.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WorkShareSpec {
    /// How hired work is measured. Default: card-hours (assumed).
    pub work: Work,
}

impl Default for WorkShareSpec {
    fn default() -> Self {
        WorkShareSpec { work: Work::Hours(Measure::CardHours) }
    }
}

impl WorkShareSpec {
    /// The rule that this describes.
    #[must_use]
    pub fn build(self) -> Box<dyn RewardRule> {
        let meter = match self.work {
            Work::Hours(measure) => Some(Meter::new(measure)),
            Work::Rent => None,
        };
        Box::new(WorkShare { meter })
    }
}

/// The rule; see the head of this file.
#[derive(Debug)]
pub struct WorkShare {
    /// None where rent is what counts.
    meter: Option<Meter>,
}

impl RewardRule for WorkShare {
    fn name(&self) -> &'static str {
        "work_share"
    }

    fn needs(&self) -> Needs {
        Needs { earned: self.meter.is_none(), ..Needs::default() }
    }

    fn weigh(&mut self, record: &EpochRecord<'_>, weights: &mut [u64]) {
        if let Some(meter) = &mut self.meter {
            return meter.weigh(record, record.hired_ns, weights);
        }
        assert!(weights.len() == record.len() && record.earned.len() == record.len(), "a row per device");
        for ((weight, flags), earned) in weights.iter_mut().zip(record.flags).zip(record.earned) {
            *weight = earned * u64::from(flags & EARNS_NOTHING == 0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::ModelId;
    use crate::registry::{Model, flag};
    use crate::rewards::{Columns, Row};
    use crate::units::Span;

    const MEASURES: [Work; 4] = [
        Work::Hours(Measure::CardHours),
        Work::Hours(Measure::Multiplier),
        Work::Hours(Measure::Throughput),
        Work::Rent,
    ];

    fn weigh(work: Work, rows: &[Row]) -> Vec<u64> {
        let model = |multiplier, gflops| Model { name: "a card".into(), memory_mb: 0, gflops, multiplier };
        // A Tesla T4 and an H100: io.net's multipliers before June 2025, the catalogue's TFLOPS.
        let models = vec![model(400_000, 65_000), model(10_000_000, 989_000)];
        Columns::new(rows.to_vec(), models).weigh(WorkShareSpec { work }.build().as_mut())
    }

    fn hired(minutes: u64, earned: u64) -> Row {
        let hired_ns = Span::MINUTE.times(minutes).0;
        Row { up_ns: Span::HOUR.0, hired_ns, earned, ..Row::default() }
    }

    #[test]
    fn a_network_without_work_pays_nobody() {
        for work in MEASURES {
            assert_eq!(weigh(work, &[hired(0, 0), hired(0, 0)]), [0, 0], "{work:?}");
        }
    }

    #[test]
    fn each_measure_is_the_product_by_hand() {
        // A T4 hired for half an hour at 0.40 USD an hour, eight H100 hired for a quarter at 2.50 each.
        let small = hired(30, 200_000);
        let large = Row { cards: 8, model: ModelId(1), ..hired(15, 5_000_000) };
        let all = MEASURES.map(|work| weigh(work, &[small, large]));
        assert_eq!(all[0], [500_000, 2_000_000]);
        assert_eq!(all[1], [200_000, 20_000_000]);
        assert_eq!(all[2], [32_500_000, 1_978_000_000]);
        assert_eq!(all[3], [200_000, 5_000_000]);
    }

    #[test]
    fn an_hour_sold_for_a_cent_counts_as_one_sold_for_a_dollar_unless_rent_is_what_counts() {
        let rows = [hired(60, 10_000), hired(60, 1_000_000)];
        assert_eq!(weigh(MEASURES[0], &rows), [1_000_000, 1_000_000]);
        assert_eq!(weigh(Work::Rent, &rows), [10_000, 1_000_000]);
    }

    #[test]
    fn hired_hours_of_a_machine_that_was_off_do_not_count() {
        let gone = Row { up_ns: Span::MINUTE.times(6).0, ..hired(60, 0) };
        assert_eq!(weigh(MEASURES[0], &[gone]), [100_000]);
    }

    #[test]
    fn who_may_not_earn_weighs_nothing_by_any_measure() {
        for work in MEASURES {
            let banned = Row { flags: flag::BANNED, ..hired(60, 1_000_000) };
            let weights = weigh(work, &[banned, hired(60, 1_000_000)]);
            assert!(weights[0] == 0 && weights[1] > 0, "{work:?}: {weights:?}");
        }
    }

    #[test]
    fn only_rent_asks_for_the_column_of_rents() {
        let asks = MEASURES.map(|work| WorkShareSpec { work }.build().needs().earned);
        assert_eq!(asks, [false, false, false, true]);
    }

    #[test]
    fn extravagant_numbers_saturate_instead_of_wrapping() {
        let model = Model { name: "a card".into(), memory_mb: 0, gflops: u32::MAX, multiplier: u32::MAX };
        let always = Row { up_ns: u64::MAX, hired_ns: u64::MAX, cards: u16::MAX, ..Row::default() };
        let epoch = Columns { epoch: Span::MAX, ..Columns::new(vec![always], vec![model]) };
        let work = Work::Hours(Measure::Throughput);
        // The product per card ends at 2^64 - 1 before it is divided by a million.
        let most = u64::MAX / 1_000_000 * 65_535;
        assert_eq!(epoch.weigh(WorkShareSpec { work }.build().as_mut()), [most]);
    }
}
