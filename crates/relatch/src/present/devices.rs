//! The list of devices: one line each, as CSV or as one JSON object a line, or a row each in Apache
//! Parquet.

mod endings;
mod page;
#[cfg(feature = "parquet")]
mod table;

use std::io::Write;
use std::path::{Path, PathBuf};

use eligibility::facts::{FactName, Facts};
use fleet::Program;
use inventory::{Batch, Columns};

use crate::failure::Failure;
use crate::files::Replacement;

pub(crate) use endings::Device;
use endings::Endings;
pub(crate) use endings::OBJECT;
use page::Page;
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

/// A list in the making; it takes its place when it is finished.
pub(crate) struct DeviceList {
    path: PathBuf,
    format: ListFormat,
    file: ListFile,
}

enum ListFile {
    Lines(Replacement),
    #[cfg(feature = "parquet")]
    Table(Box<Table>),
}

/// The columns before those of the facts.
const COLUMNS: [&str; 11] = [
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
];

/// Returns true if columns are those of a device list, though a spreadsheet may have added some.
pub(crate) fn is_list(columns: &Columns) -> bool {
    let has = |column: &&str| {
        let mut all = columns.ignored.iter().chain(&columns.recognised);
        all.any(|name| name == column)
    };
    COLUMNS.iter().all(|column| has(&column))
}

/// Returns true if a device list has such a column beside those of facts.
pub(crate) fn is_own_column(name: &str) -> bool {
    COLUMNS.contains(&name)
}

impl DeviceList {
    /// Begins a list in the format that the ending of `path` names.
    ///
    /// It has a column for every fact, so that the list can be planned by any policy.
    pub(crate) fn begin(path: &Path) -> Result<Self, Failure> {
        let format = format_of(path)?;
        let facts = FactName::ALL.iter().map(|fact| fact.as_str());
        let names: Vec<_> = COLUMNS.iter().copied().chain(facts).collect();
        let file = Replacement::begin(path)?;
        let file = match &format {
            #[cfg(feature = "parquet")]
            ListFormat::Parquet(numbered) => {
                let table = Table::begin(file, &names, numbered.clone());
                ListFile::Table(Box::new(table.map_err(|source| Failure::write(path, source))?))
            }
            ListFormat::Csv | ListFormat::Ndjson => ListFile::Lines(file),
        };
        let mut list = Self { path: path.to_owned(), format, file };
        if let ListFormat::Csv = list.format {
            list.append(format!("{}\n", names.join(",")).as_bytes())?;
        }
        Ok(list)
    }

    /// How it is written.
    pub(crate) fn format(&self) -> ListFormat {
        self.format.clone()
    }

    /// Adds whole lines.
    pub(crate) fn append(&mut self, lines: &[u8]) -> Result<(), Failure> {
        let written = match &mut self.file {
            ListFile::Lines(file) => file.write_all(lines),
            #[cfg(feature = "parquet")]
            ListFile::Table(table) => table.append(lines),
        };
        written.map_err(|source| Failure::write(&self.path, source))
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
pub(crate) struct Lines {
    format: ListFormat,
    endings: Endings,
    page: Page,
}

impl Lines {
    pub(crate) fn new(format: ListFormat) -> Self {
        Self { format, endings: Endings::default(), page: Page::default() }
    }

    /// Writes a line for each device of a batch.
    pub(crate) fn write(&mut self, program: &Program, batch: &Batch, lines: &mut Vec<u8>) {
        let Self { format, endings, page } = self;
        let render = |facts: &Facts| endings::render(format, program, facts);
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
