//! Notes on the action: data that changes no decision.
//!
//! ```toml
//! [[note]]
//! id        = "never-a-lost-device"
//! mechanism = "ClearPasscode"
//! because   = "Apple warns never to clear the passcode of a lost device."
//! sources   = ["https://developer.apple.com/documentation/devicemanagement/managing-passcodes"]
//! ```
//!
//! ```
//! use eligibility::builtin;
//!
//! let notes = builtin::notes();
//! assert!(notes.iter().any(|note| note.id == "never-a-lost-device"));
//! ```

use crate::decide::{Decision, Verdict};
use crate::diagnostic::InvalidDocument;
use crate::document::{Problems, Section, parse_document};
use crate::facts::Facts;
use crate::policy::{Conjunction, Mechanism, Scope, Truth};

/// A fact about devices that no policy states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Its name.
    pub id: String,
    /// The devices.
    pub devices: Conjunction,
    /// The operation, if the note is about one only.
    pub mechanism: Option<Mechanism>,
    /// The fact.
    pub because: String,
    /// The remedy, if there is one.
    pub instead: Option<String>,
    /// The pages that document it.
    pub sources: Vec<String>,
}

impl Note {
    /// Returns true if the note is about a device on which the action works, or may work.
    pub fn is_about(&self, facts: &Facts, decision: &Decision) -> bool {
        self.devices.truth(facts) == Truth::Holds
            && [Scope::Device, Scope::WorkProfile].into_iter().any(|scope| {
                let outcome = decision.scope(scope);
                matches!(outcome.verdict(), Verdict::Eligible | Verdict::Conditional)
                    && self.mechanism.is_none_or(|only| outcome.mechanism() == Some(only))
            })
    }
}

/// Parses a file of notes.
///
/// # Errors
///
/// All problems of the text at once.
pub fn parse(text: &str) -> Result<Vec<Note>, InvalidDocument> {
    parse_document(text, "file of notes", |mut top, problems| {
        let sections = top.sections("note", problems);
        let notes = sections.into_iter().filter_map(|section| note(section, problems)).collect();
        top.finish(problems);
        Some(notes)
    })
}

fn note(mut section: Section<'_>, problems: &mut Problems) -> Option<Note> {
    let id = section.require_text("id", problems);
    let devices = Conjunction::take(&mut section, "devices", problems);
    let mechanism = section.word("mechanism", problems);
    let because = section.require_text("because", problems);
    let instead = section.text("instead", problems);
    let sources = section.require("sources", problems).map(|node| node.texts("sources", problems));
    section.finish(problems);
    Some(Note {
        id: id?.value,
        devices: devices?,
        mechanism,
        because: because?.paragraph(),
        instead: instead.map(|text| text.paragraph()),
        sources: sources?.into_iter().map(|text| text.value).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn a_note_with_mistakes_names_them_all() {
        let text = "[[note]]\nid = 1\nmechanism = \"magic\"\nsources = []\nextra = true\n";
        let problems = parse(text).unwrap_err();
        let codes: Vec<_> = problems.problems().iter().map(|problem| problem.code).collect();
        // The key that is missing may be the one that is unknown, so it is no problem of its own.
        assert_eq!(codes, ["wrong-type", "unknown-value", "unknown-key"]);
    }
}
