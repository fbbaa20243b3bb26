//! Declarative management from the device's end: it fetches declarations by check-ins of its own,
//! and reports by itself what has changed.
//!
//! Sources: `mdm/checkin/declarativemanagement.yaml` and `declarative/protocol/*.yaml` in
//! <https://github.com/apple/device-management>.

use chrono::{DateTime, Utc};

use super::Phone;
use crate::apple::Context;
use crate::apple::enrolment::EnrolmentState;
use crate::apple::predicate::StatusItems;
use crate::apple::wire::{
    Activation, CheckIn, Declaration, DeclarationReason, DeclarationStatus, Manifest, StatusReport,
    SyncTokens, WireError,
};

/// The progress of the device in fetching its declarations.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(in crate::apple) enum Sync {
    /// It has asked whether anything is different.
    Tokens,
    /// It has asked which declarations there are.
    Items,
    /// It has asked for the first of those that it lacks.
    Declarations { wanted: Vec<Wanted>, fetched: Fetched, token: String },
}

/// A declaration to be fetched.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(in crate::apple) struct Wanted {
    is_activation: bool,
    identifier: String,
}

/// The declarations that the device has, new and old.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(in crate::apple) struct Fetched {
    activations: Vec<Activation>,
    configurations: Vec<Declaration>,
}

/// The state of declarative management.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(in crate::apple) struct Declarative {
    /// The server has switched it on.
    pub(in crate::apple) is_on: bool,
    /// The token of all declarations together, as they were fetched last.
    token: Option<String>,
    sync: Option<Sync>,
    /// The reports that the server has received.
    reported: StatusReport,
}

impl Phone {
    /// The device asks its server whether the declarations are others.
    pub(in crate::apple) fn begin_sync(&mut self) -> CheckIn {
        self.declarative.is_on = true;
        self.declarative.sync = Some(Sync::Tokens);
        self.declarative_check_in("tokens", None)
    }

    /// The server has answered; returns the next question, or nothing when all is fetched.
    pub(in crate::apple) fn continue_sync(
        &mut self,
        answer: &[u8],
        context: &mut Context<'_>,
    ) -> Result<Option<CheckIn>, WireError> {
        let text = std::str::from_utf8(answer).map_err(|_| WireError::NotJson)?;
        match self.declarative.sync.take() {
            Some(Sync::Tokens) => {
                let tokens = SyncTokens::from_json(text)?;
                if self.declarative.token.as_ref() == Some(&tokens.declarations_token) {
                    return Ok(None);
                }
                self.declarative.sync = Some(Sync::Items);
                Ok(Some(self.declarative_check_in("declaration-items", None)))
            }
            Some(Sync::Items) => {
                let manifest = Manifest::from_json(text)?;
                let (wanted, fetched) = self.compare(&manifest);
                Ok(self.fetch_next(wanted, fetched, manifest.declarations_token, context))
            }
            Some(Sync::Declarations { mut wanted, mut fetched, token }) => {
                match wanted.remove(0).is_activation {
                    true => fetched.activations.push(Activation::from_json(text)?),
                    false => fetched.configurations.push(Declaration::from_json(text)?),
                }
                Ok(self.fetch_next(wanted, fetched, token, context))
            }
            None => Ok(None),
        }
    }

    /// Returns the declarations that the device lacks, and those that it has in their version.
    fn compare(&self, manifest: &Manifest) -> (Vec<Wanted>, Fetched) {
        let mut wanted = Vec::new();
        let mut fetched = Fetched::default();
        let mut lacks = |is_activation, (identifier, _): &(String, String)| {
            wanted.push(Wanted { is_activation, identifier: identifier.clone() });
        };
        for listed in &manifest.configurations {
            let mut known = self.declarations.iter();
            match known.find(|one| (&one.identifier, &one.server_token) == (&listed.0, &listed.1)) {
                Some(known) => fetched.configurations.push(known.clone()),
                None => lacks(false, listed),
            }
        }
        for listed in &manifest.activations {
            let mut known = self.activations.iter();
            match known.find(|one| (&one.identifier, &one.server_token) == (&listed.0, &listed.1)) {
                Some(known) => fetched.activations.push(known.clone()),
                None => lacks(true, listed),
            }
        }
        (wanted, fetched)
    }

    /// Requests the next declaration that is wanted, or takes over those that were fetched.
    fn fetch_next(
        &mut self,
        wanted: Vec<Wanted>,
        fetched: Fetched,
        token: String,
        context: &mut Context<'_>,
    ) -> Option<CheckIn> {
        if let Some(Wanted { is_activation, identifier }) = wanted.first() {
            let kind = if *is_activation { "activation" } else { "configuration" };
            let endpoint = format!("declaration/{kind}/{identifier}");
            self.declarative.sync = Some(Sync::Declarations { wanted, fetched, token });
            return Some(self.declarative_check_in(&endpoint, None));
        }
        self.declarative.token = Some(token);
        self.declarations = fetched.configurations;
        self.activations = fetched.activations;
        self.look_at_policy(context);
        None
    }

    /// Returns the configurations that are in force.
    pub(super) fn active_declarations(&self) -> impl Iterator<Item = &Declaration> {
        self.declarations.iter().filter(|one| self.reason(one) == DeclarationReason::None)
    }

    /// Returns the reason that a configuration is not in force.
    ///
    /// What a device reports of one whose activation's predicate does not hold is not documented:
    /// the reason of the activation, here.
    fn reason(&self, configuration: &Declaration) -> DeclarationReason {
        if !self.system.takes_declarations(self.kind) {
            return DeclarationReason::NotSupported;
        }
        let names = |one: &&Activation| one.configurations.contains(&configuration.identifier);
        let reasons: Vec<_> =
            self.activations.iter().filter(names).map(|one| self.activation_reason(one)).collect();
        let is_any = |wanted| reasons.contains(&wanted);
        if reasons.is_empty() {
            DeclarationReason::NotReferenced
        } else if is_any(DeclarationReason::None) {
            DeclarationReason::None
        } else if is_any(DeclarationReason::Predicate) {
            DeclarationReason::Predicate
        } else {
            DeclarationReason::ActivationFailed
        }
    }

    fn activation_reason(&self, activation: &Activation) -> DeclarationReason {
        let is_there =
            |name: &String| self.declarations.iter().any(|known| known.identifier == *name);
        if !activation.configurations.iter().all(is_there) {
            return DeclarationReason::MissingConfigurations;
        }
        let items = StatusItems {
            passcode_is_present: self.has_passcode(),
            family: self.system.family(),
            version: self.system.version.to_string(),
        };
        match &activation.predicate {
            Some(predicate) if !predicate.holds(&items) => DeclarationReason::Predicate,
            _ => DeclarationReason::None,
        }
    }

    /// Returns the device's report about its declarations.
    pub(super) fn declaration_status(&self) -> Vec<DeclarationStatus> {
        let status = |is_activation, identifier: &String, server_token: &String, reason| {
            let (identifier, server_token) = (identifier.clone(), server_token.clone());
            DeclarationStatus { is_activation, identifier, server_token, reason }
        };
        let activations = self.activations.iter().map(|one| {
            status(true, &one.identifier, &one.server_token, self.activation_reason(one))
        });
        let configurations = self
            .declarations
            .iter()
            .map(|one| status(false, &one.identifier, &one.server_token, self.reason(one)));
        let mut all: Vec<_> = activations.chain(configurations).collect();
        all.sort_by(|one, other| one.key().cmp(&other.key()));
        all
    }

    /// Returns the report of what has changed since the last one, if anything has.
    pub(in crate::apple) fn report_status(&mut self, now: DateTime<Utc>) -> Option<CheckIn> {
        let enrolled = self.enrolment == EnrolmentState::Enrolled;
        if !self.declarative.is_on || !enrolled || self.declarative.sync.is_some() {
            return None;
        }
        let status = self.status_report(now);
        let changed = status.clone().since(&self.declarative.reported);
        if changed == StatusReport::default() {
            return None;
        }
        self.declarative.reported = status;
        Some(self.declarative_check_in("status", Some(changed.to_json().into_bytes())))
    }

    fn declarative_check_in(&self, endpoint: &str, data: Option<Vec<u8>>) -> CheckIn {
        let (identity, endpoint) = (self.identity(), endpoint.to_owned());
        CheckIn::DeclarativeManagement { identity, endpoint, data }
    }
}
