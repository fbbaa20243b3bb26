//! The values of JSON, followed as far as the plain reader would understand them, too.

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
pub(super) struct Bytes<'b> {
    /// The bytes, between margins; nothing but zeros in the last one.
    pub(super) buffer: &'b [u8],
    /// The end of those in the buffer whose quotes are known.
    pub(super) end: usize,
    /// The places of the quotes of strings.
    pub(super) quotes: &'b [u32],
}

/// The sort of a value that is no string, and where its text ends.
#[derive(Clone, Copy, Debug)]
pub(super) struct Value {
    pub(super) sort: Sort,
    pub(super) end: usize,
    pub(super) behind: Next,
}

/// Where to go on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Next {
    pub(super) at: usize,
    /// The number of the first quote from there on.
    pub(super) quote: usize,
}

/// The way in which the text of a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    /// The text is as written, but for escapes.
    AsItStands,
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
    pub(super) fn halt(&self, at: usize) -> Halt {
        if at >= self.end { Halt::Beyond } else { Halt::Plain }
    }

    /// Passes over white space.
    #[inline(always)]
    pub(super) fn after_space(&self, mut at: usize) -> usize {
        while is_space(self.buffer[at]) {
            at += 1;
        }
        at
    }

    /// Passes over a byte, with white space before and behind it.
    pub(super) fn after(&self, byte: u8, at: usize) -> Result<usize, Halt> {
        let at = self.after_space(at);
        if self.buffer[at] == byte { Ok(self.after_space(at + 1)) } else { Err(self.halt(at)) }
    }

    /// Follows the value that begins at a place, and is no string.
    #[inline(always)]
    pub(super) fn value(&self, next: Next) -> Result<Value, Halt> {
        let Next { at: start, quote } = next;
        match self.buffer[start] {
            b't' | b'f' | b'n' => {
                // Numbers, as a branch on which of them it is would often be mispredicted.
                let word: &[u8; 8] = self.buffer[start..].first_chunk().expect("a margin follows");
                let word = u64::from_le_bytes(*word);
                let is = |known: [u8; 8], bytes| {
                    let bits = u64::MAX >> (64 - 8 * bytes);
                    usize::from(word & bits == u64::from_le_bytes(known))
                };
                let text = 4 * is(*b"true\0\0\0\0", 4) + 5 * is(*b"false\0\0\0", 5);
                // It has no text.
                let null = 4 * is(*b"null\0\0\0\0", 4);
                if text + null == 0 {
                    return Err(if start + 5 > self.end { Halt::Beyond } else { Halt::Plain });
                }
                let behind = Next { at: start + text + null, quote };
                Ok(Value { sort: Sort::AsItStands, end: start + text, behind })
            }
            b'-' | b'0'..=b'9' => {
                let (end, usual) = self.number(start)?;
                let sort = if usual { Sort::AsItStands } else { Sort::OtherNumber };
                Ok(Value { sort, end, behind: Next { at: end, quote } })
            }
            b'[' | b'{' => {
                let behind = self.nested(next)?;
                Ok(Value { sort: Sort::Nested, end: behind.at, behind })
            }
            _ => Err(self.halt(start)),
        }
    }

    /// Returns the end of the string that begins with a quote.
    #[inline(always)]
    pub(super) fn string_end(&self, quote: usize) -> Result<usize, Halt> {
        self.quotes.get(quote + 1).map(|end| *end as usize).ok_or(Halt::Beyond)
    }

    /// Passes over an escape. Halves of pairs may be wrong, which the plain reader judges.
    pub(super) fn escape(&self, at: usize) -> Result<usize, Halt> {
        let rest = &self.buffer[at + 1..];
        match rest[0] {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Ok(at + 2),
            b'u' => match rest[1..].first_chunk().and_then(letter) {
                Some(_) => Ok(at + 6),
                None if at + 6 > self.end => Err(Halt::Beyond),
                None => Err(Halt::Plain),
            },
            _ => Err(self.halt(at + 1)),
        }
    }

    /// Returns the end of a number, and true if it is written as the plain reader would write it.
    #[inline(always)]
    fn number(&self, start: usize) -> Result<(usize, bool), Halt> {
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
            _ if end >= self.end => Err(Halt::Beyond),
            _ => Ok((end, !minus)),
        }
    }

    /// Passes over an array or an object.
    #[inline(never)]
    fn nested(&self, Next { mut at, mut quote }: Next) -> Result<Next, Halt> {
        // For each that is open, the last one being the lowest bit, whether it is an object.
        let (mut objects, mut depth) = (0_u32, 0);
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
                    if object {
                        (at, quote) = (self.after_name(at, quote)?, quote + 2);
                    }
                    continue;
                }
            } else if opening == b'"' {
                (at, quote) = (self.string_end(quote)? + 1, quote + 2);
            } else {
                at = self.scalar(at)?;
            }
            // Behind a value, or at what closes an empty array or object.
            loop {
                at = self.after_space(at);
                let object = objects & 1 != 0;
                match self.buffer[at] {
                    b'}' | b']' if (self.buffer[at] == b'}') == object => {
                        (objects, depth, at) = (objects >> 1, depth - 1, at + 1);
                        if depth == 0 {
                            return Ok(Next { at, quote });
                        }
                    }
                    b',' => {
                        at = self.after_space(at + 1);
                        if object {
                            (at, quote) = (self.after_name(at, quote)?, quote + 2);
                        }
                        break;
                    }
                    _ => return Err(self.halt(at)),
                }
            }
        }
    }

    /// Passes over a name and its colon.
    #[inline(always)]
    fn after_name(&self, at: usize, quote: usize) -> Result<usize, Halt> {
        if self.buffer[at] != b'"' {
            return Err(self.halt(at));
        }
        self.after(b':', self.string_end(quote)? + 1)
    }

    /// Passes over a value that is neither a string nor an array nor an object.
    #[inline(always)]
    fn scalar(&self, at: usize) -> Result<usize, Halt> {
        if matches!(self.buffer[at], b'-' | b'0'..=b'9') {
            return Ok(self.number(at)?.0);
        }
        let words = [&b"true"[..], b"false", b"null"];
        let rest = &self.buffer[at..];
        let word = words.into_iter().find(|word| rest.starts_with(word));
        word.map(|word| at + word.len()).ok_or_else(|| self.halt(self.end.min(at + 5)))
    }

    /// Returns the name that begins at a place with its quotes, without escapes, and where it ends.
    pub(super) fn name(&self, at: usize, quote: usize) -> Result<(&'b [u8], usize), Halt> {
        if self.buffer[at] != b'"' {
            return Err(self.halt(at));
        }
        let end = self.string_end(quote)?;
        let name = &self.buffer[at + 1..end];
        let is_usual = !name.iter().any(|byte| *byte < b' ' || *byte == b'\\');
        if is_usual { Ok((name, end + 1)) } else { Err(Halt::Plain) }
    }
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
