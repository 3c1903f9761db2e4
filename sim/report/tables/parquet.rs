//! A table as parquet: one row group per batch, zstd, the same bytes for the same rows.

use super::Table;
use super::batch::{Batch, Cells, Field, Kind};
use crate::report::number::whole;
use parquet::basic::{Compression, ConvertedType, LogicalType, Repetition, Type as Physical, ZstdLevel};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::Type;
use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;

/// Writes a table to a file.
///
/// # Errors
/// When the file cannot be written.
pub fn write(path: &Path, table: Table<'_>) -> io::Result<()> {
    fill(File::create(path)?, table).map_err(io::Error::other)
}

fn fill(file: File, table: Table<'_>) -> Result<(), ParquetError> {
    let columns: Result<Vec<_>, _> = table.fields.iter().map(column_type).collect();
    let schema = Type::group_type_builder(table.name).with_fields(columns?).build()?;
    // The level is named and the writer's version is not, so that an update of the library alone does not
    // change the file more than it must.
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(3)?))
        .set_created_by("depin-sim".into())
        .build();
    let mut writer = SerializedFileWriter::new(file, Arc::new(schema), Arc::new(properties))?;
    for batch in table.batches.filter(|b| b.first().is_some_and(|c| !c.is_empty())) {
        row_group(&mut writer, &batch)?;
    }
    writer.close()?;
    Ok(())
}

fn column_type(field: &Field) -> Result<Arc<Type>, ParquetError> {
    let physical = match field.kind {
        Kind::Count => Physical::INT32,
        Kind::Instant => Physical::INT64,
        Kind::Number | Kind::Amount => Physical::DOUBLE,
        Kind::Flag => Physical::BOOLEAN,
        Kind::Text | Kind::Integer => Physical::BYTE_ARRAY,
    };
    let optional = matches!(field.kind, Kind::Instant | Kind::Number);
    let repetition = if optional { Repetition::OPTIONAL } else { Repetition::REQUIRED };
    let builder = Type::primitive_type_builder(&field.name, physical).with_repetition(repetition);
    let builder = match field.kind {
        Kind::Count => builder.with_converted_type(ConvertedType::UINT_32),
        Kind::Text | Kind::Integer => builder.with_logical_type(Some(LogicalType::String)),
        _ => builder,
    };
    Ok(Arc::new(builder.build()?))
}

fn row_group(writer: &mut SerializedFileWriter<File>, batch: &Batch<'_>) -> Result<(), ParquetError> {
    let mut group = writer.next_row_group()?;
    for cells in batch {
        let mut column = group.next_column()?.expect("the schema has a column for every list of cells");
        write_cells(&mut column, cells)?;
        column.close()?;
    }
    group.close()?;
    Ok(())
}

fn write_cells(column: &mut SerializedColumnWriter<'_>, cells: &Cells<'_>) -> Result<(), ParquetError> {
    match cells {
        // Parquet stores unsigned integers in the bits of signed ones.
        Cells::Count(all) => required::<Int32Type>(column, all.iter().map(|v| v.cast_signed())),
        Cells::Instant(all) => optional::<Int64Type>(column, all.iter().copied()),
        Cells::Number(all) => optional::<DoubleType>(column, all.iter().map(|v| v.is_finite().then_some(*v))),
        Cells::Flag(all) => required::<BoolType>(column, all.iter().copied()),
        Cells::Text(all) => {
            required::<ByteArrayType>(column, all.iter().map(|v| ByteArray::from(v.as_bytes().to_vec())))
        }
        Cells::Amount(all) => required::<DoubleType>(column, all.iter().map(|(a, d)| whole(*a, *d))),
        Cells::Integer(all) => {
            let texts = all.iter().map(|v| ByteArray::from(v.to_string().into_bytes()));
            required::<ByteArrayType>(column, texts)
        }
    }
}

fn required<T: DataType>(
    column: &mut SerializedColumnWriter<'_>,
    values: impl Iterator<Item = T::T>,
) -> Result<(), ParquetError> {
    let values: Vec<T::T> = values.collect();
    column.typed::<T>().write_batch(&values, None, None)?;
    Ok(())
}

fn optional<T: DataType>(
    column: &mut SerializedColumnWriter<'_>,
    values: impl Iterator<Item = Option<T::T>>,
) -> Result<(), ParquetError> {
    let mut present = Vec::new();
    let mut levels = Vec::new();
    for value in values {
        levels.push(i16::from(value.is_some()));
        present.extend(value);
    }
    column.typed::<T>().write_batch(&present, Some(&levels), None)?;
    Ok(())
}
