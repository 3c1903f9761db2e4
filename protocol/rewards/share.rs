//! Shares of a fixed whole in parts per million, as rules need them for every device.

use super::proportion::Narrow;
use crate::units::{ONE, Ppm};

/// A whole (an epoch, the longest hired time, the largest multiplier), prepared for many shares of it.
#[derive(Clone, Copy)]
pub(super) struct Shares {
    whole: u64,
    millionths: Narrow,
}

impl Shares {
    pub(super) fn of(whole: u64) -> Shares {
        let millionths = Narrow::of(ONE.into(), whole.max(1));
        Shares { whole, millionths }
    }

    /// `part / whole`, rounded down; a part beyond the whole counts as the whole, and nothing is a share of nothing.
    pub(super) fn share(self, part: u64) -> Ppm {
        // At most a million.
        self.millionths.share(part.min(self.whole)).0 as Ppm
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_rounded_down_and_end_at_one() {
        let third = Shares::of(3);
        assert_eq!([0, 1, 2, 3, 4].map(|part| third.share(part)), [0, 333_333, 666_666, ONE, ONE]);
        let longest = Shares::of(u64::MAX);
        assert_eq!(longest.share(u64::MAX), ONE);
        assert_eq!(longest.share(u64::MAX - 1), ONE - 1);
    }

    #[test]
    fn nothing_is_a_share_of_nothing() {
        assert_eq!(Shares::of(0).share(5), 0);
    }
}
