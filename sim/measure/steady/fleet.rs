//! Devices as reliability theory counts them: how many are up, for how long those are down that come back.
//!
//! Up is what the network sees: a silence is noticed after `liveness.timeout_minutes`, at a sweep.

use super::level::{Cursor, Level, SLICES};
use super::{Found, found};
use crate::engine::Time;
use depin_protocol::effect::Effect;
use std::ops::Range;

/// See the file's header.
#[derive(Clone, Debug)]
pub struct Fleet {
    end: Time,
    cursor: Cursor,
    /// Since when each device is as it is; never for one that was not yet up.
    since: Vec<Time>,
    online: Vec<bool>,
    listed: Level,
    up: Level,
    /// Spells of being down that ended, and their nanoseconds, by slice.
    mended: Vec<(u64, u128)>,
}

impl Fleet {
    /// No devices yet, in a run that ends at `end`.
    #[must_use]
    pub fn new(end: Time) -> Fleet {
        Fleet {
            end,
            cursor: Cursor::new(end),
            since: Vec::new(),
            online: Vec::new(),
            listed: Level::new(end),
            up: Level::new(end),
            mended: vec![(0, 0); SLICES],
        }
    }

    /// Something came about.
    pub fn see(&mut self, now: Time, effect: &Effect) {
        match *effect {
            Effect::Registered { first, count, .. } => {
                let devices = first.at() + count as usize;
                self.since.resize(devices, Time::NEVER);
                self.online.resize(devices, false);
                self.listed.change(now, i64::from(count));
            }
            Effect::WentOnline { first, count } => {
                let slice = self.cursor.at(now);
                for device in first.at()..first.at() + count as usize {
                    let since = std::mem::replace(&mut self.since[device], now);
                    if !std::mem::replace(&mut self.online[device], true) && since != Time::NEVER {
                        let (spells, ns) = &mut self.mended[slice];
                        *spells += 1;
                        *ns += u128::from(now.since(since).0);
                    }
                }
                self.up.change(now, i64::from(count));
            }
            Effect::WentOffline { first, count } => {
                for device in first.at()..first.at() + count as usize {
                    self.since[device] = now;
                    self.online[device] = false;
                }
                self.up.change(now, -i64::from(count));
            }
            Effect::Withdrew { count, .. } => self.listed.change(now, -i64::from(count)),
            _ => {}
        }
    }

    /// Brings all integrals to the end of the run.
    pub fn close(&mut self) {
        self.listed.advance(self.end);
        self.up.advance(self.end);
    }

    /// Mean number of devices up by slice.
    #[must_use]
    pub fn numbers(&mut self) -> Vec<f64> {
        self.close();
        (0..SLICES).map(|slice| self.up.mean(&(slice..slice + 1))).collect()
    }

    /// What the slices of a range say.
    #[must_use]
    pub fn estimates(&self, slices: &Range<usize>, needed: Option<u64>) -> Vec<Found> {
        let (listed, up) = (self.listed.mean(slices), self.up.mean(slices));
        let mended = self.mended[slices.clone()].iter();
        let (spells, ns) = mended.fold((0u64, 0u128), |sum, slice| (sum.0 + slice.0, sum.1 + slice.1));
        let down_hours = (spells > 0).then(|| ns as f64 / 3.6e12 / spells as f64);
        vec![
            found("steady.available_share", "", "share", (listed > 0.0).then(|| up / listed)),
            found("steady.up_mean", "", "devices", Some(up)),
            found("steady.down_mean", "", "devices", Some(listed - up)),
            found("steady.down_hours_mean", "", "hours", down_hours),
            found(
                "steady.at_least_share",
                "",
                "share",
                needed.and_then(|least| self.up.at_least(slices, least)),
            ),
        ]
    }
}
