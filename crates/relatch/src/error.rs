//! The end of a run: success, a finding, or an error with a remedy.

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use eligibility::diagnostic::InvalidDocument;
use inventory::{Found, NotAnInventory, OpenError, ReadError, Stop};

use crate::files;
use crate::present::terminal::{harmless, ready};
use crate::present::{diagnostics, redaction};

/// The number of problems of a document that are shown.
const SHOWN_PROBLEMS: usize = 20;

/// The exit status of a run that completed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ExitStatus {
    /// Nothing needs attention: exit code 0.
    Clean,
    /// A check found something, or rows were rejected: exit code 1.
    Findings,
}

impl ExitStatus {
    pub(crate) fn exit_code(self) -> ExitCode {
        match self {
            Self::Clean => ExitCode::SUCCESS,
            Self::Findings => ExitCode::from(1),
        }
    }
}

/// The error that ended a run.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// An argument, or a file that it names, cannot be used.
    #[error("{message}")]
    Argument { message: String, hint: String },
    /// A file is no inventory.
    #[error("cannot use `{}`: {source}", path.display())]
    NotAnInventory { path: PathBuf, source: NotAnInventory },
    /// An inventory broke off.
    #[error("reading `{}` failed: {source}", path.display())]
    BrokenInventory { path: PathBuf, source: ReadError },
    /// A document, such as a policy, has errors.
    #[error("`{}` is not a usable {what}", path.display())]
    Invalid { what: &'static str, path: PathBuf, text: String, problems: InvalidDocument },
    /// Writing an output failed after it had begun.
    #[error("writing `{}` failed: {source}", path.display())]
    WriteFailed { path: PathBuf, source: io::Error },
    /// Writing to standard output failed.
    #[error("writing to standard output failed: {0}")]
    StandardOutput(io::Error),
    /// Standard output was closed by its reader, who has seen enough.
    #[error("standard output was closed")]
    ClosedPipe,
}

impl Error {
    /// Returns the failure of an open or a read.
    pub(crate) fn unreadable(path: &Path, error: &io::Error) -> Self {
        let other = error.to_string();
        let (reason, hint) = match kind(path, error) {
            io::ErrorKind::NotFound => {
                ("there is no such file", "check the spelling, or the current directory")
            }
            io::ErrorKind::IsADirectory => ("it is a directory", "name the file in it"),
            io::ErrorKind::PermissionDenied => ("permission denied", "check who may read it"),
            io::ErrorKind::ResourceBusy => (IN_USE, "close it there, and retry"),
            _ => (other.as_str(), ""),
        };
        let message = format!("cannot read `{}`: {reason}", path.display());
        Self::Argument { message, hint: hint.to_owned() }
    }

    /// Returns the failure to open an inventory.
    pub(crate) fn not_opened(path: &Path, error: OpenError) -> Self {
        let path = path.to_owned();
        match error {
            OpenError::NotAnInventory(source) => Self::NotAnInventory { path, source },
            OpenError::Read(source) => Self::BrokenInventory { path, source },
        }
    }

    /// Returns the failure to read an inventory to its end.
    pub(crate) fn stopped(path: &Path, stop: Stop<Self>) -> Self {
        match stop {
            Stop::Read(source) => Self::BrokenInventory { path: path.to_owned(), source },
            Stop::Keep(failure) => failure,
        }
    }

    /// Returns the failure to create an output.
    pub(crate) fn unwritable(path: &Path, error: &io::Error) -> Self {
        let folder = "choose a folder that exists and that you may write to";
        match kind(path, error) {
            io::ErrorKind::ResourceBusy => {
                Self::not_replaced(path, IN_USE, "close it there, or name another file")
            }
            io::ErrorKind::NotFound => Self::not_replaced(path, "there is no such folder", folder),
            io::ErrorKind::IsADirectory => Self::not_replaced(path, "it is a directory", folder),
            io::ErrorKind::PermissionDenied => {
                Self::not_replaced(path, "permission denied", folder)
            }
            _ => Self::not_replaced(path, &error.to_string(), folder),
        }
    }

    /// Returns the refusal to write to a path.
    pub(crate) fn not_replaced(path: &Path, reason: &str, hint: &str) -> Self {
        let message = format!("cannot write `{}`: {reason}", path.display());
        Self::Argument { message, hint: hint.to_owned() }
    }

    /// Returns the failure of a write.
    pub(crate) fn write(path: &Path, source: io::Error) -> Self {
        Self::WriteFailed { path: path.to_owned(), source }
    }

    /// Writes the failure to standard error and gives the exit code: 2 if the command line or an
    /// input is wrong, 3 if something else failed, 0 for a reader who has seen enough.
    pub(crate) fn report(&self) -> ExitCode {
        if let Self::ClosedPipe = self {
            return ExitCode::SUCCESS;
        }
        anstream::eprintln!("{}", self.message());
        match self {
            Self::WriteFailed { .. } | Self::StandardOutput(_) => ExitCode::from(3),
            _ => ExitCode::from(2),
        }
    }

    /// Returns the error and the remedy, for a terminal.
    pub(crate) fn message(&self) -> String {
        if let Some(path) = self.quotes_inventory().filter(|_| redaction::is_on()) {
            let hint = "the reason may quote the file: run it without `--redact` to see it";
            return error_line(&format!("cannot use `{}`", path.display()), hint);
        }
        let mut message = String::new();
        if let Self::Invalid { path, text, problems, .. } = self {
            let problems = problems.problems();
            let shown = &problems[..problems.len().min(SHOWN_PROBLEMS)];
            message += &format!("{}\n", ready(&diagnostics::render(path, text, shown)));
            if problems.len() > shown.len() {
                message += &format!("\n… and {} more problems\n", problems.len() - shown.len());
            }
        }
        message + &error_line(&self.to_string(), &self.hint())
    }

    /// Returns the file whose text the failure may quote.
    fn quotes_inventory(&self) -> Option<&Path> {
        match self {
            Self::NotAnInventory { path, .. } | Self::BrokenInventory { path, .. } => Some(path),
            Self::Invalid { path, what, .. } if !["scenario", "condition"].contains(what) => {
                Some(path)
            }
            _ => None,
        }
    }

    fn hint(&self) -> String {
        match self {
            Self::Argument { hint, .. } => hint.clone(),
            Self::NotAnInventory { path, source } => match source.found() {
                Found::Settings(_) => files::settings_hint(path),
                _ => None,
            }
            .unwrap_or_else(|| source.hint().into_owned()),
            Self::BrokenInventory { .. } => {
                "nothing was written; export the inventory again, or repair the file".to_owned()
            }
            Self::WriteFailed { .. } => {
                "no file was replaced; free disk space and retry".to_owned()
            }
            Self::StandardOutput(_) => "free disk space and retry".to_owned(),
            Self::Invalid { .. } | Self::ClosedPipe => String::new(),
        }
    }
}

/// Returns the error, and the remedy on a line of its own, if there is one.
fn error_line(wrong: &str, hint: &str) -> String {
    let style = anstyle::AnsiColor::Red.on_default().bold();
    let error = format!("{style}error{style:#}: {}", harmless(wrong));
    if hint.is_empty() { error } else { format!("{error}\nhint: {}", harmless(hint)) }
}

const IN_USE: &str = "another program has the file open";

/// Returns the kind of an error of a file, also where Windows has one code for several kinds: it
/// refuses to open a folder as it refuses a file without rights, and Excel lets no other program
/// write a workbook that it shows.
///
/// Source: `ERROR_SHARING_VIOLATION` (32) and `ERROR_LOCK_VIOLATION` (33),
/// <https://learn.microsoft.com/en-us/windows/win32/debug/system-error-codes--0-499->.
fn kind(path: &Path, error: &io::Error) -> io::ErrorKind {
    match error.kind() {
        io::ErrorKind::PermissionDenied if path.is_dir() => io::ErrorKind::IsADirectory,
        _ if cfg!(windows) && matches!(error.raw_os_error(), Some(32 | 33)) => {
            io::ErrorKind::ResourceBusy
        }
        kind => kind,
    }
}
