//! Tables of Arrow on their way in: written as Parquet.

use std::io::Write;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::ffi_stream::ArrowArrayStreamReader;
use arrow_array::types::{Date64Type, TimestampMillisecondType, TimestampSecondType};
use arrow_array::{
    Array, ArrayRef, NullArray, RecordBatch, RecordBatchIterator, RecordBatchReader,
};
use arrow_pyarrow::FromPyArrow;
use arrow_schema::{ArrowError, DataType, Field, Schema, TimeUnit};
use parquet::arrow::ArrowWriter;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;

/// The number of rows that are in a row group: what one thread reads at a time.
const ROWS: usize = 1 << 18;

/// The most bytes that are written, as of every stream that is copied.
const MOST: usize = 16 << 30;

/// Batches of one schema.
pub(crate) type Batches = Box<dyn RecordBatchReader + Send>;

/// Returns the batches of a table: anything with `__arrow_c_stream__` or `__arrow_c_array__`.
pub(crate) fn batches(table: &Bound<'_, PyAny>) -> PyResult<Batches> {
    if table.hasattr("__arrow_c_stream__")? {
        return Ok(Box::new(ArrowArrayStreamReader::from_pyarrow_bound(table)?));
    }
    if table.hasattr("__arrow_c_array__")? {
        let batch = RecordBatch::from_pyarrow_bound(table)?;
        let schema = batch.schema();
        return Ok(Box::new(RecordBatchIterator::new([Ok(batch)], schema)));
    }
    let name = table.get_type().name()?;
    Err(PyTypeError::new_err(format!(
        "`{name}` is no table: it has neither `__arrow_c_stream__` nor `__arrow_c_array__`; \
         pass a table of Polars, DuckDB, pandas or pyarrow, or the path of an inventory"
    )))
}

/// Writes all batches as Parquet, an inventory without the cells that are not read, and calls `taken` with
/// the number of rows of each; returns that of all.
pub(crate) fn write(
    batches: Batches,
    target: impl Write + Send,
    is_inventory: bool,
    mut taken: impl FnMut(u64) -> std::io::Result<()>,
) -> Result<u64, ArrowError> {
    let ways = ways(&batches.schema(), is_inventory)?;
    let fields: Vec<Field> = batches.schema().fields().iter().zip(&ways).map(field).collect();
    let schema = Arc::new(Schema::new(fields));
    // It is read once, at once.
    let properties = WriterProperties::builder()
        .set_statistics_enabled(EnabledStatistics::None)
        .set_max_row_group_row_count(Some(ROWS))
        .build();
    let mut writer = ArrowWriter::try_new(target, Arc::clone(&schema), Some(properties))?;
    let mut rows = 0;
    for batch in batches {
        let batch = batch?;
        let columns = batch.columns().iter().zip(&ways).map(column).collect::<Result<_, _>>()?;
        let count = batch.num_rows() as u64;
        writer.write(&RecordBatch::try_new(Arc::clone(&schema), columns)?)?;
        taken(count)?;
        rows += count;
        if writer.bytes_written() > MOST {
            let message = format!("the table is larger than {} GiB", MOST >> 30);
            return Err(ArrowError::ComputeError(message));
        }
    }
    writer.close()?;
    Ok(rows)
}

/// The form of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// As it is.
    Same,
    /// With its name only: relatch does not read it.
    Blank,
    /// As milliseconds: Parquet has neither moments in seconds nor days in milliseconds.
    Milliseconds,
}

/// Returns the form of each column; the reader selects the ones it reads.
fn ways(schema: &Schema, is_inventory: bool) -> Result<Vec<Way>, ArrowError> {
    let blank = |field: &Arc<Field>| Field::new(field.name(), DataType::Null, true);
    let names = Schema::new(schema.fields().iter().map(blank).collect::<Vec<_>>());
    let mut header = Vec::new();
    ArrowWriter::try_new(&mut header, Arc::new(names), None)?.close()?;
    let columns = inventory::Inventory::open(&header[..]);
    // What is no inventory is refused by the one who reads it, with all that is to be said.
    let columns = columns.map(|table| table.columns().clone()).unwrap_or_default();
    let way = |field: &Arc<Field>| {
        let name = field.name().trim();
        match field.data_type() {
            _ if is_inventory
                && columns.ignored.iter().any(|one| one == name)
                && !columns.recognised.iter().any(|one| one == name) =>
            {
                Way::Blank
            }
            DataType::Timestamp(TimeUnit::Second, _) | DataType::Date64 => Way::Milliseconds,
            _ => Way::Same,
        }
    };
    Ok(schema.fields().iter().map(way).collect())
}

fn field((field, way): (&Arc<Field>, &Way)) -> Field {
    let as_type = |data_type| Field::new(field.name(), data_type, true);
    match way {
        Way::Same => as_type(field.data_type().clone()),
        Way::Blank => as_type(DataType::Null),
        Way::Milliseconds => as_type(DataType::Timestamp(TimeUnit::Millisecond, None)),
    }
}

fn column((column, way): (&ArrayRef, &Way)) -> Result<ArrayRef, ArrowError> {
    Ok(match (way, column.data_type()) {
        (Way::Same, _) => Arc::clone(column),
        (Way::Blank, _) => Arc::new(NullArray::new(column.len())),
        (Way::Milliseconds, DataType::Date64) => {
            let days = column.as_primitive::<Date64Type>();
            Arc::new(days.unary::<_, TimestampMillisecondType>(|days| days))
        }
        (Way::Milliseconds, _) => {
            let seconds = column.as_primitive::<TimestampSecondType>();
            // A second that has no milliseconds is no date, however it is written.
            let milliseconds = |second: i64| second.saturating_mul(1000);
            Arc::new(seconds.unary::<_, TimestampMillisecondType>(milliseconds))
        }
    })
}
