//! Asking for an action: who may, through which door, and what the service replies.
//!
//! Sources: `api-reference/v1.0/api/intune-devices-manageddevice-resetpasscode.md` at 02cba94 in
//! <https://github.com/microsoftgraph/microsoft-graph-docs-contrib> (204 and no body); bulk
//! actions, `intune/device-management/actions/index.md` in
//! <https://github.com/merill/intune-docs-mirror> and `intune-devices-manageddeviceremoteaction.md`
//! at 022b186 in the former; self-service, `intune/apps/company-portal-app.md` and
//! `intune-user-help/reset-your-passcode-cpwebsite.md` in
//! <https://github.com/MicrosoftDocs/IntuneDocs>; what the portal greys out,
//! `intune/remote-actions/troubleshoot-device-actions.md` there.

use super::action::{ActionState, ManagementState, RemoteAction};
use super::managed::Managed;
use super::roles::Role;
use crate::android;
use crate::apple::{self, EnrolmentKind, Platform};
use crate::machine::Context;
use crate::model::verbs::{defaulted, key_group};
use crate::model::words::words;
use crate::model::{Domain, Outcome, OutcomeKey, Value, concat};

words! {
    /// Through which door a request comes.
    pub enum Door {
        /// Microsoft Graph.
        Graph = "graph",
        /// The portal, which greys out what it does not offer.
        Portal = "portal",
    }
}

key_group! {
    /// A request of an administrator or of an app.
    ///
    /// ```
    /// use device_sim::service::{Request, Role};
    ///
    /// assert_eq!(Request::default().role, Role::HelpDeskOperator);
    /// ```
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    pub struct Request for () {
        /// `initiatedByUserPrincipalName`.
        by: Box<str> = defaulted("by", "admin@example.org".into()),
        /// What they are.
        role: Role = defaulted("role", Role::HelpDeskOperator),
        /// Through which door they come.
        door: Door = defaulted("through", Door::Graph),
    }
}

impl Default for Request {
    fn default() -> Self {
        Self { by: "admin@example.org".into(), role: Role::HelpDeskOperator, door: Door::Graph }
    }
}

/// What the service replies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reply {
    /// Status 204: what becomes of it is in the action's result.
    Accepted,
    /// Status 400: there is no such action for this device, or not in bulk.
    BadRequest,
    /// Status 403: the role does not allow it.
    Forbidden,
    /// Status 404: the service knows no such device.
    NotFound,
    /// The portal, or the Company Portal, does not offer it.
    NotOffered,
    /// The Company Portal took it too long after the sign-in and does nothing.
    NotPerformed,
}

/// The keys by which a scenario demands a reply.
pub const OUTCOME_KEYS: &[OutcomeKey] = &[
    OutcomeKey { name: "status", domain: Domain::Number },
    OutcomeKey { name: "portal", domain: Domain::Words(&["not-offered", "not-performed"]) },
];

const ANDROID_KEYS: usize = android::OUTCOME_KEYS.len() + OUTCOME_KEYS.len();
static OF_ANDROID: [OutcomeKey; ANDROID_KEYS] = concat(android::OUTCOME_KEYS, OUTCOME_KEYS);
const APPLE_KEYS: usize = apple::OUTCOME_KEYS.len() + OUTCOME_KEYS.len();
static OF_APPLE: [OutcomeKey; APPLE_KEYS] = concat(apple::OUTCOME_KEYS, OUTCOME_KEYS);

/// The outcome keys of a managed Android device.
pub fn android_outcomes() -> &'static [OutcomeKey] {
    &OF_ANDROID
}

/// The outcome keys of a managed Apple device.
pub fn apple_outcomes() -> &'static [OutcomeKey] {
    &OF_APPLE
}

impl From<Reply> for Outcome {
    fn from(reply: Reply) -> Self {
        let status = |code, message| Self {
            key: "status",
            value: Value::Number(code),
            message: Some(message),
        };
        let portal = |word| Self { key: "portal", value: Value::Word(word), message: None };
        match reply {
            Reply::Accepted => status(204, "No Content"),
            Reply::BadRequest => status(400, "Bad Request"),
            Reply::Forbidden => status(403, "Forbidden"),
            Reply::NotFound => status(404, "Not Found"),
            Reply::NotOffered => portal("not-offered"),
            Reply::NotPerformed => portal("not-performed"),
        }
    }
}

impl Managed {
    /// Takes a request for an action.
    pub(super) fn request(
        &mut self,
        action: RemoteAction,
        request: &Request,
        context: &mut Context<'_>,
    ) -> Reply {
        let account = &self.account;
        if account.management_state == ManagementState::Deleted {
            return Reply::NotFound;
        }
        let passcode = action == RemoteAction::ResetPasscode;
        if passcode && !account.rules.roles.allows(request.role) {
            return match request.door {
                Door::Graph => Reply::Forbidden,
                Door::Portal => Reply::NotOffered,
            };
        }
        let offered = !passcode || self.is_offered();
        if !offered && request.door == Door::Portal {
            return Reply::NotOffered;
        }
        if !offered && account.rules.parameters.unsupported_is_refused {
            return Reply::BadRequest;
        }
        if offered {
            self.take(action, request, context);
        } else {
            let (number, _) = self.account.open_action(action, request, context.now);
            self.account.end(number, ActionState::NotSupported, context.now);
        }
        Reply::Accepted
    }

    /// Takes a request for many devices at once, of which this is one.
    ///
    /// No passcode action exists in bulk, on any platform.
    pub(super) fn request_in_bulk(
        &mut self,
        action: RemoteAction,
        request: &Request,
        context: &mut Context<'_>,
    ) -> Reply {
        match action {
            RemoteAction::ResetPasscode => Reply::BadRequest,
            other => self.request(other, request, context),
        }
    }

    /// A user asks in the Company Portal, so many minutes after signing in again.
    pub(super) fn self_service(
        &mut self,
        is_primary_user: bool,
        minutes: u32,
        context: &mut Context<'_>,
    ) -> Reply {
        let rules = &self.account.rules;
        let gone = self.account.management_state == ManagementState::Deleted;
        if gone || !is_primary_user || rules.enrollment_manager || !self.is_offered() {
            return Reply::NotOffered;
        }
        if minutes > rules.parameters.self_service_minutes {
            return Reply::NotPerformed;
        }
        let request =
            Request { by: "user@example.org".into(), role: Role::None, door: Door::Portal };
        self.take(RemoteAction::ResetPasscode, &request, context);
        Reply::Accepted
    }

    /// Whether the portal offers the passcode action for a device like this.
    ///
    /// It greys it out for device administrators from Android 7.0 on; under User Enrollment an
    /// administrator may only retire, delete, lock and sync; Macs and Apple TVs have no such
    /// action.
    pub fn is_offered(&self) -> bool {
        if let Some(device) = self.device.as_android() {
            return !(device.agent_is_mere_admin() && device.api() >= 24);
        }
        self.device.as_apple().is_some_and(|device| {
            let phone = device.phone();
            !matches!(phone.platform(), Platform::Macos | Platform::Tvos)
                && phone.enrolment_kind() != EnrolmentKind::User
        })
    }
}
