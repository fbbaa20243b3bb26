//! Pages in snappy.
//!
//! Source: <https://github.com/google/snappy/blob/main/format_description.txt>.
//!
//! Texts that differ a little, as those of check-ins, are packed into pieces of a few bytes each, so
//! the time goes into the way from one tag to the next. Nearly all pieces are copied in the same
//! steps, whether they are new or repeat what was before: a branch between the two would often be
//! mispredicted. The rest is done with care, a piece at a time.

use std::hint::select_unpredictable;
use std::io;

use super::rle::varint;
use super::source::damaged;

/// The number of bytes that are copied at once; few pieces have more.
const WIDE: usize = 32;

/// The number of bytes that a tag can be followed by, and few more.
const AHEAD: usize = 72;

/// The number of bytes that are cleared before they are written, so that they are still in the cache.
const STEP: usize = 1 << 15;

/// The most bytes that say how long the content is.
const MOST_HEADER: usize = 5;

/// Returns the content of a page: at most `most` bytes, or `None` if it says that it has more.
pub(super) fn content(packed: &[u8], most: usize) -> io::Result<Option<Vec<u8>>> {
    let mut place = 0;
    let length = varint(packed, &mut place).map_err(|_| corrupt())?;
    if place > MOST_HEADER {
        return Err(corrupt());
    }
    let Some(length) = usize::try_from(length).ok().filter(|length| *length <= most) else {
        return Ok(None);
    };
    let mut target = Vec::with_capacity(length + WIDE);
    let mut at = 0;
    while at < length {
        let end = length.min(at + STEP) + WIDE;
        target.resize(end.max(target.len()), 0);
        (place, at) = copy_short(packed, place, &mut target, at);
        if at < length {
            let piece = Piece::read(packed, &mut place)?;
            target.resize((at + piece.length() + WIDE).max(target.len()), 0);
            at = piece.copy(&mut target, at)?;
        }
    }
    if at > length || place < packed.len() {
        return Err(corrupt());
    }
    target.truncate(length);
    Ok(Some(target))
}

fn corrupt() -> io::Error {
    damaged("a page is not valid snappy")
}

/// Some bytes of the content.
enum Piece<'p> {
    New(&'p [u8]),
    /// As many bytes, the first of which was so many bytes before.
    Repeated {
        offset: usize,
        length: usize,
    },
}

impl<'p> Piece<'p> {
    fn read(packed: &'p [u8], place: &mut usize) -> io::Result<Self> {
        let mut bytes = |count: usize| {
            let rest = packed.get(*place..).and_then(|rest| rest.get(..count));
            let bytes = rest.ok_or_else(corrupt)?;
            *place += count;
            Ok(bytes)
        };
        let number =
            |bytes: &[u8]| bytes.iter().rev().fold(0, |all, byte| all << 8 | usize::from(*byte));
        let tag = usize::from(bytes(1)?[0]);
        let (sort, upper) = (tag & 3, tag >> 2);
        let (offset, length) = match sort {
            0 => {
                let length = match upper.checked_sub(59) {
                    None | Some(0) => upper,
                    Some(more) => number(bytes(more)?),
                };
                return bytes(length.saturating_add(1)).map(Self::New);
            }
            1 => ((tag & 0xe0) << 3 | number(bytes(1)?), (upper & 7) + 4),
            2 => (number(bytes(2)?), upper + 1),
            _ => (number(bytes(4)?), upper + 1),
        };
        Ok(Self::Repeated { offset, length })
    }

    fn length(&self) -> usize {
        match self {
            Self::New(bytes) => bytes.len(),
            Self::Repeated { length, .. } => *length,
        }
    }

    /// Writes the bytes to a place of the target, which has room for them; returns the next place.
    fn copy(self, target: &mut [u8], mut at: usize) -> io::Result<usize> {
        let end = at + self.length();
        match self {
            Self::New(bytes) => target[at..end].copy_from_slice(bytes),
            Self::Repeated { offset, .. } => {
                let from = at.checked_sub(offset).filter(|from| *from < at).ok_or_else(corrupt)?;
                // What repeats itself is twice as long after each step.
                while at < end {
                    let count = (at - from).min(end - at);
                    target.copy_within(from..from + count, at);
                    at += count;
                }
            }
        }
        Ok(end)
    }
}

/// Marks the tag of new bytes.
const NEW: u32 = 1 << 11;

/// For each tag the length of its piece in the lowest eight bits, the upper bits of its offset in the
/// next three, and a mask of the bytes behind it that are the lower ones in the upper half. Those of
/// rare tags have a length that is too long to be copied at once.
static TAGS: [u32; 256] = {
    let mut all = [0; 256];
    let mut tag = 0;
    while tag < 256 {
        let upper = tag >> 2;
        all[tag as usize] = match tag & 3 {
            0 => NEW | (upper + 1),
            1 => ((upper & 7) + 4) | (tag & 0xe0) << 3 | 0xff << 16,
            2 => (upper + 1) | 0xffff << 16,
            _ => u8::MAX as u32,
        };
        tag += 1;
    }
    all
};

/// Copies pieces up to the first that is longer than [`WIDE`], repeats itself, or comes near to the
/// end of either; returns the places of its tag and of its content.
#[inline(never)]
fn copy_short(packed: &[u8], place: usize, target: &mut [u8], mut at: usize) -> (usize, usize) {
    let Some(mut tag) = packed.get(place).map(|tag| usize::from(*tag)) else { return (place, at) };
    let mut behind = place + 1;
    while let Some(bytes) = packed.get(behind..).and_then(|rest| rest.first_chunk::<AHEAD>()) {
        let (sort, entry) = (tag & 3, TAGS[tag]);
        let is_new = sort == 0;
        let forward = select_unpredictable(is_new, (tag >> 2) + 1, sort);
        let length = (entry & 0xff) as usize;
        let low = u32::from(u16::from_le_bytes([bytes[0], bytes[1]]));
        let offset = (low & entry >> 16 | entry & 0x700) as usize;
        if length > WIDE || length > offset | (entry & NEW) as usize {
            break;
        }
        let Some(to) = target.get_mut(..at + WIDE) else { break };
        let Some(from) = at.checked_sub(offset) else { break };
        let repeated = to[from..].first_chunk().expect("it begins before the last bytes");
        let new: &[u8; WIDE] = bytes.first_chunk().expect("more are ahead");
        let piece = *select_unpredictable(is_new, new, repeated);
        *to.last_chunk_mut().expect("it has as many") = piece;
        at += length;
        tag = usize::from(bytes[forward]);
        behind += forward + 1;
    }
    (behind - 1, at)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    /// Texts with repetitions near and far, short and long.
    fn any_content() -> impl Strategy<Value = Vec<u8>> {
        let piece = prop_oneof![
            proptest::collection::vec(any::<u8>(), 0..200),
            (0..4_u8, 0..100_usize).prop_map(|(byte, count)| vec![byte; count]),
            (0..3000_u32).prop_map(|day| format!("2026-{day:05} 07:31:00").into_bytes()),
        ];
        proptest::collection::vec(piece, 0..300).prop_map(|pieces| pieces.concat())
    }

    const MOST: usize = 1 << 20;

    fn by_crate(packed: &[u8]) -> Option<Vec<u8>> {
        snap::raw::decompress_len(packed).ok().filter(|length| *length <= MOST)?;
        snap::raw::Decoder::new().decompress_vec(packed).ok()
    }

    proptest! {
        #[test]
        fn content_is_what_was_packed(content in any_content()) {
            let packed = snap::raw::Encoder::new().compress_vec(&content).unwrap();
            let most = content.len();
            prop_assert_eq!(super::content(&packed, most).unwrap(), Some(content));
            if let Some(less) = most.checked_sub(1) {
                prop_assert_eq!(super::content(&packed, less).unwrap(), None);
            }
        }

        #[test]
        fn changed_bytes_are_what_the_crate_says(
            content in any_content(),
            changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
            cut in any::<prop::sample::Index>(),
        ) {
            let mut packed = snap::raw::Encoder::new().compress_vec(&content).unwrap();
            for (at, byte) in changes {
                let at = at.index(packed.len());
                packed[at] = byte;
            }
            let cut = cut.index(packed.len());
            for packed in [&packed[..], &packed[..cut]] {
                prop_assert_eq!(super::content(packed, MOST).ok().flatten(), by_crate(packed));
            }
        }

        #[test]
        fn any_tags_are_what_the_crate_says(
            length in 0..128_u8,
            tags in proptest::collection::vec(any::<u8>(), 0..200),
        ) {
            let packed = [&[length][..], &tags].concat();
            prop_assert_eq!(super::content(&packed, MOST).ok().flatten(), by_crate(&packed));
        }
    }
}
