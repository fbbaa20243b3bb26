//! Descriptions of tables that are no inventories, and hints about them.

use std::fmt;

use super::found::UNDERSTOOD;
use super::{Rejection, quoted};

/// A table that was found where an inventory was expected, by what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OtherTable {
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
    /// A table of devices whose platform is in a column that Intune's exports do not have; its name.
    OtherPlatform(String),
    /// A header with names in another language, where usual ones are missing; the first of them.
    OtherLanguage(Vec<String>),
    /// A header without the usual columns that decide, and with as many that are not understood; the
    /// first of those.
    OtherNames(Vec<String>),
    /// A header with few names of an inventory among others; those, and how many others.
    FewColumns(Vec<String>, usize),
    /// A table whose rows represent many devices each; the columns that have their counts.
    Counts(Vec<String>),
    /// A table of devices that may be another product's: no column is Intune's own, and these are not
    /// understood.
    NothingOfIntune(Vec<String>),
    /// Something before the header: its first line, and the line of the header.
    LineBeforeHeader(String, u64),
    /// A table whose lines are each in quotes as a whole.
    QuotedLines,
    /// A table as PowerShell shows it on the screen; its first line.
    Screen(String),
    /// An inventory without a row that was understood: how many there are, and why the first was
    /// not.
    NothingUnderstood(u64, Box<Rejection>),
    /// A facts file without a column that identifies devices; its first names.
    NoKey(Vec<String>),
    /// A facts file without a column that is named after a fact; its first names.
    NoFacts(Vec<String>),
    /// A header that names a column twice; the name and the two positions, from 1.
    DuplicateColumn(String, usize, usize),
    /// A first line with a quote that is never closed.
    MisquotedHeader,
    /// A first line with a quote inside a cell, or with a space before one.
    QuoteInHeader,
    /// Something before JSON: its first line, and how many lines.
    TextBeforeJson(String, usize),
    /// A first line that is longer than [`MAX_ROW_BYTES`](crate::MAX_ROW_BYTES).
    LongHeader,
    /// A first line with more columns than a sheet of Excel has.
    WideHeader(usize),
}

impl fmt::Display for OtherTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
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
            Self::OtherPlatform(name) => {
                write!(f, "a table with a column `{name}`, which no export of Intune has")
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
            Self::NothingOfIntune(names) => {
                f.write_str(
                    "a table without a column of Intune's own, but with columns that are not ",
                )?;
                write!(f, "understood ({})", quoted(names))
            }
            Self::Counts(names) => {
                write!(f, "a table of counts ({}), not of devices", quoted(names))
            }
            Self::LineBeforeHeader(text, _) => write!(f, "a line before the header (`{text}`)"),
            Self::QuotedLines => f.write_str("a table whose lines are in quotes as a whole"),
            Self::Screen(line) => {
                write!(f, "a table as PowerShell shows it on the screen (`{line}`)")
            }
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
            Self::QuoteInHeader => f.write_str("a header with a quote in the wrong place"),
            Self::TextBeforeJson(text, _) => write!(f, "something before the JSON (`{text}`)"),
            Self::LongHeader => {
                write!(f, "a first line longer than {} bytes", crate::MAX_ROW_BYTES)
            }
            Self::WideHeader(columns) => write!(f, "a first line of {columns} columns"),
        }
    }
}

impl OtherTable {
    /// Returns what to do about it, where that does not depend on the line.
    pub(super) fn hint(&self) -> &'static str {
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
            Self::QuoteInHeader => {
                "put quotes around whole cells, without a space before them, and double those inside"
            }
            Self::TextBeforeJson(..) => "remove what comes before the first `{` or `[`",
            Self::MisquotedHeader | Self::LongHeader => {
                "the file may be damaged or cut off; export it again"
            }
            Self::OtherList(..) => {
                "export the devices themselves: in the Intune portal, Devices, All devices, Export"
            }
            Self::NoPlatform(_) => {
                "add the column that says it: `OS` of the portal's export (`DeviceType` in an export \
                 job, `operatingSystem` in Graph), or `platform` with words such as `ios`"
            }
            Self::OtherPlatform(_) => {
                "if it is the list of another product, export the devices from the Intune portal: \
                 Devices, All devices, Export; if it is an inventory, name that column `OS`"
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
            Self::NothingOfIntune(_) => {
                "if it is an inventory, leave those columns out, or add `Device ID` or `Managed by` of the \
                 portal's export; if not, export one: Devices, All devices, Export"
            }
            Self::Counts(_) => {
                "export the devices themselves, a row for each; if a row is a device, leave that \
                 column out or add `Device ID`"
            }
            Self::NothingUnderstood(..) => {
                "repair what is named, which the other rows may have as well; if it is the list of \
                 another product, export the devices from the Intune portal: Devices, All devices, \
                 Export"
            }
            Self::ForeignHeader(_) | Self::LineBeforeHeader(..) => UNDERSTOOD,
        }
    }
}
