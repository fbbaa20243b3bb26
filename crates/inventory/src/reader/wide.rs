//! Text in UTF-16, as Windows PowerShell and Excel write it, turned into UTF-8 while it is read.
//!
//! Only a byte-order mark identifies it (<https://www.unicode.org/faq/utf_bom.html#bom4>); without
//! one, nothing is guessed.

use std::io::{self, Read};

/// The number of bytes that are converted at a time.
const CHUNK: usize = 1 << 15;

/// The order of the two bytes of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    Little,
    Big,
}

/// The number of bytes that [`is_wide`] looks at.
pub(crate) const BEGINNING: usize = 4;

/// Returns true if the first bytes of a file are the mark of UTF-16. That of UTF-32 begins alike.
pub(crate) fn is_wide(beginning: &[u8]) -> bool {
    order(beginning).is_some()
}

fn order(beginning: &[u8]) -> Option<Order> {
    match beginning {
        [0xff, 0xfe, 0, 0] => None,
        [0xff, 0xfe, ..] => Some(Order::Little),
        [0xfe, 0xff, ..] => Some(Order::Big),
        _ => None,
    }
}

/// Text in UTF-8: the input itself, or what it is when it is turned.
pub(crate) struct Text<R> {
    input: R,
    order: Option<Order>,
    /// The bytes that were read and not given yet: of the input, or converted.
    ready: Vec<u8>,
    given: usize,
    /// Bytes of a unit, or of a pair of units, that is not complete.
    rest: Vec<u8>,
}

impl<R: Read> Text<R> {
    /// Looks at the first bytes of an input.
    pub(crate) fn open(mut input: R) -> io::Result<Self> {
        let mut beginning = Vec::new();
        input.by_ref().take(BEGINNING as u64).read_to_end(&mut beginning)?;
        let order = order(&beginning);
        let (ready, rest) = match order {
            None => (beginning, Vec::new()),
            Some(_) => (Vec::new(), beginning[2..].to_vec()),
        };
        Ok(Self { input, order, ready, given: 0, rest })
    }

    /// Takes an input that is in UTF-8.
    pub(crate) fn narrow(input: R) -> Self {
        Self { input, order: None, ready: Vec::new(), given: 0, rest: Vec::new() }
    }

    /// Turns the next bytes of the input; `false` at its end.
    fn turn(&mut self, order: Order) -> io::Result<bool> {
        let before = self.rest.len();
        self.rest.resize(before + CHUNK, 0);
        let count = match self.input.read(&mut self.rest[before..]) {
            Ok(count) => count,
            Err(error) => {
                self.rest.truncate(before);
                return Err(error);
            }
        };
        self.rest.truncate(before + count);
        let at_end = count == 0;
        let mut whole = self.rest.len() / 2;
        let unit = |bytes: &[u8]| match order {
            Order::Little => u16::from_le_bytes([bytes[0], bytes[1]]),
            Order::Big => u16::from_be_bytes([bytes[0], bytes[1]]),
        };
        let units: Vec<u16> = self.rest.chunks_exact(2).map(unit).collect();
        // The first of a pair waits for the second.
        if !at_end && units.last().is_some_and(|last| (0xd800..0xdc00).contains(last)) {
            whole -= 1;
        }
        self.ready.clear();
        self.given = 0;
        let letters = char::decode_utf16(units[..whole].iter().copied());
        let text: String = letters.map(|letter| letter.unwrap_or('\u{fffd}')).collect();
        self.ready.extend_from_slice(text.as_bytes());
        self.rest.drain(..2 * whole);
        if at_end && !self.rest.is_empty() {
            // Half a unit: the file was cut off.
            self.rest.clear();
            self.ready.extend_from_slice("\u{fffd}".as_bytes());
        }
        Ok(!at_end || !self.ready.is_empty())
    }
}

impl<R: Read> Read for Text<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let ready = &self.ready[self.given..];
            if !ready.is_empty() {
                let count = ready.len().min(buffer.len());
                buffer[..count].copy_from_slice(&ready[..count]);
                self.given += count;
                return Ok(count);
            }
            let Some(order) = self.order else { return self.input.read(buffer) };
            if !self.turn(order)? {
                return Ok(0);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Gives a few bytes at a time.
    struct Slow<'b>(&'b [u8], usize);

    impl Read for Slow<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let count = self.1.min(buffer.len()).min(self.0.len());
            buffer[..count].copy_from_slice(&self.0[..count]);
            self.0 = &self.0[count..];
            Ok(count)
        }
    }

    proptest! {
        #[test]
        fn text_in_utf_16_is_turned_in_any_pieces(
            text in "(.|[\u{10000}-\u{10fff}]|\r\n){0,50}", big in any::<bool>(), step in 1..9_usize,
        ) {
            // A null behind the mark makes it that of UTF-32.
            prop_assume!(!text.starts_with('\0'));
            let bytes = |unit: u16| if big { unit.to_be_bytes() } else { unit.to_le_bytes() };
            let file: Vec<u8> = "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(bytes).collect();
            let mut turned = String::new();
            Text::open(Slow(&file, step)).unwrap().read_to_string(&mut turned).unwrap();
            prop_assert_eq!(turned, text);
        }

        #[test]
        fn other_bytes_stay_as_they_are(
            bytes in prop::collection::vec(any::<u8>(), 0..20), step in 1..9_usize,
        ) {
            prop_assume!(!is_wide(&bytes[..bytes.len().min(BEGINNING)]));
            let mut read = Vec::new();
            Text::open(Slow(&bytes, step)).unwrap().read_to_end(&mut read).unwrap();
            prop_assert_eq!(read, bytes);
        }
    }

    #[test]
    fn what_makes_no_sense_is_replaced_and_never_dropped() {
        for (units, text) in [
            (&b"\xff\xfea\0\x00\xd8b\0"[..], "a\u{fffd}b"),
            (b"\xff\xfea\0\x00\xd8", "a\u{fffd}"),
            (b"\xff\xfea\0b", "a\u{fffd}"),
            (b"\xff\xfe", ""),
        ] {
            let mut turned = String::new();
            Text::open(units).unwrap().read_to_string(&mut turned).unwrap();
            assert_eq!(turned, text);
        }
    }
}
