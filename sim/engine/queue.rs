//! The order of events: the key that ranks them, the trait of a queue, and a plain reference queue.
//!
//! Events run by (time, round, phase, entity, per-entity counter). An event scheduled for the instant
//! that is running joins its next *round*, so that cause precedes effect without moving the clock.
//! There is no global sequence number in this order: with one, an extra event of one policy would
//! reorder everybody's ties and spoil common random numbers. Nor is the counter stored. Pushes on behalf
//! of one entity at one key happen in program order, so *first pushed, first popped* among equal
//! (time, round, phase, entity) is the order that a counter would give.
//!
//! A queue cannot cancel. Who may change its mind keeps a generation number in its own state and in the
//! event, and ignores an event of an older generation when it arrives.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::time::Time;

/// Zero-delay rounds that one instant may take; the next one is a loop in the model and panics.
pub const ROUND_LIMIT: u32 = 1000;

/// Who goes first among events of one round: phase, then entity, packed so that one comparison decides.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Tie(u64);

impl Tie {
    /// The largest entity number; the eight bits above it hold the phase.
    pub const MAX_ENTITY: u64 = (1 << 56) - 1;

    /// Packs a phase and an entity number. Panics if the entity exceeds [`Tie::MAX_ENTITY`].
    pub fn new(phase: u8, entity: u64) -> Tie {
        assert!(entity <= Tie::MAX_ENTITY, "entity {entity} does not fit in 56 bits");
        Tie((u64::from(phase) << 56) | entity)
    }

    /// The phase: lower phases of one round run first.
    pub fn phase(self) -> u8 {
        (self.0 >> 56) as u8
    }

    /// The entity on whose behalf the event was scheduled.
    pub fn entity(self) -> u64 {
        self.0 & Tie::MAX_ENTITY
    }
}

/// Where an event stood in the order of a run. Events of equal keys were popped in the order of their pushes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Key {
    /// The instant.
    pub time: Time,
    /// Zero for events scheduled from an earlier instant, one more for each zero delay.
    pub round: u32,
    /// Phase and entity.
    pub tie: Tie,
}

/// A set of pending events that gives them back in the order of this file.
///
/// Time is monotone: nothing may be pushed before the instant of the last popped event.
pub trait EventQueue<E: Copy> {
    /// Adds an event. At the instant of the last popped event it joins the next round.
    /// Panics if `time` lies before that instant.
    fn push(&mut self, time: Time, tie: Tie, event: E);

    /// Removes the next event if it is due at `horizon` or before; otherwise changes nothing.
    /// Panics when an instant needs more than [`ROUND_LIMIT`] zero-delay rounds.
    fn pop_until(&mut self, horizon: Time) -> Option<(Key, E)>;

    /// The instant of the next event. Changes nothing, so that an earlier event may still be pushed.
    fn next_time(&self) -> Option<Time>;

    /// How many events are pending, including those their owners will ignore.
    fn len(&self) -> usize;

    /// Removes the next event.
    fn pop(&mut self) -> Option<(Key, E)> {
        self.pop_until(Time::MAX)
    }

    /// Whether nothing is pending.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Fails a model that keeps scheduling events without letting time pass.
pub(super) fn check_round(time: Time, round: u32, tie: Tie) {
    assert!(
        round <= ROUND_LIMIT,
        "more than {ROUND_LIMIT} zero-delay rounds at {time:?}: the model loops (phase {}, entity {})",
        tie.phase(),
        tie.entity()
    );
}

/// The reference queue: a binary heap of whole keys. Slow and obvious; tests compare the fast one with it.
#[derive(Clone, Debug)]
pub struct HeapQueue<E> {
    heap: BinaryHeap<Reverse<Pending<E>>>,
    /// Time and round of the last popped event.
    reached: Option<(Time, u32)>,
    pushes: u64,
}

#[derive(Clone, Copy, Debug)]
struct Pending<E> {
    key: Key,
    /// Only breaks ties among equal keys, where it means first come, first served.
    push: u64,
    event: E,
}

impl<E> Pending<E> {
    fn rank(&self) -> (Key, u64) {
        (self.key, self.push)
    }
}

impl<E> PartialEq for Pending<E> {
    fn eq(&self, other: &Self) -> bool {
        self.rank() == other.rank()
    }
}

impl<E> Eq for Pending<E> {}

impl<E> PartialOrd for Pending<E> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<E> Ord for Pending<E> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.rank().cmp(&other.rank())
    }
}

impl<E> Default for HeapQueue<E> {
    fn default() -> Self {
        HeapQueue { heap: BinaryHeap::new(), reached: None, pushes: 0 }
    }
}

impl<E: Copy> EventQueue<E> for HeapQueue<E> {
    fn push(&mut self, time: Time, tie: Tie, event: E) {
        let round = match self.reached {
            Some((now, _)) if time < now => panic!("{time:?} lies before {now:?}, already popped"),
            Some((now, round)) if time == now => round + 1,
            _ => 0,
        };
        self.heap.push(Reverse(Pending { key: Key { time, round, tie }, push: self.pushes, event }));
        self.pushes += 1;
    }

    fn pop_until(&mut self, horizon: Time) -> Option<(Key, E)> {
        if self.next_time()? > horizon {
            return None;
        }
        let Reverse(Pending { key, event, .. }) = self.heap.pop()?;
        check_round(key.time, key.round, key.tie);
        self.reached = Some((key.time, key.round));
        Some((key, event))
    }

    fn next_time(&self) -> Option<Time> {
        self.heap.peek().map(|Reverse(next)| next.key.time)
    }

    fn len(&self) -> usize {
        self.heap.len()
    }
}

#[cfg(test)]
mod tests;
