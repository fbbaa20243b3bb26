//! The text about facts files in reports.

use eligibility::facts::FactName;

use crate::present::paragraph::filled;
use crate::present::table::grouped;
use crate::present::wording::{plural, some_columns};
use crate::report::joined::{Contradiction, JoinedReport};

/// Writes a paragraph for each facts file.
pub(super) fn write(text: &mut String, joined: &[JoinedReport]) {
    for report in joined {
        text.push_str(&filled(&sentences(report).join(" ")));
    }
}

fn sentences(report: &JoinedReport) -> Vec<String> {
    let JoinedReport { file, rows, matched, unmatched, .. } = report;
    let facts: Vec<_> = report.facts.iter().map(FactName::as_str).collect();
    let key = report.key.as_str();
    let about = if *matched == 1 { "is about a device" } else { "are about devices" };
    let mut sentences = vec![format!(
        "Joined {file} by {key} ({}): {} of {} {about} of the inventory.",
        facts.join(", "),
        grouped(*matched),
        plural(*rows, "row"),
    )];
    if *matched == 0 {
        sentences.push(format!("So it changes nothing: does it have the {key} of Intune?"));
    }
    let none = unmatched - report.no_key - report.ambiguous - report.rejected;
    let parts = [
        (none, format!("a {key} that no device has")),
        (report.ambiguous, format!("a {key} that several devices have")),
        (report.no_key, format!("no {key}")),
    ];
    for (count, what) in parts.into_iter().filter(|(count, _)| *count > 0) {
        let have = if count == 1 {
            "1 row has".to_owned()
        } else {
            format!("{} rows have", grouped(count))
        };
        sentences.push(format!("{have} {what}."));
    }
    if report.repeated > 0 {
        let (rows, repeat) = (
            plural(report.repeated, "row"),
            if report.repeated == 1 { "repeats" } else { "repeat" },
        );
        sentences.push(format!("{rows} {repeat} the {key} of an earlier one."));
    }
    if let Some((row, text)) = &report.first_unmatched {
        sentences.push(format!("The first that is not joined is row {row} (`{text}`)."));
    }
    if let Some(rejection) = &report.first_rejection {
        let were = if report.rejected == 1 { "row was" } else { "rows were" };
        sentences.push(format!("{} {were} rejected: {rejection}.", grouped(report.rejected)));
    }
    if report.contradictions > 0 {
        sentences.push(contradictions(report));
    }
    if report.repeated_contradictions > 0 {
        let keys = plural(report.repeated_contradictions, key);
        sentences.push(format!(
            "For {keys}, rows of it contradict each other: the fact is one of what they say."
        ));
    }
    if !report.ignored.is_empty() {
        sentences.push(format!("Its columns {} are no facts.", some_columns(&report.ignored)));
    }
    sentences
}

fn contradictions(report: &JoinedReport) -> String {
    let (facts, is) = match report.contradictions {
        1 => ("1 fact contradicts".to_owned(), "it is"),
        count => (format!("{} facts contradict", grouped(count)), "each is"),
    };
    let mut text =
        format!("{facts} the inventory or another facts file; {is} one of what they say");
    if let Some(Contradiction { row, fact, said, against }) = &report.first_contradiction {
        let against = against.as_ref().map(|it| format!(", elsewhere `{it}`")).unwrap_or_default();
        text.push_str(&format!(" (row {row}: {fact} `{said}`{against})"));
    }
    text.push('.');
    text
}
