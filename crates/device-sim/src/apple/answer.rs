//! The result of a call: what a person sees, a device answers, a server reports.

use super::passcode::Refusal;
use super::wire::Status;
use crate::model::{Domain, Outcome, OutcomeKey, Value};
use eligibility::closed_enum;

closed_enum! {
    /// The view of a user who does something.
    pub enum Seen: "seen" {
        /// It worked.
        Ok = "ok",
        /// The device is open, and prompts for a new passcode.
        Prompt = "prompt",
        /// The device prompts for its passcode.
        PasscodeAsked = "passcode-asked",
        /// The passcode is not the right one.
        Wrong = "wrong",
        /// Too many wrong ones: wait.
        Wait = "wait",
        /// Too many wrong ones: the device is disabled.
        Disabled = "disabled",
        /// Nothing goes before a passcode is set.
        SetPasscodeFirst = "set-passcode-first",
        /// The policy or a restriction does not allow it.
        Refused = "refused",
        /// The profile is not installed.
        NotInstalled = "not-installed",
        /// The button is not there.
        NotAvailable = "not-available",
        /// The device is off.
        Off = "off",
        /// The device is as new.
        Erased = "erased",
        /// There is no connection to the server.
        NoConnection = "no-connection",
        /// The device is in Lost Mode, and nothing opens it.
        LostMode = "lost-mode",
    }
}

closed_enum! {
    /// The result of an exchange with the server.
    pub enum Answered: "answered" {
        /// The command was carried out.
        Acknowledged = "Acknowledged",
        /// The command was refused or failed.
        Error = "Error",
        /// The command has not the right form.
        CommandFormatError = "CommandFormatError",
        /// The command has to wait.
        NotNow = "NotNow",
        /// There was no command; the connection is closed.
        Nothing = "nothing",
        /// There was no connection.
        NoConnection = "no-connection",
    }
}

closed_enum! {
    /// The server's reply to an administrator.
    pub enum Queued: "queued" {
        /// The command waits for the device.
        Queued = "queued",
        /// There was a command with this identifier before.
        AlreadyExists = "already-exists",
        /// There is no unlock token to send.
        NoUnlockToken = "no-unlock-token",
    }
}

/// The result of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// A person did it and saw this.
    Saw(Seen),
    /// A passcode was refused, be it a new one or an expired one.
    Refused(Refusal),
    /// The device answered a command of this name.
    Answered(Answered, &'static str),
    /// The server took a command, or did not.
    Queued(Queued),
    /// It is nothing that answers.
    Happened,
}

impl From<Status> for Answered {
    fn from(status: Status) -> Self {
        // An idle device has carried nothing out; every other status keeps its name.
        status.as_str().parse().unwrap_or(Self::Nothing)
    }
}

/// The keys by which a scenario demands an answer.
pub(crate) const OUTCOME_KEYS: &[OutcomeKey] = &[
    OutcomeKey { name: "sees", domain: Domain::Words(Seen::WORDS) },
    OutcomeKey { name: "refused", domain: Domain::Number },
    OutcomeKey { name: "answers", domain: Domain::Words(Answered::WORDS) },
    OutcomeKey { name: "queues", domain: Domain::Words(Queued::WORDS) },
];

impl Answer {
    /// Returns the answer in the frame's own form.
    pub(super) fn outcome(self) -> Option<Outcome> {
        let (key, value, message) = match self {
            Self::Saw(seen) => ("sees", Value::Word(seen.as_str()), None),
            Self::Refused(refusal) => {
                ("refused", Value::Number(refusal.code().into()), Some(refusal.words()))
            }
            Self::Answered(answered, command) => {
                let command = (!command.is_empty()).then_some(command);
                ("answers", Value::Word(answered.as_str()), command)
            }
            Self::Queued(queued) => ("queues", Value::Word(queued.as_str()), None),
            Self::Happened => return None,
        };
        Some(Outcome { key, value, message })
    }
}
