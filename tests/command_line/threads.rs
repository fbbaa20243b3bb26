//! The number of threads, and whether the input is a file, change nothing but the time.

use std::path::Path;

use super::{run, run_with_input};

/// Returns an invented inventory of several parts, with damage in the middle.
fn inventory(folder: &Path) -> Vec<u8> {
    let path = folder.join("devices.csv");
    let generated = run(&format!("generate --devices 1500 --seed 4 --out {}", path.display()));
    assert!(generated.status.success());
    let mut file = std::fs::read(&path).unwrap();
    let middle = file.len() / 2;
    let line = middle + file[middle..].iter().position(|byte| *byte == b'\n').unwrap() + 1;
    file.splice(line..line, *b"damaged,row\r\n\"an open quote,\r\nthat is closed\" late,x\r\n");
    std::fs::write(&path, &file).unwrap();
    file
}

#[test]
fn reports_and_lists_are_the_same_on_one_thread_two_and_many() {
    let folder = tempfile::tempdir().unwrap();
    let file = inventory(folder.path());
    assert!(file.len() > 1 << 20, "the file must have several parts");
    let path = folder.path().join("devices.csv");
    for (format, ending) in [("text", "csv"), ("json", "csv"), ("json", "ndjson")] {
        let mut expected = None;
        for threads in [1, 2, 7] {
            let list = folder.path().join(format!("list.{ending}"));
            let plan = format!(
                "plan {} --format {format} --threads {threads} --devices {} --by os-version",
                path.display(),
                list.display()
            );
            let output = run(&plan);
            assert_eq!(output.status.code(), Some(1), "rows were rejected");
            let found = (output.stdout, output.stderr, std::fs::read(&list).unwrap());
            assert!(!found.2.is_empty());
            assert_eq!(expected.get_or_insert_with(|| found.clone()), &found, "{threads} threads");
        }
    }
}

#[test]
fn standard_input_is_planned_as_the_same_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = inventory(folder.path());
    let path = folder.path().join("devices.csv");
    let decisions = |stdout: &[u8]| {
        let plan: serde_json::Value = serde_json::from_slice(stdout).unwrap();
        (plan["decisions"].clone(), plan["rows"].clone(), plan["rejected"].clone())
    };
    let from_file = run(&format!("plan {} --format json", path.display()));
    let from_stdin = run_with_input("plan - --format json --threads 2", &file);
    assert_eq!(decisions(&from_stdin.stdout), decisions(&from_file.stdout));
}

#[test]
fn no_thread_at_all_is_refused() {
    let output = run("plan examples/quillmoor.csv --threads 0");
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn more_threads_than_anything_needs_are_as_many_as_are_of_use() {
    for threads in ["100000", "18446744073709551615"] {
        let plan = run(&format!("plan examples/quillmoor.csv --threads {threads}"));
        assert_eq!(plan.status.code(), Some(0), "{threads}");
        let fleet = "simulate --fleet examples/quillmoor.csv --repeats 1 --days 1 --threads";
        assert_eq!(run(&format!("{fleet} {threads}")).status.code(), Some(0), "{threads}");
    }
}
