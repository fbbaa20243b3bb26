//! Judging a new passcode: what is wrong with it, by the device's own codes.
//!
//! Source of the codes: the table of `MCPasscodeErrorDomain` in Apple's MDM protocol reference,
//! <https://developer.apple.com/library/content/documentation/Miscellaneous/Reference/MobileDeviceManagementProtocolRef/3-MDM_Protocol/MDM_Protocol.html>.
//! How long a run makes a passcode simple is not written down; it is a parameter.

use std::collections::BTreeSet;

use super::Demand;
use crate::apple::parameters::Parameters;
use crate::model::Secret;

/// The reason that a passcode is rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Refusal {
    /// Too few characters.
    TooShort,
    /// Too few different characters.
    TooFewUnique,
    /// Too few characters that are neither letters nor digits.
    TooFewComplex,
    /// A character repeats too often in a row.
    Repeating,
    /// Characters rise or fall one by one.
    Ascending,
    /// It has no digit.
    NeedsNumber,
    /// It has no letter.
    NeedsLetter,
    /// It is too old.
    Expired,
    /// It was used too recently.
    UsedRecently,
}

impl Refusal {
    /// All refusals, in the order of their codes.
    pub const ALL: [Self; 9] = [
        Self::TooShort,
        Self::TooFewUnique,
        Self::TooFewComplex,
        Self::Repeating,
        Self::Ascending,
        Self::NeedsNumber,
        Self::NeedsLetter,
        Self::Expired,
        Self::UsedRecently,
    ];

    /// Returns its code in `MCPasscodeErrorDomain`, 5000 to 5008.
    pub(crate) const fn code(self) -> u32 {
        5000 + self as u32
    }

    /// Returns its content, in a few words of ours.
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::TooShort => "too short",
            Self::TooFewUnique => "too few different characters",
            Self::TooFewComplex => "too few complex characters",
            Self::Repeating => "characters repeat",
            Self::Ascending => "characters rise or fall one by one",
            Self::NeedsNumber => "needs a digit",
            Self::NeedsLetter => "needs a letter",
            Self::Expired => "has expired",
            Self::UsedRecently => "was used too recently",
        }
    }
}

/// Returns everything that is wrong with a passcode but its age and its history, in the order of
/// the codes.
///
/// ```
/// use device_sim::Secret;
/// use device_sim::apple::{Demand, Parameters, Refusal, judge};
///
/// let demand = Demand { not_simple: true, min_length: 6, ..Demand::default() };
/// let judged = judge(&Secret::new("1234"), &demand, &Parameters::default());
/// assert_eq!(judged, [Refusal::TooShort, Refusal::Ascending]);
/// ```
pub fn judge(passcode: &Secret, demand: &Demand, parameters: &Parameters) -> Vec<Refusal> {
    let letters: Vec<char> = passcode.reveal().chars().collect();
    let count = |wanted: fn(char) -> bool| letters.iter().filter(|c| wanted(**c)).count();
    let fewer = |count: usize, than: u32| u32::try_from(count).is_ok_and(|count| count < than);
    let unique = letters.iter().collect::<BTreeSet<_>>().len();
    let complex = count(|c| !c.is_alphanumeric());
    let has_letter = count(char::is_alphabetic) > 0;
    let has_digit = count(char::is_numeric) > 0;
    let run = parameters.simple_run;
    let found = |refusal| match refusal {
        Refusal::TooShort => fewer(letters.len(), demand.min_length),
        Refusal::TooFewUnique => fewer(unique, parameters.unique_characters),
        Refusal::TooFewComplex => fewer(complex, demand.min_complex),
        Refusal::Repeating => demand.not_simple && has_run(&letters, 0, run),
        Refusal::Ascending => {
            demand.not_simple && (has_run(&letters, 1, run) || has_run(&letters, -1, run))
        }
        Refusal::NeedsNumber => demand.alphanumeric && parameters.letters_need_digits && !has_digit,
        Refusal::NeedsLetter => demand.alphanumeric && !has_letter,
        Refusal::Expired | Refusal::UsedRecently => false,
    };
    Refusal::ALL.into_iter().filter(|refusal| found(*refusal)).collect()
}

/// Returns true if a number of characters in a row each differ by `step` from the one before.
fn has_run(letters: &[char], step: i64, length: u32) -> bool {
    let mut run: u32 = 1;
    letters.windows(2).any(|pair| {
        let distance = i64::from(u32::from(pair[1])) - i64::from(u32::from(pair[0]));
        run = if distance == step { run + 1 } else { 1 };
        run >= length
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(text: &str, demand: Demand) -> Vec<u32> {
        let refusals = judge(&Secret::new(text), &demand, &Parameters::default());
        refusals.into_iter().map(Refusal::code).collect()
    }

    #[test]
    fn apple_31_simple_means_runs() {
        let demand = Demand { not_simple: true, ..Demand::default() };
        for (text, codes) in [
            ("1111", vec![5003]),
            ("3333", vec![5003]),
            ("1234", vec![5004]),
            ("DEFG", vec![5004]),
            ("CBA", vec![5004]),
            ("123", vec![5004]),
            ("1112", vec![5003]),
            ("111234", vec![5003, 5004]),
            ("2580", vec![]),
            ("1122", vec![]),
            ("1357", vec![]),
            ("89:7", vec![5004]),
        ] {
            assert_eq!(judged(text, demand), codes, "{text}");
        }
        assert_eq!(judged("1111", Demand::default()), [0; 0]);
    }

    #[test]
    fn apple_32_complex_is_neither_letter_nor_digit() {
        let demand = Demand { min_complex: 2, ..Demand::default() };
        for (text, codes) in
            [("a1b2c3", vec![5002]), ("a1!b2", vec![5002]), ("a!b?", vec![]), ("äß!é-", vec![])]
        {
            assert_eq!(judged(text, demand), codes, "{text}");
        }
    }

    #[test]
    fn letters_and_digits() {
        let demand = Demand { alphanumeric: true, ..Demand::default() };
        for (text, codes) in
            [("2580", vec![5006]), ("abcx", vec![5005]), ("a2580", vec![]), ("", vec![5005, 5006])]
        {
            assert_eq!(judged(text, demand), codes, "{text}");
        }
    }

    #[test]
    fn codes_follow_the_table() {
        let codes: Vec<_> = Refusal::ALL.iter().map(|refusal| refusal.code()).collect();
        assert_eq!(codes, (5000..=5008).collect::<Vec<_>>());
    }
}
