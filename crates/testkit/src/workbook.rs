//! Excel workbooks, in the plainest form of Office Open XML that programs write (ECMA-376, part 1,
//! section 18).

use std::fmt::Write;

use crate::pack::zip;

/// A sheet to write.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// Its name.
    pub name: &'static str,
    /// Its first row and column, from 0.
    pub first: (usize, usize),
    /// Its cells.
    pub rows: Vec<Vec<Value>>,
}

/// The value of a cell.
#[derive(Clone, Debug)]
pub enum Value {
    /// A text; a blank one is no cell.
    Text(String),
    /// A number.
    Number(f64),
    /// A number that is shown as a date and time: days since the end of 1899.
    Moment(f64),
    /// A truth value.
    Truth(bool),
    /// An error of a formula, such as `#N/A`.
    Error(&'static str),
}

impl Sheet {
    /// Returns a sheet of texts that begins in its first cell.
    pub fn of_texts(name: &'static str, rows: &[Vec<String>]) -> Self {
        let texts = |row: &Vec<String>| row.iter().cloned().map(Value::Text).collect();
        Self { name, first: (0, 0), rows: rows.iter().map(texts).collect() }
    }
}

/// Returns a workbook with these sheets.
pub fn workbook(sheets: &[Sheet]) -> Vec<u8> {
    let mut texts = Vec::new();
    let data: Vec<_> = sheets.iter().map(|sheet| (sheet.name, data(sheet, &mut texts))).collect();
    let data: Vec<_> = data.iter().map(|(name, data)| (*name, data.as_str())).collect();
    let shared: String =
        texts.iter().map(|text| format!("<si><t>{}</t></si>", escaped(text))).collect();
    workbook_of(&data, &shared)
}

/// Returns a workbook of sheets whose rows, and whose shared texts, are given as XML.
pub fn workbook_of(sheets: &[(&str, &str)], shared: &str) -> Vec<u8> {
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const DOCUMENT: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
    let (mut list, mut relations, mut parts) = (String::new(), String::new(), Vec::new());
    for (number, (name, data)) in (1..).zip(sheets) {
        let _ = write!(list, r#"<sheet name="{name}" sheetId="{number}" r:id="r{number}"/>"#);
        let _ = write!(
            relations,
            r#"<Relationship Id="r{number}" Type="{DOCUMENT}/worksheet" Target="worksheets/{number}.xml"/>"#
        );
        let part =
            format!(r#"<worksheet xmlns="{MAIN}"><sheetData>{data}</sheetData></worksheet>"#);
        parts.push((format!("xl/worksheets/{number}.xml"), part));
    }
    for (id, part) in [("s", "sharedStrings"), ("t", "styles")] {
        let _ = write!(
            relations,
            r#"<Relationship Id="{id}" Type="{DOCUMENT}/{part}" Target="{part}.xml"/>"#
        );
    }
    let mut add = |name: &str, part: String| parts.push((name.to_owned(), part));
    add("[Content_Types].xml", format!(r#"<Types xmlns="{PACKAGE}/content-types"/>"#));
    let root = format!(
        r#"<Relationship Id="w" Type="{DOCUMENT}/officeDocument" Target="xl/workbook.xml"/>"#
    );
    add(
        "_rels/.rels",
        format!(r#"<Relationships xmlns="{PACKAGE}/relationships">{root}</Relationships>"#),
    );
    add(
        "xl/workbook.xml",
        format!(
            r#"<workbook xmlns="{MAIN}" xmlns:r="{DOCUMENT}"><sheets>{list}</sheets></workbook>"#
        ),
    );
    add(
        "xl/_rels/workbook.xml.rels",
        format!(r#"<Relationships xmlns="{PACKAGE}/relationships">{relations}</Relationships>"#),
    );
    add("xl/sharedStrings.xml", format!(r#"<sst xmlns="{MAIN}">{shared}</sst>"#));
    // Style 1 is the built-in format of a date and time.
    let styles = r#"<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="22"/></cellXfs>"#;
    add("xl/styles.xml", format!(r#"<styleSheet xmlns="{MAIN}">{styles}</styleSheet>"#));
    let files: Vec<_> = parts.iter().map(|(name, part)| (name.as_str(), part.as_bytes())).collect();
    zip(&files)
}

fn data(sheet: &Sheet, texts: &mut Vec<String>) -> String {
    let mut data = String::new();
    for (row, cells) in (sheet.first.0 + 1..).zip(&sheet.rows) {
        let _ = write!(data, r#"<row r="{row}">"#);
        for (column, cell) in (sheet.first.1..).zip(cells) {
            let (attributes, value) = match cell {
                Value::Text(text) if text.is_empty() => continue,
                Value::Text(text) => {
                    texts.push(text.clone());
                    (r#" t="s""#, (texts.len() - 1).to_string())
                }
                Value::Number(number) => ("", number.to_string()),
                Value::Moment(number) => (r#" s="1""#, number.to_string()),
                Value::Truth(truth) => (r#" t="b""#, u8::from(*truth).to_string()),
                Value::Error(error) => (r#" t="e""#, (*error).to_owned()),
            };
            let name = column_name(column);
            let _ = write!(data, r#"<c r="{name}{row}"{attributes}><v>{value}</v></c>"#);
        }
        data.push_str("</row>");
    }
    data
}

/// `A` to `Z`, then `AA`.
fn column_name(column: usize) -> String {
    let letter = |number: usize| char::from(b'A' + u8::try_from(number).expect("a letter"));
    match column.checked_sub(26) {
        None => letter(column).to_string(),
        Some(rest) => format!("{}{}", letter(rest / 26), letter(rest % 26)),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
