//! What the TOML parser found, made fit to be read beside what the reader of the document found.
//!
//! The parser goes on after a mistake, so one slip is often reported several times: as an echo on
//! the same line, or as a key that the reader then misses. Only what its writer can act on is kept.

use std::ops::Range;

use crate::diagnostic::{Diagnostic, position};

/// What the parser says of one place.
pub(super) struct SyntaxError {
    pub(super) message: String,
    pub(super) span: Range<usize>,
}

/// Both kinds of problems of one text, without echoes, in the order of their places.
pub(super) fn settle(text: &str, errors: &[SyntaxError], read: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut syntax: Vec<_> = errors.iter().map(|error| problem(text, error)).collect();
    syntax.sort_by_key(|problem| problem.primary.span.start);
    syntax.dedup_by_key(|problem| position(text, problem.primary.span.start).0);
    let mut all = match errors.iter().any(|error| error.message.starts_with("unclosed")) {
        true => before_the_open_bracket(syntax, read),
        false => without_echoes(text, syntax, read),
    };
    all.sort_by_key(|problem| (problem.primary.span.start, problem.primary.span.end));
    all
}

fn problem(text: &str, error: &SyntaxError) -> Diagnostic {
    let span = error.span.clone();
    let message = error.message.lines().next().unwrap_or_default();
    if message == "duplicate key" {
        let key = text.get(span.clone()).unwrap_or_default();
        let message = format!("the key `{key}` is used twice in one table");
        return Diagnostic::error("duplicate-key", message, span).label("second use");
    }
    if message.starts_with("invalid date") {
        return Diagnostic::error("bad-date", message, span)
            .label("there is no such date")
            .hint("dates are written as year, month and day: 2018-03-29");
    }
    Diagnostic::error("syntax", message, span).label("not valid TOML")
}

/// An open bracket swallows what follows, so nothing behind it can be trusted.
fn before_the_open_bracket(
    mut syntax: Vec<Diagnostic>,
    mut read: Vec<Diagnostic>,
) -> Vec<Diagnostic> {
    syntax.truncate(1);
    for first in &syntax {
        let start = first.primary.span.start;
        read.retain(|problem| problem.primary.span.end <= start && !is_absence(problem));
    }
    let hint = "a `{` or `[` before this place is not closed";
    read.into_iter().chain(syntax.into_iter().map(|problem| problem.hint(hint))).collect()
}

fn without_echoes(
    text: &str,
    mut syntax: Vec<Diagnostic>,
    mut read: Vec<Diagnostic>,
) -> Vec<Diagnostic> {
    // The reader says more about a value of the wrong type than the parser, except for dates.
    syntax.retain(|problem| {
        let says_more = |other: &&Diagnostic| other.code == "wrong-type";
        let explained = read.iter().filter(says_more).any(|other| overlap(other, problem));
        problem.code == "bad-date" || !explained
    });
    // `[rule]` twice makes every key of the second a duplicate.
    if read.iter().any(|problem| problem.code == "wrong-type" && problem.message.contains("[[")) {
        syntax.retain(|problem| problem.code != "duplicate-key");
    }
    read.retain(|problem| {
        let echo = |error: &Diagnostic| match is_absence(problem) {
            true => error.code == "syntax" && is_in_table(text, problem, error),
            false => overlap(problem, error),
        };
        !syntax.iter().any(echo)
    });
    read.into_iter().chain(syntax).collect()
}

/// Whether the problem is that something is not there.
fn is_absence(problem: &Diagnostic) -> bool {
    problem.code == "missing-key"
}

fn overlap(one: &Diagnostic, other: &Diagnostic) -> bool {
    let (one, other) = (&one.primary.span, &other.primary.span);
    one.start == other.start || (one.start < other.end && other.start < one.end)
}

/// Whether the error stands in the table whose header is the place of `absence`.
fn is_in_table(text: &str, absence: &Diagnostic, error: &Diagnostic) -> bool {
    let header = &absence.primary.span;
    let length = text.get(header.end..).and_then(|rest| rest.find("\n["));
    let end = length.map_or(text.len(), |length| header.end + length);
    (header.start..=end).contains(&error.primary.span.start)
}
