//! The commands of a server.
//!
//! Sources: `mdm/commands/*.yaml` in <https://github.com/apple/device-management> for keys and
//! access rights; for the commands that never answer `NotNow`
//! <https://developer.apple.com/documentation/devicemanagement/handling-notnow-status-responses>.

use plist::Value;

use super::fields::{Reader, WireError, Writer};
use super::{Message, Profile};
use crate::apple::enrolment::AccessRights;
use crate::apple::token::UnlockToken;

/// The commands that a device with iOS answers at once, locked or not.
pub(crate) const NEVER_NOT_NOW: [&str; 8] = [
    "DeviceInformation",
    "ProfileList",
    "DeviceLock",
    "EraseDevice",
    "ClearPasscode",
    "ProvisioningProfileList",
    "InstalledApplicationList",
    "Restrictions",
];

/// A command.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Command {
    /// Removes the passcode. `None` is a key that is absent or not data.
    ClearPasscode {
        /// The content of the device's `TokenUpdate`.
        unlock_token: Option<UnlockToken>,
    },
    /// Lock the screen.
    DeviceLock {
        /// A text for the lock screen.
        message: Option<String>,
        /// A telephone number for the lock screen.
        phone_number: Option<String>,
    },
    /// Ask about passcode and encryption.
    SecurityInfo,
    /// Ask about the device.
    DeviceInformation {
        /// The keys that are wanted.
        queries: Vec<String>,
    },
    /// Install a configuration profile.
    InstallProfile {
        /// The profile.
        profile: Profile,
    },
    /// Install what is no configuration profile, or has a value that no device takes.
    InstallInvalidProfile {
        /// The bytes.
        payload: Vec<u8>,
    },
    /// Remove a configuration profile.
    RemoveProfile {
        /// Its identifier.
        identifier: String,
    },
    /// List the profiles.
    ProfileList,
    /// List the certificates.
    CertificateList,
    /// List the provisioning profiles.
    ProvisioningProfileList,
    /// List the apps.
    InstalledApplicationList,
    /// List the restrictions.
    Restrictions,
    /// Restart.
    RestartDevice,
    /// Shut down.
    ShutDownDevice,
    /// Erase everything.
    EraseDevice {
        /// Enrol again without anyone's help, which Apple calls *Return to Service*.
        return_to_service: bool,
    },
    /// Put the device into Lost Mode, with a text or a telephone number on its screen.
    EnableLostMode {
        /// A text for the lock screen.
        message: Option<String>,
        /// A telephone number for the lock screen.
        phone_number: Option<String>,
    },
    /// Take the device out of Lost Mode.
    DisableLostMode,
    /// Ask where a device in Lost Mode is.
    DeviceLocation,
    /// Play a sound on a device in Lost Mode.
    PlayLostModeSound,
    /// Remove the passcode of the restrictions, which is not the device's.
    ClearRestrictionsPassword,
    /// Fetch the declarations, and report the status.
    DeclarativeManagement,
    /// Anything else, by its name; what it carries is not kept.
    Other(String),
}

impl Command {
    /// Returns true if it takes a device into Lost Mode or out of it.
    pub(crate) const fn is_about_lost_mode(&self) -> bool {
        matches!(self, Self::EnableLostMode { .. } | Self::DisableLostMode)
    }

    /// Returns the name of a command that is simulated.
    pub(crate) const fn name(&self) -> Option<&'static str> {
        Some(match self {
            Self::ClearPasscode { .. } => "ClearPasscode",
            Self::DeviceLock { .. } => "DeviceLock",
            Self::SecurityInfo => "SecurityInfo",
            Self::DeviceInformation { .. } => "DeviceInformation",
            Self::InstallProfile { .. } | Self::InstallInvalidProfile { .. } => "InstallProfile",
            Self::RemoveProfile { .. } => "RemoveProfile",
            Self::ProfileList => "ProfileList",
            Self::CertificateList => "CertificateList",
            Self::ProvisioningProfileList => "ProvisioningProfileList",
            Self::InstalledApplicationList => "InstalledApplicationList",
            Self::Restrictions => "Restrictions",
            Self::RestartDevice => "RestartDevice",
            Self::ShutDownDevice => "ShutDownDevice",
            Self::EraseDevice { .. } => "EraseDevice",
            Self::EnableLostMode { .. } => "EnableLostMode",
            Self::DisableLostMode => "DisableLostMode",
            Self::DeviceLocation => "DeviceLocation",
            Self::PlayLostModeSound => "PlayLostModeSound",
            Self::ClearRestrictionsPassword => "ClearRestrictionsPassword",
            Self::DeclarativeManagement => "DeclarativeManagement",
            Self::Other(_) => return None,
        })
    }

    /// Returns the value of `RequestType`.
    pub(crate) fn request_type(&self) -> &str {
        match self {
            Self::Other(name) => name,
            known => known.name().unwrap_or_default(),
        }
    }

    /// Returns the command of a name, where it needs nothing else.
    pub(in crate::apple) fn plain(name: &str) -> Option<Self> {
        Some(match name {
            "DeviceLock" => Self::DeviceLock { message: None, phone_number: None },
            "SecurityInfo" => Self::SecurityInfo,
            "DeviceInformation" => Self::DeviceInformation { queries: vec!["OSVersion".into()] },
            "ProfileList" => Self::ProfileList,
            "CertificateList" => Self::CertificateList,
            "ProvisioningProfileList" => Self::ProvisioningProfileList,
            "InstalledApplicationList" => Self::InstalledApplicationList,
            "Restrictions" => Self::Restrictions,
            "RestartDevice" => Self::RestartDevice,
            "ShutDownDevice" => Self::ShutDownDevice,
            "EraseDevice" => Self::EraseDevice { return_to_service: false },
            "EnableLostMode" => Self::EnableLostMode {
                message: Some("This device is lost.".to_owned()),
                phone_number: None,
            },
            "DisableLostMode" => Self::DisableLostMode,
            "DeviceLocation" => Self::DeviceLocation,
            "PlayLostModeSound" => Self::PlayLostModeSound,
            "ClearRestrictionsPassword" => Self::ClearRestrictionsPassword,
            "DeclarativeManagement" => Self::DeclarativeManagement,
            _ => return None,
        })
    }

    /// Returns the access right that it needs, if any.
    pub(crate) const fn right(&self) -> Option<AccessRights> {
        Some(match self {
            Self::ClearPasscode { .. }
            | Self::DeviceLock { .. }
            | Self::RestartDevice
            | Self::ShutDownDevice => AccessRights::LOCK_AND_PASSCODE,
            Self::SecurityInfo => AccessRights::SECURITY,
            Self::DeviceInformation { .. } => AccessRights::DEVICE_INFORMATION,
            Self::InstallProfile { .. }
            | Self::InstallInvalidProfile { .. }
            | Self::RemoveProfile { .. } => AccessRights::CHANGE_PROFILES,
            Self::ProfileList | Self::CertificateList => AccessRights::INSPECT_PROFILES,
            Self::ProvisioningProfileList => AccessRights::INSPECT_PROVISIONING,
            Self::InstalledApplicationList => AccessRights::APPS,
            Self::Restrictions => AccessRights::RESTRICTIONS,
            Self::EraseDevice { .. } => AccessRights::ERASE,
            Self::EnableLostMode { .. }
            | Self::DisableLostMode
            | Self::DeviceLocation
            | Self::PlayLostModeSound
            | Self::ClearRestrictionsPassword
            | Self::DeclarativeManagement
            | Self::Other(_) => return None,
        })
    }
}

impl Message for Command {
    fn to_plist(&self) -> Value {
        let mut writer = Writer::default();
        writer.put("RequestType", self.request_type());
        match self {
            Self::ClearPasscode { unlock_token: Some(token) } => {
                writer.put_data("UnlockToken", &token.reveal());
            }
            Self::DeviceLock { message, phone_number }
            | Self::EnableLostMode { message, phone_number } => {
                writer.put_some("Message", message.clone());
                writer.put_some("PhoneNumber", phone_number.clone());
            }
            Self::DeviceInformation { queries } => writer.put_texts("Queries", queries),
            Self::InstallProfile { profile } => writer.put_data("Payload", &profile.to_xml()),
            Self::InstallInvalidProfile { payload } => writer.put_data("Payload", payload),
            Self::RemoveProfile { identifier } => writer.put("Identifier", identifier.clone()),
            Self::EraseDevice { return_to_service: true } => {
                let mut settings = Writer::default();
                settings.put("Enabled", true);
                writer.put("ReturnToService", settings.finish());
            }
            _ => {}
        }
        writer.finish()
    }

    fn from_plist(value: &Value) -> Result<Self, WireError> {
        let reader = Reader::new(value)?;
        let name = reader.text("RequestType")?;
        Ok(match name.as_str() {
            // A key of another type is for the device to refuse, as a missing one is.
            "ClearPasscode" => Self::ClearPasscode {
                unlock_token: reader
                    .get("UnlockToken")
                    .and_then(Value::as_data)
                    .map(UnlockToken::new),
            },
            "DeviceLock" => Self::DeviceLock {
                message: reader.optional_text("Message")?,
                phone_number: reader.optional_text("PhoneNumber")?,
            },
            "EnableLostMode" => Self::EnableLostMode {
                message: reader.optional_text("Message")?,
                phone_number: reader.optional_text("PhoneNumber")?,
            },
            "EraseDevice" => {
                let settings = match reader.optional_section("ReturnToService")? {
                    Some(settings) => settings.optional_truth("Enabled")?,
                    None => None,
                };
                Self::EraseDevice { return_to_service: settings == Some(true) }
            }
            "DeviceInformation" => Self::DeviceInformation { queries: reader.texts("Queries")? },
            "InstallProfile" => {
                let payload = reader.data("Payload")?;
                match Profile::from_payload(payload) {
                    Ok(profile) => Self::InstallProfile { profile },
                    Err(_) => Self::InstallInvalidProfile { payload: payload.to_vec() },
                }
            }
            "RemoveProfile" => Self::RemoveProfile { identifier: reader.text("Identifier")? },
            other => Self::plain(other).unwrap_or(Self::Other(name)),
        })
    }
}
