//! The index of deployable devices: shelves of one kind each, ordered by placement, so that nobody scans.
//!
//! An entry may be stale. A device that goes offline leaves its entry behind; a look-up that meets it removes
//! it; a device that comes back finds its own entry or files a new one. Going away costs O(1), and each removal
//! is paid for by the insertion before it. Entries and the exact count of deployable cards are separate: the
//! count follows every change of standing at once; so do the sites, where the placement asks for them.

mod sites;

use super::lot::Lots;
use super::{Kind, Placement, candidate, key};
use crate::command::JobRequest;
use crate::ids::{DeviceId, JobId, ModelId};
use crate::registry::{Registry, flag};
use crate::units::Ppm;
use sites::Sites;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound::{self, Excluded, Included, Unbounded};

/// Entries of one kind in the order of their keys, see [`key`].
type Shelf = BTreeSet<(u64, DeviceId)>;

/// A device chosen for a request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Pick {
    /// The device, which is taken whole.
    pub device: DeviceId,
    /// Cards asked of it, at most those it has.
    pub cards: u32,
}

/// See the file's header.
#[derive(Default, Debug)]
pub struct Index {
    shelves: BTreeMap<Kind, Shelf>,
    /// Key of each device's entry, meaningful while [`flag::INDEXED`] is set.
    key: Vec<u64>,
    /// Whether the device is in the count.
    counted: Vec<bool>,
    /// Deployable cards by model.
    deployable_cards: Vec<u64>,
    all_deployable: u64,
    visits: u64,
    /// Deployable devices by site, under a placement that gathers.
    sites: Option<Sites>,
    /// What lots follow from, besides the job.
    beacon: u64,
}

/// A shelf during a look-up.
struct Head {
    kind: Kind,
    memory_mb: u32,
    next: Next,
}

/// The first entry of a shelf that could still be chosen.
#[derive(Clone, Copy)]
enum Next {
    /// It lies from here on, and nobody has looked yet.
    From(Bound<(u64, DeviceId)>),
    Entry((u64, DeviceId)),
    None,
}

/// A device that could be chosen, and its cards.
#[derive(Clone, Copy)]
struct Drawn {
    device: DeviceId,
    cards: u16,
}

impl Index {
    /// Makes room for all devices of the registry.
    pub fn grow(&mut self, registry: &Registry) {
        self.key.resize(registry.len(), 0);
        self.counted.resize(registry.len(), false);
        let models = registry.models.len().max(self.deployable_cards.len());
        self.deployable_cards.resize(models, 0);
    }

    /// Exact number of deployable cards of a model.
    #[must_use]
    pub fn deployable_cards(&self, model: ModelId) -> u64 {
        self.deployable_cards.get(model.at()).copied().unwrap_or(0)
    }

    /// Exact number of deployable cards of all models.
    #[must_use]
    pub fn all_deployable_cards(&self) -> u64 {
        self.all_deployable
    }

    /// Entries looked at so far, valid or not: the cost of all look-ups.
    #[must_use]
    pub fn visits(&self) -> u64 {
        self.visits + self.sites.as_ref().map_or(0, Sites::visits)
    }

    /// An epoch was closed with this beacon: lots follow from it until the next.
    pub fn set_beacon(&mut self, beacon: u64) {
        self.beacon = beacon;
    }

    /// A device became deployable: it is counted and has an entry under its present key.
    /// Returns false, having done nothing to the count, when it was counted before or is not deployable.
    pub fn offer(
        &mut self,
        registry: &mut Registry,
        scores: &[Ppm],
        placement: &dyn Placement,
        device: DeviceId,
    ) -> bool {
        if !registry.deployable(device) {
            return false;
        }
        let now = key(placement, &candidate(registry, scores, device));
        if !registry.has(device, flag::INDEXED) || self.key[device.at()] != now {
            self.remove(registry, device);
            self.file(registry, device, now);
        }
        if self.counted[device.at()] {
            return false;
        }
        self.counted[device.at()] = true;
        if placement.gathers() {
            self.sites.get_or_insert_default().add(registry, device);
        }
        *self.cards_of(registry, device) += u64::from(registry.cards[device.at()]);
        self.all_deployable += u64::from(registry.cards[device.at()]);
        true
    }

    /// A device is no longer deployable; its entry stays behind. Returns false when it was not counted.
    pub fn retract(&mut self, registry: &Registry, device: DeviceId) -> bool {
        if !self.counted[device.at()] {
            return false;
        }
        self.counted[device.at()] = false;
        if let Some(sites) = &mut self.sites {
            sites.remove(registry, device);
        }
        *self.cards_of(registry, device) -= u64::from(registry.cards[device.at()]);
        self.all_deployable -= u64::from(registry.cards[device.at()]);
        true
    }

    /// Removes a device's entry, if it has one.
    pub fn remove(&mut self, registry: &mut Registry, device: DeviceId) {
        if registry.has(device, flag::INDEXED) {
            let entry = (self.key[device.at()], device);
            if let Some(shelf) = self.shelves.get_mut(&Kind::of(registry, device)) {
                shelf.remove(&entry);
            }
            registry.flags[device.at()] &= !flag::INDEXED;
        }
    }

    /// Removes an entry whose device is not deployable, and takes the device out of the count if nobody did.
    fn drop_stale(&mut self, registry: &mut Registry, device: DeviceId) {
        self.remove(registry, device);
        self.retract(registry, device);
    }

    /// Scores changed: files anew every deployable device whose key did, and drops stale entries. One pass
    /// over the flags, once per epoch or round.
    pub fn rekey(&mut self, registry: &mut Registry, scores: &[Ppm], placement: &dyn Placement) {
        for i in 0..self.key.len() {
            let device = DeviceId(u32::try_from(i).expect("ids are 32 bits"));
            if !registry.has(device, flag::INDEXED) {
                continue;
            }
            if !registry.deployable(device) {
                self.drop_stale(registry, device);
                continue;
            }
            let now = key(placement, &candidate(registry, scores, device));
            if now != self.key[i] {
                self.remove(registry, device);
                self.file(registry, device, now);
            }
        }
    }

    /// Chooses devices for the whole request of `job` into `picks`, as the placement says; entries stay until
    /// [`Index::remove`].
    ///
    /// # Errors
    /// The number of deployable cards that suit the request, when that is too few; `picks` is empty then.
    pub fn find(
        &mut self,
        registry: &mut Registry,
        job: JobId,
        request: &JobRequest,
        placement: &dyn Placement,
        picks: &mut Vec<Pick>,
    ) -> Result<(), u64> {
        self.find_among(registry, job, request, placement, &mut |_| true, picks)?;
        if let Some(sites) = &mut self.sites {
            sites.gather(registry, request, picks);
        }
        Ok(())
    }

    /// Chooses among devices that `allow` lets through, one by one in the placement's order; it is asked once for each
    /// device that comes up. Nothing is gathered: what is allowed may change with each device that is taken.
    ///
    /// # Errors
    /// As [`Index::find`].
    pub fn find_among(
        &mut self,
        registry: &mut Registry,
        job: JobId,
        request: &JobRequest,
        placement: &dyn Placement,
        allow: &mut dyn FnMut(DeviceId) -> bool,
        picks: &mut Vec<Pick>,
    ) -> Result<(), u64> {
        picks.clear();
        let mut heads = self.heads(registry, request);
        if let [head] = heads.as_slice()
            && placement.candidates() <= 1
        {
            return self.find_on(head.kind, registry, request, allow, picks);
        }
        let mut lots = Lots::new(self.beacon, job);
        let mut candidates = Vec::new();
        let mut missing = request.cards;
        while missing > 0 {
            while candidates.len() < placement.candidates().max(1)
                && let Some(next) = self.pull(&mut heads, placement, missing, request.price_limit, registry)
            {
                candidates.push(next);
            }
            if candidates.is_empty() {
                picks.clear();
                return Err(u64::from(request.cards - missing));
            }
            let drawn: Drawn = candidates.remove(lots.below(candidates.len()));
            if allow(drawn.device) {
                let cards = u32::from(drawn.cards).min(missing);
                picks.push(Pick { device: drawn.device, cards });
                missing -= cards;
            }
        }
        Ok(())
    }

    /// As [`Index::find_among`] when one shelf alone suits: one walk along it instead of a search for each device.
    fn find_on(
        &mut self,
        kind: Kind,
        registry: &mut Registry,
        request: &JobRequest,
        allow: &mut dyn FnMut(DeviceId) -> bool,
        picks: &mut Vec<Pick>,
    ) -> Result<(), u64> {
        let mut stale = Vec::new();
        let mut missing = request.cards;
        let mut from = Some((0, DeviceId(0)));
        let shelf = self.shelves.get(&kind);
        let mut visits = 0;
        while let (Some(entry), Some(shelf)) = (from.take(), shelf) {
            for &(key, device) in shelf.range(entry..) {
                visits += 1;
                if !registry.deployable(device) {
                    stale.push(device);
                } else if registry.price[device.at()] > request.price_limit {
                    from = next_class(key);
                    break;
                } else if allow(device) {
                    let cards = u32::from(kind.cards).min(missing);
                    picks.push(Pick { device, cards });
                    missing -= cards;
                    if missing == 0 {
                        break;
                    }
                }
            }
        }
        self.visits += visits;
        for device in stale {
            self.drop_stale(registry, device);
        }
        if missing > 0 {
            picks.clear();
            return Err(u64::from(request.cards - missing));
        }
        Ok(())
    }

    /// Every shelf that suits the request.
    fn heads(&self, registry: &Registry, request: &JobRequest) -> Vec<Head> {
        let shelves = self.shelves.range(kinds(request)).map(|(kind, _)| *kind);
        let suited = shelves.filter(|kind| kind.suits(&registry.models, request));
        let head = |kind: Kind| Head {
            kind,
            memory_mb: registry.models[kind.model.at()].memory_mb,
            next: Next::From(Unbounded),
        };
        suited.map(head).collect()
    }

    /// Takes the first device of all shelves in the placement's order, which the heads then are past.
    fn pull(
        &mut self,
        heads: &mut [Head],
        placement: &dyn Placement,
        missing: u32,
        limit: u32,
        registry: &mut Registry,
    ) -> Option<Drawn> {
        for head in &mut *heads {
            if let Next::From(from) = head.next {
                let first = self.first_valid(head.kind, from, limit, registry);
                head.next = first.map_or(Next::None, Next::Entry);
            }
        }
        let (head, entry) = smallest(heads, placement, missing)?;
        head.next = Next::From(Excluded(entry));
        Some(Drawn { device: entry.1, cards: head.kind.cards })
    }

    /// The first entry of a shelf from `from` on that is deployable and within the price limit. Removes stale
    /// entries on its way; one that is too dear ends its class, because a class is ordered by price.
    fn first_valid(
        &mut self,
        kind: Kind,
        mut from: Bound<(u64, DeviceId)>,
        limit: u32,
        registry: &mut Registry,
    ) -> Option<(u64, DeviceId)> {
        loop {
            let entry = *self.shelves.get(&kind)?.range((from, Unbounded)).next()?;
            self.visits += 1;
            let (key, device) = entry;
            if !registry.deployable(device) {
                self.drop_stale(registry, device);
            } else if registry.price[device.at()] <= limit {
                return Some(entry);
            } else {
                from = Included(next_class(key)?);
            }
        }
    }

    fn file(&mut self, registry: &mut Registry, device: DeviceId, key: u64) {
        let shelf = self.shelves.entry(Kind::of(registry, device)).or_default();
        shelf.insert((key, device));
        self.key[device.at()] = key;
        registry.flags[device.at()] |= flag::INDEXED;
    }

    fn cards_of(&mut self, registry: &Registry, device: DeviceId) -> &mut u64 {
        &mut self.deployable_cards[registry.model[device.at()].at()]
    }
}

/// Where the class after that of `key` begins.
fn next_class(key: u64) -> Option<(u64, DeviceId)> {
    let next = u32::try_from(key >> 32).ok()?.checked_add(1)?;
    Some((u64::from(next) << 32, DeviceId(0)))
}

/// The range of shelves that a request's model allows.
fn kinds(request: &JobRequest) -> (Bound<Kind>, Bound<Kind>) {
    let end = |model, cards, tier| Included(Kind { model, cards, tier });
    match request.model {
        Some(model) => (end(model, 0, 0), end(model, u16::MAX, u8::MAX)),
        None => (Unbounded, Unbounded),
    }
}

/// The head whose entry comes first in the placement's order. Shelves are compared, not devices.
fn smallest<'h>(
    heads: &'h mut [Head],
    placement: &dyn Placement,
    missing: u32,
) -> Option<(&'h mut Head, (u64, DeviceId))> {
    let with_entry = |head: &'h mut Head| match head.next {
        Next::Entry(entry) => Some((head, entry)),
        Next::From(_) | Next::None => None,
    };
    heads.iter_mut().filter_map(with_entry).min_by_key(|(head, entry)| {
        let fit = placement.fit(head.kind.cards, head.memory_mb, missing);
        (fit, *entry)
    })
}

#[cfg(test)]
mod tests;
