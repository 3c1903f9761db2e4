//! A weight written in the scenario: that it pays as the same rule in Rust does, and what is said of mistakes in it.

use crate::lab::{run, shipped, value};
use depin_protocol::rewards::formula::variables;
use depin_sim::measure::record::Record;
use depin_sim::scenario::Scenario;
use depin_sim::scenario::reading::Document;

/// The network of small.toml under a rule.
fn small(rule: &str) -> Record {
    run(&shipped("small", &[&format!("protocol.rewards.{rule}")]))
}

#[test]
fn the_formula_of_ignition_pays_as_the_rule_in_rust_does() {
    let rust = small("ignition_points={}");
    let formula =
        small("formula={ weight = 'cards * (up_hours + hired_hours) * 0.2 * bandwidth_tier * multiplier' }");
    assert_eq!(rust.events, formula.events, "the same people do the same things");
    assert_eq!(rust.suppliers.len(), formula.suppliers.len());
    let mut paid = 0;
    for (a, b) in rust.suppliers.iter().zip(&formula.suppliers) {
        assert_eq!(
            (&a.supplier, a.entered_unix_s, a.left_unix_s),
            (&b.supplier, b.entered_unix_s, b.left_unix_s)
        );
        // The rule in Rust rounds down to a millionth of a point per epoch, of which a season has hundreds.
        let apart = a.tokens.abs_diff(b.tokens) as f64;
        assert!(apart <= 1e-4 * a.tokens as f64 + 1.0, "{}: {} and {}", a.supplier, a.tokens, b.tokens);
        paid += u32::from(a.tokens > 0);
    }
    assert!(paid > 20, "only {paid} were paid");
}

#[test]
fn a_scenario_with_a_formula_has_one_digest() {
    let rule = "formula={ weight = 'sqrt(1 + streak_hours) * up_hours / account_devices' }";
    assert_eq!(small(rule).digest, small(rule).digest);
    assert_ne!(small(rule).digest, small("formula={ weight = 'up_hours' }").digest);
}

#[test]
fn a_limit_per_account_holds_and_the_rest_stays_in_the_pool() {
    let record = small("formula={ weight = 'up_hours', limit_per_account_tokens = 20, leftover = 'burn' }");
    let most = record.suppliers.iter().map(|row| row.tokens).max();
    assert_eq!(most, Some(20 * 100_000_000));
    assert!(
        value(&record, "economics.roi.honest")
            < value(&small("formula={ weight = 'up_hours' }"), "economics.roi.honest")
    );
}

/// What is said of a scenario whose sixth line begins so, and in which nothing else is wrong.
fn said(weight: &str, sets: &[&str]) -> String {
    let head =
        "question = \"Who?\"\n[run]\nstart = 2024-03-01\nduration_days = 1\n[protocol.rewards.formula]";
    let sets: Vec<String> = sets.iter().map(|&set| set.to_owned()).collect();
    let read = |weight: &str, sets: &[String]| {
        let text = format!("{head}\n{weight}\n{REST}");
        let document = Document::from_text("mine.toml", &text, sets).expect("it is TOML");
        Scenario::read("mine", &document).map_err(|report| report.to_string())
    };
    assert_eq!(read("weight = 'up_hours'", &[]).map(drop), Ok(()));
    read(weight, &sets).expect_err("it has a problem")
}

/// What a scenario must have besides.
const REST: &str = "
[token]
believed_fdv_usd = 1
supply_tokens = 1
outcome_usd = 1
[hardware.card]
memory_gb = 8
tflops = 20
watts = 100
multiplier = 1
[site.home]
uptime_hours = { exponential = { mean = 8 } }
notice_hours = { exponential = { mean = 3 } }
outage_hours = { exponential = { mean = 2 } }
";

const NOTE: &str = "`protocol.rewards.formula.weight` is what a device weighs in an epoch, in names that `list variables` \
                    explains; only ratios matter";

#[test]
fn a_misspelt_name_behind_escapes_is_underlined_where_it_stands_in_the_file() {
    let expected = format!(
        r#"error: `protocol.rewards.formula.weight`: expected one of 31 known names, found `uptmie`
 --> mine.toml:6:36
  |
6 | weight = "cards *\tup_hours *\u0020uptmie"
  |                                    ^^^^^^ expected one of 31 known names
  |
  = note: {NOTE}
  = help: did you mean `uptime`?

1 problem in mine.toml"#
    );
    assert_eq!(said(r#"weight = "cards *\tup_hours *\u0020uptmie""#, &[]), expected);
}

#[test]
fn a_name_like_no_other_is_answered_with_all_of_them() {
    let text = said("weight = 'cards * wattage'", &[]);
    assert!(text.contains(" --> mine.toml:6:19\n"), "{text}");
    let (_, help) = text.split_once("  = help: known are ").unwrap_or_else(|| panic!("{text}"));
    let listed: Vec<&str> = help.lines().next().unwrap_or_default().split(", ").collect();
    let known: Vec<&str> = variables().map(|variable| variable.name).collect();
    assert_eq!(listed, known);
}

#[test]
fn a_mistake_in_a_text_of_several_lines_is_shown_on_its_own() {
    let expected = format!(
        r#"error: `protocol.rewards.formula.weight`: expected one of 32 known names, found `shar`
 --> mine.toml:9:16
  |
9 | cards * min(1, shar)
  |                ^^^^ expected one of 32 known names
  |
  = note: {NOTE}
  = help: did you mean `share`?

1 problem in mine.toml"#
    );
    let weight = "weight = \"\"\"\nshare = hired_hours \\\n    / up_hours;\ncards * min(1, shar)\n\"\"\"";
    assert_eq!(said(weight, &[]), expected);
    // A file with breaks of lines of two letters.
    let text = said(&weight.replace('\n', "\r\n"), &[]);
    assert!(text.contains(" --> mine.toml:9:16\n") && text.contains("found `shar`"), "{text}");
}

#[test]
fn what_is_missing_at_the_end_is_told_before_the_closing_quote() {
    let text = said("weight = 'cards * '", &[]);
    assert!(text.contains(" --> mine.toml:6:19\n"), "{text}");
    assert!(text.contains("\n  |                   ^ expected "), "{text}");
    assert!(text.contains("found the end of the formula"), "{text}");
}

#[test]
fn mistakes_are_found_in_arguments_and_every_one_is_told() {
    let text = said("weight = 'up_hours'", &["protocol.rewards.formula.weight=crads * sqrd(2)"]);
    assert!(text.contains(" --> --set:1:33\n"), "{text}");
    assert!(text.contains("did you mean `cards`?") && text.contains("did you mean `sqrt`?"), "{text}");
    assert!(text.ends_with("2 problems in mine.toml (with --set)"), "{text}");
    let quoted = said("weight = 'up_hours'", &["protocol.rewards.formula={ weight = \"\\t crads\" }"]);
    assert!(quoted.contains(" --> --set:1:41\n"), "{quoted}");
}

#[test]
fn a_formula_without_bounds_is_refused_and_so_is_none() {
    let long = said(&format!("weight = '''\ncards{}\n'''", "\n * 1.5 * cards".repeat(501)), &[]);
    assert!(long.contains("expected at most 1000 operations, found operation 1001"), "{long}");
    let none = said("leftover = 'burn'", &[]);
    assert!(
        none.contains("`protocol.rewards.formula.weight` is missing: expected a formula in quotes"),
        "{none}"
    );
    let number = said("weight = 1", &[]);
    assert!(
        number.contains("found the integer `1`") && number.contains("write it in quotes: \"1\""),
        "{number}"
    );
}
