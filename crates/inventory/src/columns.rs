//! Which columns a file has, and what they mean.

pub(crate) mod facts;
mod refusal;

use std::collections::HashMap;

use eligibility::facts::{FactName, FactSet};

use crate::error::{Found, OtherTable, shortened};
use crate::format::Format;
use crate::problems::Content;
use crate::reader::records::Record;
use crate::source::intune::header::{Column, HEADERS, Header, column};
use crate::source::{intune, tidy as tidy_source};
pub use facts::{JoinKey, Purpose};
pub(crate) use refusal::refuse_foreign;
use refusal::{check_own, first, foreign};

use crate::spelling::{Folded, name_key};

/// The columns of a file: those that are read, ignored and missing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Columns {
    /// The columns that are read, named and ordered as in the file.
    pub recognised: Vec<String>,
    /// The columns that are not read, named and ordered as in the file.
    pub ignored: Vec<String>,
    /// Those of the ignored columns whose names are not known: they may say anything.
    pub not_understood: Vec<String>,
    /// The columns that the format may have and the file has not.
    pub missing: Vec<MissingColumn>,
    /// The facts that no column of the file can make known.
    pub unknown: FactSet,
}

/// A column that a file does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MissingColumn {
    /// Its usual name.
    pub name: &'static str,
    /// The facts that are unknown, or known less often, because of that.
    pub facts: FactSet,
}

/// A column of Intune's exports that is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownColumn {
    /// Its names; the portal's is the first.
    pub names: &'static [&'static str],
    /// The facts that it says something about; none if it only identifies or dates a row.
    pub facts: FactSet,
}

impl KnownColumn {
    /// Returns all such columns.
    pub fn all() -> impl Iterator<Item = Self> {
        HEADERS.iter().map(|header| Self { names: header.names, facts: header.facts() })
    }
}

impl Columns {
    /// Returns the facts that a recognised column says something about; none if it only identifies
    /// or dates a row. Two rows with the same cells in all other recognised columns have the same
    /// facts.
    pub fn facts_of(name: &str) -> FactSet {
        match (name.parse::<FactName>(), column(name)) {
            (Ok(fact), _) => [fact].into_iter().collect(),
            (Err(_), Some((column, _))) => HEADERS[column as usize].facts(),
            (Err(_), None) => FactSet::EMPTY,
        }
    }
}

/// The position of each column, by [`Column`], in an Intune export; or of each fact, by
/// [`FactName`], in a tidy CSV.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    pub(crate) format: Format,
    /// The number of cells of a row.
    pub(crate) width: usize,
    /// The byte that separates the cells of a table of text.
    pub(crate) delimiter: u8,
    /// The byte that ends the rows of a table of text: a line feed, or a carriage return alone.
    pub(crate) line_end: u8,
    columns: [Option<usize>; HEADERS.len()],
    /// True if a column has a name under which numbers of an enum are written.
    coded: [bool; HEADERS.len()],
    /// The columns that say the same as another under another name.
    twins: [Option<usize>; HEADERS.len()],
    facts: [Option<usize>; FactName::ALL.len()],
    /// By what a facts file identifies devices, and what else names those whose cell is blank; nothing
    /// for an inventory.
    join_keys: Vec<JoinKey>,
    /// True if a column without a name separates the table from another one beside it.
    has_gap: bool,
    /// The positions of the columns that are carried along; `None` for one that the file does not
    /// have.
    pub(crate) carried: Vec<Option<usize>>,
}

impl Layout {
    fn empty(format: Format, width: usize) -> Self {
        Self {
            format,
            width,
            delimiter: b',',
            line_end: b'\n',
            columns: [None; HEADERS.len()],
            coded: [false; HEADERS.len()],
            twins: [None; HEADERS.len()],
            facts: [None; FactName::ALL.len()],
            join_keys: Vec::new(),
            has_gap: false,
            carried: Vec::new(),
        }
    }

    /// Makes columns the keys of a facts file: the first two that it has. Their texts take the place
    /// of ids and names, which a batch has.
    fn set_join_keys(&mut self, keys: &[JoinKey]) {
        self.join_keys = keys.iter().take(2).copied().collect();
        let columns: Vec<_> = self.join_keys.iter().map(|key| self.column(key.column())).collect();
        for column in [Column::DeviceId, Column::DeviceName] {
            self.columns[column as usize] = None;
        }
        for (place, column) in self.key_places().iter().zip(columns) {
            self.columns[*place as usize] = column;
        }
    }

    /// Gives columns their cells of an object.
    fn give_cells(&mut self, wanted: impl Fn(&Header) -> bool) {
        for header in HEADERS.iter().filter(|header| wanted(header)) {
            let index = header.column as usize;
            self.columns[index] = Some(index);
            self.coded[index] = header.coded();
            self.twins[index] = object_twin(header.column);
        }
    }

    /// Gives each fact a cell of an object.
    fn give_fact_cells(&mut self) {
        for (index, slot) in self.facts.iter_mut().enumerate() {
            *slot = Some(OBJECT_CELLS + index);
        }
    }

    /// By what a facts file identifies devices, and what else names those whose cell is blank; nothing
    /// for an inventory.
    pub(crate) fn join_keys(&self) -> &[JoinKey] {
        &self.join_keys
    }

    /// Returns the columns whose places the keys of a facts file take, in the order of the keys.
    fn key_places(&self) -> &'static [Column] {
        match self.join_keys[..] {
            [JoinKey::DeviceId] => &[Column::DeviceId],
            [_] => &[Column::DeviceName],
            _ => &[Column::DeviceId, Column::DeviceName],
        }
    }

    /// Returns the position of the column by which a facts file identifies devices.
    pub(crate) fn key_column(&self) -> Option<usize> {
        self.column(self.key_places()[0])
    }

    /// Lists the names by whether they are read.
    fn sort_columns(&self, names: &[&str], columns: &mut Columns) {
        for (index, name) in names.iter().enumerate() {
            if self.reads(index) {
                columns.recognised.push((*name).to_owned());
                continue;
            }
            columns.ignored.push((*name).to_owned());
            if !name.is_empty() && !intune::is_known(name) && !tidy_source::is_known(name) {
                columns.not_understood.push((*name).to_owned());
            }
        }
    }

    /// Returns true if anything is read from the column at a position.
    pub(crate) fn reads(&self, position: usize) -> bool {
        let at = Some(position);
        self.columns.contains(&at) || self.twins.contains(&at) || self.facts.contains(&at)
    }

    /// Returns the position of a column, if the file has it.
    pub(crate) fn column(&self, column: Column) -> Option<usize> {
        self.columns[column as usize]
    }

    /// Returns true if a row can have a key.
    pub(crate) fn has_keys(&self) -> bool {
        let columns = [Column::DeviceId, Column::SerialNumber];
        columns.iter().any(|column| self.column(*column).is_some())
    }

    /// Returns true if a column says which device a row is about.
    pub(crate) fn names_devices(&self) -> bool {
        self.has_keys() || self.column(Column::DeviceName).is_some()
    }

    /// Returns true if the table may be beside another one, and identifies the device that a row is
    /// about.
    pub(crate) fn may_stand_beside(&self) -> bool {
        self.has_gap && self.names_devices()
    }

    /// Returns true if a row belongs to the table beside this one: it has no text in any column that is
    /// read.
    pub(crate) fn is_of_table_beside(&self, record: &Record) -> bool {
        self.may_stand_beside() && self.read().all(|position| record.cell(position).is_empty())
    }

    /// Returns the positions of the columns that are read.
    pub(crate) fn read(&self) -> impl Iterator<Item = usize> {
        self.columns.iter().chain(&self.twins).chain(&self.facts).copied().flatten()
    }

    /// Returns true if a column may hold numbers of an enum.
    pub(crate) fn is_coded(&self, column: Column) -> bool {
        self.coded[column as usize]
    }

    /// Returns the position of the column that says the same by the number of an enum.
    pub(crate) fn twin(&self, column: Column) -> Option<usize> {
        self.twins[column as usize]
    }

    /// Returns the position of the column that says the same as the column at a position.
    pub(crate) fn twin_of(&self, position: usize) -> Option<usize> {
        let index = self.columns.iter().position(|column| *column == Some(position))?;
        self.twins[index]
    }

    /// Returns the position of the column that names the platform, if it is the only one.
    pub(crate) fn only_platform(&self) -> Option<usize> {
        let os = self.column(Column::Os).or(self.fact(FactName::Platform))?;
        let added = self.fact(FactName::Platform).filter(|position| *position != os);
        let other = self.twin(Column::Os).or(self.column(Column::EnrollmentType)).or(added);
        other.is_none().then_some(os)
    }

    /// Returns the content of the column at a position, which is one that is read.
    pub(crate) fn content(&self, position: usize) -> Content {
        let at = Some(position);
        if let Some(index) = self.facts.iter().position(|fact| *fact == at) {
            return Content::Fact(FactName::ALL[index]);
        }
        let own = self.columns.iter().position(|column| *column == at);
        let twin = || self.twins.iter().position(|twin| *twin == at);
        let index = own.or_else(twin).expect("only columns that are read are asked for");
        let coded = own.is_none() || self.coded[index];
        Content::Column { column: HEADERS[index].column, coded }
    }

    /// Returns true if a column was added to those that say a fact.
    pub(crate) fn is_any_beside(&self) -> bool {
        FactName::ALL.iter().any(|fact| self.is_beside(*fact))
    }

    /// Returns for each carried column whether the file has it.
    pub(crate) fn has_carried(&self) -> Vec<bool> {
        self.carried.iter().map(Option::is_some).collect()
    }

    /// Returns true if any column is named after a fact.
    pub(crate) fn has_facts(&self) -> bool {
        self.facts.iter().any(Option::is_some)
    }

    /// Returns true if a column named after a fact was added to an export that says the fact in
    /// columns of its own, too, or may.
    pub(crate) fn is_beside(&self, fact: FactName) -> bool {
        let pair = matches!(fact, FactName::Platform | FactName::Management);
        let own =
            |header: &Header| self.column(header.column).is_some() && header.facts().contains(fact);
        let exported = self.format != Format::Tidy && self.join_keys.is_empty();
        exported && self.fact(fact).is_some() && (pair || HEADERS.iter().any(own))
    }

    /// Returns the position of a column that is named after a fact.
    pub(crate) fn fact(&self, fact_name: FactName) -> Option<usize> {
        self.facts[fact_name as usize]
    }
}

/// Returns the positions of columns, named as in a header but for case, spaces and punctuation; the
/// very name comes first.
pub(crate) fn positions(columns: &[String], header: &[String]) -> Vec<Option<usize>> {
    let (mut very, mut same) = (HashMap::new(), HashMap::new());
    for (position, name) in header.iter().enumerate() {
        very.entry(name).or_insert(position);
        same.entry(name_key(name)).or_insert(position);
    }
    let position = |name: &String| very.get(name).or_else(|| same.get(&name_key(name))).copied();
    columns.iter().map(position).collect()
}

/// The number of cells of a device that was read from an object: one for each column, and one for
/// each [twin](object_twin).
pub(crate) const OBJECT_CELLS: usize = HEADERS.len() + 4;

/// The number of cells with one for each fact behind them.
pub(crate) const ALL_CELLS: usize = OBJECT_CELLS + FactName::ALL.len();

/// Returns the position of the cell of an object that says the same as a column.
pub(crate) fn object_twin(column: Column) -> Option<usize> {
    let coded = HEADERS.iter().filter(|header| header.coded());
    let at = coded.map(|header| header.column).position(|coded| coded == column);
    at.map(|at| HEADERS.len() + at)
}

/// Recognises the properties of an object; `any` says whether there is one at all.
pub(crate) fn recognise_object(
    purpose: Purpose,
    names: &[&str],
    any: bool,
) -> Result<(Layout, Columns), Found> {
    if purpose == Purpose::Facts {
        return facts_object(names);
    }
    refuse_foreign(names)?;
    let mut layout = Layout::empty(Format::Graph, names.len());
    let mut columns = portal(names, &mut layout)?;
    layout.sort_columns(names, &mut columns);
    if any && columns.unknown.len() == FactName::ALL.len() {
        return Err(Found::ForeignObject(first(names)));
    }
    if any {
        check_own(names, &layout, &columns)?;
    }
    // Objects need not have the same properties, so a device has a cell for every column.
    let mut layout = Layout::empty(Format::Graph, ALL_CELLS);
    layout.give_cells(|_| true);
    if names.iter().any(|name| is_added(name)) {
        layout.give_fact_cells();
    }
    Ok((layout, columns))
}

/// Returns true if a property of a device is named after a fact and is none of Intune's.
pub(crate) fn is_added(name: &str) -> bool {
    facts::added(name, || true).is_some()
}

/// Recognises the properties of an object of a facts file.
fn facts_object(names: &[&str]) -> Result<(Layout, Columns), Found> {
    let (named, columns) = facts::recognise(names, Format::Graph)?;
    let mut layout = Layout::empty(Format::Graph, ALL_CELLS);
    for key in named.join_keys() {
        layout.columns[key.column() as usize] = Some(key.column() as usize);
    }
    layout.set_join_keys(named.join_keys());
    layout.give_fact_cells();
    layout.give_cells(|header| facts::is_read(header.column));
    Ok((layout, columns))
}

/// Recognises a header.
pub(crate) fn recognise(purpose: Purpose, cells: &[&str]) -> Result<(Layout, Columns), Found> {
    if purpose == Purpose::Facts {
        return facts::recognise(cells, Format::Tidy);
    }
    refuse_foreign(cells)?;
    let mut layout = Layout::empty(Format::Portal, cells.len());
    let mut columns = if tidy_source::recognise(cells) {
        layout.format = Format::Tidy;
        tidy(cells, &mut layout)?
    } else {
        portal(cells, &mut layout)?
    };
    layout.sort_columns(cells, &mut columns);
    layout.has_gap = has_gap(cells);
    if columns.unknown.len() == FactName::ALL.len() {
        return Err(foreign(cells).into());
    }
    check_own(cells, &layout, &columns)?;
    Ok((layout, columns))
}

/// Returns true if a cell without a name is between others.
fn has_gap(cells: &[&str]) -> bool {
    let named = |cell: &&str| !cell.is_empty();
    let mut behind = cells.iter().skip_while(|cell| !named(cell)).skip_while(|cell| named(cell));
    behind.any(named)
}

fn tidy(cells: &[&str], layout: &mut Layout) -> Result<Columns, Found> {
    for (index, cell) in cells.iter().enumerate() {
        let identity = tidy_source::IDENTITY.iter().find(|(name, _)| name == cell);
        let slot = match (identity, cell.parse::<FactName>()) {
            (Some((_, column)), _) => &mut layout.columns[*column as usize],
            (None, Ok(fact_name)) => &mut layout.facts[fact_name as usize],
            (None, Err(_)) => continue,
        };
        claim(slot, index, cell)?;
    }
    // `Device ID` is an id here as well, unless there is a `device-id`.
    for (index, cell) in cells.iter().enumerate() {
        let Some((column, _)) = column(cell) else { continue };
        let identity = tidy_source::IDENTITY.iter().any(|(_, identity)| *identity == column);
        if identity && layout.columns[column as usize].is_none() {
            layout.columns[column as usize] = Some(index);
        }
    }
    let mut columns = Columns::default();
    for (name, column) in tidy_source::IDENTITY {
        if layout.column(column).is_none() {
            columns.missing.push(MissingColumn { name, facts: FactSet::EMPTY });
        }
    }
    for fact_name in
        FactName::ALL.iter().copied().filter(|fact_name| layout.fact(*fact_name).is_none())
    {
        columns.unknown.insert(fact_name);
        let facts = std::iter::once(fact_name).collect();
        columns.missing.push(MissingColumn { name: fact_name.as_str(), facts });
    }
    Ok(columns)
}

fn portal(cells: &[&str], layout: &mut Layout) -> Result<Columns, Found> {
    for (index, cell) in cells.iter().enumerate() {
        let beside = || layout.format == Format::Graph || has_another(cells, index);
        if let Some(fact) = facts::added(cell, beside) {
            claim(&mut layout.facts[fact as usize], index, cell)?;
        }
    }
    claim_columns(cells, layout, |_| true)?;
    let mut columns = Columns::default();
    let mut fed = FactSet::EMPTY;
    for header in &HEADERS {
        let facts = header.facts();
        if layout.column(header.column).is_some() {
            fed = fed.union(facts);
        } else if header.column != Column::Deleted {
            // Only the Data Warehouse has it; elsewhere deleted devices have no row.
            columns.missing.push(MissingColumn { name: header.names[0], facts });
        }
    }
    // A model alone says nothing: it only distinguishes iPads from iPhones.
    if layout.column(Column::Os).is_none() && layout.column(Column::EnrollmentType).is_none() {
        fed = fed.iter().filter(|fact_name| *fact_name != FactName::Platform).collect();
    }
    let added = FactName::ALL.iter().copied().filter(|fact| layout.fact(*fact).is_some());
    fed = fed.union(added.collect());
    columns.unknown =
        FactName::ALL.iter().copied().filter(|fact_name| !fed.contains(*fact_name)).collect();
    Ok(columns)
}

/// Finds the columns of Intune, and those that say the same as one of them.
fn claim_columns(
    cells: &[&str],
    layout: &mut Layout,
    wanted: impl Fn(Column) -> bool,
) -> Result<(), Found> {
    let mut ranks = [usize::MAX; HEADERS.len()];
    for (index, cell) in cells.iter().enumerate() {
        if layout.facts.contains(&Some(index)) {
            continue;
        }
        let Some((column, rank)) = column(cell).filter(|(column, _)| wanted(*column)) else {
            continue;
        };
        let slot = &mut layout.columns[column as usize];
        let best = &mut ranks[column as usize];
        if rank < *best {
            *slot = None;
            *best = rank;
        }
        if rank == *best {
            claim(slot, index, cell)?;
        }
    }
    for header in HEADERS.iter().filter(|header| header.coded() && wanted(header.column)) {
        find_twin(header, cells, ranks[header.column as usize], layout)?;
    }
    Ok(())
}

/// Returns true if another cell names the same column.
fn has_another(cells: &[&str], index: usize) -> bool {
    let Some((own, _)) = column(cells[index]) else { return false };
    let mut others = cells.iter().enumerate().filter(|(other, _)| *other != index);
    others.any(|(_, cell)| column(cell).is_some_and(|(other, _)| other == own))
}

/// Finds the column that says the same as a column that is read.
fn find_twin(
    header: &Header,
    cells: &[&str],
    rank: usize,
    layout: &mut Layout,
) -> Result<(), Found> {
    layout.coded[header.column as usize] = rank > 0;
    let facts = layout.facts;
    let own = cells.iter().enumerate().filter(|(index, _)| !facts.contains(&Some(*index)));
    let ranked = own.filter_map(|(index, cell)| {
        let found = header.rank(Folded::of(cell)?)?;
        (rank == 0 && found > 0).then_some((found, index))
    });
    let ranked: Vec<_> = ranked.collect();
    let Some(best) = ranked.iter().map(|(found, _)| *found).min() else { return Ok(()) };
    for (_, index) in ranked.iter().filter(|(found, _)| *found == best) {
        claim(&mut layout.twins[header.column as usize], *index, cells[*index])?;
    }
    Ok(())
}

fn claim(slot: &mut Option<usize>, index: usize, name: &str) -> Result<(), Found> {
    match slot.replace(index) {
        None => Ok(()),
        Some(first) => {
            Err(OtherTable::DuplicateColumn(shortened(name.as_bytes()), first + 1, index + 1)
                .into())
        }
    }
}

#[cfg(test)]
mod tests;
