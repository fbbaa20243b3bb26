//! Properties of any bytes: run by `fuzz/` without end, and by the tests on changed
//! seeds.

mod documents;
mod files;

use device_sim::ScenarioDocument;
use eligibility::classes::{Cells, Tree};
use eligibility::decide::decide;
use eligibility::facts::{Fact, Facts, OsVersion};
use eligibility::policy::{Policy, PolicyDocument, Reading};
use inventory::{OpenError, Sizes, Stream};

pub use documents::{message_is_read_back, settings_are_read_or_refused};
pub use files::{facts_are_read_alike, packed_is_read_or_refused};

use crate::inventories::{Everything, in_bulk, in_bulk_from, plainly};

/// The number of first bytes that say how the rest is cut.
const CUTS: usize = 5;

/// The longest policy that is not only read but asked, in bytes.
const ASKED: usize = 4096;

/// The most cells of a policy whose tree is made.
const CELLS: u32 = 512;

/// Everything that is found, or why nothing is.
type Found = Result<Everything, String>;

/// An inventory is read in bulk as it is read plainly, wherever it is cut, from a file or a stream;
/// or refused for the same reason.
///
/// # Panics
///
/// If it is not.
pub fn inventory_is_read_alike(bytes: &[u8]) {
    let Some((sizes, threads, file)) = cut(bytes) else { return };
    let bulk = said(in_bulk(file, sizes, threads));
    if file.starts_with(b"PAR1") {
        assert_eq!(said(in_bulk(file, sizes, 1)), bulk, "threads change nothing");
        // Which of several damages is met first depends on the size of the pieces.
        assert_eq!(said(in_bulk(file, Sizes::USUAL, 1)).ok(), bulk.ok());
    } else {
        let stream = said(in_bulk_from(|| Stream::new(file), sizes, threads));
        assert_eq!(stream, bulk, "a stream is read as a file");
        assert_eq!(said(plainly(file)), bulk);
    }
}

/// Returns the sizes of chunks, the number of threads, and the rest of the bytes.
fn cut(bytes: &[u8]) -> Option<(Sizes, usize, &[u8])> {
    let (cuts, file) = bytes.split_first_chunk::<CUTS>()?;
    let [chunk, overlap, window, rows, threads] = cuts.map(usize::from);
    let sizes = Sizes { chunk: 1 + chunk as u64, overlap, window: 1 + window, rows: 1 + rows };
    Some((sizes, 1 + threads % 3, file))
}

fn said(found: Result<Everything, OpenError>) -> Found {
    found.map_err(|error| error.to_string())
}

/// A policy file is a policy that can be asked, alike by its rules and by its tree, or a list of problems.
///
/// # Panics
///
/// If reading or asking panics, if the answers differ, or if there is neither a policy nor a problem.
pub fn policy_is_read_or_refused(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else { return };
    match PolicyDocument::parse(text) {
        Err(problems) => assert!(!problems.problems().is_empty(), "it is refused without a reason"),
        Ok((document, _)) => {
            for reading in [Reading::Literal, Reading::Intended] {
                let policy = document.read(reading);
                if text.len() <= ASKED {
                    decide(&policy, &Facts::default());
                    tree_decides_alike(&policy, bytes);
                }
            }
        }
    }
}

/// The tree of a policy gives the answers of `decide`, also for versions between the bounds.
fn tree_decides_alike(policy: &Policy, bytes: &[u8]) {
    let cells = Cells::of(&[policy], &[]);
    let Some(count) = cells.count().filter(|count| (1..=CELLS).contains(count)) else { return };
    let verdict = |facts: &Facts| decide(policy, facts).headline().verdict();
    let Ok(tree) = Tree::of_cells(&cells, verdict) else { return };
    for pair in bytes.chunks_exact(4).take(16) {
        let [cell, other, major, minor] = [pair[0], pair[1], pair[2], pair[3]].map(u32::from);
        let mut facts = cells.witness((cell << 8 | other) % count);
        if facts.os_version != Fact::Unknown {
            facts.os_version = Fact::Known(OsVersion::new([major % 32, minor % 16, other % 2, 0]));
        }
        assert_eq!(tree.answer(&facts), Some(&verdict(&facts)), "{facts:?}");
    }
}

/// A scenario file is a scenario, or a list of problems.
///
/// # Panics
///
/// If reading panics, or if there is neither a scenario nor a problem.
pub fn scenario_is_read_or_refused(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else { return };
    match ScenarioDocument::read(text) {
        Err(problems) => assert!(!problems.problems().is_empty(), "it is refused without a reason"),
        Ok(document) => assert!(!document.scenarios.is_empty(), "a document has a scenario"),
    }
}
