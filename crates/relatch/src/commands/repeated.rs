//! `--duplicates refuse`: which devices have several rows, and where.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZero;
use std::path::PathBuf;

use fleet::SetAside;
use inventory::{Batch, Inventory, Projection, Sink};

use crate::error::Error;
use crate::files;
use crate::present::redaction::pseudonym;
use crate::present::wording;

/// Collects what each row calls its device.
struct Names;

impl Sink for Names {
    type Local = ();
    type Partial = Vec<String>;

    fn projection(&self) -> Projection {
        Projection { identity: true, ..Projection::default() }
    }

    fn local(&self) {}

    fn partial(&self) -> Vec<String> {
        Vec::new()
    }

    fn consume(&self, (): &mut (), partial: &mut Vec<String>, batch: &mut Batch) {
        let name = |row| {
            let id = batch.id(row);
            pseudonym(if id.is_empty() { batch.name(row) } else { id }).into_owned()
        };
        partial.extend((0..batch.len()).map(name));
    }
}

/// Returns the failure that names the first devices with several rows, with the places of two of
/// them.
///
/// The files are read again for that; standard input cannot be, so nothing of it is named.
pub(super) fn refusal(paths: &[PathBuf], aside: &SetAside) -> Error {
    let wanted = aside.first.iter().flat_map(|(one, other)| [*one, *other]).collect();
    let places = places(paths, &wanted);
    let mut message = wording::repeats(aside.rows);
    let named = aside.first.iter().filter_map(|(later, earlier)| {
        let ((name, later), (_, earlier)) = (places.get(later)?, places.get(earlier)?);
        Some(format!("\n  `{name}`: {earlier} and {later}"))
    });
    let named: Vec<_> = named.collect();
    let more = aside.devices.saturating_sub(named.len() as u64);
    message.push_str(&named.concat());
    if more > 0 && !named.is_empty() {
        message.push_str(&format!("\n  and {} more", wording::devices(more)));
    }
    Error::Argument {
        message,
        hint: "`--duplicates newest` counts the row with the newest check-in, \
               `--duplicates all` every row"
            .to_owned(),
    }
}

/// Returns the device and the place of each row that can be read again.
fn places(paths: &[PathBuf], wanted: &BTreeSet<u64>) -> BTreeMap<u64, (String, String)> {
    let mut places = BTreeMap::new();
    let mut number = 0;
    for path in paths {
        if files::is_standard(path) {
            break;
        }
        let Some(inventory) =
            files::open(path).ok().and_then(|source| Inventory::open(source.input).ok())
        else {
            break;
        };
        let first = number;
        let mut rejected = Vec::new();
        let read = inventory.read(NonZero::<usize>::MIN, &Names, |chunk| {
            rejected.extend(chunk.rejections.iter().map(|rejection| rejection.row));
            let end = number + chunk.partial.len() as u64;
            for one in wanted.range(number..end) {
                let at = usize::try_from(one - number).unwrap_or_default();
                let row = row_number(one - first, &rejected);
                let place = format!("row {row} of {}", path.display());
                places.insert(*one, (chunk.partial[at].clone(), place));
            }
            number = end;
            Ok::<(), Error>(())
        });
        if read.is_err() {
            break;
        }
    }
    places
}

/// Returns the number of a row of a file, by how many understood rows are before it.
fn row_number(before: u64, rejected: &[u64]) -> u64 {
    rejected.iter().fold(before + 1, |row, rejected| row + u64::from(*rejected <= row))
}
