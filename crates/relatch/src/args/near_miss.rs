//! Hints for what other programs call what is meant.

use std::ffi::OsString;
use std::path::Path;

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Command, Error};

/// An option's name in other programs, our name, and how to write it.
const OPTIONS: &[(&[&str], &str, &str)] = &[
    (&["--json", "-j"], "format", "--format json"),
    (&["--csv", "--list", "--export"], "devices", "--devices list.csv"),
    (&["--csv"], "format", "--format csv"),
    (&["--xlsx", "--excel"], "devices", "--devices list.xlsx"),
    (&["--parquet"], "devices", "--devices list.parquet"),
    (&["--html"], "format", "--format html"),
    (&["--markdown", "--md"], "format", "--format markdown"),
    (&["--text"], "format", "--format text"),
    (&["--output", "-o", "--output-file"], "out", "--out FILE"),
    (&["--no-color", "--no-colour", "--plain"], "color", "--color never"),
    (&["--group-by", "--group"], "by", "--by platform"),
    (&["--today", "--date", "--since"], "now", "--now 2026-11-23"),
    (&["--os"], "platform", "--platform ios"),
    (&["--revision", "--page", "--rules"], "policy", "--policy latest"),
    (&["--as-of"], "policy", "--policy as-of:2018-05-01"),
    (&["--jobs", "--parallel"], "threads", "--threads 4"),
    (&["--dedup", "--dedupe", "--unique"], "duplicates", "--duplicates newest"),
    (&["--before", "--old"], "from", "--from 2018-03-29"),
    (&["--after", "--new"], "to", "--to latest"),
    (&["--input", "-i", "--file", "-f"], "inventories", "the file without an option"),
];

/// A word that is not a command, and the right way.
const COMMANDS: &[(&[&str], &str)] = &[
    (&["forecast", "predict"], "relatch simulate --fleet devices.csv"),
    (&["validate", "lint"], "relatch policy check POLICY"),
    (&["run", "analyze", "analyse", "report"], "relatch plan devices.csv"),
    (&["policies"], "relatch policy list"),
];

/// Returns an error about a command line with a hint, if it is clear what was meant.
pub(super) fn explained(
    mut error: Error,
    command: impl FnOnce() -> Command,
    line: &[OsString],
) -> Error {
    let built = || {
        let mut command = command();
        // Options that every command has reach the commands then.
        command.build();
        command
    };
    let context = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.clone()),
        _ => None,
    };
    let hint = match error.kind() {
        ErrorKind::UnknownArgument => {
            context(ContextKind::InvalidArg).and_then(|option| of_option(&option, &built(), line))
        }
        ErrorKind::InvalidSubcommand => {
            context(ContextKind::InvalidSubcommand).and_then(|name| of_command(&name, &built()))
        }
        _ => None,
    };
    if let Some(hint) = hint {
        for kind in
            [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::TrailingArg]
        {
            error.remove(kind);
        }
        let hint = ContextValue::StyledStrs(vec![StyledStr::from(hint)]);
        error.insert(ContextKind::Suggested, hint);
    }
    error
}

fn of_option(option: &str, command: &Command, line: &[OsString]) -> Option<String> {
    let command = meant(command, line);
    let has = |name: &str| command.get_arguments().any(|argument| argument.get_id() == name);
    let known = OPTIONS.iter().find(|(names, ours, _)| names.contains(&option) && has(ours))?;
    Some(format!("write it as `{}`", known.2))
}

/// Returns the subcommand that a command line names.
fn meant<'c>(command: &'c Command, line: &[OsString]) -> &'c Command {
    let words = line.iter().skip(1).map(|word| word.to_string_lossy());
    words.fold(command, |command, word| command.find_subcommand(&*word).unwrap_or(command))
}

fn of_command(name: &str, command: &Command) -> Option<String> {
    let policy = command.find_subcommand("policy")?;
    if policy.find_subcommand(name).is_some() {
        return Some(format!("write it as `relatch policy {name}`"));
    }
    if Path::new(name).exists() {
        return Some(format!("to decide the devices of a file: `relatch plan {name}`"));
    }
    let known = COMMANDS.iter().find(|(names, _)| names.contains(&name))?;
    Some(format!("write it as `{}`", known.1))
}
