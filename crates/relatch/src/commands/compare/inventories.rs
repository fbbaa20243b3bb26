//! `relatch compare OLD NEW`: two inventories of one fleet, joined by device.
//!
//! Each row of either inventory takes 28 bytes while it is joined, and 32 more to be sorted by key.

use std::cmp::{Ordering, Reverse};
use std::collections::BTreeMap;
use std::path::PathBuf;

use eligibility::decide::VerdictWord;
use eligibility::facts::{FactName, FactSet, Facts};
use fleet::{Census, Program, VerdictCounts};
use inventory::DeviceKey;

use super::{list, side};
use crate::args::{ColumnNames, CompareArguments, Duplicates};
use crate::commands::carried::Carried;
use crate::commands::fleet::{Fleet, Inventories};
use crate::commands::selection::Selection;
use crate::error::{Error, ExitStatus};
use crate::files::InputFile;
use crate::present::changes::{ChangeList, Changed};
use crate::present::devices::InPage;
use crate::report::inventories::SelectionReport;
use crate::report::movement::{Change, Inventory, Movement};
use crate::report::transition::{Listed, Side};
use crate::{files, policies, present};

pub(super) fn run(
    arguments: &CompareArguments,
    old: &PathBuf,
    new: &PathBuf,
) -> Result<ExitStatus, Error> {
    refuse(arguments)?;
    let files = [old, new].map(|path| files::inventories(std::slice::from_ref(path)));
    let [old, new] = files;
    let files = [old?, new?];
    let all = files.concat();
    list::refuse_streams(&all, arguments)?;
    let out = super::begin(arguments, &all, &[&arguments.policy])?;
    let read = policies::read(&arguments.policy, arguments.reading.into())?;
    let program = Program::new(read.policy);
    let both = [program.policy(); 2];
    let list = list::begin(arguments, &all, both)?;
    let selection = Selection::new(&arguments.input.selection)?;
    let read = |files: &[InputFile]| {
        let inventories = Inventories {
            kept: Some(selection.as_ref().map_or(FactSet::EMPTY, Selection::facts)),
            // What is selected depends on both inventories.
            ..Inventories::new(files, &arguments.input, None)
        };
        inventories.read(&program, Census::new(&[program.policy()], &[]), Vec::new())
    };
    let fleets = [read(&files[0])?, read(&files[1])?];
    let joined = Joined::new(&fleets, selection.as_ref());
    let carried = Carried::new(ColumnNames::of(arguments.columns.as_ref()));
    let lists = list.map(|list| write(&program, &fleets, &joined, carried, list));
    let (file, devices) = lists.transpose()?.unwrap_or_default();
    let listed = super::listed(arguments, file, &super::option("policy", &arguments.policy));
    let movement = movement(&program, fleets, joined, listed);
    let report = present::compare::render_movement(&movement, arguments.format, devices.as_ref());
    out.finish(&report)?;
    let clean = movement.sides.iter().all(|side| side.inventories.is_clean());
    Ok(if clean { ExitStatus::Clean } else { ExitStatus::Findings })
}

/// Refuses what makes no sense for two inventories.
fn refuse(arguments: &CompareArguments) -> Result<(), Error> {
    if arguments.input.duplicates == Duplicates::All {
        return Err(Error::Argument {
            message: "`--duplicates all` cannot join two inventories by device".to_owned(),
            hint: "each device counts once: leave it out, or use `--duplicates refuse`".to_owned(),
        });
    }
    if arguments.input.problems.is_some() {
        return Err(Error::Argument {
            message: "`--problems` lists what is wrong with one fleet, not with two inventories"
                .to_owned(),
            hint: "`relatch plan INVENTORY --problems FILE` lists it for each".to_owned(),
        });
    }
    Ok(())
}

/// The devices of two inventories, by their rows.
struct Joined {
    both: Vec<[u32; 2]>,
    vanished: Vec<u32>,
    appeared: Vec<u32>,
    without_key: [u64; 2],
    selection: Option<SelectionReport>,
}

impl Joined {
    /// Joins the rows that count. A device is selected if it is in either inventory.
    fn new(fleets: &[Fleet; 2], selection: Option<&Selection>) -> Self {
        let mut without_key = [0; 2];
        let mut keyed: [Vec<(DeviceKey, u32)>; 2] = Default::default();
        let [old, new] = fleets;
        let left_out =
            selection.map(|selection| [old, new].map(|fleet| fleet.not_chosen(selection)));
        let chosen = |side: usize, row: u32| {
            left_out.as_ref().is_none_or(|left_out| !left_out[side].contains(row.into()))
        };
        for side in 0..2 {
            let rows = fleets[side].rows();
            for row in fleets[side].counted() {
                let number = u32::try_from(row).expect("memory ends before numbers do");
                match rows.key(row) {
                    Some(key) => keyed[side].push((key, number)),
                    None => without_key[side] += u64::from(chosen(side, number)),
                }
            }
            keyed[side].sort_unstable();
        }
        let selection = left_out.as_ref().map(|[_, new]| new.report.clone());
        let mut joined = Self {
            both: Vec::new(),
            vanished: Vec::new(),
            appeared: Vec::new(),
            without_key,
            selection,
        };
        let (mut old, mut new) = (keyed[0].iter().peekable(), keyed[1].iter().peekable());
        loop {
            let order = match (old.peek(), new.peek()) {
                (None, None) => return joined,
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some((one, _)), Some((other, _))) => one.cmp(other),
            };
            let before = if order.is_le() { old.next() } else { None };
            let after = if order.is_ge() { new.next() } else { None };
            match (before, after) {
                (Some((_, before)), Some((_, after)))
                    if chosen(0, *before) || chosen(1, *after) =>
                {
                    joined.both.push([*before, *after]);
                }
                (Some((_, row)), None) if chosen(0, *row) => joined.vanished.push(*row),
                (None, Some((_, row))) if chosen(1, *row) => joined.appeared.push(*row),
                _ => {}
            }
        }
    }
}

fn movement(program: &Program, fleets: [Fleet; 2], joined: Joined, listed: Listed) -> Movement {
    let mut verdicts = BTreeMap::new();
    let mut changes: BTreeMap<(Side, Side, FactSet), u64> = BTreeMap::new();
    let alone = |fleet: &Fleet, rows: &[u32]| {
        let decided = fleet.rows().of_distinct(|facts| side(program, facts).verdict);
        let mut counts = VerdictCounts::default();
        rows.iter().for_each(|row| counts.add(*decided.row(*row as usize), 1));
        counts
    };
    let sides =
        fleets.each_ref().map(|fleet| fleet.rows().of_distinct(|facts| side(program, facts)));
    for [old, new] in &joined.both {
        let (old, new) = (*old as usize, *new as usize);
        let (before, after) = (*sides[0].row(old), *sides[1].row(new));
        *verdicts.entry((before.verdict, after.verdict)).or_insert(0) += 1;
        if before.verdict != after.verdict {
            let facts = differing(fleets[0].rows().facts(old), fleets[1].rows().facts(new));
            *changes.entry((before, after, facts)).or_default() += 1;
        }
    }
    let mut changes: Vec<_> = changes
        .into_iter()
        .map(|((before, after, facts), devices)| Change { before, after, facts, devices })
        .collect();
    changes.sort_by_key(|change| Reverse(change.devices));
    let (vanished, appeared) =
        (alone(&fleets[0], &joined.vanished), alone(&fleets[1], &joined.appeared));
    drop(sides);
    let mut without_key = joined.without_key.into_iter();
    Movement {
        policy: program.policy().clone(),
        selection: joined.selection,
        verdicts: verdicts
            .into_iter()
            .map(|((before, after), devices): ((VerdictWord, VerdictWord), u64)| {
                (before, after, devices)
            })
            .collect(),
        changes,
        appeared,
        vanished,
        listed,
        sides: fleets.map(|fleet| Inventory {
            inventories: fleet.inventories,
            without_key: without_key.next().unwrap_or_default(),
        }),
    }
}

/// Returns the facts that two rows of a device do not share.
fn differing(old: &Facts, new: &Facts) -> FactSet {
    let all = FactName::ALL.iter().copied();
    all.filter(|fact| old.get(*fact) != new.get(*fact)).collect()
}

/// Lists the devices that change, appear or vanish: those of the later inventory in its order, then
/// those that vanished.
fn write(
    program: &Program,
    fleets: &[Fleet; 2],
    joined: &Joined,
    mut carried: Carried<'_>,
    mut list: ChangeList<'_>,
) -> Result<(Option<String>, Option<InPage>), Error> {
    let (old, new) = (fleets[0].rows(), fleets[1].rows());
    let mut lines: BTreeMap<usize, Changed> = BTreeMap::new();
    for [before, after] in &joined.both {
        let (was, is) = (old.facts(*before as usize), new.facts(*after as usize));
        let (before, now) = (side(program, was), side(program, is));
        if before.verdict != now.verdict {
            lines.insert(*after as usize, Changed::between(before, now, differing(was, is)));
        }
    }
    for row in &joined.appeared {
        lines.insert(*row as usize, Changed::appeared(side(program, new.facts(*row as usize))));
    }
    list::write(&fleets[1].paths, new.len(), &lines, &mut carried, &mut list)?;
    let vanished = joined.vanished.iter();
    let lines = vanished
        .map(|row| (*row as usize, Changed::vanished(side(program, old.facts(*row as usize)))));
    list::write(&fleets[0].paths, old.len(), &lines.collect(), &mut carried, &mut list)?;
    carried.finish()?;
    list.finish()
}
