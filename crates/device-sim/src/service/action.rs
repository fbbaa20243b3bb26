//! Remote actions and their results, under Graph's names.
//!
//! Sources: `deviceActionResult`, `resetPasscodeActionResult`, `actionState` and `managementState`
//! in `schemas/v1.0-Prod.csdl` of <https://github.com/microsoftgraph/msgraph-metadata>.

use chrono::{DateTime, Utc};

use crate::model::Secret;
use eligibility::closed_enum;

closed_enum! {
    /// A remote action of the service.
    pub enum RemoteAction: "remote action" {
        /// *Remove passcode* and *Reset passcode*: one action of Graph's with two names.
        ResetPasscode = "resetPasscode",
        /// The device leaves management.
        Retire = "retire",
        /// Everything on the device is erased.
        Wipe = "wipe",
        /// The device leaves management, and its record the service.
        Delete = "delete",
        /// The device has to check in.
        SyncDevice = "syncDevice",
        /// A supervised iPhone or iPad is locked as lost.
        EnableLostMode = "enableLostMode",
        /// A device that was lost is usable again.
        DisableLostMode = "disableLostMode",
    }
}

impl RemoteAction {
    /// Returns true if a device with this action pending does nothing else any more.
    ///
    /// Source: `intune/device-management/actions/index.md` of
    /// <https://github.com/merill/intune-docs-mirror>.
    pub(crate) const fn preempts_others(self) -> bool {
        self.pending_state().is_some()
    }

    /// Returns true if it takes a device into Lost Mode or out of it.
    pub(crate) const fn is_about_lost_mode(self) -> bool {
        matches!(self, Self::EnableLostMode | Self::DisableLostMode)
    }

    /// Returns true if one request can order it for many Apple or Android devices.
    ///
    /// Source: `intune/device-management/actions/index.md` (2026-09-16) at ae2f78d in
    /// <https://github.com/merill/intune-docs-mirror>.
    pub(crate) const fn exists_in_bulk(self) -> bool {
        !matches!(self, Self::ResetPasscode) && !self.is_about_lost_mode()
    }

    /// Returns true if Multi Admin Approval can protect the action: wipe, retire and delete.
    pub(crate) const fn can_need_approval(self) -> bool {
        matches!(self, Self::Retire | Self::Wipe | Self::Delete)
    }

    /// Returns the management state of a device for which this action waits, if it has one.
    pub(crate) const fn pending_state(self) -> Option<ManagementState> {
        match self {
            Self::Retire => Some(ManagementState::RetirePending),
            Self::Wipe => Some(ManagementState::WipePending),
            Self::Delete => Some(ManagementState::DeletePending),
            _ => None,
        }
    }

    /// Returns the management state of a device that has left management by this action.
    pub(super) const fn issued_state(self) -> ManagementState {
        match self {
            Self::Wipe => ManagementState::WipeIssued,
            Self::Delete => ManagementState::Deleted,
            _ => ManagementState::RetireIssued,
        }
    }
}

closed_enum! {
    /// The state of an action.
    pub enum ActionState: "action state" {
        /// There is none.
        None = "none",
        /// Waiting for the device.
        Pending = "pending",
        /// Ended without being carried out.
        Canceled = "canceled",
        /// Delivered; the device has not answered.
        Active = "active",
        /// Carried out.
        Done = "done",
        /// The attempt failed.
        Failed = "failed",
        /// The device cannot do it.
        NotSupported = "notSupported",
    }
}

impl ActionState {
    /// Returns true if the action has its final state.
    pub const fn has_ended(self) -> bool {
        !matches!(self, Self::None | Self::Pending | Self::Active)
    }
}

closed_enum! {
    /// The management state of a device.
    pub enum ManagementState: "management state" {
        /// No change is pending.
        Managed = "managed",
        /// A retire is pending.
        RetirePending = "retirePending",
        /// A wipe is pending.
        WipePending = "wipePending",
        /// A delete is pending.
        DeletePending = "deletePending",
        /// The device has left management.
        RetireIssued = "retireIssued",
        /// The device was erased.
        WipeIssued = "wipeIssued",
        /// The device has left, and its record is deleted.
        Deleted = "deleted",
        /// The connection to the device is disturbed.
        Unhealthy = "unhealthy",
    }
}

closed_enum! {
    /// The vendor's operation by which a passcode is reset or removed.
    pub enum Mechanism: "mechanism" {
        /// None was used.
        None = "none",
        /// Android's `DevicePolicyManager.resetPassword`.
        ResetPassword = "resetPassword",
        /// Android's `DevicePolicyManager.resetPasswordWithToken`.
        ResetPasswordWithToken = "resetPasswordWithToken",
        /// Apple's MDM command `ClearPasscode`.
        ClearPasscode = "ClearPasscode",
    }
}

/// An action with its state: Graph's `deviceActionResult`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ActionResult {
    /// Counted from 1 over the actions of a device; the service's order, not part of Graph's type.
    pub number: u32,
    /// `actionName`.
    pub action: RemoteAction,
    /// `actionState`.
    pub state: ActionState,
    /// `startDateTime`.
    pub started: DateTime<Utc>,
    /// `lastUpdatedDateTime`.
    pub updated: DateTime<Utc>,
    /// `errorCode`; 0 for none.
    pub error_code: i64,
    /// Whose passcode it concerns: `true` for the work profile's, `false` for the device's.
    pub of_work_profile: bool,
    /// The operation by which it was attempted.
    pub mechanism: Mechanism,
    /// `passcode`: the new one, while it is shown.
    pub passcode: Option<Secret>,
    /// The passcode as the device got it; a redelivered command carries the same.
    pub(super) ordered: Option<Secret>,
}
