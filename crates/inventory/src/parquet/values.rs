//! The values of a page, in any of the ways in which they are written.

use std::io;

use bytes::Bytes;
use parquet::basic::Encoding;

use super::column_type::{ColumnType, int96, uuid};
use super::delta;
use super::rle::Rle;
use super::source::damaged;

/// The number of numbers that are unpacked at a time; a damaged file may claim any number of values.
const AT_ONCE: usize = 1 << 10;

/// Values in their order in the file; those of one page are all written in one way.
#[derive(Debug)]
pub(super) enum Values {
    /// Positions in the dictionary of the column.
    Indices(Rle),
    /// Texts, each behind its length.
    Texts { bytes: Bytes, at: usize },
    /// Texts by their places.
    Places { bytes: Bytes, places: Vec<(u32, u32)>, next: usize },
    /// Values of a fixed width.
    Fixed { column_type: ColumnType, bytes: Bytes, at: usize },
    /// Numbers that were read beforehand.
    Numbers { numbers: Vec<i64>, next: usize },
    /// Boolean values.
    Bits(Rle),
}

/// One value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Value<'v> {
    Text(&'v [u8]),
    Number(i64),
}

impl Values {
    /// Returns no value.
    pub(super) fn none() -> Self {
        Self::Numbers { numbers: Vec::new(), next: 0 }
    }

    /// Returns the values of a page that was unpacked.
    pub(super) fn new(
        column_type: ColumnType,
        encoding: Encoding,
        mut bytes: Bytes,
    ) -> io::Result<Self> {
        let is_text = matches!(column_type, ColumnType::Text { .. });
        let integer = matches!(
            column_type,
            ColumnType::Integer { .. } | ColumnType::Date | ColumnType::Timestamp { .. }
        );
        Ok(match encoding {
            Encoding::RLE_DICTIONARY | Encoding::PLAIN_DICTIONARY => {
                let width = bytes.split_to(1)[0];
                Self::Indices(Rle::new(bytes, width)?)
            }
            Encoding::PLAIN if is_text => Self::Texts { bytes, at: 0 },
            Encoding::PLAIN if column_type == ColumnType::Boolean => {
                // Packed bits are a run of numbers of one bit without the length before it.
                Self::Bits(Rle::of_bits(bytes))
            }
            Encoding::PLAIN => Self::Fixed { column_type, bytes, at: 0 },
            Encoding::RLE if column_type == ColumnType::Boolean && bytes.len() >= 4 => {
                Self::Bits(Rle::new(bytes.split_off(4), 1)?)
            }
            Encoding::DELTA_LENGTH_BYTE_ARRAY if is_text => {
                let places = delta::texts(&bytes, &mut 0)?;
                Self::Places { bytes, places, next: 0 }
            }
            Encoding::DELTA_BYTE_ARRAY if is_text => {
                let (bytes, places) = delta::prefixed(&bytes)?;
                Self::Places { bytes, places, next: 0 }
            }
            Encoding::DELTA_BINARY_PACKED if integer => {
                let numbers = delta::numbers(&bytes, &mut 0)?;
                let numbers =
                    numbers.into_iter().map(|number| whole(column_type, number)).collect();
                Self::Numbers { numbers, next: 0 }
            }
            Encoding::BYTE_STREAM_SPLIT if integer => {
                Self::Fixed { column_type, bytes: woven(&bytes, width(column_type)), at: 0 }
            }
            other => {
                let what = format!("a page is written by {other}, which is not understood");
                return Err(io::Error::new(io::ErrorKind::Unsupported, what));
            }
        })
    }

    /// Calls `take` with each of the next values.
    pub(super) fn each(
        &mut self,
        count: usize,
        dictionary: &DictionaryPage,
        mut take: impl FnMut(Value<'_>),
    ) -> io::Result<()> {
        match self {
            Self::Indices(indices) => {
                each_number(indices, count, |number| {
                    take(dictionary.get(number)?);
                    Ok(())
                })?;
            }
            Self::Bits(bits) => {
                each_number(bits, count, |number| {
                    take(Value::Number(number.into()));
                    Ok(())
                })?;
            }
            Self::Texts { bytes, at } => {
                for _ in 0..count {
                    let (length, rest) = bytes[*at..].split_first_chunk().ok_or_else(ended)?;
                    let length = u32::from_le_bytes(*length) as usize;
                    take(Value::Text(rest.get(..length).ok_or_else(ended)?));
                    *at += 4 + length;
                }
            }
            Self::Places { bytes, places, next } => {
                let now = places.get(*next..).and_then(|places| places.get(..count));
                for (start, end) in now.ok_or_else(ended)? {
                    take(Value::Text(&bytes[*start as usize..*end as usize]));
                }
                *next += count;
            }
            Self::Fixed { column_type, bytes, at } => {
                let width = width(*column_type);
                for value in bytes[*at..].chunks_exact(width).take(count) {
                    match value.first_chunk().filter(|_| *column_type == ColumnType::Uuid) {
                        Some(value) => take(Value::Text(uuid(value).as_bytes())),
                        None => take(Value::Number(fixed(*column_type, value))),
                    }
                }
                *at += count * width;
                if *at > bytes.len() {
                    return Err(ended());
                }
            }
            Self::Numbers { numbers, next } => {
                let now = numbers.get(*next..).and_then(|numbers| numbers.get(..count));
                now.ok_or_else(ended)?.iter().for_each(|number| take(Value::Number(*number)));
                *next += count;
            }
        }
        Ok(())
    }
}

/// Calls `take` with each of the next numbers.
fn each_number(
    numbers: &mut Rle,
    count: usize,
    mut take: impl FnMut(u32) -> io::Result<()>,
) -> io::Result<()> {
    let mut unpacked = [0; AT_ONCE];
    let mut left = count;
    while left > 0 {
        let now = &mut unpacked[..left.min(AT_ONCE)];
        numbers.take(now)?;
        now.iter().try_for_each(|number| take(*number))?;
        left -= now.len();
    }
    Ok(())
}

/// The values that pages refer to by their positions.
#[derive(Debug, Default)]
pub(super) struct DictionaryPage {
    bytes: Vec<u8>,
    ends: Vec<usize>,
    numbers: Vec<i64>,
}

impl DictionaryPage {
    /// Reads a dictionary with a number of entries.
    pub(super) fn new(mut values: Values, count: usize) -> io::Result<Self> {
        let mut all = Self::default();
        let none = Self::default();
        values.each(count, &none, |value| match value {
            Value::Text(text) => {
                all.bytes.extend_from_slice(text);
                all.ends.push(all.bytes.len());
            }
            Value::Number(number) => all.numbers.push(number),
        })?;
        Ok(all)
    }

    /// Returns the number of entries.
    pub(super) fn len(&self) -> usize {
        self.ends.len() + self.numbers.len()
    }

    /// Returns an entry.
    pub(super) fn get(&self, index: u32) -> io::Result<Value<'_>> {
        let index = index as usize;
        if let Some(end) = self.ends.get(index) {
            let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
            return Ok(Value::Text(&self.bytes[start..*end]));
        }
        let number = self.numbers.get(index).ok_or_else(beyond)?;
        Ok(Value::Number(*number))
    }
}

/// Returns the error of an index that no entry has.
pub(super) fn beyond() -> io::Error {
    damaged("a page refers to a value that is not in the dictionary")
}

fn ended() -> io::Error {
    damaged("a page has fewer values than it says")
}

/// Returns the number of bytes of a value.
fn width(column_type: ColumnType) -> usize {
    match column_type {
        ColumnType::Uuid => 16,
        ColumnType::Int96 => 12,
        ColumnType::Integer { wide: false, .. } | ColumnType::Date => 4,
        _ => 8,
    }
}

fn fixed(column_type: ColumnType, bytes: &[u8]) -> i64 {
    match (column_type, bytes.first_chunk()) {
        (ColumnType::Int96, _) => bytes.first_chunk().map_or(0, |bytes| int96(*bytes)),
        (_, Some(bytes)) => i64::from_le_bytes(*bytes),
        (_, None) => {
            let bytes = bytes.first_chunk().map_or(0, |bytes| i32::from_le_bytes(*bytes));
            whole(column_type, bytes.into())
        }
    }
}

/// Returns a number of 32 bits in the one way that it has as one of 64.
fn whole(column_type: ColumnType, number: i64) -> i64 {
    match column_type {
        ColumnType::Integer { wide: false, signed: false } => i64::from(number as u32),
        ColumnType::Integer { wide: false, signed: true } | ColumnType::Date => {
            i64::from(number as i32)
        }
        _ => number,
    }
}

/// Values stored as byte planes: all first bytes, then all second ones, and so on.
fn woven(bytes: &[u8], width: usize) -> Bytes {
    let count = bytes.len() / width;
    let value = |index| (0..width).map(move |byte| bytes[byte * count + index]);
    (0..count).flat_map(value).collect::<Vec<u8>>().into()
}
