//! The one inventory of a zip archive.
//!
//! The directory is read by the `zip` crate; the file itself is unpacked here, because it is
//! read for longer than a borrowed archive could be kept.

use std::io::{self, Read, Seek, SeekFrom, Take};

use flate2::Crc;
use flate2::read::DeflateDecoder;
use zip::{CompressionMethod, ZipArchive};

use super::PassedOver;
use super::damaged;
use super::measure::{Measured, Taken, Takes};
use crate::columns::Purpose;
use crate::error::{Found, OpenError, ReadError, shortened};
use crate::reader::Reader;

/// The most files of an archive that are looked at for the inventory among them.
const MOST_FILES: usize = 1_000;

/// The number of file names that a message shows.
const SHOWN: usize = 5;

/// Parts by which documents are known that are archives, too: those of
/// <https://learn.microsoft.com/en-us/office/open-xml/open-xml-sdk>, of
/// <https://docs.oasis-open.org/office/OpenDocument/v1.3/>, and of programs of Apple.
const OTHER_PARTS: [(&[u8], &str); 5] = [
    (b"word/", "a Word document"),
    (b"ppt/", "a PowerPoint presentation"),
    (b"DataModel", "a Power BI report"),
    (b"META-INF/manifest.xml", "an OpenDocument or Numbers spreadsheet"),
    (b"Index/Document.iwa", "an OpenDocument or Numbers spreadsheet"),
];

/// The content of the file.
pub(super) struct Member<R> {
    content: Content<Taken<Take<R>>>,
    crc: Crc,
    left: u64,
    expected: u32,
}

enum Content<R> {
    Stored(R),
    Deflated(DeflateDecoder<R>),
}

/// The place of a file in an archive, and what its directory says about it.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    name: String,
    start: u64,
    packed: u64,
    method: CompressionMethod,
    size: u64,
    crc: u32,
}

/// The files of an archive.
pub(super) enum Files {
    /// The parts of an Excel workbook.
    Workbook,
    /// Folders, and what macOS adds to archives, do not count.
    Entries(Vec<Entry>),
}

/// Reads the directory of an archive.
pub(super) fn files<R: Read + Seek>(input: R) -> Result<Files, Found> {
    const DAMAGED: Found = Found::Archive("that is damaged or cut off");
    let mut archive = ZipArchive::new(input).map_err(|_| DAMAGED)?;
    let names: Vec<Vec<u8>> = archive.file_names_raw().map(<[u8]>::to_vec).collect();
    let has = |part: &[u8]| names.iter().any(|name| name.starts_with(part));
    if let Some((_, what)) = OTHER_PARTS.iter().find(|(part, _)| has(part)) {
        return Err(Found::OtherFormat(what));
    }
    if has(b"[Content_Types].xml") {
        return Ok(Files::Workbook);
    }
    let is_file = |name: &&Vec<u8>| !name.ends_with(b"/") && !name.starts_with(b"__MACOSX/");
    let mut entries = Vec::new();
    for name in names.iter().filter(is_file) {
        let index = archive.index_for_name_raw(name).ok_or(DAMAGED)?;
        let entry = archive.by_index_raw(index).map_err(|_| DAMAGED)?;
        if entry.encrypted() {
            return Err(Found::Archive("that is locked by a password"));
        }
        entries.push(Entry {
            name: shortened(name),
            start: entry.data_start().ok_or(DAMAGED)?,
            packed: entry.compressed_size(),
            method: entry.compression(),
            size: entry.size(),
            crc: entry.crc32(),
        });
    }
    let comment = archive.comment().len();
    // The crate keeps the last of several files of one name.
    match told(archive.into_inner(), comment).map_err(|_| DAMAGED)? {
        Some(told) if usize::from(told) != names.len() => {
            Err(Found::Archive("with several files of one name"))
        }
        _ => Ok(Files::Entries(entries)),
    }
}

/// Returns the number of files that the end of the central directory states (section 4.3.16),
/// unless only that of large archives does; a comment is behind it.
fn told(mut input: impl Read + Seek, comment: usize) -> io::Result<Option<u16>> {
    const LENGTH: i64 = 22;
    let mut end = [0; LENGTH as usize];
    input.seek(SeekFrom::End(-LENGTH - i64::try_from(comment).map_err(io::Error::other)?))?;
    input.read_exact(&mut end)?;
    let told = u16::from_le_bytes([end[10], end[11]]);
    Ok(end.starts_with(b"PK\x05\x06").then_some(told).filter(|told| *told != u16::MAX))
}

/// Chooses the only file, or the only one that is an inventory; the others are passed over.
pub(super) fn choose<R: Read + Seek>(
    purpose: Purpose,
    input: &mut R,
    entries: Vec<Entry>,
) -> Result<(Entry, Vec<PassedOver>), OpenError> {
    if entries.len() < 2 {
        let only = entries.into_iter().next();
        return Ok((only.ok_or(Found::Archive("without a file"))?, Vec::new()));
    }
    if entries.len() > MOST_FILES {
        return Err(Found::ManyFiles(entries.len()).into());
    }
    let (mut inventories, mut passed_over) = (Vec::new(), Vec::new());
    for entry in &entries {
        let content = Measured::new(Member::begin(&mut *input, entry)?);
        match Reader::open_for(purpose, content).map(|_| ()) {
            Err(OpenError::NotAnInventory(error)) if *error.found() != Found::Parquet => {
                passed_over.push(PassedOver { name: entry.name.clone(), found: error });
            }
            Err(OpenError::Read(error)) => return Err(error.into()),
            _ => inventories.push(entry),
        }
    }
    if let [inventory] = inventories.as_slice() {
        return Ok(((*inventory).clone(), passed_over));
    }
    let files = if inventories.is_empty() { entries.iter().collect() } else { inventories };
    let names = files.iter().take(SHOWN).map(|entry| entry.name.clone()).collect();
    Err(Found::SeveralFiles(names, files.len()).into())
}

impl<R: Read + Seek> Member<R> {
    /// Begins to unpack a file.
    pub(super) fn begin(mut input: R, entry: &Entry) -> Result<Self, OpenError> {
        let start = SeekFrom::Start(entry.start);
        input.seek(start).map_err(|source| ReadError::at_line(1, source))?;
        let content = Taken::new(input.take(entry.packed));
        let content = match entry.method {
            CompressionMethod::Stored => Content::Stored(content),
            // The variant for this method exists only where the crate has a decompressor.
            method if method == CompressionMethod::DEFLATE => {
                Content::Deflated(DeflateDecoder::new(content))
            }
            _ => return Err(Found::Archive("packed by a rare method").into()),
        };
        Ok(Self { content, crc: Crc::new(), left: entry.size, expected: entry.crc })
    }
}

impl<R: Read> Read for Member<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = match &mut self.content {
            Content::Stored(content) => content.read(buffer)?,
            Content::Deflated(content) => content.read(buffer)?,
        };
        if buffer.is_empty() {
            return Ok(0);
        }
        self.crc.update(&buffer[..count]);
        let left = self.left.checked_sub(count as u64);
        self.left = left.ok_or_else(|| damaged("it unpacks to more than its directory says"))?;
        if count == 0 && (self.left > 0 || self.crc.sum() != self.expected) {
            return Err(damaged("its content is damaged: the checksum does not match"));
        }
        Ok(count)
    }
}

impl<R: Read> Takes for Member<R> {
    fn taken(&self) -> u64 {
        match &self.content {
            Content::Stored(content) => content.bytes(),
            Content::Deflated(content) => content.taken(),
        }
    }
}
