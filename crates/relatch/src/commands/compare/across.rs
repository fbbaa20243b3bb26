//! `relatch compare --across`: the same fleet under every page.

use fleet::{Census, Program, VerdictCounts};

use super::side;
use crate::args::CompareArguments;
use crate::commands::fleet::{Fleet, Inventories};
use crate::commands::selection::Selection;
use crate::error::{Error, ExitStatus};
use crate::report::pages;
use crate::report::transition::{Across, Page};
use crate::{files, present};

pub(super) fn run(arguments: &CompareArguments) -> Result<ExitStatus, Error> {
    let inventories = files::inventories(&arguments.inventories)?;
    let out = super::begin(arguments, &inventories, &[])?;
    let reading = arguments.reading.into();
    let programs: Vec<_> = pages::all(reading).map(|(_, policy)| Program::new(policy)).collect();
    let policies: Vec<_> = programs.iter().map(Program::policy).collect();
    let newest = programs.last().expect("there are built-in pages");
    let selection = Selection::new(&arguments.input.selection)?;
    let inventories = Inventories::new(&inventories, &arguments.input, selection.as_ref());
    let Fleet { inventories, census, .. } =
        inventories.read(newest, Census::new(&policies, &[]), Vec::new())?;
    let cells = census.cells();
    let mut before: Option<&Program> = None;
    let mut across = Across { inventories, reading, pages: Vec::new() };
    for program in &programs {
        let mut verdicts = VerdictCounts::default();
        let mut changed = 0;
        for (facts, devices) in &cells {
            let verdict = side(program, facts).verdict;
            verdicts.add(verdict, *devices);
            if before.is_some_and(|before| side(before, facts).verdict != verdict) {
                changed += devices;
            }
        }
        across.pages.push(Page {
            policy: program.policy().id.clone(),
            verdicts,
            changed: before.map(|_| changed),
        });
        before = Some(program);
    }
    out.finish(&present::compare::render_across(&across, arguments.format))?;
    Ok(if across.inventories.is_clean() { ExitStatus::Clean } else { ExitStatus::Findings })
}
