//! The origin of each fact: the requests and reports that state it.

use eligibility::facts::FactName;

/// A request or report that makes a fact known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The request or report, in words.
    pub request: &'static str,
    /// The public page that documents it.
    pub source: &'static str,
}

const REPORTS: &str = "https://learn.microsoft.com/en-us/mem/intune/fundamentals/reports-export-graph-available-reports";
const MANAGED_DEVICE: &str =
    "https://learn.microsoft.com/en-us/graph/api/resources/intune-devices-manageddevice";

/// Returns the requests and reports that make a fact known, the most telling first; nothing for a
/// fact that no request and no report of Intune states.
///
/// ```
/// use eligibility::facts::FactName;
///
/// assert!(inventory::origins(FactName::Management)[0].request.contains("deviceEnrollmentType"));
/// assert_eq!(inventory::origins(FactName::ResetToken), []);
/// ```
pub fn origins(fact: FactName) -> &'static [Origin] {
    const fn property(request: &'static str) -> Origin {
        Origin { request, source: MANAGED_DEVICE }
    }
    match fact {
        FactName::Platform => const { &[property("Graph managedDevices, `operatingSystem`")] },
        FactName::Management => {
            const {
                &[
                    Origin {
                        request: "Graph beta managedDevices, `deviceEnrollmentType` (v1.0 hides the \
                              modes of Android)",
                        source: "https://learn.microsoft.com/en-us/graph/api/resources/intune-shared-deviceenrollmenttype?view=graph-rest-beta",
                    },
                    Origin {
                        request: "the portal's device export, `OS` and the column `EnrollmentType`, \
                              which has to be selected",
                        source: REPORTS,
                    },
                ]
            }
        }
        FactName::OsVersion => const { &[property("Graph managedDevices, `osVersion`")] },
        FactName::Ownership => {
            const { &[property("Graph managedDevices, `managedDeviceOwnerType`")] }
        }
        FactName::Supervised => const { &[property("Graph managedDevices, `isSupervised`")] },
        FactName::Encrypted => const { &[property("Graph managedDevices, `isEncrypted`")] },
        FactName::ManagementState => {
            const { &[property("Graph managedDevices, `managementState`")] }
        }
        FactName::UnlockToken => {
            const { &[Origin { request: "the report `Devices`, `HasUnlockToken`", source: REPORTS }] }
        }
        FactName::AzureAdJoined => {
            const { &[Origin { request: "the portal's device export, `JoinType`", source: REPORTS }] }
        }
        FactName::PasscodeRequired | FactName::PasscodeSet | FactName::ResetToken => &[],
    }
}
