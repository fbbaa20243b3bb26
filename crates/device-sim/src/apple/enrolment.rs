//! Kinds of enrolment, how far one has come, and what the server may then do.
//!
//! Sources: `mdm/profiles/com.apple.mdm.yaml` (`AccessRights`) and `mdm/checkin/tokenupdate.yaml`
//! in <https://github.com/apple/device-management>.

use eligibility::closed_enum;

closed_enum! {
    /// A kind of enrolment in mobile device management.
    pub enum EnrolmentKind: "enrolment kind" {
        /// Device enrolment, not supervised.
        Device = "device",
        /// Device enrolment of a supervised device.
        Supervised = "supervised",
        /// User Enrollment: the user's own device.
        User = "user",
        /// Shared iPad.
        SharedIpad = "shared-ipad",
    }
}

closed_enum! {
    /// The progress of an enrolment.
    pub(crate) enum EnrolmentState: "enrolment state" {
        /// Not enrolled.
        Unenrolled = "unenrolled",
        /// `Authenticate` was sent.
        Authenticated = "authenticated",
        /// `TokenUpdate` was sent: the server can reach the device.
        Enrolled = "enrolled",
        /// The MDM profile was removed, and the device said so with `CheckOut`.
        CheckedOut = "checked-out",
    }
}

/// The access rights of the server by the MDM profile: a set of bits.
///
/// ```
/// use device_sim::apple::AccessRights;
///
/// assert!(AccessRights::ALL.contain(AccessRights::LOCK_AND_PASSCODE));
/// assert!(!AccessRights::new(8191 - 4).contain(AccessRights::LOCK_AND_PASSCODE));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AccessRights(u16);

impl AccessRights {
    /// Every right.
    pub const ALL: Self = Self(8191);
    /// Look at profiles.
    pub(crate) const INSPECT_PROFILES: Self = Self(1);
    /// Install and remove profiles.
    pub(crate) const CHANGE_PROFILES: Self = Self(2);
    /// Lock the device and remove its passcode.
    pub const LOCK_AND_PASSCODE: Self = Self(4);
    /// Erase the device.
    pub(crate) const ERASE: Self = Self(8);
    /// Ask for facts about the device.
    pub(crate) const DEVICE_INFORMATION: Self = Self(16);
    /// Look at provisioning profiles.
    pub(crate) const INSPECT_PROVISIONING: Self = Self(64);
    /// Look at installed apps.
    pub(crate) const APPS: Self = Self(256);
    /// Look at restrictions.
    pub(crate) const RESTRICTIONS: Self = Self(512);
    /// Ask for facts about security.
    pub(crate) const SECURITY: Self = Self(1024);

    /// Returns the rights with these bits.
    pub const fn new(bits: u16) -> Self {
        Self(bits & Self::ALL.0)
    }

    /// Returns the bits.
    pub const fn bits(self) -> u16 {
        self.0
    }

    /// Returns true if all rights of `other` are among these.
    pub const fn contain(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}
