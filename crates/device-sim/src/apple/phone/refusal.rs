//! The errors that a device gives, by domain and code.
//!
//! Source of the codes: the tables of Apple's MDM protocol reference,
//! <https://developer.apple.com/library/content/documentation/Miscellaneous/Reference/MobileDeviceManagementProtocolRef/3-MDM_Protocol/MDM_Protocol.html>;
//! of the texts for unknown commands and for profiles, `testdata/Errors` in
//! <https://github.com/cmdmnt/commandment>. The other texts are ours.

use super::clear::Failure;
use crate::apple::parameters::Parameters;
use crate::apple::system::{Platform, System};
use crate::apple::wire::ErrorItem;

const PASSCODE_DOMAIN: &str = "MCPasscodeErrorDomain";
const MDM_DOMAIN: &str = "MCMDMErrorDomain";
const KEYBAG_DOMAIN: &str = "MCKeybagErrorDomain";

/// Returns the error for a command that lacks a key, or has one of another type.
pub(super) const fn format_error() -> Failure {
    Failure::Format
}

/// Returns an error of the passcode domain.
pub(super) fn passcode_error(code: u32, text: &str) -> Failure {
    Failure::Refused(vec![ErrorItem::new(PASSCODE_DOMAIN, code, text)])
}

fn mdm_error(code: u32, text: impl Into<String>) -> Failure {
    Failure::Refused(vec![ErrorItem::new(MDM_DOMAIN, code, text)])
}

/// Returns the error chain for a passcode that cannot be cleared, because the key bag does not open
/// or the unlock token is not the one that the device handed out last.
pub(super) fn keybag_error(parameters: &Parameters) -> Failure {
    let outer = parameters.wrong_token_code;
    Failure::Refused(vec![
        ErrorItem::new(PASSCODE_DOMAIN, outer, "the passcode cannot be cleared"),
        ErrorItem::new(KEYBAG_DOMAIN, 37001, "the key bag does not open"),
    ])
}

/// Returns the error chain for a server without the right to give the command.
pub(super) fn missing_right(parameters: &Parameters) -> Failure {
    let text = "the enrolment does not give this right";
    mdm_error(parameters.missing_right_code, text)
}

/// Returns the error chain for the removal of a profile that the server did not install.
pub(super) fn not_managed(identifier: &str) -> Failure {
    let text = format!("The profile “{identifier}” is not managed by MDM.");
    mdm_error(12013, text)
}

/// Returns the error chain for a profile that is none, or has a value that no device takes.
pub(super) fn invalid_profile() -> Failure {
    Failure::Refused(vec![ErrorItem::new("MCProfileErrorDomain", 1000, "the profile is malformed")])
}

/// Returns the error chain for a command that is for devices in Lost Mode.
pub(super) fn not_lost() -> Failure {
    mdm_error(12067, "the device is not in Lost Mode")
}

/// Returns the error chain for a command that is not for devices in Lost Mode.
pub(super) fn not_while_lost() -> Failure {
    let text = "the command is not valid in Lost Mode";
    mdm_error(12078, text)
}

/// Returns the error chain for a command that the device does not know, or not in this enrolment
/// type.
pub(super) fn invalid_request(system: System, name: &str) -> Failure {
    let text = match system.platform {
        Platform::Macos => format!("Unknown command: {name} <MDMClientError:91>"),
        _ => format!("“{name}” is not a valid request type."),
    };
    mdm_error(12021, text)
}
