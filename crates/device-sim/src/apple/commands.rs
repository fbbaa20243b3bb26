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

/// Returns a command that exists from a version on, in device enrolment.
const fn from(major: u32, minor: u32) -> Option<Support> {
    Some(Support {
        since: (major, minor),
        supervised: false,
        shared_ipad: false,
        user_enrolment: false,
    })
}

/// Returns the same on a Shared iPad too.
const fn and_shared(support: Option<Support>) -> Option<Support> {
    match support {
        Some(support) => Some(Support { shared_ipad: true, ..support }),
        None => None,
    }
}

/// Returns the same under User Enrollment too.
const fn and_user(support: Option<Support>) -> Option<Support> {
    match support {
        Some(support) => Some(Support { user_enrolment: true, ..support }),
        None => None,
    }
}

/// Returns the same on supervised devices only.
const fn if_supervised(support: Option<Support>) -> Option<Support> {
    match support {
        Some(support) => Some(Support { supervised: true, ..support }),
        None => None,
    }
}

/// Returns the same in every enrolment.
const fn everywhere(major: u32, minor: u32) -> Option<Support> {
    and_user(and_shared(from(major, minor)))
}

const NOWHERE: Option<Support> = None;

/// On iOS and iPadOS, visionOS, watchOS, tvOS and macOS.
type Row = (&'static str, [Option<Support>; 5]);

const LOST_MODE: [Option<Support>; 5] =
    [if_supervised(and_shared(from(9, 3))), NOWHERE, NOWHERE, NOWHERE, NOWHERE];

const SIMULATED: &[Row] = &[
    (
        "CertificateList",
        [everywhere(4, 0), everywhere(1, 1), from(10, 0), from(9, 0), everywhere(10, 7)],
    ),
    ("ClearPasscode", [from(4, 0), from(1, 1), from(10, 0), NOWHERE, NOWHERE]),
    ("ClearRestrictionsPassword", [from(8, 0), NOWHERE, NOWHERE, NOWHERE, NOWHERE]),
    (
        "DeclarativeManagement",
        [everywhere(15, 0), everywhere(1, 1), from(10, 0), from(16, 0), everywhere(13, 0)],
    ),
    (
        "DeviceInformation",
        [everywhere(4, 0), everywhere(1, 1), from(10, 0), from(9, 0), everywhere(10, 7)],
    ),
    ("DeviceLocation", LOST_MODE),
    ("DeviceLock", [everywhere(4, 0), everywhere(2, 0), from(10, 0), NOWHERE, from(10, 7)]),
    ("DisableLostMode", LOST_MODE),
    ("EnableLostMode", LOST_MODE),
    ("EraseDevice", [and_shared(from(4, 0)), from(1, 1), from(10, 0), from(10, 2), from(10, 7)]),
    (
        "InstallProfile",
        [everywhere(4, 0), everywhere(1, 1), from(10, 0), from(9, 0), everywhere(10, 7)],
    ),
    (
        "InstalledApplicationList",
        [everywhere(5, 0), everywhere(1, 1), from(10, 0), from(10, 2), from(10, 7)],
    ),
    (
        "PlayLostModeSound",
        [if_supervised(and_shared(from(10, 3))), NOWHERE, NOWHERE, NOWHERE, NOWHERE],
    ),
    (
        "ProfileList",
        [everywhere(4, 0), everywhere(1, 1), from(10, 0), from(9, 0), everywhere(10, 7)],
    ),
    (
        "ProvisioningProfileList",
        [everywhere(4, 0), everywhere(1, 1), from(10, 0), from(10, 2), everywhere(11, 0)],
    ),
    (
        "RemoveProfile",
        [everywhere(4, 0), everywhere(1, 1), from(10, 0), from(9, 0), everywhere(10, 7)],
    ),
    (
        "RestartDevice",
        [
            if_supervised(and_shared(from(10, 3))),
            NOWHERE,
            NOWHERE,
            if_supervised(from(10, 2)),
            from(10, 13),
        ],
    ),
    ("Restrictions", [and_shared(from(4, 0)), from(1, 1), from(10, 0), from(9, 0), NOWHERE]),
    (
        "SecurityInfo",
        [everywhere(4, 0), everywhere(1, 1), from(10, 0), from(9, 0), everywhere(10, 7)],
    ),
    (
        "ShutDownDevice",
        [if_supervised(and_shared(from(10, 3))), NOWHERE, NOWHERE, NOWHERE, from(10, 13)],
    ),
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
        Platform::Tvos => 3,
        Platform::Macos => 4,
    };
    let row = SIMULATED.iter().find(|(known, _)| *known == name);
    let Some(support) = row.and_then(|(_, supports)| supports[place]) else { return false };
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
