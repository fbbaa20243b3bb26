//! Declarations and status reports, which travel as JSON.
//!
//! Sources: `declarative/protocol`,
//! `declarative/declarations/configurations/passcode.settings.yaml` and
//! `declarative/status/passcode.*.yaml` in <https://github.com/apple/device-management>.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value as Json, json};

use super::WireError;
use super::activation::{DeclarationReason, DeclarationStatus};
use crate::apple::passcode::PasscodeDeclaration;
use crate::apple::passcode::declaration::DECLARATION_TYPE;
use crate::model::Value;

/// The key of a pattern that a passcode on a Mac has to match.
const CUSTOM_REGEX: &str = "CustomRegex";

/// A passcode declaration in its envelope.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Declaration {
    /// Its identifier; a declaration replaces one with the same.
    pub identifier: String,
    /// Its version, as the server counts.
    pub server_token: String,
    /// The requirement.
    pub passcode: PasscodeDeclaration,
}

/// Returns a declaration of any type, as a device fetches it.
pub(super) fn enveloped(
    declaration_type: &str,
    identifier: &str,
    server_token: &str,
    payload: &Json,
) -> String {
    json!({
        "Type": declaration_type,
        "Identifier": identifier,
        "ServerToken": server_token,
        "Payload": payload,
    })
    .to_string()
}

/// Reads the envelope of a declaration of a type: its identifier, its version and its payload.
pub(super) fn opened(
    declaration_type: &str,
    text: &str,
) -> Result<(String, String, Json), WireError> {
    let mut json: Json = serde_json::from_str(text).map_err(|_| WireError::NotJson)?;
    if text_of(&json, "Type")? != declaration_type {
        return Err(WireError::Wrong("Type"));
    }
    let payload = json.get_mut("Payload").map(Json::take).ok_or(WireError::Missing("Payload"))?;
    Ok((text_of(&json, "Identifier")?, text_of(&json, "ServerToken")?, payload))
}

impl Declaration {
    /// Returns the declaration as a device fetches it.
    pub fn to_json(&self) -> String {
        let mut payload = Map::new();
        for (key, value) in self.passcode.entries() {
            let value = match value {
                Value::Truth(truth) => Json::Bool(truth),
                Value::Number(number) => Json::from(number),
                Value::Word(_) | Value::Text(_) => continue,
            };
            payload.insert(key.to_owned(), value);
        }
        enveloped(DECLARATION_TYPE, &self.identifier, &self.server_token, &payload.into())
    }

    /// Reads a declaration.
    ///
    /// # Errors
    ///
    /// [`WireError`] if the text is no JSON, no passcode declaration, or has a key with a value of
    /// another type or out of its range.
    pub fn from_json(text: &str) -> Result<Self, WireError> {
        let (identifier, server_token, payload) = opened(DECLARATION_TYPE, text)?;
        let mut passcode = PasscodeDeclaration::default();
        for (key, value) in payload.as_object().ok_or(WireError::Wrong("Payload"))? {
            if key == CUSTOM_REGEX {
                // A pattern is not simulated; that there is one implies a passcode.
                passcode.require_passcode.get_or_insert(true);
                continue;
            }
            let value = match value {
                Json::Bool(truth) => Value::Truth(*truth),
                other => other.as_i64().map_or(Value::Word("other"), Value::Number),
            };
            passcode.set(key, &value).map_err(|invalid| WireError::Wrong(invalid.key))?;
        }
        Ok(Self { identifier, server_token, passcode })
    }
}

/// The report of a device by itself where declarations are managed, in every kind of enrolment.
///
/// Reports are incremental: an item that is absent is as it was in an earlier report.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct StatusReport {
    /// True if there is a passcode.
    pub passcode_is_present: Option<bool>,
    /// True if it satisfies the requirements, or there are none.
    pub passcode_is_compliant: Option<bool>,
    /// The states of activations and configurations, in the order of their identifiers.
    pub declarations: Vec<DeclarationStatus>,
}

impl StatusReport {
    /// Returns the items that differ from those of an earlier report.
    #[must_use]
    pub fn since(self, earlier: &Self) -> Self {
        let changed = |now: Option<bool>, then: Option<bool>| now.filter(|_| now != then);
        let is_gone = |one: &&DeclarationStatus| {
            !self.declarations.iter().any(|other| other.key() == one.key())
        };
        let gone = earlier.declarations.iter().filter(is_gone);
        let gone: Vec<_> = gone
            .map(|one| DeclarationStatus::removed(one.is_activation, one.identifier.clone()))
            .collect();
        let mut declarations = self.declarations;
        declarations.retain(|one| !earlier.declarations.contains(one));
        declarations.extend(gone);
        declarations.sort_by(|one, other| one.key().cmp(&other.key()));
        Self {
            passcode_is_present: changed(self.passcode_is_present, earlier.passcode_is_present),
            passcode_is_compliant: changed(
                self.passcode_is_compliant,
                earlier.passcode_is_compliant,
            ),
            declarations,
        }
    }

    /// Returns this report with the items of a later one.
    #[must_use]
    pub fn updated(self, later: Self) -> Self {
        let mut declarations = self.declarations;
        declarations.retain(|one| !later.declarations.iter().any(|new| new.key() == one.key()));
        declarations.extend(later.declarations);
        declarations.retain(|one| one.reason != DeclarationReason::Removed);
        declarations.sort_by(|one, other| one.key().cmp(&other.key()));
        Self {
            passcode_is_present: later.passcode_is_present.or(self.passcode_is_present),
            passcode_is_compliant: later.passcode_is_compliant.or(self.passcode_is_compliant),
            declarations,
        }
    }

    /// Returns the report as a server receives it.
    pub fn to_json(&self) -> String {
        let mut passcode = Map::new();
        for (key, item) in
            [("is-present", self.passcode_is_present), ("is-compliant", self.passcode_is_compliant)]
        {
            passcode.extend(item.map(|item| (key.to_owned(), Json::Bool(item))));
        }
        let mut items = Map::new();
        if !passcode.is_empty() {
            items.insert("passcode".to_owned(), passcode.into());
        }
        if !self.declarations.is_empty() {
            let all = &self.declarations;
            let of = |activations| {
                let these = all.iter().filter(move |one| one.is_activation == activations);
                these.map(DeclarationStatus::to_json).collect::<Vec<_>>()
            };
            let declarations = json!({
                "activations": of(true), "configurations": of(false), "assets": [], "management": [],
            });
            items.insert("management".to_owned(), json!({ "declarations": declarations }));
        }
        json!({ "StatusItems": items, "Errors": [] }).to_string()
    }

    /// Reads a report.
    ///
    /// # Errors
    ///
    /// [`WireError`] if the text is no JSON, has no items, or has one of another type.
    pub fn from_json(text: &str) -> Result<Self, WireError> {
        let json: Json = serde_json::from_str(text).map_err(|_| WireError::NotJson)?;
        let items = json.get("StatusItems").and_then(Json::as_object);
        let items = items.ok_or(WireError::Missing("StatusItems"))?;
        let item = |key: &'static str| match items.get("passcode").and_then(|all| all.get(key)) {
            None => Ok(None),
            Some(item) => item.as_bool().map(Some).ok_or(WireError::Wrong(key)),
        };
        let declarations = match items.get("management").and_then(|all| all.get("declarations")) {
            None => Vec::new(),
            Some(all) => Self::declarations_from_json(all)?,
        };
        Ok(Self {
            passcode_is_present: item("is-present")?,
            passcode_is_compliant: item("is-compliant")?,
            declarations,
        })
    }

    fn declarations_from_json(all: &Json) -> Result<Vec<DeclarationStatus>, WireError> {
        let mut declarations = Vec::new();
        for (key, is_activation) in [("activations", true), ("configurations", false)] {
            let listed = all.get(key).and_then(Json::as_array).ok_or(WireError::Missing(key))?;
            for one in listed {
                declarations.push(DeclarationStatus::from_json(one, is_activation)?);
            }
        }
        declarations.sort_by(|one, other| one.key().cmp(&other.key()));
        Ok(declarations)
    }
}

/// The answer to the endpoint `tokens`: whether anything is different.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncTokens {
    /// The time of the server's statement.
    pub timestamp: DateTime<Utc>,
    /// The token of all declarations together.
    pub declarations_token: String,
}

impl SyncTokens {
    /// Returns the tokens as a device receives them.
    pub fn to_json(&self) -> String {
        json!({ "SyncTokens": {
            "Timestamp": self.timestamp.to_rfc3339_opts(SecondsFormat::AutoSi, true),
            "DeclarationsToken": self.declarations_token,
        } })
        .to_string()
    }

    /// Reads the tokens.
    ///
    /// # Errors
    ///
    /// [`WireError`] if the text is no JSON, or lacks one of the two.
    pub fn from_json(text: &str) -> Result<Self, WireError> {
        let json: Json = serde_json::from_str(text).map_err(|_| WireError::NotJson)?;
        let tokens = json.get("SyncTokens").ok_or(WireError::Missing("SyncTokens"))?;
        let timestamp = tokens.get("Timestamp").and_then(Json::as_str);
        let timestamp = timestamp.ok_or(WireError::Missing("Timestamp"))?.parse();
        Ok(Self {
            timestamp: timestamp.map_err(|_| WireError::Wrong("Timestamp"))?,
            declarations_token: text_of(tokens, "DeclarationsToken")?,
        })
    }
}

/// The answer to the endpoint `declaration-items`: which declarations there are.
///
/// The simulation knows activations and configurations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Manifest {
    /// The activations, each by its identifier and its version.
    pub activations: Vec<(String, String)>,
    /// The configurations, each by its identifier and its version.
    pub configurations: Vec<(String, String)>,
    /// The token of all declarations together.
    pub declarations_token: String,
}

impl Manifest {
    /// Returns the manifest as a device receives it.
    pub fn to_json(&self) -> String {
        let item = |(identifier, server_token): &(String, String)| json!({ "Identifier": identifier, "ServerToken": server_token });
        json!({
            "Declarations": {
                "Activations": self.activations.iter().map(item).collect::<Vec<_>>(),
                "Assets": [],
                "Configurations": self.configurations.iter().map(item).collect::<Vec<_>>(),
                "Management": [],
            },
            "DeclarationsToken": self.declarations_token,
        })
        .to_string()
    }

    /// Reads a manifest.
    ///
    /// # Errors
    ///
    /// [`WireError`] if the text is no JSON, or lacks a key that it must have.
    pub fn from_json(text: &str) -> Result<Self, WireError> {
        let json: Json = serde_json::from_str(text).map_err(|_| WireError::NotJson)?;
        let all = json.get("Declarations").ok_or(WireError::Missing("Declarations"))?;
        let read = |item| Ok((text_of(item, "Identifier")?, text_of(item, "ServerToken")?));
        let list = |key| {
            let items = all.get(key).and_then(Json::as_array).ok_or(WireError::Missing(key))?;
            items.iter().map(read).collect::<Result<_, WireError>>()
        };
        Ok(Self {
            activations: list("Activations")?,
            configurations: list("Configurations")?,
            declarations_token: text_of(&json, "DeclarationsToken")?,
        })
    }
}

pub(super) fn text_of(json: &Json, key: &'static str) -> Result<String, WireError> {
    let text = json.get(key).ok_or(WireError::Missing(key))?;
    text.as_str().map(str::to_owned).ok_or(WireError::Wrong(key))
}
