//! The simulated device that has given facts, or why there is none.
//!
//! Facts describe devices as inventories and policies do; setups describe them as the models do.
//! This is the one place where the first become the second. It knows what devices can be like,
//! and nothing of what anyone allows them.

mod android;
mod apple;

pub use eligibility::facts::Exclusion as NotPossible;
use eligibility::facts::{Fact, FactName, Facts, Management, Platform};

use crate::machine::Setup;
use crate::service::{self, ManagementState};

/// The minutes to the first check-in of a device: in the middle of the eight hours between two
/// check-ins.
const FIRST_CHECK_IN_MINUTES: u32 = 240;

/// The reason that there is no simulated device with some facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
pub enum NotSimulated {
    /// A fact that decides how such a device behaves is not known.
    #[error("{0} is not known")]
    NotKnown(FactName),
    /// Such devices may exist, but nothing here simulates them.
    #[error(transparent)]
    NoModel(#[from] NoModel),
    /// There is no such device.
    #[error(transparent)]
    NotPossible(#[from] NotPossible),
}

/// The devices that are not simulated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
pub enum NoModel {
    /// Only Android and Apple's systems have a model.
    #[error("nothing simulates this platform")]
    Platform,
    /// The model of Android begins with API level 23.
    #[error("nothing simulates Android before 6.0")]
    OldAndroid,
    /// The model of Android ends with API level 36.
    #[error("nothing simulates Android after 16")]
    NewAndroid,
    /// `ClearPasscode` came with iOS 4.0, `mdm/commands/passcode.clear.yaml` in
    /// <https://github.com/apple/device-management>; no source covers what came before.
    #[error("nothing simulates iOS before 4.0")]
    OldApple,
    /// `mdm`: the type of enrolment, which decides what can be done to the device, is unknown.
    #[error("the enrolment type is unknown")]
    UnnamedEnrolment,
    /// A device that is not managed is not in the service's list, so no one can press the button.
    #[error("a device that is not managed has no button to press")]
    NotManaged,
    /// A token that was pending at a restart, of a user who has removed their passcode since.
    #[error("nothing simulates a token that was lost before the passcode was removed")]
    LostBeforePasscode,
    /// Graph's `managementState` has the value; no source says what such a device does.
    #[error("no source says what an unhealthy device does")]
    Unhealthy,
}

/// Returns the managed device that has these facts, at the moment at which someone could press the
/// button.
///
/// Facts that have no bearing on such a device, as the reset token of an iPhone, may be unknown.
///
/// # Errors
///
/// [`NotSimulated`] says why there is no such device.
///
/// ```
/// use device_sim::subject::{NotPossible, NotSimulated, subject};
/// use eligibility::facts::{Fact, FactName, Facts};
///
/// let mut facts = Facts::default();
/// for (name, value) in [
///     (FactName::Platform, "android"),
///     (FactName::Management, "personal-work-profile"),
///     (FactName::OsVersion, "7.1.2"),
///     (FactName::PasscodeRequired, "true"),
///     (FactName::PasscodeSet, "true"),
///     (FactName::ResetToken, "absent"),
///     (FactName::ManagementState, "managed"),
/// ] {
///     facts.set(name, Fact::Known(name.parse(value)?));
/// }
/// assert!(subject(&facts).is_ok());
/// facts.set(FactName::ResetToken, Fact::Known(FactName::ResetToken.parse("active")?));
/// assert_eq!(subject(&facts), Err(NotSimulated::NotPossible(NotPossible::TokenBefore26)));
/// # Ok::<(), eligibility::facts::InvalidValue>(())
/// ```
pub fn subject(facts: &Facts) -> Result<Setup, NotSimulated> {
    let platform = known(facts.platform, FactName::Platform)?;
    let mode = known(facts.management, FactName::Management)?;
    if !mode.exists_on(platform) {
        return Err(NotPossible::ModeOnPlatform.into());
    }
    let setup = match (apple::system(platform), platform) {
        (Some(system), _) => apple::subject(facts, system, mode),
        (None, Platform::Android) => android::subject(facts, mode),
        (None, _) => Err(NoModel::Platform.into()),
    }?;
    match facts.exclusions().first() {
        Some(excluded) => Err((*excluded).into()),
        None => Ok(setup),
    }
}

/// Returns a device of a platform as the service has it: enrolled long ago, in use, with no one
/// offline.
fn managed(facts: &Facts) -> Result<service::Setup, NotSimulated> {
    use eligibility::facts::ManagementState as Fact;
    let state = match known(facts.management_state, FactName::ManagementState)? {
        Fact::Managed => ManagementState::Managed,
        Fact::RetirePending => ManagementState::RetirePending,
        Fact::WipePending => ManagementState::WipePending,
        Fact::DeletePending => ManagementState::DeletePending,
        Fact::Unhealthy => return Err(NoModel::Unhealthy.into()),
    };
    Ok(service::Setup {
        management_state: state,
        first_check_in_minutes: Some(FIRST_CHECK_IN_MINUTES),
        ..service::Setup::default()
    })
}

/// Returns true if devices of this management mode are simulated.
fn nameable(mode: Management) -> Result<(), NotSimulated> {
    match mode {
        Management::Mdm => Err(NoModel::UnnamedEnrolment.into()),
        Management::NotManaged => Err(NoModel::NotManaged.into()),
        _ => Ok(()),
    }
}

fn known<T: Copy>(fact: Fact<T>, name: FactName) -> Result<T, NotSimulated> {
    fact.known().ok_or(NotSimulated::NotKnown(name))
}
