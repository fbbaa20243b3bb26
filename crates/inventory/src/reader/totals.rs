//! Rows of totals, notes and rules, as spreadsheets, reports and databases write them in a table.

use super::records::Record;
use crate::error::shortened;
use crate::row::text;

/// The number of first cells that contain the label and its number.
pub(crate) const LABELS: usize = 2;

/// The words for a total, as spreadsheets write them in the languages of the portal.
const WORDS: [&str; 20] = [
    "total",
    "totals",
    "subtotal",
    "sum",
    "count",
    "summe",
    "gesamt",
    "gesamtergebnis",
    "anzahl",
    "somme",
    "nombre",
    "totale",
    "conteggio",
    "totaal",
    "aantal",
    "suma",
    "razem",
    "итого",
    "合計",
    "总计",
];

/// Returns the label of a row that has no other cells than a label and its number: `Total`,
/// `Total: 2`, `Applied filters: OS is iOS`. A table of few columns has none.
pub(super) fn label(record: &Record) -> Option<String> {
    let blank = |cell: &[u8]| cell.is_empty();
    if record.len() <= LABELS || !record.cells().skip(LABELS).all(blank) {
        return None;
    }
    let cell = record.cells().find(|cell| !cell.is_empty())?;
    is_label(cell).then(|| shortened(cell))
}

/// Returns true for the line of hyphens that database programs write below a header.
pub(super) fn is_rule(record: &Record) -> bool {
    let hyphens = |cell: &[u8]| cell.iter().all(|byte| matches!(byte, b'-' | b' '));
    record.len() > 1
        && record.cells().all(hyphens)
        && record.cells().any(|cell| cell.starts_with(b"--"))
        && record.cells().all(|cell| !cell.is_empty())
}

/// Returns true for words before a colon, and for a word for a total, perhaps with a number.
pub(crate) fn is_label(cell: &[u8]) -> bool {
    let text = text(cell);
    let end = text.find(|letter: char| !letter.is_alphabetic() && letter != ' ');
    let (words, rest) = text.split_at(end.unwrap_or(text.len()));
    if words.trim().is_empty() {
        return false;
    }
    let total = || words.to_lowercase().split(' ').take(2).any(|word| WORDS.contains(&word));
    rest.starts_with(':') || ((rest.is_empty() || words.ends_with(' ')) && total())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_words_for_a_total_or_words_before_a_colon() {
        for text in [
            "Total",
            "Total: 2",
            "Total 400",
            "Grand Total",
            "Total général",
            "Gesamtergebnis",
            "Anzahl (3)",
            "Applied filters: OS is iOS",
            "合計",
        ] {
            assert!(is_label(text.as_bytes()), "{text}");
        }
        for text in [
            "5c2d7b6e-31f4-4a63-9d2f-6a8a3c0a9b11",
            "a4:83:e7:00:11:22",
            "Ada's phone",
            "total-1",
            "Counter 3",
            "",
            "7",
        ] {
            assert!(!is_label(text.as_bytes()), "{text}");
        }
    }
}
