//! The events in order: a line for each viewer of an event.
//!
//! User, administrator and system stay apart, so that a reader can follow one of them down the
//! page. No line is longer than 80 characters, except for a word that is.

use std::fmt::Write;

use chrono::{DateTime, Utc};
use device_sim::duration::format_duration;
use device_sim::{Event, Viewer};

use crate::report::simulation::Played;

const WIDTH: usize = 80;

/// The least width of the texts, however long the names of devices are.
const NARROWEST: usize = 30;

pub(super) fn render(played: &Played<'_>) -> String {
    let several = played.scenario.devices.len() > 1;
    let mut begins: Vec<_> =
        played.events.iter().map(|event| vec![since(played, event.at)]).collect();
    if several {
        for (begin, event) in begins.iter_mut().zip(&played.events) {
            begin.push(event.device.to_string());
        }
    }
    let widths: Vec<usize> = (0..=usize::from(several))
        .map(|column| begins.iter().map(|begin| begin[column].chars().count()).max().unwrap_or(0))
        .collect();
    let mut text = String::new();
    for (event, begin) in played.events.iter().zip(begins) {
        let begin = begin.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}  "));
        write_event(&mut text, &begin.collect::<String>(), event);
    }
    text
}

/// Writes the lines of an event behind `begin`, which only the first of them has: those of its
/// actor come first.
fn write_event(text: &mut String, begin: &str, event: &Event) {
    let mut begin = begin.to_owned();
    let blank = " ".repeat(begin.chars().count());
    let width = WIDTH.saturating_sub(2 + blank.len() + 8).max(NARROWEST);
    let others = Viewer::ALL.iter().copied().filter(|viewer| *viewer != event.actor);
    for viewer in [event.actor].into_iter().chain(others) {
        let mut who = viewer.as_str();
        for line in seen(event, viewer) {
            for (part, line) in wrapped(&line, width).iter().enumerate() {
                let hang = if part == 0 { "" } else { "  " };
                let _ = writeln!(text, "{}", format!("  {begin}{who:<8}{hang}{line}").trim_end());
                begin.clone_from(&blank);
                who = "";
            }
        }
    }
}

/// Breaks a text at spaces and, so that lists fit, behind commas; what follows the first line has
/// room for its indent.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for piece in text.split_inclusive([' ', ',']) {
        let room = if lines.len() > 1 { width - 2 } else { width };
        match lines.last_mut() {
            Some(line) if (line.clone() + piece).trim_end().chars().count() <= room => {
                line.push_str(piece);
            }
            _ => lines.push(piece.to_owned()),
        }
    }
    lines.iter().map(|line| line.trim_end().to_owned()).collect()
}

/// Returns the time from the start to a moment.
pub(super) fn since(played: &Played<'_>, at: DateTime<Utc>) -> String {
    format_duration(at - played.scenario.start)
}

/// Returns what one viewer sees of an event: their actions and the results, and what changed for
/// them.
fn seen(event: &Event, viewer: Viewer) -> Vec<String> {
    let mut lines = Vec::new();
    if event.actor == viewer {
        let mut line = event.verb.to_owned();
        for (name, value) in event.arguments.iter().filter(|(name, _)| *name != "by") {
            let _ = write!(line, " {name}={value}");
        }
        if let Some(outcome) = &event.outcome {
            let because = outcome.message.map_or(String::new(), |text| format!(" ({text})"));
            let _ = write!(line, " = {} {}{because}", outcome.key, outcome.value);
        }
        lines.push(line);
    }
    let changes = event.changes.iter().filter(|change| change.viewer == viewer);
    lines
        .extend(changes.map(|change| format!("{}: {} -> {}", change.what, change.from, change.to)));
    let notes = event.notes.iter().filter(|note| note.viewer == viewer);
    lines.extend(notes.map(|note| note.text.to_owned()));
    lines
}

#[cfg(test)]
mod tests {
    use super::wrapped;

    #[test]
    fn lines_break_at_spaces_and_behind_commas() {
        let text = "do payload=first:true,second:6 = ok";
        assert_eq!(wrapped(text, 20), ["do", "payload=first:true,", "second:6 = ok"]);
        assert_eq!(wrapped("one two", 20), ["one two"]);
    }
}
