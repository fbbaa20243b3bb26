//! The README and the pages of `docs/` are true: their console blocks are run, their generated
//! tables are generated again, their links lead somewhere.
//!
//! `UPDATE_DOCS=1 cargo test -p relatch documents` rewrites blocks and tables in place.

mod console;
mod links;
mod tables;

use std::fs;
use std::path::{Path, PathBuf};

use conformance::DisagreementCode;
use eligibility::decide::{Cause, ReasonCode, VerdictWord};
use eligibility::policy::{
    Action, Effect, Expected, FindingCode, HitPolicy, Mechanism, Reading, Scope,
};

use crate::root;

/// The variable that makes these tests rewrite the pages instead of comparing them.
const UPDATE: &str = "UPDATE_DOCS";

/// A page, with its path below the root of the workspace.
struct Page {
    path: PathBuf,
    text: String,
}

impl Page {
    fn read(path: &Path) -> Self {
        let text = fs::read_to_string(root().join(path));
        let text = text.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        Self { path: path.to_owned(), text }
    }

    /// Compares the page with what it should be, or rewrites it; returns the complaint.
    fn settle(&self, wanted: &str) -> Option<String> {
        if self.text == wanted {
            return None;
        }
        if std::env::var_os(UPDATE).is_some() {
            fs::write(root().join(&self.path), wanted).expect("the page can be written");
            return None;
        }
        let lines = self.text.lines().zip(wanted.lines()).enumerate();
        let first = lines.into_iter().find(|(_, (now, then))| now != then);
        let (line, (now, then)) = first.unwrap_or((0, ("the end", "another end")));
        let (path, line) = (self.path.display(), line + 1);
        Some(format!("{path}:{line}: the page has\n  {now}\nwhere it should have\n  {then}"))
    }
}

/// Returns the pages whose console blocks and tables are checked: the README and all of `docs/`.
fn pages() -> Vec<Page> {
    let mut paths = vec![PathBuf::from("README.md")];
    collect(Path::new("docs"), &mut paths);
    paths.iter().map(|path| Page::read(path)).collect()
}

/// Appends the Markdown files below a folder, in the order of their names.
fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(root().join(folder)).expect("the folder can be read");
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    for name in names {
        let path = folder.join(name);
        if root().join(&path).is_dir() {
            collect(&path, paths);
        } else if path.extension().is_some_and(|ending| ending == "md") {
            paths.push(path);
        }
    }
}

#[test]
#[cfg_attr(windows, ignore = "needs a POSIX shell")]
fn every_console_block_and_every_generated_table_is_true() {
    let mut complaints = Vec::new();
    let mut used = Vec::new();
    let mut commands = 0;
    for page in pages() {
        let (wanted, run) = console::refreshed(&page.text);
        commands += run;
        complaints.extend(page.settle(&tables::refreshed(&wanted, &mut used)));
    }
    assert!(commands >= 20, "only {commands} commands were found");
    for name in tables::names() {
        assert!(used.contains(&name), "no page shows the generated table `{name}`");
    }
    let hint = format!("`{UPDATE}=1 cargo test -p relatch documents` rewrites the pages");
    assert!(complaints.is_empty(), "{}\n{hint}", complaints.join("\n\n"));
}

#[test]
fn the_readme_stays_short_enough_to_be_read() {
    let lines = Page::read(Path::new("README.md")).text.lines().count();
    assert!(lines <= 150, "the README has {lines} lines; move details into docs/");
}

/// The pages that explain closed sets of words by hand.
const EXPLAINED: [(&str, &[&[&str]]); 3] = [
    (
        "docs/reference/facts-and-decisions.md",
        &[VerdictWord::WORDS, Cause::WORDS, ReasonCode::WORDS, Scope::WORDS, Action::WORDS],
    ),
    (
        "docs/reference/policy-files.md",
        &[
            Effect::WORDS,
            Mechanism::WORDS,
            HitPolicy::WORDS,
            Reading::WORDS,
            Expected::WORDS,
            FindingCode::WORDS,
        ],
    ),
    ("docs/how-to/verify-a-policy.md", &[DisagreementCode::WORDS]),
];

#[test]
fn the_reference_explains_every_word() {
    for (page, sets) in EXPLAINED {
        let text = Page::read(Path::new(page)).text;
        for word in sets.iter().flat_map(|words| words.iter()) {
            assert!(text.contains(&format!("`{word}`")), "{page} does not mention `{word}`");
        }
    }
}
