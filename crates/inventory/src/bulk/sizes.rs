//! How a file is cut into pieces.

/// How a file is cut into pieces; it changes nothing but the time.
///
/// Only a test, which wants everything to be at a boundary somewhere, has a reason to choose.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    /// How many bytes a part has that is read by one thread at a time; at least 1.
    pub chunk: u64,
    /// How many bytes behind a part are read with it, for the end of its last row.
    pub overlap: usize,
    /// How many bytes are followed at a time; at least 1.
    pub window: usize,
    /// How many rows are read at a time of a file without lines; at least 1, and at most 16,384.
    pub rows: usize,
}

impl Sizes {
    /// The buffer of a part stays in the second-level cache of a core between the read and the
    /// look-ups.
    pub const USUAL: Self =
        Self { chunk: 1 << 17, overlap: 1 << 12, window: 1 << 15, rows: 1 << 14 };
}
