//! CEL: one expression of nested conditions, an unknown fact is `null`.

use cel_interpreter::{Context, Program, Value};

use super::identifier;
use crate::Decide;
use crate::table::{Device, Fact, Node, Table, Values};

pub fn prepare<'a>(table: &'a Table, devices: &'a [Device]) -> Decide<'a> {
    let program = Program::compile(&expression(&table.tree)).expect("a well-formed expression");
    let facts: Vec<Vec<_>> = devices.iter().map(|device| variables(table, device)).collect();
    Box::new(move |at| {
        let mut context = Context::empty();
        for (name, value) in &facts[at] {
            context.add_variable_from_value(name.as_str(), value.clone());
        }
        match program.execute(&context) {
            Ok(Value::Int(verdict)) => usize::try_from(verdict).ok(),
            _ => None,
        }
    })
}

fn variables(table: &Table, device: &Device) -> Vec<(String, Value)> {
    let asked = device.facts.iter().filter(|(name, _)| table.facts.contains(name));
    let variables = asked.map(|(name, fact)| {
        let value = match fact {
            None => Value::Null,
            Some(Fact::Word(word)) => Value::String(word.clone().into()),
            Some(Fact::Truth(truth)) => Value::Bool(*truth),
            Some(Fact::Version(version)) => Value::Int(*version),
        };
        (identifier(name), value)
    });
    variables.collect()
}

fn expression(node: &Node) -> String {
    match node {
        Node::Leaf(verdict) => verdict.map_or_else(|| "-1".to_owned(), |at| at.to_string()),
        Node::Question { fact, branches } => {
            let mut text = "-1".to_owned();
            for (values, then) in branches.iter().rev() {
                text = format!("({} ? {} : {text})", condition(fact, values), expression(then));
            }
            text
        }
    }
}

fn condition(fact: &str, values: &Values) -> String {
    let name = identifier(fact);
    let mut parts = Vec::new();
    if values.unknown {
        parts.push(format!("{name} == null"));
    }
    let words = values.words.iter().map(|word| match word {
        Fact::Word(word) => format!("'{word}'"),
        Fact::Truth(truth) => truth.to_string(),
        Fact::Version(version) => version.to_string(),
    });
    let words: Vec<_> = words.collect();
    if !words.is_empty() {
        parts.push(format!("{name} in [{}]", words.join(", ")));
    }
    // Comparing null with a number is an error, so the unknown is excluded first.
    parts.extend(values.versions.iter().map(|(from, before)| {
        let low = format!("{name} != null && {name} >= {from}");
        let high = before.map(|before| format!(" && {name} < {before}")).unwrap_or_default();
        format!("({low}{high})")
    }));
    parts.join(" || ")
}
