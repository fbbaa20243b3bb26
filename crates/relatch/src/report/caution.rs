//! Known disagreements with the promises of a policy, and notes on the action before it is
//! pressed.

use chrono::NaiveDate;
use conformance::{DisagreementCode, Explanation, Explanations};
use eligibility::builtin;
use eligibility::decide::{Decision, Verdict, VerdictWord};
use eligibility::facts::{FactName, FactSet, Facts};
use eligibility::notes::Note;
use eligibility::policy::{Conjunction, Reading, Scope, Truth};
use schemars::JsonSchema;
use serde::{Serialize, Serializer};

use crate::json::Word;

/// The records and notes that may concern the devices of a policy.
#[derive(Clone, Debug)]
pub(crate) struct Cautions {
    records: Vec<Explanation>,
    notes: Vec<Note>,
}

/// A caution or a note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Caution {
    /// Its name; of a caution, the name of the record in `policies/disagreements.toml`.
    pub(crate) id: String,
    /// In what the policy and the devices disagree; none of a note.
    #[serde(rename = "kinds", serialize_with = "words")]
    #[schemars(with = "Vec<String>")]
    pub(crate) codes: Vec<DisagreementCode>,
    /// The number of devices.
    pub(crate) devices: u64,
    /// The number of devices that it concerns if their unknown facts turn out so.
    pub(crate) possible: u64,
    /// These facts.
    #[schemars(with = "Vec<Word<FactName>>")]
    pub(crate) if_known: FactSet,
    /// The behaviour, and the reason.
    pub(crate) because: String,
    /// The alternative, if there is one.
    pub(crate) instead: Option<String>,
    /// The pages that document it.
    pub(crate) sources: Vec<String>,
}

fn words<S: Serializer>(codes: &[DisagreementCode], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(codes.iter().map(|code| code.as_str()))
}

/// The cautions for some devices.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Found {
    /// The contradictions of the policy.
    pub(crate) cautions: Vec<Caution>,
    /// The notes.
    pub(crate) notes: Vec<Caution>,
    /// The eligible devices whose promise a caution contradicts.
    pub(crate) contradicted: u64,
    /// The conditional ones.
    pub(crate) contradicted_conditional: u64,
}

impl Cautions {
    /// Returns the cautions about a policy with a page of a date, in a reading.
    pub(crate) fn about(page: NaiveDate, reading: Reading) -> Self {
        let all = Explanations::builtin();
        let about = |one: &&Explanation| one.is_about(page, reading);
        Self { records: all.iter().filter(about).cloned().collect(), notes: builtin::notes() }
    }

    /// Returns the devices of each, which must be distinguished from others.
    pub(crate) fn regions(&self) -> Vec<&Conjunction> {
        let records = self.records.iter().map(|record| &record.devices);
        records.chain(self.notes.iter().map(|note| &note.devices)).collect()
    }

    /// Returns the ids of the records that concern a device with a decision.
    pub(crate) fn ids(&self, facts: &Facts, decision: &Decision) -> Vec<&str> {
        let records = self.records.iter();
        let fitting = records.filter(|record| {
            matters(&record.codes, decision) && record.devices.truth(facts) == Truth::Holds
        });
        fitting.map(|record| record.id.as_str()).collect()
    }

    /// Returns the first record by which the action does not do what is promised for a device.
    pub(crate) fn broken_promise(&self, facts: &Facts, decision: &Decision) -> Option<&str> {
        let broken = self.records.iter().find(|record| {
            breaks_promise(&record.codes)
                && matters(&record.codes, decision)
                && record.devices.truth(facts) == Truth::Holds
        });
        broken.map(|record| record.id.as_str())
    }

    /// Returns the cautions for devices with their decisions.
    pub(crate) fn find<'d>(
        &self,
        devices: impl IntoIterator<Item = (&'d Facts, &'d Decision, u64)>,
    ) -> Found {
        let mut cautions: Vec<_> = self.records.iter().map(of_record).collect();
        let mut notes: Vec<_> = self.notes.iter().map(of_note).collect();
        let (mut contradicted, mut contradicted_conditional) = (0, 0);
        for (facts, decision, devices) in devices {
            let mut broken = false;
            for (record, caution) in self.records.iter().zip(&mut cautions) {
                if !matters(&record.codes, decision) {
                    continue;
                }
                match record.devices.truth(facts) {
                    Truth::Holds => {
                        caution.devices += devices;
                        broken |= breaks_promise(&record.codes);
                    }
                    Truth::Unknown => {
                        let unknown = record.devices.facts_where(facts, Truth::Unknown);
                        caution.possible += devices;
                        caution.if_known = caution.if_known.union(unknown);
                    }
                    Truth::Fails => {}
                }
            }
            match decision.headline().verdict() {
                Verdict::Eligible if broken => contradicted += devices,
                Verdict::Conditional if broken => contradicted_conditional += devices,
                _ => {}
            }
            for (note, caution) in self.notes.iter().zip(&mut notes) {
                if note.is_about(facts, decision) {
                    caution.devices += devices;
                }
            }
        }
        cautions.retain(|one| one.devices + one.possible > 0);
        notes.retain(|one| one.devices > 0);
        Found { cautions, notes, contradicted, contradicted_conditional }
    }
}

fn of_record(record: &Explanation) -> Caution {
    let Explanation { id, codes, because, instead, sources, .. } = record.clone();
    let (devices, possible, if_known) = (0, 0, FactSet::EMPTY);
    Caution { id, codes, devices, possible, if_known, because, instead, sources }
}

fn of_note(note: &Note) -> Caution {
    let Note { id, because, instead, sources, .. } = note.clone();
    let (codes, devices, possible, if_known) = (Vec::new(), 0, 0, FactSet::EMPTY);
    Caution { id, codes, devices, possible, if_known, because, instead, sources }
}

/// Returns true if the action does not do what the policy promises.
fn breaks_promise(codes: &[DisagreementCode]) -> bool {
    codes
        .iter()
        .any(|code| matches!(code, DisagreementCode::NotKept | DisagreementCode::NeedNeverHolds))
}

/// Returns true if the decision says what a record contradicts.
fn matters(codes: &[DisagreementCode], decision: &Decision) -> bool {
    use VerdictWord as V;
    let says = |verdicts: &[V]| {
        let scopes = [Scope::Device, Scope::WorkProfile].into_iter();
        scopes
            .map(|scope| decision.scope(scope))
            .any(|one| verdicts.contains(&one.verdict().word()))
    };
    codes.iter().any(|code| match code {
        DisagreementCode::NotKept
        | DisagreementCode::NeedNeverHolds
        | DisagreementCode::KeptOtherwise => says(&[V::Eligible, V::Conditional]),
        DisagreementCode::RefusedButDone => says(&[V::Ineligible]),
        DisagreementCode::NotNeeded => says(&[V::Conditional, V::Ineligible]),
    })
}
