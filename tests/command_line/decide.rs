//! `relatch decide` for one device.

use insta::assert_snapshot;

use crate::{json, run, shown};

#[test]
fn an_eligible_device_for_people() {
    assert_snapshot!(shown(&run("decide --platform ios --os-version 11.2.6")));
}

#[test]
fn a_conditional_device_for_people() {
    assert_snapshot!(shown(&run(
        "decide --platform android --management personal-work-profile --os-version 9"
    )));
}

#[test]
fn an_ineligible_device_for_people() {
    assert_snapshot!(shown(&run(
        "decide --platform android --management personal-work-profile --os-version 9 \
         --reset-token lost"
    )));
}

#[test]
fn an_undetermined_device_for_people() {
    assert_snapshot!(shown(&run("decide --platform android --os-version 8.0")));
}

#[test]
fn a_device_for_programs() {
    assert_snapshot!(shown(&run(
        "decide --platform android --management corporate-work-profile --os-version 7.0 \
         --reset-token active --supervised false --format json"
    )));
}

#[test]
fn android_6_0_1_in_both_readings() {
    let device = "decide --platform android --management device-administrator --os-version 6.0.1";
    let literal = json(&run(&format!("{device} --format json")));
    assert_eq!(literal["decision"], "undetermined");
    assert_eq!(literal["cause"], "no-rule-matches");
    let intended = json(&run(&format!("{device} --format json --reading intended")));
    assert_eq!(intended["decision"], "eligible");
    assert_eq!(intended["rule"], "android-6");
}

#[test]
fn an_explanation_for_people() {
    assert_snapshot!(shown(&run(
        "decide --platform android --os-version 6.0 --policy intune-2018-09-18 --explain"
    )));
}

#[test]
fn an_explanation_for_programs_lists_every_clause() {
    let answer = json(&run("decide --platform ios --explain --format json"));
    let clauses = answer["clauses"].as_array().unwrap();
    let ids: Vec<_> = clauses.iter().map(|clause| clause["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), 8);
    assert_eq!(ids[0], "enrolled");
    assert_eq!(clauses[0]["conditions"][0]["truth"], "presumed");
    let ios = clauses.iter().find(|clause| clause["id"] == "ios").unwrap();
    assert_eq!(ios["matches"], "holds");
    assert!(json(&run("decide --platform ios --format json"))["clauses"].is_null());
}
