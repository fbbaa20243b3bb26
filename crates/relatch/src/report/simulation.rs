//! What happened in scenarios.

use std::path::PathBuf;

use device_sim::{Event, Run, Scenario, ScenarioDocument};

/// A scenario file that was read.
pub(crate) struct LoadedScenario {
    /// Where it stands.
    pub(crate) path: PathBuf,
    /// Its text.
    pub(crate) text: String,
    /// What it says.
    pub(crate) document: ScenarioDocument,
}

/// How much to tell.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Detail {
    /// Only what was not met.
    pub(crate) quiet: bool,
    /// The whole state of a device, not only what matters.
    pub(crate) state: bool,
}

/// A scenario at one version that was run.
pub(crate) struct Played<'a> {
    /// The scenario.
    pub(crate) scenario: &'a Scenario,
    /// The seed that was used.
    pub(crate) seed: u64,
    /// Every event.
    pub(crate) events: Vec<Event>,
    /// What came of it.
    pub(crate) run: Run,
}
