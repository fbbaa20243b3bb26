//! The beginnings of the cells of a window of rows.

use super::simd::{self, Masks, Simd, WithSimd};

/// The bytes that end cells and rows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Delimiters {
    pub(super) delimiter: u8,
    /// A line feed, perhaps behind a carriage return; or a carriage return alone.
    pub(super) line_end: u8,
}

/// The number of rows that are checked together for line ends that are out of place.
const ROWS_AT_A_TIME: usize = 64;

/// The bounds of the cells of a window that begins with a row.
///
/// A window is followed up to its end, or up to the first byte that only the plain reader can
/// judge: a quote that is not around a whole cell, or another line end outside quotes than the usual
/// one of the file.
#[derive(Debug, Default)]
pub(super) struct StructuralIndex {
    /// The place of the first byte, and of each byte behind a delimiter or line feed that is not
    /// inside quotes, counted in the buffer.
    bounds: Vec<u32>,
    used: usize,
    /// The byte that ends rows.
    line_end: u8,
    /// The number of delimiters that are line ends.
    rows: usize,
    /// True if a byte was met that only the plain reader can judge.
    stopped: bool,
    /// The places behind line feeds inside quotes.
    inner_feeds: Vec<u32>,
}

impl StructuralIndex {
    /// Returns the number of line feeds inside quotes between two places of the buffer.
    pub(super) fn inner_feeds(&self, start: u32, end: u32) -> u64 {
        let before = |place: u32| self.inner_feeds.partition_point(|feed| *feed <= place);
        (before(end) - before(start)) as u64
    }

    /// Follows the bytes of `buffer` from `start`, where a row begins, at least to `end`, in
    /// blocks of 64 bytes. The buffer has fewer than 4 GiB, and what follows `end` there is the
    /// file, too, or nothing but zeros.
    pub(super) fn follow(
        &mut self,
        buffer: &[u8],
        start: usize,
        end: usize,
        delimiters: Delimiters,
    ) {
        let blocks = (end - start).div_ceil(64);
        let most = 64 * blocks + simd::ROOM + 2;
        if self.bounds.len() < most {
            self.bounds.resize(most, 0);
        }
        self.inner_feeds.clear();
        self.bounds[0] = place(start);
        self.line_end = delimiters.line_end;
        let blocks = &buffer[start..start + 64 * blocks].as_chunks().0;
        simd::run(Follow { index: self, blocks, delimiters });
    }

    /// Returns the beginning of each cell in the buffer; each but the first is one more than the
    /// end of the cell before.
    pub(super) fn bounds(&self) -> &[u32] {
        &self.bounds[..self.used]
    }

    /// Returns the number of consecutive rows of `width` cells from a bound on.
    ///
    /// The time it takes grows with the rows that it returns, not with the window, so that a window
    /// of blank lines, for which it is called at each of them, is no quadratic case.
    pub(super) fn rows(&self, buffer: &[u8], from: usize, width: usize) -> usize {
        let ends_row = |bound: &u32| buffer[*bound as usize - 1] == self.line_end;
        let ending = |bounds: &[u32]| {
            let ends = bounds.chunks_exact(width).map(|row| &row[width - 1]);
            ends.take_while(|bound| ends_row(bound)).count()
        };
        let bounds = &self.bounds()[from + 1..];
        // Were there a line end elsewhere, there would be more of them than rows.
        if from == 0 && ending(bounds) == self.rows {
            return self.rows;
        }
        let mut rows = 0;
        for block in bounds.chunks(width * ROWS_AT_A_TIME) {
            let ending = ending(block);
            let ends = block[..ending * width].iter().filter(|bound| ends_row(bound)).count();
            if ends != ending {
                let whole = |row: &&[u32]| !row[..width - 1].iter().any(ends_row);
                return rows + block.chunks_exact(width).take_while(whole).count();
            }
            rows += ending;
            if ending < ROWS_AT_A_TIME {
                break;
            }
        }
        rows
    }

    /// Returns the bound at which the row ends that begins at one, if it ends in the window.
    pub(super) fn row_end(&self, buffer: &[u8], from: usize) -> Option<usize> {
        let bounds = &self.bounds()[from + 1..];
        let ends_row = |bound: &u32| buffer[*bound as usize - 1] == self.line_end;
        bounds.iter().position(ends_row).map(|end| from + 1 + end)
    }

    /// Returns true if a row of any shape ends in the window.
    pub(super) fn has_rows(&self) -> bool {
        self.rows > 0
    }

    /// Returns true if the window ends at a byte that only the plain reader can judge.
    pub(super) fn is_stopped(&self) -> bool {
        self.stopped
    }
}

fn place(at: usize) -> u32 {
    u32::try_from(at).expect("buffers are far smaller than 4 GiB")
}

struct Follow<'i> {
    index: &'i mut StructuralIndex,
    blocks: &'i [[u8; 64]],
    delimiters: Delimiters,
}

/// The state that one block leaves for the next.
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
        // Two loops, one for each sort of line ends, without a branch inside.
        if self.delimiters.line_end == b'\n' {
            self.with_line_ends::<false>(simd);
        } else {
            self.with_line_ends::<true>(simd);
        }
    }
}

impl Follow<'_> {
    #[inline(always)]
    fn with_line_ends<const RETURNS: bool>(self, simd: impl Simd) {
        let Self { index, blocks, delimiters } = self;
        let StructuralIndex { bounds, inner_feeds, .. } = index;
        let bounds = bounds.as_mut_slice();
        let mut carry = Carry { may_open: 1, ..Carry::default() };
        let mut base = bounds[0] + 1;
        let (mut used, mut rows, mut stopped) = (1, 0, false);
        for block in blocks {
            let masks = simd.masks(block, delimiters.delimiter);
            let line_ends = if RETURNS { masks.returns } else { masks.feeds };
            // Line feeds where carriage returns end rows, and behind any others something else.
            let after_return = masks.returns << 1 | carry.returned;
            let other_end = if RETURNS { masks.feeds } else { after_return & !masks.feeds };
            let unusual = masks.quotes | carry.inside | carry.closed | other_end;
            let mut delimiters = masks.delimiters | line_ends;
            let mut go_on = true;
            if unusual == 0 {
                carry.returned = masks.returns >> 63;
                carry.may_open = delimiters >> 63;
            } else {
                let block = Block { masks, line_ends, other_end };
                (delimiters, go_on, carry) = closer::<RETURNS>(block, base, inner_feeds, carry);
            }
            rows += (delimiters & line_ends).count_ones();
            used = simd.write(bounds, used, delimiters, base);
            base += 64;
            if !go_on {
                stopped = true;
                break;
            }
        }
        index.stopped = stopped;
        index.used = used;
        index.rows = rows as usize;
    }
}

/// The masks of a block.
#[derive(Clone, Copy)]
struct Block {
    masks: Masks,
    /// The bytes that end rows outside quotes.
    line_ends: u64,
    /// The bytes that are a line end of another sort, or follow one.
    other_end: u64,
}

/// Returns the delimiters of a block with quotes, or with a line end of another sort; and whether to
/// go on, and with what. If not, only those before the cause are given.
#[inline(always)]
fn closer<const RETURNS: bool>(
    block: Block,
    base: u32,
    inner_feeds: &mut Vec<u32>,
    carry: Carry,
) -> (u64, bool, Carry) {
    let Block { masks: Masks { delimiters: cell_ends, feeds, returns, quotes }, .. } = block;
    // From each opening quote up to the byte before the closing one.
    let inside = running_parity(quotes) ^ carry.inside;
    let delimiters = (cell_ends | block.line_ends) & !inside;
    let (opening, closing) = (quotes & inside, quotes & !inside);
    let may_open = (delimiters | quotes) << 1 | carry.may_open;
    let after_closing = closing << 1 | carry.closed;
    let before_end = if RETURNS { 0 } else { returns & !inside };
    let wrong = (opening & !may_open)
        | (after_closing & !(delimiters | quotes | before_end))
        | (block.other_end & !inside & !closing);
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
#[inline(always)]
pub(super) fn running_parity(mut bits: u64) -> u64 {
    for step in [1, 2, 4, 8, 16, 32] {
        bits ^= bits << step;
    }
    bits
}
