//! The costs of changing a device: data for planning changes.
//!
//! ```
//! use eligibility::builtin;
//! use eligibility::facts::{Fact, FactName, Facts, Platform};
//!
//! let costs = builtin::costs();
//! let phone = Facts { platform: Fact::Known(Platform::Android), ..Facts::default() };
//! assert!(costs.changes(&phone).any(|change| change.fact == FactName::ResetToken));
//! ```

use crate::diagnostic::{Diagnostic, InvalidDocument};
use crate::document::{Node, Problems, Section, parse_document, unknown_word};
use crate::facts::{FactName, Facts, Value};
use crate::policy::{Conjunction, Truth};

/// The changes that are possible, and where to find facts out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Costs {
    /// The meaning of the numbers.
    pub title: String,
    changes: Vec<Change>,
    places: Vec<(FactName, String)>,
}

/// A change of one fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its name.
    pub id: String,
    /// The fact.
    pub fact: FactName,
    /// The new value; any later version if there is none.
    pub to: Option<Value>,
    /// The devices on which it is possible.
    pub devices: Conjunction,
    /// The cost of one device; none if it is never done.
    pub cost: Option<u64>,
    /// The work.
    pub how: String,
    /// The pages that document it.
    pub source: String,
}

impl Costs {
    /// Parses a file of costs.
    ///
    /// # Errors
    ///
    /// All problems of the text at once.
    pub fn parse(text: &str) -> Result<Self, InvalidDocument> {
        parse_document(text, "file of costs", costs)
    }

    /// Returns the changes that are possible on a device, in the order of the file.
    pub fn changes(&self, facts: &Facts) -> impl Iterator<Item = &Change> {
        let fits = |change: &&Change| change.devices.truth(facts) == Truth::Holds;
        self.changes.iter().filter(move |change| change.cost.is_some() && fits(change))
    }

    /// Returns the devices of all changes, which must be distinguished from others.
    pub fn regions(&self) -> impl Iterator<Item = &Conjunction> {
        self.changes.iter().map(|change| &change.devices)
    }

    /// Returns the source of a fact.
    pub fn place(&self, fact: FactName) -> Option<&str> {
        let place = self.places.iter().find(|(name, _)| *name == fact);
        place.map(|(_, place)| place.as_str())
    }
}

fn costs(mut top: Section<'_>, problems: &mut Problems) -> Option<Costs> {
    let title = top.require_text("title", problems);
    let changes = top.sections("change", problems);
    let changes: Vec<_> = changes.into_iter().map(|section| change(section, problems)).collect();
    let places = top.sections("find-out", problems);
    let places: Vec<_> = places.into_iter().map(|section| place(section, problems)).collect();
    top.finish(problems);
    Some(Costs {
        title: title?.value,
        changes: changes.into_iter().collect::<Option<_>>()?,
        places: places.into_iter().collect::<Option<_>>()?,
    })
}

fn change(mut section: Section<'_>, problems: &mut Problems) -> Option<Change> {
    let id = section.require_text("id", problems);
    let fact = section.require_word("fact", problems);
    let to = section.take("to");
    let devices = Conjunction::take(&mut section, "devices", problems);
    let cost = section.require("cost", problems).and_then(|node| cost(node, problems));
    let how = section.require_text("how", problems);
    let source = section.require_text("source", problems);
    let to = match (fact?, to) {
        (FactName::OsVersion, None) => None,
        (fact, Some(node)) => Some(value(fact, node, problems)?),
        (_, None) => {
            section.require("to", problems);
            return None;
        }
    };
    section.finish(problems);
    Some(Change {
        id: id?.value,
        fact: fact?,
        to,
        devices: devices?,
        cost: cost?,
        how: how?.value,
        source: source?.value,
    })
}

/// Returns the value of a fact: a truth value as such, any other as text.
fn value(fact: FactName, node: Node<'_>, problems: &mut Problems) -> Option<Value> {
    let text = match node.as_bool() {
        Some(truth) => truth.to_string(),
        None => node.text("to", problems)?.value,
    };
    let value = fact.parse(&text);
    if let Err(error) = &value {
        problems.push(Diagnostic::error("invalid-value", error.to_string(), node.span()));
    }
    value.ok()
}

/// Returns a whole number, or `never`, which is none.
fn cost(node: Node<'_>, problems: &mut Problems) -> Option<Option<u64>> {
    if let Some(text) = node.as_text() {
        if text.value == "never" {
            return Some(None);
        }
        return unknown_word("cost", &text, &["never"]).report(problems);
    }
    let number = node.integer("cost", 0, 1_000_000_000, problems)?;
    u64::try_from(number).ok().map(Some)
}

fn place(mut section: Section<'_>, problems: &mut Problems) -> Option<(FactName, String)> {
    let fact = section.require_word("fact", problems);
    let place = section.require_text("where", problems);
    section.finish(problems);
    Some((fact?, place?.value))
}

#[cfg(test)]
mod tests {
    use super::Costs;
    use crate::facts::{Fact, Facts, Platform};

    #[test]
    fn a_file_with_mistakes_names_them_all() {
        let text = "title = \"t\"\n[[change]]\nid = \"a\"\nfact = \"colour\"\nto = 1\ncost = \"much\"\n\
                    how = \"h\"\nsource = \"s\"\n[[find-out]]\nfact = \"platform\"\n";
        let problems = Costs::parse(text).unwrap_err();
        assert!(problems.problems().len() >= 3, "{problems}");
    }

    #[test]
    fn changes_are_those_that_have_a_cost_and_fit_the_device() {
        let change = |id: &str, devices: &str, cost: &str| {
            format!(
                "[[change]]\nid = \"{id}\"\nfact = \"reset-token\"\nto = \"active\"\n\
                 devices = {{ {devices} }}\n{cost}how = \"h\"\nsource = \"s\"\n"
            )
        };
        let changes = [
            change("on-android", "platform = \"android\"", "cost = 1\n"),
            change("on-ios", "platform = \"ios\"", "cost = 2\n"),
            change("never", "platform = \"android\"", "cost = \"never\"\n"),
        ];
        let costs = Costs::parse(&format!("title = \"t\"\n{}", changes.concat())).unwrap();
        let ids = |platform| {
            let facts = Facts { platform, ..Facts::default() };
            costs.changes(&facts).map(|change| change.id.clone()).collect::<Vec<_>>()
        };
        assert_eq!(ids(Fact::Known(Platform::Android)), ["on-android"]);
        assert_eq!(ids(Fact::Known(Platform::Ios)), ["on-ios"]);
        assert_eq!(ids(Fact::Unknown), [""; 0]);
        assert_eq!(costs.regions().count(), 3);
    }
}
