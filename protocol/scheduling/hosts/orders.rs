//! For each ask seen of late, the groups that can serve it, best first; only what changed is scored again.
//!
//! A group's score for an ask stays as long as the group does. So an order is brought up to date when its ask
//! comes again, by visiting the groups that changed since: each once, however often it changed.

use super::groups::{Groups, Member};
use super::{Ask, Rating};
use crate::ids::DeviceId;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Most asks with an order of their own. Assumed: above the 151 kinds of the openb trace.
const MOST_ORDERS: usize = 256;
/// Most scores kept over all orders, about 200 MB. Assumed.
const MOST_SCORES: usize = 8_000_000;

/// What an order knows about the group at one place.
#[derive(Clone, Copy, Default, Debug)]
struct Filed {
    /// The group that was scored.
    born: u64,
    /// None when the group cannot serve the ask.
    score: Option<i32>,
    /// Its first member when it was filed; None when it has no entry.
    first: Option<Member>,
}

/// One ask's groups.
#[derive(Default, Debug)]
pub(super) struct Order {
    ask: Ask,
    /// The change up to which this is true.
    seen: u64,
    /// When it was last asked for.
    used: u64,
    filed: Vec<Filed>,
    best: BTreeSet<Entry>,
}

/// A group by its score, its first member, and its place: a host that moved leads one group here and may, until
/// the other is visited too, still lead the other.
type Entry = (Reverse<i32>, Member, u32);

impl Order {
    /// The first member of the best group.
    pub(super) fn first(&self) -> Option<DeviceId> {
        self.best.first().map(|(_, (_, device), _)| *device)
    }

    /// The first member of every group that can serve the ask, best first.
    pub(super) fn leaders(&self) -> impl Iterator<Item = DeviceId> + Clone + '_ {
        self.best.iter().map(|(_, (_, device), _)| *device)
    }

    fn refresh(&mut self, groups: &Groups, rating: &dyn Rating) {
        self.filed.resize(groups.len(), Filed::default());
        for place in groups.changed_after(self.seen) {
            self.file(place, groups, rating);
        }
        self.seen = groups.now();
    }

    fn file(&mut self, place: u32, groups: &Groups, rating: &dyn Rating) {
        let group = groups.at(place);
        let old = self.filed[place as usize];
        let mut new = old;
        let first = group.members.first().copied();
        if first.is_some() && old.born != group.born {
            new.born = group.born;
            let suits = group.room.suits(&self.ask);
            new.score = suits.then(|| rating.score(&group.room, group.burden, &self.ask));
        }
        new.first = first.filter(|_| new.score.is_some());
        let (before, after) = (entry(&old, place), entry(&new, place));
        if before != after {
            before.map(|entry| self.best.remove(&entry));
            after.map(|entry| self.best.insert(entry));
        }
        self.filed[place as usize] = new;
    }
}

fn entry(filed: &Filed, place: u32) -> Option<Entry> {
    Some((Reverse(filed.score?), filed.first?, place))
}

/// See the file's header.
#[derive(Default, Debug)]
pub(super) struct Orders {
    orders: Vec<Order>,
    by_ask: BTreeMap<Ask, usize>,
    uses: u64,
}

impl Orders {
    /// The order of an ask, up to date.
    pub(super) fn of(&mut self, ask: &Ask, groups: &Groups, rating: &dyn Rating) -> &Order {
        self.uses += 1;
        let at = match self.by_ask.get(ask) {
            Some(at) => *at,
            None => self.open(ask, groups.len()),
        };
        let order = &mut self.orders[at];
        order.used = self.uses;
        order.refresh(groups, rating);
        order
    }

    /// A new order, in the place of the one longest unused when there are enough.
    fn open(&mut self, ask: &Ask, places: usize) -> usize {
        let most = (MOST_SCORES / places.max(1)).clamp(1, MOST_ORDERS);
        while self.orders.len() >= most {
            self.forget();
        }
        self.orders.push(Order { ask: *ask, ..Order::default() });
        self.by_ask.insert(*ask, self.orders.len() - 1);
        self.orders.len() - 1
    }

    fn forget(&mut self) {
        let oldest = (0..self.orders.len()).min_by_key(|at| self.orders[*at].used);
        let Some(oldest) = oldest else {
            return;
        };
        let gone = self.orders.swap_remove(oldest);
        self.by_ask.remove(&gone.ask);
        if let Some(moved) = self.orders.get(oldest) {
            self.by_ask.insert(moved.ask, oldest);
        }
    }
}
