//! What is wrong with the command line, in words.

use insta::assert_snapshot;

use crate::{EXAMPLE, run, scratch, shown, shown_with_file};

#[test]
fn a_missing_inventory() {
    assert_snapshot!(shown(&run("plan no-such-file.csv")));
}

#[test]
fn a_directory_instead_of_a_policy() {
    let output = shown(&run(&format!("plan {EXAMPLE} --policy examples/")));
    assert!(output.contains("cannot read `examples/`: it is a directory"), "{output}");
}

#[test]
fn a_policy_that_does_not_exist() {
    assert_snapshot!(shown(&run(&format!("plan {EXAMPLE} --policy intune-2018-03-28"))));
}

#[test]
fn a_misspelt_value() {
    assert_snapshot!(shown(&run("decide --platform andriod")));
}

#[test]
fn a_version_that_is_none() {
    assert_snapshot!(shown(&run("decide --os-version Oreo")));
}

#[test]
fn a_device_that_cannot_exist() {
    assert_snapshot!(shown(&run("decide --platform macos --management personal-work-profile")));
}

#[test]
fn an_unknown_fact_to_group_by() {
    assert_snapshot!(shown(&run(&format!("plan {EXAMPLE} --by platform,managment"))));
}

#[test]
fn a_device_list_without_format() {
    assert_snapshot!(shown(&run(&format!("plan {EXAMPLE} --devices list.xls"))));
}

#[test]
fn an_output_that_cannot_be_created() {
    assert_snapshot!(shown(&run(&format!("plan {EXAMPLE} --out no-such-folder/plan.txt"))));
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
    let (_folder, path) = scratch("policy.toml", policy.as_bytes());
    assert_snapshot!(shown_with_file("policy show FILE", &path));
}
