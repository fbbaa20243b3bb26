//! Completions for shells, and the manual page.

use std::path::Path;

use clap::builder::PossibleValuesParser;
use clap::{Arg, Command, CommandFactory};
use eligibility::builtin::{self, Builtin};
use eligibility::facts::FactName;

use super::explore;
use crate::args::{Arguments, CompletionsArguments, ManArguments};
use crate::error::{Error, ExitStatus};
use crate::{files, policies};

pub(super) fn completions(arguments: &CompletionsArguments) -> Result<ExitStatus, Error> {
    let mut text = Vec::new();
    let mut command = with_names(Arguments::command());
    clap_complete::generate(arguments.shell, &mut command, "relatch", &mut text);
    files::print_exactly(&String::from_utf8_lossy(&text))?;
    Ok(ExitStatus::Clean)
}

/// Returns a command whose arguments name what is built in, where a name or a path can be given.
fn with_names(command: Command) -> Command {
    command.mut_args(naming).mut_subcommands(with_names)
}

fn naming(argument: Arg) -> Arg {
    match argument.get_id().as_str() {
        "policy" | "policies" | "from" | "to" => {
            let ids = builtin::all().iter().map(Builtin::id).chain([policies::DEFAULT]);
            argument.value_parser(PossibleValuesParser::new(ids))
        }
        "by" => {
            let facts = FactName::ALL.iter().map(|fact| fact.as_str()).chain(["none"]);
            argument.value_parser(PossibleValuesParser::new(facts)).value_delimiter(',')
        }
        "model" => argument.value_parser(PossibleValuesParser::new(explore::built_in())),
        _ => argument,
    }
}

pub(super) fn man(arguments: &ManArguments) -> Result<ExitStatus, Error> {
    let mut command = Arguments::command().disable_help_subcommand(true);
    command.build();
    if let Some(folder) = &arguments.all {
        write_pages(&command, folder)?;
        return Ok(ExitStatus::Clean);
    }
    let mut wanted = &command;
    for name in &arguments.command {
        wanted = wanted.find_subcommand(name).ok_or_else(|| unknown(wanted, name))?;
    }
    files::print_exactly(&page(wanted))?;
    Ok(ExitStatus::Clean)
}

fn unknown(command: &Command, name: &str) -> Error {
    let names = command.get_subcommands().map(|one| format!("`{}`", one.get_name()));
    let names: Vec<_> = names.collect();
    let parent = command.get_display_name().unwrap_or_else(|| command.get_name());
    let parent = parent.replace('-', " ");
    Error::Argument {
        message: format!("`{name}` is no command of `{parent}`"),
        hint: match names.is_empty() {
            true => format!("`relatch man` has the page of `{parent}`"),
            false => format!("there are {}", names.join(", ")),
        },
    }
}

fn page(command: &Command) -> String {
    let mut page = Vec::new();
    let manual = clap_mangen::Man::new(command.clone());
    manual.render(&mut page).expect("memory takes every text");
    String::from_utf8_lossy(&page).into_owned()
}

/// Writes the page of a command and those of its subcommands.
fn write_pages(command: &Command, folder: &Path) -> Result<(), Error> {
    std::fs::create_dir_all(folder).map_err(|error| Error::unwritable(folder, &error))?;
    let name = command.get_display_name().unwrap_or_else(|| command.get_name());
    files::write_text(&folder.join(format!("{name}.1")), &page(command))?;
    command.get_subcommands().try_for_each(|one| write_pages(one, folder))
}
