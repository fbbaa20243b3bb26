//! The command line, run as a process in the root of the workspace.

#![allow(clippy::unwrap_used, reason = "a suite that cannot read its cases must fail at once")]

mod bounds;
mod carried;
mod chosen;
mod columns;
mod compare;
mod compile;
mod damage;
mod decide;
mod documents;
mod duplicates;
mod errors;
mod extensions;
mod facts;
mod files;
mod folder;
mod forecast;
mod formats;
mod movement;
mod pages;
mod plan;
mod policies;
mod problems;
mod redacted;
mod schemas;
mod selection;
mod shell;
mod simulate;
mod spreadsheets;
mod threads;
mod verify;
mod width;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use folder::Folder;

/// The example inventory, as the README names it.
const EXAMPLE: &str = "examples/quillmoor.csv";

/// Returns the root of the workspace.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("crates/relatch is two deep")
}

/// Returns the ids of the shipped policies, oldest first: the names of their files.
fn revisions() -> Vec<String> {
    let entries = std::fs::read_dir(root().join("policies/intune")).expect("there are policies");
    let names = entries.map(|entry| entry.expect("the folder can be read").path());
    let stem = |path: PathBuf| path.file_stem().map(|stem| format!("intune-{}", stem.display()));
    let mut ids: Vec<_> = names.filter_map(stem).collect();
    ids.sort();
    assert!(ids.len() >= 23, "only {ids:?} were found");
    ids
}

/// Returns the program, ready to be given arguments.
fn relatch() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_relatch"));
    command.current_dir(root()).env("COLUMNS", "100").stdin(Stdio::null());
    command
}

/// Runs the program with arguments that contain no spaces; the example inventory is `EXAMPLE`.
fn run(arguments: &str) -> Output {
    let arguments = arguments.replace("EXAMPLE", EXAMPLE);
    relatch().args(arguments.split_whitespace()).output().expect("the program starts")
}

/// Runs the program with a text on its standard input.
fn run_with_input(arguments: &str, input: &[u8]) -> Output {
    let mut child = relatch()
        .args(arguments.split_whitespace())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().expect("standard input is piped");
    // A program that refuses its input may close it early.
    let _ = stdin.write_all(input);
    drop(stdin);
    child.wait_with_output().expect("the program ends")
}

/// Returns the output of a run and its exit code: the form in which runs are pinned.
fn shown(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("output is UTF-8");
    let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
    let mut shown = format!("exit code {}\n", code(output));
    for (name, text) in [("standard output", stdout), ("standard error", stderr)] {
        if !text.is_empty() {
            shown.push_str(&format!("--- {name}\n{text}"));
        }
    }
    shown
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("the program was not killed")
}

fn json(output: &Output) -> serde_json::Value {
    serde_json::from_slice(&output.stdout).expect("one JSON object")
}

/// Runs a command that must be refused, and returns the message.
fn refused(arguments: &str) -> String {
    refusal(arguments, &run(arguments))
}

fn refusal(arguments: &str, output: &Output) -> String {
    assert_eq!(code(output), 2, "{arguments}: {}", shown(output));
    String::from_utf8(output.stderr.clone()).expect("a message is UTF-8")
}
