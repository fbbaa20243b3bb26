//! Sentences in lines of a bounded width.

use std::borrow::Cow;

use unicode_width::UnicodeWidthStr;

use super::width;

/// The width of comments in files.
pub(crate) const COMMENT: usize = 100;

/// A place where a word may be broken with a hyphen.
pub(super) const SOFT_HYPHEN: &str = "\u{ad}";

/// Returns the width of a text that is not broken.
pub(super) fn width_of(text: &str) -> usize {
    unhyphened(text).width()
}

/// Returns a text without its soft hyphens.
fn unhyphened(text: &str) -> Cow<'_, str> {
    if text.is_ascii() { text.into() } else { text.replace(SOFT_HYPHEN, "").into() }
}

/// Returns a text as lines of a maximal width, broken at spaces; a longer word is broken after
/// punctuation and at soft hyphens, and a longer piece gets its own line.
pub(crate) fn lines(text: &str, width: usize) -> Vec<String> {
    // No letter of ASCII is wider than one column.
    if text.is_ascii() && text.len() <= width {
        return vec![text.to_owned()];
    }
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        let whole = unhyphened(word);
        let fits = |line: &String| line.width() + 1 + whole.width() <= width;
        match lines.last_mut() {
            Some(line) if fits(line) => {
                line.push(' ');
                line.push_str(&whole);
            }
            _ if whole.width() <= width => lines.push(whole.into_owned()),
            _ => break_word(word, width, &mut lines),
        }
    }
    lines
}

fn break_word(word: &str, width: usize, lines: &mut Vec<String>) {
    let mut line = String::new();
    for piece in pieces(word) {
        if !line.is_empty() && line.width() + piece.replace(SOFT_HYPHEN, "-").width() > width {
            lines.push(line.replace(SOFT_HYPHEN, "-"));
            line.clear();
        } else {
            line = line.replace(SOFT_HYPHEN, "");
        }
        line.push_str(piece);
    }
    lines.push(line);
}

/// Returns the pieces of a word, which can be broken after a soft hyphen and where a letter follows
/// punctuation. A web address stays whole, so that it can be copied.
pub(super) fn pieces(word: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(word).filter(|word| !word.is_empty());
    std::iter::from_fn(move || {
        let word = rest?;
        let letters = word.char_indices().zip(word.chars().skip(1));
        let mut ends = letters.filter(|((_, one), next)| {
            "-,/.|=\u{ad}".contains(*one) && next.is_alphabetic() && !word.contains("://")
        });
        let end = ends.next().map_or(word.len(), |((at, one), _)| at + one.len_utf8());
        let (piece, after) = word.split_at(end);
        rest = Some(after).filter(|after| !after.is_empty());
        Some(piece)
    })
}

/// Returns a text in lines that are as wide as the report.
pub(crate) fn filled(text: &str) -> String {
    lines(text, width::paragraph()).join("\n") + "\n"
}

/// Returns an indented text whose first line begins with a label.
pub(crate) fn labelled(indent: usize, label: &str, text: &str) -> String {
    labelled_in(indent, label, text, width::paragraph())
}

fn labelled_in(indent: usize, label: &str, text: &str, width: usize) -> String {
    let hanging = indent + label.width();
    let mut written = String::new();
    for (number, line) in lines(text, width.saturating_sub(hanging)).iter().enumerate() {
        let begin = if number == 0 { label } else { "" };
        let begin = format!("{:indent$}{begin}", "");
        written.push_str(format!("{begin:hanging$}{line}").trim_end());
        written.push('\n');
    }
    written
}

#[cfg(test)]
mod tests {
    use super::{labelled_in, lines};

    #[test]
    fn lines_break_at_spaces_and_hang_under_their_label() {
        assert_eq!(lines("one two three", 7), ["one two", "three"]);
        assert_eq!(lines("immeasurable", 4), ["immeasurable"]);
        let text = "a".repeat(60);
        let shown = labelled_in(2, "because  ", &format!("{text} {text}"), 100);
        assert_eq!(shown, format!("  because  {text}\n           {text}\n"));
    }

    #[test]
    fn a_long_word_breaks_after_punctuation_and_an_address_stays_whole() {
        assert_eq!(lines("is personal-work-profile", 14), ["is", "personal-work-", "profile"]);
        assert_eq!(lines("un\u{ad}deter\u{ad}mined", 8), ["undeter-", "mined"]);
        assert_eq!(lines("un\u{ad}deter\u{ad}mined", 12), ["undetermined"]);
        let address = "https://example.com/a-long/path";
        assert_eq!(lines(address, 10), [address]);
    }
}
