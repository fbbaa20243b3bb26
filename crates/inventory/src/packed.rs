//! Files that are packed: zip, gzip and zstd, unpacked while they are read.
//!
//! Memory is bounded by the window of the method, not by the file, but for Excel workbooks, whose
//! table is in memory as text. The first bytes of a file identify its format: the local header of a
//! zip archive (section 4.3.7 of <https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT>),
//! the magic of gzip (RFC 1952, section 2.3.1) and of zstd (RFC 8878, sections 3.1.1 and 3.1.2).

mod archive;
#[cfg(feature = "zstd")]
mod frames;
mod measure;
#[cfg(feature = "workbook")]
mod workbook;

use std::fmt;
#[cfg(feature = "zstd")]
use std::io::BufReader;
#[cfg(feature = "workbook")]
use std::io::Cursor;
use std::io::{self, Read, Seek, SeekFrom};

use flate2::read::MultiGzDecoder;

use crate::columns::Purpose;
use crate::error::{Found, NotAnInventory, OpenError, ReadError};
use archive::{Files, Member};
use measure::Measured;

/// The number of bytes of a file in zstd that are read at a time: a block and its header.
#[cfg(feature = "zstd")]
const BUFFER: usize = 1 << 17;

#[cfg(not(feature = "zstd"))]
const NO_ZSTD: &str = "a file in zstd, which this build does not read";

/// The way in which a file is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    /// It is not packed, as far as its first bytes show.
    Plain,
    /// A zip archive, as the portal hands out its export, or an Excel workbook.
    Zip,
    /// gzip; several members are read as one file.
    Gzip,
    /// zstd; several frames are read as one file.
    Zstd,
}

impl Packing {
    /// The number of bytes at a file's beginning that [`of`](Self::of) looks at.
    pub const BEGINNING: usize = 4;

    /// Returns the packing that the first bytes of a file show.
    ///
    /// ```
    /// use inventory::Packing;
    ///
    /// assert_eq!(Packing::of(b"PK\x03\x04"), Packing::Zip);
    /// assert_eq!(Packing::of(b"Device ID,OS"), Packing::Plain);
    /// ```
    pub fn of(beginning: &[u8]) -> Self {
        match beginning {
            [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Self::Zip,
            [0x1f, 0x8b, ..] => Self::Gzip,
            // A frame, or one that is skipped, with which `pzstd` begins.
            [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Self::Zstd,
            _ => Self::Plain,
        }
    }
}

/// The content of a file that may be packed.
///
/// A file that is damaged or cut off gives an error where that is found out, at the latest at its
/// end, where its checksum is compared. So does one that unpacks to more than 200 times its own
/// size, once that is more than 64 MiB: no table of devices is so repetitive.
pub struct Unpacked<'r> {
    packing: Packing,
    // Without its type, so that every way to unpack is compiled once.
    content: Box<dyn Read + Send + 'r>,
    passed_over: Vec<PassedOver>,
    hidden_rows: u64,
}

/// A file of an archive that is no inventory, beside one that is.
#[derive(Clone, Debug)]
pub struct PassedOver {
    /// Its name in the archive.
    pub name: String,
    /// Why it is no inventory.
    pub found: NotAnInventory,
}

/// An input that can be read at any place.
trait Seekable: Read + Seek + Send {}

impl<R: Read + Seek + Send> Seekable for R {}

impl<'r> Unpacked<'r> {
    /// Recognises how a file is packed and begins to unpack it.
    ///
    /// ```
    /// use std::io::{Cursor, Read};
    ///
    /// let mut text = String::new();
    /// inventory::Unpacked::open(Cursor::new("OS\nLinux\n"))?.read_to_string(&mut text)?;
    /// assert_eq!(text, "OS\nLinux\n");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`OpenError::NotAnInventory`] if a zip archive has several files and not exactly one of them
    /// is an inventory, or cannot be unpacked, or is a workbook without exactly one device table;
    /// [`OpenError::Read`] if the bytes cannot be read.
    pub fn open(input: impl Read + Seek + Send + 'r) -> Result<Self, OpenError> {
        Self::open_for(Purpose::Inventory, input)
    }

    /// As [`open`](Self::open), of an archive or workbook with an inventory or a facts file.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open).
    pub fn open_for(
        purpose: Purpose,
        input: impl Read + Seek + Send + 'r,
    ) -> Result<Self, OpenError> {
        Self::recognise(purpose, Box::new(input))
    }

    fn recognise(purpose: Purpose, mut input: Box<dyn Seekable + 'r>) -> Result<Self, OpenError> {
        let mut beginning = [0; Packing::BEGINNING];
        let at_start = |source: io::Error| ReadError::at_line(1, source);
        input.seek(SeekFrom::Start(0)).map_err(at_start)?;
        let count = fill(&mut input, &mut beginning).map_err(at_start)?;
        input.seek(SeekFrom::Start(0)).map_err(at_start)?;
        match Packing::of(&beginning[..count]) {
            Packing::Zip => Self::open_archive(purpose, input),
            packing => Self::unpack(packing, input),
        }
    }

    fn open_archive(
        purpose: Purpose,
        mut input: Box<dyn Seekable + 'r>,
    ) -> Result<Self, OpenError> {
        let entries = match archive::files(&mut input)? {
            Files::Entries(entries) => entries,
            #[cfg(feature = "workbook")]
            Files::Workbook => {
                let table = workbook::table(purpose, input)?;
                let unpacked = Self::new(Packing::Zip, Cursor::new(table.text));
                return Ok(Self { hidden_rows: table.hidden_rows, ..unpacked });
            }
            #[cfg(not(feature = "workbook"))]
            Files::Workbook => return Err(Found::OtherFormat("an Excel workbook").into()),
        };
        let (entry, passed_over) = archive::choose(purpose, &mut input, entries)?;
        let member = Measured::new(Member::begin(input, &entry)?);
        Ok(Self { passed_over, ..Self::new(Packing::Zip, member) })
    }

    fn new(packing: Packing, content: impl Read + Send + 'r) -> Self {
        Self { packing, content: Box::new(content), passed_over: Vec::new(), hidden_rows: 0 }
    }

    /// Begins to unpack what cannot be read twice.
    ///
    /// # Errors
    ///
    /// [`OpenError::NotAnInventory`] for [`Packing::Zip`]: the directory of an archive is at its
    /// end.
    pub fn stream(packing: Packing, input: impl Read + Send + 'r) -> Result<Self, OpenError> {
        Self::unpack(packing, Box::new(input))
    }

    fn unpack(packing: Packing, input: Box<dyn Read + Send + 'r>) -> Result<Self, OpenError> {
        match packing {
            Packing::Plain => Ok(Self::new(packing, input)),
            Packing::Gzip => {
                let decoder = MultiGzDecoder::new(measure::Taken::new(input));
                Ok(Self::new(packing, Measured::new(decoder)))
            }
            #[cfg(feature = "zstd")]
            Packing::Zstd => {
                let input = BufReader::with_capacity(BUFFER, measure::Taken::new(input));
                Ok(Self::new(packing, Measured::new(frames::Frames::new(input))))
            }
            #[cfg(not(feature = "zstd"))]
            Packing::Zstd => Err(Found::OtherFormat(NO_ZSTD).into()),
            Packing::Zip => Err(Found::OtherFormat("a zip archive").into()),
        }
    }

    /// Returns the files of an archive that are no inventories, if one is.
    pub fn passed_over(&self) -> &[PassedOver] {
        &self.passed_over
    }

    /// Returns the number of rows of a workbook's table that Excel does not show, as a filter leaves
    /// them out; they are read as the others are.
    pub fn hidden_rows(&self) -> u64 {
        self.hidden_rows
    }
}

impl Read for Unpacked<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.content.read(buffer)
    }
}

/// Returns the content of bytes in gzip.
#[cfg(feature = "parquet")]
pub(crate) fn gzip(bytes: &[u8]) -> impl Read {
    MultiGzDecoder::new(bytes)
}

#[cfg(all(feature = "parquet", feature = "zstd"))]
pub(crate) use frames::Pieces;

impl fmt::Debug for Unpacked<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Unpacked").field(&self.packing).finish()
    }
}

/// Reads until the buffer is full or the input ends.
fn fill(input: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut count = 0;
    while count < buffer.len() {
        match input.read(&mut buffer[count..]) {
            Ok(0) => break,
            Ok(more) => count += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(count)
}

/// Returns the error of packed bytes that make no sense.
fn damaged(what: impl Into<String>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what.into())
}
