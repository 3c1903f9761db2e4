//! Nobody adds a policy and forgets the laws: the sources are read and held against the catalogue.

use crate::catalogue::{self, Law, Policy};
use crate::schedules;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Traits whose implementations are policies; `Rating` is how hosts leased in parts are chosen.
const TRAITS: [&str; 9] = [
    "RewardRule",
    "Emission",
    "Schedule",
    "Verification",
    "Placement",
    "Queueing",
    "Rating",
    "Linkage",
    "SlashPolicy",
];

/// A source file of the crate: its path below `protocol/`, and its text before its own tests.
struct Source {
    path: String,
    text: String,
}

fn sources() -> Vec<Source> {
    let home = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> = vec![home.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("the folder can be read") {
            let path = entry.expect("the entry can be read").path();
            let name = path.file_name().expect("it has a name").to_string_lossy().into_owned();
            if path.is_dir() {
                if !["tests", "target"].contains(&name.as_str()) && !name.starts_with('.') {
                    folders.push(path);
                }
            } else if name.ends_with(".rs") && name != "tests.rs" {
                let text = fs::read_to_string(&path).expect("the file is text");
                let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default().to_owned();
                let below = path.strip_prefix(home).expect("it lies below");
                found.push(Source { path: below.to_string_lossy().replace('\\', "/"), text });
            }
        }
    }
    assert!(found.len() > 50, "only {} files were found", found.len());
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// The comments of a file as running text, so that a phrase may be broken over lines.
fn prose(text: &str) -> String {
    let words = text.lines().map(str::trim_start).filter(|line| line.starts_with("//"));
    let words: Vec<&str> =
        words.flat_map(|line| line.trim_start_matches(['/', '!']).split_whitespace()).collect();
    words.join(" ")
}

/// Policies of a text as (trait, type): every `impl Trait for Type`, with or without generics.
fn implementations(text: &str) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    for line in text.lines() {
        let Some((head, tail)) = line.split_once(" for ").filter(|(head, _)| head.starts_with("impl")) else {
            continue;
        };
        let is_of = |name: &&&str| head.rsplit([' ', ':']).next() == Some(name);
        if let Some(name) = TRAITS.iter().find(is_of) {
            let form = tail.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default();
            found.push((*name, form.to_owned()));
        }
    }
    found
}

/// File, type and broken laws of every line of the catalogue.
fn lines() -> Vec<(&'static str, &'static str, &'static [Law])> {
    fn of<P>(policies: Vec<Policy<P>>) -> Vec<(&'static str, &'static str, &'static [Law])> {
        policies.into_iter().map(|policy| (policy.file, policy.form, policy.breaks)).collect()
    }
    [
        of(catalogue::rewards()),
        of(catalogue::seasons()),
        of(catalogue::emissions()),
        of(catalogue::blocks()),
        of(schedules::schedules()),
        of(catalogue::verifications()),
        of(catalogue::placements()),
        of(catalogue::queueings()),
        of(catalogue::sharings()),
        of(catalogue::linkages()),
        of(catalogue::slash_policies()),
        of(catalogue::stakings()),
        of(catalogue::billings()),
        of(catalogue::churns()),
        of(catalogue::pricings()),
        of(catalogue::prices()),
        of(catalogue::instants()),
    ]
    .concat()
}

#[test]
fn every_policy_of_the_crate_stands_in_the_catalogue() {
    let named: BTreeSet<(String, String)> =
        lines().into_iter().map(|(file, form, _)| (file.to_owned(), form.to_owned())).collect();
    let mut found = 0;
    let mut missing = Vec::new();
    for source in sources() {
        for (name, form) in implementations(&source.text) {
            found += 1;
            if !named.contains(&(source.path.clone(), form.clone())) {
                missing.push(format!(
                    "{}: {form} is a {name} and laws/catalogue.rs does not name it",
                    source.path
                ));
            }
        }
    }
    assert!(missing.is_empty(), "\n{}", missing.join("\n"));
    // As many as stood in the crate when the suite was written; the reader of sources has not gone blind.
    assert!(found >= 30, "only {found} policies were found");
}

#[test]
fn every_line_of_the_catalogue_names_a_type_of_its_file() {
    let sources = sources();
    for (file, form, _) in lines() {
        let source = sources.iter().find(|source| source.path == file);
        let text = &source.unwrap_or_else(|| panic!("there is no {file}")).text;
        let declared = [format!("struct {form}"), format!("enum {form}")];
        assert!(declared.iter().any(|words| text.contains(words.as_str())), "{file} declares no {form}");
    }
}

#[test]
fn every_trait_of_policies_is_known_here() {
    for source in sources() {
        for line in source.text.lines() {
            let words = line.trim_start().trim_start_matches("pub ");
            let Some(name) = words.strip_prefix("trait ") else {
                continue;
            };
            let name = name.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
            assert!(
                TRAITS.contains(&name),
                "{}: the trait {name} is new; if its implementations are policies, they need laws",
                source.path
            );
        }
    }
}

#[test]
fn a_file_says_which_laws_its_rule_breaks_and_says_nothing_else() {
    let lines = lines();
    for source in sources() {
        let prose = prose(&source.text);
        for law in Law::ALL {
            let broken = lines.iter().any(|(file, _, breaks)| *file == source.path && breaks.contains(&law));
            let said = prose.contains(law.phrase());
            assert_eq!(
                said,
                broken,
                "{}: it {} \"{}\", and in the catalogue its rule {}",
                source.path,
                if said { "says" } else { "does not say" },
                law.phrase(),
                if broken { "does" } else { "does not" }
            );
        }
    }
}

#[test]
fn the_reader_of_sources_sees_policies_in_every_form() {
    let seen = |text: &str| implementations(text);
    assert_eq!(seen("impl Placement for Cheapest {"), [("Placement", "Cheapest".to_owned())]);
    assert_eq!(seen("impl super::Queueing for Lottery<u8> {"), [("Queueing", "Lottery".to_owned())]);
    assert_eq!(seen("impl<T: Debug> Linkage for Wrapped<T> {"), [("Linkage", "Wrapped".to_owned())]);
    assert!(seen("impl Debug for Cheapest {").is_empty());
    assert!(seen("// impl Placement for nobody").is_empty());
}

/// Variants of an enum, by its source.
fn variants(text: &str, name: &str) -> Vec<String> {
    let (_, body) =
        text.split_once(&format!("pub enum {name} {{\n")).unwrap_or_else(|| panic!("no enum {name}"));
    let body = body.split("\n}").next().unwrap_or_default();
    let at_the_margin = body.lines().filter_map(|line| line.strip_prefix("    "));
    let words = at_the_margin.filter(|line| line.starts_with(char::is_uppercase));
    words.map(|line| line.chars().take_while(|c| c.is_alphanumeric()).collect()).collect()
}

/// Choices within a policy have no trait to look for; every variant must be named where networks are put together.
#[test]
fn every_variant_of_a_choice_is_named_in_the_catalogue() {
    const CHOICES: [(&str, &str); 27] = [
        ("rewards/ignition_points.rs", "IgnitionSpec"),
        ("rewards/measure.rs", "Measure"),
        ("rewards/work_share.rs", "Work"),
        ("rewards/capped_share.rs", "Cap"),
        ("rewards/rnp_004.rs", "Pays"),
        ("rewards/rnp_006.rs", "Denominator"),
        ("rewards/season/spec.rs", "Accrual"),
        ("rewards/split.rs", "Leftover"),
        ("emission/geometric.rs", "Base"),
        ("emission/geometric.rs", "First"),
        ("emission/halving.rs", "FirstPeriod"),
        ("emission/net_emissions.rs", "Remint"),
        ("verification/simultaneous_proof_of_work.rs", "Group"),
        ("verification/random_audit.rs", "Draw"),
        ("verification/appeals.rs", "Form"),
        ("scheduling/mod.rs", "Unit"),
        ("scheduling/hosts/mod.rs", "HostPolicy"),
        ("linkage/mod.rs", "Timing"),
        ("slashing/mod.rs", "Destination"),
        ("slashing/mod.rs", "Trigger"),
        ("staking.rs", "Per"),
        ("market/churn.rs", "OnLoss"),
        ("market/pricing.rs", "Pricing"),
        ("market/pricing.rs", "AuctionPays"),
        ("market/instant.rs", "SameInstant"),
        ("billing/rules.rs", "LossRefund"),
        ("billing/rules.rs", "Settlement"),
    ];
    let named = [
        include_str!("catalogue.rs"),
        include_str!("reward_rules.rs"),
        include_str!("network.rs"),
        include_str!("schedules.rs"),
    ]
    .concat();
    let sources = sources();
    for (file, name) in CHOICES {
        let source = sources.iter().find(|source| source.path == file);
        let variants = variants(&source.unwrap_or_else(|| panic!("there is no {file}")).text, name);
        assert!(variants.len() > 1, "{file}: {name} has the variants {variants:?}");
        for variant in variants {
            let choice = format!("{name}::{variant}");
            assert!(named.contains(&choice), "{file}: {choice} is not named in laws/catalogue.rs");
        }
    }
}
