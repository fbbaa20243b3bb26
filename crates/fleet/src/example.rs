//! A policy and devices for the unit tests.

use eligibility::facts::{Fact, FactName, Facts, SEPARATOR};
use eligibility::policy::{Policy, PolicyDocument, Reading};

use crate::Program;

const POLICY: &str = r#"
    id = "p"
    title = "A policy for each number of a summary"
    source = "https://example.com"
    documented = 2018-03-29

    [[prerequisite]]
    id = "enrolled"
    holds = { management = { not = ["not-managed"] } }
    source = "overview"

    [[rule]]
    id = "profile"
    when = { platform = "android", management = "personal-work-profile", os-version = ">=8.0" }
    then = "reset-passcode"
    scope = "work-profile"
    needs = { reset-token = "active", passcode-required = true }
    source = "first bullet"

    [[rule]]
    id = "admin"
    when = { platform = "android", management = "device-administrator" }
    then = "unsupported"
    source = "second bullet"

    [[rule]]
    id = "company"
    when = { platform = "android", management = ["dedicated", "fully-managed"] }
    then = "reset-passcode"
    source = "third bullet"

    [[rule]]
    id = "company-anew"
    when = { platform = "android", management = "fully-managed", os-version = ">=14" }
    then = "unsupported"
    source = "fourth bullet"

    [[rule]]
    id = "ios"
    when = { platform = "ios" }
    then = "remove-passcode"
    source = "fifth bullet"
"#;

pub(crate) fn policy() -> Policy {
    let (document, _) = PolicyDocument::parse(POLICY).expect("the policy is well-formed");
    document.read(Reading::Literal)
}

pub(crate) fn program() -> Program {
    Program::new(policy())
}

/// Returns a device: `platform=ios os-version=17.1`.
pub(crate) fn device(text: &str) -> Facts {
    let mut facts = Facts::default();
    for fact in text.split_whitespace() {
        let (name, value) = fact.split_once('=').expect("a name and a value");
        let name: FactName = name.parse().expect("a fact");
        facts.set(name, name.parse_fact(value, SEPARATOR).expect("a value"));
    }
    facts
}

/// Returns a value as a fact: `os-version`, `8.0`.
pub(crate) fn known(name: FactName, text: &str) -> Fact<eligibility::facts::Value> {
    Fact::Known(name.parse(text).expect("a value"))
}
