//! What to know before the button is pressed: data that changes no decision.
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
use crate::diagnostic::{Diagnostic, InvalidDocument};
use crate::document::{Section, read_document};
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
    /// What to do about it, where there is something.
    pub instead: Option<String>,
    /// Where it is documented.
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
    let (notes, problems) = read_document(text, "file of notes", |mut top, problems| {
        let sections =
            top.take("note").map_or_else(Vec::new, |node| node.sections("note", problems));
        let notes = sections.into_iter().filter_map(|section| note(section, problems)).collect();
        top.finish(problems);
        Some(notes)
    });
    match notes {
        Some(notes) if problems.is_empty() => Ok(notes),
        _ => Err(InvalidDocument::new(text, problems)),
    }
}

fn note(mut section: Section<'_>, problems: &mut Vec<Diagnostic>) -> Option<Note> {
    let id = section.require_text("id", problems);
    let devices = section.take("devices");
    let devices = match devices {
        Some(node) => Conjunction::read(node, "devices", problems),
        None => Some(Conjunction::new([])),
    };
    let mechanism = section.word("mechanism", Mechanism::WORDS, problems);
    let because = section.require_text("because", problems);
    let instead = section.text("instead", problems);
    let sources = section.require("sources", problems)?;
    let sources = sources.as_list().unwrap_or_else(|| vec![sources]);
    let sources: Vec<_> = sources.into_iter().map(|node| node.text("sources", problems)).collect();
    section.finish(problems);
    let paragraph = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
    Some(Note {
        id: id?.value,
        devices: devices?,
        mechanism,
        because: paragraph(because?.value),
        instead: instead.map(|text| paragraph(text.value)),
        sources: sources.into_iter().map(|text| Some(text?.value)).collect::<Option<_>>()?,
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
        assert_eq!(codes.len(), 4, "{codes:?}");
    }
}
