//! Lists that spreadsheets show right and that run nothing there.

#[cfg(feature = "workbook")]
use std::path::Path;

use crate::Folder;

/// Names as an inventory has them, and as a list has them.
const NAMES: [(&str, &str); 8] = [
    ("=1+1", "'=1+1"),
    ("+1", "'+1"),
    ("-2+3", "'-2+3"),
    ("@SUM(1)", "'@SUM(1)"),
    ("'=y", "''=y"),
    ("\0=z", "'\0=z"),
    ("'t Hooft", "'t Hooft"),
    ("Ivo’s iPhone", "Ivo’s iPhone"),
];

fn inventory() -> Folder {
    let rows = (1..).zip(NAMES).map(|(id, (name, _))| format!("={id},{name},iOS\n"));
    Folder::with("a.csv", format!("Device ID,Device name,OS\n{}", rows.collect::<String>()))
}

#[test]
fn what_begins_like_a_formula_is_text_in_a_list_and_the_same_where_the_list_is_read() {
    let folder = inventory();
    folder.runs("plan a.csv --devices list.csv");
    let names: Vec<_> = folder
        .read("list.csv")
        .lines()
        .skip(1)
        .map(|line| {
            let mut cells = line.split(',');
            assert!(cells.next().unwrap().starts_with("'="), "an id, too");
            cells.next().unwrap().to_owned()
        })
        .collect();
    assert_eq!(names, NAMES.map(|(_, listed)| listed));
    folder.runs("plan list.csv --devices again.csv");
    let identity = |text: &str| -> Vec<String> {
        text.lines().map(|line| line.split(',').take(2).collect()).collect()
    };
    assert_eq!(identity(&folder.read("again.csv")), identity(&folder.read("list.csv")));
    folder.runs("plan a.csv --devices list.ndjson");
    folder.runs("plan list.csv --devices again.ndjson");
    let identity = |text: &str| -> Vec<_> {
        let object = |line| serde_json::from_str::<serde_json::Value>(line).unwrap();
        let devices = text.lines().map(object);
        devices.map(|one| (one["device-id"].clone(), one["device-name"].clone())).collect()
    };
    let devices = identity(&folder.read("list.ndjson"));
    assert_eq!(identity(&folder.read("again.ndjson")), devices);
    let names: Vec<_> = devices.iter().map(|(_, name)| name.as_str().unwrap()).collect();
    assert_eq!(names, NAMES.map(|(name, _)| name));
}

#[test]
fn a_list_and_its_inventory_have_the_same_devices() {
    let folder = inventory();
    folder.runs("plan a.csv --devices list.csv");
    let compared = folder.json("compare a.csv list.csv --format json");
    assert_eq!(compared["matched"], NAMES.len());
}

#[test]
fn a_list_quotes_the_commas_of_an_inventory_that_is_separated_otherwise() {
    let rows = ["Device name|Device ID|OS|OS version", "Lobby, desk|a1|iOS|18", "Lobby, two|a2||"];
    for (delimiter, line_end) in [(";", "\n"), ("\t", "\n"), (";", "\r")] {
        let inventory = rows.join(line_end).replace('|', delimiter);
        let folder = Folder::with("a.csv", inventory);
        folder.runs("plan a.csv --devices list.csv --only decision");
        let list = folder.read("list.csv");
        let lines: Vec<_> = list.lines().skip(1).collect();
        let expected = ["a1,\"Lobby, desk\",eligible", "a2,\"Lobby, two\",undetermined"];
        assert_eq!(lines, expected, "{delimiter:?} {line_end:?}");
    }
}

#[test]
fn lists_begin_with_a_byte_order_mark_if_that_is_asked_for() {
    let folder = inventory();
    for (bom, mark) in [("", ""), (" --bom", "\u{feff}")] {
        let compare = "compare a.csv --from 2018-03-29 --to latest --devices changes.csv";
        folder.runs(&format!("plan a.csv --devices list.csv --problems odd.csv{bom}"));
        folder.runs(&format!("{compare}{bom}"));
        for (name, begin) in [("list", "device-id"), ("changes", "device-id"), ("odd", "inventory")]
        {
            let text = folder.read(&format!("{name}.csv"));
            assert!(text.starts_with(&format!("{mark}{begin},")), "{name}{bom}: {text}");
        }
    }
}

/// Returns the sheet of a workbook.
#[cfg(feature = "workbook")]
fn sheet(path: &Path) -> String {
    let mut archive = zip::ZipArchive::new(std::fs::File::open(path).unwrap()).unwrap();
    std::io::read_to_string(archive.by_name("xl/worksheets/sheet1.xml").unwrap()).unwrap()
}

#[test]
#[cfg(feature = "workbook")]
fn a_workbook_has_texts_as_texts_and_says_what_the_list_in_csv_says() {
    let folder = inventory();
    let odd = "Device ID,Device name,OS,Encrypted,Notes,Last check-in\n\
        1,a & b <c>,iOS,true,_x0041_,2026-09-01 07:49:12.307\n\
        2,\"\u{1}\u{1b}[1m\",Android,false,007,2026-09-01 00:00:00\n\
        3, ,iOS,,'=1,\n4,,iOS,,,1899-12-31 00:00:00\n5,,iOS,,,2999-12-31 23:59:59\n";
    folder.write("odd.csv", odd);
    for (inventory, columns) in [("a.csv", ""), ("odd.csv", "--columns notes")] {
        folder.runs(&format!("plan {inventory} {columns} --devices list.csv"));
        folder.runs(&format!("plan {inventory} {columns} --devices list.xlsx"));
        folder.runs(&format!("plan list.xlsx {columns} --devices again.csv"));
        assert_eq!(folder.read("again.csv"), folder.read("list.csv"));
    }
    let sheet = sheet(&folder.path("list.xlsx"));
    for part in [
        r#"<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>"#,
        r#"<c t="inlineStr" s="1"><is><t xml:space="preserve">device-id</t></is></c>"#,
        r#"<c s="2"><v>46266</v></c>"#,
        r#"<c t="b"><v>1</v></c>"#,
        r#"<c t="b"><v>0</v></c>"#,
        r#"<is><t xml:space="preserve">007</t></is>"#,
        r#"<is><t xml:space="preserve">a &amp; b &lt;c&gt;</t></is>"#,
        r#"<is><t xml:space="preserve">_x005F_x0041_</t></is>"#,
        r#"<is><t xml:space="preserve">_x0001__x001B_[1m</t></is>"#,
        r#"<is><t xml:space="preserve">''=1</t></is>"#,
    ] {
        assert!(sheet.contains(part), "{part}: {sheet}");
    }
    assert_eq!(sheet.matches("<row>").count(), 6);
}

#[test]
#[cfg(feature = "workbook")]
fn a_workbook_is_the_same_on_any_number_of_threads_and_gives_the_same_decisions() {
    let folder = inventory();
    folder.runs("generate --devices 700 --out fleet.csv");
    let workbook = |threads: u32| {
        folder.runs(&format!("plan fleet.csv --devices l.xlsx --threads {threads}"));
        folder.bytes("l.xlsx")
    };
    let first = workbook(1);
    assert!(workbook(2) == first && workbook(7) == first);
    let counts = |file: &str| {
        let plan = folder.json(&format!("plan {file} --format json"));
        [plan["decisions"].clone(), plan["groups"].clone()]
    };
    assert_eq!(counts("l.xlsx"), counts("fleet.csv"));
}

#[test]
#[cfg(feature = "workbook")]
fn a_text_that_no_cell_holds_is_refused_and_nothing_is_left() {
    let long = format!("Device ID,Device name,OS\n1,{},iOS\n", "x".repeat(32_768));
    Folder::with("long.csv", long).refuses(&[(
        "plan long.csv --devices list.xlsx",
        [
            "too large for the workbook `list.xlsx`: a cell has 32,767",
            "hint: name a list in .csv or .parquet",
        ],
    )]);
}
