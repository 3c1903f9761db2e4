//! A count that changes over time, with its exact integrals by slice of the run.

use crate::engine::Time;

/// Slices of a run. Assumed: fine enough for MSER-5 (200 means of five), and divisible into 20 batches.
pub const SLICES: usize = 1000;

/// Largest level whose time is kept level by level. Assumed: what theory is asked about; the table has this many columns.
const HIGHEST: u64 = 4096;

/// First instant of a slice of a run that ends at `end`; of slice [`SLICES`], the end.
#[must_use]
pub fn start(slice: usize, end: Time) -> Time {
    Time((slice as u128 * u128::from(end.0)).div_ceil(SLICES as u128) as u64)
}

/// Walks through the slices; time never goes back.
#[derive(Clone, Copy, Debug)]
pub struct Cursor {
    /// The slice.
    pub slice: usize,
    /// Its first instant that is not in it.
    pub until: Time,
    end: Time,
}

impl Cursor {
    /// At the beginning of a run that ends at `end`.
    #[must_use]
    pub fn new(end: Time) -> Cursor {
        Cursor { slice: 0, until: start(1, end), end }
    }

    /// The slice of an instant not before the last one; the last slice for the end and what comes after it.
    pub fn at(&mut self, now: Time) -> usize {
        while now >= self.until && self.slice + 1 < SLICES {
            self.slice += 1;
            self.until = start(self.slice + 1, self.end);
        }
        self.slice
    }
}

/// See the file's header.
#[derive(Clone, Debug)]
pub struct Level {
    now: u64,
    since: Time,
    cursor: Cursor,
    /// Level times nanoseconds, by slice.
    integral: Vec<u128>,
    /// Level squared times nanoseconds, by slice.
    square: Vec<u128>,
    /// Nanoseconds at each level, by slice; given up for good by a level above [`HIGHEST`].
    spent: Option<Vec<Vec<u64>>>,
}

impl Level {
    /// Zero, in a run that ends at `end`.
    #[must_use]
    pub fn new(end: Time) -> Level {
        Level {
            now: 0,
            since: Time::ZERO,
            cursor: Cursor::new(end),
            integral: vec![0; SLICES],
            square: vec![0; SLICES],
            spent: Some(vec![Vec::new(); SLICES]),
        }
    }

    /// Brings the integrals up to `to`, at most to the end of the run.
    pub fn advance(&mut self, to: Time) {
        let to = to.min(self.cursor.end);
        while self.since < to {
            let slice = self.cursor.at(self.since);
            let stop = self.cursor.until.min(to);
            let span = stop.since(self.since).0;
            let level = u128::from(self.now);
            self.integral[slice] += level * u128::from(span);
            self.square[slice] += level * level * u128::from(span);
            if let Some(spent) = &mut self.spent {
                let row = &mut spent[slice];
                let at = self.now as usize;
                if row.len() <= at {
                    row.resize(at + 1, 0);
                }
                row[at] += span;
            }
            self.since = stop;
        }
    }

    /// The level changes at `now`.
    ///
    /// # Panics
    /// When it would fall below zero.
    pub fn change(&mut self, now: Time, by: i64) {
        self.advance(now);
        self.now = self.now.checked_add_signed(by).expect("a level is never below zero");
        if self.now > HIGHEST {
            self.spent = None;
        }
    }

    /// Integral over a range of slices, level times nanoseconds.
    #[must_use]
    pub fn integral(&self, slices: &std::ops::Range<usize>) -> u128 {
        self.integral[slices.clone()].iter().sum()
    }

    /// Mean over a range of slices.
    #[must_use]
    pub fn mean(&self, slices: &std::ops::Range<usize>) -> f64 {
        self.integral(slices) as f64 / self.length(slices)
    }

    /// Variance over time in a range of slices.
    #[must_use]
    pub fn variance(&self, slices: &std::ops::Range<usize>) -> f64 {
        let square: u128 = self.square[slices.clone()].iter().sum();
        let mean = self.mean(slices);
        square as f64 / self.length(slices) - mean * mean
    }

    /// Smallest level that is not exceeded in a share of the time; `None` where levels are not told apart.
    #[must_use]
    pub fn quantile(&self, slices: &std::ops::Range<usize>, share: f64) -> Option<f64> {
        let spent = self.by_level(slices)?;
        let all: u128 = spent.iter().sum();
        let mut sum = 0;
        let reached = |ns: &u128| {
            sum += ns;
            sum as f64 >= share * all as f64
        };
        spent.iter().position(reached).map(|level| level as f64)
    }

    /// Share of the time in which it is at least `least`; `None` where levels are not told apart.
    #[must_use]
    pub fn at_least(&self, slices: &std::ops::Range<usize>, least: u64) -> Option<f64> {
        let spent = self.by_level(slices)?;
        let all: u128 = spent.iter().sum();
        let above: u128 = spent.iter().skip(least as usize).sum();
        (all > 0).then(|| above as f64 / all as f64)
    }

    fn by_level(&self, slices: &std::ops::Range<usize>) -> Option<Vec<u128>> {
        let mut levels: Vec<u128> = Vec::new();
        for row in &self.spent.as_ref()?[slices.clone()] {
            if levels.len() < row.len() {
                levels.resize(row.len(), 0);
            }
            levels.iter_mut().zip(row).for_each(|(sum, ns)| *sum += u128::from(*ns));
        }
        Some(levels)
    }

    fn length(&self, slices: &std::ops::Range<usize>) -> f64 {
        let end = self.cursor.end;
        start(slices.end, end).since(start(slices.start, end)).0 as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_cover_the_run_without_gap_whatever_its_length() {
        for end in [1u64, 999, 1000, 1001, 86_400_000_000_007] {
            let end = Time(end);
            assert_eq!((start(0, end), start(SLICES, end)), (Time(0), end));
            let mut cursor = Cursor::new(end);
            for slice in 0..SLICES {
                let (from, to) = (start(slice, end), start(slice + 1, end));
                if from < to {
                    assert_eq!((cursor.at(from), cursor.at(Time(to.0 - 1))), (slice, slice));
                }
            }
        }
    }

    #[test]
    fn integrals_mean_variance_and_quantiles_are_those_of_the_step_function() {
        // 0 for 250, 2 for 500, 4 for 250: mean 2, variance 2.
        let mut level = Level::new(Time(1000));
        level.change(Time(250), 2);
        level.change(Time(750), 2);
        level.advance(Time(5000));
        let all = 0..SLICES;
        assert_eq!(level.integral(&all), 2000);
        assert_eq!((level.mean(&all), level.variance(&all)), (2.0, 2.0));
        assert_eq!((level.quantile(&all, 0.25), level.quantile(&all, 0.26)), (Some(0.0), Some(2.0)));
        assert_eq!((level.quantile(&all, 0.99), level.at_least(&all, 2)), (Some(4.0), Some(0.75)));
        assert_eq!(level.mean(&(500..1000)), 3.0, "half of the second half at 2, half at 4");
    }

    #[test]
    fn a_level_that_is_too_high_to_be_told_apart_keeps_its_mean() {
        let mut level = Level::new(Time(1000));
        level.change(Time(0), 1_000_000);
        level.advance(Time(1000));
        assert_eq!(level.mean(&(0..SLICES)), 1e6);
        assert_eq!((level.quantile(&(0..SLICES), 0.5), level.at_least(&(0..SLICES), 1)), (None, None));
    }
}
