//! The recognition of a file by its first bytes.

use crate::columns::{self, Columns, Layout, Purpose};
use crate::error::{Found, OtherTable};
use crate::format::PARQUET;

/// Beginnings of formats that are no text.
const MAGIC: &[(&[u8], &str)] = &[
    (b"PARE", "an encrypted Parquet file"),
    (b"%PDF", "a PDF document"),
    (b"\x1f\x8b", "gzip-compressed data"),
    (b"BZh", "an archive that is not read"),
    (b"\xfd7zXZ\0", "an archive that is not read"),
    (b"7z\xbc\xaf", "an archive that is not read"),
    (b"Rar!", "an archive that is not read"),
    (b"ARROW1\0\0", "an Arrow or Feather file"),
    (b"Obj\x01", "an Avro file"),
    (b"SQLite format 3\0", "a SQLite database"),
    // The old binary Excel format is an OLE container.
    (b"\xd0\xcf\x11\xe0", "an Excel workbook"),
];

/// The text between the names of columns of a tabular model.
const MODEL_COLUMNS: &[u8] = b"],[";

/// Byte-order marks of UTF-32.
const WIDE_MARKS: [&[u8]; 2] = [b"\xff\xfe\0\0", b"\0\0\xfe\xff"];

/// The sort of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Text {
    Table,
    Json,
}

/// Refuses what cannot be a CSV or JSON in UTF-8; `beginning` is what the file begins with, a UTF-8
/// byte-order mark left out.
pub(super) fn check(beginning: &[u8]) -> Result<Text, Found> {
    // The mark of tar is behind the first file's name, owner and size.
    if beginning.get(257..262) == Some(b"ustar") {
        return Err(Found::OtherFormat("an archive that is not read"));
    }
    if WIDE_MARKS.iter().any(|mark| beginning.starts_with(mark)) {
        return Err(Found::WideText);
    }
    if beginning.starts_with(b"PK\x03\x04") || beginning.starts_with(b"PK\x05\x06") {
        let workbook = holds(beginning, b"[Content_Types].xml") || holds(beginning, b"xl/");
        return Err(Found::OtherFormat(if workbook {
            "an Excel workbook"
        } else {
            "a zip archive"
        }));
    }
    if beginning.starts_with(PARQUET) {
        return Err(Found::Parquet);
    }
    if let Some((_, name)) = MAGIC.iter().find(|(magic, _)| beginning.starts_with(magic)) {
        return Err(Found::OtherFormat(name));
    }
    if beginning.trim_ascii().is_empty() {
        return Err(Found::Empty);
    }
    // A first line is text; the rows may hold anything.
    let line = beginning.split(|byte| *byte == b'\n').next().unwrap_or_default();
    if line.contains(&0) {
        return Err(if every_other_is_zero(beginning) { Found::WideText } else { Found::Binary });
    }
    let control = |byte: &&u8| byte.is_ascii_control() && !byte.is_ascii_whitespace();
    if line.iter().filter(control).count() * 10 > line.len() {
        return Err(Found::Binary);
    }
    match beginning.trim_ascii_start() {
        [b'"', text @ ..] if is_escaped(text) => Err(Found::OtherFormat("JSON inside a text")),
        [b'{' | b'[', text @ ..] if is_python(text) => {
            Err(Found::OtherFormat("a dictionary as Python prints it"))
        }
        text if is_drawn(text) => Err(Found::OtherFormat("a table that is drawn with lines")),
        [b'<', ..] => Err(Found::OtherFormat("an HTML or XML document")),
        text if let Some(name) = settings(text) => Err(Found::Settings(name)),
        [b'[', first, ..] if first.is_ascii_alphabetic() && holds(line, MODEL_COLUMNS) => {
            Ok(Text::Table)
        }
        [b'{' | b'[', ..] => Ok(Text::Json),
        _ => Ok(Text::Table),
    }
}

/// Returns true for JSON behind a quote, its own quotes escaped.
fn is_escaped(text: &[u8]) -> bool {
    let brackets = |byte: &u8| matches!(byte, b'[' | b'{' | b' ');
    let inner = text.iter().position(|byte| !brackets(byte)).unwrap_or_default();
    inner > 0 && text[inner..].starts_with(b"\\\"")
}

/// Returns true for the name of a property in single quotes.
fn is_python(text: &[u8]) -> bool {
    let inner = text.iter().position(|byte| !byte.is_ascii_whitespace() && *byte != b'{');
    inner.is_some_and(|inner| text[inner] == b'\'')
}

/// Returns true if the first line is the upper edge of a table.
fn is_drawn(text: &[u8]) -> bool {
    let line = text.split(|byte| matches!(byte, b'\r' | b'\n')).next().unwrap_or_default();
    let edge = |byte: &u8| matches!(byte, b'+' | b'-' | b'=');
    let corners = ["\u{250c}\u{2500}", "\u{2554}\u{2550}", "\u{2552}\u{2550}", "\u{256d}\u{2500}"];
    (line.starts_with(b"+") && line.len() > 2 && line.iter().all(edge))
        || corners.iter().any(|corner| line.starts_with(corner.as_bytes()))
}

/// Returns the number of lines before JSON, if something else does.
pub(super) fn lines_before_json(beginning: &[u8]) -> Option<usize> {
    let lines = beginning.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let json = |line: &[u8]| match line {
        [b'{' | b'[', rest @ ..] => {
            matches!(rest.trim_ascii_start(), [] | [b'"' | b'{' | b'[', ..])
        }
        _ => false,
    };
    lines.take(PREFACE).position(json).filter(|line| *line > 0)
}

/// The number of lines that are searched for JSON: as many as an answer's headers may have.
const PREFACE: usize = 60;

/// The delimiters that tables of text have, the usual one first.
const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];

/// The number of lines that are searched for a header.
const LINES: usize = 6;

/// Returns what programs write before the header: `#TYPE …` of PowerShell's `Export-Csv`, and
/// `sep=;` for Excel. Gives how many bytes that is, and the delimiter that it names. Sources:
/// <https://learn.microsoft.com/en-us/powershell/module/microsoft.powershell.utility/export-csv>
/// (`-IncludeTypeInformation`) and
/// <https://support.microsoft.com/en-us/office/import-or-export-text-txt-or-csv-files-5250ac4c-663c-47ce-937b-339e391393ba>.
pub(super) fn preamble(beginning: &[u8]) -> (usize, Option<u8>) {
    let (mut length, mut delimiter) = (0, None);
    while let Some(feed) = beginning[length..].iter().position(|byte| *byte == b'\n') {
        let line = bare(beginning[length..length + feed].trim_ascii_end());
        let separator =
            line.split_at_checked(4).filter(|(key, _)| key.eq_ignore_ascii_case(b"sep="));
        match (separator, &beginning[length..length + feed]) {
            (Some((_, [byte])), _) if byte.is_ascii_punctuation() => delimiter = Some(*byte),
            // A tab is white space, and was trimmed.
            (Some((_, [])), [_, _, _, _, b'\t', ..]) => delimiter = Some(b'\t'),
            _ if line.starts_with(b"#TYPE ") => {}
            _ => break,
        }
        length += feed + 1;
    }
    (length, delimiter)
}

/// Returns a line without the quotes around it.
fn bare(line: &[u8]) -> &[u8] {
    let inner = line.strip_prefix(b"\"").and_then(|line| line.strip_suffix(b"\""));
    inner.filter(|inner| !inner.contains(&b'"')).unwrap_or(line)
}

/// A header that was recognised: its names, and what they mean.
pub(super) type Recognised = (Vec<String>, (Layout, Columns));

/// Returns the delimiter with which one of the first lines is a header, and that header, a `named` one
/// before others; of none, the named one, that with which the first line is that of a known list, or
/// the one that it has most often.
pub(super) fn delimiter(
    purpose: Purpose,
    beginning: &[u8],
    named: Option<u8>,
) -> (u8, Option<Recognised>) {
    let lines = beginning.split(|byte| matches!(byte, b'\n' | b'\r'));
    let lines: Vec<_> = lines.filter(|line| !line.is_empty()).take(LINES).collect();
    // A header that a spreadsheet wrapped has line breaks in quotes.
    let records = std::iter::once(beginning).chain(lines.iter().copied());
    let recognise = |line: &[u8], delimiter: u8| {
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .has_headers(false)
            .flexible(true)
            .from_reader(line);
        let record = reader.byte_records().next().and_then(Result::ok).unwrap_or_default();
        let names: Vec<_> = record.iter().map(super::name).collect();
        let cells: Vec<&str> = names.iter().map(String::as_str).collect();
        let meaning = columns::recognise(purpose, &cells)?;
        Ok((names, meaning))
    };
    let header = records.into_iter().find_map(|record| {
        let mut all = named.into_iter().chain(DELIMITERS);
        all.find_map(|delimiter| Some((delimiter, recognise(record, delimiter).ok()?)))
    });
    if let Some((delimiter, header)) = header {
        return (delimiter, Some(header));
    }
    let telling = |delimiter: &u8| {
        // A line without delimiters looks the same with any of them, so the comma alone represents
        // it.
        let separates = |line: &&&[u8]| *delimiter == b',' || line.contains(delimiter);
        let found = lines.first().filter(separates).map(|line| recognise(line, *delimiter));
        let silent = |found: &Found| {
            matches!(
                found,
                Found::Table(
                    OtherTable::ForeignHeader(_)
                        | OtherTable::FewColumns(..)
                        | OtherTable::NoKey(_)
                )
            )
        };
        found.and_then(Result::err).is_some_and(|found| !silent(&found))
    };
    let cells = |delimiter: &u8| {
        let line = lines.first().copied().unwrap_or_default();
        line.iter().filter(|byte| *byte == delimiter).count()
    };
    let most = || DELIMITERS.into_iter().rev().max_by_key(cells).unwrap_or(b',');
    let likely = named.or_else(|| DELIMITERS.into_iter().find(telling)).unwrap_or_else(most);
    (likely, None)
}

/// Returns the type of a file of settings, by its first line that is neither blank nor a comment: a
/// section in brackets, or in TOML a key with its value.
fn settings(text: &[u8]) -> Option<&'static str> {
    let lines = text.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let line = lines.into_iter().find(|line| !matches!(line, [] | [b'#' | b';', ..]))?;
    let bare = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    // An array of JSON may hold such a word in place of a device.
    let is_section = |name: &[u8]| {
        let end = name.iter().position(|byte| !byte.is_ascii_alphanumeric());
        !matches!(&name[..end.unwrap_or(name.len())], b"null" | b"true" | b"false")
    };
    match line {
        [b'[', b'[', name @ ..] | [b'[', name @ ..] if !is_section(name) => None,
        [b'[', b'[', first, ..] if first.is_ascii_alphabetic() => Some("a TOML file"),
        [b'[', ..] if holds(line, MODEL_COLUMNS) => None,
        [b'[', first, ..] if first.is_ascii_alphabetic() || *first == b'.' => {
            Some("a file of settings (INI or TOML)")
        }
        line => {
            let equals = line.iter().position(|byte| *byte == b'=')?;
            let (key, value) = (line[..equals].trim_ascii(), line[equals + 1..].trim_ascii());
            let keyed = !key.is_empty() && key.iter().all(bare);
            let valued = matches!(value, [b'"' | b'\'' | b'[' | b'{' | b'0'..=b'9', ..]);
            (keyed && valued).then_some("a TOML file")
        }
    }
}

fn holds(bytes: &[u8], piece: &[u8]) -> bool {
    bytes.windows(piece.len()).any(|window| window == piece)
}

/// Returns true if it looks like western text in UTF-16 without a mark.
fn every_other_is_zero(bytes: &[u8]) -> bool {
    let pairs = bytes[..bytes.len().min(64)].chunks_exact(2);
    let wide = |pair: &[u8]| (pair[0] == 0) != (pair[1] == 0);
    pairs.len() > 1 && pairs.into_iter().all(wide)
}
