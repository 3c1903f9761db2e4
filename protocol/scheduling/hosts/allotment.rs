//! The hosts, what is taken of them, and the choice of one for an ask.

use super::groups::{Groups, Member};
use super::orders::{Order, Orders};
use super::random::below;
use super::{Ask, Capacity, Grant, HostPolicy, Rating, Room, WHOLE};
use crate::ids::DeviceId;
use crate::verification::mix;

/// The step of SplitMix64's state.
const STEP: u64 = 0x9E37_79B9_7F4A_7C15;
/// Draws among all hosts before the feasible ones are counted. Assumed.
const TRIES: u32 = 32;

#[derive(Debug)]
struct Host {
    capacity: Capacity,
    /// Cards in their own order.
    room: Room,
    rank: u32,
    /// Its group while it is offered.
    place: Option<u32>,
}

/// Hosts of which parts can be leased. It chooses and keeps count; who holds what, and for how long, is for
/// others to remember.
#[derive(Debug)]
pub struct Hosts {
    rating: Box<dyn Rating>,
    seed: u64,
    draws: u64,
    /// By device.
    hosts: Vec<Option<Host>>,
    /// In the order in which they were added.
    known: Vec<DeviceId>,
    groups: Groups,
    orders: Orders,
    capacity_milli: u64,
    allocated_milli: u64,
}

impl Hosts {
    /// No hosts yet. `typical` are the asks that usually arrive, with weights, see [`super::typical()`]; only
    /// [`HostPolicy::Fgd`] reads them. The seed decides every draw and the ranks of hosts that are given none.
    #[must_use]
    pub fn new(policy: HostPolicy, typical: &[(Ask, u64)], seed: u64) -> Self {
        Self {
            rating: policy.build(typical),
            seed: mix(seed.wrapping_add(STEP)),
            draws: 0,
            hosts: Vec::new(),
            known: Vec::new(),
            groups: Groups::default(),
            orders: Orders::default(),
            capacity_milli: 0,
            allocated_milli: 0,
        }
    }

    /// Adds a host, offered and empty. Among hosts of equal score the lowest rank is taken, then the lowest
    /// id; a host without a rank gets one from the seed. False, and nothing changes, when the device is known.
    pub fn add(&mut self, device: DeviceId, capacity: Capacity, rank: Option<u32>) -> bool {
        if self.host(device).is_some() {
            return false;
        }
        if self.hosts.len() <= device.at() {
            self.hosts.resize_with(device.at() + 1, || None);
        }
        let chance = mix(self.seed ^ mix(u64::from(device.0).wrapping_add(STEP)));
        let rank = rank.unwrap_or((chance >> 32) as u32);
        let room = Room::whole(&capacity);
        self.capacity_milli += room.all_cards_milli();
        self.hosts[device.at()] = Some(Host { capacity, room, rank, place: None });
        self.known.push(device);
        self.set_offered(device, true);
        true
    }

    /// Offers a host or withdraws it from the choice; what is taken of it stays taken. Unknown devices are
    /// left alone.
    pub fn set_offered(&mut self, device: DeviceId, offered: bool) {
        if self.host(device).is_some_and(|host| host.place.is_some() != offered) {
            if offered { self.list(device) } else { self.unlist(device) }
        }
    }

    fn host(&self, device: DeviceId) -> Option<&Host> {
        self.hosts.get(device.at())?.as_ref()
    }

    fn host_mut(&mut self, device: DeviceId) -> Option<&mut Host> {
        self.hosts.get_mut(device.at())?.as_mut()
    }

    fn list(&mut self, device: DeviceId) {
        let Some(host) = self.hosts.get_mut(device.at()).and_then(Option::as_mut) else {
            return;
        };
        let member: Member = (host.rank, device);
        host.place = Some(self.groups.insert(host.room.sorted(), member, self.rating.as_ref()));
    }

    fn unlist(&mut self, device: DeviceId) {
        let Some(host) = self.hosts.get_mut(device.at()).and_then(Option::as_mut) else {
            return;
        };
        if let Some(place) = host.place.take() {
            self.groups.remove(place, (host.rank, device));
        }
    }

    /// The policy's choice for an ask, or none when no offered host can serve it. Nothing is taken yet.
    pub fn find(&mut self, ask: &Ask) -> Option<Grant> {
        let order = self.orders.of(ask, &self.groups, self.rating.as_ref());
        let mut device = order.first()?;
        if self.rating.by_chance() {
            let mut draw = Draw { seed: self.seed, count: &mut self.draws };
            let (hosts, known) = (&self.hosts, &self.known);
            device = any(hosts, known, ask, &mut draw)
                .unwrap_or_else(|| counted(hosts, &self.groups, order, &mut draw, device));
        }
        let draw = Draw { seed: self.seed, count: &mut self.draws }.next();
        let room = &self.host(device)?.room;
        let cards = self.cards(room, ask, draw);
        Some(Grant { device, cpu_milli: ask.cpu_milli, memory_mib: ask.memory_mib, cards })
    }

    fn cards(&self, room: &Room, ask: &Ask, draw: u64) -> Vec<(u16, u16)> {
        let places = if ask.shares_a_card() {
            self.rating.shared_card(room, ask, draw).into_iter().collect()
        } else {
            room.tightest_cards(ask.cards, ask.card_milli)
        };
        places.into_iter().map(|at| (at as u16, ask.card_milli)).collect()
    }

    /// Takes what a grant names. False, and nothing changes, when the host has not as much left; a host that
    /// is not offered may still be taken from.
    pub fn take(&mut self, grant: &Grant) -> bool {
        let left = |host: &Host| {
            let room = &host.room;
            let cpu_milli = room.cpu_milli.checked_sub(grant.cpu_milli)?;
            let memory_mib = room.memory_mib.checked_sub(grant.memory_mib)?;
            let mut left = Room { cpu_milli, memory_mib, ..room.clone() };
            for (at, milli) in &grant.cards {
                let card = left.cards.get_mut(usize::from(*at))?;
                *card = card.checked_sub(*milli)?;
            }
            Some(left)
        };
        self.refill(grant.device, left)
    }

    /// Gives back what a grant names. False, and nothing changes, when the host would have more than it has.
    pub fn give_back(&mut self, grant: &Grant) -> bool {
        let left = |host: &Host| {
            let room = &host.room;
            let within = |sum: Option<u32>, most: u32| sum.filter(|sum| *sum <= most);
            let cpu_milli = within(room.cpu_milli.checked_add(grant.cpu_milli), host.capacity.cpu_milli)?;
            let memory_mib = room.memory_mib.checked_add(grant.memory_mib);
            let memory_mib = within(memory_mib, host.capacity.memory_mib)?;
            let mut left = Room { cpu_milli, memory_mib, ..room.clone() };
            for (at, milli) in &grant.cards {
                let card = left.cards.get_mut(usize::from(*at))?;
                *card = card.checked_add(*milli).filter(|sum| *sum <= WHOLE)?;
            }
            Some(left)
        };
        self.refill(grant.device, left)
    }

    /// Replaces what a host has left, if there is an answer.
    fn refill(&mut self, device: DeviceId, left: impl Fn(&Host) -> Option<Room>) -> bool {
        let Some((room, left)) = self.host(device).and_then(|host| Some((&host.room, left(host)?))) else {
            return false;
        };
        self.allocated_milli += room.all_cards_milli();
        self.allocated_milli -= left.all_cards_milli();
        let offered = self.host(device).is_some_and(|host| host.place.is_some());
        self.unlist(device);
        if let Some(host) = self.host_mut(device) {
            host.room = left;
        }
        if offered {
            self.list(device);
        }
        true
    }

    /// What is left on a host.
    #[must_use]
    pub fn room(&self, device: DeviceId) -> Option<&Room> {
        self.host(device).map(|host| &host.room)
    }

    /// Distinct rooms among offered hosts, which is what a first look-up costs.
    #[must_use]
    pub fn groups(&self) -> usize {
        self.groups.live()
    }

    /// Thousandths of cards taken, on all hosts, offered or not.
    #[must_use]
    pub fn allocated_milli(&self) -> u64 {
        self.allocated_milli
    }

    /// Thousandths of cards of all hosts added, offered or not.
    #[must_use]
    pub fn capacity_milli(&self) -> u64 {
        self.capacity_milli
    }
}

/// The seed's stream of random numbers, SplitMix64 by its counter.
struct Draw<'a> {
    seed: u64,
    count: &'a mut u64,
}

impl Draw<'_> {
    fn next(&mut self) -> u64 {
        *self.count += 1;
        mix(self.seed.wrapping_add(self.count.wrapping_mul(STEP)))
    }
}

/// A feasible host found by trying hosts at random, each feasible one with the same chance.
fn any(hosts: &[Option<Host>], known: &[DeviceId], ask: &Ask, draw: &mut Draw<'_>) -> Option<DeviceId> {
    (0..TRIES).find_map(|_| {
        let device = known[below(draw.next(), known.len())];
        let host = hosts[device.at()].as_ref()?;
        (host.place.is_some() && host.room.suits(ask)).then_some(device)
    })
}

/// A feasible host found by counting them, each with the same chance.
fn counted(
    hosts: &[Option<Host>],
    groups: &Groups,
    order: &Order,
    draw: &mut Draw<'_>,
    otherwise: DeviceId,
) -> DeviceId {
    let group = |leader: DeviceId| hosts[leader.at()].as_ref().and_then(|host| host.place);
    let feasible = order.leaders().filter_map(group).map(|place| &groups.at(place).members);
    let mut left = below(draw.next(), feasible.clone().map(|members| members.len()).sum());
    for members in feasible {
        if let Some((_, device)) = members.iter().nth(left) {
            return *device;
        }
        left -= members.len();
    }
    otherwise
}
