//! The tables of a sweep: a part per block, and all of it as `results.parquet`, a row per run.

use crate::experiment::sweep::Sweep;
use crate::experiment::sweep::outcome::Outcome;
use crate::report::replace;
use crate::report::tables::batch::{Batch, Cells, Field, Kind};
use crate::report::tables::stored::Stored;
use crate::report::tables::{Table, parquet};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

/// Before the name of an axis.
pub const PARAMETER: &str = "param_";
/// Rows of a row group, about: few enough that a group of any sweep fits in some megabytes.
const GROUP_ROWS: usize = 4096;

/// The columns that say which run a row is of, what its settings were and how it ended.
fn leading(sweep: &Sweep) -> Vec<Field> {
    let mut fields = vec![
        Field::new("run_id", Kind::Text),
        Field::new("design_row", Kind::Count),
        Field::new("replication", Kind::Count),
    ];
    for (number, axis) in sweep.design.axes().iter().enumerate() {
        let kind = if numeric(sweep, number) { Kind::Number } else { Kind::Text };
        fields.push(Field::new(format!("{PARAMETER}{}", axis.name), kind));
    }
    fields.extend([Field::new("digest", Kind::Text), Field::new("error", Kind::Text)]);
    fields
}

/// Whether the settings of an axis are numbers in every row.
pub fn numeric(sweep: &Sweep, axis: usize) -> bool {
    match sweep.design.method() {
        crate::experiment::design::Method::Points(points) => points.numeric(axis),
        _ => sweep.design.axes()[axis].numeric(),
    }
}

/// Writes the part of a block.
///
/// # Errors
/// When it cannot be written.
pub fn part(sweep: &Sweep, path: &Path, outcomes: &[Outcome]) -> io::Result<()> {
    let metrics: BTreeSet<&str> = outcomes.iter().flat_map(|o| o.values.keys().map(String::as_str)).collect();
    let mut fields = leading(sweep);
    fields.extend(metrics.iter().map(|name| Field::new((*name).to_owned(), Kind::Number)));
    let batch = batch(sweep, outcomes, &metrics);
    replace::with(path, |temporary| {
        parquet::write(
            temporary,
            Table { name: "results", fields, batches: Box::new(std::iter::once(batch)) },
        )
    })
}

fn batch<'a>(sweep: &Sweep, outcomes: &'a [Outcome], metrics: &BTreeSet<&str>) -> Batch<'a> {
    let count = |value: u64| u32::try_from(value).expect("runs are fewer than 32 bits can number");
    let text =
        |pick: fn(&'a Outcome) -> &'a str| Cells::Text(outcomes.iter().map(|o| pick(o).into()).collect());
    let points: Vec<Vec<String>> =
        outcomes.iter().map(|o| sweep.design.point(sweep.place(o.run).0)).collect();
    let mut batch = vec![
        text(|outcome| &outcome.id),
        Cells::Count(outcomes.iter().map(|o| count(sweep.place(o.run).0)).collect()),
        Cells::Count(outcomes.iter().map(|o| sweep.place(o.run).1).collect()),
    ];
    for axis in 0..sweep.design.axes().len() {
        let settings = points.iter().map(|point| &point[axis]);
        batch.push(if numeric(sweep, axis) {
            let number = |text: &String| text.replace('_', "").parse().unwrap_or(f64::NAN);
            Cells::Number(settings.map(number).collect())
        } else {
            Cells::Text(settings.map(|text| plain(text).into()).collect())
        });
    }
    batch.extend([text(|outcome| &outcome.digest), text(|outcome| &outcome.error)]);
    for metric in metrics {
        let value = |o: &Outcome| o.values.get(*metric).copied().flatten().unwrap_or(f64::NAN);
        batch.push(Cells::Number(outcomes.iter().map(value).collect()));
    }
    batch
}

/// A quoted text without its quotes, where it is a plain one.
fn plain(text: &str) -> String {
    let inner = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    inner.filter(|inner| !inner.contains(['"', '\\'])).unwrap_or(text).to_owned()
}

/// Joins parts, in order, into one table; every metric that one of them has is a column, null where a row has it not.
///
/// # Errors
/// When a part cannot be read or the table cannot be written.
pub fn join(sweep: &Sweep, parts: &[PathBuf], path: &Path) -> io::Result<()> {
    let leading = leading(sweep);
    let mut metrics: BTreeSet<String> = BTreeSet::new();
    for part in parts {
        let stored = Stored::open(part).map_err(|error| damaged(part, &error))?;
        if stored.fields().get(..leading.len()) != Some(&leading[..]) {
            return Err(damaged(part, &"it is no part of this sweep"));
        }
        metrics.extend(stored.fields()[leading.len()..].iter().map(|field| field.name.to_string()));
    }
    let mut fields = leading;
    fields.extend(metrics.into_iter().map(|name| Field::new(name, Kind::Number)));
    let failed: RefCell<Option<io::Error>> = RefCell::new(None);
    let mut rest = parts;
    let names = fields.clone();
    let batches = std::iter::from_fn(|| {
        if rest.is_empty() {
            return None;
        }
        match group(&mut rest, &names) {
            Ok(batch) => Some(batch),
            Err(error) => {
                failed.replace(Some(error));
                None
            }
        }
    });
    replace::with(path, |temporary| {
        parquet::write(temporary, Table { name: "results", fields, batches: Box::new(batches) })?;
        failed.take().map_or(Ok(()), Err)
    })
}

fn damaged(part: &Path, why: &dyn std::fmt::Display) -> io::Error {
    let text = format!("{} is damaged ({why}); without it, its runs are carried out again", part.display());
    io::Error::other(text)
}

/// The cells of the next parts, as many as make a row group.
fn group(rest: &mut &[PathBuf], fields: &[Field]) -> io::Result<Batch<'static>> {
    let mut opened = Vec::new();
    let mut rows = 0;
    while let Some((part, later)) = rest.split_first() {
        if rows >= GROUP_ROWS {
            break;
        }
        let stored = Stored::open(part)?;
        rows += stored.cells(0, 0)?.len();
        opened.push(stored);
        *rest = later;
    }
    let mut batch = Vec::new();
    for field in fields {
        let mut cells = match field.kind {
            Kind::Count => Cells::Count(Vec::new()),
            Kind::Text => Cells::Text(Vec::new()),
            _ => Cells::Number(Vec::new()),
        };
        for stored in &opened {
            let more = match stored.find(&field.name) {
                Some(column) => stored.cells(0, column)?,
                None => Cells::Number(vec![f64::NAN; stored.cells(0, 0)?.len()]),
            };
            match (&mut cells, more) {
                (Cells::Count(all), Cells::Count(more)) => all.extend(more),
                (Cells::Text(all), Cells::Text(more)) => all.extend(more),
                (Cells::Number(all), Cells::Number(more)) => all.extend(more),
                _ => return Err(io::Error::other(format!("column {} has two types", field.name))),
            }
        }
        batch.push(cells);
    }
    Ok(batch)
}
