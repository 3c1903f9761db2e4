//! The calendar of promises: how much will be free when, if every lease lasts until the end it was given.
//!
//! A step function over time: slices in order, each with one row of what is free in it. A row is a count per lot
//! ([`Unit::Counts`]) or a bit per device ([`Unit::Hosts`]). The last slice never ends.

use super::Unit;
use crate::units::{Span, Time};

/// Part of a row: devices of one lot, or one device.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Part {
    /// Lot by counts, device by hosts.
    pub column: u32,
    /// Devices of the lot; 1 by hosts.
    pub devices: u32,
}

/// See the file's header. Slices are flat: `starts[i]` and `rows[i * width..][..width]`.
#[derive(Clone, Debug)]
pub struct Calendar {
    unit: Unit,
    columns: usize,
    width: usize,
    starts: Vec<Time>,
    rows: Vec<i64>,
}

impl Calendar {
    /// Nothing is free, ever.
    #[must_use]
    pub fn new(unit: Unit) -> Calendar {
        Calendar { unit, columns: 0, width: 0, starts: vec![Time::ZERO], rows: Vec::new() }
    }

    /// In what it counts.
    #[must_use]
    pub fn unit(&self) -> Unit {
        self.unit
    }

    /// Makes room for so many lots or devices, none of them free.
    pub fn grow(&mut self, columns: usize) {
        self.columns = columns.max(self.columns);
        let width = match self.unit {
            Unit::Counts => self.columns,
            Unit::Hosts => self.columns.div_ceil(64),
        };
        if width <= self.width {
            return;
        }
        let mut rows = Vec::with_capacity(width * self.starts.len());
        for slice in 0..self.starts.len() {
            rows.extend_from_slice(self.row(slice));
            rows.resize(width * (slice + 1), 0);
        }
        self.rows = rows;
        self.width = width;
    }

    /// Forgets what is past.
    pub fn advance(&mut self, now: Time) {
        let past = self.starts.iter().skip(1).take_while(|start| **start <= now).count();
        if past > 0 {
            self.starts.drain(..past);
            self.rows.drain(..past * self.width);
        }
    }

    /// A device comes (`1`) or goes (`-1`) for good, as far as is known.
    pub fn change_for_good(&mut self, column: u32, by: i64) {
        for slice in 0..self.starts.len() {
            self.add(slice, column, by);
        }
    }

    /// Takes the parts out of `[from, to)`.
    pub fn take(&mut self, from: Time, to: Time, parts: &[Part]) {
        self.change(from, to, parts, -1);
    }

    /// Gives the parts back to `[from, to)`.
    pub fn give(&mut self, from: Time, to: Time, parts: &[Part]) {
        self.change(from, to, parts, 1);
    }

    /// True when `enough` finds its parts free from `now` through the whole of `term`; it was last asked of that row,
    /// which is in `row` then. Asked of the first slice before the others are looked at: most that fail fail there.
    pub fn open(
        &self,
        now: Time,
        term: Span,
        row: &mut Vec<i64>,
        mut enough: impl FnMut(&[i64]) -> bool,
    ) -> bool {
        let first = self.starts.partition_point(|start| *start <= now).saturating_sub(1);
        row.clear();
        row.extend_from_slice(self.row(first));
        if !enough(row) {
            return false;
        }
        let end = now + term;
        let later = first + 1..self.starts.len();
        let later = first + 1..first + 1 + self.starts[later].partition_point(|start| *start < end);
        let less = match (self.unit, self.width) {
            (Unit::Counts, 1) => {
                let least = self.rows[later].iter().fold(row[0], |least, free| least.min(*free));
                std::mem::replace(&mut row[0], least) > least
            }
            _ => later.fold(false, |less, slice| self.meet(row, slice) | less),
        };
        !less || enough(row)
    }

    /// The earliest time from `now` on at which `enough` finds its parts free through the whole of `term`.
    /// `row` is scratch space.
    pub fn earliest(
        &self,
        now: Time,
        term: Span,
        row: &mut Vec<i64>,
        mut enough: impl FnMut(&[i64]) -> bool,
    ) -> Option<Time> {
        let mut first = self.starts.partition_point(|start| *start <= now).saturating_sub(1);
        'starts: while first < self.starts.len() {
            let from = self.starts[first].max(now);
            let end = from + term;
            row.clear();
            row.extend_from_slice(self.row(first));
            let mut slice = first;
            loop {
                if !enough(row) {
                    // A slice that is too poor alone rules out every start that would reach it.
                    first = if slice > first && !enough(self.row(slice)) { slice + 1 } else { first + 1 };
                    continue 'starts;
                }
                // A slice as rich as those before needs no new look.
                loop {
                    slice += 1;
                    if slice == self.starts.len() || self.starts[slice] >= end {
                        return Some(from);
                    }
                    if self.meet(row, slice) {
                        break;
                    }
                }
            }
        }
        None
    }

    /// Slices now kept.
    #[must_use]
    pub fn slices(&self) -> usize {
        self.starts.len()
    }

    fn row(&self, slice: usize) -> &[i64] {
        &self.rows[slice * self.width..(slice + 1) * self.width]
    }

    /// Keeps in `row` what is free in the slice too; true when that is less.
    fn meet(&self, row: &mut [i64], slice: usize) -> bool {
        let mut less = false;
        let mut keep = |kept: &mut i64, both: i64| {
            less |= both != *kept;
            *kept = both;
        };
        let columns = row.iter_mut().zip(self.row(slice));
        match self.unit {
            Unit::Counts => columns.for_each(|(kept, other)| keep(kept, (*kept).min(*other))),
            Unit::Hosts => columns.for_each(|(kept, other)| keep(kept, *kept & *other)),
        }
        less
    }

    fn change(&mut self, from: Time, to: Time, parts: &[Part], sign: i64) {
        let from = from.max(self.starts[0]);
        if to <= from {
            return;
        }
        let first = self.boundary(from);
        let end = self.boundary(to);
        for slice in first..end {
            for part in parts {
                self.add(slice, part.column, sign * i64::from(part.devices));
            }
        }
        self.unite(end);
        self.unite(first);
    }

    fn add(&mut self, slice: usize, column: u32, by: i64) {
        let column = column as usize;
        match self.unit {
            Unit::Counts => self.rows[slice * self.width + column] += by,
            Unit::Hosts => {
                let word = &mut self.rows[slice * self.width + column / 64];
                let bit = 1i64 << (column % 64);
                if by > 0 { *word |= bit } else { *word &= !bit }
            }
        }
    }

    /// The slice that begins at `at`, which need not have begun one before. Never the first time of all.
    fn boundary(&mut self, at: Time) -> usize {
        if at >= Time::NEVER {
            return self.starts.len();
        }
        let slice = self.starts.partition_point(|start| *start < at);
        if self.starts.get(slice) != Some(&at) {
            self.starts.insert(slice, at);
            let (from, width) = ((slice - 1) * self.width, self.width);
            self.rows.extend_from_within(from..from + width);
            self.rows[slice * width..].rotate_right(width);
        }
        slice
    }

    /// Joins a slice to the one before when nothing tells them apart.
    fn unite(&mut self, slice: usize) {
        if slice == 0 || slice >= self.starts.len() || self.row(slice) != self.row(slice - 1) {
            return;
        }
        self.starts.remove(slice);
        self.rows.drain(slice * self.width..(slice + 1) * self.width);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lcg::Lcg;

    fn hours(h: u64) -> Time {
        Time(h)
    }

    /// One lot of `free` devices.
    fn lot(free: i64) -> Calendar {
        let mut calendar = Calendar::new(Unit::Counts);
        calendar.grow(1);
        calendar.change_for_good(0, free);
        calendar
    }

    fn start_of(calendar: &Calendar, now: u64, term: u64, devices: i64) -> Option<u64> {
        calendar.earliest(hours(now), Span(term), &mut Vec::new(), |row| row[0] >= devices).map(|t| t.0)
    }

    #[test]
    fn a_hole_is_found_when_it_is_long_and_wide_enough() {
        let mut calendar = lot(10);
        let take = |calendar: &mut Calendar, from, to, devices| {
            calendar.take(hours(from), hours(to), &[Part { column: 0, devices }]);
        };
        take(&mut calendar, 0, 5, 8);
        take(&mut calendar, 7, 9, 10);
        assert_eq!(start_of(&calendar, 0, 7, 2), Some(0), "ends as the wall begins");
        assert_eq!(start_of(&calendar, 0, 8, 2), Some(9));
        assert_eq!(start_of(&calendar, 0, 2, 10), Some(5));
        assert_eq!(start_of(&calendar, 6, 2, 1), Some(9));
        assert_eq!(start_of(&calendar, 0, 1, 11), None);
    }

    #[test]
    fn what_is_given_back_leaves_no_trace() {
        let mut calendar = lot(4);
        let parts = [Part { column: 0, devices: 3 }];
        calendar.take(hours(2), hours(9), &parts);
        calendar.take(hours(4), hours(6), &[Part { column: 0, devices: 1 }]);
        assert_eq!(calendar.slices(), 5);
        calendar.give(hours(4), hours(6), &[Part { column: 0, devices: 1 }]);
        calendar.give(hours(2), hours(9), &parts);
        assert_eq!((calendar.slices(), start_of(&calendar, 0, 100, 4)), (1, Some(0)));
    }

    #[test]
    fn the_calendar_equals_a_table_of_every_instant() {
        const END: usize = 60;
        let mut lcg = Lcg(5);
        for unit in [Unit::Counts, Unit::Hosts] {
            let mut calendar = Calendar::new(unit);
            calendar.grow(70);
            let mut table = vec![vec![true; 70]; END + 1];
            for column in 0..70 {
                calendar.change_for_good(column, 1);
            }
            let mut now = 0;
            for _ in 0..3_000 {
                now = (now + lcg.below(2)).min(40);
                calendar.advance(hours(now));
                let (from, length) = (now + lcg.below(10), 1 + lcg.below(9));
                let column = lcg.below(70) as usize;
                let span = from as usize..(from + length) as usize;
                let part = [Part { column: column as u32, devices: 1 }];
                let (first, last) = (hours(from), hours(from + length));
                if table[span.clone()].iter().all(|row| row[column]) {
                    calendar.take(first, last, &part);
                    table[span].iter_mut().for_each(|row| row[column] = false);
                } else if table[span.clone()].iter().all(|row| !row[column]) {
                    calendar.give(first, last, &part);
                    table[span].iter_mut().for_each(|row| row[column] = true);
                }
                if now == 40 {
                    now = 0;
                    calendar = fresh(unit, &table);
                }
                let (term, need) = (1 + lcg.below(12), 30 + lcg.below(41) as usize);
                let found =
                    calendar.earliest(hours(now), Span(term), &mut Vec::new(), |row| free(unit, row) >= need);
                let slow = (now..).find(|t| {
                    let rows = (*t..*t + term).map(|t| &table[(t as usize).min(END)]);
                    let mut all = [true; 70];
                    rows.for_each(|row| all.iter_mut().zip(row).for_each(|(a, b)| *a &= b));
                    all.iter().filter(|free| **free).count() >= need
                });
                assert_eq!(found.map(|t| t.0), slow);
            }
        }
    }

    fn free(unit: Unit, row: &[i64]) -> usize {
        row.iter()
            .map(|&word| match unit {
                Unit::Counts => word as usize,
                Unit::Hosts => word.count_ones() as usize,
            })
            .sum()
    }

    /// A calendar of the same future, built anew at time zero.
    fn fresh(unit: Unit, table: &[Vec<bool>]) -> Calendar {
        let mut calendar = Calendar::new(unit);
        calendar.grow(70);
        for column in 0..70u32 {
            calendar.change_for_good(column, 1);
            for (t, row) in table.iter().enumerate().filter(|(_, row)| !row[column as usize]) {
                assert!(t < table.len() - 1 && !row[column as usize]);
                calendar.take(hours(t as u64), hours(t as u64 + 1), &[Part { column, devices: 1 }]);
            }
        }
        calendar
    }
}
