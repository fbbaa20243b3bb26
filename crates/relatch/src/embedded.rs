//! relatch inside another program.
//!
//! [`run`] runs a command of the command line and returns what it prints, [`plan`] also what was
//! decided for each row; [`Decider`] decides the rows of one table after the other.
//!
//! ```
//! use relatch::embedded;
//!
//! let line = ["decide", "--platform", "macos", "--format", "json"].map(Into::into);
//! let ended = embedded::run(line, None).expect("macOS is a platform");
//! assert!(ended.output.contains(r#""decision": "ineligible""#));
//! ```

mod rows;

use std::cell::RefCell;
use std::ffi::OsString;
use std::io;
use std::sync::Arc;

use crate::error::{Error, ExitStatus};
use crate::{args, commands};

pub use rows::{Cells, Decided, Decider, Place};

/// Watches what is read, from any thread.
pub trait Observer: Send + Sync {
    /// Takes note of more bytes that were read of inventories.
    ///
    /// # Errors
    ///
    /// An error ends the command, and is its reason.
    fn has_read(&self, bytes: usize) -> io::Result<()>;
}

/// The result of a command.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ended {
    /// Its output, without styles.
    pub output: String,
    /// The warnings and notes on the way.
    pub warnings: Vec<String>,
    /// True if a check found something, or rows were rejected.
    pub found_something: bool,
}

/// The error of a command, with the hint on a line of its own.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refused(String);

/// A command that runs in this thread.
#[derive(Default)]
struct Session {
    ended: Ended,
    observer: Option<Arc<dyn Observer>>,
}

thread_local! {
    static SESSION: RefCell<Option<Session>> = const { RefCell::new(None) };
}

/// Runs a command as the command line does, without the name of the program.
///
/// Standard output and standard error stay as they are; inventories are read as the observer says.
///
/// # Errors
///
/// The error that the command line would show, with an exit code of 2 or more.
pub fn run(
    arguments: impl IntoIterator<Item = OsString>,
    observer: Option<Arc<dyn Observer>>,
) -> Result<Ended, Refused> {
    let arguments = parsed(arguments)?;
    let work = || commands::run(&arguments.command).map(|finding| (finding, ()));
    found(observer, work).map(|(ended, ())| ended)
}

/// Runs `plan` as the command line does, and returns what was decided for each row as well.
///
/// # Errors
///
/// Those of [`run`], or that the command is another one.
pub fn plan(
    arguments: impl IntoIterator<Item = OsString>,
    observer: Option<Arc<dyn Observer>>,
) -> Result<(Ended, Decided), Refused> {
    let arguments = parsed(arguments)?;
    let args::Command::Plan(arguments) = &arguments.command else {
        return Err(Refused("the command is not `plan`".to_owned()));
    };
    found(observer, || commands::with_rows(arguments))
}

fn parsed(arguments: impl IntoIterator<Item = OsString>) -> Result<args::Arguments, Refused> {
    let line = std::iter::once(OsString::from("relatch")).chain(arguments);
    let arguments = args::parse(line).map_err(|message| {
        let text = message.render().to_string();
        // The usage of the command line does not help here.
        let text = text.split("\n\nUsage:").next().unwrap_or_default();
        Refused(text.trim_start_matches("error: ").to_owned())
    })?;
    if arguments.output.redact.is_some() {
        // A key is chosen for a whole process.
        return Err(Refused("`--redact` is an option of the command line alone".to_owned()));
    }
    Ok(arguments)
}

/// Runs something that may have found something.
fn found<T>(
    observer: Option<Arc<dyn Observer>>,
    work: impl FnOnce() -> Result<(ExitStatus, T), Error>,
) -> Result<(Ended, T), Refused> {
    let ((finding, result), ended) = watched(observer, work)?;
    Ok((Ended { found_something: finding == ExitStatus::Findings, ..ended }, result))
}

/// Runs something whose output and warnings are kept.
fn watched<T>(
    observer: Option<Arc<dyn Observer>>,
    work: impl FnOnce() -> Result<T, Error>,
) -> Result<(T, Ended), Refused> {
    SESSION.set(Some(Session { observer, ..Session::default() }));
    let done = work();
    let session = SESSION.take().unwrap_or_default();
    let done = done.map_err(|failure| {
        let message = anstream::adapter::strip_str(&failure.message()).to_string();
        Refused(message.trim_start_matches("error: ").to_owned())
    })?;
    Ok((done, session.ended))
}

/// Takes what a command prints, if it is embedded.
pub(crate) fn takes_output(text: impl FnOnce() -> String) -> bool {
    with_session(|session| session.ended.output.push_str(&text()))
}

/// Takes a warning, if the command is embedded.
pub(crate) fn takes_warning(message: &str) -> bool {
    let plain = anstream::adapter::strip_str(message).to_string();
    with_session(|session| session.ended.warnings.push(plain))
}

/// Returns the observer of the command in this thread.
pub(crate) fn observer() -> Option<Arc<dyn Observer>> {
    SESSION.with_borrow(|session| session.as_ref()?.observer.clone())
}

fn with_session(take: impl FnOnce(&mut Session)) -> bool {
    SESSION.with_borrow_mut(|session| session.as_mut().map(take).is_some())
}

#[cfg(test)]
mod tests {
    #[test]
    fn pseudonyms_that_an_embedded_command_would_not_make_are_refused() {
        let line = ["columns", "--redact", "key"].map(Into::into);
        let refused = super::run(line, None).expect_err("it would show everything").to_string();
        assert!(refused.contains("`--redact`"), "{refused}");
    }
}
