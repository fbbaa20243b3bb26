//! `relatch policy fmt`: the stable form of policy files.

use std::io::Write;
use std::path::Path;

use eligibility::diagnostic::{Diagnostic, InvalidDocument};
use eligibility::policy::PolicyDocument;

use crate::args::FmtArguments;
use crate::failure::{Failure, Finding};
use crate::files::{self, Replacement};
use crate::present::policy::stable_form;

/// Formats policy files in place, or with `--check` only names those that would change.
pub(super) fn run(arguments: &FmtArguments) -> Result<Finding, Failure> {
    let mut found = Finding::Nothing;
    let mut names = String::new();
    for path in &arguments.policies {
        let text = std::fs::read_to_string(path).map_err(|e| Failure::unreadable(path, &e))?;
        let formatted = formatted(path, &text)?;
        if formatted == text {
            continue;
        }
        names.push_str(&format!("{}\n", path.display()));
        if arguments.check {
            found = Finding::Something;
        } else {
            let mut file = Replacement::begin(path)?;
            file.write_all(formatted.as_bytes()).map_err(|error| file.failed(error))?;
            file.finish()?;
        }
    }
    files::print(&names)?;
    Ok(found)
}

/// The text in its stable form; syntax errors are shown as everywhere else.
fn formatted(path: &Path, text: &str) -> Result<String, Failure> {
    stable_form::format(text).map_err(|error| Failure::InvalidPolicy {
        path: path.to_owned(),
        text: text.to_owned(),
        problems: PolicyDocument::parse(text).err().unwrap_or_else(|| {
            let span = error.span().unwrap_or(0..0);
            let problem = Diagnostic::error("syntax", error.message(), span);
            InvalidDocument::new(text, vec![problem])
        }),
    })
}
