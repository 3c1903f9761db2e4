//! Independent uniform coordinates: draw `row` of each axis's stream.

use crate::engine::streams::Stream;

pub(super) fn row(streams: &[Stream], row: u64) -> Vec<f64> {
    streams.iter().map(|stream| stream.uniform(row)).collect()
}
