//! Policies for other engines.

mod json;
mod language;
mod query;

use crate::args::Dialect;
use crate::error::Error;
use crate::report::compiled::Compiled;
use language::Language;

pub(crate) use json::PolicyCompile;
pub(in crate::present) use json::{FactValues, Node};

/// Renders policies as documented decision trees.
pub(crate) fn json(compiled: &[Compiled]) -> String {
    json::render(compiled)
}

/// Renders a policy as an expression in SQL, or with its table of decisions as a query.
pub(crate) fn sql(compiled: &Compiled, dialect: Dialect) -> Result<String, Error> {
    query::render(compiled, Language::Sql(dialect))
}

/// Renders a policy as an expression in the Kusto query language, or with its table of decisions as a
/// query.
pub(crate) fn kql(compiled: &Compiled) -> Result<String, Error> {
    query::render(compiled, Language::Kql)
}
