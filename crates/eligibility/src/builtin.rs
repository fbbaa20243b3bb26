//! The built-in policies: the files of `policies/intune`, embedded.
//!
//! ```
//! use eligibility::builtin;
//! use eligibility::policy::Reading;
//!
//! let page = builtin::get("intune-2018-03-29").expect("it is built in");
//! let policy = page.document().read(Reading::Literal);
//! assert_eq!(policy.id, "intune-2018-03-29");
//!
//! let day = "2018-05-01".parse().expect("it is a date");
//! assert_eq!(builtin::as_of(day), Some(page));
//! assert!(builtin::latest().documented() > page.documented());
//! ```

pub mod prepared;

use chrono::NaiveDate;

use crate::analysis::Releases;
use crate::costs::Costs;
use crate::notes::{self, Note};
use crate::policy::{Policy, PolicyDocument, Reading, Rule};

/// One embedded policy file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Builtin {
    id: &'static str,
    text: &'static str,
    /// The meaning of its clauses, if it was made from this text.
    prepared: Option<&'static str>,
}

/// The embedded files, as the build script lists them.
const ALL: &[Builtin] = include!(concat!(env!("OUT_DIR"), "/builtin.rs"));

/// The text of the list of released versions, `policies/releases.toml`.
pub(crate) const RELEASES: &str = include_str!("../../../policies/releases.toml");

impl Builtin {
    /// Returns the id of the policy, for example `intune-2018-03-29`.
    pub const fn id(&self) -> &'static str {
        self.id
    }

    /// Returns the text of the file.
    pub const fn text(&self) -> &'static str {
        self.text
    }

    /// Returns the date that the documented page bears.
    pub fn documented(&self) -> NaiveDate {
        let date = self.id.trim_start_matches("intune-");
        date.parse().expect("the tests compare the id with the date of the page")
    }

    /// Parses the file.
    pub fn document(&self) -> PolicyDocument {
        Self::parse(self.text)
    }

    /// Parses the file without its cases, which are its end and two thirds of it.
    pub fn rules(&self) -> PolicyDocument {
        let end = self.text.find("\n[[case]]").unwrap_or(self.text.len());
        Self::parse(&self.text[..end])
    }

    /// Parses the file up to its first clause, which says everything about the policy but its clauses.
    pub fn head(&self) -> PolicyDocument {
        let end = self.text.find("\n[[").unwrap_or(self.text.len());
        Self::parse(&self.text[..end])
    }

    /// Returns the policy in one of its readings: [`document`](Self::document), then
    /// [`read`](PolicyDocument::read), without the parsing.
    pub fn read(&self, reading: Reading) -> Policy {
        self.read_knowing(reading, &mut Vec::new())
    }

    fn read_knowing(&self, reading: Reading, known: &mut Vec<(&'static str, Rule)>) -> Policy {
        prepared::read(self, reading, known).unwrap_or_else(|| self.rules().read(reading))
    }

    /// Parses a page, which extends no other policy.
    fn parse(text: &str) -> PolicyDocument {
        PolicyDocument::parse_built_in(text).expect("the tests parse every built-in policy")
    }
}

/// Returns all built-in policies, oldest first.
pub fn all() -> &'static [Builtin] {
    ALL
}

/// Returns all built-in policies in a reading, each with the page that it is, oldest first.
pub fn read_all(reading: Reading) -> impl Iterator<Item = (&'static Builtin, Policy)> {
    let mut known = Vec::new();
    ALL.iter().map(move |page| (page, page.read_knowing(reading, &mut known)))
}

/// Returns the policy with an id.
pub fn get(id: &str) -> Option<&'static Builtin> {
    ALL.iter().find(|builtin| builtin.id == id)
}

/// Returns the newest policy.
pub fn latest() -> &'static Builtin {
    ALL.last().expect("the folder of policies has files")
}

/// Returns the policy of the page that bears a date.
pub fn by_date(date: NaiveDate) -> Option<&'static Builtin> {
    get(&format!("intune-{date}"))
}

/// Returns the policy with an id, or the one of the page that bears a date.
pub fn named(name: &str) -> Option<&'static Builtin> {
    get(name).or_else(|| by_date(name.parse().ok()?))
}

/// Returns the policy that was in force on a day: the newest whose date is not later.
pub fn as_of(day: NaiveDate) -> Option<&'static Builtin> {
    let id = format!("intune-{day}");
    ALL.iter().rfind(|builtin| *builtin.id <= *id)
}

/// Parses the costs of changes, `policies/costs.toml`.
pub fn costs() -> Costs {
    let text = include_str!("../../../policies/costs.toml");
    Costs::parse(text).expect("the tests parse the built-in costs")
}

/// Parses the notes, `policies/notes.toml`.
pub fn notes() -> Vec<Note> {
    let text = include_str!("../../../policies/notes.toml");
    notes::parse(text).expect("the tests parse the built-in notes")
}

/// Parses the list of released versions.
pub fn releases() -> Releases {
    Releases::parse(RELEASES).expect("the tests parse the built-in list")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_policy_parses_without_warnings_under_its_own_id_and_date() {
        for one in all() {
            let (document, warnings) = PolicyDocument::parse(one.text).unwrap();
            assert_eq!(document.id, one.id);
            assert_eq!(by_date(document.documented), Some(one));
            assert_eq!(warnings, []);
        }
        assert!(all().is_sorted_by_key(Builtin::documented));
    }

    #[test]
    fn the_rules_of_every_built_in_policy_are_the_document_without_its_cases() {
        for one in all() {
            let whole = one.document();
            assert!(!whole.cases.is_empty(), "{}", one.id);
            let rules = PolicyDocument { cases: Vec::new(), ..whole };
            assert_eq!(one.rules(), rules);
            let (prerequisites, all) = (Vec::new(), Vec::new());
            assert_eq!(one.head(), PolicyDocument { prerequisites, rules: all, ..rules });
        }
    }

    #[test]
    fn a_day_belongs_to_the_page_before_it() {
        let day = |text: &str| text.parse().unwrap();
        assert_eq!(as_of(day("2016-11-07")), None);
        assert_eq!(as_of(day("2018-03-29")).map(Builtin::id), Some("intune-2018-03-29"));
        assert_eq!(as_of(day("2018-06-24")).map(Builtin::id), Some("intune-2018-03-29"));
        assert_eq!(as_of(day("2999-01-01")), Some(latest()));
    }

    #[test]
    fn the_costs_the_notes_and_the_releases_parse() {
        assert!(costs().changes(&crate::facts::Facts::default()).next().is_some());
        assert!(notes().iter().all(|note| !note.sources.is_empty()));
        assert_ne!(releases(), Releases::default());
    }
}
