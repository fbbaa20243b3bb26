//! Policies as decision trees that a short program evaluates.

use eligibility::classes::{Branch, Tree};
use eligibility::decide::{Cause, VerdictWord};
use eligibility::facts::{FactName, OsVersion};
use eligibility::policy::{Action, Mechanism, Policy, Reading, Scope, Test, VersionRange};
use schemars::JsonSchema;
use serde::Serialize;

use crate::json::{Version, Word, names, pretty};
use crate::report::compiled::{Compact, Compiled, Details, is_truth, word};

/// Policies as decision trees: `relatch policy compile --to json`.
#[derive(Serialize, JsonSchema)]
pub(crate) struct PolicyCompile<'a> {
    /// The version of this shape.
    schema: Version,
    /// The policies.
    policies: Vec<CompiledPolicy<'a>>,
}

/// A policy as a decision tree.
#[derive(Serialize, JsonSchema)]
struct CompiledPolicy<'a> {
    /// The id of the policy.
    policy: &'a str,
    /// The reading of the policy.
    reading: Word<Reading>,
    /// The facts that the tree tests.
    facts: Vec<FactValues>,
    /// The different decisions.
    decisions: Vec<Decided<'a>>,
    /// The tree.
    tree: Node,
}

/// A fact and its values.
#[derive(Serialize, JsonSchema)]
pub(in crate::present) struct FactValues {
    /// The name of the fact.
    fact: Word<FactName>,
    /// All its known values; empty for `os-version`.
    values: Vec<Scalar>,
}

/// A decision; without `--detail full` only `decision` and `cause`.
#[derive(Serialize, JsonSchema)]
struct Decided<'a> {
    /// The decision.
    decision: Word<VerdictWord>,
    /// The cause of an undetermined decision.
    cause: Option<Word<Cause>>,
    /// The rest of the decision; only with `--detail full`.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    details: Option<DecidedDetails<'a>>,
}

/// The rest of a decision.
#[derive(Serialize, JsonSchema)]
struct DecidedDetails<'a> {
    /// The action.
    action: Option<Word<Action>>,
    /// Whose passcode it is.
    scope: Option<Word<Scope>>,
    /// The vendor operation by which it is done.
    mechanism: Option<Word<Mechanism>>,
    /// The rule that decides, if one rule does.
    rule: Option<&'a str>,
    /// The facts that the action still requires.
    needs: Vec<Word<FactName>>,
    /// The unknown facts that would change the decision.
    missing: Vec<Word<FactName>>,
}

/// An answer, or a question about one fact.
#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
pub(in crate::present) enum Node {
    /// An answer.
    Leaf {
        /// The position of the decision in `decisions`; null if no such device can exist.
        leaf: Option<usize>,
    },
    /// A question about one fact.
    Question {
        /// The fact.
        fact: Word<FactName>,
        /// The possible answers; each value, and the unknown, is in exactly one of them.
        branches: Vec<Answers>,
    },
}

/// The devices with some values of a fact.
#[derive(Serialize, JsonSchema)]
pub(in crate::present) struct Answers {
    /// True if devices whose fact is unknown belong here.
    unknown: bool,
    /// The words or truth values that belong here; empty for `os-version`.
    values: Vec<Scalar>,
    /// The ranges of versions that belong here; empty for every fact but `os-version`.
    versions: Vec<Versions>,
    /// The decision of these devices.
    then: Node,
}

/// A value of a closed set.
#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
enum Scalar {
    /// A word.
    Word(&'static str),
    /// A truth value.
    Truth(bool),
}

/// A range of versions. Versions have four numbers and are compared number by number.
#[derive(Serialize, JsonSchema)]
struct Versions {
    /// The first version inside.
    from: [u32; 4],
    /// The first version beyond; null if there is no end.
    before: Option<[u32; 4]>,
}

pub(super) fn render(compiled: &[Compiled]) -> String {
    let policies = compiled.iter().map(|Compiled { policy, tree, decisions, .. }| CompiledPolicy {
        policy: &policy.id,
        reading: Word(policy.reading),
        facts: tree.facts().iter().map(FactValues::of).collect(),
        decisions: decisions.iter().map(|one| decided(policy, one)).collect(),
        tree: Node::of(tree),
    });
    pretty(&PolicyCompile { schema: Version, policies: policies.collect() })
}

impl FactValues {
    /// Returns a fact with its values.
    pub(in crate::present) fn of(fact: FactName) -> Self {
        let choices = (0..).take(fact.choices().len());
        Self { fact: Word(fact), values: choices.map(|choice| scalar(fact, choice)).collect() }
    }
}

fn scalar(fact: FactName, choice: u8) -> Scalar {
    match word(fact, choice) {
        word if is_truth(fact) => Scalar::Truth(word == "true"),
        word => Scalar::Word(word),
    }
}

fn decided<'a>(policy: &'a Policy, Compact { verdict, details }: &Compact) -> Decided<'a> {
    Decided {
        decision: Word(verdict.word()),
        cause: verdict.cause().map(Word),
        details: details.as_ref().map(|details| {
            let Details { action, scope, mechanism, rule, needs, missing } = details;
            DecidedDetails {
                action: action.map(Word),
                scope: scope.map(Word),
                mechanism: mechanism.map(Word),
                rule: rule.map(|rule| policy.rules[usize::from(rule)].id.as_str()),
                needs: names(*needs),
                missing: names(*missing),
            }
        }),
    }
}

impl Node {
    /// Returns a tree in this form.
    pub(in crate::present) fn of(tree: &Tree<Option<usize>>) -> Self {
        match tree {
            Tree::Leaf(leaf) => Self::Leaf { leaf: *leaf },
            Tree::Question { fact, branches } => Self::Question {
                fact: Word(*fact),
                branches: branches.iter().map(|branch| answers(*fact, branch)).collect(),
            },
        }
    }
}

fn answers(fact: FactName, branch: &Branch<Option<usize>>) -> Answers {
    let (mut values, mut versions) = (Vec::new(), Vec::new());
    match &branch.known {
        Test::Choices(choices) => values.extend(choices.iter().map(|one| scalar(fact, one))),
        Test::Versions(set) => versions.extend(set.ranges().iter().map(|range| {
            let VersionRange { from, before } = range;
            Versions { from: from.parts(), before: before.map(OsVersion::parts) }
        })),
    }
    Answers { unknown: branch.unknown, values, versions, then: Node::of(&branch.then) }
}
