//! Cases, those that cannot be read and those that fail.

use eligibility::cases;
use eligibility::policy::PolicyDocument;
use insta::assert_snapshot;

use super::{HEAD, RULE, after, listed, render};

/// Returns the report of a case that fails.
fn failing(lines: &str) -> String {
    let text = format!("{HEAD}{RULE}[[case]]\n{lines}");
    let (policy, _) = PolicyDocument::parse(&text).expect("it is well-formed");
    cases::failures(&policy).map(|failure| render(&text, &failure.diagnostic())).collect()
}

/// Returns the report of a case of these lines.
fn case(lines: &str) -> String {
    after(&format!("[[case]]\n{lines}"))
}

#[test]
fn mistakes_in_cases() {
    assert_snapshot!(listed(&[
        ("a case without facts", case("expect = \"eligible\"\n")),
        ("a case without expectation", case("facts = {}\n")),
        ("one bracket instead of two", after("[case]\nfacts = {}\nexpect = \"missing-facts\"\n")),
        ("an unknown expectation", case("facts = {}\nexpect = \"eligable\"\n")),
        ("an unknown clause", case("facts = {}\nexpect = \"eligible\"\nrule = \"iphone\"\n")),
        (
            "an unknown reading and scope",
            case("facts = {}\nexpect = \"eligible\"\nreading = \"litteral\"\nscope = \"devcie\"\n")
        ),
        (
            "an unknown mechanism",
            case("facts = {}\nexpect = \"eligible\"\nmechanism = \"resetpassword\"\n")
        ),
        (
            "a device that does not exist",
            case(
                "facts = { platform = \"macos\", management = \"dedicated\" }\nexpect = \"eligible\"\n"
            )
        ),
        (
            "two devices, one of them impossible",
            case(
                "facts = { platform = [\"ios\", \"ipados\"], management = \"shared-ipad\" }\nexpect = \"eligible\"\n"
            )
        ),
        (
            "an unknown fact and a value of the wrong type",
            case("facts = { suprvised = true, encrypted = \"yes\" }\nexpect = \"eligible\"\n")
        ),
        (
            "a range instead of a version",
            case("facts = { os-version = [\">=7.0\", 7.1] }\nexpect = \"eligible\"\n")
        ),
        (
            "a rule behind a gap",
            case("facts = {}\nexpect = \"no-rule-matches\"\nrule = \"iphones\"\n")
        ),
        (
            "an action on a device that is refused",
            case(
                "facts = {}\nexpect = \"ineligible\"\naction = \"remove-passcode\"\nmechanism = \"none\"\n"
            )
        ),
        (
            "a case that fails",
            failing(
                "facts = { platform = \"ipados\" }\nexpect = \"eligible\"\nrule = \"iphones\"\naction = \"remove-passcode\"\nmechanism = \"none\"\n"
            )
        ),
        ("a case without known facts", failing("facts = {}\nexpect = \"eligible\"\n")),
    ]));
}
