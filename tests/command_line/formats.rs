//! Inventories in other formats than CSV, and several at once.

use serde_json::json;
use testkit::pack::{gzip, zip, zstd};
use testkit::workbook::{Sheet, workbook, workbook_of};

use crate::{EXAMPLE, Folder, code, json, refusal, root, run, run_with_input, shown};

#[test]
fn intune_33_packed_inventories_give_the_same_plan_as_a_file_and_as_standard_input() {
    let file = std::fs::read(root().join(EXAMPLE)).unwrap();
    let expected = shown(&run("plan EXAMPLE"));
    for packed in [zip(&[("a/a.csv", &file)]), gzip(&file), zstd(&file)] {
        let folder = Folder::with("download", &packed);
        assert_eq!(folder.shown("plan download").replace("download", EXAMPLE), expected);
        let piped = shown(&run_with_input("plan -", &packed));
        assert!(piped.contains("in standard input."), "{piped}");
        let lines = |text: &str| text.lines().skip(3).take(12).collect::<Vec<_>>().join("\n");
        assert_eq!(lines(&piped), lines(&expected));
    }
}

#[test]
fn a_download_that_broke_off_is_an_error_with_its_reason() {
    let file = std::fs::read(root().join(EXAMPLE)).unwrap();
    let packed = gzip(&file);
    let error = refusal("plan -", &run_with_input("plan -", &packed[..packed.len() / 2]));
    assert!(error.contains("cannot read on at line"), "{error}");
    assert!(error.contains("hint: nothing was written; export the inventory again"), "{error}");
}

#[test]
fn a_page_of_graph_that_names_a_next_one_is_reported() {
    let page = |link: &str| {
        let device = r#"{"id":"1","operatingSystem":"Windows","managementAgent":"mdm"}"#;
        format!(r#"{{"value":[{device}]{link}}}"#)
    };
    let folder = Folder::with("1.json", page(r#","@odata.nextLink":"x""#)).and("2.json", page(""));
    let alone = folder.run("plan 1.json --format json");
    assert_eq!(code(&alone), 1);
    assert_eq!(json(&alone)["more-pages"], json!(["1.json"]));
    let words = folder.shown("plan 1.json");
    let (beginning, _) = words.split_once("decision").expect("there is a table");
    assert!(beginning.contains("names a next one, so devices are missing"), "{words}");
    assert_eq!(words.matches("devices are missing").count(), 1, "{words}");
    let both = json(&folder.runs("plan 1.json 2.json --format json"));
    assert_eq!((&both["rows"], &both["more-pages"]), (&json!(2), &json!([])));
}

#[test]
fn files_of_which_a_lake_knows_more_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("table/Device state=WipePending");
    std::fs::create_dir_all(&path).unwrap();
    let rows = |header: &str| std::fs::write(path.join("part.csv"), format!("{header}\n1,iOS,a\n"));
    let plan = || run(&format!("plan {}", folder.path().display()));
    rows("Device ID,OS,Device name").unwrap();
    let divided = plan();
    assert_eq!(code(&divided), 2);
    let text = shown(&divided);
    let said = "lacks the column `Device state`, which is in the name of a folder";
    assert!(text.contains(said), "{text}");
    rows("Device ID,OS,Device state").unwrap();
    assert_eq!(code(&plan()), 1, "the column is in the file as well");
    std::fs::create_dir(folder.path().join("table/_delta_log")).unwrap();
    let table = plan();
    assert_eq!(code(&table), 2);
    let text = shown(&table);
    assert!(text.contains("is a table of Delta Lake"), "{text}");
}

#[test]
fn as_many_rows_as_a_program_gives_at_most_are_said() {
    let devices: Vec<_> =
        (0..1000).map(|id| format!(r#"{{"id":"{id}","operatingSystem":"iOS"}}"#)).collect();
    let devices = devices.join(",");
    let limits = |content: &str| {
        let plan = Folder::with("page.json", content).runs("plan FILE --format json");
        json(&plan)["row-limits"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["rows"].clone())
            .collect()
    };
    let none: [serde_json::Value; 0] = [];
    let (array, page) =
        (format!("[{devices}]"), format!(r#"{{"value":[{devices}],"Count":1000}}"#));
    let limits: [Vec<_>; 4] = [
        limits(&array),
        limits(&page),
        limits(&page.replace("Count", "@odata.count")),
        limits(r#"[{"id":"1","operatingSystem":"iOS"}]"#),
    ];
    assert_eq!(limits[..2], [[serde_json::json!(1000)], [serde_json::json!(1000)]]);
    assert_eq!(limits[2..], [none.clone(), none]);
    let text = shown(&run_with_input("plan -", array.as_bytes()));
    let said = "has exactly 1 000 rows, at which an answer of Microsoft Graph is cut";
    assert!(text.contains(said), "{text}");
}

#[test]
fn intune_41_an_answer_that_is_not_what_was_asked_for_is_reported() {
    let device = r#"{"id":"1","operatingSystem":"Windows","managementAgent":"mdm"}"#;
    let link = "https://graph.microsoft.com/v1.0/x?$filter=skuFamily%20eq%20'Pro'";
    let first = format!(r#"{{"@odata.count":3,"value":[{device}],"@odata.nextLink":"{link}"}}"#);
    let last = |devices: &str| format!(r#"{{"@odata.count":3,"value":[{devices}]}}"#);
    let folder = Folder::with("1.json", first)
        .and("short.json", last(device))
        .and("whole.json", last(&format!("{device},{device}")));
    let plan = folder.run("plan 1.json short.json --format json");
    let too_few = json!([{ "inventory": "short.json", "counted": 3, "devices": 2 }]);
    let filters = json!([{ "inventory": "1.json", "property": "skuFamily" }]);
    assert_eq!((code(&plan), &json(&plan)["too-few"]), (1, &too_few));
    assert_eq!(json(&plan)["ignored-filters"], filters);
    let words = folder.shown("plan 1.json short.json");
    assert!(words.contains("Graph counts 3 devices in short.json, but 2 are there"), "{words}");
    assert!(words.contains("a filter by `skuFamily`, which Graph ignores"), "{words}");
    let compare = "compare 1.json whole.json --to intune-2018-09-18 --format json";
    let compared = folder.run(compare);
    assert_eq!((code(&compared), &json(&compared)["too-few"]), (1, &json!([])));
    assert_eq!(json(&compared)["ignored-filters"], filters);
    let twice = folder.run("plan whole.json whole.json");
    assert_eq!(code(&twice), 1, "each answer counts by itself");
}

#[test]
fn the_same_fleet_gets_the_same_plan_in_every_format_that_says_the_same() {
    let folder = Folder::empty();
    let plan = |name: &str, arguments: &str| {
        folder.runs(&format!("generate --devices 2000 --seed 5 {arguments} --out {name}"));
        let mut plan = json(&folder.runs(&format!("plan {name} --format json")));
        assert_eq!(plan["rows"], 2000);
        for file_dependent in ["columns", "inventories"] {
            plan[file_dependent].take();
        }
        plan
    };
    let portal = plan("portal.csv", "");
    assert_eq!(plan("tidy.csv", "--format tidy"), portal);
    assert_eq!(plan("devices.csv", "--format devices"), portal);
    assert_eq!(plan("fleet.parquet", ""), portal);
    assert_eq!(plan("fleet", "--format parquet"), portal);
    let graph = plan("graph.json", "");
    assert_eq!(plan("graph.ndjson", ""), graph);
    // Android devices whose mode Graph does not tell are undetermined there and nowhere else.
    let of = |plan: &serde_json::Value, word: &str| plan["decisions"][word].as_u64().unwrap();
    assert!(of(&graph, "undetermined") > of(&portal, "undetermined"));
}

#[test]
fn a_folder_means_its_files_in_the_order_of_their_names() {
    let row = |id: u32| format!("Device ID,OS,OS version\n{id},Windows,10.0\n");
    let folder = Folder::with("2/a.csv", row(2))
        .and("3.csv.gz", gzip(row(3).as_bytes()))
        .and("1.json", r#"[{"id":"1","operatingSystem":"Windows"}]"#)
        .and(".hidden", "not an inventory");
    folder.runs("plan . --devices list.csv");
    let list = folder.read("list.csv");
    let ids: Vec<_> = list.lines().skip(1).map(|line| &line[..1]).collect();
    assert_eq!(ids, ["1", "2", "3"]);
}

#[test]
fn parquet_is_read_from_a_pipe_and_packed_as_from_a_file() {
    let folder = Folder::empty();
    folder.runs("generate --devices 300 --out fleet.parquet");
    let file = folder.bytes("fleet.parquet");
    let plan = |output| {
        let mut plan = json(&output);
        plan["inventories"].take();
        plan
    };
    let expected = plan(folder.run("plan fleet.parquet --format json"));
    assert_eq!(expected["rows"], 300);
    for packed in [file.clone(), zip(&[("a.parquet", &file)]), gzip(&file), zstd(&file)] {
        let folder = Folder::with("download", &packed);
        assert_eq!(plan(folder.run("plan FILE --format json")), expected);
        assert_eq!(plan(run_with_input("plan - --format json", &packed)), expected);
    }
}

#[test]
fn a_list_in_parquet_says_what_the_list_in_csv_says() {
    let folder = Folder::empty();
    folder.runs("generate --devices 3000 --out fleet.csv");
    let list = |list: &str, options: &str| {
        folder.runs(&format!("plan fleet.csv --devices {list} {options}"));
        folder.bytes(list)
    };
    let table = list("list.parquet", "--threads 1");
    assert_eq!(list("again.parquet", "--threads 2"), table, "threads change nothing");
    insta::assert_snapshot!(testkit::parquet::schema(&table));
    let csv = testkit::parquet::as_csv(&table);
    // It has one column more, of remarks, and another spelling of moments.
    let mut rows = csv::Reader::from_reader(csv.as_slice());
    let mut expected = csv::Writer::from_writer(Vec::new());
    let names = rows.headers().unwrap().iter().map(str::to_owned).collect::<Vec<_>>();
    expected.write_record(&names[..names.len() - 1]).unwrap();
    let check_in = names.iter().position(|name| name == "last-check-in").unwrap();
    for row in rows.records() {
        let row = row.unwrap();
        let cells = row.iter().take(row.len() - 1).enumerate();
        let cells = cells.map(|(at, cell)| match cell {
            moment if at == check_in && !moment.is_empty() => moment.replace(' ', "T") + "Z",
            cell => cell.to_owned(),
        });
        expected.write_record(cells).unwrap();
    }
    let expected = String::from_utf8(expected.into_inner().unwrap()).unwrap();
    assert_eq!(String::from_utf8(list("list.csv", "")).unwrap(), expected);
}

#[test]
fn a_damaged_parquet_file_is_an_error_with_its_reason() {
    let folder = Folder::empty();
    folder.runs("generate --devices 300 --out fleet.parquet");
    let file = folder.bytes("fleet.parquet");
    let folder = Folder::with("half.parquet", &file[..file.len() / 2]);
    let error = folder.refused("plan FILE");
    assert!(error.contains("found a damaged Parquet file ("), "{error}");
    assert!(error.contains("hint: the file may be damaged or cut off; write it again"), "{error}");
}

#[test]
fn a_pattern_that_the_shell_left_alone_means_the_files_that_match() {
    let folder = Folder::with(".hidden.csv", "no inventory").and("notes.txt", "no inventory");
    for (name, id) in [("b.csv", 2), ("a.csv", 1), ("day-2/c.csv", 3), ("[x].csv", 4)] {
        folder.write(name, format!("Device ID,OS,OS version\n{id},Windows,10.0\n"));
    }
    let ids = |patterns: &str| {
        folder.runs(&format!("plan {patterns} --devices list.ndjson"));
        let list = folder.read("list.ndjson");
        list.lines().map(|line| line[14..15].to_owned()).collect::<Vec<_>>().join("")
    };
    assert_eq!(ids("?.csv"), "12");
    assert_eq!(ids("*.csv day-*"), "4123");
    assert_eq!(ids("**/[bc].csv"), "23");
    assert_eq!(ids("[x].csv"), "4", "a file of that very name is meant");
}

#[test]
fn a_pattern_without_a_match_and_one_that_is_none_are_errors() {
    Folder::empty().refuses(&[
        (
            "plan no-such/*.csv",
            ["error: no file matches `no-such/*.csv`", "hint: check the spelling"],
        ),
        ("plan a[.csv", ["error: `a[.csv` is no pattern: ", "hint: `*` matches any characters"]),
    ]);
}

#[test]
fn a_workbook_and_an_archive_with_a_note_are_planned() {
    let texts = [["Device ID", "OS", "OS version"], ["1", "iOS/iPadOS", "17.5"]];
    let rows: Vec<Vec<String>> = texts.iter().map(|row| row.map(str::to_owned).to_vec()).collect();
    let note = [("note.txt", &b"From Ada\n"[..]), ("devices.csv", b"OS,OS version\niOS,17.5\n")];
    let book = workbook(&[Sheet::of_texts("All", &rows)]);
    let folder = Folder::with("devices.xlsx", book).and("devices.zip", zip(&note));
    for (file, left_out) in [("devices.xlsx", 0), ("devices.zip", 1)] {
        let plan = json(&folder.runs(&format!("plan {file} --format json")));
        assert_eq!(plan["decisions"]["eligible"], 1);
        let files = plan["left-out"].as_array().unwrap();
        assert_eq!(files.len(), left_out);
        assert!(files.iter().all(|file| file["file"].as_str().unwrap().ends_with(": note.txt")));
    }
}

#[test]
fn rows_that_a_filter_of_excel_hides_are_read_and_reported() {
    let row = |attribute: &str, first: &str, os: &str| {
        let cell = |text: &str| format!(r#"<c t="str"><v>{text}</v></c>"#);
        format!("<row{attribute}>{}{}</row>", cell(first), cell(os))
    };
    let header = row("", "Device ID", "OS");
    let rows = [row("", "1", "iOS"), row(r#" hidden="1""#, "2", "Linux")].concat();
    let folder =
        Folder::with("filtered.xlsx", workbook_of(&[("All", &format!("{header}{rows}"))], ""));
    let plan = json(&folder.runs("plan filtered.xlsx --format json"));
    let hidden = json!([{ "inventory": "filtered.xlsx", "rows": 1 }]);
    assert_eq!((&plan["rows"], &plan["hidden-rows"]), (&json!(2), &hidden));
    let text = folder.shown("plan filtered.xlsx");
    let said =
        "In filtered.xlsx, 1 row is hidden, as by a filter of Excel, and read like the others";
    assert!(text.contains(said), "{text}");
}
