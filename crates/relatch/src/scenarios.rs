//! Scenario files, with the set-ups that they share.

use std::path::{Path, PathBuf};

use device_sim::ScenarioDocument;
use device_sim::scenario::{Joined, shared_setup};
use eligibility::diagnostic::{Diagnostic, InvalidDocument};
use eligibility::document::Text;

use crate::error::Error;
use crate::files;
use crate::report::simulation::{LoadedScenario, SharedSetup};

/// Reads a scenario file.
pub(crate) fn load(path: &Path) -> Result<LoadedScenario, Error> {
    let text = files::read_document(path)?;
    let shared = match shared_setup(&text) {
        Some(name) => Some(load_setup(path, &text, &name)?),
        None => None,
    };
    let path = path.to_owned();
    let document = match &shared {
        Some(shared) => shared.joined.read(),
        None => ScenarioDocument::read(&text),
    };
    match (document, shared) {
        (Ok(document), shared) => Ok(LoadedScenario { path, text, shared, document }),
        (Err(problems), None) => Err(files::unusable("scenario", &path, &text, problems)),
        (Err(problems), Some(shared)) => Err(problems_of_both(path, text, shared, problems)),
    }
}

/// Reads the set-up that a scenario shares.
fn load_setup(path: &Path, text: &str, name: &Text) -> Result<SharedSetup, Error> {
    let setup = path.parent().unwrap_or(Path::new("")).join(&name.value);
    let wrong = |message: String, hint: &str| {
        let problem = Diagnostic::error("setup", message, name.span.clone()).hint(hint);
        let problems = InvalidDocument::new(text, vec![problem]);
        Error::Invalid { what: "scenario", path: path.to_owned(), text: text.to_owned(), problems }
    };
    if !files::is_shared_setup(&setup) {
        let message = format!("`{}` is no name of a shared set-up", name.value);
        return Err(wrong(message, "its name ends in `.setup.toml`, so that no one runs it"));
    }
    // A pipe that another file names would be waited for.
    if setup.exists() && !setup.is_file() {
        let message = format!("`{}` is no file", name.value);
        return Err(wrong(message, "the path is relative to the file of the scenario"));
    }
    let shared = files::read_document(&setup).map_err(|failure| {
        wrong(failure.to_string(), "the path is relative to the file of the scenario")
    })?;
    let joined = Joined::new(text, &shared);
    Ok(SharedSetup { path: setup, text: shared, joined })
}

/// Returns the problems of a scenario and of the set-up that it shares, each with its file; those
/// of the set-up are reported at once if both have some.
fn problems_of_both(
    path: PathBuf,
    text: String,
    shared: SharedSetup,
    problems: InvalidDocument,
) -> Error {
    let (mut own, mut of_setup) = (Vec::new(), Vec::new());
    for mut problem in problems.into_problems() {
        let (is_shared, span) = shared.joined.place(problem.primary.span);
        problem.primary.span = span;
        for related in &mut problem.related {
            related.span = shared.joined.place(related.span.clone()).1;
        }
        if is_shared { of_setup.push(problem) } else { own.push(problem) }
    }
    let invalid = |path: PathBuf, text: String, problems| {
        let problems = InvalidDocument::new(&text, problems);
        Error::Invalid { what: "scenario", path, text, problems }
    };
    let is_shared_only = own.is_empty();
    let setup_is_wrong = !of_setup.is_empty();
    let of_setup = invalid(shared.path, shared.text, of_setup);
    if is_shared_only {
        return of_setup;
    }
    if setup_is_wrong {
        of_setup.report();
    }
    invalid(path, text, own)
}

/// Reads scenario files; of several that are wrong all are reported.
pub(crate) fn load_all(paths: &[PathBuf]) -> Result<Vec<LoadedScenario>, Error> {
    let mut loaded = Vec::new();
    let mut failure: Option<Error> = None;
    for path in paths {
        match load(path) {
            Ok(one) => loaded.push(one),
            Err(next) => {
                if let Some(before) = failure.replace(next) {
                    before.report();
                }
            }
        }
    }
    failure.map_or(Ok(loaded), Err)
}
