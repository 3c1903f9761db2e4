//! The event queue of every run: a monotone radix heap over integer time.
//!
//! A bucket holds the events whose time first differs, from the top, from the running instant in that
//! bucket's bit. When the running instant is used up, the lowest bucket that holds anything holds the
//! next one: its earliest events are pulled out as one batch and its others fall into lower buckets. Each
//! event thus streams through a few arrays, and the cost is nearly flat in the number pending, where a
//! binary heap waits for memory at every level. The method is that of Ahuja, Mehlhorn, Orlin and
//! Tarjan (1990), "Faster algorithms for the shortest path problem", Journal of the ACM 37(2).
//!
//! Equal times always share a bucket and keep the order of their pushes, so a stable sort of the batch
//! by phase and entity gives the order that `queue.rs` defines. Looking never redistributes: an event may
//! still be pushed between the running instant and the one that was looked at.

use super::queue::{EventQueue, Key, Tie, check_round};
use super::time::Time;

/// One bucket for each bit of a time.
const BUCKETS: usize = u64::BITS as usize;

#[derive(Clone, Copy, Debug)]
struct Entry<E> {
    time: u64,
    tie: Tie,
    event: E,
}

/// The monotone radix heap; see [`EventQueue`] for its use.
#[derive(Clone, Debug)]
pub struct RadixQueue<E> {
    /// Bucket `b`: times that differ from `instant` in bit `b` and in no higher bit.
    buckets: [Vec<Entry<E>>; BUCKETS],
    /// Bit `b` is set while bucket `b` holds anything.
    occupied: u64,
    /// The running instant; before the first pop, the scenario's start.
    instant: u64,
    /// Whether anything was popped at `instant`: only then does a push there mean a next round.
    begun: bool,
    /// The running round of `instant`.
    round: u32,
    /// Events of the running round in their final order; the first `taken` are popped.
    batch: Vec<Entry<E>>,
    taken: usize,
    /// Events at `instant` for the round after this one, in the order of their pushes.
    following: Vec<Entry<E>>,
    len: usize,
}

impl<E> Default for RadixQueue<E> {
    fn default() -> Self {
        RadixQueue {
            buckets: [const { Vec::new() }; BUCKETS],
            occupied: 0,
            instant: 0,
            begun: false,
            round: 0,
            batch: Vec::new(),
            taken: 0,
            following: Vec::new(),
            len: 0,
        }
    }
}

/// The highest bit in which two different times differ.
fn bucket_of(difference: u64) -> usize {
    (u64::BITS - 1 - difference.leading_zeros()) as usize
}

impl<E: Copy> RadixQueue<E> {
    fn keep(&mut self, entry: Entry<E>) {
        let bucket = bucket_of(entry.time ^ self.instant);
        self.buckets[bucket].push(entry);
        self.occupied |= 1 << bucket;
    }

    /// The lowest bucket that holds anything, and the earliest time in it.
    fn earliest(&self) -> Option<(usize, u64)> {
        if self.occupied == 0 {
            return None;
        }
        let bucket = self.occupied.trailing_zeros() as usize;
        let time = self.buckets[bucket].iter().map(|entry| entry.time).min()?;
        Some((bucket, time))
    }

    /// Moves to the earliest pending instant, if it is not after the horizon, and fetches its events.
    fn advance(&mut self, horizon: u64) -> bool {
        let Some((bucket, time)) = self.earliest().filter(|&(_, time)| time <= horizon) else {
            return false;
        };
        self.instant = time;
        self.occupied &= !(1 << bucket);
        self.round = 0;
        self.begun = true;
        // The allocation goes back afterwards, so that a run in its stride allocates nothing.
        let mut entries = std::mem::take(&mut self.buckets[bucket]);
        for entry in entries.drain(..) {
            if entry.time == time {
                self.batch.push(entry);
            } else {
                self.keep(entry);
            }
        }
        self.buckets[bucket] = entries;
        true
    }

    /// Makes the events that were pushed at the running instant its next round.
    fn next_round(&mut self) {
        if self.begun {
            self.round += 1;
            check_round(Time(self.instant), self.round, self.following[0].tie);
        }
        self.begun = true;
        std::mem::swap(&mut self.batch, &mut self.following);
    }

    /// Fetches the next round or instant into `batch`; false if none is due by the horizon.
    fn fetch(&mut self, horizon: u64) -> bool {
        self.batch.clear();
        self.taken = 0;
        if !self.following.is_empty() {
            self.next_round();
        } else if !self.advance(horizon) {
            return false;
        }
        if self.batch.len() > 1 {
            self.batch.sort_by_key(|entry| entry.tie);
        }
        true
    }

    fn is_instant_over(&self) -> bool {
        self.taken == self.batch.len() && self.following.is_empty()
    }
}

impl<E: Copy> EventQueue<E> for RadixQueue<E> {
    fn push(&mut self, time: Time, tie: Tie, event: E) {
        let instant = self.instant;
        assert!(time.0 >= instant, "{time:?} lies before {:?}, already popped", Time(instant));
        let entry = Entry { time: time.0, tie, event };
        if time.0 == instant {
            self.following.push(entry);
        } else {
            self.keep(entry);
        }
        self.len += 1;
    }

    fn pop_until(&mut self, horizon: Time) -> Option<(Key, E)> {
        if !self.is_instant_over() && self.instant > horizon.0 {
            return None;
        }
        if self.taken == self.batch.len() && !self.fetch(horizon.0) {
            return None;
        }
        let entry = self.batch[self.taken];
        self.taken += 1;
        self.len -= 1;
        let key = Key { time: Time(self.instant), round: self.round, tie: entry.tie };
        Some((key, entry.event))
    }

    fn next_time(&self) -> Option<Time> {
        if self.is_instant_over() {
            self.earliest().map(|(_, time)| Time(time))
        } else {
            Some(Time(self.instant))
        }
    }

    fn len(&self) -> usize {
        self.len
    }
}
