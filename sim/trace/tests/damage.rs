//! Files that were cut, packed wrongly or altered by chance: an error or a trace, never a panic.

use super::super::source::{Lines, open_within};
use super::super::{Format, Options, TimeUnit, nodes, read};
use super::{GOOD, bytes, packed, text};
use std::io::Read;
use std::path::Path;

#[test]
fn a_packed_file_cut_anywhere_is_refused() {
    for (format, sample) in GOOD {
        let whole = packed(sample.as_bytes());
        for length in 2..whole.len() {
            let cut = bytes(format, &whole[..length], TimeUnit::SECOND, None);
            let message = cut.expect_err("it is cut").to_string();
            assert!(message.contains("expected a whole gzip file; the file looks cut short"), "{message}");
        }
    }
}

#[test]
fn an_altered_packed_file_fails_its_checksum() {
    let mut whole = packed(GOOD[0].1.as_bytes());
    let last = whole.len() - 8;
    whole[last] ^= 1;
    assert!(bytes(Format::Swf, &whole, TimeUnit::SECOND, None).is_err());
}

#[test]
fn a_file_that_unpacks_without_end_is_stopped() {
    let bomb = packed(&vec![b' '; 1 << 20]);
    let mut out = Vec::new();
    assert!(open_within(&bomb, 1 << 20).read_to_end(&mut out).is_ok());
    assert!(open_within(&bomb, (1 << 20) - 1).read_to_end(&mut out).is_err());
    let mut lines = Lines::of(&bomb);
    let first = lines.next().expect("one MiB is allowed").map(|(number, line)| (number, line.len()));
    assert_eq!(first, Some((1, 0)));
    let long = vec![b'1'; (1 << 20) + 1];
    assert!(Lines::of(&long).next().is_err());
}

#[test]
fn brackets_without_end_are_refused() {
    let deep = "[".repeat(1 << 20);
    for format in [Format::Batsim, Format::Philly] {
        assert!(text(format, &deep).is_err());
    }
}

/// Bytes that have a meaning in some format.
const TELLING: &[u8] = b"0123456789-+.eE,;:\"'{}[]()\t\n\r |\\/_naNIxu\x00\x1f\x8b\xff\xc3";

#[test]
fn no_damage_makes_a_reader_panic() {
    let mut state = 7_u64;
    let mut below = |bound: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % bound
    };
    let (mut taken, mut refused) = (0, 0);
    for (format, sample) in GOOD {
        for round in 0..4000 {
            let mut stored = sample.as_bytes().to_vec();
            if round % 8 == 0 {
                stored = packed(&stored);
            }
            for _ in 0..=below(4) {
                let at = below(stored.len());
                match below(4) {
                    0 => stored[at] = TELLING[below(TELLING.len())],
                    1 => stored.insert(at, TELLING[below(TELLING.len())]),
                    2 => drop(stored.drain(at..(at + 1 + below(9)).min(stored.len() - 1).max(at))),
                    _ => stored.extend_from_within(at..(at + 40).min(stored.len())),
                }
            }
            match bytes(format, &stored, TimeUnit::SECOND, None) {
                Ok(trace) => {
                    taken += 1;
                    assert!(trace.jobs.iter().all(|job| 0 < job.run && job.run <= job.estimate));
                    assert!(trace.jobs.is_sorted_by_key(|job| job.submit));
                }
                Err(error) => {
                    refused += 1;
                    assert!(error.to_string().len() < 600, "{error}");
                }
            }
            let _ = nodes::nodes(&stored);
        }
    }
    assert!(taken > 1000 && refused > 1000, "{taken} taken, {refused} refused: the damage is too even");
}

#[test]
fn a_missing_file_and_a_name_that_tells_nothing_are_said() {
    let error = read(Path::new("nowhere.swf"), &Options::default()).expect_err("it is not there");
    assert!(error.to_string().starts_with("nowhere.swf: found "), "{error}");
    assert!(error.to_string().ends_with("; expected a file that can be read"), "{error}");
    let error = read(Path::new("jobs.dat"), &Options::default()).expect_err("no format");
    assert!(
        error.to_string().ends_with("name the format: swf, openb, gavel, philly, batsim, jsonl"),
        "{error}"
    );
    let none = Options { machine: Some(0), format: Some(Format::Jsonl), ..Options::default() };
    let error =
        read(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")), &none).expect_err("no machine");
    assert!(error.to_string().ends_with("found a machine of 0 processors; expected at least 1"), "{error}");
}

#[test]
fn names_tell_the_format() {
    for (name, format) in [
        ("a.swf", Format::Swf),
        ("A.SWF.GZ", Format::Swf),
        ("pods.csv.gz", Format::Openb),
        ("x.trace.gz", Format::Gavel),
        ("cluster_job_log", Format::Philly),
        ("cluster_job_log.json.gz", Format::Philly),
        ("w.json", Format::Batsim),
        ("w.jsonl", Format::Jsonl),
    ] {
        assert_eq!(Format::guess(Path::new(name)), Some(format), "{name}");
    }
    assert_eq!(Format::guess(Path::new("README")), None);
}
