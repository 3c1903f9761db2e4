//! Promises of the report as a whole: complete, the same every time, and unharmed by odd results.

use super::fixture::{START, head, record};
use super::{Options, plots, tables, text, write};
use crate::measure::record::{FlowRow, Mark, Metric, Record};
use crate::measure::steady::{Found, Settled};
use std::path::{Path, PathBuf};

/// A folder of its own for a test, removed at the end.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("depin-sim-report-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a temporary folder can be made");
        Self(folder)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).expect("the file is JSON")
}

/// Every opening tag is closed, in order, and no bare sign is left in the text.
fn assert_well_formed(document: &str) {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = document;
    while let Some(start) = rest.find('<') {
        let before = &rest[..start];
        assert!(!before.contains('>'), "bare > in {before}");
        for tail in before.split('&').skip(1) {
            let entity = tail.split(';').next().unwrap_or_default();
            assert!(["amp", "lt", "gt", "quot", "apos"].contains(&entity), "bare & before {tail}");
        }
        let end = rest[start..].find('>').expect("a tag ends") + start;
        let tag = &rest[start + 1..end];
        let name = |t| str::split(t, [' ', '\n', '/']).next().unwrap_or_default();
        if let Some(closing) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name(closing)));
        } else if !tag.ends_with('/') && !tag.starts_with(['?', '!']) {
            open.push(name(tag));
        }
        rest = &rest[end + 1..];
    }
    assert!(open.is_empty(), "{open:?} stays open");
}

fn odd_records() -> Vec<(&'static str, Vec<Record>)> {
    let mut one_cohort = record(0, 48);
    one_cohort.suppliers.retain(|s| s.cohort == "gamers");
    one_cohort.flows.truncate(1);
    one_cohort.marks.clear();

    let mut undefined = record(0, 48);
    for column in &mut undefined.series.columns {
        column.values.fill(f64::NAN);
    }
    for row in &mut undefined.suppliers {
        (row.roi, row.expected_roi) = (None, f64::NAN);
    }

    let mut long = record(0, 500);
    let name = "a cohort <b>&\"named\u{7}\" at much greater length than any table has room for";
    for (index, row) in long.suppliers.iter_mut().enumerate() {
        row.cohort = format!("{name} {}", index % 30);
        row.roi = Some(if index % 3 == 0 { -1.0 } else { index as f64 * 40.0 });
    }
    for (index, row) in long.flows.iter_mut().enumerate() {
        row.payer = format!("{name} {}", index % 40);
        row.amount = if index % 50 == 0 { -row.amount } else { row.amount };
    }
    for column in &mut long.series.columns {
        column.group = format!("{name} {}", column.group);
    }
    long.marks =
        (0..60).map(|i| Mark { unix_s: START + i * 9_000, kind: "outside", note: name.into() }).collect();

    let flow = |amount| FlowRow {
        payer: "x".into(),
        payee: "y".into(),
        category: "c",
        asset: "usd",
        amount,
        decimals: 6,
    };
    let huge = Record { flows: vec![flow(i128::MAX), flow(0)], ..record(0, 3) };
    let total_loss = {
        let mut all = record(0, 48);
        all.suppliers.iter_mut().for_each(|r| (r.roi, r.tokens, r.points) = (Some(-1.0), 0, 0));
        all
    };
    vec![
        ("no records", vec![]),
        ("nothing measured", vec![Record::default()]),
        ("one sample", vec![record(0, 1)]),
        ("one cohort", vec![one_cohort]),
        ("undefined", vec![undefined]),
        ("long names", vec![long]),
        ("huge", vec![huge]),
        ("total loss", vec![total_loss]),
        ("unequal replications", vec![record(0, 30), Record::default(), record(1, 60)]),
    ]
}

#[test]
fn every_figure_is_drawn_and_well_formed_whatever_happened() {
    for (name, records) in odd_records() {
        for (figure, sheet) in plots::all(&records, &[]) {
            let document = plots::render::svg(&sheet).expect("drawing into memory works");
            assert_well_formed(&document);
            assert!(document.contains("<title>"), "{name}: {figure}");
            for text in &sheet.texts {
                let finite = text.at.0.is_finite() && text.at.1.is_finite();
                assert!(finite && !text.text.contains("NaN"), "{name}: {figure}: {}", text.text);
            }
        }
    }
}

#[test]
fn no_text_leaves_the_sheet_or_covers_another() {
    let several = (0..5).map(|r| record(r, 2000)).collect();
    let mut cases = odd_records();
    cases.push(("several", several));
    for (name, records) in cases {
        for (figure, sheet) in plots::all(&records, &["early_insiders".into()]) {
            let boxes: Vec<_> = sheet.texts.iter().filter(|t| !t.text.is_empty()).map(extent).collect();
            for (index, (text, left, right, top, bottom)) in boxes.iter().enumerate() {
                let inside = *left >= 0.0 && *right <= 1600.0 && *top >= 0.0 && *bottom <= 900.0;
                assert!(inside, "{name}: {figure}: {text} leaves the sheet");
                for (other, l, r, t, b) in &boxes[index + 1..] {
                    let apart = right <= l || r <= left || bottom <= t || b <= top;
                    assert!(apart, "{name}: {figure}: {text} touches {other}");
                }
            }
        }
    }
}

/// A text with the box of its letters.
fn extent(text: &plots::sheet::Text) -> (&str, f64, f64, f64, f64) {
    use plots::sheet::Align;
    let wide = plots::font::width(&text.text, text.size, text.bold);
    let left = match text.align {
        Align::Left => text.at.0,
        Align::Middle => text.at.0 - wide / 2.0,
        Align::Right => text.at.0 - wide,
    };
    (&text.text, left, left + wide, text.at.1 - text.size * 0.46, text.at.1 + text.size * 0.46)
}

#[test]
fn the_same_records_give_the_same_bytes() {
    let records = [record(0, 200), record(1, 200)];
    let options = Options { csv: true, ..Options::default() };
    let read = |folder: &Path| -> Vec<(String, Vec<u8>)> {
        let files = write(folder, &head(2), &records, &options).expect("a folder of our own");
        let named = |p: &PathBuf| {
            let name = p.strip_prefix(folder).expect("inside").display().to_string();
            (name, std::fs::read(p).expect("written"))
        };
        files.iter().map(named).collect()
    };
    let (first, second) = (Scratch::new("same-a"), Scratch::new("same-b"));
    let (a, b) = (read(&first.0), read(&second.0));
    assert_eq!(a.len(), 1 + 6 + 12 + 1);
    assert!(a == b, "two runs differ");
    let left_over = std::fs::read_dir(&first.0).expect("readable").flatten();
    assert!(left_over.into_iter().all(|f| !f.file_name().to_string_lossy().starts_with('.')));
    for (name, bytes) in &a {
        let here = first.0.display().to_string();
        assert!(!String::from_utf8_lossy(bytes).contains(&here), "{name} names its folder");
    }
}

#[test]
fn the_summary_keeps_its_null_rules_and_sorted_keys() {
    let mut one = record(0, 10);
    one.metrics.insert("a.second".into(), Metric { unit: "x", value: Some(0.1 + 0.2) });
    let two = {
        let mut two = record(1, 10);
        two.metrics.insert("a.second".into(), Metric { unit: "x", value: Some(f64::NAN) });
        two
    };
    let text = super::summary::text(&head(2), &[one.clone(), two]).expect("plain text");
    let found = json(&text);
    assert_eq!(found["seed"], "18446744073709551615");
    assert_eq!(found["schema"], 1);
    let price = &found["metrics"]["token.price_final_usd"];
    assert!(price["mean"].is_null() && price["ci95"].is_null());
    assert_eq!(price["values"], serde_json::json!([null, null]));
    let partly = &found["metrics"]["a.second"];
    assert_eq!(partly["values"], serde_json::json!([0.1 + 0.2, null]));
    assert!(partly["ci95"].is_null());
    let subsidy = &found["metrics"]["economics.subsidy_per_revenue_usd"];
    let low = subsidy["ci95"][0].as_f64().expect("two values give an interval");
    assert!(low < subsidy["mean"].as_f64().expect("defined"));
    let places: Vec<usize> =
        ["\"digest\"", "\"metrics\"", "\"a.second\"", "\"demand.jobs", "\"replications\""]
            .iter()
            .map(|key| text.find(key).expect("present"))
            .collect();
    assert!(places.is_sorted(), "{places:?}");
    let single = json(&super::summary::text(&head(1), &[one]).expect("plain text"));
    assert!(single["metrics"]["economics.subsidy_per_revenue_usd"]["ci95"].is_null());
}

#[test]
fn parquet_holds_every_row_of_every_table() {
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::record::RowAccessor;
    let records = [record(0, 100), record(1, 100)];
    let scratch = Scratch::new("parquet");
    let files = tables::write(&scratch.0, &records, true, true).expect("a folder of our own");
    let open = |index: usize| {
        let file = std::fs::File::open(&files[index]).expect("written");
        SerializedFileReader::new(file).expect("parquet")
    };
    let columns = records[0].series.columns.len();
    assert_eq!(open(0).metadata().file_metadata().num_rows() as usize, 2 * 100 * columns);
    let supplier = open(1).get_row_iter(None).expect("rows").next().expect("one").expect("readable");
    let wanted = &records[0].suppliers[0];
    assert_eq!(supplier.get_string(1).expect("text"), &wanted.supplier);
    assert_eq!(supplier.get_uint(4).expect("unsigned"), wanted.cards);
    assert!((supplier.get_double(8).expect("double") - wanted.spent_usd as f64 / 1e6).abs() < 1e-6);
    let csv = std::fs::read_to_string(&files[4]).expect("written");
    let first = csv.lines().nth(1).expect("a row");
    assert!(first.contains(&super::number::exact(wanted.spent_usd, 6)), "{first}");
    let exact = open(2).get_row_iter(None).expect("rows").next().expect("one").expect("readable");
    assert_eq!(exact.get_string(6).expect("text"), &records[0].flows[0].amount.to_string());
}

#[test]
fn the_summary_text_is_short_and_aligned() {
    let records: Vec<Record> = (0..4).map(|r| record(r, 100)).collect();
    let options = Options { insiders: vec!["early_insiders".into()], ..Options::default() };
    let folder = Path::new("output/x");
    let files = [folder.join("manifest.json"), folder.join("plots/returns.png")];
    let page = text::summary(&head(4), &records, &options, folder, &files);
    println!("{page}");
    assert!(page.lines().count() <= 50, "{} lines", page.lines().count());
    assert!(page.lines().all(|l| l.chars().count() <= 110));
    for heading in ["WHO PAID", "WHO EARNED", "WHAT LEAKED", "SUPPLY", "digest"] {
        assert!(page.contains(heading), "{heading}");
    }
    for (_, records) in odd_records() {
        let page = text::summary(&head(1), &records, &options, folder, &[]);
        assert!(page.lines().count() <= 50 && !page.contains("NaN"), "{page}");
    }
}

#[test]
fn linkage_has_its_line_only_where_there_is_a_rule() {
    let options = Options::default();
    let page = |records: &[Record]| text::summary(&head(1), records, &options, Path::new("x"), &[]);
    for (_, mut records) in odd_records() {
        assert!(!page(&records).contains("linkage"));
        let values = [
            ("flagged_accounts", 9.0),
            ("precision", 0.25),
            ("recall", 0.5),
            ("cost_usd_wrongly_flagged", 1200.0),
        ];
        for record in &mut records {
            for (name, value) in values {
                record.metrics.insert(format!("linkage.{name}"), Metric { unit: "", value: Some(value) });
            }
        }
        let page = page(&records);
        let lines: Vec<&str> = page.lines().filter(|l| l.contains("linkage")).collect();
        assert_eq!(lines.len(), usize::from(!records.is_empty()));
        assert!(
            lines.iter().all(|l| l.contains("25%") && l.contains("50%") && l.contains("$1.2K")),
            "{page}"
        );
        assert!(page.lines().count() <= 50, "{page}");
    }
}

#[test]
#[ignore = "writes the figures for people to look at, into the folder named by LOOK"]
fn figures_to_look_at() {
    let folder = PathBuf::from(std::env::var("LOOK").expect("LOOK names a folder"));
    let mut cases = odd_records();
    cases.push(("one", vec![record(0, 5280)]));
    cases.push(("several", (0..8).map(|r| record(r, 5280)).collect()));
    for (name, records) in cases {
        let options = Options { csv: false, insiders: vec!["early_insiders".into()], ..Options::default() };
        write(&folder.join(name.replace(' ', "-")), &head(records.len() as u32), &records, &options)
            .expect("a folder of our own");
    }
}

#[test]
fn a_settled_run_says_its_figures_with_intervals_and_an_unsettled_one_that_it_is_none() {
    let figure = |name: &str, value: Option<f64>, half_width: Option<f64>| Settled {
        found: Found { name: format!("steady.{name}"), unit: "hours", value },
        half_width,
    };
    let page =
        |records: &[Record]| text::summary(&head(1), records, &Options::default(), Path::new("x"), &[]);
    let mut one = record(0, 10);
    assert!(!page(std::slice::from_ref(&one)).contains("ONCE SETTLED"));
    one.steady = vec![
        figure("wait_hours_mean", Some(2.5), Some(0.25)),
        figure("wait_hours_mean.low", Some(4.0), None),
        figure("down_hours_mean", None, None),
    ];
    for settled in &one.steady {
        let metric = Metric { unit: "hours", value: settled.found.value };
        one.metrics.insert(settled.found.name.clone(), metric);
    }
    let alone = page(std::slice::from_ref(&one));
    let line = alone.lines().find(|line| line.contains("wait hours mean")).expect("its line");
    assert_eq!(
        line.split_whitespace().collect::<Vec<_>>(),
        ["wait", "hours", "mean", "2.5", "\u{b1}0.25", "4"]
    );
    assert!(!alone.contains("down hours"), "nothing defines it");
    let mut other = one.clone();
    other.metrics.insert("steady.wait_hours_mean".into(), Metric { unit: "hours", value: Some(3.5) });
    // Mean 3, deviation 0.7071, t(0.975; 1) = 12.706: half width 6.353.
    assert!(page(&[one.clone(), other]).contains("3 \u{b1}6.35"));
    for settled in &mut one.steady {
        settled.found.value = None;
    }
    assert!(page(&[one]).contains("not reached: no steady state is in sight"));
}
