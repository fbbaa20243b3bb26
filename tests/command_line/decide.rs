//! `relatch decide` for one device.

use insta::assert_snapshot;

use crate::{json, refused, revisions, run, shown};

#[test]
fn decisions_as_a_whole() {
    for (name, command) in [
        ("an_eligible_device_for_people", "decide --platform ios --os-version 11.2.6"),
        (
            "a_conditional_device_for_people",
            "decide --platform android --management personal-work-profile --os-version 9",
        ),
        (
            "an_ineligible_device_for_people",
            "decide --platform android --management personal-work-profile --os-version 9 \
             --reset-token lost",
        ),
        ("an_undetermined_device_for_people", "decide --platform android --os-version 8.0"),
        (
            "a_device_for_programs",
            "decide --platform android --management corporate-work-profile --os-version 7.0 \
             --reset-token active --supervised false --format json",
        ),
        (
            "an_explanation_for_people",
            "decide --platform android --os-version 6.0 --policy intune-2018-09-18 --explain",
        ),
    ] {
        assert_snapshot!(name, shown(&run(command)));
    }
}

#[test]
fn android_6_0_1_in_both_readings() {
    let device = "decide --policy 2018-03-29 --platform android \
        --management device-administrator --os-version 6.0.1";
    let literal = json(&run(&format!("{device} --format json")));
    assert_eq!(literal["decision"], "undetermined");
    assert_eq!(literal["cause"], "no-rule-matches");
    let intended = json(&run(&format!("{device} --format json --reading intended")));
    assert_eq!(intended["decision"], "eligible");
    assert_eq!(intended["rule"], "android-6");
}

#[test]
fn facts_that_no_device_has_together_are_named_with_their_source() {
    let device = "decide --platform ios --management user-enrollment --supervised true";
    let text = shown(&run(device));
    assert!(
        text.contains("no device has these facts together: such a device cannot be supervised")
    );
    let answer = json(&run(&format!("{device} --format json")));
    let source = "https://support.apple.com/guide/deployment/dep1d89f0bff/web";
    assert_eq!(answer["exclusions"].as_array().map(Vec::len), Some(1));
    assert_eq!(answer["exclusions"][0]["source"], source);
    let windows = json(&run("decide --platform windows --reset-token active --format json"));
    assert_eq!(windows["exclusions"][0]["because"], "only Android has reset tokens");
    let possible = device.replace("supervised true", "supervised false --format json");
    assert_eq!(json(&run(&possible))["exclusions"], serde_json::json!([]));
}

#[test]
fn an_explanation_for_programs_lists_every_clause() {
    let answer = json(&run("decide --policy 2018-03-29 --platform ios --explain --format json"));
    let clauses = answer["clauses"].as_array().unwrap();
    let ids: Vec<_> = clauses.iter().map(|clause| clause["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), 8);
    assert_eq!(ids[0], "enrolled");
    assert_eq!(clauses[0]["conditions"][0]["truth"], "presumed");
    let ios = clauses.iter().find(|clause| clause["id"] == "ios").unwrap();
    assert_eq!(ios["matches"], "holds");
    assert!(json(&run("decide --platform ios --format json"))["clauses"].is_null());
}

#[test]
fn the_newest_page_decides_where_none_is_named_and_every_page_has_a_line() {
    let device = "decide --platform android --management dedicated --os-version 13";
    let answer = json(&run(&format!("{device} --format json")));
    assert_eq!(answer["policy"].as_str(), revisions().last().map(String::as_str));
    let pages = serde_json::json!([
        { "from": "2016-11-08", "to": "2018-06-25", "decision": "ineligible" },
        { "from": "2018-07-03", "to": "2020-04-14", "decision": "eligible" },
    ]);
    assert_eq!(answer["pages"][0], pages[0], "{:#}", answer["pages"]);
    for (page, id) in [
        ("latest", "intune-2026-04-21"),
        ("2018-03-29", "intune-2018-03-29"),
        ("as-of:2018-05-01", "intune-2018-03-29"),
        ("as-of:2999-01-01", "intune-2026-04-21"),
    ] {
        let answer = json(&run(&format!("{device} --policy {page} --format json")));
        assert_eq!(answer["policy"], id, "{page}");
        let pages_of = |answer: &serde_json::Value| answer["pages"].clone();
        assert_eq!(pages_of(&answer)[0], pages[0], "pages do not depend on the policy");
    }
}

#[test]
fn a_policy_by_a_day_without_a_page_is_an_error_with_the_page_then_in_force() {
    for (policy, message) in [
        ("2018-05-01", "on 2018-05-01 `intune-2018-03-29` was in force: `as-of:2018-05-01`"),
        ("as-of:May", "invalid date `May` in `as-of:May`"),
        ("as-of:2016-01-01", "no page was in force on 2016-01-01"),
    ] {
        let error = refused(&format!("decide --platform ios --policy {policy}"));
        assert!(error.contains(message), "{error}");
    }
}

/// Returns the names of the cautions of a device.
fn cautions(device: &str) -> Vec<String> {
    let answer = json(&run(&format!("decide {device} --format json")));
    let cautions = answer["cautions"].as_array().unwrap();
    let certain = cautions.iter().filter(|one| one["devices"] == 1);
    certain.map(|one| one["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_record_against_a_page_is_a_caution_for_each_device_that_it_concerns() {
    let newest = "--policy intune-2026-04-21";
    let iphone = format!("--platform ios {newest} --management");
    assert_eq!(cautions(&format!("{iphone} user-enrollment")), ["user-enrollment"]);
    assert_eq!(
        cautions(&format!("--platform ipados --management shared-ipad {newest}")),
        ["shared-ipad"]
    );
    for token in ["stale", "missing"] {
        let device = format!("{iphone} device-enrollment --unlock-token {token}");
        assert_eq!(cautions(&device), ["unlock-token"]);
    }
    assert_eq!(cautions(&format!("{iphone} device-enrollment --unlock-token held")), [""; 0]);
    let wiped = "--platform ios --management-state wipe-pending --policy";
    assert_eq!(cautions(&format!("{wiped} 2018-03-29")), ["outranked"]);
    assert_eq!(cautions(&format!("{wiped} latest")), [""; 0], "the page itself refuses it");
    let seven = "--platform android --management personal-work-profile --os-version 7.1";
    assert_eq!(cautions(&format!("{seven} --policy 2018-03-29")), ["no-token-before-8"]);
    assert_snapshot!(shown(&run(&format!(
        "decide {iphone} device-enrollment --unlock-token stale"
    ))));
}

#[test]
fn a_note_is_about_the_operation_and_the_devices_that_it_names() {
    let notes = |device: &str| {
        let answer = json(&run(&format!("decide {device} --format json")));
        let notes = answer["notes"].as_array().unwrap().clone();
        notes.iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(notes("--platform ios --os-version 18.1"), ["never-a-lost-device"]);
    assert_eq!(notes("--platform ios --os-version 17.5"), ["never-a-lost-device", "ios-18-floor"]);
    assert_eq!(notes("--platform macos --os-version 13"), [""; 0]);
}

#[test]
fn a_condition_that_a_caution_contradicts_is_one_by_the_page_alone() {
    let decide = "decide --platform android --management personal-work-profile --os-version";
    let by_the_page = "conditional by the page, but see the caution: ";
    assert!(shown(&run(&format!("{decide} 7.1"))).contains(by_the_page));
    assert!(!shown(&run(&format!("{decide} 9"))).contains("by the page, but"));
}
