//! Render's availability rewards for nodes of compute clients: RNP-006's score, with a floor of uptime and a cap.

use crate::rewards::ignition_points::{Additive, AdditiveSpec};
use crate::rewards::{EpochRecord, Leftover, PayLimits, RewardRule};
use crate::units::{Amount, ONE, Ppm, Span, TOKEN};
use serde::{Deserialize, Serialize};

/// Numbers of RNP-013 for compute clients.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ComputeClientsSpec {
    /// The score, RNP-006's.
    pub score: AdditiveSpec,
    /// Part of the month of which a node must have been up more, in parts per million. Default a half (RNP-013).
    pub least_uptime_ppm: Ppm,
    /// The month. Default 30 days (assumed: the page counts calendar months).
    pub month: Span,
    /// Most that one payment gives a node, in base units. Default 10 tokens (RNP-013, for a month).
    pub cap_per_node: Amount,
}

impl Default for ComputeClientsSpec {
    fn default() -> Self {
        ComputeClientsSpec {
            score: AdditiveSpec::default(),
            least_uptime_ppm: ONE / 2,
            month: Span::DAY.times(30),
            cap_per_node: 10 * TOKEN,
        }
    }
}

/// Micro-points are those of [`Additive`], for a node that has been up more than half of the month so far; nothing in an
/// epoch at whose end it has not. (The page asks for a minimum of 50 %; exactly half does not do here, so that one
/// device cannot be two nodes in turn.) A payment gives a node at most 10 tokens; what that keeps back stays in the pool.
///
/// The page pays a month at its end, by the uptime of the whole; epochs here are weighed one by one, so a node that
/// falls below half later keeps what it earned before, and one that reaches half late does not get what it missed.
/// Time before listing counts as down, as for RNP-006's late joiner. The cap holds for each payment: with a season
/// that is paid once it is the season's.
///
/// *Known weakness*: the cap is a node's, so it breaks the Sybil law by workers, and it breaks the Sybil law by copies,
/// since no claim is checked. With no floor of uptime it breaks the Sybil law by turns, as its score does. Where the cap
/// does not bind, one claim that leases itself lowers the work score of all
/// others: it breaks the law of work by hired time. At the
/// cap a node that does more dilutes its owner's others: it breaks the law of work beside others.
#[derive(Debug)]
pub struct ComputeClients {
    spec: ComputeClientsSpec,
    score: Additive,
    /// Which month it is, and how much of it is over.
    month: u64,
    over: u64,
    /// Time up in the month, by device.
    up_ns: Vec<u64>,
}

impl ComputeClients {
    /// The rule with these numbers.
    ///
    /// # Panics
    /// When a month is no time at all.
    #[must_use]
    pub fn new(spec: ComputeClientsSpec) -> ComputeClients {
        assert!(spec.month > Span::ZERO, "a month of some length");
        let score = Additive::new(spec.score.clone());
        ComputeClients { spec, score, month: 0, over: 0, up_ns: Vec::new() }
    }

    /// Adds the epoch to the month in which it began.
    fn count(&mut self, record: &EpochRecord<'_>) {
        let month = record.now.0.saturating_sub(record.epoch.0) / self.spec.month.0;
        if month != self.month {
            (self.month, self.over) = (month, 0);
            self.up_ns.fill(0);
        }
        self.over += record.epoch.0;
        self.up_ns.resize(record.len(), 0);
        for (sum, &up) in self.up_ns.iter_mut().zip(record.up_ns) {
            *sum += up.min(record.epoch.0);
        }
    }
}

impl RewardRule for ComputeClients {
    fn name(&self) -> &'static str {
        "render_availability.compute_clients"
    }

    fn weigh(&mut self, record: &EpochRecord<'_>, weights: &mut [u64]) {
        self.count(record);
        self.score.weigh(record, weights);
        let least = u128::from(self.over) * u128::from(self.spec.least_uptime_ppm);
        let least = u64::try_from(least / u128::from(ONE)).unwrap_or(u64::MAX);
        for (weight, &up) in weights.iter_mut().zip(&self.up_ns) {
            *weight *= u64::from(up > least);
        }
    }

    fn limits(&self) -> PayLimits {
        PayLimits { per_device: Some(self.spec.cap_per_node), per_account: None, leftover: Leftover::Retain }
    }
}
