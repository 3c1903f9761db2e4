//! Integer columns of a record, as a formula counts them, and what one unit of each is.

use crate::registry::Model;
use crate::rewards::{EARNS_NOTHING, EpochRecord};
use crate::units::{ONE, Span, USD};
use std::ops::Range;

/// What can be said of a device in an integer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Quantity {
    /// One for each device.
    One,
    Up,
    Hired,
    Rent,
    Tier,
    Multiplier,
    Cards,
    /// Of one card.
    CardCompute,
    /// Of one card.
    CardMemory,
    /// Of all cards of the device.
    Compute,
    Reputation,
    Passed,
    Failed,
    Streak,
    Age,
}

/// Whether a device earns at all: in good standing, and online for some of the epoch.
pub(super) fn counts(record: &EpochRecord<'_>, device: usize) -> bool {
    record.flags[device] & EARNS_NOTHING == 0 && record.up_ns[device] > 0
}

impl Quantity {
    /// How many of the integer make one of the unit that a formula is told.
    pub(super) fn unit(self) -> f64 {
        match self {
            Self::Up | Self::Hired | Self::Streak | Self::Age => Span::HOUR.0 as f64,
            Self::Rent => USD as f64,
            Self::Multiplier | Self::Reputation => f64::from(ONE),
            Self::CardCompute | Self::CardMemory | Self::Compute => 1_000.0,
            Self::One | Self::Tier | Self::Cards | Self::Passed | Self::Failed => 1.0,
        }
    }

    /// Tells `take` of each of these devices, in order; one loop for each quantity, so that nothing is chosen within.
    pub(super) fn read(self, record: &EpochRecord<'_>, rows: Range<usize>, take: impl FnMut(usize, u64)) {
        let epoch = record.epoch.0;
        let model = |i: usize| -> &Model { &record.models[record.model[i].at()] };
        let up = |i: usize| record.up_ns[i].min(epoch);
        match self {
            Self::One => each(rows, take, |_| 1),
            Self::Up => each(rows, take, up),
            Self::Hired => each(rows, take, |i| record.hired_ns[i].min(up(i))),
            Self::Rent => each(rows, take, |i| record.earned[i]),
            Self::Tier => each(rows, take, |i| record.tier[i].into()),
            Self::Multiplier => each(rows, take, |i| model(i).multiplier.into()),
            Self::Cards => each(rows, take, |i| record.cards[i].into()),
            Self::CardCompute => each(rows, take, |i| model(i).gflops.into()),
            Self::CardMemory => each(rows, take, |i| model(i).memory_mb.into()),
            Self::Compute => each(rows, take, |i| u64::from(model(i).gflops) * u64::from(record.cards[i])),
            Self::Reputation => each(rows, take, |i| record.reputation[i].into()),
            Self::Passed => each(rows, take, |i| record.passed[i].into()),
            Self::Failed => each(rows, take, |i| record.failed[i].into()),
            Self::Streak => each(rows, take, |i| record.streak_ns[i]),
            Self::Age => each(rows, take, |i| record.now.since(record.registered[i]).0),
        }
    }
}

fn each(rows: Range<usize>, mut take: impl FnMut(usize, u64), of: impl Fn(usize) -> u64) {
    rows.for_each(|device| take(device, of(device)));
}
