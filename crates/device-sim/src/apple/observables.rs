//! The observables of an Apple device and of its server.

use super::Device;
use super::advice::Advice;
use super::enrolment::EnrolmentState;
use super::phone::{Compliance, Power, Session};
use super::server::{CommandState, ShadowState};
use super::wire::{DeclarationReason, DeclarationStatus, StatusReport};
use crate::model::{Domain, Value, observables};

/// A server's knowledge of a Boolean: none, absent from the answer, or the answer.
const REPORTED: Domain = Domain::TruthOr(&["unknown", "absent"]);

const STATUSES: Domain =
    Domain::Words(&["none", "Idle", "Acknowledged", "Error", "CommandFormatError", "NotNow"]);

observables! {
    of Device;
    from "https://support.apple.com/guide/deployment/dep4d6a472a/web" {
        "passcode", User, Domain::Words(&["none", "set"]), "whether there is a passcode",
            |device| Value::Word(if device.phone.has_passcode() { "set" } else { "none" });
        "screen", User, Domain::Words(&[
            "off", "before-first-unlock", "locked", "unlocked", "wait", "disabled", "erased",
        ]), "what a person finds who picks up the device", |device| Value::Word(screen(device));
        "prompt", User, Domain::Words(&["hidden", "shown", "forced"]),
            "the prompt for a passcode, or the sheet that cannot be put off",
            |device| Value::Word(prompt(device));
        "minutes-left", User, Domain::NumberFrom(-1), "the minutes in the text of the prompt; -1 without one",
            |device| Value::Number(device.phone.prompt.map_or(-1, i64::from));
        "biometrics", User, Domain::Truth, "the user's face or finger opens the device",
            |device| device.phone.biometrics.into();
        "wrong-codes", User, Domain::NumberFrom(0), "wrong passcodes in a row",
            |device| Value::Number(device.phone.wrong_codes.into());
        "compliance", System, Domain::Words(&["no-policy", "compliant", "grace", "forced"]),
            "how the passcode stands to the policy", |device| Value::Word(compliance(device));
        "dead-end", System, Domain::Truth,
            "a passcode is demanded that the user is not allowed to set",
            |device| device.phone.is_dead_end().into();
        "encrypted", System, Domain::Truth, "data is protected, which needs a passcode",
            |device| device.phone.has_passcode().into();
    }
    from "https://developer.apple.com/documentation/devicemanagement/implementing-device-management" {
        "reachable", System, Domain::Truth, "a push gets through",
            |device| device.phone.is_reachable().into();
        "session", System, Domain::Words(&["quiet", "open", "waiting-after-not-now"]),
            "the MDM session", |device| Value::Word(session(device));
    }
    from "https://developer.apple.com/documentation/devicemanagement/enable-lost-mode-command" {
        "lost-mode" since "iOS 9.3", System, Domain::Truth, "the device is in Lost Mode",
            |device| device.phone.lost.into();
    }
    from "https://github.com/apple/device-management/blob/release/mdm/checkin/tokenupdate.yaml" {
        "enrolment", System, Domain::Words(EnrolmentState::WORDS), "how far the enrolment has come",
            |device| device.phone.enrolment.as_str().into();
        "token-generation", System, Domain::NumberFrom(0), "how many unlock tokens the device has handed out",
            |device| Value::Number(device.phone.generation.into());
        "unlock-token", Admin, Domain::Words(&["missing", "held", "stale"]),
            "the server's copy of the unlock token", |device| Value::Word(unlock_token(device));
    }
    from "https://developer.apple.com/documentation/devicemanagement/clear-passcode-command" {
        "clear", Admin, Domain::Words(CommandState::WORDS), "how far *Remove passcode* has come",
            |device| device.server.clear.as_str().into();
    }
    from "https://learn.microsoft.com/en-us/intune/device-management/actions/remove-passcode" {
        "advice", Admin, Domain::Words(Advice::WORDS),
            "what is left to do where a passcode is not, or not yet, removed",
            |device| Value::Word(device.advice().as_str());
    }
    from "https://developer.apple.com/documentation/devicemanagement/clear-passcode-command" {
        "waiting", Admin, Domain::NumberFrom(0), "commands that wait for the device",
            |device| Value::Number(i64::try_from(device.server.waiting()).unwrap_or(i64::MAX));
    }
    from "https://developer.apple.com/documentation/devicemanagement/handling-notnow-status-responses" {
        "last-status" + history, Admin, STATUSES, "the status of the last report about a command",
            |device| Value::Word(device.server.last_status.map_or("none", super::wire::Status::as_str));
        "error" + history, Admin, Domain::Number, "the code of the last answer's error; 0 for none",
            |device| Value::Number(device.server.last_error.0);
        "error-cause" + history, Admin, Domain::Number, "the code of its innermost cause",
            |device| Value::Number(device.server.last_error.1);
    }
    from "https://github.com/apple/device-management/blob/release/mdm/commands/information.security.yaml" {
        "passcode-present", Admin, REPORTED, "`PasscodePresent` of the last `SecurityInfo`",
            |device| security(device, |info| info.passcode_present);
        "passcode-compliant", Admin, REPORTED, "`PasscodeCompliant` of the last `SecurityInfo`",
            |device| security(device, |info| info.passcode_compliant);
        "passcode-compliant-with-profiles", Admin, REPORTED,
            "`PasscodeCompliantWithProfiles` of the last `SecurityInfo`",
            |device| security(device, |info| info.passcode_compliant_with_profiles);
    }
    from "https://github.com/apple/device-management/blob/release/declarative/status" {
        "status-present" since "iOS 16.0", Admin, REPORTED, "`passcode.is-present` as last reported",
            |device| reported(device, |status| status.passcode_is_present);
        "status-compliant" since "iOS 16.0", Admin, REPORTED, "`passcode.is-compliant` as last reported",
            |device| reported(device, |status| status.passcode_is_compliant);
    }
    from "https://github.com/apple/device-management/blob/release/declarative/status/management.declarations.yaml" {
        "active-declarations" since "iOS 15.0", Admin, Domain::NumberFrom(0),
            "passcode declarations in force, as last reported", active_declarations;
        "declaration-reason" since "iOS 15.0", Admin, Domain::Words(DeclarationReason::WORDS),
            "why one is not in force, as last reported", declaration_reason;
    }
    from "https://github.com/MicrosoftDocs/memdocs" {
        "intune", Admin, Domain::Words(ShadowState::WORDS), "the device's compliance in Intune",
            |device| device.server.shadow.state().as_str().into();
    }
}

impl Device {
    /// Looks at one of [`OBSERVABLES`], by its place.
    pub(crate) fn observe(&self, index: usize) -> Value {
        LOOKS[index](self)
    }
}

fn screen(device: &Device) -> &'static str {
    match device.phone.power {
        Power::Off => "off",
        Power::BeforeFirstUnlock => "before-first-unlock",
        Power::Locked => "locked",
        Power::Unlocked => "unlocked",
        Power::CoolDown { until: Some(_), .. } => "wait",
        Power::CoolDown { until: None, .. } => "disabled",
        Power::Erased => "erased",
    }
}

fn prompt(device: &Device) -> &'static str {
    if device.phone.sheet_is_up() {
        "forced"
    } else if device.phone.prompt.is_some() {
        "shown"
    } else {
        "hidden"
    }
}

fn compliance(device: &Device) -> &'static str {
    match device.phone.compliance {
        Compliance::NoPolicy => "no-policy",
        Compliance::Compliant => "compliant",
        Compliance::Grace { .. } => "grace",
        Compliance::Forced => "forced",
    }
}

fn session(device: &Device) -> &'static str {
    match device.phone.session {
        Session::Quiet => "quiet",
        Session::Open(_) => "open",
        Session::WaitingAfterNotNow => "waiting-after-not-now",
    }
}

fn unlock_token(device: &Device) -> &'static str {
    match &device.server.token {
        None => "missing",
        Some(token) if *token == device.phone.token => "held",
        Some(_) => "stale",
    }
}

fn reported(device: &Device, look: impl Fn(&StatusReport) -> Option<bool>) -> Value {
    let item = device.server.status.as_ref().and_then(look);
    item.map_or(Value::Word("unknown"), Value::Truth)
}

/// Returns the configurations of the last report about declarations.
fn configurations(device: &Device) -> impl Iterator<Item = &DeclarationStatus> {
    let status = device.server.status.iter();
    let all = status.flat_map(|status| &status.declarations);
    all.filter(|one| !one.is_activation)
}

fn active_declarations(device: &Device) -> Value {
    let active = configurations(device).filter(|one| one.reason == DeclarationReason::None);
    Value::Number(i64::try_from(active.count()).unwrap_or(i64::MAX))
}

fn declaration_reason(device: &Device) -> Value {
    let mut reasons = configurations(device).map(|one| one.reason);
    let reason = reasons.find(|reason| *reason != DeclarationReason::None);
    Value::Word(reason.unwrap_or(DeclarationReason::None).as_str())
}

fn security(device: &Device, look: impl Fn(&super::wire::SecurityInfo) -> Option<bool>) -> Value {
    match &device.server.security {
        None => Value::Word("unknown"),
        Some(info) => look(info).map_or(Value::Word("absent"), Value::Truth),
    }
}
