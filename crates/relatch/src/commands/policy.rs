//! `relatch policy`: the rules themselves.

mod acceptance;
mod check;
mod compare;
mod compile;
mod explain;
mod fmt;
mod new;
mod test;
mod verify;

use eligibility::builtin::{self, Builtin};
use eligibility::policy::Reading;

use super::schema;
use crate::args::{Format, PolicyCommand, ReadingArgument};
use crate::error::{Error, ExitStatus};
use crate::{files, policies, present};

pub(super) fn run(command: &PolicyCommand) -> Result<ExitStatus, Error> {
    match command {
        PolicyCommand::List { format } => list(*format),
        PolicyCommand::Show { policy, reading, format } => show(policy, *reading, *format),
        PolicyCommand::Check(arguments) => check::run(arguments),
        PolicyCommand::Diff(arguments) => compare::diff(arguments),
        PolicyCommand::History(arguments) => compare::history(arguments),
        PolicyCommand::Test(arguments) => test::run(arguments),
        PolicyCommand::Explain(arguments) => explain::run(arguments),
        PolicyCommand::Compile(arguments) => compile::run(arguments),
        PolicyCommand::New(arguments) => new::run(arguments),
        PolicyCommand::Verify(arguments) => verify::run(arguments),
        PolicyCommand::Fmt(arguments) => fmt::run(arguments),
        PolicyCommand::Schema => schema::print("policy-file"),
    }
}

fn list(format: Format) -> Result<ExitStatus, Error> {
    let documents: Vec<_> = builtin::all().iter().map(Builtin::document).collect();
    files::print(&present::policy::list(&documents, format))?;
    Ok(ExitStatus::Clean)
}

fn show(policy: &str, reading: ReadingArgument, format: Format) -> Result<ExitStatus, Error> {
    let loaded = policies::load(policy)?;
    let read = loaded.document.read(Reading::from(reading));
    files::print(&present::policy::show(&loaded.document, &read, format))?;
    Ok(ExitStatus::Clean)
}
