//! The columns that are read, for people.

use eligibility::facts::FactName;

use crate::present::table::{Column, Sheet};
use crate::report::columns::ReadColumn;

pub(crate) fn render(columns: &[ReadColumn]) -> String {
    let any_also = columns.iter().any(|column| !column.also.is_empty());
    let mut headings = vec![("column", Column::Words), ("facts", Column::Words)];
    if any_also {
        headings.insert(1, ("also", Column::Words));
    }
    Sheet::new(headings, columns.iter().map(|column| row(column, any_also))).table()
}

fn row(column: &ReadColumn, any_also: bool) -> Vec<String> {
    let facts: Vec<_> = column.facts.iter().map(FactName::as_str).collect();
    let facts = if facts.is_empty() { "-".to_owned() } else { facts.join(", ") };
    let mut row = vec![column.name.clone(), facts];
    if any_also {
        row.insert(1, column.also.join(", "));
    }
    row
}
