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
