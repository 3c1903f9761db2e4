//! The driver of a run: the clock, the pending events, and what was counted on the way.
//!
//! A run is a loop over [`Simulation::next`]; the handler schedules what follows:
//!
//! ```
//! use depin_sim::engine::{Simulation, Span, Time};
//!
//! #[derive(Clone, Copy, PartialEq, Debug)]
//! enum Event {
//!     EpochEnds,
//! }
//!
//! let mut simulation: Simulation<Event> = Simulation::new();
//! simulation.after(Span::HOUR, 0, 0, Event::EpochEnds);
//! while let Some((_, event)) = simulation.next(Time::ZERO + Span::DAY) {
//!     match event {
//!         Event::EpochEnds => simulation.after(Span::HOUR, 0, 0, Event::EpochEnds),
//!     }
//! }
//! assert_eq!(simulation.executed(), 24);
//! assert_eq!(simulation.now(), Time::ZERO + Span::DAY);
//! ```

use std::marker::PhantomData;

use super::queue::{EventQueue, Key, Tie};
use super::radix::RadixQueue;
use super::time::{Span, Time};

/// How often the order of simultaneous events had to be decided.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct TieCount {
    /// Instants with more than one event, over all their rounds.
    pub shared_instants: u64,
    /// Events that followed another of the same instant, round, phase and entity, where only the order
    /// of the program decided.
    pub program_order: u64,
}

/// The clock and the pending events of one run.
///
/// `E` is the model's event, a small `Copy` value; `Q` the queue, the radix heap unless a test says otherwise.
#[derive(Clone, Debug)]
pub struct Simulation<E, Q = RadixQueue<E>> {
    queue: Q,
    now: Time,
    executed: u64,
    ties: TieCount,
    previous: Option<Key>,
    /// Whether the running instant already counts as shared.
    shared: bool,
    shuffle: Option<u64>,
    event: PhantomData<E>,
}

impl<E: Copy> Simulation<E> {
    /// An empty run at the scenario's start.
    pub fn new() -> Self {
        Simulation::with_queue(RadixQueue::default())
    }
}

impl<E: Copy> Default for Simulation<E> {
    fn default() -> Self {
        Simulation::new()
    }
}

impl<E: Copy, Q: EventQueue<E>> Simulation<E, Q> {
    /// An empty run on a queue of one's choice, which must be new.
    pub fn with_queue(queue: Q) -> Self {
        Simulation {
            queue,
            now: Time::ZERO,
            executed: 0,
            ties: TieCount::default(),
            previous: None,
            shared: false,
            shuffle: None,
            event: PhantomData,
        }
    }

    /// Lets a hash of the entity decide among entities of one phase, instead of its number.
    ///
    /// A test mode: a model whose results change with `seed` depends on the order of simultaneous
    /// events. Phases, rounds and each entity's own order stay. Call it before the first event is scheduled.
    #[must_use]
    pub fn with_shuffled_ties(mut self, seed: u64) -> Self {
        assert!(
            self.queue.is_empty() && self.executed == 0,
            "ties are shuffled from the start of a run or not at all"
        );
        self.shuffle = Some(seed);
        self
    }

    /// The instant of the event that runs, or the horizon that was reached.
    pub fn now(&self) -> Time {
        self.now
    }

    /// Schedules an event. `phase` and then `entity` rank it among others of its instant and round;
    /// the events of one entity keep the order in which they were scheduled. An event for the instant
    /// that runs joins its next round. [`Time::MAX`] means never: such an event is dropped.
    ///
    /// Panics if `time` lies in the past or if `entity` exceeds [`Tie::MAX_ENTITY`].
    pub fn at(&mut self, time: Time, phase: u8, entity: u64, event: E) {
        assert!(time >= self.now, "an event for {time:?} was scheduled at {:?}", self.now);
        let mut tie = Tie::new(phase, entity);
        if let Some(seed) = self.shuffle {
            tie = Tie::new(phase, permute_entity(entity, seed));
        }
        if time != Time::MAX {
            self.queue.push(time, tie, event);
        }
    }

    /// Schedules an event `delay` from now; a delay beyond the range of time means never. See [`Simulation::at`].
    pub fn after(&mut self, delay: Span, phase: u8, entity: u64, event: E) {
        self.at(self.now + delay, phase, entity, event);
    }

    /// Takes the next event that is due at `horizon` or before, and moves the clock to it.
    ///
    /// When there is none, the clock moves to the horizon (with [`Time::MAX`] it stays at the last event)
    /// and the answer is `None`; a later horizon continues as if the run had never stopped.
    pub fn next(&mut self, horizon: Time) -> Option<(Time, E)> {
        let Some((key, event)) = self.queue.pop_until(horizon) else {
            if horizon != Time::MAX {
                self.now = self.now.max(horizon);
            }
            return None;
        };
        self.now = key.time;
        self.executed += 1;
        self.count_tie(key);
        Some((key.time, event))
    }

    /// The instant of the next event.
    pub fn next_time(&self) -> Option<Time> {
        self.queue.next_time()
    }

    /// Events taken so far.
    pub fn executed(&self) -> u64 {
        self.executed
    }

    /// Events still pending.
    pub fn pending(&self) -> usize {
        self.queue.len()
    }

    /// How often events coincided so far.
    pub fn ties(&self) -> TieCount {
        self.ties
    }

    fn count_tie(&mut self, key: Key) {
        let same_instant = self.previous.is_some_and(|last| last.time == key.time);
        if same_instant {
            self.ties.shared_instants += u64::from(!self.shared);
            self.ties.program_order += u64::from(self.previous == Some(key));
        }
        self.shared = same_instant;
        self.previous = Some(key);
    }
}

/// A permutation of the 56-bit entity numbers chosen by `seed`: no two entities ever fall together.
fn permute_entity(entity: u64, seed: u64) -> u64 {
    // Adding, multiplying by an odd number and xor with a right shift are each invertible on 56 bits.
    // The multipliers are those of SplitMix64's finaliser (Stafford's Mix13).
    let mut mixed = entity.wrapping_add(seed) & Tie::MAX_ENTITY;
    for multiplier in [0xBF58_476D_1CE4_E5B9_u64, 0x94D0_49BB_1331_11EB] {
        mixed ^= mixed >> 28;
        mixed = mixed.wrapping_mul(multiplier) & Tie::MAX_ENTITY;
    }
    mixed ^ (mixed >> 28)
}

#[cfg(test)]
mod tests;
