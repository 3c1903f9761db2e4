//! Leases of parts of hosts: several jobs on one host, shares of one card among them.
//!
//! Hosts are chosen without a look at their price; a renter pays what its host asks, and no more than its own limit.
//!
//! A host stays deployable while parts of it are leased. It counts as hired for the leased part of its cards, see
//! `sharing/hired.rs`.

mod hired;

use super::passage::Attempt;
use super::{Books, Market, Member};
use crate::command::JobRequest;
use crate::effect::Effect;
use crate::ids::{DeviceId, JobId, LeaseId};
use crate::registry::Registry;
use crate::scheduling::hosts::{Ask, Capacity, Grant, HostPolicy, Hosts, ModelSet};
use crate::units::Time;
use hired::Hired;
use std::collections::{BTreeMap, BTreeSet};

/// How hosts are shared.
#[derive(Clone, Debug)]
pub struct SharingSpec {
    /// How a host is chosen.
    pub policy: HostPolicy,
    /// What usually arrives, with weights; read by the fragmentation gradient alone.
    pub typical: Vec<(Ask, u64)>,
    /// Decides draws, and the order of equal hosts without a rank.
    pub seed: u64,
    /// Processor thousandths, mebibytes and rank of each device, by id; devices beyond have no bound on either.
    pub hosts: Vec<(u32, u32, Option<u32>)>,
}

/// See the file's header.
#[derive(Debug)]
pub struct Sharing {
    hosts: Hosts,
    sizes: Vec<(u32, u32, Option<u32>)>,
    listed: usize,
    grants: BTreeMap<LeaseId, Grant>,
    leases: BTreeSet<(DeviceId, LeaseId)>,
    hired: Hired,
}

impl Sharing {
    pub(super) fn new(spec: &SharingSpec) -> Sharing {
        Sharing {
            hosts: Hosts::new(spec.policy, &spec.typical, spec.seed),
            sizes: spec.hosts.clone(),
            listed: 0,
            grants: BTreeMap::new(),
            leases: BTreeSet::new(),
            hired: Hired::default(),
        }
    }

    pub(super) fn grow(&mut self, registry: &Registry) {
        for i in self.listed..registry.len() {
            let device = DeviceId(u32::try_from(i).expect("ids are 32 bits"));
            let (cpu_milli, memory_mib, rank) =
                self.sizes.get(i).copied().unwrap_or((u32::MAX, u32::MAX, None));
            let capacity =
                Capacity { cpu_milli, memory_mib, cards: registry.cards[i], model: registry.model[i] };
            self.hosts.add(device, capacity, rank);
            self.hosts.set_offered(device, false);
            self.hired.add(registry.cards[i]);
        }
        self.listed = registry.len();
    }

    pub(super) fn offer(&mut self, device: DeviceId, offered: bool) {
        self.hosts.set_offered(device, offered);
    }

    pub(super) fn leases_of(&self, device: DeviceId) -> Vec<LeaseId> {
        let all = (device, LeaseId(0))..=(device, LeaseId(u32::MAX));
        self.leases.range(all).map(|(_, lease)| *lease).collect()
    }

    pub(super) fn take(&mut self, now: Time, lease: LeaseId, grant: Grant) {
        let taken = self.hosts.take(&grant);
        assert!(taken, "what was found is there");
        self.hired.begin(now, grant.device, milli(&grant));
        self.leases.insert((grant.device, lease));
        self.grants.insert(lease, grant);
    }

    /// A lease is over since `ended`.
    pub(super) fn give_back(&mut self, ended: Time, lease: LeaseId) {
        if let Some(grant) = self.grants.remove(&lease) {
            self.leases.remove(&(grant.device, lease));
            self.hired.end(ended, grant.device, milli(&grant));
            let fits = self.hosts.give_back(&grant);
            assert!(fits, "a grant is given back once");
        }
    }

    /// Hands out each host's hired nanoseconds of the epoch.
    pub(super) fn fold_epoch(&mut self, now: Time, hired_ns: &mut [u64]) {
        self.hired.fold(now, hired_ns);
    }

    /// Cards that a lease holds parts of, by their place in the host.
    #[must_use]
    pub fn cards_of(&self, lease: LeaseId) -> Vec<u16> {
        let cards = self.grants.get(&lease).map_or(&[][..], |grant| &grant.cards);
        cards.iter().map(|(card, _)| *card).collect()
    }

    /// Thousandths of cards leased, and of all cards.
    #[must_use]
    pub fn allocation(&self) -> (u64, u64) {
        (self.hosts.allocated_milli(), self.hosts.capacity_milli())
    }
}

/// Thousandths of cards that a grant holds.
fn milli(grant: &Grant) -> u64 {
    grant.cards.iter().map(|(_, milli)| u64::from(*milli)).sum()
}

fn ask(request: &JobRequest) -> Ask {
    Ask {
        cpu_milli: request.part.cpu_milli,
        memory_mib: request.part.memory_mib,
        cards: u16::try_from(request.cards).unwrap_or(u16::MAX),
        card_milli: request.part.card_milli,
        models: ModelSet(request.part.models),
    }
}

impl Market {
    /// Hosts leased in parts, where the network does so.
    #[must_use]
    pub fn sharing(&self) -> Option<&Sharing> {
        self.sharing.as_ref()
    }

    /// Places one job on a part of a host if there is one.
    pub(super) fn attempt_part(&mut self, now: Time, job: JobId, books: &mut Books<'_>) -> Attempt {
        let request = self.jobs[job.at()].request;
        let sharing = self.sharing.as_mut().expect("hosts are leased in parts");
        let Some(grant) = sharing.hosts.find(&ask(&request)) else {
            return Attempt::Blocked;
        };
        if !self.hold_money(now, job, self.jobs[job.at()].renter, books) {
            return self.attempted(job, false);
        }
        let id = self.next_lease();
        let device = grant.device;
        self.sharing.as_mut().expect("hosts are leased in parts").take(now, id, grant);
        books.effects.push(Effect::JobStarted(job, id));
        books.effects.push(Effect::DeviceLeased(id, device));
        // The host was chosen without a look at its price.
        let price = self.pricing.price(&request, books.registry.price[device.at()]).min(request.price_limit);
        let members = vec![Member { device, cards: request.cards, price }];
        let lease = self.lease_for(now, job, members, u64::from(request.cards), books);
        self.run(now, lease, books);
        Attempt::Left
    }
}
