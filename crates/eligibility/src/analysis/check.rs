//! Gaps, conflicts and masked rules of one policy.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt;

use serde::Serialize;

use super::axes::Axes;
use super::diff::{Change, changes};
use super::minimise::regions;
use super::partition::{Block, Clauses, Cube, TooComplex, partition};
use super::promise::{Numbered, Promise, headline};
use super::region::Region;
use super::releases::Releases;
use crate::cases::alike_in_both;
use crate::decide::{Cause, Verdict, decide};
use crate::facts::Facts;
use crate::policy::{Accepted, Effect, FindingCode, Policy, PolicyDocument, Reading, Rule, Scope};

/// Devices for which rules of a scope give different things, with the positions of the rules.
pub type Conflict = (Scope, Vec<u16>, Region);

/// The findings of an analysis of one policy, among the devices that meet its prerequisites.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    /// Devices that no rule covers at any scope.
    pub gaps: Vec<Region>,
    /// Devices that rules cover at the other scope only.
    pub scope_gaps: Vec<(Scope, Region)>,
    /// Devices for which rules of a scope give different things, with the positions of the rules.
    pub conflicts: Vec<Conflict>,
    /// Rules that do no work, by position.
    pub rules: Vec<(u16, RuleProblem)>,
    /// The number of blocks into which the rules divide the devices.
    pub blocks: usize,
    /// The accepted findings that are met, by position.
    pub accepted: BTreeSet<usize>,
}

/// The reason why a rule has no effect.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RuleProblem {
    /// No device that exists and meets the prerequisites matches it.
    NeverMatches,
    /// Rules that come before it decide all devices that it matches.
    Masked(Vec<u16>),
    /// On all devices that it matches it contradicts others.
    OnlyConflicts(Vec<u16>),
    /// Without it, every device would be decided as it is; others give the same.
    ChangesNothing(Vec<u16>),
    /// On every device that it decides, something that it needs cannot hold.
    NeedsNeverHold,
}

impl RuleProblem {
    /// Returns the stable code of the problem.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NeverMatches => "never-matches",
            Self::Masked(_) => "masked",
            Self::OnlyConflicts(_) => "only-conflicts",
            Self::ChangesNothing(_) => "changes-nothing",
            Self::NeedsNeverHold => "needs-never-hold",
        }
    }

    /// Returns the positions of the other rules that cause the problem.
    pub fn others(&self) -> &[u16] {
        match self {
            Self::NeverMatches | Self::NeedsNeverHold => &[],
            Self::Masked(others) | Self::OnlyConflicts(others) | Self::ChangesNothing(others) => {
                others
            }
        }
    }
}

impl fmt::Display for RuleProblem {
    /// Returns the problem as the predicate of a sentence about the rule: `matches no device`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NeverMatches => "matches no device",
            Self::Masked(_) => "never decides: earlier rules mask it",
            Self::OnlyConflicts(_) => "never decides: other rules contradict it",
            Self::ChangesNothing(_) => "changes nothing: other rules give the same",
            Self::NeedsNeverHold => "has needs that no device can meet",
        })
    }
}

/// The result of the cubes for one rule.
#[derive(Clone, Debug, Default)]
struct Work {
    matches: bool,
    decides: bool,
    conflicts: bool,
    changes: bool,
    can_succeed: bool,
    beside: BTreeSet<u16>,
}

/// Analyses a policy.
///
/// # Errors
///
/// [`TooComplex`] if the rules divide the devices into more cubes than an analysis takes.
///
/// ```
/// use eligibility::analysis::{Releases, check};
/// use eligibility::policy::{PolicyDocument, Reading};
///
/// let text = r#"
/// id = "p"
/// title = "Android by version"
/// source = "https://example.com"
/// documented = 2018-03-29
/// [[rule]]
/// id = "old"
/// when = { os-version = "<=6.0" }
/// then = "reset-passcode"
/// source = "first bullet"
/// [[rule]]
/// id = "new"
/// when = { os-version = ">=7.0" }
/// then = "unsupported"
/// source = "second bullet"
/// "#;
/// let (document, _) = PolicyDocument::parse(text).expect("it is well-formed");
/// let found = check(&document.read(Reading::Literal), &Releases::default())?;
/// assert_eq!(found.gaps[0].to_string(), ">6.0, <7.0");
/// # Ok::<(), eligibility::analysis::TooComplex>(())
/// ```
pub fn check(policy: &Policy, releases: &Releases) -> Result<Check, TooComplex> {
    check_accepting(policy, &[], releases)
}

/// Analyses a policy and leaves out what is accepted: gaps and conflicts exactly for the devices
/// that an acceptance names, rules without effect by their names.
///
/// # Errors
///
/// [`TooComplex`] if the rules divide the devices into more cubes than an analysis takes.
pub fn check_accepting(
    policy: &Policy,
    accepted: &[Accepted],
    releases: &Releases,
) -> Result<Check, TooComplex> {
    Ok(Space::new(policy, accepted)?.check(releases))
}

/// Returns the conflicts that [`check_accepting`] finds, and looks for nothing else.
///
/// # Errors
///
/// If the rules divide the devices into too many blocks.
pub fn conflicts(
    policy: &Policy,
    accepted: &[Accepted],
    releases: &Releases,
) -> Result<Vec<Conflict>, TooComplex> {
    Ok(Space::new(policy, accepted)?.search(releases).conflicts())
}

/// The devices that can exist, divided once by what a policy and what it accepts distinguish, for
/// several questions.
///
/// ```
/// use eligibility::analysis::{Releases, Space};
/// use eligibility::policy::{PolicyDocument, Reading};
///
/// let text = r#"
/// id = "p"
/// title = "Android"
/// source = "https://example.com"
/// documented = 2018-03-29
/// [[rule]]
/// id = "never-personal"
/// when = { ownership = "personal" }
/// then = "unsupported"
/// source = "first bullet"
/// [[rule]]
/// id = "profile"
/// when = { platform = "android", management = "personal-work-profile" }
/// then = "reset-passcode"
/// scope = "work-profile"
/// source = "second bullet"
/// "#;
/// let (document, _) = PolicyDocument::parse(text).expect("it is well-formed");
/// let policy = document.read(Reading::Literal);
/// let space = Space::new(&policy, &[])?;
/// let found = space.allowed_elsewhere(&[0], &Releases::default());
/// assert_eq!(found[0][0].to_string(), "personal-work-profile; ownership personal");
/// # Ok::<(), eligibility::analysis::TooComplex>(())
/// ```
pub struct Space<'p> {
    policy: &'p Policy,
    accepted: &'p [Accepted],
    axes: Axes,
    blocks: Vec<Block>,
    /// The number of the first accepted region among the clauses.
    first: usize,
}

/// The search in a space.
struct Search<'s> {
    space: &'s Space<'s>,
    releases: &'s Releases,
    asked: Vec<Asked<'s>>,
    /// The accepted findings that were met.
    met: RefCell<BTreeSet<usize>>,
}

impl<'p> Space<'p> {
    /// Divides the devices.
    ///
    /// # Errors
    ///
    /// [`TooComplex`] if the rules divide the devices into more cubes than an analysis takes.
    pub fn new(policy: &'p Policy, accepted: &'p [Accepted]) -> Result<Self, TooComplex> {
        let policies = [policy];
        let devices: Vec<_> = accepted.iter().map(|one| &one.devices).collect();
        let axes = Axes::telling(&policies, &devices);
        let clauses = Clauses::of(&policies);
        let first = clauses.len();
        let blocks = partition(&axes, &clauses.and(&devices))?;
        Ok(Self { policy, accepted, axes, blocks, first })
    }

    /// Returns what [`check_accepting`] finds.
    pub fn check(&self, releases: &Releases) -> Check {
        let Self { policy, accepted, axes, blocks, .. } = self;
        let search = self.search(releases);
        let gap = Verdict::Undetermined(Cause::NoRuleMatches);
        let mut scope_gaps = Vec::new();
        for scope in Scope::ALL.iter().copied() {
            let only_here = |one: &Asked<'_>| {
                one.promises[scope as usize] == Promise::Gap && !one.headline_is_gap()
            };
            let found = search.regions(&only_here, gap, Some(scope));
            scope_gaps.extend(found.into_iter().map(|region| (scope, region)));
        }
        let conflicts = search.conflicts();
        let open = |one: &Asked<'_>| {
            one.headline_is_gap() && !search.is_accepted(one, FindingCode::Gap, &[])
        };
        let gaps = search.regions(&open, gap, None);
        let mut rules = ineffective_rules(axes, policy, &search.asked);
        rules.retain(|(index, problem)| {
            let id = policy.rules[usize::from(*index)].id.as_str();
            let fits = |at: &usize| accepted[*at].is_about(problem.code(), [id]);
            let fitting: Vec<_> = (0..accepted.len()).filter(fits).collect();
            search.met.borrow_mut().extend(&fitting);
            fitting.is_empty()
        });
        let blocks = blocks.len();
        Check { gaps, scope_gaps, conflicts, rules, blocks, accepted: search.met.into_inner() }
    }

    /// Returns the difference of the policy from one that it extends, as
    /// [`difference`](super::difference) does.
    ///
    /// # Errors
    ///
    /// [`TooComplex`] if what the rules need divides the devices into more cubes than an analysis
    /// takes.
    ///
    /// # Panics
    ///
    /// If the policy does not extend the other.
    pub fn difference_from(
        &self,
        base: &Policy,
        releases: &Releases,
    ) -> Result<Vec<Change>, TooComplex> {
        let both = [Numbered::extended(base, self.policy), Numbered::first(self.policy)];
        changes(&self.axes, &self.blocks, both, releases)
    }

    /// Returns the devices that rules refuse at their scope, while the action is allowed at the
    /// other one, for each of the rules.
    ///
    /// # Panics
    ///
    /// If the policy has no rule at one of the positions.
    pub fn allowed_elsewhere(&self, rules: &[u16], releases: &Releases) -> Vec<Vec<Region>> {
        let Self { policy, axes, blocks, .. } = self;
        let numbered = Numbered::first(policy);
        let asked: Vec<_> = asked(numbered, blocks).collect();
        let of_rule = |index: &u16| {
            let at = usize::from(*index);
            let rule = &policy.rules[at];
            let allowed = |one: &Asked<'_>| {
                let matching = &one.matching[rule.scope as usize];
                let decides = matching[..numbered.deciding(matching)].contains(&at);
                let (promise, scope) = headline(&one.promises);
                let allowed = matches!(promise, Promise::Allowed { .. }) && scope != rule.scope;
                rule.then == Effect::Unsupported && decides && allowed
            };
            let met = |device: &Facts| policy.prerequisites_hold(device);
            regions(axes, &asked, |one| &one.block.cube, allowed, releases, met)
        };
        rules.iter().map(of_rule).collect()
    }

    fn search<'s>(&'s self, releases: &'s Releases) -> Search<'s> {
        let asked = asked(Numbered::first(self.policy), &self.blocks).collect();
        Search { space: self, releases, asked, met: RefCell::default() }
    }
}

impl Search<'_> {
    fn is_accepted(&self, one: &Asked<'_>, code: FindingCode, rules: &[usize]) -> bool {
        let Space { policy, accepted, first, .. } = self.space;
        let names = || rules.iter().map(|index| policy.rules[*index].id.as_str());
        let fits = |at: &usize| {
            accepted[*at].is_about(code.as_str(), names())
                && one.block.holding.contains(first + *at)
        };
        let fitting: Vec<_> = (0..accepted.len()).filter(fits).collect();
        self.met.borrow_mut().extend(&fitting);
        !fitting.is_empty()
    }

    fn regions(
        &self,
        inside: &dyn Fn(&Asked<'_>) -> bool,
        verdict: Verdict,
        scope: Option<Scope>,
    ) -> Vec<Region> {
        let Space { policy, axes, .. } = self.space;
        let is_found = |device: &Facts| {
            let decision = decide(policy, device);
            let outcome = scope.map_or(decision.headline(), |scope| decision.scope(scope));
            outcome.verdict() == verdict
        };
        regions(axes, &self.asked, |one| &one.block.cube, inside, self.releases, is_found)
    }

    fn conflicts(&self) -> Vec<Conflict> {
        let numbered = Numbered::first(self.space.policy);
        let mut conflicts = Vec::new();
        for scope in Scope::ALL.iter().copied() {
            let all = self.asked.iter().filter_map(|one| one.conflict(numbered, scope));
            for rules in all.collect::<BTreeSet<_>>() {
                let these = |one: &Asked<'_>| {
                    one.conflict(numbered, scope) == Some(rules)
                        && !self.is_accepted(one, FindingCode::Conflict, rules)
                };
                let found =
                    self.regions(&these, Verdict::Undetermined(Cause::Conflict), Some(scope));
                conflicts.extend(found.into_iter().map(|one| (scope, positions(rules), one)));
            }
        }
        conflicts
    }
}

/// Returns the cubes of devices that meet the prerequisites.
pub(super) fn asked<'a>(
    numbered: Numbered<'a>,
    blocks: &'a [Block],
) -> impl Iterator<Item = Asked<'a>> {
    let met = move |block: &&Block| numbered.presupposed(&block.holding);
    blocks.iter().filter(met).map(move |block| Asked::new(numbered, block))
}

/// A cube of devices that meet the prerequisites, with what the policy says of them.
pub(super) struct Asked<'a> {
    pub(super) block: &'a Block,
    /// For each scope the positions of the rules that match, those included that come too late.
    pub(super) matching: [Vec<usize>; 2],
    pub(super) promises: [Promise; 2],
}

impl<'a> Asked<'a> {
    fn new(numbered: Numbered<'_>, block: &'a Block) -> Self {
        let each = |scope| numbered.all_matching(&block.holding, scope);
        let matching = [each(Scope::Device), each(Scope::WorkProfile)];
        let promises = matching.each_ref().map(|matching| numbered.promise_of(matching, None));
        Self { block, matching, promises }
    }

    fn headline_is_gap(&self) -> bool {
        *headline(&self.promises).0 == Promise::Gap
    }

    /// Returns the rules that contradict each other at a scope, if they do.
    fn conflict(&self, numbered: Numbered<'_>, scope: Scope) -> Option<&[usize]> {
        let matching = &self.matching[scope as usize];
        let contradicts = self.promises[scope as usize] == Promise::Conflict;
        contradicts.then(|| &matching[..numbered.deciding(matching)])
    }
}

fn positions(rules: &[usize]) -> Vec<u16> {
    rules.iter().map(|index| u16::try_from(*index).expect("a policy has fewer rules")).collect()
}

fn ineffective_rules(axes: &Axes, policy: &Policy, asked: &[Asked<'_>]) -> Vec<(u16, RuleProblem)> {
    let mut work = vec![Work::default(); policy.rules.len()];
    for one in asked {
        for scope in Scope::ALL {
            note_work(&mut work, axes, policy, one, *scope);
        }
    }
    let problems = (0..)
        .zip(&work)
        .zip(&policy.rules)
        .filter_map(|((index, work), rule)| Some((index, problem(rule, work)?)));
    problems.collect()
}

fn note_work(work: &mut [Work], axes: &Axes, policy: &Policy, asked: &Asked<'_>, scope: Scope) {
    let matching = &asked.matching[scope as usize];
    let whole = &asked.promises[scope as usize];
    let numbered = Numbered::first(policy);
    let deciding = numbered.deciding(matching);
    let rank = |index: usize| policy.rules[index].rank;
    for (place, index) in matching.iter().enumerate() {
        let decides = place < deciding;
        let beside = |other: usize| decides || rank(matching[other]) < rank(*index);
        let others =
            matching.iter().enumerate().filter(|(other, _)| *other != place && beside(*other));
        let others: Vec<usize> = others.map(|(_, other)| *other).collect();
        let work = &mut work[*index];
        work.matches = true;
        work.beside.extend(positions(&others));
        work.decides |= *whole != Promise::Conflict && decides;
        work.conflicts |= *whole == Promise::Conflict && decides;
        work.changes |= numbered.promise_of(matching, Some(*index)) != *whole;
        work.can_succeed |= can_hold(axes, &asked.block.cube, &policy.rules[*index]);
    }
}

fn problem(rule: &Rule, work: &Work) -> Option<RuleProblem> {
    let beside = || work.beside.iter().copied().collect();
    if !work.matches {
        return Some(RuleProblem::NeverMatches);
    }
    if !work.decides {
        return Some(match work.conflicts {
            true => RuleProblem::OnlyConflicts(beside()),
            false => RuleProblem::Masked(beside()),
        });
    }
    if !work.changes {
        return Some(RuleProblem::ChangesNothing(beside()));
    }
    let allows = rule.then.action().is_some();
    (allows && !work.can_succeed).then_some(RuleProblem::NeedsNeverHold)
}

/// Returns true if some device of a cube has all that a rule needs.
fn can_hold(axes: &Axes, cube: &Cube, rule: &Rule) -> bool {
    let mut left = cube.clone();
    for condition in rule.needs.conditions() {
        let Some(index) = axes.position(condition.fact) else { continue };
        left[index] = left[index].intersection(&axes.get(index).accepted(condition));
    }
    axes.any_exists(&left)
}

impl Check {
    /// Returns the gaps and conflicts that no case of the policy's document reaches in this
    /// reading.
    ///
    /// A case of the other reading counts if its device is decided alike in both.
    pub fn unreached<'a>(
        &'a self,
        document: &PolicyDocument,
        reading: Reading,
    ) -> impl Iterator<Item = &'a Region> {
        let alike = alike_in_both(document);
        let cases = document.cases.iter();
        let devices: Vec<Facts> = cases
            .flat_map(|case| case.devices.iter().map(move |device| (case.reading, device)))
            .filter(|(of, device)| *of == reading || alike(device))
            .map(|(_, device)| *device)
            .collect();
        let conflicts = self.conflicts.iter().map(|(_, _, region)| region);
        let regions = self.gaps.iter().chain(conflicts);
        regions.filter(move |region| !devices.iter().any(|device| region.holds(device)))
    }
}
