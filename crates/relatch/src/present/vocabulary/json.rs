//! The vocabulary of scenarios, for programs.

use device_sim::{Domain, vocabularies};
use schemars::JsonSchema;
use serde::Serialize;

use crate::json::{Version, pretty};

/// The vocabulary of scenarios: `relatch simulate --vocabulary --format json`.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Vocabulary {
    /// The version of this shape.
    schema: Version,
    /// The words by model.
    models: Vec<Model>,
}

/// The words of one model.
#[derive(Serialize, JsonSchema)]
pub(super) struct Model {
    /// The model: a platform, or the service.
    pub(super) model: &'static str,
    /// The verbs of steps.
    pub(super) verbs: Vec<&'static str>,
    /// The outcomes of calls.
    pub(super) outcomes: Vec<Outcome>,
    /// The observables, for expectations and properties.
    pub(super) observables: Vec<Observable>,
}

/// An outcome of a call.
#[derive(Serialize, JsonSchema)]
pub(super) struct Outcome {
    /// The key in an expectation.
    pub(super) name: &'static str,
    /// The values.
    pub(super) values: Vec<&'static str>,
}

/// An observable of a device or of the service.
#[derive(Serialize, JsonSchema)]
pub(super) struct Observable {
    /// The key in an expectation.
    pub(super) name: &'static str,
    /// The values.
    pub(super) values: Vec<&'static str>,
    /// The meaning.
    pub(super) meaning: &'static str,
    /// The one who sees it: the user, the administrator, or the system.
    viewer: &'static str,
    /// The version from which it can have more than one value, where that is not the first.
    since: Option<&'static str>,
    /// The documentation of its meaning.
    source: &'static str,
}

pub(super) fn models() -> Vec<Model> {
    let models = vocabularies().into_iter().map(|known| {
        let outcomes = known
            .outcome_keys
            .iter()
            .map(|key| Outcome { name: key.name, values: values(key.domain) });
        let observables = known.observables.iter().map(|observable| Observable {
            name: observable.name,
            values: values(observable.domain),
            meaning: observable.meaning,
            viewer: observable.viewer.as_str(),
            since: observable.since,
            source: observable.source,
        });
        Model {
            model: known.model,
            verbs: known.verbs.iter().map(|verb| verb.name).collect(),
            outcomes: outcomes.collect(),
            observables: observables.collect(),
        }
    });
    models.collect()
}

fn values(domain: Domain) -> Vec<&'static str> {
    match domain {
        Domain::Truth => vec!["true", "false"],
        Domain::Number | Domain::NumberFrom(_) => vec!["a number"],
        Domain::Words(words) => words.to_vec(),
        Domain::TruthOr(words) => [&["true", "false"], words].concat(),
        Domain::Any(words) => [&["true", "false", "a number"], words].concat(),
    }
}

pub(super) fn render() -> String {
    pretty(&Vocabulary { schema: Version, models: models() })
}
