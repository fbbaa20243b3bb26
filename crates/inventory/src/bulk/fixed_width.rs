//! Pieces of cells, loaded without asking how long a cell is.

/// The number of readable bytes that a buffer must have before its first cell and behind its last.
pub(super) const MARGIN: usize = 64;

/// Sixty-four bytes, the first being the lowest of the first word. Steps that are the same for
/// each word become vector instructions.
pub(super) type Head = [u64; 8];

/// Returns the bytes at a place.
#[inline(always)]
pub(super) fn head(buffer: &[u8], at: usize) -> Head {
    let bytes: &[u8; 64] = buffer[at..at + 64].first_chunk().expect("the slice has 64 bytes");
    let words = bytes.as_chunks().0;
    std::array::from_fn(|index| u64::from_le_bytes(words[index]))
}

/// Returns the first bytes of a text; zeros for those that it does not have.
#[inline(always)]
pub(super) fn masked_head(buffer: &[u8], start: usize, length: usize) -> Head {
    let (mut words, mask) = (head(buffer, start), head(&MASK, 64 - length.min(64)));
    for (word, mask) in words.iter_mut().zip(mask) {
        *word &= mask;
    }
    words
}

/// All bits of sixty-four bytes, and then none.
const MASK: [u8; 128] = {
    let mut mask = [0; 128];
    let mut at = 0;
    while at < 64 {
        mask[at] = 0xff;
        at += 1;
    }
    mask
};

/// The letters that the texts of a column mostly consist of. They change nothing but the speed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Letters {
    /// ASCII alone.
    Ascii,
    /// Letters of all lengths, in texts that come in no order; a branch on it would often be
    /// mispredicted.
    Mixed,
}

/// Returns true if `buffer[start..end]` is UTF-8; at least [`MARGIN`] bytes are before and behind
/// it.
#[inline(always)]
pub(super) fn is_text(buffer: &[u8], start: usize, end: usize, letters: Letters) -> bool {
    let common = match letters {
        Letters::Ascii => is_short_ascii(buffer, start, end),
        Letters::Mixed => is_common(buffer, start, end),
    };
    common || is_utf8(&buffer[start..end])
}

#[inline(never)]
fn is_utf8(text: &[u8]) -> bool {
    str::from_utf8(text).is_ok()
}

/// Returns true if `buffer[start..end]` is ASCII of at most 64 bytes.
#[inline(always)]
fn is_short_ascii(buffer: &[u8], start: usize, end: usize) -> bool {
    let words = masked_head(buffer, start, end - start);
    let all = words.iter().fold(0, |all, word| all | word);
    all & 0x8080_8080_8080_8080 == 0 && end - start <= 64
}

/// Returns true if `buffer[start..end]` is UTF-8 of at most 63 bytes with letters of at most three
/// bytes; it may be denied by mistake.
#[inline(always)]
fn is_common(buffer: &[u8], start: usize, end: usize) -> bool {
    let bytes = |back: usize| {
        let mut words = masked_head(buffer, start - back, end - start + back);
        // Bytes before the text are not part of a letter in it.
        words[0] &= u64::MAX << (8 * back);
        words.map(u64::to_le_bytes)
    };
    let (at, before, two_before) = (bytes(0), bytes(1), bytes(2));
    let (at, before) = (at.as_flattened(), before.as_flattened());
    let mut wrong = 0;
    for ((at, before), two_before) in at.iter().zip(before).zip(two_before.as_flattened()) {
        let follows = u8::from(at & 0xc0 == 0x80);
        let must_follow = begins_two(*before) | begins_three(*before) | begins_three(*two_before);
        let begins = begins_two(*at) | begins_three(*at);
        wrong |= (follows ^ must_follow) | (u8::from(*at > 0xbf) ^ begins);
    }
    wrong == 0 && end - start < 64
}

/// Returns 1 if a letter of two bytes begins with this one.
#[inline(always)]
fn begins_two(byte: u8) -> u8 {
    u8::from(byte.wrapping_sub(0xc2) < 0xe0 - 0xc2)
}

/// Returns 1 if a letter of three bytes begins with this one, and may go on with any continuation
/// bytes. The bytes that may follow 0xe0 and 0xed are restricted.
#[inline(always)]
fn begins_three(byte: u8) -> u8 {
    u8::from(byte.wrapping_sub(0xe1) < 0xf0 - 0xe1) & u8::from(byte != 0xed)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Returns a text between bytes that would belong to letters.
    fn padded(text: &[u8]) -> Vec<u8> {
        [&[0xe2; MARGIN], text, &[0x80; MARGIN]].concat()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4096))]

        #[test]
        fn texts_are_those_that_are_utf_8(
            text in "[ -~é’ࠀ퟿𝄞]{0,40}",
            broken in proptest::option::of((0..100_usize, any::<u8>())),
            cut in 0..120_usize,
        ) {
            let mut text = text.into_bytes();
            text.truncate(cut);
            if let Some((at, byte)) = broken && let Some(place) = text.get_mut(at) {
                *place = byte;
            }
            let utf8 = str::from_utf8(&text).is_ok();
            for letters in [Letters::Ascii, Letters::Mixed] {
                let found = is_text(&padded(&text), MARGIN, MARGIN + text.len(), letters);
                prop_assert_eq!(found, utf8);
            }
        }
    }

    #[test]
    fn every_pair_of_bytes_at_the_end_of_a_text_is_judged_rightly() {
        for first in 0..=u8::MAX {
            for second in 0..=u8::MAX {
                for length in [2, 16, 63, 64, 65] {
                    let mut text = vec![b'x'; length];
                    text[length - 2] = first;
                    text[length - 1] = second;
                    let found = is_text(&padded(&text), MARGIN, MARGIN + length, Letters::Mixed);
                    assert_eq!(found, str::from_utf8(&text).is_ok(), "{first:x} {second:x}");
                }
            }
        }
    }

    #[test]
    fn every_letter_is_a_text_and_none_that_is_damaged() {
        let bounds = ['\u{7ff}', '\u{800}', '\u{fff}', '\u{1000}', '\u{cfff}', '\u{d7ff}'];
        let others = ['\u{e000}', '\u{ffff}', '\u{10000}', '\u{fffff}', char::MAX];
        let sample = ('\u{80}'..=char::MAX).step_by(101);
        for letter in sample.chain(bounds).chain(others) {
            let text = format!("x{letter}y").into_bytes();
            let padded = padded(&text);
            let end = MARGIN + text.len();
            let is_text = |padded: &[u8]| is_text(padded, MARGIN, end, Letters::Mixed);
            assert!(is_text(&padded), "{letter:?}");
            for at in MARGIN..end {
                let mut damaged = padded.clone();
                damaged[at] ^= 0x40;
                let utf8 = str::from_utf8(&damaged[MARGIN..end]).is_ok();
                assert_eq!(is_text(&damaged), utf8, "{letter:?}, {at}");
            }
        }
    }
}
