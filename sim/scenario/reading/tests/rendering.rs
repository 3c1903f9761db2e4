//! How a report looks: the text that a user sees, letter by letter.

use super::*;

fn rendered(text: &str, sets: &[&str]) -> String {
    report_of(text, sets).expect("it has problems").to_string()
}

#[test]
fn a_wrong_value_is_underlined_with_its_meaning_and_a_hint() {
    let text = sample_with("uptime = 0.9", "uptime = \"90%\"");
    let expected = r#"error: `supply.gamers.uptime`: expected a share from 0 to 1, found the text `"90%"`
  --> s.toml:15:10
   |
15 | uptime = "90%"
   |          ^^^^^ expected a share from 0 to 1
   |
   = note: `supply.gamers.uptime` is the share of time online; assumed
   = help: a share of 90 % is written 0.9

1 problem in s.toml"#;
    assert_eq!(rendered(&text, &[]), expected);
}

#[test]
fn a_missing_key_points_at_the_header_of_its_table() {
    let text = sample_with("count = 1000\n", "");
    let expected = r#"error: `supply.gamers.count` is missing: expected a count from 0 to 1000000000
 --> s.toml:9:1
  |
9 | [supply.gamers]
  | ^^^^^^^^^^^^^^^ missing here
  |
  = note: `supply.gamers.count` is how many suppliers there are

1 problem in s.toml"#;
    assert_eq!(rendered(&text, &[]), expected);
}

#[test]
fn a_mistake_in_an_argument_is_underlined_in_the_argument() {
    let expected = r"error: unknown key `run.sed`
 --> --set:1:5
  |
1 | run.sed=1
  |     ^^^
  |
  = help: did you mean `seed`?

error: unknown key `run.titel`
 --> --set:1:5
  |
1 | run.titel=x
  |     ^^^^^
  |
  = help: did you mean `title`?

2 problems in s.toml (with --set)";
    assert_eq!(rendered(SAMPLE, &["run.sed=1", "run.titel=x"]), expected);
}

#[test]
fn an_empty_scenario_names_what_is_missing() {
    let expected = r"error: `run.duration_days` is missing: expected a number of days, at least 0 and below a million years
--> s.toml
 = note: `run.duration_days` is how long the run is

error: `run.seed` is missing: expected a whole number from 0 to 18446744073709551615
--> s.toml
 = note: `run.seed` is the seed of every random stream

2 problems in s.toml";
    assert_eq!(rendered("", &[]), expected);
}

#[test]
fn the_drawn_position_is_the_reported_one_whatever_the_letters() {
    for text in [
        "run = { \"é\" = 1, \"日本\" = 2, bad = 3 }",
        "\u{feff}note = {}\r\nbad = 1\r\n",
        "\tnote = 1\n\t\tbad = 2",
        "note = \"日本\" # 日本\nbad = '''\nover\nlines'''\n",
    ] {
        let report = report_of(text, &[]).expect("unknown keys are problems");
        let drawn = report.to_string();
        for problem in report.problems().iter().filter(|p| p.message().starts_with("unknown")) {
            let place = format!("--> s.toml:{}:{}\n", problem.line(), problem.column());
            assert!(drawn.contains(&place), "{place} not in {drawn}");
        }
    }
}

#[test]
fn a_very_long_line_is_named_but_not_drawn() {
    let text = format!("note = \"{}\"", "x".repeat(1 << 20));
    let drawn = rendered(&text, &[]);
    assert!(drawn.contains("--> s.toml:1:1"), "{drawn}");
    assert!(drawn.len() < 2000, "{} bytes", drawn.len());
}

#[test]
fn control_characters_never_reach_the_terminal() {
    let text = "\"\\u001b[31m\" = 1\nrun = { seed = \"\\u001b\" }\n";
    let drawn = rendered(text, &["run.record=\u{1b}[2J", "\u{1b}=1"]);
    assert!(!drawn.contains('\u{1b}'), "{drawn:?}");
}

#[test]
fn colour_is_written_only_when_asked_for() {
    let report = report_of("", &[]).expect("it has problems");
    assert!(report.render(true).contains('\u{1b}'));
    assert!(!report.render(false).contains('\u{1b}'));
}
