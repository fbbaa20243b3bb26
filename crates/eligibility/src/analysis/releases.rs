//! Versions that were really released, as witnesses that everyone recognises.

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, InvalidDocument};
use crate::document::parse_document;
use crate::facts::{OsVersion, Platform};
use crate::policy::VersionSet;

/// The released versions of each platform.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Releases(BTreeMap<Platform, Vec<OsVersion>>);

impl Releases {
    /// Reads the list: one table for each platform, with its `versions` and their `source`.
    ///
    /// # Errors
    ///
    /// All problems of the text at once.
    pub fn parse(text: &str) -> Result<Self, InvalidDocument> {
        parse_document(text, "list of releases", |mut top, problems| {
            let mut releases = BTreeMap::new();
            for (name, node) in top.rest() {
                let Ok(platform) = name.value.parse::<Platform>() else {
                    let known = Platform::WORDS;
                    problems.push(crate::document::unknown_key("list of releases", &name, known));
                    continue;
                };
                let Some(mut section) = node.section("platform", problems) else { continue };
                section.require_text("source", problems);
                let list =
                    section.require("versions", problems).and_then(crate::document::Node::as_list);
                let mut versions = Vec::new();
                for node in list.unwrap_or_default() {
                    let Some(text) = node.text("versions", problems) else { continue };
                    match text.value.parse::<OsVersion>() {
                        Ok(version) => versions.push(version),
                        Err(error) => problems.push(Diagnostic::error(
                            "bad-version",
                            error.to_string(),
                            text.span,
                        )),
                    }
                }
                section.finish(problems);
                versions.sort_unstable();
                releases.insert(platform, versions);
            }
            Some(Self(releases))
        })
    }

    /// Returns the first released version in a set.
    pub(super) fn first_in(&self, platform: Platform, versions: &VersionSet) -> Option<OsVersion> {
        let released = self.0.get(&platform)?;
        released.iter().copied().find(|version| versions.contains(*version))
    }
}
