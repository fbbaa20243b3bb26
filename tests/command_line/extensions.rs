//! Policies that extend others, and findings that are accepted.

use insta::assert_snapshot;

use crate::{Folder, code, json, root, run, shown};

const OURS: &str = r#"id      = "our-rules"
extends = "intune-2026-04-21"

[[prerequisite]]
id     = "encrypted"
holds  = { encrypted = true }
source = "first paragraph"

[[rule]]
id     = "never-personal"
when   = { ownership = "personal" }
then   = "unsupported"
source = "second paragraph"

[[case]]
facts  = { platform = "ios", ownership = "personal", encrypted = true }
expect = "ineligible"
rule   = "never-personal"

[[case]]
facts  = { platform = "ios", ownership = "corporate", encrypted = true }
expect = "eligible"
rule   = "ios"

[[case]]
facts  = { platform = "ios", encrypted = false }
expect = "ineligible"
rule   = "encrypted"
"#;

#[test]
fn an_extension_decides_first_and_leaves_the_rest_to_the_page() {
    let folder = Folder::with("ours.toml", OURS);
    assert_snapshot!(folder.shown("policy check FILE"));
    for (ownership, decision, rule) in
        [("personal", "ineligible", "never-personal"), ("corporate", "eligible", "ios")]
    {
        let decided = folder.json(&format!(
            "decide --policy FILE --platform ios --encrypted true --ownership {ownership} \
             --format json"
        ));
        assert_eq!((&decided["decision"], &decided["rule"]), (&decision.into(), &rule.into()));
    }
    // What the page does not say is inherited: the title, the source, and what is on record.
    let shown = folder.json("policy show FILE --format json");
    assert_eq!(shown["extends"], "intune-2026-04-21");
    assert_eq!(shown["title"], "Device actions: reset passcode, remove passcode");
    assert_eq!(folder.json("plan EXAMPLE --policy FILE --format json")["policy"], "our-rules");
}

#[test]
fn the_difference_has_what_an_extension_changes() {
    let diff = "policy diff intune-2026-04-21 FILE";
    assert_snapshot!(Folder::with("ours.toml", OURS).shown(diff));
}

#[test]
fn an_extension_extends_a_file_beside_it_that_extends_a_page() {
    let site = "id = \"site\"\nextends = \"ours.toml\"\n\n[[rule]]\nid = \"never-macs\"\n\
        when = { platform = \"macos\" }\nthen = \"unsupported\"\nsource = \"page\"\n";
    let folder = Folder::with("site.toml", site).and("ours.toml", OURS);
    let checked = folder.json("policy check FILE --format json");
    assert_eq!(checked["policies"][0]["extends"], "our-rules");
    assert_eq!(checked["policies"][0]["inherited-rules"], 16);
    let device = "--platform ios --encrypted true --ownership personal";
    let decided = folder.json(&format!("decide --policy FILE {device} --format json"));
    assert_eq!(decided["rule"], "never-personal");
    // A rule that only repeats what the page says is found.
    assert_snapshot!(folder.shown("policy check FILE"));
}

#[test]
fn an_extension_that_allows_more_than_the_page_is_reported() {
    let more = "id = \"more\"\nextends = \"intune-2026-04-21\"\n\n[[rule]]\nid = \"macs\"\n\
        when = { platform = \"macos\" }\nthen = \"remove-passcode\"\nsource = \"page\"\n\n\
        [[rule]]\nid = \"tokens\"\nwhen = { platform = \"ios\" }\nthen = \"remove-passcode\"\n\
        mechanism = \"ClearPasscode\"\nneeds = { unlock-token = \"held\" }\nsource = \"page\"\n";
    assert_snapshot!(Folder::with("more.toml", more).shown("policy check FILE"));
}

#[test]
fn mistakes_in_extensions_are_reported_in_the_file_that_has_them() {
    let broken = "id = \"ours\"\nextends = \"page.toml\"\n";
    let page = OURS.replace("\"unsupported\"", "\"unsuported\"");
    let folder = Folder::with("ours.toml", broken).and("page.toml", page);
    let check = "policy check FOLDER/ours.toml";
    assert_snapshot!(folder.shown(check));
    folder.write("page.toml", broken.replace("page", "ours"));
    assert_snapshot!(folder.shown("plan EXAMPLE --policy FOLDER/ours.toml"));
    folder.write("ours.toml", broken.replace("page.toml", "intune-2026-04-12"));
    assert_snapshot!(folder.shown(check));
    folder.write("ours.toml", OURS.replace("never-personal", "visionos"));
    assert_snapshot!(folder.shown(check));
}

#[test]
fn the_policy_that_is_extended_is_never_replaced_by_an_output() {
    let page = std::fs::read_to_string(root().join("policies/intune/2026-04-21.toml")).unwrap();
    let folder = Folder::with("ours.toml", OURS.replace("intune-2026-04-21", "page.toml"))
        .and("page.toml", page);
    folder.refused("plan EXAMPLE --policy ours.toml --out page.toml");
    assert!(folder.read("page.toml").contains("[[rule]]"));
}

/// Returns the page of 2018-03-15, with what it leaves open accepted.
fn accepting(accepted: &str) -> String {
    let page = root().join("policies/intune/2018-03-15.toml");
    std::fs::read_to_string(page).unwrap() + accepted
}

/// Returns the acceptances of all findings of a policy, as their owner would write them.
fn acceptances(findings: &serde_json::Value) -> String {
    let mut text = String::new();
    for finding in findings.as_array().unwrap() {
        let code = finding["code"].as_str().unwrap();
        text.push_str(&format!(
            "\n[[accepted]]\nfinding = \"{code}\"\nbecause = \"as the page\"\n"
        ));
        match code {
            "conflict" => text.push_str(&format!("rules = {}\n", finding["rules"])),
            _ => text.push_str("devices = { platform = { not = [\"linux\"] } }\n"),
        }
    }
    text
}

#[test]
fn accepted_findings_are_a_gate_for_new_ones() {
    let folder = Folder::with("page.toml", accepting(""));
    let check = "policy check FILE --format json";
    let before = folder.run(check);
    assert_eq!(code(&before), 1);
    let findings = &json(&before)["findings"];
    folder.write("page.toml", accepting(&acceptances(findings)));
    let after = folder.json(check);
    let left = after["findings"].as_array().unwrap();
    assert!(left.iter().all(|one| one["code"] == "gap"), "{left:?}");
    assert_eq!(after["policies"][0]["accepted"], findings.as_array().unwrap().len());
    assert_snapshot!(folder.shown("policy check FILE"));
}

#[test]
fn an_acceptance_that_fits_nothing_is_reported_and_ends_only_a_strict_run() {
    let none = "\n[[accepted]]\nfinding = \"gap\"\ndevices = { platform = \"macos\" }\n\
        because = \"we have no Macs\"\n";
    let folder = Folder::with("ours.toml", format!("{OURS}{none}"));
    folder.runs("policy check FILE");
    assert_eq!(code(&folder.run("policy check FILE --deny warnings")), 1);
    assert_snapshot!(folder.shown("policy check FILE"));
}

#[test]
fn acceptances_with_mistakes_are_refused() {
    let wrong = "\n[[accepted]]\nfinding = \"gap\"\nbecause = \"all of them\"\n\n\
        [[accepted]]\nfinding = \"masked\"\ndevices = { platform = \"macos\" }\nbecause = \"x\"\n\n\
        [[accepted]]\nfinding = \"conflict\"\nrules = [\"never-persona\"]\nbecause = \"x\"\n\n\
        [[accepted]]\nfinding = \"hole\"\nrules = \"ios\"\n";
    assert_snapshot!(
        Folder::with("ours.toml", format!("{OURS}{wrong}")).shown("policy check FILE")
    );
}

#[test]
fn accepted_disagreements_with_devices_are_no_findings() {
    let verified = json(&run("policy verify intune-2018-07-13 --format json"));
    let findings = verified["findings"].as_array().unwrap().clone();
    let kinds: std::collections::BTreeSet<_> = findings
        .iter()
        .map(|one| {
            let rules: Vec<_> =
                one["clauses"].as_array().unwrap().iter().map(|it| &it["id"]).collect();
            let rules = serde_json::to_string(&rules).unwrap();
            (one["code"].as_str().unwrap().to_owned(), rules)
        })
        .collect();
    assert!(!kinds.is_empty());
    let page = root().join("policies/intune/2018-07-13.toml");
    let mut text = std::fs::read_to_string(page).unwrap();
    for (kind, rules) in &kinds {
        text.push_str(&format!(
            "\n[[accepted]]\nfinding = \"{kind}\"\nrules = {rules}\nbecause = \"on record\"\n"
        ));
    }
    let again = Folder::with("page.toml", text).runs("policy verify FILE --format json");
    assert_eq!(json(&again)["policies"][0]["accepted"], findings.len());
}

#[test]
fn a_plan_says_that_its_policy_contradicts_itself() {
    let output = run("plan EXAMPLE --policy 2018-03-15 --format json");
    assert_snapshot!(String::from_utf8(output.stderr).unwrap());
    assert!(run("plan EXAMPLE").stderr.is_empty());
}

#[test]
fn a_rule_that_refuses_at_one_scope_only_is_a_warning_until_the_other_scope_is_looked_at() {
    let second = r#"
[[rule]]
id     = "never-personal-profile"
when   = { ownership = "personal" }
then   = "unsupported"
scope  = "work-profile"
source = "second paragraph"

[[case]]
facts  = { platform = "android", management = "personal-work-profile", ownership = "personal", encrypted = true }
expect = "ineligible"
scope  = "work-profile"
rule   = "never-personal-profile"
"#;
    let accepted = r#"
[[accepted]]
finding = "allowed-elsewhere"
rules   = ["never-personal"]
because = "the help desk may reset the work profile"
"#;
    for (more, warnings) in [("", 1), (second, 0), (accepted, 0)] {
        let folder = Folder::with("ours.toml", format!("{OURS}{more}"));
        let check = folder.run("policy check FILE");
        let summary = format!("0 errors, {warnings} warning");
        assert!(shown(&check).contains(&summary) && code(&check) == 0, "{more}: {}", shown(&check));
        let strict = folder.run("policy check FILE --deny warnings");
        assert_eq!(code(&strict), i32::from(warnings > 0), "{more}");
    }
}
