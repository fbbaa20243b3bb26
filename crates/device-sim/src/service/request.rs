//! Requests for an action, their channels, and the replies of the service.
//!
//! Sources: `api-reference/v1.0/api/intune-devices-manageddevice-resetpasscode.md` at 02cba94 in
//! <https://github.com/microsoftgraph/microsoft-graph-docs-contrib> (204 and no body); bulk
//! actions, `intune/device-management/actions/index.md` in
//! <https://github.com/merill/intune-docs-mirror> and `intune-devices-manageddeviceremoteaction.md`
//! at 022b186 in the former; self-service, `intune/apps/company-portal-app.md` and
//! `intune-user-help/reset-your-passcode-cpwebsite.md` in
//! <https://github.com/MicrosoftDocs/IntuneDocs>; what the portal greys out,
//! `intune/remote-actions/troubleshoot-device-actions.md` there.

use super::roles::Role;
use crate::device::Platform;
use crate::model::verbs::{defaulted, key_group, optional};
use crate::model::{Domain, Outcome, OutcomeKey, Value, concat};
use crate::{android, apple};
use eligibility::closed_enum;

closed_enum! {
    /// The channel of a request.
    pub enum Channel: "channel" {
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
    /// assert_eq!(Request::default().role, Role::IntuneAdministrator);
    /// ```
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    pub struct Request for () {
        /// `initiatedByUserPrincipalName`.
        by: Box<str> = defaulted("by", "admin@example.org".into()),
        /// Their role.
        role: Role = defaulted("role", Role::IntuneAdministrator),
        /// The channel through which they ask.
        channel: Channel = defaulted("through", Channel::Graph),
        /// The scope tag of their role; without one they see every device.
        scope_tag: Option<Box<str>> = optional("scope-tag", None),
        /// The reason for a wipe, retire or delete that takes an approval; Graph wants it in a
        /// header.
        justification: Option<Box<str>> = optional("justification", None),
        /// The number of the approval that Graph gave for the same request.
        approval_code: Option<u32> = optional("approval-code", None),
    }
}

impl Default for Request {
    fn default() -> Self {
        Self {
            by: "admin@example.org".into(),
            role: Role::IntuneAdministrator,
            channel: Channel::Graph,
            scope_tag: None,
            justification: None,
            approval_code: None,
        }
    }
}

/// The reply of the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Reply {
    /// Status 204: its result is in the action's result.
    Accepted,
    /// Status 400: there is no such action for this device, or not in bulk.
    BadRequest,
    /// Status 403: the role does not allow it.
    Forbidden,
    /// Status 404: the service knows no such device.
    NotFound,
    /// Status 412, or the portal's notice: another administrator has to approve it.
    NeedsApproval(Channel),
    /// The tenant has used up the day's number of such actions.
    OverLimit(u32),
    /// The portal, or the Company Portal, does not offer it.
    NotOffered,
    /// The Company Portal took it too long after the sign-in and does nothing.
    NotPerformed,
}

/// The keys by which a scenario demands a reply.
pub(crate) const OUTCOME_KEYS: &[OutcomeKey] = &[
    OutcomeKey { name: "status", domain: Domain::Number },
    OutcomeKey {
        name: "portal",
        domain: Domain::Words(&["not-offered", "not-performed", "needs-approval"]),
    },
];

const ANDROID_KEYS: usize = android::OUTCOME_KEYS.len() + OUTCOME_KEYS.len();
static OF_ANDROID: [OutcomeKey; ANDROID_KEYS] = concat(android::OUTCOME_KEYS, OUTCOME_KEYS);
const APPLE_KEYS: usize = apple::OUTCOME_KEYS.len() + OUTCOME_KEYS.len();
static OF_APPLE: [OutcomeKey; APPLE_KEYS] = concat(apple::OUTCOME_KEYS, OUTCOME_KEYS);

/// Returns the outcome keys of a managed device of a platform.
pub(crate) fn outcome_keys_of(platform: Platform) -> &'static [OutcomeKey] {
    match platform {
        Platform::Android => &OF_ANDROID,
        Platform::Apple => &OF_APPLE,
    }
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
            Reply::NeedsApproval(Channel::Graph) => status(412, "Precondition Failed"),
            Reply::NeedsApproval(Channel::Portal) => portal("needs-approval"),
            Reply::OverLimit(code) => status(code.into(), "the daily limit of the tenant"),
            Reply::NotOffered => portal("not-offered"),
            Reply::NotPerformed => portal("not-performed"),
        }
    }
}
