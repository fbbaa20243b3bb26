//! The places of the case files, for the suites of this package.

use std::fs;
use std::path::{Path, PathBuf};

/// Returns the root of the workspace.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("this package is in the workspace")
}

/// Returns the files of a folder of the workspace that have an ending, in the order of their names.
///
/// # Panics
///
/// If the folder cannot be read, or has no such file: a suite without cases proves nothing.
pub fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let folder = root().join(folder);
    let entries = fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("cannot read {}: {error}", folder.display()));
    let mut files: Vec<_> = entries
        .map(|entry| entry.expect("the folder can be listed").path())
        .filter(|path| path.extension().is_some_and(|found| found == ending))
        .collect();
    assert!(!files.is_empty(), "no .{ending} file in {}", folder.display());
    files.sort();
    files
}

/// Returns the text of a file.
///
/// # Panics
///
/// If it cannot be read.
pub fn read(path: &Path) -> String {
    fs::read_to_string(path)
        .unwrap_or_else(|error| panic!("cannot read {}: {error}", path.display()))
}

/// The programs of the tutorial, compiled and run as tests of documentation.
#[cfg(doctest)]
#[doc = include_str!("../docs/tutorials/use-the-crates.md")]
mod use_the_crates {}
