//! Finding the policy that the user means: a built-in id, or a file.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use eligibility::builtin::{self, Builtin};
use eligibility::nearest::nearest;
use eligibility::policy::PolicyDocument;

use crate::failure::Failure;
use crate::files;

/// The policy that decides where none is named: the newest page, which a button obeys today.
pub(crate) const DEFAULT: &str = "latest";

/// How a policy is named by a day on which it was in force.
const AS_OF: &str = "as-of:";

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
    Ok(LoadedPolicy { document, built_in: built_in(name)?.is_some() })
}

/// The text of the policy that `name` means.
pub(crate) fn text(name: &str) -> Result<String, Failure> {
    if let Some(builtin) = built_in(name)? {
        return Ok(builtin.text().to_owned());
    }
    let path = PathBuf::from(name);
    if path.exists() { files::read_document(&path) } else { Err(unknown(name)) }
}

/// The file that is read for the policy that `name` means; none if it is built in.
pub(crate) fn file(name: &str) -> Option<&Path> {
    matches!(built_in(name), Ok(None)).then(|| Path::new(name))
}

/// The built-in policy that `name` means: an id, `latest`, the date of a page, or a day on which it
/// was in force; none if `name` can only be a path.
fn built_in(name: &str) -> Result<Option<&'static Builtin>, Failure> {
    if name == DEFAULT {
        return Ok(Some(builtin::latest()));
    }
    if let Some(day) = name.strip_prefix(AS_OF) {
        let Ok(date) = day.parse() else {
            return Err(Failure::Argument {
                message: format!("invalid date `{day}` in `{name}`"),
                hint: format!("a date looks like `{AS_OF}2018-05-01`"),
            });
        };
        let Some(page) = builtin::as_of(date) else {
            let first = builtin::all().first().map(Builtin::documented).unwrap_or_default();
            return Err(Failure::Argument {
                message: format!("no page was in force on {date}"),
                hint: format!("the first built-in page is of {first}"),
            });
        };
        return Ok(Some(page));
    }
    let by_date = name.parse().ok().and_then(builtin::by_date);
    Ok(builtin::get(name).or(by_date))
}

/// Returns true if the policy is built in and a newer page is, too.
pub(crate) fn is_outdated(loaded: &LoadedPolicy) -> bool {
    loaded.built_in && loaded.document.documented < builtin::latest().documented()
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
    let day = name.trim_start_matches("intune-").parse().ok();
    if let Some((day, page)) = day.and_then(|day| Some((day, builtin::as_of(day)?))) {
        let day: NaiveDate = day;
        return Failure::UnknownPolicy {
            name: name.to_owned(),
            hint: format!("on {day} `{}` was in force: `{AS_OF}{day}`", page.id()),
        };
    }
    let guess = nearest(name, builtin::all().iter().map(Builtin::id));
    let hint = match guess {
        Some(id) => {
            format!("did you mean `{id}`? A policy is a built-in id, a date, or a path to a file")
        }
        None => "a policy is a built-in id (`relatch policy list`), the date of a page, `latest`, \
                 `as-of:DATE`, or a path to a file"
            .to_owned(),
    };
    Failure::UnknownPolicy { name: name.to_owned(), hint }
}
