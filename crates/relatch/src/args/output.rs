//! The style of reports, and the parsing of the whole command line.

use std::ffi::OsString;
use std::path::PathBuf;

use anstream::ColorChoice;
use clap::{Args, Command, CommandFactory, FromArgMatches, ValueEnum};

use super::{Arguments, Command as Task, near_miss};
use crate::present::{byte_order_mark, width};

/// The widest help.
const HELP: usize = 100;

#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct OutputArguments {
    /// When to use colors [default: auto]
    #[arg(long, global = true, value_name = "WHEN", value_enum, alias = "colour")]
    #[arg(hide_possible_values = true)]
    pub(crate) color: Option<Color>,
    /// How wide text is; otherwise as wide as `COLUMNS` says or the terminal is, and 100 where
    /// there is none
    #[arg(long, global = true, value_name = "COLUMNS", value_parser = columns)]
    pub(crate) width: Option<usize>,
    /// Begin lists in CSV with a byte-order mark, by which Excel recognises letters beyond ASCII
    #[arg(long, global = true)]
    pub(crate) bom: bool,
    /// Show pseudonyms in place of the ids, names and carried texts of inventories, and no cell that
    /// was not understood, made with the secret key in this file; it is made if there is none
    #[arg(long, global = true, value_name = "KEY")]
    pub(crate) redact: Option<PathBuf>,
}

/// The use of colors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    /// Everywhere but in files
    Always,
    /// Nowhere
    Never,
}

fn columns(text: &str) -> Result<usize, String> {
    let least = width::LEAST;
    match text.parse() {
        Ok(columns) if columns >= least => Ok(columns),
        _ => Err(format!("a width is a number from {least}")),
    }
}

/// Parses the command line, and chooses the width and the styles of everything that is printed.
///
/// # Errors
///
/// The help or the version if one was requested, or what is wrong.
pub(crate) fn parse(line: impl IntoIterator<Item = OsString>) -> Result<Arguments, clap::Error> {
    let line: Vec<_> = line.into_iter().collect();
    // Messages about the command line have styles, too, so these are chosen before it is parsed.
    let color = color_of(&line);
    width::choose_styles(color.map(Into::into));
    let arguments = match parsed_alone(&line) {
        Some(arguments) => arguments,
        None => parsed_among_all(&line, color)?,
    };
    width::choose(arguments.output.width);
    byte_order_mark::choose(arguments.output.bom);
    Ok(arguments)
}

/// Parses a command line by the arguments of the command that it names, without making those of the
/// others; `None` for messages and help, which speak of all commands.
fn parsed_alone(line: &[OsString]) -> Option<Arguments> {
    let words = line.iter().skip(1);
    let named = |word: &OsString| Task::ALONE.iter().find(|(name, _)| word == name);
    let (name, arguments) = words.filter_map(named).next()?;
    let task = arguments(Command::new(*name));
    let command = OutputArguments::augment_args(Command::new("relatch").subcommand(task));
    Arguments::from_arg_matches(&command.try_get_matches_from(line).ok()?).ok()
}

fn parsed_among_all(line: &[OsString], color: Option<Color>) -> Result<Arguments, clap::Error> {
    let command = || {
        Arguments::command()
            .color(color.map_or(clap::ColorChoice::Auto, Into::into))
            .term_width(width::found(None).min(HELP))
    };
    let parsed = command().try_get_matches_from(line);
    parsed
        .and_then(|matches| Arguments::from_arg_matches(&matches))
        .map_err(|error| near_miss::explained(error, command, line))
}

/// Returns the last valid `--color` of a command line.
fn color_of(line: &[OsString]) -> Option<Color> {
    let words = line.iter().map(|word| word.to_string_lossy());
    let words: Vec<_> = words.take_while(|word| word != "--").collect();
    let values = words.iter().enumerate().filter_map(|(place, word)| {
        let rest = word.strip_prefix("--color").or_else(|| word.strip_prefix("--colour"))?;
        match rest.strip_prefix('=') {
            Some(value) => Some(value),
            None if rest.is_empty() => words.get(place + 1).map(AsRef::as_ref),
            None => None,
        }
    });
    values.rev().find_map(|value| Color::from_str(value, false).ok())
}

impl From<Color> for ColorChoice {
    fn from(color: Color) -> Self {
        match color {
            Color::Auto => Self::Auto,
            Color::Always => Self::Always,
            Color::Never => Self::Never,
        }
    }
}

impl From<Color> for clap::ColorChoice {
    fn from(color: Color) -> Self {
        match color {
            Color::Auto => Self::Auto,
            Color::Always => Self::Always,
            Color::Never => Self::Never,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_line_means_the_same_by_the_arguments_of_its_command_alone() {
        let lines = [
            "plan a.csv b.csv --by none --policy 2018-03-29 --width 50",
            "--bom compare a.csv --from 2018-03-29 --to latest --duplicates newest",
            "decide --platform ios,ipados --os-version 17.4 --explain --color=never",
            "columns --format sql --dialect duckdb --redact plan",
        ];
        for (line, (name, _)) in lines.into_iter().zip(Task::ALONE) {
            assert!(line.contains(name), "{line}");
            let line: Vec<_> = std::iter::once("relatch").chain(line.split(' ')).collect();
            let line: Vec<OsString> = line.into_iter().map(Into::into).collect();
            let alone = parsed_alone(&line).expect("it is well-formed");
            let among_all = parsed_among_all(&line, None).expect("it is well-formed");
            assert_eq!(format!("{alone:?}"), format!("{among_all:?}"));
        }
        let help = ["relatch", "plan", "--help"].map(OsString::from);
        assert!(parsed_alone(&help).is_none());
    }
}
