//! Parquet files: written from columns of any kind, and turned into CSV row by row.

use std::sync::Arc;

use bytes::Bytes;
use chrono::{DateTime, NaiveDate, TimeDelta};
use parquet::basic::{
    Compression, ConvertedType, Encoding, LogicalType, Repetition, TimeUnit, Type as Physical,
};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, Int32Type, Int64Type};
use parquet::file::properties::{WriterProperties, WriterVersion};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::record::Field;
use parquet::schema::printer::print_schema;
use parquet::schema::types::Type;

/// A column to write.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its cells, from the first row on.
    pub cells: Cells,
}

/// Cells of one type; `None` is null.
#[derive(Clone, Debug)]
pub enum Cells {
    /// Texts, which the file says to be UTF-8.
    Texts(Vec<Option<String>>),
    /// Bytes without a logical type.
    Bytes(Vec<Option<Vec<u8>>>),
    /// Truth values.
    Truths(Vec<Option<bool>>),
    /// Numbers of 32 bits: plain, without a sign, or days.
    Small(Small, Vec<Option<i32>>),
    /// Numbers of 64 bits: plain, or moments.
    Large(Large, Vec<Option<i64>>),
}

/// The meaning of 32-bit numbers; `Nothing` is the type of columns whose values are all null.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Small {
    Signed,
    Unsigned,
    Days,
    Nothing,
}

/// The meaning of 64-bit numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Large {
    Signed,
    Milliseconds,
    Microseconds,
    Nanoseconds,
}

/// Asks the same of cells of any type.
macro_rules! of_any {
    ($all:expr, $cells:ident => $answer:expr) => {
        match $all {
            Cells::Texts($cells) => $answer,
            Cells::Bytes($cells) => $answer,
            Cells::Truths($cells) => $answer,
            Cells::Small(_, $cells) => $answer,
            Cells::Large(_, $cells) => $answer,
        }
    };
}

impl Cells {
    /// Returns their number.
    pub fn len(&self) -> usize {
        of_any!(self, cells => cells.len())
    }

    /// Returns true if there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// The form of a file.
#[derive(Clone, Copy, Debug)]
pub struct Layout {
    /// The number of rows a row group has, at least 1.
    pub group: usize,
    /// The number of rows a page has, at least 1.
    pub page: usize,
    /// The number of bytes a dictionary may have before values are written otherwise; `None` for no
    /// dictionaries at all.
    pub dictionary: Option<usize>,
    /// True if pages have the second form.
    pub second_form: bool,
    /// True if texts and numbers that are in no dictionary are written by what changes.
    pub delta: bool,
    /// True if pages are packed.
    pub packed: bool,
    /// True if a column without nulls may say that it has none.
    pub required: bool,
}

impl Layout {
    /// As most programs write.
    pub const USUAL: Self = Self {
        group: 1 << 20,
        page: 20_000,
        dictionary: Some(1 << 20),
        second_form: false,
        delta: false,
        packed: true,
        required: false,
    };

    fn properties(&self, columns: &[Column]) -> WriterProperties {
        let version =
            if self.second_form { WriterVersion::PARQUET_2_0 } else { WriterVersion::PARQUET_1_0 };
        let mut properties = WriterProperties::builder()
            .set_writer_version(version)
            .set_max_row_group_row_count(Some(self.group))
            .set_data_page_row_count_limit(self.page)
            .set_write_batch_size(self.page.min(1024))
            .set_dictionary_enabled(self.dictionary.is_some())
            .set_dictionary_page_size_limit(self.dictionary.unwrap_or(1));
        if self.packed {
            properties = properties.set_compression(Compression::SNAPPY);
        }
        for column in columns.iter().filter(|_| self.delta) {
            let encoding = match (&column.cells, column.name.len() % 2) {
                (Cells::Truths(_), _) => Encoding::RLE,
                (Cells::Texts(_) | Cells::Bytes(_), 0) => Encoding::DELTA_BYTE_ARRAY,
                (Cells::Texts(_) | Cells::Bytes(_), _) => Encoding::DELTA_LENGTH_BYTE_ARRAY,
                (_, 0) => Encoding::DELTA_BINARY_PACKED,
                _ => Encoding::BYTE_STREAM_SPLIT,
            };
            properties = properties.set_column_encoding(column.name.as_str().into(), encoding);
        }
        properties.build()
    }
}

/// Writes columns of the same length.
///
/// # Panics
///
/// If they have not the same length, or two the same name.
pub fn write(columns: &[Column], layout: &Layout) -> Vec<u8> {
    let rows = columns.first().map_or(0, |column| column.cells.len());
    let required = |column: &Column| layout.required && !has_nulls(&column.cells);
    let fields = columns.iter().map(|column| Arc::new(field(column, required(column)))).collect();
    let schema = Type::group_type_builder("schema").with_fields(fields).build();
    let schema = Arc::new(schema.expect("the columns have names of their own"));
    let mut file = Vec::new();
    let properties = Arc::new(layout.properties(columns));
    let mut writer =
        SerializedFileWriter::new(&mut file, schema, properties).expect("memory can be written");
    let mut begin = 0;
    while begin < rows {
        let end = rows.min(begin + layout.group);
        let mut group = writer.next_row_group().expect("memory can be written");
        for column in columns {
            write_column(&mut group, &column.cells, begin..end, required(column));
        }
        group.close().expect("every column was written");
        begin = end;
    }
    writer.close().expect("memory can be written");
    file
}

fn has_nulls(cells: &Cells) -> bool {
    of_any!(cells, cells => cells.contains(&None))
}

fn field(column: &Column, required: bool) -> Type {
    let timestamp = |unit| Some(LogicalType::timestamp(true, unit));
    let (physical, logical) = match &column.cells {
        Cells::Texts(_) => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        Cells::Bytes(_) => (Physical::BYTE_ARRAY, None),
        Cells::Truths(_) => (Physical::BOOLEAN, None),
        Cells::Small(Small::Signed, _) => (Physical::INT32, None),
        Cells::Small(Small::Unsigned, _) => {
            (Physical::INT32, Some(LogicalType::integer(32, false)))
        }
        Cells::Small(Small::Days, _) => (Physical::INT32, Some(LogicalType::Date)),
        Cells::Small(Small::Nothing, _) => (Physical::INT32, Some(LogicalType::Unknown)),
        Cells::Large(Large::Signed, _) => (Physical::INT64, None),
        Cells::Large(Large::Milliseconds, _) => (Physical::INT64, timestamp(TimeUnit::MILLIS)),
        Cells::Large(Large::Microseconds, _) => (Physical::INT64, timestamp(TimeUnit::MICROS)),
        Cells::Large(Large::Nanoseconds, _) => (Physical::INT64, timestamp(TimeUnit::NANOS)),
    };
    let repetition = if required { Repetition::REQUIRED } else { Repetition::OPTIONAL };
    Type::primitive_type_builder(&column.name, physical)
        .with_logical_type(logical)
        .with_converted_type(ConvertedType::NONE)
        .with_repetition(repetition)
        .build()
        .expect("the types exist")
}

fn write_column(
    group: &mut SerializedRowGroupWriter<'_, &mut Vec<u8>>,
    cells: &Cells,
    rows: std::ops::Range<usize>,
    required: bool,
) {
    let bytes = |text: &[u8]| ByteArray::from(text.to_vec());
    match cells {
        Cells::Texts(cells) => {
            let cells = cells[rows].iter().map(|cell| cell.as_deref().map(str::as_bytes));
            put::<ByteArrayType>(group, cells.map(|cell| cell.map(bytes)), required);
        }
        Cells::Bytes(cells) => {
            let cells = cells[rows].iter().map(|cell| cell.as_deref().map(bytes));
            put::<ByteArrayType>(group, cells, required);
        }
        Cells::Truths(cells) => put::<BoolType>(group, cells[rows].iter().copied(), required),
        Cells::Small(_, cells) => put::<Int32Type>(group, cells[rows].iter().copied(), required),
        Cells::Large(_, cells) => put::<Int64Type>(group, cells[rows].iter().copied(), required),
    }
}

fn put<T: DataType>(
    group: &mut SerializedRowGroupWriter<'_, &mut Vec<u8>>,
    cells: impl Iterator<Item = Option<T::T>>,
    required: bool,
) {
    let cells: Vec<_> = cells.collect();
    let levels: Vec<i16> = cells.iter().map(|cell| i16::from(cell.is_some())).collect();
    let values: Vec<T::T> = cells.into_iter().flatten().collect();
    let column = group.next_column().expect("memory can be written");
    let mut column = column.expect("there is a writer for each column");
    let levels = (!required).then_some(levels.as_slice());
    column.typed::<T>().write_batch(&values, levels, None).expect("memory can be written");
    column.close().expect("memory can be written");
}

/// Returns the same table as CSV, read row by row through the record interface of the `parquet`
/// crate, with one column more that is never blank.
///
/// # Panics
///
/// If the file is damaged, or has a cell that a table of text has no word for.
pub fn as_csv(file: &[u8]) -> Vec<u8> {
    let reader = SerializedFileReader::new(Bytes::copy_from_slice(file)).expect("it is a file");
    let schema = reader.metadata().file_metadata().schema().clone();
    let mut csv = csv::Writer::from_writer(Vec::new());
    let names = schema.get_fields().iter().map(|field| field.name());
    csv.write_record(names.chain(["Notes"])).expect("memory can be written");
    for row in reader.get_row_iter(None).expect("the rows can be read") {
        let row = row.expect("the row can be read");
        for ((_, cell), field) in row.get_column_iter().zip(schema.get_fields()) {
            csv.write_field(word(cell, field)).expect("memory can be written");
        }
        csv.write_field("x").expect("memory can be written");
        csv.write_record(None::<&[u8]>).expect("memory can be written");
    }
    csv.into_inner().expect("memory can be written")
}

/// Returns the types of the columns of a file, as a message of Parquet.
///
/// # Panics
///
/// If the file is damaged.
pub fn schema(file: &[u8]) -> String {
    let reader = SerializedFileReader::new(Bytes::copy_from_slice(file)).expect("it is a file");
    let mut printed = Vec::new();
    print_schema(&mut printed, reader.metadata().file_metadata().schema());
    String::from_utf8(printed).expect("names are UTF-8")
}

fn word(cell: &Field, field: &Type) -> Vec<u8> {
    let logical = field.get_basic_info().logical_type_ref();
    let nanoseconds =
        matches!(logical, Some(LogicalType::Timestamp(time)) if time.unit == TimeUnit::NANOS);
    // What is no date at all is shown as the number that it is.
    let timestamp = |timestamp: Option<DateTime<_>>, number: i64| {
        timestamp.map_or(number.to_string(), |timestamp| timestamp.naive_utc().to_string())
    };
    let text = match cell {
        Field::Null => String::new(),
        Field::Bool(cell) => cell.to_string(),
        Field::Int(cell) => cell.to_string(),
        Field::UInt(cell) => cell.to_string(),
        Field::Long(cell) if nanoseconds => {
            timestamp(Some(DateTime::from_timestamp_nanos(*cell)), *cell)
        }
        Field::Long(cell) => cell.to_string(),
        Field::TimestampMillis(cell) => timestamp(DateTime::from_timestamp_millis(*cell), *cell),
        Field::TimestampMicros(cell) => timestamp(DateTime::from_timestamp_micros(*cell), *cell),
        Field::Date(days) => NaiveDate::default()
            .checked_add_signed(TimeDelta::days((*days).into()))
            .map_or(days.to_string(), |day| day.to_string()),
        Field::Str(cell) => cell.clone(),
        Field::ListInternal(list) => {
            let words = list.elements().iter().map(|one| match one {
                Field::Str(word) => word.as_str(),
                other => panic!("a list of words has {other}"),
            });
            words.collect::<Vec<_>>().join(" ")
        }
        Field::Bytes(cell) if logical == Some(&LogicalType::Uuid) => {
            let digits: String = cell.data().iter().map(|byte| format!("{byte:02x}")).collect();
            let pieces = [0..8, 8..12, 12..16, 16..20, 20..32].map(|piece| &digits[piece]);
            pieces.join("-")
        }
        Field::Bytes(cell) => return cell.data().to_vec(),
        other => panic!("no table of text has a word for {other}"),
    };
    text.into_bytes()
}
