//! In what two policies differ.

use std::collections::BTreeSet;
use std::fmt;

use serde::Serialize;

use super::axes::Axes;
use super::minimise::regions;
use super::partition::{Block, Clauses, TooComplex, partition};
use super::promise::{Numbered, Promise, headline};
use super::region::Region;
use super::releases::Releases;
use crate::facts::Facts;
use crate::policy::{Policy, Scope};
use crate::text::serialize_as_text;

/// The promise and its scope; refusals and gaps of a headline have no
/// scope of their own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Side {
    /// The promise.
    pub promise: Promise,
    /// The scope, of an allowed action.
    pub scope: Option<Scope>,
}

/// Devices that two policies treat differently, all in the same way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The scope at which they differ; `None` if the headline itself differs.
    pub at: Option<Scope>,
    /// The promise of the first policy.
    pub from: Side,
    /// The promise of the second policy.
    pub to: Side,
    /// The devices.
    pub region: Region,
}

impl Side {
    fn new(promise: &Promise, scope: Scope) -> Self {
        let allowed = matches!(promise, Promise::Allowed { .. });
        Self { promise: promise.clone(), scope: allowed.then_some(scope) }
    }
}

impl fmt::Display for Side {
    /// Returns the promise with its details: `eligible (reset-passcode, work-profile,
    /// resetPasswordWithToken) if reset-token active`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.promise, self.scope) {
            (Promise::Allowed { action, mechanism, needs }, Some(scope)) => {
                write!(f, "eligible ({action}, {scope}")?;
                if let Some(mechanism) = mechanism {
                    write!(f, ", {mechanism}")?;
                }
                f.write_str(")")?;
                if needs.conditions().is_empty() { Ok(()) } else { write!(f, " if {needs}") }
            }
            (promise, _) => promise.fmt(f),
        }
    }
}

serialize_as_text!(Side);

impl fmt::Display for Change {
    /// Returns the devices and both promises: `android; >=7.0, <8.0: eligible -> ineligible`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} -> {}", self.region, self.from, self.to)
    }
}

/// Returns the difference of two policies, as few regions as were found: first the devices whose
/// headline differs, then those that differ at one scope only.
///
/// Devices that break the prerequisites of both policies are left out. A device outside of all
/// regions is decided alike by both, whatever its needs; a device inside one is promised
/// different things.
///
/// # Errors
///
/// [`TooComplex`] if the rules divide the devices into more cubes than an analysis takes.
///
/// ```
/// use eligibility::analysis::{Releases, difference};
/// use eligibility::policy::{PolicyDocument, Reading};
///
/// let page = |floor: &str| {
///     let text = format!(r#"
/// id = "p"
/// title = "Android"
/// source = "https://example.com"
/// documented = 2018-03-29
/// [[rule]]
/// id = "supported"
/// when = {{ platform = "android", os-version = ">={floor}" }}
/// then = "reset-passcode"
/// source = "first bullet"
/// "#);
///     PolicyDocument::parse(&text).expect("it is well-formed").0.read(Reading::Literal)
/// };
/// let changes = difference(&page("7.0"), &page("8.0"), &Releases::default())?;
/// assert_eq!(changes.len(), 1);
/// assert_eq!(changes[0].region.to_string(), "android; >=7.0, <8.0");
/// assert_eq!(changes[0].to.to_string(), "undetermined (no rule)");
/// # Ok::<(), eligibility::analysis::TooComplex>(())
/// ```
pub fn difference(
    before: &Policy,
    after: &Policy,
    releases: &Releases,
) -> Result<Vec<Change>, TooComplex> {
    let policies = [before, after];
    let axes = Axes::of(&policies);
    let blocks = partition(&axes, &Clauses::of(&policies))?;
    let numbered = Numbered::all(&policies);
    let asked: Vec<_> = blocks
        .iter()
        .filter(|block| numbered.iter().any(|one| one.presupposed(&block.holding)))
        .collect();
    let labelled: Vec<_> =
        asked.into_iter().map(|block| (block, labels(&numbered, block))).collect();
    let kinds: BTreeSet<&Label> = labelled.iter().flat_map(|(_, labels)| labels).collect();
    let counted = |device: &Facts| policies.iter().any(|policy| policy.prerequisites_hold(device));
    let mut found = Vec::new();
    for label in kinds {
        let is_such = |(_, labels): &(&Block, Vec<Label>)| labels.contains(label);
        for region in regions(&axes, &labelled, |one| &one.0.cube, is_such, releases, counted) {
            let Label { at, from, to } = label.clone();
            found.push(Change { at, from, to, region });
        }
    }
    Ok(found)
}

/// A kind of change; the headline sorts first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Label {
    at: Option<Scope>,
    from: Side,
    to: Side,
}

/// Returns the differences of the policies on a cube: in the headline, or else at some scopes.
fn labels(numbered: &[Numbered<'_>], block: &Block) -> Vec<Label> {
    let promises: Vec<_> = numbered.iter().map(|one| one.promises(&block.holding)).collect();
    let [before, after] = promises.as_slice() else { return Vec::new() };
    let side = |promises: &[Promise; 2], at: Option<Scope>| match at {
        Some(scope) => Side::new(&promises[scope as usize], scope),
        None => {
            let (promise, scope) = headline(promises);
            Side::new(promise, scope)
        }
    };
    let label = |at| Label { at, from: side(before, at), to: side(after, at) };
    let differs = |label: &Label| label.from != label.to;
    let headline = label(None);
    if differs(&headline) {
        return vec![headline];
    }
    Scope::ALL.iter().map(|scope| label(Some(*scope))).filter(differs).collect()
}
