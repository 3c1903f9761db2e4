//! The tidy tables of a run: series, suppliers and flows, as batches that any writer can stream.

pub mod batch;
pub mod csv;
mod jobs;
pub mod parquet;
pub mod stored;

use crate::measure::record::{Column, FlowRow, Record, SupplierRow};
use batch::{Batch, Cells, Field, Kind};
use std::borrow::Cow;
use std::io;
use std::path::{Path, PathBuf};

/// A table: its columns, and its rows in batches made one at a time.
pub struct Table<'a> {
    /// Name of its file, without ending.
    pub name: &'static str,
    /// Columns in order.
    pub fields: Vec<Field>,
    /// Rows; every batch has one list of cells per field.
    pub batches: Box<dyn Iterator<Item = Batch<'a>> + 'a>,
}

/// Rows held in memory at once, about.
const BATCH_ROWS: usize = 120_000;

/// All tables of a set of replications.
#[must_use]
pub fn all(records: &[Record]) -> Vec<Table<'_>> {
    vec![series(records), suppliers(records), flows(records)]
}

/// Writes every table as parquet and, where asked, as CSV; gives the paths.
///
/// # Errors
/// When a file cannot be written.
pub fn write(folder: &Path, records: &[Record], parquet: bool, csv: bool) -> io::Result<Vec<PathBuf>> {
    let mut written = Vec::new();
    for table in all(records).into_iter().filter(|_| parquet) {
        let path = folder.join(format!("{}.parquet", table.name));
        super::replace::with(&path, |temporary| parquet::write(temporary, table))?;
        written.push(path);
    }
    for table in all(records).into_iter().filter(|_| csv) {
        let path = folder.join(format!("{}.csv", table.name));
        super::replace::with(&path, |temporary| csv::write(temporary, table))?;
        written.push(path);
    }
    for record in records.iter().filter(|record| !record.jobs.is_empty()) {
        let name = match record.replication {
            0 => "jobs.csv".to_owned(),
            other => format!("jobs-{other}.csv"),
        };
        let path = folder.join(name);
        super::replace::with(&path, |temporary| jobs::write(temporary, &record.jobs))?;
        written.push(path);
    }
    Ok(written)
}

/// One row per replication, metric, group and epoch; undefined values are null.
fn series(records: &[Record]) -> Table<'_> {
    let fields = vec![
        Field::new("replication", Kind::Count),
        Field::new("epoch", Kind::Count),
        Field::new("unix_s", Kind::Instant),
        Field::new("metric", Kind::Text),
        Field::new("group", Kind::Text),
        Field::new("unit", Kind::Text),
        Field::new("value", Kind::Number),
    ];
    let batches = records.iter().flat_map(|record| {
        let per_batch = (BATCH_ROWS / record.series.unix_s.len().max(1)).max(1);
        record.series.columns.chunks(per_batch).map(move |columns| series_batch(record, columns))
    });
    Table { name: "series", fields, batches: Box::new(batches) }
}

fn series_batch<'a>(record: &'a Record, columns: &'a [Column]) -> Batch<'a> {
    let times = &record.series.unix_s;
    let epochs = || columns.iter().flat_map(|c| 0..c.values.len().min(times.len()));
    let text = |pick: fn(&'a Column) -> &'a str| {
        let each =
            columns.iter().flat_map(move |c| std::iter::repeat_n(pick(c), c.values.len().min(times.len())));
        Cells::Text(each.map(Cow::Borrowed).collect())
    };
    let values = columns.iter().flat_map(|c| c.values.iter().take(times.len()).copied());
    vec![
        Cells::Count(epochs().map(|_| record.replication).collect()),
        Cells::Count(epochs().map(|e| u32::try_from(e).unwrap_or(u32::MAX)).collect()),
        Cells::Instant(epochs().map(|e| Some(times[e])).collect()),
        text(|c| c.metric),
        text(|c| c.group.as_str()),
        text(|c| c.unit),
        Cells::Number(values.collect()),
    ]
}

/// One row per replication and supplier. Amounts are in whole dollars, points and tokens: exact decimals
/// in CSV, the nearest double in parquet.
fn suppliers(records: &[Record]) -> Table<'_> {
    let fields = vec![
        Field::new("replication", Kind::Count),
        Field::new("supplier", Kind::Text),
        Field::new("cohort", Kind::Text),
        Field::new("honest", Kind::Flag),
        Field::new("cards", Kind::Count),
        Field::new("option", Kind::Text),
        Field::new("entered_unix_s", Kind::Instant),
        Field::new("left_unix_s", Kind::Instant),
        Field::new("spent_usd", Kind::Amount),
        Field::new("salvage_usd", Kind::Amount),
        Field::new("points", Kind::Amount),
        Field::new("tokens", Kind::Amount),
        Field::new("earned_usd", Kind::Amount),
        Field::new("staked_usd", Kind::Amount),
        Field::new("slashed_usd", Kind::Amount),
        Field::new("expected_roi", Kind::Number),
        Field::new("roi", Kind::Number),
        Field::new("up_hours", Kind::Number),
        Field::new("flagged_devices", Kind::Count),
        Field::new("flagged", Kind::Flag),
    ];
    let batches = records
        .iter()
        .flat_map(|r| r.suppliers.chunks(BATCH_ROWS).map(|rows| supplier_batch(r.replication, rows)));
    Table { name: "suppliers", fields, batches: Box::new(batches) }
}

fn supplier_batch(replication: u32, rows: &[SupplierRow]) -> Batch<'_> {
    let amount = |pick: fn(&SupplierRow) -> i128, decimals: u8| {
        Cells::Amount(rows.iter().map(|r| (pick(r), decimals)).collect())
    };
    let text = |pick: fn(&SupplierRow) -> &str| Cells::Text(rows.iter().map(|r| pick(r).into()).collect());
    vec![
        Cells::Count(vec![replication; rows.len()]),
        text(|r| &r.supplier),
        text(|r| &r.cohort),
        Cells::Flag(rows.iter().map(|r| r.honest).collect()),
        Cells::Count(rows.iter().map(|r| r.cards).collect()),
        text(|r| &r.option),
        Cells::Instant(rows.iter().map(|r| Some(r.entered_unix_s)).collect()),
        Cells::Instant(rows.iter().map(|r| r.left_unix_s).collect()),
        amount(|r| r.spent_usd, 6),
        amount(|r| r.salvage_usd, 6),
        amount(|r| r.points, 6),
        amount(|r| r.tokens, 8),
        amount(|r| r.earned_usd, 6),
        amount(|r| r.staked_usd, 6),
        amount(|r| r.slashed_usd, 6),
        Cells::Number(rows.iter().map(|r| r.expected_roi).collect()),
        Cells::Number(rows.iter().map(|r| r.roi.unwrap_or(f64::NAN)).collect()),
        Cells::Number(rows.iter().map(|r| r.up_hours).collect()),
        Cells::Count(rows.iter().map(|r| r.flagged_devices).collect()),
        Cells::Flag(rows.iter().map(|r| r.flagged).collect()),
    ]
}

/// One row per replication, payer, payee, category and asset: `amount` in whole units of the asset, and
/// the exact integer of base units as text beside it.
fn flows(records: &[Record]) -> Table<'_> {
    let fields = vec![
        Field::new("replication", Kind::Count),
        Field::new("payer", Kind::Text),
        Field::new("payee", Kind::Text),
        Field::new("category", Kind::Text),
        Field::new("asset", Kind::Text),
        Field::new("amount", Kind::Amount),
        Field::new("amount_base_units", Kind::Integer),
        Field::new("decimals", Kind::Count),
    ];
    let batches =
        records.iter().flat_map(|r| r.flows.chunks(BATCH_ROWS).map(|rows| flow_batch(r.replication, rows)));
    Table { name: "flows", fields, batches: Box::new(batches) }
}

fn flow_batch(replication: u32, rows: &[FlowRow]) -> Batch<'_> {
    let text = |pick: fn(&FlowRow) -> &str| Cells::Text(rows.iter().map(|r| pick(r).into()).collect());
    vec![
        Cells::Count(vec![replication; rows.len()]),
        text(|r| &r.payer),
        text(|r| &r.payee),
        text(|r| r.category),
        text(|r| r.asset),
        Cells::Amount(rows.iter().map(|r| (r.amount, r.decimals)).collect()),
        Cells::Integer(rows.iter().map(|r| r.amount).collect()),
        Cells::Count(rows.iter().map(|r| u32::from(r.decimals)).collect()),
    ]
}
