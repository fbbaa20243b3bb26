//! The values of JSON, followed as far as the plain reader would understand them, too.

use super::super::simd::Simd;

/// The number of arrays and objects that may be nested inside a value; the plain reader takes more.
const DEPTH: u32 = 32;

/// The most digits of a number that is surely in the range of all numbers.
const DIGITS: usize = 18;

/// The reason why an object cannot be followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Halt {
    /// Only the plain reader can judge it.
    Plain,
    /// It reaches beyond the bytes at hand.
    Beyond,
}

/// The bytes of a chunk of a file.
#[derive(Clone, Copy)]
pub(super) struct Bytes<'b> {
    /// The bytes, between margins; nothing but zeros in the last one.
    pub(super) buffer: &'b [u8],
    /// Their end in the buffer.
    pub(super) filled: usize,
}

/// The sort of a value, and where its text begins and ends.
#[derive(Clone, Copy, Debug)]
pub(super) struct Value {
    pub(super) sort: Sort,
    pub(super) start: usize,
    pub(super) end: usize,
    /// Its end, with its quotes.
    pub(super) behind: usize,
}

/// The way in which the text of a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    /// The text is as written.
    AsItStands,
    /// The text is written with escapes.
    Escaped,
    /// A number that is not written as the plain reader would.
    OtherNumber,
    /// An array or an object.
    Nested,
}

pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

impl<'b> Bytes<'b> {
    /// Returns the reason why a place has something else than expected.
    pub(super) fn halt(self, at: usize) -> Halt {
        if at >= self.filled { Halt::Beyond } else { Halt::Plain }
    }

    /// Passes over white space.
    #[inline(always)]
    pub(super) fn after_space(self, mut at: usize) -> usize {
        while is_space(self.buffer[at]) {
            at += 1;
        }
        at
    }

    /// Passes over a byte, with white space before and behind it.
    pub(super) fn after(self, byte: u8, at: usize) -> Result<usize, Halt> {
        let at = self.after_space(at);
        if self.buffer[at] == byte { Ok(self.after_space(at + 1)) } else { Err(self.halt(at)) }
    }

    /// Follows the value that begins at a place.
    #[inline(always)]
    pub(super) fn value(self, simd: impl Simd, start: usize) -> Result<Value, Halt> {
        let as_it_stands =
            |end: usize| Ok(Value { sort: Sort::AsItStands, start, end, behind: end });
        match self.buffer[start] {
            b'"' => {
                let (end, escaped) = self.string(simd, start + 1)?;
                let sort = if escaped { Sort::Escaped } else { Sort::AsItStands };
                Ok(Value { sort, start: start + 1, end, behind: end + 1 })
            }
            b't' | b'f' | b'n' => {
                let word: &[u8; 4] = self.buffer[start..].first_chunk().expect("a margin follows");
                match word {
                    b"true" => as_it_stands(start + 4),
                    b"fals" if self.buffer[start + 4] == b'e' => as_it_stands(start + 5),
                    // No text.
                    b"null" => {
                        Ok(Value { sort: Sort::AsItStands, start, end: start, behind: start + 4 })
                    }
                    _ if start + 5 > self.filled => Err(Halt::Beyond),
                    _ => Err(Halt::Plain),
                }
            }
            b'-' | b'0'..=b'9' => {
                let (end, usual) = self.number(start)?;
                let sort = if usual { Sort::AsItStands } else { Sort::OtherNumber };
                Ok(Value { sort, start, end, behind: end })
            }
            b'[' | b'{' => {
                let end = self.nested(simd, start)?;
                Ok(Value { sort: Sort::Nested, start, end, behind: end })
            }
            _ => Err(self.halt(start)),
        }
    }

    /// Returns the end of the string whose first byte is at a place, and true if it has escapes.
    #[inline(always)]
    fn string(self, simd: impl Simd, start: usize) -> Result<(usize, bool), Halt> {
        let (mut at, mut beyond_ascii, mut escaped) = (start, 0, false);
        loop {
            let block = self.buffer[at..].first_chunk().ok_or(Halt::Beyond)?;
            let (stops, high) = simd.stops(block);
            if stops == 0 {
                beyond_ascii |= high;
                at += 64;
                continue;
            }
            let before = stops.trailing_zeros();
            beyond_ascii |= high & !(u64::MAX << before);
            at += before as usize;
            match self.buffer[at] {
                b'"' if at < self.filled => break,
                b'\\' => {
                    at = self.escape(at)?;
                    escaped = true;
                }
                _ => return Err(self.halt(at)),
            }
        }
        if beyond_ascii != 0 && !is_utf8(&self.buffer[start..at]) {
            return Err(Halt::Plain);
        }
        Ok((at, escaped))
    }

    /// Passes over an escape. Halves of pairs may be wrong, which the plain reader judges.
    #[cold]
    fn escape(self, at: usize) -> Result<usize, Halt> {
        let rest = &self.buffer[at + 1..];
        match rest[0] {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Ok(at + 2),
            b'u' => match rest[1..].first_chunk().and_then(letter) {
                Some(_) => Ok(at + 6),
                None if at + 6 > self.filled => Err(Halt::Beyond),
                None => Err(Halt::Plain),
            },
            _ => Err(self.halt(at + 1)),
        }
    }

    /// Returns the end of a number, and true if it is written as the plain reader would write it.
    #[inline(always)]
    fn number(self, start: usize) -> Result<(usize, bool), Halt> {
        let digits = |from: usize| {
            let count = self.buffer[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
            if (1..=DIGITS).contains(&count) { Ok(count) } else { Err(self.halt(from + count)) }
        };
        let minus = self.buffer[start] == b'-';
        let first = start + usize::from(minus);
        let whole = digits(first)?;
        if self.buffer[first] == b'0' && whole > 1 {
            return Err(Halt::Plain);
        }
        let end = first + whole;
        match self.buffer[end] {
            b'.' => Ok((end + 1 + digits(end + 1)?, false)),
            b'e' | b'E' => Err(Halt::Plain),
            _ if end >= self.filled => Err(Halt::Beyond),
            _ => Ok((end, !minus)),
        }
    }

    /// Returns the end of an array or an object.
    #[inline(never)]
    fn nested(self, simd: impl Simd, start: usize) -> Result<usize, Halt> {
        // For each that is open, the last one being the lowest bit, whether it is an object.
        let (mut objects, mut depth) = (0_u32, 0);
        let mut at = start;
        loop {
            // A value begins here.
            let opening = self.buffer[at];
            if matches!(opening, b'[' | b'{') {
                let object = opening == b'{';
                objects = objects << 1 | u32::from(object);
                depth += 1;
                if depth > DEPTH {
                    return Err(Halt::Plain);
                }
                at = self.after_space(at + 1);
                let closing = if object { b'}' } else { b']' };
                if self.buffer[at] != closing {
                    at = if object { self.after_name(simd, at)? } else { at };
                    continue;
                }
            } else {
                at = self.scalar(simd, at)?;
            }
            // Behind a value, or at what closes an empty array or object.
            loop {
                at = self.after_space(at);
                let object = objects & 1 != 0;
                match self.buffer[at] {
                    b'}' | b']' if (self.buffer[at] == b'}') == object => {
                        (objects, depth, at) = (objects >> 1, depth - 1, at + 1);
                        if depth == 0 {
                            return Ok(at);
                        }
                    }
                    b',' => {
                        at = self.after_space(at + 1);
                        at = if object { self.after_name(simd, at)? } else { at };
                        break;
                    }
                    _ => return Err(self.halt(at)),
                }
            }
        }
    }

    /// Passes over a name and its colon.
    #[inline(always)]
    fn after_name(self, simd: impl Simd, at: usize) -> Result<usize, Halt> {
        if self.buffer[at] != b'"' {
            return Err(self.halt(at));
        }
        let (end, _) = self.string(simd, at + 1)?;
        self.after(b':', end + 1)
    }

    /// Passes over a value that is neither an array nor an object.
    #[inline(always)]
    fn scalar(self, simd: impl Simd, at: usize) -> Result<usize, Halt> {
        match self.buffer[at] {
            b'"' => Ok(self.string(simd, at + 1)?.0 + 1),
            b'-' | b'0'..=b'9' => Ok(self.number(at)?.0),
            _ => {
                let words = [&b"true"[..], b"false", b"null"];
                let rest = &self.buffer[at..];
                let word = words.into_iter().find(|word| rest.starts_with(word));
                word.map(|word| at + word.len()).ok_or_else(|| self.halt(self.filled.min(at + 5)))
            }
        }
    }

    /// Returns the name that begins at a place with its quotes, without escapes, and where it ends.
    pub(super) fn name(self, simd: impl Simd, at: usize) -> Result<(&'b [u8], usize), Halt> {
        if self.buffer[at] != b'"' {
            return Err(self.halt(at));
        }
        match self.string(simd, at + 1)? {
            (end, false) => Ok((&self.buffer[at + 1..end], end + 1)),
            (_, true) => Err(Halt::Plain),
        }
    }
}

#[inline(never)]
fn is_utf8(text: &[u8]) -> bool {
    str::from_utf8(text).is_ok()
}

/// Returns the letter of four hexadecimal digits; `None` of the halves of a pair.
fn letter(digits: &[u8; 4]) -> Option<char> {
    let digits = str::from_utf8(digits).ok()?;
    let plain = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    plain.then(|| u32::from_str_radix(digits, 16).ok()).flatten().and_then(char::from_u32)
}

/// Adds the text of a string whose escapes were [followed](Bytes::value); `false` if one of them
/// is no letter.
pub(super) fn unescape(string: &[u8], text: &mut Vec<u8>) -> bool {
    let mut rest = string;
    while let Some(at) = rest.iter().position(|byte| *byte == b'\\') {
        text.extend_from_slice(&rest[..at]);
        let (letter, length) = match rest[at + 1] {
            b'u' => (rest[at + 2..].first_chunk().and_then(letter), 6),
            b'b' => (Some('\u{8}'), 2),
            b'f' => (Some('\u{c}'), 2),
            b'n' => (Some('\n'), 2),
            b'r' => (Some('\r'), 2),
            b't' => (Some('\t'), 2),
            other => (Some(char::from(other)), 2),
        };
        let Some(letter) = letter else { return false };
        text.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
        rest = &rest[at + length..];
    }
    text.extend_from_slice(rest);
    true
}
