//! What time on cards is worth: card-hours, times what the claimed model stands for.

use super::{EARNS_NOTHING, EpochRecord};
use crate::registry::Model;
use crate::units::{ONE, Span};
use serde::{Deserialize, Serialize};

/// Nanoseconds in a millionth of an hour.
const MICRO_HOUR: u64 = Span::HOUR.0 / ONE as u64;

/// What an hour of one card counts for, in points.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// One, whatever the card.
    #[default]
    CardHours,
    /// The network's multiplier of the claimed model.
    Multiplier,
    /// The catalogue's TFLOPS of the claimed model.
    Throughput,
}

impl Measure {
    /// Micro-points of an hour of one card.
    fn rate(self, model: &Model) -> u64 {
        match self {
            Measure::CardHours => u64::from(ONE),
            Measure::Multiplier => u64::from(model.multiplier),
            Measure::Throughput => u64::from(model.gflops) * 1_000,
        }
    }
}

/// Micro-points of a card that counts one point an hour.
pub(super) fn card_points(time_ns: u64) -> u64 {
    time_ns / MICRO_HOUR
}

/// A measure with the rates of an epoch's models, kept between epochs.
#[derive(Debug)]
pub(super) struct Meter {
    measure: Measure,
    rates: Vec<u64>,
}

impl Meter {
    pub(super) fn new(measure: Measure) -> Meter {
        Meter { measure, rates: Vec::new() }
    }

    /// Weighs every device by its part of a column of times, held to its time up and to the epoch.
    ///
    /// Rounded down per card, to a micro-hour and then to a micro-point, then times cards: a worker of eight cards
    /// weighs exactly what eight workers of one weigh. Products that pass 64 bits stay at its end.
    pub(super) fn weigh(&mut self, record: &EpochRecord<'_>, time_ns: &[u64], weights: &mut [u64]) {
        self.rates.clear();
        self.rates.extend(record.models.iter().map(|model| self.measure.rate(model)));
        let (n, epoch) = (record.len(), record.epoch.0);
        assert_eq!(weights.len(), n, "a weight for every device");
        // Slices of one known length let the compiler drop the bounds checks below.
        let (time, up, flags) = (&time_ns[..n], &record.up_ns[..n], &record.flags[..n]);
        let (cards, model) = (&record.cards[..n], &record.model[..n]);
        for (i, weight) in weights.iter_mut().enumerate() {
            let time = card_points(time[i].min(up[i]).min(epoch));
            let per_card = time.saturating_mul(self.rates[model[i].at()]) / u64::from(ONE);
            let earns = u64::from(flags[i] & EARNS_NOTHING == 0);
            *weight = per_card.saturating_mul(u64::from(cards[i])) * earns;
        }
    }
}
