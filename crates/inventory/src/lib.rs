//! Reads an exported device inventory into the facts of each device.
//!
//! ```
//! use eligibility::facts::{Fact, Management};
//! use inventory::{Entry, Reader};
//!
//! let file = "Device ID,OS,OS version,Managed by\n\
//!             17,Android (fully managed),14,Intune\n";
//! let mut reader = Reader::open(file.as_bytes())?;
//! while let Some(entry) = reader.next_entry()? {
//!     match entry {
//!         Entry::Row(row) => {
//!             assert_eq!(row.facts.management, Fact::Known(Management::FullyManaged));
//!         }
//!         Entry::Rejected(rejection) => eprintln!("{rejection}"),
//!     }
//! }
//! assert_eq!(reader.counts().read, 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`Reader`] reads plainly, one row at a time, and says what every row means. [`Inventory`] reads
//! the same rows in bulk: several threads hand [`Batch`]es of columns to a [`Sink`], at some
//! ten times the speed, with the same rejections and counts.
//!
//! These formats are understood, distinguished by their content:
//!
//! - the CSV of the Intune portal's device export (report `DevicesWithInventory`, also with the
//!   report's request names or Graph's names as headers);
//! - the CSV of the raw report `Devices`, whose enums are numbers;
//! - a tidy CSV whose headers are the names of facts;
//! - Microsoft Graph's `managedDevices` in JSON: pages, arrays, or one device a line;
//! - Apache Parquet with the columns of any of these tables, with the feature `parquet` and by
//!   [`Inventory`] only, from an input whose [length](Input::length) is known.
//!
//! Each may be packed in a zip archive, gzip or zstd, and a table may be a sheet of an Excel
//! workbook, with the feature `workbook`; see [`Unpacked`].
//!
//! Invariants:
//!
//! - rows read = rows understood + rows rejected;
//! - a cell that is blank or says "unknown" makes an unknown fact, never `false`;
//! - a cell that is not understood makes an unknown fact, too, is counted in [`Problems`], and
//!   costs no device; a row is rejected only if its cells cannot be separated or contradict each
//!   other;
//! - memory does not grow with the file, however it is read; of Parquet, the pages of one row group
//!   for each thread are in memory, of a workbook its table;
//! - whatever the number of threads, what is kept is the same, in the order of the file.
//!
//! What this crate does not do: it opens no files (it takes readers), knows no policies and no
//! decisions, follows no links to further pages, and reads no archives with more
//! than one inventory. Of Parquet it reads no nested columns, no fractions, and no pages packed by
//! brotli, lz4 or lzo.

mod batch;
mod bulk;
mod cell_type;
mod check_ins;
mod columns;
mod device_key;
mod error;
mod facts_table;
mod format;
mod input;
mod inventory;
mod joining;
mod merge;
mod origin;
mod packed;
#[cfg(feature = "parquet")]
mod parquet;
mod problems;
mod reader;
mod row;
mod row_limits;
mod sequential;
mod source;
mod spelling;

pub use batch::{
    Batch, DistinctFacts, FactsHasher, FactsState, Projection, RowText, Sink, is_formula,
};
pub use cell_type::CellType;
pub use check_ins::{CheckIns, LastCheckIn};
pub use columns::{Columns, JoinKey, KnownColumn, MissingColumn, Purpose};
pub use device_key::{DeviceKey, KeyCounts};
pub use error::{
    Found, GraphError, NotAnInventory, OpenError, OtherTable, ReadError, Rejection, shortened,
};
pub use facts_table::{FactsRows, FactsSink, FactsTable};
pub use format::Format;
pub use input::{Input, Stream};
pub use inventory::{Inventory, Sizes};
pub use joining::{Held, Holders, Joined, JoinedFacts, JoinedRows, Joining};
pub use merge::{Chunk, Stop, Totals};
pub use origin::{Origin, origins};
pub use packed::{Packing, PassedOver, Unpacked};
#[cfg(feature = "parquet")]
pub use parquet::{Cells, TableWriter};
pub use problems::{CellProblem, ColumnProblems, Problems};
pub use reader::{Counts, Entry, MAX_ROW_BYTES, Pages, Reader, Row};
pub use row_limits::RowLimit;
pub use source::foreign::other_lists;
pub use spelling::is_same_name;
