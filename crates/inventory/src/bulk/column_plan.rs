//! The meaning of the cells of a column, as the plain reader interprets them.
//!
//! Nothing is decided here: a row is made up in which all cells are blank but those in question,
//! and the plain reader reads it.

use std::borrow::Cow;

use eligibility::facts::{Fact, FactName, FactSet, Facts, Value};

use crate::columns::Layout;
use crate::format::Format;
use crate::reader::records::Record;
use crate::row::text;
use crate::source;
use crate::source::intune::header::Column;
use crate::source::intune::management;
use crate::source::tidy;

/// The number of columns that may be understood together: five about the platform and the
/// management mode, two with facts of their own, and the twins of all that can have one.
pub(super) const TOGETHER: usize = 11;

/// The facts that narrow the management mode, each of which has a column of its own.
const NARROWING: [FactName; 2] = [FactName::Ownership, FactName::Supervised];

/// Which columns are looked at, and for what.
#[derive(Debug)]
pub(crate) struct ColumnPlan {
    layout: Layout,
    /// Columns that give one fact, whatever the others say.
    pub(crate) alone: Vec<(usize, FactName)>,
    /// Columns that give [`FactName::Platform`] and [`FactName::Management`] together, and those that
    /// must be compared with another.
    pub(crate) together: Vec<usize>,
    /// The other facts that the latter give.
    pub(super) compared: Vec<FactName>,
    /// The position of the model in `together`: it has many texts, but only two meanings.
    pub(super) model: Option<usize>,
    pub(super) id: Option<usize>,
    pub(super) name: Option<usize>,
    pub(super) carried: Vec<Option<usize>>,
    pub(super) check_in: Option<usize>,
    pub(super) serial_number: Option<usize>,
    /// All columns that are read, of a table that may be beside another one.
    pub(super) beside_another: Vec<usize>,
}

/// The meaning of a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Model {
    Other,
    Ipad,
}

/// The meaning of some cells, the others being blank.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Understood {
    pub(crate) facts: Facts,
    /// True if one of the cells is not understood.
    pub(crate) odd: bool,
}

impl Model {
    /// Returns any text that says this.
    pub(super) const fn example(self) -> &'static [u8] {
        match self {
            Self::Ipad => b"iPad",
            Self::Other => b"",
        }
    }

    pub(super) const ALL: [Self; 2] = [Self::Other, Self::Ipad];

    /// Returns the meaning of the bytes of a cell.
    pub(super) fn of(cell: &[u8]) -> Self {
        if source::intune::is_ipad(&unquoted(cell)) { Self::Ipad } else { Self::Other }
    }
}

impl ColumnPlan {
    pub(crate) fn new(layout: &Layout) -> Self {
        let at = |column: Column| layout.column(column);
        let (alone, together, model) = match layout.format {
            Format::Portal | Format::Graph | Format::Parquet => portal(layout),
            Format::Tidy => tidy(layout),
        };
        assert!(alone.len() + together.len() <= u32::BITS as usize, "a bit set has room");
        Self {
            alone,
            together,
            compared: Vec::new(),
            model,
            id: at(Column::DeviceId),
            name: at(Column::DeviceName),
            carried: layout.carried.clone(),
            check_in: at(Column::LastCheckIn),
            serial_number: at(Column::SerialNumber),
            beside_another: layout.read().filter(|_| layout.may_stand_beside()).collect(),
            layout: layout.clone(),
        }
    }

    /// Returns the plan of a table in which columns that say the same are compared when they are read.
    pub(super) fn with_twins(layout: &Layout) -> Self {
        let mut plan = Self::new(layout);
        for column in plan.together.clone() {
            plan.together.extend(layout.twin_of(column));
        }
        for (column, fact) in std::mem::take(&mut plan.alone) {
            match layout.twin_of(column) {
                Some(twin) => {
                    plan.together.extend([column, twin]);
                    plan.compared.push(fact);
                }
                None => plan.alone.push((column, fact)),
            }
        }
        assert!(plan.together.len() <= TOGETHER, "a key has room for them");
        plan
    }

    /// Returns the byte that separates cells.
    pub(super) fn delimiter(&self) -> u8 {
        self.layout.delimiter
    }

    /// Returns the facts that narrow the management mode, if that is projected.
    pub(super) fn narrowing(&self, projected: FactSet) -> FactSet {
        let narrows = self.layout.format != Format::Tidy;
        let asked = narrows && projected.contains(FactName::Management);
        NARROWING.into_iter().filter(|_| asked).collect()
    }

    /// Narrows the management mode of the facts of a whole row.
    pub(super) fn narrowed(&self, facts: Facts) -> Facts {
        match self.layout.format {
            Format::Tidy => facts,
            Format::Portal | Format::Graph | Format::Parquet => management::narrowed(facts),
        }
    }

    /// Returns the columns of the facts that narrow the management mode.
    #[cfg(feature = "parquet")]
    pub(crate) fn narrowing_columns(&self) -> impl Iterator<Item = usize> {
        let narrowing = self.narrowing([FactName::Management].into_iter().collect());
        let columns = self.alone.iter().filter(move |(_, fact)| narrowing.contains(*fact));
        columns.map(|(column, _)| *column)
    }

    /// Returns the byte that ends rows.
    pub(super) fn line_end(&self) -> u8 {
        self.layout.line_end
    }

    /// Returns the number of cells of a row.
    pub(super) fn width(&self) -> usize {
        self.layout.width
    }

    /// Returns the position of a column by its number among `alone` and then `together`.
    pub(super) fn position(&self, number: usize) -> usize {
        match number.checked_sub(self.alone.len()) {
            None => self.alone[number].0,
            Some(index) => self.together[index],
        }
    }

    /// Returns what a cell of a column says that gives one fact, by its number among `alone`, and
    /// whether it is not understood.
    pub(super) fn understand_alone(
        &self,
        number: usize,
        cell: &[u8],
    ) -> Option<(Fact<Value>, bool)> {
        let (column, fact) = self.alone[number];
        if self.layout.format == Format::Tidy {
            let said = tidy::fact(fact, &text(&unquoted(cell)));
            return Some((said.unwrap_or_default(), said.is_none()));
        }
        let Understood { facts, odd } = self.understand(&[(column, cell)])?;
        Some((facts.get(fact), odd))
    }

    /// Returns the meaning of a row that is blank but for these cells, which may be in quotes;
    /// `None` if such a row is rejected.
    pub(super) fn understand(&self, cells: &[(usize, &[u8])]) -> Option<Understood> {
        let cells: Vec<_> = cells.iter().map(|(column, cell)| (*column, unquoted(cell))).collect();
        self.understand_record(&Record::blank_but_for(&cells, self.width()))
    }

    /// Returns the meaning of a row that is blank but for these cells, whose quotes belong to them.
    #[cfg(feature = "parquet")]
    pub(crate) fn understand_as_they_are(&self, cells: &[(usize, &[u8])]) -> Option<Understood> {
        self.understand_record(&Record::blank_but_for(cells, self.width()))
    }

    fn understand_record(&self, record: &Record) -> Option<Understood> {
        let mut odd = Vec::new();
        let facts = source::read(&self.layout, record, &mut odd).ok()?;
        Some(Understood { facts, odd: !odd.is_empty() })
    }

    /// Returns the column that was added to those that say a fact.
    #[cfg(feature = "parquet")]
    pub(crate) fn beside(&self, fact: FactName) -> Option<usize> {
        self.layout.fact(fact).filter(|_| self.layout.is_beside(fact))
    }

    /// Returns the column that says the same as another.
    #[cfg(feature = "parquet")]
    pub(crate) fn twin(&self, column: usize) -> Option<usize> {
        self.layout.twin_of(column)
    }
}

type Columns = (Vec<(usize, FactName)>, Vec<usize>, Option<usize>);

fn portal(layout: &Layout) -> Columns {
    let alone = [
        (Column::OsVersion, FactName::OsVersion),
        (Column::Ownership, FactName::Ownership),
        (Column::Supervised, FactName::Supervised),
        (Column::Encrypted, FactName::Encrypted),
        (Column::UnlockToken, FactName::UnlockToken),
        (Column::DeviceState, FactName::ManagementState),
        (Column::JoinType, FactName::AzureAdJoined),
    ];
    let alone =
        alone.iter().filter_map(|(column, fact_name)| Some((layout.column(*column)?, *fact_name)));
    // Columns that were added and say what no other says; the others are compared row by row.
    let added = FactName::ALL.iter().filter(|fact| !layout.is_beside(**fact));
    let alone = alone.chain(added.filter_map(|fact| Some((layout.fact(*fact)?, *fact))));
    let mut together: Vec<_> =
        [Column::Os, Column::ManagedBy, Column::EnrollmentType, Column::Deleted]
            .iter()
            .filter_map(|column| layout.column(*column))
            .collect();
    let model = layout.column(Column::Model).map(|column| {
        together.push(column);
        together.len() - 1
    });
    (alone.collect(), together, model)
}

fn tidy(layout: &Layout) -> Columns {
    let pair = [FactName::Platform, FactName::Management];
    let alone = FactName::ALL.iter().filter(|fact_name| !pair.contains(fact_name));
    let alone =
        alone.filter_map(|fact_name| Some((layout.fact(*fact_name)?, *fact_name))).collect();
    let together = pair.iter().filter_map(|fact_name| layout.fact(*fact_name)).collect();
    (alone, together, None)
}

/// Returns the content of a cell whose quotes, if it has any, are around the whole of it.
pub(super) fn unquoted(cell: &[u8]) -> Cow<'_, [u8]> {
    let Some(inner) = cell.strip_prefix(b"\"").and_then(|rest| rest.strip_suffix(b"\"")) else {
        return Cow::Borrowed(cell);
    };
    if !inner.contains(&b'"') {
        return Cow::Borrowed(inner);
    }
    let mut content = Vec::with_capacity(inner.len());
    let mut bytes = inner.iter();
    while let Some(byte) = bytes.next() {
        content.push(*byte);
        if *byte == b'"' {
            // The second of two quotes.
            bytes.next();
        }
    }
    Cow::Owned(content)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_are_taken_off() {
        for (cell, content) in
            [("", ""), ("a", "a"), ("\"\"", ""), ("\"a,b\"", "a,b"), ("\"a\"\"b\"\"\"", "a\"b\"")]
        {
            assert_eq!(unquoted(cell.as_bytes()), content.as_bytes(), "{cell}");
        }
    }

    #[test]
    fn an_example_of_a_model_says_what_it_is_an_example_of() {
        for model in Model::ALL {
            assert_eq!(Model::of(model.example()), model);
        }
    }
}
