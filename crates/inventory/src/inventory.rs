//! The door to every engine: a file is recognised, and read by the one that is made for it.

use std::num::NonZero;

use crate::batch::Sink;
use crate::bulk::Text;
use crate::columns::{self, Columns, JoinKey, Purpose};
use crate::error::{OpenError, ReadError, Rejection};
use crate::format::Format;
use crate::input::{Decoded, Input};
use crate::merge::{Chunk, Stop, Totals};
#[cfg(feature = "parquet")]
use crate::parquet::Table;
use crate::reader::Header;
use crate::sequential;

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
pub struct Inventory<'i> {
    // Without its type, so that every engine is compiled once.
    input: Decoded<Box<dyn Input + 'i>>,
    content: Content,
    purpose: Purpose,
    /// The names of the columns that are carried along.
    carried: Vec<String>,
}

/// The content that was found at the beginning of a file, or at its end.
#[derive(Debug)]
enum Content {
    Text(Box<Text>),
    #[cfg(feature = "parquet")]
    Parquet(Box<Table>),
}

/// The sizes of the pieces that a file is cut into; they change nothing but the time.
///
/// Only a test, which wants everything to be at a boundary somewhere, has a reason to choose.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    /// The number of bytes of a chunk, which one thread reads at a time; at least 1.
    pub chunk: u64,
    /// The number of bytes behind a chunk that are read with it, for the end of its last row.
    pub overlap: usize,
    /// The number of bytes that are followed at a time; at least 1.
    pub window: usize,
    /// The number of rows that are read at a time of a file without lines; at least 1, and at most
    /// 16,384.
    pub rows: usize,
}

impl Sizes {
    /// The buffer of a chunk stays in the second-level cache of a core between the read and the
    /// look-ups.
    pub const USUAL: Self =
        Self { chunk: 1 << 17, overlap: 1 << 12, window: 1 << 15, rows: 1 << 14 };
}

impl<'i> Inventory<'i> {
    /// Recognises the format and reads the header.
    ///
    /// # Errors
    ///
    /// As [`Reader::open`](crate::Reader::open).
    pub fn open(input: impl Input + 'i) -> Result<Self, OpenError> {
        Self::open_for(Purpose::Inventory, input)
    }

    /// As [`open`](Self::open), of an inventory or of a facts file, whose rows say something about
    /// devices; see [`FactsTable`](crate::FactsTable).
    ///
    /// # Errors
    ///
    /// As [`Reader::open`](crate::Reader::open).
    pub fn open_for(purpose: Purpose, input: impl Input + 'i) -> Result<Self, OpenError> {
        Self::recognise(purpose, Box::new(input))
    }

    fn recognise(purpose: Purpose, input: Box<dyn Input + 'i>) -> Result<Self, OpenError> {
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
    /// the batches have their [texts](crate::Batch::carried_text), whatever they say. Objects are
    /// read row by row then.
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

    fn header(&self) -> &Header {
        match &self.content {
            Content::Text(text) => &text.header,
            #[cfg(feature = "parquet")]
            Content::Parquet(table) => table.header(),
        }
    }

    /// Returns by what a facts file identifies devices; `None` for an inventory.
    pub fn join_key(&self) -> Option<JoinKey> {
        self.join_keys().first().copied()
    }

    /// Returns by what a facts file identifies devices, and what else names those whose cell is blank;
    /// nothing for an inventory.
    pub fn join_keys(&self) -> &[JoinKey] {
        self.header().layout.join_keys()
    }

    /// Returns the name of the column by which a facts file identifies devices; `None` for an
    /// inventory, and for objects, which may have several.
    pub fn key_column(&self) -> Option<&str> {
        let header = self.header();
        self.join_key()?;
        let position = header.layout.key_column()?;
        header.names.get(position).map(String::as_str)
    }

    /// Returns true if the inventory has a column for a key.
    pub fn identifies_by(&self, key: JoinKey) -> bool {
        !self.columns().missing.iter().any(|missing| key.is_header(missing.name))
    }

    /// Returns the format of the file.
    pub fn format(&self) -> Format {
        match &self.content {
            Content::Text(text) => text.format,
            #[cfg(feature = "parquet")]
            Content::Parquet(_) => Format::Parquet,
        }
    }

    /// Returns the use of its columns.
    pub fn columns(&self) -> &Columns {
        &self.header().columns
    }

    /// Returns the first cell that names a platform if none of these cells is understood and no
    /// other column names one: then the file is hardly an inventory.
    pub fn foreign_platforms(&self, totals: &Totals) -> Option<Rejection> {
        let position = self.header().layout.only_platform()?;
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
        mut keep: impl FnMut(Chunk<H::Partial>) -> Result<(), E> + Send,
    ) -> Result<Totals, Stop<E>>
    where
        H: Sink,
        E: Send,
    {
        let keep: &mut (dyn FnMut(_) -> _ + Send) = &mut keep;
        let input = &self.input;
        let totals = match &self.content {
            #[cfg(feature = "parquet")]
            Content::Parquet(table) => table.read(input, sizes.rows, threads, sink, keep),
            Content::Text(text) if text.is_read_in_bulk() => {
                text.read(input, sizes, threads, sink, keep)
            }
            Content::Text(_) => {
                return sequential::read(self.purpose, &self.carried, input, sink, keep);
            }
        }?;
        Ok(Totals { carried: self.header().layout.has_carried(), ..totals })
    }
}
