//! The errors of this crate, in words.

mod found;
mod other_table;

use std::borrow::Cow;
use std::fmt;
use std::io;

pub use found::Found;
pub use other_table::OtherTable;

/// The longest piece of a file that is quoted in a message, in characters.
const QUOTED: usize = 60;

/// The longest message of Graph that is quoted, in characters: with the numbers that customer
/// support asks for it has about 300.
const QUOTED_MESSAGE: usize = 400;

/// Returns a piece of a file for a message: control characters made visible, long ones cut.
pub fn shortened(bytes: &[u8]) -> String {
    cut(bytes, QUOTED)
}

fn cut(bytes: &[u8], limit: usize) -> String {
    // Four bytes a character is the most that UTF-8 needs.
    let window = &bytes[..bytes.len().min(4 * limit + 4)];
    let text = String::from_utf8_lossy(window);
    let mut short: String = text.chars().take(limit).flat_map(visible).collect();
    if text.chars().nth(limit).is_some() {
        short.push('…');
    }
    short
}

fn visible(character: char) -> impl Iterator<Item = char> {
    let escaped = character.is_control().then(|| character.escape_default());
    let plain = escaped.is_none().then_some(character);
    escaped.into_iter().flatten().chain(plain)
}

/// The reason why [`Reader::open`](crate::Reader::open) returned no reader.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// It is some other file.
    #[error(transparent)]
    NotAnInventory(#[from] NotAnInventory),
    /// The bytes could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
}

/// The bytes of an inventory could not be read.
#[derive(Debug, thiserror::Error)]
#[error("cannot read on at {place}: {source}")]
pub struct ReadError {
    place: Place,
    source: io::Error,
}

/// The place where reading failed.
#[derive(Clone, Copy, Debug)]
enum Place {
    Line(u64),
    #[cfg(feature = "parquet")]
    Row(u64),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(line) => write!(f, "line {line}"),
            #[cfg(feature = "parquet")]
            Self::Row(row) => write!(f, "row {row}"),
        }
    }
}

impl ReadError {
    pub(crate) fn at_line(line: u64, source: io::Error) -> Self {
        Self { place: Place::Line(line), source }
    }

    #[cfg(feature = "parquet")]
    pub(crate) fn at_row(row: u64, source: io::Error) -> Self {
        Self { place: Place::Row(row), source }
    }

    /// Returns the underlying error.
    pub(crate) fn into_source(self) -> io::Error {
        self.source
    }

    /// Returns the line at which reading failed, from 1; `None` for files without lines.
    pub fn line(&self) -> Option<u64> {
        match self.place {
            Place::Line(line) => Some(line),
            #[cfg(feature = "parquet")]
            Place::Row(_) => None,
        }
    }

    /// Returns the kind of the underlying error.
    pub fn kind(&self) -> io::ErrorKind {
        self.source.kind()
    }
}

/// A file that is no device inventory: what was found instead.
///
/// ```
/// let error = inventory::Reader::open("OS|OS version\niOS/iPadOS|17\n".as_bytes()).err();
/// let inventory::OpenError::NotAnInventory(error) = error.ok_or("it opened")? else {
///     return Err("it could not be read".into());
/// };
/// assert_eq!(
///     error.to_string(),
///     "found a table whose cells are separated by `|`, expected a device inventory"
/// );
/// assert!(error.hint().contains("commas"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("found {found}, expected {}", found.expected())]
pub struct NotAnInventory {
    pub(crate) found: Found,
}

/// The answer of Microsoft Graph to a request that fails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GraphError {
    code: String,
    message: String,
}

impl GraphError {
    pub(crate) fn new(code: &str, message: &str) -> Self {
        Self {
            code: shortened(code.as_bytes()),
            message: cut(message.trim().as_bytes(), QUOTED_MESSAGE),
        }
    }

    /// Graph's word for what went wrong, such as `Forbidden`.
    pub fn code(&self) -> &str {
        &self.code
    }

    /// Returns what went wrong in words; where Intune hides that in JSON, the words alone.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for GraphError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an error of Microsoft Graph")?;
        let texts: Vec<_> = [&self.code, &self.message]
            .into_iter()
            .filter(|text| !text.is_empty())
            .map(|text| format!("`{text}`"))
            .collect();
        if texts.is_empty() { Ok(()) } else { write!(f, " ({})", texts.join(": ")) }
    }
}

impl NotAnInventory {
    /// Returns what was found.
    pub fn found(&self) -> &Found {
        &self.found
    }

    /// Returns what to do about it, in one sentence without a final dot.
    pub fn hint(&self) -> Cow<'static, str> {
        match &self.found {
            Found::Table(OtherTable::LineBeforeHeader(_, 2)) => {
                "line 2 is the header: remove the line above it".into()
            }
            Found::Table(OtherTable::LineBeforeHeader(_, line)) => {
                format!("line {line} is the header: remove the lines above it").into()
            }
            found => found.hint().into(),
        }
    }
}

impl From<Found> for NotAnInventory {
    fn from(found: Found) -> Self {
        Self { found }
    }
}

impl From<Found> for OpenError {
    fn from(found: Found) -> Self {
        NotAnInventory { found }.into()
    }
}

/// A row whose cells cannot be separated or contradict each other: its place, its text and the
/// expected content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// The number of the row, counting from 1 after the header.
    pub row: u64,
    /// The line of the file on which the row begins, counting from 1; `None` for files without
    /// lines.
    pub line: Option<u64>,
    /// The column that contradicts another, named as in the file; `None` when the row as a whole is
    /// malformed.
    pub column: Option<String>,
    /// The cell, or what the row is; shortened.
    pub text: String,
    /// The expected content.
    pub expected: String,
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { row, line, column, text, expected } = self;
        write!(f, "row {row}")?;
        if let Some(line) = line {
            write!(f, " (line {line})")?;
        }
        match column {
            Some(column) => write!(f, ", column `{column}`: found `{text}`")?,
            None => write!(f, ": found {text}")?,
        }
        write!(f, ", expected {expected}")
    }
}

fn quoted(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_pieces_are_cut_and_control_characters_shown() {
        assert_eq!(shortened(b"a\tb\r\n"), "a\\tb\\r\\n");
        assert_eq!(shortened("é".repeat(60).as_bytes()), "é".repeat(60));
        assert_eq!(shortened("é".repeat(61).as_bytes()), format!("{}…", "é".repeat(60)));
        assert_eq!(shortened(b"\xff"), "\u{fffd}");
    }
}
