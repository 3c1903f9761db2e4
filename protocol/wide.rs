//! Exact products of 256 bits divided by 128 bits, for splits and schedules whose product overflows a u128.

const HALF: u32 = 64;
const LOW: u128 = u64::MAX as u128;

/// `(floor(a * b / d), a * b mod d)` without losing a bit of the product.
///
/// # Panics
/// When `d` is zero or the quotient needs more than 128 bits; neither can happen when `a <= d` or `b <= d`.
#[must_use]
pub fn mul_div(a: u128, b: u128, d: u128) -> (u128, u128) {
    assert!(d > 0, "a division by zero");
    if let Some(product) = a.checked_mul(b) {
        let quotient = product / d;
        return (quotient, product - quotient * d);
    }
    let (high, low) = product(a, b);
    assert!(high < d, "a quotient beyond 128 bits");
    quotient(high, low, d)
}

/// The upper and lower 128 bits of `a * b`, by four products of halves.
fn product(a: u128, b: u128) -> (u128, u128) {
    let (a1, a0) = (a >> HALF, a & LOW);
    let (b1, b0) = (b >> HALF, b & LOW);
    let bottom = a0 * b0;
    // At most (2^64 - 1)^2 + 2^64 - 1, which fits; the same holds for the next line.
    let cross = a1 * b0 + (bottom >> HALF);
    let middle = a0 * b1 + (cross & LOW);
    let high = a1 * b1 + (cross >> HALF) + (middle >> HALF);
    (high, middle << HALF | bottom & LOW)
}

/// Long division of `high:low` by `d > high`, two digits of 64 bits (Knuth, TAOCP vol. 2, algorithm D).
pub(crate) fn quotient(high: u128, low: u128, d: u128) -> (u128, u128) {
    // With the divisor's top bit set, an estimated digit is at most two too large.
    let shift = d.leading_zeros();
    let d = d << shift;
    let high = if shift == 0 { high } else { high << shift | low >> (128 - shift) };
    let low = low << shift;
    let (q1, rest) = digit(high, low >> HALF, d);
    let (q0, rest) = digit(rest, low & LOW, d);
    (q1 << HALF | q0, rest >> shift)
}

/// One digit: `(rest * 2^64 + next) / d` and what remains, for a normalised `d > rest`.
fn digit(rest: u128, next: u128, d: u128) -> (u128, u128) {
    let (d1, d0) = (d >> HALF, d & LOW);
    let mut q = rest / d1;
    let mut r = rest - q * d1;
    // `q * d0` is only reached once q fits in 64 bits, so it cannot overflow.
    while q > LOW || q * d0 > (r << HALF | next) {
        q -= 1;
        r += d1;
        if r > LOW {
            break;
        }
    }
    // The true difference lies below d, so arithmetic modulo 2^128 gives it exactly.
    let rest = (rest << HALF | next).wrapping_sub(q.wrapping_mul(d));
    (q, rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lcg::Lcg;

    /// Shift and subtract, one bit at a time: slow and obvious.
    fn schoolbook(a: u128, b: u128, d: u128) -> (u128, u128) {
        let (mut quotient, mut rest) = (0u128, 0u128);
        for bit in (0..128).rev() {
            // quotient:rest = 2 * previous + (bit of a) * b, reduced modulo d; b < d is required.
            let double = add_mod(rest, rest, d);
            quotient = quotient << 1 | u128::from(double.1);
            rest = double.0;
            if a >> bit & 1 == 1 {
                let sum = add_mod(rest, b, d);
                quotient += u128::from(sum.1);
                rest = sum.0;
            }
        }
        (quotient, rest)
    }

    /// `(x + y) mod d` and whether d was subtracted, for x, y below d.
    fn add_mod(x: u128, y: u128, d: u128) -> (u128, bool) {
        if x >= d - y { (x - (d - y), true) } else { (x + y, false) }
    }

    #[test]
    fn agrees_with_schoolbook_division_on_all_magnitudes() {
        let mut lcg = Lcg(7);
        let mut overflowed = 0;
        for _ in 0..5_000 {
            let d = lcg.of_bits(128).max(2);
            let b = lcg.next_wide() % d;
            let a = lcg.of_bits(128);
            overflowed += u32::from(a.checked_mul(b).is_none());
            assert_eq!(mul_div(a, b, d), schoolbook(a, b, d), "{a} * {b} / {d}");
        }
        assert!(overflowed > 1_000, "the 256-bit path must be exercised");
    }

    #[test]
    fn agrees_at_the_edges_where_estimated_digits_are_corrected() {
        let edges = [
            1,
            2,
            LOW - 1,
            LOW,
            LOW + 1,
            1 << 127,
            (1 << 127) + 1,
            (1 << 127) + LOW,
            u128::MAX - LOW,
            u128::MAX - 1,
            u128::MAX,
        ];
        for d in edges {
            for a in edges {
                for b in edges.into_iter().filter(|&b| b < d) {
                    assert_eq!(mul_div(a, b, d), schoolbook(a, b, d), "{a} * {b} / {d}");
                }
            }
        }
    }

    #[test]
    fn a_number_times_itself_over_itself_is_itself() {
        assert_eq!(mul_div(u128::MAX, u128::MAX, u128::MAX), (u128::MAX, 0));
    }
}
