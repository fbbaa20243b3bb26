//! What a passcode compliance policy comes to, as the service knows it from check-ins.
//!
//! On iOS a missing passcode is remediated: the system asks for one, which the platform's own model
//! does. On Android it is quarantined: nothing happens on the device, and the service calls it
//! noncompliant. A compliance policy is no configuration policy: it demands nothing of the device,
//! and it does not make a reset possible.
//!
//! Sources: `memdocs/intune/protect/device-compliance-get-started.md` and
//! `memdocs/intune/protect/compliance-policy-create-ios.md` in
//! <https://github.com/MicrosoftDocs/memdocs>;
//! <https://github.com/MicrosoftDocs/memdocs/issues/1218>; `complianceState` in
//! `schemas/v1.0-Prod.csdl` of <https://github.com/microsoftgraph/msgraph-metadata>.

use super::managed::Managed;
use crate::apple::ShadowState;
use crate::machine::Machine;
use crate::model::words::words;

words! {
    /// Whether a device complies, in Graph's words.
    pub enum ComplianceState {
        /// There is no compliance policy, or the device has not been heard of.
        Unknown = "unknown",
        /// Its passcode satisfied the policy when it was last heard of.
        Compliant = "compliant",
        /// It did not, and the days of grace are not over.
        InGracePeriod = "inGracePeriod",
        /// It did not.
        Noncompliant = "noncompliant",
    }
}

impl Managed {
    /// An Android device is in contact and tells whether its lock satisfies the policy.
    pub(super) fn report_compliance(&mut self) {
        let policy = self.account.rules.compliance;
        let (Machine::Android(device), Some(policy)) = (&self.device, policy) else { return };
        let Some(agent) = device.agent() else { return };
        self.account.compliance = match device.lock_satisfies(agent.user, policy) {
            true => ComplianceState::Compliant,
            false => ComplianceState::Noncompliant,
        };
    }

    /// Takes over what an Apple device has told its server.
    pub(super) fn take_apples_compliance(&mut self) {
        let Machine::Apple(device) = &self.device else { return };
        self.account.compliance = match device.shadow_state() {
            ShadowState::Unknown | ShadowState::Expired => ComplianceState::Unknown,
            ShadowState::Compliant => ComplianceState::Compliant,
            ShadowState::InGrace => ComplianceState::InGracePeriod,
            ShadowState::Noncompliant => ComplianceState::Noncompliant,
        };
    }
}
