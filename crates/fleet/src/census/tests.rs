use eligibility::facts::FactName;
use inventory::{Batch, Projection, Row};

use super::*;
use crate::example::{device, policy};

/// Batches of one thread, one after the other; with the third, keys have a new meaning.
const BATCHES: [&[&str]; 4] = [
    &["platform=ios", "ownership=corporate", "platform=ios", ""],
    // Fewer rows than there are distinct ones so far.
    &["platform=ios"],
    &["ownership=personal", "platform=linux", "platform=linux"],
    &["platform=ios", "ownership=personal", "platform=ios ownership=corporate"],
];

fn with_batches(mut batch: Batch, mut take: impl FnMut(&Batch)) {
    for (at, rows) in BATCHES.iter().enumerate() {
        match at {
            2 => batch.reset(),
            _ => batch.clear(),
        }
        for facts in *rows {
            batch.push(&Row { facts: device(facts), ..Row::default() });
        }
        take(&batch);
    }
}

#[test]
fn batches_are_counted_as_their_devices_are_one_by_one() {
    let by = [FactName::Platform, FactName::Ownership];
    let facts = by.iter().copied().collect();
    let projection = Projection { facts, ..Projection::default() };
    let mut alone = Census::new(&[], &by);
    BATCHES.iter().flat_map(|rows| rows.iter()).for_each(|facts| alone.add(&device(facts)));
    assert_eq!(alone.cells().iter().map(|(_, devices)| devices).sum::<u64>(), 11);
    assert_eq!((alone.cells().len(), alone.cells_seen()), (6, 6));
    let mut census = Census::new(&[], &by);
    let (counter, mut coder) = (census.counter().clone(), Coder::default());
    with_batches(Batch::new(projection), |batch| {
        let mut counted = Counted::default();
        counter.consume(&mut coder, batch, &mut counted);
        census.keep(counted);
    });
    assert_eq!(census.cells(), alone.cells());
}

#[test]
fn versions_are_distinguished_as_policies_do_unless_groups_distinguish_all() {
    let policy = policy();
    let versions = |by: &[FactName]| Census::new(&[&policy], by).counter().versions();
    // Below 8.0, from 8.0 and from 14.0 on.
    assert_eq!(versions(&[]).expect("the policy has versions").len(), 3);
    assert!(versions(&[FactName::OsVersion]).is_none());
    assert!(Census::new(&[], &[FactName::Platform]).counter().versions().is_none());
}
