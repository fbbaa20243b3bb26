//! Everything that can be done about a device at the service.

use super::action::RemoteAction;
use super::approval::Approver;
use super::request::{Channel, Request};
use super::roles::Role;
use crate::model::verbs::{defaulted, required, verbs, word_keys};

word_keys!(Channel, RemoteAction, Role);

verbs! {
    /// Something that is done about a managed device; each is a verb of the scenario language.
    pub enum Call for (), versions "version";

    by Admin, source "https://learn.microsoft.com/en-us/graph/api/resources/intune-devices-manageddevice" {
        /// An administrator or an app requests a new passcode, or none, for the device.
        "request-reset-passcode" => RequestResetPasscode { request: Request },
        /// An administrator or an app requests that the device is retired.
        "request-retire" => RequestRetire { request: Request },
        /// An administrator or an app requests that the device is wiped.
        "request-wipe" => RequestWipe { request: Request },
        /// An administrator or an app requests that the device is deleted from the service.
        "request-delete" => RequestDelete { request: Request },
        /// An administrator or an app requests that the device checks in.
        "request-sync-device" => RequestSyncDevice { request: Request },
        /// An administrator or an app requests that a supervised iPhone or iPad enters Lost Mode.
        "request-enable-lost-mode" => RequestEnableLostMode { request: Request },
        /// An administrator or an app requests that it leaves Lost Mode.
        "request-disable-lost-mode" => RequestDisableLostMode { request: Request },
        /// The same for many devices in one request, including this one.
        "request-in-bulk" => RequestInBulk {
            /// The action.
            action: RemoteAction = required("action"),
            request: Request,
        },
    }

    by Admin, source "https://learn.microsoft.com/en-us/intune/fundamentals/role-based-access-control/multi-admin-approval" {
        /// Another administrator approves the wipe, retire or delete that waits for it.
        "approve-request" => ApproveRequest { approver: Approver },
        /// Another administrator rejects it.
        "reject-request" => RejectRequest { approver: Approver },
        /// The administrator who submitted it withdraws it.
        "cancel-request" => CancelRequest {
            /// The user principal name of that administrator.
            by: Box<str> = defaulted("by", "admin@example.org".into()),
        },
        /// The administrator who submitted it completes it, once it is approved.
        "complete-request" => CompleteRequest {
            /// The user principal name of that administrator.
            by: Box<str> = defaulted("by", "admin@example.org".into()),
        },
    }

    by User, source "https://learn.microsoft.com/en-us/intune/user-help/reset-your-passcode-cpwebsite" {
        /// A user requests a reset in the Company Portal.
        "self-service-reset" => SelfServiceReset {
            /// The user is the device's primary user.
            is_primary_user: bool = defaulted("primary-user", true),
            /// The minutes since the user last signed in.
            signed_in_minutes_ago: u32 = defaulted("signed-in-minutes-ago", 0).within(0, 525_600),
        },
    }

    by System, source none {
        /// A fault: the next push to the device gets lost.
        "lose-next-push" => LoseNextPush,
        /// A fault: the device gets the last action that it has carried out once more.
        "redeliver-last-action" => RedeliverLastAction,
    }

    by User, source "https://learn.microsoft.com/en-us/intune/user-help/sync-your-device-manually" {
        /// The user presses *Sync* on the device, which checks in.
        "check-in" => CheckIn,
    }

    by System, source none {
        /// A push arrives where it was sent to.
        "push-arrives" => PushArrives,
        /// The answer of an Android device arrives, if the network lets it.
        "report-arrives" => ReportArrives,
    }

    time {
        /// The device checks in by its schedule.
        System "check-in-due" => CheckInDue,
        /// The device checks in by its schedule, at the latest moment, for an action that waits.
        System "awaited-check-in-due" => AwaitedCheckInDue,
        /// The new passcode is shown no longer.
        System "passcode-hidden" => PasscodeHidden {
            /// The number of the action.
            number: u32 = required("number"),
        },
        /// A request for an approval has waited long enough.
        System "approval-lapses" => ApprovalLapses {
            /// The number of the request.
            number: u32 = required("number"),
        },
        /// An action has waited long enough.
        System "pending-lapses" => PendingLapses {
            /// The number of the action.
            number: u32 = required("number"),
        },
    }
}

impl Call {
    /// Returns the request of an administrator or an app for an action on one device.
    pub const fn request(action: RemoteAction, request: Request) -> Self {
        match action {
            RemoteAction::ResetPasscode => Self::RequestResetPasscode { request },
            RemoteAction::Retire => Self::RequestRetire { request },
            RemoteAction::Wipe => Self::RequestWipe { request },
            RemoteAction::Delete => Self::RequestDelete { request },
            RemoteAction::SyncDevice => Self::RequestSyncDevice { request },
            RemoteAction::EnableLostMode => Self::RequestEnableLostMode { request },
            RemoteAction::DisableLostMode => Self::RequestDisableLostMode { request },
        }
    }

    /// Returns the action that it requests on one device, with the request.
    pub(super) const fn requested(&self) -> Option<(RemoteAction, &Request)> {
        Some(match self {
            Self::RequestResetPasscode { request } => (RemoteAction::ResetPasscode, request),
            Self::RequestRetire { request } => (RemoteAction::Retire, request),
            Self::RequestWipe { request } => (RemoteAction::Wipe, request),
            Self::RequestDelete { request } => (RemoteAction::Delete, request),
            Self::RequestSyncDevice { request } => (RemoteAction::SyncDevice, request),
            Self::RequestEnableLostMode { request } => (RemoteAction::EnableLostMode, request),
            Self::RequestDisableLostMode { request } => (RemoteAction::DisableLostMode, request),
            _ => return None,
        })
    }

    /// Returns a request of an Intune Administrator by Graph for a new passcode, or none.
    pub fn reset_passcode() -> Self {
        Self::request(RemoteAction::ResetPasscode, Request::default())
    }
}
