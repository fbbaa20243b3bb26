//! Pages for a browser, as files; `tests/pages` opens them in one.

use std::io::Read;
use std::process::Output;

use base64::Engine;
use flate2::read::DeflateDecoder;
use serde_json::Value;

use crate::{EXAMPLE, Folder, code, json, refused, run};

/// Returns the output of a run that had nothing to complain about.
fn text(output: &Output) -> String {
    assert_eq!(code(output), 0);
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// Returns the data with an id.
fn data<'p>(page: &'p str, id: &str) -> &'p str {
    let start = page.find(&format!("id=\"{id}\">")).expect("the page has the data");
    let data = &page[start..];
    let start = data.find('>').unwrap() + 1;
    &data[start..data.find("</script>").unwrap()]
}

/// Returns the header of the packed columns of a page, and the bytes behind it.
fn devices(page: &str) -> (Value, Vec<u8>) {
    let packed = base64::engine::general_purpose::STANDARD.decode(data(page, "devices-data"));
    let mut bytes = Vec::new();
    DeflateDecoder::new(packed.unwrap().as_slice()).read_to_end(&mut bytes).unwrap();
    let length = u32::from_le_bytes(bytes[..4].try_into().unwrap()) as usize;
    let header = serde_json::from_slice(&bytes[4..4 + length]).unwrap();
    (header, bytes.split_off(4 + length))
}

#[test]
fn a_page_has_one_style_and_one_script_and_loads_nothing() {
    let pages = [
        "plan EXAMPLE",
        "compare EXAMPLE --from 2018-03-29 --to latest",
        "compare EXAMPLE EXAMPLE",
        "compare EXAMPLE --across",
        "simulate --fleet EXAMPLE --repeats 2",
    ];
    for command in pages {
        let page = text(&run(&format!("{command} --format html")));
        assert!(page.contains("default-src &#39;none&#39;; style-src &#39;sha256-"), "{command}");
        assert_eq!(page.matches("<style>").count(), 1, "{command}");
        assert_eq!(page.matches("<script>").count(), 1, "{command}");
        for element in ["<link", "<img", "<iframe", "<object", "src="] {
            assert!(!page.contains(element), "{command}: {element}");
        }
        assert!(page.ends_with("</body></html>\n"), "{command}");
    }
}

#[test]
fn the_table_of_a_page_has_each_device_with_its_decision() {
    let plan = json(&run("plan EXAMPLE --format json"));
    let page = text(&run("plan EXAMPLE --format html"));
    let (header, places) = devices(&page);
    assert_eq!(header["rows"], 400);
    let mut place = 0;
    let columns = header["columns"].as_array().unwrap();
    for column in columns {
        let width = column["width"].as_u64().unwrap() as usize;
        if column["name"] == "decision" {
            assert_eq!(width, 1);
            let entries = column["entries"].as_array().unwrap();
            for (number, entry) in entries.iter().enumerate() {
                let rows = &places[place..place + 400];
                let devices = rows.iter().filter(|row| usize::from(**row) == number).count();
                assert_eq!(plan["decisions"][entry.as_str().unwrap()], devices);
            }
        }
        place += width * 400;
    }
    assert_eq!(place, places.len());
    let names: Vec<_> = columns.iter().map(|column| column["name"].as_str().unwrap()).collect();
    for name in ["device-id", "device-name", "because", "change", "last-check-in", "platform"] {
        assert!(names.contains(&name), "{names:?}");
    }
}

#[test]
fn older_rows_and_devices_that_are_not_selected_are_not_in_the_page() {
    let rows = "Device ID,Device name,OS,Last check-in\n\
                1,old,iOS,2026-01-01 00:00:00\n\
                1,new,iOS,2026-02-01 00:00:00\n\
                2,other,Windows,2026-02-01 00:00:00\n";
    let folder = Folder::with("a.csv", rows);
    let page = text(&folder.run("plan a.csv --format html --where platform=\"ios\""));
    let (header, _) = devices(&page);
    assert_eq!(header["rows"], 1);
    let columns = header["columns"].as_array().unwrap();
    let entries = |name: &str| &columns.iter().find(|one| one["name"] == name).unwrap()["entries"];
    assert_eq!(entries("device-name"), &serde_json::json!(["new"]));
    assert_eq!(entries("last-check-in"), &serde_json::json!(["2026-02-01"]));
}

#[test]
fn the_table_of_a_page_has_the_columns_that_are_asked_for_behind_the_device() {
    let command = "plan EXAMPLE --format html --columns Model,UserId";
    let (header, _) = devices(&text(&run(command)));
    let columns = header["columns"].as_array().unwrap();
    let names: Vec<_> = columns.iter().map(|column| column["name"].as_str().unwrap()).collect();
    assert_eq!(names[..4], ["device-name", "Model", "UserId", "decision"]);
    for column in &columns[1..3] {
        assert_eq!((&column["shown"], &column["searched"]), (&true.into(), &true.into()));
    }
}

#[test]
fn the_page_of_a_comparison_has_each_device_that_changes() {
    let command = "compare EXAMPLE --from 2018-03-29 --to latest --columns Model";
    let compared = json(&run(&format!("{command} --format json").replace(" --columns Model", "")));
    let page = text(&run(&format!("{command} --format html")));
    let (header, _) = devices(&page);
    assert_eq!(header["rows"], compared["changed"]);
    let columns = header["columns"].as_array().unwrap();
    let names: Vec<_> = columns.iter().map(|column| column["name"].as_str().unwrap()).collect();
    let expected = [
        "device-name",
        "Model",
        "change",
        "before",
        "after",
        "because-before",
        "because-after",
        "last-check-in",
        "device-id",
    ];
    assert_eq!(names, expected);
    assert!(columns[2]["choice"] == true && columns[2]["entries"].as_array().unwrap().len() > 1);
    let list = "--from 2018-03-29 --to latest --columns Model --devices changes.csv";
    assert!(page.contains(&format!("relatch compare {EXAMPLE} {list}")), "{page}");
    assert!(!page.contains("id=\"what-if-box\""));
    let alike = text(&run("compare EXAMPLE EXAMPLE --format html"));
    assert!(!alike.contains("<section id=\"devices\">"), "no device changes");
}

#[test]
fn the_page_of_two_inventories_has_who_changes_appears_and_vanishes() {
    let header = "Device ID,Device name,OS,OS version,Last check-in\n";
    let old = format!("{header}1,a,iOS,18.1,2026-08-01\n2,b,Android,5.1,2026-08-01\n");
    let new = format!("{header}1,a,macOS,18.1,2026-09-01\n3,c,iOS,18.1,2026-09-02\n");
    let folder = Folder::with("old.csv", &old);
    folder.write("new.csv", new);
    let page = text(&folder.run("compare old.csv new.csv --format html"));
    let (header, _) = devices(&page);
    assert_eq!(header["rows"], 3);
    let columns = header["columns"].as_array().unwrap();
    let entries = |name: &str| &columns.iter().find(|one| one["name"] == name).unwrap()["entries"];
    let changes = ["lost-eligibility", "appeared", "vanished"];
    assert_eq!(entries("change"), &serde_json::json!(changes));
    assert_eq!(
        entries("last-check-in"),
        &serde_json::json!(["2026-09-01", "2026-09-02", "2026-08-01"])
    );
}

#[test]
fn a_page_of_what_can_be_read_once_says_that_it_lists_no_device() {
    let bytes = std::fs::read(crate::root().join(EXAMPLE)).unwrap();
    let output =
        crate::run_with_input("compare - --from 2018-03-29 --to latest --format html", &bytes);
    assert_eq!(code(&output), 0);
    assert!(text(&output).contains("can be read only once"), "{}", text(&output));
}

#[test]
fn a_page_links_a_list_that_is_beside_it() {
    let folder = Folder::with("a.csv", b"device-id,platform\n1,ios\n");
    let plan = "plan a.csv --format html --out page.html --devices";
    folder.runs(&format!("{plan} list.csv"));
    let page = folder.read("page.html");
    assert!(page.contains("<a href=\"./list.csv\">list.csv</a>"), "{page}");
    std::fs::create_dir(folder.path("lists")).unwrap();
    folder.runs(&format!("{plan} lists/list.csv"));
    let page = folder.read("page.html");
    assert!(!page.contains("href=\"./"), "{page}");
}

#[test]
fn scenarios_have_no_page() {
    refused("simulate scenarios --format html");
}
