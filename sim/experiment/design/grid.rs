//! Designs of levels: every combination, or one axis at a time.

use super::Axis;

/// The levels of a row of the full grid; the last axis changes fastest.
pub(super) fn every_combination(axes: &[Axis], row: u64) -> Vec<u64> {
    let mut rest = row;
    let mut levels = vec![0; axes.len()];
    for (level, axis) in levels.iter_mut().zip(axes).rev() {
        *level = rest % axis.level_count();
        rest /= axis.level_count();
    }
    levels
}

/// The levels of a row in which one axis at most is not at its first.
pub(super) fn one_changed(axes: &[Axis], row: u64) -> Vec<u64> {
    let mut levels = vec![0; axes.len()];
    let Some(mut rest) = row.checked_sub(1) else { return levels };
    for (level, axis) in levels.iter_mut().zip(axes) {
        let others = axis.level_count() - 1;
        if rest < others {
            *level = rest + 1;
            break;
        }
        rest -= others;
    }
    levels
}
