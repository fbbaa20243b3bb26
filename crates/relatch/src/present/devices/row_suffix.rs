//! The suffix of a line after the texts of a single device, shared by many devices.

use std::collections::BTreeMap;
use std::ops::Range;

use eligibility::decide::Outcome;
use eligibility::facts::{FactName, Facts};
use eligibility::policy::Policy;
use fleet::Program;
use inventory::is_formula;
use schemars::JsonSchema;
use serde::Serialize;

use super::ListFormat;
use super::carried::CarriedTexts;
use crate::json::{KnownFacts, Word};
use crate::present::outcome::OutcomeObject;
use crate::present::remedy::changes;
use crate::present::wording;
use crate::report::advice::{Advice, Advisor};

/// The number of bytes of a suffix that are copied at once; most are not longer.
const AT_ONCE: usize = 128;

/// A suffix, and what happens to stand behind it.
#[derive(Clone, Copy)]
pub(super) struct RowSuffix<'e> {
    bytes: &'e [u8],
    length: usize,
}

impl<'e> RowSuffix<'e> {
    /// Returns the suffix.
    pub(super) fn as_bytes(self) -> &'e [u8] {
        &self.bytes[..self.length]
    }

    /// Returns its length, and bytes that begin with it; `None` if it is longer.
    #[inline]
    pub(super) fn head(self) -> Option<(usize, &'e [u8; AT_ONCE])> {
        let head = self.bytes.first_chunk()?;
        (self.length <= AT_ONCE).then_some((self.length, head))
    }
}

/// The suffixes that were written before.
#[derive(Debug, Default)]
pub(super) struct RowSuffixes {
    epoch: u64,
    /// For each distinct row.
    distinct: Vec<Range<usize>>,
    /// All of them, and [`AT_ONCE`] bytes more.
    bytes: Vec<u8>,
}

impl RowSuffixes {
    /// Forgets everything if keys have a new meaning.
    pub(super) fn follow(&mut self, epoch: u64) {
        if self.epoch != epoch {
            *self = Self { epoch, ..Self::default() };
        }
    }

    /// Adds the suffixes of the distinct rows that are new.
    pub(super) fn learn(&mut self, distinct: &[Facts], render: impl Fn(&Facts) -> Vec<u8>) {
        for facts in &distinct[self.distinct.len()..] {
            let suffix = self.add(&render(facts));
            self.distinct.push(suffix);
        }
    }

    /// Returns the suffix of the devices of a distinct row.
    #[inline]
    pub(super) fn of_distinct_row(&self, row_key: u32) -> RowSuffix<'_> {
        self.suffix(&self.distinct[row_key as usize])
    }

    fn add(&mut self, suffix: &[u8]) -> Range<usize> {
        self.bytes.truncate(self.bytes.len().saturating_sub(AT_ONCE));
        let start = self.bytes.len();
        self.bytes.extend_from_slice(suffix);
        let end = self.bytes.len();
        self.bytes.resize(end + AT_ONCE, 0);
        start..end
    }

    #[inline]
    fn suffix(&self, place: &Range<usize>) -> RowSuffix<'_> {
        RowSuffix { bytes: &self.bytes[place.start..], length: place.len() }
    }
}

/// A device and its decision: a line of `relatch plan --devices OUT.ndjson`.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Device<'a> {
    /// The id of the device in Intune.
    device_id: &'a str,
    /// The name of the device.
    device_name: &'a str,
    /// The texts of the columns that `--columns` names; without it there is no such key.
    #[serde(skip_serializing_if = "CarriedTexts::is_empty")]
    #[schemars(with = "BTreeMap<String, String>")]
    columns: CarriedTexts<'a>,
    /// The moment of its last check-in in UTC, as RFC 3339 has it; null if it is unknown.
    last_check_in: Option<&'a str>,
    #[serde(flatten)]
    outcome: OutcomeObject<'a>,
    /// The names of the cautions for the device.
    cautions: &'a [String],
    /// The cheapest changes that make the device eligible, and the caution that contradicts them.
    change: Option<String>,
    /// Their cost.
    change_cost: Option<u64>,
    #[serde(flatten)]
    why: Why<'a>,
    /// The known facts.
    facts: KnownFacts,
}

/// The reasons for a device's decision.
#[derive(Serialize, JsonSchema)]
struct Why<'a> {
    /// The rule or prerequisite behind the first reason.
    clause: Option<&'a str>,
    /// The reasons as a sentence.
    because: String,
}

impl<'a> Why<'a> {
    fn of(policy: &'a Policy, headline: &Outcome) -> Self {
        let clause = headline.reasons().first().and_then(|reason| reason.clause);
        let because = headline.reasons().iter().map(|reason| wording::reason(policy, reason));
        Self {
            clause: clause.map(|clause| policy.clause_id(clause)),
            because: because.collect::<Vec<_>>().join("; "),
        }
    }
}

/// The beginning of every line of objects.
pub(crate) const OBJECT: &[u8] = br#"{"device-id":""#;

/// The beginning of every line before what a single device has is put in.
const NO_IDENTITY: &[u8] = br#"{"device-id":"","device-name":"","last-check-in":null"#;

/// Writes the suffix of a device with these facts, with the end of the line where nothing follows.
pub(super) fn render(
    format: &ListFormat,
    program: &Program,
    advisor: &Advisor<'_>,
    facts: &Facts,
) -> Vec<u8> {
    let decision = program.decision(program.decide(facts));
    let advice = advisor.advice(facts);
    let outcome = OutcomeObject::new(program.policy(), decision.headline());
    let why = Why::of(program.policy(), decision.headline());
    let mut suffix = Vec::new();
    match format {
        ListFormat::Csv(columns) => {
            let cells = columns.kept(cells(&outcome, &advice, &why, facts));
            if cells.is_empty() {
                suffix.push(b'\n');
            } else {
                suffix.push(b',');
                csv_record(&cells, &mut suffix);
            }
            if columns.has_check_in() {
                // It comes behind it.
                suffix.pop();
            }
        }
        ListFormat::Ndjson(_) => {
            let facts = KnownFacts::of(facts);
            let device = Device {
                device_id: "",
                device_name: "",
                columns: CarriedTexts::new(&[], &[]),
                last_check_in: None,
                outcome,
                cautions: &advice.cautions,
                change: change(&advice),
                change_cost: advice.best().map(|(remedy, _)| remedy.cost),
                why,
                facts,
            };
            serde_json::to_writer(&mut suffix, &device).expect("plain data has a JSON form");
            assert!(suffix.starts_with(NO_IDENTITY), "what a single device has comes first");
            suffix.drain(..NO_IDENTITY.len());
            suffix.push(b'\n');
        }
        ListFormat::Rows(rows) => {
            let cells = rows.columns.kept(cells(&outcome, &advice, &why, facts));
            let number = rows.numbered.number(cells);
            suffix.extend_from_slice(&number.to_le_bytes());
        }
    }
    suffix
}

/// Returns the cheapest changes in a few words.
fn change(advice: &Advice) -> Option<String> {
    let (remedy, caution) = advice.best()?;
    let changes = changes(&remedy.steps);
    Some(match caution {
        None => changes,
        Some(id) => format!("{changes} (contradicted by {id})"),
    })
}

/// Returns the cells that many devices share.
fn cells(
    outcome: &OutcomeObject<'_>,
    advice: &Advice,
    why: &Why<'_>,
    facts: &Facts,
) -> Vec<String> {
    let words = |words: &[Word<FactName>]| {
        words.iter().map(|word| word.0.as_str()).collect::<Vec<_>>().join(" ")
    };
    let reasons: Vec<_> = outcome.reasons.iter().map(|word| word.0.as_str()).collect();
    let mut cells = vec![
        outcome.decision.0.to_string(),
        outcome.cause.map(|cause| cause.0.to_string()).unwrap_or_default(),
        outcome.action.map(|action| action.0.to_string()).unwrap_or_default(),
        outcome.scope.map(|scope| scope.0.to_string()).unwrap_or_default(),
        outcome.mechanism.map(|mechanism| mechanism.0.to_string()).unwrap_or_default(),
        outcome.rule.unwrap_or_default().to_owned(),
        reasons.join(" "),
        words(&outcome.needs),
        words(&outcome.missing),
        advice.cautions.join(" "),
        change(advice).unwrap_or_default(),
        advice.best().map(|(remedy, _)| remedy.cost.to_string()).unwrap_or_default(),
        why.clause.unwrap_or_default().to_owned(),
        why.because.clone(),
    ];
    for fact in FactName::ALL {
        cells.push(fact.fact_text(facts.get(*fact)).unwrap_or_default());
    }
    cells
}

/// Adds a record with its line end; what a spreadsheet takes for a formula is protected.
pub(in crate::present) fn csv_record(cells: &[impl AsRef<[u8]>], record: &mut Vec<u8>) {
    let mut writer = csv::Writer::from_writer(record);
    for cell in cells {
        let cell = cell.as_ref();
        let protected = is_formula(cell).then(|| [b"'".as_slice(), cell].concat());
        let cell = protected.as_deref().unwrap_or(cell);
        writer.write_field(cell).expect("memory can be written");
    }
    writer.write_record(None::<&[u8]>).expect("memory can be written");
    writer.flush().expect("memory can be written");
}
