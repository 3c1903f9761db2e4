//! A CSV file by the names of its columns.

use super::error::{Fault, quoted};
use super::source;
use csv::{ErrorKind, Reader, ReaderBuilder, StringRecord, Trim};
use std::io::BufRead;

/// Rows one at a time, with their line numbers.
pub(super) struct Sheet<'a> {
    reader: Reader<Box<dyn BufRead + 'a>>,
    header: StringRecord,
    row: StringRecord,
}

impl<'a> Sheet<'a> {
    pub(super) fn of(bytes: &'a [u8]) -> Result<Self, Fault> {
        let mut reader = ReaderBuilder::new().trim(Trim::All).from_reader(source::open(bytes));
        let header = reader.headers().map_err(|error| fault(&error))?.clone();
        Ok(Self { reader, header, row: StringRecord::new() })
    }

    /// Place of a column that may be missing.
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|column| column == name)
    }

    /// Place of a column that must be there.
    pub(super) fn column(&self, name: &str) -> Result<usize, Fault> {
        self.find(name).ok_or_else(|| {
            let header: Vec<&str> = self.header.iter().collect();
            Fault::at(1, format!("columns {}", quoted(&header.join(","))), format!("a column {name}"))
        })
    }

    /// The next row and its line.
    pub(super) fn next(&mut self) -> Result<Option<(u64, &StringRecord)>, Fault> {
        let got = self.reader.read_record(&mut self.row).map_err(|error| fault(&error))?;
        let line = self.row.position().map_or(0, csv::Position::line);
        Ok(got.then_some((line, &self.row)))
    }
}

fn fault(error: &csv::Error) -> Fault {
    let line = error.position().map_or(0, csv::Position::line);
    match error.kind() {
        ErrorKind::Io(io) => source::torn(io),
        ErrorKind::UnequalLengths { expected_len, len, .. } => {
            Fault::at(line, format!("{len} columns"), format!("{expected_len} columns, as in the header"))
        }
        ErrorKind::Utf8 { .. } => Fault::at(line, "bytes that are not UTF-8", "text in UTF-8"),
        _ => Fault::at(line, error.to_string(), "a table with commas between its columns"),
    }
}
