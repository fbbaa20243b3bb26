//! Folders of inventories and scenarios, and patterns of their names.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::{fs, io};

use glob::{GlobError, MatchOptions, Pattern, PatternError};

use super::replacement::is_unfinished;
use super::{is_standard, lakes};
use crate::error::Error;

/// A file to be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct InputFile {
    /// Its path.
    pub(crate) path: PathBuf,
    /// True if the command line names this very file; otherwise a folder or a pattern matches
    /// it.
    pub(crate) named: bool,
}

/// Returns the files that paths mean: a folder means all files in it and in its folders, a
/// pattern that is not itself the name of a file for all that match it, in the order of their
/// names. Hidden files, whose names begin with a dot, are left out.
pub(crate) fn inventories(paths: &[PathBuf]) -> Result<Vec<InputFile>, Error> {
    let mut files = Vec::new();
    for InputFile { path, named } in matching(paths)? {
        if is_standard(&path) || !path.is_dir() {
            if is_unfinished(&path) {
                return Err(Error::Argument {
                    message: format!("`{}` is an unfinished output of relatch", path.display()),
                    hint: "a run that was killed left it; delete it, and run the command again"
                        .to_owned(),
                });
            }
            files.push(InputFile { path, named });
            continue;
        }
        let mut found = Vec::new();
        add(&path, &mut found)?;
        if found.is_empty() {
            return Err(empty(&path, "file", "inventories, or the inventories"));
        }
        files.extend(found.into_iter().map(|path| InputFile { path, named: false }));
    }
    lakes::refuse(files.iter().map(|file| &*file.path))?;
    Ok(files)
}

/// Returns the scenario files that paths mean: as for inventories, but of a folder only the `.toml`
/// files, and of folders and patterns no set-ups that scenarios share.
pub(crate) fn scenarios(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Error> {
    let mut files = Vec::new();
    for given in paths {
        let before = files.len();
        for InputFile { path, named } in matching(std::slice::from_ref(given))? {
            if !path.is_dir() {
                files.extend(Some(path).filter(|path| named || !is_shared_setup(path)));
                continue;
            }
            let mut found = Vec::new();
            add(&path, &mut found)?;
            found.retain(|path| has_ending(path, ".toml") && !is_shared_setup(path));
            if found.is_empty() {
                return Err(empty(&path, "scenario file", "`.toml` files, or the files"));
            }
            files.append(&mut found);
        }
        if files.len() == before {
            return Err(Error::Argument {
                message: format!("no scenario file matches `{}`, only set-ups", given.display()),
                hint:
                    "a set-up (`.setup.toml`) is no scenario of its own; match the scenarios that \
                       name it in `setup`"
                        .to_owned(),
            });
        }
    }
    Ok(files)
}

/// Returns the error about a folder without files that a command reads.
fn empty(folder: &Path, what: &str, names: &str) -> Error {
    Error::Argument {
        message: format!("there is no {what} in the folder `{}`", folder.display()),
        hint: format!("name a folder that holds {names} themselves"),
    }
}

/// Returns true if a file is a set-up that scenarios share, by its name.
pub(crate) fn is_shared_setup(path: &Path) -> bool {
    has_ending(path, ".setup.toml")
}

/// Returns true if the name of a file ends like this, in capitals or not.
fn has_ending(path: &Path, ending: &str) -> bool {
    path.to_string_lossy().to_ascii_lowercase().ends_with(ending)
}

/// Returns the paths, with every pattern replaced by its matches.
fn matching(paths: &[PathBuf]) -> Result<Vec<InputFile>, Error> {
    let mut all = Vec::new();
    for path in paths {
        let text = path.to_str().filter(|text| text.contains(['*', '?', '[']));
        let Some(pattern) = text.filter(|_| !path.exists()) else {
            all.push(InputFile { path: path.clone(), named: true });
            continue;
        };
        let found = found(pattern)?;
        let before = all.len();
        let mut seen = HashSet::new();
        for path in found {
            // Links may lead to the same file again and again.
            if path.canonicalize().map_or(true, |file| seen.insert(file)) {
                all.push(InputFile { path, named: false });
            }
        }
        if all.len() == before {
            return Err(Error::Argument {
                message: format!("no file matches `{pattern}`"),
                hint: "check the spelling, or the current directory; hidden files are left out"
                    .to_owned(),
            });
        }
    }
    Ok(all)
}

/// Returns the matches of a pattern whose parts are names of folders and files. Below `**` no
/// link to a folder is followed: it may lead back to its own place.
fn found(pattern: &str) -> Result<Vec<PathBuf>, Error> {
    let is_recursive = |begin: &usize| {
        let part = pattern[*begin..].split(std::path::is_separator).next();
        part == Some("**")
    };
    let begins = pattern.match_indices(std::path::is_separator).map(|(at, _)| at + 1);
    let recursive = std::iter::once(0).chain(begins).find(is_recursive);
    let Some(at) = recursive else { return simply_found(pattern) };
    let tail = Pattern::new(&pattern[at..]).map_err(|error| no_pattern(pattern, &error))?;
    let (begin, mut found) = (&pattern[..at], Vec::new());
    let folders = if begin.is_empty() { vec![PathBuf::new()] } else { simply_found(begin)? };
    for folder in folders {
        let matches = |path: &Path| {
            let below = path.strip_prefix(&folder).unwrap_or(path);
            tail.matches_path_with(below, OPTIONS)
        };
        add_matching(&folder, &matches, &mut found)?;
    }
    Ok(found)
}

/// Matching of the parts of a pattern.
const OPTIONS: MatchOptions = MatchOptions {
    case_sensitive: !cfg!(windows),
    require_literal_separator: true,
    require_literal_leading_dot: true,
};

fn simply_found(pattern: &str) -> Result<Vec<PathBuf>, Error> {
    let found = glob::glob_with(pattern, OPTIONS).map_err(|error| no_pattern(pattern, &error))?;
    let unreadable = |error: GlobError| Error::unreadable(error.path(), error.error());
    found.map(|path| path.map_err(unreadable)).collect()
}

fn no_pattern(pattern: &str, error: &PatternError) -> Error {
    Error::Argument {
        message: format!("`{pattern}` is no pattern: {}", error.msg),
        hint: "`*` matches any characters, `?` one, `[abc]` one of these".to_owned(),
    }
}

/// Adds what matches below a folder. A folder that matches means everything in it.
fn add_matching(
    folder: &Path,
    matches: &dyn Fn(&Path) -> bool,
    found: &mut Vec<PathBuf>,
) -> Result<(), Error> {
    for path in visible(folder)? {
        let is_folder = path.is_dir();
        if is_folder && path.is_symlink() {
            continue;
        }
        if matches(&path) {
            found.push(path);
        } else if is_folder {
            add_matching(&path, matches, found)?;
        }
    }
    Ok(())
}

/// Adds all files in a folder and in its folders.
fn add(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Error> {
    for path in visible(folder)? {
        // A link to a folder is not followed: it may lead back to its own place.
        if path.is_dir() && !path.is_symlink() {
            add(&path, files)?;
        } else if !path.is_dir() {
            files.push(path);
        }
    }
    Ok(())
}

/// Returns the visible entries of a folder, in the order of their names.
fn visible(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let here = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let entries = fs::read_dir(here).and_then(Iterator::collect::<io::Result<Vec<_>>>);
    let entries = entries.map_err(|error| Error::unreadable(folder, &error))?;
    let names = entries.iter().map(fs::DirEntry::file_name);
    let visible = names.filter(|name| !name.as_encoded_bytes().starts_with(b"."));
    let mut paths: Vec<_> = visible.map(|name| folder.join(name)).collect();
    paths.sort_unstable();
    Ok(paths)
}
