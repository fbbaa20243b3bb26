//! The vocabulary of scenarios: per platform, and of the service.

use crate::model::parameter::Parameter;
use crate::model::{Argument, Observable, OutcomeKey, Verb};
use crate::{android, apple, service};

/// The vocabulary of one model.
#[derive(Clone, Debug)]
pub struct Vocabulary {
    /// The model: a kind of device, or the service.
    pub model: &'static str,
    /// The table of a scenario's device that has its `parameters`.
    pub parameters_in: &'static str,
    /// The keys of the table of such a device, or of its table `intune`.
    pub keys: Vec<Argument>,
    /// Everything that a scenario can have done, with the arguments of each.
    pub verbs: Vec<Verb>,
    /// The outcomes that calls can have.
    pub outcome_keys: &'static [OutcomeKey],
    /// Everything that can be looked at.
    pub observables: &'static [Observable],
    /// The choices that the model makes where the sources are silent.
    pub parameters: Vec<Parameter>,
}

/// Returns the vocabularies of all models.
///
/// ```
/// let models: Vec<_> = device_sim::vocabularies().iter().map(|each| each.model).collect();
/// assert_eq!(models, ["android", "apple", "intune"]);
/// ```
pub fn vocabularies() -> [Vocabulary; 3] {
    [
        Vocabulary {
            model: "android",
            parameters_in: "the table `parameters` of a device",
            keys: android::Setup::describe(),
            verbs: android::Call::verbs(),
            outcome_keys: android::OUTCOME_KEYS,
            observables: android::OBSERVABLES,
            parameters: android::Parameters::table(),
        },
        Vocabulary {
            model: "apple",
            parameters_in: "the table `parameters` of a device",
            keys: apple::Setup::describe(),
            verbs: apple::Call::verbs(),
            outcome_keys: apple::OUTCOME_KEYS,
            observables: apple::OBSERVABLES,
            parameters: apple::Parameters::table(),
        },
        Vocabulary {
            model: "intune",
            parameters_in: "the table `intune.parameters` of a device",
            keys: service::Setup::keys(),
            verbs: service::Call::verbs(),
            outcome_keys: service::OUTCOME_KEYS,
            observables: service::OBSERVABLES,
            parameters: service::Parameters::table(),
        },
    ]
}

#[cfg(test)]
mod tests {
    use super::vocabularies;

    #[test]
    fn every_verb_argument_and_observable_is_documented() {
        for model in vocabularies() {
            for key in model.keys {
                assert!(key.meaning.ends_with('.'), "{}", key.name);
            }
            for verb in model.verbs {
                assert!(verb.meaning.ends_with('.'), "{}", verb.name);
                for argument in verb.arguments {
                    assert!(!argument.meaning.is_empty(), "{} {}", verb.name, argument.name);
                }
            }
            for observable in model.observables {
                assert!(!observable.meaning.is_empty(), "{}", observable.name);
                assert!(observable.source.starts_with("https://"), "{}", observable.name);
            }
        }
    }
}
