//! Messages for mistakes in the command line.

use insta::assert_snapshot;

use crate::{EXAMPLE, Folder, run, shown};

#[test]
fn a_directory_instead_of_a_policy() {
    let output = shown(&run("plan EXAMPLE --policy examples/"));
    assert!(output.contains("cannot read `examples/`: it is a directory"), "{output}");
}

#[test]
fn each_mistake_in_the_command_line_has_its_message() {
    let plan = |options: &str| format!("plan {EXAMPLE} {options}");
    let all: String = [
        "plan no-such-file.csv".to_owned(),
        plan("--policy intune-2018-03-28"),
        plan("--by platform,managment"),
        plan("--devices list.xls"),
        plan("--out no-such-folder/plan.txt"),
        "decide --platform andriod".to_owned(),
        "decide --os-version Oreo".to_owned(),
        "decide --platform macos --management personal-work-profile".to_owned(),
    ]
    .iter()
    .map(|arguments| format!("$ relatch {arguments}\n{}\n", shown(&run(arguments))))
    .collect();
    assert_snapshot!(all);
}

#[test]
fn a_policy_file_with_several_mistakes() {
    let policy = r#"id = "my-policy"
title = "Mine"
source = "https://example.com"
documented = "yesterday"

[[rule]]
id = "phones"
when = { platfrom = "android", os-version = ">=8, <7" }
then = "reset-passcode"
source = "page 1"

[[rule]]
id = "phones"
when = { platform = "macos", management = "personal-work-profile" }
then = "resett"
source = "page 2"
"#;
    assert_snapshot!(Folder::with("policy.toml", policy).shown("policy show FILE"));
}
