//! A policy as one expression of a query language.
//!
//! Every branch states all of its values, the unknown included, so that no null falls into a branch
//! in which it does not belong. A value that is no word of relatch gives null: no decision.

use std::fmt::Write;

use eligibility::classes::{Branch, Tree};
use eligibility::facts::{FactName, FactSet, OsVersion};
use eligibility::policy::{Policy, Test};

use super::language::{Language, PACKED};
use crate::args::{Detail, Dialect};
use crate::error::Error;
use crate::report::compiled::{Compact, Compiled, is_truth, word};

/// The depth to which T-SQL nests `CASE`:
/// <https://learn.microsoft.com/sql/t-sql/language-elements/case-transact-sql#remarks>.
const TSQL_NESTING: usize = 10;

/// The columns of the table of decisions.
const COLUMNS: [&str; 8] =
    ["decision", "cause", "action", "scope", "mechanism", "rule", "needs", "missing"];

pub(super) fn render(compiled: &Compiled, language: Language) -> Result<String, Error> {
    let Compiled { policy, tree, decisions, detail } = compiled;
    refuse_inexact(policy, tree)?;
    let depth = depth(tree);
    if language == Language::Sql(Dialect::Tsql) && depth > TSQL_NESTING {
        return Err(Error::Argument {
            message: format!(
                "`{}` needs `CASE` nested {depth} deep, T-SQL allows {TSQL_NESTING}",
                policy.id
            ),
            hint: "use `--to json`, or another engine".to_owned(),
        });
    }
    let leaf = |decision: usize| match detail {
        Detail::Verdict => language.quoted(&decisions[decision].verdict.to_string()),
        Detail::Full => decision.to_string(),
    };
    let none = match (language, detail) {
        (Language::Sql(_), _) => "NULL",
        (Language::Kql, Detail::Verdict) => "\"\"",
        (Language::Kql, Detail::Full) => "long(null)",
    };
    let mut expression = String::new();
    let writer = Writer { language, leaf, none };
    writer.write(&mut expression, tree, if *detail == Detail::Full { 2 } else { 0 });
    let preamble = preamble(compiled, language);
    Ok(match (detail, language) {
        (Detail::Verdict, _) => format!("{preamble}{expression}\n"),
        (Detail::Full, Language::Sql(_)) => {
            format!("{preamble}{}", sql_query(compiled, language, &expression))
        }
        (Detail::Full, Language::Kql) => format!("{preamble}{}", kql_query(compiled, &expression)),
    })
}

fn depth(tree: &Tree<Option<usize>>) -> usize {
    match tree {
        Tree::Leaf(_) => 0,
        Tree::Question { branches, .. } => {
            1 + branches.iter().map(|branch| depth(&branch.then)).max().unwrap_or_default()
        }
    }
}

/// Refuses bounds of versions that a packed number does not represent.
///
/// Packing replaces a number above the largest by the largest. That changes no comparison with a
/// bound whose numbers are all smaller.
fn refuse_inexact(policy: &Policy, tree: &Tree<Option<usize>>) -> Result<(), Error> {
    let Tree::Question { branches, .. } = tree else { return Ok(()) };
    for Branch { known, then, .. } in branches {
        let ranges = match known {
            Test::Versions(set) => set.ranges(),
            Test::Choices(_) => &[],
        };
        let mut bounds = ranges.iter().flat_map(|range| [Some(range.from), range.before]).flatten();
        if let Some(bound) = bounds.find(|bound| bound.parts().iter().any(|one| *one >= PACKED - 1))
        {
            return Err(Error::Argument {
                message: format!("version {bound} of `{}` does not fit into a number", policy.id),
                hint: format!(
                    "the numbers of a packed version are below {}; use `--to json`",
                    PACKED - 1
                ),
            });
        }
        refuse_inexact(policy, then)?;
    }
    Ok(())
}

fn packed(version: OsVersion) -> u64 {
    let parts = version.parts().into_iter().map(u64::from);
    parts.fold(0, |packed, part| packed * u64::from(PACKED) + part)
}

fn preamble(compiled: &Compiled, language: Language) -> String {
    let Compiled { policy, tree, .. } = compiled;
    let facts = tree.facts();
    let columns: Vec<_> = facts.iter().map(column).collect();
    let (null, none) =
        if language.is_kql() { ("null or empty", "empty") } else { ("NULL", "NULL") };
    let mut lines = vec![
        format!("{}, {} reading; made by relatch policy compile", policy.id, policy.reading),
        format!("columns: {}", columns.join(", ")),
        format!("an unknown fact is {null}; words are those of relatch, in lower case"),
        format!(
            "{none} means no decision: a word that is not relatch's, or a management mode that"
        ),
        "does not exist on the platform".to_owned(),
    ];
    if facts.contains(FactName::OsVersion) {
        lines.push("os_version is a packed number, from a text in the column version:".to_owned());
        lines.push(format!("  {}", language.packing()));
    }
    lines.iter().map(|line| format!("{} {line}\n", language.comment())).collect()
}

/// Returns the column of a fact.
fn column(fact: FactName) -> String {
    fact.as_str().replace('-', "_")
}

/// Writes trees as expressions.
struct Writer<F> {
    language: Language,
    /// The value of a decision.
    leaf: F,
    /// The value where there is no decision.
    none: &'static str,
}

impl<F: Fn(usize) -> String> Writer<F> {
    fn write(&self, text: &mut String, tree: &Tree<Option<usize>>, indent: usize) {
        let (fact, branches) = match tree {
            Tree::Leaf(None) => return text.push_str(self.none),
            Tree::Leaf(Some(decision)) => return text.push_str(&(self.leaf)(*decision)),
            Tree::Question { fact, branches } => (*fact, branches),
        };
        let pad = " ".repeat(indent);
        let (start, when, then, next) = match self.language {
            Language::Sql(_) => ("CASE\n", "WHEN ", " THEN ", "\n"),
            Language::Kql => ("case(\n", "", ", ", ",\n"),
        };
        text.push_str(start);
        for branch in branches {
            let condition = self.condition(fact, branch);
            let _ = write!(text, "{pad}  {when}{condition}{then}");
            self.write(text, &branch.then, indent + 2);
            text.push_str(next);
        }
        let _ = match self.language {
            Language::Sql(_) => write!(text, "{pad}  ELSE {}\n{pad}END", self.none),
            Language::Kql => write!(text, "{pad}  {})", self.none),
        };
    }

    /// Returns the condition that the value of a fact belongs to a branch.
    fn condition(&self, fact: FactName, branch: &Branch<Option<usize>>) -> String {
        let language = self.language;
        let name = column(fact);
        let (is_in, equals, and, or) = match language {
            Language::Sql(_) => ("IN", "=", "AND", " OR "),
            Language::Kql => ("in", "==", "and", " or "),
        };
        let is_text = fact != FactName::OsVersion && !is_truth(fact);
        let mut parts = Vec::new();
        if branch.unknown {
            parts.push(language.is_unknown(&name, is_text));
        }
        match &branch.known {
            Test::Choices(choices) if is_text && !choices.is_empty() => {
                let words = choices.iter().map(|choice| language.quoted(word(fact, choice)));
                let words: Vec<_> = words.collect();
                parts.push(format!("{name} {is_in} ({})", words.join(", ")));
            }
            Test::Choices(choices) => parts.extend(choices.iter().map(|choice| {
                format!("{name} {equals} {}", language.truth(word(fact, choice) == "true"))
            })),
            Test::Versions(set) => parts.extend(set.ranges().iter().map(|range| {
                let low = format!("{name} >= {}", packed(range.from));
                let high = |before| format!("{name} < {}", packed(before));
                match range.before {
                    None => low,
                    Some(before) if range.from == OsVersion::MIN => high(before),
                    Some(before) => format!("({low} {and} {})", high(before)),
                }
            })),
        }
        let condition = parts.join(or);
        match &branch.known {
            Test::Versions(set) if !language.is_kql() && !set.is_empty() => {
                format!("{condition} /* {set} */")
            }
            _ => condition,
        }
    }
}

/// Returns the values of a decision, in the order of the columns.
fn values(policy: &Policy, decision: &Compact) -> [Option<String>; 8] {
    let facts = |facts: FactSet| {
        let names: Vec<_> = facts.iter().map(FactName::as_str).collect();
        // As in the lists of `plan --devices`.
        (!names.is_empty()).then(|| names.join(" "))
    };
    let details = decision.details.as_ref();
    [
        Some(decision.verdict.word().to_string()),
        decision.verdict.cause().map(|cause| cause.to_string()),
        details.and_then(|one| one.action).map(|action| action.to_string()),
        details.and_then(|one| one.scope).map(|scope| scope.to_string()),
        details.and_then(|one| one.mechanism).map(|mechanism| mechanism.to_string()),
        details.and_then(|one| one.rule).map(|rule| policy.rules[usize::from(rule)].id.clone()),
        details.and_then(|one| facts(one.needs)),
        details.and_then(|one| facts(one.missing)),
    ]
}

/// Returns a query over the table `devices` that adds the decision of each.
fn sql_query(compiled: &Compiled, language: Language, expression: &str) -> String {
    let mut text = "WITH relatch_decisions AS (\n".to_owned();
    for (number, decision) in compiled.decisions.iter().enumerate() {
        let union = if number == 0 { "" } else { "UNION ALL " };
        let _ = write!(text, "  {union}SELECT {number} AS relatch_number");
        for (name, value) in COLUMNS.iter().zip(values(&compiled.policy, decision)) {
            let _ = write!(text, ", {} AS {name}", language.text_column(value.as_deref()));
        }
        text.push('\n');
    }
    let columns = COLUMNS.map(|name| format!("relatch_decisions.{name}")).join(", ");
    let _ = write!(
        text,
        "), relatch_numbered AS (\n  SELECT devices.*, {expression} AS relatch_number FROM devices\n)\n\
         SELECT relatch_numbered.*, {columns}\n\
         FROM relatch_numbered LEFT JOIN relatch_decisions\n\
         ON relatch_numbered.relatch_number = relatch_decisions.relatch_number\n"
    );
    text
}

/// Returns a query over the table `devices` that adds the decision of each.
fn kql_query(compiled: &Compiled, expression: &str) -> String {
    // In brackets, because `missing` is a keyword.
    let columns = COLUMNS.map(|name| format!("['{name}']: string")).join(", ");
    let mut text =
        format!("let relatch_decisions = datatable(relatch_number: long, {columns}) [\n");
    for (number, decision) in compiled.decisions.iter().enumerate() {
        let values = values(&compiled.policy, decision);
        let values = values.map(|value| Language::Kql.text_column(value.as_deref()));
        let _ = writeln!(text, "  {number}, {},", values.join(", "));
    }
    let _ = write!(
        text,
        "];\ndevices\n| extend relatch_number = {expression}\n\
         | lookup kind=leftouter relatch_decisions on relatch_number\n"
    );
    text
}
