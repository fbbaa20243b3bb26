//! The box that decides changed facts: a policy as a table of its cells.

use eligibility::facts::FactName;
use fleet::Program;
use serde::Serialize;

use super::Page;
use crate::present::json::Word;
use crate::present::wording;

/// The most cells of a policy whose page has the box.
const MOST: u32 = 1 << 16;

/// A policy as a table.
#[derive(Serialize)]
struct Table {
    /// The facts; the place of a cell is the sum of their digits, each times its stride.
    facts: Vec<Axis>,
    /// For each cell the place of its decision; -1 where no such device exists.
    cells: Vec<i32>,
    decisions: Vec<Decided>,
}

/// A fact with a digit for each value; the digit 0 is that it is unknown.
#[derive(Serialize)]
struct Axis {
    name: Word<FactName>,
    stride: u32,
    /// The values with their digits.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    values: Vec<(String, usize)>,
    /// The first version of each interval with its digit, for the version.
    #[serde(skip_serializing_if = "Option::is_none")]
    intervals: Option<Vec<(String, usize)>>,
}

#[derive(Serialize)]
struct Decided {
    decision: String,
    what: String,
    because: Vec<String>,
}

/// Adds the box to a page, unless the policy has too many cells.
pub(in crate::present) fn add(page: &mut Page, program: &Program) {
    let Some(count) = program.cells().count().filter(|count| *count <= MOST) else { return };
    page.section("what-if", "What if", |html| {
        let policy = program.policy();
        let about = format!("Decides a device by {}, as its facts would be.", policy.id);
        html.leaf("p", &[], &about);
        html.within("div", &[("id", "what-if-box")], |html| {
            html.leaf("p", &[], "The box needs a browser that runs the script of this page.");
        });
    });
    page.json("what-if-data", &table(program, count));
}

fn table(program: &Program, count: u32) -> Table {
    let cells = (0..count).map(|cell| {
        let device = program.cells().witness(cell);
        let decided = device.possible().then(|| program.decide(&device).index());
        decided.map_or(-1, |place| i32::try_from(place).expect("decisions are few"))
    });
    let cells = cells.collect();
    let policy = program.policy();
    let decisions = program.decisions().into_iter().map(|decision| {
        let headline = decision.headline();
        let because = headline.reasons().iter().map(|reason| wording::reason(policy, reason));
        Decided {
            decision: headline.verdict().word().to_string(),
            what: wording::what_happens(headline),
            because: because.collect(),
        }
    });
    let mut facts: Vec<_> = program
        .cells()
        .classes()
        .map(|classes| {
            let fact = classes.fact();
            let values = fact.values().map(|value| (fact.text(value), classes.class(value) + 1));
            let intervals = classes.intervals().map(|(from, class)| (from.to_string(), class + 1));
            Axis {
                name: Word(fact),
                stride: u32::try_from(classes.len() + 1).expect("classes are few"),
                values: values.collect(),
                intervals: (fact == FactName::OsVersion).then(|| intervals.collect()),
            }
        })
        .collect();
    // The first fact is the highest digit.
    let mut stride = 1;
    for fact in facts.iter_mut().rev() {
        stride *= std::mem::replace(&mut fact.stride, stride);
    }
    Table { facts, cells, decisions: decisions.collect() }
}

#[cfg(test)]
mod tests {
    use eligibility::builtin;
    use eligibility::facts::{Fact, Facts};
    use eligibility::policy::Reading;
    use fleet::Program;

    use super::{MOST, table};

    #[test]
    fn the_table_of_every_page_says_what_the_policy_says() {
        for builtin in builtin::all() {
            let program = Program::new(builtin.rules().read(Reading::Literal));
            let count = program.cells().count().filter(|count| *count <= MOST).unwrap();
            let table = table(&program, count);
            let digit = |fact: &super::Axis, device: &Facts| match device.get(fact.name.0) {
                Fact::Known(value) => {
                    let text = fact.name.0.text(value);
                    let mut known = fact.intervals.as_ref().unwrap_or(&fact.values).iter();
                    known.find(|(known, _)| *known == text).map_or(0, |(_, digit)| *digit as u32)
                }
                _ => 0,
            };
            for cell in (0..count).filter(|cell| table.cells[*cell as usize] >= 0) {
                let device = program.cells().witness(cell);
                let place: u32 =
                    table.facts.iter().map(|fact| fact.stride * digit(fact, &device)).sum();
                assert_eq!(place, cell, "{device:?}");
                let said = &table.decisions[table.cells[place as usize] as usize];
                let decision = program.decision(program.decide(&device));
                assert_eq!(said.decision, decision.headline().verdict().word().as_str());
            }
        }
    }
}
