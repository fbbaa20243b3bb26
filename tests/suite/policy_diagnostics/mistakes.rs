//! Mistakes in policy files as people make them: each gives one message, with its place and what to
//! do about it.

use std::fmt::Write;

use insta::assert_snapshot;

use super::{HEAD, RULE, report};

const CASE: &str = r#"[[case]]
facts = { platform = "ios" }
expect = "eligible"
rule = "iphones"
"#;

fn in_head(old: &str, new: &str) -> String {
    format!("{}{RULE}", HEAD.replacen(old, new, 1))
}

fn in_rule(old: &str, new: &str) -> String {
    format!("{HEAD}{}", RULE.replacen(old, new, 1))
}

/// Returns the mistakes, each with the file that has it.
fn mistakes() -> Vec<(&'static str, String)> {
    vec![
        ("a text that is no TOML", "hello world\n".to_owned()),
        ("a text in JSON", "{ \"id\": \"phones\" }\n".to_owned()),
        ("a quote that is not closed at a line's end", in_head("page\"", "page")),
        (
            "a quote that is not closed at the end of the file",
            in_rule("first bullet\"\n", "first bullet"),
        ),
        (
            "a quote that is not closed, with the line ends of Windows",
            in_head("page\"", "page").replace("\n", "\r\n"),
        ),
        (
            "a single quote that is not closed",
            in_head("\"Phones of the page\"", "'Phones of the page"),
        ),
        ("three quotes that are not closed", in_rule("\"first bullet\"", "\"\"\"first bullet")),
        ("words without quotes", in_rule("\"first bullet\"", "first bullet")),
        ("quotes of a word processor", in_rule("\"first bullet\"", "“first bullet”")),
        ("a path with one backslash", in_rule("\"first bullet\"", "\"C:\\pages\\first\"")),
        ("a key without a value", in_rule("\"remove-passcode\"", "")),
        ("a key without an equals sign", in_rule("then = ", "then ")),
        ("a colon instead of an equals sign", in_rule("then =", "then:")),
        ("a comment of another language", in_rule("[[rule]]", "// the rule\n[[rule]]")),
        ("a truth value in capitals", in_rule("\"ios\"", "\"ios\", supervised = True")),
        ("a truth value in quotes", in_rule("\"ios\"", "\"ios\", supervised = \"true\"")),
        ("null", in_rule("then =", "mechanism = null\nthen =")),
        ("a key twice", in_rule("then =", "source = \"page\"\nthen =")),
        ("a list that is not closed at a line's end", in_rule("\"ios\" }", "[\"ios\", \"ipados\"")),
        ("a list that is not closed before a brace", in_rule("\"ios\" }", "[\"ios\" }")),
        ("a brace that is not closed", in_rule("\"ios\" }", "\"ios\"")),
        ("a comma that is missing in a list", in_rule("\"ios\"", "[\"ios\" \"ipados\"]")),
        ("a header that is not closed", in_rule("[[rule]]", "[[rule]")),
        (
            "an inline table over several lines",
            in_rule("{ platform = \"ios\" }", "{\n  platform = \"ios\"\n}"),
        ),
        ("an inline table with a comma at its end", in_rule("\"ios\" }", "\"ios\", }")),
        ("the head below a rule", format!("{RULE}{HEAD}")),
        ("conditions in quotes", in_rule("{ platform = \"ios\" }", "\"platform = ios\"")),
        ("conditions in a list", in_rule("{ platform = \"ios\" }", "[\"ios\"]")),
        ("a version without quotes", in_rule("\"ios\"", "\"ios\", os-version = 9.0")),
        ("versions without quotes", in_rule("\"ios\"", "\"ios\", os-version = [9, 10]")),
        (
            "a version in the words of a page",
            in_rule("\"ios\"", "\"ios\", os-version = \"9.0 and later\""),
        ),
        ("a value that is left out by a sign", in_rule("\"ios\"", "\"!ios\"")),
        ("a name with an underscore", in_head("\"phones\"", "\"Phones_2018\"")),
        (
            "the key of a rule in a prerequisite",
            format!(
                "{HEAD}[[prerequisite]]\nid = \"enrolled\"\nwhen = {{ platform = \"ios\" }}\n\
                 source = \"page\"\n{RULE}"
            ),
        ),
        (
            "the name of a rule with capitals, and a case that means it",
            format!("{}{CASE}", in_rule("\"iphones\"", "\"iPhones\"")),
        ),
        (
            "one pair of brackets around a rule, and a case that means it",
            format!("{}{CASE}", in_rule("[[rule]]", "[rule]")),
        ),
        ("a rule without a name, and a case that means it", {
            format!("{}{CASE}", in_rule("id = \"iphones\"\n", ""))
        }),
        ("a header twice", format!("{HEAD}{RULE}{CASE}[case.facts]\nplatform = \"ios\"\n")),
        (
            "several mistakes",
            in_head("2018-03-29", "2018-02-30")
                .replace("platform", "plattform")
                .replace("\"first bullet\"", "first bullet"),
        ),
    ]
}

#[test]
fn each_mistake_gives_one_message_with_its_place_and_a_remedy() {
    let mut all = String::new();
    for (name, text) in mistakes() {
        let reported = report(&text);
        let messages = reported.lines().filter(|line| !line.starts_with(' ')).count();
        let expected = if name == "several mistakes" { 3 } else { 1 };
        assert_eq!(messages, expected, "{name}:\n{reported}");
        let _ = writeln!(all, "# {name}\n{reported}");
    }
    assert_snapshot!(all);
}
