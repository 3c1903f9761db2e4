//! The house rules that a compiler does not know: layers, file headers, sizes, names, bans.

use std::fs;
use std::path::{Path, PathBuf};

/// Longest file, in lines.
const MOST_LINES: usize = 600;

/// Which modules of the simulator each one may use, its own aside. `main` is the program, the rest is the library.
const LAYERS: [(&str, &[&str]); 11] = [
    ("main", &["cli"]),
    ("cli", &["report", "experiment", "scenario", "measure", "engine", "telemetry", "MODEL_VERSION"]),
    ("report", &["measure"]),
    ("experiment", &["measure", "world", "scenario", "engine", "MODEL_VERSION"]),
    ("measure", &["world", "scenario", "engine", "telemetry"]),
    ("telemetry", &["scenario", "MODEL_VERSION"]),
    ("world", &["scenario", "trace", "engine"]),
    ("scenario", &["trace", "engine"]),
    ("trace", &["engine"]),
    ("engine", &[]),
    ("lib", &[]),
];

/// Calls whose last bit, or whose order, differs between machines.
const BANS: [&str; 13] = [
    "f64::exp",
    "f64::ln",
    "f64::log",
    "f64::log2",
    "f64::log10",
    "f64::powf",
    "f64::powi",
    "f64::sin",
    "f64::cos",
    "f64::tan",
    "f64::mul_add",
    "std::collections::HashMap",
    "std::collections::HashSet",
];

fn home() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A source file: its path from the top with `/`, and its text.
struct File {
    path: String,
    text: String,
}

/// All files with one of these endings; build products, results and hidden folders aside.
fn files(endings: &[&str]) -> Vec<File> {
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> = vec![home().to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("the folder can be read") {
            let path = entry.expect("the entry can be read").path();
            let relative = path.strip_prefix(home()).expect("it lies below the top");
            let name = relative.to_string_lossy().replace('\\', "/");
            let last = name.rsplit('/').next().unwrap_or_default().to_owned();
            if path.is_dir() {
                if !last.starts_with('.') && name != "target" && name != "output" {
                    folders.push(path);
                }
            } else if endings.iter().any(|ending| last.ends_with(ending)) {
                let text = fs::read_to_string(&path).expect("the file is text");
                found.push(File { path: name, text });
            }
        }
    }
    assert!(!found.is_empty(), "no file was found");
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn sources() -> Vec<File> {
    files(&[".rs"])
}

/// Panics with all faults at once.
fn none(faults: &[String]) {
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// Top module of a file of the simulator: `sim/world/team.rs` is `world`, `sim/main.rs` is `main`.
fn module_of(path: &str) -> Option<&str> {
    let inside = path.strip_prefix("sim/")?;
    let first = inside.split('/').next()?;
    Some(first.strip_suffix(".rs").unwrap_or(first))
}

/// The words that follow `crate::` or `depin_sim::` in a line, braces taken apart.
fn uses(line: &str) -> Vec<String> {
    let mut found = Vec::new();
    for prefix in ["crate::", "depin_sim::"] {
        for (at, _) in line.match_indices(prefix) {
            let rest = &line[at + prefix.len()..];
            match rest.strip_prefix('{') {
                Some(list) => found.extend(heads(list)),
                None => found.extend(word(rest)),
            }
        }
    }
    found
}

/// First word of each part of a list in braces, nested lists skipped.
fn heads(list: &str) -> Vec<String> {
    let mut depth = 0;
    let mut parts = vec![String::new()];
    for letter in list.chars() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => parts.push(String::new()),
            other if depth == 0 => parts.last_mut().expect("never empty").push(other),
            _ => {}
        }
    }
    parts.iter().filter_map(|part| word(part.trim())).collect()
}

fn word(text: &str) -> Option<String> {
    let word: String = text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    (!word.is_empty()).then_some(word)
}

/// Text with every list in braces on one line, so that a `use` over several lines is one.
fn joined(text: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for line in text.lines() {
        let code = line.trim_start();
        inside |= (code.starts_with("use ") || code.starts_with("pub use ")) && !code.contains(';');
        out.push_str(code);
        if inside && !code.contains(';') {
            continue;
        }
        inside = false;
        out.push('\n');
    }
    out
}

fn breaches(path: &str, text: &str) -> Vec<String> {
    let Some(module) = module_of(path) else {
        return Vec::new();
    };
    let allowed = LAYERS.iter().find(|(name, _)| *name == module);
    let Some((_, allowed)) = allowed else {
        return vec![format!("{path}: the module {module} has no place in the order of layers")];
    };
    let text = joined(text);
    let lines = text.lines().filter(|line| !line.starts_with("//"));
    let used = lines.flat_map(uses);
    used.filter(|name| name != module && !allowed.contains(&name.as_str()))
        .map(|name| format!("{path}: {module} must not use {name}"))
        .collect()
}

#[test]
fn a_module_uses_only_the_layers_below_it() {
    let all = sources();
    let faults: Vec<String> = all.iter().flat_map(|f| breaches(&f.path, &f.text)).collect();
    none(&faults);
}

#[test]
fn a_breach_of_the_layers_is_seen_in_every_form() {
    for text in [
        "use crate::world::World;",
        "use crate::{engine::Time, world::World};",
        "use crate::{\n    engine::{Time, Span},\n    world::World,\n};",
        "    let w = crate::world::World::new();",
        "use depin_sim::world;",
    ] {
        let found = breaches("sim/scenario/run.rs", text);
        assert_eq!(found, ["sim/scenario/run.rs: scenario must not use world"], "{text}");
    }
    assert!(breaches("sim/world/team.rs", "use crate::{engine::Time, scenario::Scenario};").is_empty());
    assert_eq!(breaches("sim/gossip/mod.rs", "").len(), 1);
}

/// Aside from it only the measurements of speed, which are compiled for tests.
#[test]
fn only_the_command_line_prints() {
    let words = ["println!", "print!", "eprintln!", "eprint!", "dbg!"];
    let prints = |line: &str| {
        let code = line.trim_start();
        !code.starts_with("//") && words.iter().any(|word| code.starts_with(word))
    };
    let library = |path: &str| {
        let inside = path.starts_with("sim/") || path.starts_with("protocol/");
        let aside = ["sim/cli/", "protocol/bench.rs", "protocol/verification/rounds/cost.rs"];
        inside && !aside.iter().any(|part| path.starts_with(part)) && !path.contains("tests")
    };
    let all = sources();
    let faults: Vec<String> = all
        .iter()
        .filter(|f| library(&f.path) && before_tests(&f.text).lines().any(prints))
        .map(|f| format!("{} prints", f.path))
        .collect();
    none(&faults);
}

/// A file up to its tests.
fn before_tests(text: &str) -> &str {
    text.split("#[cfg(test)]").next().unwrap_or_default()
}

#[test]
fn every_file_says_first_what_it_is_responsible_for() {
    let all = sources();
    let silent = all.iter().filter(|f| !f.text.starts_with("//! "));
    none(&silent.map(|f| format!("{} has no header", f.path)).collect::<Vec<_>>());
}

#[test]
fn no_file_is_too_long() {
    let all = sources();
    let long = all.iter().map(|f| (f, f.text.lines().count()));
    let faults = long.filter(|(_, lines)| *lines > MOST_LINES);
    none(&faults.map(|(f, lines)| format!("{} has {lines} lines", f.path)).collect::<Vec<_>>());
}

#[test]
fn nothing_is_named_after_having_no_idea() {
    let empty = ["util", "utils", "helper", "helpers", "manager", "managers", "common", "misc"];
    let mut faults = Vec::new();
    for file in sources() {
        let stems = file.path.split('/').map(|part| part.trim_end_matches(".rs"));
        faults.extend(
            stems
                .filter(|stem| stem.split('_').any(|part| empty.contains(&part)))
                .map(|stem| format!("{}: {stem} says nothing", file.path)),
        );
        for line in file.text.lines() {
            let code = line.trim_start().trim_start_matches("pub ");
            let kinds = ["mod ", "struct ", "enum ", "trait ", "type "];
            let Some(rest) = kinds.iter().find_map(|kind| code.strip_prefix(kind)) else {
                continue;
            };
            let name = word(rest).unwrap_or_default().to_lowercase();
            if empty.iter().any(|word| name.ends_with(word)) {
                faults.push(format!("{}: {name} says nothing", file.path));
            }
        }
    }
    none(&faults);
}

const TEXTS: [&str; 8] = [".rs", ".toml", ".md", ".json", ".yml", ".yaml", ".sh", ".py"];

/// Written apart, so that this file does not find itself.
fn machine_paths() -> Vec<String> {
    let roots = ["home", "work", "tmp", "root", "Users", "mnt"];
    let unix = roots.iter().map(|root| format!("/{root}/"));
    unix.chain([["C:", "\\"].concat()]).collect()
}

#[test]
fn no_text_names_a_path_of_one_machine() {
    let paths = machine_paths();
    let mut faults = Vec::new();
    for file in files(&TEXTS) {
        for (number, line) in file.text.lines().enumerate() {
            // The root of a path is not preceded by a name: `a/home/b` is relative.
            let rooted = |path: &String| {
                line.match_indices(path.as_str()).any(|(at, _)| {
                    !line[..at].ends_with(|c: char| c.is_alphanumeric() || "._-}/".contains(c))
                })
            };
            if paths.iter().any(rooted) {
                faults.push(format!("{}:{}: {}", file.path, number + 1, line.trim()));
            }
        }
    }
    none(&faults);
}

fn is_emoji(letter: char) -> bool {
    matches!(u32::from(letter), 0x1F000..=0x1FAFF | 0x2600..=0x27BF | 0x2B50..=0x2B55 | 0xFE0F)
}

#[test]
fn no_text_has_emoji_or_blanks_at_the_end_of_a_line() {
    let mut faults = Vec::new();
    for file in files(&TEXTS) {
        for (number, line) in file.text.lines().enumerate() {
            if line.ends_with([' ', '\t']) {
                faults.push(format!("{}:{}: blanks at the end", file.path, number + 1));
            }
            if line.chars().any(is_emoji) {
                faults.push(format!("{}:{}: emoji", file.path, number + 1));
            }
        }
    }
    none(&faults);
}

#[test]
fn every_crate_is_under_the_lints_and_the_bans_stand() {
    let bans = fs::read_to_string(home().join("clippy.toml")).expect("clippy.toml is there");
    let mut faults = Vec::new();
    for ban in BANS {
        if !bans.contains(&format!("path = \"{ban}\"")) {
            faults.push(format!("clippy.toml does not ban {ban}"));
        }
    }
    for file in files(&["Cargo.toml"]) {
        let packed = file.text.replace(' ', "");
        if packed.contains("[package]") && !packed.contains("[lints]\nworkspace=true") {
            faults.push(format!("{} does not take the workspace's lints", file.path));
        }
        for lint in ["unsafe_code=\"forbid\"", "disallowed_methods=", "disallowed_types="] {
            if packed.contains("[workspace]") && !packed.contains(lint) {
                faults.push(format!("{} lacks {lint}", file.path));
            }
        }
    }
    none(&faults);
}

/// Clippy warns of these too; here they fail, whatever is allowed in a file.
#[test]
fn what_decides_results_keeps_no_collection_without_order() {
    let words = [["Hash", "Map"].concat(), ["Hash", "Set"].concat()];
    let deciding = |path: &str| {
        path.starts_with("sim/world/") || path.starts_with("sim/engine/") || path.starts_with("protocol/")
    };
    let all = sources();
    let guilty =
        all.iter().filter(|f| deciding(&f.path) && words.iter().any(|word| f.text.contains(word.as_str())));
    none(&guilty.map(|f| format!("{} keeps a collection without order", f.path)).collect::<Vec<_>>());
}
