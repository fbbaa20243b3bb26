//! Generates the fleet of an invented company, as the portal's export or in another format.
//!
//! The columns, their order and the formats of the values follow the portal's
//! `DevicesWithInventory` CSV: 53 columns, a byte-order mark, CR LF, quotes only where needed.
//! Everything else is **invented**: the company (Quillmoor, under the reserved domain
//! `quillmoor.example`), its people, and how many devices there are of each platform, enrolment and
//! version. The shares follow no statistics; they are chosen so that every rule of a policy
//! meets devices, old Android versions more often than in a real fleet.
//!
//! A device depends on the seed and its position only, so a longer file begins with a shorter one.
//!
//! Not here: files, and statistics of real fleets.

mod device;
mod formats;
mod models;
#[cfg(feature = "parquet")]
mod parquet;
mod people;
mod rng;

use std::io::{self, Write};

use device::{COLUMNS, Cells};
use rng::Rng;

pub use formats::{Format, write};

/// The parameters of a generated fleet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Options {
    /// The number of devices.
    pub devices: u64,
    /// The seed: the same one gives the same bytes, on every machine.
    pub seed: u64,
}

impl Options {
    /// Returns a number of devices of the fleet with a seed.
    pub const fn new(devices: u64, seed: u64) -> Self {
        Self { devices, seed }
    }
}

/// Writes the fleet, device by device, in memory that does not grow with it.
///
/// ```
/// use inventory::Reader;
/// use synthetic_fleet::{Options, write_csv};
///
/// let mut file = Vec::new();
/// write_csv(&Options::new(20, 1), &mut file)?;
/// let mut reader = Reader::open(file.as_slice())?;
/// while reader.next_entry()?.is_some() {}
/// assert_eq!(reader.counts().understood, 20);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// The error of `output`.
pub fn write_csv(options: &Options, mut output: impl Write) -> io::Result<()> {
    output.write_all(b"\xef\xbb\xbf")?;
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(output);
    writer.write_record(COLUMNS).map_err(as_io)?;
    let mut cells = Cells::default();
    for position in 0..options.devices {
        let mut rng = Rng::new(options.seed, position);
        device::fill(&mut rng, position, &mut cells);
        writer.write_record(cells.record()).map_err(as_io)?;
    }
    writer.flush()
}

/// Returns the error of the output itself, so that its kind (a closed pipe, a full disk) is not
/// lost.
fn as_io(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use inventory::{Entry, Reader};

    fn generated(devices: u64, seed: u64) -> Vec<u8> {
        let mut file = Vec::new();
        write_csv(&Options::new(devices, seed), &mut file).unwrap();
        file
    }

    /// FNV-1a, whose few lines pin a file without a dependency.
    fn fingerprint(bytes: &[u8]) -> u64 {
        bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
        })
    }

    #[test]
    fn the_same_seed_gives_the_same_bytes() {
        let file = generated(1000, 7);
        assert_eq!(fingerprint(&file), 0x6f91_3d66_4c73_d694, "{:#x}", fingerprint(&file));
        assert_ne!(fingerprint(&file), fingerprint(&generated(1000, 8)));
        assert!(file.starts_with(&generated(10, 7)));
    }

    #[test]
    fn every_generated_row_is_understood_and_says_what_its_columns_say() {
        let file = generated(5000, 1);
        let mut reader = Reader::open(file.as_slice()).unwrap();
        assert_eq!(reader.columns().recognised.len() + reader.columns().ignored.len(), 53);
        assert!(reader.columns().ignored.iter().any(|name| name == "Phone number"));
        let mut kinds = std::collections::BTreeSet::new();
        let mut states = std::collections::BTreeSet::new();
        while let Some(entry) = reader.next_entry().unwrap() {
            let Entry::Row(row) = entry else { panic!("{entry:?}") };
            assert_eq!(row.problems, []);
            kinds.insert((row.facts.platform, row.facts.management));
            states.insert(row.facts.management_state);
        }
        assert_eq!(reader.counts().understood, 5000);
        assert!(kinds.len() >= 16, "{kinds:?}");
        assert!(states.len() >= 5, "{states:?}");
    }

    #[test]
    fn awkward_cells_and_sentinel_dates_occur() {
        let file = String::from_utf8(generated(5000, 1)).unwrap();
        for piece in ["\"\"", "\"Reception, ", "0001-01-01 00:00:00.0000000", "9999-12-31 23:59"] {
            assert!(file.contains(piece), "{piece}");
        }
        let quoted_line_end = file.split("\r\n").count() < file.split('\n').count();
        assert!(quoted_line_end);
    }
}
