//! Remedies: the proposals are all minimal changes, found here by trying every
//! combination on the plain `decide`, and the counts of the frontier are those of planning again.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use eligibility::builtin;
use eligibility::costs::Costs;
use eligibility::decide::{Verdict, VerdictWord, decide};
use eligibility::facts::{Fact, FactName, Facts, Value};
use eligibility::policy::{Policy, Reading};
use fleet::{Census, Goal, Measures, Program, Remedy, Step, Summary, frontier};

/// Returns every built-in policy in both readings; a reading that says nothing new is left out.
fn policies() -> Vec<Policy> {
    let documents = builtin::all().iter().map(builtin::Builtin::document);
    let both = documents.flat_map(|document| {
        let [literal, intended] =
            [Reading::Literal, Reading::Intended].map(|one| document.read(one));
        let differs =
            (&literal.rules, &literal.prerequisites) != (&intended.rules, &intended.prerequisites);
        std::iter::once(literal).chain(differs.then_some(intended))
    });
    both.collect()
}

fn is_eligible(policy: &Policy, facts: &Facts) -> bool {
    decide(policy, facts).headline().verdict() == Verdict::Eligible
}

fn remedies(program: &Program, facts: &Facts, costs: &Costs) -> Vec<Remedy> {
    let goal = Goal { program, cells: program.cells(), sound: &|_, _| true };
    ::fleet::remedies(&goal, facts, costs)
}

/// The devices of all cells of a policy, decided one by one, and what makes them eligible.
struct Space {
    program: Program,
    /// For each cell whether its devices exist and are eligible.
    eligible: Vec<bool>,
    /// For each cell whether that is so after every later update, too.
    lasting: Vec<bool>,
    /// The devices that exist, each with how many there are.
    devices: Vec<(Facts, u64)>,
    /// The minimal sets of steps for each of them, with their costs.
    minimal: Vec<BTreeMap<Vec<Step>, u64>>,
}

/// Every built-in policy.
fn spaces() -> &'static [Space] {
    static SPACES: OnceLock<Vec<Space>> = OnceLock::new();
    SPACES.get_or_init(|| policies().into_iter().map(Space::of).collect())
}

impl Space {
    fn of(policy: Policy) -> Self {
        let program = Program::new(policy);
        let cells = 0..program.cells().count().expect("policies are small");
        let witness = |cell: u32| program.cells().witness(cell);
        let eligible: Vec<_> = cells
            .clone()
            .map(|cell| {
                let facts = witness(cell);
                facts.possible() && is_eligible(program.policy(), &facts)
            })
            .collect();
        let devices = cells.map(|cell| (witness(cell), u64::from(cell % 3) + 1));
        let devices = devices.filter(|(facts, _)| facts.possible()).collect();
        let (lasting, minimal) = (Vec::new(), Vec::new());
        let mut space = Self { program, eligible, lasting, devices, minimal };
        space.lasting = space.last();
        let costs = builtin::costs();
        let each = space.devices.iter().map(|(facts, _)| space.minimal(facts, &costs));
        space.minimal = each.collect();
        space
    }

    fn cell(&self, facts: &Facts) -> usize {
        self.program.cells().cell(facts).expect("its facts are known or unknown") as usize
    }

    fn last(&self) -> Vec<bool> {
        let versions = self.versions();
        let cells = 0..u32::try_from(self.eligible.len()).expect("cells have numbers of 32 bits");
        let lasts = |cell: u32| {
            let mut facts = self.program.cells().witness(cell);
            let now = facts.os_version;
            let later = versions.iter().filter(|version| {
                facts.get(FactName::OsVersion).known().is_some_and(|now| **version >= now)
            });
            let later: Vec<_> = later.copied().collect();
            now != Fact::Unknown
                && later.into_iter().all(|version| {
                    facts.set(FactName::OsVersion, Fact::Known(version));
                    self.eligible[self.cell(&facts)]
                })
        };
        cells.map(lasts).collect()
    }

    /// Returns the versions that the policy distinguishes, the earliest first.
    fn versions(&self) -> Vec<Value> {
        let classes = self.program.cells().classes();
        let mut classes = classes.filter(|classes| classes.fact() == FactName::OsVersion);
        classes.next().map(|classes| classes.witnesses().to_vec()).unwrap_or_default()
    }

    /// Returns the steps that are possible on a device, by fact, each with its cost. What changes
    /// no cell changes no decision.
    fn steps(&self, facts: &Facts, costs: &Costs) -> BTreeMap<FactName, Vec<(Step, u64)>> {
        let mut steps: BTreeMap<FactName, Vec<(Step, u64)>> = BTreeMap::new();
        let matter = self.program.cells().facts();
        for change in costs.changes(facts).filter(|change| matter.contains(change.fact)) {
            let now = facts.get(change.fact);
            let values = match change.to {
                Some(value) => vec![value],
                None => {
                    let later = |version: &Value| now.known().is_none_or(|now| *version > now);
                    self.versions().into_iter().filter(later).collect()
                }
            };
            let known = steps.entry(change.fact).or_default();
            for value in values.into_iter().filter(|value| now != Fact::Known(*value)) {
                if known.iter().all(|(step, _)| step.value != value) {
                    let step = Step { fact: change.fact, value };
                    known.push((step, change.cost.expect("it is possible")));
                }
            }
        }
        steps
    }

    /// Returns true if a device is eligible after some steps, and after every later update.
    fn reaches(&self, facts: &Facts, steps: &[Step]) -> bool {
        let update = steps.iter().any(|step| step.fact == FactName::OsVersion);
        let cells = if update { &self.lasting } else { &self.eligible };
        cells[self.cell(&after(facts, steps))]
    }

    /// Returns the minimal sets of steps by which a device becomes eligible, with their costs:
    /// every combination is tried, the short ones and those with early versions first.
    fn minimal(&self, facts: &Facts, costs: &Costs) -> BTreeMap<Vec<Step>, u64> {
        let mut combinations: Vec<(Vec<Step>, u64)> = vec![(Vec::new(), 0)];
        for steps in self.steps(facts, costs).values() {
            let before = combinations.clone();
            for (step, cost) in steps {
                combinations.extend(before.iter().map(|(chosen, sum)| {
                    (chosen.iter().copied().chain([*step]).collect(), sum + cost)
                }));
            }
        }
        combinations.retain(|(steps, _)| self.reaches(facts, steps));
        combinations.sort_by(|(one, _), (other, _)| (one.len(), one).cmp(&(other.len(), other)));
        let mut minimal: BTreeMap<Vec<Step>, u64> = BTreeMap::new();
        for (steps, cost) in combinations {
            if !minimal.keys().any(|known| is_within(known, &steps)) {
                minimal.insert(steps, cost);
            }
        }
        minimal.remove(&Vec::new());
        minimal
    }
}

fn after(facts: &Facts, steps: &[Step]) -> Facts {
    let mut changed = *facts;
    steps.iter().for_each(|step| changed.set(step.fact, Fact::Known(step.value)));
    changed
}

/// Returns true if some steps are brought about by others: by themselves, or by a later update.
fn is_within(steps: &[Step], others: &[Step]) -> bool {
    steps.iter().all(|step| {
        others.iter().any(|other| {
            let update = step.fact == FactName::OsVersion && other.value >= step.value;
            step.fact == other.fact && (step.value == other.value || update)
        })
    })
}

#[test]
fn the_proposals_for_every_device_are_all_minimal_changes_and_no_part_of_one_is_enough() {
    let costs = builtin::costs();
    let mut proposals = 0;
    for space in spaces() {
        let policy = space.program.policy();
        for ((facts, _), minimal) in space.devices.iter().zip(&space.minimal) {
            let name = || format!("{}: {facts:?}", policy.id);
            let found = remedies(&space.program, facts, &costs);
            assert!(found.is_sorted_by_key(|remedy| remedy.cost), "{}", name());
            for Remedy { steps, .. } in &found {
                assert!(is_eligible(policy, &after(facts, steps)), "{} by {steps:?}", name());
                for part in 0..(1_u32 << steps.len()) - 1 {
                    let part = chosen(steps, part);
                    assert!(!is_eligible(policy, &after(facts, &part)), "{} by {part:?}", name());
                }
                proposals += 1;
            }
            let found: BTreeMap<_, _> =
                found.into_iter().map(|remedy| (remedy.steps, remedy.cost)).collect();
            assert_eq!(found, *minimal, "{}", name());
        }
    }
    assert!(proposals > 5_000, "only {proposals}");
}

/// Returns the steps whose bits are set.
fn chosen(steps: &[Step], bits: u32) -> Vec<Step> {
    let chosen = steps.iter().enumerate().filter(|(at, _)| bits >> at & 1 == 1);
    chosen.map(|(_, step)| *step).collect()
}

/// Returns the eligible devices of a plan from scratch.
fn planned(policy: &Policy, devices: &[(Facts, u64)]) -> u64 {
    let program = Program::new(policy.clone());
    let mut census = Census::new(&[program.policy()], &[]);
    for (facts, number) in devices {
        (0..*number).for_each(|_| census.add(facts));
    }
    Summary::new(&program, &census, &[]).verdicts.of(VerdictWord::Eligible)
}

/// Returns the devices after measures: each has those of them that are possible on it and that make
/// it eligible; where none do, it stays as it is.
fn measured(space: &Space, costs: &Costs, measures: &[Step]) -> Vec<(Facts, u64)> {
    let device = |(facts, number): &(Facts, u64)| {
        let steps = space.steps(facts, costs);
        let is_possible = |measure: &&Step| {
            let steps = steps.get(&measure.fact);
            steps.is_some_and(|steps| steps.iter().any(|(step, _)| step == *measure))
        };
        let possible: Vec<_> = measures.iter().filter(is_possible).copied().collect();
        let mut parts = (0..1_u32 << possible.len()).map(|part| chosen(&possible, part));
        let enough = parts.find(|part| space.reaches(facts, part));
        (after(facts, &enough.unwrap_or_default()), *number)
    };
    space.devices.iter().map(device).collect()
}

/// Returns the most devices that any measures make eligible, for one, two and three of them: every
/// set is tried.
fn most(space: &Space) -> [u64; 3] {
    let mut all: Vec<Step> =
        space.minimal.iter().flat_map(|sets| sets.keys().flatten().copied()).collect();
    all.sort_unstable();
    all.dedup();
    let mut alike: BTreeMap<Vec<&Vec<Step>>, u64> = BTreeMap::new();
    for (sets, (_, number)) in space.minimal.iter().zip(&space.devices) {
        *alike.entry(sets.keys().collect()).or_default() += number;
    }
    let count = |measures: &[Step]| {
        let reached =
            alike.iter().filter(|(sets, _)| sets.iter().any(|set| is_within(set, measures)));
        reached.map(|(_, number)| *number).sum::<u64>()
    };
    let mut most = [0; 3];
    for (at, one) in all.iter().enumerate() {
        most[0] = most[0].max(count(&[*one]));
        for (at, two) in all.iter().enumerate().skip(at + 1) {
            most[1] = most[1].max(count(&[*one, *two]));
            for three in all.iter().skip(at + 1) {
                most[2] = most[2].max(count(&[*one, *two, *three]));
            }
        }
    }
    most
}

#[test]
fn the_counts_of_the_frontier_are_those_of_planning_again_and_none_are_better() {
    let costs = builtin::costs();
    let mut frontiers = 0;
    for space in spaces() {
        let policy = space.program.policy();
        let reachable = space
            .devices
            .iter()
            .map(|(facts, number)| (remedies(&space.program, facts, &costs), *number));
        let found = frontier(&reachable.collect::<Vec<_>>());
        let before = planned(policy, &space.devices);
        for Measures { steps, unlocked, cost } in &found {
            let after = planned(policy, &measured(space, &costs, steps));
            assert_eq!(after, before + unlocked, "{} by {steps:?}", policy.id);
            let cheapest = space.minimal.iter().zip(&space.devices).filter_map(|(sets, (_, n))| {
                let enough = sets.iter().filter(|(set, _)| is_within(set, steps));
                enough.map(|(_, cost)| cost * n).min()
            });
            assert_eq!(*cost, cheapest.sum::<u64>(), "{} by {steps:?}", policy.id);
            frontiers += 1;
        }
        for (size, most) in (1..).zip(most(space)) {
            let found = found.iter().filter(|one| one.steps.len() <= size);
            let reached = found.map(|one| one.unlocked).max().unwrap_or_default();
            assert_eq!(reached, most, "{}: {size} measures", policy.id);
        }
    }
    assert!(frontiers > 40, "only {frontiers}");
}
