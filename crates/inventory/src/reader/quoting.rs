//! A check that the quotes of a record are where RFC 4180 requires them: around whole cells,
//! doubled inside.
//!
//! The splitting of records is lenient: text after a closing quote, or a quote in the middle of a
//! plain cell, belongs to the cell. In an export that is damage, and dangerous damage: a quote that
//! was lost swallows the rows up to the next quoted cell, and what is left may look like one good
//! row. From there on, what was inside quotes is outside, so that quotes and text meet, which is
//! what is looked for here.

/// The place in a cell to which the bytes so far have led.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Place {
    #[default]
    CellStart,
    Plain,
    Quoted,
    /// After a quote inside a quoted cell: it closes the cell, or is the first of two.
    AfterQuote,
}

/// A watch over the quotes of one record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Quoting {
    delimiter: u8,
    place: Place,
    broken: bool,
}

impl Quoting {
    /// Returns a watch over a record whose cells are separated by `delimiter`.
    pub(super) fn new(delimiter: u8) -> Self {
        Self { delimiter, place: Place::default(), broken: false }
    }

    /// Returns true if a quote was in the wrong place.
    pub(super) fn is_broken(self) -> bool {
        self.broken
    }

    /// Looks at the next bytes of the record.
    pub(super) fn pass(&mut self, bytes: &[u8]) {
        let outside = matches!(self.place, Place::CellStart | Place::Plain);
        // Most rows have no quotes, and looking for one is much faster than going byte by byte.
        if outside && !bytes.contains(&b'"') {
            if let Some(last) = bytes.last() {
                self.place = after(Place::Plain, *last, self.delimiter).unwrap_or_default();
            }
            return;
        }
        for byte in bytes {
            self.place = after(self.place, *byte, self.delimiter).unwrap_or_else(|| {
                self.broken = true;
                Place::Plain
            });
        }
    }
}

/// Returns the place after a byte; `None` if a quote and text meet.
fn after(place: Place, byte: u8, delimiter: u8) -> Option<Place> {
    match (place, byte) {
        (Place::CellStart | Place::AfterQuote, b'"') => Some(Place::Quoted),
        (Place::Quoted, b'"') => Some(Place::AfterQuote),
        (Place::Quoted, _) => Some(Place::Quoted),
        (_, b'\r' | b'\n') => Some(Place::CellStart),
        (_, byte) if byte == delimiter => Some(Place::CellStart),
        (Place::AfterQuote, _) | (Place::Plain, b'"') => None,
        (Place::CellStart | Place::Plain, _) => Some(Place::Plain),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_that_text_meets_are_noticed_however_the_bytes_come() {
        for (record, broken) in [
            ("a,b,c", false),
            ("\"a\",\"b, \"\"c\"\"\",\"\"\r\n", false),
            ("\"a\nb\",c", false),
            ("5\" screen,a", true),
            ("\"a\"b", true),
            ("\"a\" ,b", true),
            ("1,\"a,x\n2,\"c\",x", true),
        ] {
            for step in [1, 2, 100] {
                let mut quoting = Quoting::new(b',');
                for piece in record.as_bytes().chunks(step) {
                    quoting.pass(piece);
                }
                assert_eq!(quoting.is_broken(), broken, "{record} by {step}");
            }
        }
    }
}
