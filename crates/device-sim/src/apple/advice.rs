//! The way out: what an administrator can do where *Remove passcode* has not helped.
//!
//! Sources: a wrong unlock token leaves only a wipe,
//! <https://learn.microsoft.com/en-us/intune/device-management/actions/remove-passcode>; a device
//! that waits for its first unlock joins no Wi-Fi,
//! <https://developer.apple.com/documentation/devicemanagement/restart-device-command>, and can be
//! lent a wired network, <https://github.com/fleetdm/fleet/pull/47993>.

use eligibility::closed_enum;

use super::Device;
use super::enrolment::EnrolmentState;
use super::phone::Power;
use super::server::ClearState;

closed_enum! {
    /// What to do next for a device whose passcode is to be removed.
    pub enum Advice: "advice" {
        /// Nothing: all is done, or on its way.
        None = "none",
        /// Wait until the device is switched on, or within reach of a network.
        Wait = "wait",
        /// Renew the push certificate, with the same Apple account.
        RenewPushCertificate = "renew-push-certificate",
        /// Connect the device to a wired network.
        WiredNetwork = "wired-network",
        /// Erase the device.
        Wipe = "wipe",
        /// Enrol the device again.
        ReEnrol = "re-enrol",
    }
}

impl Device {
    /// Returns what is left to do where a passcode is not, or not yet, removed.
    pub fn advice(&self) -> Advice {
        let phone = &self.phone;
        let asked = !matches!(self.server.clear, ClearState::None | ClearState::Done);
        let has_left = phone.enrolment != EnrolmentState::Enrolled;
        if phone.power == Power::Erased || (asked && has_left) {
            return Advice::ReEnrol;
        }
        match self.server.clear {
            ClearState::Failed => Advice::Wipe,
            ClearState::Pending if self.server.push_certificate_expired => {
                Advice::RenewPushCertificate
            }
            ClearState::Pending if phone.is_reachable() => Advice::None,
            ClearState::Pending if phone.power == Power::Off || !phone.network.in_reach => {
                Advice::Wait
            }
            // A network is there, and the device does not use it.
            ClearState::Pending if phone.accepts_adapter() => Advice::WiredNetwork,
            ClearState::Pending => Advice::Wipe,
            ClearState::None | ClearState::Done => Advice::None,
        }
    }
}
