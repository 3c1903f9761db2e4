//! Hostile input: large, deep and endless scenarios are refused, quickly and in words.

use super::*;

fn first(report: Option<Report>) -> String {
    lines(report).into_iter().next().unwrap_or_default()
}

#[test]
fn a_text_above_the_size_limit_is_refused() {
    let limit = usize::try_from(SIZE_LIMIT).expect("4 MiB is a usize");
    let text = format!("#{}", "x".repeat(limit));
    let said = lines(report_of(&text, &[]));
    assert_eq!(said, ["s.toml:1:1 cannot read `s.toml`: it is larger than 4 MiB"]);
}

#[test]
fn nesting_up_to_the_limit_is_read_and_one_more_is_refused() {
    let nested = |depth: usize| format!("a = {}{}", "[".repeat(depth), "]".repeat(depth));
    let fine = Document::from_text("s.toml", &nested(DEPTH_LIMIT), &[]);
    assert!(fine.is_ok());
    let said = first(Document::from_text("s.toml", &nested(DEPTH_LIMIT + 1), &[]).err());
    assert_eq!(said, "s.toml:1:37 nested deeper than 32 levels");
    let header = format!("[{}]\n", vec!["a"; DEPTH_LIMIT + 1].join("."));
    let said = first(Document::from_text("s.toml", &header, &[]).err());
    assert!(said.ends_with("nested deeper than 32 levels"), "{said}");
    let endless = Document::from_text("s.toml", &"[".repeat(100_000), &[]);
    assert!(endless.is_err());
}

#[test]
fn a_deep_path_or_value_of_an_argument_is_refused() {
    let path = vec!["a"; DEPTH_LIMIT + 1].join(".");
    let said = first(report_of(SAMPLE, &[&format!("{path}=1")]));
    assert!(said.contains("is too deep a path"), "{said}");
    let value = format!("run.x={}{}", "[".repeat(40), "]".repeat(40));
    let said = first(report_of(SAMPLE, &[&value]));
    assert!(said.contains("nested deeper than 32 levels"), "{said}");
}

#[test]
fn a_thousand_problems_are_shown_and_the_rest_counted() {
    let mut text = String::from(SAMPLE);
    for index in 0..5000 {
        text.push_str(&format!("unknown_{index} = 1\n"));
    }
    let report = report_of(&text, &[]).expect("unknown keys are problems");
    assert_eq!((report.problems().len(), report.total()), (1000, 5000));
    let last = report.to_string();
    assert!(last.ends_with("5000 problems in s.toml, the first 1000 shown"));
}

#[test]
fn a_chain_or_a_list_of_catalogues_too_long_is_refused() {
    struct Endless;
    impl Files for Endless {
        fn text(&self, path: &Path) -> Result<String, String> {
            Ok(format!("extends = \"{}x\"", path.display()))
        }

        fn identity(&self, path: &Path) -> PathBuf {
            path.to_path_buf()
        }
    }
    let report = Document::from_text_with("x", "extends = \"xx\"", &[], &Endless).err();
    assert!(first(report).contains("more than 16 files long"));

    let names: Vec<String> = (0..65).map(|index| format!("\"{index}.toml\"")).collect();
    let text = format!("catalogues = [{}]", names.join(","));
    struct Blank;
    impl Files for Blank {
        fn text(&self, _: &Path) -> Result<String, String> {
            Ok(String::new())
        }

        fn identity(&self, path: &Path) -> PathBuf {
            path.to_path_buf()
        }
    }
    let report = Document::from_text_with("s.toml", &text, &[], &Blank).err();
    assert!(first(report).contains("more than 64 catalogues"));

    let text = format!("catalogues = [{}]", "\"same.toml\", ".repeat(65));
    let doc = Document::from_text_with("s.toml", &text, &[], &Blank).expect("one catalogue");
    assert_eq!(doc.sources.len(), 2, "the same file is read once");
}

#[test]
fn the_disk_gives_regular_files_in_utf8_within_the_limit() {
    let folder = std::env::temp_dir().join(format!("scenario-reader-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder for this test");
    let file = |name: &str, bytes: &[u8]| {
        let path = folder.join(name);
        std::fs::write(&path, bytes).expect("a file for this test");
        path
    };
    let base = file("base.toml", b"[run]\nseed = 3\n");
    let child = file("child.toml", b"extends = \"./base.toml\"\n");
    let binary = file("binary.toml", b"a = \"\xff\"\n");
    let circle = file("circle.toml", b"extends = \"./circle.toml\"\n");
    let large = folder.join("large.toml");
    let sparse = std::fs::File::create(&large).expect("a file for this test");
    sparse.set_len(1 << 40).expect("a sparse file");

    let doc = Document::load(&child, &[]).expect("a sound chain");
    let seed: u64 = doc.root().section("run", "").require("seed", "");
    let said = |path: &Path| {
        let report = Document::load(path, &[]).expect_err("it cannot be read");
        report.problems()[0].message().to_owned()
    };
    let sayings =
        [said(&binary), said(&circle), said(&large), said(&folder), said(&folder.join("absent.toml"))];
    std::fs::remove_dir_all(&folder).expect("the folder of this test");

    assert_eq!(seed, 3);
    assert!(base.ends_with("base.toml"));
    assert!(sayings[0].ends_with("not UTF-8 text: the byte at offset 5 is not part of a character"));
    assert!(sayings[1].contains("runs in a circle"), "{}", sayings[1]);
    assert!(sayings[2].ends_with("it is larger than 4 MiB"), "{}", sayings[2]);
    assert!(sayings[3].ends_with("it is not a regular file"), "{}", sayings[3]);
    assert!(sayings[4].ends_with("there is no such file"), "{}", sayings[4]);
}

/// A fixed pseudo-random sequence (Knuth's MMIX constants).
fn next(state: &mut u64) -> usize {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    usize::try_from(*state >> 33).expect("31 bits are a usize")
}

#[test]
fn no_damage_to_a_scenario_or_an_argument_makes_the_reader_panic() {
    let pieces = [
        "",
        "[",
        "]",
        "{",
        "}",
        "=",
        ".",
        "\"",
        "'",
        "\n",
        "\r\n",
        "#",
        "-",
        "_",
        "1e999",
        "nan",
        "é",
        "日",
        "\u{feff}",
        "\u{1b}",
        "0x",
        "[[a]]\n",
        "'''",
        "9".repeat(50).leak(),
    ];
    let mut state = 7;
    let mut damaged = 0;
    for _ in 0..1500 {
        let mut text = SAMPLE.to_owned();
        for _ in 0..1 + next(&mut state) % 3 {
            let start = next(&mut state) % text.len();
            let end = (start + next(&mut state) % 4).min(text.len());
            if text.is_char_boundary(start) && text.is_char_boundary(end) {
                text.replace_range(start..end, pieces[next(&mut state) % pieces.len()]);
            }
        }
        let mut set = "supply.gamers.stake_tokens=40.5".to_owned();
        let at = next(&mut state) % set.len();
        set.replace_range(at..=at, pieces[next(&mut state) % pieces.len()]);
        if let Some(report) = report_of(&text, &[&set]) {
            damaged += 1;
            let drawn = report.to_string();
            assert!(drawn.contains(" in s.toml"), "{drawn}");
            assert!(!drawn.contains('\u{1b}'), "{drawn:?}");
        }
    }
    assert!(damaged > 1000, "{damaged}");
}
