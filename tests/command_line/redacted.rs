//! `--redact`: no output identifies a person or a device.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;
use std::process::Output;

use base64::Engine;
use flate2::read::DeflateDecoder;

use crate::{Folder, refusal, shown};

/// The texts that no output may have: an id, a name, a user and a serial number of each row.
const SEEDS: [&str; 9] = [
    "seed-id",
    "seedname",
    "seeduser",
    "SEEDSERIAL",
    "seedcell",
    "seedrejected",
    "seedduplicate",
    "seedfacts",
    "seedheader",
];

/// An inventory with odd cells, a rejected row and a duplicate.
const FLEET: &str = "Device ID,Device name,Serial number,OS,OS version,Managed by,Primary user UPN,Last check-in\n\
    seed-id-1,seedname one,SEEDSERIAL1,iOS,17.1,Intune,seeduser@example.org,2026-09-01\n\
    seed-id-2,=seedname,SEEDSERIAL2,seedcell’s phone,seedcell,seedcell,seeduser2,seedcell\n\
    seed-id-3,seedname three,SEEDSERIAL3,macOS,14.1,Intune\n\
    seed-id-4,seedrejected,SEEDSERIAL4,iOS,\"17\" seedrejected,Intune,seeduser4,2026-09-01\n\
    seed-id-1,seedduplicate,SEEDSERIAL1,Windows,10,Intune,seeduser,2026-08-01\n\
    seed-id-5,seedname five,SEEDSERIAL5,Android (fully managed),8.1,Intune,seeduser5,2026-08-31\n";

const LATER: &str = "Device ID,Device name,Serial number,OS,OS version,Managed by,Primary user UPN,Last check-in\n\
    seed-id-1,seedname one,SEEDSERIAL1,macOS,14.1,Intune,seeduser@example.org,2026-09-02\n\
    seed-id-9,seedname nine,SEEDSERIAL9,iOS,17.1,Intune,seeduser9,2026-09-02\n";

const FACTS: &str = "Serial number,passcode-set\n\
    SEEDSERIAL1,true\nSEEDSERIAL1,false\nseedfacts-nobody,true\nSEEDSERIAL5,seedcell\n,true\n\"x\" seedrejected,true\n";

/// Every command that reads inventories, with everything that it writes; words stand between bars.
const COMMANDS: [&str; 18] = [
    "plan | fleet.csv | --problems | out/problems.csv | --devices | out/list.csv | --columns | primary user upn,serial number | --out | out/plan.txt",
    "plan | fleet.csv | --format | json | --devices | out/list.ndjson | --columns | Primary user UPN | --duplicates | all",
    "plan | fleet.csv | --format | html | --columns | Primary user UPN",
    "plan | fleet.csv | --devices | out/list.parquet | --columns | Primary user UPN",
    "plan | fleet.csv | --facts | facts.csv | --problems | out/joined.csv",
    "plan | fleet.csv | --facts | facts.csv | --format | json",
    "plan | fleet.csv | --duplicates | refuse",
    "plan | fleet.json | --devices | out/graph.csv | --columns | userPrincipalName | --problems | out/graph-problems.csv",
    "plan | fleet.parquet | --devices | out/parquet.csv | --columns | serial number",
    "plan | folder | --format | json",
    "plan | headless.csv",
    "plan | fleet.csv | --policy | headless.csv",
    "compare | fleet.csv | later.csv | --devices | out/changes.csv | --columns | Primary user UPN",
    "compare | fleet.csv | later.csv | --format | html | --devices | out/changes.ndjson",
    "compare | fleet.csv | --to | 2018-03-29 | --problems | out/compare.csv | --format | json",
    "compare | fleet.csv | --across",
    "simulate | --fleet | fleet.csv | --repeats | 1 | --problems | out/forecast.csv",
    "columns | headless.csv",
];

fn folder() -> Folder {
    let object = r#"{"id":"seed-id-1","deviceName":"seedname","userPrincipalName":"seeduser",
        "operatingSystem":"seedcell","osVersion":["seedcell"],"serialNumber":"SEEDSERIAL"}"#;
    let error = r#"{"error":{"code":"no","message":"seedrejected"}}"#;
    let table =
        "Device ID,Serial number,OS\nseed-id-1,SEEDSERIAL1,seedcell\nseed-id-2,SEEDSERIAL2,iOS\n";
    let folder = Folder::with("fleet.csv", FLEET)
        .and("later.csv", LATER)
        .and("facts.csv", FACTS)
        .and("headless.csv", "seed-id-1,seedheader,iOS,17.1\nseed-id-2,seedheader,iOS,17.1\n")
        .and("fleet.json", format!("[{object},{error}]"))
        .and("folder/a.csv", FLEET)
        .and("folder/b.csv", "seed-id-1,seedheader,iOS,17.1\n");
    write_parquet(&folder.path("fleet.parquet"), table);
    std::fs::create_dir(folder.path("out")).unwrap();
    folder
}

/// Writes a table as Apache Parquet.
fn write_parquet(path: &Path, csv: &str) {
    let rows: Vec<Vec<&str>> = csv.lines().map(|line| line.split(',').collect()).collect();
    let columns: Vec<_> = rows[0].iter().map(|name| (*name, inventory::CellType::Text)).collect();
    let mut writer =
        inventory::TableWriter::new(std::fs::File::create(path).unwrap(), &columns).unwrap();
    let column = |at: usize| inventory::Cells::of(rows[1..].iter().map(|row| row[at]).collect());
    writer.write(&(0..rows[0].len()).map(column).collect::<Vec<_>>()).unwrap();
    writer.finish().unwrap();
}

/// Runs a command in the folder.
fn run_in(folder: &Folder, arguments: &str, redact: &str) -> Output {
    let mut command = folder.command(arguments);
    if !redact.is_empty() {
        command.args(["--redact", redact]);
    }
    command.output().unwrap()
}

/// Returns everything that a command prints and writes, unpacked, by its place.
fn everything(folder: &Folder, arguments: &str, redact: &str) -> BTreeMap<String, String> {
    let output = run_in(folder, arguments, redact);
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let mut all = BTreeMap::from([
        ("standard output".to_owned(), text(&output.stdout)),
        ("standard error".to_owned(), text(&output.stderr)),
    ]);
    for entry in std::fs::read_dir(folder.path("out")).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        let bytes = if path.extension().unwrap() == "parquet" {
            testkit::parquet::as_csv(&bytes)
        } else {
            bytes
        };
        all.insert(path.display().to_string(), text(&bytes));
        std::fs::remove_file(path).unwrap();
    }
    let page = all["standard output"].split("id=\"devices-data\">").nth(1);
    if let Some(packed) = page.map(|rest| rest.split('<').next().unwrap().to_owned()) {
        let packed = base64::engine::general_purpose::STANDARD.decode(packed).unwrap();
        let mut bytes = Vec::new();
        DeflateDecoder::new(packed.as_slice()).read_to_end(&mut bytes).unwrap();
        all.insert("table".to_owned(), String::from_utf8_lossy(&bytes).into_owned());
    }
    all
}

/// Returns the seeds that occur, with their places.
fn found(all: &BTreeMap<String, String>) -> Vec<(&'static str, String)> {
    let places = all.iter().flat_map(|(place, text)| {
        let text = text.to_lowercase();
        let there = SEEDS.iter().filter(move |seed| text.contains(&seed.to_lowercase()));
        there.map(|seed| (*seed, place.clone()))
    });
    places.collect()
}

#[test]
fn no_output_of_a_command_that_reads_inventories_has_a_name_an_id_a_serial_number_or_a_user() {
    let folder = folder();
    let mut seen = Vec::new();
    for command in COMMANDS {
        let plain = everything(&folder, command, "");
        seen.extend(found(&plain));
        let redacted = everything(&folder, command, "key");
        assert_eq!(found(&redacted), [], "{command}: {redacted:?}");
        let files = |all: &BTreeMap<String, String>| all.keys().cloned().collect::<Vec<_>>();
        assert_eq!(files(&plain), files(&redacted), "{command}");
    }
    for seed in SEEDS {
        assert!(seen.iter().any(|(found, _)| *found == seed), "the search finds `{seed}`");
    }
}

#[test]
fn pseudonyms_are_the_same_with_the_same_key_and_others_with_another() {
    let folder = folder();
    let list = |key: &str, format: &str| {
        let plan =
            format!("plan | fleet.csv | --devices | out/list.{format} | --columns | Serial number");
        let mut all = everything(&folder, &plan, key);
        all.remove(&folder.path(&format!("out/list.{format}")).display().to_string()).unwrap()
    };
    let first = list("key", "csv");
    assert_eq!(list("key", "csv"), first);
    assert_ne!(list("other", "csv"), first);
    let cells = |text: &str| -> Vec<Vec<String>> {
        text.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect()
    };
    let (hidden, clear) = (cells(&first), cells(&list("", "csv")));
    for (parquet, csv) in cells(&list("key", "parquet")).iter().zip(&hidden) {
        assert_eq!(parquet[..3], csv[..3]);
    }
    for (hidden, clear) in hidden.iter().zip(&clear).skip(1) {
        assert!(hidden[..3].iter().all(|cell| cell.starts_with("anon-") && cell.len() == 21));
        assert_eq!(hidden[3..], clear[3..], "decisions stay");
    }
}

#[test]
fn a_redacted_list_gives_the_same_decisions() {
    let folder = folder();
    everything(&folder, "plan | fleet.csv | --devices | list.csv", "key");
    let counts =
        |file: &str| folder.json(&format!("plan {file} --format json"))["decisions"].clone();
    assert_eq!(counts("list.csv"), counts("fleet.csv"));
}

#[test]
fn a_key_is_made_once_and_is_neither_an_output_nor_another_file() {
    let folder = folder();
    let made = run_in(&folder, "plan | fleet.csv", "key");
    assert!(shown(&made).contains("note: made the key `key`"), "{}", shown(&made));
    let key = folder.read("key");
    assert!(!shown(&run_in(&folder, "plan | fleet.csv", "key")).contains("made the key"));
    for (arguments, redact, error) in [
        ("plan | fleet.csv", "fleet.csv", "`fleet.csv` is no key for `--redact`"),
        ("plan | fleet.csv | --out | key", "key", "`--out key` is also an input, `key`"),
        ("plan | fleet.csv", "none/key", "cannot write `none/key`"),
    ] {
        let refused = refusal(arguments, &run_in(&folder, arguments, redact));
        assert!(refused.contains(error), "{refused}");
    }
    assert_eq!(folder.read("key"), key);
}
