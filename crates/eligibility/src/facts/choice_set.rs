//! Sets of the words of one closed set.

/// A set of words of one closed set, by their positions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChoiceSet(u16);

impl ChoiceSet {
    /// Creates the set of the words at these positions.
    pub fn from_choices(choices: impl IntoIterator<Item = u8>) -> Self {
        Self(choices.into_iter().fold(0, |bits, choice| bits | 1 << choice))
    }

    /// Returns the other words of a closed set of `size` words.
    #[must_use]
    pub(crate) fn complement(self, size: usize) -> Self {
        Self(!self.0 & ((1 << size) - 1))
    }

    /// Returns true if the word is in the set.
    pub const fn contains(self, choice: u8) -> bool {
        self.0 & (1 << choice) != 0
    }

    /// Returns true if no word is in the set.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Returns the number of words in the set.
    pub(crate) const fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    /// Returns the positions of the words, in order.
    pub fn iter(self) -> impl Iterator<Item = u8> {
        (0..16).filter(move |choice| self.contains(*choice))
    }
}
