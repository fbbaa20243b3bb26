//! The actions that the portal offers for a device.
//!
//! Sources: `intune/remote-actions/troubleshoot-device-actions.md` in
//! <https://github.com/MicrosoftDocs/IntuneDocs>;
//! `intune/device-management/actions/remove-passcode.md` (2026-04-21: iOS/iPadOS, visionOS 1.1 and
//! later), `lost-mode.md` (2025-10-27: supervised iOS/iPadOS; ChromeOS, which is not simulated) and `intune/device-management/actions/index.md` (2026-09-16: no other of Apple's
//! systems), both at ae2f78d in <https://github.com/merill/intune-docs-mirror>.

use super::action::RemoteAction;
use crate::apple::{EnrolmentKind, Platform};
use crate::device::Device;

/// Returns true if the portal offers an action for a device like this.
pub(crate) fn is_offered(device: &Device, action: RemoteAction) -> bool {
    match action {
        RemoteAction::ResetPasscode => offers_passcode_action(device),
        RemoteAction::EnableLostMode | RemoteAction::DisableLostMode => offers_lost_mode(device),
        RemoteAction::Retire
        | RemoteAction::Wipe
        | RemoteAction::Delete
        | RemoteAction::SyncDevice => true,
    }
}

/// Returns true if it offers *Lost mode (supervised only)*: on iPhones and iPads.
///
/// Every Shared iPad is supervised.
fn offers_lost_mode(device: &Device) -> bool {
    let Device::Apple(device) = device else { return false };
    let supervised =
        matches!(device.phone().kind, EnrolmentKind::Supervised | EnrolmentKind::SharedIpad);
    supervised && matches!(device.phone().system().platform, Platform::Ios | Platform::Ipados)
}

/// Returns true if it offers *Remove passcode* or *Reset passcode*.
///
/// It greys it out for device administrators from Android 7.0 on; under User Enrollment an
/// administrator may only retire, delete, lock and sync.
fn offers_passcode_action(device: &Device) -> bool {
    match device {
        Device::Android(device) => !(device.agent_is_mere_admin() && device.api() >= 24),
        Device::Apple(device) => {
            let system = device.phone().system();
            let has_action = match system.platform {
                Platform::Ios | Platform::Ipados => true,
                Platform::Visionos => system.at_least(1, 1),
                Platform::Watchos | Platform::Tvos | Platform::Macos => false,
            };
            has_action && device.phone().kind != EnrolmentKind::User
        }
    }
}
