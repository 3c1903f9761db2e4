//! io.net's table of processors: the multiplier of a card before and after June 2025, and its pool after it.
//!
//! *Source*: io.net docs, Device Block Reward Multiplier (facts, `ionet_device_multipliers.csv`, 56 rows). Two readings of
//! ours: the chips whose names begin with M and a digit, Apple's, are the CPUs of the older pools, since the table has no
//! other; and a model that is not in the table has the multiplier of the network's own table and is no enterprise card.

use super::Reading;
use crate::registry::Model;
use crate::units::Ppm;
use Later::{Community, Dropped, Enterprise};

/// Where a processor went in June 2025.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Later {
    /// The pool of five percent.
    Community,
    /// The pool of ninety-five percent.
    Enterprise,
    /// Neither: it earns nothing any more.
    Dropped,
}

/// A printed row.
#[derive(Clone, Copy, Debug)]
struct Row {
    name: &'static str,
    before: Ppm,
    after: Ppm,
    later: Later,
}

/// What a card counts for, and in which pool.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Standing {
    /// Multiplier in parts per million; zero is never nominated.
    pub(super) multiplier: Ppm,
    /// In the pool of ninety-five percent.
    pub(super) large: bool,
}

const fn row(name: &'static str, before: Ppm, after: Ppm, later: Later) -> Row {
    Row { name, before, after, later }
}

#[rustfmt::skip]
const PUBLISHED: [Row; 56] = [
    row("M2 Max", 1_000_000, 0, Dropped),
    row("M2 Pro", 750_000, 0, Dropped),
    row("M2 Ultra", 1_250_000, 0, Dropped),
    row("A10", 750_000, 0, Dropped),
    row("A10G", 750_000, 0, Dropped),
    row("A16", 1_000_000, 0, Dropped),
    row("A40", 2_000_000, 0, Dropped),
    row("GeForce GTX 1080 Ti", 250_000, 0, Dropped),
    row("GeForce GTX 2080 Ti", 250_000, 0, Dropped),
    row("GeForce GTX 3050", 250_000, 0, Dropped),
    row("GeForce GTX 3050 Ti", 250_000, 0, Dropped),
    row("M3", 500_000, 1_000_000, Community),
    row("M3 Pro", 750_000, 1_250_000, Community),
    row("M3 Max", 1_000_000, 1_500_000, Community),
    row("M4", 500_000, 1_000_000, Community),
    row("M4 Pro", 750_000, 1_250_000, Community),
    row("M4 Max", 1_000_000, 1_500_000, Community),
    row("GeForce RTX 3060", 250_000, 750_000, Community),
    row("GeForce RTX 3060 Ti", 250_000, 750_000, Community),
    row("GeForce RTX 3070", 250_000, 1_000_000, Community),
    row("GeForce RTX 3070 Ti", 250_000, 1_000_000, Community),
    row("GeForce RTX 3080", 250_000, 1_500_000, Community),
    row("GeForce RTX 3080 Ti", 250_000, 1_750_000, Community),
    row("GeForce RTX 3090", 500_000, 1_750_000, Community),
    row("GeForce RTX 3090 Ti", 500_000, 2_000_000, Community),
    row("GeForce RTX 4060", 250_000, 1_000_000, Community),
    row("GeForce RTX 4060 Ti", 250_000, 1_000_000, Community),
    row("GeForce RTX 4070", 250_000, 1_500_000, Community),
    row("GeForce RTX 4070 Ti", 250_000, 2_500_000, Community),
    row("GeForce RTX 4080", 500_000, 2_750_000, Community),
    row("L4", 750_000, 250_000, Community),
    row("RTX 4000", 400_000, 750_000, Community),
    row("RTX 4000 SFF Ada Generation", 500_000, 1_000_000, Community),
    row("RTX 5000", 250_000, 1_500_000, Community),
    row("RTX 5000 Ada Generation", 1_500_000, 3_000_000, Community),
    row("RTX 6000 Ada Generation", 2_500_000, 4_500_000, Community),
    row("RTX A4000", 400_000, 1_500_000, Community),
    row("RTX A5000", 750_000, 1_500_000, Community),
    row("RTX A6000", 1_500_000, 2_000_000, Community),
    row("Tesla T4", 400_000, 500_000, Community),
    row("Tesla V100-PCIE-16GB", 500_000, 750_000, Community),
    row("Tesla V100-PCIE-32GB", 750_000, 750_000, Community),
    row("Tesla V100-SXM2-16GB", 500_000, 750_000, Community),
    row("Tesla V100-SXM2-32GB", 750_000, 750_000, Community),
    row("Tesla V100S-PCIE-32GB", 750_000, 750_000, Community),
    row("L40S", 2_250_000, 3_000_000, Enterprise),
    row("A100 80GB PCIe", 5_000_000, 5_000_000, Enterprise),
    row("A100-PCIE-40GB", 2_000_000, 2_000_000, Enterprise),
    row("A100-SXM4-80GB", 5_000_000, 5_000_000, Enterprise),
    row("GeForce RTX 4090", 750_000, 1_250_000, Enterprise),
    row("GeForce RTX 4090 D", 750_000, 1_250_000, Enterprise),
    row("H100 80GB HBM3", 10_000_000, 10_000_000, Enterprise),
    row("H100 PCIe", 10_000_000, 10_000_000, Enterprise),
    row("H100 80G PCIe", 10_000_000, 10_000_000, Enterprise),
    row("B200", 30_000_000, 30_000_000, Enterprise),
    row("H200", 15_000_000, 12_000_000, Enterprise),
];

/// Short names in use for processors of the table; what they stand for has the same multipliers as its siblings of that
/// memory, but for the H100 of the SXM socket, which reports the printed name (recalled).
const SHORT: [(&str, &str); 4] = [
    ("a100_40gb", "A100-PCIE-40GB"),
    ("a100_80gb", "A100-SXM4-80GB"),
    ("h100_sxm", "H100 80GB HBM3"),
    ("tesla_v100", "Tesla V100-SXM2-16GB"),
];

/// Words that one maker's names have in one place and lack in another.
const OPTIONAL: [&str; 4] = ["nvidia", "geforce", "apple", "generation"];

/// Letters and digits of a name in lower case, without [`OPTIONAL`] words.
fn letters(name: &str) -> impl Iterator<Item = char> + '_ {
    let words = name.split(|c: char| !c.is_ascii_alphanumeric());
    let words = words.filter(|word| !OPTIONAL.iter().any(|optional| word.eq_ignore_ascii_case(optional)));
    words.flat_map(str::chars).map(|c| c.to_ascii_lowercase())
}

fn same(one: &str, other: &str) -> bool {
    letters(one).eq(letters(other))
}

fn published(name: &str) -> Option<&'static Row> {
    let printed = SHORT.iter().find(|(short, _)| same(short, name)).map_or(name, |(_, printed)| printed);
    PUBLISHED.iter().find(|row| same(row.name, printed))
}

/// One of Apple's chips.
fn is_cpu(name: &str) -> bool {
    let mut letters = letters(name);
    letters.next() == Some('m') && letters.next().is_some_and(|c| c.is_ascii_digit())
}

/// What a card of this model counts for under a reading.
pub(super) fn standing(model: &Model, reading: Reading) -> Standing {
    let row = published(&model.name);
    match reading {
        Reading::Before202506 => Standing {
            multiplier: row.map_or(model.multiplier, |row| row.before),
            large: !is_cpu(&model.name),
        },
        Reading::After202506 => Standing {
            multiplier: row.map_or(model.multiplier, |row| row.after),
            large: row.is_some_and(|row| row.later == Enterprise),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::path::Path;

    /// The shared table, its head aside; none, with a printed reason, where the folder is absent.
    fn shared() -> Option<String> {
        let name = "shared/facts/data/ionet_device_multipliers.csv";
        let home = Path::new(env!("CARGO_MANIFEST_DIR"));
        let found = home.ancestors().take(4).map(|place| place.join(name)).find(|path| path.exists());
        let Some(path) = found else {
            println!("skipped: the shared table {name} is not here");
            return None;
        };
        Some(fs::read_to_string(path).expect("the table is text"))
    }

    fn millionths(text: &str) -> Ppm {
        (text.parse::<f64>().expect("a number") * 1e6).round() as Ppm
    }

    #[test]
    fn every_row_is_the_published_one() {
        let Some(text) = shared() else {
            return;
        };
        let rows: Vec<Vec<&str>> = text.lines().skip(1).map(|line| line.split(',').collect()).collect();
        assert_eq!(rows.len(), PUBLISHED.len());
        for (fields, row) in rows.iter().zip(PUBLISHED) {
            let later = format!("{:?}", row.later).to_lowercase();
            assert_eq!((fields[0], fields[3]), (row.name, later.as_str()));
            assert_eq!(
                [millionths(fields[1]), millionths(fields[2])],
                [row.before, row.after],
                "{}",
                row.name
            );
        }
    }

    #[test]
    fn a_scenarios_short_names_find_their_rows() {
        let found = |name: &str| published(name).map(|row| row.name);
        assert_eq!(found("rtx_3080_ti"), Some("GeForce RTX 3080 Ti"));
        assert_eq!(found("rtx_6000_ada"), Some("RTX 6000 Ada Generation"));
        assert_eq!(found("NVIDIA GeForce RTX 4090"), Some("GeForce RTX 4090"));
        assert_eq!(found("a100_40gb"), Some("A100-PCIE-40GB"));
        assert_eq!(found("h100_sxm"), Some("H100 80GB HBM3"));
        assert_eq!(found("apple_m2_pro"), Some("M2 Pro"));
        assert_eq!([found("apple_m2"), found("rtx_3050"), found("")], [None; 3]);
    }

    #[test]
    fn no_two_rows_are_the_same_name() {
        for (i, one) in PUBLISHED.iter().enumerate() {
            assert!(PUBLISHED[i + 1..].iter().all(|other| !same(one.name, other.name)), "{}", one.name);
        }
    }

    #[test]
    fn the_swing_of_june_2025_is_in_the_table() {
        let of = |name: &str, reading| {
            standing(&Model { name: name.into(), memory_mb: 0, gflops: 0, multiplier: 7 }, reading)
        };
        let both = |name| [of(name, Reading::Before202506), of(name, Reading::After202506)];
        let standing = |multiplier, large| Standing { multiplier, large };
        assert_eq!(both("rtx_3090"), [standing(500_000, true), standing(1_750_000, false)]);
        assert_eq!(both("h200"), [standing(15_000_000, true), standing(12_000_000, true)]);
        assert_eq!(both("apple_m2_pro"), [standing(750_000, false), standing(0, false)]);
        assert_eq!(both("a card of its own"), [standing(7, true), standing(7, false)]);
    }
}
