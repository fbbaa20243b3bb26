//! Documents of any size end in an answer: each has a bound, and a message that names it.

use std::fmt::Write;

use crate::{EXAMPLE, code, json, run, scratch, shown};

const HEAD: &str = "id = \"many\"\ntitle = \"Many\"\nsource = \"https://example.com\"\n\
                    documented = 2018-03-29\n";

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

fn message(arguments: &str) -> String {
    let output = run(arguments);
    assert_eq!(code(&output), 2, "{arguments}");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn a_plan_by_thousands_of_rules_ends() {
    let (_folder, path) = scratch("many.toml", rules(2_000).as_bytes());
    let output = run(&format!("plan {EXAMPLE} --policy {} --format json", path.display()));
    assert_eq!(code(&output), 0);
}

#[test]
fn an_analysis_of_thousands_of_rules_ends_with_what_is_too_much() {
    let (_folder, path) = scratch("many.toml", rules(4_000).as_bytes());
    let output = run(&format!("policy check {}", path.display()));
    let shown = [output.stdout, output.stderr].concat();
    let shown = String::from_utf8(shown).unwrap();
    assert!(shown.contains("too many classes for an analysis"), "{shown}");
}

#[test]
fn more_rules_than_a_policy_may_have_are_refused() {
    let (_folder, path) = scratch("many.toml", rules(5_000).as_bytes());
    let told = message(&format!("plan {EXAMPLE} --policy {}", path.display()));
    assert!(told.contains("more than 4096 rules"), "{told}");
}

#[test]
fn of_thousands_of_mistakes_the_first_are_shown_and_the_others_counted() {
    let mut text = HEAD.to_owned();
    for key in 0..5_000 {
        writeln!(text, "key-{key} = 1").unwrap();
    }
    let (_folder, path) = scratch("many.toml", text.as_bytes());
    let told = message(&format!("plan {EXAMPLE} --policy {}", path.display()));
    assert_eq!(told.matches("error[").count(), 20);
    assert!(told.contains("and 4981 more problems"), "{told}");
}

#[cfg(unix)]
#[test]
fn a_document_without_end_is_refused() {
    for arguments in ["policy check /dev/zero", "simulate /dev/zero"] {
        let told = message(arguments);
        assert!(told.contains("`/dev/zero` is longer than 4 MiB"), "{told}");
    }
}

#[test]
fn of_thousands_of_findings_in_a_policy_the_first_hundred_are_shown() {
    let mut text = HEAD.to_owned();
    (0..1_000).for_each(|key| writeln!(text, "key-{key} = 1").unwrap());
    let (_folder, path) = scratch("many.toml", text.as_bytes());
    let output = run(&format!("policy check {}", path.display()));
    let shown = String::from_utf8(output.stdout).unwrap();
    assert_eq!(shown.matches("error[").count(), 100);
    assert!(shown.contains("… and 901 more problems"), "{shown}");
}

const HEADER: &str = "Device ID,Device name,OS,OS version,Managed by,Ownership";

#[test]
fn a_table_has_at_most_as_many_columns_as_a_sheet() {
    let columns: String = (0..16_384).map(|column| format!(",c{column}")).collect();
    let (_folder, path) = scratch("wide.csv", format!("{HEADER}{columns}\n").as_bytes());
    let told = message(&format!("plan {}", path.display()));
    assert!(told.contains("found a first line of 16390 columns"), "{told}");
}

#[test]
fn a_first_object_without_end_is_no_damage() {
    let name = "x".repeat(2 << 20);
    let text = format!("[{{\"deviceName\": \"{name}\", \"operatingSystem\": \"iOS\"}}]");
    let (_folder, path) = scratch("long.json", text.as_bytes());
    let told = message(&format!("plan {}", path.display()));
    assert!(told.contains("found a first object longer than 1048576 bytes"), "{told}");
}

#[test]
fn groups_by_version_are_bounded() {
    let mut text = format!("{HEADER}\n");
    for row in 0..140_000 {
        writeln!(text, "{row},phone,iOS/iPadOS,17.{row},Intune,Corporate").unwrap();
    }
    let (_folder, path) = scratch("versions.csv", text.as_bytes());
    let told = message(&format!("plan {} --by os-version", path.display()));
    assert!(told.contains("gives more than 131072 groups"), "{told}");
    assert_eq!(code(&run(&format!("plan {}", path.display()))), 0);
}

#[test]
fn a_chain_of_policies_has_an_end() {
    let folder = tempfile::tempdir().unwrap();
    for at in 0..200 {
        let text = format!("id = \"p{at}\"\nextends = \"{}.toml\"\n", at + 1);
        std::fs::write(folder.path().join(format!("{at}.toml")), text).unwrap();
    }
    let first = folder.path().join("0.toml");
    let told = message(&format!("plan {EXAMPLE} --policy {}", first.display()));
    assert!(told.contains("a chain of `extends` has more than 100 files"), "{told}");
}

#[test]
fn cases_stand_for_a_bounded_number_of_devices() {
    let versions: String = (0..1_000).map(|version| format!("\"{version}\",")).collect();
    let mut text = format!("{HEAD}{}", rule("platform = \"ios\""));
    for _ in 0..101 {
        let facts = format!("{{ platform = \"ios\", os-version = [{versions}] }}");
        writeln!(text, "[[case]]\nfacts = {facts}\nexpect = \"eligible\"").unwrap();
    }
    let (_folder, path) = scratch("many.toml", text.as_bytes());
    let told = message(&format!("plan {EXAMPLE} --policy {}", path.display()));
    assert!(told.contains("the cases stand for more than 100000 devices"), "{told}");
    assert_eq!(told.matches("too-many-devices").count(), 1, "{told}");
}

#[test]
fn an_analysis_of_tens_of_thousands_of_versions_ends() {
    let versions: String = (0..9_000).map(|version| format!("\"{}.x\",", 2 * version)).collect();
    let text = format!("{HEAD}{}", rule(&format!("os-version = [{versions}]")));
    let (_folder, path) = scratch("many.toml", text.as_bytes());
    let output = run(&format!("policy check {}", path.display()));
    assert!(shown(&output).contains("too many classes for an analysis"));
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
    let (_folder, path) = scratch("many.toml", text.as_bytes());
    let output = run(&format!("simulate {} --quiet", path.display()));
    let text = shown(&output);
    assert!(text.contains("… and 1900 more; `--format json` lists them"), "{text}");
    let output = run(&format!("simulate {} --format json", path.display()));
    assert_eq!(json(&output)["findings"].as_array().unwrap().len(), 2_000);
}

#[cfg(unix)]
#[test]
fn a_set_up_that_is_no_file_is_not_waited_for() {
    let text = "title = \"t\"\nsetup = \"p.setup.toml\"\n";
    let (folder, path) = scratch("s.toml", text.as_bytes());
    let pipe = folder.path().join("p.setup.toml");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let told = message(&format!("simulate {}", path.display()));
    assert!(told.contains("`p.setup.toml` is no file"), "{told}");
}
