//! A command on its way to a device, in its envelope.

use std::fmt;
use std::sync::Arc;

use plist::Value;

use super::fields::{Reader, WireError, Writer};
use super::{Command, Message};

/// The identifier of one command: a command that arrives twice has the same one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CommandUuid(Arc<str>);

impl CommandUuid {
    /// Returns the identifier with this text.
    pub fn new(text: &str) -> Self {
        Self(text.into())
    }

    /// Returns the identifier of a server's command number `number`.
    pub fn numbered(number: u32) -> Self {
        Self(format!("00000000-0000-4000-8000-{number:012}").into())
    }

    /// Returns the text.
    pub(crate) fn text(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CommandUuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A command with its identifier.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Order {
    /// The number of the command at this server.
    pub uuid: CommandUuid,
    /// The command.
    pub command: Command,
}

impl Message for Order {
    fn to_plist(&self) -> Value {
        let mut writer = Writer::default();
        writer.put("CommandUUID", self.uuid.text());
        writer.put("Command", self.command.to_plist());
        writer.finish()
    }

    fn from_plist(value: &Value) -> Result<Self, WireError> {
        let reader = Reader::new(value)?;
        let command = reader.get("Command").ok_or(WireError::Missing("Command"))?;
        Ok(Self {
            uuid: CommandUuid::new(&reader.text("CommandUUID")?),
            command: Command::from_plist(command)?,
        })
    }
}
