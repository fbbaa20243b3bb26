//! Excel workbooks say what the same table says as CSV.

use std::io::{Cursor, Read};

use inventory::{OpenError, Unpacked};
use proptest::prelude::*;
use testkit::inventories::plainly;
use testkit::pack::zip;
use testkit::workbook::{Sheet, Value, workbook, workbook_of};

fn unpacked(file: &[u8]) -> Result<Vec<u8>, OpenError> {
    let mut content = Vec::new();
    let mut input = Unpacked::open(Cursor::new(file))?;
    input.read_to_end(&mut content).expect("a workbook is in memory");
    Ok(content)
}

fn refusal(sheets: &[Sheet]) -> String {
    unpacked(&workbook(sheets)).map(|_| ()).expect_err("it is refused").to_string()
}

fn texts(rows: &[&[&str]]) -> Vec<Vec<String>> {
    rows.iter().map(|row| row.iter().map(|&cell| cell.to_owned()).collect()).collect()
}

fn any_cell() -> impl Strategy<Value = String> {
    let cells = [
        "",
        "iOS/iPadOS",
        "Windows",
        "Lynix",
        "17.5",
        "7.1.2",
        "True",
        "Corporate",
        "Intune",
        "a, b",
        "say \"hi\"",
        "Zoë’s 电话",
        " spaces ",
        "<&>",
        "2026-08-05 07:31:00",
        "8/5/2026",
        "a;b",
    ];
    prop::sample::select(cells.to_vec()).prop_map(str::to_owned)
}

proptest! {
    #[test]
    fn any_table_is_read_as_the_same_table_in_csv(
        rows in prop::collection::vec(prop::collection::vec(any_cell(), 6), 1..20),
        row in 0..5_usize,
        column in 0..30_usize,
    ) {
        let header = ["Device ID", "Device name", "Last check-in", "OS", "OS version", "Supervised"];
        let mut table = vec![header.map(str::to_owned).to_vec()];
        // A row without a device is nothing in a workbook, and would be rejected in a CSV.
        table.extend(rows.into_iter().filter(|row| row.iter().any(|cell| !cell.trim().is_empty())));
        let line = |row: &Vec<String>| {
            let cells = row.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\"")));
            cells.collect::<Vec<_>>().join(",") + "\n"
        };
        let csv = "\n".repeat(row) + &table.iter().map(line).collect::<String>();
        let sheet = Sheet { first: (row, column), ..Sheet::of_texts("Devices", &table) };
        let text = unpacked(&workbook(&[sheet])).unwrap();
        prop_assert_eq!(plainly(text.as_slice()).unwrap(), plainly(csv.as_bytes()).unwrap());
    }
}

#[test]
fn dates_truth_values_numbers_and_errors_are_what_they_say() {
    let header =
        texts(&[&["Device ID", "Last check-in", "OS", "OS version", "Supervised", "Encrypted"]]);
    let mut sheet = Sheet::of_texts("Devices", &header);
    let id = |id: f64| Value::Number(id);
    let os = || Value::Text("iOS/iPadOS".to_owned());
    sheet.rows.push(vec![
        id(17.0),
        Value::Moment(46239.5),
        os(),
        Value::Number(17.5),
        Value::Truth(true),
        Value::Truth(false),
    ]);
    sheet.rows.push(vec![
        id(18.0),
        Value::Number(46239.5),
        os(),
        Value::Moment(46159.0),
        Value::Error("#N/A"),
        Value::Error("#REF!"),
    ]);
    let text = unpacked(&workbook(&[sheet])).unwrap();
    assert_eq!(
        String::from_utf8(text.clone()).unwrap(),
        "Device ID,Last check-in,OS,OS version,Supervised,Encrypted\n\
         17,2026-08-05 12:00:00,iOS/iPadOS,17.5,True,False\n\
         18,46239.5,iOS/iPadOS,2026-05-17 00:00:00,#N/A,#REF!\n"
    );
    let (devices, rejections, totals, problems) = plainly(text.as_slice()).unwrap();
    assert_eq!((devices.len(), rejections.len(), totals.check_ins.devices()), (2, 0, 1));
    // What a spreadsheet took for a date is not taken for a version, nor a number for a date.
    let columns: Vec<_> = problems.iter().map(|problem| (problem.line, &*problem.column)).collect();
    assert_eq!(
        columns,
        [(Some(3), "Last check-in"), (Some(3), "OS version"), (Some(3), "Encrypted")]
    );
}

#[test]
fn a_formula_without_a_result_is_not_taken_for_a_blank_cell() {
    let text = |cell: &str, text: &str| {
        format!(r#"<c r="{cell}" t="inlineStr"><is><t>{text}</t></is></c>"#)
    };
    let rows = [
        format!(r#"<row r="1">{}{}</row>"#, text("A1", "Device ID"), text("B1", "OS")),
        // What a library wrote, what a spreadsheet worked out, and a formula with a blank result.
        r#"<row r="2"><c r="A2"><v>17</v></c><c r="B2"><f>C2</f><v></v></c></row>"#.to_owned(),
        r#"<row r="3"><c r="A3"><v>18</v></c><c r="B3" t="str"><f>C3</f><v>Linux</v></c></row>"#
            .to_owned(),
        r#"<row r="4"><c r="A4"><v>19</v></c><c r="B4" t="str"><f>C4</f><v></v></c></row>"#
            .to_owned(),
        r#"<row r="5"><c r="A5"><f>C5</f></c><c r="B5"><f>D5</f></c></row>"#.to_owned(),
        r#"<row r="6"><c r="A6"><f>C6</f></c><c r="B6"><f>D6</f></c></row>"#.to_owned(),
    ];
    let text = unpacked(&workbook_of(&[("Devices", &rows.concat())], "")).unwrap();
    let (devices, rejections, _, problems) = plainly(text.as_slice()).unwrap();
    assert_eq!((devices.len(), rejections.len()), (5, 0));
    let found: Vec<_> = problems.iter().map(|one| (one.line, &*one.column, &*one.text)).collect();
    let missing = "#formula without a result!";
    assert_eq!(found, [2, 5, 6].map(|line| (Some(line), "OS", missing)));
    assert!(devices[3..].iter().all(|device| device.3.is_none()), "they are no keys");
}

#[test]
fn the_sheet_with_a_device_table_is_read_wherever_it_begins() {
    let notes = Sheet::of_texts("Notes", &texts(&[&["Exported on Monday"], &["Ask Ada"]]));
    let table = texts(&[&["Device ID", "OS"], &["1", "Linux"]]);
    let devices = Sheet { first: (3, 2), ..Sheet::of_texts("Devices", &table) };
    let text = unpacked(&workbook(&[notes, devices])).unwrap();
    assert_eq!(text, b"\n\n\nDevice ID,OS\n1,Linux\n");
    let (devices, ..) = plainly(text.as_slice()).unwrap();
    assert_eq!(devices.len(), 1);
}

#[test]
fn hidden_rows_of_the_device_table_are_counted_wherever_its_sheet_is() {
    let hidden = |sheets: &[(&str, &str)]| {
        Unpacked::open(Cursor::new(workbook_of(sheets, ""))).expect("it is read").hidden_rows()
    };
    let cells = |row: u32, id: &str, os: &str| {
        format!(r#"<c r="A{row}" t="str"><v>{id}</v></c><c r="B{row}" t="str"><v>{os}</v></c>"#)
    };
    let table = |attributes: [&str; 4]| {
        let row = |(row, attributes): (u32, &str)| match row {
            1 => format!("<row r=\"1\"{attributes}>{}</row>", cells(1, "Device ID", "OS")),
            _ => format!("<row r=\"{row}\"{attributes}>{}</row>", cells(row, "7", "Linux")),
        };
        (1..).zip(attributes).map(row).collect::<String>()
    };
    let notes = r#"<row r="1"/><row r="2" hidden="1"><c r="A2" t="str"><v>Ask Ada</v></c></row>"#;
    let blank = r#"<row r="5" hidden="1"/>"#;
    let shown = table([""; 4]);
    let filtered = table(["", r#" hidden="1""#, r#" hidden="0""#, r#" hidden="true""#]);
    let header = table([r#" hidden="1""#, "", "", ""]);
    let filtered_and_blank = format!("{filtered}{blank}");
    for (sheets, rows) in [
        (&[("Devices", &*shown)][..], 0),
        (&[("Devices", &*header)], 0),
        (&[("Devices", &*filtered_and_blank)], 2),
        (&[("Notes", notes), ("R&amp;D", &*filtered)], 2),
        (&[("Notes", notes), ("Devices", &*shown)], 0),
    ] {
        assert_eq!(hidden(sheets), rows, "{sheets:?}");
    }
}

#[test]
fn a_workbook_without_exactly_one_device_table_is_refused() {
    let notes = || Sheet::of_texts("Notes", &texts(&[&["Task", "Who"], &["Reset", "Ada"]]));
    let devices = |name| Sheet::of_texts(name, &texts(&[&["Device ID", "OS"], &["1", "Linux"]]));
    assert_eq!(
        refusal(&[devices("Monday"), notes(), devices("Tuesday")]),
        "found an Excel workbook with 2 sheets of devices (`Monday`, `Tuesday`), expected a device \
         inventory"
    );
    assert_eq!(
        refusal(&[notes()]),
        "found a table with other columns (`Task`, `Who`), expected a device inventory"
    );
    assert_eq!(
        refusal(&[Sheet::of_texts("Empty", &[])]),
        "found an empty file, expected a device inventory"
    );
}

#[test]
fn a_workbook_that_is_cut_off_anywhere_is_refused() {
    let table = texts(&[&["Device ID", "OS"], &["1", "Linux"]]);
    let file = workbook(&[Sheet::of_texts("Devices", &table)]);
    for length in 4..file.len() {
        assert!(unpacked(&file[..length]).is_err(), "{length}");
    }
}

#[test]
fn parts_that_make_no_workbook_are_reported_as_damage() {
    let file = zip(&[("[Content_Types].xml", b""), ("xl/workbook.xml", b"<workbook>")]);
    let said = unpacked(&file).expect_err("it is refused").to_string();
    assert!(said.starts_with("found a damaged Excel workbook ("), "{said}");
}

#[test]
fn a_cell_that_is_out_of_place_is_refused_and_replaces_none() {
    let refused = |cells: &str| {
        let rows = format!(r#"<row r="1">{cells}</row>"#);
        let file = workbook_of(&[("Devices", &rows)], "");
        let refusal = unpacked(&file).map(|_| ()).expect_err("it is refused").to_string();
        assert!(refusal.contains("is out of place"), "{cells}: {refusal}");
    };
    let cell = |place: &str| format!(r#"<c r="{place}" t="str"><v>{place}</v></c>"#);
    let cells = |places: &[&str]| places.iter().map(|place| cell(place)).collect::<String>();
    refused(&cells(&["A1", "B1", "A1"]));
    refused(&cells(&["A1", "B1", "B1"]));
    refused(&cells(&["B2", "A1"]));
    // In 32 bits 4,294,967,297 is 1.
    refused(&cells(&["A1", "B1", "A4294967297"]));
    refused(&cells(&[&format!("A{}1", "4".repeat(60))]));
}
