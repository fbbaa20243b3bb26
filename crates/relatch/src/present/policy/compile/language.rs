//! The query languages, as far as they differ.

use crate::args::Dialect;

/// The numbers of a version are below this in a packed one, so that four of them fit into a signed
/// number of 64 bits.
pub(super) const PACKED: u32 = 1 << 15;

/// The pattern of a number that no version has.
const TEN_DIGITS: &str = "[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]";

/// A query language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Language {
    Sql(Dialect),
    Kql,
}

impl Language {
    pub(super) const fn is_kql(self) -> bool {
        matches!(self, Self::Kql)
    }

    /// Returns the start of a comment.
    pub(super) const fn comment(self) -> &'static str {
        if self.is_kql() { "//" } else { "--" }
    }

    pub(super) fn quoted(self, word: &str) -> String {
        if self.is_kql() { format!("\"{word}\"") } else { format!("'{word}'") }
    }

    /// Returns the spelling of a truth value.
    pub(super) fn truth(self, value: bool) -> &'static str {
        match (self, value) {
            (Self::Kql, true) => "true",
            (Self::Kql, false) => "false",
            (Self::Sql(Dialect::Duckdb | Dialect::Spark), true) => "TRUE",
            (Self::Sql(Dialect::Duckdb | Dialect::Spark), false) => "FALSE",
            (Self::Sql(Dialect::Sqlite | Dialect::Tsql), true) => "1",
            (Self::Sql(Dialect::Sqlite | Dialect::Tsql), false) => "0",
        }
    }

    /// Returns the test that a fact is unknown.
    pub(super) fn is_unknown(self, name: &str, is_text: bool) -> String {
        match self {
            Self::Sql(_) => format!("{name} IS NULL"),
            Self::Kql if is_text => format!("isempty({name})"),
            Self::Kql => format!("isnull({name})"),
        }
    }

    /// Returns a text, or null, as a column of a constant table.
    pub(super) fn text_column(self, value: Option<&str>) -> String {
        let value = value.map(|value| self.quoted(value));
        match self {
            Self::Kql => value.unwrap_or_else(|| "\"\"".to_owned()),
            Self::Sql(dialect) => {
                let value = value.unwrap_or_else(|| "NULL".to_owned());
                // A column that is always null has no type of its own.
                match dialect {
                    Dialect::Duckdb => format!("CAST({value} AS VARCHAR)"),
                    Dialect::Spark => format!("CAST({value} AS STRING)"),
                    Dialect::Sqlite => value,
                    Dialect::Tsql => format!("CAST({value} AS VARCHAR(400))"),
                }
            }
        }
    }

    /// Returns the packed number of a version in the column `version`, a text; each number above
    /// the largest that fits counts as that one. A text that is no version gives null, and so does 0, which
    /// no system has and inventories give where they know none.
    pub(super) fn packing(self) -> String {
        let most = PACKED - 1;
        match self {
            Self::Sql(Dialect::Duckdb) => format!(
                "CASE WHEN regexp_full_match(version, '[0-9]{{1,9}}([.][0-9]{{1,9}}){{0,3}}') \
                 AND regexp_matches(version, '[1-9]') THEN \
                 list_reduce(list_transform(list_resize(string_split(version, '.'), 4, '0'), \
                 lambda x: least(CAST(x AS BIGINT), {most})), lambda a, b: a * {PACKED} + b) END"
            ),
            Self::Sql(Dialect::Spark) => format!(
                "CASE WHEN version RLIKE '^[0-9]{{1,9}}([.][0-9]{{1,9}}){{0,3}}$' AND version RLIKE '[1-9]' THEN \
                 aggregate(slice(concat(split(version, '[.]'), array('0', '0', '0')), 1, 4), \
                 CAST(0 AS BIGINT), (a, b) -> a * {PACKED} + least(CAST(b AS BIGINT), {most})) END"
            ),
            // A list of texts, because a number of JSON does not begin with a zero.
            Self::Sql(Dialect::Sqlite) => {
                let list = r#"('["' || replace(version, '.', '","') || '"]')"#;
                let part = |at: u8| {
                    format!("min(CAST(coalesce({list} ->> '$[{at}]', '0') AS INTEGER), {most})")
                };
                let packed = packed(part);
                format!(
                    "CASE WHEN version GLOB '[0-9]*' AND version GLOB '*[1-9]*' AND version NOT GLOB '*[^0-9.]*' \
                     AND version NOT GLOB '*..*' AND version NOT GLOB '*.' \
                     AND version NOT GLOB '*{TEN_DIGITS}*' \
                     AND length(version) - length(replace(version, '.', '')) <= 3 \
                     THEN {packed} END"
                )
            }
            Self::Sql(Dialect::Tsql) => {
                let list = r#"'["' + REPLACE(version, '.', '","') + '"]'"#;
                let part = |at: u8| {
                    format!(
                        "LEAST(CAST(COALESCE(JSON_VALUE({list}, '$[{at}]'), '0') AS BIGINT), {most})"
                    )
                };
                let packed = packed(part);
                format!(
                    "CASE WHEN version LIKE '[0-9]%' AND version LIKE '%[1-9]%' AND version NOT LIKE '%[^0-9.]%' \
                     AND version NOT LIKE '%..%' AND version NOT LIKE '%.' \
                     AND version NOT LIKE '%{TEN_DIGITS}%' \
                     AND LEN(version) - LEN(REPLACE(version, '.', '')) <= 3 THEN {packed} END"
                )
            }
            Self::Kql => {
                let part = |at: u8| {
                    format!("min_of(coalesce(tolong(split(version, \".\")[{at}]), 0), {most})")
                };
                let packed = packed(part);
                format!(
                    "iff(version matches regex @\"^[0-9]{{1,9}}([.][0-9]{{1,9}}){{0,3}}$\" \
                     and version matches regex @\"[1-9]\", {packed}, long(null))"
                )
            }
        }
    }
}

/// Returns the packed number of a version, from the expression for each of its numbers.
fn packed(part: impl Fn(u8) -> String) -> String {
    (1..4).fold(part(0), |packed, at| format!("({packed}) * {PACKED} + {}", part(at)))
}
