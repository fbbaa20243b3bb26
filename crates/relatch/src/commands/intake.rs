//! Reading one inventory after the other, with what a report says about the reading.

use std::num::NonZero;
use std::path::Path;

use inventory::{Columns, Inventory, Pages, Sink, Stop};

use crate::failure::Failure;
use crate::files;
use crate::progress::Watched;
use crate::report::intake::{IntakeReport, TooFew};

/// How many rejected rows a report shows; all are counted.
const SHOWN_REJECTIONS: usize = 10;

/// Inventories being read.
pub(super) struct Intake {
    threads: NonZero<usize>,
    /// The largest count and the devices of the pages so far, if the last of them names a next one.
    unfinished: Option<(Option<u64>, u64)>,
    report: IntakeReport,
}

impl Intake {
    /// Nothing read yet; all processors work unless a number of threads is given.
    pub(super) fn new(threads: Option<NonZero<usize>>) -> Self {
        Self {
            threads: threads.unwrap_or_else(super::processors),
            unfinished: None,
            report: IntakeReport::default(),
        }
    }

    /// Reads an inventory to its end; the partial results are given to `keep` in the order of rows.
    pub(super) fn read<H: Sink + Sync>(
        &mut self,
        path: &Path,
        sink: &H,
        mut keep: impl FnMut(H::Partial) -> Result<(), Failure> + Send,
    ) -> Result<(), Failure> {
        let name = files::input_name(path);
        let (input, length) = files::open(path)?;
        let inventory = Inventory::open(Watched::new(input, &name, length))
            .map_err(|error| Failure::not_opened(path, error))?;
        let report = &mut self.report;
        merge_columns(&mut report.columns, inventory.columns(), report.files.is_empty());
        let rejections = &mut report.rejections;
        let read = inventory.read(self.threads, sink, |chunk| {
            let room = SHOWN_REJECTIONS - rejections.len();
            let shown = chunk.rejections.into_iter().take(room);
            rejections.extend(shown.map(|rejection| (name.clone(), rejection)));
            keep(chunk.partial)
        });
        let totals = read.map_err(|stop| match stop {
            Stop::Read(source) => Failure::BrokenInventory { path: path.to_owned(), source },
            Stop::Keep(failure) => failure,
        })?;
        report.rows += totals.counts.read;
        report.rejected += totals.counts.rejected;
        report.check_ins.merge(&totals.check_ins);
        if totals.truncated {
            report.truncated.push(name.clone());
        }
        if inventory.format() == inventory::Format::Graph {
            self.pages(&name, &totals.pages);
        }
        self.report.files.push(name);
        Ok(())
    }

    /// Takes note of what the pages of a file say of themselves. A file of pages that follows one
    /// that names a next page is taken for that.
    fn pages(&mut self, name: &str, pages: &Pages) {
        let report = &mut self.report;
        let (counted, devices) = match self.unfinished.take() {
            Some((counted, devices)) => {
                report.more_pages.pop();
                (counted.max(pages.counted), devices + pages.devices)
            }
            None => (pages.counted, pages.devices),
        };
        if pages.more {
            self.unfinished = Some((counted, devices));
            report.more_pages.push(name.to_owned());
        } else if let Some(counted) = counted.filter(|counted| *counted > devices) {
            report.too_few.push(TooFew { file: name.to_owned(), counted, devices });
        }
        if let Some(property) = pages.ignored_filter {
            report.ignored_filters.push((name.to_owned(), property));
        }
    }

    /// What was read.
    pub(super) fn finish(self) -> IntakeReport {
        self.report
    }
}

/// Adds the columns of one more file; a column is missing if any file lacks it, and a fact is
/// unknown if no file can tell it.
fn merge_columns(all: &mut Columns, one: &Columns, first: bool) {
    let add = |all: &mut Vec<String>, one: &[String]| {
        for name in one {
            if !all.contains(name) {
                all.push(name.clone());
            }
        }
    };
    add(&mut all.recognised, &one.recognised);
    add(&mut all.ignored, &one.ignored);
    for missing in &one.missing {
        if !all.missing.contains(missing) {
            all.missing.push(*missing);
        }
    }
    let unknown = one.unknown.iter().filter(|fact| first || all.unknown.contains(*fact));
    all.unknown = unknown.collect();
}
