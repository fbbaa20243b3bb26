//! The part of a configuration profile about passcodes: the passcode payload, and the
//! restrictions that matter to passcodes.
//!
//! Sources: `mdm/profiles/TopLevel.yaml`, `com.apple.mobiledevice.passwordpolicy.yaml` and
//! `com.apple.applicationaccess.yaml` in <https://github.com/apple/device-management>.

use plist::Value;

use super::Message;
use super::fields::{Reader, WireError, Writer, from_plist, to_plist};
use crate::apple::passcode::PasscodePayload;
use crate::apple::passcode::payload::PAYLOAD_TYPE;

const RESTRICTIONS_TYPE: &str = "com.apple.applicationaccess";

/// A configuration profile.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Profile {
    /// Its identifier; a profile replaces one with the same.
    pub identifier: String,
    /// Its passcode payloads; several are combined.
    pub passcode: Vec<PasscodePayload>,
    /// `allowPasscodeModification` of its restrictions, if it is there.
    pub allow_passcode_modification: Option<bool>,
    /// `allowUSBRestrictedMode` of its restrictions, if it is there.
    pub allow_usb_restricted_mode: Option<bool>,
}

impl Profile {
    /// Returns a profile with one passcode payload.
    pub fn of_passcode(identifier: &str, payload: PasscodePayload) -> Self {
        let identifier = identifier.to_owned();
        Self { identifier, passcode: vec![payload], ..Self::default() }
    }

    /// Reads the payload of `InstallProfile`: a profile, or one in the envelope of a signature.
    ///
    /// The signature is not looked at. It is CMS in DER, in which the profile is one run of bytes.
    ///
    /// # Errors
    ///
    /// [`WireError`] if there is no profile, or one with a value that no device takes.
    pub fn from_payload(bytes: &[u8]) -> Result<Self, WireError> {
        /// The first byte of every sequence in DER.
        const SEQUENCE: u8 = 0x30;
        const END: &[u8] = b"</plist>";
        if bytes.first() != Some(&SEQUENCE) {
            return Self::from_bytes(bytes);
        }
        let place = |of: &[u8]| bytes.windows(of.len()).position(|window| window == of);
        let (start, end) = (place(b"<?xml"), place(END));
        let (start, end) = start.zip(end).ok_or(WireError::NotAPropertyList)?;
        let profile = bytes.get(start..end + END.len()).ok_or(WireError::NotAPropertyList)?;
        Self::from_bytes(profile)
    }

    fn payload(&self, payload_type: &str, number: usize) -> Writer {
        let mut writer = Writer::default();
        writer.put("PayloadType", payload_type);
        writer.put("PayloadIdentifier", format!("{}.{number}", self.identifier));
        writer.put("PayloadVersion", 1);
        writer
    }
}

impl Message for Profile {
    fn to_plist(&self) -> Value {
        let mut payloads = Vec::new();
        for payload in &self.passcode {
            let mut writer = self.payload(PAYLOAD_TYPE, payloads.len());
            for (key, value) in payload.entries() {
                writer.put(key, to_plist(&value));
            }
            payloads.push(writer.finish());
        }
        if self.allow_passcode_modification.or(self.allow_usb_restricted_mode).is_some() {
            let mut writer = self.payload(RESTRICTIONS_TYPE, payloads.len());
            writer.put_some("allowPasscodeModification", self.allow_passcode_modification);
            writer.put_some("allowUSBRestrictedMode", self.allow_usb_restricted_mode);
            payloads.push(writer.finish());
        }
        let mut writer = Writer::default();
        writer.put("PayloadType", "Configuration");
        writer.put("PayloadIdentifier", self.identifier.clone());
        writer.put("PayloadVersion", 1);
        writer.put("PayloadContent", Value::Array(payloads));
        writer.finish()
    }

    fn from_plist(value: &Value) -> Result<Self, WireError> {
        let reader = Reader::new(value)?;
        let identifier = reader.text("PayloadIdentifier")?;
        let mut profile = Self { identifier, ..Self::default() };
        for payload in reader.sections("PayloadContent")? {
            match payload.text("PayloadType")?.as_str() {
                PAYLOAD_TYPE => profile.passcode.push(read_payload(payload)?),
                RESTRICTIONS_TYPE => {
                    profile.allow_passcode_modification =
                        payload.optional_truth("allowPasscodeModification")?;
                    profile.allow_usb_restricted_mode =
                        payload.optional_truth("allowUSBRestrictedMode")?;
                }
                _ => {}
            }
        }
        Ok(profile)
    }
}

fn read_payload(reader: Reader<'_>) -> Result<PasscodePayload, WireError> {
    let mut payload = PasscodePayload::default();
    for (key, value) in reader.entries() {
        payload.set(key, &from_plist(value)).map_err(|invalid| WireError::Wrong(invalid.key))?;
    }
    Ok(payload)
}
