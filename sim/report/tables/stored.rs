//! Reading tables back that this program wrote: a column of a row group at a time, so that no table is held whole.

use super::batch::{Cells, Field, Kind};
use parquet::basic::Type as Physical;
use parquet::column::reader::{ColumnReader, ColumnReaderImpl, get_typed_column_reader};
use parquet::data_type::{ByteArrayType, DataType, DoubleType, Int32Type};
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader, SerializedFileReader};
use std::borrow::Cow;
use std::fs::File;
use std::io;
use std::path::Path;

/// A table on the disk.
pub struct Stored {
    reader: SerializedFileReader<File>,
    fields: Vec<Field>,
}

impl Stored {
    /// Opens a table of counts, numbers and texts; its other columns cannot be read.
    ///
    /// # Errors
    /// When the file cannot be read or is no such table.
    pub fn open(path: &Path) -> io::Result<Stored> {
        let reader = SerializedFileReader::new(File::open(path)?).map_err(io::Error::other)?;
        let schema = reader.metadata().file_metadata().schema_descr_ptr();
        let field = |column: &parquet::schema::types::ColumnDescPtr| {
            let kind = match column.physical_type() {
                Physical::INT32 => Kind::Count,
                Physical::DOUBLE => Kind::Number,
                Physical::BYTE_ARRAY => Kind::Text,
                other => return Err(io::Error::other(format!("column {} holds {other}", column.name()))),
            };
            Ok(Field::new(column.name().to_owned(), kind))
        };
        let fields = schema.columns().iter().map(field).collect::<io::Result<Vec<Field>>>()?;
        Ok(Stored { reader, fields })
    }

    /// Its columns.
    #[must_use]
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// How many row groups it has.
    #[must_use]
    pub fn groups(&self) -> usize {
        self.reader.num_row_groups()
    }

    /// The number of a column.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name == name)
    }

    /// The cells of a column in a row group; null numbers are NaN.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn cells(&self, group: usize, column: usize) -> io::Result<Cells<'static>> {
        self.read(group, column).map_err(io::Error::other)
    }

    /// A column of numbers, at most its first `most`.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn numbers(&self, column: usize, most: usize) -> io::Result<Vec<f64>> {
        let mut all = Vec::new();
        for group in 0..self.groups() {
            if all.len() >= most {
                break;
            }
            match self.cells(group, column)? {
                Cells::Number(cells) => all.extend(cells),
                Cells::Count(cells) => all.extend(cells.into_iter().map(f64::from)),
                _ => {
                    return Err(io::Error::other(format!(
                        "column {} is no number",
                        self.fields[column].name
                    )));
                }
            }
        }
        all.truncate(most);
        Ok(all)
    }

    fn read(&self, group: usize, column: usize) -> Result<Cells<'static>, ParquetError> {
        let group = self.reader.get_row_group(group)?;
        let rows = usize::try_from(group.metadata().num_rows()).unwrap_or(0);
        let reader = group.get_column_reader(column)?;
        Ok(match self.fields[column].kind {
            Kind::Count => {
                let cells = values(get_typed_column_reader::<Int32Type>(reader), rows)?;
                Cells::Count(cells.into_iter().map(i32::cast_unsigned).collect())
            }
            Kind::Text => {
                let cells = values(get_typed_column_reader::<ByteArrayType>(reader), rows)?;
                let text = |bytes: parquet::data_type::ByteArray| {
                    Cow::Owned(String::from_utf8_lossy(bytes.data()).into_owned())
                };
                Cells::Text(cells.into_iter().map(text).collect())
            }
            _ => Cells::Number(numbers(reader, rows)?),
        })
    }
}

/// All values of a required column.
fn values<T: DataType>(mut reader: ColumnReaderImpl<T>, rows: usize) -> Result<Vec<T::T>, ParquetError> {
    let mut cells = Vec::with_capacity(rows);
    while cells.len() < rows {
        let (read, ..) = reader.read_records(rows - cells.len(), None, None, &mut cells)?;
        if read == 0 {
            return Err(ParquetError::EOF("the column ends early".to_owned()));
        }
    }
    Ok(cells)
}

/// All values of a column of numbers, NaN where there is none.
fn numbers(reader: ColumnReader, rows: usize) -> Result<Vec<f64>, ParquetError> {
    let mut reader = get_typed_column_reader::<DoubleType>(reader);
    let (mut present, mut levels): (Vec<f64>, Vec<i16>) = (Vec::new(), Vec::new());
    let mut done = 0;
    while done < rows {
        let (read, ..) = reader.read_records(rows - done, Some(&mut levels), None, &mut present)?;
        if read == 0 {
            return Err(ParquetError::EOF("the column ends early".to_owned()));
        }
        done += read;
    }
    if levels.is_empty() {
        return Ok(present);
    }
    let mut next = present.into_iter();
    Ok(levels
        .into_iter()
        .map(|level| if level == 0 { f64::NAN } else { next.next().unwrap_or(f64::NAN) })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tables::{Table, parquet};

    #[test]
    fn what_was_written_is_read_back_group_by_group() {
        let fields = vec![
            Field::new("row", Kind::Count),
            Field::new("name".to_owned(), Kind::Text),
            Field::new("value", Kind::Number),
        ];
        let batch = |from: u32| {
            vec![
                Cells::Count(vec![from, u32::MAX]),
                Cells::Text(vec![format!("r{from}").into(), "\u{e9}".into()]),
                Cells::Number(vec![f64::NAN, 0.1 + f64::from(from)]),
            ]
        };
        let path = std::env::temp_dir().join(format!("depin-sim-stored-{}.parquet", std::process::id()));
        let batches = vec![batch(0), batch(7)];
        parquet::write(
            &path,
            Table { name: "t", fields: fields.clone(), batches: Box::new(batches.into_iter()) },
        )
        .expect("room");
        let stored = Stored::open(&path).expect("a table");
        assert_eq!((stored.fields(), stored.groups(), stored.find("value")), (&fields[..], 2, Some(2)));
        assert_eq!(stored.numbers(0, 3).expect("counts").len(), 3);
        let Cells::Text(names) = stored.cells(1, 1).expect("texts") else { panic!("no texts") };
        assert_eq!(names, ["r7", "\u{e9}"]);
        assert_eq!(stored.numbers(0, 9).expect("counts"), [0.0, 4_294_967_295.0, 7.0, 4_294_967_295.0]);
        let values = stored.numbers(2, 4).expect("numbers");
        assert!(values[0].is_nan() && values[2].is_nan());
        assert_eq!((values[1].to_bits(), values[3].to_bits()), (0.1_f64.to_bits(), 7.1_f64.to_bits()));
        std::fs::remove_file(path).expect("it is there");
    }
}
