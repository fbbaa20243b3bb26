//! What a device sends on its own: `Authenticate`, `TokenUpdate`, `CheckOut`.
//!
//! Source: `mdm/checkin/*.yaml` in <https://github.com/apple/device-management>; an enrolment as
//! captured from iOS 11.3.1, `testdata/TokenUpdate/iOS-11.3.1.xml` in
//! <https://github.com/cmdmnt/commandment>.

use plist::Value;

use super::Message;
use super::fields::{Reader, WireError, Writer};
use crate::apple::token::UnlockToken;

/// How a device names itself.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Identity {
    /// By the device's own identifier.
    Udid(String),
    /// By the identifier of this one enrolment, in User Enrollment.
    EnrollmentId(String),
}

impl Identity {
    /// The identifier.
    pub fn text(&self) -> &str {
        match self {
            Self::Udid(text) | Self::EnrollmentId(text) => text,
        }
    }

    pub(super) fn write(&self, writer: &mut Writer) {
        match self {
            Self::Udid(text) => writer.put("UDID", text.clone()),
            Self::EnrollmentId(text) => writer.put("EnrollmentID", text.clone()),
        }
    }

    pub(super) fn read(reader: Reader<'_>) -> Result<Self, WireError> {
        match reader.optional_text("EnrollmentID")? {
            Some(text) => Ok(Self::EnrollmentId(text)),
            None => reader.text("UDID").map(Self::Udid),
        }
    }
}

/// A check-in message.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum CheckIn {
    /// The device wants to enrol.
    Authenticate {
        /// Who.
        identity: Identity,
        /// The push topic.
        topic: String,
        /// The system's version.
        os_version: String,
    },
    /// The device can be reached; perhaps with its unlock token.
    TokenUpdate {
        /// Who.
        identity: Identity,
        /// The push topic.
        topic: String,
        /// The text that a push must carry.
        push_magic: String,
        /// The address of pushes.
        token: Vec<u8>,
        /// The unlock token; absent means that the server keeps the one that it has.
        unlock_token: Option<UnlockToken>,
        /// Whether the device waits in its set-up for the server.
        awaiting_configuration: bool,
    },
    /// The MDM profile was removed.
    CheckOut {
        /// Who.
        identity: Identity,
        /// The push topic.
        topic: String,
    },
}

impl CheckIn {
    /// The value of `MessageType`.
    pub const fn message_type(&self) -> &'static str {
        match self {
            Self::Authenticate { .. } => "Authenticate",
            Self::TokenUpdate { .. } => "TokenUpdate",
            Self::CheckOut { .. } => "CheckOut",
        }
    }

    /// Who sends it.
    pub const fn identity(&self) -> &Identity {
        match self {
            Self::Authenticate { identity, .. }
            | Self::TokenUpdate { identity, .. }
            | Self::CheckOut { identity, .. } => identity,
        }
    }
}

impl Message for CheckIn {
    fn to_plist(&self) -> Value {
        let mut writer = Writer::default();
        writer.put("MessageType", self.message_type());
        self.identity().write(&mut writer);
        match self {
            Self::Authenticate { topic, os_version, .. } => {
                writer.put("Topic", topic.clone());
                writer.put("OSVersion", os_version.clone());
            }
            Self::CheckOut { topic, .. } => writer.put("Topic", topic.clone()),
            Self::TokenUpdate {
                topic,
                push_magic,
                token,
                unlock_token,
                awaiting_configuration,
                ..
            } => {
                writer.put("Topic", topic.clone());
                writer.put("PushMagic", push_magic.clone());
                writer.put_data("Token", token);
                if let Some(token) = unlock_token {
                    writer.put_data("UnlockToken", token.reveal());
                }
                writer.put("AwaitingConfiguration", *awaiting_configuration);
            }
        }
        writer.finish()
    }

    fn from_plist(value: &Value) -> Result<Self, WireError> {
        let reader = Reader::new(value)?;
        let identity = Identity::read(reader)?;
        let topic = reader.text("Topic")?;
        match reader.text("MessageType")?.as_str() {
            "Authenticate" => {
                Ok(Self::Authenticate { identity, topic, os_version: reader.text("OSVersion")? })
            }
            "TokenUpdate" => Ok(Self::TokenUpdate {
                identity,
                topic,
                push_magic: reader.text("PushMagic")?,
                token: reader.data("Token")?.to_vec(),
                unlock_token: reader
                    .optional("UnlockToken", |value| value.as_data().map(UnlockToken::new))?,
                awaiting_configuration: reader
                    .optional_truth("AwaitingConfiguration")?
                    .unwrap_or(false),
            }),
            "CheckOut" => Ok(Self::CheckOut { identity, topic }),
            _ => Err(WireError::Wrong("MessageType")),
        }
    }
}
