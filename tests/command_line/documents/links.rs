//! Links between documents.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use super::{Page, collect, pages};
use crate::root;

/// The documents that only have their links checked.
const OTHERS: [&str; 6] = [
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "VOCABULARY.md",
    "policies/CONTRADICTIONS.md",
];

/// Returns the lines of a page outside fenced blocks.
fn prose(text: &str) -> impl Iterator<Item = &str> {
    let mut fenced = false;
    text.lines().filter(move |line| {
        let fence = line.trim_start().starts_with("```");
        fenced ^= fence;
        !fenced && !fence
    })
}

/// Returns the targets of the links in a page that point into this repository.
fn targets(text: &str) -> Vec<String> {
    let mut targets = Vec::new();
    for line in prose(text) {
        for (at, _) in line.match_indices("](") {
            let target = line[at + 2..].split(')').next().unwrap_or_default();
            if !target.contains("://") {
                targets.push(target.to_owned());
            }
        }
    }
    targets
}

/// Returns the anchors that GitHub and mdBook give the headings of a page.
fn anchors(text: &str) -> BTreeSet<String> {
    let headings = prose(text).filter_map(|line| line.trim_start_matches('#').strip_prefix(' '));
    let anchor = |heading: &str| {
        let heading = heading.to_lowercase().replace(' ', "-");
        heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_')).collect()
    };
    headings.map(anchor).collect()
}

/// Resolves `..` in a path below the root.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for component in path.components() {
        match component {
            Component::ParentDir => assert!(plain.pop(), "{} leaves the root", path.display()),
            other => plain.push(other),
        }
    }
    plain
}

/// Returns the complaint about a link, if it leads nowhere.
fn dead(page: &Page, target: &str) -> Option<String> {
    let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
    let folder = page.path.parent().unwrap_or(Path::new(""));
    let path = if file.is_empty() { page.path.clone() } else { plain(&folder.join(file)) };
    let complaint = || Some(format!("{}: `{target}` leads nowhere", page.path.display()));
    if !root().join(&path).exists() {
        return complaint();
    }
    let missing = !anchor.is_empty() && !anchors(&Page::read(&path).text).contains(anchor);
    missing.then(complaint).flatten()
}

#[test]
fn every_link_leads_somewhere() {
    let mut pages = pages();
    pages.extend(OTHERS.iter().map(|path| Page::read(Path::new(path))));
    let mut found = 0;
    let mut complaints = Vec::new();
    for page in &pages {
        let targets = targets(&page.text);
        found += targets.len();
        complaints.extend(targets.iter().filter_map(|target| dead(page, target)));
    }
    assert!(found >= 50, "only {found} links were found");
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

/// Returns a path as documents write it, on every system.
fn slashed(path: &Path) -> String {
    path.display().to_string().replace('\\', "/")
}

#[test]
fn the_summary_lists_every_page_once() {
    let summary = Page::read(Path::new("docs/SUMMARY.md"));
    let mut listed = targets(&summary.text);
    listed.sort();
    let mut paths = Vec::new();
    collect(Path::new("docs"), &mut paths);
    let below = |path: &PathBuf| slashed(path.strip_prefix("docs").unwrap());
    let mut pages: Vec<_> = paths.iter().map(below).filter(|path| path != "SUMMARY.md").collect();
    pages.sort();
    assert_eq!(listed, pages);
}

/// Returns the texts in backticks that name a file or a folder of the repository.
fn named_files(text: &str) -> Vec<&str> {
    let quoted = prose(text).flat_map(|line| line.split('`').skip(1).step_by(2));
    let is_path = |text: &&str| !text.contains([' ', ':', '*', '|', '$', '…', '>']);
    let ends = [".rs", ".toml", ".md", "/"];
    quoted.filter(is_path).filter(|text| ends.iter().any(|end| text.ends_with(end))).collect()
}

/// Returns all files and folders of the repository, as `/path` and `/path/`.
fn everything(folder: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(root().join(folder)).unwrap() {
        let entry = entry.unwrap();
        let path = folder.join(entry.file_name());
        let name = entry.file_name();
        if entry.path().is_dir() && name != "target" && name != ".git" {
            found.push(format!("/{}/", slashed(&path)));
            everything(&path, found);
        } else {
            found.push(format!("/{}", slashed(&path)));
        }
    }
}

#[test]
fn every_file_that_the_documents_name_is_there() {
    let mut all = Vec::new();
    everything(Path::new(""), &mut all);
    let mut missing = Vec::new();
    let mut found = 0;
    for path in ["ARCHITECTURE.md", "CONTRIBUTING.md"] {
        let page = Page::read(Path::new(path));
        for name in named_files(&page.text) {
            found += 1;
            let ending = format!("/{name}");
            if !all.iter().any(|path| path.ends_with(&ending)) {
                missing.push(format!("{path}: there is no `{name}`"));
            }
        }
    }
    assert!(found >= 50, "only {found} names were found");
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[test]
fn a_dead_link_would_be_noticed() {
    let page = |text: &str| Page { path: PathBuf::from("docs/page.md"), text: text.to_owned() };
    let page = page("# A b, c\n[here](#a-b-c) [up](../README.md) ```not [a](b)```");
    assert_eq!(targets(&page.text), ["#a-b-c", "../README.md", "b"]);
    assert_eq!(anchors(&page.text), BTreeSet::from(["a-b-c".to_owned()]));
    assert!(dead(&page, "../README.md").is_none());
    assert!(dead(&page, "../README.md#no-such-heading").is_some());
    assert!(dead(&page, "missing.md").is_some());
}
