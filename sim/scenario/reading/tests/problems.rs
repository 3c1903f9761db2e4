//! Every kind of problem, as a table of scenario texts and what is said about them.

use super::*;
use crate::scenario::reading::tree::{Kind, Node};

/// The problems of the sample with one line replaced.
fn check(line: &str, replacement: &str, expected: &[&str]) {
    let text = sample_with(line, replacement);
    assert_eq!(lines(report_of(&text, &[])), expected, "{replacement}");
}

const COUNT: &str = "`supply.farm.count`: expected a count from 0 to 1000000000, found";
const SHARE: &str = "`supply.gamers.uptime`: expected a share from 0 to 1, found";
const STAKE: &str = "`supply.gamers.stake_tokens`: expected an amount of tokens with at most 8 \
                     decimals, such as \"400.00\", found";
const START: &str = "`run.start`: expected a calendar date or an instant in UTC, such as 2024-06-11 \
                     or 2024-06-11T12:00:00Z, found";
const SPAN: &str = "`run.duration_days`: expected a number of days, at least 0 and below a million \
                    years, found";
const LAW: &str = "s.toml:16";

#[test]
fn a_wrong_count_is_refused_with_its_literal_text() {
    for (value, found) in [
        ("\"50\"", "the text `\"50\"` | write 50 without quotes"),
        ("\"many\"", "the text `\"many\"`"),
        ("1e3", "the number `1e3` | write 1000"),
        ("50.5", "the number `50.5`"),
        ("-1", "the integer `-1`, which is below 0"),
        ("1_000_000_001", "the integer `1_000_000_001`, an impossible size"),
        ("1000000000000000000", "the integer `1000000000000000000`, an impossible size"),
        (
            "99999999999999999999999999999999999999999",
            "the number `9999999999999999999999999999999999999999...`",
        ),
        ("true", "the flag `true`"),
        ("[1]", "the list `[1]`"),
        ("{ a = 1 }", "the table `{ a = 1 }`"),
        ("2024-01-01", "the date `2024-01-01`"),
    ] {
        let expected = format!("s.toml:19:9 {COUNT} {found}");
        check("count = 50", &format!("count = {value}"), &[&expected]);
    }
}

#[test]
fn a_wrong_number_is_refused() {
    for (value, found) in [
        ("1.5", "the number `1.5`, which is above 1"),
        ("-0.1", "the number `-0.1`, which is below 0"),
        ("nan", "the number `nan`, which is not a finite number"),
        ("inf", "the number `inf`, which is not a finite number"),
        ("-inf", "the number `-inf`, which is not a finite number"),
        ("1e999", "the number `1e999`, which is not a finite number"),
        ("\"90 %\"", "the text `\"90 %\"` | a share of 90 % is written 0.9"),
        ("\"0.9\"", "the text `\"0.9\"` | write 0.9 without quotes"),
    ] {
        let expected = format!("s.toml:15:10 {SHARE} {found}");
        check("uptime = 0.9", &format!("uptime = {value}"), &[&expected]);
    }
}

#[test]
fn wrong_money_is_refused() {
    for (value, found) in [
        ("0.123456789", "the number `0.123456789`, which has too many decimals"),
        ("\"-1\"", "the text `\"-1\"`, which is negative"),
        ("-1.0", "the number `-1.0`, which is negative"),
        ("2e18", "the number `2e18`, which is above 10^18"),
        ("\"$5\"", "the text `\"$5\"`, which is not a decimal number"),
        ("nan", "the number `nan`, which is not a decimal number"),
        ("true", "the flag `true`"),
    ] {
        let expected = format!("s.toml:11:16 {STAKE} {found}");
        let line = format!("stake_tokens = {value}");
        check("stake_tokens = \"400.00\"", &line, &[&expected]);
    }
}

#[test]
fn a_wrong_date_or_span_is_refused() {
    for (value, found) in [
        ("12:30:00", "the date `12:30:00`, a time without a date"),
        ("\"2023-02-30\"", "the text `\"2023-02-30\"`, which is not a date"),
        ("\"soon\"", "the text `\"soon\"`, which is not a date"),
        ("2023-11-04T00:00:00.5Z", "the date `2023-11-04T00:00:00.5Z`, which has a fraction of a second"),
        ("20231104", "the integer `20231104`"),
    ] {
        let expected = format!("s.toml:3:9 {START} {found}");
        check("start = 2023-11-04", &format!("start = {value}"), &[&expected]);
    }
    for (value, found) in [
        ("-1", "the integer `-1`, which is below 0"),
        ("1e9", "the number `1e9`, a million years or more"),
        ("nan", "the number `nan`, which is not a finite number"),
    ] {
        let expected = format!("s.toml:4:17 {SPAN} {found}");
        let line = format!("duration_days = {value}");
        check("duration_days = 200", &line, &[&expected]);
    }
}

#[test]
fn a_wrong_law_is_located_inside() {
    let missing = "s.toml:16:16 `supply.gamers.life_hours.lognormal.sd` is missing: expected a \
                   number of at least 0";
    let unknown = "s.toml:16:16 unknown key `supply.gamers.life_hours.lognormol` | did you mean \
                   `lognormal`?";
    let several = "s.toml:16:47 `supply.gamers.life_hours` names several: `exponential` and \
                   `lognormal` | keep one of them";
    let order = "s.toml:16:45 `supply.gamers.life_hours.uniform.high`: 1 is below `low`, which is 2 \
                 | swap the two";
    let empty = "s.toml:16:14 `supply.gamers.life_hours`: expected a distribution such as { \
                 lognormal = { mean = 6.0, sd = 2.0 } }, or a plain number, found an empty table";
    let typo = "s.toml:16:42 unknown key `supply.gamers.life_hours.lognormal.sdd` | did you mean \
                `sd`? (it is required)";
    for (value, expected) in [
        ("{ lognormal = { mean = 6.0 } }", missing),
        ("{ lognormol = { mean = 6.0, sd = 2.0 } }", unknown),
        ("{ lognormal = { mean = 6.0, sd = 2.0 }, exponential = { mean = 1 } }", several),
        ("{ uniform = { low = 2, high =           1 } }", order),
        ("{}", empty),
        ("{ lognormal = { mean = 6.0, sdd = 2.0 } }", typo),
    ] {
        assert!(expected.starts_with(LAW));
        let line = format!("life_hours = {value}");
        let old = "life_hours = { lognormal = { mean = 6.0, sd = 2.0 } }";
        let text = sample_with(old, &line);
        let said = lines(report_of(&text, &[]));
        assert_eq!(said.len(), 1, "{said:?}");
        let words = |text: &str| text.split_once(' ').map(|(_, words)| words.to_owned());
        assert_eq!(words(&said[0]), words(expected), "{value}");
        assert!(said[0].starts_with(LAW), "{said:?}");
    }
}

#[test]
fn a_wrong_word_table_list_or_policy_is_refused() {
    for (line, replacement, expected) in [
        (
            "record = \"summary\"",
            "record = \"sumary\"",
            "s.toml:5:10 `run.record`: expected one of \"summary\", \"events\", \"series\", found \
             the text `\"sumary\"` | did you mean \"summary\"?",
        ),
        (
            "kind = \"team\"",
            "",
            "s.toml:34:1 `timeline[1].kind` is missing: expected one of \"outside\", \"team\"",
        ),
        (
            "labels = [\"a\", \"b\"]",
            "labels = [\"a\", 5]",
            "s.toml:7:16 `run.labels[1]`: expected a text, found the integer `5` | write it in \
             quotes: \"5\"",
        ),
        (
            "labels = [\"a\", \"b\"]",
            "labels = \"a\"",
            "s.toml:7:10 `run.labels`: expected a list, each element a text, found the text `\"a\"`",
        ),
        (
            "[protocol.rewards.points]\nweight = 2\nhalf_life_hours = 12\n",
            "[protocol]\nrewards = \"flat\"\n\n",
            "s.toml:26:11 `protocol.rewards`: expected a table named one of \"points\", \"flat\", \
             found the text `\"flat\"` | the policy's name stands in the header: \
             [protocol.rewards.flat]",
        ),
        (
            "half_life_hours = 12",
            "[protocol.rewards.flat]",
            "s.toml:27:19 `protocol.rewards` names several: `points` and `flat` | keep one of them",
        ),
        (
            "set = { \"run.seed\" = 9 }",
            "set = 5",
            "s.toml:32:7 `timeline[0].set`: expected a table, found the integer `5` | a table has a \
             header of its own: [timeline[0].set]",
        ),
        (
            "uptime = 0.9",
            "uptime = 0.05",
            "s.toml:15:10 `supply.gamers.uptime`: 0.05 is outside the range from 0.1 to 1",
        ),
    ] {
        check(line, replacement, &[expected]);
    }
}

#[test]
fn an_unknown_key_gets_the_key_that_was_meant() {
    for (line, replacement, expected) in [
        ("seed = 7", "sed = 7", "s.toml:2:1 unknown key `run.sed` | did you mean `seed`? (it is required)"),
        (
            "setup_days = 2",
            "setup_hours = 2",
            "s.toml:13:1 unknown key `supply.gamers.setup_hours` | the key here is `setup_days`: \
             give it in days (it is required)",
        ),
        (
            "weight = 2",
            "weight = 2\nseed = 3",
            "s.toml:27:1 unknown key `protocol.rewards.points.seed` | `seed` is a key of [run]",
        ),
        (
            "weight = 2",
            "weight = 2\ncolour = 3",
            "s.toml:27:1 unknown key `protocol.rewards.points.colour` | known here: \
             half_life_hours, weight",
        ),
        (
            "[run]",
            "extend = \"base.toml\"\n[run]",
            "s.toml:1:1 unknown key `extend` | did you mean `extends`?",
        ),
    ] {
        check(line, replacement, &[expected]);
    }
}

#[test]
fn everything_wrong_is_said_at_once_and_in_order() {
    let text = SAMPLE
        .replace("seed = 7", "sed = 7")
        .replace("duration_days = 200", "duration_days = nan")
        .replace("honest = true", "honest = \"yes\"")
        .replace("[supply.farm]", "[supply.\"a farm\"]")
        .replace("weight = 2", "weight = 0")
        .replace("kind = \"team\"", "kind = \"them\"");
    let said = lines(report_of(&text, &["run.replications=many"]));
    let starts = [
        "s.toml:2:1 unknown key `run.sed`",
        "s.toml:4:17 `run.duration_days`",
        "s.toml:14:10 `supply.gamers.honest`",
        "s.toml:18:9 `supply.\"a farm\"` is not a name",
        "s.toml:26:10 `protocol.rewards.points.weight`: expected a number above 0, found the \
         integer `0`, which is not above 0",
        "s.toml:36:8 `timeline[1].kind`",
        "--set:1:18 `run.replications`",
    ];
    assert_eq!(said.len(), starts.len(), "{said:#?}");
    for (line, start) in said.iter().zip(starts) {
        assert!(line.starts_with(start), "{line} does not start with {start}");
    }
}

#[test]
fn what_follows_from_a_placeholder_is_no_second_problem() {
    let text = "a = \"x\"\nc = 3\n";
    let doc = Document::from_text("s.toml", text, &[]).expect("it parses");
    let root = doc.root();
    let a: f64 = root.require("a", "a number");
    let b: f64 = root.require("b", "a number");
    let c: f64 = root.require("c", "a number");
    root.range("a", a, 5.0, 6.0);
    root.range("b", b, 5.0, 6.0);
    root.range("c", c, 5.0, 6.0);
    root.problem("d", "is needed for `c`", "add it");
    let said = lines(doc.finish().err());
    let expected = [
        "s.toml:1:1 `b` is missing: expected a number",
        "s.toml:1:1 `d`: is needed for `c` | add it",
        "s.toml:1:5 `a`: expected a number, found the text `\"x\"`",
        "s.toml:2:5 `c`: 3 is outside the range from 5 to 6",
    ];
    assert_eq!(said, expected);
}

#[test]
fn syntax_errors_are_said_one_per_line() {
    let text = "a = 1 1\nb = \nc = 2\nc = 3\nd = 2023-02-30\n";
    let said = lines(report_of(text, &[]));
    let places: Vec<&str> = said.iter().map(|l| l.split(' ').next().unwrap_or("")).collect();
    let expected = ["s.toml:1:5", "s.toml:2:5", "s.toml:4:1", "s.toml:5:5"];
    assert_eq!(places, expected, "{said:#?}");
    assert!(said[2].contains("duplicate key"), "{said:#?}");
}

/// Every key of the sample that the reader, not the user, named: its name, path and offset.
fn keys_of(node: &Node, path: &str, found: &mut Vec<(String, usize)>) {
    match &node.kind {
        Kind::Table(entries) => {
            for (key, child) in entries {
                if path != "supply" && path != "timeline.set" {
                    found.push((key.clone(), child.key_at.start));
                }
                let path = format!("{path}.{key}");
                keys_of(child, path.trim_start_matches('.'), found);
            }
        }
        Kind::List(items) => items.iter().for_each(|item| keys_of(item, path, found)),
        _ => {}
    }
}

#[test]
fn a_typo_of_one_letter_in_any_key_is_caught_where_it_stands() {
    let doc = Document::from_text("s.toml", SAMPLE, &[]).expect("the sample parses");
    let mut keys = Vec::new();
    keys_of(&doc.root, "", &mut keys);
    assert!(keys.len() > 30, "the sample has many keys: {}", keys.len());
    let mut mutants = 0;
    for (key, at) in keys {
        for index in 0..key.len() {
            let (head, tail) = (&key[..index], &key[index + 1..]);
            for typo in [format!("{head}{tail}"), format!("{head}q{tail}")] {
                let text = format!("{}{typo}{}", &SAMPLE[..at], &SAMPLE[at + key.len()..]);
                let report = report_of(&text, &[]).expect("a typo is a problem");
                let line = SAMPLE[..at].matches('\n').count() + 1;
                let column = at - SAMPLE[..at].rfind('\n').map_or(0, |n| n + 1) + 1;
                let caught = report.problems().iter().any(|p| {
                    let here = (p.line(), p.column()) == (line, column);
                    let hint = p.hint().unwrap_or_default();
                    here && hint.contains(&format!("`{key}`"))
                });
                assert!(caught, "`{typo}` for `{key}`: {report}");
                mutants += 1;
            }
        }
    }
    assert!(mutants > 400, "{mutants}");
}
