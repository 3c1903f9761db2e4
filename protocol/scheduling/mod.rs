//! Scheduling: which waiting job is tried next, and which devices it gets.

pub mod backfilling;
pub mod best_fit;
pub mod calendar;
pub mod cheapest;
pub mod fcfs;
pub mod first_fitting;
pub mod hosts;
pub mod index;
pub mod interruptible_bids;
pub mod least_attained_service;
pub mod listed;
pub mod lot;
pub mod most_reputable;
pub mod one_site_first;
pub mod priority;
pub mod shortest_job;
pub mod top_k;

pub use backfilling::{ConservativeSpec, EasySpec};
pub use best_fit::{BestFit, BestFitSpec};
pub use cheapest::{Cheapest, CheapestSpec};
pub use fcfs::{Fcfs, FcfsSpec};
pub use first_fitting::FirstFittingSpec;
pub use interruptible_bids::InterruptibleBidsSpec;
pub use least_attained_service::LeastAttainedServiceSpec;
pub use most_reputable::{MostReputable, MostReputableSpec};
pub use one_site_first::{OneSiteFirst, OneSiteFirstSpec};
pub use priority::PrioritySpec;
pub use shortest_job::ShortestJobSpec;
pub use top_k::{TopK, TopKSpec};

use crate::command::JobRequest;
use crate::ids::{DeviceId, ModelId};
use crate::registry::{Model, Registry};
use crate::units::{Ppm, Span, Time};
use serde::{Deserialize, Serialize};
use std::fmt::Debug;

/// What a placement may know about one device.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Candidate {
    /// The device.
    pub device: DeviceId,
    /// Claimed model.
    pub model: ModelId,
    /// Claimed cards.
    pub cards: u16,
    /// Memory per card in megabytes.
    pub memory_mb: u32,
    /// Declared connectivity tier, 1 to 4.
    pub tier: u8,
    /// Asking price, micro-dollars per card and hour.
    pub price: u32,
    /// Reputation in parts per million, as of the last [`index::Index::rekey`] or later.
    pub reputation: Ppm,
}

/// An order among devices that could serve a request: smaller first, by `fit`, then [`key`], then device id.
///
/// It is split in parts so that an index can hold it: what depends on the request is `fit`, which sees only
/// the size and memory that all devices of a shelf share; `class` orders within a shelf; price orders within
/// a class, so that a price limit cuts a class short.
pub trait Placement: Debug + Send + Sync {
    /// The name in a scenario and in reports.
    fn name(&self) -> &'static str;

    /// Coarse rank of a device apart from its price. Few distinct values, please: a look-up under a price
    /// limit may have to visit each once per shelf.
    fn class(&self, _candidate: &Candidate) -> u32 {
        0
    }

    /// How badly devices of this size and memory suit a request that still lacks `missing` cards.
    fn fit(&self, _cards: u16, _memory_mb: u32, _missing: u32) -> u64 {
        0
    }

    /// True when `class` reads the reputation, so that entries must be filed anew after it changed.
    fn reads_reputation(&self) -> bool {
        false
    }

    /// Among how many of the first in this order one is drawn by [`lot`], for each device that a job takes; 1 takes
    /// the first. More than one asks for a `fit` that does not depend on `missing`.
    fn candidates(&self) -> usize {
        1
    }

    /// True when a gang that this order would scatter is gathered on fewer sites where that can be done, see
    /// [`one_site_first`].
    fn gathers(&self) -> bool {
        false
    }
}

/// Place of a device within its shelf: class above, asking price below.
#[must_use]
pub fn key(placement: &dyn Placement, candidate: &Candidate) -> u64 {
    u64::from(placement.class(candidate)) << 32 | u64::from(candidate.price)
}

/// What a job that cannot start does to those behind it in the queue.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WhenBlocked {
    /// Nobody overtakes.
    Stop,
    /// Whoever fits starts.
    Skip,
    /// The first that cannot start is promised its devices at the earliest possible time, and whoever does not delay it
    /// may start.
    ReserveFirst(Unit),
    /// Every waiting job is promised its devices when it arrives, and nobody may break a promise.
    ReserveAll(Unit),
}

/// In what reservations are made.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    /// So many devices of a lot (alike in kind and price); which ones is settled at the start.
    Counts,
    /// These devices, lowest id first.
    Hosts,
}

/// A queue discipline: the order in which waiting jobs are tried, what a blocked one means, and who may stop whom.
pub trait Queueing: Debug + Send + Sync {
    /// The name in a scenario and in reports.
    fn name(&self) -> &'static str;

    /// Place in the queue, settled when a job joins it: smaller first, equals in order of arrival. `request` holds the
    /// term that is still to be served, `attained` the service that the job has had.
    fn rank(&self, _submitted: Time, _request: &JobRequest, _attained: Attained) -> u64 {
        0
    }

    /// What a job that cannot start does to those behind it.
    fn when_blocked(&self) -> WhenBlocked;

    /// The terms on which a job that cannot start stops running ones; none where it may not.
    fn preemption(&self) -> Option<Preemption> {
        None
    }

    /// Standing of a job among those that run: a waiting one stops running ones of strictly larger level.
    fn level(&self, _request: &JobRequest, _attained: Attained) -> u64 {
        0
    }

    /// The service after which the level of a running job rises next; none where it never does.
    fn level_rises_at(&self, _request: &JobRequest, _attained: Attained) -> Option<Attained> {
        None
    }
}

/// Service that a job has had so far: cards times nanoseconds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Attained(pub u128);

impl Attained {
    /// The service of so many cards for such a time.
    #[must_use]
    pub fn of(cards: u32, time: Span) -> Attained {
        Attained(u128::from(cards) * u128::from(time.0))
    }

    /// The time in which so many cards come from here to `goal`, rounded up.
    #[must_use]
    pub fn time_to(self, goal: Attained, cards: u32) -> Span {
        let missing = goal.0.saturating_sub(self.0).div_ceil(u128::from(cards.max(1)));
        Span(u64::try_from(missing).unwrap_or(u64::MAX))
    }
}

impl std::ops::AddAssign for Attained {
    fn add_assign(&mut self, more: Attained) {
        self.0 = self.0.saturating_add(more.0);
    }
}

/// On what terms running jobs are stopped for waiting ones.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Preemption {
    /// A lease that has run for less than this is let be.
    pub min_run: Span,
}

/// What devices on one shelf of the index have in common.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Kind {
    /// Claimed model.
    pub model: ModelId,
    /// Claimed cards.
    pub cards: u16,
    /// Declared connectivity tier.
    pub tier: u8,
}

impl Kind {
    /// The kind of a listed device.
    #[must_use]
    pub fn of(registry: &Registry, device: DeviceId) -> Kind {
        Kind {
            model: registry.model[device.at()],
            cards: registry.cards[device.at()],
            tier: registry.tier[device.at()],
        }
    }

    /// True when devices of this kind may serve the request, price apart. A request that names a model and a
    /// least memory means both.
    #[must_use]
    pub fn suits(&self, models: &[Model], request: &JobRequest) -> bool {
        request.model.is_none_or(|model| model == self.model)
            && models[self.model.at()].memory_mb >= request.min_memory_mb
            && self.tier >= request.min_tier.max(1)
            && self.cards > 0
            && (!request.one_host || u32::from(self.cards) >= request.cards)
    }
}

/// True when a device may serve the request, its standing apart: kind and price.
#[must_use]
pub fn suits(registry: &Registry, request: &JobRequest, device: DeviceId) -> bool {
    registry.price[device.at()] <= request.price_limit
        && Kind::of(registry, device).suits(&registry.models, request)
}

/// What the registry and the scores say about a device.
#[must_use]
pub fn candidate(registry: &Registry, scores: &[Ppm], device: DeviceId) -> Candidate {
    let i = device.at();
    Candidate {
        device,
        model: registry.model[i],
        cards: registry.cards[i],
        memory_mb: registry.models[registry.model[i].at()].memory_mb,
        tier: registry.tier[i],
        price: registry.price[i],
        reputation: scores[i],
    }
}
