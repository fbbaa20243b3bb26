//! Apple's devices by their facts.

use eligibility::facts::{FactName, Facts, Management, ResetToken, UnlockToken};

use super::{NoModel, NotPossible, NotSimulated, known, managed, nameable};
use crate::apple::{EnrolmentKind, PasscodePayload, Platform, Setup};
use crate::machine;
use crate::model::Secret;

/// The passcode that users have at the start.
const PASSCODE: &str = "258014";

/// Returns the system of a platform, if it is Apple's: both have the same names.
pub(super) fn system(platform: eligibility::facts::Platform) -> Option<Platform> {
    platform.as_str().parse().ok()
}

pub(super) fn subject(
    facts: &Facts,
    platform: Platform,
    mode: Management,
) -> Result<machine::Setup, NotSimulated> {
    if facts.reset_token.known().is_some_and(|token| token != ResetToken::Absent) {
        return Err(NotPossible::TokenOfApple.into());
    }
    nameable(mode)?;
    let mut setup = Setup::new(platform);
    setup.system.version = known(facts.os_version, FactName::OsVersion)?;
    if setup.system.is_mobile() && !setup.system.at_least(4, 0) {
        return Err(NoModel::OldApple.into());
    }
    setup.kind = enrolment(mode, facts.supervised.known() == Some(true))?;
    let hands_out = matches!(setup.kind, EnrolmentKind::Device | EnrolmentKind::Supervised)
        && !matches!(platform, Platform::Macos | Platform::Tvos);
    let token = match facts.unlock_token.known() {
        None if !hands_out => UnlockToken::Missing,
        token => token.ok_or(NotSimulated::NotKnown(FactName::UnlockToken))?,
    };
    if token != UnlockToken::Missing && !hands_out {
        return Err(NotPossible::NeverHandsOutToken.into());
    }
    setup.token_lost = hands_out && token == UnlockToken::Missing;
    setup.token_stale = token == UnlockToken::Stale;
    let passcode_set = known(facts.passcode_set, FactName::PasscodeSet)?;
    let mobile = matches!(platform, Platform::Ios | Platform::Ipados);
    if mobile && facts.encrypted.known().is_some_and(|encrypted| encrypted != passcode_set) {
        return Err(NotPossible::EncryptionWithoutPasscode.into());
    }
    setup.passcode = passcode_set.then(|| Secret::new(PASSCODE));
    if known(facts.passcode_required, FactName::PasscodeRequired)? {
        setup.payload = Some(demand());
    }
    let managed = managed(facts)?;
    Ok(machine::Setup::managed(setup, managed))
}

/// Returns the requirements of a configuration policy with a passcode.
fn demand() -> PasscodePayload {
    PasscodePayload { force_pin: Some(true), min_length: Some(6), ..PasscodePayload::default() }
}

/// Returns the model's name of a management mode.
fn enrolment(mode: Management, supervised: bool) -> Result<EnrolmentKind, NotPossible> {
    match (mode, supervised) {
        (Management::UserEnrollment, true) => Err(NotPossible::NotSupervisable),
        (Management::UserEnrollment, false) => Ok(EnrolmentKind::User),
        (Management::SharedIpad, _) => Ok(EnrolmentKind::SharedIpad),
        (_, true) => Ok(EnrolmentKind::Supervised),
        (_, false) => Ok(EnrolmentKind::Device),
    }
}
