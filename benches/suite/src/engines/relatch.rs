//! relatch itself: the plain `decide`, a table of the decisions of all cells, and the decision tree.

use eligibility::builtin;
use eligibility::classes::{Cells, Tree};
use eligibility::decide::{Verdict, decide};
use eligibility::facts::{FactName, Facts};
use eligibility::policy::{Policy, Reading};

use crate::Decide;
use crate::table::{Device, Table, VERDICTS};

fn policy(table: &Table) -> Policy {
    let all = builtin::all();
    let builtin = all.iter().find(|one| one.document().id == table.policy).expect("built in");
    let intended = table.reading == "intended";
    builtin.document().read(if intended { Reading::Intended } else { Reading::Literal })
}

fn facts(devices: &[Device]) -> Vec<Facts> {
    let device = |device: &Device| {
        let mut facts = Facts::default();
        for (name, value) in device.source.as_object().expect("an object") {
            let Ok(fact) = name.parse::<FactName>() else { continue };
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            if !value.is_null() {
                facts.set(fact, Some(fact.parse(&text).expect("a value")).into());
            }
        }
        facts
    };
    devices.iter().map(device).collect()
}

fn number(verdict: Verdict) -> Option<usize> {
    let verdict = (verdict.word().as_str(), verdict.cause().map(|cause| cause.as_str()));
    VERDICTS.iter().position(|known| *known == verdict)
}

pub fn plain<'a>(table: &'a Table, devices: &'a [Device]) -> Decide<'a> {
    let (policy, facts) = (policy(table), facts(devices));
    Box::new(move |at| number(decide(&policy, &facts[at]).headline().verdict()))
}

pub fn cells<'a>(table: &'a Table, devices: &'a [Device]) -> Decide<'a> {
    let (policy, facts) = (policy(table), facts(devices));
    let cells = Cells::of(&[&policy], &[]);
    let verdict = |cell| number(decide(&policy, &cells.witness(cell)).headline().verdict());
    let verdicts: Vec<_> = (0..cells.count().expect("few cells")).map(verdict).collect();
    Box::new(move |at| verdicts[cells.cell(&facts[at])? as usize])
}

pub fn tree<'a>(table: &'a Table, devices: &'a [Device]) -> Decide<'a> {
    let (policy, facts) = (policy(table), facts(devices));
    let answer =
        |facts: &Facts| facts.possible().then(|| decide(&policy, facts).headline().verdict());
    let tree = Tree::of_cells(&Cells::of(&[&policy], &[]), answer).expect("few cells");
    Box::new(move |at| tree.answer(&facts[at]).copied().flatten().and_then(number))
}
