//! Text in Windows-1252, as spreadsheets and old shells save it in western Europe and America.
//!
//! Only invalid bytes distinguish it from UTF-8, so each cell is decided on its own: bytes that are
//! valid UTF-8 are UTF-8, and any others are Windows-1252, in which every byte is a letter. No two
//! cells become the same text. The table is that of
//! <https://encoding.spec.whatwg.org/index-windows-1252.txt>.

use std::borrow::Cow;

/// The letters of the bytes from 0x80 to 0x9f; the others are those of Unicode.
const HIGH: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// Returns the text of bytes; it is owned if they are not UTF-8.
pub(crate) fn decoded(bytes: &[u8]) -> Cow<'_, str> {
    match str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(bytes.iter().copied().map(letter).collect()),
    }
}

fn letter(byte: u8) -> char {
    match byte {
        0x80..=0x9f => HIGH[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_byte_has_a_letter_of_its_own() {
        let letters: HashSet<char> = (0..=u8::MAX).map(letter).collect();
        assert_eq!(letters.len(), 256);
        assert!((0..=0x7f).all(|byte| letter(byte) == char::from(byte)));
    }

    #[test]
    fn bytes_that_are_utf_8_are_that_and_others_are_windows_1252() {
        for (bytes, text) in [
            (&b"plain"[..], "plain"),
            ("Büro – 5 €".as_bytes(), "Büro – 5 €"),
            (b"B\xfcro \x96 5 \x80", "Büro – 5 €"),
            (b"Zo\xeb", "Zoë"),
            // The last letter of a text in UTF-8 that was cut off.
            (b"Zo\xc3", "ZoÃ"),
        ] {
            assert_eq!(decoded(bytes), text);
            assert_eq!(matches!(decoded(bytes), Cow::Owned(_)), str::from_utf8(bytes).is_err());
        }
    }
}
