//! In what two policies differ.

use std::collections::BTreeSet;
use std::fmt;

use serde::Serialize;

use super::axes::Axes;
use super::minimise::regions;
use super::partition::{Block, Clauses, Cube, MAX_BOXES, TooComplex, partition};
use super::promise::{Numbered, Promise, headline};
use super::region::Region;
use super::releases::Releases;
use crate::classes::Classes;
use crate::facts::{Fact, FactSet, Facts};
use crate::policy::{Conjunction, Policy, Scope, Truth};
use crate::text::serialize_as_text;

/// The promise and its scope; refusals and gaps of a headline have no
/// scope of their own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Side {
    /// The promise.
    pub promise: Promise,
    /// The scope, of an allowed action.
    pub scope: Option<Scope>,
    /// The promise of the other scope, which a headline shows where the needs do not hold.
    pub otherwise: Option<Box<Self>>,
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
        Self { promise: promise.clone(), scope: allowed.then_some(scope), otherwise: None }
    }

    /// Returns what the headline of a fully known device is, whatever its needs.
    fn of_headline(promises: &[Promise; 2]) -> Self {
        let (promise, scope) = headline(promises);
        let other = match scope {
            Scope::Device => Scope::WorkProfile,
            Scope::WorkProfile => Scope::Device,
        };
        let otherwise = &promises[other as usize];
        let shown = matches!(otherwise, Promise::Allowed { .. } | Promise::Conflict);
        let open = promise.needs().is_some_and(|needs| !needs.conditions().is_empty());
        let otherwise = (shown && open).then(|| Box::new(Self::new(otherwise, other)));
        Self { otherwise, ..Self::new(promise, scope) }
    }

    /// Returns what is promised, first where all needs hold, then where they do not.
    pub fn alternatives(&self) -> impl Iterator<Item = &Self> {
        std::iter::successors(Some(self), |side| side.otherwise.as_deref())
    }

    /// Returns the promise to a device whose needs are known, and its scope.
    fn kept(&self, device: &Facts) -> (Promise, Option<Scope>) {
        for Self { promise, scope, .. } in self.alternatives() {
            match promise.needs().map(|needs| needs.truth(device)) {
                None => return (promise.clone(), *scope),
                Some(Truth::Fails) => {}
                Some(_) => return (promise.without_needs(), *scope),
            }
        }
        (Promise::Refused, None)
    }

    /// Returns true if some device that has or lacks what is needed gets different things.
    fn differs(&self, other: &Self) -> bool {
        if self == other {
            return false;
        }
        let needs = || self.alternatives().chain(other.alternatives());
        let needs = || needs().filter_map(|side| side.promise.needs());
        let conditions: Vec<_> = needs().flat_map(Conjunction::conditions).collect();
        let facts = needs().fold(FactSet::EMPTY, |all, needs| all.union(needs.facts()));
        let mut devices = vec![Facts::default()];
        for fact in facts.iter() {
            let classes = Classes::merged(fact, &conditions);
            let with = |device: &Facts, value| {
                let mut device = *device;
                device.set(fact, Fact::Known(value));
                device
            };
            let values = |device| classes.witnesses().iter().map(move |value| with(device, *value));
            devices = devices.iter().flat_map(values).filter(Facts::possible).collect();
        }
        devices.iter().any(|device| self.kept(device) != other.kept(device))
    }
}

impl fmt::Display for Side {
    /// Returns the promise with its details: `eligible (reset-passcode, work-profile,
    /// resetPasswordWithToken) if reset-token active`, and after `else` what a headline shows where
    /// the needs do not hold.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.promise, self.scope) {
            (Promise::Allowed { action, mechanism, needs }, Some(scope)) => {
                write!(f, "eligible ({action}, {scope}")?;
                if let Some(mechanism) = mechanism {
                    write!(f, ", {mechanism}")?;
                }
                f.write_str(")")?;
                if !needs.conditions().is_empty() {
                    write!(f, " if {needs}")?;
                }
            }
            (promise, _) => promise.fmt(f)?,
        }
        self.otherwise.as_ref().map_or(Ok(()), |otherwise| write!(f, ", else {otherwise}"))
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
/// different things. Needs are open unless a policy tests their facts elsewhere, too: then the
/// regions tell devices that have what is needed from those that lack it.
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
    changes(&axes, &blocks, Numbered::both(policies), releases)
}

/// Returns the difference of two policies whose clauses a partition distinguishes.
pub(super) fn changes(
    axes: &Axes,
    blocks: &[Block],
    policies: [Numbered<'_>; 2],
    releases: &Releases,
) -> Result<Vec<Change>, TooComplex> {
    let mut labelled = Vec::new();
    for Block { cube, holding } in blocks {
        if policies.iter().any(|one| one.presupposed(holding)) {
            let promises = policies.map(|one| one.promises(holding));
            settle(axes, cube.clone(), &promises, &mut labelled)?;
        }
    }
    let kinds: BTreeSet<&Label> = labelled.iter().flat_map(|(_, labels)| labels).collect();
    let counted = |device: &Facts| policies.iter().any(|one| one.policy.prerequisites_hold(device));
    let mut found = Vec::new();
    for label in kinds {
        let is_such = |(_, labels): &Labelled| labels.contains(label);
        for region in regions(axes, &labelled, |one| &one.0, is_such, releases, counted) {
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

/// A cube with the differences on it.
type Labelled = (Cube, Vec<Label>);

/// The promises of two policies, each at both scopes.
type Promises = [[Promise; 2]; 2];

/// Adds a cube with its differences, in parts on each of which a need holds or fails if its fact is
/// one that distinguishes devices.
fn settle(
    axes: &Axes,
    cube: Cube,
    promises: &Promises,
    labelled: &mut Vec<Labelled>,
) -> Result<(), TooComplex> {
    let needs = promises.iter().flatten().filter_map(Promise::needs);
    let mut needed = needs.flat_map(Conjunction::conditions);
    let decided = needed.find_map(|one| Some((axes.position(one.fact)?, one)));
    let Some((axis, condition)) = decided else {
        if labelled.len() == MAX_BOXES {
            return Err(TooComplex);
        }
        labelled.push((cube, labels(promises)));
        return Ok(());
    };
    let holding = axes.get(axis).accepted(condition).intersection(&cube[axis]);
    for (literal, holds) in [(cube[axis].without(&holding), false), (holding, true)] {
        let mut part = cube.clone();
        part[axis] = literal;
        if axes.any_exists(&part) {
            let settled = |one: &Promise| one.settled(condition, holds);
            let promises = promises.each_ref().map(|both| both.each_ref().map(settled));
            settle(axes, part, &promises, labelled)?;
        }
    }
    Ok(())
}

/// Returns the differences of the policies on a cube: in the headline, or else at some scopes.
fn labels([before, after]: &Promises) -> Vec<Label> {
    let side = |promises: &[Promise; 2], at: Option<Scope>| match at {
        Some(scope) => Side::new(&promises[scope as usize], scope),
        None => Side::of_headline(promises),
    };
    let label = |at| Label { at, from: side(before, at), to: side(after, at) };
    let differs = |label: &Label| label.from.differs(&label.to);
    let headline = label(None);
    if differs(&headline) {
        return vec![headline];
    }
    Scope::ALL.iter().map(|scope| label(Some(*scope))).filter(differs).collect()
}
