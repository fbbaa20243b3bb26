//! Reading one inventory after the other, with what a report says about the reading.

use std::collections::HashSet;
use std::fs::File;
use std::io::Read;
use std::num::NonZero;
use std::path::{Path, PathBuf};

use fleet::SetAside;
use inventory::{
    CellProblem, Columns, Format, Found, Input, Inventory, JoinedFacts, KeyCounts, OtherTable,
    Pages, PassedOver, Rejection, RowLimit, Sink, Totals, is_same_name,
};

use super::carried::Carried;
use super::facts::FactsFiles;
use crate::args::InventoryArguments;
use crate::error::Error;
use crate::files::{self, InputFile, Output, Report, Source};
use crate::policies;
use crate::present::devices;
use crate::present::problems::ProblemList;
use crate::present::redaction;
use crate::present::wording::number;
use crate::progress::Watched;
use crate::report::inventories::{
    AtRowLimit, DuplicatesReport, HiddenRows, IgnoredFilter, InventoriesReport, LeftOut,
    SetAsideRows, TooFew, Windows1252,
};

/// The name of a device list of relatch where it is left out.
const OWN_LIST: &str = "a device list of relatch";

/// The number of rejected rows a report shows; all are counted.
const SHOWN_REJECTIONS: usize = 10;

/// Begins the report of a command that reads inventories, unless an output is one of the inventories or
/// another file that is read, or two outputs are one file. The outputs are the report and a list of devices.
///
/// A device list of relatch that only a folder or a pattern names is not read, so another list may
/// replace it.
pub(super) fn begin_report(
    inventories: &[InputFile],
    arguments: &InventoryArguments,
    policies: &[&str],
    other: Option<&Path>,
    [out, list]: [Option<&Path>; 2],
) -> Result<Report, Error> {
    let named = [("--devices", list), ("--problems", arguments.problems.as_deref())];
    let named = named.into_iter().filter(|(_, path)| path.is_some());
    let outputs = std::iter::once(("--out", out)).chain(named);
    let outputs: Vec<_> = outputs.map(|(option, path)| Output { option, path }).collect();
    let read = |file: &&InputFile| file.named || !is_own_list(&file.path, &outputs);
    let inventories = inventories.iter().filter(read).map(|file| &*file.path);
    let policies: Vec<_> = policies.iter().flat_map(|name| policies::files(name)).collect();
    let others = policies.iter().chain(&arguments.facts).map(PathBuf::as_path).chain(other);
    files::keep_apart(inventories.chain(others), &outputs)?;
    Report::begin(out)
}

/// Returns true if a file is a device list of relatch, though only outputs are looked into.
fn is_own_list(path: &Path, outputs: &[Output<'_>]) -> bool {
    if files::keep_apart([path], outputs).is_ok() || !path.is_file() {
        return false;
    }
    if is_list_of_objects(path) {
        return true;
    }
    let Ok(source) = files::open(path) else { return false };
    Inventory::open(source.input).is_ok_and(|inventory| devices::is_list(inventory.columns()))
}

/// Returns true if a file begins as a device list of relatch with one JSON object a line, which is
/// no inventory.
fn is_list_of_objects(path: &Path) -> bool {
    let mut beginning = Vec::new();
    let read = path
        .is_file()
        .then(|| File::open(path).ok())
        .flatten()
        .map(|file| file.take(devices::OBJECT.len() as u64).read_to_end(&mut beginning));
    matches!(read, Some(Ok(_))) && beginning == devices::OBJECT
}

/// The findings about each single row, for a program that asks about each.
#[derive(Debug, Default)]
pub(crate) struct EachRow {
    /// The rows that each inventory has.
    pub(crate) rows: Vec<u64>,
    /// The rejected rows, each with the position of its inventory, in their order.
    pub(crate) rejections: Vec<(usize, Rejection)>,
    /// The cells of other rows that were not understood, in the order of rows.
    pub(crate) problems: Vec<(usize, CellProblem)>,
}

/// Inventories being read.
pub(super) struct ReadInventories<'f> {
    /// The facts joined to the devices.
    facts: &'f FactsFiles,
    threads: NonZero<usize>,
    /// The largest count and the devices of the pages so far, if the last of them names a next one.
    unfinished: Option<(Option<u64>, u64)>,
    /// The first inventory, and whether it is a device list that relatch wrote.
    first: Option<(PathBuf, bool)>,
    keyed: KeyCounts,
    /// The inventories that were read.
    paths: Vec<PathBuf>,
    /// The list of everything that was not understood.
    problems: Option<ProblemList>,
    /// The data kept of each row, on request.
    pub(super) each_row: Option<EachRow>,
    carried: Carried<'f>,
    report: InventoriesReport,
}

impl<'f> ReadInventories<'f> {
    /// Begins with nothing read; all processors work unless a number of threads is given. Everything that
    /// is not understood is listed in a file, if there is one; some columns may be carried along.
    pub(super) fn new(
        threads: Option<NonZero<usize>>,
        problems: Option<&Path>,
        facts: &'f FactsFiles,
        columns: &'f [String],
    ) -> Result<Self, Error> {
        Ok(Self {
            facts,
            threads: super::threads(threads),
            unfinished: None,
            first: None,
            keyed: KeyCounts::default(),
            paths: Vec::new(),
            problems: problems.map(ProblemList::begin).transpose()?,
            each_row: None,
            carried: Carried::new(columns),
            report: InventoriesReport::default(),
        })
    }

    /// Reads inventories to their ends; the partial results are given to `keep` in the order of
    /// rows, with the position of their inventory among those that are read.
    pub(super) fn read_all<H: Sink + Sync>(
        &mut self,
        files: &[InputFile],
        sink: &H,
        mut keep: impl FnMut(usize, H::Partial) -> Result<(), Error> + Send,
    ) -> Result<(), Error> {
        for (number, file) in (1..).zip(files) {
            self.read(file, number == files.len(), sink, &mut keep)?;
        }
        if self.report.files.is_empty() {
            return Err(no_inventory(&self.report.left_out));
        }
        self.carried.finish()
    }

    /// Reads an inventory. What only a folder or a pattern names and is none is left out; what is
    /// no regular file is not even opened, as a pipe may never end.
    fn read<H: Sink + Sync>(
        &mut self,
        file: &InputFile,
        is_last: bool,
        sink: &H,
        keep: impl FnMut(usize, H::Partial) -> Result<(), Error> + Send,
    ) -> Result<(), Error> {
        if let Some(found) = (!file.named).then(|| files::no_file(&file.path)).flatten() {
            self.leave_out(&file.path, found);
            return Ok(());
        }
        match self.read_file(file, is_last, sink, keep) {
            Err(Error::NotAnInventory { path, source }) if !file.named => {
                self.report.left_out.push(left_out(files::input_name(&path), source.found()));
                Ok(())
            }
            other => other,
        }
    }

    /// Leaves out a file that holds no devices.
    fn leave_out(&mut self, path: &Path, found: &str) {
        let (file, found) = (files::input_name(path), found.to_owned());
        self.report.left_out.push(LeftOut { file, found, may_hold_devices: false });
    }

    /// Leaves out a device list as objects, or refuses one that is named.
    fn refuse_objects(&mut self, file: &InputFile, name: &str) -> Result<(), Error> {
        if file.named {
            return Err(Error::Argument {
                message: format!("`{name}` is a device list of relatch as JSON objects"),
                hint: "plan the inventory that it came from, or a list in CSV or Parquet"
                    .to_owned(),
            });
        }
        self.leave_out(&file.path, OWN_LIST);
        Ok(())
    }

    fn read_file<H: Sink + Sync>(
        &mut self,
        file: &InputFile,
        is_last: bool,
        sink: &H,
        mut keep: impl FnMut(usize, H::Partial) -> Result<(), Error> + Send,
    ) -> Result<(), Error> {
        let path = &file.path;
        let name = files::input_name(path);
        if is_list_of_objects(path) {
            return self.refuse_objects(file, &name);
        }
        let Source { input, length, passed_over, hidden_rows } = files::open(path)?;
        let mut inventory = opened(path, Watched::new(input, &name, length))?;
        let list = devices::is_list(inventory.columns());
        if list && !file.named {
            self.leave_out(path, OWN_LIST);
            return Ok(());
        }
        self.refuse_mixture(path, list)?;
        self.facts.refuse_without_key(path, &inventory)?;
        self.carried.begin(path, &mut inventory, is_last)?;
        let position = self.paths.len();
        let (mut rejections, list_of_problems) = (Vec::new(), &mut self.problems);
        let mut rows = self.each_row.as_ref().map(|_| EachRow::default());
        let read = inventory.read(self.threads, sink, |mut chunk| {
            redaction::hide(&mut chunk.problems, &mut chunk.rejections);
            if let Some(list) = list_of_problems {
                list.append(&name, &chunk.problems, &chunk.rejections)?;
            }
            if let Some(rows) = &mut rows {
                let rejected = chunk.rejections.iter().cloned();
                rows.rejections.extend(rejected.map(|one| (position, one)));
                let problems = std::mem::take(&mut chunk.problems).into_iter();
                rows.problems.extend(problems.map(|one| (position, one)));
            }
            let room = SHOWN_REJECTIONS - rejections.len();
            rejections.extend(chunk.rejections.into_iter().take(room));
            keep(position, chunk.partial)
        });
        let mut totals = read.map_err(|stop| Error::stopped(path, stop))?;
        redaction::hide_all(&mut totals.problems);
        refuse_shortened(path, length)?;
        self.carried.end(&name, &totals);
        let graph = inventory.format() == Format::Graph;
        if let Some(found) =
            nothing(&inventory, &totals, &rejections, graph && self.unfinished.is_some())
        {
            return Err(Error::NotAnInventory { path: path.to_owned(), source: found.into() });
        }
        self.count_keys(&totals);
        if let (Some(all), Some(mut rows)) = (&mut self.each_row, rows) {
            all.rows.push(totals.counts.read);
            all.rejections.append(&mut rows.rejections);
            all.problems.append(&mut rows.problems);
        }
        let report = &mut self.report;
        merge_columns(&mut report.columns, inventory.columns(), report.files.is_empty());
        if list {
            report.columns.not_understood.retain(|name| !devices::is_own_column(name));
        }
        let room = SHOWN_REJECTIONS - report.rejections.len();
        let shown = rejections.into_iter().take(room);
        report.rejections.extend(shown.map(|rejection| (name.clone(), rejection)));
        report.rows += totals.counts.read;
        report.rejected += totals.counts.rejected;
        report.add_problems(&name, &totals.problems);
        if totals.counts.windows_1252 > 0 {
            let (inventory, texts) = (name.clone(), totals.counts.windows_1252);
            report.windows_1252.push(Windows1252 { inventory, texts });
        }
        report.check_ins.merge(&totals.check_ins);
        if graph {
            self.pages(&name, &totals.pages);
        }
        self.report.from_lists = list;
        self.unexpected_devices(&name, inventory.columns(), &totals, hidden_rows);
        for PassedOver { name: inner, found } in passed_over {
            let file = format!("{name}: {inner}");
            self.report.left_out.push(left_out(file, found.found()));
        }
        self.report.files.push(name);
        self.paths.push(path.clone());
        Ok(())
    }

    /// Takes note of an inventory that may have other devices than a reader expects: it is cut off, has
    /// exactly as many rows as a program gives at most, or rows that Excel does not show. An answer
    /// that counts its devices says itself whether it is whole.
    fn unexpected_devices(
        &mut self,
        name: &str,
        columns: &Columns,
        totals: &Totals,
        hidden_rows: u64,
    ) {
        if totals.truncated {
            self.report.truncated.push(name.to_owned());
        }
        if hidden_rows > 0 {
            let inventory = name.to_owned();
            self.report.hidden_rows.push(HiddenRows { inventory, rows: hidden_rows });
        }
        let limit = RowLimit::reached(columns, totals.counts.read);
        let whole = self.report.from_lists || totals.pages.counted.is_some();
        if let Some(RowLimit { rows, who }) = limit.filter(|_| !whole) {
            self.report.row_limits.push(AtRowLimit { inventory: name.to_owned(), rows, cut: who });
        }
    }

    /// Counts by what the devices of an inventory are recognised.
    fn count_keys(&mut self, totals: &Totals) {
        let keyed = totals.keyed;
        self.keyed.merge(keyed);
        // A file without a column for keys counts none of its rows.
        let counted = keyed.device_id + keyed.serial_number + keyed.none;
        self.keyed.none += totals.counts.understood - counted;
    }

    /// Refuses device lists of relatch beside inventories: they have the same devices.
    fn refuse_mixture(&mut self, path: &Path, list: bool) -> Result<(), Error> {
        let (first, first_is_list) = self.first.get_or_insert_with(|| (path.to_owned(), list));
        if *first_is_list == list {
            return Ok(());
        }
        let (list, inventory) = if list { (path, &**first) } else { (&**first, path) };
        let (list, inventory) = (files::input_name(list), files::input_name(inventory));
        Err(Error::Argument {
            message: format!("`{list}` is a device list of relatch, and `{inventory}` is not"),
            hint: "its devices would count twice: leave it out, or plan it alone".to_owned(),
        })
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
            report.too_few.push(TooFew { inventory: name.to_owned(), counted, devices });
        }
        if let Some(property) = pages.ignored_filter {
            report.ignored_filters.push(IgnoredFilter { inventory: name.to_owned(), property });
        }
    }

    /// Returns the files, but for those that were named before: the first stays, and is reported as
    /// the same.
    pub(super) fn once(&mut self, files: &[InputFile]) -> Vec<InputFile> {
        let (mut seen, mut once) = (HashSet::new(), Vec::new());
        for file in files {
            let path = file.path.canonicalize().unwrap_or_else(|_| file.path.clone());
            if seen.insert(path) {
                once.push(file.clone());
                continue;
            }
            let name = files::input_name(&file.path);
            if !self.report.named_again.contains(&name) {
                self.report.named_again.push(name);
            }
        }
        once
    }

    /// Returns the inventories that were read.
    pub(super) fn paths(&self) -> &[PathBuf] {
        &self.paths
    }

    /// Takes note of the rows that were set aside.
    pub(super) fn set_aside(&mut self, aside: &SetAside) {
        let report = &mut self.report;
        report.check_ins.subtract(aside.check_ins());
        let files = report.files.iter().zip(&aside.files).filter(|(_, rows)| **rows > 0);
        let files = files.map(|(name, rows)| SetAsideRows { inventory: name.clone(), rows: *rows });
        report.duplicates = Some(DuplicatesReport {
            rows: aside.rows,
            devices: aside.devices,
            contradictions: aside.contradictions,
            inventories: files.collect(),
            by_device_id: self.keyed.device_id,
            by_serial_number: self.keyed.serial_number,
            no_key: self.keyed.none,
        });
    }

    /// Takes note of what was joined. What facts files say is unknown no more.
    pub(super) fn join(&mut self, joined: &[JoinedFacts]) -> Result<(), Error> {
        let reports = self.facts.report(joined, self.problems.as_mut())?;
        for one in &reports {
            let unknown = self.report.columns.unknown.iter();
            let unknown = unknown.filter(|fact| !one.facts.contains(*fact));
            self.report.columns.unknown = unknown.collect();
            self.report.add_problems(&one.file, &one.problems);
        }
        self.report.joined = reports;
        Ok(())
    }

    /// Returns the inventories that were read, and what is to say of them and of each row. The list
    /// of problems is put in its place.
    pub(super) fn finish(
        mut self,
    ) -> Result<(Vec<PathBuf>, InventoriesReport, Option<EachRow>), Error> {
        self.report.problem_list = self.problems.map(ProblemList::finish).transpose()?;
        Ok((self.paths, self.report, self.each_row))
    }
}

/// Returns the error that none of the files in folders and of patterns is an inventory.
fn no_inventory(left_out: &[LeftOut]) -> Error {
    let shown = left_out.iter().take(3).map(|one| format!("`{}` is {}", one.file, one.found));
    let files = number(left_out.len(), "file", "files");
    Error::Argument {
        message: format!("there is no inventory among {files}"),
        hint: shown.collect::<Vec<_>>().join("; "),
    }
}

/// Returns a file that is left out.
fn left_out(file: String, found: &Found) -> LeftOut {
    let may_hold_devices = found.may_hold_devices();
    LeftOut { file, found: redaction::found(found), may_hold_devices }
}

/// Returns why a file whose header is that of an inventory is none after all. The last page of
/// Graph's answer may be an empty one.
fn nothing(
    inventory: &Inventory<'_>,
    totals: &Totals,
    rejections: &[Rejection],
    last_page: bool,
) -> Option<Found> {
    match rejections.first() {
        None if totals.counts.read == 0 && !last_page => Some(Found::NoDevices),
        Some(first) if totals.counts.understood == 0 => {
            Some(OtherTable::NothingUnderstood(totals.counts.read, Box::new(first.clone())).into())
        }
        _ => {
            let foreign = inventory.foreign_platforms(totals)?;
            Some(OtherTable::NothingUnderstood(totals.counts.read, Box::new(foreign)).into())
        }
    }
}

/// Opens an inventory that has all of its columns.
fn opened<'i>(path: &Path, input: impl Input + 'i) -> Result<Inventory<'i>, Error> {
    let inventory = Inventory::open(input).map_err(|error| Error::not_opened(path, error))?;
    refuse_divided(path, inventory.columns())?;
    Ok(inventory)
}

/// Refuses a file whose folders name the values of a column that it lacks: they would be lost.
fn refuse_divided(path: &Path, columns: &Columns) -> Result<(), Error> {
    let lacks = |name: &str| !columns.recognised.iter().any(|column| is_same_name(column, name));
    let mut names = files::columns_in_folders(path).into_iter();
    let lost = names.find(|name| !Columns::facts_of(name).is_empty() && lacks(name));
    lost.map_or(Ok(()), |name| {
        Err(Error::Argument {
            message: format!(
                "`{}` lacks the column `{name}`, which is in the name of a folder",
                path.display()
            ),
            hint: "write the column into the files as well: `WRITE_PARTITION_COLUMNS true` for \
                   `COPY … PARTITION_BY` in DuckDB"
                .to_owned(),
        })
    })
}

/// Refuses a file that became shorter while it was read: rows may be missing.
fn refuse_shortened(path: &Path, before: Option<u64>) -> Result<(), Error> {
    let now = path.metadata().map(|metadata| metadata.len());
    if before.is_some_and(|before| now.is_ok_and(|now| now < before)) {
        return Err(Error::Argument {
            message: format!("`{}` became shorter while it was read", path.display()),
            hint: "run it again when nothing writes to the file".to_owned(),
        });
    }
    Ok(())
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
    add(&mut all.not_understood, &one.not_understood);
    for missing in &one.missing {
        if !all.missing.contains(missing) {
            all.missing.push(*missing);
        }
    }
    let unknown = one.unknown.iter().filter(|fact| first || all.unknown.contains(*fact));
    all.unknown = unknown.collect();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_lost_bytes_since_it_was_opened_is_refused() {
        let file = tempfile::NamedTempFile::new().expect("a temporary file");
        std::fs::write(file.path(), "OS\nLinux\n").expect("it can be written");
        for (before, refused) in
            [(None, false), (Some(8), false), (Some(9), false), (Some(10), true)]
        {
            assert_eq!(refuse_shortened(file.path(), before).is_err(), refused, "{before:?}");
        }
    }
}
