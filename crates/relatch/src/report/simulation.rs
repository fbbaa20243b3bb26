//! What happened in scenarios.

use std::ops::Range;
use std::path::{Path, PathBuf};

use device_sim::scenario::Joined;
use device_sim::{Event, Run, Scenario, ScenarioDocument};

/// A scenario file that was read.
pub(crate) struct LoadedScenario {
    /// Where it stands.
    pub(crate) path: PathBuf,
    /// Its text.
    pub(crate) text: String,
    /// The set-up that it shares with others, if it does.
    pub(crate) shared: Option<SharedSetup>,
    /// What it says.
    pub(crate) document: ScenarioDocument,
}

/// A set-up that a scenario shares.
pub(crate) struct SharedSetup {
    /// Where it stands.
    pub(crate) path: PathBuf,
    /// Its text.
    pub(crate) text: String,
    /// The text of the scenario with it.
    pub(crate) joined: Joined,
}

/// A place in a file.
pub(crate) struct Place<'a> {
    pub(crate) path: &'a Path,
    pub(crate) text: &'a str,
    pub(crate) span: Range<usize>,
}

impl LoadedScenario {
    /// Returns the place of what the document says.
    pub(crate) fn place(&self, span: &Range<usize>) -> Place<'_> {
        let own = (self.path.as_path(), self.text.as_str());
        let ((path, text), span) = match &self.shared {
            None => (own, span.clone()),
            Some(shared) => match shared.joined.place(span.clone()) {
                (false, span) => (own, span),
                (true, span) => ((shared.path.as_path(), shared.text.as_str()), span),
            },
        };
        Place { path, text, span }
    }
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
