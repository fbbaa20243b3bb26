//! Facts about events on a device.

use crate::closed_enum;

closed_enum! {
    /// The ownership of the device.
    pub enum Ownership: "kind of ownership" {
        /// The organisation (`company` in Graph).
        Corporate = "corporate",
        /// Its user.
        Personal = "personal",
    }
}

closed_enum! {
    /// Android's reset password token of the user or profile that would be reset.
    ///
    /// Source: `DevicePolicyManager.setResetPasswordToken` and `isResetPasswordTokenActive`,
    /// <https://developer.android.com/reference/android/app/admin/DevicePolicyManager>.
    pub enum ResetToken: "reset token state" {
        /// No token was ever set, or it was cleared.
        Absent = "absent",
        /// A token is set; the user has not confirmed their credential since.
        Pending = "pending",
        /// The token can reset the password.
        Active = "active",
        /// A pending token was lost, by a reboot for example.
        Lost = "lost",
    }
}

closed_enum! {
    /// Apple's UnlockToken, as the management server holds it.
    ///
    /// Source: `TokenUpdate` and `ClearPasscode`,
    /// <https://developer.apple.com/documentation/devicemanagement/clear-passcode-command>.
    pub enum UnlockToken: "unlock token state" {
        /// The server holds the token that the device would accept.
        Held = "held",
        /// The server holds none.
        Missing = "missing",
        /// The server holds one that the device no longer accepts.
        Stale = "stale",
    }
}

closed_enum! {
    /// The management state of the device.
    ///
    /// Source: Graph `managementState`,
    /// <https://learn.microsoft.com/en-us/graph/api/resources/intune-devices-managementstate>.
    pub enum ManagementState: "management state" {
        /// Nothing special.
        Managed = "managed",
        /// A retire is pending or was issued.
        RetirePending = "retire-pending",
        /// A wipe is pending or was issued.
        WipePending = "wipe-pending",
        /// The record is about to be deleted.
        DeletePending = "delete-pending",
        /// The agent on the device is not healthy.
        Unhealthy = "unhealthy",
    }
}
