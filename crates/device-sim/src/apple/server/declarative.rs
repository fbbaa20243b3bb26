//! Declarative management from the server's end.

use chrono::{DateTime, Utc};

use super::Server;
use crate::apple::wire::{Manifest, StatusReport, SyncTokens, WireError};

impl Server {
    /// Answers a check-in of declarative management, if the endpoint has an answer.
    ///
    /// # Errors
    ///
    /// [`WireError`] if the endpoint does not exist, or a status report cannot be read.
    pub fn answer_declarative(
        &mut self,
        endpoint: &str,
        data: Option<&[u8]>,
        now: DateTime<Utc>,
    ) -> Result<Option<Vec<u8>>, WireError> {
        let declarations_token = format!("declarations-{}", self.declared);
        let json = match endpoint {
            "tokens" => SyncTokens { timestamp: now, declarations_token }.to_json(),
            "declaration-items" => {
                let item =
                    |one: &super::Declaration| (one.identifier.clone(), one.server_token.clone());
                let configurations = self.declarations.iter().map(item).collect();
                Manifest { configurations, declarations_token }.to_json()
            }
            "status" => {
                let text = data.and_then(|data| std::str::from_utf8(data).ok());
                let report = StatusReport::from_json(text.ok_or(WireError::Missing("Data"))?)?;
                self.status = Some(self.status.unwrap_or_default().updated(report));
                return Ok(None);
            }
            other => {
                let identifier = other.strip_prefix("declaration/configuration/");
                let declaration = self
                    .declarations
                    .iter()
                    .find(|one| Some(one.identifier.as_str()) == identifier);
                declaration.ok_or(WireError::Wrong("Endpoint"))?.to_json()
            }
        };
        Ok(Some(json.into_bytes()))
    }
}
