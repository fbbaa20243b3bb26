//! Lists the built-in policies: every file of `policies/intune` becomes an entry of
//! `eligibility::builtin`, oldest first, so that a new revision is its file alone.

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
    // The names are dates, so their order is the order of the revisions.
    files.sort();
    let mut code = String::from("&[");
    for file in &files {
        let date = file.file_stem().expect("a file has a name").to_string_lossy();
        let path = file.canonicalize().expect("the file exists");
        writeln!(code, "Builtin {{ id: \"intune-{date}\", text: include_str!({path:?}) }},")
            .expect("a string takes all that is written");
    }
    code.push(']');
    let out = env::var_os("OUT_DIR").expect("cargo sets the folder of generated code");
    fs::write(Path::new(&out).join("builtin.rs"), code).expect("the folder can be written");
}
