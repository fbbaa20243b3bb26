//! A row in 17 bytes, and the rows of all files.

use inventory::{DeviceKey, LastCheckIn};

use super::suspects::Suspect;

/// How many bits of a key a row has.
pub(super) const KEY_BITS: u32 = 80;

/// How many bits of them are in the first word, and how many behind it.
const MORE_BITS: u32 = KEY_BITS - u64::BITS;

/// How many bits the number of a combination of facts has.
const KIND_BITS: u32 = 12;

/// The number in place of one that has more bits.
const MANY: u32 = (1 << KIND_BITS) - 1;

/// Where in the second word the check-in, the state, and the number of the facts begin; the number
/// ends in the byte behind it.
const CHECK_IN_AT: u32 = MORE_BITS;
const STATE_AT: u32 = CHECK_IN_AT + LastCheckIn::BITS;
const KIND_AT: u32 = STATE_AT + 2;
const _: () = assert!(KIND_AT + KIND_BITS == u64::BITS + 8, "the last bits are full");

/// What is known of other rows of the same device.
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

/// Key, check-in, facts and state of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stored {
    /// The lowest bits of the key.
    key: [u8; 8],
    rest: [u8; 8],
    kind: u8,
}

impl Stored {
    /// Not a row.
    pub(super) const GONE: Self =
        Self { key: [0; 8], rest: ((State::Gone as u64) << STATE_AT).to_le_bytes(), kind: 0 };

    #[inline(always)]
    pub(super) fn new(key: DeviceKey, check_in: LastCheckIn, kind: u32) -> Self {
        let mixed = key.mixed();
        let more = (mixed >> 64) as u64 & ((1 << MORE_BITS) - 1);
        let kind = kind.min(MANY);
        let rest = more | check_in.number() << CHECK_IN_AT | u64::from(kind) << KIND_AT;
        Self {
            key: (mixed as u64).to_le_bytes(),
            rest: rest.to_le_bytes(),
            kind: (kind >> (u64::BITS - KIND_AT)) as u8,
        }
    }

    /// Returns 64 bits of the key, in which any few of the bits are as good as random.
    #[inline(always)]
    pub(super) fn hash(&self) -> u64 {
        u64::from_le_bytes(self.key)
    }

    #[inline(always)]
    fn rest(&self) -> u64 {
        u64::from_le_bytes(self.rest)
    }

    /// Returns true if another row has the same key.
    #[inline(always)]
    pub(super) fn has_key_of(&self, other: &Self) -> bool {
        self.key == other.key && self.rest() as u16 == other.rest() as u16
    }

    pub(super) fn check_in(&self) -> LastCheckIn {
        LastCheckIn::from_number(self.rest() >> CHECK_IN_AT & ((1 << LastCheckIn::BITS) - 1))
    }

    #[inline(always)]
    pub(super) fn state(&self) -> State {
        State::ALL[(self.rest() >> STATE_AT) as usize & 3]
    }

    #[inline(always)]
    pub(super) fn is_gone(&self) -> bool {
        self.state() == State::Gone
    }

    pub(super) fn set_state(&mut self, state: State) {
        let rest = self.rest() & !(3 << STATE_AT) | (state as u64) << STATE_AT;
        self.rest = rest.to_le_bytes();
    }

    /// Returns the number of the facts, or [`MANY`].
    fn kind(&self) -> u32 {
        (self.rest() >> KIND_AT) as u32 | u32::from(self.kind) << (u64::BITS - KIND_AT)
    }
}

/// Rows beside each other.
#[derive(Debug, Default)]
pub(super) struct Columns {
    rows: Vec<Stored>,
    /// The numbers of the facts; nothing if each row has room for its own.
    kinds: Vec<u32>,
    /// Tells rows apart that differ only in what a list shows; nothing without a list.
    texts: Vec<u16>,
}

impl Columns {
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Adds rows, and the numbers of their facts.
    #[inline(always)]
    pub(super) fn add(&mut self, rows: impl Iterator<Item = Stored>, kinds: &[u32]) {
        let wide = kinds.iter().fold(0, |most, kind| most.max(*kind)) >= MANY;
        if wide && self.kinds.is_empty() {
            self.kinds = self.rows.iter().map(Stored::kind).collect();
        }
        if wide || !self.kinds.is_empty() {
            self.kinds.extend(kinds);
        }
        self.rows.extend(rows);
    }

    /// Adds the hash of the texts of each of the last rows.
    pub(super) fn add_texts(&mut self, texts: impl Iterator<Item = u16>) {
        self.texts.extend(texts);
    }

    /// Returns some of the rows.
    fn of(&self, rows: &[u32]) -> Self {
        let at = |row: &u32| *row as usize;
        Self {
            rows: rows.iter().map(|row| self.rows[at(row)]).collect(),
            kinds: rows.iter().filter_map(|row| self.kinds.get(at(row)).copied()).collect(),
            texts: rows.iter().filter_map(|row| self.texts.get(at(row)).copied()).collect(),
        }
    }

    /// Returns the number of the facts of a row.
    pub(super) fn kind(&self, at: usize) -> u32 {
        self.kinds.get(at).copied().unwrap_or_else(|| self.rows[at].kind())
    }

    /// Returns the hash of the texts of a row.
    pub(super) fn text(&self, at: usize) -> u16 {
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
    /// How much greater the number of each row is; nothing if they are consecutive.
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
    /// Returns how many rows there are.
    pub(super) fn len(&self) -> usize {
        self.0.iter().map(|block| block.columns.len()).sum()
    }

    /// Adds rows, of which the first has a number.
    pub(super) fn add(&mut self, first: u64, columns: Columns) {
        if columns.len() > 0 {
            self.0.push(Block { first, columns, offsets: Vec::new() });
        }
    }

    /// Gives the rows of each block to a function, with the position of the block. Some may be gone.
    pub(super) fn for_each(&self, mut act: impl FnMut(usize, &[Stored])) {
        self.0.iter().enumerate().for_each(|(block, rows)| act(block, &rows.columns.rows));
    }

    /// Returns what is compared of a row.
    ///
    /// # Panics
    ///
    /// If a number has more than 32 bits; hundreds of gigabytes of memory would be full of rows.
    pub(super) fn suspect(&self, block: usize, row: usize) -> Suspect {
        let columns = &self.0[block].columns;
        let number = |number| u32::try_from(number).expect("memory ends before numbers do");
        Suspect {
            row: columns.rows[row],
            kind: columns.kind(row),
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
        self.0[block].columns.rows[at].set_state(state);
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
    fn compact(&mut self) {
        let rows = (0..).zip(&self.columns.rows).filter(|(_, row)| !row.is_gone());
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
