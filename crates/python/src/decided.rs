//! The decisions as a table of Arrow: a row for each row of the inventories, in their order.

use std::sync::Arc;

use arrow_array::builder::LargeStringBuilder;
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::types::Int32Type;
use arrow_array::{
    ArrayRef, DictionaryArray, Int32Array, RecordBatch, RecordBatchIterator, StringArray,
    UInt32Array, UInt64Array,
};
use arrow_schema::{Field, Schema, SchemaRef};
use inventory::{CellProblem, Rejection};
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use relatch::embedded::{Cells, Decided, Decider, Place};

/// A table of Arrow.
#[pyclass(frozen)]
pub(crate) struct Table {
    schema: SchemaRef,
    columns: Vec<ArrayRef>,
    problems: Vec<Problem>,
}

/// A rejected row, or a cell that was not understood.
#[derive(Clone, Debug)]
struct Problem {
    inventory: usize,
    row: u64,
    column: Option<String>,
    text: String,
    expected: String,
    suggestion: Option<&'static str>,
    rejected: bool,
}

/// The columns before those of the decision.
const OWN: [&str; 7] =
    ["inventory", "row", "device-id", "device-name", "last-check-in", "status", "problem"];

impl Table {
    /// Makes a table of what was decided.
    pub(crate) fn new(decided: &Decided) -> Self {
        let places = decided.places();
        let problems = problems(decided);
        let rows = || {
            let rows = decided.rows().iter().enumerate();
            rows.flat_map(|(at, rows)| (1..=*rows).map(move |row| (at, row)))
        };
        let inventories: UInt32Array =
            rows().map(|(at, _)| u32::try_from(at).unwrap_or(u32::MAX)).collect();
        let numbers: UInt64Array = rows().map(|(_, row)| row).collect();
        let mut columns: Vec<ArrayRef> = vec![Arc::new(inventories), Arc::new(numbers)];
        for texts in decided.own() {
            columns.push(own(&texts, &places));
        }
        columns.push(statuses(&places));
        columns.push(sentences(&problems, rows(), places.len()));
        let cells = decided.columns();
        // Without a device no column has a cell.
        let blank = (Vec::new(), Vec::new());
        let cells = cells.iter().chain(std::iter::repeat(&blank));
        columns.extend(cells.take(Decider::columns().len()).map(|cells| words(cells, &places)));
        let names = OWN.into_iter().chain(Decider::columns());
        let field = |(name, column): (&str, &ArrayRef)| {
            let always = matches!(name, "inventory" | "row" | "status");
            Field::new(name, column.data_type().clone(), !always)
        };
        let fields: Vec<_> = names.zip(&columns).map(field).collect();
        Self { schema: Arc::new(Schema::new(fields)), columns, problems }
    }

    fn stream(&self) -> FFI_ArrowArrayStream {
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), self.columns.clone());
        let schema = Arc::clone(&self.schema);
        FFI_ArrowArrayStream::new(Box::new(RecordBatchIterator::new([batch], schema)))
    }
}

#[pymethods]
impl Table {
    /// The table as a stream of Arrow.
    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        // The interface allows to ignore a schema that cannot be had.
        drop(requested_schema);
        PyCapsule::new_with_value(py, self.stream(), c"arrow_array_stream")
    }

    fn __len__(&self) -> usize {
        self.columns[0].len()
    }

    /// The names of the columns.
    #[getter]
    fn column_names(&self) -> Vec<String> {
        self.schema.fields().iter().map(|field| field.name().clone()).collect()
    }

    /// Rejected rows and cells that were not understood: position of the inventory, row, column,
    /// text, what was expected, a suggestion, and whether the row was rejected.
    #[expect(clippy::type_complexity, reason = "Python gives the parts their names")]
    fn problems(
        &self,
    ) -> Vec<(usize, u64, Option<String>, String, String, Option<&'static str>, bool)> {
        let problems = self.problems.iter().cloned();
        problems
            .map(|one| {
                let Problem { inventory, row, column, text, expected, suggestion, rejected } = one;
                (inventory, row, column, text, expected, suggestion, rejected)
            })
            .collect()
    }
}

/// Returns the rejected rows and the cells that were not understood, in the order of rows.
fn problems(decided: &Decided) -> Vec<Problem> {
    let rejected = decided.rejections().iter().map(|(inventory, one)| {
        let Rejection { row, column, text, expected, .. } = one.clone();
        let (inventory, suggestion) = (*inventory, None);
        Problem { inventory, row, column, text, expected, suggestion, rejected: true }
    });
    let cells = decided.problems().iter().map(|(inventory, one)| {
        let CellProblem { row, column, text, .. } = one;
        let (inventory, row, column) = (*inventory, *row, Some(column.to_string()));
        let (text, expected) = (text.clone(), one.expected().into_owned());
        Problem { inventory, row, column, text, expected, suggestion: one.guess(), rejected: false }
    });
    let mut all: Vec<_> = rejected.chain(cells).collect();
    all.sort_by_key(|one| (one.inventory, one.row));
    all
}

fn own(texts: &[&str], places: &[Place]) -> ArrayRef {
    let bytes = texts.iter().map(|text| text.len()).sum();
    let mut column = LargeStringBuilder::with_capacity(places.len(), bytes);
    for place in places {
        let (Place::Device(at) | Place::Older(at) | Place::NotSelected(at)) = place else {
            column.append_null();
            continue;
        };
        column.append_option(Some(texts[*at as usize]).filter(|text| !text.is_empty()));
    }
    Arc::new(column.finish())
}

fn statuses(places: &[Place]) -> ArrayRef {
    let keys: Int32Array = places
        .iter()
        .map(|place| match place {
            Place::Device(_) => 0,
            Place::Older(_) => 1,
            Place::Rejected => 2,
            Place::NotSelected(_) => 3,
        })
        .collect();
    dictionary(keys, vec!["decided", "older-row", "rejected", "not-selected"])
}

/// Returns for each row what is wrong with it, as sentences.
fn sentences(
    problems: &[Problem],
    rows: impl Iterator<Item = (usize, u64)>,
    count: usize,
) -> ArrayRef {
    let mut problems = problems.iter().peekable();
    let mut column = LargeStringBuilder::with_capacity(count, 0);
    for row in rows {
        let of_row = |one: &&Problem| (one.inventory, one.row) == row;
        let mut sentences = Vec::new();
        while let Some(Problem { column, text, expected, .. }) = problems.next_if(of_row) {
            sentences.push(match column {
                Some(column) => format!("column `{column}`: found `{text}`, expected {expected}"),
                None => format!("found {text}, expected {expected}"),
            });
        }
        column.append_option((!sentences.is_empty()).then(|| sentences.join("; ")));
    }
    Arc::new(column.finish())
}

/// Returns a column of decisions; only devices that count have one.
fn words((entries, positions): &Cells, places: &[Place]) -> ArrayRef {
    let key = |place: &Place| {
        let Place::Device(at) = place else { return None };
        let position = positions[*at as usize];
        // Blank cells are nulls.
        let blank = entries[position as usize].is_empty();
        (!blank).then(|| i32::try_from(position).expect("there are fewer different cells"))
    };
    let keys: Int32Array = places.iter().map(key).collect();
    dictionary(keys, entries.iter().map(|entry| &**entry).collect())
}

fn dictionary(keys: Int32Array, words: Vec<&str>) -> ArrayRef {
    let words = Arc::new(StringArray::from(words));
    Arc::new(DictionaryArray::<Int32Type>::new(keys, words))
}
