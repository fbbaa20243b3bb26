//! What follows the id and the name in a line, which is the same for many devices.

use std::ops::Range;

use eligibility::facts::{FactKind, Facts};
use fleet::Program;
use serde::Serialize;
use serde_json::{Map, Value};

use super::super::outcome_json::{OutcomeObject, facts_object};
use super::ListFormat;

/// The codes of the facts of a device, those that are not asked for being 0.
pub(super) type Codes = [u16; FactKind::ALL.len()];

/// How many endings are remembered before all are forgotten.
const MOST: usize = 1 << 13;

/// The endings that were written before.
#[derive(Debug)]
pub(super) struct Endings {
    generation: u64,
    /// A hash table that is never more than half full.
    slots: Vec<Option<(Codes, Range<usize>)>>,
    used: usize,
    bytes: Vec<u8>,
}

impl Default for Endings {
    fn default() -> Self {
        Self { generation: 0, slots: vec![None; 2 * MOST], used: 0, bytes: Vec::new() }
    }
}

impl Endings {
    /// Forgets everything if the codes have a new meaning.
    pub(super) fn follow(&mut self, generation: u64) {
        if self.generation != generation {
            *self = Self { generation, ..Self::default() };
        }
    }

    /// The ending of a device with these codes.
    pub(super) fn get(&mut self, codes: &Codes, render: impl FnOnce() -> Vec<u8>) -> &[u8] {
        let mut at = place(codes);
        while let Some((known, ending)) = &self.slots[at] {
            if known == codes {
                return &self.bytes[ending.clone()];
            }
            at = (at + 1) % self.slots.len();
        }
        if self.used == MOST {
            *self = Self { generation: self.generation, ..Self::default() };
            at = place(codes);
        }
        let start = self.bytes.len();
        self.bytes.extend(render());
        let ending = start..self.bytes.len();
        self.slots[at] = Some((*codes, ending.clone()));
        self.used += 1;
        &self.bytes[ending]
    }
}

/// Where to look first.
fn place(codes: &Codes) -> usize {
    let mixed = codes.iter().fold(0_u64, |mixed, code| {
        (mixed.rotate_left(9) ^ u64::from(*code)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    });
    (mixed >> 40) as usize % (2 * MOST)
}

#[derive(Serialize)]
struct DeviceEnding<'a> {
    #[serde(flatten)]
    outcome: OutcomeObject<'a>,
    facts: Map<String, Value>,
}

/// Writes the ending of a device with these facts, with the end of the line.
pub(super) fn render(
    format: &ListFormat,
    program: &Program,
    kinds: &[FactKind],
    facts: &Facts,
) -> Vec<u8> {
    let decision = program.decision(program.decide(facts));
    let outcome = OutcomeObject::new(program.policy(), decision.headline());
    let mut ending = Vec::new();
    match format {
        ListFormat::Csv => {
            ending.push(b',');
            csv_record(&cells(&outcome, kinds, facts), &mut ending);
        }
        ListFormat::Ndjson => {
            let object = DeviceEnding { outcome, facts: facts_object(facts) };
            serde_json::to_writer(&mut ending, &object).expect("plain data has a JSON form");
            // The object goes on where the id and the name ended.
            ending[0] = b',';
            ending.push(b'\n');
        }
        #[cfg(feature = "parquet")]
        ListFormat::Parquet(numbered) => {
            let number = numbered.number(cells(&outcome, kinds, facts));
            ending.extend_from_slice(&number.to_le_bytes());
        }
    }
    ending
}

/// The cells behind the id and the name.
fn cells(outcome: &OutcomeObject<'_>, kinds: &[FactKind], facts: &Facts) -> Vec<String> {
    let mut cells = [
        outcome.decision,
        outcome.cause.unwrap_or_default(),
        outcome.action.unwrap_or_default(),
        outcome.scope.unwrap_or_default(),
        outcome.mechanism.unwrap_or_default(),
        outcome.rule.unwrap_or_default(),
        &outcome.reasons.join(" "),
        &outcome.needs.join(" "),
        &outcome.missing.join(" "),
    ]
    .map(str::to_owned)
    .to_vec();
    for kind in kinds {
        let value = facts.get(*kind).known();
        cells.push(value.map(|value| kind.text(value)).unwrap_or_default());
    }
    cells
}

/// Adds a record with its line end.
pub(super) fn csv_record(cells: &[impl AsRef<[u8]>], record: &mut Vec<u8>) {
    let mut writer = csv::Writer::from_writer(record);
    writer.write_record(cells).expect("memory can be written");
    writer.flush().expect("memory can be written");
}
