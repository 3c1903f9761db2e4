//! A waiting room of limited size: who finds it full is turned away.
//!
//! *Rule.* After each pass over the queue at most so many jobs go on waiting in it; of those that came since the pass
//! before, the latest are turned away first; an auctioned job comes when its offers close. A job that has run and was
//! interrupted holds its place: it is never turned away, though it takes a place of the room.
//! *Source.* Kendall's K in M/M/c/K is the devices and the room together; a room of nobody is Erlang's loss system.
//! *Known weakness.* A gang of many devices takes one place, as a job of one device does.

use super::{Books, Market};
use crate::effect::Unserved;
use crate::ids::JobId;
use crate::units::Time;

/// See the file's header.
#[derive(Default, Debug)]
pub(super) struct Room {
    places: Option<u32>,
    /// Jobs that have joined the queue for the first time since the last pass, in order.
    fresh: Vec<JobId>,
}

impl Market {
    /// From now on at most so many jobs go on waiting after a pass.
    pub fn limit_waiting(&mut self, places: u32) {
        self.room.places = Some(places);
    }

    /// A new job has joined the queue.
    pub(super) fn enters_room(&mut self, job: JobId) {
        if self.room.places.is_some() {
            self.room.fresh.push(job);
        }
    }

    /// Turns away those who came since the last pass and for whom there is no place.
    pub(super) fn turn_away(&mut self, now: Time, books: &mut Books<'_>) {
        let Some(places) = self.room.places else {
            return;
        };
        while self.queue.len() > places as usize {
            let Some(latest) = self.room.fresh.pop() else {
                break;
            };
            if self.queue.has(latest) {
                self.leave(now, latest, Unserved::NoRoom, books);
                // It may have stood in the way of others.
                self.ask_for_pass(now);
            }
        }
        self.room.fresh.clear();
    }
}
