//! Reading whole inventories into memory, plainly and in bulk, so that the two can be compared.

use std::convert::Infallible;
use std::io::{self, Read};
use std::num::NonZero;

use eligibility::facts::{Fact, FactName, Facts};
use inventory::{
    Batch, CellProblem, DeviceKey, Entry, Format, Input, Inventory, LastCheckIn, OpenError,
    Problems, Projection, Reader, Rejection, Row, Sink, Sizes, Stop, Totals, is_formula,
};

/// Everything that can be said of a device: facts, id and name, key and check-in, and the texts of
/// the columns that are carried along.
pub type Device = (Facts, String, String, Option<DeviceKey>, LastCheckIn, Vec<String>);

/// The columns that are carried along: some that are read, some that are not, and one that no file has.
pub(crate) const CARRIED: [&str; 6] =
    ["Device name", "os version", "Model", "More notes", "Last check-in", "No such column"];

/// Returns their names.
pub fn carried() -> Vec<String> {
    CARRIED.map(str::to_owned).to_vec()
}

/// Everything that is found in an inventory.
pub type Everything = (Vec<Device>, Vec<Rejection>, Totals, Vec<CellProblem>);

/// Collects all devices.
#[derive(Clone, Copy, Debug)]
pub struct All;

impl Sink for All {
    type Local = ();
    type Partial = Vec<Device>;

    fn projection(&self) -> Projection {
        let facts = FactName::ALL.iter().copied().collect();
        Projection { facts, identity: true, keys: true, problems: true, ..Projection::default() }
    }

    fn local(&self) {}

    fn partial(&self) -> Vec<Device> {
        Vec::new()
    }

    fn consume(&self, (): &mut (), partial: &mut Vec<Device>, batch: &mut Batch) {
        partial.extend((0..batch.len()).map(|row| {
            let key = batch.device_keys().get(row).copied().flatten();
            // A file whose rows can have no keys has no check-ins of single devices.
            let check_in = batch.last_check_ins().get(row).copied().filter(|_| key.is_some());
            let check_in = check_in.unwrap_or_default();
            let (id, name) = (batch.id(row).to_owned(), batch.name(row).to_owned());
            let carried = 0..batch.projection().carried;
            let carried = carried.map(|at| batch.carried_text(at, row).as_str().to_owned());
            (batch.facts(row), id, name, key, check_in, carried.collect())
        }));
    }
}

/// Reads an inventory row by row.
///
/// # Errors
///
/// Those of [`Reader`].
///
/// # Panics
///
/// If a row is counted neither as understood nor as rejected.
pub fn plainly(input: impl Read) -> Result<Everything, OpenError> {
    let mut reader = Reader::open(input)?;
    reader.carry(&carried());
    let tidy = reader.format() == Format::Tidy;
    let bare = |text: &str| match text.strip_prefix('\'') {
        Some(rest) if tidy && is_formula(rest.as_bytes()) => rest.to_owned(),
        _ => text.to_owned(),
    };
    let (mut devices, mut rejections, mut problems) = (Vec::new(), Vec::new(), Vec::new());
    let mut totals = Totals::default();
    while let Some(entry) = reader.next_entry()? {
        match entry {
            Entry::Row(row) => {
                let (id, name) = (bare(&row.device_id), bare(&row.device_name));
                let key = row.key();
                let check_in = if key.is_some() { row.last_check_in } else { Fact::Unknown };
                let by_id = u64::from(key.is_some() && key == DeviceKey::of_id(&id));
                totals.keyed.device_id += by_id;
                totals.keyed.serial_number += u64::from(key.is_some()) - by_id;
                let carried = row.carried.iter().map(|text| bare(text)).collect();
                devices.push((row.facts, id, name, key, check_in.into(), carried));
                if let Some(timestamp) = row.last_check_in.known() {
                    totals.check_ins.add(timestamp);
                }
                totals.problems.add_row(row);
                problems.extend_from_slice(&row.problems);
            }
            Entry::Rejected(rejection) => rejections.push(rejection),
        }
    }
    totals.counts = reader.counts();
    totals.truncated = reader.truncated();
    totals.pages = reader.pages();
    totals.carried = reader.has_carried();
    let counts = totals.counts;
    assert_eq!(counts.understood, devices.len() as u64);
    assert_eq!(counts.rejected, rejections.len() as u64);
    assert_eq!(counts.read, counts.understood + counts.rejected);
    assert_eq!(totals.problems.cells(), problems.len() as u64);
    Ok((devices, rejections, totals, problems))
}

/// Reads an inventory in bulk, cut into pieces, with columns that are carried along. Objects are read
/// without them as well, which takes another way.
///
/// # Errors
///
/// Those of [`Inventory`].
///
/// # Panics
///
/// If `threads` is zero, or if carrying columns changes anything else.
pub fn in_bulk(file: &[u8], sizes: Sizes, threads: usize) -> Result<Everything, OpenError> {
    in_bulk_from(|| file, sizes, threads)
}

/// As [`in_bulk`], of inputs that can be read once.
///
/// # Errors
///
/// As [`in_bulk`].
///
/// # Panics
///
/// As [`in_bulk`].
pub fn in_bulk_from<I: Input>(
    input: impl Fn() -> I,
    sizes: Sizes,
    threads: usize,
) -> Result<Everything, OpenError> {
    let threads = NonZero::new(threads).expect("at least one thread reads");
    let mut inventory = Inventory::open(input())?;
    let is_objects = inventory.format() == Format::Graph;
    inventory.carry(&carried())?;
    let with = all(&inventory, sizes, threads);
    if is_objects {
        let without = all(&Inventory::open(input())?, sizes, threads);
        if let (Ok(without), Ok(with)) = (without, &with) {
            assert_same_but_for_carried(&without, with);
        }
    }
    with
}

fn assert_same_but_for_carried(without: &Everything, with: &Everything) {
    let totals = |everything: &Everything| {
        let mut totals = everything.2.clone();
        totals.counts.windows_1252 = 0;
        Totals { carried: Vec::new(), ..totals }
    };
    let devices = |everything: &Everything| {
        let bare =
            |device: &Device| (device.0, device.1.clone(), device.2.clone(), device.3, device.4);
        everything.0.iter().map(bare).collect::<Vec<_>>()
    };
    assert_eq!((totals(without), devices(without)), (totals(with), devices(with)));
    assert_eq!((&without.1, &without.3), (&with.1, &with.3));
}

fn all(
    inventory: &Inventory<'_>,
    sizes: Sizes,
    threads: NonZero<usize>,
) -> Result<Everything, OpenError> {
    let (mut devices, mut rejections, mut problems) = (Vec::new(), Vec::new(), Vec::new());
    let read = inventory.read_with_sizes(sizes, threads, &All, |chunk| {
        devices.extend(chunk.partial);
        rejections.extend(chunk.rejections);
        problems.extend(chunk.problems);
        Ok::<(), Infallible>(())
    });
    match read {
        Ok(mut totals) => {
            // How many rows have no key is not counted where none can have one.
            totals.keyed.none = 0;
            Ok((devices, rejections, totals, problems))
        }
        Err(Stop::Read(error)) => Err(OpenError::Read(error)),
    }
}

/// Returns the same, found in a file that has no lines.
pub fn without_lines(everything: Everything) -> Everything {
    let (devices, mut rejections, mut totals, mut problems) = everything;
    rejections.iter_mut().for_each(|rejection| rejection.line = None);
    problems.iter_mut().for_each(|problem| problem.line = None);
    totals.problems = Problems::default();
    totals.problems.add_row(&Row { problems: problems.clone(), ..Row::default() });
    (devices, rejections, totals, problems)
}

/// Gives its bytes one by one.
#[derive(Debug)]
pub struct OneByOne<'b>(pub &'b [u8]);

impl Read for OneByOne<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.0.len().min(buffer.len()).min(1);
        let (now, later) = self.0.split_at(count);
        buffer[..count].copy_from_slice(now);
        self.0 = later;
        Ok(count)
    }
}
