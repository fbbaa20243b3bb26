//! The result of a passcode compliance policy, as the service knows it from check-ins.
//!
//! On iOS a missing passcode is remediated: the system prompts for one, which the platform's own
//! model does. On Android it is quarantined: nothing happens on the device, and the service calls
//! it noncompliant. A compliance policy is no configuration policy: it demands nothing of the
//! device, and it does not make a reset possible.
//!
//! Sources: `memdocs/intune/protect/device-compliance-get-started.md` and
//! `memdocs/intune/protect/compliance-policy-create-ios.md` in
//! <https://github.com/MicrosoftDocs/memdocs>;
//! <https://github.com/MicrosoftDocs/memdocs/issues/1218>; `complianceState` in
//! `schemas/v1.0-Prod.csdl` of <https://github.com/microsoftgraph/msgraph-metadata>.

use crate::android::PasswordPolicy;
use crate::apple::ShadowState;
use crate::device::Device;
use eligibility::closed_enum;

closed_enum! {
    /// The compliance of a device, in Graph's words.
    pub enum ComplianceState: "compliance state" {
        /// There is no compliance policy, or the device has not reported.
        Unknown = "unknown",
        /// The passcode satisfied the policy in the last report.
        Compliant = "compliant",
        /// It did not, within the days of grace.
        InGracePeriod = "inGracePeriod",
        /// It did not, after the days of grace.
        Noncompliant = "noncompliant",
    }
}

/// The compliance of one device, as the service knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Compliance {
    /// The policy by which the lock of an Android device is judged; it demands nothing of the
    /// device.
    policy: Option<PasswordPolicy>,
    state: ComplianceState,
}

impl Compliance {
    /// Returns the compliance of a device that has not reported.
    pub(super) fn new(policy: Option<PasswordPolicy>) -> Self {
        Self { policy, state: ComplianceState::Unknown }
    }

    /// Returns the compliance at the last report.
    pub(super) fn state(&self) -> ComplianceState {
        self.state
    }

    /// Hears at a check-in whether the device satisfies the policy.
    pub(super) fn hear(&mut self, device: &Device) {
        let device = match device {
            Device::Android(device) => device,
            // An iPhone reports to its server, which `follow_server` reads.
            Device::Apple(_) => return,
        };
        let Some(policy) = self.policy else { return };
        let Some(agent) = device.agent() else { return };
        self.state = match device.lock_satisfies(agent.user, policy) {
            true => ComplianceState::Compliant,
            false => ComplianceState::Noncompliant,
        };
    }

    /// Takes over what an Apple device has reported to its server, at whatever time it did.
    pub(super) fn follow_server(&mut self, device: &Device) {
        let device = match device {
            Device::Apple(device) => device,
            Device::Android(_) => return,
        };
        self.state = match device.shadow_state() {
            ShadowState::Unknown | ShadowState::Expired => ComplianceState::Unknown,
            ShadowState::Compliant => ComplianceState::Compliant,
            ShadowState::InGrace => ComplianceState::InGracePeriod,
            ShadowState::Noncompliant => ComplianceState::Noncompliant,
        };
    }
}
