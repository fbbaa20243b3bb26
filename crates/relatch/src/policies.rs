//! Finding the policy that the user means: a built-in id, or a file.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use eligibility::analysis::{Releases, TooComplex, conflicts};
use eligibility::builtin::{self, Builtin};
use eligibility::diagnostic::{Diagnostic, InvalidDocument};
use eligibility::nearest::nearest;
use eligibility::policy::{Policy, PolicyDocument, Reading};

use crate::error::Error;
use crate::files;
use crate::present::terminal::harmless;
use crate::present::wording::number;

/// The policy that decides where none is named: the newest page, which a button obeys today.
pub(crate) const DEFAULT: &str = "latest";

/// The number of files a chain of policies that extend each other may have.
const LONGEST_CHAIN: usize = 100;

/// The name of a policy by a day on which it was in force.
const AS_OF: &str = "as-of:";

/// A text that may be a policy, with the policy that it extends.
pub(crate) struct Source {
    /// The text.
    pub(crate) text: String,
    /// The policy that it extends, if it does and there is one.
    pub(crate) base: Option<PolicyDocument>,
}

/// A policy that can be used.
pub(crate) struct LoadedPolicy {
    /// The policy; a built-in one has no cases here, which are most of its text.
    pub(crate) document: PolicyDocument,
    /// True if it is part of the program.
    pub(crate) built_in: bool,
}

/// A policy in a reading.
pub(crate) struct ReadPolicy {
    /// The policy.
    pub(crate) policy: Policy,
    /// Its document; of a built-in one only the [head](Builtin::head).
    pub(crate) document: PolicyDocument,
    /// True if it is part of the program.
    built_in: bool,
}

/// Loads the policy that `name` means.
pub(crate) fn load(name: &str) -> Result<LoadedPolicy, Error> {
    if let Some(page) = built_in(name)? {
        return Ok(LoadedPolicy { document: page.rules(), built_in: true });
    }
    let (document, _) = load_whole(name)?;
    Ok(LoadedPolicy { document, built_in: false })
}

/// Reads the policy that `name` means.
pub(crate) fn read(name: &str, reading: Reading) -> Result<ReadPolicy, Error> {
    if let Some(page) = built_in(name)? {
        return Ok(ReadPolicy {
            policy: page.read(reading),
            document: page.head(),
            built_in: true,
        });
    }
    let (document, _) = load_whole(name)?;
    Ok(ReadPolicy { policy: document.read(reading), document, built_in: false })
}

/// Loads the policy that `name` means, with its cases, and gives its text.
pub(crate) fn load_whole(name: &str) -> Result<(PolicyDocument, String), Error> {
    let source = source(name)?;
    Ok((parse(Path::new(name), &source)?, source.text))
}

/// Returns the text of the policy that `name` means, with the policy that it extends.
pub(crate) fn source(name: &str) -> Result<Source, Error> {
    if let Some(builtin) = built_in(name)? {
        return Ok(Source { text: builtin.text().to_owned(), base: None });
    }
    let path = PathBuf::from(name);
    if path.exists() { read_file(&path, &mut Vec::new()) } else { Err(unknown(name)) }
}

/// Returns the files that are read for the policy that `name` means: its own and those that it
/// extends; none if it is built in.
pub(crate) fn files(name: &str) -> Vec<PathBuf> {
    let mut files = Vec::new();
    if matches!(built_in(name), Ok(None)) {
        // Problems of a file are reported when its policy is loaded.
        let _ = read_file(Path::new(name), &mut files);
        files.insert(0, PathBuf::from(name));
    }
    files
}

/// Reads a policy file and, first, what it extends; `extending` takes it and the files that it
/// extends.
fn read_file(path: &Path, extending: &mut Vec<PathBuf>) -> Result<Source, Error> {
    let text = files::read_document(path)?;
    extending.push(path.canonicalize().unwrap_or_else(|_| path.to_owned()));
    let Some(name) = PolicyDocument::extends(&text) else { return Ok(Source { text, base: None }) };
    if let Some(builtin) = builtin::named(&name.value) {
        return Ok(Source { text, base: Some(builtin.document()) });
    }
    let base = path.parent().unwrap_or(Path::new("")).join(&name.value);
    if !base.is_file() {
        return Ok(Source { text, base: None });
    }
    if extending.contains(&base.canonicalize().unwrap_or_else(|_| base.clone())) {
        let problem = Diagnostic::error("extends-itself", "the policy extends itself", name.span)
            .label(format!("`{}` leads back to this file", name.value))
            .hint("a chain of `extends` must end at a policy that extends nothing");
        return Err(wrong(path, text, problem));
    }
    if extending.len() == LONGEST_CHAIN {
        let message = format!("a chain of `extends` has more than {LONGEST_CHAIN} files");
        let problem = Diagnostic::error("long-chain", message, name.span)
            .hint("write the rules of several files into one");
        return Err(wrong(path, text, problem));
    }
    let source = read_file(&base, extending)?;
    let document = parse(&base, &source)?;
    Ok(Source { text, base: Some(document) })
}

/// Returns the built-in policy that `name` means: an id, `latest`, the date of a page, or a day on
/// which it was in force; none if `name` can only be a path.
fn built_in(name: &str) -> Result<Option<&'static Builtin>, Error> {
    if name == DEFAULT {
        return Ok(Some(builtin::latest()));
    }
    if let Some(day) = name.strip_prefix(AS_OF) {
        let Ok(date) = day.parse() else {
            return Err(Error::Argument {
                message: format!("invalid date `{day}` in `{name}`"),
                hint: format!("a date looks like `{AS_OF}2018-05-01`"),
            });
        };
        let Some(page) = builtin::as_of(date) else {
            let first = builtin::all().first().map(Builtin::documented).unwrap_or_default();
            return Err(Error::Argument {
                message: format!("no page was in force on {date}"),
                hint: format!("the first built-in page is dated {first}"),
            });
        };
        return Ok(Some(page));
    }
    let by_date = name.parse().ok().and_then(builtin::by_date);
    Ok(builtin::get(name).or(by_date))
}

/// With how many rules a plan looks for contradictions between them, which takes the longer the
/// more there are: a tenth of a second for these.
const MOST_RULES: usize = 250;

/// Warns on standard error that rules of a policy contradict each other, where that is not
/// accepted.
pub(crate) fn warn_of_conflicts(name: &str, ReadPolicy { policy, document, .. }: &ReadPolicy) {
    let found = if policy.rules.len() > MOST_RULES {
        Err(TooComplex)
    } else {
        // Released versions would be witnesses, of which none is shown.
        conflicts(policy, &document.accepted, &Releases::default())
    };
    let Ok(found) = found else {
        files::warn(&format!(
            "contradictions between the {} rules of `{}` were not \
             looked for\nhint: `relatch policy check {name}` takes its time for them",
            policy.rules.len(),
            harmless(&document.id)
        ));
        return;
    };
    if found.is_empty() {
        return;
    }
    let regions = number(found.len(), "class of devices", "classes of devices");
    files::warn(&format!(
        "rules of `{}` contradict each other for {regions}\n\
         hint: `relatch policy check {name}` shows them; such devices are undetermined",
        harmless(&document.id)
    ));
}

/// Returns true if the policy is built in and a newer page is, too.
pub(crate) fn is_outdated(read: &ReadPolicy) -> bool {
    read.built_in && read.document.documented < builtin::latest().documented()
}

fn parse(path: &Path, source: &Source) -> Result<PolicyDocument, Error> {
    match PolicyDocument::parse_on(&source.text, source.base.as_ref()) {
        Ok((document, _warnings)) => Ok(document),
        Err(problems) => Err(files::unusable("policy", path, &source.text, problems)),
    }
}

fn wrong(path: &Path, text: String, problem: Diagnostic) -> Error {
    let problems = InvalidDocument::new(&text, vec![problem]);
    Error::Invalid { what: "policy", path: path.to_owned(), text, problems }
}

fn unknown(name: &str) -> Error {
    let message = format!("there is no policy `{name}`");
    let day = name.trim_start_matches("intune-").parse().ok();
    if let Some((day, page)) = day.and_then(|day| Some((day, builtin::as_of(day)?))) {
        let day: NaiveDate = day;
        let hint = format!("on {day} `{}` was in force: `{AS_OF}{day}`", page.id());
        return Error::Argument { message, hint };
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
    Error::Argument { message, hint }
}
