//! `--set`: how an argument is typed by the key it names, and what is said when it cannot be.

use super::*;
use crate::engine::draw::Law;

fn set(arguments: &[&str]) -> Document {
    let sets: Vec<String> = arguments.iter().map(|set| (*set).to_owned()).collect();
    Document::from_text("s.toml", SAMPLE, &sets).expect("the sample parses")
}

fn said(arguments: &[&str]) -> Vec<String> {
    lines(report_of(SAMPLE, arguments))
}

#[test]
fn a_text_key_takes_the_argument_as_it_stands() {
    for (argument, title) in [
        ("run.title=plain words", "plain words"),
        ("run.title=42", "42"),
        ("run.title=true", "true"),
        ("run.title=2024-01-01", "2024-01-01"),
        ("run.title=\"quoted\"", "quoted"),
        ("run.title='quoted'", "quoted"),
        ("run.title=a=b", "a=b"),
        ("run.title=[1, 2]", "[1, 2]"),
        ("run.title=", ""),
        (" run . title = spaced ", "spaced"),
    ] {
        let doc = set(&[argument]);
        assert_eq!(read(&doc).title.as_deref(), Some(title), "{argument}");
        assert_eq!(lines(doc.finish().err()), [""; 0]);
    }
}

#[test]
fn other_keys_take_the_argument_as_toml() {
    let doc = set(&[
        "run.seed=1_000",
        "run.labels=[\"x\"]",
        "run.start=2024-01-01",
        "supply.gamers.rent_usd_per_month=99.95",
        "supply.gamers.count=5",
        "supply.gamers.life_hours={ exponential = { mean = 2 } }",
        "timeline.1.kind=outside",
    ]);
    let facts = read(&doc);
    assert_eq!(lines(doc.finish().err()), [""; 0]);
    assert_eq!(facts.seed, 1000);
    let expected = ("gamers".to_owned(), 5, Law::Exponential { mean: 2.0 });
    assert_eq!(facts.cohorts[1], expected);
    assert!(doc.canonical().contains("rent_usd_per_month = \"99.95\""));
}

#[test]
fn a_wrong_argument_is_underlined_where_it_stands() {
    for (argument, expected) in [
        ("run.sed=1", "--set:1:5 unknown key `run.sed` | did you mean `seed`?"),
        ("rum.seed=1", "--set:1:1 unknown key `rum` | did you mean `run`?"),
        (
            "run.seed=",
            "--set:1:10 `run.seed`: expected a whole number from 0 to 18446744073709551615, found \
             the text ``",
        ),
        (
            "run.replications=3d",
            "--set:1:18 `run.replications`: expected a whole number from 0 to 4294967295, found \
             the text `3d`",
        ),
        ("seed", "--set:1:1 `seed` has no `=` | write it as path.to.key=value"),
        (
            "run..seed=1",
            "--set:1:5 `run..seed` is not a path of keys | a path is keys joined by dots, such as \
             run.seed or timeline.0.at",
        ),
        (
            "=1",
            "--set:1:1 `` is not a path of keys | a path is keys joined by dots, such as run.seed \
             or timeline.0.at",
        ),
        ("run.seed.x=1", "--set:1:10 `run.seed` is a value and has no keys"),
        ("timeline.2.at=1", "--set:1:10 `timeline` has 2 elements, counted from 0 | name one of them"),
        (
            "supply.gamer.count=1",
            "--set:1:8 there is no `supply.gamer` to set a key of | did you mean `supply.gamers`?",
        ),
        (
            "supply.newcomers.count=1",
            "--set:1:8 there is no `supply.newcomers` to set a key of | to add it, set the whole \
             table: --set 'supply.newcomers={ ... }'",
        ),
        (
            "extends=base.toml",
            "--set:1:1 `extends` cannot be set | which files make up a scenario is said in the file",
        ),
    ] {
        assert_eq!(said(&[argument]), [expected], "{argument}");
    }
}

#[test]
fn the_same_key_set_twice_is_a_problem() {
    let expected = "--set:1:1 `run.seed` is set twice | keep one --set of it";
    assert_eq!(said(&["run.seed=1", "run.seed=2"]), [expected]);
}

#[test]
fn a_table_can_be_made_by_naming_its_keys() {
    let text = SAMPLE.replace("[run]", "[other]");
    let sets = ["run.seed=1", "run.duration_days=2"];
    let said = lines(report_of(&text, &sets));
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].starts_with("s.toml:1:2 unknown key `other`"), "{said:?}");
}

#[test]
fn a_timeline_assigns_values_that_keep_their_place() {
    let text = sample_with(
        "set = { \"run.seed\" = 9 }",
        "set = { \"run.seed\" = 9, \"run.titel\" = 1, \"protocol.rewards\" = { flat = { weight = 5 } } }",
    );
    let doc = Document::from_text("s.toml", &text, &[]).expect("it parses");
    let facts = read(&doc);
    assert_eq!(lines(doc.finish().err()), [""; 0]);
    assert_eq!(facts.changes[0].path(), "protocol.rewards");
    let later = doc.with(&facts.changes);
    let facts = read(&later);
    assert_eq!((facts.seed, facts.policy), (9, Some(("flat", 5.0))));
    let said = lines(later.finish().err());
    let expected = "s.toml:32:25 unknown key `run.titel` | did you mean `title`?";
    assert_eq!(said, [expected]);
}

#[test]
fn a_path_starts_from_its_file_or_from_the_working_directory() {
    let text = "trace = \"t.csv\"\n";
    let doc = Document::from_text("a/b/s.toml", text, &[]).expect("it parses");
    let trace: FilePath = doc.root().require("trace", "a trace");
    assert_eq!(trace.resolved, Path::new("a/b/t.csv"));
    let sets = ["trace=t.csv".to_owned()];
    let doc = Document::from_text("a/b/s.toml", text, &sets).expect("it parses");
    let trace: FilePath = doc.root().require("trace", "a trace");
    assert_eq!(trace.resolved, Path::new("t.csv"));
}
