//! How files, catalogues and arguments become one scenario, and its canonical text.

use super::*;
use crate::engine::draw::Law;

/// A scenario made of the files of a shelf, starting at `s.toml`.
fn load(files: &[(&'static str, &str)], sets: &[&str]) -> Result<Document, Report> {
    let shelf = Shelf(files.iter().map(|(n, t)| (*n, (*t).to_owned())).collect());
    let sets: Vec<String> = sets.iter().map(|set| (*set).to_owned()).collect();
    Document::from_text_with("s.toml", files[0].1, &sets, &shelf)
}

fn refused(files: &[(&'static str, &str)], sets: &[&str]) -> Vec<String> {
    lines(load(files, sets).err())
}

/// The number at a path of tables, read by hand.
fn number(doc: &Document, tables: &[&'static str], key: &'static str) -> Option<f64> {
    let mut table = doc.root();
    for name in tables {
        table = table.section(name, "a table of this test");
    }
    table.optional(key, "a number of this test")
}

#[test]
fn the_nearer_file_wins_key_by_key_and_lists_are_replaced_whole() {
    let doc = load(
        &[
            ("s.toml", "extends = \"b/base.toml\"\n[a]\nx = 1\n[[l]]\nv = 1\n"),
            ("b/base.toml", "extends = \"deep.toml\"\n[a]\nx = 2\ny = 2\n[[l]]\nv = 2\n[[l]]\nv = 3\n"),
            ("b/deep.toml", "[a]\nx = 3\ny = 3\nz = 3\n"),
        ],
        &[],
    )
    .expect("a sound chain");
    let of = |key| number(&doc, &["a"], key);
    assert_eq!((of("x"), of("y"), of("z")), (Some(1.0), Some(2.0), Some(3.0)));
    assert_eq!(doc.root().each("l", "a list").len(), 1);
}

#[test]
fn catalogues_lie_below_every_file_and_naming_one_again_undoes_nothing() {
    let doc = load(
        &[
            ("s.toml", "extends = \"base.toml\"\ncatalogues = [\"c.toml\"]\n"),
            ("base.toml", "catalogues = [\"c.toml\", \"old.toml\"]\n[gpu.h100]\nwatts = 650\n"),
            ("c.toml", "[gpu.h100]\nwatts = 700\nusd = 30\n"),
            ("old.toml", "[gpu.h100]\nusd = 40\n[gpu.a100]\nwatts = 400\n"),
        ],
        &[],
    )
    .expect("sound catalogues");
    assert_eq!(number(&doc, &["gpu", "h100"], "watts"), Some(650.0));
    assert_eq!(number(&doc, &["gpu", "h100"], "usd"), Some(30.0));
    assert_eq!(number(&doc, &["gpu", "a100"], "watts"), Some(400.0));
    assert!(doc.finish().is_ok());
}

#[test]
fn a_value_keeps_the_file_it_came_from() {
    let doc = load(
        &[
            ("s.toml", "extends = \"base.toml\"\n[a]\ny = 1\n"),
            ("base.toml", "\n[a]\n  x = \"no\"\n  z = 1\n"),
        ],
        &["a.y=nan"],
    )
    .expect("it parses");
    number(&doc, &["a"], "x");
    number(&doc, &["a"], "y");
    let said = lines(doc.finish().err());
    let starts = ["base.toml:3:7 `a.x`", "base.toml:4:3 unknown key `a.z`", "--set:1:5 `a.y`"];
    assert_eq!(said.len(), 3, "{said:?}");
    for (line, start) in said.iter().zip(starts) {
        assert!(line.starts_with(start), "{line}");
    }
}

#[test]
fn a_chain_that_cannot_be_followed_is_a_problem_at_its_extends() {
    let cycle =
        refused(&[("s.toml", "extends = \"b.toml\""), ("b.toml", "a = 1\nextends = \"s.toml\"")], &[]);
    let circle = "b.toml:2:11 `extends` runs in a circle: s.toml -> b.toml -> s.toml | let one of \
                  these files stand alone";
    assert_eq!(cycle, [circle]);
    let myself = refused(&[("s.toml", "extends = \"s.toml\"")], &[]);
    assert!(myself[0].contains("in a circle: s.toml -> s.toml"), "{myself:?}");
    let absent = refused(&[("s.toml", "[run]\nx = 1\n[run.extends]\n")], &[]);
    assert_eq!(absent, [""; 0], "only the top of a file extends");
    let absent = refused(&[("s.toml", "extends = \"b.toml\"\ncatalogues = [\"c.toml\", 5]")], &[]);
    let hint = "a path is relative to the folder of the file that names it";
    let expected = [
        format!("s.toml:1:11 cannot read `b.toml`: there is no such file | {hint}"),
        format!("s.toml:2:15 cannot read `c.toml`: there is no such file | {hint}"),
        "s.toml:2:25 `catalogues[1]`: expected the path of a file, in quotes, found `5`".to_owned(),
    ];
    assert_eq!(absent, expected);
    let nested = refused(&[("s.toml", "catalogues = [\"c.toml\"]"), ("c.toml", "extends = \"d.toml\"")], &[]);
    assert!(nested[0].starts_with("c.toml:1:1 a catalogue has no `extends`"), "{nested:?}");
}

#[test]
fn syntax_errors_of_all_files_are_said_together() {
    let said = refused(&[("s.toml", "extends = \"b.toml\"\nx = 1 1\n"), ("b.toml", "\ny = 2 2\n")], &[]);
    assert!(said[0].starts_with("s.toml:2:5 this is not TOML"), "{said:?}");
    assert!(said[1].starts_with("b.toml:2:5 this is not TOML"), "{said:?}");
}

const RULES: &[&str] = &["points", "flat"];

/// The policy a document chooses, its weight, and whether reading ends well.
fn policy(doc: &Document) -> (Option<(&'static str, f64)>, Vec<String>) {
    let chosen = doc.root().choose("rewards", RULES, "the reward rule");
    let chosen = chosen.map(|(name, t)| (name, t.or("weight", 1.0, "a weight; assumed")));
    (chosen, lines(doc.finish().err()))
}

#[test]
fn a_policy_named_nearer_replaces_the_one_of_the_base() {
    let base = ("base.toml", "[rewards.points]\nweight = 2\n");
    let switch = "extends = \"base.toml\"\n[rewards.flat]\n";
    let doc = load(&[("s.toml", switch), base], &[]).expect("it parses");
    assert_eq!(policy(&doc), (Some(("flat", 1.0)), vec![]));
    assert_eq!(doc.canonical(), "\n[rewards]\n\n[rewards.flat]\n");

    let tune = "extends = \"base.toml\"\n[rewards.points]\n";
    let doc = load(&[("s.toml", tune), base], &[]).expect("it parses");
    assert_eq!(policy(&doc), (Some(("points", 2.0)), vec![]));

    let file = [("s.toml", base.1)];
    let doc = load(&file, &["rewards.flat={}"]).expect("it parses");
    assert_eq!(policy(&doc), (Some(("flat", 1.0)), vec![]));
    let doc = load(&file, &["rewards.points.weight=3"]).expect("it parses");
    assert_eq!(policy(&doc), (Some(("points", 3.0)), vec![]));

    let doc = load(&file, &["rewards.flat.weight=3"]).expect("it parses");
    let expected = "--set:1:9 `rewards` names several: `points` and `flat` | to replace the other \
                    one, set the whole table: --set 'rewards.flat={ ... }'";
    assert_eq!(policy(&doc).1, [expected]);

    let doc = load(&[("s.toml", switch), base], &["rewards.points.weight=3"]).expect("it parses");
    let expected = "--set:1:16 `rewards.points` is not in force: `rewards` is `flat` | to put it in \
                    force, set the whole table: --set 'rewards.points={ ... }'";
    assert_eq!(policy(&doc).1, [expected]);
}

#[test]
fn a_law_of_a_nearer_file_replaces_or_refines_the_one_of_the_base() {
    let base = ("base.toml", "life = { lognormal = { mean = 6, sd = 2 } }\n");
    for (own, expected) in [
        ("life = { exponential = { mean = 3 } }", Law::Exponential { mean: 3.0 }),
        ("life.lognormal.sd = 4", Law::Lognormal { mean: 6.0, sd: 4.0 }),
        ("life = 5", Law::Deterministic { mean: 5.0 }),
    ] {
        let text = format!("extends = \"base.toml\"\n{own}\n");
        let doc = load(&[("s.toml", &text), base], &[]).expect("it parses");
        assert_eq!(doc.root().require::<Law>("life", "a law"), expected);
        assert_eq!(lines(doc.finish().err()), [""; 0], "{own}");
        let again = load(&[("s.toml", base.1)], &[own]).expect("it parses");
        assert_eq!(again.root().require::<Law>("life", "a law"), expected);
        assert_eq!(doc.canonical(), again.canonical());
    }
}

fn canonical(files: &[(&'static str, &str)], sets: &[&str]) -> String {
    let doc = load(files, sets).expect("it parses");
    read(&doc);
    assert_eq!(lines(doc.finish().err()), [""; 0]);
    doc.canonical()
}

#[test]
fn the_canonical_text_does_not_depend_on_order_spelling_or_file() {
    let expected = canonical(&[("s.toml", SAMPLE)], &[]);

    let mut blocks: Vec<&str> = SAMPLE.split("\n\n").collect();
    blocks[0..4].reverse();
    let shuffled = blocks
        .join("\n\n")
        .replace("seed = 7\nstart = 2023-11-04", "start = \"2023-11-04T00:00:00Z\"\nseed = 0x7");
    assert_ne!(shuffled, SAMPLE);
    assert_eq!(canonical(&[("s.toml", &shuffled)], &[]), expected);

    let spelled = SAMPLE
        .replace("stake_tokens = \"400.00\"", "stake_tokens = 4e2")
        .replace("uptime = 0.9", "uptime = 0.90")
        .replace("life_hours = 9", "life_hours.deterministic.value = 9.0");
    assert_eq!(canonical(&[("s.toml", &spelled)], &[]), expected);

    let child = "extends = \"base.toml\"\ncatalogues = [\"c.toml\"]\n[run]\nseed = 7\n";
    let base = SAMPLE.replace("seed = 7", "seed = 1").replace("count = 50\n", "");
    let rows = "[supply.farm]\ncount = 50\nsetup_days = 99\n";
    let files = [("s.toml", child), ("base.toml", &base), ("c.toml", rows)];
    assert_eq!(canonical(&files, &[]), expected);

    let bare = SAMPLE.replace("seed = 7", "seed = 1").replace("record = \"summary\"\n", "");
    let sets = ["run.seed=7", "run.record=summary", "supply.gamers.stake_tokens=400.0"];
    assert_eq!(canonical(&[("s.toml", &bare)], &sets), expected);
}

#[test]
fn every_change_of_a_value_changes_the_canonical_text() {
    let expected = canonical(&[("s.toml", SAMPLE)], &[]);
    for set in [
        "run.seed=8",
        "run.title=7",
        "supply.gamers.honest=false",
        "supply.gamers.life_hours.lognormal.sd=3",
        "protocol.rewards.flat={weight=2}",
        "timeline.1.at=2024-06-13",
        "supply.b={count=1,stake_tokens=0,rent_usd_per_month=0,setup_days=0,life_hours=1}",
    ] {
        assert_ne!(canonical(&[("s.toml", SAMPLE)], &[set]), expected, "{set}");
    }
}

#[test]
fn the_canonical_text_is_a_scenario_with_itself_as_canonical_text() {
    let once = canonical(&[("s.toml", SAMPLE)], &["run.title=a \"quoted\" \\ title"]);
    assert_eq!(canonical(&[("s.toml", &once)], &[]), once);
    let sorted = "[run]\nduration_days = 200.0\nlabels = [\"a\", \"b\"]\nrecord = \"summary\"\n";
    assert!(once.contains(sorted), "{once}");
    assert!(once.contains("start = 2023-11-04T00:00:00Z\n"), "{once}");
    assert!(once.contains("stake_tokens = \"400\"\n"), "{once}");
    assert!(once.contains("life_hours = { lognormal = { mean = 6.0, sd = 2.0 } }\n"), "{once}");
}

#[test]
fn unread_values_are_kept_in_the_canonical_text_as_written() {
    let text = "l = [1, { b = 2, a = [] }]\n\"odd key\" = 1979-05-27\n[t]\n";
    let doc = load(&[("s.toml", text)], &["w=some words"]).expect("it parses");
    let expected = "l = [1, { a = [], b = 2 }]\n\"odd key\" = 1979-05-27\nw = \"some words\"\n\n[t]\n";
    assert_eq!(doc.canonical(), expected);
}
