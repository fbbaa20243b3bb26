//! Sets of small numbers: of the classes of a fact, or of the clauses of policies.

/// A set of numbers below a bound that is fixed when the set is made.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct BitSet(Vec<u64>);

impl BitSet {
    pub(crate) fn none(bound: usize) -> Self {
        Self(vec![0; bound.div_ceil(64)])
    }

    pub(crate) fn all(bound: usize) -> Self {
        let mut set = Self::none(bound);
        for number in 0..bound {
            set.insert(number);
        }
        set
    }

    /// Returns the set of one number, below the same bound.
    pub(crate) fn only(&self, number: usize) -> Self {
        let mut set = Self(vec![0; self.0.len()]);
        set.insert(number);
        set
    }

    pub(crate) fn insert(&mut self, number: usize) {
        self.0[number / 64] |= 1 << (number % 64);
    }

    pub(crate) fn remove(&mut self, number: usize) {
        self.0[number / 64] &= !(1 << (number % 64));
    }

    pub(crate) fn contains(&self, number: usize) -> bool {
        self.0[number / 64] & (1 << (number % 64)) != 0
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    pub(crate) fn intersects(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).any(|(a, b)| a & b != 0)
    }

    pub(crate) fn is_subset(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).all(|(a, b)| a & !b == 0)
    }

    pub(crate) fn intersection(&self, other: &Self) -> Self {
        Self(self.0.iter().zip(&other.0).map(|(a, b)| a & b).collect())
    }

    pub(crate) fn without(&self, other: &Self) -> Self {
        Self(self.0.iter().zip(&other.0).map(|(a, b)| a & !b).collect())
    }

    pub(crate) fn union_with(&mut self, other: &Self) {
        for (word, more) in self.0.iter_mut().zip(&other.0) {
            *word |= more;
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = usize> {
        self.0.iter().enumerate().flat_map(|(index, word)| {
            let word = *word;
            (0..64).filter(move |bit| word & (1 << bit) != 0).map(move |bit| index * 64 + bit)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(numbers: &[usize]) -> BitSet {
        let mut set = BitSet::none(200);
        numbers.iter().for_each(|number| set.insert(*number));
        set
    }

    #[test]
    fn numbers_of_all_words_are_in_a_set_or_are_not() {
        let mut all = set(&[0, 63, 64, 199]);
        assert_eq!(all.iter().collect::<Vec<_>>(), [0, 63, 64, 199]);
        assert!(all.contains(64) && !all.contains(65));
        all.remove(63);
        assert_eq!(all, set(&[0, 64, 199]));
        assert_eq!(all.only(64), set(&[64]));
        assert!(!all.is_empty() && set(&[]).is_empty());
    }

    #[test]
    fn sets_are_compared_and_joined_in_all_words() {
        let (one, other) = (set(&[1, 2, 130]), set(&[2, 199]));
        assert_eq!(one.intersection(&other), set(&[2]));
        assert_eq!(one.without(&other), set(&[1, 130]));
        assert!(one.intersects(&other) && !one.intersects(&set(&[3, 131])));
        assert!(set(&[130]).intersects(&one), "in the third word only");
        assert!(set(&[2, 130]).is_subset(&one) && !other.is_subset(&one));
        let mut both = one;
        both.union_with(&other);
        assert_eq!(both, set(&[1, 2, 130, 199]));
    }
}
