//! The way out: what an administrator can do where *Remove passcode* has not helped.
//!
//! Sources: a wrong unlock token leaves only a wipe,
//! <https://learn.microsoft.com/en-us/intune/device-management/actions/remove-passcode>; a device
//! that waits for its first unlock joins no Wi-Fi,
//! <https://developer.apple.com/documentation/devicemanagement/restart-device-command>, and can be
//! lent a wired network, <https://github.com/fleetdm/fleet/pull/47993>; a device in Lost Mode
//! answers commands that are not valid there with an error of its own,
//! <https://developer.apple.com/documentation/devicemanagement/enable-lost-mode-command>.

use eligibility::closed_enum;

use super::Device;
use super::enrolment::EnrolmentState;
use super::phone::Power;
use super::server::CommandState;

closed_enum! {
    /// The next steps for a device whose passcode is to be removed.
    pub(crate) enum Advice: "advice" {
        /// Nothing: all is done, or on its way.
        None = "none",
        /// Wait until the device is switched on, or within reach of a network.
        Wait = "wait",
        /// Renew the push certificate, with the same Apple account.
        RenewPushCertificate = "renew-push-certificate",
        /// Connect the device to a wired network.
        WiredNetwork = "wired-network",
        /// Take the device out of Lost Mode, in which it refuses to have its passcode removed.
        DisableLostMode = "disable-lost-mode",
        /// Request the removal again: what was in its way is gone.
        RequestAgain = "request-again",
        /// Erase the device.
        Wipe = "wipe",
        /// Enrol the device again.
        ReEnrol = "re-enrol",
    }
}

impl Device {
    /// Returns the advice where a passcode is not, or not yet, removed.
    pub(crate) fn advice(&self) -> Advice {
        let phone = &self.phone;
        let asked = !matches!(self.server.clear, CommandState::None | CommandState::Done);
        let has_left = phone.enrolment != EnrolmentState::Enrolled;
        if phone.power == Power::Erased || (asked && has_left) {
            return Advice::ReEnrol;
        }
        match self.server.clear {
            CommandState::Failed if phone.lost && self.server.refused_when_lost => {
                Advice::DisableLostMode
            }
            CommandState::Failed if self.server.refused_when_lost => Advice::RequestAgain,
            CommandState::Failed => Advice::Wipe,
            CommandState::Pending if self.server.push_certificate_expired => {
                Advice::RenewPushCertificate
            }
            CommandState::Pending if phone.is_reachable() => Advice::None,
            CommandState::Pending if phone.power == Power::Off || !phone.network.in_reach => {
                Advice::Wait
            }
            // A network is there, and the device does not use it.
            CommandState::Pending if phone.accepts_adapter() => Advice::WiredNetwork,
            CommandState::Pending => Advice::Wipe,
            CommandState::None | CommandState::Done => Advice::None,
        }
    }
}
