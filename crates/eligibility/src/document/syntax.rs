//! The errors of the TOML parser as diagnostics beside those of the document's reader.
//!
//! The parser goes on after a mistake, so one slip is often reported several times: as an echo on
//! the same line, or as a key that the reader then misses. Only what its writer can act on is kept.

use std::ops::Range;

use super::tokens;
use crate::diagnostic::{Diagnostic, position};

/// The parser's error at one place.
pub(super) struct SyntaxError {
    pub(super) message: String,
    pub(super) span: Range<usize>,
}

/// Returns both kinds of problems of one text, without echoes, in the order of their places.
pub(super) fn settle(text: &str, errors: &[SyntaxError], read: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut syntax: Vec<_> = errors.iter().map(|error| problem(text, error)).collect();
    syntax.sort_by_key(|problem| problem.primary.span.start);
    syntax.dedup_by_key(|problem| position(text, problem.primary.span.start).0);
    let syntax = without_repeated_tables(text, syntax);
    let mut all = match errors.iter().any(|error| error.message.starts_with("unclosed")) {
        true => before_the_open_bracket(syntax, read),
        false => without_echoes(text, syntax, read),
    };
    all.sort_by_key(|problem| (problem.primary.span.start, problem.primary.span.end));
    all
}

/// A table whose header comes twice is one mistake, not one for each key of the second.
fn without_repeated_tables(text: &str, mut syntax: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut repeated = 0..0;
    syntax.retain(|problem| {
        if problem.code != "duplicate-key" {
            return true;
        }
        let place = problem.primary.span.start;
        let is_echo = repeated.contains(&place);
        let line = line_of(text, place);
        if text[line.clone()].starts_with('[') {
            let length = text[line.end..].find("\n[").unwrap_or(text.len() - line.end);
            repeated = line.end..line.end + length;
        }
        !is_echo
    });
    syntax
}

/// Returns the problem behind an error of the parser, at the place of the mistake.
fn problem(text: &str, error: &SyntaxError) -> Diagnostic {
    let message = error.message.lines().next().unwrap_or_default();
    let span = error.span.clone();
    let key = text.get(span.clone()).unwrap_or_default();
    let about = |beginning: &str| message.starts_with(beginning);
    if message == "duplicate key" {
        let message = format!("the key `{key}` is used twice in one table");
        return Diagnostic::error("duplicate-key", message, span).label("second use");
    }
    if about("invalid date") {
        return Diagnostic::error("bad-date", message, span)
            .label("there is no such date")
            .hint("dates are written as year, month and day: 2018-03-29");
    }
    if let Some(string) = tokens::open_string(text, span.start) {
        return open_string(text, string);
    }
    if (about("missing comma") || about("unclosed array") || about("unclosed inline"))
        && !about("unclosed array table")
        && let Some(bracket) = tokens::open_bracket(text, span.start)
    {
        return open_bracket(text, bracket, span);
    }
    let line = line_of(text, span.start);
    let problem = |message: String, span| Diagnostic::error("syntax", message, span);
    if about("unclosed array table") || about("unclosed table") {
        let header = &text[line.clone()];
        let (open, close) = if header.starts_with("[[") { ("[[", "]]") } else { ("[", "]") };
        let name = header.trim_matches(['[', ']', ' ']);
        return problem(format!("the header `{header}` is not closed"), line)
            .label("not valid TOML")
            .hint(format!("write `{open}{name}{close}`"));
    }
    if about("missing escaped value") {
        let span = span.start.saturating_sub(1)..(span.start + 1).min(text.len());
        return problem("a `\\` in double quotes begins an escape".to_owned(), span)
            .label("not an escape of TOML")
            .hint("write `\\\\`, or put the text in single quotes");
    }
    if about("key with no value") {
        let message = format!("`{}` is not of the form `key = value`", &text[line.clone()]);
        return problem(message, line).label("expected `=`").hint(KEY_VALUE);
    }
    if about("invalid unquoted key") || about("invalid key-value pair") {
        let span = visible(text, span);
        let message = format!("`{}` is not allowed in a key", &text[span.clone()]);
        return problem(message, span).label("not valid TOML").hint(KEY_VALUE);
    }
    if about("string values must be quoted") || about("invalid boolean") {
        return unquoted(text, span, line);
    }
    problem(message.to_owned(), visible(text, span)).label("not valid TOML")
}

const KEY_VALUE: &str = "write `key = value`; a comment starts with `#`";

/// Returns a quote that nothing closes.
fn open_string(text: &str, string: Range<usize>) -> Diagnostic {
    let start = string.start;
    let quote = &text[start..=start];
    let three = text[start..].starts_with(&quote.repeat(3));
    let quote = if three { quote.repeat(3) } else { quote.to_owned() };
    let span = start..line_of(text, start).end.max(start + quote.len());
    Diagnostic::error("syntax", "a string is not closed", span)
        .label("it begins here")
        .hint(format!("end it with `{quote}`"))
}

/// Returns a bracket that nothing closes, and where the parser noticed it.
fn open_bracket(text: &str, bracket: usize, noticed: Range<usize>) -> Diagnostic {
    let open = &text[bracket..=bracket];
    let close = if open == "{" { "}" } else { "]" };
    let problem =
        Diagnostic::error("syntax", format!("`{open}` is not closed"), bracket..bracket + 1)
            .label("it begins here")
            .hint(format!("close it with `{close}`"));
    let noticed = visible(text, noticed);
    match noticed.is_empty() || position(text, noticed.start).0 == position(text, bracket).0 {
        true => problem,
        false => problem.also(noticed, "and is still open here"),
    }
}

/// Returns a value that is neither in quotes nor anything else that TOML knows.
fn unquoted(text: &str, span: Range<usize>, line: Range<usize>) -> Diagnostic {
    let problem = |message: String, span| Diagnostic::error("syntax", message, span);
    let value = text[span.clone()].trim();
    if value.is_empty() {
        let message = format!("`{}` has no value", text[line.clone()].trim_end_matches([' ', '=']));
        return problem(message, line)
            .label("expected a value after `=`")
            .hint("write a value, or leave the key out");
    }
    if let "True" | "False" | "TRUE" | "FALSE" = value {
        let message = format!("`{value}` is not a value of TOML");
        let problem = problem(message, span).label("not valid TOML");
        return problem.hint(format!("write `{}`", value.to_lowercase()));
    }
    let plain = value.trim_matches(['\u{201c}', '\u{201d}', '\u{201e}', '\u{2018}', '\u{2019}']);
    let problem = problem(format!("`{value}` is not in quotes"), span.clone());
    match plain == value {
        true => problem.label("not valid TOML").hint(format!("write `\"{plain}\"`")),
        false => problem
            .label("these are not the quotes of TOML")
            .hint(format!("use straight quotes: `\"{plain}\"`")),
    }
}

/// Returns the line of a place without the white space around it.
fn line_of(text: &str, place: usize) -> Range<usize> {
    let place = place.min(text.len());
    let start = text[..place].rfind('\n').map_or(0, |at| at + 1);
    let end = text[place..].find('\n').map_or(text.len(), |at| place + at);
    let line = &text[start..end];
    let start = start + (line.len() - line.trim_start().len());
    start..(start + line.trim().len())
}

/// Returns a place that can be underlined: an empty one grows to the character at it, or at the end
/// of a line to the one before it.
fn visible(text: &str, span: Range<usize>) -> Range<usize> {
    if !text.get(span.clone()).unwrap_or_default().trim().is_empty() {
        return span;
    }
    let at = span.start.min(text.len());
    match text[at..].chars().next().filter(|c| !c.is_whitespace()) {
        Some(next) => at..at + next.len_utf8(),
        None => {
            let before = text[..at].trim_end();
            let last = before.chars().next_back().map_or(0, char::len_utf8);
            before.len() - last..before.len()
        }
    }
}

/// Drops all problems behind an open bracket: it swallows what follows, so they cannot be trusted.
fn before_the_open_bracket(
    mut syntax: Vec<Diagnostic>,
    mut read: Vec<Diagnostic>,
) -> Vec<Diagnostic> {
    syntax.truncate(1);
    for first in &syntax {
        let start = first.primary.span.start;
        read.retain(|problem| problem.primary.span.end <= start && !is_absence(problem));
    }
    read.into_iter().chain(syntax).collect()
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
            // What the parser made of a broken line is not what its writer meant.
            false if error.code == "syntax" => on_one_line(text, problem, error),
            false => overlap(problem, error),
        };
        !syntax.iter().any(echo)
    });
    // A list of numbers where texts are expected is one mistake.
    let same = |one: &mut Diagnostic, before: &mut Diagnostic| {
        one.code == "wrong-type" && one.message == before.message && on_one_line(text, one, before)
    };
    read.dedup_by(same);
    read.into_iter().chain(syntax).collect()
}

/// Returns true if the problem is that something is not there.
fn is_absence(problem: &Diagnostic) -> bool {
    problem.code == "missing-key"
}

fn on_one_line(text: &str, one: &Diagnostic, other: &Diagnostic) -> bool {
    let line = |problem: &Diagnostic| position(text, problem.primary.span.start).0;
    line(one) == line(other)
}

fn overlap(one: &Diagnostic, other: &Diagnostic) -> bool {
    let (one, other) = (&one.primary.span, &other.primary.span);
    one.start == other.start || (one.start < other.end && other.start < one.end)
}

/// Returns true if the error is in the table whose header is the place of `absence`.
fn is_in_table(text: &str, absence: &Diagnostic, error: &Diagnostic) -> bool {
    let header = &absence.primary.span;
    let length = text.get(header.end..).and_then(|rest| rest.find("\n["));
    let end = length.map_or(text.len(), |length| header.end + length);
    (header.start..=end).contains(&error.primary.span.start)
}
