//! Excel workbooks: the sheet that is a device table, as the text of a CSV.
//!
//! The workbook is taken apart by the `calamine` crate, its cells are written down here: a line for
//! each row of the sheet, so that the number of a line is that of its row, dates with the year
//! first, truth values as `True` and `False`. A sheet has 1,048,576 rows and 16,384 columns at most
//! (<https://support.microsoft.com/en-us/office/excel-specifications-and-limits-1672b34d-7043-467e-8e27-269d656771c3>).

mod hidden_rows;

use std::io::{Read, Seek, SeekFrom};

use calamine::{DataRef, Reader as _, SheetType, Xlsx, XlsxCellReader};
use zip::ZipArchive;

use super::measure::is_too_much;
use crate::columns::Purpose;
use crate::error::{Found, OpenError, ReadError, shortened};
use crate::reader::Reader;

/// The number of rows of a sheet that are searched for a table.
const LOOKED_AT: usize = 8;

/// The size of a sheet.
const ROWS: u32 = 1 << 20;
const COLUMNS: usize = 1 << 14;

/// The placeholder for the result of a formula that no program has worked out yet: libraries write
/// formulas alone (<https://openpyxl.readthedocs.io/en/stable/usage.html>). It begins and ends as
/// the errors of spreadsheets do, so that it is no key.
const NO_RESULT: &str = "#formula without a result!";

/// The number of names of sheets that a message shows.
const SHOWN: usize = 5;

/// The device table of a workbook.
pub(super) struct DeviceTable {
    /// The table as CSV.
    pub(super) text: Vec<u8>,
    /// The number of its rows that Excel does not show.
    pub(super) hidden_rows: u64,
}

/// Returns the device table of a workbook.
pub(super) fn table<R: Read + Seek>(
    purpose: Purpose,
    mut input: R,
) -> Result<DeviceTable, OpenError> {
    let size = input.seek(SeekFrom::End(0)).map_err(|source| ReadError::at_line(1, source))?;
    check_size(&mut input, size)?;
    let mut workbook = Xlsx::new(&mut input).map_err(damaged)?;
    let sheets = workbook.sheets_metadata().iter();
    let sheets = sheets.filter(|sheet| sheet.typ == SheetType::WorkSheet);
    let names: Vec<String> = sheets.map(|sheet| sheet.name.clone()).collect();
    let (mut tables, mut lists, mut refusal) = (Vec::new(), Vec::new(), None);
    for name in &names {
        let beginning = text(&mut workbook, name, LOOKED_AT, size)?;
        match Reader::open_for(purpose, beginning.as_slice()) {
            // A list of systems or models, from which cells are chosen, names no device.
            Ok(reader) if !reader.layout().names_devices() => lists.push(name),
            Ok(_) => tables.push(name),
            // The first filled sheet describes the workbook best.
            Err(error) if !beginning.trim_ascii().is_empty() => {
                refusal.get_or_insert(error);
            }
            Err(_) => {}
        }
    }
    let tables = if tables.is_empty() { lists } else { tables };
    match tables.as_slice() {
        [] => Err(refusal.unwrap_or_else(|| Found::Empty.into())),
        [name] => {
            let text = text(&mut workbook, name, usize::MAX, size)?;
            drop(workbook);
            Ok(DeviceTable { text, hidden_rows: hidden_rows::count(&mut input, name) })
        }
        several => {
            let names = several.iter().take(SHOWN).map(|name| shortened(name.as_bytes()));
            Err(Found::SeveralSheets(names.collect(), several.len()).into())
        }
    }
}

/// Refuses a workbook whose parts are too large for its size, because texts are in memory.
fn check_size<R: Read + Seek>(input: &mut R, size: u64) -> Result<(), OpenError> {
    let mut archive = ZipArchive::new(input).map_err(damaged)?;
    let mut unpacked = 0_u64;
    for index in 0..archive.len() {
        let part = archive.by_index_raw(index).map_err(damaged)?;
        unpacked = unpacked.saturating_add(part.size());
    }
    if is_too_much(unpacked, size) { Err(damaged("it unpacks to too much")) } else { Ok(()) }
}

fn damaged(what: impl std::fmt::Display) -> OpenError {
    Found::DamagedWorkbook(shortened(what.to_string().as_bytes())).into()
}

/// The first filled rows of a sheet as CSV.
fn text<R: Read + Seek>(
    workbook: &mut Xlsx<R>,
    sheet: &str,
    rows: usize,
    size: u64,
) -> Result<Vec<u8>, OpenError> {
    let mut cells = workbook.worksheet_cells_reader(sheet).map_err(damaged)?;
    let mut table = Table::default();
    while table.filled < rows && table.add_row(&mut cells)? {
        if is_too_much(table.text.len() as u64, size) {
            return Err(damaged("it unpacks to too much"));
        }
    }
    Ok(table.text)
}

/// A table that is being written.
#[derive(Default)]
struct Table {
    text: Vec<u8>,
    /// The number of lines.
    lines: u32,
    /// The number of lines that are not blank.
    filled: usize,
    /// The columns of the header, which is the first filled row.
    columns: Option<std::ops::Range<usize>>,
    /// A cell of the next row.
    ahead: Option<(u32, usize, String)>,
    /// True if the sheet has no more cells.
    ended: bool,
}

impl Table {
    /// Adds the next row that has cells, behind a blank line for each row without; `false` at the
    /// end of the sheet.
    fn add_row<R: Read + Seek>(
        &mut self,
        cells: &mut XlsxCellReader<'_, R>,
    ) -> Result<bool, OpenError> {
        let Some((row, column, text)) = self.next(cells)? else { return Ok(false) };
        let mut row_cells = Vec::new();
        put(&mut row_cells, column, text)?;
        while let Some((other, column, text)) = self.next(cells)? {
            if other != row {
                self.ahead = Some((other, column, text));
                break;
            }
            put(&mut row_cells, column, text)?;
        }
        if row >= ROWS || row < self.lines {
            return Err(damaged(format!("row {} is out of place", u64::from(row) + 1)));
        }
        for _ in self.lines..row {
            self.text.push(b'\n');
        }
        self.lines = row + 1;
        self.write(&row_cells);
        Ok(true)
    }

    /// The next cell.
    fn next<R: Read + Seek>(
        &mut self,
        cells: &mut XlsxCellReader<'_, R>,
    ) -> Result<Option<(u32, usize, String)>, OpenError> {
        if self.ahead.is_some() || self.ended {
            return Ok(self.ahead.take());
        }
        let Some(cell) = cells.next_cell_with_formula_metadata().map_err(damaged)? else {
            self.ended = true;
            return Ok(None);
        };
        let (row, column) = cell.pos;
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        if column >= COLUMNS {
            return Err(damaged(format!("a cell in column {column}")));
        }
        let text = match (&cell.value, cell.formula) {
            (DataRef::Empty, Some(_)) => NO_RESULT.to_owned(),
            (value, _) => words(value),
        };
        Ok(Some((row, column, text)))
    }

    /// Writes a row. Cells beside the columns of the header belong to no column.
    fn write(&mut self, cells: &[String]) {
        let filled = |cell: &String| !cell.trim().is_empty();
        if cells.iter().any(filled) {
            let columns = self.columns.get_or_insert_with(|| {
                let first = cells.iter().position(filled).unwrap_or_default();
                first..cells.iter().rposition(filled).map_or(first, |last| last + 1)
            });
            let blank = String::new();
            let cells = columns.clone().map(|column| cells.get(column).unwrap_or(&blank));
            for (index, cell) in cells.enumerate() {
                if index > 0 {
                    self.text.push(b',');
                }
                self.text.extend_from_slice(quoted(cell).as_bytes());
            }
            self.filled += 1;
        }
        self.text.push(b'\n');
    }
}

/// Puts a text into its column, which is behind those of all others: no text takes the place of
/// one, even where a reference to a cell has so many digits that they lead to another place.
fn put(cells: &mut Vec<String>, column: usize, text: String) -> Result<(), OpenError> {
    if column < cells.len() {
        return Err(damaged(format!("a cell in column {} is out of place", column + 1)));
    }
    cells.resize(column, String::new());
    cells.push(text);
    Ok(())
}

/// A cell of CSV. A line break in a cell is a space, so that a row is a line.
fn quoted(cell: &str) -> String {
    let cell = cell.replace(['\r', '\n'], " ");
    if cell.contains([',', '"', ';', '\t']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell
    }
}

/// The value of a cell as exports write it.
fn words(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Empty => String::new(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            text.clone()
        }
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(true) => "True".to_owned(),
        DataRef::Bool(false) => "False".to_owned(),
        DataRef::DateTime(timestamp) => {
            match timestamp.as_datetime().filter(|_| !timestamp.is_duration()) {
                Some(timestamp) => timestamp.to_string(),
                None => timestamp.as_f64().to_string(),
            }
        }
        DataRef::Error(error) => error.to_string(),
    }
}
