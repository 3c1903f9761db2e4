//! Emission from a fixed pool.
//!
//! *Rule*: a pool is promised once; releases are taken from it until it is empty.
//!
//! *Formula*: released = min(asked, remaining); remaining decreases by as much.
//!
//! *Source*: io.net Ignition worker pool of 32 million IO (founding article; `[ignition_season_1] pool_io`).
//!
//! *Known weakness*: the pool is limited and machines are not, so the return per machine falls with entry while
//! every entrant pays the full price of its hardware.

use super::Emission;
use crate::units::{Amount, TOKEN};
use serde::{Deserialize, Serialize};

/// What a scenario says about a fixed pool.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FixedPoolSpec {
    /// The hard cap in token base units. Default: 32 million IO, the worker pool of the founding article.
    pub pool_base_units: Amount,
}

impl Default for FixedPoolSpec {
    fn default() -> Self {
        FixedPoolSpec { pool_base_units: 32_000_000 * TOKEN }
    }
}

/// A pool with a hard cap.
#[derive(Clone, Debug)]
pub struct FixedPool {
    remaining: Amount,
}

impl FixedPool {
    /// A full pool; a negative cap is an empty one.
    #[must_use]
    pub fn new(spec: FixedPoolSpec) -> FixedPool {
        FixedPool { remaining: spec.pool_base_units.max(0) }
    }
}

impl Emission for FixedPool {
    fn name(&self) -> &'static str {
        "fixed_pool"
    }

    fn remaining(&self) -> Amount {
        self.remaining
    }

    fn release(&mut self, _period: u32, asked: Amount) -> Amount {
        let granted = asked.clamp(0, self.remaining);
        self.remaining -= granted;
        granted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pool(pool_base_units: Amount) -> FixedPool {
        FixedPool::new(FixedPoolSpec { pool_base_units })
    }

    #[test]
    fn releases_add_up_to_the_cap_and_the_last_is_partial() {
        let mut pool = pool(100);
        let granted: Vec<Amount> = (0..5).map(|epoch| pool.release(epoch, 30)).collect();
        assert_eq!(granted, [30, 30, 30, 10, 0]);
        assert_eq!(pool.remaining(), 0);
    }

    #[test]
    fn a_negative_request_refills_nothing() {
        let mut pool = pool(100);
        assert_eq!(pool.release(0, -5), 0);
        assert_eq!(pool.remaining(), 100);
    }

    #[test]
    fn a_negative_cap_is_an_empty_pool() {
        assert_eq!(pool(-1).release(0, 1), 0);
    }

    #[test]
    fn the_default_is_the_published_worker_pool() {
        assert_eq!(FixedPool::new(FixedPoolSpec::default()).remaining(), 3_200_000_000_000_000);
    }
}
