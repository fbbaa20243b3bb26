//! Devices and tables as `make.py` writes them: the form of `relatch policy compile --to json`.

use serde_json::Value;

/// All verdicts, in the order of `expected.ndjson`.
pub const VERDICTS: [(&str, Option<&str>); 6] = [
    ("eligible", None),
    ("conditional", None),
    ("ineligible", None),
    ("undetermined", Some("missing-facts")),
    ("undetermined", Some("no-rule-matches")),
    ("undetermined", Some("conflict")),
];

/// A value of a fact.
#[derive(Clone, Debug, PartialEq)]
pub enum Fact {
    Word(String),
    Truth(bool),
    /// A version with its four numbers in one.
    Version(i64),
}

/// A device: its facts, `None` where they are unknown.
pub struct Device {
    pub facts: Vec<(String, Option<Fact>)>,
    /// The same as it was read.
    pub source: Value,
}

impl Device {
    pub fn parse(source: &Value) -> Self {
        let facts = source.as_object().expect("an object").iter().filter(|(name, _)| *name != "id");
        let facts = facts.map(|(name, value)| {
            let fact = match value {
                Value::Null => None,
                Value::Bool(truth) => Some(Fact::Truth(*truth)),
                Value::String(text) if name == "os-version" => Some(Fact::Version(packed(
                    text.split('.').map(|part| part.parse().expect("a number")),
                ))),
                Value::String(text) => Some(Fact::Word(text.clone())),
                other => panic!("{other} is no fact"),
            };
            (name.clone(), fact)
        });
        Self { facts: facts.collect(), source: source.clone() }
    }
}

fn packed(parts: impl Iterator<Item = i64>) -> i64 {
    let parts = parts.map(|part| part.min(32767)).chain([0, 0, 0]);
    parts.take(4).fold(0, |packed, part| packed * 32768 + part)
}

/// A policy as a decision tree.
pub struct Table {
    pub policy: String,
    pub reading: String,
    pub facts: Vec<String>,
    pub tree: Node,
}

pub enum Node {
    /// The position of a verdict; `None` for devices that cannot exist.
    Leaf(Option<usize>),
    Question {
        fact: String,
        branches: Vec<(Values, Node)>,
    },
}

/// Some values of a fact.
#[derive(Clone)]
pub struct Values {
    pub unknown: bool,
    pub words: Vec<Fact>,
    /// From (included), before (excluded).
    pub versions: Vec<(i64, Option<i64>)>,
}

impl Table {
    pub fn parse(source: &Value) -> Self {
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        let facts = source["facts"].as_array().expect("a list");
        Self {
            policy: text(&source["policy"]),
            reading: text(&source["reading"]),
            facts: facts.iter().map(|one| text(&one["fact"])).collect(),
            tree: node(&source["tree"], &source["decisions"]),
        }
    }

    /// Each way to a leaf: the facts on it with their values, and the verdict.
    pub fn rows(&self) -> Vec<(Vec<(String, Values)>, usize)> {
        let mut rows = Vec::new();
        collect(&self.tree, &mut Vec::new(), &mut rows);
        rows
    }
}

fn collect(
    node: &Node,
    way: &mut Vec<(String, Values)>,
    rows: &mut Vec<(Vec<(String, Values)>, usize)>,
) {
    match node {
        Node::Leaf(None) => {}
        Node::Leaf(Some(verdict)) => rows.push((way.clone(), *verdict)),
        Node::Question { fact, branches } => {
            for (values, then) in branches {
                way.push((fact.clone(), values.clone()));
                collect(then, way, rows);
                way.pop();
            }
        }
    }
}

fn node(source: &Value, decisions: &Value) -> Node {
    let Some(fact) = source["fact"].as_str() else {
        return Node::Leaf(source["leaf"].as_u64().map(|leaf| {
            let decision = &decisions[leaf as usize];
            let verdict =
                (decision["decision"].as_str().expect("a word"), decision["cause"].as_str());
            VERDICTS.iter().position(|known| *known == verdict).expect("a verdict")
        }));
    };
    let list = |value: &Value| value.as_array().expect("a list").clone();
    let bound = |value: &Value| {
        let parts = value.as_array()?.iter().map(|part| part.as_i64().expect("a number"));
        Some(packed(parts))
    };
    let branches = list(&source["branches"]).into_iter().map(|branch| {
        let words = list(&branch["values"]).into_iter().map(|value| match value {
            Value::Bool(truth) => Fact::Truth(truth),
            value => Fact::Word(value.as_str().expect("a word").to_owned()),
        });
        let versions = list(&branch["versions"])
            .into_iter()
            .map(|range| (bound(&range["from"]).expect("a version"), bound(&range["before"])));
        let values = Values {
            unknown: branch["unknown"] == true,
            words: words.collect(),
            versions: versions.collect(),
        };
        (values, node(&branch["then"], decisions))
    });
    Node::Question { fact: fact.to_owned(), branches: branches.collect() }
}
