//! From what was typed to what was meant, and the work itself: one file for each command.

mod carried;
mod columns;
mod compare;
mod decide;
pub(crate) mod explore;
mod facts;
mod fleet;
mod forecast;
mod generate;
pub(crate) mod inventories;
mod next;
mod plan;
mod policy;
mod repeated;
mod rows;
mod schema;
pub(crate) mod selection;
mod shell;
pub(crate) mod simulate;

use std::num::NonZeroUsize;
use std::thread;

use eligibility::policy::Reading;

use crate::args::{Command, ReadingArgument};
use crate::error::{Error, ExitStatus};
use crate::files;

pub(crate) use plan::{costs, with_rows};

/// Runs a command to its end.
pub(crate) fn run(command: &Command) -> Result<ExitStatus, Error> {
    match command {
        Command::Plan(arguments) => plan::run(arguments),
        Command::Compare(arguments) => compare::run(arguments),
        Command::Columns(arguments) => columns::run(arguments),
        Command::Decide(arguments) => decide::run(arguments),
        Command::Policy(command) => policy::run(command),
        Command::Simulate(arguments) => simulate::run(arguments),
        Command::Explore(arguments) => explore::run(arguments),
        Command::Generate(arguments) => generate::run(arguments),
        Command::Schema(arguments) => schema::run(arguments),
        Command::Completions(arguments) => shell::completions(arguments),
        Command::Man(arguments) => shell::man(arguments),
    }
}

/// Prints the help or the version that was requested, or ends with what is wrong.
pub(crate) fn print_message(message: &clap::Error) -> Result<ExitStatus, Error> {
    if message.use_stderr() {
        message.exit();
    }
    files::print_exactly(&message.render().ansi().to_string())?;
    Ok(ExitStatus::Clean)
}

/// The most threads that work, whatever is requested: more cost memory and bring nothing.
const MOST_THREADS: usize = 256;

/// Returns the number of threads: the given number, or one for each processor.
pub(crate) fn threads(given: Option<NonZeroUsize>) -> NonZeroUsize {
    let most = NonZeroUsize::new(MOST_THREADS).unwrap_or(NonZeroUsize::MIN);
    given.map_or_else(processors, |threads| threads.min(most))
}

/// Returns the processors of this machine: the default number of threads.
fn processors() -> NonZeroUsize {
    thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)
}

impl From<ReadingArgument> for Reading {
    fn from(argument: ReadingArgument) -> Self {
        match argument {
            ReadingArgument::Literal => Self::Literal,
            ReadingArgument::Intended => Self::Intended,
        }
    }
}
