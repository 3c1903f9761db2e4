//! A recording as Parquet: a row per line, with its instant and kind beside the line itself, so that nothing is lost.

use super::line::{self, Said};
use super::reading::Lines;
use depin_protocol::recording::kind;
use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical, ZstdLevel};
use parquet::column::reader::ColumnReader;
use parquet::data_type::{ByteArray, ByteArrayType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::Type;
use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// Names of the columns: nanoseconds since the start, what the line is, the line without its line break.
pub const COLUMNS: [&str; 3] = ["at", "kind", "line"];
/// Rows of a group at most, and bytes of lines after which a group is full.
const GROUP: (usize, usize) = (50_000, 1 << 25);

/// Lines read out of a Parquet file, a group of rows at a time.
pub struct Columns {
    file: SerializedFileReader<File>,
    group: usize,
    rows: std::vec::IntoIter<ByteArray>,
}

impl Columns {
    /// Opens a file that has the column `line`.
    ///
    /// # Errors
    /// When it is torn, or another table.
    pub fn open(file: File) -> Result<Columns, String> {
        let file = unthrown(|| SerializedFileReader::new(file))?;
        let schema = file.metadata().file_metadata().schema_descr();
        let names: Vec<&str> = schema.columns().iter().map(|column| column.name()).collect();
        if names != COLUMNS {
            return Err(format!("its columns are {}, not {}", names.join(", "), COLUMNS.join(", ")));
        }
        Ok(Columns { file, group: 0, rows: Vec::new().into_iter() })
    }

    /// The next line; `None` at the end.
    ///
    /// # Errors
    /// When a group of rows cannot be read.
    pub fn read(&mut self) -> Result<Option<Vec<u8>>, String> {
        loop {
            if let Some(line) = self.rows.next() {
                return Ok(Some(line.data().to_vec()));
            }
            if self.group == self.file.num_row_groups() {
                return Ok(None);
            }
            self.rows = unthrown(|| self.read_group())?.into_iter();
            self.group += 1;
        }
    }

    fn read_group(&self) -> Result<Vec<ByteArray>, ParquetError> {
        let group = self.file.get_row_group(self.group)?;
        let ColumnReader::ByteArrayColumnReader(mut column) = group.get_column_reader(2)? else {
            return Err(ParquetError::General("the column `line` is not text".to_owned()));
        };
        let mut lines = Vec::new();
        while column.read_records(GROUP.0, None, None, &mut lines)?.0 > 0 {}
        Ok(lines)
    }
}

/// What a reading comes to. Some damage makes the library that reads the format panic: that is damage too, and said.
fn unthrown<T>(reading: impl FnOnce() -> Result<T, ParquetError>) -> Result<T, String> {
    match catch_unwind(AssertUnwindSafe(reading)) {
        Ok(read) => read.map_err(damaged),
        Err(_) => Err("the file is damaged".to_owned()),
    }
}

fn damaged(error: ParquetError) -> String {
    format!("the file is cut short or damaged: {error}")
}

/// Copies all lines into a Parquet file; gives their number.
///
/// # Errors
/// When a line cannot be read, or the file not be written, in words.
pub fn write(mut lines: Lines, to: File) -> Result<u64, String> {
    let mut writer = start(to).map_err(|error| error.to_string())?;
    let (mut at, mut kinds, mut texts, mut bytes, mut count) = (Vec::new(), Vec::new(), Vec::new(), 0, 0u64);
    loop {
        let next = lines.read().map_err(|trouble| trouble.to_string())?;
        if texts.len() == GROUP.0 || bytes >= GROUP.1 || next.is_none() {
            group(&mut writer, &at, &kinds, &texts).map_err(|error| error.to_string())?;
            at.clear();
            kinds.clear();
            texts.clear();
            bytes = 0;
        }
        let Some((text, _)) = next else { break };
        count += 1;
        let (instant, kind) = name(&text, count)?;
        at.push(instant.cast_signed());
        kinds.push(ByteArray::from(kind));
        bytes += text.len();
        texts.push(ByteArray::from(text));
    }
    writer.close().map_err(|error| error.to_string())?;
    Ok(count)
}

fn name(text: &[u8], number: u64) -> Result<(u64, &'static str), String> {
    if number == 1 {
        return line::header(text).map(|_| (0, "header"));
    }
    let (at, said) = line::read(text).map_err(|why| format!("line {number}: {why}"))?;
    let name = match said {
        Said::Command(command) => kind(&command.command()),
        Said::Check(_) => "check",
        Said::End(_) => "end",
    };
    Ok((at, name))
}

fn start(to: File) -> Result<SerializedFileWriter<File>, ParquetError> {
    let column = |name: &str, physical, text: bool| {
        let logical = text.then_some(LogicalType::String);
        let builder = Type::primitive_type_builder(name, physical).with_repetition(Repetition::REQUIRED);
        builder.with_logical_type(logical).build().map(Arc::new)
    };
    let [at, kind, line] = COLUMNS;
    let fields = vec![
        column(at, Physical::INT64, false)?,
        column(kind, Physical::BYTE_ARRAY, true)?,
        column(line, Physical::BYTE_ARRAY, true)?,
    ];
    let schema = Type::group_type_builder("events").with_fields(fields).build()?;
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(3)?))
        .set_created_by("depin-sim".into())
        .build();
    SerializedFileWriter::new(to, Arc::new(schema), Arc::new(properties))
}

fn group(
    writer: &mut SerializedFileWriter<File>,
    at: &[i64],
    kinds: &[ByteArray],
    texts: &[ByteArray],
) -> Result<(), ParquetError> {
    if texts.is_empty() {
        return Ok(());
    }
    let mut group = writer.next_row_group()?;
    let mut column = group.next_column()?.expect("three columns");
    column.typed::<Int64Type>().write_batch(at, None, None)?;
    column.close()?;
    for cells in [kinds, texts] {
        let mut column = group.next_column()?.expect("three columns");
        column.typed::<ByteArrayType>().write_batch(cells, None, None)?;
        column.close()?;
    }
    group.close()?;
    Ok(())
}
