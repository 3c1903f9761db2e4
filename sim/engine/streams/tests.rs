//! Streams are fixed by their definition, and nobody's draws move anybody else's.

use rand::RngExt;

use super::*;

const REPAIR: Purpose = Purpose::new("hardware.repair");

fn stream(master: u64, replication: u32, purpose: Purpose, entity: EntityKey) -> Stream {
    let seed = Seed { master, replication };
    Streams::new(seed).stream(purpose, entity)
}

#[test]
fn labels_are_hashed_by_published_fnv1a() {
    // Test vectors of the FNV authors.
    assert_eq!(Purpose::new("").0, 0xcbf2_9ce4_8422_2325);
    assert_eq!(Purpose::new("a").0, 0xaf63_dc4c_8601_ec8c);
    assert_eq!(Purpose::new("foobar").0, 0x8594_4171_f739_67e8);
}

#[test]
fn draws_are_those_of_an_independent_program() {
    // Computed from the definition at the head of the file by a separate program in another language.
    let gamer = EntityKey::of("supply", "gamers", 7);
    assert_eq!(gamer, EntityKey(0x57a0_f5d3_3f08_4b8f));
    let zero_seed = stream(0, 0, REPAIR, gamer);
    assert_eq!(zero_seed.draw(0), 0x74f7_0dc9_a1eb_1790);
    assert_eq!(zero_seed.draw(1 << 40), 0xd0a8_4006_229f_8789);
    let other_seed = stream(2026, 3, REPAIR, gamer);
    assert_eq!(other_seed.draw(5), 0x962e_8b70_6633_2a70);
    let all_zero = stream(0, 0, Purpose::new(""), EntityKey(0));
    assert_eq!(all_zero.draw(0), 0x583b_80b6_9986_0707);
}

#[test]
fn every_part_of_a_name_changes_the_draws() {
    let gamer = EntityKey::of("supply", "gamers", 7);
    let streams = [
        stream(1, 0, REPAIR, gamer),
        stream(2, 0, REPAIR, gamer),
        stream(1, 1, REPAIR, gamer),
        stream(1, 0, Purpose::new("hardware.failure"), gamer),
        stream(1, 0, REPAIR, EntityKey::of("sybil", "gamers", 7)),
        stream(1, 0, REPAIR, EntityKey::of("supply", "gamer", 7)),
        stream(1, 0, REPAIR, EntityKey::of("supply", "gamers", 8)),
    ];
    let mut draws: Vec<u64> =
        streams.iter().flat_map(|stream| (0..1_000).map(|index| stream.draw(index))).collect();
    draws.sort_unstable();
    draws.dedup();
    assert_eq!(draws.len(), 7_000, "no draw occurs twice");
}

#[test]
fn table_and_name_do_not_run_together() {
    assert_ne!(EntityKey::of("ab", "c", 0), EntityKey::of("a", "bc", 0));
    assert_ne!(EntityKey::of("a", "", 0), EntityKey::of("", "a", 0));
}

#[test]
fn entity_keys_of_large_cohorts_are_distinct() {
    let mut keys: Vec<EntityKey> = ["gamers", "rooms", "0", "1"]
        .into_iter()
        .flat_map(|name| (0..50_000).map(move |ordinal| EntityKey::of("supply", name, ordinal)))
        .collect();
    keys.sort_unstable();
    keys.dedup();
    assert_eq!(keys.len(), 200_000);
}

/// A population of `size` in which entity 2 draws `greed` times as often; everybody's first 20 draws.
fn first_draws(size: u64, greed: u64) -> Vec<Vec<u64>> {
    let streams = Streams::new(Seed::default());
    let mut cursors: Vec<Cursor> =
        (0..size).map(|n| streams.stream(REPAIR, EntityKey::of("supply", "gamers", n)).cursor(0)).collect();
    let mut draws = vec![Vec::new(); size as usize];
    for _ in 0..20 {
        for (n, cursor) in cursors.iter_mut().enumerate() {
            for _ in 0..if n == 2 { greed } else { 1 } {
                draws[n].push(cursor.draw());
            }
        }
    }
    draws
}

#[test]
fn more_entities_or_more_draws_by_one_move_nobody_elses_draws() {
    let base = first_draws(5, 1);
    let changed = first_draws(50, 3);
    assert_eq!(changed[..2], base[..2]);
    assert_eq!(changed[3..5], base[3..5]);
    assert_eq!(changed[2][..20], base[2][..], "the greedy one's draws begin alike");
    assert_eq!(changed[2].len(), 60);
}

#[test]
fn uniform_numbers_are_never_zero_or_one_and_have_exact_antithetics() {
    assert_eq!(open_uniform(0), 1.0 / (1u64 << 53) as f64);
    assert_eq!(open_uniform(u64::MAX), 1.0 - f64::EPSILON / 2.0);
    for index in 0..1_000 {
        let bits = stream(0, 0, REPAIR, EntityKey(0)).draw(index);
        let u = open_uniform(bits);
        assert!(0.0 < u && u < 1.0);
        assert_eq!(1.0 - u, open_uniform(!bits));
    }
}

#[test]
fn uniform_numbers_fill_the_interval_evenly() {
    let stream = stream(0, 0, REPAIR, EntityKey(0));
    let mut cells = [0_u32; 100];
    for index in 0..100_000 {
        cells[(stream.uniform(index) * 100.0) as usize] += 1;
    }
    let chi2: f64 = cells
        .iter()
        .map(|&count| (f64::from(count) - 1_000.0) * (f64::from(count) - 1_000.0) / 1_000.0)
        .sum();
    // 99.9 % of a chi-squared law of 99 degrees of freedom (standard tables), and 0.1 % below.
    assert!((61.1..148.2).contains(&chi2), "{chi2}");
}

#[test]
fn a_cursor_reads_its_stream_in_order_and_through_rand() {
    let stream = stream(7, 1, REPAIR, EntityKey(3));
    let mut cursor = stream.cursor(10);
    assert_eq!(cursor.draw(), stream.draw(10));
    assert_eq!(cursor.uniform(), stream.uniform(11));
    assert_eq!(cursor.random::<u64>(), stream.draw(12));
    assert_eq!(cursor.random::<u32>(), stream.draw(13) as u32);
    let mut bytes = [0; 11];
    cursor.fill(&mut bytes[..]);
    assert_eq!(bytes[..8], stream.draw(14).to_le_bytes());
    assert_eq!(bytes[8..], stream.draw(15).to_le_bytes()[..3]);
    assert_eq!(cursor.index(), 16);
    assert_eq!(stream.cursor(cursor.index()), cursor);
}
