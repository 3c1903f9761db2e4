//! Per address: so many devices may share one network address, and no more.
//!
//! *Rule.* All accounts with a device on an address that carries more than `cap` devices are flagged.
//! *Formula.* score = min(1, devices on the address ÷ (cap + 1)); threshold 1.
//! *Source.* The usual first filter; the founding article's farmers name hundreds of IPs as their answer to it.
//! *Known weakness.* An address is cheap, so a farm buys one per identity; a hall or a campus behind one address
//! translator is honest and flagged, and no appeal on subnets helps it.

use super::{Evidence, Linkage, ratio};
use crate::units::Ppm;
use serde::Serialize;

/// The rule.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct PerAddress {
    /// Devices allowed per address. Default 16 (assumed: two machines of eight cards behind one router).
    pub cap: u32,
}

impl Default for PerAddress {
    fn default() -> Self {
        Self { cap: 16 }
    }
}

impl Linkage for PerAddress {
    fn name(&self) -> &'static str {
        "per_address"
    }

    fn score(&self, evidence: &Evidence) -> Ppm {
        ratio(evidence.address_devices, self.cap.saturating_add(1))
    }
}
