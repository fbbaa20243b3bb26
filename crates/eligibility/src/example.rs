//! Policies and devices for the unit tests.

use crate::facts::{FactName, Facts, SEPARATOR};
use crate::policy::{Policy, PolicyDocument, Reading};

/// The head of a policy.
pub(crate) const HEAD: &str =
    "id = \"p\"\ntitle = \"T\"\nsource = \"s\"\ndocumented = 2018-03-29\n";

/// The prerequisite of most policies.
pub(crate) const ENROLLED: &str = r#"
    [[prerequisite]]
    id = "enrolled"
    holds = { management = { not = ["not-managed"] } }
    source = "overview"
"#;

/// Returns the policy of these tables.
pub(crate) fn document(tables: &str) -> PolicyDocument {
    PolicyDocument::parse(&format!("{HEAD}{tables}")).expect("it is well-formed").0
}

/// Returns the policy of these tables, read by its words.
pub(crate) fn policy(tables: &str) -> Policy {
    document(tables).read(Reading::Literal)
}

/// Returns a device: `platform ios, os-version 17.1`.
pub(crate) fn device(text: &str) -> Facts {
    let mut facts = Facts::default();
    for part in text.split(", ").filter(|part| !part.is_empty()) {
        let (name, value) = part.split_once(' ').expect("a fact has a value");
        let name: FactName = name.parse().expect("the fact exists");
        facts.set(name, name.parse_fact(value, SEPARATOR).expect("the value exists"));
    }
    facts
}
