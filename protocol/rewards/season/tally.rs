//! Device columns of one season: what each device accrued, and how that adds up per account.

use super::{Owners, SeasonSpec};
use crate::ids::DeviceId;
use crate::registry::flag;
use crate::units::Amount;

/// What a device's points are multiplied by when they are counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Basis {
    /// One.
    Integral,
    /// Time up inside the windows ÷ this many nanoseconds of windows, above zero.
    Windows(u64),
}

/// One row per device listed while the season was open.
#[derive(Default, Debug)]
pub(super) struct Tally {
    /// Micro-points accrued over the whole season.
    pub(super) points: Vec<u64>,
    /// Nanoseconds up inside the snapshot windows; empty under integral accrual.
    pub(super) window_up: Vec<u64>,
    /// True for devices left out at the latest count; empty before the first.
    left_out: Vec<bool>,
    /// Those of them that would have been left out without a flag of linkage.
    left_out_anyway: Vec<bool>,
    /// Micro-points that purges of linked accounts took; short where they took none.
    taken: Vec<u64>,
}

impl Tally {
    /// Adds an epoch. A column that would pass 64 bits stays at its end.
    pub(super) fn add(&mut self, weights: &[u64], up_in_window: &[u64]) {
        add_column(&mut self.points, weights);
        add_column(&mut self.window_up, up_in_window);
    }

    /// Remembers who is left out of the count, by standing now.
    pub(super) fn leave_out(&mut self, flags: &[u16], excluded: u16) {
        self.left_out.clear();
        self.left_out.extend(flags[..self.points.len()].iter().map(|f| f & excluded != 0));
        let other = excluded & !flag::FLAGGED;
        self.left_out_anyway.clear();
        self.left_out_anyway.extend(flags[..self.points.len()].iter().map(|f| f & other != 0));
    }

    /// Remembers what a purge of linked accounts is about to take from a device.
    pub(super) fn note_taken(&mut self, device: DeviceId) {
        let points = self.points.get(device.at()).copied().unwrap_or(0);
        if points > 0 {
            self.taken.resize(self.taken.len().max(device.at() + 1), 0);
            self.taken[device.at()] = self.taken[device.at()].saturating_add(points);
        }
    }

    /// True when linkage has left anything out of the latest count, or taken anything.
    pub(super) fn linkage_mattered(&self) -> bool {
        self.left_out != self.left_out_anyway || !self.taken.is_empty()
    }

    /// Takes away all that a device has accrued.
    pub(super) fn purge(&mut self, device: DeviceId) {
        // A device listed after the season closed has no row.
        if let Some(points) = self.points.get_mut(device.at()) {
            *points = 0;
        }
    }

    /// Counted micro-points per account.
    pub(super) fn count(&self, spec: &SeasonSpec, basis: Basis, owners: &Owners<'_>) -> Vec<Amount> {
        self.sum(spec, basis, owners, &self.left_out, &[])
    }

    /// What the latest count would have given without linkage: nobody left out for a flag, nothing purged for one.
    pub(super) fn count_without_linkage(
        &self,
        spec: &SeasonSpec,
        basis: Basis,
        owners: &Owners<'_>,
    ) -> Vec<Amount> {
        self.sum(spec, basis, owners, &self.left_out_anyway, &self.taken)
    }

    /// Micro-points of each device as they were counted, before any exponent.
    pub(super) fn by_device(&self, basis: Basis) -> Vec<u64> {
        let left_out = self.left_out.iter().chain(std::iter::repeat(&false));
        let counted = |(i, (&points, &out)): (usize, (&u64, &bool))| {
            if out || points == 0 { 0 } else { self.counted(i, points, basis) }
        };
        self.points.iter().zip(left_out).enumerate().map(counted).collect()
    }

    fn sum(
        &self,
        spec: &SeasonSpec,
        basis: Basis,
        owners: &Owners<'_>,
        left_out: &[bool],
        taken: &[u64],
    ) -> Vec<Amount> {
        let mut sums = vec![0u128; owners.purses.len()];
        for (i, (&points, &left_out)) in self.points.iter().zip(left_out).enumerate() {
            let points = points.saturating_add(taken.get(i).copied().unwrap_or(0));
            if points > 0 && !left_out {
                sums[owners.account[i].at()] += u128::from(self.counted(i, points, basis));
            }
        }
        sums.into_iter().map(|sum| spec.account_points(sum)).collect()
    }

    /// A device's points on this basis, rounded down to a micro-point.
    fn counted(&self, i: usize, points: u64, basis: Basis) -> u64 {
        match basis {
            Basis::Integral => points,
            Basis::Windows(length) => {
                let up = self.window_up[i].min(length);
                let share = u128::from(points) * u128::from(up) / u128::from(length);
                u64::try_from(share).expect("a share of 64-bit points")
            }
        }
    }
}

fn add_column(column: &mut Vec<u64>, more: &[u64]) {
    // Devices are only ever added, and a new one has accrued nothing.
    column.resize(more.len().max(column.len()), 0);
    for (sum, &part) in column.iter_mut().zip(more) {
        *sum = sum.saturating_add(part);
    }
}
