//! The explanation of a decision: every clause, and the result of each of its conditions.

use crate::facts::{Fact, FactName, Facts, Value, presumed};
use crate::policy::{Clause, Condition, Conjunction, Policy, Truth};

/// The result of one condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tested {
    /// The condition.
    pub condition: Condition,
    /// Its truth for the known facts.
    pub truth: Truth,
    /// True if it holds for every value that the unknown fact is presumed to have.
    pub presumed: bool,
}

/// The result of one clause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// The rule or the prerequisite.
    pub clause: Clause,
    /// Its conditions, in the order of the facts.
    pub conditions: Vec<Tested>,
    /// Its needs, in the order of the facts; none for a prerequisite.
    pub needs: Vec<Tested>,
    /// The truth of all conditions, presumptions included.
    pub truth: Truth,
    /// The earlier rule of its scope that holds and therefore decides (hit policy `first`, or a
    /// policy that extends another).
    pub preceded_by: Option<u16>,
}

/// Explains every clause of a policy for a device: prerequisites first, then the rules.
///
/// ```
/// use eligibility::decide::explain;
/// use eligibility::facts::{Fact, Facts, Platform};
/// use eligibility::policy::{PolicyDocument, Reading, Truth};
///
/// let text = r#"
/// id = "p"
/// title = "Old phones"
/// source = "https://example.com"
/// documented = 2018-03-29
/// [[rule]]
/// id = "old"
/// when = { platform = "android", os-version = "<7.0" }
/// then = "reset-passcode"
/// source = "first bullet"
/// "#;
/// let (document, _) = PolicyDocument::parse(text).expect("it is well-formed");
/// let policy = document.read(Reading::Literal);
/// let phone = Facts { platform: Fact::Known(Platform::Android), ..Facts::default() };
/// let explanations = explain(&policy, &phone);
/// assert_eq!(explanations[0].conditions[0].truth, Truth::Holds);
/// assert_eq!(explanations[0].truth, Truth::Unknown);
/// ```
pub fn explain(policy: &Policy, facts: &Facts) -> Vec<Explanation> {
    let facts = &facts.narrowed();
    let prerequisites = (0..).zip(&policy.prerequisites).map(|(index, prerequisite)| {
        explanation(Clause::Prerequisite(index), &prerequisite.holds, None, facts)
    });
    let mut explanations: Vec<_> = prerequisites.collect();
    for (index, rule) in (0..).zip(&policy.rules) {
        let mut one = explanation(Clause::Rule(index), &rule.when, Some(&rule.needs), facts);
        one.preceded_by = explanations.iter().find_map(|earlier| {
            let Clause::Rule(at) = earlier.clause else { return None };
            let other = &policy.rules[usize::from(at)];
            let precedes = other.scope == rule.scope && other.rank < rule.rank;
            (precedes && earlier.truth == Truth::Holds).then_some(at)
        });
        explanations.push(one);
    }
    explanations
}

fn explanation(
    clause: Clause,
    conditions: &Conjunction,
    needs: Option<&Conjunction>,
    facts: &Facts,
) -> Explanation {
    let conditions = tested(conditions, facts);
    let fails = conditions.iter().any(|one| one.truth == Truth::Fails);
    let open = conditions.iter().any(|one| one.truth == Truth::Unknown && !one.presumed);
    let truth = match (fails, open) {
        (true, _) => Truth::Fails,
        (false, true) => Truth::Unknown,
        (false, false) => Truth::Holds,
    };
    let needs = needs.map(|needs| tested(needs, facts)).unwrap_or_default();
    Explanation { clause, conditions, needs, truth, preceded_by: None }
}

fn tested(conjunction: &Conjunction, facts: &Facts) -> Vec<Tested> {
    let each = conjunction.conditions().iter().map(|condition| {
        let truth = condition.truth(facts);
        let presumed = truth == Truth::Unknown && always(condition, facts);
        Tested { condition: condition.clone(), truth, presumed }
    });
    each.collect()
}

/// Returns true if a condition holds for every word that its open fact may have on such a device.
fn always(condition: &Condition, facts: &Facts) -> bool {
    let name = condition.fact;
    if name == FactName::OsVersion {
        return false;
    }
    let may_be = |value: &Value| match (facts.get(name), *value) {
        (Fact::OneOf(choices), Value::Choice(choice)) => choices.contains(choice),
        (_, value) => presumed(name, value),
    };
    name.values()
        .filter(may_be)
        .filter(|value| {
            let mut device = *facts;
            device.set(name, Fact::Known(*value));
            device.possible()
        })
        .all(|value| condition.accepts(value))
}
