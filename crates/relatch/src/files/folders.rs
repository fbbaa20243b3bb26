//! Folders of inventories, and patterns of their names.

use std::path::{Path, PathBuf};
use std::{fs, io};

use glob::{GlobError, MatchOptions};

use super::is_standard;
use crate::failure::Failure;

/// The files that paths mean: a folder stands for all files in it and in its folders, a pattern
/// that is not itself the name of a file for all that match it, in the order of their names. Hidden
/// files, whose names begin with a dot, are left out.
pub(crate) fn inventories(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for path in matching(paths)? {
        let path = &path;
        if is_standard(path) || !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let before = files.len();
        add(path, &mut files)?;
        if files.len() == before {
            return Err(Failure::EmptyFolder { path: path.clone() });
        }
    }
    Ok(files)
}

/// The paths, with those that a pattern stands for in its place.
fn matching(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut all = Vec::new();
    for path in paths {
        let text = path.to_str().filter(|text| text.contains(['*', '?', '[']));
        let Some(pattern) = text.filter(|_| !path.exists()) else {
            all.push(path.clone());
            continue;
        };
        let options = MatchOptions { require_literal_leading_dot: true, ..MatchOptions::new() };
        let found = glob::glob_with(pattern, options).map_err(|error| Failure::Argument {
            message: format!("`{pattern}` is no pattern: {}", error.msg),
            hint: "`*` stands for any letters, `?` for one, `[abc]` for one of these".to_owned(),
        })?;
        let before = all.len();
        for path in found {
            let unreadable = |error: GlobError| Failure::unreadable(error.path(), error.error());
            all.push(path.map_err(unreadable)?);
        }
        if all.len() == before {
            return Err(Failure::NoMatch { pattern: pattern.to_owned() });
        }
    }
    Ok(all)
}

fn add(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let entries = fs::read_dir(folder).and_then(Iterator::collect::<io::Result<Vec<_>>>);
    let entries = entries.map_err(|error| Failure::unreadable(folder, &error))?;
    let visible = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default();
        !name.as_encoded_bytes().starts_with(b".")
    };
    let mut paths: Vec<_> = entries.iter().map(fs::DirEntry::path).filter(visible).collect();
    paths.sort_unstable();
    for path in paths {
        // A link to a folder is not followed: it may lead back to where it stands.
        if path.is_dir() && !path.is_symlink() {
            add(&path, files)?;
        } else if !path.is_dir() {
            files.push(path);
        }
    }
    Ok(())
}
