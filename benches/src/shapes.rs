//! Inventories of the shapes that the records of results name.
//!
//! The rows are those of [`synthetic_fleet`]; a shape chooses columns of them.

use std::io::{self, Read, Write};
use std::thread;

use eligibility::facts::{FactName, Facts};
use inventory::{Entry, Reader};
use synthetic_fleet::{Options, write_csv};

/// What an inventory looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// The portal's export as it is: 53 columns.
    Portal,
    /// 26 columns of it, about 408 bytes a row; every column that relatch reads is among them.
    Wide,
    /// A tidy CSV of 6 columns, about 50 bytes a row.
    Narrow,
}

/// The columns of [`Shape::Wide`], in the portal's order.
const WIDE: [&str; 26] = [
    "Device ID",
    "Device name",
    "Enrollment date",
    "Last check-in",
    "Azure AD Device ID",
    "OS version",
    "Serial number",
    "Manufacturer",
    "Model",
    "IMEI",
    "Wi-Fi MAC",
    "Total storage",
    "Free storage",
    "Category",
    "Primary user UPN",
    "Primary user email address",
    "Primary user display name",
    "Compliance",
    "Managed by",
    "Ownership",
    "Device state",
    "Supervised",
    "Encrypted",
    "OS",
    "JoinType",
    "Management certificate expiration date",
];

/// The facts of [`Shape::Narrow`].
const NARROW: [FactName; 5] = [
    FactName::Platform,
    FactName::Management,
    FactName::OsVersion,
    FactName::Ownership,
    FactName::Supervised,
];

/// Writes the fleet of a seed in a shape.
///
/// # Errors
///
/// The error of `output`.
pub fn write(shape: Shape, devices: u64, seed: u64, output: impl Write + Send) -> io::Result<()> {
    let options = Options::new(devices, seed);
    if shape == Shape::Portal {
        return write_csv(&options, output);
    }
    let (reader, writer) = io::pipe()?;
    thread::scope(|scope| {
        let written = scope.spawn(move || write_csv(&options, writer));
        match shape {
            Shape::Narrow => narrow(reader, output)?,
            _ => wide(reader, output)?,
        }
        written.join().map_err(|_| io::Error::other("the generator panicked"))?
    })
}

fn wide(mut portal: impl Read, mut output: impl Write) -> io::Result<()> {
    let mut mark = [0; 3];
    portal.read_exact(&mut mark)?;
    output.write_all(&mark)?;
    let mut rows = csv::ReaderBuilder::new().has_headers(false).from_reader(portal);
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(output);
    let mut row = csv::ByteRecord::new();
    rows.read_byte_record(&mut row)?;
    let place = |name: &str| row.iter().position(|cell| cell == name.as_bytes());
    let places: Vec<usize> = WIDE.iter().filter_map(|name| place(name)).collect();
    assert_eq!(places.len(), WIDE.len(), "a column of the shape is not in the portal's export");
    loop {
        writer.write_record(places.iter().map(|place| &row[*place]))?;
        if !rows.read_byte_record(&mut row)? {
            return writer.flush();
        }
    }
}

fn narrow(portal: impl Read, mut output: impl Write) -> io::Result<()> {
    let mut reader = Reader::open(portal).map_err(io::Error::other)?;
    let mut text = "device-id".to_owned();
    for fact in NARROW {
        text = text + "," + fact.as_str();
    }
    output.write_all((text + "\n").as_bytes())?;
    let mut line = String::new();
    while let Some(entry) = reader.next_entry().map_err(io::Error::other)? {
        if let Entry::Row(row) = entry {
            line.clear();
            line += &format!("{:08}", row.number);
            for fact in NARROW {
                line.push(',');
                line += &word(&row.facts, fact);
            }
            line.push('\n');
            output.write_all(line.as_bytes())?;
        }
    }
    output.flush()
}

fn word(facts: &Facts, fact: FactName) -> String {
    fact.fact_text(facts.get(fact)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shape_is_understood_and_as_wide_as_it_says() {
        for (shape, columns, row_bytes) in
            [(Shape::Portal, 53, 700..900), (Shape::Wide, 26, 380..430), (Shape::Narrow, 6, 45..55)]
        {
            let mut file = Vec::new();
            write(shape, 2000, 1, &mut file).unwrap();
            let bytes = file.len() / 2000;
            assert!(row_bytes.contains(&bytes), "{shape:?}: {bytes}");
            let mut reader = Reader::open(file.as_slice()).unwrap();
            let found = reader.columns();
            assert_eq!(found.recognised.len() + found.ignored.len(), columns, "{shape:?}");
            while reader.next_entry().unwrap().is_some() {}
            assert_eq!(reader.counts().understood, 2000, "{shape:?}");
        }
    }
}
