//! Lines in the making, put together with as few steps as possible.
//!
//! Most pieces of a line are short, so a fixed number of bytes is copied for each, and what was
//! too much is overwritten by the next one: that needs no loop.

use inventory::{LastCheckIn, RowText, is_formula};

use super::ListFormat;
use super::check_in::CheckInText;
use super::row_suffix::RowSuffix;
use super::rows;

/// The number of bytes of an id or a name that are copied at once.
const TEXT: usize = 64;

/// The character before a cell that a spreadsheet would take for a formula.
const PROTECTION: &[u8; 1] = b"'";

/// Returns true if a cell of a CSV with such a byte needs quotes.
fn needs_quotes(byte: &u8) -> bool {
    matches!(byte, b',' | b'"' | b'\r' | b'\n')
}

/// Room for lines, which is kept, and how much of it is used.
#[derive(Debug, Default)]
pub(super) struct LineBuffer {
    room: Vec<u8>,
    used: usize,
}

impl LineBuffer {
    /// Forgets the lines, and keeps the room.
    pub(super) fn clear(&mut self) {
        self.used = 0;
    }

    /// Returns the written text.
    pub(super) fn lines(&self) -> &[u8] {
        &self.room[..self.used]
    }

    /// Begins the line of a device, up to what is the same for many devices.
    #[inline]
    pub(super) fn identity(&mut self, format: &ListFormat, id: RowText<'_>, name: RowText<'_>) {
        match format {
            ListFormat::Csv(_) => {
                self.cell(id);
                self.head(1, b",");
                self.cell(name);
            }
            ListFormat::Ndjson(_) => {
                self.bytes(b"{\"device-id\":");
                self.string(id);
                self.bytes(b",\"device-name\":");
                self.string(name);
            }
            ListFormat::Rows(_) => {
                for text in [id, name] {
                    self.head(4, &rows::length(text.as_bytes()));
                    self.text(text);
                }
            }
        }
    }

    /// Adds the texts of carried columns.
    pub(super) fn carried<'b>(
        &mut self,
        format: &ListFormat,
        texts: impl Iterator<Item = RowText<'b>>,
    ) {
        match format {
            ListFormat::Csv(_) => texts.for_each(|text| {
                self.head(1, b",");
                self.cell(text);
            }),
            ListFormat::Ndjson(keys) if keys.is_empty() => {}
            ListFormat::Ndjson(keys) => {
                let mut before: &[u8] = b",\"columns\":{";
                for (key, text) in keys.iter().zip(texts) {
                    self.bytes(before);
                    self.bytes(key.as_bytes());
                    self.bytes(b":");
                    self.string(text);
                    before = b",";
                }
                self.bytes(b"}");
            }
            ListFormat::Rows(_) => texts.for_each(|text| {
                self.head(4, &rows::length(text.as_bytes()));
                self.text(text);
            }),
        }
    }

    /// Adds the last check-in of a device, with which a record of CSV ends.
    pub(super) fn check_in(&mut self, format: &ListFormat, check_in: LastCheckIn) {
        let text = CheckInText::of(check_in);
        let bytes = text.as_str().as_bytes();
        match format {
            ListFormat::Csv(_) => {
                self.head(1, b",");
                self.bytes(bytes);
                self.head(1, b"\n");
            }
            ListFormat::Ndjson(_) if bytes.is_empty() => self.bytes(b",\"last-check-in\":null"),
            ListFormat::Ndjson(_) => {
                self.bytes(b",\"last-check-in\":\"");
                self.bytes(bytes);
                self.head(1, b"\"");
            }
            ListFormat::Rows(_) => {
                self.head(4, &rows::length(bytes));
                self.bytes(bytes);
            }
        }
    }

    /// Ends the line of a device.
    #[inline]
    pub(super) fn suffix(&mut self, suffix: RowSuffix<'_>) {
        match suffix.head() {
            Some((length, head)) => self.head(length, head),
            None => self.bytes(suffix.as_bytes()),
        }
    }

    /// Adds a text as it is.
    #[inline]
    fn text(&mut self, text: RowText<'_>) {
        match text.head::<TEXT>() {
            Some((length, head)) => self.head(length, head),
            None => self.bytes(text.as_bytes()),
        }
    }

    /// Adds a cell of a CSV.
    #[inline]
    fn cell(&mut self, text: RowText<'_>) {
        if !text.is_bare() && text.as_bytes().iter().any(needs_quotes) {
            self.quoted(text.as_bytes());
        } else {
            if is_formula(text.as_bytes()) {
                self.head(1, PROTECTION);
            }
            self.text(text);
        }
    }

    /// Adds a cell of a CSV in quotes.
    #[cold]
    fn quoted(&mut self, text: &[u8]) {
        self.head(1, b"\"");
        if is_formula(text) {
            self.head(1, PROTECTION);
        }
        for part in text.split_inclusive(|byte| *byte == b'"') {
            self.bytes(part);
            if part.ends_with(b"\"") {
                self.head(1, b"\"");
            }
        }
        self.head(1, b"\"");
    }

    /// Adds a JSON string.
    fn string(&mut self, text: RowText<'_>) {
        // Without a branch for each byte, so that many are looked at together.
        let special = |byte: u8| byte < b' ' || matches!(byte, b'"' | b'\\');
        if text.as_bytes().iter().fold(false, |any, byte| any | special(*byte)) {
            let string = serde_json::to_string(text.as_str());
            self.bytes(string.expect("a text has a JSON form").as_bytes());
        } else {
            self.head(1, b"\"");
            self.text(text);
            self.head(1, b"\"");
        }
    }

    /// Adds the first bytes of some that can be copied at once.
    #[inline]
    fn head<const N: usize>(&mut self, length: usize, head: &[u8; N]) {
        *self.room(N).first_chunk_mut().expect("there is room") = *head;
        self.used += length;
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.room(bytes.len())[..bytes.len()].copy_from_slice(bytes);
        self.used += bytes.len();
    }

    /// Returns the unused room, at least a number of bytes.
    #[inline]
    fn room(&mut self, least: usize) -> &mut [u8] {
        if self.room.len() < self.used + least {
            self.grow(least);
        }
        &mut self.room[self.used..]
    }

    #[cold]
    #[inline(never)]
    fn grow(&mut self, least: usize) {
        self.room.resize((2 * self.room.len()).max(self.used + least), 0);
    }
}

#[cfg(test)]
mod tests {
    use super::super::csv_record;
    use super::*;

    #[test]
    fn cells_of_all_short_texts_are_written_as_in_any_other_csv() {
        let letters = ["=", "'", "a", " ", ",", "\"", "\r", "\n", "é"];
        let longer = |texts: &[String]| -> Vec<String> {
            let each =
                texts.iter().flat_map(|text| letters.map(|letter| format!("{text}{letter}")));
            each.collect()
        };
        let mut texts = vec![String::new()];
        for _ in 0..4 {
            texts = longer(&texts);
            for text in &texts {
                let mut buffer = LineBuffer::default();
                buffer.cell(RowText::from(text.as_str()));
                let mut record = Vec::new();
                csv_record(&[text.as_bytes()], &mut record);
                record.pop();
                assert_eq!(buffer.lines(), record, "{text:?}");
            }
        }
    }
}
