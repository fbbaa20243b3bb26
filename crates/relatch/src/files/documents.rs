//! Policies, scenarios and assumptions: files in TOML, and what is given in place of them.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use eligibility::diagnostic::InvalidDocument;

use crate::error::Error;

/// The number of lines that must make no sense before a text is taken for something that is no
/// TOML.
const NO_TOML: usize = 4;

/// The number of bytes a document has at most; the longest policy of the program has 17,000.
const LONGEST: u64 = 4 << 20;

/// Reads the text of a document.
pub(crate) fn read_document(path: &Path) -> Result<String, Error> {
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(LONGEST + 1).read_to_end(&mut bytes))
        .map_err(|error| Error::unreadable(path, &error))?;
    if bytes.len() as u64 > LONGEST {
        return Err(Error::Argument {
            message: format!("`{}` is longer than {} MiB", path.display(), LONGEST >> 20),
            hint: "a policy or a scenario is a TOML file".to_owned(),
        });
    }
    String::from_utf8(bytes).map_err(|_| Error::Argument {
        message: format!("`{}` is no text in UTF-8", path.display()),
        hint: "a policy or a scenario is a TOML file".to_owned(),
    })
}

/// Returns the error of a document that is not a usable `what`, such as `policy`.
pub(crate) fn unusable(
    what: &'static str,
    path: &Path,
    text: &str,
    problems: InvalidDocument,
) -> Error {
    slip(what, path, text, &problems).unwrap_or_else(|| Error::Invalid {
        what,
        path: path.to_owned(),
        text: text.to_owned(),
        problems,
    })
}

/// Returns the error of a document that is something else altogether: of that, each line would be a
/// problem.
pub(crate) fn slip(
    what: &str,
    path: &Path,
    text: &str,
    problems: &InvalidDocument,
) -> Option<Error> {
    let (wanted, name) = (format!("a {what}"), path.display());
    let failure = |message: String, hint: String| Some(Error::Argument { message, hint });
    if inventory::Reader::open(text.as_bytes()).is_ok() {
        let hint = format!("decide its devices: `relatch plan {name}`");
        return failure(format!("`{name}` is an inventory, not {wanted}"), hint);
    }
    if let Some((kind, hint)) = kind(path, text).filter(|(kind, _)| *kind != wanted) {
        return failure(format!("`{name}` is {kind}, not {wanted}"), hint);
    }
    let problems = problems.problems();
    if text.trim_start().starts_with('{') {
        let hint = format!("{wanted} is a TOML file; see `relatch help` for what takes which file");
        return failure(format!("`{name}` is not {wanted}: it is JSON"), hint);
    }
    let syntax = problems.iter().filter(|problem| problem.code == "syntax").count();
    if syntax > NO_TOML && syntax * 2 > text.lines().count() {
        let hint = format!("{wanted} is a TOML file; see `relatch help` for what takes which file");
        return failure(format!("`{name}` is not {wanted}: it is not written in TOML"), hint);
    }
    None
}

/// Returns the remedy for a file of settings that was given as an inventory, if it is one of ours.
pub(crate) fn settings_hint(path: &Path) -> Option<String> {
    let text = read_document(path).ok()?;
    kind(path, &text).map(|(kind, hint)| format!("it is {kind}: {hint}"))
}

/// Returns the kind of a document by its tables, and the remedy.
fn kind(path: &Path, text: &str) -> Option<(&'static str, String)> {
    let name = path.display();
    let has = |table: &str| text.lines().any(|line| line.trim_start().starts_with(table));
    if has("[[rule]]") {
        Some((
            "a policy",
            format!("name it with `--policy {name}`, or run `relatch policy check {name}`"),
        ))
    } else if has("[[step]]") || has("[devices.") || has("[[scenario") {
        Some(("a scenario", format!("run it with `relatch simulate {name}`")))
    } else {
        None
    }
}
