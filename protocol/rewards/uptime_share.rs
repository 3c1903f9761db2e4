//! Presence alone is paid: time up times cards, and nothing else.
//!
//! *Rule*: a card that is there counts, whatever it is, whoever hires it and however it is connected. The plainest rule
//! of availability, and the measure of what the others add.
//!
//! *Formula*: points = up hours × cards, in micro-points, rounded down per card to a millionth of an hour.
//!
//! *Source*: no one network's; presence is one factor of io.net's Ignition Rewards Program and of RNP-006, and Render's
//! availability rewards pay for it, weighted by hardware (RNP-015).
//!
//! *Known weakness*: the weakest card that the network lists earns what the best one earns, so supply comes in the
//! cheapest model, and one strong card claimed as k weak ones earns k times: it breaks the Sybil law by copies. Nobody
//! need ever be hired.

use super::measure::{Measure, Meter};
use super::{EpochRecord, RewardRule};
use serde::{Deserialize, Serialize};

/// The rule has no numbers.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct UptimeShareSpec {}

impl UptimeShareSpec {
    /// The rule that this describes.
    #[must_use]
    pub fn build(self) -> Box<dyn RewardRule> {
        Box::new(UptimeShare { meter: Meter::new(Measure::CardHours) })
    }
}

/// The rule; see the head of this file.
#[derive(Debug)]
pub struct UptimeShare {
    meter: Meter,
}

impl RewardRule for UptimeShare {
    fn name(&self) -> &'static str {
        "uptime_share"
    }

    fn weigh(&mut self, record: &EpochRecord<'_>, weights: &mut [u64]) {
        self.meter.weigh(record, record.up_ns, weights);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::ModelId;
    use crate::registry::{Model, flag};
    use crate::rewards::{Columns, Row};
    use crate::units::{ONE, Span};

    fn weigh(epoch: Span, rows: &[Row]) -> Vec<u64> {
        let model = |multiplier, gflops| Model { name: "a card".into(), memory_mb: 0, gflops, multiplier };
        let models = vec![model(ONE, 18_200), model(15 * ONE, 989_000)];
        Columns { epoch, ..Columns::new(rows.to_vec(), models) }
            .weigh(UptimeShareSpec::default().build().as_mut())
    }

    fn up(minutes: u64) -> Row {
        Row { up_ns: Span::MINUTE.times(minutes).0, ..Row::default() }
    }

    #[test]
    fn an_idle_weak_card_earns_what_a_hired_strong_one_earns() {
        let strong = Row { hired_ns: Span::HOUR.0, earned: 2_000_000, tier: 4, model: ModelId(1), ..up(60) };
        assert_eq!(weigh(Span::HOUR, &[up(60), strong]), [1_000_000, 1_000_000]);
    }

    #[test]
    fn half_an_hour_of_eight_cards_is_four_card_hours() {
        let half = Row { cards: 8, ..up(30) };
        assert_eq!(weigh(Span::HOUR, &[half, up(0)]), [4_000_000, 0]);
    }

    #[test]
    fn a_farm_that_claims_its_card_forty_times_is_paid_forty_times() {
        let farm = Row { cards: 40, ..up(60) };
        assert_eq!(weigh(Span::HOUR, &[up(60), farm]), [1_000_000, 40_000_000]);
    }

    #[test]
    fn points_do_not_depend_on_the_length_of_the_epoch_and_end_with_it() {
        let day = up(24 * 60);
        assert_eq!(weigh(Span::DAY, &[day]), [24_000_000]);
        assert_eq!(weigh(Span::HOUR, &[day]), [1_000_000]);
        let eternal = Row { up_ns: u64::MAX, cards: u16::MAX, ..Row::default() };
        assert_eq!(weigh(Span::MAX, &[eternal]), [u64::MAX / 3_600_000 * 65_535]);
    }

    #[test]
    fn who_may_not_earn_weighs_nothing() {
        for bad in [flag::QUARANTINED, flag::BANNED, flag::WITHDRAWN, flag::UNSTAKED] {
            assert_eq!(weigh(Span::HOUR, &[Row { flags: bad, ..up(60) }, up(60)]), [0, 1_000_000]);
        }
    }
}
