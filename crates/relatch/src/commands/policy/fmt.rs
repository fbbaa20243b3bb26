//! `relatch policy fmt`: the stable form of policy files.

use std::fmt::Write as _;
use std::io::{Read, Write};
use std::path::Path;

use eligibility::diagnostic::{Diagnostic, InvalidDocument};
use eligibility::policy::PolicyDocument;
use similar::TextDiff;

use crate::args::FmtArguments;
use crate::error::{Error, ExitStatus};
use crate::files::{self, Replacement};
use crate::present::policy::stable_form;

/// Formats policy files in place; with `--check` only names those that would change, with `--diff`
/// prints how.
pub(super) fn run(arguments: &FmtArguments) -> Result<ExitStatus, Error> {
    let mut found = ExitStatus::Clean;
    let mut printed = String::new();
    for path in &arguments.policies {
        let standard = files::is_standard(path);
        let text = read(path)?;
        let formatted = formatted(path, &text)?;
        let changed = formatted != text;
        let name = files::input_name(path);
        if arguments.check || arguments.diff {
            if changed {
                found = ExitStatus::Findings;
            }
            if changed && arguments.check {
                let _ = writeln!(printed, "{name}");
            }
            if changed && arguments.diff {
                printed.push_str(&difference(&name, &text, &formatted));
            }
        } else if standard {
            printed.push_str(&formatted);
        } else if changed {
            let _ = writeln!(printed, "{name}");
            let mut file = Replacement::begin(path)?;
            file.write_all(formatted.as_bytes()).map_err(|error| file.failed(error))?;
            file.finish()?;
        }
    }
    files::print_exactly(&printed)?;
    Ok(found)
}

fn read(path: &Path) -> Result<String, Error> {
    if !files::is_standard(path) {
        return files::read_document(path);
    }
    let mut text = String::new();
    let read = std::io::stdin().read_to_string(&mut text);
    read.map_err(|error| Error::unreadable(path, &error))?;
    Ok(text)
}

/// Returns the change of a file as a unified diff, which `patch` applies.
fn difference(name: &str, before: &str, after: &str) -> String {
    TextDiff::from_lines(before, after).unified_diff().header(name, name).to_string()
}

/// Returns the text in its stable form; syntax errors are shown as everywhere else.
fn formatted(path: &Path, text: &str) -> Result<String, Error> {
    stable_form::format(text).map_err(|error| Error::Invalid {
        what: "policy",
        path: path.to_owned(),
        text: text.to_owned(),
        problems: PolicyDocument::parse(text).err().unwrap_or_else(|| {
            let span = error.span().unwrap_or(0..0);
            let problem = Diagnostic::error("syntax", error.message(), span);
            InvalidDocument::new(text, vec![problem])
        }),
    })
}
