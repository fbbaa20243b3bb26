//! The commands that continue from a report, as words of a shell.

use std::path::{Path, PathBuf};

use clap::ValueEnum;

use crate::args::{
    ColumnNames, Days, Duplicates, InventoryArguments, ReadingArgument, SelectionArguments,
};
use crate::files;
use crate::present::redaction;

/// Returns the inventories.
pub(super) fn inventories(paths: &[PathBuf]) -> String {
    let name = |path: &PathBuf| match files::is_standard(path) {
        true => "INVENTORY".into(),
        false => word(path),
    };
    paths.iter().map(name).collect::<Vec<_>>().join(" ")
}

/// Returns the options by which inventories are read and shown, each behind a space.
pub(super) fn input(arguments: &InventoryArguments) -> String {
    let facts = arguments.facts.iter().map(|path| format!(" --facts {}", word(path)));
    let duplicates = (arguments.duplicates != Duplicates::Newest)
        .then(|| arguments.duplicates.to_possible_value())
        .flatten();
    let duplicates = duplicates.map(|which| format!(" --duplicates {}", which.get_name()));
    let redact = redaction::key_file().map(|path| format!(" --redact {}", word(path)));
    facts.chain(duplicates).chain([selection(&arguments.selection)]).chain(redact).collect()
}

/// Returns the option of a reading that is not the usual one.
pub(super) fn reading(reading: ReadingArgument) -> &'static str {
    match reading {
        ReadingArgument::Literal => "",
        ReadingArgument::Intended => " --reading intended",
    }
}

/// Returns the options of a list that does not exist yet, named `NAME.csv` or with a number.
pub(super) fn list(name: &str, columns: Option<&ColumnNames>) -> String {
    let mut names = (1..).map(|number| match number {
        1 => format!("{name}.csv"),
        _ => format!("{name}-{number}.csv"),
    });
    let free = names.find(|name| !Path::new(name).exists()).unwrap_or_default();
    let columns = ColumnNames::of(columns);
    let columns = match columns {
        [] => String::new(),
        names => {
            let quoted = |name: &String| match name.contains(['"', ',']) {
                true => format!("\"{}\"", name.replace('"', "\"\"")),
                false => name.clone(),
            };
            let names: Vec<_> = names.iter().map(quoted).collect();
            format!(" --columns {}", text_word(&names.join(",")))
        }
    };
    format!("{columns} --devices {free}")
}

/// Returns true if a report and a list of devices are files of one folder.
pub(super) fn is_beside(out: Option<&Path>, devices: Option<&Path>) -> bool {
    let folder =
        |path: &Path| (!files::is_standard(path)).then(|| path.parent().map(Path::to_owned));
    let out = out.and_then(folder);
    out.is_some() && out == devices.and_then(folder)
}

/// Returns the selection of devices.
fn selection(arguments: &SelectionArguments) -> String {
    let SelectionArguments { conditions, stale, active, now } = arguments;
    let conditions = conditions.as_deref().map(|text| format!(" --where {}", text_word(text)));
    let stale = stale.map(|Days(days)| format!(" --stale {days}d"));
    let active = active.map(|Days(days)| format!(" --active {days}d"));
    let now = now.map(|now| format!(" --now {now}"));
    [conditions, stale, active, now].into_iter().flatten().collect()
}

/// Returns a path as a word of a command line.
pub(super) fn word(path: &Path) -> String {
    text_word(&path.to_string_lossy())
}

/// Returns a text as a word of a command line.
pub(super) fn text_word(text: &str) -> String {
    let plain = |letter: char| letter.is_alphanumeric() || "_-./\\:,+@%=".contains(letter);
    match text.chars().all(plain) && !text.is_empty() {
        true => text.to_owned(),
        false if cfg!(windows) => format!("\"{text}\""),
        false => format!("'{}'", text.replace('\'', "'\\''")),
    }
}
