//! What reports say of their inventories, for people.

use std::fmt::Write;

use crate::present::table::grouped;
use crate::present::wording;
use crate::report::intake::{IntakeReport, LeftOut, TooFew};

/// Whether the inventory is a device list of relatch.
pub(in crate::present) fn own_lists(text: &mut String, intake: &IntakeReport) {
    if intake.from_lists {
        let _ = writeln!(
            text,
            "This inventory is a device list of relatch: as old as the export that it came from."
        );
    }
}

/// The files and rows that are not in a report, and the files that were cut off.
pub(in crate::present) fn rejections(text: &mut String, intake: &IntakeReport, what: &str) {
    if !intake.left_out.is_empty() {
        text.push('\n');
    }
    for LeftOut { file, found } in &intake.left_out {
        let _ = writeln!(text, "Left out: {file} is {found}.");
    }
    for file in &intake.truncated {
        let _ = writeln!(text, "\n{file} ends in the middle of a row: export it again.");
    }
    for file in &intake.more_pages {
        let _ = writeln!(
            text,
            "\nThe last page in {file} names a next one, so devices are missing: follow its \
             `@odata.nextLink` to the end."
        );
    }
    for TooFew { file, counted, devices } in &intake.too_few {
        let _ = writeln!(
            text,
            "\nGraph counts {} in {file}, but {} are there: devices are missing, so ask it again.",
            wording::devices(*counted),
            grouped(*devices),
        );
    }
    for (file, property) in &intake.ignored_filters {
        let _ = writeln!(
            text,
            "\n{file} was asked for with a filter by `{property}`, which Graph ignores: it holds \
             every device."
        );
    }
    if intake.rejected == 0 {
        return;
    }
    let _ = writeln!(
        text,
        "\n{} of {} rows were rejected and are not in the {what}:",
        grouped(intake.rejected),
        grouped(intake.rows)
    );
    for (file, rejection) in &intake.rejections {
        let guess =
            rejection.guess.map(|guess| format!("; did you mean `{guess}`?")).unwrap_or_default();
        let _ = writeln!(text, "  {file}: {rejection}{guess}");
    }
    let more = intake.rejected - intake.rejections.len() as u64;
    if more > 0 {
        let _ = writeln!(text, "  and {} more", grouped(more));
    }
}
