//! Where the cells of a window of rows begin.

use super::simd::{self, Masks, Simd, WithSimd};

/// The bounds of the cells of a window that begins with a row.
///
/// A window is followed up to its end, or up to the first byte that only the plain reader can
/// judge: a quote that is not around a whole cell, or a carriage return outside quotes that is not
/// followed by a line feed.
#[derive(Debug, Default)]
pub(super) struct StructuralIndex {
    /// The place of the first byte, and of each byte behind a delimiter or line feed that is not
    /// inside quotes, counted in the buffer.
    bounds: Vec<u32>,
    used: usize,
    /// How many of the delimiters are line feeds.
    feeds: usize,
    /// Whether a byte was met that only the plain reader can judge.
    stopped: bool,
    /// The places behind line feeds inside quotes.
    inner_feeds: Vec<u32>,
}

impl StructuralIndex {
    /// Returns how many line feeds inside quotes stand between two places of the buffer.
    pub(super) fn inner_feeds(&self, start: u32, end: u32) -> u64 {
        let before = |place: u32| self.inner_feeds.partition_point(|feed| *feed <= place);
        (before(end) - before(start)) as u64
    }

    /// Follows the bytes of `buffer` from `start`, where a row begins, at least to `end`, in
    /// blocks of 64 bytes. The buffer has fewer than 4 GiB, and what follows `end` there is the
    /// file, too, or nothing but zeros.
    pub(super) fn follow(&mut self, buffer: &[u8], start: usize, end: usize, delimiter: u8) {
        let blocks = (end - start).div_ceil(64);
        let most = 64 * blocks + simd::ROOM + 2;
        if self.bounds.len() < most {
            self.bounds.resize(most, 0);
        }
        self.inner_feeds.clear();
        self.bounds[0] = place(start);
        let blocks = &buffer[start..start + 64 * blocks].as_chunks().0;
        simd::run(Follow { index: self, blocks, delimiter });
    }

    /// Returns the beginning of each cell in the buffer; each but the first is one more than the
    /// end of the cell before.
    pub(super) fn bounds(&self) -> &[u32] {
        &self.bounds[..self.used]
    }

    /// Returns how many rows of `width` cells the window begins with.
    pub(super) fn rows(&self, buffer: &[u8], width: usize) -> usize {
        let feed = |bound: &u32| buffer[*bound as usize - 1] == b'\n';
        let ends = || self.bounds().iter().skip(width).step_by(width);
        let rows = ends().take_while(|bound| feed(bound)).count();
        // Were there a line feed elsewhere, there would be more of them than rows.
        if rows == self.feeds || self.feeds_before(buffer, rows * width) == rows {
            return rows;
        }
        let mut good = 0;
        for row in self.bounds()[1..].chunks_exact(width) {
            if row[..width - 1].iter().any(feed) || !feed(&row[width - 1]) {
                break;
            }
            good += 1;
        }
        good
    }

    /// Returns true if a row of any shape ends in the window, or is shaped so that only the plain
    /// reader can judge it.
    pub(super) fn has_rows(&self) -> bool {
        self.feeds > 0 || self.stopped
    }

    fn feeds_before(&self, buffer: &[u8], count: usize) -> usize {
        let ends = &self.bounds()[1..=count];
        ends.iter().filter(|bound| buffer[**bound as usize - 1] == b'\n').count()
    }
}

fn place(at: usize) -> u32 {
    u32::try_from(at).expect("buffers are far smaller than 4 GiB")
}

struct Follow<'i> {
    index: &'i mut StructuralIndex,
    blocks: &'i [[u8; 64]],
    delimiter: u8,
}

/// What one block leaves for the next.
#[derive(Clone, Copy, Default)]
struct Carry {
    /// All ones if it ends inside quotes.
    inside: u64,
    /// 1 if its last byte closes quotes.
    closed: u64,
    /// 1 if its last byte is a carriage return.
    returned: u64,
    /// 1 if quotes may open at the next byte.
    may_open: u64,
}

impl WithSimd for Follow<'_> {
    type Output = ();

    #[inline(always)]
    fn with(self, simd: impl Simd) {
        let Self { index, blocks, delimiter } = self;
        let StructuralIndex { bounds, inner_feeds, .. } = index;
        let bounds = bounds.as_mut_slice();
        let mut carry = Carry { may_open: 1, ..Carry::default() };
        let mut base = bounds[0] + 1;
        let (mut used, mut feeds, mut stopped) = (1, 0, false);
        for block in blocks {
            let masks = simd.masks(block, delimiter);
            let after_return = masks.returns << 1 | carry.returned;
            let unusual =
                masks.quotes | carry.inside | carry.closed | (after_return & !masks.feeds);
            let mut delimiters = masks.delimiters | masks.feeds;
            let mut go_on = true;
            if unusual == 0 {
                carry.returned = masks.returns >> 63;
                carry.may_open = delimiters >> 63;
            } else {
                (delimiters, go_on, carry) = closer(masks, after_return, base, inner_feeds, carry);
            }
            feeds += (delimiters & masks.feeds).count_ones();
            used = simd.write(bounds, used, delimiters, base);
            base += 64;
            if !go_on {
                stopped = true;
                break;
            }
        }
        index.stopped = stopped;
        index.used = used;
        index.feeds = feeds as usize;
    }
}

/// Returns the delimiters of a block with quotes, or with a carriage return alone; and whether to
/// go on, and with what. If not, only those before the cause are given.
#[inline(always)]
fn closer(
    masks: Masks,
    after_return: u64,
    base: u32,
    inner_feeds: &mut Vec<u32>,
    carry: Carry,
) -> (u64, bool, Carry) {
    let Masks { delimiters: cell_ends, feeds, returns, quotes } = masks;
    // From each opening quote up to the byte before the closing one.
    let inside = running_parity(quotes) ^ carry.inside;
    let delimiters = (cell_ends | feeds) & !inside;
    let (opening, closing) = (quotes & inside, quotes & !inside);
    let may_open = (delimiters | quotes) << 1 | carry.may_open;
    let after_closing = closing << 1 | carry.closed;
    let wrong = (opening & !may_open)
        | (after_closing & !(delimiters | quotes | (returns & !inside)))
        | (after_return & !feeds & !inside & !closing);
    if feeds & inside != 0 {
        keep(inner_feeds, feeds & inside, base);
    }
    let carry = Carry {
        inside: 0_u64.wrapping_sub(inside >> 63),
        closed: closing >> 63,
        returned: returns >> 63,
        may_open: (delimiters | quotes) >> 63,
    };
    match wrong {
        0 => (delimiters, true, carry),
        _ => (delimiters & ((1 << wrong.trailing_zeros()) - 1), false, carry),
    }
}

#[cold]
#[inline(never)]
fn keep(inner_feeds: &mut Vec<u32>, mut inner: u64, base: u32) {
    while inner != 0 {
        inner_feeds.push(base + inner.trailing_zeros());
        inner &= inner - 1;
    }
}

/// In each bit, whether an odd number of bits is set up to and with it.
fn running_parity(mut bits: u64) -> u64 {
    for step in [1, 2, 4, 8, 16, 32] {
        bits ^= bits << step;
    }
    bits
}
