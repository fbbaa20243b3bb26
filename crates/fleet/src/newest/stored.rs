//! A row in 16 bytes, and the rows of all files.

use inventory::{DeviceKey, LastCheckIn};

use super::suspects::Suspect;

/// The number of bits of a key in a row.
const KEY_BITS: u32 = 72;

/// The number of bits of a combination's number.
const KIND_BITS: u32 = 12;

/// The number in place of one that has more bits.
const MANY: u32 = (1 << KIND_BITS) - 1;

/// The first bits of the check-in, the state, and the number of the facts.
const CHECK_IN_AT: u32 = KEY_BITS;
const STATE_AT: u32 = CHECK_IN_AT + LastCheckIn::BITS;
const ROW_KEY_AT: u32 = STATE_AT + 2;
const _: () = assert!(ROW_KEY_AT + KIND_BITS == u128::BITS, "all bits are used");

/// The number of rows for which memory is taken at a time.
const BLOCK: usize = 1 << 16;

/// The state of other rows of the same device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// Nothing.
    Single,
    /// Rows were set aside for this one.
    Repeated,
    /// One of them has the same check-in and other facts that decide.
    Contradicted,
    /// The row has no key, or was set aside.
    Gone,
}

impl State {
    const ALL: [Self; 4] = [Self::Single, Self::Repeated, Self::Contradicted, Self::Gone];
}

/// Key, check-in, state and facts of a row, from the lowest bit on. The lowest 32 bits are its
/// hash, and are in a column of their own; 0 if the row is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stored(u128);

impl Stored {
    /// Not a row.
    pub(super) const GONE: Self = Self((State::Gone as u128) << STATE_AT);

    #[inline(always)]
    pub(super) fn new(key: DeviceKey, check_in: LastCheckIn, row_key: u32) -> Self {
        let key = key.mixed() & ((1 << KEY_BITS) - 1);
        let check_in = u128::from(check_in.number()) << CHECK_IN_AT;
        let hashed = u128::from(key as u32 == 0);
        Self(key | hashed | check_in | u128::from(row_key.min(MANY)) << ROW_KEY_AT)
    }

    #[inline(always)]
    fn of(hash: u32, [low, middle, high]: [u32; 3]) -> Self {
        let [hash, low, middle, high] = [hash, low, middle, high].map(u128::from);
        Self(hash | low << 32 | middle << 64 | high << 96)
    }

    /// Returns 32 bits of the key, in which any few of the bits are as good as random.
    #[inline(always)]
    pub(super) fn hash(self) -> u32 {
        self.0 as u32
    }

    /// Returns other bits of the key.
    #[inline(always)]
    pub(super) fn spread(self) -> u32 {
        (self.0 >> 32) as u32
    }

    /// Returns the part of the key that is not in the hash.
    #[inline(always)]
    fn rest(self) -> [u32; 3] {
        [32, 64, 96].map(|bit| (self.0 >> bit) as u32)
    }

    /// Returns true if another row has the same key.
    #[inline(always)]
    pub(super) fn has_key_of(self, other: Self) -> bool {
        (self.0 ^ other.0) << (u128::BITS - KEY_BITS) == 0
    }

    pub(super) fn check_in(self) -> LastCheckIn {
        let number = (self.0 >> CHECK_IN_AT) as u64;
        LastCheckIn::from_number(number & ((1 << LastCheckIn::BITS) - 1))
    }

    #[inline(always)]
    pub(super) fn state(self) -> State {
        State::ALL[(self.0 >> STATE_AT) as usize & 3]
    }

    pub(super) fn set_state(&mut self, state: State) {
        let hash = if state == State::Gone { 0 } else { self.hash() };
        let bits = self.0 & !(3 << STATE_AT) | (state as u128) << STATE_AT;
        self.0 = bits >> 32 << 32 | u128::from(hash);
    }

    /// Returns the number of the facts, or [`MANY`].
    fn row_key(self) -> u32 {
        (self.0 >> ROW_KEY_AT) as u32
    }
}

/// Rows beside each other.
#[derive(Debug, Default)]
pub(super) struct Columns {
    hashes: Vec<u32>,
    rests: Vec<[u32; 3]>,
    /// The numbers of the facts; nothing if each row has room for its own.
    row_keys: Vec<u32>,
    /// Hashes that distinguish rows that differ only in what a list shows; empty without a list.
    texts: Vec<u16>,
}

impl Columns {
    /// Returns room for some rows.
    fn with_capacity(rows: usize) -> Self {
        let (hashes, rests) = (Vec::with_capacity(rows), Vec::with_capacity(rows));
        Self { hashes, rests, ..Self::default() }
    }

    pub(super) fn len(&self) -> usize {
        self.hashes.len()
    }

    /// Returns for how many more rows there is room.
    fn room(&self) -> usize {
        self.hashes.capacity() - self.hashes.len()
    }

    /// Adds rows, and the numbers of their facts.
    #[inline(always)]
    pub(super) fn add(&mut self, rows: impl Iterator<Item = Stored>, row_keys: &[u32]) {
        let wide = row_keys.iter().fold(0, |most, row_key| most.max(*row_key)) >= MANY;
        if wide {
            self.widen();
        }
        if wide || !self.row_keys.is_empty() {
            self.row_keys.extend(row_keys);
        }
        self.hashes.reserve(row_keys.len());
        self.rests.reserve(row_keys.len());
        for row in rows {
            self.hashes.push(row.hash());
            self.rests.push(row.rest());
        }
    }

    /// Keeps the numbers of the facts beside the rows from now on.
    fn widen(&mut self) {
        if self.row_keys.is_empty() {
            self.row_keys = (0..self.len()).map(|at| self.row(at).row_key()).collect();
        }
    }

    /// Adds the rows of others behind these.
    fn append(&mut self, mut others: Self) {
        if !self.row_keys.is_empty() || !others.row_keys.is_empty() {
            self.widen();
            others.widen();
        }
        self.hashes.append(&mut others.hashes);
        self.rests.append(&mut others.rests);
        self.row_keys.append(&mut others.row_keys);
        self.texts.append(&mut others.texts);
    }

    /// Adds the hash of the texts of each of the last rows.
    pub(super) fn add_texts(&mut self, texts: impl Iterator<Item = u16>) {
        self.texts.extend(texts);
    }

    /// Returns some of the rows.
    fn of(&self, rows: &[u32]) -> Self {
        let at = |row: &u32| *row as usize;
        Self {
            hashes: rows.iter().map(|row| self.hashes[at(row)]).collect(),
            rests: rows.iter().map(|row| self.rests[at(row)]).collect(),
            row_keys: rows.iter().filter_map(|row| self.row_keys.get(at(row)).copied()).collect(),
            texts: rows.iter().filter_map(|row| self.texts.get(at(row)).copied()).collect(),
        }
    }

    fn row(&self, at: usize) -> Stored {
        Stored::of(self.hashes[at], self.rests[at])
    }

    fn set_state(&mut self, at: usize, state: State) {
        let mut row = self.row(at);
        row.set_state(state);
        (self.hashes[at], self.rests[at]) = (row.hash(), row.rest());
    }

    /// Returns the number of the facts of a row.
    fn row_key(&self, at: usize) -> u32 {
        self.row_keys.get(at).copied().unwrap_or_else(|| self.row(at).row_key())
    }

    /// Returns the hash of the texts of a row.
    fn text(&self, at: usize) -> u16 {
        self.texts.get(at).copied().unwrap_or_default()
    }
}

/// Rows in the order of their files.
#[derive(Debug, Default)]
pub(super) struct Blocks(Vec<Block>);

#[derive(Debug)]
struct Block {
    /// The number of its first row.
    first: u64,
    columns: Columns,
    /// The steps between the numbers of rows; nothing if they are consecutive.
    offsets: Vec<u32>,
}

/// The place of a row in [`Blocks`]; places have the order of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    block: u32,
    row: u32,
}

impl Place {
    fn parts(self) -> (usize, usize) {
        (self.block as usize, self.row as usize)
    }
}

impl Blocks {
    /// Returns the number of rows.
    pub(super) fn len(&self) -> usize {
        self.0.iter().map(|block| block.columns.len()).sum()
    }

    /// Adds rows; the first has a number.
    pub(super) fn add(&mut self, first: u64, columns: Columns) {
        if columns.len() == 0 {
            return;
        }
        let follows = self.0.last().is_some_and(|block| block.is_followed_by(first));
        let fits = |block: &Block| columns.len() <= block.columns.room();
        if !follows || !self.0.last().is_some_and(fits) {
            // Blocks of known length leave no gaps in the memory.
            let rows = if follows { BLOCK.max(columns.len()) } else { columns.len() };
            let room = Columns::with_capacity(rows);
            self.0.push(Block { first, columns: room, offsets: Vec::new() });
        }
        if let Some(block) = self.0.last_mut() {
            block.columns.append(columns);
        }
    }

    /// Returns the hashes of the rows of each block; 0 for rows that are gone.
    pub(super) fn hashes(&self) -> impl Iterator<Item = &[u32]> {
        self.0.iter().map(|block| &block.columns.hashes[..])
    }

    /// Returns the number of rows that have a state.
    pub(super) fn count(&self, state: State) -> u64 {
        let rests = self.0.iter().flat_map(|block| &block.columns.rests);
        rests.filter(|rest| Stored::of(0, **rest).state() == state).count() as u64
    }

    /// Returns the compared values of a row.
    ///
    /// # Panics
    ///
    /// If a number has more than 32 bits; hundreds of gigabytes of memory would be full of rows.
    pub(super) fn suspect(&self, block: usize, row: usize) -> Suspect {
        let columns = &self.0[block].columns;
        let number = |number| u32::try_from(number).expect("memory ends before numbers do");
        Suspect {
            row: columns.row(row),
            row_key: columns.row_key(row),
            text: columns.text(row),
            place: Place { block: number(block), row: number(row) },
            is_changed: false,
        }
    }

    /// Returns the number of a row among all rows of all files.
    pub(super) fn number(&self, place: Place) -> u64 {
        let (block, at) = place.parts();
        let Block { first, offsets, .. } = &self.0[block];
        first + offsets.get(at).map_or(at as u64, |offset| u64::from(*offset))
    }

    pub(super) fn set_state(&mut self, place: Place, state: State) {
        let (block, at) = place.parts();
        self.0[block].columns.set_state(at, state);
    }

    /// Takes the rows out that are gone.
    pub(super) fn compact(&mut self) {
        self.0.retain_mut(|block| {
            block.compact();
            block.columns.len() > 0
        });
    }
}

impl Block {
    /// Returns true if the row with a number is the next.
    fn is_followed_by(&self, number: u64) -> bool {
        self.offsets.is_empty() && number == self.first + self.columns.len() as u64
    }

    fn compact(&mut self) {
        let rows = (0..).zip(&self.columns.hashes).filter(|(_, hash)| **hash != 0);
        let rows: Vec<u32> = rows.map(|(at, _)| at).collect();
        if rows.len() < self.columns.len() {
            self.columns = self.columns.of(&rows);
            self.offsets = match self.offsets[..] {
                [] => rows,
                ref offsets => rows.iter().map(|row| offsets[*row as usize]).collect(),
            };
        }
    }
}
