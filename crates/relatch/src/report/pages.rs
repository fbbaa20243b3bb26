//! The answers of all pages, from the first to the newest.

use chrono::NaiveDate;
use eligibility::builtin;
use eligibility::policy::{Policy, Reading};

/// Consecutive pages with the same answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Period<T> {
    /// The date of the first of them.
    pub(crate) from: NaiveDate,
    /// The date of the last of them; none if the newest page is one of them.
    pub(crate) to: Option<NaiveDate>,
    /// The answer.
    pub(crate) answer: T,
}

/// Returns every built-in policy with its date, oldest first.
pub(crate) fn all(reading: Reading) -> impl Iterator<Item = (NaiveDate, Policy)> {
    builtin::read_all(reading).map(|(page, policy)| (page.documented(), policy))
}

/// Joins consecutive pages with the same answer.
pub(crate) fn periods<T: PartialEq>(
    answers: impl IntoIterator<Item = (NaiveDate, T)>,
) -> Vec<Period<T>> {
    let mut periods: Vec<Period<T>> = Vec::new();
    for (date, answer) in answers {
        match periods.last_mut() {
            Some(last) if last.answer == answer => last.to = Some(date),
            _ => periods.push(Period { from: date, to: Some(date), answer }),
        }
    }
    if let Some(last) = periods.last_mut() {
        last.to = None;
    }
    periods
}

impl<T> Period<T> {
    /// Returns the dates in words: `2016-11-08 to 2018-06-25`, `since 2018-07-03`.
    pub(crate) fn dates(&self) -> String {
        match self.to {
            None => format!("since {}", self.from),
            Some(to) if to == self.from => to.to_string(),
            Some(to) => format!("{} to {to}", self.from),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::periods;

    #[test]
    fn pages_with_the_same_answer_are_one_stretch_and_the_last_is_open() {
        let answers = [("2016-11-08", 1), ("2016-11-23", 1), ("2017-03-06", 2), ("2018-03-15", 1)];
        let dated = answers.map(|(date, answer)| (date.parse().unwrap(), answer));
        let shown: Vec<_> = periods(dated).iter().map(|one| (one.dates(), one.answer)).collect();
        let expected =
            [("2016-11-08 to 2016-11-23", 1), ("2017-03-06", 2), ("since 2018-03-15", 1)];
        assert_eq!(shown, expected.map(|(dates, answer)| (dates.to_owned(), answer)));
    }
}
