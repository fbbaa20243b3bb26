//! What the portal offers for a device.
//!
//! Source: `intune/remote-actions/troubleshoot-device-actions.md` in
//! <https://github.com/MicrosoftDocs/IntuneDocs>.

use crate::apple::{EnrolmentKind, Platform};
use crate::device::Device;

/// Returns true if the portal offers the passcode action for a device like this.
///
/// It greys it out for device administrators from Android 7.0 on; under User Enrollment an
/// administrator may only retire, delete, lock and sync; Macs and Apple TVs have no such action.
pub fn is_offered(device: &Device) -> bool {
    match device {
        Device::Android(device) => !(device.agent_is_mere_admin() && device.api() >= 24),
        Device::Apple(device) => {
            let phone = device.phone();
            !matches!(phone.platform(), Platform::Macos | Platform::Tvos)
                && phone.enrolment_kind() != EnrolmentKind::User
        }
    }
}
