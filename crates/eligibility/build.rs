//! Lists the built-in policies: every file of `policies/intune` becomes an entry of
//! `eligibility::builtin`, oldest first, so that a new revision is its file alone. What its clauses
//! mean is taken from `policies/prepared.txt`, unless that was made from another text.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = root.join("policies/intune");
    println!("cargo::rerun-if-changed={}", folder.display());
    let entries = fs::read_dir(&folder).expect("the folder of policies is part of the sources");
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.expect("the folder can be listed").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
        .collect();
    let prepared = root.join("policies/prepared.txt");
    println!("cargo::rerun-if-changed={}", prepared.display());
    let prepared = fs::read_to_string(prepared).unwrap_or_default();
    // The names are dates, so their order is the order of the revisions.
    files.sort();
    let mut code = String::from("&[");
    for file in &files {
        let date = file.file_stem().expect("a file has a name").to_string_lossy();
        let path = file.canonicalize().expect("the file exists");
        let text = fs::read_to_string(&path).expect("a policy is a text");
        let lines = lines_of(&prepared, &format!("intune-{date}\t{:016x}\n", fingerprint(&text)));
        writeln!(
            code,
            "Builtin {{ id: \"intune-{date}\", text: include_str!({path:?}), prepared: {lines:?} }},"
        )
        .expect("a string takes all that is written");
    }
    code.push(']');
    let out = env::var_os("OUT_DIR").expect("cargo sets the folder of generated code");
    fs::write(Path::new(&out).join("builtin.rs"), code).expect("the folder can be written");
}

/// Returns the lines behind a heading, up to the next one.
fn lines_of<'p>(prepared: &'p str, heading: &str) -> Option<&'p str> {
    prepared.split("policy\t").find_map(|policy| policy.strip_prefix(heading))
}

/// Returns the FNV-1a hash of a text, so that prepared clauses of an edited policy are recognised as
/// out of date.
fn fingerprint(text: &str) -> u64 {
    let mix = |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    text.bytes().fold(0xcbf2_9ce4_8422_2325, mix)
}
