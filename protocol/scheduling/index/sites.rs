//! Deployable devices by site, so that a gang can be gathered in one place without looking at every place.
//!
//! Every change of standing is followed at once: each device has one entry, and each [`Order`] holds every site's
//! number of cards for one kind of ask. An order is made when its ask first comes, by one pass over the entries, and
//! kept from then on; asks differ in model or memory, tier and price step alone, and the latest [`MOST_ORDERS`] are
//! kept. A change of standing costs O(log n) for the entry and for each order; a look-up costs the entries of the sites
//! that are tried, at most [`MOST_VAIN`] of them in vain.

use super::Pick;
use crate::command::JobRequest;
use crate::ids::{DeviceId, ModelId};
use crate::registry::{Model, Registry};
use crate::scheduling::Kind;
use crate::scheduling::one_site_first::price_step;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound::{Excluded, Included};

/// Most sites that one look-up tries in vain. Assumed.
const MOST_VAIN: usize = 64;
/// Most orders kept. Assumed.
const MOST_ORDERS: usize = 64;

/// A subnet.
type Site = u32;
/// A deployable device: within a site by kind, within a kind by price.
type Entry = (Site, Kind, u32, DeviceId);

/// See the file's header.
#[derive(Default, Debug)]
pub(super) struct Sites {
    entries: BTreeSet<Entry>,
    orders: BTreeMap<Ask, Order>,
    /// Look-ups that used an order, to tell which was used last.
    uses: u64,
    visits: u64,
}

/// What tells which cards count as a site's size.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Ask {
    model: Option<ModelId>,
    /// The least memory of any model that suffices.
    memory_mb: u32,
    tier: u8,
    step: u8,
}

impl Ask {
    fn of(request: &JobRequest, models: &[Model]) -> Ask {
        let enough = models.iter().map(|model| model.memory_mb).filter(|mb| *mb >= request.min_memory_mb);
        let memory_mb = enough.min().unwrap_or(u32::MAX);
        let step = price_step(request.price_limit);
        Ask { model: request.model, memory_mb, tier: request.min_tier.max(1), step }
    }

    fn counts(&self, (_, kind, price, _): &Entry, models: &[Model]) -> bool {
        self.model.is_none_or(|model| model == kind.model)
            && models[kind.model.at()].memory_mb >= self.memory_mb
            && kind.tier >= self.tier
            && price_step(*price) <= self.step
    }
}

/// Sites by size, for one ask.
#[derive(Default, Debug)]
struct Order {
    size: BTreeMap<Site, u64>,
    by_size: BTreeSet<(u64, Site)>,
    used: u64,
}

impl Order {
    fn change(&mut self, site: Site, cards: i64) {
        let size = self.size.entry(site).or_insert(0);
        self.by_size.remove(&(*size, site));
        *size = size.checked_add_signed(cards).expect("no more cards go than came");
        if *size == 0 {
            self.size.remove(&site);
        } else {
            self.by_size.insert((*size, site));
        }
    }

    /// The largest site that was not passed; of equals the lowest.
    fn largest(&self, passed: &[Site]) -> Option<Site> {
        let mut size = self.by_size.last()?.0;
        loop {
            let mut equals = self.by_size.range((size, 0)..=(size, Site::MAX));
            if let Some((_, site)) = equals.find(|(_, site)| !passed.contains(site)) {
                return Some(*site);
            }
            size = self.by_size.range(..(size, 0)).next_back()?.0;
        }
    }
}

impl Sites {
    /// A device became deployable.
    pub(super) fn add(&mut self, registry: &Registry, device: DeviceId) {
        let entry = entry(registry, device);
        if self.entries.insert(entry) {
            self.change(entry, i64::from(entry.1.cards), registry);
        }
    }

    /// A device is no longer deployable.
    pub(super) fn remove(&mut self, registry: &Registry, device: DeviceId) {
        let entry = entry(registry, device);
        if self.entries.remove(&entry) {
            self.change(entry, -i64::from(entry.1.cards), registry);
        }
    }

    /// Entries looked at so far.
    pub(super) fn visits(&self) -> u64 {
        self.visits
    }

    /// Every device that stands on a site.
    #[cfg(test)]
    pub(super) fn devices(&self) -> impl Iterator<Item = DeviceId> {
        self.entries.iter().map(|(_, _, _, device)| *device)
    }

    /// Puts devices on fewer sites in the place of `picks`, which serve the request, if the rule finds such.
    pub(super) fn gather(&mut self, registry: &Registry, request: &JobRequest, picks: &mut Vec<Pick>) {
        let scattered = sites_of(registry, picks);
        if scattered < 2 {
            return;
        }
        let ask = Ask::of(request, &registry.models);
        self.make(ask, &registry.models);
        let order = &self.orders[&ask];
        let mut search = Search { entries: &self.entries, registry, request, visits: 0, vain: 0 };
        let gathered = search.gather(order, scattered);
        self.visits += search.visits;
        if let Some(gathered) = gathered {
            *picks = gathered;
        }
    }

    fn change(&mut self, entry: Entry, cards: i64, registry: &Registry) {
        for (ask, order) in &mut self.orders {
            if ask.counts(&entry, &registry.models) {
                order.change(entry.0, cards);
            }
        }
    }

    /// Makes the order of an ask if it is not there, in the place of the one that was used longest ago.
    fn make(&mut self, ask: Ask, models: &[Model]) {
        self.uses += 1;
        if !self.orders.contains_key(&ask) {
            if self.orders.len() == MOST_ORDERS {
                let oldest = self.orders.iter().min_by_key(|(_, order)| order.used).map(|(ask, _)| *ask);
                oldest.and_then(|ask| self.orders.remove(&ask));
            }
            let mut order = Order::default();
            for entry in &self.entries {
                self.visits += 1;
                if ask.counts(entry, models) {
                    order.change(entry.0, i64::from(entry.1.cards));
                }
            }
            self.orders.insert(ask, order);
        }
        self.orders.get_mut(&ask).expect("it was made").used = self.uses;
    }
}

fn entry(registry: &Registry, device: DeviceId) -> Entry {
    let i = device.at();
    (registry.subnet[i], Kind::of(registry, device), registry.price[i], device)
}

/// On how many sites the picks stand.
fn sites_of(registry: &Registry, picks: &[Pick]) -> usize {
    let sites: BTreeSet<Site> = picks.iter().map(|pick| registry.subnet[pick.device.at()]).collect();
    sites.len()
}

/// One look-up.
struct Search<'a> {
    entries: &'a BTreeSet<Entry>,
    registry: &'a Registry,
    request: &'a JobRequest,
    visits: u64,
    /// Sites that were tried in vain.
    vain: usize,
}

impl Search<'_> {
    /// Devices for the whole request on fewer sites than `scattered`.
    fn gather(&mut self, order: &Order, scattered: usize) -> Option<Vec<Pick>> {
        let mut picks = Vec::new();
        let mut passed = Vec::new();
        let mut missing = self.request.cards;
        for _ in 1..scattered {
            if self.serve_alone(order, &passed, missing, &mut picks) {
                return Some(picks);
            }
            let before = missing;
            while missing == before {
                if self.vain >= MOST_VAIN {
                    return None;
                }
                let site = order.largest(&passed)?;
                passed.push(site);
                missing = self.serve(site, missing, &mut picks);
                self.vain += usize::from(missing == before);
            }
        }
        None
    }

    /// All that is missing from the smallest site that can; of equals the lowest.
    fn serve_alone(&mut self, order: &Order, passed: &[Site], missing: u32, picks: &mut Vec<Pick>) -> bool {
        let chosen = picks.len();
        for (_, site) in order.by_size.range((u64::from(missing), 0)..) {
            if self.vain >= MOST_VAIN {
                return false;
            }
            if passed.contains(site) {
                continue;
            }
            if self.serve(*site, missing, picks) == 0 {
                return true;
            }
            picks.truncate(chosen);
            self.vain += 1;
        }
        false
    }

    /// Takes the cheapest devices of a site for the missing cards; returns how many are missing still.
    fn serve(&mut self, site: Site, mut missing: u32, picks: &mut Vec<Pick>) -> u32 {
        let mut heads = self.heads(site);
        while missing > 0 {
            let order = |head: &&mut Entry| (head.2, head.3);
            let Some(head) = heads.iter_mut().min_by_key(order) else {
                return missing;
            };
            let (_, kind, price, device) = *head;
            if price > self.request.price_limit {
                return missing;
            }
            // A loss that was not yet told is passed over.
            if self.registry.deployable(device) {
                let cards = u32::from(kind.cards).min(missing);
                picks.push(Pick { device, cards });
                missing -= cards;
            }
            self.visits += 1;
            let last = (site, kind, u32::MAX, DeviceId(u32::MAX));
            match self.entries.range((Excluded(*head), Included(last))).next() {
                Some(next) => *head = *next,
                None => heads.retain(|head| head.3 != device),
            }
        }
        missing
    }

    /// The cheapest device of each kind on a site that suits the request.
    fn heads(&mut self, site: Site) -> Vec<Entry> {
        let end = |model, cards, tier| Kind { model: ModelId(model), cards, tier };
        let last = (site, end(u16::MAX, u16::MAX, u8::MAX), u32::MAX, DeviceId(u32::MAX));
        let mut from = Included((site, end(0, 0, 0), 0, DeviceId(0)));
        let mut heads = Vec::new();
        while let Some(entry) = self.entries.range((from, Included(last))).next() {
            self.visits += 1;
            if entry.1.suits(&self.registry.models, self.request) {
                heads.push(*entry);
            }
            from = Excluded((site, entry.1, u32::MAX, DeviceId(u32::MAX)));
        }
        heads
    }
}
