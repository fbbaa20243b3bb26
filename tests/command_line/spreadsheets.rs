//! Lists that spreadsheets show right and that run nothing there.

use std::path::Path;

use crate::{code, relatch, scratch};

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

fn inventory() -> (tempfile::TempDir, std::path::PathBuf) {
    let rows = (1..).zip(NAMES).map(|(id, (name, _))| format!("={id},{name},iOS\n"));
    let text = format!("Device ID,Device name,OS\n{}", rows.collect::<String>());
    scratch("a.csv", text.as_bytes())
}

fn run_in(folder: &Path, arguments: &str) {
    let output = relatch().current_dir(folder).args(arguments.split_whitespace()).output();
    assert_eq!(code(&output.unwrap()), 0, "{arguments}");
}

#[test]
fn what_begins_like_a_formula_is_text_in_a_list_and_the_same_where_the_list_is_read() {
    let (folder, _) = inventory();
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
    run_in(folder.path(), "plan a.csv --devices list.csv");
    let names: Vec<_> = read("list.csv")
        .lines()
        .skip(1)
        .map(|line| {
            let mut cells = line.split(',');
            assert!(cells.next().unwrap().starts_with("'="), "an id, too");
            cells.next().unwrap().to_owned()
        })
        .collect();
    assert_eq!(names, NAMES.map(|(_, listed)| listed));
    run_in(folder.path(), "plan list.csv --devices again.csv");
    let identity = |text: &str| -> Vec<String> {
        text.lines().map(|line| line.split(',').take(2).collect()).collect()
    };
    assert_eq!(identity(&read("again.csv")), identity(&read("list.csv")));
    run_in(folder.path(), "plan a.csv --devices list.ndjson");
    run_in(folder.path(), "plan list.csv --devices again.ndjson");
    let identity = |text: &str| -> Vec<_> {
        let object = |line| serde_json::from_str::<serde_json::Value>(line).unwrap();
        let devices = text.lines().map(object);
        devices.map(|one| (one["device-id"].clone(), one["device-name"].clone())).collect()
    };
    let devices = identity(&read("list.ndjson"));
    assert_eq!(identity(&read("again.ndjson")), devices);
    let names: Vec<_> = devices.iter().map(|(_, name)| name.as_str().unwrap()).collect();
    assert_eq!(names, NAMES.map(|(name, _)| name));
}

#[test]
fn a_list_and_its_inventory_have_the_same_devices() {
    let (folder, _) = inventory();
    run_in(folder.path(), "plan a.csv --devices list.csv");
    run_in(folder.path(), "compare a.csv list.csv --format json --out compared.json");
    let compared = std::fs::read(folder.path().join("compared.json")).unwrap();
    let compared: serde_json::Value = serde_json::from_slice(&compared).unwrap();
    assert_eq!(compared["matched"], NAMES.len());
}

#[test]
fn lists_begin_with_a_byte_order_mark_if_that_is_asked_for() {
    let (folder, _) = inventory();
    for (bom, mark) in [("", ""), (" --bom", "\u{feff}")] {
        let compare = "compare a.csv --from 2018-03-29 --to latest --devices changes.csv";
        run_in(folder.path(), &format!("plan a.csv --devices list.csv --problems odd.csv{bom}"));
        run_in(folder.path(), &format!("{compare}{bom}"));
        for (name, begin) in [("list", "device-id"), ("changes", "device-id"), ("odd", "inventory")]
        {
            let path = folder.path().join(format!("{name}.csv"));
            let text = std::fs::read_to_string(path).unwrap();
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
    let (folder, _) = inventory();
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
    let odd = "Device ID,Device name,OS,Encrypted,Notes,Last check-in\n\
        1,a & b <c>,iOS,true,_x0041_,2026-09-01 07:49:12.307\n\
        2,\"\u{1}\u{1b}[1m\",Android,false,007,2026-09-01 00:00:00\n\
        3, ,iOS,,'=1,\n4,,iOS,,,1899-12-31 00:00:00\n5,,iOS,,,2999-12-31 23:59:59\n";
    std::fs::write(folder.path().join("odd.csv"), odd).unwrap();
    for (inventory, columns) in [("a.csv", ""), ("odd.csv", "--columns notes")] {
        run_in(folder.path(), &format!("plan {inventory} {columns} --devices list.csv"));
        run_in(folder.path(), &format!("plan {inventory} {columns} --devices list.xlsx"));
        run_in(folder.path(), &format!("plan list.xlsx {columns} --devices again.csv"));
        assert_eq!(read("again.csv"), read("list.csv"));
    }
    let sheet = sheet(&folder.path().join("list.xlsx"));
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
    let (folder, _) = inventory();
    let read = |name: &str| std::fs::read(folder.path().join(name)).unwrap();
    run_in(folder.path(), "generate --devices 700 --out fleet.csv");
    let workbook = |threads: u32| {
        run_in(folder.path(), &format!("plan fleet.csv --devices l.xlsx --threads {threads}"));
        read("l.xlsx")
    };
    let first = workbook(1);
    assert!(workbook(2) == first && workbook(7) == first);
    let counts = |file: &str| {
        run_in(folder.path(), &format!("plan {file} --format json --out plan.json"));
        let plan: serde_json::Value = serde_json::from_slice(&read("plan.json")).unwrap();
        [plan["decisions"].clone(), plan["groups"].clone()]
    };
    assert_eq!(counts("l.xlsx"), counts("fleet.csv"));
}

#[test]
#[cfg(feature = "workbook")]
fn a_text_that_no_cell_holds_is_refused_and_nothing_is_left() {
    let (folder, _) = inventory();
    let long = format!("Device ID,Device name,OS\n1,{},iOS\n", "x".repeat(32_768));
    std::fs::write(folder.path().join("long.csv"), long).unwrap();
    let output = relatch()
        .current_dir(folder.path())
        .args(["plan", "long.csv", "--devices", "list.xlsx"])
        .output()
        .unwrap();
    let told = String::from_utf8(output.stderr.clone()).unwrap();
    assert_eq!(code(&output), 2, "{told}");
    assert!(told.contains("too large for the workbook `list.xlsx`: a cell has 32,767"), "{told}");
    assert!(told.contains("hint: name a list in .csv or .parquet"), "{told}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
}
