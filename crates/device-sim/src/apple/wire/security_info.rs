//! The report of a device about its passcode and its encryption.
//!
//! Source: `mdm/commands/information.security.yaml` in
//! <https://github.com/apple/device-management>; values as captured from iOS 9 and 11.3.1, OS X
//! 10.11 and macOS 10.13, `testdata/SecurityInfo` in <https://github.com/cmdmnt/commandment>.

use plist::Value;

use super::Message;
use super::fields::{Reader, WireError, Writer};

/// The answer to `SecurityInfo`; a key that the system or the enrolment does not have is absent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct SecurityInfo {
    /// 1 for blocks, 2 for files, 3 for both; data is protected with 3 and a passcode; not on a
    /// Mac.
    pub hardware_encryption_caps: Option<u32>,
    /// True if there is a passcode; not in User Enrollment and not on a Mac.
    pub passcode_present: Option<bool>,
    /// True if it satisfies all sources, Exchange and other accounts included; not on a Mac.
    pub passcode_compliant: Option<bool>,
    /// True if it satisfies the profiles; not in User Enrollment and not on a Mac.
    pub passcode_compliant_with_profiles: Option<bool>,
    /// The grace period in seconds that the user chose; not in User Enrollment.
    pub passcode_lock_grace_period: Option<u32>,
    /// The grace period in seconds that is enforced; not in User Enrollment.
    pub passcode_lock_grace_period_enforced: Option<u32>,
    /// After how many seconds a Shared iPad locks itself.
    pub auto_lock_time: Option<u32>,
    /// True if it is User Enrollment, on systems that report it.
    pub is_user_enrolment: Option<bool>,
}

impl Message for SecurityInfo {
    fn to_plist(&self) -> Value {
        let mut writer = Writer::default();
        writer.put_some("HardwareEncryptionCaps", self.hardware_encryption_caps);
        writer.put_some("PasscodeLockGracePeriod", self.passcode_lock_grace_period);
        writer
            .put_some("PasscodeLockGracePeriodEnforced", self.passcode_lock_grace_period_enforced);
        writer.put_some("AutoLockTime", self.auto_lock_time);
        writer.put_some("PasscodePresent", self.passcode_present);
        writer.put_some("PasscodeCompliant", self.passcode_compliant);
        writer.put_some("PasscodeCompliantWithProfiles", self.passcode_compliant_with_profiles);
        if let Some(is_user_enrolment) = self.is_user_enrolment {
            let mut status = Writer::default();
            status.put("IsUserEnrollment", is_user_enrolment);
            writer.put("ManagementStatus", status.finish());
        }
        writer.finish()
    }

    fn from_plist(value: &Value) -> Result<Self, WireError> {
        let reader = Reader::new(value)?;
        let is_user_enrolment = match reader.optional_section("ManagementStatus")? {
            Some(status) => status.optional_truth("IsUserEnrollment")?,
            None => None,
        };
        Ok(Self {
            hardware_encryption_caps: reader.optional_number("HardwareEncryptionCaps")?,
            passcode_present: reader.optional_truth("PasscodePresent")?,
            passcode_compliant: reader.optional_truth("PasscodeCompliant")?,
            passcode_compliant_with_profiles: reader
                .optional_truth("PasscodeCompliantWithProfiles")?,
            passcode_lock_grace_period: reader.optional_number("PasscodeLockGracePeriod")?,
            passcode_lock_grace_period_enforced: reader
                .optional_number("PasscodeLockGracePeriodEnforced")?,
            auto_lock_time: reader.optional_number("AutoLockTime")?,
            is_user_enrolment,
        })
    }
}
