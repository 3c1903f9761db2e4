//! Registration: who may list devices, how many an hour, and how long new ones wait before their first hire.

use crate::command::{Claim, Rejection};
use crate::delay::ConstantDelay;
use crate::effect::Effect;
use crate::ids::{AccountId, DeviceId};
use crate::registry::{Registry, flag};
use crate::step::Step;
use crate::units::{Span, Time};
use serde::Serialize;

/// The highest connectivity tier (ultra).
const TOP_TIER: u8 = 4;
/// Addresses in a subnet, as a power of two: the network looks at /24 prefixes.
const SUBNET_BITS: u32 = 8;

/// How devices are admitted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Spec {
    /// Devices the network can take on per hour of the clock. Default 10,000 (assumed: above the about 6,250
    /// cards that the public count's rise from 70,000 to 145,000 in a night of 12 hours implies).
    pub max_devices_per_hour: u32,
    /// Whether workers must answer a challenge before they are listed. Default false.
    pub check: bool,
    /// Wait before the first hire. Default 12 hours (io.net docs, Onboarding).
    pub waiting: Span,
    /// Waits end at multiples of this since genesis. Default 1 minute (assumed).
    pub sweep: Span,
}

impl Default for Spec {
    fn default() -> Self {
        Self {
            max_devices_per_hour: 10_000,
            check: false,
            waiting: Span::HOUR.times(12),
            sweep: Span::MINUTE,
        }
    }
}

/// What became of an attempt to list devices; `accepted + refused` is what was asked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Admitted {
    /// Devices listed.
    pub accepted: u32,
    /// Devices turned away.
    pub refused: u32,
    /// True when the admission check turned them away, false when throughput ran out.
    pub by_check: bool,
}

/// An attempt to list devices, as in [`crate::command::Command::Register`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Application {
    /// Owner, known to the network.
    pub account: AccountId,
    /// The claim.
    pub claim: Claim,
    /// Devices.
    pub count: u32,
    /// One address each instead of one for all.
    pub spread: bool,
    /// Whether the workers answer the admission challenge.
    pub answers_admission: bool,
}

/// The door of the network, and the waiting room behind it.
#[derive(Debug)]
pub struct Admission {
    spec: Spec,
    hour: u64,
    used: u32,
    waits: ConstantDelay,
}

impl Admission {
    /// An open door at genesis.
    #[must_use]
    pub fn new(spec: Spec) -> Self {
        Self { spec, hour: 0, used: 0, waits: ConstantDelay::new(spec.waiting, spec.sweep) }
    }

    /// The admission check begins or ends.
    pub fn set_check(&mut self, check: bool) {
        self.spec.check = check;
    }

    /// Counts `count` devices against the hour's throughput. Those that fail the check use none of it
    /// (assumed: a refusal is cheap).
    pub fn admit(&mut self, now: Time, count: u32, answers_admission: bool) -> Admitted {
        if self.spec.check && !answers_admission {
            return Admitted { accepted: 0, refused: count, by_check: true };
        }
        let hour = now.0 / Span::HOUR.0;
        if hour != self.hour {
            self.hour = hour;
            self.used = 0;
        }
        let accepted = count.min(self.spec.max_devices_per_hour - self.used);
        self.used += accepted;
        Admitted { accepted, refused: count - accepted, by_check: false }
    }

    /// Lists what is admitted, silent and unwaited, VERIFIED when claims are `believed`. Returns how many rows
    /// were added; the caller grows every other column by as many.
    ///
    /// With `spread`, device `i` has address `claim.address + i`, and the subnet number rises by one at each
    /// multiple of 256 addresses passed.
    ///
    /// # Errors
    /// `Unknown` model; `BadSize` for no devices, no cards, a tier above 4, or more devices, addresses or
    /// subnets than 32 bits can number. Nothing is changed then.
    pub fn register(
        &mut self,
        step: &mut Step<'_>,
        application: &Application,
        believed: bool,
    ) -> Result<u32, Rejection> {
        check(application, step.registry)?;
        let now = step.now;
        let Application { account, mut claim, count, spread, answers_admission } = *application;
        let admitted = self.admit(now, count, answers_admission);
        if admitted.accepted > 0 {
            let flags = if believed { flag::VERIFIED } else { 0 };
            let first = step.registry.push(now, account, &claim, flags);
            for _ in 1..admitted.accepted {
                if spread {
                    claim.address += 1;
                    claim.subnet += u32::from(claim.address % (1 << SUBNET_BITS) == 0);
                }
                step.registry.push(now, account, &claim, flags);
            }
            self.waits.push(now, first, admitted.accepted);
            let (count, cards) = (admitted.accepted, claim.cards);
            step.effects.push(Effect::Registered { account, first, count, cards });
        }
        if admitted.refused > 0 {
            let (count, by_check) = (admitted.refused, admitted.by_check);
            step.effects.push(Effect::RegistrationRefused { account, count, by_check });
        }
        Ok(admitted.accepted)
    }

    /// When the next first waiting time ends, or never.
    #[must_use]
    pub fn next_deadline(&self) -> Time {
        self.waits.next_deadline()
    }

    /// Ends the waits that are due: WAITED, and CLUSTER_OK for those with a connectivity tier. The wait runs
    /// whether the device is online or not.
    pub fn advance(&mut self, step: &mut Step<'_>) {
        while let Some(due) = self.waits.pop(step.now) {
            for i in due.rows() {
                let formed = if step.registry.tier[i] > 0 { flag::CLUSTER_OK } else { 0 };
                step.registry.flags[i] |= flag::WAITED | formed;
                let device = DeviceId(u32::try_from(i).expect("ids have 32 bits"));
                if step.registry.deployable(device) {
                    step.back.push(device);
                }
            }
        }
    }
}

/// What is wrong with an application, if anything.
fn check(application: &Application, registry: &Registry) -> Result<(), Rejection> {
    let Application { claim, count, spread, .. } = application;
    if claim.model.at() >= registry.models.len() {
        return Err(Rejection::Unknown);
    }
    let last = claim.address.checked_add(count.saturating_sub(1));
    let subnets = last.map(|last| (last >> SUBNET_BITS) - (claim.address >> SUBNET_BITS));
    let numbered = subnets.is_some_and(|more| claim.subnet.checked_add(more).is_some());
    let fits = registry.len() as u64 + u64::from(*count) < u64::from(u32::MAX);
    let sane = *count > 0 && claim.cards > 0 && claim.tier <= TOP_TIER;
    if sane && fits && (numbered || !spread) { Ok(()) } else { Err(Rejection::BadSize) }
}

#[cfg(test)]
mod tests;
