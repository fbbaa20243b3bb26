//! Tests that the output for programs has the shape that `relatch schema` prints.

use serde_json::Value;

use crate::{Folder, code, json, run};

/// Returns the schema with a name; objects take no keys that it does not list.
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
    let story = "title = \"T\"\napi-levels = \"29\"\n\n[devices.phone]\nkind = \"android\"\n\
        enrolment = \"device-admin\"\nlock = \"4711\"\n\n[[step]]\ndo = \"reboot\"\n\
        expect = { device-lock = \"password\" }\n";
    let passing = "scenarios/android/seed-reboot-first.toml";
    let folder = Folder::with("fleet.csv", tidy)
        .and("broken.toml", "id = 3\n")
        .and("failing.toml", story)
        .and("passing.toml", std::fs::read(crate::root().join(passing)).unwrap());
    for (name, command) in [
        ("plan", "plan EXAMPLE --now 2026-11-01"),
        ("plan", "plan fleet.csv --by none"),
        ("compare", "compare EXAMPLE --to intune-2018-09-18"),
        ("decide", "decide --platform android --reset-token active --explain"),
        ("decide", "decide --platform ios --supervised true"),
        ("columns", "columns"),
        ("columns", "columns EXAMPLE"),
        ("policy-list", "policy list"),
        ("policy-show", "policy show intune-2018-03-29"),
        ("policy-check", "policy check intune-2018-03-29 broken.toml"),
        ("policy-check", "policy test intune-2018-09-18"),
        ("policy-explain", "policy explain ios --policy intune-2026-04-21"),
        ("policy-compile", "policy compile latest 2018-03-29 --to json"),
        ("policy-compile", "policy compile latest --to json --detail full"),
        ("policy-explain", "policy explain enrolled"),
        ("policy-diff", "policy diff intune-2018-03-29 intune-2018-09-18"),
        ("policy-history", "policy history"),
        ("policy-verify", "policy verify intune-2018-03-29 intune-2018-07-13"),
        ("simulate", "simulate passing.toml failing.toml"),
        ("forecast", "simulate --fleet EXAMPLE --days 3 --repeats 2 --assume platform=ios:1"),
        ("parameters", "simulate --parameters"),
        ("vocabulary", "simulate --vocabulary"),
        ("explore", "explore apple-clear-without-policy --depth 6"),
    ] {
        let format = if command.contains(" --to json") { "" } else { " --format json" };
        let output = folder.run(&format!("{command}{format}"));
        assert!(code(&output) < 2, "{command}: {}", String::from_utf8_lossy(&output.stderr));
        check(name, &json(&output));
    }
}

#[test]
fn every_line_of_a_list_has_the_shape_of_its_schema() {
    let folder = Folder::empty();
    folder.runs("plan EXAMPLE --devices list.ndjson");
    let lines = folder.read("list.ndjson");
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

/// Returns a TOML value as editors show it to a schema: JSON has no dates, so they are texts.
fn without_dates(value: toml::Value) -> toml::Value {
    match value {
        toml::Value::Datetime(date) => toml::Value::String(date.to_string()),
        toml::Value::Array(values) => {
            toml::Value::Array(values.into_iter().map(without_dates).collect())
        }
        toml::Value::Table(table) => {
            let entries = table.into_iter().map(|(key, value)| (key, without_dates(value)));
            toml::Value::Table(entries.collect())
        }
        value => value,
    }
}

/// Returns the errors of a scenario file by its schema.
fn errors_of_scenario(validator: &jsonschema::Validator, text: &str) -> Vec<String> {
    let document: toml::Table = text.parse().unwrap();
    let document = serde_json::to_value(without_dates(document.into())).unwrap();
    let errors = validator.iter_errors(&document);
    errors.map(|error| format!("{error} at `{}`", error.instance_path())).collect()
}

#[test]
fn every_scenario_file_has_the_shape_of_its_schema() {
    let validator = jsonschema::draft202012::new(&json(&run("schema scenario-file"))).unwrap();
    let folders = ["scenarios", "tests/cases"].into_iter().flat_map(|above| {
        ["android", "apple", "service"].map(|folder| crate::root().join(above).join(folder))
    });
    let (mut checked, mut all) = (0, Vec::new());
    for file in folders.flat_map(|folder| std::fs::read_dir(folder).unwrap()) {
        let path = file.unwrap().path();
        if path.to_string_lossy().ends_with(".setup.toml") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let errors = errors_of_scenario(&validator, &text).into_iter();
        all.extend(errors.map(|error| format!("{}: {error}", path.display())));
        checked += 1;
    }
    assert!(all.is_empty(), "{}", all.join("\n"));
    assert!(checked > 200, "{checked} files");
}

#[test]
fn the_schema_of_scenario_files_refuses_what_their_reader_refuses() {
    let validator = jsonschema::draft202012::new(&json(&run("schema scenario-file"))).unwrap();
    let story = "title = 't'\n[devices.p]\nkind = 'android'\napi-level = 30\nlock = '4711'\n\
                 [[step]]\ndo = 'unlock'\ncredential = '4711'\nexpect = { device-lock = 'pin' }\n";
    assert_eq!(errors_of_scenario(&validator, story), [""; 0]);
    for (right, wrong) in [
        ("title", "titel"),
        ("'android'", "'andriod'"),
        ("30", "37"),
        ("lock = '4711'", "lock = 4711"),
        ("lock = '4711'", "passcode = '4711'"),
        ("'unlock'", "'unlok'"),
        ("'unlock'", "'reboot'"),
        ("credential", "password"),
        ("device-lock", "device-lok"),
        ("'pin'", "'pni'"),
        ("'pin'", "{ not = 1 }"),
        ("'pin'", "[]"),
        ("expect", "at = 5\nexpect"),
    ] {
        let mistaken = story.replacen(right, wrong, 1);
        Folder::with("mistaken.toml", &mistaken).refused("simulate FILE");
        assert!(!errors_of_scenario(&validator, &mistaken).is_empty(), "{wrong}");
    }
}

/// Returns the keys that the reader of a table knows: it lists them when it meets an unknown one.
fn keys_of_reader(command: &str, text: &str) -> Vec<String> {
    let folder = Folder::with("unknown.toml", text);
    let output = folder.run(&format!("{command} FILE"));
    let told =
        String::from_utf8(output.stderr).unwrap() + &String::from_utf8(output.stdout).unwrap();
    let (_, known) = told.split_once("understood: ").unwrap_or_else(|| panic!("{text}\n{told}"));
    let known = known.lines().next().unwrap().split(", ");
    let mut known: Vec<_> = known.map(|key| key.trim_matches('`').to_owned()).collect();
    known.sort();
    known.dedup();
    known
}

fn keys_of_schema(table: &Value) -> Vec<String> {
    let mut keys: Vec<_> = table["properties"].as_object().unwrap().keys().cloned().collect();
    keys.sort();
    keys
}

#[test]
fn the_schema_of_policy_files_has_the_keys_that_their_reader_knows() {
    let schema = json(&run("schema policy-file"));
    assert_eq!(keys_of_schema(&schema), keys_of_reader("policy check", "zzzzzz = 1\n"));
    for table in ["rule", "prerequisite", "case", "accepted"] {
        let text = format!("id = 'p'\nextends = 'intune-2026-04-21'\n[[{table}]]\nzzzzzz = 1\n");
        let keys = keys_of_schema(&schema["properties"][table]["items"]);
        assert_eq!(keys, keys_of_reader("policy check", &text), "{table}");
    }
}

#[test]
fn the_schema_of_scenario_files_has_the_keys_of_devices_that_their_reader_knows() {
    let schema = json(&run("schema scenario-file"));
    let device = |at: usize| &schema["$defs"]["device"]["allOf"][at]["then"]["properties"];
    let android = "kind = 'android'\napi-level = 30\nenrolment = 'work-profile'";
    let apple = "kind = 'apple'\nplatform = 'ios'";
    for (keys, before) in [
        (device(0), android.to_owned()),
        (device(1), apple.to_owned()),
        (&device(0)["intune"]["properties"], format!("{android}\n[devices.p.intune]")),
        (&device(0)["policy"]["properties"], format!("{android}\n[devices.p.policy]")),
        (
            &device(0)["profile-owner"]["properties"],
            format!("{android}\n[devices.p.profile-owner]"),
        ),
        (&device(1)["server"]["properties"], format!("{apple}\n[devices.p.server]")),
    ] {
        let text = format!("title = 't'\n[devices.p]\n{before}\nzzzzzz = 1\n");
        let known = keys_of_reader("simulate", &text);
        let mut keys: Vec<_> = keys.as_object().unwrap().keys().cloned().collect();
        keys.sort();
        assert_eq!(keys, known, "{before}");
    }
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
