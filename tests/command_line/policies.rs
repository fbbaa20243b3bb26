//! `relatch policy`.

use insta::assert_snapshot;

use crate::{json, run, shown};

#[test]
fn the_list_names_the_default_once() {
    let list = json(&run("policy list --format json"));
    let policies = list["policies"].as_array().unwrap();
    let defaults: Vec<_> =
        policies.iter().filter(|policy| policy["default"] == true).map(|one| &one["id"]).collect();
    assert_eq!(defaults, ["intune-2018-03-29"]);
    for policy in policies {
        for key in ["id", "title", "documented", "source", "rules"] {
            assert!(!policy[key].is_null(), "{policy} has no {key}");
        }
    }
}

#[test]
fn the_list_for_people() {
    assert_snapshot!(shown(&run("policy list")));
}

#[test]
fn the_page_of_2018_for_people() {
    assert_snapshot!(shown(&run("policy show intune-2018-03-29")));
}

#[test]
fn the_page_of_2018_for_programs() {
    assert_snapshot!(shown(&run("policy show intune-2018-03-29 --reading intended --format json")));
}
