//! Cedar: each leaf is a policy, an unknown fact an attribute that the context does not have.
//!
//! The verdict is the policy that determined the answer: one request for each device.

use std::collections::HashMap;
use std::str::FromStr;

use cedar_policy::{
    Authorizer, Context, Entities, EntityUid, PolicyId, PolicySet, Request, RestrictedExpression,
};

use super::identifier;
use crate::Decide;
use crate::table::{Device, Fact, Table, Values};

pub fn prepare<'a>(table: &'a Table, devices: &'a [Device]) -> Decide<'a> {
    let rows = table.rows();
    let mut text = String::new();
    for (way, _) in &rows {
        let all: Vec<_> = way.iter().map(|(fact, values)| condition(fact, values)).collect();
        let when = if all.is_empty() { "true".to_owned() } else { all.join(" && ") };
        text += &format!("permit(principal, action, resource) when {{ {when} }};\n");
    }
    let policies = PolicySet::from_str(&text).expect("well-formed policies");
    // Policies of a text are numbered in its order.
    let verdicts: HashMap<_, _> =
        (0..).zip(&rows).map(|(at, row)| (PolicyId::new(format!("policy{at}")), row.1)).collect();
    let requests: Vec<_> = devices.iter().map(|device| request(table, device)).collect();
    let (authorizer, entities) = (Authorizer::new(), Entities::empty());
    Box::new(move |at| {
        let response = authorizer.is_authorized(&requests[at], &policies, &entities);
        let mut reasons = response.diagnostics().reason();
        let verdict = verdicts.get(reasons.next()?).copied();
        verdict.filter(|_| reasons.next().is_none())
    })
}

fn condition(fact: &str, values: &Values) -> String {
    let name = identifier(fact);
    let mut known: Vec<String> = Vec::new();
    let words: Vec<_> = values.words.iter().map(literal).collect();
    if !words.is_empty() {
        known.push(format!("[{}].contains(context.{name})", words.join(", ")));
    }
    known.extend(values.versions.iter().map(|(from, before)| {
        let low = format!("context.{name} >= {from}");
        before.map_or(low.clone(), |before| format!("({low} && context.{name} < {before})"))
    }));
    let known =
        (!known.is_empty()).then(|| format!("(context has {name} && ({}))", known.join(" || ")));
    let unknown = values.unknown.then(|| format!("!(context has {name})"));
    let both: Vec<_> = unknown.into_iter().chain(known).collect();
    format!("({})", both.join(" || "))
}

fn literal(fact: &Fact) -> String {
    match fact {
        Fact::Word(word) => format!("\"{word}\""),
        Fact::Truth(truth) => truth.to_string(),
        Fact::Version(version) => version.to_string(),
    }
}

fn request(table: &Table, device: &Device) -> Request {
    let asked = device.facts.iter().filter(|(name, _)| table.facts.contains(name));
    let pairs = asked.filter_map(|(name, fact)| {
        let value = match fact.as_ref()? {
            Fact::Word(word) => RestrictedExpression::new_string(word.clone()),
            Fact::Truth(truth) => RestrictedExpression::new_bool(*truth),
            Fact::Version(version) => RestrictedExpression::new_long(*version),
        };
        Some((identifier(name), value))
    });
    let context = Context::from_pairs(pairs).expect("distinct attributes");
    let uid = |text: &str| EntityUid::from_str(text).expect("an entity");
    let (admin, reset, passcode) =
        (uid("Admin::\"a\""), uid("Action::\"reset\""), uid("Device::\"d\""));
    Request::new(admin, reset, passcode, context, None).expect("no schema to break")
}
