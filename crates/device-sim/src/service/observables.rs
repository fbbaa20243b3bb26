//! The observables of the service's record of a device.

use super::action::{ActionResult, ActionState, ManagementState, Mechanism};
use super::approval::ApprovalState;
use super::compliance::ComplianceState;
use super::record::Record;
use crate::device::Platform;
use crate::model::{Domain, Observable, Value, concat, observables};
use crate::{android, apple};

observables! {
    of Record;
    from "https://learn.microsoft.com/en-us/graph/api/resources/intune-devices-deviceactionresult" {
        "action-state", Admin, Domain::Words(ActionState::WORDS),
            "how far the latest passcode action has come, in Graph's words",
            |record| Value::Word(of_reset(record, ActionState::None, |reset| reset.state).as_str());
        "action-error", Admin, Domain::Number, "its error code; 0 for none",
            |record| Value::Number(of_reset(record, 0, |reset| reset.error_code));
        "action-mechanism", Admin, Domain::Words(Mechanism::WORDS), "by which operation it was tried",
            |record| {
                Value::Word(of_reset(record, Mechanism::None, |reset| reset.mechanism).as_str())
            };
        "action-scope", Admin, Domain::Words(&["none", "device", "work-profile"]),
            "whose passcode it was tried on", |record| Value::Word(scope(record));
    }
    from "https://learn.microsoft.com/en-us/intune/device-management/actions/remove-passcode" {
        "passcode-in-portal", Admin, Domain::Truth, "the new passcode is shown to the administrator",
            |record| of_reset(record, false, |reset| reset.passcode.is_some()).into();
    }
    from "https://learn.microsoft.com/en-us/graph/api/resources/intune-devices-deviceactionresult" {
        "lost-mode-action", Admin, Domain::Words(ActionState::WORDS),
            "how far the latest action into Lost Mode or out of it has come, in Graph's words",
            |record| {
                let state = record.lost_mode().map_or(ActionState::None, |action| action.state);
                Value::Word(state.as_str())
            };
        "open-actions", Admin, Domain::NumberFrom(0), "the actions of all kinds that have not ended",
            |record| count(record.open().count());
    }
    from "https://learn.microsoft.com/en-us/graph/api/resources/intune-devices-manageddevice" {
        "management-state", Admin, Domain::Words(ManagementState::WORDS),
            "what the service is about to do with the device",
            |record| Value::Word(record.management_state.as_str());
    }
    from "https://learn.microsoft.com/en-us/intune/fundamentals/role-based-access-control/multi-admin-approval" {
        "approval", Admin, Domain::Words(ApprovalState::WORDS),
            "how far the latest request for an approval has come, in Graph's words",
            |record| Value::Word(record.approvals.state().as_str());
    }
    from "https://learn.microsoft.com/en-us/graph/api/resources/intune-devices-manageddevice" {
        "compliance-state", Admin, Domain::Words(ComplianceState::WORDS),
            "whether the device complied when it was last heard of, in Graph's words",
            |record| Value::Word(record.compliance.state().as_str());
    }
    from "https://github.com/microsoftgraph/microsoft-graph-docs" {
        "audit-records" + history, Admin, Domain::NumberFrom(0), "the requests on record",
            |record| count(record.audit.len());
    }
    from "https://github.com/MicrosoftDocs/memdocs" {
        "check-ins" + history, Admin, Domain::NumberFrom(0), "how often the device has been in contact",
            |record| Value::Number(record.schedule.check_ins().into());
    }
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
pub(crate) fn observables_of(platform: Platform) -> &'static [Observable] {
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
