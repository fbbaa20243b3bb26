//! Tables for people: aligned columns, no lines, never wider than the report if that can be.

use eligibility::decide::VerdictWord;
use fleet::VerdictCounts;
use unicode_width::UnicodeWidthStr;

use super::{paragraph, width};

/// The content of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Column {
    /// Words, aligned to the left; they may be broken into lines.
    Words,
    /// Numbers, aligned to the right; they stay whole.
    Number,
    /// Bars, which only a page has.
    Bar,
}

/// A cell of a table.
pub(super) enum Cell {
    /// A text or a number, as its column says.
    Text(String),
    /// A number of devices; a text has a hyphen for none.
    Count(u64),
    /// A verdict, which has a colour in a page.
    Verdict(VerdictWord),
    /// Devices by verdict, as shares of a bar.
    Bar(VerdictCounts),
    /// One share of a bar.
    Share(VerdictWord, u64, u64),
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl Cell {
    fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Count(0) | Self::Bar(_) | Self::Share(..) => "-".to_owned(),
            Self::Count(devices) => grouped(*devices),
            Self::Verdict(verdict) => verdict.to_string(),
        }
    }
}

/// A table as data, for text and for a page.
pub(super) struct Sheet {
    /// The headings of the columns.
    pub(super) headings: Vec<(String, Column)>,
    /// The rows.
    pub(super) rows: Vec<Vec<Cell>>,
}

impl Sheet {
    /// Makes a table of headings and rows.
    pub(super) fn new<'h, C: Into<Cell>>(
        headings: impl IntoIterator<Item = (&'h str, Column)>,
        rows: impl IntoIterator<Item = Vec<C>>,
    ) -> Self {
        let headings = headings.into_iter().map(|(heading, column)| (heading.to_owned(), column));
        let rows = rows.into_iter().map(|row| row.into_iter().map(Into::into).collect());
        Self { headings: headings.collect(), rows: rows.collect() }
    }

    /// Renders the table as text behind an empty line; nothing without rows.
    pub(super) fn text(&self) -> String {
        if self.rows.is_empty() { String::new() } else { format!("\n{}", self.table()) }
    }

    /// Renders the table as text, indented by two spaces.
    ///
    /// Where the columns are too wide, words are broken at spaces, then after punctuation; where
    /// that is not enough, each row becomes a block with a line for each column.
    pub(super) fn table(&self) -> String {
        let is_text = |place: &usize| self.headings[*place].1 != Column::Bar;
        let places: Vec<_> = (0..self.headings.len()).filter(is_text).collect();
        let headings = places.iter().map(|place| &self.headings[*place]);
        let headings: Vec<_> =
            headings.map(|(heading, column)| (heading.as_str(), *column)).collect();
        let texts = |row: &Vec<Cell>| places.iter().map(|place| row[*place].text()).collect();
        fit(&headings, &self.rows.iter().map(texts).collect::<Vec<_>>(), width::table())
    }
}

/// The spaces before the first column.
const INDENT: usize = 2;

/// The spaces between columns.
const GAP: usize = 2;

/// The most lines of a cell; with more, each row becomes a block of lines.
const MOST_LINES: usize = 6;

fn fit(headings: &[(&str, Column)], rows: &[Vec<String>], width: usize) -> String {
    match widths(headings, rows, width) {
        Some(widths) => aligned(headings, rows, &widths),
        None => blocks(headings, rows, width),
    }
}

/// Returns the widths of the columns; none if the table does not fit.
fn widths(headings: &[(&str, Column)], rows: &[Vec<String>], width: usize) -> Option<Vec<usize>> {
    let room = width.saturating_sub(INDENT + GAP * headings.len().saturating_sub(1));
    let longest = |column: usize, longest: &dyn Fn(&str) -> usize| {
        let cells = rows.iter().map(|row| longest(&row[column]));
        cells.max().unwrap_or_default()
    };
    let by = |of_words: &dyn Fn(&str) -> usize| -> Vec<usize> {
        let each = headings.iter().enumerate().map(|(column, (heading, kind))| {
            let cells = match kind {
                Column::Words => longest(column, of_words),
                Column::Number | Column::Bar => longest(column, &longest_line),
            };
            cells.max(of_words(heading))
        });
        each.collect()
    };
    let whole = by(&longest_line);
    if whole.iter().sum::<usize>() <= room {
        return Some(whole);
    }
    for of_words in [&longest_word as &dyn Fn(&str) -> usize, &longest_piece] {
        let least = by(of_words);
        if least.iter().sum::<usize>() > room {
            continue;
        }
        let mut widths = whole.clone();
        while widths.iter().sum::<usize>() > room {
            let columns = widths.iter_mut().zip(&least).filter(|(width, least)| **width > **least);
            *columns.max_by_key(|(width, _)| **width)?.0 -= 1;
        }
        let lines = |row: &Vec<String>| {
            let cells = row.iter().zip(&widths).zip(&whole);
            // A cell of several lines has them at any width.
            let broken = cells.filter(|((_, width), whole)| width < whole);
            broken.map(|((cell, width), _)| broken_lines(cell, *width).len()).max()
        };
        let most = rows.iter().filter_map(lines).max().unwrap_or_default();
        return (most <= MOST_LINES).then_some(widths);
    }
    None
}

fn longest_line(text: &str) -> usize {
    text.lines().map(paragraph::width_of).max().unwrap_or_default()
}

fn longest_word(text: &str) -> usize {
    text.split_whitespace().map(paragraph::width_of).max().unwrap_or_default()
}

fn longest_piece(text: &str) -> usize {
    let pieces = text.split_whitespace().flat_map(paragraph::pieces);
    pieces.map(|piece| piece.replace(paragraph::SOFT_HYPHEN, "-").width()).max().unwrap_or_default()
}

fn broken_lines(cell: &str, width: usize) -> Vec<String> {
    cell.lines().flat_map(|line| paragraph::lines(line, width)).collect()
}

fn aligned(headings: &[(&str, Column)], rows: &[Vec<String>], widths: &[usize]) -> String {
    let mut text = String::new();
    let heading: Vec<_> = headings.iter().map(|(heading, _)| (*heading).to_owned()).collect();
    for row in std::iter::once(&heading).chain(rows) {
        let cells: Vec<_> =
            row.iter().zip(widths).map(|(cell, width)| broken_lines(cell, *width)).collect();
        let height = cells.iter().map(Vec::len).max().unwrap_or_default();
        for number in 0..height.max(1) {
            let mut line = " ".repeat(INDENT - GAP);
            for ((cell, (_, column)), width) in cells.iter().zip(headings).zip(widths) {
                let part = cell.get(number).map_or("", String::as_str);
                let space = " ".repeat(width.saturating_sub(part.width()));
                line.push_str(&" ".repeat(GAP));
                match column {
                    Column::Words => line.extend([part, &*space]),
                    Column::Number | Column::Bar => line.extend([&*space, part]),
                }
            }
            text.push_str(line.trim_end());
            text.push('\n');
        }
    }
    text
}

/// Returns each row as lines of `heading  cell`, with an empty line between rows.
fn blocks(headings: &[(&str, Column)], rows: &[Vec<String>], width: usize) -> String {
    let label = headings.iter().map(|(heading, _)| paragraph::width_of(heading));
    let label = label.max().unwrap_or_default();
    let room = width.saturating_sub(INDENT + label + GAP).max(1);
    let blocks = rows.iter().map(|row| {
        let mut text = String::new();
        for ((heading, _), cell) in headings.iter().zip(row).filter(|(_, cell)| !cell.is_empty()) {
            for (number, line) in broken_lines(cell, room).iter().enumerate() {
                let heading = if number == 0 { *heading } else { "" };
                let heading = heading.replace(paragraph::SOFT_HYPHEN, "");
                let line = format!("{:INDENT$}{heading:<label$}{:GAP$}{line}", "", "");
                text.push_str(line.trim_end());
                text.push('\n');
            }
        }
        text
    });
    blocks.collect::<Vec<_>>().join("\n")
}

/// Returns a number with a thin grouping of its digits: `1 234 567`.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

/// Returns a share in percent with one decimal place, rounded; `-` of nothing.
pub(crate) fn share(part: u64, whole: u64) -> String {
    let (part, whole) = (u128::from(part), u128::from(whole));
    match (part * 2000 + whole).checked_div(whole * 2) {
        Some(tenths) => format!("{}.{} %", tenths / 10, tenths % 10),
        None => "-".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_by_three_and_shares_are_rounded() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1_234_567), "1 234 567");
        assert_eq!(share(1, 3), "33.3 %");
        assert_eq!(share(2, 3), "66.7 %");
        assert_eq!(share(0, 0), "-");
        assert_eq!(share(u64::MAX, u64::MAX), "100.0 %");
    }

    const HEADINGS: [(&str, Column); 3] =
        [("mode", Column::Words), ("devices", Column::Number), ("because", Column::Words)];

    fn rows() -> Vec<Vec<String>> {
        let rows = [
            ["personal-work-profile", "1 234", "the token is not active"],
            ["aosp", "7", "nothing"],
        ];
        rows.map(|row| row.map(str::to_owned).to_vec()).to_vec()
    }

    #[track_caller]
    fn check(width: usize, expected: &str) {
        let shown = fit(&HEADINGS, &rows(), width);
        assert_eq!(shown, expected, "\n{shown}");
        assert!(shown.lines().all(|line| line.width() <= width), "{shown}");
    }

    #[test]
    fn a_table_that_fits_is_not_broken() {
        let expected = "  mode                   devices  because\n  \
             personal-work-profile    1 234  the token is not active\n  \
             aosp                         7  nothing\n";
        check(100, expected);
        check(57, expected);
    }

    #[test]
    fn words_are_broken_at_spaces_before_they_are_broken_at_hyphens() {
        check(
            48,
            "  mode                   devices  because\n  \
               personal-work-profile    1 234  the token is\n                                  \
                                               not active\n  \
               aosp                         7  nothing\n",
        );
        check(
            30,
            "  mode       devices  because\n  \
               personal-    1 234  the\n  \
               work-               token is\n  \
               profile             not\n                      active\n  \
               aosp             7  nothing\n",
        );
    }

    #[test]
    fn a_table_that_cannot_fit_becomes_blocks() {
        check(
            24,
            "  mode     personal-\n           work-profile\n  devices  1 234\n  \
               because  the token is\n           not active\n\n  \
               mode     aosp\n  devices  7\n  because  nothing\n",
        );
    }

    #[test]
    fn wide_letters_count_as_two_columns() {
        let headings = [("name", Column::Words), ("n", Column::Number)];
        let rows = [vec!["端末".to_owned(), "1".to_owned()], vec!["ab".to_owned(), "2".to_owned()]];
        assert_eq!(fit(&headings, &rows, 40), "  name  n\n  端末  1\n  ab    2\n");
    }
}
