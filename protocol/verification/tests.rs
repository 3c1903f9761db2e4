//! Promises of the pure arithmetic around challenges.

use super::*;
use crate::bench::model;

const WINDOW: Span = Span(900_000_000_000);

/// Chi-square of counts against equal expectation.
fn chi_square(counts: &[u64]) -> f64 {
    let expected = counts.iter().sum::<u64>() as f64 / counts.len() as f64;
    counts.iter().map(|&seen| (seen as f64 - expected) * (seen as f64 - expected) / expected).sum()
}

#[test]
fn start_offsets_are_uniform_in_the_window() {
    for beacon in [0, 1, 2, 0xDEAD_BEEF, u64::MAX] {
        let mut counts = [0; 16];
        for device in 0..16_000 {
            let offset = start_offset(beacon, device, WINDOW);
            assert!(offset < WINDOW);
            counts[(offset.0 * 16 / WINDOW.0) as usize] += 1;
        }
        // 15 degrees of freedom: above 44.3 once in ten thousand.
        assert!(chi_square(&counts) < 44.3, "beacon {beacon}: {counts:?}");
    }
}

#[test]
fn offsets_of_neighbours_and_of_successive_rounds_are_unrelated() {
    let cell = |beacon, device| (start_offset(beacon, device, WINDOW).0 * 4 / WINDOW.0) as usize;
    let (mut neighbours, mut rounds) = ([0; 16], [0; 16]);
    for device in 0..16_000 {
        neighbours[cell(9, 2 * device) * 4 + cell(9, 2 * device + 1)] += 1;
        rounds[cell(9, device) * 4 + cell(10, device)] += 1;
    }
    assert!(chi_square(&neighbours) < 44.3, "{neighbours:?}");
    assert!(chi_square(&rounds) < 44.3, "{rounds:?}");
}

#[test]
fn an_offset_is_the_same_for_everyone_and_zero_without_a_window() {
    assert_eq!(start_offset(5, 6, Span::ZERO), Span::ZERO);
    // SplitMix64's published first output for state 0 is mix(0x9E37_79B9_7F4A_7C15).
    assert_eq!(mix(0x9E37_79B9_7F4A_7C15), 0xE220_A839_7B1D_CDAF);
    let hash = u128::from(0xE220_A839_7B1D_CDAF_u64);
    let expected = (hash * u128::from(WINDOW.0)) >> 64;
    assert_eq!(u128::from(start_offset(0, 0, WINDOW).0), expected);
}

#[test]
fn work_is_what_the_claimed_model_does_in_the_target_time() {
    assert_eq!(work_gflop(&model(165_200), 60_000), 9_912_000);
    assert_eq!(work_gflop(&model(3), 999), 2);
    assert_eq!(work_gflop(&model(u32::MAX), u32::MAX), 18_446_744_065_119_617);
}
