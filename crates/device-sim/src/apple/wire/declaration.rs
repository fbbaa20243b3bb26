//! Declarations and status reports, which travel as JSON.
//!
//! Sources: `declarative/protocol`, `declarative/declarations/configurations/passcode.settings.yaml`
//! and `declarative/status/passcode.*.yaml` in <https://github.com/apple/device-management>.

use serde_json::{Map, Value as Json, json};

use super::WireError;
use crate::apple::passcode::PasscodeDeclaration;
use crate::apple::passcode::declaration::DECLARATION_TYPE;
use crate::model::Value;

/// A passcode declaration in its envelope.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Declaration {
    /// Its identifier; a declaration replaces one with the same.
    pub identifier: String,
    /// Its version, as the server counts.
    pub server_token: String,
    /// What it demands.
    pub passcode: PasscodeDeclaration,
}

impl Declaration {
    /// The declaration as a device fetches it.
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
        json!({
            "Type": DECLARATION_TYPE,
            "Identifier": self.identifier,
            "ServerToken": self.server_token,
            "Payload": payload,
        })
        .to_string()
    }

    /// Reads a declaration.
    ///
    /// # Errors
    ///
    /// [`WireError`] if the text is no JSON, no passcode declaration, or has a key with a value of
    /// another type or out of its range.
    pub fn from_json(text: &str) -> Result<Self, WireError> {
        let json: Json = serde_json::from_str(text).map_err(|_| WireError::NotJson)?;
        let member = |key| json.get(key).and_then(Json::as_str).map(str::to_owned);
        if member("Type").as_deref() != Some(DECLARATION_TYPE) {
            return Err(WireError::Wrong("Type"));
        }
        let mut passcode = PasscodeDeclaration::default();
        let payload = json.get("Payload").and_then(Json::as_object);
        for (key, value) in payload.ok_or(WireError::Missing("Payload"))? {
            let value = match value {
                Json::Bool(truth) => Value::Truth(*truth),
                other => other.as_i64().map_or(Value::Word("other"), Value::Number),
            };
            passcode.set(key, &value).map_err(|invalid| WireError::Wrong(invalid.key))?;
        }
        Ok(Self {
            identifier: member("Identifier").ok_or(WireError::Missing("Identifier"))?,
            server_token: member("ServerToken").ok_or(WireError::Missing("ServerToken"))?,
            passcode,
        })
    }
}

/// What a device reports by itself where declarations are understood, in every kind of enrolment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct StatusReport {
    /// Whether there is a passcode.
    pub passcode_is_present: bool,
    /// Whether it satisfies what is demanded; true where nothing is.
    pub passcode_is_compliant: bool,
}

impl StatusReport {
    /// The report as a server receives it.
    pub fn to_json(self) -> String {
        json!({ "StatusItems": { "passcode": {
            "is-present": self.passcode_is_present,
            "is-compliant": self.passcode_is_compliant,
        } } })
        .to_string()
    }

    /// Reads a report.
    ///
    /// # Errors
    ///
    /// [`WireError`] if the text is no JSON, or lacks one of the two items.
    pub fn from_json(text: &str) -> Result<Self, WireError> {
        let json: Json = serde_json::from_str(text).map_err(|_| WireError::NotJson)?;
        let item = |key: &'static str| {
            let item = json.pointer("/StatusItems/passcode").and_then(|items| items.get(key));
            item.and_then(Json::as_bool).ok_or(WireError::Missing(key))
        };
        Ok(Self {
            passcode_is_present: item("is-present")?,
            passcode_is_compliant: item("is-compliant")?,
        })
    }
}
