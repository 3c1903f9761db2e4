//! Damage to recordings, bit by bit and in every packing: it is said, with its line, and what was good is kept.

use crate::lab::shipped;
use crate::replay::{of, place, record};
use depin_sim::telemetry::columns;
use depin_sim::telemetry::reading::Lines;
use depin_sim::telemetry::replay::{Replay, replay};
use std::fs;
use std::path::{Path, PathBuf};

/// A recording of one day as plain text, in a folder of its own.
fn day(name: &str) -> (PathBuf, String) {
    let folder = place(name);
    let proof = "protocol.verification.proof_of_work.from_start=true";
    let sets = ["run.record=events", "run.duration_days=1", "timeline=[]", "run.epoch_hours=3", proof];
    record(&shipped("small", &sets), &folder);
    let packed = fs::read(folder.join("events.jsonl.zst")).expect("it is there");
    let text = zstd::decode_all(packed.as_slice()).expect("it is whole");
    (folder, String::from_utf8(text).expect("it is text"))
}

/// The same lines in a packing by its ending.
fn packed(folder: &Path, text: &str, ending: &str) -> PathBuf {
    let plain = folder.join("packed.jsonl");
    fs::write(&plain, text).expect("written");
    let path = folder.join(format!("packed.{ending}"));
    match ending {
        "jsonl.zst" => {
            let mut encoder = zstd::Encoder::new(Vec::new(), 3).expect("an encoder");
            encoder.include_checksum(true).expect("a checksum");
            std::io::Write::write_all(&mut encoder, text.as_bytes()).expect("in memory");
            fs::write(&path, encoder.finish().expect("in memory")).expect("written");
        }
        "parquet" => {
            let lines = Lines::open(&plain).expect("it opens");
            columns::write(lines, fs::File::create(&path).expect("made")).expect("written");
        }
        _ => {}
    }
    path
}

/// Lines of any packing, as far as they can be read.
fn readable(path: &Path) -> Option<Vec<Vec<u8>>> {
    let mut lines = Lines::open(path).ok()?;
    let mut all = Vec::new();
    loop {
        match lines.read() {
            Ok(Some((line, _))) => all.push(line),
            Ok(None) => return Some(all),
            Err(_) => return None,
        }
    }
}

fn said(replay: &Replay) -> bool {
    replay.trouble.is_some() || replay.different > 0
}

#[test]
fn any_flipped_bit_of_a_plain_recording_is_said_no_later_than_by_the_next_check() {
    let (folder, text) = day("flipped");
    let path = folder.join("flipped.jsonl");
    let end = text[..text.len() - 1].rfind('\n').expect("lines") + 1;
    let everywhere = (0..text.len()).step_by(text.len() / 250);
    // Nothing comes after the last line that could vouch for it.
    let last = (end..text.len()).step_by(9);
    let checks: Vec<u64> = (1..)
        .zip(text.lines())
        .filter(|(_, l)| l.contains("\"check\":") || l.contains("\"end\":"))
        .map(|(n, _)| n)
        .collect();
    for (turn, at) in everywhere.chain(last).enumerate() {
        let mut bytes = text.clone().into_bytes();
        bytes[at] ^= 1 << (turn % 8);
        let line = 1 + text.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count() as u64;
        fs::write(&path, &bytes).expect("written");
        let found = match replay(&path) {
            Ok(found) => found,
            Err(trouble) => {
                assert_eq!((line, trouble.line), (1, 1), "only a header is worth nothing: {trouble}");
                continue;
            }
        };
        assert!(said(&found), "a flipped bit at {at}, line {line}, is said");
        let check = *checks.iter().find(|check| **check >= line).expect("the end is a check");
        let first = found.differences.first().map(|difference| difference.line);
        let first = first.into_iter().chain(found.trouble.iter().map(|trouble| trouble.line)).min();
        let first = first.expect("something was said");
        assert!((line..=check + 1).contains(&first), "line {line} is said at {first}, the check is {check}");
        assert!(found.lines + 1 >= line, "what was good is kept");
        if let Some(trouble) = &found.trouble {
            assert_eq!(trouble.line, found.lines + 1, "{trouble}");
        }
    }
}

#[test]
fn any_flipped_bit_of_a_table_is_said_or_says_nothing() {
    let (folder, text) = day("table-flipped");
    let whole = fs::read(packed(&folder, &text, "parquet")).expect("it is there");
    let lines: Vec<Vec<u8>> = text.lines().map(|line| line.as_bytes().to_vec()).collect();
    let path = folder.join("flipped.parquet");
    let (mut refused, mut different) = (0, 0);
    for turn in 0..300 {
        let mut broken = whole.clone();
        broken[(whole.len() - 1) * turn / 299] ^= 1 << (turn % 8);
        fs::write(&path, &broken).expect("written");
        match replay(&path) {
            Err(_) => refused += 1,
            Ok(found) if said(&found) => {
                different += 1;
                if let Some(trouble) = &found.trouble {
                    assert_eq!(trouble.line, found.lines + 1, "{trouble}");
                }
            }
            // The columns beside the lines are for other programs, and are not read.
            Ok(_) => assert_eq!(readable(&path).as_ref(), Some(&lines), "bit {turn}"),
        }
    }
    assert!(refused > 10 && refused + different > 150, "{refused} refused, {different} said");
}

#[test]
fn of_a_long_table_the_groups_before_the_damage_are_kept() {
    let (folder, text) = day("groups");
    let header = text.lines().next().expect("a header");
    let mut long = format!("{header}\n");
    for at in 0..120_000 {
        long += &format!("{{\"at\":{at},\"do\":\"Advance\"}}\n");
    }
    let path = packed(&folder, &long, "parquet");
    let whole = fs::read(&path).expect("it is there");
    let fine = replay(&path).expect("a recording without an end");
    assert_eq!((fine.lines, fine.trouble.expect("no end").line), (120_001, 120_002));
    // Rows are in groups of 50,000.
    let mut kept = Vec::new();
    for part in 1..60 {
        let mut broken = whole.clone();
        let at = whole.len() * part / 60;
        broken[at..(at + 8).min(whole.len())].fill(0xFF);
        fs::write(&path, &broken).expect("written");
        let Ok(found) = replay(&path) else { continue };
        let trouble = found.trouble.expect("it has no end in any case");
        assert_eq!(trouble.line, found.lines + 1, "{trouble}");
        if trouble.message.contains("damaged") {
            assert_eq!(found.lines % 50_000, 0, "{trouble}");
            kept.push(found.lines);
        }
    }
    kept.dedup();
    assert_eq!(kept, [50_000, 100_000]);
}

#[test]
fn reordered_lines_are_said_in_every_packing() {
    let (folder, text) = day("reordered-packed");
    let lines: Vec<&str> = text.lines().collect();
    let at = |line: &str| line.split([':', ',']).nth(1).and_then(|at| at.parse::<u64>().ok());
    let later = (1..lines.len() - 2).filter(|&i| at(lines[i]) < at(lines[i + 1]));
    let tie = (1..lines.len() - 2).find(|&i| at(lines[i]) == at(lines[i + 1]) && lines[i] != lines[i + 1]);
    for i in later.step_by(60).chain(tie) {
        let mut swapped = lines.clone();
        swapped.swap(i, i + 1);
        let swapped = swapped.join("\n") + "\n";
        let found = ["jsonl", "jsonl.zst", "parquet"].map(|ending| {
            let found = replay(&packed(&folder, &swapped, ending)).expect("the header is whole");
            assert!(said(&found), "lines {i} and its next, {ending}");
            (found.lines, found.trouble, found.different)
        });
        assert!(found[0] == found[1] && found[1] == found[2], "{found:?}");
    }
}

#[test]
fn every_cut_of_the_first_and_the_last_lines_is_said_with_its_line() {
    let (folder, text) = day("cut");
    let path = folder.join("cut.jsonl");
    let second = text.find('\n').expect("lines") + 1;
    let third = second + text[second..].find('\n').expect("lines") + 1;
    let last = text[..text.len() - 1].rfind('\n').expect("lines") + 1;
    for cut in (second..third + 2).chain((last - 2..text.len() - 1).step_by(5)) {
        let found = of(&path, &text[..cut]);
        let trouble = found.trouble.expect("it is cut");
        assert!(trouble.message.contains("cut short"), "{cut}: {trouble}");
        let whole = text[..cut].matches('\n').count() as u64;
        let complete = text.as_bytes()[cut] == b'\n';
        assert_eq!(found.lines, whole + u64::from(complete), "cut at {cut}");
        assert_eq!((trouble.line, found.different), (found.lines + 1, 0));
    }
    for cut in 0..second - 1 {
        fs::write(&path, &text[..cut]).expect("written");
        let trouble = replay(&path).err().expect("half a header is none");
        assert_eq!(trouble.line, 1, "cut at {cut}");
    }
    // The last line break may be missing: the end has been read.
    assert_eq!(of(&path, &text[..text.len() - 1]).trouble, None);
}
