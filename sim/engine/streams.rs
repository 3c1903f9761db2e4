//! Named random streams: a draw is a pure function of (seed, replication, purpose, entity, index).
//!
//! Nothing is shared and nothing is consumed, so adding an entity, or a draw by one of them, moves nobody
//! else's luck, and two variants of a rule meet the same world: common random numbers by construction.
//!
//! How the five parts meet in Philox, so that other programs can check it:
//! - `base = mix(mix(master + G) + G * (replication + 1))`, wrapping, with `mix` the finaliser below and G the
//!   64-bit golden ratio; `key = mix(base ^ FNV-1a-64(label))`, low word first. Within one master seed no
//!   two replications share a base, within one base no two label hashes share a key.
//! - `counter = (index low, index high, entity low, entity high)`.
//! - a draw is `word 0 + 2^32 * word 1` of the block.

use std::convert::Infallible;

use rand::TryRng;

use super::philox::philox4x32_10;

/// 2^64 divided by the golden ratio, made odd.
const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// The 64-bit finaliser of SplitMix64 (Stafford's variant 13): a bijection that spreads every bit.
const fn mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

/// Continues an FNV-1a hash of 64 bits over `bytes` (Fowler, Noll and Vo).
const fn fnv1a(mut hash: u64, bytes: &[u8]) -> u64 {
    let mut i = 0;
    while i < bytes.len() {
        hash = (hash ^ bytes[i] as u64).wrapping_mul(0x0000_0100_0000_01B3);
        i += 1;
    }
    hash
}

const FNV_START: u64 = 0xCBF2_9CE4_8422_2325;

/// What a run's luck comes from; every value of either field is fine, zero included.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Seed {
    /// The seed that the user gives.
    pub master: u64,
    /// Which replication of the scenario this is.
    pub replication: u32,
}

/// What a draw is for, as a hash of its label. Name it once, as a constant, so that the hash is made by
/// the compiler: `const REPAIR: Purpose = Purpose::new("hardware.repair");`
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Purpose(u64);

impl Purpose {
    /// The purpose of this label: its FNV-1a hash of 64 bits.
    pub const fn new(label: &str) -> Purpose {
        Purpose(fnv1a(FNV_START, label.as_bytes()))
    }
}

/// Who draws: a number that does not depend on how many others there are.
///
/// Made by [`EntityKey::of`] for what a scenario names, or directly from a number that is already
/// stable, such as a job's id in a trace.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct EntityKey(pub u64);

impl EntityKey {
    /// The key of individual `ordinal` of the cohort `name` in the scenario's table `table`.
    ///
    /// `mix(mix(FNV-1a-64(table, 0xFF, name)) + ordinal * G)`, wrapping; the byte 0xFF stands in no UTF-8 text, so no
    /// two pairs of names read alike. Individuals of one cohort never share a key. Over several cohorts,
    /// n entities collide with a probability near n^2 / 2^65: 3e-8 for a million.
    pub const fn of(table: &str, name: &str, ordinal: u64) -> EntityKey {
        let hash = fnv1a(FNV_START, table.as_bytes());
        let hash = fnv1a(hash, &[0xFF]);
        let cohort = mix(fnv1a(hash, name.as_bytes()));
        EntityKey(mix(cohort.wrapping_add(ordinal.wrapping_mul(GOLDEN))))
    }
}

/// The source of all streams of one replication.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Streams {
    base: u64,
}

impl Streams {
    /// The streams of this seed.
    pub const fn new(seed: Seed) -> Streams {
        let master = mix(seed.master.wrapping_add(GOLDEN));
        let step = GOLDEN.wrapping_mul(seed.replication as u64 + 1);
        Streams { base: mix(master.wrapping_add(step)) }
    }

    /// The stream of one purpose and one entity.
    pub const fn stream(&self, purpose: Purpose, entity: EntityKey) -> Stream {
        Stream { key: mix(self.base ^ purpose.0), entity }
    }
}

/// An endless row of random numbers, addressed by index. Sixteen bytes, no state.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stream {
    key: u64,
    entity: EntityKey,
}

const fn low(x: u64) -> u32 {
    x as u32
}

const fn high(x: u64) -> u32 {
    (x >> 32) as u32
}

impl Stream {
    /// Draw number `index`: 64 random bits.
    pub const fn draw(&self, index: u64) -> u64 {
        let entity = self.entity.0;
        let counter = [low(index), high(index), low(entity), high(entity)];
        let block = philox4x32_10(counter, [low(self.key), high(self.key)]);
        block[0] as u64 | ((block[1] as u64) << 32)
    }

    /// Draw number `index` as a uniform number strictly between 0 and 1; see [`open_uniform`].
    pub const fn uniform(&self, index: u64) -> f64 {
        open_uniform(self.draw(index))
    }

    /// A reader of this stream that starts at draw `index`.
    pub const fn cursor(&self, index: u64) -> Cursor {
        Cursor { stream: *self, index }
    }
}

/// Sixty-four random bits as a uniform number strictly between 0 and 1.
///
/// The odd multiples of 2^-53: neither 0 nor 1 can occur, and 1 - u is of the same set, exactly, as
/// antithetic pairs need.
pub const fn open_uniform(bits: u64) -> f64 {
    const STEP: f64 = 1.0 / (1u64 << 53) as f64;
    ((bits >> 11) | 1) as f64 * STEP
}

/// A stream that is read one draw after the other: a generator for `rand` and `rand_distr`.
///
/// Not `Copy`, as copies would give the same numbers twice.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cursor {
    stream: Stream,
    index: u64,
}

impl Cursor {
    /// The index of the next draw; `stream.cursor(index)` continues from there.
    pub const fn index(&self) -> u64 {
        self.index
    }

    /// The next 64 random bits.
    pub const fn draw(&mut self) -> u64 {
        let bits = self.stream.draw(self.index);
        self.index += 1;
        bits
    }

    /// The next uniform number strictly between 0 and 1; see [`open_uniform`].
    pub const fn uniform(&mut self) -> f64 {
        open_uniform(self.draw())
    }
}

impl TryRng for Cursor {
    type Error = Infallible;

    /// The low half of a whole draw: every call of the generator takes exactly one index per 64 bits or less.
    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(low(self.draw()))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.draw())
    }

    /// Little-endian draws, the last one cut off.
    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for chunk in bytes.chunks_mut(8) {
            let draw = self.draw().to_le_bytes();
            chunk.copy_from_slice(&draw[..chunk.len()]);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
