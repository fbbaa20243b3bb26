//! What must hold for any bytes whatever: run by `fuzz/` without end, and by the tests on changed
//! seeds.

use device_sim::ScenarioDocument;
use eligibility::decide::decide;
use eligibility::facts::Facts;
use eligibility::policy::{PolicyDocument, Reading};
use inventory::{OpenError, Sizes, Stream};

use crate::reading::{Everything, in_bulk, in_bulk_from, plainly};

/// How many of the first bytes say how the rest is cut.
pub const CUTS: usize = 5;

/// The longest policy that is not only read but asked, in bytes.
const ASKED: usize = 4096;

/// Everything that is found, or why nothing is.
type Found = Result<Everything, String>;

/// An inventory is read in bulk as it is read plainly, wherever it is cut, from a file or a stream;
/// or refused for the same reason.
///
/// # Panics
///
/// If it is not.
pub fn inventory_is_read_alike(bytes: &[u8]) {
    let Some((cuts, file)) = bytes.split_first_chunk::<CUTS>() else { return };
    let [chunk, overlap, window, rows, threads] = cuts.map(usize::from);
    let sizes = Sizes { chunk: 1 + chunk as u64, overlap, window: 1 + window, rows: 1 + rows };
    let threads = 1 + threads % 3;
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

fn said(found: Result<Everything, OpenError>) -> Found {
    found.map_err(|error| error.to_string())
}

/// A policy file is a policy that can be asked, or a list of problems.
///
/// # Panics
///
/// If reading or asking panics, or if there is neither a policy nor a problem.
pub fn policy_is_read_or_refused(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else { return };
    match PolicyDocument::parse(text) {
        Err(problems) => assert!(!problems.problems().is_empty(), "it is refused without a reason"),
        Ok((document, _)) => {
            for reading in [Reading::Literal, Reading::Intended] {
                let policy = document.read(reading);
                if text.len() <= ASKED {
                    decide(&policy, &Facts::default());
                }
            }
        }
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
