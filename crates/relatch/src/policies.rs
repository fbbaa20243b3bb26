//! Finding the policy that the user means: a built-in id, or a file.

use std::path::{Path, PathBuf};

use conformance::Explanations;
use eligibility::analysis::Releases;
use eligibility::nearest::nearest;
use eligibility::policy::PolicyDocument;

use crate::builtin::{BUILTIN, Builtin, DISAGREEMENTS, RELEASES};
use crate::failure::Failure;

/// A policy with the text that it was read from.
pub(crate) struct LoadedPolicy {
    /// The policy.
    pub(crate) document: PolicyDocument,
    /// Whether it is part of the program.
    pub(crate) built_in: bool,
}

/// Loads the policy that `name` means.
pub(crate) fn load(name: &str) -> Result<LoadedPolicy, Failure> {
    let document = parse(Path::new(name), &text(name)?)?;
    Ok(LoadedPolicy { document, built_in: builtin(name).is_some() })
}

/// The text of the policy that `name` means.
pub(crate) fn text(name: &str) -> Result<String, Failure> {
    if let Some(builtin) = builtin(name) {
        return Ok(builtin.text.to_owned());
    }
    let path = PathBuf::from(name);
    std::fs::read_to_string(&path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => unknown(name),
        _ => Failure::unreadable(&path, &error),
    })
}

/// The versions that were really released.
pub(crate) fn releases() -> Result<Releases, Failure> {
    Releases::parse(RELEASES).map_err(|problems| Failure::InvalidPolicy {
        path: PathBuf::from("releases.toml"),
        text: RELEASES.to_owned(),
        problems,
    })
}

/// The disagreements on record between built-in policies and simulated devices.
pub(crate) fn disagreements() -> Result<Explanations, Failure> {
    Explanations::parse(DISAGREEMENTS).map_err(|problems| Failure::InvalidPolicy {
        path: PathBuf::from("disagreements.toml"),
        text: DISAGREEMENTS.to_owned(),
        problems,
    })
}

fn builtin(name: &str) -> Option<&'static Builtin> {
    BUILTIN.iter().find(|builtin| builtin.id == name)
}

/// All built-in policies, oldest first.
pub(crate) fn built_in() -> Result<Vec<PolicyDocument>, Failure> {
    BUILTIN.iter().map(parse_builtin).collect()
}

/// The newest built-in policy, if it is newer than `document` and `document` is built in.
pub(crate) fn newest_after(loaded: &LoadedPolicy) -> Result<Option<PolicyDocument>, Failure> {
    let Some(newest) = BUILTIN.last().filter(|_| loaded.built_in) else { return Ok(None) };
    let newest = parse_builtin(newest)?;
    Ok((newest.documented > loaded.document.documented).then_some(newest))
}

fn parse_builtin(builtin: &Builtin) -> Result<PolicyDocument, Failure> {
    parse(Path::new(builtin.id), builtin.text)
}

fn parse(path: &Path, text: &str) -> Result<PolicyDocument, Failure> {
    match PolicyDocument::parse(text) {
        Ok((document, _warnings)) => Ok(document),
        Err(problems) => {
            Err(Failure::InvalidPolicy { path: path.to_owned(), text: text.to_owned(), problems })
        }
    }
}

fn unknown(name: &str) -> Failure {
    let guess = nearest(name, BUILTIN.iter().map(|builtin| builtin.id));
    let hint = match guess {
        Some(id) => format!("did you mean `{id}`? A policy is a built-in id or a path to a file"),
        None => "a policy is a built-in id (`relatch policy list`) or a path to a file".to_owned(),
    };
    Failure::UnknownPolicy { name: name.to_owned(), hint }
}
