use super::*;
use crate::diagnostic::{Diagnostic, position};
use crate::example::{self, HEAD};

const RULE: &str = "[[rule]]\nid = \"r\"\nwhen = { platform = \"android\" }\n\
                    then = \"reset-passcode\"\nsource = \"s\"\n";

/// Returns the problems of a policy, each with its place, and what is shown there.
fn problems(text: &str) -> Vec<String> {
    let problems = match PolicyDocument::parse(text) {
        Ok((_, warnings)) => warnings,
        Err(invalid) => invalid.into_problems(),
    };
    let shown = |problem: &Diagnostic| {
        let (line, column) = position(text, problem.primary.span.start);
        let place = text.get(problem.primary.span.clone()).unwrap_or_default();
        let hint = problem.hint.as_deref().unwrap_or("-");
        format!("{line}:{column} {} `{place}`: {hint}", problem.code)
    };
    problems.iter().map(shown).collect()
}

/// Returns the problems of the policy of one rule in which a text is another.
fn with(old: &str, new: &str) -> Vec<String> {
    problems(&format!("{HEAD}{}", RULE.replacen(old, new, 1)))
}

#[test]
fn a_value_that_is_none_is_shown_at_its_place_with_its_remedy() {
    let quoted = "6:6 wrong-type `17`: in quotes: `\"17\"`";
    assert_eq!(with("id = \"r\"", "id = 17"), [quoted]);
    assert_eq!(with("id = \"r\"", "id = [17]"), ["6:6 wrong-type `[17]`: -"]);
    let nothing = "6:6 wrong-type `null`: for nothing, leave the key out";
    assert_eq!(with("id = \"r\"", "id = null"), [nothing]);
    let modes = "7:45 impossible-management `\"user-enrollment\"`: modes that exist there: ";
    let found = with("\"android\" }", "\"android\", management = \"user-enrollment\" }");
    assert!(found.len() == 1 && found[0].starts_with(modes), "{found:?}");
}

#[test]
fn what_is_no_toml_is_shown_where_it_begins() {
    let then = "then = \"reset-passcode\"";
    let unclosed = with("{ platform = \"android\" }", "{ platform = [\"android\" }");
    assert_eq!(unclosed, ["7:21 syntax `[`: close it with `]`"]);
    assert_eq!(with("\"s\"", "\"s"), ["9:10 syntax `\"s`: end it with `\"`"]);
    // In single quotes a backslash is no escape, so the text ends behind it.
    assert_eq!(with("\"s\"", "'s\\'\nthen = \"x"), ["10:1 duplicate-key `then`: -"]);
    let missing = "8:1 syntax `then =`: write a value, or leave the key out";
    assert_eq!(with(then, "then ="), [missing]);
    let bare = "8:8 syntax `yes it is`: write `\"yes it is\"`";
    assert_eq!(with(then, "then = yes it is"), [bare]);
}

#[test]
fn one_mistake_in_the_structure_of_a_policy_gives_one_problem() {
    let rule = "1:1 missing-key ``: a policy needs at least one table headed `[[rule]]`";
    assert_eq!(problems(HEAD), [rule]);
    let case = "[[case]]\nfacts = { platform = \"ios\" }\nexpect = \"eligible\"\nrule = \"q\"\n";
    assert_eq!(problems(&format!("{HEAD}{case}")), [rule], "rules are not known to lack `q`");
    let unknown = problems(&format!("{HEAD}{RULE}{case}"));
    assert_eq!(unknown, ["13:8 unknown-value `\"q\"`: understood: `r`"]);
    let extends = problems(&format!("extends = \"q\"\n{HEAD}{RULE}"));
    assert!(extends.len() == 1 && extends[0].starts_with("1:11 unknown-base `\"q\"`: "));
    let head_below = problems(&format!("{RULE}{HEAD}"));
    assert!(head_below.len() == 1 && head_below[0].starts_with("7:1 head-in-table `title`: "));
    let twice = problems(&format!("{HEAD}{RULE}{RULE}"));
    assert_eq!(twice, ["11:6 duplicate-id `\"r\"`: -"]);
    let accepted = "[[accepted]]\nfinding = \"gap\"\ndevices = { platform = \"ios\" }\n\
                    because = \"b\"\nmore = 1\n";
    let more = problems(&format!("{HEAD}{RULE}{accepted}"));
    assert!(more.len() == 1 && more[0].starts_with("14:1 unknown-key `more`: "), "{more:?}");
    let facts = "facts = { platform = \"macos\", management = \"dedicated\" }";
    let impossible = format!("{HEAD}{RULE}[[case]]\n{facts}\nexpect = \"eligible\"\n");
    let found = problems(&impossible);
    assert!(found[0].starts_with("11:44 impossible-management `\"dedicated\"`: "), "{found:?}");
}

#[test]
fn a_condition_names_what_it_takes_or_what_it_does_not_whichever_is_shorter() {
    let text = |platforms: &str| {
        example::policy(&RULE.replace("\"android\"", platforms)).rules[0].when.to_string()
    };
    assert_eq!(text("[\"android\", \"ios\"]"), "platform android or ios");
    assert_eq!(text("{ not = [\"android\", \"ios\"] }"), "platform other than android or ios");
}
