//! The results of scenarios.

use std::ops::Range;
use std::path::{Path, PathBuf};

use device_sim::scenario::Joined;
use device_sim::{Event, Finding, Run, Scenario, ScenarioDocument};
use eligibility::diagnostic::LineStarts;

/// A scenario file that was read.
pub(crate) struct LoadedScenario {
    /// Its place.
    pub(crate) path: PathBuf,
    /// Its text.
    pub(crate) text: String,
    /// The set-up that it shares with others, if it does.
    pub(crate) shared: Option<SharedSetup>,
    /// Its content.
    pub(crate) document: ScenarioDocument,
}

/// A set-up that a scenario shares.
pub(crate) struct SharedSetup {
    /// Its place.
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

    /// Returns an index of the lines in its files, for many places.
    pub(crate) fn lines(&self) -> FileLines<'_> {
        let shared = self.shared.as_ref().map(|shared| LineStarts::of(&shared.text));
        FileLines { file: self, own: LineStarts::of(&self.text), shared }
    }
}

/// The lines of a scenario file and of the set-up that it shares.
pub(crate) struct FileLines<'a> {
    file: &'a LoadedScenario,
    own: LineStarts<'a>,
    shared: Option<LineStarts<'a>>,
}

impl<'a> FileLines<'a> {
    /// Returns the file, line and column of what the document says.
    pub(crate) fn position(&self, span: &Range<usize>) -> (&'a Path, usize, usize) {
        let place = self.file.place(span);
        let is_own = place.path == self.file.path;
        let lines = self.shared.as_ref().filter(|_| !is_own).unwrap_or(&self.own);
        let (line, column) = lines.position(place.span.start);
        (place.path, line, column)
    }
}

/// The level of detail.
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
    /// The result.
    pub(crate) run: Run,
}

/// Reports once each claim that was about no moment at any version, so that it checked nothing.
pub(crate) fn report_idle_claims(runs: &mut Vec<Played<'_>>) {
    let claims: Vec<_> = runs.iter().flat_map(|one| &one.run.idle).cloned().collect();
    for idle in claims {
        let is_it = |finding: &Finding| finding.span == idle.span;
        let about = runs.iter().filter(|one| {
            one.scenario
                .properties
                .iter()
                .any(|property| Some(&property.span) == idle.span.as_ref())
        });
        let everywhere = about.clone().all(|one| one.run.idle.iter().any(is_it));
        let reported = runs.iter().any(|one| {
            let mut found = one.run.findings.iter();
            found.any(|finding| is_it(finding) && finding.expected == idle.expected)
        });
        let first = runs.iter_mut().find(|one| one.run.idle.iter().any(is_it));
        if let Some(one) = first.filter(|_| everywhere && !reported) {
            one.run.findings.push(idle);
        }
    }
}
