//! The columns that are read, as the queries of a lake: the distinct rows, and the way back.

use crate::args::Dialect;
use crate::report::columns::ReadColumn;

pub(crate) fn render(columns: &[ReadColumn], dialect: Dialect) -> String {
    let deciding = columns.iter().filter(|column| !column.facts.is_empty());
    let names: Vec<_> = deciding.map(|column| quoted(&column.name, dialect)).collect();
    let list = names.join(", ");
    let id = quoted("Device ID", dialect);
    let key = quoted("device-id", dialect);
    // Nulls are values here: two rows without a model are of one class.
    let same =
        names.iter().map(|name| format!("inventory.{name} IS NOT DISTINCT FROM class.{name}"));
    let same: Vec<_> = same.collect();
    let text = match dialect {
        Dialect::Duckdb => "VARCHAR",
        Dialect::Spark => "STRING",
        Dialect::Sqlite => "TEXT",
        Dialect::Tsql => "VARCHAR(20)",
    };
    format!(
        "-- 1. the distinct rows; save the result as class.parquet and keep it as the table class\n\
         SELECT row_number() OVER (ORDER BY {list}) AS {id}, {list}\n\
         FROM (SELECT DISTINCT {list} FROM inventory) AS distinct_rows;\n\
         \n\
         -- 2. relatch plan class.parquet --devices decided.parquet; load it as the table decided\n\
         \n\
         -- 3. the decision of each row; NULL where relatch rejected the row\n\
         SELECT inventory.*, decided.decision, decided.cause, decided.action, decided.scope,\n  \
         decided.rule, decided.needs, decided.missing\n\
         FROM inventory\n\
         JOIN class ON {}\n\
         LEFT JOIN decided ON decided.{key} = CAST(class.{id} AS {text});\n",
        same.join("\n  AND ")
    )
}

/// Returns the name of a column as an identifier.
fn quoted(name: &str, dialect: Dialect) -> String {
    match dialect {
        Dialect::Duckdb | Dialect::Sqlite => format!("\"{}\"", name.replace('"', "\"\"")),
        Dialect::Spark => format!("`{}`", name.replace('`', "``")),
        Dialect::Tsql => format!("[{}]", name.replace(']', "]]")),
    }
}
