//! `e^-x` as the chain computes it: a quotient of two polynomials in 128 fractional bits.
//!
//! *Formula*: e^-x = floor(2^128 N(x) / D(x)), N of degree 7 and D of degree 13, by Horner's rule with floors.
//!
//! *Source*: `EXP_NUM_COEF`, `EXP_DENO_COEF` and `expneg` of builtin-actors, `actors/reward/src/expneg.rs`; its comment
//! gives an error below 3.4e-30 for x < 1.725 (14.9 years of simple minting) and below 4.6e-15 for x < 5.

use super::fixed_point::{Q128, halves, is_negative, polynomial, quotient};

const NUMERATOR: [[u64; 3]; 8] = [
    minus(648_770_010_757_830_093_818_553_637_600),
    plus(67_469_480_939_593_786_226_847_644_286_976),
    minus(3_197_587_544_499_098_424_029_388_939_001_856),
    plus(89_244_641_121_992_890_118_377_641_805_348_864),
    minus(1_579_656_163_641_440_567_800_982_336_819_953_664),
    plus(17_685_496_037_279_256_458_459_817_590_917_169_152),
    minus(115_682_590_513_835_356_866_803_355_398_940_131_328),
    Q128::ONE.words(),
];

const DENOMINATOR: [[u64; 3]; 14] = [
    plus(1_225_524_182_432_722_209_606_361),
    plus(114_095_592_300_906_098_243_859_450),
    plus(5_665_570_424_063_336_070_530_214_243),
    plus(194_450_132_448_609_991_765_137_938_448),
    plus(5_068_267_641_632_683_791_026_134_915_072),
    plus(104_716_890_604_972_796_896_895_427_629_056),
    plus(1_748_338_658_439_454_459_487_681_798_864_896),
    plus(23_704_654_329_841_312_470_660_182_937_960_448),
    plus(259_380_097_567_996_910_282_699_886_670_381_056),
    plus(2_250_336_698_853_390_384_720_606_936_038_375_424),
    plus(14_978_272_436_876_548_034_486_263_159_246_028_800),
    plus(72_144_088_983_913_131_323_343_765_784_380_833_792),
    plus(224_599_776_407_103_106_596_571_252_037_123_047_424),
    Q128::ONE.words(),
];

/// From here on no number is formed: the numerator has been below zero since x = 16.82.
const END: u64 = 32;

const fn plus(number: u128) -> [u64; 3] {
    let [low, high] = halves(number);
    [low, high, 0]
}

const fn minus(number: u128) -> [u64; 3] {
    let [low, high] = halves(number.wrapping_neg());
    [low, high, u64::MAX]
}

/// `e^-x`. The chain's numerator falls below zero at x = 16.82 (146 years of simple minting), where the chain would go on
/// with negative numbers; here they are zero.
#[must_use]
pub fn expneg(x: Q128) -> Q128 {
    if x.whole >= END {
        return Q128::ZERO;
    }
    let above = polynomial(&NUMERATOR, x.words());
    let below = polynomial(&DENOMINATOR, x.words());
    if is_negative(above) {
        Q128::ZERO
    } else if above == below {
        Q128::ONE
    } else {
        Q128 { whole: 0, fraction: quotient(above, below) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emission::filecoin::reference::{self, big, drawn};
    use crate::lcg::Lcg;
    use num_bigint::BigInt;

    fn agrees(x: Q128) {
        let expected = reference::expneg(&big(&x.words())).max(BigInt::ZERO);
        assert_eq!(big(&expneg(x).words()), expected, "{x:?}");
    }

    #[test]
    fn words_agree_with_big_integers_wherever_a_number_is_formed() {
        let mut lcg = Lcg(11);
        for bits in 1..=133 {
            for _ in 0..60 {
                agrees(Q128::of(drawn(&mut lcg, bits)));
            }
        }
        for whole in 0..END {
            for fraction in [0, 1, u128::MAX] {
                agrees(Q128 { whole, fraction });
            }
        }
    }

    #[test]
    fn the_numerator_stays_below_zero_once_it_is() {
        for x in 17..4_096 {
            agrees(Q128 { whole: x, fraction: 0 });
            assert!(reference::expneg(&(BigInt::from(x) << 128u32)) < BigInt::ZERO, "{x}");
        }
    }

    #[test]
    fn nothing_decays_at_zero() {
        assert_eq!(expneg(Q128::ZERO), Q128::ONE);
    }
}
