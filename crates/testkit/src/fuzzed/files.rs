//! Properties of facts files and of packed files.

use std::convert::Infallible;
use std::io::{self, Cursor, Read};
use std::num::NonZero;

use eligibility::facts::Facts;
use inventory::{
    DeviceKey, Entry, FactsTable, Format, Inventory, JoinKey, OpenError, Packing, Purpose, Reader,
    Rejection, Sizes, Stop, Unpacked, is_formula,
};

use super::{cut, inventory_is_read_alike};
use crate::workbook::workbook_of;

/// The longest content of a packed file that is compared, in bytes.
const COMPARED: u64 = 1 << 22;

/// The rows of a facts file: their keys and what they say, and what is no row.
type Rows = (Vec<(Option<DeviceKey>, Facts)>, Vec<Rejection>);

/// A facts file is read in bulk as it is read plainly, wherever it is cut, or refused for the same
/// reason.
///
/// # Panics
///
/// If it is not.
pub fn facts_are_read_alike(bytes: &[u8]) {
    let Some((sizes, threads, file)) = cut(bytes) else { return };
    let said = |found: Result<Rows, OpenError>| found.map_err(|error| error.to_string());
    let bulk = said(in_bulk(file, sizes, threads));
    if file.starts_with(b"PAR1") {
        assert_eq!(said(in_bulk(file, sizes, 1)), bulk, "threads change nothing");
    } else {
        assert_eq!(said(plainly(file)), bulk);
    }
}

fn in_bulk(file: &[u8], sizes: Sizes, threads: usize) -> Result<Rows, OpenError> {
    let inventory = Inventory::open_for(Purpose::Facts, file)?;
    let mut table = FactsTable::new(&inventory).expect("it was opened as a facts file");
    let threads = NonZero::new(threads).expect("at least one thread reads");
    let (mut rows, mut rejections) = (Vec::new(), Vec::new());
    let sink = table.sink_with_texts();
    let read = inventory.read_with_sizes(sizes, threads, &sink, |chunk| {
        table.add(&chunk.partial);
        let keys = chunk.partial.keys().map(|(_, key, _)| key);
        rows.extend(keys.zip(chunk.partial.facts().copied()));
        rejections.extend(chunk.rejections);
        Ok::<(), Infallible>(())
    });
    match read {
        Ok(totals) => {
            assert_eq!(totals.counts.understood, rows.len() as u64);
            assert_eq!(totals.counts.rejected, rejections.len() as u64);
            assert_eq!(table.rows(), rows.len() as u64);
            Ok((rows, rejections))
        }
        Err(Stop::Read(error)) => Err(OpenError::Read(error)),
    }
}

fn key_of(by: JoinKey, text: &str) -> Option<DeviceKey> {
    match by {
        JoinKey::DeviceId => DeviceKey::of_id(text),
        JoinKey::SerialNumber => DeviceKey::of_serial_number(text),
        JoinKey::DeviceName => DeviceKey::of_name(text),
    }
}

fn plainly(file: &[u8]) -> Result<Rows, OpenError> {
    // The reader does not say by which columns it joins; what the file is opened for does.
    let keys = Inventory::open_for(Purpose::Facts, file)?.join_keys().to_vec();
    let mut reader = Reader::open_for(Purpose::Facts, file)?;
    let tidy = reader.format() == Format::Tidy;
    let bare = |text: &str| match text.strip_prefix('\'') {
        Some(rest) if tidy && is_formula(rest.as_bytes()) => rest.to_owned(),
        _ => text.to_owned(),
    };
    let (mut rows, mut rejections) = (Vec::new(), Vec::new());
    while let Some(entry) = reader.next_entry()? {
        match entry {
            Entry::Row(row) => {
                let (id, name) = (bare(&row.device_id), bare(&row.device_name));
                let key = match keys[..] {
                    [by @ JoinKey::DeviceId] => key_of(by, &id),
                    [by] => key_of(by, &name),
                    [first, second] => key_of(first, &id).or_else(|| key_of(second, &name)),
                    _ => panic!("a facts file has one key or two"),
                };
                rows.push((key, row.facts));
            }
            Entry::Rejected(rejection) => rejections.push(rejection),
        }
    }
    Ok((rows, rejections))
}

/// A packed file is unpacked or refused, alike as a file and as a stream. Bytes that begin like no
/// packed file are the shared texts and, after a line end, the rows of a workbook's sheet: a table that
/// is read alike in bulk and plainly.
///
/// # Panics
///
/// If it is not.
pub fn packed_is_read_or_refused(bytes: &[u8]) {
    match Packing::of(bytes) {
        Packing::Plain => {
            let Ok(text) = str::from_utf8(bytes) else { return };
            let Some((shared, rows)) = text.split_once('\n') else { return };
            let file = workbook_of(&[("Devices", rows), ("More", "")], shared);
            let Ok(table) = Unpacked::open(Cursor::new(file)) else { return };
            let table = content(table).expect("a table is in memory");
            inventory_is_read_alike(&[&bytes[..bytes.len().min(5)], &table].concat());
        }
        Packing::Zip => {
            let Ok(unpacked) = Unpacked::open(Cursor::new(bytes)) else { return };
            let _ = content(unpacked);
        }
        packing => {
            let said = |unpacked: Result<Vec<u8>, io::Error>| unpacked.map_err(|e| e.to_string());
            let file = Unpacked::open(Cursor::new(bytes)).expect("what is in it is read later");
            let stream = Unpacked::stream(packing, bytes).expect("what is in it is read later");
            assert_eq!(said(content(file)), said(content(stream)));
        }
    }
}

fn content(unpacked: impl Read) -> io::Result<Vec<u8>> {
    let mut content = Vec::new();
    unpacked.take(COMPARED).read_to_end(&mut content)?;
    Ok(content)
}
