//! Latin hypercube: in each axis every stratum has one row, in an order that a keyed permutation makes, so that a row
//! is computed alone.
//!
//! The permutation of n is a Feistel network over the next power of four, walked until it falls below n (Black and
//! Rogaway 2002, "Ciphers with arbitrary finite domains"): at most four steps in the mean.

use crate::engine::streams::Stream;

/// Rounds of the network. Four make it pseudorandom (Luby and Rackoff 1988); two more cost nothing.
const ROUNDS: u64 = 6;

pub(super) fn row(streams: &[Stream], rows: u64, row: u64) -> Vec<f64> {
    let coordinate = |stream: &Stream| {
        let stratum = permuted(stream, rows, row);
        // Below one whatever the rounding: a uniform number of 53 bits may round up when added to a large stratum.
        ((stratum as f64 + stream.uniform(row)) / rows as f64).min(1.0 - f64::EPSILON / 2.0)
    };
    streams.iter().map(coordinate).collect()
}

/// Where `number` of 0 to `count - 1` goes.
pub(super) fn permuted(stream: &Stream, count: u64, number: u64) -> u64 {
    let bits = 64 - (count - 1).leading_zeros();
    let half = bits.div_ceil(2).max(1);
    let mut at = number;
    loop {
        at = network(stream, half, at);
        if at < count {
            return at;
        }
    }
}

fn network(stream: &Stream, half: u32, number: u64) -> u64 {
    let mask = (1_u64 << half) - 1;
    let (mut left, mut right) = (number >> half, number & mask);
    for round in 0..ROUNDS {
        // Draws above 2^63 are the permutation's, those below are the places within strata.
        let mixed = stream.draw(1 << 63 | round << 32 | right) & mask;
        (left, right) = (right, left ^ mixed);
    }
    left << half | right
}
