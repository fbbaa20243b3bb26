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
    /// The version, for people and file names.
    pub(crate) fn version(&self) -> Option<String> {
        let Exploration { setup, version, .. } = &self.exploration;
        version.map(|version| setup.version_in_words(version))
    }
}
