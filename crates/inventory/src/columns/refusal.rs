//! Tables that are no inventories, by their headers.

use eligibility::facts::{Fact, FactName, Platform};

use super::{Columns, Layout, Purpose, recognise};
use crate::error::{Found, OtherTable, shortened};
use crate::format::Format;
use crate::source::intune::header::{Column, column};
use crate::source::{
    counts, foreign, intune, is_managed_by, looks_translated, tidy as tidy_source,
};
use crate::spelling::os::{self, Os};
use crate::spelling::{date, enrollment::ENROLLMENT, is_same_name, state::DEVICE_STATE};

/// The number of names of a foreign header that a message shows.
const SHOWN: usize = 5;

/// Refuses a list that is known to be another.
pub(crate) fn refuse_foreign(cells: &[&str]) -> Result<(), Found> {
    match foreign::recognise(cells) {
        None => Ok(()),
        Some((list, columns)) => Err(OtherTable::OtherList(list.what, first(&columns)).into()),
    }
}

/// Refuses a table that has too little of an inventory to be taken for one: without a platform
/// nothing can be decided, and one column that an inventory has, or a few among many others, may
/// mean something else in another product's list.
pub(super) fn check_own(cells: &[&str], layout: &Layout, columns: &Columns) -> Result<(), Found> {
    let counted = columns.not_understood.iter().find(|name| counts::is_count(name));
    if let Some(name) = counted.filter(|_| !layout.names_devices()) {
        return Err(OtherTable::Counts(vec![shortened(name.as_bytes())]).into());
    }
    let tidy = layout.format == Format::Tidy;
    let strange = columns.not_understood.len();
    let distinctive = cells.iter().any(|cell| intune::is_distinctive(cell));
    let few = || OtherTable::FewColumns(columns.recognised.clone(), strange).into();
    let own = if tidy {
        layout.fact(FactName::Platform).or(layout.fact(FactName::Management))
    } else {
        layout.column(Column::Os).or(layout.column(Column::EnrollmentType))
    };
    let lost = intune::USUAL.iter().filter(|(column, _)| layout.column(*column).is_none()).count();
    let translated: Vec<&str> =
        cells.iter().copied().filter(|cell| is_translated(cell, columns)).collect();
    // Two may be columns that someone added; as many as are missing are those.
    if !tidy && lost >= 2 && translated.len() >= 2 {
        return Err(OtherTable::OtherLanguage(first(&translated)).into());
    }
    let added = layout.fact(FactName::Platform).or(layout.fact(FactName::Management));
    let no_os = !tidy && layout.column(Column::Os).is_none() && added.is_none();
    // Other products say how a device was enrolled as well, beside a platform of another name.
    if let Some(name) = cells.iter().find(|cell| no_os && looks_like_platform(cell)) {
        return Err(OtherTable::OtherPlatform(shortened(name.as_bytes())).into());
    }
    // That one alone may say that a device is not managed by Intune at all.
    let managed_by = translated.iter().find(|name| is_managed_by(name));
    if let (None, Some(name)) = (layout.column(Column::ManagedBy), managed_by.filter(|_| !tidy)) {
        return Err(OtherTable::OtherLanguage(first(&[name])).into());
    }
    if own.is_none() {
        let hyphened =
            || cells.iter().any(|cell| cell.contains('-') && tidy_source::is_known(cell));
        match added {
            None => {
                return Err(OtherTable::NoPlatform(first(cells)).into());
            }
            // In the list of another product, `platform` is a column of its own.
            Some(_) if strange > 0 && !distinctive && !hyphened() => return Err(few()),
            Some(_) => {}
        }
    }
    let known = if tidy {
        cells.iter().filter(|cell| tidy_source::is_known(cell)).count()
    } else {
        let read = |(at, cell): &(usize, &&str)| intune::is_known(cell) || layout.reads(*at);
        cells.iter().enumerate().filter(read).count()
    };
    if strange > 0 && (known < 2 || (strange > 2 * known && !distinctive && !tidy)) {
        return Err(few());
    }
    let names: Vec<&str> = columns.not_understood.iter().map(String::as_str).collect();
    let renamed = || strange >= lost || names.iter().any(|name| looks_like_usual(name));
    if layout.format == Format::Portal && lost == intune::USUAL.len() && renamed() {
        return Err(OtherTable::OtherNames(first(&names)).into());
    }
    // Any product's list may say the system, its version, a model and a serial number.
    let own = [Column::ManagedBy, Column::DeviceState, Column::EnrollmentType, Column::JoinType];
    let intunes = own.iter().any(|column| layout.column(*column).is_some())
        || layout.column(Column::DeviceId).is_some()
        || layout.has_facts();
    // One more column may be the administrator's own.
    let others = strange > 1 || names.iter().any(|name| looks_like_device_name(name));
    if !tidy && others && !distinctive && !intunes {
        return Err(OtherTable::NothingOfIntune(first(&names)).into());
    }
    Ok(())
}

/// Returns true for the names that other products give to the column of the operating system.
fn looks_like_platform(name: &str) -> bool {
    let names = ["platform", "OS name", "OS type", "OS platform", "Device OS", "Platform type"];
    names.iter().any(|known| is_same_name(known, name))
}

/// Returns true for names that people give to `Managed by` and `Device state`.
fn looks_like_usual(name: &str) -> bool {
    let lower = name.to_lowercase();
    let begins = ["management", "mgmt", "managed", "mdm"];
    let ends = ["agent", "agent type", "authority", "state", "status", "by"];
    let pair = |begin: &str| {
        let rest = lower.strip_prefix(begin).map(|rest| rest.trim_matches([' ', '_', '-']));
        rest.is_some_and(|rest| ends.contains(&rest))
    };
    begins.into_iter().any(pair)
}

fn is_translated(cell: &str, columns: &Columns) -> bool {
    columns.not_understood.iter().any(|name| name == cell) && looks_translated(cell)
}

/// Returns the first names of a list, for a message.
pub(super) fn first(names: &[&str]) -> Vec<String> {
    names.iter().take(SHOWN).map(|name| shortened(name.as_bytes())).collect()
}

/// Returns the reason why no column was recognised.
pub(super) fn foreign(cells: &[&str]) -> OtherTable {
    if let [line] = cells
        && let Some(found) = single(line)
    {
        return found;
    }
    for delimiter in ['|', ':'] {
        let split: Vec<&str> = cells
            .iter()
            .flat_map(|cell| cell.split(delimiter))
            .map(|cell| cell.trim_matches(['"', ' ', '\t']))
            .collect();
        if split.len() > cells.len() && recognise(Purpose::Inventory, &split).is_ok() {
            return OtherTable::Delimiter(delimiter);
        }
    }
    let systems = systems(cells);
    if systems.len() > 1 {
        return OtherTable::Counts(first(&systems));
    }
    let named = cells.iter().any(|cell| tidy_source::is_known(cell) || intune::is_known(cell));
    if let Some(value) = cells.iter().find(|cell| is_value(cell) && !named) {
        return OtherTable::NoHeader(shortened(value.as_bytes()));
    }
    let translated: Vec<&str> =
        cells.iter().copied().filter(|cell| looks_translated(cell)).collect();
    if translated.len() >= 2 {
        return OtherTable::OtherLanguage(first(&translated));
    }
    OtherTable::ForeignHeader(first(cells))
}

/// Returns what was found if a first line that is a single cell shows it.
fn single(line: &str) -> Option<OtherTable> {
    let is_header =
        |names: &[&str]| names.len() > 1 && recognise(Purpose::Inventory, names).is_ok();
    let names: Vec<&str> = line.split([',', ';', '\t']).map(str::trim).collect();
    if is_header(&names) {
        return Some(OtherTable::QuotedLines);
    }
    // Format-Table writes names over columns, Format-List a property a line.
    let words: Vec<&str> = line.split_whitespace().collect();
    // Format-List aligns the colons, so that a space comes before each; YAML has none.
    let property = line.split_once(" :").is_some_and(|(name, _)| column(name.trim()).is_some());
    (is_header(&words) || property).then(|| OtherTable::Screen(shortened(line.as_bytes())))
}

/// Returns true for the names that other products give to the column of the device's name.
fn looks_like_device_name(name: &str) -> bool {
    let names = ["System name", "Computer name", "Machine name", "Host name", "Asset name"];
    names.iter().any(|known| is_same_name(known, name))
}

/// Returns the cells that name operating systems, one for each system: a device has one, so several
/// are the columns of a table of counts.
fn systems<'c>(cells: &[&'c str]) -> Vec<&'c str> {
    let mut systems: Vec<(&str, Platform)> = Vec::new();
    for cell in cells {
        let platform = match os::read(cell) {
            Some(Fact::Known(Os::On(Platform::Ipados) | Os::IosOrIpados)) => Platform::Ios,
            Some(Fact::Known(Os::On(platform) | Os::Enrolled(platform, _))) => platform,
            _ => continue,
        };
        if systems.iter().all(|(_, known)| *known != platform) {
            systems.push((cell, platform));
        }
    }
    systems.into_iter().map(|(cell, _)| cell).collect()
}

/// Returns true if a cell is rather a device's value than a column's name.
fn is_value(cell: &str) -> bool {
    let system = os::read(cell).is_some_and(|os| os.is_known());
    let words = system || DEVICE_STATE.value(cell).is_some();
    // A number is an enrolment type, but no more telling than any other number.
    let enrollment = cell.len() > 2 && ENROLLMENT.value(cell).is_some_and(|known| known.is_some());
    words || enrollment || is_guid(cell) || date::read(cell).is_some_and(|date| date.is_known())
}

fn is_guid(cell: &str) -> bool {
    let shape = cell.split('-').map(str::len).eq([8, 4, 4, 4, 12]);
    shape && cell.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}
