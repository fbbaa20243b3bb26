//! The same fleet in other formats than the portal's.
//!
//! Every device is made as a row of the portal's export and then said in another way, so that all
//! formats say the same of it, as far as they can.

use std::io::{self, Write};

use eligibility::facts::{Fact, FactName, Facts, Management, ManagementState, Ownership, Platform};
use serde::Serialize;

use super::device::{self, COLUMNS, Cells};
use super::dice::Dice;
use super::{Options, as_io};
use crate::columns::{self, Layout, TIDY_IDENTITY};
use crate::reader::facts;
use crate::reader::records::Record;
use crate::spelling::header::Column;

/// How many devices a page has, as Graph sends them by default to most who ask.
const PAGE: u64 = 1000;

/// A format to write a fleet in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// The CSV of the portal's export; see [`write_csv`](super::write_csv).
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
/// use inventory::generate::{Format, Options, write};
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
        Format::Portal => super::write_csv(options, output),
        Format::Tidy => write_tidy(options, output),
        Format::Devices => write_devices(options, output),
        Format::Graph => write_pages(options, output),
        Format::Ndjson => write_lines(options, output),
        #[cfg(feature = "parquet")]
        Format::Parquet => super::parquet::write(options, output),
    }
}

/// Makes the devices one after the other.
struct Fleet {
    seed: u64,
    cells: Cells,
    record: Record,
    layout: Layout,
    facts: Facts,
}

impl Fleet {
    fn new(seed: u64) -> Self {
        let (layout, _) = columns::recognise(&COLUMNS).expect("the generator's header is known");
        let (cells, record) = (Cells::default(), Record::default());
        Self { seed, cells, record, layout, facts: Facts::default() }
    }

    /// Makes the device at a position.
    fn make(&mut self, position: u64) {
        device::fill(&mut Dice::new(self.seed, position), position, &mut self.cells);
        self.record.fill(self.cells.record().iter().map(str::as_bytes));
        self.facts = facts::read(&self.layout, &self.record).unwrap_or_default();
    }

    /// The text of a column.
    fn text(&self, column: Column) -> &str {
        self.layout
            .column(column)
            .and_then(|position| self.cells.record().get(position))
            .unwrap_or_default()
    }
}

fn write_tidy(options: &Options, output: impl Write) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(output);
    let names = TIDY_IDENTITY.iter().map(|(name, _)| *name);
    let header = names.chain(FactName::ALL.iter().map(|kind| kind.as_str()));
    writer.write_record(header).map_err(as_io)?;
    let mut fleet = Fleet::new(options.seed);
    for position in 0..options.devices {
        fleet.make(position);
        for (_, column) in TIDY_IDENTITY {
            writer.write_field(fleet.text(column)).map_err(as_io)?;
        }
        for kind in FactName::ALL.iter().copied() {
            let value = fleet.facts.get(kind).known();
            let text = value.map(|value| kind.text(value)).unwrap_or_default();
            writer.write_field(text).map_err(as_io)?;
        }
        writer.write_record(None::<&[u8]>).map_err(as_io)?;
    }
    writer.flush()
}

/// The columns of the raw report that say something here, in its order.
const DEVICES: [(&str, Cell); 20] = [
    ("DeviceId", Cell::Word(Column::DeviceId)),
    ("DeviceName", Cell::Word(Column::DeviceName)),
    ("DeviceType", Cell::Number(device_type)),
    ("OwnerType", Cell::Number(owner_type)),
    ("LastContact", Cell::Word(Column::LastCheckIn)),
    ("ManagementAgents", Cell::Agent),
    ("ManagementState", Cell::Number(management_state)),
    ("EnrollmentType", Cell::Blank),
    ("OSVersion", Cell::Word(Column::OsVersion)),
    ("Model", Cell::Word(Column::Model)),
    ("EncryptionStatus", Cell::Blank),
    ("SupervisedStatus", Cell::Blank),
    ("HasUnlockToken", Cell::Blank),
    ("ManagedBy", Cell::Word(Column::ManagedBy)),
    ("Ownership", Cell::Word(Column::Ownership)),
    ("DeviceState", Cell::Word(Column::DeviceState)),
    ("SupervisedStatusString", Cell::Word(Column::Supervised)),
    ("EncryptionStatusString", Cell::Word(Column::Encrypted)),
    ("OS", Cell::Word(Column::Os)),
    ("JoinType", Cell::Word(Column::JoinType)),
];

/// What stands in a column of the raw report.
enum Cell {
    Blank,
    /// The text of the portal's column.
    Word(Column),
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
        fleet.make(position);
        for (_, cell) in &DEVICES {
            let number;
            let text = match cell {
                Cell::Blank => "",
                Cell::Word(column) => fleet.text(*column),
                Cell::Number(of) => {
                    number = of(&fleet.facts).to_string();
                    &number
                }
                Cell::Agent => agent(fleet.text(Column::ManagedBy)).0,
            };
            writer.write_field(text).map_err(as_io)?;
        }
        writer.write_record(None::<&[u8]>).map_err(as_io)?;
    }
    writer.flush()
}

/// The number of `deviceType`.
fn device_type(facts: &Facts) -> u16 {
    match facts.platform.known() {
        Some(Platform::Android) => 18,
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

/// The number of `managedDeviceOwnerType`.
fn owner_type(facts: &Facts) -> u16 {
    match facts.ownership {
        Fact::Known(Ownership::Corporate) => 1,
        Fact::Known(Ownership::Personal) => 2,
        Fact::Unknown => 0,
    }
}

/// The number of `managementState`.
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

/// The number and the name of `managementAgentType` for the generator's agents.
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
        let date = self.text(Column::LastCheckIn).replacen(' ', "T", 1);
        ManagedDevice {
            id: self.text(Column::DeviceId),
            device_name: self.text(Column::DeviceName),
            managed_device_owner_type: ["unknown", "company", "personal"]
                [usize::from(owner_type(&self.facts))],
            operating_system: operating_system(&self.facts),
            os_version: self.text(Column::OsVersion),
            is_supervised: self.facts.supervised.known(),
            is_encrypted: self.facts.encrypted.known(),
            last_sync_date_time: format!("{date}Z"),
            management_agent: agent(self.text(Column::ManagedBy)).1,
            device_enrollment_type: enrollment(&self.facts),
            management_state: state
                .get(usize::from(management_state(&self.facts)))
                .unwrap_or(&"discovered"),
            model: self.text(Column::Model),
            join_type: match self.text(Column::JoinType) {
                "Azure AD joined" => "azureADJoined",
                "Hybrid Azure AD joined" => "hybridAzureADJoined",
                "Azure AD registered" => "azureADRegistered",
                _ => "unknown",
            },
            device_action_results: [],
        }
    }
}

/// The text of `operatingSystem`.
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

/// The member of `deviceEnrollmentType`, for the modes that have one of their own.
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
        fleet.make(position);
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
            fleet.make(position);
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
