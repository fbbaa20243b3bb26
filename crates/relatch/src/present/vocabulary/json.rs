//! The vocabulary of scenarios, for programs.

use device_sim::{Domain, vocabularies};
use serde::Serialize;

use crate::present::json::pretty;

/// One kind of device.
#[derive(Serialize)]
pub(super) struct KindObject {
    pub(super) kind: &'static str,
    pub(super) verbs: Vec<&'static str>,
    pub(super) outcomes: Vec<SubjectObject>,
    pub(super) observables: Vec<SubjectObject>,
}

/// Something that has a value.
#[derive(Serialize)]
pub(super) struct SubjectObject {
    pub(super) name: &'static str,
    pub(super) values: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) meaning: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    viewer: Option<&'static str>,
}

#[derive(Serialize)]
struct VocabularyObject {
    schema: u32,
    kinds: Vec<KindObject>,
}

pub(super) fn kinds() -> Vec<KindObject> {
    let kinds = vocabularies().into_iter().map(|known| {
        let outcomes = known.outcome_keys.iter().map(|key| SubjectObject {
            name: key.name,
            values: values(key.domain),
            meaning: None,
            viewer: None,
        });
        let observables = known.observables.iter().map(|observable| SubjectObject {
            name: observable.name,
            values: values(observable.domain),
            meaning: Some(observable.meaning),
            viewer: Some(observable.viewer.word()),
        });
        KindObject {
            kind: known.model,
            verbs: known.verbs.iter().map(|verb| verb.name).collect(),
            outcomes: outcomes.collect(),
            observables: observables.collect(),
        }
    });
    kinds.collect()
}

fn values(domain: Domain) -> Vec<&'static str> {
    match domain {
        Domain::Truth => vec!["true", "false"],
        Domain::Number => vec!["a number"],
        Domain::Words(words) => words.to_vec(),
        Domain::TruthOr(words) => [&["true", "false"], words].concat(),
    }
}

pub(super) fn render() -> String {
    pretty(&VocabularyObject { schema: 1, kinds: kinds() })
}
