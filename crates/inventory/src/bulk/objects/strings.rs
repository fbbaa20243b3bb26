//! The strings of a window of objects: where they begin and end, and which bytes in them are
//! unusual.

use super::super::simd::{self, JsonMasks, Simd};

/// The quotes of a window that begins outside of strings.
#[derive(Debug, Default)]
pub(super) struct StringIndex {
    /// The places of the quotes that no backslash escapes.
    quotes: Places,
    /// The places of the bytes in strings to be judged: backslashes, control characters, and those
    /// beyond ASCII.
    unusual: Places,
}

/// Places of a buffer.
#[derive(Debug, Default)]
struct Places {
    /// They and, behind them, room for more.
    places: Vec<u32>,
    used: usize,
}

impl Places {
    fn all(&self) -> &[u32] {
        &self.places[..self.used]
    }

    /// Adds the places of some bytes of the block that begins at `base`.
    #[inline(always)]
    fn add(&mut self, simd: impl Simd, bits: u64, base: u32) {
        if self.places.len() < self.used + simd::ROOM + 64 {
            self.grow();
        }
        self.used = simd.write(&mut self.places, self.used, bits, base);
    }

    #[cold]
    #[inline(never)]
    fn grow(&mut self) {
        self.places.resize(2 * self.places.len() + simd::ROOM + 64, 0);
    }
}

impl StringIndex {
    /// Finds the strings of `buffer` from `start`, where no string is open, at least to `end`, in
    /// blocks of 64 bytes; returns their end. Places have 32 bits, and 64 bytes more than `end` are
    /// there.
    #[inline(always)]
    pub(super) fn find(
        &mut self,
        simd: impl Simd,
        buffer: &[u8],
        start: usize,
        end: usize,
    ) -> usize {
        (self.quotes.used, self.unusual.used) = (0, 0);
        let end = start + (end - start).next_multiple_of(64);
        // What the last block leaves for this one: all ones inside a string, and 1 behind a
        // backslash that escapes.
        let (mut inside, mut escaping) = (0, 0);
        let mut base = start as u32;
        for block in buffer[start..end].as_chunks().0 {
            let JsonMasks { mut quotes, backslashes, controls, beyond_ascii } = simd.json(block);
            if backslashes | escaping != 0 {
                let escaped;
                (escaped, escaping) = escaped_by(backslashes, escaping);
                quotes &= !escaped;
            }
            let in_string = simd.running_parity(quotes) ^ inside;
            inside = 0_u64.wrapping_sub(in_string >> 63);
            self.quotes.add(simd, quotes, base);
            let unusual = backslashes | beyond_ascii | (controls & in_string);
            if unusual != 0 {
                self.unusual.add(simd, unusual, base);
            }
            base += 64;
        }
        end
    }

    /// Returns the places of the quotes.
    pub(super) fn quotes(&self) -> &[u32] {
        self.quotes.all()
    }

    /// Returns the places of the unusual bytes.
    pub(super) fn unusual(&self) -> &[u32] {
        self.unusual.all()
    }
}

/// Returns the bytes of a block that are escaped, from its backslashes; and 1 if the first byte of
/// the next block is, as `first` says of this one.
fn escaped_by(backslashes: u64, first: u64) -> (u64, u64) {
    let (mut escaped, mut left, mut next) = (first, backslashes & !first, 0);
    while left != 0 {
        let backslash = left & left.wrapping_neg();
        escaped |= backslash << 1;
        next = backslash >> 63;
        left &= !(backslash | backslash << 1);
    }
    (escaped, next)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::super::simd::WithSimd;
    use super::*;

    struct Find<'w>(&'w mut StringIndex, &'w [u8], usize, usize);

    impl WithSimd for Find<'_> {
        type Output = usize;

        fn with(self, simd: impl Simd) -> usize {
            self.0.find(simd, self.1, self.2, self.3)
        }
    }

    /// Returns the quotes and the unusual bytes, found one byte at a time.
    fn plain(bytes: &[u8], start: usize, end: usize) -> (Vec<u32>, Vec<u32>) {
        let (mut quotes, mut unusual) = (Vec::new(), Vec::new());
        let (mut inside, mut escaped) = (false, false);
        for (at, byte) in (0..).zip(bytes).take(end).skip(start) {
            let is_quote = *byte == b'"' && !escaped;
            escaped = *byte == b'\\' && !escaped;
            inside ^= is_quote;
            if is_quote {
                quotes.push(at);
            }
            if *byte == b'\\' || !byte.is_ascii() || (*byte < b' ' && inside) {
                unusual.push(at);
            }
        }
        (quotes, unusual)
    }

    const PIECES: &[&[u8]] =
        &[b"\"", b"\\", b"\\\\", b"\\\"", b"\n", b"\xff", b"abcdefghij", &[b'-'; 63], &[b'\\'; 64]];

    proptest! {
        #[test]
        fn strings_are_found_as_byte_by_byte(
            pieces in proptest::collection::vec(proptest::sample::select(PIECES), 0..60),
            start in 0..70_usize,
            cut in 0..70_usize,
        ) {
            let mut bytes = pieces.concat();
            let start = start.min(bytes.len());
            let end = bytes.len().saturating_sub(cut).max(start);
            bytes.resize(bytes.len() + 64, 0);
            let mut index = StringIndex::default();
            // What was found before is forgotten.
            for _ in 0..2 {
                let found = simd::run(Find(&mut index, &bytes, start, end));
                prop_assert!((end..end + 64).contains(&found));
                let (quotes, unusual) = plain(&bytes, start, found);
                prop_assert_eq!(index.quotes(), &quotes);
                prop_assert_eq!(index.unusual(), &unusual);
            }
        }
    }
}
