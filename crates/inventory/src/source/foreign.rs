//! Lists of devices, or of something on devices, that are no Intune inventory.
//!
//! Most of them have a column `OS` or `platform` as well, so that a plan could be made of them; it
//! would be about devices that Intune may never have seen. Each list has a signature: columns that
//! it has and Intune's exports have not. Two of them, and more than there are of Intune's own, make
//! it that list; one does where nothing is Intune's own, unless someone may have
//! [added it](ADDABLE) to an inventory.

use std::collections::HashSet;

use crate::spelling::Folded;

use super::intune;

/// A list that is no inventory.
pub(crate) struct Foreign {
    /// Its description, for "found …".
    pub(crate) what: &'static str,
    /// The number of its columns that are enough.
    enough: usize,
    columns: &'static [&'static str],
}

/// Returns the lists that are refused by name: what each is, and its characteristic columns.
///
/// ```
/// let (what, columns) = inventory::other_lists().next().ok_or("none")?;
/// assert_eq!(what, "a list of apps on devices");
/// assert!(columns.contains(&"AppName"));
/// # Ok::<(), &str>(())
/// ```
pub fn other_lists() -> impl Iterator<Item = (&'static str, &'static [&'static str])> {
    FOREIGN.iter().map(|list| (list.what, list.columns))
}

/// Returns two characteristic columns of another product.
const fn list(what: &'static str, columns: &'static [&'static str]) -> Foreign {
    Foreign { what, enough: 2, columns }
}

/// Returns a report of Intune itself with a row for something else: one column is enough, because
/// its rows are no devices.
const fn report(what: &'static str, columns: &'static [&'static str]) -> Foreign {
    Foreign { what, enough: 1, columns }
}

/// The lists, more particular ones first.
pub(crate) const FOREIGN: &[Foreign] = &[
    // Reports `AppInvRawData`, `DeviceInstallStatusByApp`, `DevicePoliciesComplianceReport` and
    // `DevicePolicySettingsComplianceReport` of
    // https://learn.microsoft.com/en-us/mem/intune/fundamentals/reports-export-graph-available-reports
    report("a list of apps on devices", &["ApplicationName", "ApplicationId", "AppName"]),
    report("a list of policies on devices", &["PolicyName", "PolicyId"]),
    report("a list of settings on devices", &["SettingName", "SettingId"]),
    // Reports `MAMAppProtectionStatus` and `MAMAppConfigurationStatus` of the same page.
    report(
        "a list of protected apps on devices",
        &["AppProtectionStatus", "AppInstanceId", "SdkVersion", "MDMDeviceID"],
    ),
    // Reports `ActiveMalware`, `AllDeviceCertificates` and `DeviceEnrollmentFailures` of the same
    // page, and Graph's `enrollmentTroubleshootingEvent`.
    report("a list of malware on devices", &["MalwareName", "MalwareId", "MalwareCategory"]),
    report("a list of certificates on devices", &["Thumbprint", "CertificateStatus"]),
    report(
        "a list of enrolments that failed",
        &[
            "FailureReason",
            "FailureCategory",
            "FailureGuid",
            "EnrollmentFailureDateTime",
            "Failure",
        ],
    ),
    // Graph's `deviceActionResult`, `remoteActionAudit` and `auditEvent`:
    // https://learn.microsoft.com/en-us/graph/api/resources/intune-devices-deviceactionresult,
    // .../intune-devices-remoteactionaudit and .../intune-auditing-auditevent. A device has as many
    // of them as were asked for.
    list(
        "a list of actions on devices",
        &[
            "actionName",
            "actionState",
            "Action",
            "initiatedByUserPrincipalName",
            "Initiated by",
            "requestDateTime",
            "deviceActionCategory",
            "deviceOwnerUserPrincipalName",
            "activityDateTime",
            "activityType",
            "activityOperationType",
            "activityResult",
        ],
    ),
    // https://learn.microsoft.com/en-us/entra/identity/devices/manage-device-identities (the
    // columns of "Download devices"), https://learn.microsoft.com/en-us/graph/api/resources/device,
    // and `Get-AzureADDevice` and `Get-MsolDevice`, which came before.
    list(
        "a device list of the directory (Entra ID), not of Intune",
        &[
            "accountEnabled",
            "displayName",
            "operatingSystemVersion",
            "joinType (trustType)",
            "trustType",
            "profileType",
            "approximateLastSignInDateTime",
            "registrationTime",
            "registrationDateTime",
            "registeredOwners",
            "mdmDisplayName",
            "mdmAppId",
            "systemLabels",
            "alternativeSecurityIds",
            "physicalIds",
            "deviceOwnership",
            "onPremisesSyncEnabled",
            "isCompliant",
            "DeviceOSType",
            "DeviceOSVersion",
            "DeviceTrustType",
            "DeviceTrustLevel",
            "DeviceObjectVersion",
            "DevicePhysicalIds",
            "DirSyncEnabled",
            "ApproximateLastLogonTimeStamp",
        ],
    ),
    // https://learn.microsoft.com/en-us/defender-endpoint/api/machine,
    // https://learn.microsoft.com/en-us/defender-endpoint/machines-view-overview (the portal), and
    // https://learn.microsoft.com/en-us/defender-xdr/advanced-hunting-deviceinfo-table
    list(
        "a device list of Microsoft Defender, not of Intune",
        &[
            "computerDnsName",
            "osPlatform",
            "osDistribution",
            "osBuild",
            "osProcessor",
            "osArchitecture",
            "healthStatus",
            "healthState",
            "riskScore",
            "riskLevel",
            "exposureLevel",
            "onboardingStatus",
            "sensorHealthState",
            "rbacGroupName",
            "machineTags",
            "machineGroup",
            "aadDeviceId",
            "isAadJoined",
            "isAzureADJoined",
            "lastIpAddress",
            "lastExternalIpAddress",
            "defenderAvStatus",
            "antivirusStatus",
            "Windows 10 Version",
            "Last device update",
        ],
    ),
    // https://learn.microsoft.com/en-us/autopilot/add-devices and
    // https://learn.microsoft.com/en-us/graph/api/resources/intune-enrollment-windowsautopilotdeviceidentity
    list(
        "a list of Windows Autopilot devices, which need not be enrolled",
        &[
            "Device Serial Number",
            "Windows Product ID",
            "Hardware Hash",
            "Group Tag",
            "Assigned User",
            "Profile status",
            "Purchase order",
            "purchaseOrderIdentifier",
            "deploymentProfileAssignmentStatus",
            "deploymentProfileAssignedDateTime",
            "addressableUserName",
            "azureActiveDirectoryDeviceId",
            "enrollmentState",
            "productKey",
        ],
    ),
    // https://learn.microsoft.com/en-us/graph/api/resources/intune-enrollment-importedappledeviceidentity
    // and .../intune-enrollment-importeddeviceidentity
    list(
        "a list of imported device identities, which need not be enrolled",
        &[
            "importedDeviceIdentifier",
            "importedDeviceIdentityType",
            "requestedEnrollmentProfileId",
            "requestedEnrollmentProfileAssignmentDateTime",
            "discoverySource",
            "isSupervisedByDep",
        ],
    ),
    // https://learn.microsoft.com/en-us/graph/api/resources/cloudpc
    list(
        "a list of Windows 365 Cloud PCs",
        &[
            "provisioningPolicyId",
            "provisioningPolicyName",
            "servicePlanId",
            "servicePlanName",
            "onPremisesConnectionName",
            "gracePeriodEndDateTime",
        ],
    ),
    // The system view v_R_System and the console's device list:
    // https://learn.microsoft.com/en-us/mem/configmgr/develop/core/understand/sqlviews/discovery-views-configuration-manager
    // and
    // https://learn.microsoft.com/en-us/mem/configmgr/develop/reference/core/clients/manage/sms_combineddeviceresources-server-wmi-class
    list(
        "a device list of Configuration Manager, not of Intune",
        &[
            "ResourceID",
            "Netbios_Name0",
            "Operating_System_Name_and0",
            "SMS_Unique_Identifier0",
            "Client0",
            "Client_Version0",
            "SMSID",
            "SMSUniqueIdentifier",
            "NetbiosName",
            "Site Code",
            "ADSiteName",
            "ClientVersion",
            "Client Activity",
            "ClientActiveStatus",
            "ClientCheckPass",
            "Primary User(s)",
            "Currently Logged on User",
        ],
    ),
    // https://developer.jamf.com/jamf-pro/reference/computers-inventory and the columns of Jamf
    // Pro's inventory displays, for instance `Packs/jamf` of https://github.com/demisto/content.
    list(
        "a device list of Jamf Pro",
        &[
            "Last Inventory Update",
            "Asset Tag",
            "iOS Version",
            "macOS Version",
            "tvOS Version",
            "Operating System Version",
            "Device Ownership Level",
            "Computer Name",
            "JSS Computer ID",
            "JSS Mobile Device ID",
            "Jamf Pro Computer ID",
            "Jamf Pro Mobile Device ID",
            "Jamf Pro Management ID",
            "Managed",
            "PreStage Enrollment",
            "Enrollment Method: PreStage enrollment",
            "Last Enrollment",
            "Model Identifier",
            "FileVault 2 Status",
            "mobileDeviceId",
            "lastInventoryUpdateDate",
        ],
    ),
    // `Packs/VMwareWorkspaceONEUEM` of https://github.com/demisto/content (the properties of its
    // API), and the columns of its device list view.
    list(
        "a device list of Workspace ONE UEM (AirWatch)",
        &[
            "Friendly Name",
            "Organization Group",
            "Enrollment Status",
            "Compliance Status",
            "Last Seen",
            "DeviceFriendlyName",
            "LocationGroupId",
            "LocationGroupName",
            "PlatformId",
            "ModelId",
            "AssetNumber",
            "DeviceReportedName",
            "EnrolledDate",
            "LastEnrolledOn",
        ],
    ),
    // https://developers.google.com/admin-sdk/directory/reference/rest/v1/mobiledevices and
    // .../chromeosdevices, https://cloud.google.com/identity/docs/reference/rest/v1/devices, and
    // the columns of https://support.google.com/a/answer/1734200.
    list(
        "a device list of Google Workspace",
        &[
            "First Sync",
            "Last Sync",
            "Privilege",
            "Management level",
            "deviceCompromisedStatus",
            "devicePasswordStatus",
            "supportsWorkProfile",
            "hardwareId",
            "resourceId",
            "annotatedUser",
            "annotatedAssetId",
            "annotatedLocation",
            "orgUnitPath",
            "bootMode",
            "platformVersion",
            "firmwareVersion",
            "autoUpdateExpiration",
            "lastEnrollmentTime",
            "compromisedState",
            "passwordState",
            "createTime",
            "lastSyncTime",
        ],
    ),
    // https://fleetdm.com/docs/rest-api/rest-api ("List hosts", which also gives CSV) and the
    // tables `system_info`, `os_version` and `osquery_info` of https://osquery.io/schema.
    list(
        "a host list of Fleet or osquery",
        &[
            "hostname",
            "osquery_version",
            "platform_like",
            "detail_updated_at",
            "label_updated_at",
            "policy_updated_at",
            "software_updated_at",
            "last_enrolled_at",
            "seen_time",
            "team_id",
            "team_name",
            "fleet_id",
            "mdm.enrollment_status",
            "mdm.server_url",
            "mdm.name",
            "hardware_vendor",
            "hardware_model",
            "hardware_serial",
            "orbit_version",
            "config_tls_refresh",
            "computer_name",
            "node_key",
            "host_identifier",
        ],
    ),
    // `docs/ListDevices200ResponseInner.md` of https://github.com/MScottBlake/kandji-python-sdk
    list(
        "a device list of Kandji (Iru)",
        &[
            "blueprint_id",
            "blueprint_name",
            "Blueprint",
            "mdm_enabled",
            "agent_installed",
            "agent_version",
            "is_missing",
            "is_removed",
            "first_enrollment",
            "last_enrollment",
            "lost_mode_status",
        ],
    ),
    // The columns of `listdevices`, for instance in https://github.com/munkireport/mosyle.
    list(
        "a device list of Mosyle",
        &[
            "deviceudid",
            "date_last_beat",
            "date_last_push",
            "date_app_info",
            "date_info",
            "date_enroll",
            "last_ip_beat",
            "last_lan_ip",
            "lostmode_status",
            "isActivationLockEnabled",
            "needosupdate",
            "device_model",
            "displayName",
            "total_disk",
            "available_disk",
        ],
    ),
    // `FakeJSON.java` of https://github.com/antoniobust/Cyclops has whole devices.
    list(
        "a device list of SOTI MobiControl",
        &[
            "DeviceUserInfo",
            "ExchangeBlocked",
            "ExchangeStatus",
            "CarrierSettingsVersion",
            "BluetoothMACAddress",
            "DataRoamingEnabled",
            "BatteryStatus",
        ],
    ),
    // https://developer.cisco.com/meraki/api-v1/get-network-sm-devices/
    list(
        "a device list of Meraki Systems Manager",
        &[
            "osName",
            "systemModel",
            "systemType",
            "hasChromeMdm",
            "quarantined",
            "autoTags",
            "lastConnected",
            "ownerEmail",
            "ownerUsername",
            "publicIp",
        ],
    ),
    // The tables `tblAssets` and `tsysAssetTypes`:
    // https://community.lansweeper.com/t5/database-documentation/ct-p/database-documentation
    list(
        "an asset list of Lansweeper",
        &[
            "AssetID",
            "AssetName",
            "AssetTypename",
            "AssetTypeIcon10",
            "AssetTypeIcon16",
            "Lastseen",
            "Lasttried",
            "Firstseen",
            "IPAddress",
            "OScode",
            "OSname",
            "IPLocation",
            "Statename",
        ],
    ),
    // https://snipe-it.readme.io/reference/hardware-list and its asset report.
    list(
        "an asset list of Snipe-IT",
        &[
            "Asset Tag",
            "Asset Name",
            "Checked Out",
            "Checked Out To",
            "Checkout Date",
            "Purchase Date",
            "Purchase Cost",
            "Order Number",
            "Default Location",
            "status_label",
            "assigned_to",
            "warranty_months",
        ],
    ),
    // As a program that sorts exports by their headers knows it:
    // https://github.com/search?q=%22Addigy+Splashtop+Installed%22&type=code
    list(
        "a device list of Addigy",
        &["Agent Version", "Activation Lock Enabled", "Addigy Splashtop Installed", "agentid"],
    ),
    // https://api.simplemdm.com/#devices
    list(
        "a device list of SimpleMDM",
        &[
            "dep_enrolled",
            "dep_assigned",
            "passcode_compliant",
            "last_seen_ip",
            "passcode_compliant_with_profiles",
            "is_user_approved_enrollment",
        ],
    ),
    // https://docs.jumpcloud.com/api/1.0/index.html ("Systems")
    list(
        "a device list of JumpCloud",
        &[
            "osFamily",
            "agentVersion",
            "allowSshRootLogin",
            "systemTimezone",
            "templateName",
            "osVersionDetail",
            "remoteIP",
        ],
    ),
    // https://developer.apple.com/documentation/applebusinessmanagerapi/orgdevice
    list(
        "a device list of Apple Business or School Manager",
        &[
            "productFamily",
            "deviceCapacity",
            "orderNumber",
            "orderDateTime",
            "addedToOrgDateTime",
            "purchaseSourceType",
            "releasedFromOrgDateTime",
        ],
    ),
];

/// Names in the lists that someone may as well have added to an inventory.
const ADDABLE: &[&str] = &[
    "aadDeviceId",
    "Action",
    "AssetID",
    "AssetName",
    "AssetNumber",
    "Asset Tag",
    "Assigned User",
    "assigned_to",
    "Agent Version",
    "Checked Out To",
    "Compliance Status",
    "Computer Name",
    "Default Location",
    "device_model",
    "displayName",
    "EnrolledDate",
    "Enrollment Status",
    "Firstseen",
    "Group Tag",
    "healthStatus",
    "Hostname",
    "IPAddress",
    "Last Enrollment",
    "Last Seen",
    "Last Sync",
    "lastSyncTime",
    "Managed",
    "Model Identifier",
    "ModelId",
    "Order Number",
    "osBuild",
    "osName",
    "ownerEmail",
    "Primary User(s)",
    "Purchase Cost",
    "Purchase Date",
    "Purchase order",
    "riskLevel",
    "riskScore",
    "Site Code",
    "team_id",
    "team_name",
    "warranty_months",
];

/// Returns true if someone may have added such a column to an inventory.
fn is_addable(name: &&str) -> bool {
    Folded::of(name).is_some_and(|name| ADDABLE.iter().any(|added| name.is(added)))
}

/// Returns true for punctuation that joins words to something new.
fn is_apart(letter: char) -> bool {
    matches!(letter, '/' | '-' | ':')
}

/// Returns the list that columns belong to, with the columns that say so.
pub(crate) fn recognise<'c>(cells: &[&'c str]) -> Option<(&'static Foreign, Vec<&'c str>)> {
    let own = cells.iter().filter(|cell| intune::is_distinctive(cell)).count();
    let names: Vec<_> = cells.iter().filter_map(|cell| Some((*cell, Folded::of(cell)?))).collect();
    let hits = |list: &Foreign| -> Vec<&'c str> {
        let known = |(_, name): &&(&str, Folded)| list.columns.iter().any(|column| name.is(column));
        let mut hits: Vec<&str> = names.iter().filter(known).map(|(cell, _)| *cell).collect();
        // A value that occurs many times in a first line is one name.
        let mut seen = HashSet::new();
        hits.retain(|hit| seen.insert(*hit));
        hits
    };
    let counted = FOREIGN.iter().map(|list| (list, hits(list)));
    let found = counted.filter(|(list, hits)| {
        // A report of Intune has Intune's own columns beside its own.
        match hits.as_slice() {
            [] => false,
            _ if list.enough == 1 => true,
            // `Operating system/version` is no `operatingSystemVersion`.
            [one] => own == 0 && !is_addable(one) && !one.contains(is_apart),
            // Nor do two that anyone may have added.
            [one, other] if is_addable(one) && is_addable(other) => false,
            several => several.len() > own,
        }
    });
    // Of two that fit, the one with more columns; of equals, the first.
    found.reduce(|best, next| if next.1.len() > best.1.len() { next } else { best })
}

#[cfg(test)]
mod tests;
