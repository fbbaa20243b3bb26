//! Tables whose columns are named after facts: made by hand, by a script, or by relatch itself.

use eligibility::facts::{Fact, FactName, FactValue, Facts, Platform, SEPARATOR, Value};

use super::intune::header::{Column, HEADERS, column};
use crate::columns::Layout;
use crate::reader::records::Record;
use crate::row::{Problem, text};
use crate::spelling::ownership;
use crate::spelling::state::DEVICE_STATE;
use crate::spelling::truth::TRUTH;
use crate::spelling::{is_spelled, plain, says_unknown, unfloated, version};

/// The names of the columns that are no facts.
pub(crate) const IDENTITY: [(&str, Column); 4] = [
    ("device-id", Column::DeviceId),
    ("device-name", Column::DeviceName),
    ("last-check-in", Column::LastCheckIn),
    ("serial-number", Column::SerialNumber),
];

/// Returns true if the columns have at least one name that no export of Intune has: `platform`,
/// `management` or a name with a hyphen, and none that says a fact in Intune's words: such a table
/// is an export to which columns were added. A table with every fact is a device list of relatch,
/// whatever columns it carries along.
pub(crate) fn recognise(cells: &[&str]) -> bool {
    if FactName::ALL.iter().all(|fact| cells.contains(&fact.as_str())) {
        return true;
    }
    let exported = cells.iter().any(|cell| {
        let facts = column(cell).map(|(column, _)| HEADERS[column as usize].facts());
        let model = column(cell).is_some_and(|(column, _)| column == Column::Model);
        facts.is_some_and(|facts| !facts.is_empty()) && !model && cell.parse::<FactName>().is_err()
    });
    !exported
        && cells.iter().any(|cell| {
            let identity = IDENTITY[..2].iter().any(|(name, _)| name == cell);
            let fact = cell.parse::<FactName>().is_ok();
            identity || (fact && (cell.contains('-') || matches!(*cell, "platform" | "management")))
        })
}

/// Returns true if a column is one of such a table.
pub(crate) fn is_known(cell: &str) -> bool {
    IDENTITY.iter().any(|(name, _)| *name == cell) || cell.parse::<FactName>().is_ok()
}

/// Returns what an inventory and another statement say together; `None` if they contradict each
/// other. An OS column says `iOS` of iPads, too.
pub(crate) fn agreed(name: FactName, own: Fact<Value>, said: Fact<Value>) -> Option<Fact<Value>> {
    let [ios, ipados] = [Platform::Ios, Platform::Ipados].map(|on| Fact::Known(on.to_value()));
    if name == FactName::Platform && own == ios && said == ipados {
        return Some(said);
    }
    own.and(said)
}

/// Returns what the words of a fact say, several with [`SEPARATOR`] between; `None` if one is not
/// understood.
pub(crate) fn fact(name: FactName, text: &str) -> Option<Fact<Value>> {
    let text = plain(text);
    if name == FactName::OsVersion {
        let version = version::read(&text)?;
        return Some(version.known().map(FactValue::to_value).into());
    }
    let mut words = text.split(SEPARATOR).map(|text| word(name, text.trim()));
    let first = words.next()??;
    words.try_fold(first, |facts, word| match (facts, word?) {
        // One of several words that is none of the fact's says nothing.
        (Fact::Unknown, _) | (_, Fact::Unknown) => None,
        (facts, word) => Some(facts.or(word)),
    })
}

fn word(name: FactName, text: &str) -> Option<Fact<Value>> {
    // Reports write `unknown` for what is not known, and may be read again.
    if says_unknown(text) {
        return Some(Fact::Unknown);
    }
    let words = || {
        let word = name.choices().iter().find(|word| is_spelled(text, word))?;
        name.parse(word).ok()
    };
    // A spreadsheet saves truth values as words of its language, a database as numbers.
    let truth = || name.parse(if TRUTH.value(unfloated(text))? { "true" } else { "false" }).ok();
    // Who adds a column to an export may write it as the export does.
    let exported = || match name {
        FactName::Ownership => ownership::read(text)?.known().map(FactValue::to_value),
        FactName::ManagementState => DEVICE_STATE.value(text).flatten().map(FactValue::to_value),
        _ => None,
    };
    words().or_else(truth).or_else(exported).map(Fact::Known)
}

/// Returns the facts of a row whose cells are the words of facts.
pub(crate) fn read(
    layout: &Layout,
    record: &Record,
    odd: &mut Vec<usize>,
) -> Result<Facts, Problem> {
    let mut facts = Facts::default();
    for name in FactName::ALL.iter().copied() {
        let Some(position) = layout.fact(name) else { continue };
        if name == FactName::Platform && *record.cell(position) == *name.as_str().as_bytes() {
            return Err(Problem::header_again());
        }
        let cell = record.cell(position);
        if cell.is_empty() {
            continue;
        }
        match fact(name, &text(cell)) {
            Some(fact) => facts.set(name, fact),
            None => odd.push(position),
        }
    }
    if let (false, Some(position)) = (facts.possible(), layout.fact(FactName::Management)) {
        let expected = format!("a management mode that exists on `{}`", facts.platform);
        return Err(Problem::of_cell(position, record.cell(position), expected));
    }
    Ok(facts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_of_facts_has_a_name_that_no_export_has_and_no_fact_in_words_of_intune() {
        for (cells, tidy) in [
            (&["device-id"][..], true),
            (&["device-name"], true),
            (&["last-check-in"], false),
            (&["os-version"], true),
            (&["platform"], true),
            (&["management"], true),
            // It could be a column of another table.
            (&["supervised"], false),
            (&["another-name"], false),
            (&["Model", "platform"], true),
            (&["OS", "platform"], false),
            (&[], false),
        ] {
            assert_eq!(recognise(cells), tidy, "{cells:?}");
        }
        let all: Vec<&str> = FactName::ALL.iter().map(|fact| fact.as_str()).chain(["OS"]).collect();
        assert!(recognise(&all), "a list of relatch carries a column of an export");
    }
}
