//! Descriptions of files that are no inventories, and hints about them.

use std::fmt;

use super::{GraphError, OtherTable, quoted, shortened};

/// The content that was found where an inventory was expected.
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
    /// A file of settings, such as a policy, a scenario or a `desktop.ini`: by its usual name.
    Settings(&'static str),
    /// An inventory without a device.
    NoDevices,
    /// A first object that is longer than [`MAX_ROW_BYTES`](crate::MAX_ROW_BYTES).
    LongObject,
    /// An archive with more files than are looked at.
    ManyFiles(usize),
    /// A table that is no inventory: what is wrong with it.
    Table(OtherTable),
}

impl From<OtherTable> for Found {
    fn from(table: OtherTable) -> Self {
        Self::Table(table)
    }
}

impl Found {
    /// Returns true if the file may be meant as an inventory: without it, devices may be missing.
    pub fn may_hold_devices(&self) -> bool {
        matches!(
            self,
            Self::GraphError(_)
                | Self::Table(OtherTable::OtherLanguage(_) | OtherTable::OtherNames(_))
                | Self::DamagedJson
                | Self::DamagedParquet(_)
                | Self::DamagedWorkbook(_)
        )
    }
}

/// The hint for a Parquet file that this build, or this way of reading, does not understand.
const PARQUET: &str = if cfg!(feature = "parquet") {
    "it is read from a file, not from a stream: from its end, and with `Inventory`"
} else {
    "this build reads no Parquet; use one that does: \
     `cargo run --release -p relatch --features parquet -- plan FILE`"
};

/// The formats that are understood, for files that resemble none of them.
pub(super) const UNDERSTOOD: &str = "understood are the CSV export of the Intune portal (Devices, All devices, \
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
            Self::Table(table) => write!(f, "{table}"),
            Self::NoDevices => f.write_str("an inventory without a device"),
            Self::LongObject => {
                write!(f, "a first object longer than {} bytes", crate::MAX_ROW_BYTES)
            }
            Self::ManyFiles(files) => write!(f, "a zip archive with {files} files"),
        }
    }
}

impl Found {
    /// Returns what was expected instead.
    pub(super) fn expected(&self) -> &'static str {
        match self {
            Self::Table(OtherTable::NoKey(_) | OtherTable::NoFacts(_)) => "facts about devices",
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
            Self::OtherFormat("a dictionary as Python prints it") => "write it with `json.dump`",
            Self::OtherFormat("JSON inside a text") => {
                "take it out of its quotes: `fromjson` in jq, `json()` in Power Automate"
            }
            Self::OtherFormat("a table that is drawn with lines") => {
                "let the program write CSV, with a comma, a semicolon or a tab between the cells"
            }
            Self::OtherFormat(
                "an object of columns in place of a list of devices"
                | "an object with other objects in place of a list",
            ) => {
                "write a list with an object for each device: `orient=\"records\"` in pandas, `[.[]]` \
                 in jq for objects in an object"
            }
            Self::OtherFormat(
                "an Arrow or Feather file" | "an Avro file" | "a SQLite database",
            ) => "write the table as Parquet or CSV",
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
            Self::Table(table) => table.hint(),
            Self::NoDevices => {
                "export it again; an inventory has a row or an object for each device"
            }
            Self::DamagedJson => "the file may be damaged or cut off; export it again",
            Self::LongObject => "leave out what is no property of a device",
            Self::ManyFiles(_) => "unpack it, and name the file that is the inventory",
            Self::Empty | Self::OtherFormat(_) | Self::Settings(_) | Self::Binary => UNDERSTOOD,
        }
    }
}
