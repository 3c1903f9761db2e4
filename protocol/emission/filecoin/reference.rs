//! The chain's formulas as they stand in its sources, over big integers: what the words of fixed width are held against.

use super::fixed_point::halves;
use crate::lcg::Lcg;
use num_bigint::{BigInt, BigUint, Sign};

/// Words, lowest first, as an integer that is not negative.
pub fn big(words: &[u64]) -> BigInt {
    let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
    BigInt::from_biguint(Sign::Plus, BigUint::from_bytes_le(&bytes))
}

/// Three words of which the lowest `bits` are drawn.
pub fn drawn(lcg: &mut Lcg, bits: u32) -> [u64; 3] {
    let [low, high] = halves(lcg.of_bits(bits.min(128)));
    let whole = if bits > 128 { lcg.of_bits(bits - 128) as u64 } else { 0 };
    [low, high, whole]
}

/// `e^-x` by the chain's `poly_val` and `expneg`; the shift and the quotient of big integers round down and towards zero,
/// which differs only in results below zero, whose sign alone is used.
pub fn expneg(x: &BigInt) -> BigInt {
    const NUMERATOR: [&str; 8] = [
        "-648770010757830093818553637600",
        "67469480939593786226847644286976",
        "-3197587544499098424029388939001856",
        "89244641121992890118377641805348864",
        "-1579656163641440567800982336819953664",
        "17685496037279256458459817590917169152",
        "-115682590513835356866803355398940131328",
        "340282366920938463463374607431768211456",
    ];
    const DENOMINATOR: [&str; 14] = [
        "1225524182432722209606361",
        "114095592300906098243859450",
        "5665570424063336070530214243",
        "194450132448609991765137938448",
        "5068267641632683791026134915072",
        "104716890604972796896895427629056",
        "1748338658439454459487681798864896",
        "23704654329841312470660182937960448",
        "259380097567996910282699886670381056",
        "2250336698853390384720606936038375424",
        "14978272436876548034486263159246028800",
        "72144088983913131323343765784380833792",
        "224599776407103106596571252037123047424",
        "340282366920938463463374607431768211456",
    ];
    let value = |coefficients: &[&str]| {
        let start = BigInt::ZERO;
        coefficients.iter().fold(start, |value, text| {
            ((value * x) >> 128u32) + text.parse::<BigInt>().expect("a coefficient")
        })
    };
    (value(&NUMERATOR) << 128u32) / value(&DENOMINATOR)
}
