//! Everything fast decides as the plain `decide` does.

use acceptance::{files, read};
use eligibility::classes::{Cells, Classes, Tree};
use eligibility::decide::{Verdict, VerdictWord, decide};
use eligibility::facts::{Fact, FactName, Facts, OsVersion, Value};
use eligibility::policy::{Policy, PolicyDocument, Reading, Test};
use fleet::{Census, Coder, Counted, Counter, DecisionId, Program, Summary, differences};
use inventory::{Batch, Inventory, Projection, Row, Sink};
use proptest::prelude::*;
use testkit::{any_facts, any_policy};

/// Returns every shipped policy in every reading.
fn shipped() -> Vec<Policy> {
    let paths = files("policies/intune", "toml");
    let documents = paths.iter().map(|path| {
        PolicyDocument::parse(&read(path)).unwrap_or_else(|_| panic!("{}", path.display())).0
    });
    documents
        .flat_map(|document| [Reading::Literal, Reading::Intended].map(|one| document.read(one)))
        .collect()
}

fn check(program: &Program, facts: &Facts) {
    let plain = decide(program.policy(), facts);
    assert_eq!(*program.decision(program.decide(facts)), plain, "{facts:?}");
}

#[test]
fn every_cell_of_every_shipped_policy_is_decided_as_plainly() {
    for policy in shipped() {
        let cells = Cells::of(&[&policy], &[]);
        let program = Program::new(policy);
        for cell in 0..cells.count().unwrap() {
            let facts = cells.witness(cell);
            assert_eq!(cells.cell(&facts), Some(cell));
            check(&program, &facts);
        }
        let tree = verdicts(&program);
        check_tree(&program, &tree);
        assert!(tree.leaves() <= 60, "{}: {} leaves", program.policy().id, tree.leaves());
        check_tree(&program, &decisions(&program));
    }
}

/// The tree's decision for a device; `None` if it cannot exist.
type Answer<T> = Option<T>;

/// Returns the tree that is printed for other engines.
fn verdicts(program: &Program) -> Tree<Answer<Verdict>> {
    let verdict = |facts: &Facts| program.decision(program.decide(facts)).headline().verdict();
    Tree::of_cells(program.cells(), |facts| facts.possible().then(|| verdict(facts))).unwrap()
}

/// Returns the tree of all that is decided.
fn decisions(program: &Program) -> Tree<Answer<DecisionId>> {
    let decide = |facts: &Facts| facts.possible().then(|| program.decide(facts));
    Tree::of_cells(program.cells(), decide).unwrap()
}

/// An answer that a decision can be compared with.
trait OfDecision: PartialEq + std::fmt::Debug {
    fn of(program: &Program, facts: &Facts) -> Self;
}

impl OfDecision for Verdict {
    fn of(program: &Program, facts: &Facts) -> Self {
        decide(program.policy(), facts).headline().verdict()
    }
}

impl OfDecision for DecisionId {
    fn of(program: &Program, facts: &Facts) -> Self {
        let id = program.decide(facts);
        assert_eq!(*program.decision(id), decide(program.policy(), facts), "{facts:?}");
        id
    }
}

/// Checks that every cell is answered as it is decided, and that every value of every fact has one
/// branch.
fn check_tree<L: OfDecision>(program: &Program, tree: &Tree<Answer<L>>) {
    for cell in 0..program.cells().count().unwrap() {
        let facts = program.cells().witness(cell);
        let plain = facts.possible().then(|| L::of(program, &facts));
        assert_eq!(tree.answer(&facts), Some(&plain), "{facts:?}");
    }
    each_value_has_one_branch(program.policy(), tree);
}

fn each_value_has_one_branch<L>(policy: &Policy, tree: &Tree<L>) {
    let Tree::Question { fact, branches } = tree else { return };
    let bounds = policy.conditions().filter_map(|one| match &one.test {
        Test::Versions(set) => Some(set.ranges()),
        Test::Choices(_) => None,
    });
    let bounds = bounds.flatten().flat_map(|range| [Some(range.from), range.before]).flatten();
    let versions = bounds.chain([OsVersion::MIN, OsVersion::new([u32::MAX; 4])]);
    let values: Vec<_> = match fact {
        FactName::OsVersion => versions.map(Value::Version).collect(),
        _ => fact.values().collect(),
    };
    assert_eq!(branches.iter().filter(|branch| branch.unknown).count(), 1);
    for value in values {
        let count = branches.iter().filter(|branch| branch.known.accepts(value)).count();
        assert_eq!(count, 1, "{fact} {value:?}");
    }
    for branch in branches {
        each_value_has_one_branch(policy, &branch.then);
    }
}

/// Returns every device with these facts that differs in words only.
fn every_word(names: &[FactName]) -> Vec<Facts> {
    let mut devices = vec![Facts::default()];
    for name in names {
        let count = u8::try_from(name.choices().len()).unwrap();
        let words = (0..count).map(|word| Fact::Known(Value::Choice(word)));
        let values: Vec<_> = words.chain([Fact::Unknown]).collect();
        devices = devices
            .iter()
            .flat_map(|device| {
                values.iter().map(|value| {
                    let mut device = *device;
                    device.set(*name, *value);
                    device
                })
            })
            .collect();
    }
    devices
}

#[test]
fn words_of_one_class_are_decided_alike() {
    for policy in shipped() {
        let program = Program::new(policy);
        let names = [FactName::Platform, FactName::Management, FactName::ManagementState];
        for facts in every_word(&names) {
            check(&program, &facts);
        }
    }
}

/// Returns the devices in two batches of a thread, between which the codes may be forgotten.
fn batches(census: &Census, fleet: &[Facts], forget: bool) -> Census {
    let mut filled = census.clone();
    let counter = census.counter();
    let mut batch = Batch::new(Projection { facts: counter.facts(), ..Projection::default() });
    let mut coder = Coder::default();
    for half in fleet.chunks(fleet.len().div_ceil(2)) {
        if forget {
            batch.reset();
        } else {
            batch.clear();
        }
        for facts in half {
            batch.push(&Row { facts: *facts, ..Row::default() });
        }
        let mut counted = Counted::default();
        counter.consume(&mut coder, &batch, &mut counted);
        filled.keep(counted);
    }
    filled
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_program_decides_as_plainly(
        policy in any_policy(),
        fleet in proptest::collection::vec(any_facts(), 1..40),
    ) {
        let program = Program::new(policy);
        for facts in &fleet {
            check(&program, facts);
        }
    }

    #[test]
    fn a_tree_of_a_random_policy_answers_as_plainly(policy in any_policy()) {
        let program = Program::new(policy);
        // Larger ones differ in nothing but the time that they take.
        if program.cells().count().is_some_and(|count| count <= 10_000) {
            check_tree(&program, &verdicts(&program));
        }
    }

    #[test]
    fn a_census_says_of_the_fleet_what_the_plain_evaluator_says_of_each_device(
        policies in (any_policy(), any_policy()),
        by in proptest::sample::subsequence(FactName::ALL.to_vec(), 0..3),
        fleet in proptest::collection::vec(any_facts(), 1..40),
        forget in any::<bool>(),
    ) {
        let (before, after) = (Program::new(policies.0), Program::new(policies.1));
        let census = Census::new(&[before.policy(), after.policy()], &by);
        let mut one_by_one = census.clone();
        fleet.iter().for_each(|facts| one_by_one.add(facts));
        let census = batches(&census, &fleet, forget);
        prop_assert_eq!(census.cells(), one_by_one.cells());
        let summary = Summary::new(&before, &census, &by);
        let plain = |facts: &Facts| decide(before.policy(), facts).headline().verdict().word();
        for verdict in VerdictWord::ALL {
            let devices = fleet.iter().filter(|facts| plain(facts) == *verdict).count() as u64;
            prop_assert_eq!(summary.verdicts.of(*verdict), devices);
        }
        for group in &summary.groups {
            let inside = |facts: &&Facts| {
                by.iter().zip(&group.values).all(|(name, value)| facts.get(*name) == *value)
            };
            for verdict in VerdictWord::ALL {
                let devices =
                    fleet.iter().filter(inside).filter(|facts| plain(facts) == *verdict).count();
                prop_assert_eq!(group.verdicts.of(*verdict), devices as u64);
            }
        }
        let pairs = differences(&before, &after, &census);
        prop_assert_eq!(pairs.values().sum::<u64>(), fleet.len() as u64);
        for ((old, new), devices) in pairs {
            let same = |facts: &&Facts| {
                decide(before.policy(), facts) == *before.decision(old)
                    && decide(after.policy(), facts) == *after.decision(new)
            };
            prop_assert_eq!(fleet.iter().filter(same).count() as u64, devices);
        }
    }
}

/// Counts devices, perhaps with one version for each class.
struct Count {
    counter: Counter,
    exact: bool,
}

impl Sink for Count {
    type Local = Coder;
    type Partial = Counted;

    fn projection(&self) -> Projection {
        Projection { facts: self.counter.facts(), ..Projection::default() }
    }

    fn versions(&self) -> Option<Classes> {
        self.counter.versions().filter(|_| !self.exact)
    }

    fn local(&self) -> Coder {
        Coder::default()
    }

    fn partial(&self) -> Counted {
        Counted::default()
    }

    fn consume(&self, local: &mut Coder, partial: &mut Counted, batch: &mut Batch) {
        self.counter.consume(local, batch, partial);
    }
}

#[test]
fn one_version_for_a_class_changes_no_count() {
    // More texts than a column remembers.
    let mut text = "device-id,platform,management,os-version,ownership\n".to_owned();
    for number in 0..50_000_u32 {
        let version = format!("{}.{}", number * 7 % 31, number % 17_011);
        let owner = if number % 3 == 0 { "personal" } else { "corporate" };
        text += &format!("{number},ios,device-enrollment,{version},{owner}\n");
    }
    let policies = shipped();
    let counted = |exact, threads| {
        let mut census = Census::new(&policies.iter().collect::<Vec<_>>(), &[]);
        let sink = Count { counter: census.counter().clone(), exact };
        let threads = std::num::NonZero::new(threads).unwrap();
        let read = Inventory::open(text.as_bytes()).unwrap().read(threads, &sink, |chunk| {
            census.keep(chunk.partial);
            Ok::<(), std::convert::Infallible>(())
        });
        assert_eq!(read.unwrap().counts.rejected, 0);
        census.cells()
    };
    let expected = counted(true, 1);
    assert!(expected.len() > 3, "{expected:?}");
    for threads in [1, 2, 7] {
        assert_eq!(counted(false, threads), expected);
    }
}
