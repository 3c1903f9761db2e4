//! Morris's trajectories: from a random point of a grid of p levels, each axis in a random order moves once, up or down,
//! by p / (2 (p - 1)) (Morris 1991, Technometrics 33, section 3).

use crate::engine::streams::Stream;

/// Draws of a trajectory in an axis's stream: where it starts, which way it goes, when its turn is.
const DRAWS: u64 = 3;

pub(super) fn row(streams: &[Stream], levels: u32, row: u64) -> Vec<f64> {
    let size = streams.len() as u64 + 1;
    let (trajectory, moved) = (row / size, row % size);
    let turn = |axis: usize| (streams[axis].draw(trajectory * DRAWS + 2), axis);
    let mut order: Vec<(u64, usize)> = (0..streams.len()).map(turn).collect();
    order.sort_unstable();
    let mut coordinates: Vec<f64> = Vec::with_capacity(streams.len());
    for stream in streams {
        let lower = (stream.uniform(trajectory * DRAWS) * f64::from(levels / 2)) as u32;
        let falls = stream.draw(trajectory * DRAWS + 1) >> 63 == 1;
        coordinates.push(level(lower + if falls { levels / 2 } else { 0 }, levels));
    }
    for &(_, axis) in &order[..moved as usize] {
        let at = (coordinates[axis] * f64::from(levels - 1)).round() as u32;
        let other = if at >= levels / 2 { at - levels / 2 } else { at + levels / 2 };
        coordinates[axis] = level(other, levels);
    }
    coordinates
}

fn level(number: u32, levels: u32) -> f64 {
    f64::from(number) / f64::from(levels - 1)
}
