//! What a file is that is no inventory, and what to do about it.

use std::fmt;

use super::{GraphError, Rejection, shortened};

/// What was found where an inventory was expected.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Found {
    /// Nothing, or only blank lines.
    Empty,
    /// A format that is recognised by its first bytes, by its usual name.
    OtherFormat(&'static str),
    /// A zip archive from which nothing can be read: what is wrong with it.
    Archive(&'static str),
    /// A zip archive with more than one file: the first of their names, and how many there are.
    SeveralFiles(Vec<String>, usize),
    /// An Excel workbook with more than one sheet of devices: the first of their names, and how
    /// many.
    SeveralSheets(Vec<String>, usize),
    /// An Excel workbook that makes no sense: what is wrong with it.
    DamagedWorkbook(String),
    /// JSON that breaks off or makes no sense before the first device ends.
    DamagedJson,
    /// An error of Microsoft Graph, as a script may save it in place of an answer.
    GraphError(GraphError),
    /// A page of Microsoft Graph with something else than managed devices: the name of its
    /// collection.
    OtherCollection(String),
    /// JSON objects without a property that says something about a device; the first names.
    ForeignObject(Vec<String>),
    /// Apache Parquet where it cannot be read: in a build without the feature `parquet`, from a
    /// [`Reader`](crate::Reader), or from a stream.
    Parquet,
    /// Apache Parquet that breaks off or makes no sense before the first row: what is wrong.
    DamagedParquet(String),
    /// Apache Parquet with a column that is needed and cannot be read: its name, and what is in it.
    ColumnType(String, String),
    /// Text in UTF-16 without a mark, or in UTF-32.
    WideText,
    /// Bytes that are no text.
    Binary,
    /// A header, separated by something other than commas.
    Delimiter(char),
    /// A first line that holds the values of a device; the cell that gave it away.
    NoHeader(String),
    /// A header without a column that says something about a device; its first names.
    ForeignHeader(Vec<String>),
    /// A list that is known and is no inventory: what it is, and the columns that say so.
    OtherList(&'static str, Vec<String>),
    /// A table of devices without a column that says their platform; its first names.
    NoPlatform(Vec<String>),
    /// A header with names in another language, where usual ones are missing; the first of them.
    OtherLanguage(Vec<String>),
    /// A header without the usual columns that decide, and with as many that are not understood; the
    /// first of those.
    OtherNames(Vec<String>),
    /// A header with few names of an inventory among others; those, and how many others.
    FewColumns(Vec<String>, usize),
    /// Something before the header: its first line, and the line of the header.
    LineBeforeHeader(String, u64),
    /// A table whose lines are each in quotes as a whole.
    QuotedLines,
    /// A table as PowerShell shows it on the screen; its first line.
    Screen(String),
    /// A file of settings, such as a policy, a scenario or a `desktop.ini`: by its usual name.
    Settings(&'static str),
    /// An inventory without a device.
    NoDevices,
    /// An inventory without a row that was understood: how many there are, and why the first was
    /// not.
    NothingUnderstood(u64, Box<Rejection>),
    /// A facts file without a column that identifies devices; its first names.
    NoKey(Vec<String>),
    /// A facts file without a column that is named after a fact; its first names.
    NoFacts(Vec<String>),
    /// A header that names a column twice; the name and the two positions, from 1.
    DuplicateColumn(String, usize, usize),
    /// A first line with a quote that is never closed, or closed in the middle of a cell.
    MisquotedHeader,
    /// A first line that is longer than [`MAX_ROW_BYTES`](crate::MAX_ROW_BYTES).
    LongHeader,
    /// A first line with more columns than a sheet of Excel has.
    WideHeader(usize),
    /// A first object that is longer than [`MAX_ROW_BYTES`](crate::MAX_ROW_BYTES).
    LongObject,
    /// An archive with more files than are looked at.
    ManyFiles(usize),
}

impl Found {
    /// Returns true if the file may be meant as an inventory: without it, devices may be missing.
    pub fn may_hold_devices(&self) -> bool {
        matches!(
            self,
            Self::GraphError(_)
                | Self::OtherLanguage(_)
                | Self::OtherNames(_)
                | Self::DamagedJson
                | Self::DamagedParquet(_)
                | Self::DamagedWorkbook(_)
        )
    }
}

/// What to do about a Parquet file that this build, or this way of reading, does not understand.
const PARQUET: &str = if cfg!(feature = "parquet") {
    "it is read from a file, not from a stream: from its end, and with `Inventory`"
} else {
    "this build reads no Parquet; use one that does: \
     `cargo run --release -p relatch --features parquet -- plan FILE`"
};

/// What is understood, for files that have nothing of it.
const UNDERSTOOD: &str = "understood are the CSV export of the Intune portal (Devices, All devices, \
                          Export), the devices of Microsoft Graph in JSON, and CSV files whose \
                          headers are fact names such as `platform,os-version`";

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("an empty file"),
            Self::OtherFormat(name) | Self::Settings(name) => write!(f, "{name}"),
            Self::Archive(what) => write!(f, "a zip archive {what}"),
            Self::SeveralFiles(names, count) => {
                write!(f, "a zip archive with {count} files ({})", quoted(names))?;
                if names.len() < *count { f.write_str(" and more") } else { Ok(()) }
            }
            Self::SeveralSheets(names, count) => {
                write!(f, "an Excel workbook with {count} sheets of devices ({}", quoted(names))?;
                f.write_str(if names.len() < *count { " and more)" } else { ")" })
            }
            Self::DamagedWorkbook(what) => write!(f, "a damaged Excel workbook ({what})"),
            Self::DamagedJson => f.write_str("damaged JSON"),
            Self::GraphError(error) => write!(f, "{error}"),
            Self::OtherCollection(name) => {
                write!(
                    f,
                    "`{}` of Microsoft Graph, not `managedDevices`",
                    shortened(name.as_bytes())
                )
            }
            Self::ForeignObject(names) if names.is_empty() => {
                f.write_str("JSON objects without properties")
            }
            Self::ForeignObject(names) => {
                write!(f, "JSON objects with other properties ({})", quoted(names))
            }
            Self::Parquet => f.write_str("a Parquet file"),
            Self::DamagedParquet(what) => write!(f, "a damaged Parquet file ({what})"),
            Self::ColumnType(name, what) => {
                write!(f, "a Parquet file whose column `{name}` has {what}")
            }
            Self::WideText => f.write_str("text in UTF-16 without a mark, or in UTF-32"),
            Self::Binary => f.write_str("binary data"),
            _ => self.fmt_table(f),
        }
    }
}

impl Found {
    /// Says what is wrong with a table.
    fn fmt_table(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Delimiter('\t') => f.write_str("a table whose cells are separated by tabs"),
            Self::Delimiter(delimiter) => {
                write!(f, "a table whose cells are separated by `{delimiter}`")
            }
            Self::NoHeader(cell) => write!(f, "a table without a header (`{cell}` is a value)"),
            Self::ForeignHeader(names) => {
                write!(f, "a table with other columns ({})", quoted(names))
            }
            Self::OtherList(what, columns) => match columns.as_slice() {
                [column] => write!(f, "{what} (it has a column `{column}`)"),
                columns => write!(f, "{what} (it has the columns {})", quoted(columns)),
            },
            Self::NoPlatform(names) => {
                write!(f, "a table without a platform column ({})", quoted(names))
            }
            Self::OtherLanguage(names) => {
                write!(f, "a table whose column names are in another language ({})", quoted(names))
            }
            Self::OtherNames(names) => {
                f.write_str(
                    "a table without `Managed by`, `Ownership` and `Device state`, but with ",
                )?;
                write!(f, "columns that are not understood ({})", quoted(names))
            }
            Self::FewColumns(names, others) => {
                let columns = if names.len() == 1 { "one column" } else { "few columns" };
                write!(f, "a table with {columns} of an inventory ({})", quoted(names))?;
                let are = if *others == 1 { "is" } else { "are" };
                write!(f, " beside {others} that {are} not understood")
            }
            Self::LineBeforeHeader(text, _) => write!(f, "a line before the header (`{text}`)"),
            Self::QuotedLines => f.write_str("a table whose lines are in quotes as a whole"),
            Self::Screen(line) => {
                write!(f, "a table as PowerShell shows it on the screen (`{line}`)")
            }
            Self::NoDevices => f.write_str("an inventory without a device"),
            Self::NothingUnderstood(rows, rejection) => {
                let row =
                    if *rows == 1 { "whose only row is not" } else { "none of whose rows is" };
                write!(f, "a table {row} understood ({rejection})")
            }
            Self::NoKey(names) => {
                write!(f, "a table without a column that names devices ({})", quoted(names))
            }
            Self::NoFacts(names) => {
                write!(f, "a table without a column that is named after a fact ({})", quoted(names))
            }
            Self::DuplicateColumn(name, first, second) => {
                write!(f, "a header that names `{name}` twice, as columns {first} and {second}")
            }
            Self::MisquotedHeader => f.write_str("a header with unbalanced quotes"),
            Self::LongHeader | Self::LongObject => {
                let what = if *self == Self::LongHeader { "line" } else { "object" };
                write!(f, "a first {what} longer than {} bytes", crate::MAX_ROW_BYTES)
            }
            Self::WideHeader(columns) => write!(f, "a first line of {columns} columns"),
            Self::ManyFiles(files) => write!(f, "a zip archive with {files} files"),
            _ => f.write_str("another file"),
        }
    }

    /// What was expected instead.
    pub(super) fn expected(&self) -> &'static str {
        match self {
            Self::NoKey(_) | Self::NoFacts(_) => "facts about devices",
            _ => "a device inventory",
        }
    }

    /// Returns what to do about it, where that does not depend on the line.
    pub(super) fn hint(&self) -> &'static str {
        match self {
            Self::OtherFormat("a zip archive" | "gzip-compressed data") => {
                "unpack it first; the portal's export is a CSV file inside"
            }
            Self::Archive(_) => {
                "download it again, or unpack it and name the CSV file that was inside"
            }
            Self::SeveralFiles(..) => "unpack it and name the files that are inventories",
            Self::SeveralSheets(..) => "save the sheet that you mean as CSV (UTF-8, with commas)",
            Self::DamagedWorkbook(_) => {
                "save it again, or save the table as CSV (UTF-8, with commas)"
            }
            Self::Parquet => PARQUET,
            Self::DamagedParquet(_) => "the file may be damaged or cut off; write it again",
            Self::ColumnType(..) => {
                "write the column as text (`CAST(… AS VARCHAR)`); numbers without a fraction, \
                 truth values, dates and timestamps are understood, too"
            }
            Self::OtherFormat("an OpenDocument or Numbers spreadsheet") => {
                "save it as an Excel workbook (.xlsx) or as CSV (UTF-8, with commas)"
            }
            Self::OtherFormat("an archive that is not read") => {
                "unpack it, and name the file that is the inventory; zip, gzip and Zstandard are read"
            }
            Self::OtherFormat("an Excel workbook") => {
                "save it as a workbook (.xlsx) without a password, or as CSV (UTF-8, with commas)"
            }
            Self::WideText => "save it as UTF-8 (in Windows PowerShell: `Out-File -Encoding utf8`)",
            Self::GraphError(_) => {
                "the request failed, so repair it and save the answer; reading devices takes the \
                 permission `DeviceManagementManagedDevices.Read.All`"
            }
            Self::ForeignObject(_) | Self::OtherCollection(_) => {
                "understood are the devices of Microsoft Graph (`managedDevices`): a page as it \
                 was sent, several pages, an array, or one device a line"
            }
            _ => self.hint_of_table(),
        }
    }

    /// Returns what to do about a table.
    fn hint_of_table(&self) -> &'static str {
        match self {
            Self::Delimiter(_) => "separate the cells by commas, semicolons or tabs",
            Self::NoHeader(_) => {
                "put back the first line with the column names, such as `Device ID,OS,OS version`"
            }
            Self::NoKey(_) => {
                "add a column `Device ID`, `Serial number` or `Device name`, as the inventory has it"
            }
            Self::NoFacts(_) => {
                "name the columns after facts: `passcode-set`, `passcode-required`, `reset-token`, \
                 `unlock-token`, `supervised`, `ownership` or other facts"
            }
            Self::QuotedLines => "remove the quotes around each line, or export it again",
            Self::Screen(_) => {
                "write it with `Export-Csv -NoTypeInformation` or `ConvertTo-Json`, not with \
                 `Format-Table` or `Format-List`"
            }
            Self::DuplicateColumn(..) => "remove or rename one of the two columns",
            Self::WideHeader(_) => "leave out the columns that say nothing of devices",
            Self::LongObject => "leave out what is no property of a device",
            Self::ManyFiles(_) => "unpack it, and name the file that is the inventory",
            Self::MisquotedHeader | Self::LongHeader | Self::DamagedJson => {
                "the file may be damaged or cut off; export it again"
            }
            Self::OtherList(..) => {
                "export the devices themselves: in the Intune portal, Devices, All devices, Export"
            }
            Self::NoPlatform(_) => {
                "add the column that says it: `OS` of the portal's export (`DeviceType` in an export \
                 job, `operatingSystem` in Graph), or `platform` with words such as `ios`"
            }
            Self::OtherLanguage(_) => {
                "export it in English, or write the names in English: `OS`, `Managed by`, \
                 `Ownership`, `Device state`"
            }
            Self::OtherNames(_) => {
                "if they say the same, name them so, in English; if not, leave them out, and add \
                 those that are missing"
            }
            Self::FewColumns(..) => {
                "if it is an inventory, keep the columns of the portal's export and leave out the \
                 others; if not, export one: Devices, All devices, Export"
            }
            Self::NoDevices => {
                "export it again; an inventory has a row or an object for each device"
            }
            Self::NothingUnderstood(..) => {
                "repair what is named, which the other rows may have as well; if it is the list of \
                 another product, export the devices from the Intune portal: Devices, All devices, \
                 Export"
            }
            _ => UNDERSTOOD,
        }
    }
}

fn quoted(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
