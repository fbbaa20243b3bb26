//! Styles of reports, and texts of others that must not act on a terminal.
//!
//! A report marks its styles with noncharacters, so that the codes which a terminal obeys come from
//! [`ready`] alone: whatever a cell, a title or a file name contains is shown, and does nothing.
//!
//! Sources: noncharacters are for internal use
//! (<https://www.unicode.org/faq/private_use.html#nonchar1>); the bidirectional controls are those
//! of <https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters>.

use std::borrow::Cow;
use std::fmt::{self, Write};

/// A style of a report: `{style}` begins it and `{style:#}` ends it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// Headlines.
    Bold,
    /// The actions that work.
    Green,
    /// The actions that work under a condition.
    Yellow,
    /// The failures.
    Red,
    /// The gaps.
    Magenta,
}

/// The codes that reports use (Select Graphic Rendition), each with its mark: the first is written
/// as U+FDD0, the next as U+FDD1. `0` ends a style, `1` is bold, the others are colors.
const CODES: [&str; 12] = ["0", "1", "31", "32", "33", "35", "36", "91", "92", "93", "94", "96"];

fn mark(code: &str) -> Option<char> {
    let place = (0xfdd0..).zip(CODES).find(|(_, known)| *known == code);
    place.and_then(|(mark, _)| char::from_u32(mark))
}

fn code(mark: char) -> Option<&'static str> {
    let place = u32::from(mark).checked_sub(0xfdd0)?;
    CODES.get(usize::try_from(place).ok()?).copied()
}

impl Style {
    const fn codes(self) -> &'static [&'static str] {
        match self {
            Self::Bold => &["1"],
            Self::Green => &["1", "32"],
            Self::Yellow => &["1", "33"],
            Self::Red => &["1", "31"],
            Self::Magenta => &["1", "35"],
        }
    }
}

impl fmt::Display for Style {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let codes = if f.alternate() { &["0"] } else { self.codes() };
        codes.iter().filter_map(|code| mark(code)).try_for_each(|mark| f.write_char(mark))
    }
}

/// Returns a text of a library that shows what others wrote as it is harmless, with its codes as
/// marks.
pub(super) fn marked(styled: &str) -> String {
    let mut pieces = styled.split("\u{1b}[");
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (code, rest) = piece.split_once('m').unwrap_or(("", piece));
        text.extend(mark(code));
        text.push_str(rest);
    }
    text
}

/// Returns a report with its styles as codes, and everything else made harmless.
pub(crate) fn ready(report: &str) -> String {
    let mut ready = String::with_capacity(report.len());
    for line in report.split_inclusive('\n') {
        if line.is_ascii() {
            ready.push_str(&harmless(line));
            continue;
        }
        for piece in line.split_inclusive(is_mark) {
            let text = piece.trim_end_matches(is_mark);
            ready.push_str(&harmless(text));
            for code in piece[text.len()..].chars().filter_map(code) {
                let _ = write!(ready, "\u{1b}[{code}m");
            }
        }
    }
    ready
}

/// Returns a report without its styles, and with everything else made harmless.
pub(crate) fn plain(report: &str) -> String {
    harmless(&report.replace(is_mark, "")).into_owned()
}

fn is_mark(letter: char) -> bool {
    !letter.is_ascii() && code(letter).is_some()
}

/// Returns a text with control characters and those that change the direction of writing as
/// `\u001b`: in JSON, where they are parts of texts, that means the same.
///
/// Line ends and tabs stay.
pub(crate) fn harmless(text: &str) -> Cow<'_, str> {
    // Most texts are ASCII, where a look at the bytes is enough.
    let shows = |byte: &u8| matches!(byte, b' '..=b'~' | b'\n' | b'\t');
    if text.as_bytes().iter().all(shows) || !text.contains(acts) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let line_end = letter == '\r' && letters.peek() == Some(&'\n');
        if acts(letter) && !line_end {
            let _ = write!(shown, "\\u{:04x}", u32::from(letter));
        } else {
            shown.push(letter);
        }
    }
    Cow::Owned(shown)
}

fn acts(letter: char) -> bool {
    match letter {
        '\n' | '\t' => false,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            true
        }
        _ => letter.is_control(),
    }
}

#[cfg(test)]
mod tests {
    use super::{CODES, Style, harmless, marked, plain, ready};

    #[test]
    fn the_codes_of_a_library_stay() {
        let styled: String = CODES.iter().map(|code| format!("\u{1b}[{code}m{code}")).collect();
        assert_eq!(ready(&marked(&styled)), styled);
        assert_eq!(plain(&marked("\u{1b}[1m\u{1b}[91merror\u{1b}[0m: x")), "error: x");
    }

    #[test]
    fn only_the_styles_of_the_report_become_codes() {
        let style = Style::Red;
        let report = format!("{style}no{style:#}: `\u{1b}[31mmad\u{1b}]0;title\u{7}`\n");
        let codes = "\u{1b}[1m\u{1b}[31mno\u{1b}[0m: `\\u001b[31mmad\\u001b]0;title\\u0007`\n";
        assert_eq!(ready(&report), codes);
        assert_eq!(plain(&report), "no: `\\u001b[31mmad\\u001b]0;title\\u0007`\n");
    }

    #[test]
    fn directions_are_shown_and_line_ends_and_tabs_stay() {
        assert_eq!(harmless("a\u{202e}b\tc\r\nd\re\u{85}"), "a\\u202eb\tc\r\nd\\u000de\\u0085");
        let json = serde_json::to_string("a\u{202e}\u{7f}").unwrap();
        assert_eq!(serde_json::from_str::<String>(&harmless(&json)).unwrap(), "a\u{202e}\u{7f}");
    }
}
