//! `relatch`: what *Remove passcode / Reset passcode* will do, before it is pressed.

mod args;
mod commands;
mod failure;
mod files;
mod policies;
mod present;
mod progress;
mod report;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let arguments = args::Arguments::parse();
    match commands::run(&arguments.command) {
        Ok(finding) => finding.exit_code(),
        Err(failure) => failure.report(),
    }
}
