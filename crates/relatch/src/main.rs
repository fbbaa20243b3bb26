//! `relatch`: what *Remove passcode / Reset passcode* will do, before it is pressed.

mod args;
mod commands;
mod failure;
mod files;
mod policies;
mod present;
mod progress;
mod report;
mod scenarios;

use std::process::ExitCode;

fn main() -> ExitCode {
    files::interrupt::watch();
    let run = match args::parse(std::env::args_os()) {
        Ok(arguments) => commands::run(&arguments.command),
        Err(message) => commands::print_message(&message),
    };
    match run {
        Ok(finding) => finding.exit_code(),
        Err(failure) => failure.report(),
    }
}
