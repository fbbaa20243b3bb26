//! The problems of a document with their places, as data for a renderer.

use std::fmt;
use std::ops::Range;

use crate::closed_enum;

closed_enum! {
    /// The severity of a problem.
    pub enum Severity: "severity" {
        /// The document cannot be used.
        Error = "error",
        /// The document can be used, but one of its statements is probably a mistake.
        Warning = "warning",
    }
}

/// A place in the text, with a remark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Byte offsets into the text.
    pub span: Range<usize>,
    /// A few words, in lower case.
    pub text: String,
}

/// One problem of one document.
///
/// Messages are in lower case without a final dot; the offending text is in backticks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The severity.
    pub severity: Severity,
    /// The stable kebab-case name of the problem.
    pub code: &'static str,
    /// The problem, in a sentence.
    pub message: String,
    /// The place of the problem.
    pub primary: Label,
    /// Other places that explain it.
    pub related: Vec<Label>,
    /// A way to mend it.
    pub hint: Option<String>,
}

impl Diagnostic {
    /// Creates an error at a place.
    pub fn error(code: &'static str, message: impl Into<String>, span: Range<usize>) -> Self {
        let primary = Label { span, text: String::new() };
        Self {
            severity: Severity::Error,
            code,
            message: message.into(),
            primary,
            related: Vec::new(),
            hint: None,
        }
    }

    /// Creates a warning at a place.
    pub fn warning(code: &'static str, message: impl Into<String>, span: Range<usize>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, message, span) }
    }

    /// Adds a remark beside the place.
    #[must_use]
    pub fn label(mut self, text: impl Into<String>) -> Self {
        self.primary.text = text.into();
        self
    }

    /// Adds another place that explains the problem.
    #[must_use]
    pub fn also(mut self, span: Range<usize>, text: impl Into<String>) -> Self {
        self.related.push(Label { span, text: text.into() });
        self
    }

    /// Adds it to the problems of a document; always `None`, to end the reading of a value with.
    pub fn report<T>(self, problems: &mut Vec<Self>) -> Option<T> {
        problems.push(self);
        None
    }

    /// Adds a way to mend it.
    #[must_use]
    pub fn hint(mut self, text: impl Into<String>) -> Self {
        self.hint = Some(text.into());
        self
    }
}

impl fmt::Display for Diagnostic {
    /// Severity, code, message and hint: `error[bad-date]: no such date (hint: …)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[{}]: {}", self.severity, self.code, self.message)?;
        match &self.hint {
            Some(hint) => write!(f, " (hint: {hint})"),
            None => Ok(()),
        }
    }
}

/// A document that cannot be used: all its problems, in the order of their places.
///
/// As an [`Error`](std::error::Error) it prints a line for each problem; a program that has the
/// text renders [`problems`](Self::problems) better.
///
/// ```
/// use eligibility::policy::PolicyDocument;
///
/// let error = PolicyDocument::parse("id = 7\n").unwrap_err();
/// assert_eq!(
///     error.to_string().lines().next(),
///     Some("1:1: error[missing-key]: the policy has no `title`"),
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidDocument {
    problems: Vec<Diagnostic>,
    positions: Vec<(usize, usize)>,
}

impl InvalidDocument {
    /// Creates the error from the problems of `text`.
    pub fn new(text: &str, problems: Vec<Diagnostic>) -> Self {
        let lines = LineStarts::of(text);
        let place = |problem: &Diagnostic| lines.position(problem.primary.span.start);
        Self { positions: problems.iter().map(place).collect(), problems }
    }

    /// Returns the problems, in the order of their places; warnings are among them.
    pub fn problems(&self) -> &[Diagnostic] {
        &self.problems
    }

    /// Returns the problems, in the order of their places; warnings are among them.
    pub fn into_problems(self) -> Vec<Diagnostic> {
        self.problems
    }
}

impl fmt::Display for InvalidDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (problem, (line, column))) in
            self.problems.iter().zip(&self.positions).enumerate()
        {
            let newline = if index > 0 { "\n" } else { "" };
            write!(f, "{newline}{line}:{column}: {problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for InvalidDocument {}

/// Returns line and column of a byte offset, both counted from 1; columns count characters.
///
/// For many places in one text, [`LineStarts`] finds the lines once.
///
/// ```
/// use eligibility::diagnostic::position;
///
/// assert_eq!(position("a\nüb", 4), (2, 2));
/// ```
pub fn position(text: &str, offset: usize) -> (usize, usize) {
    LineStarts::of(text).position(offset)
}

/// Some lines of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window<'t> {
    /// The lines.
    pub text: &'t str,
    /// The number of the first of them, from 1.
    pub line: usize,
    /// The byte offset of the first of them in the text.
    pub offset: usize,
}

/// The beginning of each line of a text.
#[derive(Clone, Debug)]
pub struct LineStarts<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> LineStarts<'t> {
    /// Finds the lines of a text.
    pub fn of(text: &'t str) -> Self {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let starts = std::iter::once(0).chain(ends.map(|(at, _)| at + 1)).collect();
        Self { text, starts }
    }

    /// Returns the whole lines that hold all of these places.
    ///
    /// ```
    /// use eligibility::diagnostic::LineStarts;
    ///
    /// let lines = LineStarts::of("one\ntwo\nthree\nfour\n");
    /// let window = lines.around([&(4..5), &(9..10)]);
    /// assert_eq!((window.text, window.line, window.offset), ("two\nthree\n", 2, 4));
    /// ```
    pub fn around<'s>(&self, spans: impl IntoIterator<Item = &'s Range<usize>>) -> Window<'t> {
        let (mut first, mut last) = (self.text.len(), 0);
        for span in spans {
            first = first.min(span.start);
            last = last.max(span.end);
        }
        let line = self.starts.partition_point(|start| *start <= first).max(1);
        let offset = self.starts[line - 1];
        let next = self.starts.partition_point(|start| *start <= last);
        let end = self.starts.get(next).copied().unwrap_or(self.text.len());
        Window { text: &self.text[offset..end.max(offset)], line, offset }
    }

    /// Returns line and column of a byte offset, both counted from 1; columns count characters.
    pub fn position(&self, offset: usize) -> (usize, usize) {
        let offset = offset.min(self.text.len());
        let line = self.starts.partition_point(|start| *start <= offset);
        let before = &self.text.as_bytes()[self.starts[line - 1]..offset];
        (line, String::from_utf8_lossy(before).chars().count() + 1)
    }
}
