//! Numbers with 128 fractional bits in words of fixed width, rounded down as the chain's big integers are.
//!
//! The chain shifts integers of any width; here three words (192 bits, two's complement) hold every number that is reached,
//! which is several times faster and gives the same bits. Words stand lowest first.

/// A number that is not negative, with 128 bits after the point.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Q128 {
    /// What stands before the point.
    pub whole: u64,
    /// What stands after it, in units of 2^-128.
    pub fraction: u128,
}

impl Q128 {
    /// Nothing.
    pub const ZERO: Q128 = Q128 { whole: 0, fraction: 0 };
    /// One.
    pub const ONE: Q128 = Q128 { whole: 1, fraction: 0 };

    /// The number as an integer of 2^-128.
    pub(super) const fn words(self) -> [u64; 3] {
        let [low, high] = halves(self.fraction);
        [low, high, self.whole]
    }

    /// The number of which `words` is the integer of 2^-128.
    pub(super) const fn of([low, high, whole]: [u64; 3]) -> Q128 {
        Q128 { whole, fraction: joined(low, high) }
    }
}

pub(super) const fn halves(number: u128) -> [u64; 2] {
    [number as u64, (number >> 64) as u64]
}

pub(super) const fn joined(low: u64, high: u64) -> u128 {
    (high as u128) << 64 | low as u128
}

/// `a * b` modulo 2^(64 N).
pub(super) fn product<const A: usize, const B: usize, const N: usize>(a: [u64; A], b: [u64; B]) -> [u64; N] {
    let mut out = [0; N];
    for (i, a) in a.into_iter().enumerate() {
        let mut carry = 0;
        for (j, b) in b.into_iter().enumerate() {
            if i + j < N {
                (out[i + j], carry) = a.carrying_mul_add(b, carry, out[i + j]);
            }
        }
        if i + B < N {
            out[i + B] = carry;
        }
    }
    out
}

/// `a + b` modulo 2^(64 N).
pub(super) fn sum<const N: usize>(mut a: [u64; N], b: [u64; N]) -> [u64; N] {
    let mut carry = false;
    for (a, b) in a.iter_mut().zip(b) {
        (*a, carry) = a.carrying_add(b, carry);
    }
    a
}

/// `a - b` modulo 2^(64 N), and whether it fell below zero.
pub(super) fn difference<const N: usize>(mut a: [u64; N], b: [u64; N]) -> ([u64; N], bool) {
    let mut borrow = false;
    for (a, b) in a.iter_mut().zip(b) {
        (*a, borrow) = a.borrowing_sub(b, borrow);
    }
    (a, borrow)
}

/// True when `words`, in two's complement, are below zero.
pub(super) fn is_negative<const N: usize>(words: [u64; N]) -> bool {
    words[N - 1] >> 63 == 1
}

/// Horner's rule with every product rounded down to 128 fractional bits; the highest coefficient comes first. No step may
/// leave the 191 bits that two's complement has.
pub(super) fn polynomial(coefficients: &[[u64; 3]], x: [u64; 3]) -> [u64; 3] {
    let mut value = [0; 3];
    for coefficient in coefficients {
        let [_, _, p2, p3, p4] = product::<3, 3, 5>(value, x);
        // A value below zero was read as 2^192 too large, so its product is 2^192 x too large.
        let excess = if is_negative(value) { x } else { [0; 3] };
        let (shifted, _) = difference([p2, p3, p4], [0, excess[0], excess[1]]);
        value = sum(shifted, *coefficient);
    }
    value
}

/// `floor(2^128 a / b)` for `a < b` and `b` of at least 2^128, by long division with digits of 64 bits (Knuth, TAOCP
/// vol. 2, algorithm D).
pub(super) fn quotient(a: [u64; 3], b: [u64; 3]) -> u128 {
    debug_assert!(b[2] > 0 && difference(a, b).1, "a quotient beyond 128 bits");
    let scale = b[2].leading_zeros();
    let (b, rest) = (shifted(b, scale), shifted(a, scale));
    let (high, rest) = digit(rest, b);
    let (low, _) = digit(rest, b);
    joined(low, high)
}

fn shifted([a0, a1, a2]: [u64; 3], bits: u32) -> [u64; 3] {
    let low = joined(a0, a1);
    let carried = if bits == 0 { 0 } else { a1 >> (64 - bits) };
    let [a0, a1] = halves(low << bits);
    [a0, a1, a2 << bits | carried]
}

/// One digit: `2^64 rest / b` and what remains, for `rest < b` and `b` with its top bit set.
fn digit(rest: [u64; 3], b: [u64; 3]) -> (u64, [u64; 3]) {
    let dividend = [0, rest[0], rest[1], rest[2]];
    // With the top bit set, the estimate from the top words is at most two too large.
    let estimate = joined(rest[1], rest[2]) / u128::from(b[2]);
    let mut digit = u64::try_from(estimate).unwrap_or(u64::MAX);
    loop {
        let ([r0, r1, r2, _], too_large) = difference(dividend, product::<3, 1, 4>(b, [digit]));
        if !too_large {
            return (digit, [r0, r1, r2]);
        }
        digit -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emission::filecoin::reference::{big, drawn};
    use crate::lcg::Lcg;

    #[test]
    fn the_quotient_agrees_with_big_integers_on_all_magnitudes() {
        let mut lcg = Lcg(3);
        for _ in 0..20_000 {
            let (mut a, mut b) = (drawn(&mut lcg, 192), drawn(&mut lcg, 192));
            b[2] |= 1;
            if !difference(a, b).1 {
                (a, b) = (b, a);
            }
            if a != b && b[2] > 0 {
                assert_eq!(big(&halves(quotient(a, b))), (big(&a) << 128u32) / big(&b), "{a:?} {b:?}");
            }
        }
    }

    #[test]
    fn the_quotient_is_right_where_estimates_are_corrected() {
        let edges = [0, 1, u64::MAX - 1, u64::MAX, 1 << 63];
        let mut met = 0;
        for code in 0..5usize.pow(6) {
            let word = |place: u32| edges[code / 5usize.pow(place) % 5];
            let (a, b) = ([word(0), word(1), word(2)], [word(3), word(4), word(5)]);
            if b[2] > 0 && difference(a, b).1 {
                assert_eq!(big(&halves(quotient(a, b))), (big(&a) << 128u32) / big(&b), "{a:?} {b:?}");
                met += 1;
            }
        }
        assert!(met > 5_000, "only {met} pairs");
    }

    #[test]
    fn a_product_below_zero_is_rounded_down() {
        // -1/2^128 times one half is -1/2^129, whose floor is -1/2^128; then the coefficient is added.
        let half = [0, 1 << 63, 0];
        assert_eq!(polynomial(&[[u64::MAX; 3], [0; 3]], half), [u64::MAX; 3]);
        assert_eq!(polynomial(&[[u64::MAX; 3], [5, 0, 0]], half), [4, 0, 0]);
    }
}
