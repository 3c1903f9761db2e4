//! A waiting line for things that all wait equally long: first in is first due, so no heap is needed.

use crate::ids::DeviceId;
use crate::units::{Span, Time};
use std::collections::VecDeque;
use std::ops::Range;

/// Consecutive devices whose wait ends together.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Due {
    /// When the wait ends, on the sweep's grid.
    pub at: Time,
    first: u32,
    count: u32,
}

impl Due {
    /// The devices' positions in a column.
    #[must_use]
    pub fn rows(self) -> Range<usize> {
        self.first as usize..self.first as usize + self.count as usize
    }
}

/// A queue of equal waits. Their ends are rounded up to a grid counted from genesis, so that a crowd of
/// waits costs one deadline per grid step and not one per device.
#[derive(Clone, Debug)]
pub struct ConstantDelay {
    delay: Span,
    sweep: Span,
    queue: VecDeque<Due>,
}

impl ConstantDelay {
    /// Waits of `delay`, rounded up to multiples of `sweep` (zero: not rounded).
    #[must_use]
    pub fn new(delay: Span, sweep: Span) -> Self {
        Self { delay, sweep, queue: VecDeque::new() }
    }

    /// The wait before rounding.
    #[must_use]
    pub fn delay(&self) -> Span {
        self.delay
    }

    /// `count` devices from `first` begin to wait. `now` never decreases between calls, which keeps the
    /// queue sorted. A wait that reaches [`Time::NEVER`] is not kept.
    pub fn push(&mut self, now: Time, first: DeviceId, count: u32) {
        let at = round_up(now + self.delay, self.sweep);
        if at == Time::NEVER || count == 0 {
            return;
        }
        if let Some(last) = self.queue.back_mut()
            && last.at == at
            && last.first.checked_add(last.count) == Some(first.0)
        {
            last.count += count;
            return;
        }
        self.queue.push_back(Due { at, first: first.0, count });
    }

    /// When the next wait ends, or never.
    #[must_use]
    pub fn next_deadline(&self) -> Time {
        self.queue.front().map_or(Time::NEVER, |due| due.at)
    }

    /// Takes the next wait that is over at `now`, in the order of arrival.
    pub fn pop(&mut self, now: Time) -> Option<Due> {
        self.queue.pop_front_if(|due| due.at <= now)
    }
}

/// The first multiple of `grid` not before `time`; saturates at never.
fn round_up(time: Time, grid: Span) -> Time {
    if grid == Span::ZERO {
        return time;
    }
    match time.0 % grid.0 {
        0 => time,
        past => time + Span(grid.0 - past),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_end_on_the_first_grid_step_that_is_not_early() {
        let mut line = ConstantDelay::new(Span(100), Span(30));
        line.push(Time(0), DeviceId(0), 1); // 100 -> 120
        line.push(Time(20), DeviceId(7), 2); // 120 -> 120
        line.push(Time(21), DeviceId(9), 1); // 121 -> 150, adjacent ids but another deadline
        assert_eq!(line.next_deadline(), Time(120));
        assert_eq!(line.pop(Time(119)), None);
        assert_eq!(line.pop(Time(120)).map(Due::rows), Some(0..1));
        assert_eq!(line.pop(Time(120)).map(Due::rows), Some(7..9));
        assert_eq!(line.pop(Time(120)), None);
        assert_eq!(line.next_deadline(), Time(150));
    }

    #[test]
    fn neighbours_that_wait_together_share_an_entry() {
        let mut line = ConstantDelay::new(Span(100), Span(60));
        line.push(Time(1), DeviceId(5), 3);
        line.push(Time(2), DeviceId(8), 1);
        assert_eq!(line.queue.len(), 1);
        assert_eq!(line.pop(Time(120)).map(Due::rows), Some(5..9));
    }

    #[test]
    fn an_endless_wait_has_no_deadline() {
        let mut line = ConstantDelay::new(Span(u64::MAX), Span(60));
        line.push(Time(1), DeviceId(0), 1);
        assert_eq!(line.next_deadline(), Time::NEVER);
    }
}
