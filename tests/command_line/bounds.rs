//! Documents of any size end in an answer: each has a bound, and a message that names it.

use std::fmt::Write;

use crate::Folder;

const HEAD: &str = "id = \"many\"\ntitle = \"Many\"\nsource = \"https://example.com\"\n\
                    documented = 2018-03-29\n";

const HEADER: &str = "Device ID,Device name,OS,OS version,Managed by,Ownership";

/// Returns a policy whose rules each begin at another version.
fn rules(count: u32) -> String {
    let mut text = HEAD.to_owned();
    for rule in 0..count {
        writeln!(
            text,
            "[[rule]]\nid = \"r{rule}\"\nwhen = {{ platform = \"ios\", os-version = \">={rule}.0\" }}\n\
             then = \"remove-passcode\"\nsource = \"rule {rule}\""
        )
        .unwrap();
    }
    text
}

/// Returns one rule with these conditions.
fn rule(conditions: &str) -> String {
    format!(
        "[[rule]]\nid = \"r\"\nwhen = {{ {conditions} }}\n\
         then = \"remove-passcode\"\nsource = \"rule\"\n"
    )
}

/// Returns a policy with keys that no policy has.
fn unknown_keys(count: u32) -> String {
    HEAD.to_owned() + &(0..count).map(|key| format!("key-{key} = 1\n")).collect::<String>()
}

/// Returns a policy whose cases are about a thousand versions each.
fn cases(count: u32) -> String {
    let versions: String = (0..1_000).map(|version| format!("\"{version}\",")).collect();
    let mut text = format!("{HEAD}{}", rule("platform = \"ios\""));
    for _ in 0..count {
        let facts = format!("{{ platform = \"ios\", os-version = [{versions}] }}");
        writeln!(text, "[[case]]\nfacts = {facts}\nexpect = \"eligible\"").unwrap();
    }
    text
}

#[test]
fn what_is_too_large_is_refused_with_its_bound() {
    let plan = "plan EXAMPLE --policy FILE";
    let columns: String = (0..16_384).map(|column| format!(",c{column}")).collect();
    let name = "x".repeat(2 << 20);
    for (file, text, command, message, problems) in [
        ("many.toml", rules(5_000), plan, "more than 4096 rules", 1),
        ("many.toml", cases(101), plan, "the cases stand for more than 100000 devices", 1),
        ("many.toml", unknown_keys(5_000), plan, "and 4981 more problems", 20),
        (
            "wide.csv",
            format!("{HEADER}{columns}\n"),
            "plan FILE",
            "found a first line of 16390 columns",
            0,
        ),
        (
            "long.json",
            format!("[{{\"deviceName\": \"{name}\", \"operatingSystem\": \"iOS\"}}]"),
            "plan FILE",
            "found a first object longer than 1048576 bytes",
            0,
        ),
    ] {
        let error = Folder::with(file, text).refused(command);
        assert!(error.contains(message), "{error}");
        assert_eq!(error.matches("error[").count(), problems, "{error}");
    }
}

#[test]
fn a_plan_by_thousands_of_rules_ends() {
    Folder::with("many.toml", rules(2_000)).runs("plan EXAMPLE --policy FILE --format json");
}

#[test]
fn an_analysis_of_thousands_of_rules_or_versions_ends_with_what_is_too_much() {
    let versions: String = (0..9_000).map(|version| format!("\"{}.x\",", 2 * version)).collect();
    let versions = format!("{HEAD}{}", rule(&format!("os-version = [{versions}]")));
    for policy in [rules(4_000), versions] {
        let shown = Folder::with("many.toml", policy).shown("policy check FILE");
        assert!(shown.contains("too many classes for an analysis"), "{shown}");
    }
}

#[cfg(unix)]
#[test]
fn a_document_without_end_is_refused() {
    for arguments in ["policy check /dev/zero", "simulate /dev/zero"] {
        let error = crate::refused(arguments);
        assert!(error.contains("`/dev/zero` is longer than 4 MiB"), "{error}");
    }
}

#[test]
fn of_thousands_of_findings_in_a_policy_the_first_hundred_are_shown() {
    let shown = Folder::with("many.toml", unknown_keys(1_000)).shown("policy check FILE");
    assert_eq!(shown.matches("error[").count(), 100);
    assert!(shown.contains("… and 901 more problems"), "{shown}");
}

#[test]
fn groups_by_version_are_bounded() {
    let row = |row: u32| format!("{row},phone,iOS/iPadOS,17.{row},Intune,Corporate\n");
    let rows: String = (0..140_000).map(row).collect();
    let folder = Folder::with("versions.csv", format!("{HEADER}\n{rows}"));
    let error = folder.refused("plan FILE --by os-version");
    assert!(error.contains("gives more than 131072 groups"), "{error}");
    folder.runs("plan FILE");
}

#[test]
fn a_chain_of_policies_has_an_end() {
    let folder = Folder::empty();
    for at in 0..200 {
        let text = format!("id = \"p{at}\"\nextends = \"{}.toml\"\n", at + 1);
        folder.write(&format!("{at}.toml"), text);
    }
    let error = folder.refused("plan EXAMPLE --policy 0.toml");
    assert!(error.contains("a chain of `extends` has more than 100 files"), "{error}");
}

#[test]
fn of_thousands_of_unmet_expectations_the_first_hundred_are_shown() {
    let claim = "[[always]]\nexpect = { device-token = \"active\" }\n";
    let text = format!(
        "title = \"many\"\ncovers = [\"android-41\"]\napi-levels = \"30\"\n\
         [devices.phone]\nkind = \"android\"\nenrolment = \"none\"\n{}\
         [[step]]\ndo = \"add-escrow-token\"\nthrows = \"SecurityException\"\n",
        claim.repeat(2_000)
    );
    let folder = Folder::with("many.toml", text);
    let text = folder.shown("simulate FILE --quiet");
    assert!(text.contains("… and 1900 more; `--format json` lists them"), "{text}");
    let object = folder.json("simulate FILE --format json");
    assert_eq!(object["findings"].as_array().unwrap().len(), 2_000);
}

#[cfg(unix)]
#[test]
fn a_set_up_that_is_no_file_is_not_waited_for() {
    let folder = Folder::with("s.toml", "title = \"t\"\nsetup = \"p.setup.toml\"\n");
    let pipe = folder.path("p.setup.toml");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let error = folder.refused("simulate FILE");
    assert!(error.contains("`p.setup.toml` is no file"), "{error}");
}
