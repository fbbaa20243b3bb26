//! Apple's systems by version: what each can do at all.
//!
//! Sources: the schemas of MDM commands, profiles, check-ins and declarations in
//! <https://github.com/apple/device-management>, release iOS 18.1 (`mdm/commands`,
//! `mdm/profiles`, `mdm/checkin`, `declarative`), and
//! <https://developer.apple.com/documentation/devicemanagement/clear-passcode-command>.

use eligibility::facts::OsVersion;

use super::enrolment::EnrolmentKind;
use eligibility::closed_enum;

closed_enum! {
    /// An Apple operating system.
    pub enum Platform: "platform" {
        /// On iPhone and iPod touch.
        Ios = "ios",
        /// On iPad; before 13.0 it was called iOS.
        Ipados = "ipados",
        /// On Apple Vision.
        Visionos = "visionos",
        /// On Apple Watch.
        Watchos = "watchos",
        /// On Apple TV; no passcode can be cleared.
        Tvos = "tvos",
        /// On the Mac; no passcode can be cleared.
        Macos = "macos",
    }
}

/// An Apple operating system of a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct System {
    /// Which.
    pub platform: Platform,
    /// Its version.
    pub version: OsVersion,
}

impl System {
    /// Returns the version that a scenario means when it names none: of the autumn of 2024.
    pub(crate) const fn usual(platform: Platform) -> Self {
        let parts = match platform {
            Platform::Ios | Platform::Ipados | Platform::Tvos => [18, 1, 0, 0],
            Platform::Visionos => [2, 1, 0, 0],
            Platform::Watchos => [11, 1, 0, 0],
            Platform::Macos => [15, 1, 0, 0],
        };
        Self { platform, version: OsVersion::new(parts) }
    }

    /// Returns true if the version is `major.minor` or later.
    pub(crate) fn at_least(self, major: u32, minor: u32) -> bool {
        self.version >= OsVersion::new([major, minor, 0, 0])
    }

    /// Returns true if it is the system of an iPhone or an iPad.
    pub(crate) const fn is_mobile(self) -> bool {
        matches!(self.platform, Platform::Ios | Platform::Ipados)
    }

    /// Returns true if a passcode that is cleared still counts as one that was used.
    pub(crate) fn keeps_cleared_passcodes(self) -> bool {
        self.is_mobile() && !self.at_least(16, 0)
    }

    /// Returns true if the passcode payload can be installed.
    pub(crate) fn takes_payloads(self, kind: EnrolmentKind) -> bool {
        let known = match self.platform {
            Platform::Ios | Platform::Ipados | Platform::Macos => true,
            Platform::Watchos => self.at_least(10, 0),
            Platform::Visionos => self.at_least(2, 0),
            Platform::Tvos => false,
        };
        known && kind != EnrolmentKind::SharedIpad
    }

    /// Returns true if the enrolment is one in which declarations are managed at all.
    ///
    /// On iOS 15 that was User Enrollment only: `mdm/commands/declarativemanagement.yaml` at
    /// 4e8e108 and 605e649, and for the others at 0340fd3.
    pub(crate) fn is_managed_declaratively(self, kind: EnrolmentKind) -> bool {
        !self.is_mobile() || self.at_least(16, 0) || kind == EnrolmentKind::User
    }

    /// Returns true if the declaration `passcode.settings` has an effect in an enrolment.
    pub(crate) fn takes_declarations(self, kind: EnrolmentKind) -> bool {
        let supervised = kind == EnrolmentKind::Supervised;
        let known = match self.platform {
            Platform::Ios | Platform::Ipados => {
                self.at_least(15, 0) && self.is_managed_declaratively(kind)
            }
            Platform::Macos => self.at_least(13, 0) && supervised,
            Platform::Watchos => self.at_least(10, 0) && supervised,
            Platform::Visionos => self.at_least(2, 0),
            Platform::Tvos => false,
        };
        known && kind != EnrolmentKind::SharedIpad
    }

    /// Returns true if the declaration has the keys that came with iOS 16.2 and macOS 13.1:
    /// letters, complex characters and age.
    pub(crate) fn has_late_declaration_keys(self) -> bool {
        match self.platform {
            Platform::Ios | Platform::Ipados => self.at_least(16, 2),
            Platform::Macos => self.at_least(13, 1),
            Platform::Visionos | Platform::Watchos | Platform::Tvos => true,
        }
    }

    /// Returns the status item `device.operating-system.family`.
    pub(crate) const fn family(self) -> &'static str {
        match self.platform {
            Platform::Ios => "iOS",
            Platform::Ipados => "iPadOS",
            Platform::Visionos => "visionOS",
            Platform::Watchos => "watchOS",
            Platform::Tvos => "tvOS",
            Platform::Macos => "macOS",
        }
    }

    /// Returns true if demands for letters and complex characters mean anything.
    pub(crate) const fn has_keyboard_demands(self) -> bool {
        !matches!(self.platform, Platform::Watchos)
    }

    /// Returns true if the device reports `passcode.is-present` and `passcode.is-compliant` by
    /// itself, which a Mac never does.
    pub(crate) fn reports_status(self, kind: EnrolmentKind) -> bool {
        match self.platform {
            Platform::Ios | Platform::Ipados => self.at_least(16, 0),
            Platform::Visionos => self.at_least(1, 1),
            Platform::Watchos => self.at_least(10, 0) && kind == EnrolmentKind::Supervised,
            Platform::Tvos | Platform::Macos => false,
        }
    }

    /// Returns true if a locked device can refuse USB accessories: from iOS 11.4.1 on, and on no
    /// other system.
    pub(crate) fn restricts_usb(self) -> bool {
        self.is_mobile() && self.version >= OsVersion::new([11, 4, 1, 0])
    }

    /// Returns true if `allowPasscodeModification` is known: from iOS 9.0 on, by
    /// `mdm/profiles/com.apple.applicationaccess.yaml`.
    pub(crate) fn can_block_modification(self) -> bool {
        !self.is_mobile() || self.at_least(9, 0)
    }

    /// Returns after how many wrong passcodes in a row the user has to wait: four in iOS 18 and
    /// what came with it (85fae8a), six up to 17 and again from 27 on.
    pub(crate) fn patience_with_wrong_codes(self) -> u32 {
        let with_18 = match self.platform {
            Platform::Ios | Platform::Ipados | Platform::Tvos => self.at_least(18, 0),
            Platform::Macos => self.at_least(15, 0),
            Platform::Watchos => self.at_least(11, 0),
            Platform::Visionos => self.at_least(2, 0),
        };
        if with_18 && !self.at_least(27, 0) { 4 } else { 6 }
    }

    /// Returns the longest time in minutes without use that a policy can allow: `maxInactivity`.
    pub(crate) const fn longest_inactivity_minutes(self) -> u32 {
        match self.platform {
            Platform::Macos => 60,
            _ => 15,
        }
    }

    /// Returns true if an erased device can enrol again by itself: *Return to Service* in
    /// `mdm/commands/device.erase.yaml`.
    pub(crate) fn returns_to_service(self) -> bool {
        match self.platform {
            Platform::Ios | Platform::Ipados => self.at_least(17, 0),
            Platform::Tvos => self.at_least(18, 0),
            Platform::Visionos | Platform::Watchos | Platform::Macos => false,
        }
    }

    /// Returns true if `CertificateList` waits for the first unlock after a start.
    ///
    /// Source: `mdm/commands/certificate.list.yaml`; before iOS 15.0 it was one of the commands
    /// that never wait.
    pub(crate) fn certificate_list_waits(self) -> bool {
        !self.is_mobile() || self.at_least(15, 4)
    }
}
