//! Everything that can be done about a device at the service.

use super::action::RemoteAction;
use super::managed::Managed;
use super::request::{Door, Request};
use crate::machine::Context;
use crate::model::quote;
use crate::model::{Outcome, Value, Viewer};

/// Something that is done about a managed device; each is a verb of the scenario language.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Call {
    /// An administrator or an app asks for an action.
    Request {
        /// Which.
        action: RemoteAction,
        /// Who, and how.
        request: Request,
    },
    /// The same for many devices in one request, of which this is one.
    RequestInBulk {
        /// Which.
        action: RemoteAction,
        /// Who, and how.
        request: Request,
    },
    /// A user asks for a reset in the Company Portal.
    SelfServiceReset {
        /// Whether it is the device's primary user.
        is_primary_user: bool,
        /// How many minutes after signing in again.
        signed_in_minutes_ago: u32,
    },
    /// A fault: the next push to the device gets lost.
    LoseNextPush,
    /// A fault: the device gets the last action that it has carried out once more.
    RedeliverLastAction,
    /// The device checks in now: somebody has pressed *Sync* on it.
    CheckIn,
    /// Time: the device checks in by its schedule.
    CheckInDue,
    /// Time: a push has arrived where it was sent to.
    PushArrives,
    /// Time: the answer of an Android device has arrived, if the network lets it.
    ReportArrives,
    /// Time: the new passcode is shown no longer.
    PasscodeHidden {
        /// The number of the action.
        number: u32,
    },
    /// Time: an action has waited long enough.
    PendingLapses {
        /// The number of the action.
        number: u32,
    },
}

impl Call {
    /// A request of a Help Desk Operator by Graph for a new passcode, or none.
    pub fn reset_passcode() -> Self {
        Self::Request { action: RemoteAction::ResetPasscode, request: Request::default() }
    }

    /// What it is called in scenarios and traces.
    pub const fn verb(&self) -> &'static str {
        match self {
            Self::Request { action, .. } => match action {
                RemoteAction::ResetPasscode => "request-reset-passcode",
                RemoteAction::Retire => "request-retire",
                RemoteAction::Wipe => "request-wipe",
                RemoteAction::Delete => "request-delete",
                RemoteAction::SyncDevice => "request-sync-device",
            },
            Self::RequestInBulk { .. } => "request-in-bulk",
            Self::SelfServiceReset { .. } => "self-service-reset",
            Self::LoseNextPush => "lose-next-push",
            Self::RedeliverLastAction => "redeliver-last-action",
            Self::CheckIn => "check-in",
            Self::CheckInDue => "check-in-due",
            Self::PushArrives => "push-arrives",
            Self::ReportArrives => "report-arrives",
            Self::PasscodeHidden { .. } => "passcode-hidden",
            Self::PendingLapses { .. } => "pending-lapses",
        }
    }

    /// The verbs of a scenario; what is not among them happens by itself.
    pub const VERBS: &'static [&'static str] = &[
        "request-reset-passcode",
        "request-retire",
        "request-wipe",
        "request-delete",
        "request-sync-device",
        "request-in-bulk",
        "self-service-reset",
        "lose-next-push",
        "redeliver-last-action",
        "check-in",
        "push-arrives",
        "report-arrives",
    ];

    /// Who does it.
    pub const fn actor(&self) -> Viewer {
        match self {
            Self::Request { .. } | Self::RequestInBulk { .. } => Viewer::Admin,
            Self::SelfServiceReset { .. } | Self::CheckIn => Viewer::User,
            _ => Viewer::System,
        }
    }

    /// The arguments as traces show them.
    pub(crate) fn arguments(&self) -> Vec<(&'static str, Value)> {
        match self {
            Self::Request { request, .. } => request.arguments(),
            Self::RequestInBulk { action, request } => {
                let mut arguments = vec![("action", Value::Word(action.word()))];
                arguments.extend(request.arguments());
                arguments
            }
            Self::SelfServiceReset { is_primary_user, signed_in_minutes_ago } => vec![
                ("primary-user", Value::Truth(*is_primary_user)),
                ("signed-in-minutes-ago", Value::Number((*signed_in_minutes_ago).into())),
            ],
            Self::PasscodeHidden { number } | Self::PendingLapses { number } => {
                vec![("number", Value::Number((*number).into()))]
            }
            _ => Vec::new(),
        }
    }

    /// The arguments as keys of a scenario's step.
    pub(crate) fn to_toml(&self) -> String {
        let arguments = self.arguments();
        let lines = arguments.iter().map(|(key, value)| match value {
            Value::Truth(_) | Value::Number(_) => format!("{key} = {value}\n"),
            Value::Word(text) => format!("{key} = {}\n", quote(text)),
            Value::Text(text) => format!("{key} = {}\n", quote(text)),
        });
        lines.collect()
    }
}

impl Request {
    fn arguments(&self) -> Vec<(&'static str, Value)> {
        vec![
            ("by", Value::Text(self.by.to_string())),
            ("role", Value::Word(self.role.word())),
            ("through", Value::Word(Door::word(self.door))),
        ]
    }
}

impl Managed {
    /// Does something about the device at the service.
    pub(super) fn answer(&mut self, call: &Call, context: &mut Context<'_>) -> Option<Outcome> {
        match call {
            Call::Request { action, request } => {
                return Some(self.request(*action, request, context).into());
            }
            Call::RequestInBulk { action, request } => {
                return Some(self.request_in_bulk(*action, request, context).into());
            }
            Call::SelfServiceReset { is_primary_user, signed_in_minutes_ago } => {
                let reply = self.self_service(*is_primary_user, *signed_in_minutes_ago, context);
                return Some(reply.into());
            }
            Call::LoseNextPush => self.account.loses_next_push = true,
            Call::RedeliverLastAction => self.redeliver(context),
            Call::CheckIn => self.contact(context),
            Call::CheckInDue => self.check_in_by_schedule(context),
            Call::PushArrives => self.push_arrives(context),
            Call::ReportArrives => self.report(context),
            Call::PasscodeHidden { number } => self.account.hide_passcode(*number),
            Call::PendingLapses { number } => self.lapse(*number, context),
        }
        None
    }
}
