//! `relatch`: what *Remove passcode / Reset passcode* will do, before it is pressed.
//!
//! [`main`] is the command line. [`embedded`] is the same program inside another one, such as the
//! Python package: what a command prints is returned, and devices are decided row by row.

mod args;
mod commands;
pub mod embedded;
mod error;
mod files;
mod json;
mod policies;
mod present;
mod progress;
mod report;
mod scenarios;

use std::process::ExitCode;

/// Runs the command line of this process to its end.
pub fn main() -> ExitCode {
    files::interrupt::own();
    let run = match args::parse(std::env::args_os()) {
        Ok(arguments) => present::redaction::choose(arguments.output.redact.as_deref())
            .and_then(|()| commands::run(&arguments.command)),
        Err(message) => commands::print_message(&message),
    };
    match run {
        Ok(finding) => finding.exit_code(),
        Err(failure) => failure.report(),
    }
}
