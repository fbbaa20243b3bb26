//! What a device says of its passcode and its encryption.
//!
//! Source: `mdm/commands/information.security.yaml` in
//! <https://github.com/apple/device-management>; values as captured from iOS 9 and 11.3.1,
//! `testdata/SecurityInfo` in <https://github.com/cmdmnt/commandment>.

use plist::Value;

use super::Message;
use super::fields::{Reader, WireError, Writer};

/// The answer to `SecurityInfo`; a key that the enrolment does not allow is absent.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SecurityInfo {
    /// 1 for blocks, 2 for files, 3 for both; data is protected with 3 and a passcode.
    pub hardware_encryption_caps: u32,
    /// Whether there is a passcode; not in User Enrollment.
    pub passcode_present: Option<bool>,
    /// Whether it satisfies all sources, Exchange and other accounts included.
    pub passcode_compliant: bool,
    /// Whether it satisfies the profiles; not in User Enrollment.
    pub passcode_compliant_with_profiles: Option<bool>,
    /// After how many seconds a passcode is asked; not in User Enrollment.
    pub passcode_lock_grace_period: Option<u32>,
    /// Whether it is User Enrollment, on systems that tell.
    pub is_user_enrolment: Option<bool>,
}

impl Message for SecurityInfo {
    fn to_plist(&self) -> Value {
        let mut writer = Writer::default();
        writer.put_number("HardwareEncryptionCaps", self.hardware_encryption_caps);
        writer.put_some("PasscodePresent", self.passcode_present);
        writer.put("PasscodeCompliant", self.passcode_compliant);
        writer.put_some("PasscodeCompliantWithProfiles", self.passcode_compliant_with_profiles);
        if let Some(seconds) = self.passcode_lock_grace_period {
            writer.put_number("PasscodeLockGracePeriod", seconds);
        }
        if let Some(is_user_enrolment) = self.is_user_enrolment {
            let mut status = Writer::default();
            status.put("IsUserEnrollment", is_user_enrolment);
            writer.put("ManagementStatus", status.finish());
        }
        writer.finish()
    }

    fn from_plist(value: &Value) -> Result<Self, WireError> {
        let reader = Reader::new(value)?;
        let is_user_enrolment = match reader.get("ManagementStatus") {
            Some(_) => reader.section("ManagementStatus")?.optional_truth("IsUserEnrollment")?,
            None => None,
        };
        Ok(Self {
            hardware_encryption_caps: reader.number("HardwareEncryptionCaps")?,
            passcode_present: reader.optional_truth("PasscodePresent")?,
            passcode_compliant: reader.truth("PasscodeCompliant")?,
            passcode_compliant_with_profiles: reader
                .optional_truth("PasscodeCompliantWithProfiles")?,
            passcode_lock_grace_period: reader.optional("PasscodeLockGracePeriod", |value| {
                u32::try_from(value.as_unsigned_integer()?).ok()
            })?,
            is_user_enrolment,
        })
    }
}
