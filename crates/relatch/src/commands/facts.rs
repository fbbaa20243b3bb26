//! `--facts FILE`: what facts files say of the devices of inventories.

use std::num::NonZero;
use std::path::{Path, PathBuf};

use inventory::{
    DeviceKey, FactsRows, FactsTable, Found, Held, Holders, Inventory, JoinKey, Joined,
    JoinedFacts, Problems, Purpose, Rejection, shortened,
};

use super::inventories::ReadInventories;
use crate::error::Error;
use crate::files::{self, InputFile, Source};
use crate::present::problems::{ProblemList, Remark};
use crate::present::redaction;
use crate::progress::Watched;
use crate::report::joined::{Contradiction, JoinedReport};

/// Facts files that were read.
#[derive(Default)]
pub(super) struct FactsFiles {
    files: Vec<FactsFile>,
    tables: Vec<FactsTable>,
}

struct FactsFile {
    path: PathBuf,
    name: String,
    /// The name of the key column, as the file spells it.
    key_column: String,
    ignored: Vec<String>,
    rejected: u64,
    first_rejection: Option<Rejection>,
    problems: Problems,
}

impl FactsFiles {
    /// Reads facts files.
    pub(super) fn read(paths: &[PathBuf], threads: NonZero<usize>) -> Result<Self, Error> {
        let mut all = Self::default();
        for path in paths {
            let (file, table) = read(path, threads)?;
            all.files.push(file);
            all.tables.push(table);
        }
        Ok(all)
    }

    /// Returns their content.
    pub(super) fn tables(&self) -> &[FactsTable] {
        &self.tables
    }

    /// Refuses an inventory that has no column for the key of a facts file.
    pub(super) fn refuse_without_key(
        &self,
        path: &Path,
        inventory: &Inventory<'_>,
    ) -> Result<(), Error> {
        let lacks = |(_, table): &(_, &FactsTable)| !inventory.identifies_by(table.key());
        let Some((file, table)) = self.files.iter().zip(&self.tables).find(lacks) else {
            return Ok(());
        };
        let (key, name) = (table.key(), files::input_name(path));
        Err(Error::Argument {
            message: format!(
                "`{}` names devices by {}, and `{name}` has no column for it",
                file.name,
                key.as_str()
            ),
            hint: format!(
                "export `{name}` with the column `{}`, or take the column `{}` out of `{}` if it \
                 has another one that names devices",
                key.header(),
                file.key_column,
                file.name
            ),
        })
    }

    /// Finds the keys that several devices of the inventories have, if there may be such keys. The
    /// inventories are read for it.
    pub(super) fn find_ambiguous(
        &mut self,
        inventories: &[InputFile],
        threads: NonZero<usize>,
        once: bool,
    ) -> Result<(), Error> {
        if !Holders::needed(&self.tables) {
            return Ok(());
        }
        if inventories.iter().any(|file| files::is_stream(&file.path)) {
            return Err(Error::Argument {
                message:
                    "facts by serial number or device name read inventories twice, and standard \
                          input or a pipe ends once"
                        .to_owned(),
                hint: "save it to a file first, or name devices by `Device ID` in the facts file"
                    .to_owned(),
            });
        }
        let mut held = Held::default();
        let mut read = ReadInventories::new(Some(threads), None, self, &[])?;
        let files = if once { read.once(inventories) } else { inventories.to_vec() };
        read.read_all(&files, &Holders::new(&self.tables), |_, part| {
            held.add(part);
            Ok(())
        })?;
        held.finish(&mut self.tables);
        Ok(())
    }

    /// Reports what was joined, and lists what was not if there is a list. The files are read again
    /// for the rows that it names.
    pub(super) fn report(
        &self,
        joined: &[JoinedFacts],
        mut list: Option<&mut ProblemList>,
    ) -> Result<Vec<JoinedReport>, Error> {
        let mut reports = Vec::new();
        for ((file, table), joined) in self.files.iter().zip(&self.tables).zip(joined) {
            let matched = joined.matched(table);
            let rows = table.rows() + file.rejected;
            let mut report = JoinedReport {
                file: file.name.clone(),
                key: table.key(),
                facts: table.facts(),
                rows,
                matched,
                unmatched: rows - matched,
                no_key: table.no_key(),
                ambiguous: JoinedFacts::ambiguous(table),
                rejected: file.rejected,
                repeated: table.repeated(),
                repeated_contradictions: table.contradictory(),
                contradictions: joined.contradictions(),
                ignored: file.ignored.clone(),
                problems: file.problems.clone(),
                first_rejection: file.first_rejection.clone(),
                first_unmatched: None,
                first_contradiction: None,
            };
            let all_joined = report.unmatched == 0 && report.contradictions == 0;
            if !all_joined || report.repeated_contradictions > 0 || list.is_some() {
                Review { file, table, joined, report: &mut report, list: list.as_deref_mut() }
                    .read()?;
            }
            reports.push(report);
        }
        Ok(reports)
    }
}

/// Reads a facts file.
fn read(path: &Path, threads: NonZero<usize>) -> Result<(FactsFile, FactsTable), Error> {
    let name = files::input_name(path);
    if files::is_stream(path) {
        return Err(Error::Argument {
            message: format!("`--facts` reads files twice, and `{name}` ends once"),
            hint: "save it to a file first".to_owned(),
        });
    }
    let inventory = open(path)?;
    let columns = inventory.columns();
    let mut table = FactsTable::new(&inventory).expect("it was opened for its facts");
    let key_column = inventory.key_column().unwrap_or(table.key().header()).to_owned();
    let ignored = columns.ignored.clone();
    let (mut rejected, mut first_rejection) = (0, None);
    let read = inventory.read(threads, &table.sink(), |mut chunk| {
        redaction::hide(&mut chunk.problems, &mut chunk.rejections);
        table.add(&chunk.partial);
        rejected += chunk.rejections.len() as u64;
        first_rejection = first_rejection.take().or(chunk.rejections.into_iter().next());
        Ok::<(), Error>(())
    });
    let totals = read.map_err(|stop| Error::stopped(path, stop))?;
    if totals.counts.read == 0 {
        let source = Found::NoDevices.into();
        return Err(Error::NotAnInventory { path: path.to_owned(), source });
    }
    let mut problems = totals.problems;
    redaction::hide_all(&mut problems);
    let file = FactsFile {
        path: path.to_owned(),
        name,
        key_column,
        ignored,
        rejected,
        first_rejection,
        problems,
    };
    Ok((file, table))
}

fn open(path: &Path) -> Result<Inventory<'static>, Error> {
    let Source { input, length, .. } = files::open_for(Purpose::Facts, path)?;
    Inventory::open_for(Purpose::Facts, Watched::new(input, &files::input_name(path), length))
        .map_err(|error| Error::not_opened(path, error))
}

/// A second look at a facts file, for the rows with something to say of.
struct Review<'r> {
    file: &'r FactsFile,
    table: &'r FactsTable,
    joined: &'r JoinedFacts,
    report: &'r mut JoinedReport,
    list: Option<&'r mut ProblemList>,
}

impl Review<'_> {
    fn read(mut self) -> Result<(), Error> {
        let path = &self.file.path;
        let inventory = open(path)?;
        let sink = self.table.sink_with_texts();
        let mut number = 0;
        let read = inventory.read(NonZero::<usize>::MIN, &sink, |mut chunk| {
            redaction::hide(&mut chunk.problems, &mut chunk.rejections);
            if let Some(list) = &mut self.list {
                list.append(&self.file.name, &chunk.problems, &chunk.rejections)?;
            }
            let rejected: Vec<u64> = chunk.rejections.iter().map(|one| one.row).collect();
            self.rows(&chunk.partial, &rejected, &mut number)
        });
        read.map(|_| ()).map_err(|stop| Error::stopped(path, stop))
    }

    /// Looks at the next rows; `number` is that of the last row before, `rejected` are those among
    /// them that were rejected.
    fn rows(&mut self, rows: &FactsRows, rejected: &[u64], number: &mut u64) -> Result<(), Error> {
        let mut rejected = rejected.iter().copied().peekable();
        let mut next = |number: &mut u64| {
            *number += 1;
            while rejected.next_if_eq(number).is_some() {
                *number += 1;
            }
            *number
        };
        for ((by, key, text), facts) in rows.keys().zip(rows.facts()) {
            let row = next(number);
            self.row(row, (by, key), text, facts)?;
        }
        // Rejected rows may end a chunk.
        *number += rejected.count() as u64;
        Ok(())
    }

    fn row(
        &mut self,
        row: u64,
        (by, key): (JoinKey, Option<DeviceKey>),
        text: &str,
        facts: &eligibility::facts::Facts,
    ) -> Result<(), Error> {
        let noun = by.as_str();
        match self.joined.outcome(self.table, key) {
            Joined::NoKey => self.unmatched(row, text, &format!("a {noun}"))?,
            Joined::NoDevice => {
                self.unmatched(row, text, &format!("the {noun} of a device of the inventory"))?;
            }
            Joined::SeveralDevices => {
                self.unmatched(row, text, &format!("a {noun} that one device has"))?;
            }
            Joined::Device(contradictions) => {
                for (fact, against) in contradictions {
                    let Some(said) = fact.fact_text(facts.get(fact)) else { continue };
                    let against = fact.fact_text(against);
                    let expected = match &against {
                        Some(against) => format!("`{against}`, which another source says"),
                        None => "a value that fits the other sources".to_owned(),
                    };
                    self.remark(row, fact.as_str(), &said, &expected)?;
                    let first = Contradiction { row, fact, said, against };
                    self.report.first_contradiction.get_or_insert(first);
                }
            }
        }
        for fact in JoinedFacts::contradictory(self.table, key).iter() {
            let Some(said) = fact.fact_text(facts.get(fact)) else { continue };
            self.remark(
                row,
                fact.as_str(),
                &said,
                &format!("the same in all rows with this {noun}"),
            )?;
        }
        Ok(())
    }

    fn unmatched(&mut self, row: u64, text: &str, expected: &str) -> Result<(), Error> {
        let text = &*shortened(redaction::pseudonym(text).as_bytes());
        self.report.first_unmatched.get_or_insert_with(|| (row, text.to_owned()));
        let column = self.file.key_column.clone();
        self.remark(row, &column, text, expected)
    }

    fn remark(&mut self, row: u64, column: &str, text: &str, expected: &str) -> Result<(), Error> {
        let Some(list) = &mut self.list else { return Ok(()) };
        list.add_remark(&self.file.name, Remark { row, column, text, expected })
    }
}
