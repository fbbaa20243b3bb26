//! A set-up that scenarios share: a file whose tables are put before those of the scenario.

use std::ops::Range;

use eligibility::diagnostic::InvalidDocument;
use eligibility::document::{Section, Text, first_table, read_document};

use super::ScenarioDocument;

/// Returns the file whose set-up a scenario shares, as its key `setup` names it: a path that is
/// relative to the file of the scenario.
pub fn shared_setup(text: &str) -> Option<Text> {
    let read = |mut section: Section<'_>, problems: &mut Vec<_>| section.text("setup", problems);
    read_document(text, "scenario", read).0
}

/// The text of a scenario with the set-up that it shares.
///
/// The keys of the scenario come first, then the text of the set-up, then the scenario's tables. So
/// the set-up may have devices, steps, which come before all others, and claims; the scenario may
/// add tables to its devices, such as `[devices.phone.intune]`.
///
/// ```
/// use device_sim::scenario::Joined;
///
/// let scenario = "title = 't'\nsetup = 'phone.setup.toml'\n[[step]]\nexpect = { device-lock = 'pin' }";
/// let setup = "[devices.phone]\nkind = 'android'\napi-level = 30\nlock = '4711'";
/// let joined = Joined::new(scenario, setup);
/// let document = joined.read()?;
/// assert_eq!(document.scenarios[0].devices.len(), 1);
/// let step = document.scenarios[0].steps[0].span.clone();
/// let (is_shared, place) = joined.place(step);
/// assert!(!is_shared);
/// assert_eq!(&scenario[place], "[[step]]");
/// # Ok::<(), eligibility::diagnostic::InvalidDocument>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Joined {
    text: String,
    shared: Range<usize>,
}

impl Joined {
    /// Puts a set-up into a scenario.
    pub fn new(scenario: &str, setup: &str) -> Self {
        let (keys, tables) = scenario.split_at(first_table(scenario));
        let start = keys.len() + 1;
        let text = format!("{keys}\n{setup}\n{tables}");
        Self { text, shared: start..start + setup.len() + 1 }
    }

    /// Returns the whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Reads the scenario.
    ///
    /// # Errors
    ///
    /// All problems of both files, with their places in the whole text.
    pub fn read(&self) -> Result<ScenarioDocument, InvalidDocument> {
        ScenarioDocument::read_joined(&self.text, true)
    }

    /// Returns the place of a span of the whole text in the file that has it, and true if that is
    /// the set-up.
    pub fn place(&self, span: Range<usize>) -> (bool, Range<usize>) {
        let Range { start, end } = self.shared;
        let is_shared = self.shared.contains(&span.start);
        // A list that is left open in one file may go on in the next: only its beginning is shown.
        let (moved, limit) = match span.start {
            at if at < start => (0, start - 1),
            at if at < end => (start, end - 1),
            _ => (end - start + 1, self.text.len()),
        };
        let end = span.end.min(limit).max(span.start);
        (is_shared, span.start - moved..end - moved)
    }
}
