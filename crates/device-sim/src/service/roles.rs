//! Who may press the button.
//!
//! Sources: the roles of 2019 to 2025, `intune/device-passcode-reset.md` at fb2b6c56d in
//! <https://github.com/MicrosoftDocs/IntuneDocs>; today's,
//! `intune/device-management/actions/reset-passcode.md` at 3bd1a1a in
//! <https://github.com/MicrosoftDocs/memdocs>; what the built-in roles hold,
//! `memdocs/intune/fundamentals/role-based-access-control-reference.md` at 09c7fd2 there.

use eligibility::closed_enum;

closed_enum! {
    /// What somebody is in the tenant.
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
        /// Built into Intune; may lock and restart, not reset.
        EndpointSecurityManager = "endpoint-security-manager",
        /// Built into Intune.
        ReadOnlyOperator = "read-only-operator",
        /// Built into Intune.
        ApplicationManager = "application-manager",
        /// Built into Intune.
        PolicyAndProfileManager = "policy-and-profile-manager",
        /// Made by the tenant, with *Remote tasks / Reset passcode*.
        CustomWithResetPasscode = "custom-with-reset-passcode",
        /// Made by the tenant, without it.
        CustomWithoutResetPasscode = "custom-without-reset-passcode",
        /// An app with Graph's permission
        /// `DeviceManagementManagedDevices.PrivilegedOperations.All`.
        PrivilegedApp = "privileged-app",
        /// An app that may only read devices.
        ReadingApp = "reading-app",
        /// No role at all.
        None = "none",
    }
}

closed_enum! {
    /// Which documented list of roles holds.
    pub enum RoleList: "role list" {
        /// The list of 2019 to 2025, which names the Role Administrator.
        Of2019 = "2019",
        /// The list of today.
        Of2025 = "2025",
    }
}

impl RoleList {
    /// Whether this list lets a role reset passcodes.
    ///
    /// The list of today names no administrators of the directory, who hold every permission of
    /// Intune by what they are: both lists let them.
    pub const fn allows(self, role: Role) -> bool {
        match role {
            Role::GlobalAdministrator
            | Role::IntuneAdministrator
            | Role::HelpDeskOperator
            | Role::PrivilegedApp => true,
            Role::RoleAdministrator => matches!(self, Self::Of2019),
            Role::SchoolAdministrator | Role::CustomWithResetPasscode => {
                matches!(self, Self::Of2025)
            }
            Role::EndpointSecurityManager
            | Role::ReadOnlyOperator
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
    use super::{Role, RoleList};

    fn allowed(list: RoleList) -> Vec<&'static str> {
        Role::ALL.iter().filter(|role| list.allows(**role)).map(|role| role.as_str()).collect()
    }

    #[test]
    fn intune_14_each_list_lets_its_own_roles() {
        assert_eq!(
            allowed(RoleList::Of2019),
            [
                "global-administrator",
                "intune-administrator",
                "help-desk-operator",
                "role-administrator",
                "privileged-app",
            ]
        );
        assert_eq!(
            allowed(RoleList::Of2025),
            [
                "global-administrator",
                "intune-administrator",
                "help-desk-operator",
                "school-administrator",
                "custom-with-reset-passcode",
                "privileged-app",
            ]
        );
    }
}
