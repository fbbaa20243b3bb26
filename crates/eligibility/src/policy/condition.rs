//! Conditions over facts: one test per fact; all must hold.

use std::fmt;

use super::version_set::VersionSet;
use crate::document::{Node, Problems, Section};
use crate::facts::{ChoiceSet, Fact, FactName, FactSet, Facts, OsVersion, Value};
use crate::text::{serialize_as_text, write_joined};

/// The truth of a condition for the known facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Truth {
    /// The condition holds.
    Holds,
    /// The condition fails.
    Fails,
    /// The result depends on an unknown fact.
    Unknown,
}

/// The values that satisfy a condition.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Test {
    /// Any of these words.
    Choices(ChoiceSet),
    /// Any of these versions.
    Versions(VersionSet),
}

impl Test {
    /// Returns true if a value satisfies the test; one of another fact never does.
    pub fn accepts(&self, value: Value) -> bool {
        match (self, value) {
            (Self::Choices(set), Value::Choice(choice)) => set.contains(choice),
            (Self::Versions(set), Value::Version(version)) => set.contains(version),
            _ => false,
        }
    }
}

/// One fact and the values that satisfy the condition.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Condition {
    /// The fact.
    pub fact: FactName,
    /// The values that satisfy it.
    pub test: Test,
}

impl Condition {
    /// Returns true if a value satisfies the condition.
    pub fn accepts(&self, value: Value) -> bool {
        self.test.accepts(value)
    }

    /// Returns the truth of the condition for a device; of a fact that is one of a set, it holds
    /// if all of the set satisfy it.
    pub fn truth(&self, facts: &Facts) -> Truth {
        match facts.get(self.fact) {
            Fact::Unknown => Truth::Unknown,
            Fact::Known(value) if self.accepts(value) => Truth::Holds,
            Fact::Known(_) => Truth::Fails,
            Fact::OneOf(choices) => {
                let accepts = |choice| self.accepts(Value::Choice(choice));
                match (choices.iter().any(accepts), choices.iter().all(accepts)) {
                    (_, true) => Truth::Holds,
                    (false, false) => Truth::Fails,
                    (true, false) => Truth::Unknown,
                }
            }
        }
    }

    /// Returns the versions at which the condition begins or ceases to hold.
    pub(crate) fn bounds(&self) -> impl Iterator<Item = OsVersion> {
        let ranges = match &self.test {
            Test::Versions(set) => set.ranges(),
            Test::Choices(_) => &[],
        };
        ranges.iter().flat_map(|range| [Some(range.from), range.before]).flatten()
    }

    /// Returns the values in words: `android`, `other than dedicated`, `>=7.0`, whichever is
    /// shortest.
    pub fn values(&self) -> String {
        match &self.test {
            Test::Versions(set) => set.to_string(),
            Test::Choices(set) => {
                let all = self.fact.choices();
                let words = |set: ChoiceSet| {
                    let words: Vec<_> = set.iter().map(|choice| all[usize::from(choice)]).collect();
                    words.join(" or ")
                };
                let others = set.complement(all.len());
                if all.len() > 2 && others.iter().count() * 2 < set.iter().count() {
                    format!("other than {}", words(others))
                } else {
                    words(*set)
                }
            }
        }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.fact, self.values())
    }
}

/// Conditions that must all hold, at most one a fact, in the order of the facts.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Conjunction(Vec<Condition>);

impl Conjunction {
    /// Returns the conjunction of these conditions; a later one replaces an earlier one of its
    /// fact.
    pub fn new(conditions: impl IntoIterator<Item = Condition>) -> Self {
        let mut kept: Vec<Condition> = Vec::new();
        for condition in conditions {
            kept.retain(|other| other.fact != condition.fact);
            kept.push(condition);
        }
        kept.sort_by_key(|condition| condition.fact);
        Self(kept)
    }

    /// Reads a table of conditions, in the grammar of a policy's `when`; `None` only if something
    /// was reported. `key` is what messages call the table.
    pub fn read(node: Node<'_>, key: &'static str, problems: &mut Problems) -> Option<Self> {
        super::lower::conditions::conjunction(node, key, problems)
    }

    /// Takes such a table from a section; without the key, every device is meant.
    pub fn take(
        section: &mut Section<'_>,
        key: &'static str,
        problems: &mut Problems,
    ) -> Option<Self> {
        section
            .take(key)
            .map_or_else(|| Some(Self::default()), |node| Self::read(node, key, problems))
    }

    /// This conjunction with the conditions of another in place of its own, fact by fact.
    #[must_use]
    pub(crate) fn overridden_by(&self, other: &Self) -> Self {
        Self::new(self.0.iter().chain(&other.0).cloned())
    }

    /// Returns the conditions, in the order of the facts.
    pub fn conditions(&self) -> &[Condition] {
        &self.0
    }

    /// Returns the condition on a fact, if there is one.
    pub fn on(&self, fact: FactName) -> Option<&Condition> {
        self.0.iter().find(|condition| condition.fact == fact)
    }

    /// Returns the facts of the conditions.
    pub fn facts(&self) -> FactSet {
        self.0.iter().map(|condition| condition.fact).collect()
    }

    /// Returns the truth of all conditions: one that fails decides, else one that is unknown.
    pub fn truth(&self, facts: &Facts) -> Truth {
        let mut truth = Truth::Holds;
        for condition in &self.0 {
            match condition.truth(facts) {
                Truth::Fails => return Truth::Fails,
                Truth::Unknown => truth = Truth::Unknown,
                Truth::Holds => {}
            }
        }
        truth
    }

    /// Returns the facts whose condition has this truth.
    pub fn facts_where(&self, facts: &Facts, truth: Truth) -> FactSet {
        let wanted = self.0.iter().filter(|condition| condition.truth(facts) == truth);
        wanted.map(|condition| condition.fact).collect()
    }
}

serialize_as_text!(Conjunction);

impl fmt::Display for Conjunction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_joined(f, &self.0, ", ")
    }
}
