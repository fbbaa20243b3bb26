//! Rego, by regorus: each leaf is a rule, an unknown fact is `null`.

use regorus::{Engine, Value};

use super::identifier;
use crate::Decide;
use crate::table::{Device, Fact, Table, Values};

const RULE: &str = "data.suite.verdict";

pub fn prepare<'a>(table: &'a Table, devices: &'a [Device]) -> Decide<'a> {
    let mut text = "package suite\n\nimport rego.v1\n\n".to_owned();
    for (way, verdict) in table.rows() {
        // A rule is a conjunction; alternatives are further rules.
        let mut bodies = vec![Vec::new()];
        for (fact, values) in &way {
            let some = alternatives(fact, values);
            let with = |body: &Vec<String>| {
                let body = body.clone();
                some.iter().map(move |one| [body.clone(), vec![one.clone()]].concat())
            };
            bodies = bodies.iter().flat_map(with).collect();
        }
        for body in bodies {
            text += &format!("verdict := {verdict} if {{ {} }}\n", body.join("; "));
        }
    }
    let mut engine = Engine::new();
    engine.add_policy("suite.rego".to_owned(), text).expect("a well-formed policy");
    let inputs: Vec<_> = devices.iter().map(|device| input(table, device)).collect();
    Box::new(move |at| {
        engine.set_input(inputs[at].clone());
        let answer = engine.eval_rule(RULE.to_owned()).ok()?;
        answer.as_u64().ok().and_then(|verdict| usize::try_from(verdict).ok())
    })
}

fn alternatives(fact: &str, values: &Values) -> Vec<String> {
    let name = format!("input.{}", identifier(fact));
    let words = values.words.iter().map(|word| match word {
        Fact::Word(word) => format!("\"{word}\""),
        Fact::Truth(truth) => truth.to_string(),
        Fact::Version(version) => version.to_string(),
    });
    let words: Vec<_> =
        values.unknown.then(|| "null".to_owned()).into_iter().chain(words).collect();
    let set = (!words.is_empty()).then(|| format!("{name} in {{{}}}", words.join(", ")));
    // Rego orders values of different types, null before numbers.
    let ranges = values.versions.iter().map(|(from, before)| {
        let high = before.map(|before| format!("; {name} < {before}")).unwrap_or_default();
        format!("{name} != null; {name} >= {from}{high}")
    });
    set.into_iter().chain(ranges).collect()
}

fn input(table: &Table, device: &Device) -> Value {
    let asked = device.facts.iter().filter(|(name, _)| table.facts.contains(name));
    let input: serde_json::Map<_, _> = asked
        .map(|(name, fact)| {
            let value = match fact {
                None => serde_json::Value::Null,
                Some(Fact::Word(word)) => word.as_str().into(),
                Some(Fact::Truth(truth)) => (*truth).into(),
                Some(Fact::Version(version)) => (*version).into(),
            };
            (identifier(name), value)
        })
        .collect();
    Value::from_json_str(&serde_json::Value::from(input).to_string()).expect("plain data")
}
