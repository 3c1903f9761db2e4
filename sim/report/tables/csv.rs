//! A table as CSV: a header, exact decimals, nothing between two commas for null.

use super::Table;
use super::batch::Cells;
use crate::report::number::exact;
use std::io;
use std::path::Path;

/// Writes a table to a file.
///
/// # Errors
/// When the file cannot be written.
pub fn write(path: &Path, table: Table<'_>) -> io::Result<()> {
    let mut out = ::csv::Writer::from_path(path).map_err(io::Error::other)?;
    out.write_record(table.fields.iter().map(|f| f.name.as_ref())).map_err(io::Error::other)?;
    for batch in table.batches {
        for row in 0..batch.first().map_or(0, Cells::len) {
            for cells in &batch {
                out.write_field(cell(cells, row)).map_err(io::Error::other)?;
            }
            out.write_record(None::<&[u8]>).map_err(io::Error::other)?;
        }
    }
    out.flush()
}

fn cell(cells: &Cells<'_>, row: usize) -> String {
    match cells {
        Cells::Count(all) => all[row].to_string(),
        Cells::Instant(all) => all[row].map_or(String::new(), |v| v.to_string()),
        Cells::Number(all) if all[row].is_finite() => all[row].to_string(),
        Cells::Number(_) => String::new(),
        Cells::Flag(all) => all[row].to_string(),
        Cells::Text(all) => all[row].to_string(),
        Cells::Amount(all) => exact(all[row].0, all[row].1),
        Cells::Integer(all) => all[row].to_string(),
    }
}
