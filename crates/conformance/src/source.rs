//! Public sources for the behaviour of devices.

use device_sim::service::ActionState;
use eligibility::facts::{Fact, Facts, Platform};
use eligibility::policy::Mechanism;

use crate::trial_result::TrialResult;

const TOKEN_CALLS: &str = "resetPasswordWithToken in DevicePolicyManager.java at API level 26, \
    https://github.com/AndroidSDKSources";
const LEGACY_CALL: &str = "resetPassword in DevicePolicyManager.java at API levels 23 to 30, \
    https://github.com/AndroidSDKSources";
const CLEAR: &str = "mdm/commands/passcode.clear.yaml, https://github.com/apple/device-management";
const OUTRANKED: &str = "intune/device-management/actions/index.md, \
    https://github.com/merill/intune-docs-mirror";
const NOT_SUPPORTED: &str = "intune/remote-actions/troubleshoot-device-actions.md, \
    https://github.com/MicrosoftDocs/IntuneDocs";
const REQUIRED: &str = "https://github.com/MicrosoftDocs/memdocs/pull/4082";

/// Returns the public sources of what a device did.
pub fn sources_of(device: &Facts, result: TrialResult) -> Vec<&'static str> {
    let android = device.platform == Fact::Known(Platform::Android);
    match (result.mechanism, result.state) {
        (_, ActionState::Canceled) => vec![OUTRANKED],
        (Some(Mechanism::ResetPasswordWithToken), _) => vec![TOKEN_CALLS],
        (Some(Mechanism::ResetPassword), _) => vec![LEGACY_CALL],
        (None, ActionState::Failed) if android => vec![REQUIRED],
        (None, ActionState::NotSupported) if android => vec![NOT_SUPPORTED, TOKEN_CALLS],
        (None, ActionState::NotSupported) => vec![NOT_SUPPORTED, CLEAR],
        _ => vec![CLEAR],
    }
}
