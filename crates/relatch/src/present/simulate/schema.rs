//! The JSON Schema of scenario files, for editors that understand TOML by schema.
//!
//! Verbs with their arguments, outcomes, observables and parameters come from the declarations that
//! read the files; a test holds the keys of devices to the readers.

use std::collections::BTreeMap;

use device_sim::{
    Argument, Domain, Presence, Values, Verb, Vocabulary, android, apple, service, vocabularies,
};
use eligibility::closed_enum::ClosedEnum;
use schemars::{Schema, json_schema};
use serde_json::{Map, Value, json};

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
            "step": list("What happens, in order.", &json!({ "$ref": "#/$defs/step" })),
            "always": list("What holds at every moment.", &claim()),
            "never": list("What holds at no moment.", &claim()),
            "sometimes": list("What holds at one moment at least.", &claim()),
            "eventually": list("What holds at some later moment.", &eventually())
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
    let is =
        |kind: &str| json!({ "properties": { "kind": { "const": kind } }, "required": ["kind"] });
    json!({
        "type": "object",
        "required": ["kind"],
        "properties": { "kind": { "enum": device_sim::Platform::WORDS } },
        "allOf": [
            { "if": is("android"), "then": android(models) },
            { "if": is("apple"), "then": apple(models) }
        ]
    })
}

fn android(models: &[Vocabulary; 3]) -> Value {
    let [model, _, service] = models;
    let policy = argument(model, "install-policy", "policy");
    let admin = json!({
        "target-sdk": integer("The API level that the app is built for.", 1, 255),
        "direct-boot-aware": truth("The app runs before the first unlock."),
        "token-storage": words::<android::TokenStorage>("Where the app keeps its token."),
        "may-reset": truth("A device admin holds the reset-password policy."),
        "request-password-complexity": truth("The app holds REQUEST_PASSWORD_COMPLEXITY."),
        "policy": described("What it requires of its user's passcode.", &policy),
        "parent-policy": described("What it requires of the device's passcode.", &policy)
    });
    let mut keys = admin.as_object().cloned().unwrap_or_default();
    let table = json!({ "type": "object", "additionalProperties": false, "properties": admin });
    for kind in android::AdminKind::WORDS {
        keys.insert((*kind).to_owned(), described("One of several admins.", &table));
    }
    for (key, says) in [
        ("biometrics", "The users have enrolled biometrics."),
        ("provisioned", "The setup wizard has ended."),
        ("file-based-encryption", "Users are encrypted apart from each other."),
        ("secure-lock-screen", "The device has a secure lock screen."),
        ("device-admin-feature", "The device knows device admins."),
        ("automotive", "The device is a car."),
        ("enrolment-throttled", "The lock hardware makes enrolments wait."),
        ("app-may-read-complexity", "Apps that are no admins hold REQUEST_PASSWORD_COMPLEXITY."),
    ] {
        keys.insert(key.to_owned(), truth(says));
    }
    let (first, last) = (android::ApiLevel::FIRST.number(), android::ApiLevel::LAST.number());
    let others = json!({
        "kind": { "description": "A phone or tablet with Android.", "const": "android" },
        "api-level": integer("The API level; needed unless the file has `api-levels`.", first.into(), last.into()),
        "enrolment": described(
            "How it is managed.",
            &one_or_more(&words::<android::Enrolment>(""))
        ),
        "lock": text("The credential of the device: digits are a PIN."),
        "work-lock": text("The credential of the work profile, if it has its own."),
        "weaver-slots": integer("Free slots of the lock hardware.", 0, 255),
        "parameters": parameters(model),
        "intune": intune(service, &policy)
    });
    keys.extend(others.as_object().cloned().unwrap_or_default());
    json!({ "additionalProperties": false, "properties": keys })
}

fn apple(models: &[Vocabulary; 3]) -> Value {
    let [android, model, service] = models;
    let mut keys = Map::new();
    for (key, says) in [
        ("enrolled", "The device is enrolled."),
        ("check-out-when-removed", "The device tells the server when its profile is removed."),
        ("biometrics", "The user has enrolled biometrics."),
        ("unlock-token-lost", "The server has lost the unlock token."),
        ("unlock-token-stale", "The server has the unlock token of an earlier enrolment."),
        ("through-plist", "Every message is encoded as a property list and decoded again."),
        ("drives-itself", "Pushes and connections follow by themselves; if not, they are steps."),
        ("allow-passcode-modification", "Whether the passcode may be changed."),
        ("allow-usb-restricted-mode", "Whether a locked device refuses accessories."),
    ] {
        keys.insert(key.to_owned(), truth(says));
    }
    let number = |says, most| integer(says, 0, most);
    let network = json!({ "enum": ["wi-fi", "cellular", "adapter"] });
    let others = json!({
        "kind": { "description": "A device by Apple, and its server.", "const": "apple" },
        "platform": words::<apple::Platform>("The platform."),
        "os-version": text("The version of the system, such as 17.4."),
        "enrolment": words::<apple::EnrolmentKind>("The type of enrollment."),
        "access-rights": number("The access rights of the MDM profile.", 8191),
        "passcode": text("The passcode at the start."),
        "payload": described(
            "The passcode payload that is installed.",
            &argument(model, "assign-compliance", "payload")
        ),
        "network": {
            "description": "The networks in reach; an empty list is none.",
            "anyOf": [network, { "type": "array", "items": network }]
        },
        "server": {
            "description": "How its server behaves.",
            "type": "object",
            "additionalProperties": false,
            "properties": {
                "token-update-without-token": words::<apple::TokenKeeping>(
                    "What the server does with a token update that has no token."
                ),
                "authenticate-deletes-token": truth("An Authenticate deletes the token."),
                "redelivers": truth("The server sends commands again that were not answered.")
            }
        },
        "passcode-age-days": number("The age of the passcode.", 3650),
        "auto-lock-minutes": number("When the device locks by itself.", 60),
        "unlock-grace-minutes": number("How long it opens without a passcode.", 525_600),
        "compliance-grace-days": number("The grace period of the compliance policy.", 365),
        "first-check-in-minutes": number("When it checks in first.", 525_600),
        "number": number("Makes its identifier and tokens; devices of one scenario need different ones.", u32::MAX.into()),
        "parameters": parameters(model),
        "intune": intune(service, &argument(android, "install-policy", "policy"))
    });
    keys.extend(others.as_object().cloned().unwrap_or_default());
    json!({ "additionalProperties": false, "required": ["platform"], "properties": keys })
}

fn intune(model: &Vocabulary, policy: &Value) -> Value {
    let mut keys = Map::new();
    for (key, says) in [
        ("google-services", "Pushes reach the device; if not, it checks in on schedule."),
        ("device-enrollment-manager", "Enrolled by a device enrollment manager."),
        ("drives-itself", "Pushes and reports follow by themselves; if not, they are steps."),
        ("multi-admin-approval", "Another administrator must approve."),
        ("approval-excludes-apps", "Requests of apps need no approval."),
    ] {
        keys.insert(key.to_owned(), truth(says));
    }
    for key in ["wipes-today", "retires-today", "deletes-today"] {
        keys.insert(key.to_owned(), integer("Requests of the day so far.", 0, u32::MAX.into()));
    }
    let others = json!({
        "check-in": words::<service::CheckIn>("How long ago it was enrolled."),
        "roles": words::<service::RoleList>("The list of roles in force, by the year of its page."),
        "reset-token": words::<service::TokenAtStart>("The token at the start; `usual` is what the agent has provisioned."),
        "management-state": words::<service::ManagementState>("What the service is about to do with it."),
        "compliance": described("A compliance policy of an Android device.", policy),
        "scope-tag": text("The scope tag of the device."),
        "first-check-in-minutes": integer(
            "When a settled device checks in first; without it, when it is pushed.",
            0,
            525_600
        ),
        "parameters": parameters(model)
    });
    keys.extend(others.as_object().cloned().unwrap_or_default());
    json!({
        "description": "The device is managed by the service.",
        "type": "object",
        "additionalProperties": false,
        "properties": keys
    })
}

fn parameters(model: &Vocabulary) -> Value {
    let each = model.parameters.iter().map(|one| {
        let value = match one.is_truth {
            true => truth(one.comment),
            false => integer(one.comment, 0, u32::MAX.into()),
        };
        (one.name.to_owned(), value)
    });
    json!({
        "description": "Choices where the sources are silent.",
        "type": "object",
        "additionalProperties": false,
        "properties": each.collect::<Map<_, _>>()
    })
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
    let mut values: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    for argument in by_name.values().flatten().flat_map(|verb| &verb.arguments) {
        let known = values.entry(argument.name).or_default();
        let value = described(argument.meaning, &of(&argument.values));
        known.extend((!known.contains(&value)).then_some(value));
    }
    for (name, mut all) in values {
        let value = if all.len() == 1 { all.remove(0) } else { json!({ "anyOf": all }) };
        // Of some names, one model has an argument and another an outcome.
        let value = match keys.remove(name) {
            Some(outcome) => json!({ "anyOf": [outcome, value] }),
            None => value,
        };
        keys.insert(name.to_owned(), value);
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
        "accepts": described("Passcodes with each of which it returns true.", &passcodes),
        "refuses": described("Passcodes with each of which it returns false.", &passcodes),
        "then": {
            "description": "A step that follows each accepted passcode.",
            "$ref": "#/$defs/step"
        }
    });
    keys.as_object().cloned().unwrap_or_default()
}

/// Returns which keys a step of a verb takes, and which it must have.
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
    wanted_by_name(
        models
            .iter()
            .flat_map(|model| model.outcome_keys)
            .map(|key| (key.name, "The outcome that the call must have.", key.domain)),
    )
}

fn observables(models: &[Vocabulary; 3]) -> Value {
    let all = models.iter().flat_map(|model| model.observables);
    let keys = wanted_by_name(all.map(|one| (one.name, one.meaning, one.domain)));
    json!({
        "type": "object",
        "minProperties": 1,
        "additionalProperties": false,
        "properties": keys
    })
}

/// Returns what may be demanded under each name; models may give one name several domains.
fn wanted_by_name<'a>(all: impl Iterator<Item = (&'a str, &'a str, Domain)>) -> Map<String, Value> {
    let mut by_name: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    for (name, meaning, domain) in all {
        let known = by_name.entry(name).or_default();
        let value = described(meaning, &wanted(domain));
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
    if matches!(domain, Domain::Number | Domain::Any(_)) {
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

/// Returns an argument of a verb.
fn argument(model: &Vocabulary, verb: &str, name: &str) -> Value {
    let verb = model.verbs.iter().find(|known| known.name == verb);
    let argument = verb.and_then(|verb| verb.arguments.iter().find(|one| one.name == name));
    argument.map_or(json!({ "type": "object" }), |one| of(&one.values))
}

fn of(values: &Values) -> Value {
    match values {
        Values::Truth => json!({ "type": "boolean" }),
        Values::Integer(low, high) => {
            json!({ "type": "integer", "minimum": low, "maximum": high })
        }
        Values::Words(words) => json!({ "enum": words }),
        Values::Text | Values::Passcode => json!({ "type": "string" }),
        Values::PasscodeOrNull => json!({ "anyOf": [{ "type": "string" }, { "const": false }] }),
        Values::Token => json!({
            "anyOf": [{ "type": "string" }, { "const": false }, { "type": "integer", "minimum": 0 }]
        }),
        // A table without declared keys takes any.
        Values::Table(keys) if keys.is_empty() => json!({ "type": "object" }),
        Values::Table(keys) => {
            let each = keys.iter();
            let each =
                each.map(|key| (key.name.to_owned(), described(key.meaning, &of(&key.values))));
            json!({
                "type": "object",
                "additionalProperties": false,
                "properties": each.collect::<Map<_, _>>()
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

fn one_or_more(one: &Value) -> Value {
    json!({ "anyOf": [one, { "type": "array", "minItems": 1, "items": one }] })
}

fn described(description: &str, value: &Value) -> Value {
    let mut value = value.clone();
    if let Some(entries) = value.as_object_mut() {
        entries.insert("description".to_owned(), description.into());
    }
    value
}

fn words<T: ClosedEnum>(description: &str) -> Value {
    described(description, &json!({ "enum": T::WORDS }))
}

fn text(description: &str) -> Value {
    described(description, &json!({ "type": "string", "minLength": 1 }))
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

fn list(description: &str, items: &Value) -> Value {
    described(description, &json!({ "type": "array", "items": items }))
}
