//! The register of keys: what a schema and a list of parameters are made from.

use super::*;
use crate::engine::draw::Law;

#[test]
fn every_read_leaves_its_key_type_default_and_meaning() {
    let doc = Document::from_text("s.toml", SAMPLE, &[]).expect("the sample parses");
    read(&doc);
    let keys = doc.keys();
    let find = |table: &str, key: &str| {
        let found = keys.iter().find(|k| k.table == table && k.key == key);
        found.unwrap_or_else(|| panic!("{table}.{key} is not in the register"))
    };
    let uptime = find("supply.*", "uptime");
    assert_eq!(uptime.presence, Presence::Default("0.8".to_owned()));
    assert_eq!(uptime.expected, "a share from 0 to 1");
    assert_eq!(uptime.doc, "the share of time online; assumed");
    assert_eq!(find("run", "seed").presence, Presence::Required);
    assert_eq!(find("run", "title").presence, Presence::Optional);
    assert_eq!(find("run", "labels").shape, Shape::List);
    let start = Presence::Default("1970-01-01T00:00:00Z".to_owned());
    assert_eq!(find("run", "start").presence, start);
    let record = find("run", "record");
    assert_eq!(record.choices, ["summary", "events", "series"]);
    assert_eq!(record.presence, Presence::Default("\"summary\"".to_owned()));
    assert_eq!(find("", "supply").shape, Shape::Named);
    assert_eq!(find("", "timeline").shape, Shape::Tables);
    assert_eq!(find("timeline[]", "kind").presence, Presence::Required);
    let rewards = find("protocol", "rewards");
    assert_eq!((rewards.shape, &rewards.choices[..]), (Shape::Choice, &["points", "flat"][..]));
    assert_eq!(find("", "extends").presence, Presence::Optional);
    assert_eq!(find("supply.*.life_hours.lognormal", "sd").shape, Shape::Value);
    let places: Vec<_> = keys.iter().map(|k| (&k.table, &k.key)).collect();
    assert!(places.is_sorted(), "the register is sorted");
}

#[test]
fn defaults_hold_when_keys_and_tables_are_absent() {
    let doc = Document::from_text("s.toml", "", &[]).expect("nothing is TOML too");
    let run = doc.root().section("run", "the run");
    assert_eq!(run.or("replications", 5u32, "repetitions; assumed"), 5);
    assert_eq!(run.path(), "run");
    assert!(!run.has("replications"));
    assert!(doc.finish().is_ok());
}

#[test]
fn looking_for_a_key_is_not_reading_it() {
    let doc = Document::from_text("s.toml", "a = 1\n", &[]).expect("it parses");
    assert!(doc.root().has("a"));
    assert_eq!(lines(doc.finish().err()), ["s.toml:1:1 unknown key `a` | known here: catalogues, extends"]);
}

#[test]
fn a_broken_table_is_one_problem_and_not_one_per_key() {
    let doc = Document::from_text("s.toml", "run = 5\n", &[]).expect("it parses");
    let run = doc.root().section("run", "the run");
    run.require::<u64>("seed", "the seed");
    run.problem("seed", "is odd", "");
    let expected = "s.toml:1:7 `run`: expected a table, found the integer `5` | a table has a header \
                    of its own: [run]";
    assert_eq!(lines(doc.finish().err()), [expected]);
}

#[test]
fn names_can_stand_right_below_a_policy() {
    let text = "[prices.fixed.a]\nusd = 1\n[prices.fixed.b]\nusd = 2\nusdd = 3\n";
    let doc = Document::from_text("s.toml", text, &["prices.fixed.c.usd=4".to_owned()]).expect("it parses");
    let (_, table) = doc.root().choose("prices", &["posted", "fixed"], "who sets prices").expect("fixed");
    let rows = table.named_here("a price by name");
    let read: Vec<(&str, u64)> =
        rows.iter().map(|(name, row)| (name.as_str(), row.require("usd", "a price"))).collect();
    assert_eq!(read, [("a", 1), ("b", 2)]);
    assert!(doc.keys().iter().any(|k| (k.table.as_str(), k.key.as_str()) == ("prices.fixed.*", "usd")));
    let said = lines(doc.finish().err());
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(said.iter().any(|line| line.contains("unknown key `prices.fixed.b.usdd`")), "{said:?}");
    assert!(
        said.iter().any(|line| line.contains("there is no `prices.fixed.c` to set a key of")),
        "{said:?}"
    );
}

#[test]
fn a_law_is_read_in_its_one_shape() {
    for (text, mean) in [
        ("{ deterministic = { value = -3 } }", -3.0),
        ("4", 4.0),
        ("{ exponential = { mean = 2 } }", 2.0),
        ("{ lognormal = { mean = 6.0, sd = 2.0 } }", 6.0),
        ("{ weibull = { shape = 0.7, mean = 2 } }", 2.0),
        ("{ erlang = { k = 3, mean = 2 } }", 2.0),
        ("{ hyperexponential = { p = 0.25, mean_a = 4, mean_b = 8 } }", 7.0),
        ("{ pareto = { shape = 2, min = 3 } }", 6.0),
        ("{ pareto = { shape = 1, min = 3 } }", f64::INFINITY),
        ("{ uniform = { low = -1, high = 3 } }", 1.0),
        ("{ triangular = { low = 0, mode = 3, high = 6 } }", 3.0),
    ] {
        let doc = Document::from_text("s.toml", &format!("x = {text}"), &[]).expect("it parses");
        let law: Law = doc.root().require("x", "a law");
        assert_eq!(law.mean(), mean, "{text}");
        assert_eq!(lines(doc.finish().err()), [""; 0]);
        let again = Document::from_text("s.toml", &doc.canonical(), &[]).expect("it parses");
        assert_eq!(again.root().require::<Law>("x", "a law"), law, "{text}");
    }
}

#[test]
fn a_report_can_be_sent_between_threads() {
    fn sendable<T: Send + Sync + std::error::Error>() {}
    sendable::<Report>();
}
