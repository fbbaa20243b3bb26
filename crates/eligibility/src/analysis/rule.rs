//! The devices that one rule decides, and the cells that devices are in.

use serde::Serialize;

use super::axes::Axes;
use super::check::{Asked, asked};
use super::minimise::regions;
use super::partition::{Clauses, Cube, TooComplex, partition};
use super::promise::{Numbered, Promise};
use super::region::Region;
use super::releases::Releases;
use crate::classes::Classes;
use crate::facts::{Fact, FactName, Facts, Management, Platform, Value, presumed};
use crate::policy::Policy;

/// The devices that a rule covers, by their decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RuleRegions {
    /// The devices that the rule decides, alone or with rules that give the same.
    pub decides: Vec<Region>,
    /// The devices for which other rules contradict it.
    pub contradicted: Vec<Region>,
    /// The devices for which rules that come before it decide.
    pub preceded: Vec<Region>,
}

/// The effect of a rule on a device that it covers.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Decided,
    Contradicted,
    Preceded,
}

/// Finds the devices that a rule covers, among those that meet the prerequisites.
///
/// # Errors
///
/// [`TooComplex`] if the rules divide the devices into more cells than an analysis takes.
///
/// # Panics
///
/// If the policy has no rule at this position.
pub fn rule_regions(
    policy: &Policy,
    rule: u16,
    releases: &Releases,
) -> Result<RuleRegions, TooComplex> {
    let policies = [policy];
    let axes = Axes::of(&policies);
    let blocks = partition(&axes, &Clauses::of(&policies))?;
    let numbered = Numbered::first(policy);
    let asked: Vec<_> = asked(numbered, &blocks).collect();
    let at = usize::from(rule);
    let scope = policy.rules[at].scope as usize;
    let fate = |one: &Asked<'_>| {
        let matching = &one.matching[scope];
        let place = matching.iter().position(|index| *index == at)?;
        if place >= numbered.deciding(matching) {
            return Some(Fate::Preceded);
        }
        let contradicted = one.promises[scope] == Promise::Conflict;
        Some(if contradicted { Fate::Contradicted } else { Fate::Decided })
    };
    let regions = |wanted: Fate| {
        let is_wanted = |one: &Asked<'_>| fate(one) == Some(wanted);
        let met = |device: &Facts| policy.prerequisites_hold(device);
        regions(&axes, &asked, |one| &one.block.cube, is_wanted, releases, met)
    };
    Ok(RuleRegions {
        decides: regions(Fate::Decided),
        contradicted: regions(Fate::Contradicted),
        preceded: regions(Fate::Preceded),
    })
}

/// Counts the cells of a policy that at least one of these devices may be in, and all cells, among
/// devices that meet the prerequisites.
///
/// # Errors
///
/// [`TooComplex`] if the rules divide the devices into more cells than an analysis takes.
pub(crate) fn cells_reached(
    policy: &Policy,
    devices: &[Facts],
) -> Result<(usize, usize), TooComplex> {
    let policies = [policy];
    let axes = Axes::of(&policies);
    let blocks = partition(&axes, &Clauses::of(&policies))?;
    let asked: Vec<_> = asked(Numbered::first(policy), &blocks).collect();
    let is_reached =
        |one: &&Asked<'_>| devices.iter().any(|device| may_be_in(&axes, &one.block.cube, device));
    Ok((asked.iter().filter(is_reached).count(), asked.len()))
}

/// Returns true if some completion of a device is in a cell.
fn may_be_in(axes: &Axes, cube: &Cube, device: &Facts) -> bool {
    let possible = |fact: FactName| {
        let index = axes.position(fact)?;
        let axis = axes.get(index);
        let values = cube[index].iter().filter(|class| may_be(axis, *class, device.get(fact)));
        Some(values.collect::<Vec<_>>())
    };
    let together = match (possible(FactName::Platform), possible(FactName::Management)) {
        (Some(platforms), Some(modes)) => platforms.iter().any(|platform| {
            let on = Management::on(Platform::ALL[*platform]);
            modes.iter().any(|mode| on.contains(&Management::ALL[*mode]))
        }),
        _ => true,
    };
    together && axes.iter().all(|axis| possible(axis.fact()).is_some_and(|left| !left.is_empty()))
}

/// Returns true if the value of a fact may be in a class.
fn may_be(axis: &Classes, class: usize, fact: Fact<Value>) -> bool {
    match (fact, axis.witness(class)) {
        (Fact::Known(known), _) => axis.class(known) == class,
        (Fact::OneOf(choices), Value::Choice(choice)) => choices.contains(choice),
        (Fact::OneOf(_), Value::Version(_)) => false,
        (Fact::Unknown, value) => presumed(axis.fact(), value),
    }
}
