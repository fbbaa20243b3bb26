//! Declarative management from the server's end.

use chrono::{DateTime, Utc};

use super::Server;
use crate::apple::answer::Queued;
use crate::apple::predicate::Predicate;
use crate::apple::wire::{
    Activation, Command, Declaration, Manifest, StatusReport, SyncTokens, WireError,
};

/// The condition under which a declaration is in force.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Activating {
    /// Whenever the device has it.
    Always,
    /// The condition of a predicate.
    If(Predicate),
    /// Never: no activation names it.
    Never,
}

impl Server {
    /// Adds a declaration with its activation, or replaces the one with its identifier, and has the
    /// device fetch it.
    pub(crate) fn declare(
        &mut self,
        mut declaration: Declaration,
        activating: &Activating,
    ) -> Queued {
        let (identifier, server_token) =
            (declaration.identifier.clone(), format!("{}", self.sent + 1));
        self.forget_declaration(&identifier);
        declaration.server_token.clone_from(&server_token);
        self.declarations.push(declaration);
        let predicate = match activating {
            Activating::Always => Some(None),
            Activating::If(predicate) => Some(Some(predicate.clone())),
            Activating::Never => None,
        };
        self.activations.extend(predicate.map(|predicate| Activation {
            identifier: activation_of(&identifier),
            server_token,
            configurations: vec![identifier],
            predicate,
        }));
        self.enqueue(Command::DeclarativeManagement)
    }

    /// Takes a declaration back.
    pub(crate) fn undeclare(&mut self, identifier: &str) -> Queued {
        self.forget_declaration(identifier);
        self.enqueue(Command::DeclarativeManagement)
    }

    fn forget_declaration(&mut self, identifier: &str) {
        let activation = activation_of(identifier);
        self.declarations.retain(|known| known.identifier != identifier);
        self.activations.retain(|known| known.identifier != activation);
        self.declared += 1;
    }

    /// Answers a check-in of declarative management, if the endpoint has an answer.
    ///
    /// # Errors
    ///
    /// [`WireError`] if the endpoint does not exist, or a status report cannot be read.
    pub(crate) fn answer_declarative(
        &mut self,
        endpoint: &str,
        data: Option<&[u8]>,
        now: DateTime<Utc>,
    ) -> Result<Option<Vec<u8>>, WireError> {
        let declarations_token = format!("declarations-{}", self.declared);
        let json = match endpoint {
            "tokens" => SyncTokens { timestamp: now, declarations_token }.to_json(),
            "declaration-items" => {
                let known = self.declarations.iter();
                let configurations =
                    known.map(|one| (one.identifier.clone(), one.server_token.clone())).collect();
                let known = self.activations.iter();
                let activations =
                    known.map(|one| (one.identifier.clone(), one.server_token.clone())).collect();
                Manifest { activations, configurations, declarations_token }.to_json()
            }
            "status" => {
                let text = data.and_then(|data| std::str::from_utf8(data).ok());
                let report = StatusReport::from_json(text.ok_or(WireError::Missing("Data"))?)?;
                self.status = Some(self.status.take().unwrap_or_default().updated(report));
                return Ok(None);
            }
            other => self.declaration(other).ok_or(WireError::Wrong("Endpoint"))?,
        };
        Ok(Some(json.into_bytes()))
    }

    /// Returns the declaration of an endpoint.
    fn declaration(&self, endpoint: &str) -> Option<String> {
        let (kind, identifier) = endpoint.strip_prefix("declaration/")?.split_once('/')?;
        match kind {
            "activation" => {
                let mut all = self.activations.iter();
                all.find(|one| one.identifier == identifier).map(Activation::to_json)
            }
            "configuration" => {
                let mut all = self.declarations.iter();
                all.find(|one| one.identifier == identifier).map(Declaration::to_json)
            }
            _ => None,
        }
    }
}

fn activation_of(identifier: &str) -> String {
    format!("{identifier}.activation")
}
