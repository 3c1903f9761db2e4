//! Decimal text to nanoseconds and back, to the last digit.

use super::super::decimal::{LONGEST, Reading, TimeUnit};

fn unit(text: &str) -> TimeUnit {
    text.parse().expect("a unit")
}

#[test]
fn decimal_text_becomes_nanoseconds_exactly() {
    for (text, of, ns, rounded) in [
        ("0", "1s", 0, false),
        ("-0", "1s", 0, false),
        ("0.1", "1s", 100_000_000, false),
        ("10759.738951016447", "1s", 10_759_738_951_016, true),
        ("0.0000000005", "1s", 1, true),
        ("0.00000000049999999999999999", "1s", 0, true),
        ("1.5e3", "1s", 1_500_000_000_000, false),
        ("15E-1", "1s", 1_500_000_000, false),
        ("56612908805", "10us", 566_129_088_050_000, false),
        ("2.5", "0.5s", 1_250_000_000, false),
        ("000.250000000000000000000000000000000000000000", "1ms", 250_000, false),
        // A double cannot hold this number of nanoseconds.
        ("9007199.254740993", "1s", 9_007_199_254_740_993, false),
        ("9223372036.854775807", "1s", LONGEST, false),
    ] {
        assert_eq!(unit(of).read(text), Ok(Reading { ns, rounded }), "{text} of {of}");
    }
}

#[test]
fn what_is_no_time_is_refused() {
    let s = TimeUnit::SECOND;
    let long = "1".repeat(60);
    for bad in
        ["", "-", ".", "NaN", "inf", "1e", "1e5000", "1 ", "+1", "0x1", "1.2.3", "1_0", "1e400", "-1", &long]
    {
        assert!(s.read(bad).is_err(), "{bad:?} was read");
    }
    assert_eq!(s.read("9223372036.854775808"), Err("a time below 292 years"));
}

#[test]
fn units_are_read_and_those_without_finite_decimals_refused() {
    for (text, ns) in
        [("1s", 1_000_000_000), ("10us", 10_000), ("1ms", 1_000_000), ("0.5s", 500_000_000), ("1ns", 1)]
    {
        assert_eq!(unit(text).ns(), ns);
    }
    for bad in ["", "s", "1", "1h", "3s", "60s", "0s", "-1s", "0.1ns", "2000s", "1e30s", "s1", "1 fortnight"]
    {
        assert!(bad.parse::<TimeUnit>().is_err(), "{bad:?} was read");
    }
}

#[test]
fn every_time_is_printed_back_so_that_it_reads_the_same() {
    assert_eq!(unit("1s").text(1_500_000_000), "1.5");
    assert_eq!(unit("10us").text(566_129_088_050_000), "56612908805");
    assert_eq!(unit("1s").text(1), "0.000000001");
    assert_eq!(unit("1s").text(3_000_000_000), "3");
    let mut state = 1_u64;
    for of in ["1s", "10us", "1ms", "0.5s", "1ns", "0.256s", "1000s", "0.000000512s"] {
        for _ in 0..2000 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let ns = (state >> 1) >> (state % 60);
            let text = unit(of).text(ns);
            assert_eq!(unit(of).read(&text), Ok(Reading { ns, rounded: false }), "{text} of {of}");
        }
    }
}
