//! The page that this project implements: its catalogue against its policy and against the record
//! of disagreements with simulated devices.

use std::collections::BTreeSet;

use acceptance::{read, root};
use conformance::Explanations;
use eligibility::policy::{PolicyDocument, Reading};

use crate::catalogue::catalogue;

fn policy() -> PolicyDocument {
    PolicyDocument::parse(&read(&root().join("policies/intune/2018-03-29.toml"))).unwrap().0
}

#[test]
fn every_rule_of_the_transcription_is_at_a_sentence_of_the_page() {
    let stated: BTreeSet<_> = catalogue("page").into_iter().flat_map(|row| row.rules).collect();
    let rules: BTreeSet<_> = policy().rules.into_iter().map(|rule| rule.id).collect();
    assert_eq!(stated, rules);
}

#[test]
fn every_disagreement_about_the_page_is_at_the_sentence_that_it_is_about() {
    let rows = catalogue("page").into_iter();
    let stated: BTreeSet<_> = rows.flat_map(|row| row.disagreements).collect();
    let record = Explanations::parse(&read(&root().join("policies/disagreements.toml"))).unwrap();
    let documented = policy().documented;
    let about = |reading: &Reading| {
        let these = record.iter().filter(|one| one.is_about(documented, *reading));
        these.map(|one| one.id.clone()).collect::<Vec<_>>()
    };
    let recorded: BTreeSet<_> = Reading::ALL.iter().flat_map(about).collect();
    assert_eq!(stated, recorded);
}
