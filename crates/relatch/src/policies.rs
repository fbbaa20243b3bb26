//! Finding the policy that the user means: a built-in id, or a file.

use std::path::{Path, PathBuf};

use eligibility::builtin;
use eligibility::nearest::nearest;
use eligibility::policy::PolicyDocument;

use crate::failure::Failure;
use crate::files;

/// The page that relatch implements.
pub(crate) const DEFAULT: &str = "intune-2018-03-29";

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
    Ok(LoadedPolicy { document, built_in: builtin::get(name).is_some() })
}

/// The text of the policy that `name` means.
pub(crate) fn text(name: &str) -> Result<String, Failure> {
    if let Some(builtin) = builtin::get(name) {
        return Ok(builtin.text().to_owned());
    }
    let path = PathBuf::from(name);
    if path.exists() { files::read_document(&path) } else { Err(unknown(name)) }
}

/// The file that is read for the policy that `name` means; none if it is built in.
pub(crate) fn file(name: &str) -> Option<&Path> {
    builtin::get(name).is_none().then(|| Path::new(name))
}

/// The newest built-in policy, if it is newer than `loaded` and `loaded` is built in.
pub(crate) fn newest_after(loaded: &LoadedPolicy) -> Option<PolicyDocument> {
    let newest = builtin::latest();
    let older = loaded.built_in && loaded.document.documented < newest.documented();
    older.then(|| newest.document())
}

fn parse(path: &Path, text: &str) -> Result<PolicyDocument, Failure> {
    match PolicyDocument::parse(text) {
        Ok((document, _warnings)) => Ok(document),
        Err(problems) => Err(files::slip(path, text, "a policy", &problems).unwrap_or_else(|| {
            Failure::InvalidPolicy { path: path.to_owned(), text: text.to_owned(), problems }
        })),
    }
}

fn unknown(name: &str) -> Failure {
    let guess = nearest(name, builtin::all().iter().map(builtin::Builtin::id));
    let hint = match guess {
        Some(id) => format!("did you mean `{id}`? A policy is a built-in id or a path to a file"),
        None => "a policy is a built-in id (`relatch policy list`) or a path to a file".to_owned(),
    };
    Failure::UnknownPolicy { name: name.to_owned(), hint }
}
