//! Liveness: folds heartbeats to edges, keeps uptime exactly, and decides who counts as connected.

use crate::command::Rejection;
use crate::delay::ConstantDelay;
use crate::effect::Effect;
use crate::ids::DeviceId;
use crate::registry::flag;
use crate::runs::Runs;
use crate::step::Step;
use crate::units::{Span, Time};
use serde::Serialize;
use std::ops::Range;

/// Standing in which beats are not accepted: no uptime, no connection.
const BARRED: u16 = flag::NEEDS_LOGIN | flag::BANNED | flag::WITHDRAWN;

/// Rows per block; a block in which nobody was up since the last fold is skipped by the next one.
const BLOCK: usize = 1 << BLOCK_BITS;
const BLOCK_BITS: u32 = 12;

/// How soon a silence is noticed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Spec {
    /// Silence after which a device counts as gone. Default 5 minutes (assumed).
    pub timeout: Span,
    /// The network looks for silent devices at multiples of this since genesis. Default 1 minute (assumed).
    pub sweep: Span,
}

impl Default for Spec {
    fn default() -> Self {
        Self { timeout: Span::MINUTE.times(5), sweep: Span::MINUTE }
    }
}

/// Uptime and silence, one row per device.
///
/// Uptime runs while beats arrive from a device that is logged in and neither banned nor withdrawn. It is
/// the network's own record and exact; ONLINE is what the network believes, and lags silence by the timeout.
#[derive(Debug)]
pub struct Liveness {
    up_since: Vec<Time>,
    up_epoch: Vec<u64>,
    up_total: Vec<u64>,
    last_beat: Vec<Time>,
    epoch_start: Time,
    busy: Vec<bool>,
    silences: ConstantDelay,
}

impl Liveness {
    /// No devices yet; the first epoch starts at genesis.
    #[must_use]
    pub fn new(spec: Spec) -> Self {
        Self {
            up_since: Vec::new(),
            up_epoch: Vec::new(),
            up_total: Vec::new(),
            last_beat: Vec::new(),
            epoch_start: Time::default(),
            busy: Vec::new(),
            silences: ConstantDelay::new(spec.timeout, spec.sweep),
        }
    }

    /// Rows for `count` new devices, silent and never seen.
    pub fn grow(&mut self, count: u32) {
        let len = self.up_since.len() + count as usize;
        self.up_since.resize(len, Time::NEVER);
        self.up_epoch.resize(len, 0);
        self.up_total.resize(len, 0);
        self.last_beat.resize(len, Time::NEVER);
        self.busy.resize(len.div_ceil(BLOCK), false);
    }

    /// Beats from `count` devices begin (`beating`) or cease: the last beat is now. An edge repeated is no edge.
    ///
    /// A beginning is seen at once; an end only after the timeout, at a sweep, if no beat came before it.
    ///
    /// # Errors
    /// As [`crate::registry::Registry::rows`], with everything untouched.
    pub fn beat(
        &mut self,
        step: &mut Step<'_>,
        first: DeviceId,
        count: u32,
        beating: bool,
    ) -> Result<(), Rejection> {
        let rows = step.registry.rows(first, count)?;
        if beating {
            self.rise(step, rows);
        } else if self.fall(step, rows) {
            self.silences.push(step.now, first, count);
        }
        Ok(())
    }

    /// All devices that have not left are disconnected at once until their owners log in.
    pub fn require_login(&mut self, step: &mut Step<'_>) {
        step.effects.push(Effect::ReauthenticationRequired);
        let mut runs = Runs::offline();
        for i in 0..step.registry.len() {
            if step.registry.flags[i] & flag::WITHDRAWN == 0 {
                step.registry.flags[i] |= flag::NEEDS_LOGIN;
                self.cut(step, i, &mut runs);
            }
        }
        runs.flush(step.effects);
    }

    /// Owners log `count` devices in. Those whose machines kept beating are connected from now on; the
    /// others when they beat again. Without a login due it changes nothing.
    ///
    /// # Errors
    /// As [`crate::registry::Registry::rows`], with everything untouched.
    pub fn login(&mut self, step: &mut Step<'_>, first: DeviceId, count: u32) -> Result<(), Rejection> {
        let mut runs = Runs::online();
        for i in step.registry.rows(first, count)? {
            let flags = step.registry.flags[i];
            if flags & flag::NEEDS_LOGIN == 0 {
                continue;
            }
            step.registry.flags[i] = flags & !flag::NEEDS_LOGIN;
            if step.registry.flags[i] & (flag::BEATING | BARRED) == flag::BEATING {
                self.connect(step, i, &mut runs);
            }
        }
        runs.flush(step.effects);
        Ok(())
    }

    /// Owners take `count` devices off the network for good; those already gone stay gone.
    ///
    /// # Errors
    /// As [`crate::registry::Registry::rows`], with everything untouched.
    pub fn withdraw(&mut self, step: &mut Step<'_>, first: DeviceId, count: u32) -> Result<(), Rejection> {
        let mut gone = Runs::offline();
        let mut left = Runs::new(|first, count| Effect::Withdrew { first, count });
        let mut withdrew = Vec::new();
        for i in step.registry.rows(first, count)? {
            if step.registry.flags[i] & flag::WITHDRAWN == 0 {
                self.cut(step, i, &mut gone);
                step.registry.flags[i] &= !flag::BEATING;
                step.registry.flags[i] |= flag::WITHDRAWN;
                left.add(id(i), &mut withdrew);
            }
        }
        gone.flush(step.effects);
        left.flush(&mut withdrew);
        step.effects.append(&mut withdrew);
        Ok(())
    }

    /// Bans a device and disconnects it at once. Banning it again changes nothing.
    pub fn ban(&mut self, step: &mut Step<'_>, device: DeviceId) {
        let i = device.at();
        if step.registry.flags[i] & flag::BANNED != 0 {
            return;
        }
        step.registry.flags[i] |= flag::BANNED;
        step.effects.push(Effect::Banned(device));
        let mut runs = Runs::offline();
        self.cut(step, i, &mut runs);
        runs.flush(step.effects);
    }

    /// Lifts a ban; a device whose machine kept beating is connected from now on.
    pub fn reinstate(&mut self, step: &mut Step<'_>, device: DeviceId) {
        let i = device.at();
        step.registry.flags[i] &= !flag::BANNED;
        if step.registry.flags[i] & (flag::BEATING | BARRED) == flag::BEATING {
            let mut runs = Runs::online();
            self.connect(step, i, &mut runs);
            runs.flush(step.effects);
        }
    }

    /// When the next silence may have to be noticed, or never. A date may turn out idle: its devices beat again.
    #[must_use]
    pub fn next_deadline(&self) -> Time {
        self.silences.next_deadline()
    }

    /// Notices all silences that are due.
    pub fn advance(&mut self, step: &mut Step<'_>) {
        let timeout = self.silences.delay();
        let mut runs = Runs::offline();
        while let Some(due) = self.silences.pop(step.now) {
            for i in due.rows() {
                let silent = step.registry.flags[i] & (flag::ONLINE | flag::BEATING) == flag::ONLINE;
                // A device that beat in between and fell silent again waits in a later entry.
                if silent && self.last_beat[i] + timeout <= due.at {
                    self.cut(step, i, &mut runs);
                }
            }
        }
        runs.flush(step.effects);
    }

    /// Hands out each device's uptime of the epoch that ends at `now`, in nanoseconds, and starts the next.
    ///
    /// # Panics
    /// When `up_ns` has not one row per device.
    pub fn fold_epoch(&mut self, now: Time, up_ns: &mut [u64]) {
        assert_eq!(up_ns.len(), self.up_since.len(), "one row per device");
        let start = self.epoch_start;
        let columns = up_ns
            .chunks_mut(BLOCK)
            .zip(self.up_since.chunks(BLOCK))
            .zip(self.up_epoch.chunks_mut(BLOCK))
            .zip(&mut self.busy);
        for (((out, since), epoch), busy) in columns {
            if !*busy {
                out.fill(0);
                continue;
            }
            let mut any_up = false;
            for ((out, &since), epoch) in out.iter_mut().zip(since).zip(epoch) {
                // Silent rows hold NEVER, for which the running part is zero without a branch.
                *out = *epoch + now.since(since.max(start)).0;
                *epoch = 0;
                any_up |= since != Time::NEVER;
            }
            *busy = any_up;
        }
        self.epoch_start = now;
    }

    /// Exact uptime of a device since it was listed.
    #[must_use]
    pub fn uptime(&self, device: DeviceId, now: Time) -> Span {
        let i = device.at();
        Span(self.up_total[i]) + now.since(self.up_since[i])
    }

    /// When the running session began, [`Time::NEVER`] while silent.
    #[must_use]
    pub fn up_since(&self) -> &[Time] {
        &self.up_since
    }

    /// Nanoseconds up in ended sessions (or parts of them) of the open epoch.
    #[must_use]
    pub fn up_epoch(&self) -> &[u64] {
        &self.up_epoch
    }

    /// Nanoseconds up in ended sessions since the device was listed.
    #[must_use]
    pub fn up_total(&self) -> &[u64] {
        &self.up_total
    }

    /// The last beat accepted before the latest silence; [`Time::NEVER`] before the first silence. A device
    /// with a running session beats now, whatever stands here.
    #[must_use]
    pub fn last_beat(&self) -> &[Time] {
        &self.last_beat
    }

    fn rise(&mut self, step: &mut Step<'_>, rows: Range<usize>) {
        let mut runs = Runs::online();
        for i in rows {
            let flags = step.registry.flags[i];
            if flags & flag::BEATING != 0 {
                continue;
            }
            step.registry.flags[i] = flags | flag::BEATING;
            if flags & BARRED == 0 {
                self.connect(step, i, &mut runs);
            }
        }
        runs.flush(step.effects);
    }

    /// True when a silence began that may have to be noticed.
    fn fall(&mut self, step: &mut Step<'_>, rows: Range<usize>) -> bool {
        let mut silence = false;
        for i in rows {
            let flags = step.registry.flags[i];
            step.registry.flags[i] = flags & !flag::BEATING;
            if flags & flag::BEATING != 0 {
                silence |= flags & flag::ONLINE != 0;
                self.stop(step.now, i);
            }
        }
        silence
    }

    /// A session begins; the device is seen as connected unless its last silence went unnoticed.
    fn connect(&mut self, step: &mut Step<'_>, i: usize, runs: &mut Runs) {
        self.up_since[i] = step.now;
        self.busy[i >> BLOCK_BITS] = true;
        if step.registry.flags[i] & flag::ONLINE == 0 {
            step.registry.flags[i] |= flag::ONLINE;
            step.supply.went_online(step.now, step.registry.cards[i], self.last_beat[i]);
            step.back.push(id(i));
            runs.add(id(i), step.effects);
        }
    }

    /// The session ends, if one runs: its time is booked and its last beat was now.
    fn stop(&mut self, now: Time, i: usize) {
        let since = self.up_since[i];
        if since != Time::NEVER {
            self.up_epoch[i] += now.since(since.max(self.epoch_start)).0;
            self.up_total[i] += now.since(since).0;
            self.up_since[i] = Time::NEVER;
            self.last_beat[i] = now;
        }
    }

    /// The device is disconnected now, whether it beats or not.
    fn cut(&mut self, step: &mut Step<'_>, i: usize, runs: &mut Runs) {
        self.stop(step.now, i);
        if step.registry.flags[i] & flag::ONLINE != 0 {
            step.registry.flags[i] &= !flag::ONLINE;
            step.supply.went_offline(step.now, step.registry.cards[i], self.last_beat[i]);
            step.lost.push(id(i));
            runs.add(id(i), step.effects);
        }
    }
}

/// A column's position as an id.
fn id(i: usize) -> DeviceId {
    DeviceId(u32::try_from(i).expect("the registry hands out 32-bit ids"))
}

#[cfg(test)]
mod reference;
#[cfg(test)]
mod tests;
