//! Conditions: facts, values, modes and versions.

use insta::assert_snapshot;

use super::{listed, rule};

/// Returns the report of a rule for iOS and versions.
fn versions(range: &str) -> String {
    rule(&format!(r#"when = {{ platform = "ios", os-version = {range} }}"#))
}

#[test]
fn mistakes_in_conditions() {
    assert_snapshot!(listed(&[
        ("an unknown fact", rule(r#"when = { plattform = "ios" }"#)),
        ("an unknown value", rule(r#"when = { platform = ["andriod", "blackberry"] }"#)),
        ("a truth value in quotes", rule(r#"when = { platform = "ios", supervised = "true" }"#)),
        ("a value of the wrong type", rule("when = { platform = 7 }")),
        ("conditions that are no table", rule(r#"when = "ios""#)),
        ("no conditions", rule("when = {}")),
        ("an empty list", rule("when = { platform = [] }")),
        (
            "a condition that rules out every value",
            rule(r#"when = { platform = "ios", supervised = { not = [true, false] } }"#)
        ),
        ("a misspelt not", rule(r#"when = { platform = { nto = ["ios"] } }"#)),
        ("a value twice in a list", rule(r#"when = { platform = ["ios", "ipados", "ios"] }"#)),
        (
            "a mode that does not exist on the platform",
            rule(r#"when = { platform = "macos", management = "personal-work-profile" }"#)
        ),
        (
            "a mode that exists on no listed platform",
            rule(r#"when = { platform = ["ios", "macos"], management = ["shared-ipad", "mdm"] }"#)
        ),
        (
            "no mode left on the platform",
            rule(r#"when = { platform = "linux", management = { not = ["mdm", "not-managed"] } }"#)
        ),
    ]));
}

#[test]
fn mistakes_in_versions() {
    assert_snapshot!(listed(&[
        ("a range that no version satisfies", versions(r#"">=8.0, <7.0""#)),
        ("a version without quotes", versions("7.0")),
        ("a range in words", versions(r#""7.0 or later""#)),
        ("a range with a hyphen", versions(r#""7.0-8.0""#)),
        ("a range without its comma", versions(r#"">=7.0 <8.0""#)),
        ("an operator the wrong way round", versions(r#""=>7.0""#)),
        ("a version with a letter", versions(r#"["v7", "7.x.1", "nougat"]"#)),
    ]));
}
