//! What shells and manual readers want to know of the command line.

use clap::CommandFactory;

use crate::args::{Arguments, CompletionsArguments};
use crate::failure::{Failure, Finding};
use crate::files;

pub(super) fn completions(arguments: &CompletionsArguments) -> Result<Finding, Failure> {
    let mut text = Vec::new();
    clap_complete::generate(arguments.shell, &mut Arguments::command(), "relatch", &mut text);
    files::print(&String::from_utf8_lossy(&text))?;
    Ok(Finding::Nothing)
}

/// One page: the program, then each command.
pub(super) fn man() -> Result<Finding, Failure> {
    let mut text = Vec::new();
    let mut command = Arguments::command();
    command.build();
    page(&command, &mut text).map_err(files::standard_output)?;
    files::print(&String::from_utf8_lossy(&text))?;
    Ok(Finding::Nothing)
}

fn page(command: &clap::Command, text: &mut Vec<u8>) -> std::io::Result<()> {
    let manual = clap_mangen::Man::new(command.clone());
    manual.render(text)?;
    for subcommand in command.get_subcommands().filter(|command| command.get_name() != "help") {
        let heading = subcommand.get_display_name().unwrap_or_default().replace('-', " ");
        text.extend_from_slice(format!(".SH COMMAND {}\n", heading.to_uppercase()).as_bytes());
        let manual = clap_mangen::Man::new(subcommand.clone());
        manual.render_description_section(text)?;
        manual.render_synopsis_section(text)?;
        manual.render_options_section(text)?;
        for inner in subcommand.get_subcommands().filter(|inner| inner.get_name() != "help") {
            let name = format!("{heading} {}", inner.get_name()).to_uppercase();
            text.extend_from_slice(format!(".SH COMMAND {name}\n").as_bytes());
            let manual = clap_mangen::Man::new(inner.clone());
            manual.render_description_section(text)?;
            manual.render_synopsis_section(text)?;
            manual.render_options_section(text)?;
        }
    }
    Ok(())
}
