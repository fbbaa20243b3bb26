//! What commands print for programs has the shape that `relatch schema` prints.

use serde_json::Value;

use crate::{EXAMPLE, code, json, run, scratch};

/// The schema with a name; objects take no keys that it does not list.
fn schema(name: &str) -> Value {
    let output = run(&format!("schema {name}"));
    assert_eq!(code(&output), 0, "{name}");
    let mut schema = json(&output);
    close(&mut schema);
    schema
}

/// Forbids unlisted keys; a published schema allows them, because keys may be added.
fn close(schema: &mut Value) {
    match schema {
        Value::Object(entries) => {
            if entries.contains_key("properties") && !entries.contains_key("additionalProperties") {
                entries.insert("additionalProperties".to_owned(), Value::Bool(false));
            }
            entries.values_mut().for_each(close);
        }
        Value::Array(values) => values.iter_mut().for_each(close),
        _ => {}
    }
}

fn check(name: &str, document: &Value) {
    let validator = jsonschema::draft202012::new(&schema(name)).expect("the schema is valid");
    let errors: Vec<_> = validator
        .iter_errors(document)
        .map(|error| format!("{} at `{}`", error, error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "`{name}`:\n{}\n{document:#}", errors.join("\n"));
}

#[test]
fn every_document_has_the_shape_of_its_schema() {
    let tidy = "device-id,platform,management,os-version,reset-token\n\
        1,android,personal-work-profile,8.0,\n2,andriod,,,\n3,ios,,17.1,\n";
    let (folder, path) = scratch("fleet.csv", tidy.as_bytes());
    let broken = folder.path().join("broken.toml");
    std::fs::write(&broken, "id = 3\n").unwrap();
    let failing = folder.path().join("failing.toml");
    let story = "title = \"T\"\napi-levels = \"29\"\n\n[devices.phone]\nkind = \"android\"\n\
        enrolment = \"device-admin\"\nlock = \"4711\"\n\n[[step]]\ndo = \"reboot\"\n\
        expect = { device-lock = \"password\" }\n";
    std::fs::write(&failing, story).unwrap();
    let (fleet, broken, failing) = (path.display(), broken.display(), failing.display());
    for (name, command) in [
        ("plan", format!("plan {EXAMPLE} --now 2026-11-01")),
        ("plan", format!("plan {fleet} --by none")),
        ("compare", format!("compare {EXAMPLE} --to intune-2018-09-18")),
        ("decide", "decide --platform android --reset-token active --explain".to_owned()),
        ("decide", "decide --platform ios --supervised true".to_owned()),
        ("policy-list", "policy list".to_owned()),
        ("policy-show", "policy show intune-2018-03-29".to_owned()),
        ("policy-check", format!("policy check intune-2018-03-29 {broken}")),
        ("policy-check", "policy test intune-2018-09-18".to_owned()),
        ("policy-explain", "policy explain ios --policy intune-2026-04-21".to_owned()),
        ("policy-explain", "policy explain enrolled".to_owned()),
        ("policy-diff", "policy diff intune-2018-03-29 intune-2018-09-18".to_owned()),
        ("policy-history", "policy history".to_owned()),
        ("policy-verify", "policy verify intune-2018-03-29 intune-2018-07-13".to_owned()),
        ("simulate", format!("simulate scenarios/android/seed-reboot-first.toml {failing}")),
        (
            "forecast",
            format!("simulate --fleet {EXAMPLE} --days 3 --repeats 2 --assume platform=ios:1"),
        ),
        ("parameters", "simulate --parameters".to_owned()),
        ("vocabulary", "simulate --vocabulary".to_owned()),
        ("explore", "explore apple-clear-without-policy --depth 6".to_owned()),
    ] {
        let output = run(&format!("{command} --format json"));
        assert!(code(&output) < 2, "{command}: {}", String::from_utf8_lossy(&output.stderr));
        check(name, &json(&output));
    }
}

#[test]
fn every_line_of_a_list_has_the_shape_of_its_schema() {
    let (folder, _) = scratch("unused", b"");
    let list = folder.path().join("list.ndjson");
    assert_eq!(code(&run(&format!("plan {EXAMPLE} --devices {}", list.display()))), 0);
    let lines = std::fs::read_to_string(list).unwrap();
    let validator = jsonschema::draft202012::new(&schema("device")).unwrap();
    for line in lines.lines() {
        let device = serde_json::from_str(line).unwrap();
        assert!(validator.is_valid(&device), "{line}");
    }
}

#[test]
fn every_policy_file_has_the_shape_of_its_schema() {
    let validator = jsonschema::draft202012::new(&schema("policy-file")).unwrap();
    let folder = crate::root().join("policies/intune");
    let mut checked = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        let mut document: toml::Table = text.parse().unwrap();
        // JSON has no dates, so editors show them to a schema as text.
        let date = document["documented"].as_datetime().unwrap().to_string();
        document.insert("documented".to_owned(), toml::Value::String(date));
        let document = serde_json::to_value(document).unwrap();
        let errors: Vec<_> =
            validator.iter_errors(&document).map(|error| error.to_string()).collect();
        assert_eq!(errors, Vec::<String>::new(), "{}", document["id"]);
        checked += 1;
    }
    assert!(checked > 20, "{checked} files");
}

#[test]
fn a_schema_says_what_every_key_means_and_which_words_it_takes() {
    let plan = schema("plan");
    let keys = plan["properties"].as_object().unwrap();
    for (key, value) in keys {
        assert!(value["description"].is_string(), "`{key}` is not described");
    }
    assert_eq!(keys["schema"]["const"], 1);
    let required = plan["required"].as_array().unwrap();
    assert_eq!(required.len(), keys.len(), "every key is always there");
    assert_eq!(keys["reading"]["enum"], serde_json::json!(["literal", "intended"]));
    let words = ["eligible", "conditional", "ineligible", "undetermined"];
    assert_eq!(schema("decide")["properties"]["decision"]["enum"], serde_json::json!(words));
}

#[test]
fn the_names_of_schemas_are_listed_and_a_wrong_one_is_refused() {
    insta::assert_snapshot!(crate::shown(&run("schema")));
    insta::assert_snapshot!(crate::shown(&run("schema plam")));
}
