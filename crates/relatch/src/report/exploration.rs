//! The results of every order of events.

use std::collections::BTreeSet;
use std::time::Duration;

use device_sim::Scenario;
use device_sim::exploration::{Exploration, Explored, Property, Verdict};
use device_sim::scenario::Mode;

use super::simulation::LoadedScenario;

/// The part of a scenario file about its own order: the expectations of single steps, and the
/// claims over time.
pub(crate) struct OwnOrder {
    /// The file.
    pub(crate) file: LoadedScenario,
    /// Its variants without the claims that every order of events decides.
    pub(crate) scenarios: Vec<Scenario>,
}

impl OwnOrder {
    /// Returns the part of a file about its own order.
    pub(crate) fn of(file: LoadedScenario) -> Self {
        let mut scenarios = file.document.scenarios.clone();
        for scenario in &mut scenarios {
            scenario.properties.retain(|claim| matches!(claim.mode, Mode::Eventually(_)));
        }
        Self { file, scenarios }
    }

    /// Returns the number of steps with an expectation; a step of several variants is one.
    pub(crate) fn steps(&self) -> usize {
        let steps = self.scenarios.iter().flat_map(|scenario| &scenario.steps);
        let places = steps.filter(|step| !step.expect.is_empty()).map(|step| step.span.start);
        places.collect::<BTreeSet<_>>().len()
    }

    /// Returns the number of claims of the file that are over time.
    pub(crate) fn claims(&self) -> usize {
        let claims = self.scenarios.iter().flat_map(|scenario| &scenario.properties);
        claims.map(|claim| claim.span.start).collect::<BTreeSet<_>>().len()
    }
}

/// An exploration that was made.
pub(crate) struct Travelled {
    /// The explored model.
    pub(crate) exploration: Exploration,
    /// The result.
    pub(crate) explored: Explored,
    /// The duration.
    pub(crate) took: Duration,
}

impl Travelled {
    /// Returns each property with what was shown of it.
    pub(crate) fn decided(&self) -> impl Iterator<Item = (&Property, &Verdict)> {
        self.exploration.properties.iter().zip(&self.explored.verdicts)
    }

    /// Returns the version, and the values of the scenario's `for`, for people and file names.
    pub(crate) fn version(&self) -> Option<String> {
        let Exploration { setup, version, choices, .. } = &self.exploration;
        let version = version.map(|version| setup.version_in_words(version));
        let choices = choices.iter().map(ToString::to_string);
        let words: Vec<_> = version.into_iter().chain(choices).collect();
        (!words.is_empty()).then(|| words.join(", "))
    }
}
