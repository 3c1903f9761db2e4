//! EASY and conservative backfilling: small jobs pass large ones without making them wait.
//!
//! *Rule*: jobs stand in order of arrival, and each states how long it may run. Under EASY, the first that cannot start
//! is promised its devices at the earliest time at which running leases, ending as stated, leave enough; any job behind
//! it starts now when it fits now for the whole of its term beside that promise. Under conservative backfilling every
//! job is promised its devices when it arrives and starts at the promised time; when a lease ends before its term, all
//! promises to waiting jobs are dropped and made anew, one by one in order of arrival.
//!
//! *Formula*: start = min { t >= now : for every instant of `[t, t + term)` the devices are free in the
//! [calendar](super::calendar) }. Reservations are by [counts](super::Unit::Counts) of like devices or by
//! [hosts](super::Unit::Hosts), lowest id first.
//!
//! *Source*: Lifka, "The ANL/IBM SP scheduling system", JSSPP 1995 (EASY); Mu'alem and Feitelson, "Utilization,
//! predictability, workloads, and user runtime estimates in scheduling the IBM SP2 with backfilling", IEEE TPDS 12(6),
//! 2001 (both, and what becomes of promises after an early end).
//!
//! *Known weakness*: both believe the stated term. A gang that moves to another device after a loss
//! ([`OnLoss::Move`](crate::market::OnLoss::Move)) takes it past all promises, which are made anew. Who overstates it waits longer and leaves holes; who understates it
//! is stopped at its end. EASY may put off the second in the queue without bound. By hosts, cost grows with the number
//! of devices, since each slice of the calendar has a bit for each.

use super::{Queueing, Unit, WhenBlocked};
use serde::{Deserialize, Serialize};

/// EASY backfilling.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EasySpec {
    /// In what the promise is made. Counts by default.
    pub unit: Unit,
}

/// Conservative backfilling.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConservativeSpec {
    /// In what promises are made. Counts by default.
    pub unit: Unit,
}

impl Default for EasySpec {
    fn default() -> Self {
        EasySpec { unit: Unit::Counts }
    }
}

impl Default for ConservativeSpec {
    fn default() -> Self {
        ConservativeSpec { unit: Unit::Counts }
    }
}

impl EasySpec {
    /// The discipline that this describes.
    #[must_use]
    pub fn build(self) -> Box<dyn Queueing> {
        Box::new(self)
    }
}

impl ConservativeSpec {
    /// The discipline that this describes.
    #[must_use]
    pub fn build(self) -> Box<dyn Queueing> {
        Box::new(self)
    }
}

impl Queueing for EasySpec {
    fn name(&self) -> &'static str {
        "easy"
    }

    fn when_blocked(&self) -> WhenBlocked {
        WhenBlocked::ReserveFirst(self.unit)
    }
}

impl Queueing for ConservativeSpec {
    fn name(&self) -> &'static str {
        "conservative"
    }

    fn when_blocked(&self) -> WhenBlocked {
        WhenBlocked::ReserveAll(self.unit)
    }
}
