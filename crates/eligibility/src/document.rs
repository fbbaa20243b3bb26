//! Reading TOML documents with the place of every key and value, and all problems at once.
//!
//! This is the layer below any particular document: it knows tables, lists and types, and no
//! policy. A reader of a document takes the keys that it knows from a [`Section`]; what is left
//! over when the section is closed is reported as unknown, with the nearest known name.

mod syntax;
mod tokens;

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use self::syntax::SyntaxError;
use crate::closed_enum::ClosedEnum;
use crate::diagnostic::{Diagnostic, InvalidDocument};
use crate::nearest::nearest;

/// The problems of a document, as they are found.
pub type Problems = Vec<Diagnostic>;

/// Parses `text` and hands the top-level section to `read`; problems of both are returned, in
/// the order of their places.
///
/// `what` names the kind of document in messages, for example `policy`.
pub fn read_document<T>(
    text: &str,
    what: &'static str,
    read: impl FnOnce(Section<'_>, &mut Problems) -> T,
) -> (T, Vec<Diagnostic>) {
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut problems = Vec::new();
    let result = read(Section::new(what, table.get_ref(), 0..0), &mut problems);
    let errors: Vec<_> = errors
        .iter()
        .map(|error| SyntaxError {
            message: error.message().to_owned(),
            span: error.span().unwrap_or(0..0),
        })
        .collect();
    let mut problems = syntax::settle(text, &errors, problems);
    for problem in problems.iter_mut().filter(|problem| problem.code == "wrong-type") {
        explain_type(text, problem);
    }
    (result, problems)
}

/// Returns the place of the first table's header: the end of a document that has none.
///
/// ```
/// let text = "title = 't'\nlist = [\n[1]]\n\n[table]\n";
/// assert_eq!(&text[eligibility::document::first_table(text)..], "[table]\n");
/// ```
pub fn first_table(text: &str) -> usize {
    let mut lines = text.split_inclusive('\n').scan(0, |at, line| {
        let start = *at;
        *at += line.len();
        Some((start, line))
    });
    // Within a list or a string of several lines, what comes before the line is not complete.
    let is_header = |start: usize, line: &str| {
        line.trim_start().starts_with('[') && DeTable::parse(&text[..start]).is_ok()
    };
    lines.find(|(start, line)| is_header(*start, line)).map_or(text.len(), |(start, _)| start)
}

/// Says how a value of the wrong type is written that other formats write without quotes, or have
/// and TOML has not.
fn explain_type(text: &str, problem: &mut Diagnostic) {
    let written = text.get(problem.primary.span.clone()).unwrap_or_default();
    if matches!(written, "null" | "nil" | "none" | "None" | "undefined") {
        let (key, _) = problem.message.split_once(" is ").unwrap_or_default();
        problem.message = format!("{key} is `{written}`, which TOML does not have");
        problem.primary.text = "not a value".to_owned();
        problem.hint.get_or_insert_with(|| "for nothing, leave the key out".to_owned());
        return;
    }
    let is_scalar = !written.starts_with(['[', '{']) && !written.contains('\n');
    if problem.hint.is_some() || written.is_empty() || !is_scalar {
        return;
    }
    let number = written.trim_matches(['"', '\'']);
    let is_word = written.starts_with(char::is_alphabetic) && !matches!(written, "true" | "false");
    let wants_word = problem.message.contains("expected a string such as") && is_word;
    if wants_word || problem.message.ends_with("expected a string") {
        problem.hint = Some(format!("in quotes: `\"{written}\"`"));
    } else if problem.message.ends_with("expected an integer") && number.parse::<i64>().is_ok() {
        problem.hint = Some(format!("without quotes: `{number}`"));
    }
}

/// Parses a document in which every problem is an error; all of them are returned at once.
///
/// # Errors
///
/// The text with its problems.
pub fn parse_document<T>(
    text: &str,
    what: &'static str,
    read: impl FnOnce(Section<'_>, &mut Problems) -> Option<T>,
) -> Result<T, InvalidDocument> {
    match read_document(text, what, read) {
        (Some(document), problems) if problems.is_empty() => Ok(document),
        (_, problems) => Err(InvalidDocument::new(text, problems)),
    }
}

/// Warns of inline tables over several lines, or with a comma at their end: TOML 1.1 allows them,
/// but most other tools read TOML 1.0 and refuse the file.
pub(crate) fn newer_tables(text: &str) -> Vec<Diagnostic> {
    let found = tokens::newer_tables(text).into_iter().map(|(fault, table)| {
        let (what, place) = match &text[fault.clone()] {
            "," => ("ends in a comma", fault),
            _ => ("goes over several lines", table.start..fault.start),
        };
        Diagnostic::warning("newer-toml", format!("an inline table {what}"), place)
            .label("TOML 1.0 does not allow this")
            .hint("most other tools refuse such a file; use one line, or a table with a header")
    });
    found.collect()
}

/// A text with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// The text, without quotes and escapes.
    pub value: String,
    /// Its place, quotes included.
    pub span: Range<usize>,
}

impl Text {
    /// Returns the text as one paragraph: line ends and indents become single spaces.
    pub fn paragraph(&self) -> String {
        self.value.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// One value with its place.
#[derive(Clone, Copy)]
pub struct Node<'a> {
    value: &'a DeValue<'a>,
    start: usize,
    end: usize,
}

impl<'a> Node<'a> {
    fn new(value: &'a Spanned<DeValue<'a>>) -> Self {
        let Range { start, end } = value.span();
        Self { value: value.get_ref(), start, end }
    }

    /// Returns the place of the value.
    pub fn span(self) -> Range<usize> {
        self.start..self.end
    }

    /// Returns the type of the value in words, for messages.
    pub fn type_name(self) -> &'static str {
        match self.value {
            DeValue::String(_) => "a string",
            DeValue::Integer(_) => "an integer",
            DeValue::Float(_) => "a float",
            DeValue::Boolean(_) => "a truth value",
            DeValue::Datetime(datetime) => match (datetime.date, datetime.time) {
                (Some(_), None) => "a date",
                (Some(_), Some(_)) => "a date with a time",
                (None, _) => "a time",
            },
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a table",
        }
    }

    /// Returns the value as a string, if it is one.
    pub fn as_text(self) -> Option<Text> {
        let value = self.value.as_str()?.to_owned();
        Some(Text { value, span: self.span() })
    }

    /// Returns the value as `true` or `false`, if it is one.
    pub fn as_bool(self) -> Option<bool> {
        self.value.as_bool()
    }

    /// Returns the value as an integer, if it is one that fits.
    pub fn as_integer(self) -> Option<i64> {
        let integer = self.value.as_integer()?;
        i64::from_str_radix(integer.as_str(), integer.radix()).ok()
    }

    /// Returns the value as a calendar date, if it is one without a time.
    pub(crate) fn as_date(self) -> Option<chrono::NaiveDate> {
        let datetime = self.value.as_datetime()?;
        let date = datetime.date.filter(|_| datetime.time.is_none())?;
        chrono::NaiveDate::from_ymd_opt(date.year.into(), date.month.into(), date.day.into())
    }

    /// Returns the value as a moment, if it is a date with a time and an offset from UTC.
    pub fn as_instant(self) -> Option<chrono::DateTime<chrono::Utc>> {
        use toml::value::Offset;
        let datetime = self.value.as_datetime()?;
        let (date, time) = (datetime.date?, datetime.time?);
        let minutes = match datetime.offset? {
            Offset::Z => 0,
            Offset::Custom { minutes } => minutes,
        };
        chrono::NaiveDate::from_ymd_opt(date.year.into(), date.month.into(), date.day.into())?
            .and_hms_opt(time.hour.into(), time.minute.into(), time.second.unwrap_or(0).into())?
            .and_utc()
            .checked_sub_signed(chrono::TimeDelta::minutes(minutes.into()))
    }

    /// Returns the items of a list, if it is one.
    pub fn as_list(self) -> Option<Vec<Self>> {
        Some(self.value.as_array()?.iter().map(Self::new).collect())
    }

    /// Returns the entries of a table, if it is one.
    pub fn as_section(self, what: &'static str) -> Option<Section<'a>> {
        Some(Section::new(what, self.value.as_table()?, self.span()))
    }

    /// Returns a string; anything else is reported.
    pub fn text(self, key: &str, problems: &mut Problems) -> Option<Text> {
        self.as_text().or_else(|| self.wrong_type(key, "a string", problems))
    }

    /// Returns one word of a closed set; anything else is reported.
    pub fn word<T: ClosedEnum>(self, key: &str, problems: &mut Problems) -> Option<T> {
        let text = self.unread_word(key, T::WORDS, problems)?;
        text.value.parse().ok().or_else(|| unknown_word(key, &text, T::WORDS).report(problems))
    }

    /// Returns one word of a closed set, unread; anything else but a string is reported.
    pub(crate) fn unread_word(
        self,
        key: &str,
        words: &[&str],
        problems: &mut Problems,
    ) -> Option<Text> {
        let example = words.first().copied().unwrap_or_default();
        let expected = format!("a string such as \"{example}\"");
        self.as_text().or_else(|| self.wrong_type(key, &expected, problems))
    }

    /// Returns the items of a list, or the value itself if it is no list.
    pub fn one_or_more(self) -> Vec<Self> {
        self.as_list().unwrap_or_else(|| vec![self])
    }

    /// Returns a string or a list of strings; anything else is reported.
    pub fn texts(self, key: &str, problems: &mut Problems) -> Vec<Text> {
        let nodes = self.one_or_more();
        nodes.into_iter().filter_map(|node| node.text(key, problems)).collect()
    }

    /// Returns a calendar date; anything else is reported.
    pub fn date(self, key: &str, problems: &mut Problems) -> Option<chrono::NaiveDate> {
        self.as_date().or_else(|| {
            let expected = "a date such as 2018-03-29, without quotes";
            self.wrong_type(key, expected, problems)
        })
    }

    /// Returns a truth value; anything else is reported.
    pub fn truth(self, key: &str, problems: &mut Problems) -> Option<bool> {
        self.as_bool().or_else(|| self.wrong_type(key, "`true` or `false`", problems))
    }

    /// Returns an integer from `low` to `high`; anything else is reported.
    pub fn integer(self, key: &str, low: i64, high: i64, problems: &mut Problems) -> Option<i64> {
        let Some(value) = self.as_integer() else {
            return self.wrong_type(key, "an integer", problems);
        };
        if (low..=high).contains(&value) {
            return Some(value);
        }
        let message = format!("`{key}` is {value}, expected {low} to {high}");
        let problem = Diagnostic::error("out-of-range", message, self.span());
        problem.label(format!("expected {low} to {high}")).report(problems)
    }

    /// Returns a moment; anything else is reported.
    pub fn instant(
        self,
        key: &str,
        problems: &mut Problems,
    ) -> Option<chrono::DateTime<chrono::Utc>> {
        self.as_instant().or_else(|| {
            let expected = "a moment such as 2018-04-02T09:00:00Z, without quotes";
            self.wrong_type(key, expected, problems)
        })
    }

    /// Returns a table; anything else is reported.
    pub fn section(self, what: &'static str, problems: &mut Problems) -> Option<Section<'a>> {
        self.as_section(what).or_else(|| self.wrong_type(what, "a table", problems))
    }

    /// Returns a list of tables, as `[[key]]` writes it; anything else is reported.
    pub fn sections(self, what: &'static str, problems: &mut Problems) -> Vec<Section<'a>> {
        let Some(items) = self.as_list() else {
            let expected = format!("a list of tables, each headed `[[{what}]]`");
            let _: Option<()> = self.wrong_type(what, &expected, problems);
            return Vec::new();
        };
        items.into_iter().filter_map(|item| item.section(what, problems)).collect()
    }

    /// Reports that the value has the wrong type; always `None`, to end a chain with.
    pub(crate) fn wrong_type<T>(
        self,
        key: &str,
        expected: &str,
        problems: &mut Problems,
    ) -> Option<T> {
        let message = format!("`{key}` is {}, expected {expected}", self.type_name());
        Diagnostic::error("wrong-type", message, self.span())
            .label(format!("this is {}", self.type_name()))
            .report(problems)
    }
}

/// The entries of one table, from which a reader takes what it knows.
#[derive(Clone)]
pub struct Section<'a> {
    what: &'static str,
    span: Range<usize>,
    left: Vec<(Text, Node<'a>)>,
    known: Vec<&'static str>,
    missed: Vec<&'static str>,
}

impl<'a> Section<'a> {
    fn new(what: &'static str, table: &'a DeTable<'a>, span: Range<usize>) -> Self {
        let mut left: Vec<_> = table
            .iter()
            .map(|(key, value)| {
                let name = Text { value: key.get_ref().to_string(), span: key.span() };
                (name, Node::new(value))
            })
            .collect();
        left.sort_by_key(|(name, _)| name.span.start);
        Self { what, span, left, known: Vec::new(), missed: Vec::new() }
    }

    /// Returns the place of the table: its braces, or its header.
    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// Takes the value of a key, if the table has it.
    pub fn take(&mut self, key: &'static str) -> Option<Node<'a>> {
        if !self.known.contains(&key) {
            self.known.push(key);
        }
        let at = self.left.iter().position(|(name, _)| name.value == key)?;
        Some(self.left.remove(at).1)
    }

    /// Returns the value of a key and leaves it in its place, if the table has it.
    pub fn look_at(&self, key: &str) -> Option<Node<'a>> {
        self.left.iter().find(|(name, _)| name.value == key).map(|(_, node)| *node)
    }

    /// Adds a value of another place under a key, as if the table had it.
    pub fn put(&mut self, key: Text, node: Node<'a>) {
        self.left.push((key, node));
    }

    /// Takes the value of a key that must be there; its absence is reported.
    pub fn require(&mut self, key: &'static str, problems: &mut Problems) -> Option<Node<'a>> {
        let node = self.take(key);
        if node.is_none() {
            problems.push(self.missing(key));
            self.missed.push(key);
        }
        node
    }

    fn missing(&self, key: &str) -> Diagnostic {
        let message = format!("the {} has no `{key}`", self.what);
        Diagnostic::error("missing-key", message, self.span())
            .label(format!("`{key}` is missing here"))
    }

    /// Takes a string that may be absent.
    pub fn text(&mut self, key: &'static str, problems: &mut Problems) -> Option<Text> {
        self.take(key)?.text(key, problems)
    }

    /// Takes a string that must be there.
    pub fn require_text(&mut self, key: &'static str, problems: &mut Problems) -> Option<Text> {
        self.require(key, problems)?.text(key, problems)
    }

    /// Takes `true` or `false`, if the table has the key.
    pub fn truth(&mut self, key: &'static str, problems: &mut Problems) -> Option<bool> {
        self.take(key)?.truth(key, problems)
    }

    /// Takes an integer from `low` to `high`, if the table has the key.
    pub fn integer(
        &mut self,
        key: &'static str,
        low: i64,
        high: i64,
        problems: &mut Problems,
    ) -> Option<i64> {
        self.take(key)?.integer(key, low, high, problems)
    }

    /// Takes one word of a closed set.
    pub fn word<T: ClosedEnum>(&mut self, key: &'static str, problems: &mut Problems) -> Option<T> {
        self.take(key)?.word(key, problems)
    }

    /// Takes one word of a closed set that must be there.
    pub fn require_word<T: ClosedEnum>(
        &mut self,
        key: &'static str,
        problems: &mut Problems,
    ) -> Option<T> {
        let Some(node) = self.require(key, problems) else {
            let problem = problems.last_mut().expect("the absence was reported");
            let all: Vec<_> = T::WORDS.iter().map(|word| format!("`{word}`")).collect();
            problem.hint = Some(format!("one of {}", all.join(", ")));
            return None;
        };
        node.word(key, problems)
    }

    /// Takes a list of tables, as `[[key]]` writes it; none if the key is absent.
    pub fn sections(&mut self, key: &'static str, problems: &mut Problems) -> Vec<Section<'a>> {
        self.take(key).map(|node| node.sections(key, problems)).unwrap_or_default()
    }

    /// Takes all entries that are left.
    pub fn rest(&mut self) -> Vec<(Text, Node<'a>)> {
        std::mem::take(&mut self.left)
    }

    /// Reports the keys that were not taken.
    ///
    /// A key that was missed and is there under another name is one problem, not two.
    pub fn finish(self, problems: &mut Problems) {
        for (name, _) in &self.left {
            let near = nearest(&name.value, self.known.iter().copied());
            let only = match (self.left.as_slice(), self.missed.as_slice()) {
                ([_], [missed]) if near.is_none() => Some(*missed),
                _ => None,
            };
            let mut problem = unknown_key(self.what, name, &self.known);
            if let Some(missed) = only {
                problem = problem.label(format!("in place of `{missed}`, which is missing?"));
            }
            if let Some(meant) = near.or(only) {
                let missing = self.missing(meant);
                let same = |problem: &Diagnostic| {
                    (problem.code, &problem.message, &problem.primary.span)
                        == (missing.code, &missing.message, &missing.primary.span)
                };
                problems.retain(|problem| !same(problem));
            }
            problems.push(problem);
        }
    }
}

/// Returns the problem of a key that means nothing, with a guess at what was meant.
pub fn unknown_key(what: &str, name: &Text, known: &[&str]) -> Diagnostic {
    let message = format!("unknown key `{}` in the {what}", name.value);
    let problem = Diagnostic::error("unknown-key", message, name.span.clone());
    guess(problem, &name.value, known)
}

/// Returns the problem of a word that is not in a closed set, with a guess at what was meant.
pub fn unknown_word(key: &str, text: &Text, expected: &[&str]) -> Diagnostic {
    let message = format!("invalid value `{}` for `{key}`", text.value);
    let problem = Diagnostic::error("unknown-value", message, text.span.clone());
    guess(problem, &text.value, expected)
}

/// With a guess at hand, a list of more words than these is no help.
const MOST_WORDS_BESIDE_A_GUESS: usize = 16;

fn guess(problem: Diagnostic, given: &str, known: &[&str]) -> Diagnostic {
    let all = known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    match nearest(given, known.iter().copied()) {
        Some(name) if known.len() > MOST_WORDS_BESIDE_A_GUESS => {
            problem.label(format!("did you mean `{name}`?"))
        }
        Some(name) => {
            problem.label(format!("did you mean `{name}`?")).hint(format!("understood: {all}"))
        }
        None => problem.label("not understood").hint(format!("understood: {all}")),
    }
}
