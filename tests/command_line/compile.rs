//! `relatch policy compile`.

use insta::assert_snapshot;
use serde_json::{Value, json as object};

use crate::{Folder, code, json, run, shown};

/// A policy that is small enough to be read as a query.
const SMALL: &str = r#"id = "small"
title = "Android by version"
source = "https://example.com"
documented = 2018-03-29

[[rule]]
id = "old"
when = { platform = "android", os-version = "<=6.0" }
then = "reset-passcode"
needs = { passcode-set = true }
source = "page"

[[rule]]
id = "new"
when = { platform = "android", os-version = ">=7.0" }
then = "unsupported"
source = "page"
"#;

#[test]
fn a_policy_is_an_expression_in_sql() {
    assert_snapshot!(Folder::with("small.toml", SMALL).shown("policy compile FILE --to sql"));
}

#[test]
fn a_policy_is_a_query_in_another_dialect() {
    let folder = Folder::with("small.toml", SMALL);
    let command = "policy compile FILE --to sql --dialect tsql --detail full";
    assert_snapshot!(folder.shown(command));
}

#[test]
fn a_policy_is_a_query_of_kusto() {
    assert_snapshot!(
        Folder::with("small.toml", SMALL).shown("policy compile FILE --to kql --detail full")
    );
}

/// Returns the position of a device's decision, as a short program finds it: the evaluators of
/// docs/reference/compiled once more.
fn leaf(tree: &Value, device: &Value) -> Option<u64> {
    let mut node = tree;
    while let Some(fact) = node["fact"].as_str() {
        let value = &device[fact];
        let version = value.as_str().filter(|_| fact == "os-version").map(|text| {
            let parts = text.split('.').map(|part| part.parse().unwrap());
            parts.chain([0, 0, 0]).take(4).collect::<Vec<u64>>()
        });
        let bound = |bound: &Value| -> Vec<u64> {
            bound.as_array().unwrap().iter().map(|part| part.as_u64().unwrap()).collect()
        };
        let inside = |range: &Value| {
            version.as_ref().is_some_and(|version| {
                *version >= bound(&range["from"])
                    && (range["before"].is_null() || *version < bound(&range["before"]))
            })
        };
        let fits = |branch: &&Value| match value {
            Value::Null => branch["unknown"] == true,
            _ => {
                branch["values"].as_array().unwrap().contains(value)
                    || branch["versions"].as_array().unwrap().iter().any(inside)
            }
        };
        let mut fitting = node["branches"].as_array().unwrap().iter().filter(fits);
        node = &fitting.next().expect("every value has a branch")["then"];
        assert!(fitting.next().is_none(), "every value has one branch only");
    }
    node["leaf"].as_u64()
}

#[test]
fn a_tree_in_json_decides_as_relatch_does() {
    let compiled = json(&run("policy compile 2026-04-21 --to json --detail full"));
    let policy = &compiled["policies"][0];
    let devices = [
        object!({}),
        object!({ "platform": "ios" }),
        object!({ "platform": "visionos", "os-version": "1.0.3" }),
        object!({ "platform": "visionos", "os-version": "1.1", "management-state": "wipe-pending" }),
        object!({ "platform": "android", "management": "dedicated", "passcode-required": true }),
        object!({ "platform": "android", "management": "mdm" }),
        object!({ "management": "fully-managed", "reset-token": "lost" }),
        object!({ "platform": "android", "management": "personal-work-profile",
                  "os-version": "12", "passcode-required": true, "reset-token": "active" }),
    ];
    for device in devices {
        let flags = device.as_object().unwrap().iter().map(|(fact, value)| {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            format!(" --{fact} {text}")
        });
        let flags: String = flags.collect();
        let decided = json(&run(&format!("decide --policy 2026-04-21{flags} --format json")));
        let leaf = leaf(&policy["tree"], &device).expect("the device can exist");
        let found = &policy["decisions"][usize::try_from(leaf).unwrap()];
        for key in ["decision", "action", "scope", "mechanism", "rule", "needs", "missing"] {
            assert_eq!(found[key], decided[key], "{key} of {device}");
        }
    }
    let impossible = object!({ "platform": "macos", "management": "dedicated" });
    assert_eq!(leaf(&policy["tree"], &impossible), None);
}

#[test]
fn a_version_that_does_not_fit_into_a_packed_one_is_refused() {
    let far = SMALL.replace("<=6.0", "<=10.0.32767").replace(">=7.0", ">10.0.32767");
    let folder = Folder::with("far.toml", &far);
    assert_snapshot!(folder.shown("policy compile FILE --to sql"));
    assert_eq!(code(&folder.run("policy compile FILE --to json")), 0);
}

#[test]
fn a_policy_with_too_many_cells_is_refused() {
    let conditions = (0..60).map(|bound| format!("\">={bound}.5, <{bound}.7\""));
    let versions = conditions.collect::<Vec<_>>().join(", ");
    let fine = SMALL.replace(
        "os-version = \"<=6.0\"",
        "supervised = true, encrypted = true, ownership = \"personal\", unlock-token = \"held\", \
         management-state = \"unhealthy\", passcode-required = true, azure-ad-joined = true, \
         reset-token = \"active\", management = \"dedicated\"",
    );
    let fine = fine.replace("\">=7.0\"", &format!("[{versions}]"));
    assert_snapshot!(Folder::with("fine.toml", &fine).shown("policy compile FILE --to json"));
}

#[test]
fn an_extended_policy_is_compiled_with_the_page_that_it_extends() {
    let own = r#"id = "own"
title = "Ours"
source = "https://example.com"
documented = 2026-05-01
extends = "intune-2026-04-21"

[[rule]]
id = "no-ipads"
when = { platform = "ipados" }
then = "unsupported"
source = "our help desk"
"#;
    let folder = Folder::with("own.toml", own);
    let compiled = folder.run("policy compile FILE latest --to json --detail full");
    let compiled = json(&compiled);
    let rules = |policy: usize| -> Vec<String> {
        let decisions = compiled["policies"][policy]["decisions"].as_array().unwrap();
        decisions.iter().filter_map(|one| Some(one["rule"].as_str()?.to_owned())).collect()
    };
    assert!(rules(0).contains(&"no-ipads".to_owned()));
    assert!(!rules(1).is_empty());
    assert!(rules(1).iter().all(|rule| rule != "no-ipads"));
}

#[test]
fn what_does_not_go_together_is_refused() {
    for command in [
        "policy compile latest --to json --dialect spark",
        "policy compile latest 2018-03-29 --to kql",
        "policy compile 2026-04-20 --to json",
    ] {
        assert_snapshot!(shown(&run(command)));
    }
}
