//! Texts without what spreadsheets and web pages put around and between the letters.

use std::borrow::Cow;

/// Returns a text without white space around it. Every space of Unicode, such as the no-break
/// space, becomes a plain one, and every hyphen or dash becomes `-`; marks without a width are
/// left out.
pub(crate) fn plain(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text.trim());
    }
    let letters = text.chars().filter(|letter| !is_invisible(*letter)).map(|letter| match letter {
        // Unicode's hyphens and dashes, the minus sign, and the small and the wide hyphen.
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe63}' | '\u{ff0d}' => '-',
        _ if letter.is_whitespace() => ' ',
        _ => letter,
    });
    Cow::Owned(letters.collect::<String>().trim().to_owned())
}

/// Returns a text without the quotes that programs write around a number so that a spreadsheet takes
/// it for text: `="17.10"`, `'17.10'`, `'17.10`.
pub(crate) fn unwrapped(text: &str) -> &str {
    let ends = [("=\"", "\""), ("\"", "\""), ("'", "'"), ("'", "")];
    let inner = |(start, end)| text.strip_prefix(start)?.strip_suffix(end);
    ends.into_iter().find_map(inner).map_or(text, str::trim)
}

/// Returns a whole number without the fraction of zero that data frames write where other cells of the
/// column are blank: `1.0`, `17.0`
/// (<https://pandas.pydata.org/docs/user_guide/integer_na.html>).
pub(crate) fn unfloated(text: &str) -> &str {
    let whole = text.strip_suffix(".0").filter(|number| !number.is_empty());
    whole.filter(|number| number.bytes().all(|byte| byte.is_ascii_digit())).unwrap_or(text)
}

/// Returns true for the soft hyphen, the spaces and joiners of no width, and the marks of a
/// direction, such as the one that Windows copies along with a text.
fn is_invisible(letter: char) -> bool {
    matches!(
        letter,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_lose_a_fraction_of_zero() {
        for (text, expected) in [("1.0", "1"), ("17.0", "17"), ("257", "257")] {
            assert_eq!(unfloated(text), expected);
        }
        for text in [".0", "1.5", "1.00", "1.0.0", "x.0", ""] {
            assert_eq!(unfloated(text), text);
        }
    }

    #[test]
    fn spaces_dashes_and_marks_of_unicode_become_those_of_ascii() {
        for (text, expected) in [
            ("Android\u{a0}(dedicated)", "Android (dedicated)"),
            ("\u{feff}iOS\u{202f}17.5\u{200b}", "iOS 17.5"),
            ("corporate\u{2011}owned \u{2013} dedicated", "corporate-owned - dedicated"),
            ("\u{2003} EPÄTOSI \u{3000}", "EPÄTOSI"),
            (" plain ", "plain"),
        ] {
            assert_eq!(plain(text), expected);
        }
    }
}
