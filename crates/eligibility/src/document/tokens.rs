//! A rough view of TOML text: where strings, brackets and lines begin and end.
//!
//! The parser says where it gave up; a message says where the mistake is, which is often earlier:
//! the quote or the bracket that was opened and not closed.

use std::ops::Range;

/// One piece of the text. What is of no use for messages has the form of [`Token::Bare`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// `{` or `[`.
    Open,
    /// `}` or `]`.
    Close,
    /// `,`.
    Comma,
    /// The end of a line.
    Newline,
    /// White space or a comment.
    Space,
    /// A string with its quotes, or as much of it as there is.
    Text { closed: bool },
    /// Anything else.
    Bare,
}

/// The pieces of a text, in order, without gaps.
pub(super) struct Tokens<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Tokens<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        Self { text, at: 0 }
    }
}

impl Iterator for Tokens<'_> {
    type Item = (Token, Range<usize>);

    fn next(&mut self) -> Option<Self::Item> {
        let rest = &self.text[self.at..];
        let first = rest.chars().next()?;
        let until = |stop: fn(char) -> bool| rest.find(stop).unwrap_or(rest.len());
        let (token, length) = match first {
            '{' | '[' => (Token::Open, 1),
            '}' | ']' => (Token::Close, 1),
            ',' => (Token::Comma, 1),
            '\n' => (Token::Newline, 1),
            '#' => (Token::Space, until(|c| c == '\n')),
            '"' | '\'' => string(rest, first),
            ' ' | '\t' | '\r' => (Token::Space, 1),
            _ => (Token::Bare, until(|c| "{}[],\n#\"' \t\r".contains(c))),
        };
        let start = self.at;
        self.at += length;
        Some((token, start..self.at))
    }
}

/// Returns the string at the beginning of a text, and its length.
fn string(text: &str, quote: char) -> (Token, usize) {
    let three = if quote == '"' { "\"\"\"" } else { "'''" };
    let several_lines = text.starts_with(three);
    let end = if several_lines { three } else { &three[..1] };
    let mut at = end.len();
    while let Some(next) = text[at..].chars().next() {
        if text[at..].starts_with(end) {
            at += end.len();
            // A string over several lines may end in quotes of its own.
            let own = text[at..].chars().take(2).take_while(|c| several_lines && *c == quote);
            return (Token::Text { closed: true }, at + own.count());
        }
        if next == '\n' && !several_lines {
            break;
        }
        at += next.len_utf8();
        if next == '\\' && quote == '"' {
            let escaped = text[at..].chars().next().filter(|c| *c != '\n' || several_lines);
            at += escaped.map_or(0, char::len_utf8);
        }
    }
    (Token::Text { closed: false }, at)
}

/// Returns the string without an end that contains a place or ends at it.
pub(super) fn open_string(text: &str, place: usize) -> Option<Range<usize>> {
    let open = |(token, span): &(Token, Range<usize>)| {
        *token == Token::Text { closed: false } && span.start <= place && place <= span.end
    };
    Tokens::of(text).find(open).map(|(_, span)| span)
}

/// Returns the innermost bracket that is open at a place, if nothing closes it behind that place.
pub(super) fn open_bracket(text: &str, place: usize) -> Option<usize> {
    let mut open = Vec::new();
    let mut innermost = None;
    for (token, span) in Tokens::of(text) {
        if span.start >= place && innermost.is_none() {
            innermost = Some(*open.last()?);
        }
        match token {
            Token::Open => open.push(span.start),
            Token::Close => {
                let opened = open.pop()?;
                let pair = (&text[opened..=opened], &text[span]);
                if !matches!(pair, ("{", "}") | ("[", "]")) {
                    return Some(opened);
                }
                if innermost == Some(opened) {
                    return None;
                }
            }
            _ => {}
        }
    }
    innermost.or(open.last().copied())
}

/// Returns the inline tables that TOML 1.0 does not allow: over several lines, or with a comma at
/// the end. Gives the place of the first line end or comma at fault in each, with the place of the
/// table.
pub(super) fn newer_tables(text: &str) -> Vec<(Range<usize>, Range<usize>)> {
    let mut open: Vec<(usize, Option<Range<usize>>)> = Vec::new();
    let mut last_comma: Option<Range<usize>> = None;
    let mut found = Vec::new();
    for (token, span) in Tokens::of(text) {
        match token {
            Token::Open => open.push((span.start, None)),
            Token::Newline => {
                let inline = open.last_mut().filter(|(at, _)| text[*at..].starts_with('{'));
                if let Some((_, fault)) = inline {
                    fault.get_or_insert(span.clone());
                }
            }
            Token::Close => {
                if let Some((start, fault)) = open.pop()
                    && text[start..].starts_with('{')
                    && let Some(fault) = fault.or(last_comma.clone())
                {
                    found.push((fault, start..span.end));
                }
            }
            _ => {}
        }
        match token {
            Token::Comma => last_comma = Some(span),
            Token::Space | Token::Newline => {}
            _ => last_comma = None,
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_the_whole_text_in_order() {
        let text = "a = \"x \\\" # no\" # c { \"\nb = ['é', {c = '''\n}''' }]\nd = \"open\n";
        let mut end = 0;
        for (_, span) in Tokens::of(text) {
            assert_eq!(span.start, end);
            end = span.end;
        }
        assert_eq!(end, text.len());
    }

    #[test]
    fn what_is_open_is_found_from_where_it_is_missed() {
        let text = "a = { b = [1, 2 }\nc = 1\n";
        assert_eq!(open_bracket(text, 16), Some(10));
        assert_eq!(open_bracket("a = [1 2]\n", 7), None);
        assert_eq!(open_bracket("a = { b = 1\nc = [2]\n", 12), Some(4));
        assert_eq!(open_string("a = \"b\nc = 1\n", 6), Some(4..6));
        assert_eq!(open_string("a = \"b\"\nc = 1\n", 6), None);
    }

    #[test]
    fn tables_that_only_newer_tools_read_are_found() {
        let flagged = |text: &str| newer_tables(text).len();
        assert_eq!(flagged("a = { b = 1, c = [\n1,\n2,\n] }\n"), 0);
        assert_eq!(flagged("a = { b = 1, }\n"), 1);
        assert_eq!(flagged("a = {\n  b = 1, # }\n  c = '{'\n}\n"), 1);
        assert_eq!(flagged("[[rule]]\na = { b = \"\"\"\n\"\"\" }\n"), 0);
    }
}
