//! Runs cut into blocks, and blocks dealt to shards.

use std::ops::Range;

/// Blocks that a sweep is cut into, at least; so many shards can share it. Assumed.
const FEWEST: u64 = 256;
/// Most runs of a block: it is held in memory when it is sealed. Assumed.
const LARGEST: u64 = 1024;

/// How runs are cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Blocks {
    runs: u64,
    size: u64,
}

/// One of several equal parts of the work, from 1: `2/5`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    /// Which, from 1.
    pub number: u64,
    /// Of how many.
    pub of: u64,
}

impl Blocks {
    /// The blocks of so many runs: their size depends on nothing else, so that every machine cuts alike.
    #[must_use]
    pub fn of(runs: u64) -> Blocks {
        Blocks { runs, size: (runs / FEWEST).clamp(1, LARGEST) }
    }

    /// How many blocks.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.runs.div_ceil(self.size)
    }

    /// Runs of a block.
    #[must_use]
    pub fn range(&self, block: u64) -> Range<u64> {
        block * self.size..((block + 1) * self.size).min(self.runs)
    }

    /// The blocks of a shard: every `of`-th, so that a slow region of the design is shared out.
    pub fn shard(&self, shard: Shard) -> impl Iterator<Item = u64> + use<> {
        let step = usize::try_from(shard.of).unwrap_or(usize::MAX);
        (shard.number - 1..self.count()).step_by(step)
    }
}

impl Shard {
    /// All of the work.
    pub const WHOLE: Shard = Shard { number: 1, of: 1 };
}

impl std::str::FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Shard, String> {
        let wrong = || "expected a shard such as 2/5: the second of five".to_owned();
        let (number, of) = text.split_once('/').ok_or_else(wrong)?;
        let (number, of) =
            (number.trim().parse().map_err(|_| wrong())?, of.trim().parse().map_err(|_| wrong())?);
        if number == 0 || number > of { Err(wrong()) } else { Ok(Shard { number, of }) }
    }
}

impl std::fmt::Display for Shard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_hold_every_run_once_and_shards_every_block_once() {
        for runs in [1, 2, 255, 256, 257, 2_000, 99_999, 1_000_000] {
            let blocks = Blocks::of(runs);
            let all: Vec<Range<u64>> = (0..blocks.count()).map(|block| blocks.range(block)).collect();
            assert_eq!((all[0].start, all[all.len() - 1].end), (0, runs));
            assert!(all.windows(2).all(|pair| pair[0].end == pair[1].start));
            assert!(all.iter().all(|range| !range.is_empty() && range.end - range.start <= LARGEST));
            for of in [1, 2, 7, 300] {
                let dealt = (1..=of).flat_map(|number| blocks.shard(Shard { number, of }));
                let mut dealt: Vec<u64> = dealt.collect();
                dealt.sort_unstable();
                assert_eq!(dealt, (0..blocks.count()).collect::<Vec<u64>>(), "{runs} runs, {of} shards");
            }
        }
    }

    #[test]
    fn a_shard_is_a_number_of_a_number() {
        assert_eq!("2/5".parse(), Ok(Shard { number: 2, of: 5 }));
        for wrong in ["", "2", "0/5", "6/5", "a/b", "1/0", "-1/2", "1/2/3"] {
            assert!(wrong.parse::<Shard>().is_err(), "{wrong}");
        }
    }
}
