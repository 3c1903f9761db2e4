//! Simultaneous proof of work: a whole group is challenged at the same instant, so that shared silicon shows.
//!
//! *Rule.* As proof of work, but all devices of one address, subnet or supplier start at the same offset. A card that
//! answers for k devices then does k times the work in one stretch and is late for all of them. A repeat asks the whole
//! group of everyone who failed again; who has passed once has passed, and only keeps the silicon as loaded as it was.
//! *Formula.* The start of a device follows from the beacon and its group's key, see [`super::start_offset`];
//! everything else is that of proof of work. k slices of one card each need k times the target and fail when
//! `k > slowest`; with claims of a model m times weaker, when `k > m * slowest`.
//! *Source.* The form is a proposal for this model, not a documented rule of any network; parameters as in proof of
//! work. Its want follows from io.net docs, Proof of Work, whose load is spread over up to 15 minutes.
//! *Known weakness.* Only a group that covers the card helps: slices behind several addresses escape `host`, behind
//! several subnets `subnet`, under several names `supplier`, which
//! therefore breaks the Sybil law by accounts. Whole groups load their site at once: an honest owner
//! whose machines share one link or one fuse fails in all of them together. A card that serves its slices one after the
//! other, those who failed before first, passes for up to 1 + `retries` slices: judging who passed anew in every repeat
//! would end that, and would fail honest machines for their neighbours' bad luck.

use super::appeals::Appeals;
use super::proof_of_work::{self, ProofOfWork};
use super::{Band, Consequences, Verification};
use crate::ids::DeviceId;
use crate::registry::{Model, Registry};
use crate::units::Span;
use serde::Serialize;

/// Who starts together.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub enum Group {
    /// Nobody: each device at its own offset. For comparison.
    Device,
    /// Devices of one network address.
    Host,
    /// Devices of one subnet.
    Subnet,
    /// Devices of one account.
    Supplier,
}

/// Parameters.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Spec {
    /// The challenge itself.
    pub work: proof_of_work::Spec,
    /// Who starts together. Default subnet (assumed: the widest evidence that needs no identity).
    pub group: Group,
}

impl Default for Spec {
    fn default() -> Self {
        Self { work: proof_of_work::Spec::default(), group: Group::Subnet }
    }
}

impl Spec {
    /// The rule with these parameters.
    #[must_use]
    pub fn build(self) -> SimultaneousProofOfWork {
        SimultaneousProofOfWork { work: self.work.build(), group: self.group }
    }
}

/// The rule.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SimultaneousProofOfWork {
    work: ProofOfWork,
    group: Group,
}

impl Verification for SimultaneousProofOfWork {
    fn name(&self) -> &'static str {
        "simultaneous_proof_of_work"
    }

    fn interval(&self) -> Option<Span> {
        self.work.interval()
    }

    fn window(&self) -> Span {
        self.work.window()
    }

    fn target_ms(&self, claim: &Model) -> u32 {
        self.work.target_ms(claim)
    }

    fn band(&self, claim: &Model) -> Option<Band> {
        self.work.band(claim)
    }

    fn consequences(&self) -> Consequences {
        self.work.consequences()
    }

    fn offset_key(&self, registry: &Registry, device: DeviceId) -> u64 {
        u64::from(match self.group {
            Group::Device => device.0,
            Group::Host => registry.address[device.at()],
            Group::Subnet => registry.subnet[device.at()],
            Group::Supplier => registry.account[device.at()].0,
        })
    }

    fn retries(&self) -> u16 {
        self.work.retries()
    }

    fn appeals(&self) -> Appeals {
        self.work.appeals()
    }
}

#[cfg(test)]
mod tests;
