//! The end of a run: success, a finding, or an error with a remedy.

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use eligibility::diagnostic::InvalidDocument;
use inventory::{Found, NotAnInventory, OpenError, ReadError, Stop};

use crate::files;
use crate::present::terminal::{harmless, ready};
use crate::present::wording::number;
use crate::present::{diagnostics, redaction};
use crate::report::inventories::LeftOut;

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
    /// A file cannot be opened.
    #[error("cannot read `{}`: {reason}", path.display())]
    Unreadable { path: PathBuf, reason: String, hint: &'static str },
    /// A folder has none of the files that a command reads.
    #[error("there is no {what} in the folder `{}`", path.display())]
    EmptyFolder { path: PathBuf, what: &'static str },
    /// A pattern matches no file.
    #[error("no file matches `{pattern}`")]
    NoMatch { pattern: String },
    /// A pattern matches set-ups that scenarios share, and no scenario.
    #[error("no scenario file matches `{}`, only set-ups", pattern.display())]
    OnlySetups { pattern: PathBuf },
    /// A file is no inventory.
    #[error("cannot use `{}`: {source}", path.display())]
    NotAnInventory { path: PathBuf, source: NotAnInventory },
    /// None of the files in folders and of patterns is an inventory.
    #[error("there is no inventory among {}", number(left_out.len(), "file", "files"))]
    NoInventory { left_out: Vec<LeftOut> },
    /// An inventory broke off.
    #[error("reading `{}` failed: {source}", path.display())]
    BrokenInventory { path: PathBuf, source: ReadError },
    /// A policy is neither built in nor a file.
    #[error("there is no policy `{name}`")]
    UnknownPolicy { name: String, hint: String },
    /// A policy file has errors.
    #[error("`{}` is not a usable policy", path.display())]
    InvalidPolicy { path: PathBuf, text: String, problems: InvalidDocument },
    /// A scenario file has errors.
    #[error("`{}` is not a usable scenario", path.display())]
    InvalidScenario { path: PathBuf, text: String, problems: InvalidDocument },
    /// A file of assumptions has errors.
    #[error("`{}` is not a usable file of assumptions", path.display())]
    InvalidAssumptions { path: PathBuf, text: String, problems: InvalidDocument },
    /// A file of costs has errors.
    #[error("`{}` is not a usable file of costs", path.display())]
    InvalidCosts { path: PathBuf, text: String, problems: InvalidDocument },
    /// `--where` has errors.
    #[error("`--where` is not a usable condition")]
    InvalidSelection { path: PathBuf, text: String, problems: InvalidDocument },
    /// The facts given describe no device.
    #[error("{message}")]
    ImpossibleDevice { message: String, hint: String },
    /// An argument cannot be used, though it has the right form.
    #[error("{message}")]
    Argument { message: String, hint: String },
    /// An output cannot be created.
    #[error("cannot write `{}`: {reason}", path.display())]
    Unwritable { path: PathBuf, reason: String },
    /// An output would replace a file that another program has open.
    #[error("cannot write `{}`: {IN_USE}", path.display())]
    InUse { path: PathBuf },
    /// An output would replace a file that is read-only.
    #[error("cannot write `{}`: the file is read-only", path.display())]
    ReadOnly { path: PathBuf },
    /// An output is a link to a file that does not exist.
    #[error("cannot write `{}`: it is a link to a file that does not exist", path.display())]
    DanglingLink { path: PathBuf },
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
        let (reason, hint) = match kind(path, error) {
            io::ErrorKind::NotFound => {
                ("there is no such file".to_owned(), "check the spelling, or the current directory")
            }
            io::ErrorKind::IsADirectory => ("it is a directory".to_owned(), "name the file in it"),
            io::ErrorKind::PermissionDenied => {
                ("permission denied".to_owned(), "check who may read it")
            }
            io::ErrorKind::ResourceBusy => (IN_USE.to_owned(), "close it there, and retry"),
            _ => (error.to_string(), ""),
        };
        Self::Unreadable { path: path.to_owned(), reason, hint }
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
        let reason = match kind(path, error) {
            io::ErrorKind::ResourceBusy => {
                return Self::InUse { path: path.to_owned() };
            }
            io::ErrorKind::NotFound => "there is no such folder".to_owned(),
            io::ErrorKind::IsADirectory => "it is a directory".to_owned(),
            io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
            _ => error.to_string(),
        };
        Self::Unwritable { path: path.to_owned(), reason }
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
        if let Self::InvalidPolicy { path, text, problems }
        | Self::InvalidScenario { path, text, problems }
        | Self::InvalidAssumptions { path, text, problems }
        | Self::InvalidCosts { path, text, problems }
        | Self::InvalidSelection { path, text, problems } = self
        {
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
            Self::NotAnInventory { path, .. }
            | Self::BrokenInventory { path, .. }
            | Self::InvalidPolicy { path, .. }
            | Self::InvalidAssumptions { path, .. }
            | Self::InvalidCosts { path, .. } => Some(path),
            _ => None,
        }
    }

    fn hint(&self) -> String {
        match self {
            Self::Unreadable { hint, .. } => (*hint).to_owned(),
            Self::EmptyFolder { what: "scenario file", .. } => {
                "name a folder that holds `.toml` files, or the files themselves".to_owned()
            }
            Self::EmptyFolder { .. } => {
                "name a folder that holds inventories, or the inventories themselves".to_owned()
            }
            Self::NoMatch { .. } => {
                "check the spelling, or the current directory; hidden files are left out".to_owned()
            }
            Self::OnlySetups { .. } => {
                "a set-up (`.setup.toml`) is no scenario of its own; match the scenarios that name \
                 it in `setup`"
                    .to_owned()
            }
            Self::NotAnInventory { path, source } => match source.found() {
                Found::Settings(_) => files::settings_hint(path),
                _ => None,
            }
            .unwrap_or_else(|| source.hint().into_owned()),
            Self::NoInventory { left_out } => {
                let shown = left_out.iter().take(3);
                let shown = shown.map(|one| format!("`{}` is {}", one.file, one.found));
                shown.collect::<Vec<_>>().join("; ")
            }
            Self::UnknownPolicy { hint, .. }
            | Self::ImpossibleDevice { hint, .. }
            | Self::Argument { hint, .. } => hint.clone(),
            Self::InvalidPolicy { .. }
            | Self::InvalidScenario { .. }
            | Self::InvalidAssumptions { .. }
            | Self::InvalidCosts { .. }
            | Self::InvalidSelection { .. } => String::new(),
            Self::BrokenInventory { .. } => {
                "nothing was written; export the inventory again, or repair the file".to_owned()
            }
            Self::Unwritable { .. } => {
                "choose a folder that exists and that you may write to".to_owned()
            }
            Self::InUse { .. } => "close it there, or name another file".to_owned(),
            Self::ReadOnly { .. } => "make it writable, or name another file".to_owned(),
            Self::DanglingLink { .. } => "name the file itself, or remove the link".to_owned(),
            Self::WriteFailed { .. } => {
                "no file was replaced; free disk space and retry".to_owned()
            }
            Self::StandardOutput(_) => "free disk space and retry".to_owned(),
            Self::ClosedPipe => String::new(),
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
