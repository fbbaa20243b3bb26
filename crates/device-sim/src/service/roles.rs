//! The roles and the actions that they may request.
//!
//! Sources: who may reset a passcode, 2019 to 2025, `intune/device-passcode-reset.md` at fb2b6c56d
//! in <https://github.com/MicrosoftDocs/IntuneDocs>, and today,
//! `intune/device-management/actions/reset-passcode.md` at 3bd1a1a in
//! <https://github.com/MicrosoftDocs/memdocs>; the permissions of the built-in roles,
//! `intune/fundamentals/role-based-access-control/ref-built-in-roles.md` (2026-02-04) at ae2f78d in
//! <https://github.com/merill/intune-docs-mirror>, and, of Lost Mode,
//! `intune/device-management/actions/lost-mode.md` (2025-10-27) there; of apps,
//! `api-reference/v1.0/api/intune-devices-manageddevice-*.md` in
//! <https://github.com/microsoftgraph/microsoft-graph-docs-contrib>.

use super::action::RemoteAction;
use eligibility::closed_enum;

closed_enum! {
    /// The role of a person in the tenant.
    pub enum Role: "role" {
        /// Of the directory: may do everything.
        GlobalAdministrator = "global-administrator",
        /// Of the directory: may do everything in Intune; once *Intune Service Administrator*.
        IntuneAdministrator = "intune-administrator",
        /// Built into Intune.
        HelpDeskOperator = "help-desk-operator",
        /// Built into Intune.
        SchoolAdministrator = "school-administrator",
        /// Built into Intune; manages roles, and holds no remote task.
        RoleAdministrator = "role-administrator",
        /// Built into Intune; may delete, lock and restart, not reset, retire or wipe.
        EndpointSecurityManager = "endpoint-security-manager",
        /// Built into Intune.
        ReadOnlyOperator = "read-only-operator",
        /// Built into Intune.
        ApplicationManager = "application-manager",
        /// Built into Intune.
        PolicyAndProfileManager = "policy-and-profile-manager",
        /// Made by the tenant, with *Remote tasks / Reset passcode* and no other permission.
        CustomWithResetPasscode = "custom-with-reset-passcode",
        /// Made by the tenant, without any of these permissions.
        CustomWithoutResetPasscode = "custom-without-reset-passcode",
        /// Made by the tenant, with *Remote tasks / Wipe* and no other permission.
        CustomWithWipe = "custom-with-wipe",
        /// Made by the tenant, with *Remote tasks / Retire* and no other permission.
        CustomWithRetire = "custom-with-retire",
        /// Made by the tenant, with *Managed devices / Delete* and no other permission.
        CustomWithDelete = "custom-with-delete",
        /// Made by the tenant, with *Remote tasks / Enable lost mode* and *Disable lost mode* and
        /// no other permission.
        CustomWithLostMode = "custom-with-lost-mode",
        /// An app with Graph's permission
        /// `DeviceManagementManagedDevices.PrivilegedOperations.All`.
        PrivilegedApp = "privileged-app",
        /// An app with Graph's permission `DeviceManagementManagedDevices.ReadWrite.All`.
        WritingApp = "writing-app",
        /// An app that may only read devices.
        ReadingApp = "reading-app",
        /// No role at all.
        None = "none",
    }
}

closed_enum! {
    /// The documented list of roles that holds.
    pub enum RoleList: "role list" {
        /// The list of 2019 to 2025, which names the Role Administrator.
        Of2019 = "2019",
        /// The list of today.
        Of2025 = "2025",
    }
}

impl Role {
    /// Returns true if it is an app, which calls Graph in its own name.
    pub(crate) const fn is_app(self) -> bool {
        matches!(self, Self::PrivilegedApp | Self::WritingApp | Self::ReadingApp)
    }
}

impl Role {
    /// Returns true if a role has *Managed devices / Read*, which takes to approve a wipe.
    pub(crate) const fn reads_devices(self) -> bool {
        matches!(
            self,
            Self::GlobalAdministrator
                | Self::IntuneAdministrator
                | Self::HelpDeskOperator
                | Self::SchoolAdministrator
                | Self::EndpointSecurityManager
                | Self::ReadOnlyOperator
                | Self::ApplicationManager
        )
    }
}

impl RoleList {
    /// Returns true if a role has the permission for an action, each being one of its own.
    ///
    /// The list of today names no administrators of the directory, who hold every permission of
    /// Intune by what they are. The lists differ in who may reset a passcode.
    pub(crate) const fn allows(self, role: Role, action: RemoteAction) -> bool {
        use RemoteAction::{Delete, ResetPasscode, Retire, SyncDevice, Wipe};
        match role {
            Role::GlobalAdministrator | Role::IntuneAdministrator => true,
            Role::HelpDeskOperator | Role::PrivilegedApp => !matches!(action, Delete),
            Role::SchoolAdministrator => {
                !matches!(action, ResetPasscode) || matches!(self, Self::Of2025)
            }
            Role::EndpointSecurityManager => matches!(action, Delete | SyncDevice),
            Role::RoleAdministrator => {
                matches!(action, ResetPasscode) && matches!(self, Self::Of2019)
            }
            Role::CustomWithResetPasscode => {
                matches!(action, ResetPasscode) && matches!(self, Self::Of2025)
            }
            Role::CustomWithWipe => matches!(action, Wipe),
            Role::CustomWithRetire => matches!(action, Retire),
            Role::CustomWithLostMode => action.is_about_lost_mode(),
            Role::CustomWithDelete | Role::WritingApp => matches!(action, Delete),
            Role::ReadOnlyOperator
            | Role::ApplicationManager
            | Role::PolicyAndProfileManager
            | Role::CustomWithoutResetPasscode
            | Role::ReadingApp
            | Role::None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{RemoteAction, Role, RoleList};

    fn allowed(list: RoleList, action: RemoteAction) -> String {
        let allowed = Role::ALL.iter().filter(|role| list.allows(**role, action));
        allowed.map(|role| role.as_str()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn intune_43_each_action_has_a_permission_of_its_own() {
        for (action, roles) in [
            (
                RemoteAction::Wipe,
                "help-desk-operator school-administrator custom-with-wipe privileged-app",
            ),
            (
                RemoteAction::Retire,
                "help-desk-operator school-administrator custom-with-retire privileged-app",
            ),
            (
                RemoteAction::Delete,
                "school-administrator endpoint-security-manager custom-with-delete writing-app",
            ),
            (
                RemoteAction::EnableLostMode,
                "help-desk-operator school-administrator custom-with-lost-mode privileged-app",
            ),
            (
                RemoteAction::DisableLostMode,
                "help-desk-operator school-administrator custom-with-lost-mode privileged-app",
            ),
            (
                RemoteAction::SyncDevice,
                "help-desk-operator school-administrator endpoint-security-manager privileged-app",
            ),
        ] {
            let expected = format!("global-administrator intune-administrator {roles}");
            assert_eq!(allowed(RoleList::Of2025, action), expected, "{action}");
        }
    }

    #[test]
    fn intune_14_each_list_lets_its_own_roles() {
        assert_eq!(
            allowed(RoleList::Of2019, RemoteAction::ResetPasscode),
            "global-administrator intune-administrator help-desk-operator role-administrator \
             privileged-app"
        );
        assert_eq!(
            allowed(RoleList::Of2025, RemoteAction::ResetPasscode),
            "global-administrator intune-administrator help-desk-operator school-administrator \
             custom-with-reset-passcode privileged-app"
        );
    }
}
