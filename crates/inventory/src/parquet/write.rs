//! Writing a table of cells that are given as texts.

use std::collections::HashMap;
use std::io::{self, Write};
use std::ops::BitOrAssign;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use chrono::DateTime;
use parquet::basic::{
    Compression, ConvertedType, Encoding, LogicalType, Repetition, TimeUnit, Type as Physical,
};
use parquet::column::page::{CompressedPage, Page, PageWriter};
use parquet::column::writer::ColumnCloseResult;
use parquet::errors::ParquetError;
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedPageWriter, TrackedWrite};
use parquet::schema::types::{ColumnDescPtr, Type};

use super::rle::pack;
use super::source::{as_io, damaged};
use crate::cell_type::CellType;

/// The rows that are sampled to see whether their texts repeat.
const SAMPLE: usize = 1 << 10;

/// A dictionary with more entries is given up.
const MOST_ENTRIES: usize = 1 << 14;

/// The cells of a column in a row group; a blank text is null, but for a list.
#[derive(Clone, Debug)]
pub enum Cells<'c> {
    /// A text for each row.
    Texts(Vec<&'c str>),
    /// For each row the position of its text among the entries.
    Coded {
        /// The texts, each once.
        entries: Vec<&'c str>,
        /// The position for each row.
        rows: Vec<u32>,
    },
}

impl<'c> Cells<'c> {
    /// Texts as a dictionary if they repeat, else as they are.
    pub fn of(texts: Vec<&'c str>) -> Self {
        let mut known = HashMap::new();
        let (mut entries, mut rows) = (Vec::new(), Vec::with_capacity(texts.len()));
        for (row, text) in texts.iter().enumerate() {
            let next = u32::try_from(entries.len()).unwrap_or(u32::MAX);
            let number = *known.entry(*text).or_insert_with(|| {
                entries.push(*text);
                next
            });
            rows.push(number);
            if entries.len() > MOST_ENTRIES || (row == SAMPLE && entries.len() > SAMPLE / 2) {
                return Self::Texts(texts);
            }
        }
        Self::Coded { entries, rows }
    }

    fn len(&self) -> usize {
        match self {
            Self::Texts(texts) => texts.len(),
            Self::Coded { rows, .. } => rows.len(),
        }
    }
}

/// Writes a table as Apache Parquet, one row group after the other, packed by snappy.
///
/// ```
/// use inventory::{CellType, Cells, Inventory, TableWriter};
///
/// let mut file = Vec::new();
/// let columns = [("OS", CellType::Text), ("Supervised", CellType::Boolean)];
/// let mut writer = TableWriter::new(&mut file, &columns)?;
/// writer.write(&[Cells::Texts(vec!["iOS", "iOS"]), Cells::of(vec!["true", ""])])?;
/// writer.finish()?;
/// let columns = Inventory::open(file.as_slice())?.columns().recognised.clone();
/// assert_eq!(columns, ["OS", "Supervised"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct TableWriter<W> {
    table: Table,
    output: W,
}

impl<W: Write> TableWriter<W> {
    /// Begins a table with named columns.
    ///
    /// # Errors
    ///
    /// That two columns have the same name.
    pub fn new(output: W, columns: &[(&str, CellType)]) -> io::Result<Self> {
        Ok(Self { table: Table::begin(columns)?, output })
    }

    /// Writes a row group: the cells of each column, all of the same number of rows.
    ///
    /// # Errors
    ///
    /// The error of the output, that the columns have not the same number of rows, or that a text is
    /// none of what its column has.
    pub fn write(&mut self, columns: &[Cells<'_>]) -> io::Result<()> {
        self.table.write(columns, &mut self.output)
    }

    /// Ends the table, and gives the output back.
    ///
    /// # Errors
    ///
    /// The error of the output.
    pub fn finish(mut self) -> io::Result<W> {
        self.table.finish(&mut self.output)?;
        Ok(self.output)
    }
}

/// A table in the making, whatever it is written to: so the libraries' code for it is compiled once.
struct Table {
    writer: SerializedFileWriter<Written>,
    written: Written,
    columns: Vec<(CellType, ColumnDescPtr)>,
}

/// Bytes that were written and not yet passed on.
#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Written {
    fn bytes(&self) -> MutexGuard<'_, Vec<u8>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn pass_on(&self, output: &mut dyn Write) -> io::Result<()> {
        let mut bytes = self.bytes();
        output.write_all(&bytes)?;
        bytes.clear();
        Ok(())
    }
}

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Table {
    fn begin(columns: &[(&str, CellType)]) -> io::Result<Self> {
        let fields = columns.iter().map(|(name, cells)| field(name, *cells).map(Arc::new));
        let fields: Result<_, ParquetError> = fields.collect();
        let schema = Type::group_type_builder("table").with_fields(fields.map_err(as_io)?).build();
        let properties = WriterProperties::builder()
            .set_created_by(concat!("relatch ", env!("CARGO_PKG_VERSION")).to_owned())
            .set_offset_index_disabled(true)
            .build();
        let schema = Arc::new(schema.map_err(as_io)?);
        let written = Written::default();
        let writer = SerializedFileWriter::new(written.clone(), schema, Arc::new(properties));
        let writer = writer.map_err(as_io)?;
        // Each column has one leaf, a list that of its words.
        let leaves = writer.schema_descr().columns().iter().cloned();
        let columns = columns.iter().map(|(_, cells)| *cells).zip(leaves).collect();
        Ok(Self { writer, written, columns })
    }

    fn write(&mut self, columns: &[Cells<'_>], output: &mut dyn Write) -> io::Result<()> {
        let mut group = self.writer.next_row_group().map_err(as_io)?;
        for ((cell_type, descriptor), cells) in self.columns.iter().zip(columns) {
            let (bytes, close) = chunk(*cell_type, descriptor, cells)?;
            group.append_column(&bytes, close).map_err(as_io)?;
            self.written.pass_on(output)?;
        }
        group.close().map(|_| ()).map_err(as_io)
    }

    fn finish(&mut self, output: &mut dyn Write) -> io::Result<()> {
        self.writer.finish().map_err(as_io)?;
        self.written.pass_on(output)
    }
}

/// Returns the schema of a column.
fn field(name: &str, cell_type: CellType) -> Result<Type, ParquetError> {
    let text = |name, repetition| {
        Type::primitive_type_builder(name, Physical::BYTE_ARRAY)
            .with_logical_type(Some(LogicalType::String))
            .with_converted_type(ConvertedType::UTF8)
            .with_repetition(repetition)
            .build()
    };
    let of = |physical| {
        Type::primitive_type_builder(name, physical).with_repetition(Repetition::OPTIONAL)
    };
    match cell_type {
        CellType::Text => text(name, Repetition::OPTIONAL),
        CellType::Boolean => of(Physical::BOOLEAN).build(),
        CellType::Integer => of(Physical::INT64).build(),
        CellType::Timestamp => {
            let timestamp = LogicalType::timestamp(true, TimeUnit::MILLIS);
            of(Physical::INT64).with_logical_type(Some(timestamp)).build()
        }
        CellType::Words => {
            let words = Type::group_type_builder("list")
                .with_repetition(Repetition::REPEATED)
                .with_fields(vec![Arc::new(text("element", Repetition::REQUIRED)?)])
                .build();
            Type::group_type_builder(name)
                .with_repetition(Repetition::REQUIRED)
                .with_logical_type(Some(LogicalType::List))
                .with_converted_type(ConvertedType::LIST)
                .with_fields(vec![Arc::new(words?)])
                .build()
        }
    }
}

/// The cells of a column, as a page has them.
struct Content<'c> {
    /// For each cell, or each word and each blank list, whether it continues a list.
    continues: Option<Vec<u32>>,
    /// For each of them whether there is a value.
    present: Vec<u32>,
    values: PageValues<'c>,
}

enum PageValues<'c> {
    Plain(Vec<&'c str>),
    /// The entries of a dictionary, and which one each value is.
    Coded(Vec<&'c str>, Vec<u32>),
}

impl<'c> Content<'c> {
    /// Separates what is there from what is blank.
    fn of(cells: &Cells<'c>) -> Self {
        let there = |text: &&&str| !text.is_empty();
        match cells {
            Cells::Texts(texts) => Self {
                continues: None,
                present: texts.iter().map(|text| u32::from(!text.is_empty())).collect(),
                values: PageValues::Plain(texts.iter().filter(there).copied().collect()),
            },
            Cells::Coded { entries, rows } => {
                let mut next = 0_u32;
                let numbers = entries.iter().map(|entry| {
                    let number = (!entry.is_empty()).then_some(next);
                    next += u32::from(!entry.is_empty());
                    number
                });
                let numbers: Vec<_> = numbers.collect();
                let row = |row: &u32| numbers[*row as usize];
                let entries = entries.iter().filter(there).copied().collect();
                Self {
                    continues: None,
                    present: rows.iter().map(|number| u32::from(row(number).is_some())).collect(),
                    values: PageValues::Coded(entries, rows.iter().filter_map(row).collect()),
                }
            }
        }
    }

    /// Separates the words of each text.
    fn words(cells: &Cells<'c>) -> Self {
        let (entries, rows): (_, Vec<usize>) = match cells {
            Cells::Texts(texts) => (texts, (0..texts.len()).collect()),
            Cells::Coded { entries, rows } => {
                (entries, rows.iter().map(|row| *row as usize).collect())
            }
        };
        let (mut known, mut words) = (HashMap::new(), Vec::new());
        let mut number = |word: &'c str| {
            *known.entry(word).or_insert_with(|| {
                words.push(word);
                words.len() as u32 - 1
            })
        };
        let entries = entries.iter();
        let entries: Vec<Vec<u32>> =
            entries.map(|entry| entry.split_whitespace().map(&mut number).collect()).collect();
        let (mut continues, mut present, mut numbers) = (Vec::new(), Vec::new(), Vec::new());
        for row in rows {
            let entry = &entries[row];
            let levels = entry.len().max(1);
            continues.extend((0..levels).map(|at| u32::from(at > 0)));
            present.extend((0..levels).map(|_| u32::from(!entry.is_empty())));
            numbers.extend(entry);
        }
        let values = PageValues::Coded(words, numbers);
        Self { continues: Some(continues), present, values }
    }
}

/// Returns the pages of a column, and what the file says of them.
fn chunk(
    cell_type: CellType,
    descriptor: &ColumnDescPtr,
    cells: &Cells<'_>,
) -> io::Result<(Bytes, ColumnCloseResult)> {
    let mut target = TrackedWrite::new(Vec::new());
    let mut pages = Pages { writer: SerializedPageWriter::new(&mut target), unpacked: 0 };
    let content = match cell_type {
        CellType::Words => Content::words(cells),
        _ => Content::of(cells),
    };
    let levels = content.present.len();
    let (values, encoding, dictionary) = match &content.values {
        // A truth value has no dictionary.
        PageValues::Coded(entries, numbers) if cell_type == CellType::Boolean => {
            let texts = numbers.iter().map(|number| entries[*number as usize]);
            (plain(cell_type, texts)?, Encoding::PLAIN, None)
        }
        PageValues::Coded(entries, numbers) => {
            let count = u32::try_from(entries.len()).map_err(damaged)?;
            let end = pages.dictionary(&plain(cell_type, entries.iter().copied())?, count)?;
            let width = (u32::BITS - count.saturating_sub(1).leading_zeros()).max(1);
            let mut values = vec![width as u8];
            pack(numbers, width as usize, &mut values);
            (values, Encoding::RLE_DICTIONARY, Some(end))
        }
        PageValues::Plain(texts) => {
            (plain(cell_type, texts.iter().copied())?, Encoding::PLAIN, None)
        }
    };
    pages.data(&content, &values, encoding)?;
    let unpacked = pages.unpacked;
    let packed = signed(target.bytes_written())?;
    let bytes = Bytes::from(target.into_inner()?);
    let metadata = ColumnChunkMetaData::builder(descriptor.clone())
        .set_compression(Compression::SNAPPY)
        .set_encodings(vec![Encoding::PLAIN, Encoding::RLE, encoding])
        .set_num_values(signed(levels)?)
        .set_total_compressed_size(packed)
        .set_total_uncompressed_size(signed(unpacked)?)
        .set_dictionary_page_offset(dictionary.map(|_| 0))
        .set_data_page_offset(dictionary.unwrap_or(0))
        .build()
        .map_err(as_io)?;
    let close = ColumnCloseResult {
        bytes_written: packed.cast_unsigned(),
        rows_written: cells.len() as u64,
        metadata,
        bloom_filter: None,
        column_index: None,
        offset_index: None,
    };
    Ok((bytes, close))
}

/// The pages of a column in the making.
struct Pages<'t> {
    writer: SerializedPageWriter<'t, Vec<u8>>,
    /// Their number of bytes when they are unpacked.
    unpacked: usize,
}

impl Pages<'_> {
    /// Writes the dictionary; returns the place behind it.
    fn dictionary(&mut self, values: &[u8], count: u32) -> io::Result<i64> {
        self.write(values, |buf| Page::DictionaryPage {
            buf,
            num_values: count,
            encoding: Encoding::PLAIN,
            is_sorted: false,
        })
    }

    /// Writes the values of rows.
    fn data(&mut self, content: &Content<'_>, values: &[u8], encoding: Encoding) -> io::Result<()> {
        let mut page = Vec::new();
        for levels in content.continues.iter().chain([&content.present]) {
            let mut packed = Vec::new();
            pack(levels, 1, &mut packed);
            let length = u32::try_from(packed.len()).map_err(damaged)?;
            page.extend_from_slice(&length.to_le_bytes());
            page.append(&mut packed);
        }
        page.extend_from_slice(values);
        let num_values = u32::try_from(content.present.len()).map_err(damaged)?;
        self.write(&page, |buf| Page::DataPage {
            buf,
            num_values,
            encoding,
            def_level_encoding: Encoding::RLE,
            rep_level_encoding: Encoding::RLE,
            statistics: None,
        })?;
        Ok(())
    }

    fn write(&mut self, content: &[u8], page: impl FnOnce(Bytes) -> Page) -> io::Result<i64> {
        let packed = snap::raw::Encoder::new().compress_vec(content).map_err(damaged)?;
        let page = CompressedPage::new(page(packed.into()), content.len());
        let spec = self.writer.write_page(page).map_err(as_io)?;
        self.unpacked += spec.uncompressed_size;
        signed(spec.offset as usize + spec.bytes_written as usize)
    }
}

/// Returns values as they are without a dictionary.
fn plain<'t>(cell_type: CellType, texts: impl Iterator<Item = &'t str>) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    match cell_type {
        CellType::Text | CellType::Words => {
            for text in texts {
                // A cell of four gigabytes would not have fitted into memory before.
                let length = u32::try_from(text.len()).map_err(damaged)?;
                bytes.extend_from_slice(&length.to_le_bytes());
                bytes.extend_from_slice(text.as_bytes());
            }
        }
        CellType::Boolean => {
            for (at, text) in texts.enumerate() {
                if at % 8 == 0 {
                    bytes.push(0);
                }
                let bit = u8::from(text.parse::<bool>().map_err(other)?) << (at % 8);
                bytes.last_mut().expect("a byte was just added").bitor_assign(bit);
            }
        }
        CellType::Integer => {
            for text in texts {
                bytes.extend_from_slice(&text.parse::<i64>().map_err(other)?.to_le_bytes());
            }
        }
        CellType::Timestamp => {
            for text in texts {
                let timestamp = DateTime::parse_from_rfc3339(text).map_err(other)?;
                bytes.extend_from_slice(&timestamp.timestamp_millis().to_le_bytes());
            }
        }
    }
    Ok(bytes)
}

/// Returns the error of a text that is none of what its column has.
fn other(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, error)
}

fn signed(size: usize) -> io::Result<i64> {
    i64::try_from(size).map_err(damaged)
}
