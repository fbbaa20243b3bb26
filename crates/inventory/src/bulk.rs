//! Reading an inventory at speed: rows by the batch, from several threads.
//!
//! What a row means is decided by the plain [`Reader`] alone, in three ways: the header is read by
//! it; what a cell means is asked of it when a text occurs for the first time, and remembered; and
//! every row in which anything is unusual is read by it. What is done here is to find the cells
//! that matter and to recognise their texts. So the rows, the rejections and the counts are the
//! plain reader's, whatever the number of threads.
//!
//! Devices in JSON become rows of cells first; see [`objects`].
//!
//! A file is cut into parts of 128 KiB. Memory is bounded by the number of threads, not by the
//! file.

#[cfg(target_arch = "x86_64")]
#[allow(unsafe_code, reason = "one instruction that no crate offers makes it much faster")]
mod avx512;
mod chunk;
mod column_groups;
pub(crate) mod column_plan;
mod decoded;
mod distinct_rows;
mod fixed_width;
mod input;
mod join;
mod keys;
mod lookup;
mod objects;
mod part;
mod plain_rows;
pub(crate) mod problem_counter;
mod sequential;
mod simd;
mod sizes;
mod structural_index;
mod text_table;
mod timestamps;

use std::io::{self, Read};
use std::num::NonZero;

pub use input::{Input, Stream};
pub use join::Stop;
pub use sizes::Sizes;

#[cfg(feature = "parquet")]
pub(crate) use timestamps::Dates;

use crate::batch::Sink;
use crate::check_ins::CheckIns;
use crate::columns::{self, Columns, JoinKey, Layout, Purpose};
use crate::device_key::KeyCounts;
use crate::error::{OpenError, ReadError, Rejection};
#[cfg(feature = "parquet")]
use crate::parquet::Table;
use crate::problems::{CellProblem, Problems};
use crate::reader::{Counts, FirstDevice, Format, Header, Pages, Reader};
use chunk::Scanner;
use column_plan::ColumnPlan;
use decoded::Decoded;
use join::Join;
use objects::Objects;
use part::Scanned;

/// An inventory whose header was understood.
///
/// ```
/// use std::convert::Infallible;
/// use std::num::NonZero;
///
/// use eligibility::facts::{Fact, FactName, FactSet, Ownership};
/// use inventory::{Batch, Inventory, Projection, Sink};
///
/// /// Counts the devices that belong to their users.
/// struct Personal;
///
/// impl Sink for Personal {
///     type Local = ();
///     type Partial = usize;
///
///     fn projection(&self) -> Projection {
///         Projection { facts: [FactName::Ownership].into_iter().collect(), ..Projection::default() }
///     }
///
///     fn local(&self) {}
///
///     fn partial(&self) -> usize {
///         0
///     }
///
///     fn consume(&self, _: &mut (), partial: &mut usize, batch: &mut Batch) {
///         let personal = Fact::Known(Ownership::Personal);
///         *partial += (0..batch.len()).filter(|row| batch.facts(*row).ownership == personal).count();
///     }
/// }
///
/// let file = "OS,Ownership\nLinux,Personal\nLinux,Corporate\nLinux,Mine\nLinux\n";
/// let inventory = Inventory::open(file.as_bytes())?;
/// let (mut personal, mut rejections) = (0, Vec::new());
/// let totals = inventory.read(NonZero::<usize>::MIN, &Personal, |chunk| {
///     personal += chunk.partial;
///     rejections.extend(chunk.rejections);
///     Ok::<(), Infallible>(())
/// });
/// let totals = totals.map_err(|_| "it cannot be read")?;
/// assert_eq!((personal, rejections.len()), (1, 1));
/// assert_eq!((totals.counts.read, totals.counts.understood, totals.problems.cells()), (4, 3, 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Inventory<I> {
    input: Decoded<I>,
    content: Content,
    purpose: Purpose,
    /// The names of the columns that are carried along.
    carried: Vec<String>,
}

/// What was found at the beginning of a file, or at its end.
#[derive(Debug)]
enum Content {
    Text(Box<Text>),
    #[cfg(feature = "parquet")]
    Parquet(Box<Table>),
}

/// A file of lines.
#[derive(Debug)]
struct Text {
    header: Header,
    format: Format,
    /// The place and the line of the first row.
    first: (u64, u64),
    /// How devices begin in JSON.
    device: Option<FirstDevice>,
}

/// What became of consecutive rows.
#[derive(Debug)]
pub struct Chunk<P> {
    /// What the sink made of those that were understood.
    pub partial: P,
    /// Those that were rejected.
    pub rejections: Vec<Rejection>,
    /// The cells of understood rows that were not understood, in the order of the file, if the
    /// [`Projection`](crate::Projection) has them.
    pub problems: Vec<CellProblem>,
}

/// What was found in a whole inventory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// How many rows were read, and their results.
    pub counts: Counts,
    /// The cells of understood rows that were not understood.
    pub problems: Problems,
    /// Whether the file ends in the middle of a row. The row was rejected.
    pub truncated: bool,
    /// What the pages of Graph's answer say of themselves.
    pub pages: Pages,
    /// When the devices were last heard of.
    pub check_ins: CheckIns,
    /// By what the devices are recognised, if keys are projected; nothing is counted of a file
    /// without a column for them.
    pub keyed: KeyCounts,
    /// For each column that is [carried](Inventory::carry) along, whether the file has it.
    pub carried: Vec<bool>,
}

impl<I: Input> Inventory<I> {
    /// Recognises the format and reads the header.
    ///
    /// # Errors
    ///
    /// As [`Reader::open`].
    pub fn open(input: I) -> Result<Self, OpenError> {
        Self::open_for(Purpose::Inventory, input)
    }

    /// As [`open`](Self::open), of an inventory or of a facts file, whose rows say something about
    /// devices; see [`FactsTable`](crate::FactsTable).
    ///
    /// # Errors
    ///
    /// As [`Reader::open`].
    pub fn open_for(purpose: Purpose, input: I) -> Result<Self, OpenError> {
        #[cfg(feature = "parquet")]
        if let Some(table) = Table::open(purpose, &input)? {
            let input = Decoded::AsItIs(input);
            let content = Content::Parquet(Box::new(table));
            return Ok(Self { input, content, purpose, carried: Vec::new() });
        }
        let input = Decoded::open(input).map_err(|source| ReadError::at_line(1, source))?;
        let text = Text::open(purpose, &input)?;
        let content = Content::Text(Box::new(text));
        Ok(Self { input, content, purpose, carried: Vec::new() })
    }

    /// Carries columns along, each named as in the header but for case, spaces and punctuation:
    /// the batches have their [texts](Batch::carried_text), whatever they say. Objects are read row
    /// by row then.
    ///
    /// # Errors
    ///
    /// [`OpenError::NotAnInventory`] if one has values that are no texts, numbers, truth values or
    /// moments.
    pub fn carry(&mut self, columns: &[String]) -> Result<(), OpenError> {
        match &mut self.content {
            Content::Text(text) => {
                let header = &mut text.header;
                header.layout.carried = columns::positions(columns, &header.names);
            }
            #[cfg(feature = "parquet")]
            Content::Parquet(table) => table.carry(columns)?,
        }
        self.carried = columns.to_vec();
        Ok(())
    }

    fn layout(&self) -> &Layout {
        match &self.content {
            Content::Text(text) => &text.header.layout,
            #[cfg(feature = "parquet")]
            Content::Parquet(table) => table.layout(),
        }
    }

    /// Returns by what a facts file identifies devices; `None` for an inventory.
    pub fn join_key(&self) -> Option<JoinKey> {
        self.layout().join_key()
    }

    /// Returns the name of the column by which a facts file identifies devices; `None` for an
    /// inventory, and for objects, which may have several.
    pub fn key_column(&self) -> Option<&str> {
        let header = match &self.content {
            Content::Text(text) => &text.header,
            #[cfg(feature = "parquet")]
            Content::Parquet(table) => table.header(),
        };
        let position = header.layout.column(header.layout.join_key()?.column())?;
        header.names.get(position).map(String::as_str)
    }

    /// Returns true if the inventory has a column for a key.
    pub fn identifies_by(&self, key: JoinKey) -> bool {
        !self.columns().missing.iter().any(|missing| key.is_header(missing.name))
    }

    /// Returns what kind of file it is.
    pub fn format(&self) -> Format {
        match &self.content {
            Content::Text(text) => text.format,
            #[cfg(feature = "parquet")]
            Content::Parquet(_) => Format::Parquet,
        }
    }

    /// Returns the use of its columns.
    pub fn columns(&self) -> &Columns {
        match &self.content {
            Content::Text(text) => &text.header.columns,
            #[cfg(feature = "parquet")]
            Content::Parquet(table) => table.columns(),
        }
    }

    /// Returns the first cell that names a platform if none of these cells is understood and no
    /// other column names one: then the file is hardly an inventory.
    pub fn foreign_platforms(&self, totals: &Totals) -> Option<Rejection> {
        let position = self.layout().only_platform()?;
        let column = totals.problems.columns().iter().find(|one| one.position == position)?;
        let first = column.first.first().filter(|_| column.cells == totals.counts.understood)?;
        Some(Rejection {
            row: first.row,
            line: first.line,
            column: Some(first.column.to_string()),
            text: first.text.clone(),
            expected: first.expected().into_owned(),
        })
    }

    /// Reads all rows on several threads, and gives the chunks to `keep` in the order of the
    /// file.
    ///
    /// # Errors
    ///
    /// [`Stop::Read`] if the bytes cannot be read, [`Stop::Keep`] with an error of `keep`. A row
    /// that is not understood is no error.
    pub fn read<H, E>(
        &self,
        threads: NonZero<usize>,
        sink: &H,
        keep: impl FnMut(Chunk<H::Partial>) -> Result<(), E> + Send,
    ) -> Result<Totals, Stop<E>>
    where
        H: Sink,
        E: Send,
    {
        self.read_with_sizes(Sizes::USUAL, threads, sink, keep)
    }

    /// As [`read`](Self::read), with the file cut into other pieces.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read).
    pub fn read_with_sizes<H, E>(
        &self,
        sizes: Sizes,
        threads: NonZero<usize>,
        sink: &H,
        keep: impl FnMut(Chunk<H::Partial>) -> Result<(), E> + Send,
    ) -> Result<Totals, Stop<E>>
    where
        H: Sink,
        E: Send,
    {
        let input = &self.input;
        let Text { header, first, device, .. } = match &self.content {
            Content::Text(text) => &**text,
            #[cfg(feature = "parquet")]
            Content::Parquet(table) => {
                return table.read(input, sizes.rows, threads, sink, keep);
            }
        };
        // Facts and carried properties of objects, and columns that were added beside those that say the same, are read
        // row by row.
        let added = device.is_some() && (header.layout.has_facts() || !self.carried.is_empty());
        if added || header.layout.is_any_beside() {
            let beginning = sequential::Releasing { input, at: 0 };
            return sequential::read(self.purpose, &self.carried, beginning, sink, keep);
        }
        let plan = ColumnPlan::with_twins(&header.layout);
        let projection = sink.projection().among(&header.layout);
        let join = Join { input, sink, projection, threads, first: *first, sizes, keep };
        let totals = match device {
            Some(device) => {
                join.read(|batch| Objects::new(input, &plan, header, device, batch, sizes))
            }
            None => join.read(|batch| Scanner::new(input, &plan, header, batch, sizes)),
        };
        totals.map(|totals| Totals { carried: header.layout.has_carried(), ..totals })
    }
}

impl Text {
    fn open<I: Input>(purpose: Purpose, input: &I) -> Result<Self, OpenError> {
        let mut reader = Reader::open_for(purpose, Beginning { input, at: 0 })?;
        let (mut header, format) = (reader.header(), reader.format());
        if let Some((place, device)) = reader.first_device() {
            return Ok(Self { header, format, first: (place, 1), device: Some(device) });
        }
        let (place, lines) = reader.consumed_line().map_err(|source| reader.failed(source))?;
        // Old programs on a Mac end lines so; which byte it is changes nothing but the speed.
        let mut last = [0];
        let count = input.read_at(place.saturating_sub(1), &mut last).unwrap_or_default();
        if (count, last) == (1, *b"\r") {
            header.layout.line_end = b'\r';
        }
        Ok(Self { header, format, first: (place, lines + 1), device: None })
    }
}

impl Totals {
    fn add<P>(&mut self, done: &Scanned<P>) {
        self.counts.merge(done.counts);
        self.problems.merge(&done.problems);
        self.truncated |= done.truncated;
        self.check_ins.merge(&done.check_ins);
        self.keyed.merge(done.keyed);
    }
}

/// An input from its beginning.
struct Beginning<'i, I> {
    input: &'i I,
    at: u64,
}

impl<I: Input> Read for Beginning<'_, I> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read_at(self.at, buffer)?;
        self.at += count as u64;
        Ok(count)
    }
}

#[cfg(test)]
mod tests;
