//! Reading an inventory at speed: rows by the batch, from several threads.
//!
//! What a row means is decided by the plain [`Reader`] alone, in three ways: the header is read by
//! it; what a cell means is asked of it when a text occurs for the first time, and remembered; and
//! every row in which anything is unusual is read by it. What is done here is to find the cells
//! that matter and to recognise their texts. So the rows, the rejections and the counts are the
//! plain reader's, whatever the number of threads.
//!
//! A file is cut into parts of 128 KiB. Memory is bounded by the number of threads, not by the
//! file.

mod columns;
mod date;
mod index;
mod input;
mod join;
mod marks;
mod meaning;
mod part;
mod runs;
mod singly;
mod words;

use std::io::{self, Read};
use std::num::NonZero;

pub use input::{Input, Stream};
pub use join::Stop;

use crate::batch::Harvest;
use crate::check_ins::CheckIns;
use crate::columns::Columns;
use crate::error::{OpenError, Rejection};
use crate::reader::{Counts, Format, Header, Pages, Reader};
use join::Join;
use meaning::Shape;
use part::{Done, Sizes};

/// An inventory whose header was understood.
///
/// ```
/// use std::convert::Infallible;
/// use std::num::NonZero;
///
/// use eligibility::facts::{Fact, FactKind, FactSet, Ownership};
/// use inventory::{Batch, Harvest, Inventory, Wanted};
///
/// /// Counts the devices that belong to their users.
/// struct Personal;
///
/// impl Harvest for Personal {
///     type Hand = ();
///     type Part = usize;
///
///     fn wanted(&self) -> Wanted {
///         Wanted { facts: [FactKind::Ownership].into_iter().collect(), identity: false }
///     }
///
///     fn hand(&self) {}
///
///     fn part(&self) -> usize {
///         0
///     }
///
///     fn gather(&self, _: &mut (), part: &mut usize, batch: &Batch) {
///         let personal = Fact::Known(Ownership::Personal);
///         *part += (0..batch.len()).filter(|row| batch.facts(*row).ownership == personal).count();
///     }
/// }
///
/// let file = "OS,Ownership\nLinux,Personal\nLinux,Corporate\nLinux,Mine\n";
/// let inventory = Inventory::open(file.as_bytes())?;
/// let (mut personal, mut rejections) = (0, Vec::new());
/// let totals = inventory.read(NonZero::<usize>::MIN, &Personal, |stretch| {
///     personal += stretch.part;
///     rejections.extend(stretch.rejections);
///     Ok::<(), Infallible>(())
/// });
/// assert_eq!(totals.map_err(|_| "it cannot be read")?.counts.read, 3);
/// assert_eq!((personal, rejections.len()), (1, 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Inventory<I> {
    input: I,
    header: Header,
    format: Format,
    /// The place and the line of the first row.
    first: (u64, u64),
}

/// What became of consecutive rows.
#[derive(Debug)]
pub struct Stretch<P> {
    /// What the harvest made of those that were understood.
    pub part: P,
    /// Those that were not.
    pub rejections: Vec<Rejection>,
}

/// What was found in a whole inventory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// How many rows were read, and what became of them.
    pub counts: Counts,
    /// Whether the file ends in the middle of a row. The row was rejected.
    pub truncated: bool,
    /// What the pages of Graph's answer say of themselves.
    pub pages: Pages,
    /// When the devices were last heard of.
    pub check_ins: CheckIns,
}

impl<I: Input> Inventory<I> {
    /// Recognises the format and reads the header.
    ///
    /// # Errors
    ///
    /// As [`Reader::open`].
    pub fn open(input: I) -> Result<Self, OpenError> {
        let mut reader = Reader::open(Beginning { input: &input, at: 0, release: false })?;
        let (place, lines) = reader.consumed_line().map_err(|source| reader.failed(source))?;
        let (header, format) = (reader.header(), reader.format());
        drop(reader);
        Ok(Self { input, header, format, first: (place, lines + 1) })
    }

    /// What kind of file it is.
    pub fn format(&self) -> Format {
        self.format
    }

    /// What became of its columns.
    pub fn columns(&self) -> &Columns {
        &self.header.columns
    }

    /// Reads all rows on so many threads. What they come to is given to `keep` stretch by
    /// stretch, in the order of the file.
    ///
    /// # Errors
    ///
    /// [`Stop::Read`] if the bytes cannot be read, [`Stop::Keep`] with an error of `keep`. A row
    /// that is not understood is no error.
    pub fn read<H, E>(
        &self,
        threads: NonZero<usize>,
        harvest: &H,
        keep: impl FnMut(Stretch<H::Part>) -> Result<(), E> + Send,
    ) -> Result<Totals, Stop<E>>
    where
        H: Harvest,
        E: Send,
    {
        self.read_by(Sizes::USUAL, threads, harvest, keep)
    }

    fn read_by<H, E>(
        &self,
        sizes: Sizes,
        threads: NonZero<usize>,
        harvest: &H,
        keep: impl FnMut(Stretch<H::Part>) -> Result<(), E> + Send,
    ) -> Result<Totals, Stop<E>>
    where
        H: Harvest,
        E: Send,
    {
        // Objects, and columns that must be compared, are read one by one.
        if self.format == Format::Graph || self.header.layout.has_twins() {
            let beginning = Beginning { input: &self.input, at: 0, release: true };
            return singly::read(beginning, harvest, keep);
        }
        let shape = Shape::new(&self.header.layout);
        let (input, header, first) = (&self.input, &self.header, self.first);
        Join { input, header, shape: &shape, harvest, threads, first, sizes, keep }.read()
    }
}

impl Totals {
    fn add<P>(&mut self, done: &Done<P>) {
        self.counts.read += done.counts.read;
        self.counts.understood += done.counts.understood;
        self.counts.rejected += done.counts.rejected;
        self.counts.unread_dates += done.counts.unread_dates;
        self.truncated |= done.truncated;
        self.check_ins.merge(&done.check_ins);
    }
}

/// An input from its beginning.
struct Beginning<'i, I> {
    input: &'i I,
    at: u64,
    /// Whether what was read is not needed any more.
    release: bool,
}

impl<I: Input> Read for Beginning<'_, I> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.release {
            self.input.release(self.at);
        }
        let count = self.input.read_at(self.at, buffer)?;
        self.at += count as u64;
        Ok(count)
    }
}

#[cfg(test)]
mod tests;
