//! Android devices by their facts.
//!
//! Sources: `DevicePolicyManager.java` at API level 26 in <https://github.com/AndroidSDKSources>
//! for what a token can be; the levels of versions are at [`ApiLevel`].

use eligibility::facts::{FactName, Facts, Management, ResetToken, UnlockToken};

use super::{NoModel, NotPossible, NotSimulated, known, managed, nameable};
use crate::android::{ApiLevel, Enrolment, Lock, PasswordPolicy, Quality, Setup};
use crate::machine;
use crate::service::TokenAtStart;

/// The passcode that users have at the start.
const PASSCODE: &str = "2580";

/// The requirements of a configuration policy with a passcode.
const DEMAND: PasswordPolicy = PasswordPolicy { quality: Quality::Numeric, ..PasswordPolicy::NONE };

pub(super) fn subject(facts: &Facts, mode: Management) -> Result<machine::Setup, NotSimulated> {
    let version = known(facts.os_version, FactName::OsVersion)?;
    if facts.unlock_token.known().is_some_and(|token| token != UnlockToken::Missing) {
        return Err(NotPossible::UnlockTokenOfAndroid.into());
    }
    if facts.supervised.known() == Some(true) {
        return Err(NotPossible::NotSupervisable.into());
    }
    nameable(mode)?;
    let old = version < ApiLevel::FIRST.os_version();
    let none = if old { NoModel::OldAndroid } else { NoModel::NewAndroid };
    let level = ApiLevel::of_version(version).ok_or(none)?;
    let passcode_set = known(facts.passcode_set, FactName::PasscodeSet)?;
    let token = token(facts, mode, level, passcode_set)?;
    let mut setup = Setup::new(level, &[enrolment(mode, level)]);
    if known(facts.passcode_required, FactName::PasscodeRequired)? {
        setup.set_policy(DEMAND);
    }
    if passcode_set {
        setup.lock = Lock::from_text(PASSCODE);
    }
    if facts.encrypted.known() == Some(false) {
        setup.hardware.file_based_encryption = false;
    }
    let mut managed = managed(facts)?;
    managed.reset_token = token;
    managed.google_services =
        !matches!(mode, Management::AospUserAssociated | Management::AospUserless);
    Ok(machine::Setup::managed(setup, managed))
}

/// Returns the enrolment of a management mode. Before API level 30 the work profile of a
/// company's device had an owner like any other.
fn enrolment(mode: Management, level: ApiLevel) -> Enrolment {
    match mode {
        Management::DeviceAdministrator => Enrolment::DeviceAdmin,
        Management::CorporateWorkProfile if level.number() >= 30 => Enrolment::CorporateWorkProfile,
        Management::PersonalWorkProfile | Management::CorporateWorkProfile => {
            Enrolment::WorkProfile
        }
        _ => Enrolment::DeviceOwner,
    }
}

/// Returns the state of the token, if such a device can have one.
fn token(
    facts: &Facts,
    mode: Management,
    level: ApiLevel,
    passcode_set: bool,
) -> Result<TokenAtStart, NotSimulated> {
    let is_owner = mode != Management::DeviceAdministrator;
    let has_tokens = is_owner && level.number() >= 26;
    let token = match facts.reset_token.known() {
        None if !has_tokens => ResetToken::Absent,
        token => token.ok_or(NotSimulated::NotKnown(FactName::ResetToken))?,
    };
    match token {
        ResetToken::Absent if has_tokens => Ok(TokenAtStart::Absent),
        ResetToken::Absent => Ok(TokenAtStart::Usual),
        _ if !is_owner => Err(NotPossible::TokenOfAdministrator.into()),
        _ if !has_tokens => Err(NotPossible::TokenBefore26.into()),
        ResetToken::Active => Ok(TokenAtStart::Active),
        ResetToken::Pending if passcode_set => Ok(TokenAtStart::Pending),
        ResetToken::Pending => Err(NotPossible::PendingWithoutPasscode.into()),
        ResetToken::Lost if passcode_set => Ok(TokenAtStart::Lost),
        ResetToken::Lost => Err(NoModel::LostBeforePasscode.into()),
    }
}
