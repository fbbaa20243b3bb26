//! The reports of a device in a session: idle, or the result of a command.
//!
//! Source: captures of iOS 9, 11.3.1 and 12.1 in the folder `testdata` of
//! <https://github.com/cmdmnt/commandment> (`Errors`, `NotNow`, `DeviceLock`, `SecurityInfo`,
//! `DeviceInformation`).

use plist::Value;

use super::fields::{Reader, WireError, Writer};
use super::{CommandUuid, Identity, Message, SecurityInfo};
use eligibility::closed_enum;

closed_enum! {
    /// The status of a report.
    pub enum Status: "status" {
        /// Nothing to report: is there a command?
        Idle = "Idle",
        /// The command was carried out.
        Acknowledged = "Acknowledged",
        /// The command was refused or failed.
        Error = "Error",
        /// The command has not the right form.
        CommandFormatError = "CommandFormatError",
        /// The command was not even tried: later.
        NotNow = "NotNow",
    }
}

closed_enum! {
    /// A device's answer to a `DeviceLock`.
    pub enum MessageResult: "message result" {
        /// The text is shown.
        Success = "Success",
        /// The device is in lost mode.
        DeviceInLostMode = "DeviceInLostMode",
        /// There is no passcode, so nothing is locked.
        NoPasscodeSet = "NoPasscodeSet",
        /// Anything else.
        Unknown = "Unknown",
    }
}

closed_enum! {
    /// The lists that the simulation leaves empty.
    pub enum ListKey: "list key" {
        /// Certificates.
        CertificateList = "CertificateList",
        /// Provisioning profiles.
        ProvisioningProfileList = "ProvisioningProfileList",
        /// Apps.
        InstalledApplicationList = "InstalledApplicationList",
    }
}

/// One link of an error chain; the outermost comes first, its causes follow.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ErrorItem {
    /// The domain of the code.
    pub domain: String,
    /// The code; those of `NSURLErrorDomain` are negative.
    pub code: i64,
    /// The text in the device's language.
    pub localized: String,
    /// The text in English.
    pub us_english: String,
}

impl ErrorItem {
    /// Returns an item whose text is the same in both languages.
    pub(crate) fn new(domain: &str, code: u32, text: impl Into<String>) -> Self {
        let text = text.into();
        let domain = domain.to_owned();
        Self { domain, code: code.into(), localized: text.clone(), us_english: text }
    }
}

/// The content of a report besides its status.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Body {
    /// Nothing.
    #[default]
    Empty,
    /// Of `DeviceLock`.
    MessageResult(MessageResult),
    /// Of `SecurityInfo`.
    SecurityInfo(SecurityInfo),
    /// Of `DeviceInformation`: of what was asked, what the simulation knows.
    DeviceInformation {
        /// The system's version.
        os_version: Option<String>,
        /// True if it is supervised.
        is_supervised: Option<bool>,
    },
    /// Of `ProfileList`: the identifiers.
    Profiles(Vec<String>),
    /// A list with nothing in it.
    EmptyList(ListKey),
    /// Of `Restrictions`, with nothing in it.
    GlobalRestrictions,
}

/// A report.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Report {
    /// The sender.
    pub identity: Identity,
    /// The status.
    pub status: Status,
    /// The command that it answers; none when idle.
    pub uuid: Option<CommandUuid>,
    /// The reason of the failure.
    pub errors: Vec<ErrorItem>,
    /// Further remarks.
    pub body: Body,
}

impl Report {
    /// Returns a report that requests a command.
    pub fn idle(identity: Identity) -> Self {
        Self { identity, status: Status::Idle, uuid: None, errors: Vec::new(), body: Body::Empty }
    }

    /// Returns the outermost error, if there is one.
    pub fn error(&self) -> Option<&ErrorItem> {
        self.errors.first()
    }
}

impl Body {
    fn write(&self, writer: &mut Writer) {
        match self {
            Self::Empty => {}
            Self::MessageResult(result) => writer.put("MessageResult", result.as_str()),
            Self::SecurityInfo(info) => writer.put("SecurityInfo", info.to_plist()),
            Self::DeviceInformation { os_version, is_supervised } => {
                let mut answers = Writer::default();
                answers.put_some("OSVersion", os_version.clone());
                answers.put_some("IsSupervised", *is_supervised);
                writer.put("QueryResponses", answers.finish());
            }
            Self::Profiles(identifiers) => {
                let entry = |identifier: &String| {
                    let mut entry = Writer::default();
                    entry.put("PayloadIdentifier", identifier.clone());
                    entry.finish()
                };
                let list = identifiers.iter().map(entry).collect();
                writer.put("ProfileList", Value::Array(list));
            }
            Self::EmptyList(key) => writer.put(key.as_str(), Value::Array(Vec::new())),
            Self::GlobalRestrictions => {
                writer.put("GlobalRestrictions", Writer::default().finish());
            }
        }
    }

    fn read(reader: Reader<'_>) -> Result<Self, WireError> {
        if let Some(text) = reader.optional_text("MessageResult")? {
            return Ok(Self::MessageResult(text.parse().unwrap_or(MessageResult::Unknown)));
        }
        if let Some(info) = reader.get("SecurityInfo") {
            return SecurityInfo::from_plist(info).map(Self::SecurityInfo);
        }
        if let Some(answers) = reader.optional_section("QueryResponses")? {
            let os_version = answers.optional_text("OSVersion")?;
            let is_supervised = answers.optional_truth("IsSupervised")?;
            return Ok(Self::DeviceInformation { os_version, is_supervised });
        }
        if reader.get("ProfileList").is_some() {
            let entries = reader.sections("ProfileList")?;
            let texts = entries.into_iter().map(|entry| entry.text("PayloadIdentifier"));
            return texts.collect::<Result<_, _>>().map(Self::Profiles);
        }
        if reader.get("GlobalRestrictions").is_some() {
            return Ok(Self::GlobalRestrictions);
        }
        let list = ListKey::ALL.iter().find(|key| reader.get(key.as_str()).is_some());
        Ok(list.map_or(Self::Empty, |key| Self::EmptyList(*key)))
    }
}

impl Message for Report {
    fn to_plist(&self) -> Value {
        let mut writer = Writer::default();
        self.identity.write(&mut writer);
        writer.put("Status", self.status.as_str());
        writer.put_some("CommandUUID", self.uuid.as_ref().map(CommandUuid::text));
        if !self.errors.is_empty() {
            let chain = self.errors.iter().map(|error| {
                let mut item = Writer::default();
                item.put("ErrorDomain", error.domain.clone());
                item.put("ErrorCode", error.code);
                item.put("LocalizedDescription", error.localized.clone());
                item.put("USEnglishDescription", error.us_english.clone());
                item.finish()
            });
            writer.put("ErrorChain", Value::Array(chain.collect()));
        }
        self.body.write(&mut writer);
        writer.finish()
    }

    fn from_plist(value: &Value) -> Result<Self, WireError> {
        let reader = Reader::new(value)?;
        let status = reader.text("Status")?;
        let errors = reader.sections("ErrorChain")?.into_iter().map(|item| {
            Ok(ErrorItem {
                domain: item.text("ErrorDomain")?,
                code: item.code("ErrorCode")?,
                // A device was seen to leave it out.
                localized: item.optional_text("LocalizedDescription")?.unwrap_or_default(),
                us_english: item.optional_text("USEnglishDescription")?.unwrap_or_default(),
            })
        });
        Ok(Self {
            identity: Identity::read(reader)?,
            status: status.parse().map_err(|_| WireError::Wrong("Status"))?,
            uuid: reader.optional_text("CommandUUID")?.map(|text| CommandUuid::new(&text)),
            errors: errors.collect::<Result<_, _>>()?,
            body: Body::read(reader)?,
        })
    }
}
