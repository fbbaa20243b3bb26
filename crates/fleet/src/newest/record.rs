//! A row in 24 bytes.

use std::cmp::Ordering;

use eligibility::facts::{Fact, FactName, FactSet, Facts, Value};
use inventory::{DeviceKey, LastCheckIn};

/// How many bits of a key say in which partition its records are.
pub(super) const PARTITION_BITS: u32 = 8;

/// How many more bits of a key a record has beside those of its first word.
const MORE_BITS: u32 = 8;

/// How many bits the number of a combination of facts has.
const KIND_BITS: u32 = 28;

/// How many bits of the hash of its texts a record has in its second word, and in its third.
const TEXT_BITS: u32 = 12;
const MORE_TEXT_BITS: u32 = 4;

/// Key, check-in, facts and number of a row.
///
/// | word | bits, the lowest first |
/// |---|---|
/// | 0 | 64 of the key |
/// | 1 | 12 of the texts, 8 of the key, 2 flags, 42 of the check-in |
/// | 2 | 32 of the number of the row, 28 of the number of its facts, 4 of the texts |
///
/// Before a record is in its partition, it has the number of the partition in place of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Record([u64; 3]);

const MORE_AT: u32 = TEXT_BITS;
const REPEATED: u64 = 1 << (TEXT_BITS + MORE_BITS);
const CONTRADICTED: u64 = REPEATED << 1;
const CHECK_IN_AT: u32 = TEXT_BITS + MORE_BITS + 2;
const MORE_TEXTS_AT: u32 = 32 + KIND_BITS;
const _: () = assert!(CHECK_IN_AT + LastCheckIn::BITS == 64, "the second word is full");
const _: () = assert!(MORE_TEXTS_AT + MORE_TEXT_BITS == 64, "the third word is full");
const KEY_BITS: u64 = ((1 << MORE_BITS) - 1) << MORE_AT;

impl Record {
    /// No row: it has more facts than there are numbers for.
    pub(super) const EMPTY: Self = Self([0, 0, u64::MAX]);

    /// # Panics
    ///
    /// If the number of the facts has more bits than there are; tens of gigabytes of memory would
    /// have to be full of facts that differ.
    #[inline(always)]
    pub(super) fn new(key: DeviceKey, check_in: LastCheckIn, kind: u32, texts: u32) -> Self {
        assert!(kind < (1 << KIND_BITS) - 1, "memory ends before the numbers of facts do");
        let mixed = key.mixed();
        let (first, rest) = (mixed as u64, (mixed >> 64) as u64);
        let partition = rest >> (64 - PARTITION_BITS);
        let more = rest & ((1 << MORE_BITS) - 1);
        let (texts, more_texts) = (texts >> (32 - TEXT_BITS), texts & ((1 << MORE_TEXT_BITS) - 1));
        let second = u64::from(texts) | more << MORE_AT | check_in.number() << CHECK_IN_AT;
        let third = partition | u64::from(kind) << 32 | u64::from(more_texts) << MORE_TEXTS_AT;
        Self([first, second, third])
    }

    /// Takes out the partition and puts in the number of the row; `None` if there is no row.
    #[inline(always)]
    pub(super) fn placed(self, number: u32) -> Option<(usize, Self)> {
        let Self([first, second, third]) = self;
        let partition = third & ((1 << PARTITION_BITS) - 1);
        let third = third & !u64::from(u32::MAX) | u64::from(number);
        (!self.is_empty()).then_some((partition as usize, Self([first, second, third])))
    }

    #[inline(always)]
    pub(super) fn is_empty(self) -> bool {
        self == Self::EMPTY
    }

    /// Returns where to look first for the record.
    #[inline(always)]
    pub(super) fn place(self) -> usize {
        self.0[0] as usize
    }

    /// Returns true if another record of the same partition is of the same device.
    #[inline(always)]
    pub(super) fn has_key_of(self, other: Self) -> bool {
        self.0[0] == other.0[0] && (self.0[1] ^ other.0[1]) & KEY_BITS == 0 && !self.is_empty()
    }

    pub(super) fn number(self) -> u64 {
        self.0[2] & u64::from(u32::MAX)
    }

    pub(super) fn kind(self) -> u32 {
        (self.0[2] >> 32) as u32 & ((1 << KIND_BITS) - 1)
    }

    pub(super) fn check_in(self) -> LastCheckIn {
        LastCheckIn::from_number(self.0[1] >> CHECK_IN_AT)
    }

    /// Returns true if rows of the same device were set aside for this one.
    pub(super) fn is_repeated(self) -> bool {
        self.0[1] & REPEATED != 0
    }

    /// Returns true if one of them has the same check-in and other facts.
    pub(super) fn is_contradicted(self) -> bool {
        self.0[1] & CONTRADICTED != 0
    }

    /// Returns the newest of two records of a device, which takes note of the other, and the other.
    pub(super) fn newest(self, other: Self, facts: &FactOrder) -> (Self, Self) {
        let check_ins = self.check_in().cmp(&other.check_in());
        let (deciding, rest) = facts.compare(self.kind(), other.kind());
        let texts = |one: Self| (one.0[1] & ((1 << TEXT_BITS) - 1), one.0[2] >> MORE_TEXTS_AT);
        let order = check_ins.then(deciding).then(rest);
        let order = order.then_with(|| texts(self).cmp(&texts(other)));
        // The earlier row where nothing tells two apart.
        let order = order.then_with(|| other.number().cmp(&self.number()));
        let (mut newer, older) =
            if order == Ordering::Less { (other, self) } else { (self, other) };
        if check_ins == Ordering::Equal {
            newer.0[1] |= older.0[1] & CONTRADICTED;
            if deciding != Ordering::Equal {
                newer.0[1] |= CONTRADICTED;
            }
        }
        newer.0[1] |= REPEATED;
        (newer, older)
    }
}

/// The order of rows with the same check-in: the greater counts.
pub(super) struct FactOrder {
    facts: Vec<Facts>,
    deciding: Vec<FactName>,
    rest: Vec<FactName>,
}

impl FactOrder {
    /// Returns the order of these facts, by their numbers: those that decide, those that are counted,
    /// then all others.
    pub(super) fn new(deciding: FactSet, counted: FactSet, facts: Vec<Facts>) -> Self {
        let others = FactName::ALL.iter().filter(|name| **name != FactName::OsVersion);
        let names = std::iter::once(&FactName::OsVersion).chain(others).copied();
        let (deciding, mut rest): (Vec<_>, Vec<_>) =
            names.partition(|name| deciding.contains(*name));
        rest.sort_by_key(|name| !counted.contains(*name));
        Self { facts, deciding, rest }
    }

    /// Compares two rows by the facts that decide, and by the others.
    fn compare(&self, one: u32, other: u32) -> (Ordering, Ordering) {
        if one == other {
            return (Ordering::Equal, Ordering::Equal);
        }
        let [one, other] = [one, other].map(|kind| self.facts[kind as usize]);
        let by = |names: &[FactName]| {
            let each = names.iter().map(|name| (one.get(*name), other.get(*name)));
            each.fold(Ordering::Equal, |order, (one, other)| {
                order.then_with(|| knowledge(one).cmp(&knowledge(other)).then(one.cmp(&other)))
            })
        };
        (by(&self.deciding), by(&self.rest))
    }
}

/// Returns how much is known: a value, a few that are possible, or nothing.
fn knowledge(fact: Fact<Value>) -> u8 {
    match fact {
        Fact::Known(_) => 2,
        Fact::OneOf(_) => 1,
        Fact::Unknown => 0,
    }
}
