//! Pages for a browser, as files; `tests/pages` opens them in one.

use std::io::Read;
use std::path::Path;
use std::process::Output;

use base64::Engine;
use flate2::read::DeflateDecoder;
use serde_json::Value;

use crate::{EXAMPLE, code, json, relatch, run, scratch};

/// What a run printed.
fn text(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// Runs the program in a folder.
fn run_in(folder: &Path, arguments: &str) -> Output {
    relatch().current_dir(folder).args(arguments.split_whitespace()).output().unwrap()
}

/// The element with the data of an id.
fn data<'p>(page: &'p str, id: &str) -> &'p str {
    let start = page.find(&format!("id=\"{id}\">")).expect("the page has the data");
    let data = &page[start..];
    let start = data.find('>').unwrap() + 1;
    &data[start..data.find("</script>").unwrap()]
}

/// The header of the packed columns of a page, and what follows it.
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
        format!("plan {EXAMPLE}"),
        format!("compare {EXAMPLE} --from 2018-03-29 --to latest"),
        format!("compare {EXAMPLE} {EXAMPLE}"),
        format!("compare {EXAMPLE} --across"),
        format!("simulate --fleet {EXAMPLE} --repeats 2"),
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
    let plan = json(&run(&format!("plan {EXAMPLE} --format json")));
    let page = text(&run(&format!("plan {EXAMPLE} --format html")));
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
    let (folder, _) = scratch("a.csv", rows.as_bytes());
    let page = text(&run_in(folder.path(), "plan a.csv --format html --where platform=\"ios\""));
    let (header, _) = devices(&page);
    assert_eq!(header["rows"], 1);
    let columns = header["columns"].as_array().unwrap();
    let entries = |name: &str| &columns.iter().find(|one| one["name"] == name).unwrap()["entries"];
    assert_eq!(entries("device-name"), &serde_json::json!(["new"]));
    assert_eq!(entries("last-check-in"), &serde_json::json!(["2026-02-01"]));
}

#[test]
fn the_table_of_a_page_has_the_columns_that_are_asked_for_behind_the_device() {
    let command = format!("plan {EXAMPLE} --format html --columns Model,UserId");
    let (header, _) = devices(&text(&run(&command)));
    let columns = header["columns"].as_array().unwrap();
    let names: Vec<_> = columns.iter().map(|column| column["name"].as_str().unwrap()).collect();
    assert_eq!(names[..4], ["device-name", "Model", "UserId", "decision"]);
    for column in &columns[1..3] {
        assert_eq!((&column["shown"], &column["searched"]), (&true.into(), &true.into()));
    }
}

#[test]
fn a_page_links_a_list_that_is_beside_it() {
    let (folder, _) = scratch("a.csv", b"device-id,platform\n1,ios\n");
    let folder = folder.path();
    let plan = "plan a.csv --format html --out page.html --devices";
    assert_eq!(code(&run_in(folder, &format!("{plan} list.csv"))), 0);
    let page = std::fs::read_to_string(folder.join("page.html")).unwrap();
    assert!(page.contains("<a href=\"./list.csv\">list.csv</a>"), "{page}");
    std::fs::create_dir(folder.join("lists")).unwrap();
    assert_eq!(code(&run_in(folder, &format!("{plan} lists/list.csv"))), 0);
    let page = std::fs::read_to_string(folder.join("page.html")).unwrap();
    assert!(!page.contains("href=\"./"), "{page}");
}

#[test]
fn scenarios_have_no_page() {
    let refused = run("simulate scenarios --format html");
    assert_eq!(code(&refused), 2);
    assert!(text(&refused).is_empty());
}
