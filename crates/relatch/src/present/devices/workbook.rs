//! The list as a workbook for Excel: one sheet, in the few parts of Office Open XML that a table needs
//! (ECMA-376, part 1, sections 12.3 and 18). Rows go into the file as they come, so that memory does
//! not grow with their number.
//!
//! A text is a text there, so that nothing runs and no version becomes a number or a date; costs are
//! numbers, what is true or false is a truth value, and the last check-in is a date with its time.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use chrono::{DateTime, NaiveDate};
use inventory::{CellType, is_formula};
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, ZipWriter};

use super::columns::CHECK_IN;
use super::rows::{RowFormat, next};
use crate::error::Error;
use crate::files::Replacement;

/// The most rows and the longest text that Excel opens:
/// <https://support.microsoft.com/en-us/office/excel-specifications-and-limits-1672b34d-7043-467e-8e27-269d656771c3>.
const ROWS: u64 = 1 << 20;
const LETTERS: usize = 32_767;

const TYPES: &str = r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>"#;

const RELATIONS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;

const WORKBOOK: &str = r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Devices" sheetId="1" r:id="rId1"/></sheets></workbook>"#;

const SHEETS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#;

/// Style 1 is bold, style 2 a date with its time.
const STYLES: &str = r#"<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\-mm\-dd\ hh:mm:ss"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/><xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>"#;

/// Before the rows: the first one stays where it is when the others move.
const SHEET: &str = r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/><cols>"#;

const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

/// A workbook in the making.
pub(super) struct Workbook {
    path: PathBuf,
    archive: ZipWriter<StreamWriter<Replacement>>,
    format: RowFormat,
    /// The number of rows, with the header.
    rows: u64,
    /// The cells of suffixes, by their numbers.
    suffixes: Vec<Option<String>>,
    line: String,
}

impl Workbook {
    /// Begins a workbook.
    pub(super) fn begin(path: &Path, file: Replacement, format: &RowFormat) -> Result<Self, Error> {
        let names = format.columns.names();
        let mut line = SHEET.to_owned();
        for (place, name) in (1..).zip(&names) {
            let is_long = name.starts_with("because") || *name == "change";
            let letters = if is_long { 40 } else { 18 };
            line +=
                &format!(r#"<col min="{place}" max="{place}" width="{letters}" customWidth="1"/>"#);
        }
        line.push_str("</cols><sheetData><row>");
        for name in names {
            text(name, r#" s="1""#, &mut line).map_err(|reason| refused(path, reason))?;
        }
        line.push_str("</row>");
        let archive = parts(file, &line).map_err(|source| Error::write(path, source))?;
        let path = path.to_owned();
        let format = format.clone();
        Ok(Self { path, archive, format, rows: 1, suffixes: Vec::new(), line })
    }

    /// Adds rows.
    pub(super) fn append(&mut self, mut rows: &[u8]) -> Result<(), Error> {
        while !rows.is_empty() {
            self.rows += 1;
            if self.rows > ROWS {
                return Err(refused(&self.path, "a sheet has 1,048,576 rows at most"));
            }
            self.row(&mut rows).map_err(|reason| refused(&self.path, reason))?;
            let written = self.archive.write_all(self.line.as_bytes());
            written.map_err(|source| Error::write(&self.path, source))?;
        }
        Ok(())
    }

    /// Makes the line of the next row.
    fn row(&mut self, rows: &mut &[u8]) -> Result<(), &'static str> {
        let columns = &self.format.columns;
        let (texts, number) = next(rows, columns.own().len());
        self.line.clear();
        self.line.push_str("<row>");
        let (mut cell, mut check_in) = (String::new(), String::new());
        for (column, own) in columns.own().iter().zip(texts) {
            cell.clear();
            typed(column.cell_type, own, &mut cell)?;
            let place = if column.name == CHECK_IN { &mut check_in } else { &mut self.line };
            place.push_str(&cell);
        }
        let at = number as usize;
        self.suffixes.resize(self.suffixes.len().max(at + 1), None);
        if self.suffixes[at].is_none() {
            let mut cells = String::new();
            let shared = self.format.numbered.cells(number);
            for (column, cell) in columns.shared().iter().zip(&*shared) {
                typed(column.cell_type, cell, &mut cells)?;
            }
            self.suffixes[at] = Some(cells);
        }
        self.line.push_str(self.suffixes[at].as_deref().unwrap_or_default());
        self.line.push_str(&check_in);
        self.line.push_str("</row>");
        Ok(())
    }

    /// Ends the workbook, and gives the file back.
    pub(super) fn finish(mut self) -> io::Result<Replacement> {
        self.archive.write_all(b"</sheetData></worksheet>")?;
        Ok(self.archive.finish()?.into_inner())
    }
}

/// Writes all parts up to the rows of the sheet.
fn parts(file: Replacement, header: &str) -> io::Result<ZipWriter<StreamWriter<Replacement>>> {
    let mut archive = ZipWriter::new_stream(file);
    for (name, part) in [
        ("[Content_Types].xml", TYPES),
        ("_rels/.rels", RELATIONS),
        ("xl/workbook.xml", WORKBOOK),
        ("xl/_rels/workbook.xml.rels", SHEETS),
        ("xl/styles.xml", STYLES),
        ("xl/worksheets/sheet1.xml", header),
    ] {
        // The sheet of a million devices may be larger than four gigabytes.
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .large_file(part == header);
        archive.start_file(name, options)?;
        archive.write_all(DECLARATION.as_bytes())?;
        archive.write_all(part.as_bytes())?;
    }
    Ok(archive)
}

/// Adds a cell of a type. One that is blank has none.
fn typed(cell_type: CellType, cell: &str, line: &mut String) -> Result<(), &'static str> {
    let (attributes, value) = match (cell_type, cell) {
        (_, "") => return text("", "", line),
        (CellType::Text | CellType::Words, cell) => return text(cell, "", line),
        (CellType::Boolean, cell) => {
            (r#" t="b""#, if cell == "true" { "1" } else { "0" }.to_owned())
        }
        (CellType::Integer, cell) => ("", cell.to_owned()),
        (CellType::Timestamp, cell) => (r#" s="2""#, date(cell).to_string()),
    };
    line.push_str("<c");
    line.push_str(attributes);
    line.push_str("><v>");
    line.push_str(&value);
    line.push_str("</v></c>");
    Ok(())
}

/// Returns a moment as a workbook has it: the days since the end of 1899, with a fraction.
fn date(timestamp: &str) -> f64 {
    let timestamp = DateTime::parse_from_rfc3339(timestamp).expect("a list has moments as texts");
    let first = NaiveDate::from_ymd_opt(1899, 12, 30).expect("there is such a day");
    let since = timestamp.naive_utc() - first.and_time(chrono::NaiveTime::MIN);
    // A number of 53 bits has room for milliseconds up to the year 287,000.
    since.num_milliseconds() as f64 / 86_400_000.0
}

/// Adds a cell with a text.
fn text(text: &str, style: &str, line: &mut String) -> Result<(), &'static str> {
    if text.is_empty() {
        line.push_str("<c/>");
        return Ok(());
    }
    if text.len() > LETTERS && text.encode_utf16().count() > LETTERS {
        return Err("a cell has 32,767 letters at most");
    }
    line.push_str("<c t=\"inlineStr\"");
    line.push_str(style);
    line.push_str("><is><t xml:space=\"preserve\">");
    // A table that is read loses the apostrophe that protects a formula, so that one which is part of
    // the text has to be doubled.
    if text.starts_with('\'') && is_formula(text.as_bytes()) {
        line.push('\'');
    }
    escape(text, line);
    line.push_str("</t></is></c>");
    Ok(())
}

/// Adds a text of XML; what XML cannot have is spelled `_x001B_`, and what looks like that as well
/// (`ST_Xstring`, ECMA-376, part 1, section 22.9.2.19).
fn escape(text: &str, line: &mut String) {
    for (at, letter) in text.char_indices() {
        match letter {
            '&' => line.push_str("&amp;"),
            '<' => line.push_str("&lt;"),
            '>' => line.push_str("&gt;"),
            '_' if is_spelled(&text[at..]) => line.push_str("_x005F_"),
            '\t' | '\n' => line.push(letter),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {
                line.push_str(&format!("_x{:04X}_", u32::from(letter)));
            }
            _ => line.push(letter),
        }
    }
}

/// Returns true if a text begins like the spelling of a letter.
fn is_spelled(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() >= 7
        && bytes[1] == b'x'
        && bytes[2..6].iter().all(u8::is_ascii_hexdigit)
        && bytes[6] == b'_'
}

/// Returns the failure of a list that no workbook can hold.
fn refused(path: &Path, reason: &str) -> Error {
    Error::Argument {
        message: format!("the list is too large for the workbook `{}`: {reason}", path.display()),
        hint: "name a list in .csv or .parquet".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::present::devices::columns::ListColumns;

    #[test]
    fn a_row_beyond_the_last_of_a_sheet_is_refused() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("list.xlsx");
        let file = Replacement::begin(&path).expect("it can be written");
        let columns = ListColumns::of_changes(&[]).expect("no column is carried along");
        let format = RowFormat::new(columns);
        let mut row = Vec::new();
        format.append(["1", "a", ""].into_iter(), vec![String::new(); 6], &mut row);
        let workbook = Workbook::begin(&path, file, &format);
        let mut workbook = workbook.expect("it can be written");
        workbook.rows = ROWS - 1;
        workbook.append(&row).expect("it is the last row");
        let refused = workbook.append(&row).expect_err("there is no room").to_string();
        assert!(refused.contains("a sheet has 1,048,576 rows at most"), "{refused}");
    }
}
