//! Sybil linkage: what the network really sees of its accounts, and the trait by which a rule turns that into a score.
//!
//! Nothing here knows who is honest: evidence comes from the registry's columns and from the online edges alone.

pub mod detector;
mod edges;
mod gather;
pub mod none;
pub mod per_address;
pub mod subnet_cluster;
pub mod weighted_evidence;

pub use detector::{Detector, Moment};
pub use none::NoLinkage;
pub use per_address::PerAddress;
pub use subnet_cluster::SubnetCluster;
pub use weighted_evidence::WeightedEvidence;

use crate::units::{ONE, Ppm, Span, Time};
use serde::Serialize;

/// What is known of one account; counts of devices leave out those banned or withdrawn.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Evidence {
    /// Its devices.
    pub devices: u32,
    /// Most devices, of anybody, on an address it uses.
    pub address_devices: u32,
    /// Most devices, of anybody, in a subnet it uses.
    pub subnet_devices: u32,
    /// Most accounts, itself included, in a subnet it uses.
    pub subnet_accounts: u32,
    /// Most devices, of anybody, listed within one burst window in a subnet it used in that window.
    pub burst_devices: u32,
    /// Most of its own devices in one subnet.
    pub own_subnet_devices: u32,
    /// Most of its own devices listed within one burst window in one subnet.
    pub own_burst_devices: u32,
    /// Most devices, of anybody, with a fingerprint that one of its devices has (unknown ones never count).
    pub fingerprint_devices: u32,
    /// Most accounts, itself included, whose edges fell on exactly its own sweeps in one window of edges.
    pub edge_accounts: u32,
}

impl Evidence {
    /// The same without what it merely shares with its neighbours in a subnet: only its own devices remain there.
    #[must_use]
    pub fn without_shared_subnets(self) -> Evidence {
        Evidence {
            subnet_devices: self.own_subnet_devices,
            subnet_accounts: self.subnet_accounts.min(1),
            burst_devices: self.own_burst_devices,
            ..self
        }
    }
}

/// A rule that says how much evidence is too much.
pub trait Linkage: std::fmt::Debug + Send {
    /// Name as written in a scenario.
    fn name(&self) -> &'static str;

    /// False when the rule never flags anyone, so that nothing need be watched.
    fn watches(&self) -> bool {
        true
    }

    /// Score of an account in parts per million; more evidence never lowers it.
    fn score(&self, evidence: &Evidence) -> Ppm;

    /// Least score that flags an account.
    fn threshold(&self) -> Ppm {
        ONE
    }
}

/// When accounts are assessed. Those flagged are purged at once, or at the first epoch's end after the time of grace.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub enum Timing {
    /// Just before a season is counted.
    AtSnapshot,
    /// Once, at the first epoch's end at or after this date.
    OnDate(Time),
    /// At the first epoch's end after each interval of assessment.
    Continuous,
}

/// How a rule is applied.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Spec {
    /// When. Default at the snapshot (the founding article: forced re-authentication and purge on the snapshot day).
    pub timing: Timing,
    /// Interval of continuous assessment. Default 1 day (assumed).
    pub every: Span,
    /// Devices listed in one subnet within one cell of this grid are a burst. Default 1 day (assumed).
    pub burst_window: Span,
    /// Edges are compared over windows of this length. Default 1 day (assumed).
    pub edge_window: Span,
    /// Edges within one cell of this grid are simultaneous. Default 1 minute (the sweep of `liveness`).
    pub sweep: Span,
    /// Fewer edges than this in a window prove nothing. Default 4 (assumed: an outage of a shared provider makes two).
    pub least_edges: u32,
    /// A flag must be this old before the account is purged, except when the team asks. Default zero (assumed: the
    /// April 2024 purge is reported without notice; io.net's slashing leaves a month).
    pub grace: Span,
    /// Time from an appeal to its decision. Default 30 days (io.net docs: one month to appeal a slash).
    pub appeal_delay: Span,
    /// A manual review clears accounts whose full score is below this. Default 0, no review (assumed).
    pub review_threshold: Ppm,
}

impl Default for Spec {
    fn default() -> Self {
        Self {
            timing: Timing::AtSnapshot,
            every: Span::DAY,
            burst_window: Span::DAY,
            edge_window: Span::DAY,
            sweep: Span::MINUTE,
            least_edges: 4,
            grace: Span::ZERO,
            appeal_delay: Span::DAY.times(30),
            review_threshold: 0,
        }
    }
}

/// `part / whole` in parts per million, at most one; a `whole` of zero counts as one.
fn ratio(part: u32, whole: u32) -> Ppm {
    let share = u64::from(part) * u64::from(ONE) / u64::from(whole.max(1));
    share.min(u64::from(ONE)) as Ppm
}

#[cfg(test)]
mod appeals;
#[cfg(test)]
mod population;
#[cfg(test)]
mod tests;
