//! The JSON Schema of policy files, for editors that understand TOML by schema.
//!
//! Every list of words comes from the types that read the files, so the two cannot part.

use eligibility::closed_enum::ClosedEnum;
use eligibility::facts::{FactName, FactValue};
use eligibility::policy::{
    Action, Effect, Expected, FindingCode, HitPolicy, Mechanism, Reading, Scope,
};
use schemars::{Schema, json_schema};
use serde_json::{Map, Value, json};

use crate::present::schema::{array, described, one_or_more, text};

pub(crate) fn schema() -> Schema {
    json_schema!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "relatch policy",
        "description": "One documented revision of the rules for Intune's Remove passcode / Reset passcode.",
        "type": "object",
        "additionalProperties": false,
        "required": ["id"],
        "anyOf": [
            { "required": ["extends"] },
            { "required": ["title", "source", "documented", "rule"] }
        ],
        "properties": {
            "id": name("The name of the policy, for example `intune-2018-03-29`."),
            "extends": text(
                "The base of this policy: a built-in id, the date of a built-in page, or a path beside this file."
            ),
            "title": text("The title of the page that is transcribed."),
            "source": text("The URL of the page."),
            "documented": {
                "description": "The date that the page bears, without quotes.",
                "type": "string",
                "format": "date"
            },
            "hit-policy": word::<HitPolicy>(
                "What several matching rules mean: a conflict where they differ (`unique`, the default), or the first decides."
            ),
            "prerequisite": array("What must hold before any rule applies; a device that breaks it is ineligible at every scope.", &prerequisite()),
            "rule": array("The rules, in the order of the page.", &rule()),
            "case": array("The policy's own tests, run by `policy check` and `policy test`.", &case()),
            "accepted": array("Findings of `policy check` and `policy verify` that are accepted.", &accepted())
        },
        "$defs": {
            "conditions": conditions(),
            "facts": facts()
        }
    })
}

fn prerequisite() -> Value {
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["id", "holds", "source"],
        "properties": {
            "id": name("Its name, unique in the file."),
            "holds": conditions_of("What must hold."),
            "source": text("Where the page says so.")
        }
    })
}

fn rule() -> Value {
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["id", "when", "then", "source"],
        "dependentRequired": {
            "intended": ["intended-because"],
            "intended-because": ["intended"]
        },
        "properties": {
            "id": name("Its name, unique in the file."),
            "when": conditions_of("The devices that it covers, by the words of the page."),
            "then": word::<Effect>("What it gives them."),
            "scope": word::<Scope>("Whose passcode; `device` by default."),
            "mechanism": word::<Mechanism>("The vendor's operation, where the page names one."),
            "needs": conditions_of("Conditions that must hold for the action to succeed on a supported device."),
            "intended": conditions_of("Conditions that replace those of `when`, fact by fact, in the intended reading."),
            "intended-because": text("The later document that shows what was meant."),
            "source": text("Where the page says so.")
        }
    })
}

fn accepted() -> Value {
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["finding", "because"],
        "anyOf": [{ "required": ["devices"] }, { "required": ["rules"] }],
        "properties": {
            "finding": word::<FindingCode>("The code of the finding."),
            "devices": conditions_of("The devices that it is about: exactly these are accepted, so a finding that grows is reported for what was added."),
            "rules": {
                "description": "Exactly the rules that it names.",
                "anyOf": [name(""), { "type": "array", "minItems": 1, "items": name("") }]
            },
            "because": text("The reason.")
        }
    })
}

fn case() -> Value {
    let mut mechanisms: Vec<_> = Mechanism::WORDS.to_vec();
    mechanisms.push("none");
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["facts", "expect"],
        "properties": {
            "facts": {
                "description": "A device; a list means each of its values, and a fact that is not given is unknown.",
                "$ref": "#/$defs/facts"
            },
            "expect": word::<Expected>("The decision, or the cause of an undetermined one."),
            "rule": {
                "description": "Exactly the clauses behind the decision.",
                "anyOf": [name(""), { "type": "array", "items": name("") }]
            },
            "scope": word::<Scope>("The scope that is asked; the headline by default."),
            "reading": word::<Reading>("The reading that is asked; `literal` by default."),
            "action": word::<Action>("What the decision must do to the passcode."),
            "mechanism": {
                "description": "The operation that the decision must name.",
                "enum": mechanisms
            }
        }
    })
}

/// Returns a table of conditions: each fact with a value, a list, or `not`.
fn conditions() -> Value {
    let each = FactName::ALL.iter().map(|fact| {
        let one = value(*fact);
        let array = json!({ "type": "array", "minItems": 1, "items": one });
        let several = json!({ "anyOf": [one, array] });
        let not = json!({
            "type": "object",
            "additionalProperties": false,
            "required": ["not"],
            "properties": { "not": several }
        });
        (fact.to_string(), json!({ "anyOf": [one, array, not] }))
    });
    json!({
        "type": "object",
        "minProperties": 1,
        "additionalProperties": false,
        "properties": each.collect::<Map<_, _>>()
    })
}

/// Returns a table of facts: each with a value, a set that contains it (`a|b`), or a list that
/// means several devices.
fn facts() -> Value {
    let each = FactName::ALL.iter().map(|fact| {
        let set = json!({ "type": "string", "pattern": r"^[^|]+(\|[^|]+)+$" });
        let one = json!({ "anyOf": [value(*fact), set] });
        (fact.to_string(), one_or_more(&one))
    });
    json!({
        "type": "object",
        "description": "A device; a fact that is not given is unknown.",
        "additionalProperties": false,
        "properties": each.collect::<Map<_, _>>()
    })
}

/// Returns one value of a fact.
fn value(fact: FactName) -> Value {
    if fact == FactName::OsVersion {
        return json!({
            "description": "Comparisons joined by commas (>=7.0, <8.0), a series (6.x) or a version.",
            "type": "string",
            "pattern": r"^\s*((>=|<=|>|<|=)?\s*\d+(\.\d+){0,3}(\.[xX])?\s*)(,\s*(>=|<=|>|<|=)?\s*\d+(\.\d+){0,3}(\.[xX])?\s*)*$"
        });
    }
    if fact.choices() == bool::CHOICES {
        return json!({ "type": "boolean" });
    }
    json!({ "enum": fact.choices() })
}

fn conditions_of(description: &str) -> Value {
    json!({ "description": description, "$ref": "#/$defs/conditions" })
}

fn word<T: ClosedEnum>(description: &str) -> Value {
    described(description, &json!({ "enum": T::WORDS }))
}

fn name(description: &str) -> Value {
    json!({ "description": description, "type": "string", "pattern": "^[a-z0-9-]+$" })
}
