//! Counting what a password consists of.
//!
//! Sources: `android/app/admin/PasswordMetrics.java` at API levels 26 to 34 in
//! <https://github.com/AndroidSDKSources>; the samples in the tests are those of its unit tests.

use super::policy::{Complexity, Minima, Minimum, Quality};
use super::secret::{Lock, LockKind};

/// The number of characters of each class a password has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Metrics {
    counts: Minima,
    /// The length of the longest run with a constant step, in characters.
    pub(super) longest_sequence: u8,
}

impl Metrics {
    /// Counts a password. Counts stop at 255.
    pub(super) fn of(password: &str) -> Self {
        let mut counts = Minima::NONE;
        for letter in password.chars() {
            for (which, is) in [
                (Minimum::Length, true),
                (Minimum::Letters, letter.is_ascii_alphabetic()),
                (Minimum::UpperCase, letter.is_ascii_uppercase()),
                (Minimum::LowerCase, letter.is_ascii_lowercase()),
                (Minimum::Numeric, letter.is_ascii_digit()),
                (Minimum::Symbols, !letter.is_ascii_alphanumeric()),
                (Minimum::NonLetter, !letter.is_ascii_alphabetic()),
            ] {
                counts.set(which, counts.get(which).saturating_add(is.into()));
            }
        }
        Self { counts, longest_sequence: longest_sequence(password) }
    }

    /// Returns one of the counts.
    pub(super) const fn count(&self, which: Minimum) -> u8 {
        self.counts.get(which)
    }

    /// Returns true if there are digits and nothing else.
    pub(super) const fn only_digits(&self) -> bool {
        self.count(Minimum::Length) > 0 && self.non_digits() == 0
    }

    /// Returns the number of characters that are not digits.
    pub(super) const fn non_digits(&self) -> u8 {
        self.count(Minimum::Length).saturating_sub(self.count(Minimum::Numeric))
    }

    /// Returns the quality that API levels up to 29 see in the password.
    pub(super) fn quality(&self) -> Quality {
        match (self.count(Minimum::Numeric) > 0, self.non_digits() > 0) {
            (false, false) => Quality::Unspecified,
            (true, false) if self.longest_sequence > LONGEST_ALLOWED => Quality::Numeric,
            (true, false) => Quality::NumericComplex,
            (false, true) => Quality::Alphabetic,
            (true, true) => Quality::Alphanumeric,
        }
    }
}

/// Sequences longer than this make a password weak.
pub(super) const LONGEST_ALLOWED: u8 = 3;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Lower,
    Upper,
    Digit,
    Symbol,
}

impl Class {
    const fn of(letter: char) -> Self {
        match letter {
            'a'..='z' => Self::Lower,
            'A'..='Z' => Self::Upper,
            '0'..='9' => Self::Digit,
            _ => Self::Symbol,
        }
    }

    /// Returns the largest step that still counts as a sequence.
    const fn largest_step(self) -> u32 {
        match self {
            Self::Lower | Self::Upper => 1,
            Self::Digit => 10,
            Self::Symbol => 0,
        }
    }
}

/// Returns the longest run of characters of one class with a constant small step between
/// neighbours.
fn longest_sequence(password: &str) -> u8 {
    let step = |(one, next): (char, char)| {
        let class = Class::of(one);
        let step = i64::from(u32::from(next)) - i64::from(u32::from(one));
        let counts =
            class == Class::of(next) && step.unsigned_abs() <= u64::from(class.largest_step());
        counts.then_some(step)
    };
    let mut longest = usize::from(!password.is_empty());
    let (mut run, mut before) = (1, None);
    for now in password.chars().zip(password.chars().skip(1)).map(step) {
        run = match now {
            None => 1,
            // The second letter of a broken run begins the next one.
            Some(_) if before.is_some() && before != now => 2,
            Some(_) => run + 1,
        };
        before = now;
        longest = longest.max(run);
    }
    u8::try_from(longest).unwrap_or(u8::MAX)
}

/// Returns the complexity band of a lock, by API level.
///
/// From level 30 the rule about sequences counts for passwords, too, so `abcd` is MEDIUM at 29
/// and LOW from 30.
pub(crate) fn complexity(api: u8, lock: &Lock) -> Complexity {
    let metrics = Metrics::of(lock.secret().reveal());
    let length = metrics.count(Minimum::Length);
    let plain = metrics.longest_sequence <= LONGEST_ALLOWED || (api < 30 && !metrics.only_digits());
    let enough_for_high = if metrics.only_digits() { 8 } else { 6 };
    match lock.kind() {
        LockKind::None => Complexity::None,
        LockKind::Tied | LockKind::Pattern => Complexity::Low,
        LockKind::Pin | LockKind::Password if plain && length >= enough_for_high => {
            Complexity::High
        }
        LockKind::Pin | LockKind::Password if plain && length >= 4 => Complexity::Medium,
        LockKind::Pin | LockKind::Password => Complexity::Low,
    }
}

#[cfg(test)]
mod tests {
    use super::{Metrics, complexity, longest_sequence};
    use crate::android::policy::{Complexity, Minimum};
    use crate::android::secret::Lock;

    #[test]
    fn sequences_are_counted_as_the_platforms_unit_test_does() {
        let samples = [
            ("", 0),
            ("1", 1),
            ("1234", 4),
            ("13579", 5),
            ("1234abd", 4),
            ("aabc", 3),
            ("qwertyuio", 1),
            ("@ABC", 3),
            (";;;;", 4),
            (":;<=>", 1),
        ];
        for (password, longest) in samples {
            assert_eq!(longest_sequence(password), longest, "{password}");
        }
    }

    #[test]
    fn characters_are_counted_as_the_platforms_unit_test_does() {
        let metrics = Metrics::of("6B~0z1Z3*8A");
        let counts: Vec<_> = Minimum::ALL.iter().map(|which| metrics.count(*which)).collect();
        assert_eq!(counts, [11, 4, 3, 1, 5, 2, 7]);
    }

    #[test]
    fn bands_of_level_30_follow_the_samples() {
        let samples = [
            ("124", Complexity::Low),
            ("1238", Complexity::Medium),
            ("ab!c", Complexity::Medium),
            ("ab!1", Complexity::Medium),
            ("12389647!", Complexity::High),
            ("12387490", Complexity::High),
            ("1238749", Complexity::Medium),
            ("pattern:1478", Complexity::Low),
            ("", Complexity::None),
        ];
        for (text, band) in samples {
            assert_eq!(complexity(30, &Lock::from_text(text)), band, "{text}");
        }
    }
}
