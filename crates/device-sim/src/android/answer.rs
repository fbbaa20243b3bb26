//! The answer of a call: a value, or the platform's own exception by its name.

use super::policy::{Complexity, Quality};
use crate::model::{Domain, Outcome, OutcomeKey, Value, concat};
use eligibility::closed_enum;

closed_enum! {
    /// An exception as the platform names it.
    pub enum Exception: "exception" {
        /// A caller without the right to do it.
        Security = "SecurityException",
        /// An argument that can never be right.
        IllegalArgument = "IllegalArgumentException",
        /// Not at this moment.
        IllegalState = "IllegalStateException",
        /// Something that must be there is not.
        NullPointer = "NullPointerException",
        /// The device cannot do it.
        UnsupportedOperation = "UnsupportedOperationException",
        /// The call does not exist at this API level.
        NoSuchMethod = "NoSuchMethodError",
    }
}

closed_enum! {
    /// The obstacle to a call.
    pub enum Obstacle: "obstacle" {
        /// The work profile is turned off, so its apps do not run.
        ProfileOff = "profile-off",
        /// The user has not unlocked and the caller is not direct-boot aware.
        NotDirectBootAware = "not-direct-boot-aware",
        /// The user has not unlocked and the token lies in storage that is still encrypted.
        TokenOutOfReach = "token-out-of-reach",
        /// There is no such admin on the device.
        NoSuchAdmin = "no-such-admin",
        /// There is no work profile.
        NoProfile = "no-profile",
        /// The device has no such function at this API level.
        NoSuchFunction = "no-such-function",
    }
}

closed_enum! {
    /// The result of an action of the user, as the user sees it.
    pub enum Seen: "seen" {
        /// The action worked.
        Ok = "ok",
        /// The credential is wrong.
        Wrong = "wrong",
        /// Too many wrong credentials: the user has to wait.
        LockedOut = "locked-out",
        /// The knowledge factor is needed, not a fingerprint.
        StrongAuthRequired = "strong-auth-required",
        /// A fingerprint is not offered.
        NotOffered = "not-offered",
        /// The new lock does not satisfy the password policy.
        RefusedByPolicy = "refused-by-policy",
        /// There is no such button or switch.
        NotAvailable = "not-available",
        /// The prompt for the lock is in front; what was requested waits for it.
        AsksForLock = "asks-for-lock",
    }
}

closed_enum! {
    /// Words that a call may return besides `true` and `false`.
    pub enum ReturnWord: "return word" {
        /// The call returns nothing.
        Nothing = "nothing",
        /// No object.
        Null = "null",
        /// A confirm screen that takes the knowledge factor only.
        Knowledge = "knowledge",
        /// A confirm screen that takes biometrics, too.
        KnowledgeOrBiometric = "knowledge-or-biometric",
    }
}

closed_enum! {
    /// The progress of a command of a management service.
    pub enum CommandState: "command state" {
        /// No command was sent.
        None = "none",
        /// Waiting for the device.
        Pending = "pending",
        /// The device did it.
        Done = "done",
        /// Waited too long.
        Expired = "expired",
        /// The device or the service refused it.
        Failed = "failed",
        /// The new password cannot be right.
        InvalidValue = "invalid-value",
        /// The API level is too low.
        ApiLevel = "api-level",
        /// The device is not managed in the way that the command needs.
        ManagementMode = "management-mode",
    }
}

/// An exception on its way to the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Thrown {
    /// Its class.
    pub exception: Exception,
    /// The reason in a few words; the platform's own wording only where its tests check it.
    pub message: &'static str,
}

impl Exception {
    /// Returns the exception with a message.
    pub(super) const fn because(self, message: &'static str) -> Thrown {
        Thrown { exception: self, message }
    }
}

/// The result of a call: nothing here is ever a panic.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Answer {
    /// The call returned.
    Returned(Value),
    /// The call threw an exception.
    Threw(Thrown),
    /// The call could not be made.
    NotIssued(Obstacle),
    /// The view of the user who acted.
    Saw(Seen),
    /// The state that a management service reports.
    Command(CommandState),
    /// An event without an answer.
    Happened,
}

impl Answer {
    /// Returns true if it is a call that returned `true`.
    pub fn is_true(&self) -> bool {
        *self == Self::Returned(Value::Truth(true))
    }
}

impl From<Result<Value, Thrown>> for Answer {
    fn from(result: Result<Value, Thrown>) -> Self {
        result.map_or_else(Self::Threw, Self::Returned)
    }
}

impl From<Result<bool, Thrown>> for Answer {
    fn from(result: Result<bool, Thrown>) -> Self {
        result.map(Value::Truth).into()
    }
}

/// The words that calls return: those of their own, complexity bands and qualities.
const RETURN_WORDS: &[&str] =
    &concat::<&str, { ReturnWord::WORDS.len() + Complexity::WORDS.len() + Quality::WORDS.len() }>(
        ReturnWord::WORDS,
        &concat::<&str, { Complexity::WORDS.len() + Quality::WORDS.len() }>(
            Complexity::WORDS,
            Quality::WORDS,
        ),
    );

/// The keys by which a scenario demands an answer.
pub(crate) const OUTCOME_KEYS: &[OutcomeKey] = &[
    OutcomeKey { name: "returns", domain: Domain::Any(RETURN_WORDS) },
    OutcomeKey { name: "throws", domain: Domain::Words(Exception::WORDS) },
    OutcomeKey { name: "not-issued", domain: Domain::Words(Obstacle::WORDS) },
    OutcomeKey { name: "sees", domain: Domain::Words(Seen::WORDS) },
    OutcomeKey { name: "command", domain: Domain::Words(CommandState::WORDS) },
];

impl From<Answer> for Outcome {
    fn from(answer: Answer) -> Self {
        let (key, value, message) = match answer {
            Answer::Returned(value) => ("returns", value, None),
            Answer::Threw(Thrown { exception, message }) => {
                ("throws", Value::Word(exception.as_str()), Some(message))
            }
            Answer::NotIssued(obstacle) => ("not-issued", Value::Word(obstacle.as_str()), None),
            Answer::Saw(seen) => ("sees", Value::Word(seen.as_str()), None),
            Answer::Command(state) => ("command", Value::Word(state.as_str()), None),
            Answer::Happened => ("returns", Value::Word(ReturnWord::Nothing.as_str()), None),
        };
        Self { key, value, message }
    }
}
