//! What can be looked at in the service's record of a device.

use super::action::{ActionResult, ActionState, ManagementState, Mechanism};
use super::approval::ApprovalState;
use super::compliance::ComplianceState;
use super::record::Record;
use crate::device::Platform;
use crate::model::{Domain, Observable, Value, Viewer, concat};
use crate::{android, apple};

type Look = fn(&Record) -> Value;

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
        |record| Value::Word(of_reset(record, ActionState::None, |reset| reset.state).as_str());
    "action-error", Domain::Number, false, "its error code; 0 for none",
        |record| Value::Number(of_reset(record, 0, |reset| reset.error_code));
    "action-mechanism", Domain::Words(Mechanism::WORDS), false, "by which operation it was tried",
        |record| {
            Value::Word(of_reset(record, Mechanism::None, |reset| reset.mechanism).as_str())
        };
    "action-scope", Domain::Words(&["none", "device", "work-profile"]), false,
        "whose passcode it was tried on", |record| Value::Word(scope(record));
    "passcode-in-portal", Domain::Truth, false, "the new passcode is shown to the administrator",
        |record| of_reset(record, false, |reset| reset.passcode.is_some()).into();
    "open-actions", Domain::Number, false, "the actions of all kinds that have not ended",
        |record| count(record.open().count());
    "management-state", Domain::Words(ManagementState::WORDS), false,
        "what the service is about to do with the device",
        |record| Value::Word(record.management_state().as_str());
    "approval", Domain::Words(ApprovalState::WORDS), false,
        "how far the latest request for an approval has come, in Graph's words",
        |record| Value::Word(record.approval().as_str());
    "compliance-state", Domain::Words(ComplianceState::WORDS), false,
        "whether the device complied when it was last heard of, in Graph's words",
        |record| Value::Word(record.compliance().as_str());
    "audit-records", Domain::Number, true, "the requests on record",
        |record| count(record.audit().len());
    "check-ins", Domain::Number, true, "how often the device has been in contact",
        |record| Value::Number(record.check_ins().into());
}

fn of_reset<T>(record: &Record, none: T, look: impl Fn(&ActionResult) -> T) -> T {
    record.reset().map_or(none, look)
}

fn count(number: usize) -> Value {
    Value::Number(i64::try_from(number).unwrap_or(i64::MAX))
}

fn scope(record: &Record) -> &'static str {
    match record.reset() {
        None => "none",
        Some(reset) if reset.mechanism == Mechanism::None => "none",
        Some(reset) if reset.of_work_profile => "work-profile",
        Some(_) => "device",
    }
}

/// Looks at one of [`OBSERVABLES`], by its place.
pub(super) fn observe(record: &Record, index: usize) -> Value {
    LOOKS[index](record)
}

const ANDROID_COUNT: usize = android::OBSERVABLES.len() + OBSERVABLES.len();
static OF_ANDROID: [Observable; ANDROID_COUNT] = concat(android::OBSERVABLES, OBSERVABLES);
const APPLE_COUNT: usize = apple::OBSERVABLES.len() + OBSERVABLES.len();
static OF_APPLE: [Observable; APPLE_COUNT] = concat(apple::OBSERVABLES, OBSERVABLES);

/// Returns everything that can be observed on a managed device of a platform.
pub fn observables_of(platform: Platform) -> &'static [Observable] {
    match platform {
        Platform::Android => &OF_ANDROID,
        Platform::Apple => &OF_APPLE,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use crate::device::Platform;

    #[test]
    fn no_name_means_two_things() {
        for platform in Platform::ALL {
            let observables = super::observables_of(*platform);
            let names: BTreeSet<_> = observables.iter().map(|known| known.name).collect();
            assert_eq!(names.len(), observables.len());
        }
    }
}
