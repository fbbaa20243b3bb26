//! The columns of Intune: its exports and reports, and Graph's `managedDevices`.
//!
//! Those that are read are in [`HEADERS`]; the others are listed here, so that a report can
//! distinguish a column that need not be read from one that is not understood. Sources: the tables
//! `DevicesWithInventory` and `Devices` of
//! <https://learn.microsoft.com/en-us/mem/intune/fundamentals/reports-export-graph-available-reports>,
//! a generator of demonstration data that imitates the portal's export, and the properties of
//! <https://learn.microsoft.com/en-us/graph/api/resources/intune-devices-manageddevice> in v1.0 and
//! beta.
//!
//! [`HEADERS`]: header::HEADERS

pub(crate) mod header;
pub(crate) mod management;
mod row;

use crate::spelling::Folded;
use eligibility::facts::Facts;

use crate::columns::Layout;
use crate::reader::records::Record;
use crate::row::Problem;
use header::{Column, column};

pub(crate) use row::is_ipad;

/// Columns that only Intune has.
const DISTINCTIVE: &[&str] = &[
    "Azure AD Device ID",
    "Azure AD registered",
    "Microsoft Entra Device ID",
    "Microsoft Entra registered",
    "EAS activated",
    "EAS activation ID",
    "EAS reason",
    "EAS status",
    "Last EAS sync time",
    "easDeviceId",
    "easActivationDateTime",
    "EasActivationStatus",
    "EasLastSyncSuccessUtc",
    "EasStateReason",
    "EasAccessState",
    "Compliance grace period expiration",
    "complianceGracePeriodExpirationDateTime",
    "InGracePeriodUntil",
    "Intune registered",
    "deviceRegistrationState",
    "Management name",
    "managedDeviceName",
    "managedDeviceOwnerType",
    "managementAgent",
    "ManagementAgents",
    "managementState",
    "Device state",
    "deviceEnrollmentType",
    "HasUnlockToken",
    "lastSyncDateTime",
    "enrolledDateTime",
    "Primary user UPN",
    "Primary user email address",
    "Primary user display name",
    "Management certificate expiration date",
    "GraphDeviceIsManaged",
    "PartnerFeaturesBitmask",
    "SCCMCoManagementFeatures",
    "MDMWinsOverGPStartTime",
    "StagedDeviceType",
    "deviceActionResults",
    "exchangeAccessState",
    "exchangeAccessStateReason",
    "exchangeLastSuccessfulSyncDateTime",
    "activationLockBypassCode",
    "configurationManagerClientEnabledFeatures",
    "deviceCategoryDisplayName",
];

/// Columns that others may have as well.
const OTHER: &[&str] = &[
    // The portal's export.
    "Enrollment date",
    "Manufacturer",
    "IMEI",
    "MEID",
    "Security patch level",
    "Wi-Fi MAC",
    "Subscriber carrier",
    "Total storage",
    "Free storage",
    "Category",
    "UserId",
    "WiFiIPv4Address",
    "WiFiSubnetID",
    "Compliance",
    "SkuFamily",
    "Phone number",
    "Jailbroken",
    "ICCID",
    "EID",
    "EthernetMAC",
    "CellularTechnology",
    "ProcessorArchitecture",
    "SystemManagementBIOSVersion",
    "TPMManufacturerId",
    "TPMManufacturerVersion",
    "ProductName",
    // The request names of the export, and the raw report.
    "CreatedDate",
    "ReferenceId",
    "EasID",
    "AndroidPatchLevel",
    "WifiMacAddress",
    "SubscriberCarrierNetwork",
    "StorageTotal",
    "StorageFree",
    "CategoryName",
    "CategoryId",
    "UPN",
    "UserEmail",
    "UserName",
    "CompliantState",
    "ComplianceState",
    "IsManaged",
    "CertExpirationDate",
    "ClientRegistrationStatus",
    "MDMStatus",
    "EnrolledByUser",
    "OSDescription",
    "EncryptionStatus",
    "SupervisedStatus",
    "PhoneNumberE164Format",
    "LastLoggedOnUserUPN",
    "UserApprovedEnrollment",
    "ExtendedProperties",
    "EntitySource",
    "PrimaryUser",
    "RetireAfterDatetime",
    "PartnerDeviceId",
    "EasActivationStatusString",
    // Graph's `managedDevice`.
    "aadRegistered",
    "androidSecurityPatchLevel",
    "assignmentFilterEvaluationStatusDetails",
    "autopilotEnrolled",
    "bootstrapTokenEscrowed",
    "chassisType",
    "chromeOSDeviceInfo",
    "cloudPcRemoteActionResults",
    "configurationManagerClientHealthState",
    "configurationManagerClientInformation",
    "detectedApps",
    "deviceCategory",
    "deviceCompliancePolicyStates",
    "deviceConfigurationStates",
    "deviceFirmwareConfigurationInterfaceManaged",
    "deviceHealthAttestationState",
    "deviceIdentityAttestationDetail",
    "emailAddress",
    "enrolledByUserPrincipalName",
    "enrollmentProfileName",
    "ethernetMacAddress",
    "freeStorageSpaceInBytes",
    "hardwareInformation",
    "logCollectionRequests",
    "lostModeState",
    "managedDeviceMobileAppConfigurationStates",
    "managementFeatures",
    "notes",
    "partnerReportedThreatState",
    "physicalMemoryInBytes",
    "preferMdmOverGroupPolicyAppliedDateTime",
    "remoteAssistanceSessionErrorDetails",
    "remoteAssistanceSessionUrl",
    "requireUserEnrollmentApproval",
    "roleScopeTagIds",
    "securityBaselineStates",
    "skuNumber",
    "specificationVersion",
    "supplementalDeviceDetails",
    "totalStorageSpaceInBytes",
    "udid",
    "userDisplayName",
    "userPrincipalName",
    "users",
    "usersLoggedOn",
    "windowsActiveMalwareCount",
    "windowsProtectionState",
    "windowsRemediatedMalwareCount",
    // The properties that PowerShell adds to each object of Graph.
    "AdditionalProperties",
];

/// Columns that every export of the portal has, and that decide.
pub(crate) const USUAL: [(Column, &str); 3] = [
    (Column::ManagedBy, "Managed by"),
    (Column::Ownership, "Ownership"),
    (Column::DeviceState, "Device state"),
];

/// Returns the facts of a row, with those that columns say that were added to it.
pub(super) fn read(
    layout: &Layout,
    record: &Record,
    odd: &mut Vec<usize>,
) -> Result<Facts, Problem> {
    row::read(layout, record, odd)
}

/// Returns true if only Intune has such a column.
pub(crate) fn is_distinctive(name: &str) -> bool {
    contains(DISTINCTIVE, name)
}

/// Returns true if Intune has such a column, read or not. `OData`'s own properties count.
pub(crate) fn is_known(name: &str) -> bool {
    column(name).is_some()
        || name.contains("@odata.")
        || is_distinctive(name)
        || contains(OTHER, name)
}

fn contains(names: &[&str], name: &str) -> bool {
    Folded::of(name).is_some_and(|name| names.iter().any(|known| name.is(known)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_listed_once() {
        let listed = DISTINCTIVE.iter().chain(OTHER);
        for (index, name) in listed.clone().enumerate() {
            let key = Folded::of(name);
            assert!(key.is_some(), "{name}");
            let twice = listed.clone().skip(index + 1).find(|other| Folded::of(other) == key);
            assert_eq!(twice, None, "{name}");
        }
        assert!(OTHER.iter().all(|name| column(name).is_none()));
    }
}
