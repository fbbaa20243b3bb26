//! The box that decides changed facts: a compiled policy, with the sentences of each decision.

use eligibility::classes::Tree;
use fleet::Program;
use serde::Serialize;

use super::Page;
use crate::present::policy::compile::{FactValues, Node};
use crate::present::wording;

/// A policy in the form of `relatch policy compile --to json`, with other details.
#[derive(Serialize)]
struct Compiled {
    facts: Vec<FactValues>,
    decisions: Vec<Decided>,
    tree: Node,
}

/// A decision as the box shows it.
#[derive(PartialEq, Serialize)]
struct Decided {
    decision: String,
    what: String,
    because: Vec<String>,
}

/// Adds the box to a page, unless the policy has too many cells.
pub(in crate::present) fn add(page: &mut Page, program: &Program) {
    let mut decisions = Vec::new();
    let Ok(tree) = tree(program, &mut decisions) else { return };
    page.section("what-if", "What if", |html| {
        let policy = program.policy();
        let about = format!("Decides a device by {}, as its facts would be.", policy.id);
        html.leaf("p", &[], &about);
        html.within("div", &[("id", "what-if-box")], |html| {
            html.leaf("p", &[], "The box needs a browser that runs the script of this page.");
        });
    });
    let facts = tree.facts().iter().map(FactValues::of).collect();
    page.json("what-if-data", &Compiled { facts, decisions, tree: Node::of(&tree) });
}

/// Returns the tree of the decisions that the box shows; `None` where no such device exists.
fn tree(
    program: &Program,
    decisions: &mut Vec<Decided>,
) -> Result<Tree<Option<usize>>, eligibility::classes::TooManyCells> {
    let policy = program.policy();
    Tree::of_cells(program.cells(), |device| {
        if !device.possible() {
            return None;
        }
        let decision = program.decision(program.decide(device));
        let headline = decision.headline();
        let because = headline.reasons().iter().map(|reason| wording::reason(policy, reason));
        let decided = Decided {
            decision: headline.verdict().word().to_string(),
            what: wording::what_happens(headline),
            because: because.collect(),
        };
        let known = decisions.iter().position(|known| *known == decided);
        Some(known.unwrap_or_else(|| {
            decisions.push(decided);
            decisions.len() - 1
        }))
    })
}

#[cfg(test)]
mod tests {
    use eligibility::builtin;
    use eligibility::policy::Reading;
    use fleet::Program;

    use super::tree;
    use crate::present::wording;

    #[test]
    fn the_tree_of_every_page_says_what_the_policy_says() {
        for builtin in builtin::all() {
            let program = Program::new(builtin.read(Reading::Literal));
            let mut decisions = Vec::new();
            let tree = tree(&program, &mut decisions).expect("pages have few cells");
            for cell in 0..program.cells().count().expect("pages have few cells") {
                let device = program.cells().witness(cell);
                let said = tree.answer(&device).expect("its facts are known or unknown");
                assert_eq!(said.is_some(), device.possible(), "{device:?}");
                let Some(said) = said.map(|place| &decisions[place]) else { continue };
                let decision = program.decision(program.decide(&device));
                let headline = decision.headline();
                assert_eq!(said.decision, headline.verdict().word().as_str());
                let reasons = headline.reasons().iter();
                let because = reasons.map(|reason| wording::reason(program.policy(), reason));
                assert_eq!(said.because, because.collect::<Vec<_>>());
            }
        }
    }
}
