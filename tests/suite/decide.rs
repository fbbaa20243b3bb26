//! The case files of `tests/cases/decide`, run by every evaluator: the plain `decide` and the
//! fleet's.

use acceptance::{files, read, root};
use eligibility::decide::{Decision, decide};
use eligibility::facts::{FactName, Facts, SEPARATOR};
use eligibility::policy::{Clause, Policy, PolicyDocument, Reading, Scope};
use fleet::Program;
use toml::{Table, Value};

fn policy(id: &str, reading: Reading) -> Policy {
    let date = id.strip_prefix("intune-").expect("cases name shipped policies");
    let path = root().join(format!("policies/intune/{date}.toml"));
    let (document, _) = PolicyDocument::parse(&read(&path)).expect("shipped policies are usable");
    document.read(reading)
}

fn facts(table: &Table) -> Facts {
    let mut facts = Facts::default();
    for (name, value) in table {
        let fact: FactName = name.parse().unwrap();
        let text = match value {
            Value::Boolean(value) => value.to_string(),
            other => other.as_str().unwrap().to_owned(),
        };
        facts.set(fact, fact.parse_fact(&text, SEPARATOR).unwrap());
    }
    facts
}

/// Returns the answer in the words of a case: `eligible`, `undetermined: conflict`, …
fn answer(policy: &Policy, decision: &Decision, scope: Option<Scope>) -> Table {
    let outcome = scope.map_or(decision.headline(), |scope| decision.scope(scope));
    let clauses: std::collections::BTreeSet<Clause> =
        outcome.reasons().iter().filter_map(|reason| reason.clause).collect();
    let mut codes: Vec<_> = outcome.reasons().iter().map(|r| r.code.to_string()).collect();
    codes.dedup();
    let names = |set: eligibility::facts::FactSet| {
        Value::Array(set.iter().map(|fact| Value::String(fact.to_string())).collect())
    };
    let mut table = Table::new();
    let mut put = |key: &str, value: Value| table.insert(key.to_owned(), value);
    put("decision", Value::String(outcome.verdict().word().to_string()));
    put("reasons", Value::Array(codes.into_iter().map(Value::String).collect()));
    put("needs", names(outcome.needs()));
    put("missing", names(outcome.missing()));
    let clauses = clauses.into_iter().map(|clause| policy.clause_id(clause).to_owned());
    put("clauses", Value::Array(clauses.map(Value::String).collect()));
    if let Some(action) = outcome.action() {
        put("action", Value::String(action.to_string()));
    }
    if let Some(scope) = outcome.scope() {
        put("scope", Value::String(scope.to_string()));
    }
    if let Some(mechanism) = outcome.mechanism() {
        put("mechanism", Value::String(mechanism.to_string()));
    }
    table
}

/// Checks that the answer has everything that a case expects, letter by letter.
fn check(name: &str, case: &Table) {
    let text = |key: &str| case.get(key).map(|value| value.as_str().unwrap().to_owned());
    let reading = text("reading").map_or(Reading::Literal, |word| word.parse().unwrap());
    let scope = text("of").map(|word| word.parse().unwrap());
    let policy = policy(&text("policy").unwrap_or("intune-2018-03-29".to_owned()), reading);
    let facts = facts(case["facts"].as_table().unwrap());
    let expected = case["expect"].as_table().unwrap();
    let program = Program::new(policy.clone());
    let remembered = (*program.decision(program.decide(&facts))).clone();
    for decision in &[decide(&policy, &facts), remembered] {
        let got = answer(&policy, decision, scope);
        for (key, value) in expected {
            assert_eq!(got.get(key), Some(value), "{name}: {key}\nwhole answer: {got:#?}");
        }
    }
}

#[test]
fn every_case_is_decided_as_written_by_every_evaluator() {
    let mut run = 0;
    for path in files("tests/cases/decide", "toml") {
        let file: Table = read(&path).parse().unwrap();
        for (name, case) in &file {
            check(&format!("{} {name}", path.display()), case.as_table().unwrap());
            run += 1;
        }
    }
    assert!(run >= 30, "only {run} cases were found");
}
