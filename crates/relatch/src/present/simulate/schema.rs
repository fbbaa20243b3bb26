//! The JSON Schema of scenario files, for editors that understand TOML by schema.
//!
//! The keys of devices, verbs with their arguments, outcomes, observables and parameters come from the
//! declarations that read the files.

use std::collections::BTreeMap;

use device_sim::{Argument, Domain, Presence, Values, Verb, Vocabulary, vocabularies};
use schemars::{Schema, json_schema};
use serde_json::{Map, Value, json};

use crate::present::schema::{array, described, one_or_more, text};

/// The keys of every step, whatever it does.
const OF_EVERY_STEP: [&str; 9] =
    ["on", "at", "after", "levels", "for", "do", "expect", "accepts", "refuses"];

const OF_CHOICE: &str = "The values of the file's `for` with which it is part of the scenario.";

pub(crate) fn schema() -> Schema {
    let models = vocabularies();
    json_schema!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "relatch scenario",
        "description": "Devices, what happens to them at what time, and what must be observed.",
        "type": "object",
        "additionalProperties": false,
        "required": ["title"],
        "anyOf": [{ "required": ["devices"] }, { "required": ["setup"] }],
        "properties": {
            "title": text("What it shows, in a sentence."),
            "source": described("Where that is stated: a text or a list.", &one_or_more(&text(""))),
            "covers": described("The rows of the catalogue that it shows, such as `android-28`.", &one_or_more(&text(""))),
            "api-levels": described("The Android API levels at which it runs, once at each: `\"26-\"`, `30`, or a list.", &levels()),
            "for": {
                "description": "Keys of devices with lists of values; it runs once with each, for devices without the key.",
                "type": "object",
                "additionalProperties": { "type": "array", "minItems": 1 }
            },
            "setup": {
                "description": "A file that ends in `.setup.toml`, whose tables come before those of this one.",
                "type": "string",
                "pattern": r"\.setup\.toml$"
            },
            "start": { "description": "When it starts, without quotes; by default 2018-04-02T09:00:00Z.", "type": "string" },
            "run-for": duration("How long it runs, such as `\"8d\"`; by default to the last step, and not shorter."),
            "seed": integer("The seed of everything random; 1 by default.", 0, i64::MAX),
            "devices": {
                "description": "The devices by their names.",
                "type": "object",
                "minProperties": 1,
                "additionalProperties": { "$ref": "#/$defs/device" }
            },
            "step": array("What happens, in order.", &json!({ "$ref": "#/$defs/step" })),
            "always": array("What holds at every moment.", &claim()),
            "never": array("What holds at no moment.", &claim()),
            "sometimes": array("What holds at one moment at least.", &claim()),
            "eventually": array("What holds at some later moment.", &eventually())
        },
        "$defs": {
            "device": device(&models),
            "step": step(&models),
            "observables": observables(&models),
            "choice": { "description": OF_CHOICE, "type": "object" }
        }
    })
}

fn device(models: &[Vocabulary; 3]) -> Value {
    let [android, apple, service] = models;
    let is =
        |kind: &str| json!({ "properties": { "kind": { "const": kind } }, "required": ["kind"] });
    json!({
        "type": "object",
        "required": ["kind"],
        "properties": { "kind": { "enum": device_sim::Platform::WORDS } },
        "allOf": [
            {
                "if": is("android"),
                "then": table("android", "A phone or tablet with Android.", android, service)
            },
            {
                "if": is("apple"),
                "then": table("apple", "A device by Apple, and its server.", apple, service)
            }
        ]
    })
}

/// Returns the table of a device of one platform, from the keys that its reader declares.
fn table(kind: &str, description: &str, model: &Vocabulary, service: &Vocabulary) -> Value {
    let mut keys = properties(&model.keys);
    keys.insert("kind".to_owned(), json!({ "description": description, "const": kind }));
    let intune = json!({
        "description": "The device is managed by the service.",
        "type": "object",
        "additionalProperties": false,
        "properties": properties(&service.keys)
    });
    keys.insert("intune".to_owned(), intune);
    json!({
        "additionalProperties": false,
        "required": required(&model.keys),
        "properties": keys
    })
}

/// Returns each argument with its values and its meaning.
fn properties(arguments: &[Argument]) -> Map<String, Value> {
    let each = arguments.iter();
    each.map(|key| (key.name.to_owned(), described(key.meaning, &of(&key.values)))).collect()
}

/// Returns the names of the arguments that must be there.
fn required(arguments: &[Argument]) -> Vec<&'static str> {
    let required = arguments.iter().filter(|key| key.presence == Presence::Required);
    required.map(|key| key.name).collect()
}

/// Returns a step: the keys of all verbs, and for each verb the keys that it takes.
fn step(models: &[Vocabulary; 3]) -> Value {
    let mut by_name: BTreeMap<&str, Vec<Verb>> = BTreeMap::new();
    for verb in models.iter().flat_map(|model| &model.verbs) {
        by_name.entry(verb.name).or_default().push(verb.clone());
    }
    let outcomes = outcomes(models);
    let mut keys = step_keys(by_name.keys());
    keys.extend(outcomes.clone());
    let arguments = by_name.values().flatten().flat_map(|verb| &verb.arguments);
    let arguments = arguments.map(|one| (one.name, described(one.meaning, &of(&one.values))));
    for (name, value) in joined(arguments) {
        // Of some names, one model has an argument and another an outcome.
        let value = match keys.remove(&name) {
            Some(outcome) => json!({ "anyOf": [outcome, value] }),
            None => value,
        };
        keys.insert(name, value);
    }
    let rules: Vec<_> =
        by_name.iter().map(|(name, verbs)| keys_of_verb(name, verbs, &outcomes)).collect();
    json!({
        "type": "object",
        "additionalProperties": false,
        "properties": keys,
        "allOf": rules
    })
}

/// Returns the keys of every step.
fn step_keys<'a>(verbs: impl Iterator<Item = &'a &'a str>) -> Map<String, Value> {
    let passcodes = one_or_more(&json!({ "type": ["string", "boolean"] }));
    let keys = json!({
        "on": described("The device, or a list; optional if there is one.", &one_or_more(&text(""))),
        "at": duration("When, counted from the start, or a moment; one second later by default."),
        "after": duration("When, counted from the step before."),
        "levels": described("The API levels at which it is part of the scenario.", &levels()),
        "for": { "description": OF_CHOICE, "$ref": "#/$defs/choice" },
        "do": { "description": "What happens, with its arguments beside it.", "enum": verbs.collect::<Vec<_>>() },
        "expect": {
            "description": "Observables and the values that they must have afterwards.",
            "$ref": "#/$defs/observables"
        },
        "accepts": described("Passcodes that each make it return true.", &passcodes),
        "refuses": described("Passcodes that each make it return false.", &passcodes),
        "then": {
            "description": "A step that follows each accepted passcode.",
            "$ref": "#/$defs/step"
        }
    });
    keys.as_object().cloned().unwrap_or_default()
}

/// Returns the keys that a step of a verb takes, and those it must have.
fn keys_of_verb(name: &str, verbs: &[Verb], outcomes: &Map<String, Value>) -> Value {
    let arguments = verbs.iter().flat_map(|verb| &verb.arguments).map(|argument| argument.name);
    let own = OF_EVERY_STEP.into_iter().chain(["then"]).chain(arguments).map(str::to_owned);
    let known: Vec<_> = own.chain(outcomes.keys().cloned()).collect();
    let is_required = |argument: &&Argument| {
        // A passcode may come from `accepts` or `refuses`.
        let tried = matches!(argument.values, Values::Passcode | Values::PasscodeOrNull);
        argument.presence == Presence::Required && !tried
    };
    let required: Vec<_> = match verbs {
        [verb] => verb.arguments.iter().filter(is_required).map(|one| one.name).collect(),
        _ => Vec::new(),
    };
    json!({
        "if": { "properties": { "do": { "const": name } }, "required": ["do"] },
        "then": { "propertyNames": { "enum": known }, "required": required }
    })
}

fn outcomes(models: &[Vocabulary; 3]) -> Map<String, Value> {
    let all = models.iter().flat_map(|model| model.outcome_keys);
    let meaning = "The outcome that the call must have.";
    joined(all.map(|key| (key.name, described(meaning, &wanted(key.domain)))))
}

fn observables(models: &[Vocabulary; 3]) -> Value {
    let all = models.iter().flat_map(|model| model.observables);
    let keys = joined(all.map(|one| (one.name, described(one.meaning, &wanted(one.domain)))));
    json!({
        "type": "object",
        "minProperties": 1,
        "additionalProperties": false,
        "properties": keys
    })
}

/// Returns the values under each name; models may give one name several.
fn joined<'a>(all: impl Iterator<Item = (&'a str, Value)>) -> Map<String, Value> {
    let mut by_name: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    for (name, value) in all {
        let known = by_name.entry(name).or_default();
        known.extend((!known.contains(&value)).then_some(value));
    }
    let one = |(name, mut all): (&str, Vec<Value>)| {
        let value = if all.len() == 1 { all.remove(0) } else { json!({ "anyOf": all }) };
        (name.to_owned(), value)
    };
    by_name.into_iter().map(one).collect()
}

/// Returns a value, several of them, any but some, or a range of numbers.
fn wanted(domain: Domain) -> Value {
    let one = match domain {
        Domain::Truth => json!({ "type": "boolean" }),
        Domain::Number => json!({ "type": "integer" }),
        Domain::NumberFrom(least) => json!({ "type": "integer", "minimum": least }),
        Domain::Words(words) => json!({ "enum": words }),
        Domain::TruthOr(words) => json!({ "anyOf": [{ "type": "boolean" }, { "enum": words }] }),
        Domain::Any(words) => json!({
            "anyOf": [{ "type": "boolean" }, { "type": "integer" }, { "enum": words }]
        }),
    };
    let several = one_or_more(&one);
    let mut forms = vec![
        several.clone(),
        json!({
            "type": "object",
            "additionalProperties": false,
            "required": ["not"],
            "properties": { "not": several }
        }),
    ];
    if domain.is_numeric() || matches!(domain, Domain::Any(_)) {
        let comparison = r"\s*(>=|<=|>|<)\s*-?\d+\s*";
        let pattern = format!("^{comparison}(,{comparison})*$");
        forms.push(json!({ "type": "string", "pattern": pattern }));
    }
    json!({ "anyOf": forms })
}

fn claim() -> Value {
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["expect"],
        "properties": {
            "name": text("What is claimed."),
            "on": described("The device, or a list; optional if there is one.", &one_or_more(&text(""))),
            "levels": described("The API levels at which it is claimed.", &levels()),
            "for": { "description": OF_CHOICE, "$ref": "#/$defs/choice" },
            "when": {
                "description": "Observables; the claim is about moments at which they hold.",
                "$ref": "#/$defs/observables"
            },
            "expect": {
                "description": "What must hold at those moments.",
                "$ref": "#/$defs/observables"
            },
            "may-not-apply": truth("It is no mistake if `when` never holds.")
        }
    })
}

fn eventually() -> Value {
    let mut claim = claim();
    claim["properties"]["within"] = duration("The longest wait.");
    claim
}

fn of(values: &Values) -> Value {
    match values {
        Values::Truth => json!({ "type": "boolean" }),
        Values::Integer(low, high) => {
            json!({ "type": "integer", "minimum": low, "maximum": high })
        }
        Values::Words(words) => json!({ "enum": words }),
        Values::WordList(words) => {
            let word = json!({ "enum": words });
            json!({ "anyOf": [word, { "type": "array", "items": word }] })
        }
        Values::Text | Values::Passcode => json!({ "type": "string" }),
        Values::PasscodeOrNull => json!({ "anyOf": [{ "type": "string" }, { "const": false }] }),
        Values::Token => json!({
            "anyOf": [{ "type": "string" }, { "const": false }, { "type": "integer", "minimum": 0 }]
        }),
        // A table without declared keys takes any.
        Values::Table(keys) if keys.is_empty() => json!({ "type": "object" }),
        Values::Table(keys) => {
            json!({
                "type": "object",
                "additionalProperties": false,
                "properties": properties(keys)
            })
        }
    }
}

fn levels() -> Value {
    one_or_more(&json!({
        "anyOf": [
            { "type": "integer" },
            { "type": "string", "pattern": r"^\s*\d*\s*(-\s*\d*)?\s*$" }
        ]
    }))
}

fn truth(description: &str) -> Value {
    described(description, &json!({ "type": "boolean" }))
}

fn integer(description: &str, low: i64, high: i64) -> Value {
    described(description, &json!({ "type": "integer", "minimum": low, "maximum": high }))
}

fn duration(description: &str) -> Value {
    described(description, &json!({ "type": "string", "minLength": 2 }))
}
