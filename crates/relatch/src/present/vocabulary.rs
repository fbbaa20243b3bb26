//! What a scenario can say of each kind of device.

use std::fmt::Write;

use device_sim::{Domain, vocabularies};
use serde::Serialize;

use super::outcome_json::pretty;

/// One kind of device.
#[derive(Serialize)]
struct KindObject {
    kind: &'static str,
    verbs: &'static [&'static str],
    outcomes: Vec<SubjectObject>,
    observables: Vec<SubjectObject>,
}

/// Something that has a value.
#[derive(Serialize)]
struct SubjectObject {
    name: &'static str,
    values: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    meaning: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    viewer: Option<&'static str>,
}

#[derive(Serialize)]
struct VocabularyObject {
    schema: u32,
    kinds: Vec<KindObject>,
}

fn kinds() -> Vec<KindObject> {
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
            verbs: known.verbs,
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

pub(crate) fn text() -> String {
    let mut text = String::new();
    for kind in kinds() {
        if !text.is_empty() {
            text.push('\n');
        }
        let _ = writeln!(text, "{}\n\nwhat can be done", kind.kind);
        for verb in kind.verbs {
            let _ = writeln!(text, "  {verb}");
        }
        let _ = writeln!(text, "\nwhat a call can come to");
        for outcome in kind.outcomes {
            let _ = writeln!(text, "  {} = {}", outcome.name, outcome.values.join(" | "));
        }
        let _ = writeln!(text, "\nwhat can be looked at");
        for observable in kind.observables {
            let meaning = observable.meaning.unwrap_or_default();
            let values = observable.values.join(" | ");
            let _ = writeln!(text, "  {} = {values}\n      {meaning}", observable.name);
        }
    }
    text
}

pub(crate) fn json() -> String {
    pretty(&VocabularyObject { schema: 1, kinds: kinds() })
}
