//! The list of devices: one line each, as CSV or as one JSON object a line, or a row each in Apache
//! Parquet.

mod endings;
mod page;
mod records;
#[cfg(feature = "parquet")]
mod table;

use std::fs::File;
use std::io::{BufReader, BufWriter, Seek, Write};
use std::path::{Path, PathBuf};

use eligibility::facts::{FactName, Facts};
use fleet::Program;
use inventory::{Batch, Columns};

use crate::failure::Failure;
use crate::files::Replacement;
use crate::report::advice::Advisor;

pub(crate) use endings::Device;
use endings::Endings;
pub(crate) use endings::OBJECT;
pub(super) use endings::csv_record;
use page::Page;
use records::Records;
#[cfg(feature = "parquet")]
use table::{Numbered, Table};

/// How a list is written.
#[derive(Clone, Debug)]
pub(crate) enum ListFormat {
    /// A header and one record for each device.
    Csv,
    /// One JSON object on a line for each device.
    Ndjson,
    /// A table with a column for each column of the CSV.
    #[cfg(feature = "parquet")]
    Parquet(Numbered),
}

impl ListFormat {
    /// Returns true if a device has a line.
    fn is_lines(&self) -> bool {
        matches!(self, Self::Csv | Self::Ndjson)
    }
}

/// A list in the making; it takes its place when it is finished.
pub(crate) struct DeviceList {
    path: PathBuf,
    format: ListFormat,
    file: ListFile,
    /// Where lines wait until it is known which of them are left out, if the file itself cannot be
    /// read again.
    spool: Option<BufWriter<File>>,
}

enum ListFile {
    Lines(Replacement),
    #[cfg(feature = "parquet")]
    Table(Box<Table>),
}

/// The columns before those of the facts.
const COLUMNS: [&str; 14] = [
    "device-id",
    "device-name",
    "decision",
    "cause",
    "action",
    "scope",
    "mechanism",
    "rule",
    "reasons",
    "needs",
    "missing",
    "cautions",
    "change",
    "change-cost",
];

/// Returns true if columns are those of a device list, though a spreadsheet may have added some.
pub(crate) fn is_list(columns: &Columns) -> bool {
    let has = |column: &str| {
        let mut all = columns.ignored.iter().chain(&columns.recognised);
        all.any(|name| name == column)
    };
    // Older lists have no cautions and changes.
    COLUMNS[..11].iter().all(|column| has(column))
}

/// Returns true if a device list has such a column beside those of facts.
pub(crate) fn is_own_column(name: &str) -> bool {
    COLUMNS.contains(&name)
}

impl DeviceList {
    /// Begins a list in the format that the ending of `path` names; `leaves_out` says whether
    /// [`leave_out`](Self::leave_out) will be called.
    ///
    /// It has a column for every fact, so that the list can be planned by any policy.
    pub(crate) fn begin(path: &Path, leaves_out: bool) -> Result<Self, Failure> {
        let format = format_of(path)?;
        let facts = FactName::ALL.iter().map(|fact| fact.as_str());
        let names: Vec<_> = COLUMNS.iter().copied().chain(facts).collect();
        let file = Replacement::begin(path)?;
        let spooled = leaves_out && (file.is_direct() || !format.is_lines());
        let spool = spooled.then(tempfile::tempfile).transpose();
        let spool = spool.map_err(|source| Failure::write(path, source))?.map(BufWriter::new);
        let file = match &format {
            #[cfg(feature = "parquet")]
            ListFormat::Parquet(numbered) => {
                let table = Table::begin(file, &names, numbered.clone());
                ListFile::Table(Box::new(table.map_err(|source| Failure::write(path, source))?))
            }
            ListFormat::Csv | ListFormat::Ndjson => ListFile::Lines(file),
        };
        let mut list = Self { path: path.to_owned(), format, file, spool };
        if let ListFormat::Csv = list.format {
            list.append(format!("{}\n", names.join(",")).as_bytes())?;
        }
        Ok(list)
    }

    /// Returns how it is written.
    pub(crate) fn format(&self) -> ListFormat {
        self.format.clone()
    }

    /// Adds whole lines.
    pub(crate) fn append(&mut self, lines: &[u8]) -> Result<(), Failure> {
        match &mut self.spool {
            Some(spool) => {
                spool.write_all(lines).map_err(|source| Failure::write(&self.path, source))
            }
            None => self.append_to_file(lines),
        }
    }

    fn append_to_file(&mut self, lines: &[u8]) -> Result<(), Failure> {
        let written = match &mut self.file {
            ListFile::Lines(file) => file.write_all(lines),
            #[cfg(feature = "parquet")]
            ListFile::Table(table) => table.append(lines),
        };
        written.map_err(|source| Failure::write(&self.path, source))
    }

    /// Leaves out the devices with some numbers, counted from 0 in the order of the list; `any`
    /// says whether there are any.
    pub(crate) fn leave_out(
        self,
        any: bool,
        left_out: impl Fn(u64) -> bool,
    ) -> Result<Self, Failure> {
        let path = self.path.clone();
        let failed = |source| Failure::write(&path, source);
        let (written, mut list) = match self {
            Self { spool: Some(spool), .. } => {
                let mut written = spool.into_inner().map_err(|error| failed(error.into_error()))?;
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

    /// Puts the list in its place and gives its name.
    pub(crate) fn finish(self) -> Result<String, Failure> {
        #[cfg(not(feature = "parquet"))]
        let ListFile::Lines(file) = self.file;
        #[cfg(feature = "parquet")]
        let file = match self.file {
            ListFile::Lines(file) => file,
            ListFile::Table(table) => {
                table.finish().map_err(|source| Failure::write(&self.path, source))?
            }
        };
        file.finish()?;
        Ok(self.path.display().to_string())
    }
}

fn format_of(path: &Path) -> Result<ListFormat, Failure> {
    let ending = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    let refused = |message: &str, hint: &str| Failure::Argument {
        message: format!("`--devices {}` {message}", path.display()),
        hint: hint.to_owned(),
    };
    match ending.as_str() {
        "csv" => Ok(ListFormat::Csv),
        "ndjson" | "jsonl" => Ok(ListFormat::Ndjson),
        #[cfg(feature = "parquet")]
        "parquet" => Ok(ListFormat::Parquet(Numbered::default())),
        #[cfg(not(feature = "parquet"))]
        "parquet" => Err(refused("names a format that this build does not write", NO_PARQUET)),
        _ => Err(refused("names no format", "end the name in .csv, .ndjson or .parquet")),
    }
}

/// What to do where Apache Parquet is left out.
#[cfg(not(feature = "parquet"))]
const NO_PARQUET: &str = "use one that does: \
                          `cargo run --release -p relatch --features parquet -- plan FILE`";

/// Writes the lines of devices; one for each thread.
pub(crate) struct Lines<'p> {
    format: ListFormat,
    advisor: &'p Advisor<'p>,
    endings: Endings,
    page: Page,
}

impl<'p> Lines<'p> {
    pub(crate) fn new(format: ListFormat, advisor: &'p Advisor<'p>) -> Self {
        Self { format, advisor, endings: Endings::default(), page: Page::default() }
    }

    /// Writes a line for each device of a batch.
    pub(crate) fn write(&mut self, program: &Program, batch: &Batch, lines: &mut Vec<u8>) {
        let Self { format, advisor, endings, page } = self;
        let render = |facts: &Facts| endings::render(format, program, advisor, facts);
        endings.follow(batch.epoch());
        page.clear();
        let kinds = batch.row_keys();
        if kinds.is_some() {
            endings.learn(batch.distinct_rows(), render);
        }
        let columns: Vec<&[u16]> = FactName::ALL.iter().map(|kind| batch.keys(*kind)).collect();
        let mut codes = endings::Codes::default();
        for row in 0..batch.len() {
            page.identity(format, batch.id_text(row), batch.name_text(row));
            let ending = if let Some(kinds) = kinds {
                endings.of_kind(kinds[row])
            } else {
                for (code, column) in codes.iter_mut().zip(&columns) {
                    *code = column[row];
                }
                endings.of_codes(&codes, || render(&batch.facts(row)))
            };
            page.ending(ending);
        }
        lines.extend_from_slice(page.lines());
    }
}
