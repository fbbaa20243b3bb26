//! What came of every order of events.

use std::time::Duration;

use device_sim::exploration::{Exploration, Explored};

/// An exploration that was made.
pub(crate) struct Travelled {
    /// What was explored.
    pub(crate) exploration: Exploration,
    /// What came of it.
    pub(crate) explored: Explored,
    /// How long it took.
    pub(crate) took: Duration,
}

impl Travelled {
    /// Returns the version, and the values of the scenario's `for`, for people and file names.
    pub(crate) fn version(&self) -> Option<String> {
        let Exploration { setup, version, choices, .. } = &self.exploration;
        let version = version.map(|version| setup.version_in_words(version));
        let choices = choices.iter().map(ToString::to_string);
        let words: Vec<_> = version.into_iter().chain(choices).collect();
        (!words.is_empty()).then(|| words.join(", "))
    }
}
