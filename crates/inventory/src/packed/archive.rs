//! The one file of a zip archive.
//!
//! The directory is read by the `zip` crate; the file itself is unpacked here, because it is
//! read for longer than a borrowed archive could be kept.

use std::io::{self, Read, Seek, SeekFrom, Take};

use flate2::Crc;
use flate2::read::DeflateDecoder;
use zip::{CompressionMethod, ZipArchive};

use super::damaged;
use super::measure::{Taken, Takes};
use crate::error::{Found, OpenError, ReadError, shortened};

/// How many file names a message shows.
const SHOWN: usize = 5;

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

impl<R: Read + Seek> Member<R> {
    /// Finds the file. Folders and what macOS adds to archives do not count.
    pub(super) fn open(input: R) -> Result<Self, OpenError> {
        let mut archive =
            ZipArchive::new(input).map_err(|_| Found::Archive("that is damaged or cut off"))?;
        let index = only_file(&archive)?;
        let entry = archive.by_index_raw(index);
        let entry = entry.map_err(|_| Found::Archive("that is damaged or cut off"))?;
        if entry.encrypted() {
            return Err(Found::Archive("that is locked by a password").into());
        }
        let method = entry.compression();
        let start = entry.data_start().ok_or(Found::Archive("that is damaged or cut off"))?;
        let (packed, left, expected) = (entry.compressed_size(), entry.size(), entry.crc32());
        drop(entry);
        let mut input = archive.into_inner();
        input.seek(SeekFrom::Start(start)).map_err(|source| ReadError::at_line(1, source))?;
        let content = Taken::new(input.take(packed));
        let content = match method {
            CompressionMethod::Stored => Content::Stored(content),
            // The crate is built without a decompressor, so it has no variant for this method.
            method if method == CompressionMethod::DEFLATE => {
                Content::Deflated(DeflateDecoder::new(content))
            }
            _ => return Err(Found::Archive("packed by a rare method").into()),
        };
        Ok(Self { content, crc: Crc::new(), left, expected })
    }
}

/// Returns the position of the only file of an archive.
fn only_file<R: Read + Seek>(archive: &ZipArchive<R>) -> Result<usize, Found> {
    let names: Vec<_> = archive.file_names_raw().collect();
    if names.contains(&&b"[Content_Types].xml"[..]) {
        return Err(Found::OtherFormat("an Excel workbook"));
    }
    let is_file = |name: &&[u8]| !name.ends_with(b"/") && !name.starts_with(b"__MACOSX/");
    let files: Vec<_> = names.iter().copied().filter(is_file).collect();
    match files.as_slice() {
        [] => Err(Found::Archive("without a file")),
        [file] => archive.index_for_name_raw(file).ok_or(Found::Archive("without a file")),
        files => Err(Found::SeveralFiles(
            files.iter().take(SHOWN).map(|name| shortened(name)).collect(),
            files.len(),
        )),
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
