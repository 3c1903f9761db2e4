//! The lot: which of several candidates is taken, from public numbers alone, so that anyone can check the draw.
//!
//! Formula: candidate `floor(h * n / 2^64)` of `n`, with
//! `h = mix(mix(mix(beacon ^ LOT) + (job + 1) * STEP) + (pick + 1) * STEP)`, sums and products modulo 2^64, `mix` the
//! output function of SplitMix64 and `STEP` its increment. The bias is below n / 2^64.

use crate::ids::JobId;
use crate::verification::mix;

/// SplitMix64's increment.
const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

/// Keeps these lots apart from others that follow from the same beacon: "place" in ASCII.
const LOT: u64 = 0x70_6C_61_63_65;

/// The lots of one job under one beacon, in the order of its picks.
#[derive(Clone, Copy, Debug)]
pub struct Lots {
    key: u64,
    drawn: u64,
}

impl Lots {
    /// The beacon is that of the latest epoch that was closed, 0 before the first.
    #[must_use]
    pub fn new(beacon: u64, job: JobId) -> Lots {
        Lots { key: step(mix(beacon ^ LOT), u64::from(job.0)), drawn: 0 }
    }

    /// The next lot, brought below `candidates`.
    #[must_use]
    pub fn below(&mut self, candidates: usize) -> usize {
        let lot = step(self.key, self.drawn);
        self.drawn += 1;
        ((u128::from(lot) * candidates as u128) >> 64) as usize
    }
}

fn step(key: u64, number: u64) -> u64 {
    mix(key.wrapping_add(number.wrapping_add(1).wrapping_mul(STEP)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How often each of five candidates is drawn, over jobs, picks and beacons in turn.
    #[test]
    fn every_candidate_has_the_same_chance_whichever_number_varies() {
        let first = |beacon, job| Lots::new(beacon, JobId(job)).below(5);
        let mut by_job = [0_u32; 5];
        let mut by_pick = [0_u32; 5];
        let mut by_beacon = [0_u32; 5];
        let mut lots = Lots::new(7, JobId(3));
        for i in 0..10_000 {
            by_job[first(7, i)] += 1;
            by_pick[lots.below(5)] += 1;
            by_beacon[first(u64::from(i), 3)] += 1;
        }
        for counts in [by_job, by_pick, by_beacon] {
            let squares: i64 = counts.iter().map(|n| (i64::from(*n) - 2_000) * (i64::from(*n) - 2_000)).sum();
            let chi_square = squares as f64 / 2_000.0;
            // 4 degrees of freedom: exceeded by chance once in a thousand.
            assert!(chi_square < 18.5, "{counts:?}");
        }
    }

    #[test]
    fn the_only_candidate_is_drawn() {
        assert_eq!(Lots::new(1, JobId(1)).below(1), 0);
    }
}
