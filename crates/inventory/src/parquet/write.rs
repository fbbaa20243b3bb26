//! Writing a table of texts.

use std::collections::HashMap;
use std::io::{self, Write};
use std::sync::Arc;

use bytes::Bytes;
use parquet::basic::{
    Compression, ConvertedType, Encoding, LogicalType, Repetition, Type as Physical,
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

/// The rows that are sampled to see whether their texts repeat.
const SAMPLE: usize = 1 << 10;

/// A dictionary with more entries is given up.
const MOST_ENTRIES: usize = 1 << 14;

/// The cells of a column in a row group; a blank text is null.
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

/// Writes a table of texts as Apache Parquet, one row group after the other, packed by snappy.
///
/// ```
/// use inventory::{Cells, Inventory, TableWriter};
///
/// let mut file = Vec::new();
/// let mut writer = TableWriter::new(&mut file, &["Device ID", "OS"])?;
/// writer.write(&[Cells::Texts(vec!["17", "18"]), Cells::of(vec!["Linux", "Linux"])])?;
/// writer.finish()?;
/// assert_eq!(Inventory::open(file.as_slice())?.columns().recognised, ["Device ID", "OS"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct TableWriter<W: Write + Send> {
    writer: SerializedFileWriter<W>,
    columns: Vec<ColumnDescPtr>,
}

impl<W: Write + Send> TableWriter<W> {
    /// Begins a table.
    ///
    /// # Errors
    ///
    /// The error of `output`, or that two columns have the same name.
    pub fn new(output: W, names: &[&str]) -> io::Result<Self> {
        let text = |name: &&str| {
            let text = Type::primitive_type_builder(name, Physical::BYTE_ARRAY)
                .with_logical_type(Some(LogicalType::String))
                .with_converted_type(ConvertedType::UTF8)
                .with_repetition(Repetition::OPTIONAL)
                .build();
            text.map(Arc::new)
        };
        let fields: Result<_, ParquetError> = names.iter().map(text).collect();
        let schema = Type::group_type_builder("table").with_fields(fields.map_err(as_io)?).build();
        let properties = WriterProperties::builder()
            .set_created_by(concat!("relatch ", env!("CARGO_PKG_VERSION")).to_owned())
            .set_offset_index_disabled(true)
            .build();
        let schema = Arc::new(schema.map_err(as_io)?);
        let writer = SerializedFileWriter::new(output, schema, Arc::new(properties));
        let writer = writer.map_err(as_io)?;
        let columns = writer.schema_descr().columns().to_vec();
        Ok(Self { writer, columns })
    }

    /// Writes a row group: the cells of each column, all of the same number of rows.
    ///
    /// # Errors
    ///
    /// The error of the output, or that the columns have not the same number of rows.
    pub fn write(&mut self, columns: &[Cells<'_>]) -> io::Result<()> {
        let mut group = self.writer.next_row_group().map_err(as_io)?;
        for (descriptor, cells) in self.columns.iter().zip(columns) {
            let (bytes, close) = chunk(descriptor, cells)?;
            group.append_column(&bytes, close).map_err(as_io)?;
        }
        group.close().map(|_| ()).map_err(as_io)
    }

    /// Ends the table, and gives the output back.
    ///
    /// # Errors
    ///
    /// The error of the output.
    pub fn finish(self) -> io::Result<W> {
        self.writer.into_inner().map_err(as_io)
    }
}

/// Returns the pages of a column, and what the file says of them.
fn chunk(descriptor: &ColumnDescPtr, cells: &Cells<'_>) -> io::Result<(Bytes, ColumnCloseResult)> {
    let mut target = TrackedWrite::new(Vec::new());
    let rows = cells.len();
    let mut pages = Pages { writer: SerializedPageWriter::new(&mut target), unpacked: 0 };
    let (present, values, encoding, dictionary): (Vec<u32>, _, _, _) = match cells {
        Cells::Texts(texts) => {
            let there = texts.iter().filter(|text| !text.is_empty());
            let present = texts.iter().map(|text| u32::from(!text.is_empty())).collect();
            (present, plain(there), Encoding::PLAIN, None)
        }
        Cells::Coded { entries, rows } => {
            let mut there = 0_u32;
            let numbers: Vec<_> = entries
                .iter()
                .map(|entry| {
                    let number = (!entry.is_empty()).then_some(there);
                    there += u32::from(!entry.is_empty());
                    number
                })
                .collect();
            let dictionary = plain(entries.iter().filter(|entry| !entry.is_empty()));
            let end = pages.dictionary(&dictionary, there)?;
            let row = |row: &u32| numbers[*row as usize];
            let width = (u32::BITS - there.saturating_sub(1).leading_zeros()).max(1);
            let mut values = vec![width as u8];
            let indices: Vec<u32> = rows.iter().filter_map(row).collect();
            pack(&indices, width as usize, &mut values);
            let present = rows.iter().map(|number| u32::from(row(number).is_some())).collect();
            (present, values, Encoding::RLE_DICTIONARY, Some(end))
        }
    };
    pages.data(&present, &values, encoding)?;
    let unpacked = pages.unpacked;
    let packed = signed(target.bytes_written())?;
    let bytes = Bytes::from(target.into_inner()?);
    let metadata = ColumnChunkMetaData::builder(descriptor.clone())
        .set_compression(Compression::SNAPPY)
        .set_encodings(vec![Encoding::PLAIN, Encoding::RLE, encoding])
        .set_num_values(signed(rows)?)
        .set_total_compressed_size(packed)
        .set_total_uncompressed_size(signed(unpacked)?)
        .set_dictionary_page_offset(dictionary.map(|_| 0))
        .set_data_page_offset(dictionary.unwrap_or(0))
        .build()
        .map_err(as_io)?;
    let close = ColumnCloseResult {
        bytes_written: packed.cast_unsigned(),
        rows_written: rows as u64,
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
    /// How many bytes they have when they are unpacked.
    unpacked: usize,
}

impl Pages<'_> {
    /// Writes the dictionary; gives the place behind it.
    fn dictionary(&mut self, values: &[u8], count: u32) -> io::Result<i64> {
        self.write(values, |buf| Page::DictionaryPage {
            buf,
            num_values: count,
            encoding: Encoding::PLAIN,
            is_sorted: false,
        })
    }

    /// Writes the values of rows.
    fn data(&mut self, present: &[u32], values: &[u8], encoding: Encoding) -> io::Result<()> {
        let mut levels = Vec::new();
        pack(present, 1, &mut levels);
        let length = u32::try_from(levels.len()).map_err(damaged)?;
        let page = [&length.to_le_bytes(), levels.as_slice(), values].concat();
        let num_values = u32::try_from(present.len()).map_err(damaged)?;
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

/// Texts, each behind its length.
fn plain<'t>(texts: impl Iterator<Item = &'t &'t str>) -> Vec<u8> {
    let mut bytes = Vec::new();
    for text in texts {
        // A cell of four gigabytes would not have fitted into memory before.
        let length = u32::try_from(text.len()).expect("a cell is shorter than four gigabytes");
        bytes.extend_from_slice(&length.to_le_bytes());
        bytes.extend_from_slice(text.as_bytes());
    }
    bytes
}

fn signed(size: usize) -> io::Result<i64> {
    i64::try_from(size).map_err(damaged)
}
