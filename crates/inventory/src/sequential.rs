//! Formats that are read row by row, handed over in the same batches.

use std::io;

use crate::batch::{Batch, Sink};
use crate::columns::Purpose;
use crate::error::{OpenError, ReadError, Rejection};
use crate::input::{Decoded, Input, Whole};
use crate::merge::{Chunk, Stop, Totals};
use crate::problems::CellProblem;
use crate::reader::{Entry, Reader};

/// The number of rows of a batch.
const ROWS: usize = 1 << 12;

/// The bytes of an inventory, of whatever type.
type Bytes<'i> = Decoded<Box<dyn Input + 'i>>;

/// Reads all rows in one thread.
pub(crate) fn read<H: Sink, E>(
    purpose: Purpose,
    carried: &[String],
    input: &Bytes<'_>,
    sink: &H,
    mut keep: impl FnMut(Chunk<H::Partial>) -> Result<(), E>,
) -> Result<Totals, Stop<E>> {
    let mut reader = open(purpose, carried, input).map_err(Stop::Read)?;
    let projection = sink.projection().among(reader.layout());
    let mut batch = Batch::new(projection).with_versions(sink.versions());
    let mut local = sink.local();
    let mut totals = Totals::default();
    loop {
        let Rest { rejections, problems, at_end } =
            fill(&mut reader, &mut batch, &mut totals).map_err(Stop::Read)?;
        let mut partial = sink.partial();
        sink.consume(&mut local, &mut partial, &mut batch);
        totals.check_ins.merge(&batch.check_ins);
        totals.keyed.merge(batch.keyed);
        keep(Chunk { partial, rejections, problems }).map_err(Stop::Keep)?;
        if batch.is_full() {
            batch.reset();
        } else {
            batch.clear();
        }
        if at_end {
            return Ok(totals);
        }
    }
}

/// A reader of an inventory from its beginning to its end.
type Rows<'r, 'i> = Reader<Whole<&'r Bytes<'i>>>;

fn open<'r, 'i>(
    purpose: Purpose,
    carried: &[String],
    input: &'r Bytes<'i>,
) -> Result<Rows<'r, 'i>, ReadError> {
    let mut reader = Reader::open_for(purpose, Whole::new(input)).map_err(|error| match error {
        OpenError::Read(error) => error,
        // It was one a moment ago, so another program writes to the file.
        OpenError::NotAnInventory(error) => ReadError::at_line(1, io::Error::other(error)),
    })?;
    reader.carry(carried);
    Ok(reader)
}

/// The results for the rows of a batch that the batch itself does not hold.
struct Rest {
    rejections: Vec<Rejection>,
    problems: Vec<CellProblem>,
    at_end: bool,
}

/// Reads the rows of a batch.
fn fill(
    reader: &mut Rows<'_, '_>,
    batch: &mut Batch,
    totals: &mut Totals,
) -> Result<Rest, ReadError> {
    let (mut rejections, mut problems) = (Vec::new(), Vec::new());
    while batch.len() + rejections.len() < ROWS {
        match reader.next_entry()? {
            Some(Entry::Row(row)) => {
                batch.push(row);
                totals.problems.add_row(row);
                if batch.projection().problems {
                    problems.extend_from_slice(&row.problems);
                }
            }
            Some(Entry::Rejected(rejection)) => rejections.push(rejection),
            None => {
                totals.counts = reader.counts();
                totals.truncated = reader.truncated();
                totals.pages = reader.pages();
                totals.carried = reader.has_carried();
                return Ok(Rest { rejections, problems, at_end: true });
            }
        }
    }
    Ok(Rest { rejections, problems, at_end: false })
}
