use super::*;
use crate::reader::Reader;

/// Returns the use of the columns under a header: those that are read, those that are known and not
/// read, and those that are not understood; or why the table is refused.
fn used(purpose: Purpose, header: &str) -> String {
    let file = format!("{header}\n");
    let reader = match Reader::open_for(purpose, file.as_bytes()) {
        Ok(reader) => reader,
        Err(error) => return error.to_string(),
    };
    let columns = reader.columns();
    let known = |name: &&String| !columns.not_understood.contains(name);
    let ignored: Vec<_> = columns.ignored.iter().filter(known).cloned().collect();
    let parts = [&columns.recognised, &ignored, &columns.not_understood];
    let mut words = vec![format!("{:?}", reader.format())];
    words.extend(parts.iter().map(|part| part.join(",")));
    words.extend(reader.layout().join_keys().iter().map(|key| key.as_str().to_owned()));
    words.join(" | ")
}

/// Headers, and the use of their columns or why they are refused.
const HEADERS_OF_INVENTORIES: &[(&str, &str)] = &[
    (
        "Device ID,OS,OS version,Model,Managed by,Ownership,Device state,Category,Notes2,",
        "Portal | Device ID,OS,OS version,Model,Managed by,Ownership,Device state | Category, | Notes2",
    ),
    ("OS,Ownership,Managed by,x,y,z,w", "Portal | OS,Ownership,Managed by |  | x,y,z,w"),
    (
        "OS,x,y",
        "found a table with one column of an inventory (`OS`) beside 2 that are not understood, expected a device inventory",
    ),
    (
        "OS,OS version,x,y,z",
        "found a table without `Managed by`, `Ownership` and `Device state`, but with columns that are not understood (`x`, `y`, `z`), expected a device inventory",
    ),
    (
        "OS,OS version,x,y,z,w",
        "found a table without `Managed by`, `Ownership` and `Device state`, but with columns that are not understood (`x`, `y`, `z`, `w`), expected a device inventory",
    ),
    (
        "OS,OS version,x,y,z,w,v",
        "found a table with few columns of an inventory (`OS`, `OS version`) beside 5 that are not understood, expected a device inventory",
    ),
    ("OS,OS version,x,y,z,w,Device state", "Portal | OS,OS version,Device state |  | x,y,z,w"),
    (
        "OS,OS version,Model,x,y",
        "found a table without a column of Intune's own, but with columns that are not understood (`x`, `y`), expected a device inventory",
    ),
    (
        "Device Type,OS,Manufacturer,Serial Number,Last Contact,System Name",
        "found a table without a column of Intune's own, but with columns that are not understood (`System Name`), expected a device inventory",
    ),
    ("OS,Serial number,Note", "Portal | OS,Serial number |  | Note"),
    (
        "Device name,OS,OS version,Serial number,Site",
        "Portal | Device name,OS,OS version,Serial number |  | Site",
    ),
    ("OS,OS version,Model,JoinType,x,y", "Portal | OS,OS version,Model,JoinType |  | x,y"),
    ("Device ID,OS,OS version,x,y", "Portal | Device ID,OS,OS version |  | x,y"),
    (
        "Device name,Platform,OS version,Model",
        "found a table with a column `Platform`, which no export of Intune has, expected a device inventory",
    ),
    (
        "OS,OS version,Model,x,y,z",
        "found a table without `Managed by`, `Ownership` and `Device state`, but with columns that are not understood (`x`, `y`, `z`), expected a device inventory",
    ),
    (
        "Device ID,Device name",
        "found a table with other columns (`Device ID`, `Device name`), expected a device inventory",
    ),
    (
        "Device ID,Supervised",
        "found a table without a platform column (`Device ID`, `Supervised`), expected a device inventory",
    ),
    (
        "Model,OS version",
        "found a table without a platform column (`Model`, `OS version`), expected a device inventory",
    ),
    ("EnrollmentType,OS version", "Portal | EnrollmentType,OS version |  | "),
    ("EnrollmentType", "Portal | EnrollmentType |  | "),
    ("platform", "Tidy | platform |  | "),
    ("platform,os-version,x", "Tidy | platform,os-version |  | x"),
    (
        "platform,x",
        "found a table with one column of an inventory (`platform`) beside 1 that is not understood, expected a device inventory",
    ),
    ("platform,os-version,Model", "Tidy | platform,os-version | Model | "),
    ("management,os-version", "Tidy | management,os-version |  | "),
    (
        "os-version,reset-token",
        "found a table without a platform column (`os-version`, `reset-token`), expected a device inventory",
    ),
    ("Device ID,platform", "Tidy | Device ID,platform |  | "),
    (
        "device-id,Device ID,platform,serial-number",
        "Tidy | device-id,platform,serial-number | Device ID | ",
    ),
    ("device-id,platform,OS", "Portal | device-id,platform,OS |  | "),
    (
        "platform,OS version,x",
        "found a table with few columns of an inventory (`platform`, `OS version`) beside 1 that is not understood, expected a device inventory",
    ),
    (
        "platform,Supervised,x",
        "found a table with few columns of an inventory (`platform`, `Supervised`) beside 1 that is not understood, expected a device inventory",
    ),
    ("platform,Supervised,Device state,x", "Portal | platform,Supervised,Device state |  | x"),
    ("platform,Supervised,reset-token,x", "Portal | platform,Supervised,reset-token |  | x"),
    (
        "Device ID,OS,reset-token,Passcode required,os-version,Management",
        "Portal | Device ID,OS,reset-token,Passcode required,os-version |  | Management",
    ),
    ("Device ID,OS,ownership,encrypted", "Portal | Device ID,OS,ownership,encrypted |  | "),
    ("Device ID,OS,Ownership,ownership", "Portal | Device ID,OS,Ownership,ownership |  | "),
    ("Device ID,OS,Encrypted,encrypted", "Portal | Device ID,OS,Encrypted,encrypted |  | "),
    ("Id,Device ID,OS", "Portal | Device ID,OS | Id | "),
    (
        "Device ID,device id,OS",
        "found a header that names `device id` twice, as columns 1 and 2, expected a device inventory",
    ),
    ("DeviceType,OS,operatingSystem", "Portal | DeviceType,OS | operatingSystem | "),
    ("ManagementAgents,ManagementAgent,OS", "Portal | ManagementAgent,OS | ManagementAgents | "),
    ("OwnerType,managedDeviceOwnerType,OS", "Portal | OwnerType,OS | managedDeviceOwnerType | "),
    (
        "OwnerType,Owner type,OS,Ownership",
        "found a header that names `Owner type` twice, as columns 1 and 2, expected a device inventory",
    ),
    ("LastContact,lastSyncDateTime,OS", "Portal | LastContact,OS | lastSyncDateTime | "),
    (
        "OS,Gerätestatus,Verwaltet von",
        "found a table whose column names are in another language (`Gerätestatus`, `Verwaltet von`), expected a device inventory",
    ),
    (
        "OS,Gerätestatus",
        "found a table with one column of an inventory (`OS`) beside 1 that is not understood, expected a device inventory",
    ),
    (
        "OS,Gerätestatus,Verwaltet von,Ownership,Device state",
        "found a table whose column names are in another language (`Verwaltet von`), expected a device inventory",
    ),
    (
        "OS,Gerätestatus,Verwaltungseinheit,Ownership,Device state",
        "Portal | OS,Ownership,Device state |  | Gerätestatus,Verwaltungseinheit",
    ),
    (
        "OS,Gerätestatus,Verwaltet von,Ownership",
        "found a table whose column names are in another language (`Gerätestatus`, `Verwaltet von`), expected a device inventory",
    ),
    (
        "OS,Gerätestatus,Verwaltet von,Device state,platform",
        "found a table whose column names are in another language (`Gerätestatus`, `Verwaltet von`), expected a device inventory",
    ),
    (
        "Betriebssystem,Gerätestatus,Device ID",
        "found a table whose column names are in another language (`Betriebssystem`, `Gerätestatus`), expected a device inventory",
    ),
    (
        "Betriebssystem,Device ID",
        "found a table with other columns (`Betriebssystem`, `Device ID`), expected a device inventory",
    ),
    (
        "Device ID;OS version",
        "found a table without a platform column (`Device ID`, `OS version`), expected a device inventory",
    ),
    (
        "Device ID|OS|OS version",
        "found a table whose cells are separated by `|`, expected a device inventory",
    ),
    (
        "Device ID:OS:OS version",
        "found a table whose cells are separated by `:`, expected a device inventory",
    ),
    ("- id: 17", "found a table with other columns (`- id: 17`), expected a device inventory"),
    (
        "OS,x",
        "found a table with one column of an inventory (`OS`) beside 1 that is not understood, expected a device inventory",
    ),
    (
        "OS,OS version,count_",
        "found a table of counts (`count_`), not of devices, expected a device inventory",
    ),
    ("Device ID,OS,OS version,Count", "Portal | Device ID,OS,OS version |  | Count"),
    (
        "platform,os-version,devices",
        "found a table of counts (`devices`), not of devices, expected a device inventory",
    ),
    (
        "Site,iOS/iPadOS,Android,Windows",
        "found a table of counts (`iOS/iPadOS`, `Android`, `Windows`), not of devices, expected a device inventory",
    ),
    (
        "17,iPad,iOS,16",
        "found a table without a header (`iPad` is a value), expected a device inventory",
    ),
    (
        "Device ID,Android,Owner",
        "found a table with other columns (`Device ID`, `Android`, `Owner`), expected a device inventory",
    ),
    (
        "\"Device ID,OS,OS version\"",
        "found a table whose lines are in quotes as a whole, expected a device inventory",
    ),
    (
        "Device ID   OS   OSVersion",
        "found a table as PowerShell shows it on the screen (`Device ID   OS   OSVersion`), expected a device inventory",
    ),
    (
        "DeviceID OS OSVersion",
        "found a table as PowerShell shows it on the screen (`DeviceID OS OSVersion`), expected a device inventory",
    ),
    (
        "Device ID : 17",
        "found a table as PowerShell shows it on the screen (`Device ID : 17`), expected a device inventory",
    ),
    (
        "17,Windows,10",
        "found a table without a header (`Windows` is a value), expected a device inventory",
    ),
    (
        "17,Amiga,2026-08-05",
        "found a table without a header (`2026-08-05` is a value), expected a device inventory",
    ),
    (
        "17,Amiga,Managed",
        "found a table without a header (`Managed` is a value), expected a device inventory",
    ),
    (
        "17,Amiga,5",
        "found a table with other columns (`17`, `Amiga`, `5`), expected a device inventory",
    ),
    (
        "17,Amiga,windowsAutoEnrollment",
        "found a table without a header (`windowsAutoEnrollment` is a value), expected a device inventory",
    ),
    (
        "5c2d7b6e-31f4-4a63-9d2f-6a8a3c0a9b11,x",
        "found a table without a header (`5c2d7b6e-31f4-4a63-9d2f-6a8a3c0a9b11` is a value), expected a device inventory",
    ),
    (
        "5c2d7b6e-31f4-4a63-9d2f-6a8a3c0a9b1,x",
        "found a table with other columns (`5c2d7b6e-31f4-4a63-9d2f-6a8a3c0a9b1`, `x`), expected a device inventory",
    ),
    (
        "5c2d7b6e-31f4-4a63-9d2f-6a8a3c0a9b1x,x",
        "found a table with other columns (`5c2d7b6e-31f4-4a63-9d2f-6a8a3c0a9b1x`, `x`), expected a device inventory",
    ),
    (
        "Name,Street,City,Country,Phone,Fax",
        "found a table with other columns (`Name`, `Street`, `City`, `Country`, `Phone`), expected a device inventory",
    ),
    ("devices[OS],[OS version],devices[Device ID]", "Portal | OS,OS version,Device ID |  | "),
    ("DeviceId,OS,LastContact [UTC]", "Portal | DeviceId,OS,LastContact |  | "),
    ("Device ID \u{25b2},OS,OS version \u{2713}", "Portal | Device ID,OS,OS version |  | "),
    ("\"Device\nID\",\"OS\n\",\"OS\r\n version\"", "Portal | Device ID,OS,OS  version |  | "),
];

#[test]
fn headers_of_inventories_are_recognised_or_refused() {
    for (header, expected) in HEADERS_OF_INVENTORIES {
        assert_eq!(used(Purpose::Inventory, header), *expected, "{header}");
    }
}

#[test]
fn headers_of_facts_files_are_recognised_or_refused() {
    for (header, expected) in [
        ("Device ID,reset-token", "Tidy | Device ID,reset-token |  |  | device id"),
        (
            "Serial number,Reset token,Other",
            "Tidy | Serial number,Reset token |  | Other | serial number",
        ),
        (
            "Serial,OS version,HasUnlockToken",
            "Portal | Serial,OS version,HasUnlockToken |  |  | serial number",
        ),
        ("Name,Device ID,platform", "Tidy | Device ID,platform |  | Name | device id"),
        (
            "Device name,Serial,Device ID,platform",
            "Tidy | Serial,Device ID,platform | Device name |  | device id | serial number",
        ),
        (
            "Host name,Serial number,platform",
            "Tidy | Host name,Serial number,platform |  |  | serial number | device name",
        ),
        (
            "Device name,Device ID,platform",
            "Tidy | Device name,Device ID,platform |  |  | device id | device name",
        ),
        ("ID,Device name,platform", "Tidy | Device name,platform | ID |  | device name"),
        ("ID,platform", "Tidy | ID,platform |  |  | device id"),
        ("Name,platform,x", "Tidy | Name,platform |  | x | device name"),
        (
            "Computer name,Host name,platform",
            "Tidy | Computer name,platform |  | Host name | device name",
        ),
        (
            "Device name,Device name,platform",
            "found a header that names `Device name` twice, as columns 1 and 2, expected a device inventory",
        ),
        (
            "reset-token,platform",
            "found a table without a column that names devices (`reset-token`, `platform`), expected facts about devices",
        ),
        (
            "Device ID,x",
            "found a table without a column that is named after a fact (`Device ID`, `x`), expected facts about devices",
        ),
        (
            "Device ID,Model",
            "found a table without a column that is named after a fact (`Device ID`, `Model`), expected facts about devices",
        ),
        (
            "Device ID,Serial number,OS,Supervised,supervised,ownership,Ownership",
            "found a header that names `supervised` twice, as columns 4 and 5, expected a device inventory",
        ),
        (
            "Device ID,platform,Platform",
            "found a header that names `Platform` twice, as columns 2 and 3, expected a device inventory",
        ),
        ("Device ID,OS,platform", "Tidy | Device ID,platform | OS |  | device id"),
        (
            "managedDeviceId,Id,encrypted,IsEncrypted",
            "Tidy | managedDeviceId,encrypted | Id,IsEncrypted |  | device id",
        ),
    ] {
        assert_eq!(used(Purpose::Facts, header), expected, "{header}");
    }
}

#[test]
fn facts_that_were_added_are_beside_columns_that_say_them_or_may() {
    let beside = |header: &str| -> Vec<&str> {
        let cells: Vec<_> = header.split(',').collect();
        let (layout, _) = recognise(Purpose::Inventory, &cells).unwrap();
        let names = FactName::ALL.iter().filter(|fact| layout.is_beside(**fact));
        assert_eq!(layout.is_any_beside(), names.clone().count() > 0, "{header}");
        names.map(|fact| fact.as_str()).collect()
    };
    assert!(beside("OS,Ownership,reset-token").is_empty());
    assert!(beside("platform,ownership,management").is_empty());
    assert_eq!(beside("OS,Encrypted,encrypted,reset-token"), ["encrypted"]);
    assert_eq!(beside("EnrollmentType,OS version,platform,reset-token"), ["platform"]);
}
