//! Rules and prerequisites.

use insta::assert_snapshot;

use super::{HEAD, RULE, after, listed, report, rule};

#[test]
fn mistakes_in_rules() {
    assert_snapshot!(listed(&[
        ("no rules", report(HEAD)),
        ("an empty list of rules", report(&format!("rule = []\n{HEAD}"))),
        (
            "one bracket instead of two",
            report(&format!("{HEAD}{}", RULE.replace("[[rule]]", "[rule]")))
        ),
        (
            "rules in the plural",
            report(&format!("{HEAD}{}", RULE.replace("[[rule]]", "[[rules]]")))
        ),
        ("an unknown key of a rule", rule(r#"mechansim = "ClearPasscode""#)),
        ("an unknown effect", rule(r#"then = "remove""#)),
        ("an effect that is no word", rule("then = true")),
        ("an unknown scope", rule(r#"scope = "profile""#)),
        ("an unknown mechanism", rule(r#"mechanism = "clearPasscode""#)),
        ("the same name twice", after(RULE)),
        (
            "the name of a prerequisite again",
            report(&format!(
                "{HEAD}[[prerequisite]]\nid = \"iphones\"\nholds = {{ platform = \"ios\" }}\nsource = \"step 1\"\n{RULE}"
            ))
        ),
        (
            "a prerequisite without conditions and source",
            report(&format!("{HEAD}[[prerequisite]]\nid = \"enrolled\"\nholds = {{}}\n{RULE}"))
        ),
        (
            "needs and mechanism of what does not work",
            report(
                &(HEAD.to_owned()
                    + &RULE.replace("remove-passcode", "unsupported")
                    + "needs = { supervised = true }\nmechanism = \"ClearPasscode\"\n")
            )
        ),
        ("an intended reading without reason", rule(r#"intended = { os-version = "<7.0" }"#)),
        ("a reason without intended reading", rule(r#"intended-because = "a later page""#)),
        (
            "an intended reading that says the same",
            after("intended = { platform = \"ios\" }\nintended-because = \"a later page\"\n")
        ),
        (
            "an intended reading without words",
            after("intended = { platform = \"ipados\" }\nintended-because = \"\"\n")
        ),
        (
            "one table instead of a list twice",
            report(&format!("{HEAD}{0}{0}", RULE.replace("[[rule]]", "[rule]")))
        ),
    ]));
}
