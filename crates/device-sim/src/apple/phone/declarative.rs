//! Declarative management from the device's end: it fetches declarations by check-ins of its own,
//! and reports by itself what has changed.
//!
//! Sources: `mdm/checkin/declarativemanagement.yaml` and `declarative/protocol/*.yaml` in
//! <https://github.com/apple/device-management>.

use chrono::{DateTime, Utc};

use super::Phone;
use crate::apple::Context;
use crate::apple::enrolment::EnrolmentState;
use crate::apple::wire::{CheckIn, Declaration, Manifest, StatusReport, SyncTokens, WireError};

/// Where the device is in fetching its declarations.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(in crate::apple) enum Sync {
    /// It has asked whether anything is different.
    Tokens,
    /// It has asked which declarations there are.
    Items,
    /// It has asked for the first of those that it lacks.
    Declarations { wanted: Vec<(String, String)>, fetched: Vec<Declaration>, token: String },
}

/// The state of declarative management.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(in crate::apple) struct Declarative {
    /// The server has switched it on.
    pub(in crate::apple) is_on: bool,
    /// The token of all declarations together, as they were fetched last.
    token: Option<String>,
    sync: Option<Sync>,
    /// What the server has been told.
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
                let known = |(identifier, server_token): &(String, String)| {
                    self.declarations.iter().find(|one| {
                        one.identifier == *identifier && one.server_token == *server_token
                    })
                };
                let fetched = manifest.configurations.iter().filter_map(known).cloned().collect();
                let mut wanted = manifest.configurations.clone();
                wanted.retain(|item| known(item).is_none());
                let token = manifest.declarations_token;
                Ok(self.fetch_next(wanted, fetched, token, context))
            }
            Some(Sync::Declarations { mut wanted, mut fetched, token }) => {
                fetched.push(Declaration::from_json(text)?);
                wanted.remove(0);
                Ok(self.fetch_next(wanted, fetched, token, context))
            }
            None => Ok(None),
        }
    }

    /// Asks for the next declaration that is wanted, or takes over those that were fetched.
    fn fetch_next(
        &mut self,
        wanted: Vec<(String, String)>,
        fetched: Vec<Declaration>,
        token: String,
        context: &mut Context<'_>,
    ) -> Option<CheckIn> {
        if let Some((identifier, _)) = wanted.first() {
            let endpoint = format!("declaration/configuration/{identifier}");
            self.declarative.sync = Some(Sync::Declarations { wanted, fetched, token });
            return Some(self.declarative_check_in(&endpoint, None));
        }
        self.declarative.token = Some(token);
        if self.system.takes_declarations(self.kind) {
            self.declarations = fetched;
        }
        self.look_at_policy(context);
        None
    }

    /// Returns the report of what has changed since the last one, if anything has.
    pub(in crate::apple) fn report_status(&mut self, now: DateTime<Utc>) -> Option<CheckIn> {
        let enrolled = self.enrolment == EnrolmentState::Enrolled;
        if !self.declarative.is_on || !enrolled || self.declarative.sync.is_some() {
            return None;
        }
        let status = self.status_report(now)?;
        let changed = status.since(self.declarative.reported);
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
