//! Policies that extend others, and findings that are accepted.

use std::path::PathBuf;

use insta::assert_snapshot;

use crate::{EXAMPLE, code, json, run, scratch, shown, shown_with_file, without};

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

/// Files in a folder that vanishes with the guard.
fn files(files: &[(&str, &str)]) -> (tempfile::TempDir, PathBuf) {
    let (folder, first) = scratch(files[0].0, files[0].1.as_bytes());
    for (name, text) in &files[1..] {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    (folder, first)
}

#[test]
fn an_extension_decides_first_and_leaves_the_rest_to_the_page() {
    let (_folder, path) = files(&[("ours.toml", OURS)]);
    assert_snapshot!(shown_with_file("policy check FILE", &path));
    let file = path.display();
    for (ownership, decision, rule) in
        [("personal", "ineligible", "never-personal"), ("corporate", "eligible", "ios")]
    {
        let decided = json(&run(&format!(
            "decide --policy {file} --platform ios --encrypted true --ownership {ownership} \
             --format json"
        )));
        assert_eq!((&decided["decision"], &decided["rule"]), (&decision.into(), &rule.into()));
    }
    // What the page does not say is inherited: the title, the source, and what is on record.
    let shown = json(&run(&format!("policy show {file} --format json")));
    assert_eq!(shown["extends"], "intune-2026-04-21");
    assert_eq!(shown["title"], "Device actions: reset passcode, remove passcode");
    let plan =
        |policy: &str| json(&run(&format!("plan {EXAMPLE} --policy {policy} --format json")));
    assert_eq!(plan(&file.to_string())["policy"], "our-rules");
}

#[test]
fn what_an_extension_changes_is_said_by_the_difference() {
    let (_folder, path) = files(&[("ours.toml", OURS)]);
    assert_snapshot!(shown_with_file("policy diff intune-2026-04-21 FILE", &path));
}

#[test]
fn an_extension_extends_a_file_beside_it_that_extends_a_page() {
    let site = "id = \"site\"\nextends = \"ours.toml\"\n\n[[rule]]\nid = \"never-macs\"\n\
        when = { platform = \"macos\" }\nthen = \"unsupported\"\nsource = \"page\"\n";
    let (_folder, path) = files(&[("site.toml", site), ("ours.toml", OURS)]);
    let checked = json(&run(&format!("policy check {} --format json", path.display())));
    assert_eq!(checked["policies"][0]["extends"], "our-rules");
    assert_eq!(checked["policies"][0]["inherited-rules"], 16);
    let decided = run(&format!(
        "decide --policy {} --platform ios --encrypted true --ownership personal --format json",
        path.display()
    ));
    assert_eq!(json(&decided)["rule"], "never-personal");
    // A rule that only repeats what the page says is found.
    assert_snapshot!(shown_with_file("policy check FILE", &path));
}

#[test]
fn an_extension_that_allows_more_than_the_page_is_told() {
    let more = "id = \"more\"\nextends = \"intune-2026-04-21\"\n\n[[rule]]\nid = \"macs\"\n\
        when = { platform = \"macos\" }\nthen = \"remove-passcode\"\nsource = \"page\"\n\n\
        [[rule]]\nid = \"tokens\"\nwhen = { platform = \"ios\" }\nthen = \"remove-passcode\"\n\
        mechanism = \"ClearPasscode\"\nneeds = { unlock-token = \"held\" }\nsource = \"page\"\n";
    let (_folder, path) = files(&[("more.toml", more)]);
    assert_snapshot!(shown_with_file("policy check FILE", &path));
}

#[test]
fn mistakes_in_extensions_are_told_in_the_file_that_has_them() {
    let broken = "id = \"ours\"\nextends = \"page.toml\"\n";
    let page = OURS.replace("\"unsupported\"", "\"unsuported\"");
    let (folder, path) = files(&[("ours.toml", broken), ("page.toml", &page)]);
    let printed = |arguments: String| without(folder.path(), &shown(&run(&arguments)));
    assert_snapshot!(printed(format!("policy check {}", path.display())));
    std::fs::write(folder.path().join("page.toml"), broken.replace("page", "ours")).unwrap();
    assert_snapshot!(printed(format!("plan {EXAMPLE} --policy {}", path.display())));
    std::fs::write(&path, broken.replace("page.toml", "intune-2026-04-12")).unwrap();
    assert_snapshot!(printed(format!("policy check {}", path.display())));
    let same = OURS.replace("never-personal", "visionos");
    std::fs::write(&path, same).unwrap();
    assert_snapshot!(printed(format!("policy check {}", path.display())));
}

#[test]
fn the_policy_that_is_extended_is_never_replaced_by_an_output() {
    let ours = OURS.replace("intune-2026-04-21", "page.toml");
    let page = std::fs::read_to_string(crate::root().join("policies/intune/2026-04-21.toml"));
    let (folder, path) = files(&[("ours.toml", &ours), ("page.toml", &page.unwrap())]);
    let page = folder.path().join("page.toml");
    let (path, target) = (path.display(), page.display());
    let output = run(&format!("plan {EXAMPLE} --policy {path} --out {target}"));
    assert_eq!(code(&output), 2, "{}", shown(&output));
    assert!(std::fs::read_to_string(page).unwrap().contains("[[rule]]"));
}

#[test]
fn the_start_of_an_extension_passes_its_check() {
    let (folder, _) = scratch("unused", b"");
    let file = folder.path().join("start.toml");
    let file = file.display();
    assert_eq!(code(&run(&format!("policy new ours --extends latest --out {file}"))), 0);
    for command in ["policy check", "policy test", "policy fmt --check"] {
        let output = run(&format!("{command} {file}"));
        assert_eq!(code(&output), 0, "{command}: {}", shown(&output));
    }
}

/// Returns the page of 2018-03-15, with what it leaves open accepted.
fn accepting(accepted: &str) -> String {
    let page = crate::root().join("policies/intune/2018-03-15.toml");
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
    let (_folder, path) = files(&[("page.toml", &accepting(""))]);
    let file = path.display().to_string();
    let before = run(&format!("policy check {file} --format json"));
    assert_eq!(code(&before), 1);
    let findings = &json(&before)["findings"];
    let accepted = acceptances(findings);
    std::fs::write(&path, accepting(&accepted)).unwrap();
    let after = run(&format!("policy check {file} --format json"));
    let left = json(&after)["findings"].as_array().unwrap().clone();
    assert!(left.iter().all(|one| one["code"] == "gap"), "{left:?}");
    assert_eq!(json(&after)["policies"][0]["accepted"], findings.as_array().unwrap().len());
    assert_snapshot!(shown_with_file("policy check FILE", &path));
}

#[test]
fn an_acceptance_that_fits_nothing_is_told_and_ends_the_run_only_for_the_strict() {
    let none = "\n[[accepted]]\nfinding = \"gap\"\ndevices = { platform = \"macos\" }\n\
        because = \"we have no Macs\"\n";
    let (_folder, path) = files(&[("ours.toml", &format!("{OURS}{none}"))]);
    let file = path.display();
    let lenient = run(&format!("policy check {file}"));
    assert_eq!(code(&lenient), 0);
    assert_eq!(code(&run(&format!("policy check {file} --deny warnings"))), 1);
    assert_snapshot!(shown_with_file("policy check FILE", &path));
}

#[test]
fn acceptances_with_mistakes_are_refused() {
    let wrong = "\n[[accepted]]\nfinding = \"gap\"\nbecause = \"all of them\"\n\n\
        [[accepted]]\nfinding = \"masked\"\ndevices = { platform = \"macos\" }\nbecause = \"x\"\n\n\
        [[accepted]]\nfinding = \"conflict\"\nrules = [\"never-persona\"]\nbecause = \"x\"\n\n\
        [[accepted]]\nfinding = \"hole\"\nrules = \"ios\"\n";
    let (_folder, path) = files(&[("ours.toml", &format!("{OURS}{wrong}"))]);
    assert_snapshot!(shown_with_file("policy check FILE", &path));
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
    let page = crate::root().join("policies/intune/2018-07-13.toml");
    let mut text = std::fs::read_to_string(page).unwrap();
    for (kind, rules) in &kinds {
        text.push_str(&format!(
            "\n[[accepted]]\nfinding = \"{kind}\"\nrules = {rules}\nbecause = \"on record\"\n"
        ));
    }
    let (_folder, path) = files(&[("page.toml", &text)]);
    let again = run(&format!("policy verify {} --format json", path.display()));
    assert_eq!(code(&again), 0, "{}", shown(&again));
    assert_eq!(json(&again)["policies"][0]["accepted"], findings.len());
}

#[test]
fn a_plan_says_that_its_policy_contradicts_itself() {
    let output = run(&format!("plan {EXAMPLE} --policy 2018-03-15 --format json"));
    assert_snapshot!(String::from_utf8(output.stderr).unwrap());
    assert!(run(&format!("plan {EXAMPLE}")).stderr.is_empty());
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
        let (_folder, path) = files(&[("ours.toml", &format!("{OURS}{more}"))]);
        let check = run(&format!("policy check {}", path.display()));
        let summary = format!("0 errors, {warnings} warning");
        assert!(shown(&check).contains(&summary) && code(&check) == 0, "{more}: {}", shown(&check));
        let strict = run(&format!("policy check {} --deny warnings", path.display()));
        assert_eq!(code(&strict), i32::from(warnings > 0), "{more}");
    }
}
