//! What can be looked at in the service's account of a device.

use super::account::Account;
use super::action::{ActionResult, ActionState, ManagementState, Mechanism};
use super::compliance::ComplianceState;
use crate::android;
use crate::apple;
use crate::model::{Domain, Observable, Value, Viewer, concat};

type Look = fn(&Account) -> Value;

macro_rules! observables {
    ($( $name:literal, $domain:expr, $is_history:literal, $meaning:literal, $look:expr; )+) => {
        /// Everything that can be looked at, in the order in which traces tell changes; on a
        /// managed device it comes after what can be looked at on the device itself.
        pub const OBSERVABLES: &[Observable] = &[ $( Observable {
            name: $name,
            viewer: Viewer::Admin,
            domain: $domain,
            meaning: $meaning,
            is_history: $is_history,
        } ),+ ];

        const LOOKS: &[Look] = &[ $( $look ),+ ];
    };
}

observables! {
    "action-state", Domain::Words(ActionState::WORDS), false,
        "how far the latest passcode action has come, in Graph's words",
        |account| Value::Word(of_reset(account, ActionState::None, |reset| reset.state).word());
    "action-error", Domain::Number, false, "its error code; 0 for none",
        |account| Value::Number(of_reset(account, 0, |reset| reset.error_code.into()));
    "action-mechanism", Domain::Words(Mechanism::WORDS), false, "by which operation it was tried",
        |account| {
            Value::Word(of_reset(account, Mechanism::None, |reset| reset.mechanism).word())
        };
    "action-scope", Domain::Words(&["none", "device", "work-profile"]), false,
        "whose passcode it was tried on", |account| Value::Word(scope(account));
    "passcode-in-portal", Domain::Truth, false, "the new passcode is shown to the administrator",
        |account| of_reset(account, false, |reset| reset.passcode.is_some()).into();
    "open-actions", Domain::Number, false, "the actions of all kinds that have not ended",
        |account| count(account.open().count());
    "management-state", Domain::Words(ManagementState::WORDS), false,
        "what the service is about to do with the device",
        |account| Value::Word(account.management_state().word());
    "compliance-state", Domain::Words(ComplianceState::WORDS), false,
        "whether the device complied when it was last heard of, in Graph's words",
        |account| Value::Word(account.compliance().word());
    "audit-records", Domain::Number, true, "the requests on record",
        |account| count(account.audit().len());
    "check-ins", Domain::Number, true, "how often the device has been in contact",
        |account| Value::Number(account.check_ins.into());
}

fn of_reset<T>(account: &Account, none: T, look: impl Fn(&ActionResult) -> T) -> T {
    account.reset().map_or(none, look)
}

fn count(number: usize) -> Value {
    Value::Number(i64::try_from(number).unwrap_or(i64::MAX))
}

fn scope(account: &Account) -> &'static str {
    match account.reset() {
        None => "none",
        Some(reset) if reset.mechanism == Mechanism::None => "none",
        Some(reset) if reset.of_work_profile => "work-profile",
        Some(_) => "device",
    }
}

/// Looks at one of [`OBSERVABLES`], by its place.
pub(super) fn observe(account: &Account, index: usize) -> Value {
    LOOKS[index](account)
}

const ANDROID_COUNT: usize = android::OBSERVABLES.len() + OBSERVABLES.len();
static OF_ANDROID: [Observable; ANDROID_COUNT] = concat(android::OBSERVABLES, OBSERVABLES);
const APPLE_COUNT: usize = apple::OBSERVABLES.len() + OBSERVABLES.len();
static OF_APPLE: [Observable; APPLE_COUNT] = concat(apple::OBSERVABLES, OBSERVABLES);

/// Everything that can be looked at on a managed Android device.
pub fn of_android() -> &'static [Observable] {
    &OF_ANDROID
}

/// Everything that can be looked at on a managed Apple device.
pub fn of_apple() -> &'static [Observable] {
    &OF_APPLE
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    #[test]
    fn no_name_means_two_things() {
        for observables in [super::of_android(), super::of_apple()] {
            let names: BTreeSet<_> = observables.iter().map(|known| known.name).collect();
            assert_eq!(names.len(), observables.len());
        }
    }
}
