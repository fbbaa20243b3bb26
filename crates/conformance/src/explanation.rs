//! The disagreements that are known, each with its explanation: data, not code.
//!
//! ```toml
//! [[disagreement]]
//! id      = "no-token-before-8"
//! kind    = "need-never-holds"
//! during  = [{ from = 2018-03-29, to = 2018-03-29 }]
//! devices = { platform = "android", os-version = ">=7.0, <8.0" }
//! because = "The token calls begin with API level 26."
//! instead = "Before Android 8.0 only …"
//! sources = ["https://…"]
//! ```
//!
//! `during` gives the revisions by the dates that they bear, both ends included; `reading` confines
//! an entry to one reading. Of several entries for a device the first is the explanation.

use chrono::NaiveDate;
use eligibility::diagnostic::InvalidDocument;
use eligibility::document::{Node, Problems, Section, parse_document};
use eligibility::facts::Facts;
use eligibility::policy::{Conjunction, Reading, Truth};

use crate::judge::DisagreementCode;

mod prepared;

/// The record of the built-in policies.
const BUILTIN: &str = include_str!("../../../policies/disagreements.toml");

/// A disagreement that was looked into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// Its name.
    pub id: String,
    /// In what policy and device disagree.
    pub codes: Vec<DisagreementCode>,
    /// The revisions that disagree, by their dates, both ends included.
    pub during: Vec<During>,
    /// The reading, if it is so in one only.
    pub reading: Option<Reading>,
    /// The devices.
    pub devices: Conjunction,
    /// The reason.
    pub because: String,
    /// The alternative and its conditions, if there is one.
    pub instead: Option<String>,
    /// The sources of the reasons, and the behaviour of the devices.
    pub sources: Vec<String>,
}

/// A range of revisions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct During {
    /// The first date, if there is a first.
    pub from: Option<NaiveDate>,
    /// The last date, if there is a last.
    pub to: Option<NaiveDate>,
}

/// All explanations on record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Explanations(Vec<Explanation>);

/// The explanations that are about one policy in one reading.
pub(crate) struct Recorded<'a>(Vec<(usize, &'a Explanation)>);

impl Explanations {
    /// Returns the record of the built-in policies, `policies/disagreements.toml`.
    pub fn builtin() -> Self {
        let parsed = || Self::parse(BUILTIN).expect("the tests parse the built-in record");
        prepared::read().unwrap_or_else(parsed)
    }

    /// Reads the record.
    ///
    /// # Errors
    ///
    /// All problems of the text at once.
    pub fn parse(text: &str) -> Result<Self, InvalidDocument> {
        parse_document(text, "record of disagreements", |mut top, problems| {
            let sections = top.sections("disagreement", problems);
            let read = sections.into_iter().filter_map(|section| explanation(section, problems));
            let read = Self(read.collect());
            top.finish(problems);
            Some(read)
        })
    }

    /// Returns the explanation at a place.
    pub fn get(&self, place: usize) -> &Explanation {
        &self.0[place]
    }

    /// Returns all of them, in the order of the record.
    pub fn iter(&self) -> impl Iterator<Item = &Explanation> {
        self.0.iter()
    }

    /// Returns those that are about a policy of a date in a reading.
    pub(crate) fn of(&self, documented: NaiveDate, reading: Reading) -> Recorded<'_> {
        let all = self.0.iter().enumerate();
        Recorded(all.filter(|(_, one)| one.is_about(documented, reading)).collect())
    }
}

impl Explanation {
    /// Returns true if it is about policies of a date in a reading.
    pub fn is_about(&self, documented: NaiveDate, reading: Reading) -> bool {
        self.reading.is_none_or(|only| only == reading)
            && self.during.iter().any(|during| {
                during.from.is_none_or(|from| from <= documented)
                    && during.to.is_none_or(|to| documented <= to)
            })
    }
}

impl Recorded<'_> {
    /// Returns the first explanation of a disagreement about a device.
    pub(crate) fn find(&self, code: DisagreementCode, device: &Facts) -> Option<usize> {
        let explains = |one: &Explanation| {
            one.codes.contains(&code) && one.devices.truth(device) == Truth::Holds
        };
        self.0.iter().find(|(_, one)| explains(one)).map(|(place, _)| *place)
    }
}

fn explanation(mut section: Section<'_>, problems: &mut Problems) -> Option<Explanation> {
    let id = section.require_text("id", problems);
    let codes = section.require("kind", problems).and_then(|node| codes(node, problems));
    let during = section.require("during", problems).map(|node| during(node, problems));
    let reading = section.word("reading", problems);
    let devices = section
        .require("devices", problems)
        .and_then(|node| Conjunction::read(node, "devices", problems));
    let because = section.require_text("because", problems);
    let instead = section.text("instead", problems);
    let sources = section.require("sources", problems).map(|node| node.texts("sources", problems));
    section.finish(problems);
    Some(Explanation {
        id: id?.value,
        codes: codes?,
        during: during?,
        reading,
        devices: devices?,
        because: because?.paragraph(),
        instead: instead.map(|text| text.paragraph()),
        sources: sources?.into_iter().map(|text| text.value).collect(),
    })
}

/// Returns one code or a list of codes.
fn codes(node: Node<'_>, problems: &mut Problems) -> Option<Vec<DisagreementCode>> {
    let nodes = node.one_or_more();
    nodes.into_iter().map(|node| node.word("kind", problems)).collect()
}

fn during(node: Node<'_>, problems: &mut Problems) -> Vec<During> {
    let sections = node.sections("range of revisions", problems);
    let read = sections.into_iter().map(|mut section| {
        let mut date = |key| section.take(key).and_then(|node: Node<'_>| node.date(key, problems));
        let during = During { from: date("from"), to: date("to") };
        section.finish(problems);
        during
    });
    read.collect()
}

#[cfg(test)]
mod tests;
