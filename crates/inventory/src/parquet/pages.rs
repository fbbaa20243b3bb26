//! The pages of a column, unpacked, and the values in them.
//!
//! Source: <https://parquet.apache.org/docs/file-format/data-pages/>.

use std::io::{self, Read};
use std::sync::Arc;

use bytes::Bytes;
use parquet::basic::{Compression, Encoding};
use parquet::column::page::{Page, PageReader};
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::serialized_reader::SerializedPageReader;

use super::column_type::ColumnType;
use super::rle::Rle;
use super::snappy;
use super::source::{Source, as_io, damaged};
use super::values::Values;
use crate::packed;

/// The most bytes of a page that are unpacked; writers stop at one to a few MiB.
const MOST_BYTES: usize = 64 << 20;

/// The number of bytes that a page may unpack to in any case.
const FREE: usize = 8 << 20;

/// The multiple of its own size that a page may unpack to.
const RATIO: usize = 200;

/// Returns the most bytes that a page of this size may unpack to.
pub(super) fn most_bytes(packed: usize) -> usize {
    packed.saturating_mul(RATIO).clamp(FREE, MOST_BYTES)
}

/// A page with values of rows.
#[derive(Debug)]
pub(super) struct Data {
    /// The number of rows that are left.
    pub(super) rows: usize,
    /// Which of them have a value; `None` if all do.
    pub(super) present: Option<Rle>,
    pub(super) values: Values,
}

/// The content of a column of a row group.
pub(super) enum Content {
    /// The values that pages refer to, and how many they are.
    Dictionary(Values, usize),
    Data(Data),
}

/// The pages of a column in a row group, one after the other.
pub(super) struct Pages<'i> {
    #[cfg(feature = "zstd")]
    source: Arc<Source<'i>>,
    pages: SerializedPageReader<Source<'i>>,
    compression: Compression,
    column_type: ColumnType,
    optional: bool,
}

impl<'i> Pages<'i> {
    pub(super) fn new(
        source: &Arc<Source<'i>>,
        chunk: &ColumnChunkMetaData,
        column_type: ColumnType,
        optional: bool,
    ) -> io::Result<Self> {
        let begin = chunk.dictionary_page_offset().unwrap_or(chunk.data_page_offset());
        let end = begin.checked_add(chunk.compressed_size());
        let inside = begin >= 0
            && chunk.compressed_size() >= 0
            && end.is_some_and(|end| end.cast_unsigned() <= source.length);
        if !inside || chunk.file_path().is_some() {
            return Err(damaged("a column is not where the file says"));
        }
        let compression = chunk.compression();
        // The crate finds the pages; they are unpacked here, by the libraries that unpack whole
        // files.
        let builder = chunk.clone().into_builder().set_compression(Compression::UNCOMPRESSED);
        let chunk = builder.build().map_err(as_io)?;
        let pages = SerializedPageReader::new(source.clone(), &chunk, 0, None).map_err(as_io)?;
        Ok(Self {
            #[cfg(feature = "zstd")]
            source: source.clone(),
            pages,
            compression,
            column_type,
            optional,
        })
    }

    /// Returns the next page; `None` at the end of the column.
    pub(super) fn next(&mut self) -> io::Result<Option<Content>> {
        let Some(page) = self.pages.get_next_page().map_err(as_io)? else { return Ok(None) };
        match page {
            Page::DictionaryPage { buf, num_values, encoding, .. } => {
                if !matches!(encoding, Encoding::PLAIN | Encoding::PLAIN_DICTIONARY) {
                    return Err(damaged(format!("a dictionary has the encoding {encoding}")));
                }
                let values = Values::new(self.column_type, Encoding::PLAIN, self.unpacked(buf)?)?;
                Ok(Some(Content::Dictionary(values, num_values as usize)))
            }
            Page::DataPage { buf, num_values, encoding, def_level_encoding, .. } => {
                let mut bytes = self.unpacked(buf)?;
                let present = if self.optional {
                    if def_level_encoding != Encoding::RLE {
                        let what =
                            format!("a page says which rows are blank by {def_level_encoding}");
                        return Err(damaged(what));
                    }
                    Some(levels(&mut bytes)?)
                } else {
                    None
                };
                self.data(num_values, present, encoding, bytes)
            }
            Page::DataPageV2 {
                buf,
                num_values,
                encoding,
                num_nulls,
                def_levels_byte_len,
                rep_levels_byte_len,
                is_compressed,
                ..
            } => {
                let begin = rep_levels_byte_len as usize;
                let end = begin + def_levels_byte_len as usize;
                if end > buf.len() {
                    return Err(damaged("a page is shorter than it says"));
                }
                let present = self.optional && num_nulls > 0;
                let present = present.then(|| Rle::new(buf.slice(begin..end), 1)).transpose()?;
                let values = buf.slice(end..);
                let values = if is_compressed { self.unpacked(values)? } else { values };
                self.data(num_values, present, encoding, values)
            }
        }
    }

    fn data(
        &self,
        rows: u32,
        present: Option<Rle>,
        encoding: Encoding,
        bytes: Bytes,
    ) -> io::Result<Option<Content>> {
        // A page without a value has no bytes, not even those that say how values are written.
        let values = if bytes.is_empty() {
            Values::none()
        } else {
            Values::new(self.column_type, encoding, bytes)?
        };
        Ok(Some(Content::Data(Data { rows: rows as usize, present, values })))
    }

    fn unpacked(&self, bytes: Bytes) -> io::Result<Bytes> {
        // A page without values is not even the packed form of nothing.
        if bytes.is_empty() {
            return Ok(bytes);
        }
        let most = most_bytes(bytes.len());
        let too_large = || damaged("a page is too large");
        let unpacked = match self.compression {
            Compression::UNCOMPRESSED => return Ok(bytes),
            Compression::SNAPPY => snappy::content(&bytes, most)?.ok_or_else(too_large)?,
            Compression::GZIP(_) => {
                let mut unpacked = Vec::new();
                packed::gzip(&bytes).take(most as u64 + 1).read_to_end(&mut unpacked)?;
                unpacked
            }
            #[cfg(feature = "zstd")]
            Compression::ZSTD(_) => self.source.zstd(&bytes, most)?,
            other => {
                let what =
                    format!("its pages are packed by {}; understood are {UNDERSTOOD}", name(other));
                return Err(io::Error::new(io::ErrorKind::Unsupported, what));
            }
        };
        if unpacked.len() > most { Err(too_large()) } else { Ok(unpacked.into()) }
    }
}

/// The ways to pack a page that are understood.
const UNDERSTOOD: &str =
    if cfg!(feature = "zstd") { "snappy, zstd and gzip" } else { "snappy and gzip" };

fn name(compression: Compression) -> &'static str {
    match compression {
        Compression::BROTLI(_) => "brotli",
        Compression::ZSTD(_) => "zstd",
        Compression::LZ4 | Compression::LZ4_RAW => "lz4",
        Compression::LZO => "lzo",
        _ => "a method without a name",
    }
}

/// Takes the levels from the beginning of a page, behind their length.
fn levels(bytes: &mut Bytes) -> io::Result<Rle> {
    let length = bytes.first_chunk().map(|length| u32::from_le_bytes(*length) as usize);
    let end = length.and_then(|length| length.checked_add(4)).filter(|end| *end <= bytes.len());
    let Some(end) = end else { return Err(damaged("a page is shorter than it says")) };
    let mut levels = bytes.split_to(end);
    Rle::new(levels.split_off(4), 1)
}
