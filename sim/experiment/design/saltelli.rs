//! Saltelli's design for Sobol indices, in the layout of SALib: for each base point a row of A, AB for each axis, BA for
//! each axis where pairs are wanted, and a row of B.
//!
//! A and B are the first and the second half of the coordinates of a Sobol point (Saltelli et al. 2010, Computer Physics
//! Communications 181, section 3), moved by a digital shift.

use super::sobol::Directions;
use crate::engine::streams::Stream;

/// Which matrix a row is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// A.
    A,
    /// A with one axis from B.
    AB(usize),
    /// B with one axis from A.
    BA(usize),
    /// B.
    B,
}

/// Rows of one base point.
pub(super) fn stride(axes: usize, second_order: bool) -> u64 {
    let axes = axes as u64;
    if second_order { 2 * axes + 2 } else { axes + 2 }
}

/// The base point of a row, and its matrix.
pub(super) fn part(axes: usize, second_order: bool, row: u64) -> (u64, Part) {
    let stride = stride(axes, second_order);
    let within = (row % stride) as usize;
    let part = match within {
        0 => Part::A,
        within if within as u64 == stride - 1 => Part::B,
        within if within <= axes => Part::AB(within - 1),
        within => Part::BA(within - 1 - axes),
    };
    (row / stride, part)
}

pub(super) fn row(directions: &Directions, streams: &[Stream], second_order: bool, row: u64) -> Vec<f64> {
    let axes = streams.len();
    let (base, part) = part(axes, second_order, row);
    let both = directions.row(base, streams);
    let (a, b) = both.split_at(axes);
    let pick = |axis: usize| match part {
        Part::A => a[axis],
        Part::B => b[axis],
        Part::AB(changed) => {
            if axis == changed {
                b[axis]
            } else {
                a[axis]
            }
        }
        Part::BA(changed) => {
            if axis == changed {
                a[axis]
            } else {
                b[axis]
            }
        }
    };
    (0..axes).map(pick).collect()
}
