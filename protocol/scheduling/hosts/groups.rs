//! Hosts with equal rooms, held together so that a thousand idle hosts cost as much as one.

use super::{Rating, Room};
use crate::ids::DeviceId;
use std::collections::{BTreeMap, BTreeSet};

/// A host in the order in which equals are taken.
pub(super) type Member = (u32, DeviceId);

/// Hosts whose rooms are equal; empty when its place is free for another room.
#[derive(Default, Debug)]
pub(super) struct Group {
    /// With its cards in rising order.
    pub(super) room: Room,
    /// What [`Rating::burden`] said of the room.
    pub(super) burden: u64,
    /// When this room took this place.
    pub(super) born: u64,
    /// When the room or its first member last changed.
    changed: u64,
    pub(super) members: BTreeSet<Member>,
}

/// See the file's header.
#[derive(Default, Debug)]
pub(super) struct Groups {
    places: Vec<Group>,
    free: Vec<u32>,
    by_room: BTreeMap<Room, u32>,
    /// Places by the time of their last change.
    recent: BTreeMap<u64, u32>,
    now: u64,
}

impl Groups {
    /// Puts a host into the group of its room.
    pub(super) fn insert(&mut self, room: Room, member: Member, rating: &dyn Rating) -> u32 {
        let place = match self.by_room.get(&room) {
            Some(place) => *place,
            None => self.found(room, rating),
        };
        let members = &mut self.places[place as usize].members;
        let leads = members.first().is_none_or(|first| member < *first);
        members.insert(member);
        if leads {
            self.touch(place);
        }
        place
    }

    /// Takes a host out of its group.
    pub(super) fn remove(&mut self, place: u32, member: Member) {
        let group = &mut self.places[place as usize];
        let led = group.members.first() == Some(&member);
        group.members.remove(&member);
        if group.members.is_empty() {
            self.by_room.remove(&group.room);
            self.free.push(place);
        }
        if led {
            self.touch(place);
        }
    }

    /// A new group for a room that no host had.
    fn found(&mut self, room: Room, rating: &dyn Rating) -> u32 {
        let place = self.free.pop().unwrap_or_else(|| {
            self.places.push(Group::default());
            (self.places.len() - 1) as u32
        });
        let burden = rating.burden(&room);
        let group = &mut self.places[place as usize];
        group.burden = burden;
        group.born = self.now + 1;
        group.room.clone_from(&room);
        self.by_room.insert(room, place);
        place
    }

    fn touch(&mut self, place: u32) {
        self.now += 1;
        let group = &mut self.places[place as usize];
        self.recent.remove(&group.changed);
        group.changed = self.now;
        self.recent.insert(self.now, place);
    }

    /// Counts changes.
    pub(super) fn now(&self) -> u64 {
        self.now
    }

    /// Places that changed after this time.
    pub(super) fn changed_after(&self, time: u64) -> impl Iterator<Item = u32> + '_ {
        self.recent.range(time + 1..).map(|(_, place)| *place)
    }

    pub(super) fn at(&self, place: u32) -> &Group {
        &self.places[place as usize]
    }

    /// Groups that have members.
    pub(super) fn live(&self) -> usize {
        self.by_room.len()
    }

    /// Places in use or once used.
    pub(super) fn len(&self) -> usize {
        self.places.len()
    }
}
