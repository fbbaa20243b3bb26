//! One invented device, cell by cell in the order of the portal's columns.

use std::fmt::{self, Write};

use chrono::{Datelike, NaiveDate, NaiveDateTime, TimeDelta};

use crate::models::{Family, KINDS, Kind};
use crate::people::{CATEGORIES, DOMAIN, FIRST_NAMES, LAST_NAMES, PLACES};
use crate::rng::Rng;

/// The columns of the portal's export, in its order.
///
/// The reference page
/// (<https://learn.microsoft.com/en-us/mem/intune/fundamentals/reports-export-graph-available-reports>)
/// lists all but the last two and `ProductName`; programs that read real exports have those, too,
/// and they say that files keep the name Azure AD where the page says Microsoft Entra.
pub(crate) const COLUMNS: [&str; 53] = [
    "Device ID",
    "Device name",
    "Enrollment date",
    "Last check-in",
    "Azure AD Device ID",
    "OS version",
    "Azure AD registered",
    "EAS activation ID",
    "Serial number",
    "Manufacturer",
    "Model",
    "EAS activated",
    "IMEI",
    "Last EAS sync time",
    "EAS reason",
    "EAS status",
    "Compliance grace period expiration",
    "Security patch level",
    "Wi-Fi MAC",
    "MEID",
    "Subscriber carrier",
    "Total storage",
    "Free storage",
    "Management name",
    "Category",
    "UserId",
    "Primary user UPN",
    "Primary user email address",
    "Primary user display name",
    "WiFiIPv4Address",
    "WiFiSubnetID",
    "Compliance",
    "Managed by",
    "Ownership",
    "Device state",
    "Intune registered",
    "Supervised",
    "Encrypted",
    "OS",
    "SkuFamily",
    "JoinType",
    "Phone number",
    "Jailbroken",
    "ICCID",
    "EthernetMAC",
    "CellularTechnology",
    "ProcessorArchitecture",
    "EID",
    "SystemManagementBIOSVersion",
    "TPMManufacturerId",
    "TPMManufacturerVersion",
    "ProductName",
    "Management certificate expiration date",
];

/// The text for "never" in the past.
const NEVER_YET: &str = "0001-01-01 00:00:00.0000000";
/// The text for "never" in the future.
const NEVER: &str = "9999-12-31 23:59:59.9999999";

/// The cells of a row, with the buffers for the next one.
#[derive(Default)]
pub(crate) struct Cells {
    record: csv::StringRecord,
    scratch: String,
}

impl Cells {
    /// Returns the cells.
    pub(crate) fn record(&self) -> &csv::StringRecord {
        &self.record
    }

    fn text(&mut self, text: &str) {
        self.record.push_field(text);
    }

    fn blank(&mut self, count: usize) {
        for _ in 0..count {
            self.record.push_field("");
        }
    }

    fn truth(&mut self, value: bool) {
        self.text(if value { "True" } else { "False" });
    }

    fn format(&mut self, text: fmt::Arguments<'_>) {
        self.scratch.clear();
        self.scratch.write_fmt(text).expect("a string takes any text");
        self.record.push_field(&self.scratch);
    }

    /// A cell if `there`, else a blank one.
    fn format_if(&mut self, there: bool, text: fmt::Arguments<'_>) {
        if there { self.format(text) } else { self.blank(1) }
    }

    /// A date in the portal's format.
    fn date(&mut self, rng: &mut Rng, date: NaiveDateTime) {
        let fraction = rng.below(10_000_000);
        self.format(format_args!("{date}.{fraction:07}"));
    }

    fn guid(&mut self, high: u64, low: u64) {
        self.format(format_args!("{}", Guid(high, low)));
    }
}

/// A version 4 UUID made of random bits.
#[derive(Clone, Copy)]
struct Guid(u64, u64);

impl fmt::Display for Guid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(high, low) = *self;
        let (first, second, third) = (high >> 32, (high >> 16) & 0xffff, high & 0xfff);
        let (fourth, fifth) = ((low >> 48) & 0x3fff | 0x8000, low & 0xffff_ffff_ffff);
        write!(f, "{first:08x}-{second:04x}-4{third:03x}-{fourth:04x}-{fifth:012x}")
    }
}

/// The properties of a device that decide several columns.
struct Device {
    kind: &'static Kind,
    id: Guid,
    corporate: bool,
    cellular: bool,
    compliant: bool,
    enrolled: NaiveDateTime,
    last_check_in: NaiveDateTime,
    first_name: &'static str,
    last_name: &'static str,
    /// It belongs to a place, not to a person.
    shared: bool,
}

/// Fills in the cells of the device at a position.
pub(crate) fn fill(rng: &mut Rng, position: u64, cells: &mut Cells) {
    let device = Device::new(rng);
    cells.record.clear();
    device.identity(rng, position, cells);
    device.exchange_and_hardware(rng, cells);
    device.owner(rng, cells);
    device.status(rng, cells);
    device.network_and_firmware(rng, cells);
}

impl Device {
    fn new(rng: &mut Rng) -> Self {
        let kind = rng.weighted(KINDS, |kind| kind.weight);
        let family = kind.family;
        // Most devices checked in within a day; some have been in a drawer for months.
        let minutes = match rng.below(20) {
            0 => 100_000 + rng.below(400_000),
            1..4 => rng.below(60_000),
            _ => rng.below(1440),
        };
        let days = 30 + i64::from(rng.below(1500));
        let last_check_in = as_of() - TimeDelta::minutes(minutes.into());
        Self {
            kind,
            id: Guid(rng.bits(), rng.bits()),
            corporate: rng.percent(kind.corporate),
            cellular: matches!(family, Family::Apple | Family::Android) && rng.percent(75),
            compliant: rng.percent(86),
            enrolled: last_check_in - TimeDelta::days(days),
            last_check_in,
            first_name: rng.one(FIRST_NAMES),
            last_name: rng.one(LAST_NAMES),
            shared: kind.os.contains("Dedicated") || rng.once_in(25),
        }
    }

    /// From `Device ID` to `EAS activation ID`.
    fn identity(&self, rng: &mut Rng, position: u64, cells: &mut Cells) {
        cells.guid(self.id.0, self.id.1);
        self.name(rng, position, cells);
        cells.date(rng, self.enrolled);
        cells.date(rng, self.last_check_in);
        cells.guid(rng.bits(), rng.bits());
        cells.text(rng.weighted(self.kind.versions, |(_, weight)| *weight).0);
        cells.truth(self.kind.agent == "Intune");
        cells.format_if(rng.percent(60), format_args!("{:016X}{:016X}", self.id.1, self.id.0));
    }

    fn name(&self, rng: &mut Rng, position: u64, cells: &mut Cells) {
        let first = self.first_name;
        if self.shared {
            cells.text(rng.one(PLACES));
            return;
        }
        match (self.kind.family, rng.below(60)) {
            (_, 0) => cells.format(format_args!("{first} \"{}\"'s device", &self.last_name[..3])),
            (_, 1 | 2) => cells.format(format_args!("{}, {first}", self.last_name)),
            (Family::Apple, _) => {
                let ipad = self.kind.models[0].1.starts_with("iPad");
                cells.format(format_args!("{first}’s {}", if ipad { "iPad" } else { "iPhone" }));
            }
            (Family::Android, _) => {
                cells.format(format_args!("{first}_Android_{}", self.enrolled.format("%m/%d/%Y")));
            }
            _ => cells.format(format_args!("QM-{position:07}")),
        }
    }

    /// From `Serial number` to `Free storage`.
    fn exchange_and_hardware(&self, rng: &mut Rng, cells: &mut Cells) {
        let (manufacturer, model) = rng.one(self.kind.models);
        let eas = self.kind.agent == "EAS";
        cells.format(format_args!("QM{:010}", rng.bits() % 10_000_000_000));
        cells.text(manufacturer);
        cells.text(model);
        cells.truth(eas || rng.percent(30));
        cells.format_if(self.cellular, format_args!("35{:013}", rng.bits() % 10_000_000_000_000));
        if eas {
            cells.date(rng, self.last_check_in);
        } else {
            cells.text(NEVER_YET);
        }
        cells.blank(2);
        if self.compliant || rng.percent(50) {
            cells.text(NEVER);
        } else {
            let days = TimeDelta::days(1 + i64::from(rng.below(14)));
            cells.date(rng, as_of() + days);
        }
        let patch = as_of().date() - TimeDelta::days(rng.below(500).into());
        let android = self.kind.family == Family::Android && !eas;
        cells.format_if(android, format_args!("{}", patch.with_day(1).unwrap_or(patch)));
        cells.format(format_args!("{:012X}", rng.bits() >> 16));
        cells.format_if(
            self.cellular && rng.percent(5),
            format_args!("{:014}", rng.bits() % 100_000_000_000_000),
        );
        cells.text(if self.cellular { "Moorland Mobile" } else { "" });
        let total = 32_768 << rng.below(5);
        cells.format(format_args!("{total}"));
        cells.format(format_args!("{}", rng.below(total)));
    }

    /// From `Management name` to `WiFiSubnetID`.
    fn owner(&self, rng: &mut Rng, cells: &mut Cells) {
        let family = match self.kind.family {
            Family::Apple => "IPhone",
            Family::Android => "Android",
            Family::Mac => "MacMDM",
            Family::Pc | Family::Other => "Windows",
        };
        let enrolled = self.enrolled.format("%-m/%-d/%Y");
        cells.format(format_args!("{}_{family}_{enrolled}", self.id));
        cells.text(rng.one(CATEGORIES));
        let user = Guid(rng.bits(), rng.bits());
        let (first, last) = (self.first_name, self.last_name);
        let person = !self.shared;
        cells.format_if(person, format_args!("{user}"));
        for _ in 0..2 {
            cells.format_if(person, format_args!("{first}.{last}@{DOMAIN}"));
        }
        cells.format_if(person, format_args!("{first} {last}"));
        cells.format(format_args!("192.168.{}.{}", rng.below(16), 2 + rng.below(250)));
        cells.text("192.168.0.0");
    }

    /// From `Compliance` to `Phone number`.
    fn status(&self, rng: &mut Rng, cells: &mut Cells) {
        cells.text(if self.compliant { "Compliant" } else { "Noncompliant" });
        cells.text(self.kind.agent);
        cells.text(match (rng.once_in(80) || self.kind.agent == "EAS", self.corporate) {
            (true, _) => "Unknown",
            (false, true) => "Corporate",
            (false, false) => "Personal",
        });
        cells.text(match rng.below(300) {
            0..3 => "WipePending",
            3..5 => "RetirePending",
            5 => "RetireIssued",
            6 => "RetireFailed",
            7..9 => "Unhealthy",
            9 => "DeletePending",
            10 => "Discovered",
            _ => "Managed",
        });
        cells.text(if rng.once_in(100) { "ApprovalPending" } else { "Registered" });
        let apple = self.kind.family == Family::Apple;
        cells.truth(apple && self.corporate && rng.percent(85));
        if rng.once_in(30) {
            cells.blank(1);
        } else {
            cells.truth(rng.percent(93));
        }
        cells.text(self.kind.os);
        let pc = self.kind.family == Family::Pc;
        cells.text(if pc { "Enterprise" } else { "" });
        cells.text(match (pc, rng.below(20)) {
            (_, 0) => "Unknown",
            (true, 1..7) => "Hybrid Azure AD joined",
            (true, 7..) => "Azure AD joined",
            _ => "Azure AD registered",
        });
        cells.format_if(self.cellular, format_args!("+1555{:07}", rng.below(10_000_000)));
    }

    /// From `Jailbroken` to the end.
    fn network_and_firmware(&self, rng: &mut Rng, cells: &mut Cells) {
        let mobile = matches!(self.kind.family, Family::Apple | Family::Android);
        let pc = self.kind.family == Family::Pc;
        match mobile {
            true => cells.truth(rng.once_in(200)),
            false => cells.text("Unknown"),
        }
        cells.format_if(self.cellular, format_args!("89{:018}", rng.bits() % 10_u64.pow(18)));
        cells.format_if(!mobile, format_args!("{:012X}", rng.bits() >> 16));
        cells.text(if self.cellular { "GSM" } else { "" });
        cells.text(match self.kind.family {
            Family::Pc => "X64",
            Family::Mac => "ARM64",
            _ => "Unknown",
        });
        cells.format_if(self.cellular, format_args!("8904{:028}", rng.bits()));
        cells.format_if(pc, format_args!("1.{}.0", rng.below(20)));
        cells.text(if pc { "INTC" } else { "" });
        cells.text(if pc { "600.7.0.0" } else { "" });
        cells.blank(1);
        let days = TimeDelta::days(20 + i64::from(rng.below(340)));
        cells.date(rng, as_of() + days);
    }
}

/// Returns the moment of the invented export.
fn as_of() -> NaiveDateTime {
    NaiveDate::from_ymd_opt(2026, 9, 1)
        .and_then(|day| day.and_hms_opt(8, 0, 0))
        .expect("the date is in the calendar")
}
