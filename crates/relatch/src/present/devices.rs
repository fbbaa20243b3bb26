//! The list of devices: one line each, as CSV or as one JSON object a line, or a row each in Apache
//! Parquet or in the table of a page.

pub(super) mod carried;
mod check_in;
mod columns;
mod frame;
mod in_page;
mod line_buffer;
mod records;
mod row_suffix;
mod rows;
#[cfg(feature = "parquet")]
mod table;
#[cfg(feature = "workbook")]
mod workbook;

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use eligibility::facts::{FactName, FactSet, Facts};
use fleet::Program;
use inventory::{Batch, RowText};

use super::{byte_order_mark, redaction};
use crate::error::Error;
use crate::files::Replacement;
use crate::report::advice::Advisor;

pub(super) use check_in::CheckInText;
pub(crate) use columns::{ListColumns, is_list, is_own_column};
pub(crate) use frame::Frame;
pub(crate) use in_page::{Column, InPage};
use line_buffer::LineBuffer;
use records::Records;
pub(crate) use row_suffix::Device;
pub(crate) use row_suffix::OBJECT;
use row_suffix::RowSuffixes;
pub(super) use row_suffix::csv_record;
pub(super) use rows::RowFormat;
#[cfg(feature = "parquet")]
use table::Table;
#[cfg(feature = "workbook")]
use workbook::Workbook;

/// The form of a list.
#[derive(Clone, Debug)]
pub(crate) enum ListFormat {
    /// A header and one record for each device.
    Csv(ListColumns),
    /// One JSON object on a line for each device; the keys of carried texts, as they are written.
    Ndjson(Arc<[String]>),
    /// Rows of cells, with a column for each column of the CSV.
    Rows(RowFormat),
}

impl ListFormat {
    /// Returns true if a device has a line.
    fn is_lines(&self) -> bool {
        matches!(self, Self::Csv(_) | Self::Ndjson(_))
    }

    /// Returns the facts of a device that it shows.
    pub(crate) fn facts(&self) -> FactSet {
        match self {
            Self::Csv(columns) | Self::Rows(RowFormat { columns, .. }) => columns.facts(),
            Self::Ndjson(_) => FactName::ALL.iter().copied().collect(),
        }
    }

    /// Returns true if it shows the last check-in of a device.
    pub(crate) fn has_check_in(&self) -> bool {
        match self {
            Self::Csv(columns) | Self::Rows(RowFormat { columns, .. }) => columns.has_check_in(),
            Self::Ndjson(_) => true,
        }
    }
}

/// A list in the making; it takes its place when it is finished.
pub(crate) struct DeviceList {
    path: PathBuf,
    format: ListFormat,
    file: ListFile,
    /// Where lines wait until it is known which of them are left out, if the file itself cannot be
    /// read again.
    spool: Option<Spool>,
}

struct Spool {
    file: BufWriter<File>,
    /// The number of bytes it has room for.
    room: usize,
}

impl Spool {
    /// Begins a temporary file with room for a number of bytes.
    fn begin(room: usize) -> io::Result<Self> {
        Ok(Self { file: BufWriter::new(tempfile::tempfile()?), room })
    }

    /// Adds whole records; none once the room is used up.
    fn append(&mut self, records: &[u8]) -> io::Result<()> {
        let rest = self.room.checked_sub(records.len());
        self.room = rest.unwrap_or_default();
        rest.map_or(Ok(()), |_| self.file.write_all(records))
    }
}

/// The most bytes of rows that wait for a page: those of more than ten times the devices that it
/// shows.
const ROOM_IN_PAGE: usize = 1 << 28;

enum ListFile {
    Lines(Replacement),
    #[cfg(feature = "parquet")]
    Table(Box<Table>),
    #[cfg(feature = "workbook")]
    Workbook(Box<Workbook>),
    InPage(InPage),
    Frame(Frame),
}

/// A finished list.
pub(crate) enum Finished {
    /// The name of the file that has it.
    File(String),
    /// The rows for a page.
    InPage(InPage),
    /// The columns in memory, of devices that do not count as well.
    Frame(Frame),
}

impl DeviceList {
    /// Begins a list in the format that the ending of `path` names; `leaves_out` says whether
    /// [`leave_out`](Self::leave_out) will be called.
    pub(crate) fn begin(
        path: &Path,
        leaves_out: bool,
        columns: &ListColumns,
    ) -> Result<Self, Error> {
        let format = format_of(path, columns.clone())?;
        let file = Replacement::begin(path)?;
        let spooled = leaves_out && (file.is_direct() || !format.is_lines());
        let spool = spooled.then(|| Spool::begin(usize::MAX)).transpose();
        let spool = spool.map_err(|source| Error::write(path, source))?;
        let file = match &format {
            #[cfg(feature = "workbook")]
            ListFormat::Rows(rows) if extension(path) == WORKBOOK => {
                ListFile::Workbook(Box::new(Workbook::begin(path, file, rows)?))
            }
            #[cfg(feature = "parquet")]
            ListFormat::Rows(rows) => {
                let table = Table::begin(file, rows);
                ListFile::Table(Box::new(table.map_err(|source| Error::write(path, source))?))
            }
            _ => ListFile::Lines(file),
        };
        let mut list = Self { path: path.to_owned(), format, file, spool };
        if let ListFormat::Csv(_) = list.format {
            let mut header = byte_order_mark::of_csv().as_bytes().to_vec();
            csv_record(&columns.names(), &mut header);
            list.append(&header)?;
        }
        Ok(list)
    }

    /// Begins the list that is part of a page.
    pub(crate) fn begin_in_page(leaves_out: bool, columns: ListColumns) -> Result<Self, Error> {
        let rows = RowFormat::new(columns);
        // It is a temporary file that fails, if anything does.
        let path = std::env::temp_dir();
        let spool = leaves_out.then(|| Spool::begin(ROOM_IN_PAGE)).transpose();
        let spool = spool.map_err(|source| Error::write(&path, source))?;
        let file = ListFile::InPage(InPage::new(rows.clone()));
        Ok(Self { path, format: ListFormat::Rows(rows), file, spool })
    }

    /// Begins a list in memory, which leaves out no device.
    pub(crate) fn begin_in_memory() -> Self {
        let frame = Frame::new();
        let (path, format) = (PathBuf::new(), frame.format());
        Self { path, format, file: ListFile::Frame(frame), spool: None }
    }

    /// Returns its spelling.
    pub(crate) fn format(&self) -> ListFormat {
        self.format.clone()
    }

    /// Adds whole lines.
    pub(crate) fn append(&mut self, lines: &[u8]) -> Result<(), Error> {
        match &mut self.spool {
            Some(spool) => spool.append(lines).map_err(|source| Error::write(&self.path, source)),
            None => self.append_to_file(lines),
        }
    }

    fn append_to_file(&mut self, lines: &[u8]) -> Result<(), Error> {
        let written = match &mut self.file {
            ListFile::Lines(file) => file.write_all(lines),
            #[cfg(feature = "parquet")]
            ListFile::Table(table) => table.append(lines),
            #[cfg(feature = "workbook")]
            ListFile::Workbook(workbook) => return workbook.append(lines),
            ListFile::InPage(page) => {
                page.append(lines);
                Ok(())
            }
            ListFile::Frame(frame) => {
                frame.append(lines);
                Ok(())
            }
        };
        written.map_err(|source| Error::write(&self.path, source))
    }

    /// Leaves out the devices with some numbers, counted from 0 in the order of the list; `any`
    /// says whether there are any.
    pub(crate) fn leave_out(
        self,
        any: bool,
        left_out: impl Fn(u64) -> bool,
    ) -> Result<Self, Error> {
        let path = self.path.clone();
        let failed = |source| Error::write(&path, source);
        let (written, mut list) = match self {
            Self { spool: Some(spool), .. } => {
                let written = spool.file.into_inner();
                let mut written = written.map_err(|error| failed(error.into_error()))?;
                written.rewind().map_err(failed)?;
                (written, Self { spool: None, ..self })
            }
            Self { file: ListFile::Lines(file), .. } if any => {
                let (written, file) = file.begin_again()?;
                (written, Self { file: ListFile::Lines(file), ..self })
            }
            Self { .. } => return Ok(self),
        };
        let mut records = Records::new(list.format(), BufReader::with_capacity(1 << 16, written));
        let mut number = 0;
        while let Some(record) = records.next().map_err(failed)? {
            let header = record.is_header;
            if header || !left_out(number) {
                list.append_to_file(record.bytes)?;
            }
            number += u64::from(!header);
        }
        Ok(list)
    }

    /// Puts the list in its place.
    pub(crate) fn finish(self) -> Result<Finished, Error> {
        let file = match self.file {
            ListFile::Lines(file) => file,
            #[cfg(feature = "parquet")]
            ListFile::Table(table) => {
                table.finish().map_err(|source| Error::write(&self.path, source))?
            }
            #[cfg(feature = "workbook")]
            ListFile::Workbook(workbook) => {
                workbook.finish().map_err(|source| Error::write(&self.path, source))?
            }
            ListFile::InPage(page) => return Ok(Finished::InPage(page)),
            ListFile::Frame(frame) => return Ok(Finished::Frame(frame)),
        };
        file.finish()?;
        Ok(Finished::File(self.path.display().to_string()))
    }
}

fn format_of(path: &Path, columns: ListColumns) -> Result<ListFormat, Error> {
    let refused = |message: &str, hint: &str| Error::Argument {
        message: format!("`--devices {}` {message}", path.display()),
        hint: hint.to_owned(),
    };
    match extension(path).as_str() {
        "csv" => Ok(ListFormat::Csv(columns)),
        "ndjson" | "jsonl" if columns.is_chosen() => Err(refused(
            "has no columns, as `--only` names",
            "end the name in .csv, .parquet or .xlsx",
        )),
        "ndjson" | "jsonl" => {
            let key = |name: &str| serde_json::to_string(name).expect("a text has a JSON form");
            let carried = columns.iter().filter(|column| column.is_carried);
            Ok(ListFormat::Ndjson(carried.map(|column| key(&column.name)).collect()))
        }
        "parquet" if cfg!(feature = "parquet") => Ok(ListFormat::Rows(RowFormat::new(columns))),
        WORKBOOK if cfg!(feature = "workbook") => Ok(ListFormat::Rows(RowFormat::new(columns))),
        feature @ ("parquet" | WORKBOOK) => {
            let feature = if feature == WORKBOOK { "workbook" } else { feature };
            let build = format!(
                "use one with the feature `{feature}`: \
                 `cargo run --release -p relatch --features {feature} -- plan FILE`"
            );
            Err(refused("names a format that this build does not write", &build))
        }
        _ => Err(refused("names no format", "end the name in .csv, .ndjson, .parquet or .xlsx")),
    }
}

/// The ending of a workbook for Excel.
const WORKBOOK: &str = "xlsx";

fn extension(path: &Path) -> String {
    path.extension().unwrap_or_default().to_string_lossy().to_lowercase()
}

/// Writes the lines of devices; one for each thread.
pub(crate) struct Lines<'p> {
    format: ListFormat,
    advisor: &'p Advisor<'p>,
    suffixes: RowSuffixes,
    buffer: LineBuffer,
}

impl<'p> Lines<'p> {
    pub(crate) fn new(format: ListFormat, advisor: &'p Advisor<'p>) -> Self {
        Self { format, advisor, suffixes: RowSuffixes::default(), buffer: LineBuffer::default() }
    }

    /// Writes a line for each device of a batch.
    pub(crate) fn write(&mut self, program: &Program, batch: &Batch, lines: &mut Vec<u8>) {
        let Self { format, advisor, suffixes, buffer } = self;
        let render = |facts: &Facts| row_suffix::render(format, program, advisor, facts);
        suffixes.follow(batch.epoch());
        buffer.clear();
        suffixes.learn(batch.distinct_rows(), render);
        let carried = batch.projection().carried;
        let (has_check_in, is_last) = (format.has_check_in(), matches!(format, ListFormat::Csv(_)));
        for (row, key) in batch.row_keys().iter().enumerate() {
            let carried = (0..carried).map(|column| batch.carried_text(column, row));
            if redaction::is_on() {
                let identity = [batch.id_text(row), batch.name_text(row)];
                let texts = identity.into_iter().chain(carried);
                let texts: Vec<_> =
                    texts.map(|text| redaction::pseudonym(text.as_str()).into_owned()).collect();
                let mut texts = texts.iter().map(|text| RowText::from(text.as_str()));
                let [id, name] = [(); 2].map(|()| texts.next().expect("both are there"));
                buffer.identity(format, id, name);
                buffer.carried(format, texts);
            } else {
                buffer.identity(format, batch.id_text(row), batch.name_text(row));
                buffer.carried(format, carried);
            }
            let check_in = batch.last_check_ins().get(row).copied().unwrap_or_default();
            if has_check_in && !is_last {
                buffer.check_in(format, check_in);
            }
            buffer.suffix(suffixes.of_distinct_row(*key));
            if has_check_in && is_last {
                buffer.check_in(format, check_in);
            }
        }
        lines.extend_from_slice(buffer.lines());
    }
}
