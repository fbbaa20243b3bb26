//! The messages that a device sends on its own: `Authenticate`, `TokenUpdate`, `CheckOut`, and the
//! exchanges of declarative management.
//!
//! Source: `mdm/checkin/*.yaml` in <https://github.com/apple/device-management>; enrolments as
//! captured from iOS 9 and 11.3.1, OS X 10.11 and macOS 10.12, `testdata/Authenticate` and
//! `testdata/TokenUpdate` in <https://github.com/cmdmnt/commandment>.

use eligibility::closed_enum;
use plist::Value;

use super::Message;
use super::fields::{Reader, WireError, Writer};
use crate::apple::token::UnlockToken;

/// The name that a device gives itself.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Identity {
    /// By the device's own identifier.
    Udid(String),
    /// By the identifier of this one enrolment, in User Enrollment.
    EnrollmentId(String),
}

impl Identity {
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

/// Declares the facts that a device may report of itself, each with its key.
macro_rules! device_facts {
    ($( $(#[$doc:meta])+ $field:ident = $key:literal; )+) => {
        /// The facts that a device may report of itself when it enrols.
        #[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
        pub struct DeviceFacts { $( $(#[$doc])+ pub $field: Option<String> ),+ }

        impl DeviceFacts {
            fn write(&self, writer: &mut Writer) {
                $( writer.put_some($key, self.$field.clone()); )+
            }

            fn read(reader: Reader<'_>) -> Result<Self, WireError> {
                Ok(Self { $( $field: reader.optional_text($key)? ),+ })
            }
        }
    };
}

device_facts! {
    /// The system's version; from iOS 9.0 on, with the access right to device information.
    os_version = "OSVersion";
    /// The system's build.
    build_version = "BuildVersion";
    /// The product, such as `iPad4,1`.
    product_name = "ProductName";
    /// The serial number.
    serial_number = "SerialNumber";
    /// The identifier in mobile networks.
    imei = "IMEI";
    /// The identifier in CDMA networks.
    meid = "MEID";
    /// The name of a Mac.
    device_name = "DeviceName";
    /// The model of a Mac.
    model = "Model";
    /// The name of the model of a Mac.
    model_name = "ModelName";
}

/// The user of a user channel: on a Mac, or on a Shared iPad.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ChannelUser {
    /// `UserID`.
    pub id: String,
    /// `UserShortName`.
    pub short_name: Option<String>,
    /// `UserLongName`.
    pub long_name: Option<String>,
}

impl ChannelUser {
    fn write(&self, writer: &mut Writer) {
        writer.put("UserID", self.id.clone());
        writer.put_some("UserShortName", self.short_name.clone());
        writer.put_some("UserLongName", self.long_name.clone());
    }

    fn read(reader: Reader<'_>) -> Result<Option<Self>, WireError> {
        let Some(id) = reader.optional_text("UserID")? else { return Ok(None) };
        let short_name = reader.optional_text("UserShortName")?;
        let long_name = reader.optional_text("UserLongName")?;
        Ok(Some(Self { id, short_name, long_name }))
    }
}

closed_enum! {
    /// Check-in messages; only their type is kept.
    pub enum OtherCheckIn: "check-in message" {
        /// A user of a Mac signs in.
        UserAuthenticate = "UserAuthenticate",
        /// The device requests a token of the server.
        GetToken = "GetToken",
        /// The device requests the bootstrap token that it left with the server.
        GetBootstrapToken = "GetBootstrapToken",
        /// The device leaves a bootstrap token with the server.
        SetBootstrapToken = "SetBootstrapToken",
    }
}

/// A check-in message.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum CheckIn {
    /// The device wants to enrol.
    Authenticate {
        /// The sender.
        identity: Identity,
        /// The push topic.
        topic: String,
        /// The facts that the device reports about itself.
        facts: DeviceFacts,
    },
    /// The device, or a user on it, can be reached; perhaps with the unlock token.
    TokenUpdate {
        /// The sender.
        identity: Identity,
        /// The push topic.
        topic: String,
        /// The text that a push must carry.
        push_magic: String,
        /// The address of pushes.
        token: Vec<u8>,
        /// The unlock token; absent means that the server keeps the one that it has.
        unlock_token: Option<UnlockToken>,
        /// True if the device waits in its set-up for the server, if it says so.
        awaiting_configuration: Option<bool>,
        /// The user, if it is a user's channel and not the device's.
        user: Option<ChannelUser>,
    },
    /// The MDM profile was removed.
    CheckOut {
        /// The sender.
        identity: Identity,
        /// The push topic.
        topic: String,
    },
    /// An exchange of declarative management.
    DeclarativeManagement {
        /// The sender.
        identity: Identity,
        /// `tokens`, `declaration-items`, `declaration/KIND/IDENTIFIER` or `status`.
        endpoint: String,
        /// The JSON of a status report.
        data: Option<Vec<u8>>,
    },
    /// A message that the simulation does not use.
    Other {
        /// The sender.
        identity: Identity,
        /// The message.
        message_type: OtherCheckIn,
    },
}

impl CheckIn {
    /// Returns the value of `MessageType`.
    pub const fn message_type(&self) -> &'static str {
        match self {
            Self::Authenticate { .. } => "Authenticate",
            Self::TokenUpdate { .. } => "TokenUpdate",
            Self::CheckOut { .. } => "CheckOut",
            Self::DeclarativeManagement { .. } => "DeclarativeManagement",
            Self::Other { message_type, .. } => message_type.as_str(),
        }
    }

    /// Returns the sender.
    pub(crate) const fn identity(&self) -> &Identity {
        match self {
            Self::Authenticate { identity, .. }
            | Self::TokenUpdate { identity, .. }
            | Self::CheckOut { identity, .. }
            | Self::DeclarativeManagement { identity, .. }
            | Self::Other { identity, .. } => identity,
        }
    }
}

impl Message for CheckIn {
    fn to_plist(&self) -> Value {
        let mut writer = Writer::default();
        writer.put("MessageType", self.message_type());
        self.identity().write(&mut writer);
        match self {
            Self::Authenticate { topic, facts, .. } => {
                writer.put("Topic", topic.clone());
                facts.write(&mut writer);
            }
            Self::CheckOut { topic, .. } => writer.put("Topic", topic.clone()),
            Self::TokenUpdate {
                topic,
                push_magic,
                token,
                unlock_token,
                awaiting_configuration,
                user,
                ..
            } => {
                writer.put("Topic", topic.clone());
                writer.put("PushMagic", push_magic.clone());
                writer.put_data("Token", token);
                if let Some(token) = unlock_token {
                    writer.put_data("UnlockToken", &token.reveal());
                }
                writer.put_some("AwaitingConfiguration", *awaiting_configuration);
                if let Some(user) = user {
                    user.write(&mut writer);
                }
            }
            Self::DeclarativeManagement { endpoint, data, .. } => {
                writer.put("Endpoint", endpoint.clone());
                if let Some(data) = data {
                    writer.put_data("Data", data);
                }
            }
            Self::Other { .. } => {}
        }
        writer.finish()
    }

    fn from_plist(value: &Value) -> Result<Self, WireError> {
        let reader = Reader::new(value)?;
        let identity = Identity::read(reader)?;
        let topic = || reader.text("Topic");
        let message_type = reader.text("MessageType")?;
        match message_type.as_str() {
            "Authenticate" => {
                let facts = DeviceFacts::read(reader)?;
                Ok(Self::Authenticate { identity, topic: topic()?, facts })
            }
            "TokenUpdate" => Ok(Self::TokenUpdate {
                identity,
                topic: topic()?,
                push_magic: reader.text("PushMagic")?,
                token: reader.data("Token")?.to_vec(),
                unlock_token: reader
                    .optional("UnlockToken", |value| value.as_data().map(UnlockToken::new))?,
                awaiting_configuration: reader.optional_truth("AwaitingConfiguration")?,
                user: ChannelUser::read(reader)?,
            }),
            "CheckOut" => Ok(Self::CheckOut { identity, topic: topic()? }),
            "DeclarativeManagement" => Ok(Self::DeclarativeManagement {
                identity,
                endpoint: reader.text("Endpoint")?,
                data: reader.optional("Data", |value| value.as_data().map(<[u8]>::to_vec))?,
            }),
            other => match other.parse() {
                Ok(message_type) => Ok(Self::Other { identity, message_type }),
                Err(_) => Err(WireError::Wrong("MessageType")),
            },
        }
    }
}
