//! Reading a file entry by entry.

mod json;
mod quoting;
pub(crate) mod records;
mod restart;
pub(crate) mod sniff;
pub(crate) mod totals;
pub(crate) mod western;
pub(crate) mod wide;

use std::borrow::Cow;
use std::io::{self, Read};
use std::sync::Arc;

use chrono::NaiveDateTime;
use eligibility::facts::{Fact, Facts};

use crate::columns::{self, Columns, Layout, Purpose};
use crate::device_key::DeviceKey;
use crate::error::{Found, OpenError, OtherTable, ReadError, Rejection, shortened};
use crate::format::Format;
use crate::problems::{CellProblem, shown};
use crate::row::{self, Problem, cell, text};
use crate::source;
use crate::source::intune::header::Column;
use crate::spelling::{date, plain};

use records::{Ending, Record, Records};
use western::decoded;
use wide::Text;

pub use json::Pages;
pub(crate) use json::{FirstDevice, Level, PagePart, PageParts, REMOVED, is_framing};
pub use records::MAX_ROW_BYTES;
pub(crate) use restart::Header;

/// One device of an inventory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// The number of the row or object, counting from 1; a header is no row.
    pub number: u64,
    /// The device's id as its cell has it, see [`is_formula`](crate::is_formula); empty where the
    /// file has none.
    pub device_id: String,
    /// The device's name as its cell has it; empty where the file has none.
    pub device_name: String,
    /// The device's serial number; empty where the file has none.
    pub serial_number: String,
    /// The texts of the columns that are [carried](Reader::carry) along.
    pub carried: Vec<String>,
    /// The last check-in of the device, in UTC.
    pub last_check_in: Fact<NaiveDateTime>,
    /// The known facts about it.
    pub facts: Facts,
    /// The cells that were not understood, in the order of the columns; what they would say is
    /// unknown.
    pub problems: Vec<CellProblem>,
}

impl Row {
    /// The key by which the device is recognised in other rows.
    pub fn key(&self) -> Option<DeviceKey> {
        DeviceKey::of(&self.device_id, &self.serial_number)
    }
}

/// The result of one row of the file.
#[derive(Debug, PartialEq, Eq)]
pub enum Entry<'r> {
    /// It is a device. The row is borrowed, because the next one takes its place.
    Row(&'r Row),
    /// Its cells cannot be separated, or contradict each other.
    Rejected(Rejection),
}

/// The number of rows that were read so far, and their results.
///
/// `read` is always the sum of `understood` and `rejected`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Rows read.
    pub read: u64,
    /// Rows that became facts.
    pub understood: u64,
    /// Rows that were rejected.
    pub rejected: u64,
    /// Device ids, device names, carried texts and JSON objects that are not UTF-8 and were read as
    /// Windows-1252.
    pub windows_1252: u64,
}

impl Counts {
    /// Adds the counts of other rows.
    pub(crate) fn merge(&mut self, other: Self) {
        self.read += other.read;
        self.understood += other.understood;
        self.rejected += other.rejected;
        self.windows_1252 += other.windows_1252;
    }
}

/// Reads an inventory, one row at a time, in memory that does not grow with the file.
pub struct Reader<R> {
    source: Source<R>,
    layout: Layout,
    columns: Columns,
    names: Vec<String>,
    row: Row,
    /// The cells of an object, kept for their buffers.
    spare: Record,
    /// The positions of the cells of the row that were not understood.
    odd: Vec<usize>,
    counts: Counts,
    truncated: bool,
    /// The length of the byte-order mark before objects.
    mark: u64,
}

/// The line of a row or object, and whether it was understood.
type Understood = (u64, Result<(), Problem>);

/// The source of the cells of devices.
enum Source<R> {
    Table(Box<Records<Text<R>>>),
    Objects(Box<json::Devices<Text<R>>>),
}

impl<R: Read> Reader<R> {
    /// Recognises the format and reads the header.
    ///
    /// # Errors
    ///
    /// [`OpenError::NotAnInventory`] says what was found instead of an inventory,
    /// [`OpenError::Read`] that the bytes could not be read.
    pub fn open(input: R) -> Result<Self, OpenError> {
        Self::open_for(Purpose::Inventory, input)
    }

    /// As [`open`](Self::open), of an inventory or of a facts file, whose rows say something about
    /// devices. Of a facts file, the serial number that is its key takes the place of a name.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open).
    pub fn open_for(purpose: Purpose, input: R) -> Result<Self, OpenError> {
        let at_start = |source: io::Error| ReadError::at_line(1, source);
        let mut records = Records::new(Text::open(input).map_err(at_start)?);
        if sniff::check(records.beginning().map_err(at_start)?)? == sniff::Text::Json {
            let mark = records.passed();
            let (beginning, input) = records.into_input();
            let (devices, layout, columns) = json::Devices::open(purpose, &beginning, input)?;
            let source = Source::Objects(Box::new(devices));
            return Ok(Self { mark, ..Self::new(source, layout, columns, Vec::new()) });
        }
        let beginning = records.beginning().map_err(at_start)?;
        let (preamble, named) = sniff::preamble(beginning);
        let before_json = sniff::lines_before_json(beginning);
        let (delimiter, sniffed) = sniff::delimiter(purpose, &beginning[preamble..], named);
        records.skip(preamble);
        records.set_delimiter(delimiter);
        let mut header = Record::default();
        let ending = records.read(&mut header).map_err(at_start)?.ok_or(Found::Empty)?;
        if ending == Ending::TooLong {
            return Err(Found::from(OtherTable::LongHeader).into());
        }
        if header.len() > MAX_COLUMNS {
            return Err(Found::from(OtherTable::WideHeader(header.len())).into());
        }
        let names: Vec<String> = header.cells().map(name).collect();
        let recognised = match sniffed.filter(|(sniffed, _)| *sniffed == names) {
            Some((_, meaning)) => Ok(meaning),
            None => {
                let cells: Vec<&str> = names.iter().map(String::as_str).collect();
                columns::recognise(purpose, &cells)
            }
        };
        let misquoted = match ending {
            Ending::InsideQuotes => Some(OtherTable::MisquotedHeader),
            Ending::Misquoted => Some(OtherTable::QuoteInHeader),
            _ => None,
        };
        // Quotes do not match when another delimiter follows them, which is the better message.
        let other = matches!(recognised, Err(Found::Table(OtherTable::Delimiter(_))));
        if let Some(misquoted) = misquoted.filter(|_| !other) {
            return Err(Found::from(misquoted).into());
        }
        let (mut layout, columns) = match recognised {
            Ok(recognised) => recognised,
            Err(found) => {
                let below = header_below(purpose, &mut records, &header)?;
                let first = || shortened(header.cells().next().unwrap_or_default());
                let before = || Some(OtherTable::TextBeforeJson(first(), before_json?).into());
                return Err(below.or_else(before).unwrap_or(found).into());
            }
        };
        layout.delimiter = delimiter;
        Ok(Self::new(Source::Table(Box::new(records)), layout, columns, names))
    }

    fn new(source: Source<R>, layout: Layout, columns: Columns, names: Vec<String>) -> Self {
        Self {
            source,
            layout,
            columns,
            names,
            row: Row::default(),
            spare: Record::default(),
            odd: Vec::new(),
            counts: Counts::default(),
            truncated: false,
            mark: 0,
        }
    }

    /// Returns the format of the file.
    pub fn format(&self) -> Format {
        self.layout.format
    }

    pub(crate) fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Returns the use of its columns; of JSON, of the properties of its first device.
    pub fn columns(&self) -> &Columns {
        &self.columns
    }

    /// Carries columns along, each named as in the header but for case, spaces and punctuation:
    /// every row has their [texts](Row::carried). To be called before the first row is read.
    pub fn carry(&mut self, columns: &[String]) {
        self.layout.carried = match &mut self.source {
            Source::Table(_) => columns::positions(columns, &self.names),
            Source::Objects(devices) => devices.carry(columns),
        };
        self.row.carried.resize(columns.len(), String::new());
    }

    /// Returns for each carried column whether the file has it, as far as it was read.
    pub fn has_carried(&self) -> Vec<bool> {
        match &self.source {
            Source::Table(_) => self.layout.has_carried(),
            Source::Objects(devices) => devices.has_carried(),
        }
    }

    /// Returns the number of rows that were read so far.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// Returns true if the file turned out to end in the middle of a row. The row was rejected.
    pub fn truncated(&self) -> bool {
        self.truncated
    }

    /// Returns the paging information of the pages of Graph's answer that were read.
    pub fn pages(&self) -> Pages {
        match &self.source {
            Source::Objects(devices) => devices.pages().clone(),
            Source::Table(_) => Pages::default(),
        }
    }

    /// Reads the next row; `None` at the end of the file.
    ///
    /// # Errors
    ///
    /// [`ReadError`] if the bytes could not be read. A row that is not understood is no error but
    /// an [`Entry::Rejected`], and the rows after it can be read.
    pub fn next_entry(&mut self) -> Result<Option<Entry<'_>>, ReadError> {
        let Some((line, outcome)) = (match self.source {
            Source::Table(_) => self.next_record()?,
            Source::Objects(_) => self.next_object()?,
        }) else {
            return Ok(None);
        };
        match outcome {
            Ok(()) => {
                self.counts.understood += 1;
                self.row.problems.iter_mut().for_each(|problem| problem.line = Some(line));
                Ok(Some(Entry::Row(&self.row)))
            }
            Err(problem) => {
                self.counts.rejected += 1;
                let name = |position| shortened(self.name(position).as_bytes());
                let column = problem.position.map(name);
                let rejection = problem.rejection(self.counts.read, Some(line), column);
                Ok(Some(Entry::Rejected(rejection)))
            }
        }
    }

    /// Returns the name of a column or property.
    fn name(&self, position: usize) -> &str {
        match &self.source {
            Source::Table(_) => &self.names[position],
            Source::Objects(devices) => devices.name(position),
        }
    }

    /// Reads the next row of a table: its line, and whether it was understood.
    fn next_record(&mut self) -> Result<Option<Understood>, ReadError> {
        let Source::Table(records) = &mut self.source else { return Ok(None) };
        let mut record = records.take();
        let ending = loop {
            let ending = match records.read(&mut record) {
                Ok(Some(ending)) => ending,
                Ok(None) => return Ok(None),
                Err(source) => return Err(ReadError::at_line(records.line(), source)),
            };
            // Spreadsheets leave rows of blank cells behind.
            let whole = matches!(ending, Ending::LineEnd | Ending::EndOfFile);
            let blank = || record.cells().all(<[u8]>::is_empty);
            if !(whole && record.len() == self.layout.width && blank()) {
                break ending;
            }
        };
        let line = records.record_line();
        if ending == Ending::TooLong {
            let rest = records.skip_rest();
            let rest = rest.map_err(|source| ReadError::at_line(records.line(), source))?;
            self.truncated |= rest == Ending::InsideQuotes;
        }
        let spans_lines = records.spans_lines();
        self.counts.read += 1;
        let outcome =
            self.check_shape(&record, ending, spans_lines).and_then(|()| self.understand(&record));
        if let Source::Table(records) = &mut self.source {
            records.put_back(record);
        }
        Ok(Some((line, outcome)))
    }

    /// Reads the next object: its line, and whether it was understood.
    fn next_object(&mut self) -> Result<Option<Understood>, ReadError> {
        let Source::Objects(devices) = &mut self.source else { return Ok(None) };
        let mut record = std::mem::take(&mut self.spare);
        let next = devices.next(&mut record);
        let next = next.map_err(|source| ReadError::at_line(devices.current_line(), source))?;
        let line = devices.line();
        self.truncated |= devices.truncated();
        let Some(next) = next else { return Ok(None) };
        self.counts.read += 1;
        let outcome = match next {
            json::Next::Device => {
                let recoded = u64::from(devices.is_windows_1252());
                let understood = self.understand(&record);
                self.counts.windows_1252 += if understood.is_ok() { recoded } else { 0 };
                understood
            }
            json::Next::Problem(problem) => Err(problem),
        };
        self.spare = record;
        Ok(Some((line, outcome)))
    }

    fn understand(&mut self, record: &Record) -> Result<(), Problem> {
        self.odd.clear();
        let facts = source::read(&self.layout, record, &mut self.odd)?;
        let row = &mut self.row;
        row.number = self.counts.read;
        row.facts = facts;
        let text = |column| text(cell(&self.layout, record, column));
        for (column, kept) in [
            (Column::DeviceId, &mut row.device_id),
            (Column::DeviceName, &mut row.device_name),
            (Column::SerialNumber, &mut row.serial_number),
        ] {
            let text = text(column);
            // A serial number is only compared, and never shown.
            let shown = column != Column::SerialNumber;
            self.counts.windows_1252 += u64::from(shown && matches!(text, Cow::Owned(_)));
            kept.clear();
            kept.push_str(&text);
        }
        for (position, kept) in self.layout.carried.iter().zip(&mut row.carried) {
            let text = position.map_or(Cow::Borrowed(""), |at| row::text(record.cell(at)));
            self.counts.windows_1252 += u64::from(matches!(text, Cow::Owned(_)));
            kept.clear();
            kept.push_str(&text);
        }
        row.last_check_in = date::read(&text(Column::LastCheckIn)).unwrap_or_else(|| {
            self.odd.extend(self.layout.column(Column::LastCheckIn));
            Fact::Unknown
        });
        self.note_problems(record);
        Ok(())
    }

    /// Takes note of the cells of the row that were not understood.
    fn note_problems(&mut self, record: &Record) {
        self.row.problems.clear();
        if let Source::Objects(devices) = &self.source {
            self.odd.extend(devices.nested());
        }
        self.odd.sort_unstable();
        for position in std::mem::take(&mut self.odd) {
            let nested = match &self.source {
                Source::Objects(devices) => devices.nested().any(|nested| nested == position),
                Source::Table(_) => false,
            };
            let text = if nested { json::NESTED.to_owned() } else { shown(record.cell(position)) };
            let problem = CellProblem {
                row: self.counts.read,
                line: None,
                column: Arc::from(shortened(self.name(position).as_bytes())),
                text,
                position,
                content: self.layout.content(position),
            };
            self.row.problems.push(problem);
        }
    }

    /// Checks that the record is whole: ended, not too long, and as wide as the header.
    fn check_shape(
        &mut self,
        record: &Record,
        ending: Ending,
        spans_lines: bool,
    ) -> Result<(), Problem> {
        let width = self.layout.width;
        let found = record.len();
        match ending {
            Ending::InsideQuotes => {
                self.truncated = true;
                let expected = "a closing quote before the end of the file, \
                                which may have been cut off";
                Err(Problem::of_row(cells(found), expected))
            }
            Ending::Misquoted => {
                let expected =
                    "quotes around whole cells, doubled inside; a quote may not be closed";
                Err(Problem::of_row("a quote in the wrong place".into(), expected))
            }
            Ending::TooLong => {
                let expected = if self.truncated {
                    format!("at most {MAX_ROW_BYTES}; a quote in it is never closed")
                } else {
                    format!("at most {MAX_ROW_BYTES}")
                };
                Err(Problem::of_row(format!("more than {MAX_ROW_BYTES} bytes"), expected))
            }
            Ending::EndOfFile if found < width => {
                self.truncated = true;
                let expected = format!(
                    "{} before the end of the file, which may have been cut off",
                    cells(width)
                );
                Err(Problem::of_row(cells(found), expected))
            }
            _ if found != width => Err(other_width(found, width, spans_lines)),
            _ if let Some(label) = totals::label(record) => {
                Err(Problem::of_row(format!("`{label}` and blank cells"), "a device"))
            }
            _ if totals::is_rule(record) => {
                Err(Problem::of_row("a line of hyphens".into(), "a device"))
            }
            _ if self.layout.is_of_table_beside(record) => {
                let text = "blank cells in all columns that are read";
                Err(Problem::of_row(text.into(), "a device"))
            }
            _ => Ok(()),
        }
    }
}

/// Returns the reason for rejecting a row that has not as many cells as the header.
pub(crate) fn other_width(found: usize, width: usize, spans_lines: bool) -> Problem {
    let advice = if spans_lines { "; a quote may not be closed" } else { "" };
    let expected = format!("{} as in the header{advice}", cells(width));
    Problem::of_row(cells(found), expected)
}

fn cells(count: usize) -> String {
    if count == 1 { "1 cell".into() } else { format!("{count} cells") }
}

/// Returns the name in a cell of a header: spreadsheets and web pages leave no-break spaces and
/// others of Unicode's white space in it, marks of no width, line breaks, and the arrows of a sorted
/// column.
fn name(cell: &[u8]) -> String {
    let text = decoded(cell);
    let name = plain(&text);
    let is_symbol = |letter: char| !letter.is_ascii() && !letter.is_alphanumeric();
    let name = MISREAD_MARKS.iter().find_map(|mark| name.strip_prefix(mark)).unwrap_or(&name);
    let name = name.trim_matches(is_symbol).trim();
    // Tabular models write `devices[OS]` or `[OS]`, Log Analytics `LastContact [UTC]`.
    let name = match name.strip_suffix(']').and_then(|name| name.split_once('[')) {
        Some((column, "UTC")) if !column.is_empty() => column.trim(),
        Some((_, column)) => column.trim(),
        None => name,
    };
    name.split(['\r', '\n', '\t']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The forms of the byte-order mark in the name of the first column, from programs that do not know
/// it: its bytes as letters of Windows-1252, and the same where R makes a name of it
/// (<https://stat.ethz.ch/R-manual/R-devel/library/base/html/make.names.html>).
const MISREAD_MARKS: [&str; 3] = ["\u{ef}\u{bb}\u{bf}", "\u{ef}..", "X.U.FEFF."];

/// The most columns that a table may have: as many as a sheet of Excel has. Source:
/// <https://support.microsoft.com/en-us/office/excel-specifications-and-limits-1672b34d-7043-467e-8e27-269d656771c3>.
const MAX_COLUMNS: usize = 16_384;

/// The number of records that are searched for a header that is not the first.
const PREAMBLE: usize = 5;

/// Returns what was found if one of the next records is a header: the first one is then a line
/// before it.
fn header_below<R: Read>(
    purpose: Purpose,
    records: &mut Records<Text<R>>,
    first: &Record,
) -> Result<Option<Found>, ReadError> {
    let mut record = Record::default();
    for _ in 0..PREAMBLE {
        let ending = records.read(&mut record);
        let ending = ending.map_err(|source| ReadError::at_line(records.line(), source))?;
        if ending != Some(Ending::LineEnd) {
            return Ok(None);
        }
        let names: Vec<String> = record.cells().map(name).collect();
        let cells: Vec<&str> = names.iter().map(String::as_str).collect();
        if columns::recognise(purpose, &cells).is_ok() {
            let text = first.cells().find(|cell| !cell.trim_ascii().is_empty());
            let text = shortened(text.unwrap_or_default());
            return Ok(Some(OtherTable::LineBeforeHeader(text, records.record_line()).into()));
        }
    }
    Ok(None)
}

#[cfg(test)]
pub(crate) mod tests;
