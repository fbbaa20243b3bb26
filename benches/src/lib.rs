//! What the benchmarks share: the shipped policies, the inventories that they read, and populations
//! of simulated devices.
//!
//! What this crate does not do: it starts no measurement itself (see `benches/`), and no other
//! crate depends on it.

pub mod populations;
pub mod shapes;

use std::path::PathBuf;

/// Returns the texts of the shipped policies, oldest first.
///
/// # Panics
///
/// If they cannot be read.
pub fn shipped_policies() -> Vec<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../policies/intune");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("the policies are in the workspace")
        .map(|entry| entry.expect("the folder can be listed").path())
        .collect();
    paths.sort();
    let read = |path: &PathBuf| std::fs::read_to_string(path).expect("policies are UTF-8");
    paths.iter().map(read).collect()
}

/// Returns a size for a benchmark: `full` when results are measured, a thousandth of it when the
/// benchmarks run as tests.
pub fn sized(full: u64) -> u64 {
    if std::env::args().any(|argument| argument == "--bench") { full } else { full / 1000 }
}
