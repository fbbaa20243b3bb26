//! Apache Parquet: columns whose values are mostly in a dictionary.
//!
//! The `parquet` crate reads what a file says of itself and finds the pages of its columns. The
//! plain reader interprets the text of each entry of a dictionary once; of the rows, only the
//! positions in the dictionaries are unpacked. Row groups are the parts that threads share.
//!
//! A row is rejected for the same cells, and with the same words, as a row of a table of text. But
//! a row without any value is a device with unknown facts only, as an empty object of JSON is.

mod bundles;
mod column;
mod column_type;
mod days;
mod delta;
mod dictionary;
mod groups;
mod ordered_groups;
mod pages;
mod rle;
mod row_keys;
mod rows;
mod small_keys;
mod snappy;
mod source;
mod values;
mod write;

use std::io;
use std::num::NonZero;
use std::sync::Arc;

use parquet::file::metadata::{
    ColumnChunkMetaData, PageIndexPolicy, ParquetMetaData, ParquetMetaDataReader, RowGroupMetaData,
};
use parquet::file::reader::ChunkReader;
use parquet::schema::types::SchemaDescriptor;

use crate::batch::{Projection, Sink};
use crate::bulk::column_plan::ColumnPlan;
use crate::columns::{self, Purpose};
use crate::error::{Found, OpenError, ReadError, shortened};
use crate::format::PARQUET;
use crate::input::Input;
use crate::merge::{Chunk, Stop, Totals};
use crate::reader::Header;
pub use write::{Cells, TableWriter};

use column::Column;
use column_type::ColumnType;
use source::{Source, as_io};

/// The most rows that are read at a time: the most new words that a column can number at once.
const MOST_ROWS: usize = 1 << 14;

/// The number of bytes that the metadata of a file may have: those of 53 columns of some eight
/// thousand groups. In memory it is up to eight times as long.
const MOST_METADATA: u32 = 32 << 20;

/// The number of bytes at the end of a file that contain the length of the metadata and the mark of
/// the format.
const FOOTER: usize = 8;

/// A Parquet file whose footer was parsed.
#[derive(Debug)]
pub(crate) struct Table {
    header: Header,
    plan: ColumnPlan,
    metadata: ParquetMetaData,
    length: u64,
    /// For each column of the header: where its pages are found, and what is in them.
    leaves: Vec<Option<Leaf>>,
}

/// A column that is read.
#[derive(Clone, Copy, Debug)]
struct Leaf {
    index: usize,
    column_type: ColumnType,
    optional: bool,
}

impl Leaf {
    /// Returns the column at a position of the header.
    fn of(schema: &SchemaDescriptor, position: usize) -> Result<Self, OpenError> {
        let field = &schema.root_schema().get_fields()[position];
        let unreadable =
            |what| OpenError::from(Found::ColumnType(shortened(field.name().as_bytes()), what));
        let column_type = ColumnType::of(field).map_err(unreadable)?;
        let index = (0..schema.num_columns())
            .find(|leaf| schema.get_column_root_idx(*leaf) == position)
            .ok_or_else(|| unreadable("no values".to_owned()))?;
        let leaf = schema.column(index);
        if leaf.max_rep_level() > 0 {
            return Err(unreadable("lists".to_owned()));
        }
        Ok(Self { index, column_type, optional: leaf.max_def_level() > 0 })
    }
}

/// Refuses a file that says more of itself than is kept in memory.
fn check_metadata(source: &Source<'_>) -> Result<(), OpenError> {
    // A file without a whole end is refused with better words when it is parsed.
    let Some(begin) = source.length.checked_sub(FOOTER as u64) else { return Ok(()) };
    let end = source.get_bytes(begin, FOOTER).map_err(as_io).map_err(unreadable)?;
    let length = u32::from_le_bytes([end[0], end[1], end[2], end[3]]);
    if length > MOST_METADATA && u64::from(length) <= begin {
        let message = format!("{length} bytes say what is in it, and {MOST_METADATA} may");
        return Err(Found::DamagedParquet(message).into());
    }
    Ok(())
}

fn unreadable(source: io::Error) -> OpenError {
    OpenError::Read(ReadError::at_row(1, source))
}

impl Table {
    /// Reads what a file says of itself; `None` if it is no Parquet file.
    pub(crate) fn open(purpose: Purpose, input: &dyn Input) -> Result<Option<Self>, OpenError> {
        let mut beginning = [0; PARQUET.len()];
        let mut filled = 0;
        while filled < beginning.len() {
            match input.read_at(filled as u64, &mut beginning[filled..]) {
                Ok(0) => return Ok(None),
                Ok(count) => filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                // The reader of text has the better message.
                Err(_) => return Ok(None),
            }
        }
        if beginning != PARQUET {
            return Ok(None);
        }
        let length = input.length().map_err(unreadable)?.ok_or(Found::Parquet)?;
        let source = Source::new(input, length);
        check_metadata(&source)?;
        let reader = ParquetMetaDataReader::new().with_page_index_policy(PageIndexPolicy::Skip);
        let metadata = reader.parse_and_finish(&source).map_err(as_io);
        let metadata = metadata.map_err(|error| match error.kind() {
            io::ErrorKind::InvalidData => Found::DamagedParquet(error.to_string()).into(),
            _ => unreadable(error),
        })?;
        Self::understand(purpose, metadata, length).map(Some)
    }

    fn understand(
        purpose: Purpose,
        metadata: ParquetMetaData,
        length: u64,
    ) -> Result<Self, OpenError> {
        let schema = metadata.file_metadata().schema_descr();
        let fields = schema.root_schema().get_fields();
        let names: Vec<String> =
            fields.iter().map(|field| field.name().trim().to_owned()).collect();
        let cells: Vec<&str> = names.iter().map(String::as_str).collect();
        let (layout, columns) = columns::recognise(purpose, &cells)?;
        let mut leaves = vec![None; fields.len()];
        for (position, leaf) in leaves.iter_mut().enumerate() {
            // As the list of names, the columns that are read are in the order of the file.
            if layout.reads(position) {
                *leaf = Some(Leaf::of(schema, position)?);
            }
        }
        let rows = metadata.row_groups().iter().map(RowGroupMetaData::num_rows);
        // Columns that lie one over the other would unpack to any multiple of the file.
        let packed = |group: &RowGroupMetaData| {
            let sizes = group.columns().iter().map(ColumnChunkMetaData::compressed_size);
            let sum = sizes
                .map(|size| u64::try_from(size).ok())
                .try_fold(0, |sum: u64, size| sum.checked_add(size?));
            sum.is_some_and(|sum| sum <= length)
        };
        let sound = metadata.row_groups().iter().all(packed)
            && rows.clone().all(|rows| rows >= 0)
            && rows.clone().try_fold(0_i64, i64::checked_add).is_some()
            && metadata
                .row_groups()
                .iter()
                .all(|group| group.num_columns() == schema.num_columns());
        if !sound {
            return Err(Found::DamagedParquet("its row groups make no sense".to_owned()).into());
        }
        let (plan, header) = (ColumnPlan::new(&layout), Header { layout, columns, names });
        Ok(Self { header, plan, metadata, length, leaves })
    }

    /// Carries columns along.
    pub(crate) fn carry(&mut self, columns: &[String]) -> Result<(), OpenError> {
        let positions = columns::positions(columns, &self.header.names);
        let schema = self.metadata.file_metadata().schema_descr();
        for position in positions.iter().copied().flatten() {
            self.leaves[position] = Some(Leaf::of(schema, position)?);
        }
        self.header.layout.carried = positions;
        Ok(())
    }

    /// Returns what its schema says.
    pub(crate) fn header(&self) -> &Header {
        &self.header
    }

    /// Reads all rows, a number of them at a time.
    pub(crate) fn read<I, H, E>(
        &self,
        input: &I,
        rows: usize,
        threads: NonZero<usize>,
        sink: &H,
        keep: impl FnMut(Chunk<H::Partial>) -> Result<(), E> + Send,
    ) -> Result<Totals, Stop<E>>
    where
        I: Input,
        H: Sink,
        E: Send,
    {
        let rows = rows.clamp(1, MOST_ROWS);
        ordered_groups::read(self, input, rows, threads, sink, keep)
    }

    /// Returns the beginning of a row group in the file, or the end of the rows.
    fn begin_of(&self, group: usize) -> u64 {
        let groups = self.metadata.row_groups();
        let Some(group) = groups.get(group) else { return self.length };
        let begin = group.columns().first().map_or(0, |column| {
            column.dictionary_page_offset().unwrap_or(column.data_page_offset())
        });
        u64::try_from(begin).unwrap_or_default().min(self.length)
    }

    /// Returns the projection of a sink, as far as the file has it. Nothing that is read here opens
    /// in a spreadsheet, so that no text is protected.
    fn projection(&self, sink: &impl Sink) -> Projection {
        let projection = sink.projection().among(&self.header.layout);
        Projection { protected: false, ..projection }
    }

    /// Returns what is in a column.
    fn column_type(&self, position: usize) -> Option<ColumnType> {
        self.leaves[position].map(|leaf| leaf.column_type)
    }

    /// Begins to read a column of a row group.
    fn open_column<'i>(
        &self,
        source: &Arc<Source<'i>>,
        group: usize,
        position: usize,
    ) -> io::Result<Column<'i>> {
        let Leaf { index, column_type, optional } =
            self.leaves[position].expect("only columns that are read are opened");
        Column::new(source, self.metadata.row_group(group).column(index), column_type, optional)
    }
}
