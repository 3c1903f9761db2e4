//! Appeals: what an owner may do against a quarantine or a ban, and when it is decided.
//!
//! *Rule.* An owner files for its devices under quarantine or ban; after a delay the rule's form decides. `rechallenge`:
//! the device gets one challenge in the next round at which its machine beats, and is free if it passes.
//! `granted_once`: the first appeal of a device is granted, later ones are refused.
//! *Formula.* None.
//! *Source.* io.net docs, Slashing: an appeal window of one month; what an appeal is decided by is not published, so
//! both forms and the delay are assumed.
//! *Known weakness.* A purge's points are not given back. `granted_once` frees the guilty like the innocent; a farm
//! that appeals slice by slice has its card to itself in a `rechallenge`.

use super::asking::set;
use crate::command::Rejection;
use crate::delay::ConstantDelay;
use crate::effect::Effect;
use crate::ids::{AccountId, DeviceId};
use crate::registry::flag;
use crate::step::Step;
use crate::units::{Span, Time};
use serde::Serialize;
use std::collections::BTreeSet;

/// What one may appeal against.
const HELD: u16 = flag::QUARANTINED | flag::BANNED;

/// What decides an appeal.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub enum Form {
    /// There are none.
    #[default]
    None,
    /// One challenge, and freedom on a pass.
    Rechallenge,
    /// Freedom the first time.
    GrantedOnce,
}

/// The rule for appeals.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Appeals {
    /// What decides. Default none.
    pub form: Form,
    /// From filing to the decision, or to being summoned. Default 3 days (assumed).
    pub delay: Span,
}

impl Default for Appeals {
    fn default() -> Self {
        Self { form: Form::None, delay: Span::DAY.times(3) }
    }
}

/// Appeals that were filed and are not yet decided.
#[derive(Debug)]
pub struct Docket {
    form: Form,
    waiting: ConstantDelay,
    /// Filed and undecided.
    pending: BTreeSet<DeviceId>,
    /// Had its appeal granted once.
    spent: BTreeSet<DeviceId>,
    /// To be asked in the next round.
    summoned: BTreeSet<DeviceId>,
    /// Asked for its appeal in the open round.
    called: BTreeSet<DeviceId>,
}

impl Docket {
    /// An empty docket.
    #[must_use]
    pub fn new(rule: Appeals) -> Docket {
        Docket {
            form: rule.form,
            waiting: ConstantDelay::new(rule.delay, Span::ZERO),
            pending: BTreeSet::new(),
            spent: BTreeSet::new(),
            summoned: BTreeSet::new(),
            called: BTreeSet::new(),
        }
    }

    /// Files for those of the range's devices that are held and have no appeal pending.
    ///
    /// # Errors
    /// `WrongState` when the rule knows no appeals or no device of the range can appeal; as
    /// [`crate::registry::Registry::rows`], and `Unknown` when a device is not the account's. Nothing is changed then.
    pub fn file(
        &mut self,
        step: &mut Step<'_>,
        account: AccountId,
        first: DeviceId,
        count: u32,
    ) -> Result<(), Rejection> {
        let rows = step.registry.rows(first, count)?;
        if step.registry.account[rows.clone()].iter().any(|owner| *owner != account) {
            return Err(Rejection::Unknown);
        }
        let may = |device: &DeviceId| {
            let flags = step.registry.flags[device.at()];
            flags & HELD != 0 && flags & flag::WITHDRAWN == 0 && !self.pending.contains(device)
        };
        let filed: Vec<DeviceId> = (first.0..first.0 + count).map(DeviceId).filter(may).collect();
        if self.form == Form::None || filed.is_empty() {
            return Err(Rejection::WrongState);
        }
        for device in filed {
            self.pending.insert(device);
            self.waiting.push(step.now, device, 1);
            step.effects.push(Effect::AppealFiled { account, device });
        }
        Ok(())
    }

    /// When the next appeal's delay is over, or never.
    #[must_use]
    pub fn next_deadline(&self) -> Time {
        self.waiting.next_deadline()
    }

    /// Takes up the appeals that are due; returns those devices that are free from now on.
    pub(super) fn advance(&mut self, step: &mut Step<'_>) -> Vec<DeviceId> {
        let mut free = Vec::new();
        while let Some(due) = self.waiting.pop(step.now) {
            for device in due.rows().map(|row| DeviceId(row as u32)) {
                let flags = step.registry.flags[device.at()];
                if flags & HELD == 0 || flags & flag::WITHDRAWN != 0 {
                    // It has passed by itself or left: nothing to decide any more.
                    self.decide(step, device, flags & HELD == 0);
                } else if self.form == Form::Rechallenge {
                    self.summoned.insert(device);
                } else {
                    let granted = self.spent.insert(device);
                    self.decide(step, device, granted);
                    free.extend(granted.then_some(device));
                }
            }
        }
        free
    }

    /// A round is issued: marks those summoned whose machines beat, hired or not asked otherwise. True when there is
    /// one.
    pub(super) fn call(&mut self, flags: &[u16], asked: &mut [u64]) -> bool {
        let absent = flag::WITHDRAWN | flag::NEEDS_LOGIN;
        let comes = |device: &DeviceId| flags[device.at()] & (flag::BEATING | absent) == flag::BEATING;
        self.called = self.summoned.iter().copied().filter(comes).collect();
        for device in &self.called {
            set(asked, *device);
        }
        !self.called.is_empty()
    }

    /// True when the open round decides this device's appeal.
    pub(super) fn called(&self, device: DeviceId) -> bool {
        self.called.contains(&device)
    }

    /// An appeal is decided.
    pub(super) fn decide(&mut self, step: &mut Step<'_>, device: DeviceId, granted: bool) {
        self.pending.remove(&device);
        self.summoned.remove(&device);
        step.effects.push(Effect::AppealDecided { device, granted });
    }

    /// The round is over or dropped; who was called and got no verdict stays summoned.
    pub(super) fn adjourn(&mut self) {
        self.called.clear();
    }
}

#[cfg(test)]
mod tests;
