//! Devices that the calendar believes free from this instant on and that are not free yet: their leases end in it.

use super::{Member, Part, Reserve, Unit};
use crate::units::{Span, Time};

/// One instant.
const INSTANT: Span = Span(1);

impl Reserve {
    /// Holds these devices back from what starts, until others are named. Promises are made of them all the same.
    pub(in crate::market) fn hold_back(&mut self, members: &[Member]) {
        self.enter(members);
        self.held_back.clone_from(&self.entered);
    }

    /// True when something is held back, so that who is promised this instant may have to wait for it.
    pub(in crate::market) fn holds_back(&self) -> bool {
        !self.held_back.is_empty()
    }

    /// Takes out of the open row what is held back.
    pub(super) fn leave_out_held_back(&mut self, now: Time) {
        if self.held_back.is_empty() {
            return;
        }
        if self.calendar.unit() == Unit::Hosts {
            for part in &self.held_back {
                self.row[part.column as usize / 64] &= !(1 << (part.column % 64));
            }
            return;
        }
        // What is really there now is what the calendar says, with what is promised from now on and without what is
        // held back: a promise may be meant to be served by the latter.
        let mut there = Vec::new();
        self.calendar.open(now, INSTANT, &mut there, |_| true);
        let promised = self.promises.values().filter(|promise| promise.start <= now);
        for Part { column, devices } in promised.flat_map(|promise| &promise.parts) {
            there[*column as usize] += i64::from(*devices);
        }
        for Part { column, devices } in &self.held_back {
            there[*column as usize] -= i64::from(*devices);
        }
        for (free, there) in self.row.iter_mut().zip(there) {
            *free = (*free).min(there);
        }
    }
}
