//! Exact shares of one pool for many parts of one whole, by multiplication where the numbers allow it.

use crate::wide::mul_div;

/// A pool and a whole of 64 bits each, with the quotient that most of a share can be read from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Narrow {
    pool: u64,
    whole: u64,
    /// floor(pool × 2^64 / whole).
    rate: u128,
}

impl Narrow {
    /// # Panics
    /// When `whole` is zero.
    pub(super) fn of(pool: u64, whole: u64) -> Narrow {
        let rate = (u128::from(pool) << 64) / u128::from(whole);
        Narrow { pool, whole, rate }
    }

    /// `(floor(pool × part / whole), pool × part mod whole)` for a part that does not exceed the whole.
    pub(super) fn share(self, part: u64) -> (u64, u64) {
        debug_assert!(part <= self.whole);
        // The rate is short by less than one, so the estimate is short by less than part / 2^64, that is by at most
        // one unit, which the remainder shows. Products stay below pool × 2^64.
        let estimate = (u128::from(part).wrapping_mul(self.rate) >> 64) as u64;
        let product = u128::from(self.pool) * u128::from(part);
        let rest = product - u128::from(estimate) * u128::from(self.whole);
        let short = rest >= u128::from(self.whole);
        let rest = if short { rest - u128::from(self.whole) } else { rest };
        (estimate + u64::from(short), rest as u64)
    }
}

/// A pool and a whole of any size.
#[derive(Clone, Copy, Debug)]
pub(super) enum Proportion {
    /// Both fit in 64 bits, as real pools and weights do.
    Narrow(Narrow),
    /// One of them does not.
    Wide {
        /// To be shared.
        pool: u128,
        /// Sum of the parts.
        whole: u128,
    },
}

impl Proportion {
    /// # Panics
    /// When `whole` is zero.
    pub(super) fn of(pool: u128, whole: u128) -> Proportion {
        match (u64::try_from(pool), u64::try_from(whole)) {
            (Ok(pool), Ok(whole)) => Proportion::Narrow(Narrow::of(pool, whole)),
            _ => Proportion::Wide { pool, whole },
        }
    }

    /// As [`Narrow::share`].
    pub(super) fn share(self, part: u128) -> (u128, u128) {
        match self {
            Proportion::Narrow(narrow) => {
                // A part of a whole of 64 bits has no more bits itself.
                let (share, remainder) = narrow.share(part as u64);
                (share.into(), remainder.into())
            }
            Proportion::Wide { pool, whole } => mul_div(pool, part, whole),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lcg::Lcg;

    #[test]
    fn narrow_shares_equal_the_exact_division_at_all_magnitudes() {
        let mut lcg = Lcg(51);
        for _ in 0..50_000 {
            let (pool, whole) = (lcg.of_bits(64) as u64, lcg.of_bits(64).max(1) as u64);
            let part = (lcg.next_wide() % (u128::from(whole) + 1)) as u64;
            let exact = mul_div(pool.into(), part.into(), whole.into());
            let (share, remainder) = Narrow::of(pool, whole).share(part);
            assert_eq!((share.into(), remainder.into()), exact, "{pool} {part} {whole}");
        }
    }

    #[test]
    fn narrow_shares_hold_at_the_edges() {
        let edges = [1, 2, 3, (1 << 32) - 1, 1 << 32, 1 << 63, u64::MAX - 1, u64::MAX];
        for pool in edges {
            for whole in edges {
                for part in edges.into_iter().filter(|&part| part <= whole) {
                    let exact = mul_div(pool.into(), part.into(), whole.into());
                    let (share, remainder) = Narrow::of(pool, whole).share(part);
                    assert_eq!((share.into(), remainder.into()), exact);
                }
            }
        }
    }

    #[test]
    fn the_narrow_form_is_chosen_exactly_when_both_numbers_fit() {
        let limit = u128::from(u64::MAX);
        assert!(matches!(Proportion::of(limit, limit), Proportion::Narrow(_)));
        assert!(matches!(Proportion::of(limit + 1, 1), Proportion::Wide { .. }));
        assert!(matches!(Proportion::of(1, limit + 1), Proportion::Wide { .. }));
    }
}
