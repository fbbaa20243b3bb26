//! Activations, which travel as JSON, and what a device reports about its declarations.
//!
//! Sources: `declarative/declarations/activations/simple.yaml`,
//! `declarative/declarations/declarationbase.yaml` (the reasons) and
//! `declarative/status/management.declarations.yaml` in
//! <https://github.com/apple/device-management>; a report of a device,
//! `testdata/status.D0.error.json` in <https://github.com/jessepeterson/kmfddm>.

use serde_json::{Value as Json, json};

use super::WireError;
use super::declaration::{enveloped, opened, text_of};
use crate::apple::predicate::Predicate;
use eligibility::closed_enum;

/// The type of the declaration.
pub(super) const ACTIVATION_TYPE: &str = "com.apple.activation.simple";

/// An activation in its envelope: only configurations that one names, and whose predicate holds,
/// are in force.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Activation {
    /// Its identifier.
    pub identifier: String,
    /// Its version, as the server counts.
    pub server_token: String,
    /// The identifiers of its configurations.
    pub configurations: Vec<String>,
    /// The condition under which they are in force; always, without one.
    pub predicate: Option<Predicate>,
}

impl Activation {
    /// Returns the activation as a device fetches it.
    pub fn to_json(&self) -> String {
        let mut payload = json!({ "StandardConfigurations": self.configurations });
        if let Some(predicate) = &self.predicate {
            payload["Predicate"] = predicate.as_str().into();
        }
        enveloped(ACTIVATION_TYPE, &self.identifier, &self.server_token, &payload)
    }

    /// Reads an activation.
    ///
    /// # Errors
    ///
    /// [`WireError`] if the text is no JSON or no activation, or its predicate is not simulated.
    pub fn from_json(text: &str) -> Result<Self, WireError> {
        let (identifier, server_token, payload) = opened(ACTIVATION_TYPE, text)?;
        let key = "StandardConfigurations";
        let listed = payload.get(key).and_then(Json::as_array).ok_or(WireError::Missing(key))?;
        let name = |item: &Json| item.as_str().map(str::to_owned).ok_or(WireError::Wrong(key));
        let predicate = match payload.get("Predicate") {
            None => None,
            Some(_) => {
                let text = text_of(&payload, "Predicate")?;
                Some(text.parse().map_err(|_| WireError::Wrong("Predicate"))?)
            }
        };
        let configurations = listed.iter().map(name).collect::<Result<_, _>>()?;
        Ok(Self { identifier, server_token, configurations, predicate })
    }
}

closed_enum! {
    /// The reason that a declaration is not in force.
    pub enum DeclarationReason: "reason" {
        /// It is in force.
        None = "none",
        /// The predicate of the activation does not hold.
        Predicate = "Info.Predicate",
        /// No activation names the configuration.
        NotReferenced = "Info.NotReferencedByActivation",
        /// The activations that name the configuration are not in force.
        ActivationFailed = "Error.ActivationFailed",
        /// The activation names a configuration that is not there.
        MissingConfigurations = "Error.MissingConfigurations",
        /// The configuration does not exist on this platform or in this enrolment.
        NotSupported = "Error.ConfigurationNotSupported",
        /// A reason that no simulated device gives.
        Other = "other",
        /// The device has it no longer.
        Removed = "removed",
    }
}

impl DeclarationReason {
    /// Returns the device's statement about the validity of the declaration.
    ///
    /// A configuration that no activation names was seen as `unknown`.
    pub(super) const fn valid(self) -> &'static str {
        match self {
            Self::None | Self::Predicate | Self::ActivationFailed => "valid",
            Self::NotReferenced => "unknown",
            _ => "invalid",
        }
    }
}

/// A device's report about one declaration.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DeclarationStatus {
    /// True if it is an activation; otherwise it is a configuration.
    pub is_activation: bool,
    /// Its identifier.
    pub identifier: String,
    /// Its version.
    pub server_token: String,
    /// The reason that it is not in force, if it is not.
    pub reason: DeclarationReason,
}

impl DeclarationStatus {
    /// Returns the key of a declaration in reports, which are sorted by it.
    pub(in crate::apple) fn key(&self) -> (bool, &str) {
        (!self.is_activation, &self.identifier)
    }

    pub(super) fn to_json(&self) -> Json {
        if self.reason == DeclarationReason::Removed {
            return json!({ "identifier": self.identifier, "_removed": true });
        }
        let mut json = json!({
            "identifier": self.identifier,
            "server-token": self.server_token,
            "active": self.reason == DeclarationReason::None,
            "valid": self.reason.valid(),
        });
        if self.reason != DeclarationReason::None {
            json["reasons"] = json!([{ "code": self.reason.as_str() }]);
        }
        json
    }

    /// Reads the report of one declaration.
    pub(super) fn from_json(json: &Json, is_activation: bool) -> Result<Self, WireError> {
        let identifier = text_of(json, "identifier")?;
        if json.get("_removed").and_then(Json::as_bool) == Some(true) {
            return Ok(Self::removed(is_activation, identifier));
        }
        let code = json.pointer("/reasons/0/code").and_then(Json::as_str).unwrap_or_default();
        let active = json.get("active").and_then(Json::as_bool);
        let reason = match active.ok_or(WireError::Missing("active"))? {
            true => DeclarationReason::None,
            // Those two are no reasons that a device gives.
            false => code
                .parse()
                .ok()
                .filter(|one| !matches!(one, DeclarationReason::None | DeclarationReason::Removed))
                .unwrap_or(DeclarationReason::Other),
        };
        let server_token = text_of(json, "server-token")?;
        Ok(Self { is_activation, identifier, server_token, reason })
    }

    /// Returns the report that a declaration is gone.
    pub(super) fn removed(is_activation: bool, identifier: String) -> Self {
        let (server_token, reason) = (String::new(), DeclarationReason::Removed);
        Self { is_activation, identifier, server_token, reason }
    }
}
