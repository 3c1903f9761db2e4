//! Promises of the choice of whom to ask.

use super::*;
use crate::bench::Draws;

#[test]
fn asked_devices_are_found_across_words() {
    let mut draws = Draws(4);
    let random = |_| [flag::ONLINE, 0, flag::ONLINE | flag::LEASED][draws.below(3) as usize];
    let flags: Vec<u16> = (0..1_000).map(random).collect();
    let words: Vec<u64> = flags.chunks(64).map(asked_word).collect();
    let found: Vec<usize> = members(&words).map(DeviceId::at).collect();
    let expected: Vec<usize> = (0..1_000).filter(|&i| flags[i] == flag::ONLINE).collect();
    assert_eq!(found, expected);
}
