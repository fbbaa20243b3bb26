//! The row groups of a file, read by several threads and joined in the order of the file.

use std::collections::{BTreeMap, VecDeque};
use std::num::NonZero;
use std::sync::Arc;

use super::Table;
use super::rows::{Found, Scan};
use super::source::Source;
use crate::batch::{Batch, Sink};
use crate::error::ReadError;
use crate::input::Input;
use crate::merge::{Chunk, Merge, Next, Order, Stop, Totals};

/// The number of batches of a row group that may wait for the row groups before it, or to be kept.
const AHEAD: usize = 4;

/// The result of some rows, or the reason why there are no more.
type Batched<P> = Result<(P, Found), ReadError>;

/// The row groups of a file.
struct Groups<'t, P> {
    table: &'t Table,
    /// The row group that someone reads next.
    next: usize,
    /// The row group whose batches are kept now.
    head: usize,
    /// Batches of later row groups; `None` behind the last of a row group.
    waiting: BTreeMap<usize, VecDeque<Option<Batched<P>>>>,
    totals: Totals,
}

/// Reads a whole file, a number of rows at a time.
pub(super) fn read<I, H, E>(
    table: &Table,
    input: &I,
    rows: usize,
    threads: NonZero<usize>,
    sink: &H,
    keep: impl FnMut(Chunk<H::Partial>) -> Result<(), E> + Send,
) -> Result<Totals, Stop<E>>
where
    I: Input,
    H: Sink,
    E: Send,
{
    let (waiting, totals) = (BTreeMap::new(), Totals::default());
    let groups = Groups { table, next: 0, head: 0, waiting, totals };
    let threads = threads.get().min(table.metadata.num_row_groups());
    let groups = Merge::read(input, groups, threads, keep, |merge| {
        let source = Arc::new(Source::new(input, table.length));
        let mut scan =
            Scan::new(table, Batch::new(table.projection(sink)).with_versions(sink.versions()));
        let mut local = sink.local();
        while let Some(group) = merge.next() {
            let read = read_group(&source, group, rows, &mut scan, |batch, found| {
                let mut partial = sink.partial();
                if !batch.is_empty() {
                    sink.consume(&mut local, &mut partial, batch);
                }
                merge.deliver((group, Some(Ok((partial, found)))))
            });
            if let Err(error) = read {
                merge.deliver((group, Some(Err(error))));
            }
            merge.deliver((group, None));
        }
    })?;
    Ok(groups.totals)
}

/// Reads a row group; `deliver` says whether to go on.
fn read_group(
    source: &Arc<Source<'_>>,
    group: usize,
    rows: usize,
    scan: &mut Scan<'_>,
    mut deliver: impl FnMut(&mut Batch, Found) -> bool,
) -> Result<(), ReadError> {
    let (mut first, mut left) = scan.rows_of(group);
    let mut open = scan.open(source, group).map_err(|source| ReadError::at_row(first, source))?;
    while left > 0 {
        let now = usize::try_from(left).map_or(rows, |left| left.min(rows));
        let found = scan.read(&mut open, first, now);
        let found = found.map_err(|source| ReadError::at_row(first, source))?;
        if !deliver(&mut scan.batch, found) {
            return Ok(());
        }
        first += now as u64;
        left -= now as u64;
    }
    Ok(())
}

impl<P: Send> Order for Groups<'_, P> {
    type Task = usize;
    type Found = (usize, Option<Batched<P>>);
    type Partial = P;

    fn next(&mut self, _: usize) -> Next<usize> {
        if self.next >= self.table.metadata.num_row_groups() {
            return Next::End;
        }
        self.next += 1;
        Next::Read(self.next - 1)
    }

    fn is_early(&self, (group, _): &Self::Found, waiting: usize) -> bool {
        let before = if *group == self.head {
            waiting
        } else {
            self.waiting.get(group).map_or(0, VecDeque::len)
        };
        before >= AHEAD
    }

    fn add(
        &mut self,
        (group, batched): Self::Found,
        ready: &mut VecDeque<Chunk<P>>,
    ) -> Result<(), ReadError> {
        self.waiting.entry(group).or_default().push_back(batched);
        while let Some(batched) = self.waiting.get_mut(&self.head).and_then(VecDeque::pop_front) {
            let Some(batched) = batched else {
                self.waiting.remove(&self.head);
                self.head += 1;
                continue;
            };
            let (partial, Found { totals, rejections, list }) = batched?;
            self.totals.add(&totals);
            ready.push_back(Chunk { partial, rejections, problems: list });
        }
        Ok(())
    }

    fn released(&self) -> u64 {
        self.table.begin_of(self.head)
    }
}
