//! The same fleet in other formats than the portal's.
//!
//! Every device is made as a row of the portal's export and then written in another way, so that
//! all formats say the same about it, as far as they can.

use std::io::{self, Write};
use std::ops::Range;

use eligibility::facts::{Fact, FactName, Facts, Management, ManagementState, Ownership, Platform};
use inventory::{Entry, Reader};
use serde::Serialize;

use crate::device::{self, COLUMNS, Cells};
use crate::rng::Rng;
use crate::{Options, as_io};
/// The number of devices on a page, Graph's usual default.
const PAGE: u64 = 1000;

/// A format to write a fleet in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// The CSV of the portal's export; see [`write_csv`](crate::write_csv).
    Portal,
    /// A CSV whose columns are facts.
    Tidy,
    /// The raw report `Devices`: a CSV with the number of each enum beside its word.
    Devices,
    /// Graph's `managedDevices` (beta), page after page. It has no word for device administrators
    /// and personally-owned work profiles.
    Graph,
    /// The same devices, one a line.
    Ndjson,
    /// The portal's columns as Apache Parquet, all of them texts.
    #[cfg(feature = "parquet")]
    Parquet,
}

/// Writes the fleet in a format, device by device, in memory that does not grow with it.
///
/// ```
/// use inventory::Reader;
/// use synthetic_fleet::{Format, Options, write};
///
/// let mut file = Vec::new();
/// write(Format::Graph, &Options::new(20, 1), &mut file)?;
/// let mut reader = Reader::open(file.as_slice())?;
/// while reader.next_entry()?.is_some() {}
/// assert_eq!(reader.counts().understood, 20);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// The error of `output`.
pub fn write(format: Format, options: &Options, output: impl Write + Send) -> io::Result<()> {
    match format {
        Format::Portal => crate::write_csv(options, output),
        Format::Tidy => write_tidy(options, output),
        Format::Devices => write_devices(options, output),
        Format::Graph => write_pages(options, output),
        Format::Ndjson => write_lines(options, output),
        #[cfg(feature = "parquet")]
        Format::Parquet => crate::parquet::write(options, output),
    }
}

/// The devices one after the other, each as its cells and as what a reader makes of them.
///
/// They are made and read a page at a time, so that a header is recognised once per page.
struct Fleet {
    seed: u64,
    /// The positions of the devices that are at hand.
    page: Range<u64>,
    cells: Vec<Cells>,
    facts: Vec<Facts>,
    current: usize,
}

impl Fleet {
    fn new(seed: u64) -> Self {
        Self { seed, page: 0..0, cells: Vec::new(), facts: Vec::new(), current: 0 }
    }

    /// Goes to the device at a position.
    fn make(&mut self, position: u64) -> io::Result<()> {
        if !self.page.contains(&position) {
            self.page = position..position + PAGE;
            self.fill()?;
        }
        self.current = usize::try_from(position - self.page.start).expect("a page is short");
        Ok(())
    }

    fn fill(&mut self) -> io::Result<()> {
        self.cells.resize_with(PAGE as usize, Cells::default);
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(COLUMNS).map_err(as_io)?;
        for (position, cells) in self.page.clone().zip(&mut self.cells) {
            device::fill(&mut Rng::new(self.seed, position), position, cells);
            writer.write_record(cells.record()).map_err(as_io)?;
        }
        let file = writer.into_inner().map_err(csv::IntoInnerError::into_error)?;
        let mut reader = Reader::open(file.as_slice()).map_err(io::Error::other)?;
        self.facts.clear();
        while let Some(entry) = reader.next_entry().map_err(io::Error::other)? {
            self.facts.push(match entry {
                Entry::Row(row) => row.facts,
                Entry::Rejected(_) => Facts::default(),
            });
        }
        Ok(())
    }

    /// Returns the facts of the device.
    fn facts(&self) -> &Facts {
        &self.facts[self.current]
    }

    /// Returns the text of a column.
    fn text(&self, column: &str) -> &str {
        let position = COLUMNS.iter().position(|name| *name == column);
        position.map(|position| &self.cells[self.current].record()[position]).unwrap_or_default()
    }
}

/// The columns of a tidy CSV that are no facts, and the portal's columns with the same content.
const TIDY_IDENTITY: [(&str, &str); 3] = [
    ("device-id", "Device ID"),
    ("device-name", "Device name"),
    ("last-check-in", "Last check-in"),
];

fn write_tidy(options: &Options, output: impl Write) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(output);
    let names = TIDY_IDENTITY.iter().map(|(name, _)| *name);
    let header = names.chain(FactName::ALL.iter().map(|fact| fact.as_str()));
    writer.write_record(header).map_err(as_io)?;
    let mut fleet = Fleet::new(options.seed);
    for position in 0..options.devices {
        fleet.make(position)?;
        for (_, column) in TIDY_IDENTITY {
            writer.write_field(fleet.text(column)).map_err(as_io)?;
        }
        for fact in FactName::ALL.iter().copied() {
            let text = fact.fact_text(fleet.facts().get(fact)).unwrap_or_default();
            writer.write_field(text).map_err(as_io)?;
        }
        writer.write_record(None::<&[u8]>).map_err(as_io)?;
    }
    writer.flush()
}

/// The columns of the raw report that say something here, in its order.
const DEVICES: [(&str, Cell); 20] = [
    ("DeviceId", Cell::Word("Device ID")),
    ("DeviceName", Cell::Word("Device name")),
    ("DeviceType", Cell::Number(device_type)),
    ("OwnerType", Cell::Number(owner_type)),
    ("LastContact", Cell::Word("Last check-in")),
    ("ManagementAgents", Cell::Agent),
    ("ManagementState", Cell::Number(management_state)),
    ("EnrollmentType", Cell::Blank),
    ("OSVersion", Cell::Word("OS version")),
    ("Model", Cell::Word("Model")),
    ("EncryptionStatus", Cell::Blank),
    ("SupervisedStatus", Cell::Blank),
    ("HasUnlockToken", Cell::Blank),
    ("ManagedBy", Cell::Word("Managed by")),
    ("Ownership", Cell::Word("Ownership")),
    ("DeviceState", Cell::Word("Device state")),
    ("SupervisedStatusString", Cell::Word("Supervised")),
    ("EncryptionStatusString", Cell::Word("Encrypted")),
    ("OS", Cell::Word("OS")),
    ("JoinType", Cell::Word("JoinType")),
];

/// The cell of a column of the raw report.
enum Cell {
    Blank,
    /// The text of the portal's column.
    Word(&'static str),
    Number(fn(&Facts) -> u16),
    Agent,
}

fn write_devices(options: &Options, mut output: impl Write) -> io::Result<()> {
    output.write_all(b"\xef\xbb\xbf")?;
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(output);
    writer.write_record(DEVICES.iter().map(|(name, _)| *name)).map_err(as_io)?;
    let mut fleet = Fleet::new(options.seed);
    for position in 0..options.devices {
        fleet.make(position)?;
        for (_, cell) in &DEVICES {
            let number;
            let text = match cell {
                Cell::Blank => "",
                Cell::Word(column) => fleet.text(column),
                Cell::Number(of) => {
                    number = of(fleet.facts()).to_string();
                    &number
                }
                Cell::Agent => agent(fleet.text("Managed by")).0,
            };
            writer.write_field(text).map_err(as_io)?;
        }
        writer.write_record(None::<&[u8]>).map_err(as_io)?;
    }
    writer.flush()
}

/// Returns the number of `deviceType`.
fn device_type(facts: &Facts) -> u16 {
    match facts.platform.known() {
        Some(Platform::Android) => match facts.management {
            Fact::Known(Management::PersonalWorkProfile) => 17,
            Fact::Known(
                Management::CorporateWorkProfile | Management::FullyManaged | Management::Dedicated,
            ) => 18,
            Fact::Known(Management::AospUserAssociated | Management::AospUserless) => 20,
            _ => 11,
        },
        Some(Platform::Ios) => 8,
        Some(Platform::Ipados) => 9,
        Some(Platform::Macos) => 14,
        Some(Platform::Windows) => 0,
        Some(Platform::WindowsPhone) => 4,
        Some(Platform::Linux) => 22,
        Some(Platform::Chromeos) => 21,
        Some(Platform::Visionos | Platform::Watchos | Platform::Tvos) | None => 255,
    }
}

/// Returns the number of `managedDeviceOwnerType`.
fn owner_type(facts: &Facts) -> u16 {
    match facts.ownership {
        Fact::Known(Ownership::Corporate) => 1,
        Fact::Known(Ownership::Personal) => 2,
        Fact::OneOf(_) | Fact::Unknown => 0,
    }
}

/// Returns the number of `managementState`.
fn management_state(facts: &Facts) -> u16 {
    match facts.management_state.known() {
        Some(ManagementState::Managed) => 0,
        Some(ManagementState::RetirePending) => 1,
        Some(ManagementState::WipePending) => 3,
        Some(ManagementState::Unhealthy) => 5,
        Some(ManagementState::DeletePending) => 6,
        None => 11,
    }
}

/// Returns the number and the name of `managementAgentType` for the generator's agents.
fn agent(word: &str) -> (&'static str, &'static str) {
    match word {
        "Intune" => ("2", "mdm"),
        "EAS" => ("1", "eas"),
        "ConfigMgr" => ("8", "configurationManagerClient"),
        _ => ("16", "unknown"),
    }
}

/// A device as Graph has it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ManagedDevice<'d> {
    id: &'d str,
    device_name: &'d str,
    managed_device_owner_type: &'static str,
    operating_system: &'static str,
    os_version: &'d str,
    is_supervised: Option<bool>,
    is_encrypted: Option<bool>,
    last_sync_date_time: String,
    management_agent: &'static str,
    device_enrollment_type: &'static str,
    management_state: &'static str,
    model: &'d str,
    join_type: &'static str,
    device_action_results: [(); 0],
}

impl Fleet {
    fn managed_device(&self) -> ManagedDevice<'_> {
        let state =
            ["managed", "retirePending", "", "wipePending", "", "unhealthy", "deletePending"];
        let date = self.text("Last check-in").replacen(' ', "T", 1);
        ManagedDevice {
            id: self.text("Device ID"),
            device_name: self.text("Device name"),
            managed_device_owner_type: ["unknown", "company", "personal"]
                [usize::from(owner_type(self.facts()))],
            operating_system: operating_system(self.facts()),
            os_version: self.text("OS version"),
            is_supervised: self.facts().supervised.known(),
            is_encrypted: self.facts().encrypted.known(),
            last_sync_date_time: format!("{date}Z"),
            management_agent: agent(self.text("Managed by")).1,
            device_enrollment_type: enrollment(self.facts()),
            management_state: state
                .get(usize::from(management_state(self.facts())))
                .unwrap_or(&"discovered"),
            model: self.text("Model"),
            join_type: match self.text("JoinType") {
                "Azure AD joined" => "azureADJoined",
                "Hybrid Azure AD joined" => "hybridAzureADJoined",
                "Azure AD registered" => "azureADRegistered",
                _ => "unknown",
            },
            device_action_results: [],
        }
    }
}

/// Returns the text of `operatingSystem`.
fn operating_system(facts: &Facts) -> &'static str {
    match facts.platform.known() {
        Some(Platform::Android) => "Android",
        Some(Platform::Ios) => "iOS",
        Some(Platform::Ipados) => "iPadOS",
        Some(Platform::Visionos) => "visionOS",
        Some(Platform::Watchos) => "watchOS",
        Some(Platform::Tvos) => "tvOS",
        Some(Platform::Macos) => "macOS",
        Some(Platform::Windows) => "Windows",
        Some(Platform::WindowsPhone) => "Windows Phone",
        Some(Platform::Linux) => "Linux",
        Some(Platform::Chromeos) => "ChromeOS",
        None => "",
    }
}

/// Returns the member of `deviceEnrollmentType`, for the modes that have one of their own.
fn enrollment(facts: &Facts) -> &'static str {
    match facts.management.known() {
        Some(Management::Dedicated) => "androidEnterpriseDedicatedDevice",
        Some(Management::FullyManaged) => "androidEnterpriseFullyManaged",
        Some(Management::CorporateWorkProfile) => "androidEnterpriseCorporateWorkProfile",
        Some(Management::AospUserAssociated) => "androidAOSPUserOwnedDeviceEnrollment",
        Some(Management::AospUserless) => "androidAOSPUserlessDeviceEnrollment",
        _ => "unknown",
    }
}

fn write_lines(options: &Options, mut output: impl Write) -> io::Result<()> {
    let mut fleet = Fleet::new(options.seed);
    for position in 0..options.devices {
        fleet.make(position)?;
        serde_json::to_writer(&mut output, &fleet.managed_device())?;
        output.write_all(b"\n")?;
    }
    output.flush()
}

/// The address of the invented devices.
const ADDRESS: &str = "https://graph.microsoft.com/beta/deviceManagement/managedDevices";

fn write_pages(options: &Options, mut output: impl Write) -> io::Result<()> {
    let mut fleet = Fleet::new(options.seed);
    let mut position = 0;
    loop {
        let context = "https://graph.microsoft.com/beta/$metadata#deviceManagement/managedDevices";
        write!(output, "{{\"@odata.context\":\"{context}\",\"value\":[")?;
        let end = options.devices.min(position + PAGE);
        for (index, position) in (position..end).enumerate() {
            output.write_all(if index == 0 { b"\n" } else { b",\n" })?;
            fleet.make(position)?;
            serde_json::to_writer(&mut output, &fleet.managed_device())?;
        }
        position = end;
        if position == options.devices {
            output.write_all(b"\n]}\n")?;
            return output.flush();
        }
        writeln!(output, "\n],\"@odata.nextLink\":\"{ADDRESS}?$skiptoken={position}\"}}")?;
    }
}
