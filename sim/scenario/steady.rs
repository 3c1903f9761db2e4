//! `[steady]`: what is measured once a run has settled, and from when on.

use super::reading::{Count, Share, Table};

/// How a settled run is measured.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Steady {
    /// Share of the run that is left out at its beginning; found by MSER-5 when absent.
    pub warm_up: Option<f64>,
    /// Devices that must be up at one time: k of k-of-n availability.
    pub needed: Option<u64>,
}

impl Steady {
    /// Reads `[steady]`; nothing is measured where it is absent.
    pub(super) fn read(root: &Table<'_>) -> Option<Steady> {
        let t = root.table(
            "steady",
            "measure waiting, blocking, occupancy and availability once the run has settled",
        )?;
        let warm_up = t.optional::<Share>(
            "warm_up_share",
            "share of the run left out at its beginning; found by MSER-5 when absent",
        );
        if let Some(share) = warm_up {
            t.range("warm_up_share", share.0, 0.0, 0.9);
        }
        let needed = t.optional::<Count>(
            "devices_needed",
            "steady.at_least_share is the share of time in which so many devices are up",
        );
        Some(Steady { warm_up: warm_up.map(|share| share.0), needed: needed.map(|count| count.0) })
    }
}
