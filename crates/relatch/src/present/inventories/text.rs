//! The text about inventories in reports.

use std::fmt::Write;

use inventory::{Problems, is_same_name};

use super::joined;
use crate::present::paragraph::filled;
use crate::present::table::grouped;
use crate::present::wording;
use crate::report::inventories::{
    AtRowLimit, ColumnProblems, DuplicatesReport, HiddenRows, IgnoredFilter, InventoriesReport,
    LeftOut, SelectionReport, TooFew, Windows1252,
};
use crate::report::joined::JoinedReport;

/// The number of files in a sentence, and of lines about files; the JSON form has
/// all of them.
const SHOWN_FILES: usize = 10;

/// Returns the names of the inventories, for a sentence.
pub(in crate::present) fn files(inventories: &InventoriesReport) -> String {
    joined(inventories.files.iter().cloned())
}

/// Lists the files that have other devices than a reader may expect: some are missing, or more are
/// read than Excel shows.
fn unexpected_devices(text: &mut String, inventories: &InventoriesReport) {
    let cut = inventories.truncated.iter().map(|file| {
        format!("{file} ends in the middle of a row, so devices are missing: export it again.")
    });
    let paged = inventories.more_pages.iter().map(|file| {
        format!(
            "The last page in {file} names a next one, so devices are missing: follow its \
             `@odata.nextLink` to the end."
        )
    });
    let few = inventories.too_few.iter().map(|TooFew { inventory: file, counted, devices }| {
        format!(
            "Graph counts {} in {file}, but {} are there: devices are missing, so ask it again.",
            wording::devices(*counted),
            grouped(*devices),
        )
    });
    let limits = inventories.row_limits.iter().map(|AtRowLimit { inventory, rows, cut }| {
        format!(
            "{inventory} has exactly {} rows, at which {cut} is cut: devices may be missing.",
            grouped(*rows)
        )
    });
    let hidden = inventories.hidden_rows.iter().map(|HiddenRows { inventory, rows }| {
        let are = if *rows == 1 { "1 row is" } else { &format!("{} rows are", grouped(*rows)) };
        format!(
            "In {inventory}, {are} hidden, as by a filter of Excel, and read like the others: \
             export the visible rows alone if only they are meant."
        )
    });
    cut.chain(paged)
        .chain(few)
        .chain(limits)
        .chain(hidden)
        .for_each(|line| text.push_str(&filled(&line)));
}

fn joined(names: impl ExactSizeIterator<Item = String>) -> String {
    let more = names.len().saturating_sub(SHOWN_FILES);
    let shown = names.take(SHOWN_FILES).collect::<Vec<_>>().join(", ");
    if more == 0 { shown } else { format!("{shown} and {more} more") }
}

/// Reports whether the inventory is a device list of relatch.
pub(in crate::present) fn own_lists(text: &mut String, inventories: &InventoriesReport) {
    if inventories.from_lists {
        let _ = writeln!(
            text,
            "This inventory is a device list of relatch: as old as the export that it came from."
        );
    }
}

/// Adds below a headline the devices that it does not count: those that a file lacks, and rows that
/// repeat a device or may without a sign of it.
pub(in crate::present) fn duplicates(text: &mut String, inventories: &InventoriesReport) {
    unexpected_devices(text, inventories);
    for file in inventories.named_again.iter().take(SHOWN_FILES) {
        let _ = writeln!(text, "{file} is named again; it is the same file, so it is read once.");
    }
    more(text, "", inventories.named_again.len());
    far_ahead(text, inventories);
    selection(text, inventories);
    joined::write(text, &inventories.joined);
    let Some(report) = &inventories.duplicates else { return };
    let DuplicatesReport { by_device_id, by_serial_number, no_key, .. } = *report;
    let key = match (by_device_id, by_serial_number) {
        (_, 0) => "Device ID",
        (0, _) => "serial number",
        _ => "Device ID, or else serial number",
    };
    if report.rows > 0 {
        let repeats = wording::repeats(report.rows);
        let _ = writeln!(text, "{repeats} ({key}); the newest check-in counts.");
        if inventories.files.len() > 1 {
            let files = report.inventories.iter();
            let files = files.map(|one| format!("{} in {}", grouped(one.rows), one.inventory));
            let _ = writeln!(text, "Set aside: {}.", joined(files));
        }
    }
    if report.contradictions > 0 {
        let (have, rows) = match report.contradictions {
            1 => ("has", "1 device"),
            _ => ("have", &*wording::devices(report.contradictions)),
        };
        let _ = writeln!(
            text,
            "{rows} {have} rows that differ with the same check-in or none, so which is newer is \
             unknown: the one with the later OS version counts where a rule tells the two apart, \
             else the one that says more, else a fixed choice."
        );
        snapshots(text, inventories);
    }
    let all = by_device_id + by_serial_number + no_key;
    if no_key == all && all > 0 {
        let _ =
            writeln!(text, "No row has a Device ID or serial number, so every row is a device.");
    } else if no_key > 0 {
        let _ = writeln!(
            text,
            "{} of {} rows have no Device ID and no serial number; each counts as a device.",
            grouped(no_key),
            grouped(all)
        );
    }
    if by_device_id > 0 && by_serial_number > 0 {
        let _ = writeln!(
            text,
            "{} of {} rows are recognised by serial number alone; a device that is also listed by \
             Device ID counts twice.",
            grouped(by_serial_number),
            grouped(all)
        );
    }
}

/// Writes which rows to keep of daily snapshots, as Log Analytics has them of each device.
fn snapshots(text: &mut String, inventories: &InventoriesReport) {
    const SNAPSHOT: &str = "TimeGenerated";
    if inventories.columns.ignored.iter().any(|name| is_same_name(name, SNAPSHOT)) {
        let line = format!(
            "`{SNAPSHOT}` is not read: keep the newest snapshot of each device with `summarize \
             arg_max({SNAPSHOT}, *) by DeviceId`."
        );
        text.push_str(&filled(&line));
    }
}

/// Writes how many devices have a check-in that is hardly right, and what it does.
fn far_ahead(text: &mut String, inventories: &InventoriesReport) {
    let ahead = inventories.check_ins.far_ahead();
    if ahead == 0 {
        return;
    }
    let (have, which) = if ahead == 1 { ("has", "its") } else { ("have", "their") };
    let line = format!(
        "{} {have} a check-in more than two years after all others, which is hardly right: of several \
         rows of a device it decides which counts, and ages are measured from it. Correct {which} \
         date in the inventory.",
        wording::devices(ahead)
    );
    text.push_str(&filled(&line));
}

/// Returns the conditions of a selection.
pub(in crate::present) fn conditions(report: &SelectionReport) -> String {
    let since = report.since.as_ref().map(|day| format!(" (from {day})")).unwrap_or_default();
    let age = report.age.as_ref().map(|age| format!("{age}{since}"));
    report.condition.iter().cloned().chain(age).collect::<Vec<_>>().join(" and ")
}

/// Adds the selected devices, and those left out only because something is unknown.
fn selection(text: &mut String, inventories: &InventoriesReport) {
    let Some(report) = &inventories.selection else { return };
    let SelectionReport { left_out, unknown, no_check_in, .. } = report;
    let what = conditions(report);
    text.push_str(&filled(&format!("Only devices with {what}; {} left out.", grouped(*left_out))));
    if *unknown > 0 {
        let line = format!(
            "{} of those left out may be meant: a fact that the condition names is unknown.",
            grouped(*unknown)
        );
        text.push_str(&filled(&line));
    }
    if *no_check_in > 0 {
        let line = format!("{} of those left out have no known check-in.", grouped(*no_check_in));
        text.push_str(&filled(&line));
    }
}

/// Adds the number of files that have no line of their own.
fn more(text: &mut String, label: &str, files: usize) {
    if let Some(more) = files.checked_sub(SHOWN_FILES).filter(|more| *more > 0) {
        let _ = writeln!(text, "{label}{}.", wording::number(more, "more file", "more files"));
    }
}

/// Adds the files, rows and cells that are not in a report.
pub(in crate::present) fn not_understood(
    text: &mut String,
    inventories: &InventoriesReport,
    what: &str,
) {
    if !inventories.left_out.is_empty() {
        text.push('\n');
    }
    for LeftOut { file, found, may_hold_devices } in inventories.left_out.iter().take(SHOWN_FILES) {
        let devices = if *may_hold_devices { "; it may hold devices" } else { "" };
        let _ = writeln!(text, "Left out: {file} is {found}{devices}.");
    }
    more(text, "Left out: ", inventories.left_out.len());
    for IgnoredFilter { inventory: file, property } in &inventories.ignored_filters {
        let _ = writeln!(
            text,
            "\n{file} was asked for with a filter by `{property}`, which Graph ignores: it holds \
             every device."
        );
    }
    for Windows1252 { inventory: file, texts } in &inventories.windows_1252 {
        let were =
            if *texts == 1 { "1 text was" } else { &format!("{} texts were", grouped(*texts)) };
        let _ = writeln!(text, "\n{file} is not UTF-8: {were} read as Windows-1252.");
    }
    cells(text, inventories);
    rows(text, inventories, what);
    listed(text, inventories);
}

/// Returns the rows that are not in a headline and the cells that are unknown in it, as the end of
/// its sentence.
pub(in crate::present) fn exceptions(inventories: &InventoriesReport) -> String {
    let rows = match inventories.rejected {
        0 => None,
        1 => Some(format!("1 of {} rows was rejected", grouped(inventories.rows))),
        rejected => Some(format!(
            "{} of {} rows were rejected",
            grouped(rejected),
            grouped(inventories.rows)
        )),
    };
    let cells = match inventories.problems.iter().map(|column| column.cells).sum() {
        0 => None,
        1 => Some("1 cell was not understood".to_owned()),
        cells => Some(format!("{} cells were not understood", grouped(cells))),
    };
    let exceptions: Vec<_> = rows.into_iter().chain(cells).collect();
    if exceptions.is_empty() { String::new() } else { format!("; {}", exceptions.join(", ")) }
}

/// Adds the cells that were not understood, by column.
fn cells(text: &mut String, inventories: &InventoriesReport) {
    if !inventories.problems.is_empty() {
        text.push('\n');
    }
    for ColumnProblems { column, cells, expected, texts: first, is_check_in } in
        &inventories.problems
    {
        let texts: Vec<_> = first.iter().map(|cell| format!("`{}`", cell.text)).collect();
        // Beyond this number of texts it is unknown whether there are others.
        let more = if first.len() == Problems::TEXTS { ", …" } else { "" };
        let (noun, verb) = match cells {
            1 => ("cell", "was not understood and counts"),
            _ => ("cells", "were not understood and count"),
        };
        let _ = writeln!(
            text,
            "{} {noun} of {column} {verb} as unknown ({}{more}).",
            grouped(*cells),
            texts.join(", ")
        );
        let Some(cell) = first.first() else { continue };
        let line = cell.line.map(|line| format!(" (line {line})")).unwrap_or_default();
        let _ = writeln!(
            text,
            "  First in {}, row {}{line}; expected {expected}.",
            cell.inventory,
            grouped(cell.row),
        );
        for cell in first {
            if let Some(guess) = cell.suggestion {
                let _ = writeln!(text, "  `{}`: did you mean `{guess}`?", cell.text);
            }
        }
        if *is_check_in {
            let (which, have) =
                if *cells == 1 { ("this device", "has") } else { ("these devices", "have") };
            let _ = writeln!(text, "  How long {which} {have} not checked in is unknown.");
        }
    }
}

/// Adds the rows that are not in a report.
fn rows(text: &mut String, inventories: &InventoriesReport, what: &str) {
    if inventories.rejected == 0 {
        return;
    }
    let verbs =
        if inventories.rejected == 1 { "was rejected and is" } else { "were rejected and are" };
    let _ = writeln!(
        text,
        "\n{} of {} rows {verbs} not in the {what}:",
        grouped(inventories.rejected),
        grouped(inventories.rows)
    );
    for (file, rejection) in &inventories.rejections {
        let _ = writeln!(text, "  {file}: {rejection}");
    }
    let more = inventories.rejected - inventories.rejections.len() as u64;
    if more > 0 {
        let _ = writeln!(text, "  and {} more", grouped(more));
    }
}

/// Adds the list of all problems, or how to get it.
fn listed(text: &mut String, inventories: &InventoriesReport) {
    let joined = inventories.joined.iter().any(JoinedReport::has_remarks);
    let problems = !inventories.problems.is_empty() || inventories.rejected > 0 || joined;
    match &inventories.problem_list {
        Some(list) if problems => {
            let _ = writeln!(text, "All of it is listed in {list}.");
        }
        None if problems => {
            let _ = writeln!(text, "`--problems FILE` lists all of it.");
        }
        _ => {}
    }
}
