//! The suite's task on engines that are Rust crates: `suite FOLDER ENGINE TABLE...`.
//!
//! `run.py` calls it. For each table it prints one JSON object: how long the engine took to prepare
//! the policy and to decide all devices on one thread, and how many answers were wrong.

mod engines;
mod table;

use std::path::Path;
use std::time::Instant;

use serde_json::{Value, json};

use table::{Device, Table};

/// An engine that is ready for the devices: gives the position of a device's verdict in
/// [`table::VERDICTS`], or `None` if it has no answer.
type Decide<'a> = Box<dyn FnMut(usize) -> Option<usize> + 'a>;

/// Prepares an engine for a policy and devices.
type Prepare = for<'a> fn(&'a Table, &'a [Device]) -> Decide<'a>;

const ENGINES: [(&str, Prepare); 6] = [
    ("relatch-decide", engines::relatch::plain),
    ("relatch-cells", engines::relatch::cells),
    ("relatch-tree", engines::relatch::tree),
    ("cedar", engines::cedar::prepare),
    ("regorus", engines::regorus::prepare),
    ("cel", engines::cel::prepare),
];

fn main() {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let [folder, engine, tables @ ..] = &arguments[..] else {
        let names: Vec<_> = ENGINES.iter().map(|(name, _)| *name).collect();
        panic!("suite FOLDER ENGINE TABLE...; engines: {}", names.join(", "));
    };
    let (_, prepare) = ENGINES.iter().find(|(name, _)| name == engine).expect("a known engine");
    let folder = Path::new(folder);
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).expect("run make.py first");
    let all: Value = serde_json::from_str(&read("tables.json")).expect("tables");
    let lines = |name: &str| -> Vec<Value> {
        let text = read(name);
        text.lines().map(|line| serde_json::from_str(line).expect("JSON lines")).collect()
    };
    let devices: Vec<_> = lines("devices.ndjson").iter().map(Device::parse).collect();
    let expected = lines("expected.ndjson");
    for table in tables {
        let position: usize = table.parse().expect("the position of a table");
        let table = Table::parse(&all["policies"][position]);
        let began = Instant::now();
        let mut decide = prepare(&table, &devices);
        let prepared = began.elapsed().as_secs_f64();
        let mut answers = Vec::with_capacity(devices.len());
        let began = Instant::now();
        answers.extend((0..devices.len()).map(&mut decide));
        let seconds = began.elapsed().as_secs_f64();
        let right = answers.iter().zip(&expected).filter(|(answer, line)| {
            answer.map(|at| at as u64) == line["verdicts"][position].as_u64()
        });
        let wrong = devices.len() - right.count();
        let line = json!({ "engine": engine, "table": position, "prepare": prepared,
            "seconds": seconds, "devices": devices.len(), "wrong": wrong });
        println!("{line}");
    }
}
