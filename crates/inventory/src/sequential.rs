//! Formats that are read row by row, handed over in the same batches.

use std::io;

use crate::batch::{Batch, Sink};
use crate::columns::Purpose;
use crate::error::{OpenError, ReadError};
use crate::input::{Input, Whole};
use crate::merge::{Chunk, Stop, Totals};
use crate::reader::{Entry, Reader};

/// How many rows a batch has.
const ROWS: usize = 1 << 12;

/// Reads all rows in one thread.
pub(crate) fn read<H: Sink, E>(
    purpose: Purpose,
    carried: &[String],
    input: &impl Input,
    sink: &H,
    mut keep: impl FnMut(Chunk<H::Partial>) -> Result<(), E>,
) -> Result<Totals, Stop<E>> {
    let mut reader = Reader::open_for(purpose, Whole::new(input)).map_err(|error| match error {
        OpenError::Read(error) => Stop::Read(error),
        // It was one a moment ago, so another program writes to the file.
        OpenError::NotAnInventory(error) => {
            Stop::Read(ReadError::at_line(1, io::Error::other(error)))
        }
    })?;
    reader.carry(carried);
    let projection = sink.projection().among(reader.layout());
    let mut batch = Batch::new(projection).with_versions(sink.versions());
    let mut local = sink.local();
    let mut totals = Totals::default();
    loop {
        let (mut rejections, mut problems) = (Vec::new(), Vec::new());
        let mut at_end = false;
        while batch.len() + rejections.len() < ROWS {
            match reader.next_entry().map_err(Stop::Read)? {
                Some(Entry::Row(row)) => {
                    batch.push(row);
                    totals.problems.add_row(row);
                    if batch.projection().problems {
                        problems.extend_from_slice(&row.problems);
                    }
                }
                Some(Entry::Rejected(rejection)) => rejections.push(rejection),
                None => {
                    at_end = true;
                    break;
                }
            }
        }
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
            totals.counts = reader.counts();
            totals.truncated = reader.truncated();
            totals.pages = reader.pages();
            totals.carried = reader.has_carried();
            return Ok(totals);
        }
    }
}
