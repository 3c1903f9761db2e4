//! Subnet cluster: a crowd in one subnet that arrived together is taken for one farm.
//!
//! *Rule.* Accounts in a subnet with many accounts or many devices are flagged when many of its devices were listed
//! in one burst.
//! *Formula.* score = min(1, max(accounts ÷ A, devices ÷ D), burst ÷ B); threshold 1.
//! *Source.* Clustering by address prefix and time of arrival, as airdrop filters do; the bounds are assumed.
//! *Known weakness.* Honest customers of one cloud share subnets, and news brings them on the same day. A farm that
//! buys addresses in many subnets, or lists slowly, is not seen. It breaks the Sybil law on appeal: a farm that opens an
//! account per device is cleared.

use super::{Evidence, Linkage, ratio};
use crate::units::Ppm;
use serde::Serialize;

/// The rule.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct SubnetCluster {
    /// Accounts that make a crowd. Default 8 (assumed).
    pub accounts: u32,
    /// Devices that make a crowd. Default 64 (assumed: a quarter of a /24).
    pub devices: u32,
    /// Devices of a burst. Default 16 (assumed).
    pub burst: u32,
}

impl Default for SubnetCluster {
    fn default() -> Self {
        Self { accounts: 8, devices: 64, burst: 16 }
    }
}

impl Linkage for SubnetCluster {
    fn name(&self) -> &'static str {
        "subnet_cluster"
    }

    fn score(&self, evidence: &Evidence) -> Ppm {
        let crowd = ratio(evidence.subnet_accounts, self.accounts);
        let crowd = crowd.max(ratio(evidence.subnet_devices, self.devices));
        crowd.min(ratio(evidence.burst_devices, self.burst))
    }
}
