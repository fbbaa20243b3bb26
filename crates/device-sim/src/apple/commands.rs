//! Apple's MDM commands: where each exists, and under which enrolments.
//!
//! Source: `supportedOS` in `mdm/commands/*.yaml` of <https://github.com/apple/device-management>,
//! release iOS 18.1 (b6202ca). An iPhone answers a command that it does not take in its enrolment,
//! or without supervision, as it answers one that does not exist:
//! <https://github.com/micromdm/micromdm/issues/970>,
//! <https://github.com/fleetdm/fleet/issues/51653>.

use super::enrolment::EnrolmentKind;
use super::system::{Platform, System};

/// The availability of one command on one operating system.
#[derive(Clone, Copy)]
struct Support {
    since: (u32, u32),
    supervised: bool,
    shared_ipad: bool,
    user_enrolment: bool,
}

impl Support {
    /// The command does not exist.
    const NOWHERE: Self = Self::from(u32::MAX, 0);

    /// Returns a command that exists from a version on, in device enrolment.
    const fn from(major: u32, minor: u32) -> Self {
        let since = (major, minor);
        Self { since, supervised: false, shared_ipad: false, user_enrolment: false }
    }

    /// Returns the same on a Shared iPad too.
    const fn and_shared(self) -> Self {
        Self { shared_ipad: true, ..self }
    }

    /// Returns the same on supervised devices only.
    const fn if_supervised(self) -> Self {
        Self { supervised: true, ..self }
    }

    /// Returns a command that exists from a version on, in every enrolment.
    const fn everywhere(major: u32, minor: u32) -> Self {
        Self { shared_ipad: true, user_enrolment: true, ..Self::from(major, minor) }
    }
}

use Support as S;

/// On iOS and iPadOS, visionOS, watchOS, tvOS and macOS.
type Systems = [Support; 5];

/// Commands that exist nearly everywhere.
const USUAL: Systems =
    [S::everywhere(4, 0), S::everywhere(1, 1), S::from(10, 0), S::from(9, 0), S::everywhere(10, 7)];

/// Commands for supervised iPhones and iPads from a version on.
const fn mobile(major: u32, minor: u32) -> Systems {
    let support = S::from(major, minor).and_shared().if_supervised();
    [support, S::NOWHERE, S::NOWHERE, S::NOWHERE, S::NOWHERE]
}

/// Returns the same, and on another system.
const fn and(systems: Systems, place: usize, support: Support) -> Systems {
    let mut all = systems;
    all[place] = support;
    all
}

const TVOS: usize = 3;
const MACOS: usize = 4;

const SIMULATED: &[(&str, Systems)] = &[
    ("CertificateList", USUAL),
    ("ClearPasscode", [S::from(4, 0), S::from(1, 1), S::from(10, 0), S::NOWHERE, S::NOWHERE]),
    ("ClearRestrictionsPassword", [S::from(8, 0), S::NOWHERE, S::NOWHERE, S::NOWHERE, S::NOWHERE]),
    (
        "DeclarativeManagement",
        [
            S::everywhere(15, 0),
            S::everywhere(1, 1),
            S::from(10, 0),
            S::from(16, 0),
            S::everywhere(13, 0),
        ],
    ),
    ("DeviceInformation", USUAL),
    ("DeviceLocation", mobile(9, 3)),
    (
        "DeviceLock",
        [S::everywhere(4, 0), S::everywhere(2, 0), S::from(10, 0), S::NOWHERE, S::from(10, 7)],
    ),
    ("DisableLostMode", mobile(9, 3)),
    ("EnableLostMode", mobile(9, 3)),
    (
        "EraseDevice",
        [S::from(4, 0).and_shared(), S::from(1, 1), S::from(10, 0), S::from(10, 2), S::from(10, 7)],
    ),
    ("InstallProfile", USUAL),
    (
        "InstalledApplicationList",
        [S::everywhere(5, 0), S::everywhere(1, 1), S::from(10, 0), S::from(10, 2), S::from(10, 7)],
    ),
    ("PlayLostModeSound", mobile(10, 3)),
    ("ProfileList", USUAL),
    ("ProvisioningProfileList", and(and(USUAL, TVOS, S::from(10, 2)), MACOS, S::everywhere(11, 0))),
    ("RemoveProfile", USUAL),
    (
        "RestartDevice",
        and(and(mobile(10, 3), TVOS, S::from(10, 2).if_supervised()), MACOS, S::from(10, 13)),
    ),
    (
        "Restrictions",
        [S::from(4, 0).and_shared(), S::from(1, 1), S::from(10, 0), S::from(9, 0), S::NOWHERE],
    ),
    ("SecurityInfo", USUAL),
    ("ShutDownDevice", and(mobile(10, 3), MACOS, S::from(10, 13))),
];

/// The commands of Apple's schema that nothing here simulates: no device answers one of them as a
/// command that does not exist, so they are refused before they reach one.
pub const NOT_SIMULATED: &[&str] = &[
    "AccountConfiguration",
    "ActivationLockBypassCode",
    "ActiveNSExtensions",
    "ApplyRedemptionCode",
    "AvailableOSUpdates",
    "ClearActivationLockBypassCode",
    "ContentCachingInformation",
    "DeleteUser",
    "DeviceConfigured",
    "DisableRemoteDesktop",
    "EnableRemoteDesktop",
    "InstallApplication",
    "InstallEnterpriseApplication",
    "InstallMedia",
    "InstallProvisioningProfile",
    "InviteToProgram",
    "LOMDeviceRequest",
    "LOMSetupRequest",
    "LogOutUser",
    "ManagedApplicationAttributes",
    "ManagedApplicationConfiguration",
    "ManagedApplicationFeedback",
    "ManagedApplicationList",
    "ManagedMediaList",
    "NSExtensionMappings",
    "OSUpdateStatus",
    "RefreshCellularPlans",
    "RemoveApplication",
    "RemoveMedia",
    "RemoveProvisioningProfile",
    "RequestMirroring",
    "RequestUnlockToken",
    "RotateFileVaultKey",
    "ScheduleOSUpdate",
    "ScheduleOSUpdateScan",
    "SetAutoAdminPassword",
    "SetFirmwarePassword",
    "SetRecoveryLock",
    "Settings",
    "StopMirroring",
    "UnlockUserAccount",
    "UserConfigured",
    "UserList",
    "ValidateApplications",
    "VerifyFirmwarePassword",
    "VerifyRecoveryLock",
];

/// Returns the names of the commands that are simulated.
pub(super) fn simulated() -> impl Iterator<Item = &'static str> {
    SIMULATED.iter().map(|(name, _)| *name)
}

/// Returns true if a device of a system takes a command in an enrolment.
pub(super) fn is_taken(name: &str, system: System, kind: EnrolmentKind) -> bool {
    let place = match system.platform {
        Platform::Ios | Platform::Ipados => 0,
        Platform::Visionos => 1,
        Platform::Watchos => 2,
        Platform::Tvos => TVOS,
        Platform::Macos => MACOS,
    };
    let row = SIMULATED.iter().find(|(known, _)| *known == name);
    let Some((_, supports)) = row else { return false };
    let support = supports[place];
    let in_enrolment = match kind {
        EnrolmentKind::Device => !support.supervised,
        EnrolmentKind::Supervised => true,
        EnrolmentKind::User => support.user_enrolment,
        // A Shared iPad is always supervised.
        EnrolmentKind::SharedIpad => support.shared_ipad,
    };
    let (major, minor) = support.since;
    in_enrolment && system.at_least(major, minor)
}

#[cfg(test)]
mod tests {
    use super::{NOT_SIMULATED, is_taken, simulated};
    use crate::apple::wire::Command;
    use crate::apple::{EnrolmentKind, Platform, System};

    #[test]
    fn a_command_is_either_simulated_or_refused() {
        assert!(simulated().all(|name| !NOT_SIMULATED.contains(&name)));
        let more_than_a_name = ["ClearPasscode", "InstallProfile", "RemoveProfile"];
        for name in simulated().filter(|name| !more_than_a_name.contains(name)) {
            let command = Command::plain(name).expect(name);
            assert_eq!(command.request_type(), name);
        }
        // 66 commands in the schema of iOS 18.1.
        assert_eq!(simulated().count() + NOT_SIMULATED.len(), 66);
    }

    #[test]
    fn where_restarts_are_taken() {
        use EnrolmentKind::{Device, SharedIpad, Supervised, User};
        let taken = |platform, version: &str, kind| {
            let version = version.parse().expect("a version");
            is_taken("RestartDevice", System { platform, version }, kind)
        };
        for (platform, version, kind, expected) in [
            (Platform::Ios, "18.1", Supervised, true),
            (Platform::Ios, "18.1", Device, false),
            (Platform::Ios, "18.1", User, false),
            (Platform::Ios, "10.2", Supervised, false),
            (Platform::Ipados, "18.1", SharedIpad, true),
            (Platform::Tvos, "10.2", Supervised, true),
            (Platform::Tvos, "10.1", Supervised, false),
            (Platform::Tvos, "18.1", Device, false),
            (Platform::Watchos, "11.1", Supervised, false),
            (Platform::Visionos, "2.1", Supervised, false),
            (Platform::Macos, "10.13", Device, true),
            (Platform::Macos, "10.12", Supervised, false),
            (Platform::Macos, "15.1", User, false),
        ] {
            assert_eq!(taken(platform, version, kind), expected, "{platform} {version} {kind}");
        }
    }
}
