//! `relatch policy compile`: policies for other engines.

use eligibility::classes::{Cells, Tree};
use eligibility::decide::decide;
use eligibility::policy::Reading;

use crate::args::{CompileArguments, Detail, Target};
use crate::error::{Error, ExitStatus};
use crate::report::compiled::{Compact, Compiled};
use crate::{files, policies, present};

pub(super) fn run(arguments: &CompileArguments) -> Result<ExitStatus, Error> {
    let CompileArguments { policies, reading, to, dialect, detail } = arguments;
    if dialect.is_some() && *to != Target::Sql {
        return Err(Error::Argument {
            message: "`--dialect` is for `--to sql`".to_owned(),
            hint: "leave it out".to_owned(),
        });
    }
    if policies.len() > 1 && *to != Target::Json {
        return Err(Error::Argument {
            message: "a query has one policy".to_owned(),
            hint: "compile one policy at a time; `--to json` takes several".to_owned(),
        });
    }
    let compiled = policies.iter().map(|policy| compile(policy, (*reading).into(), *detail));
    let compiled = compiled.collect::<Result<Vec<_>, _>>()?;
    let text = match to {
        Target::Json => present::policy::compile::json(&compiled),
        Target::Sql => present::policy::compile::sql(&compiled[0], dialect.unwrap_or_default())?,
        Target::Kql => present::policy::compile::kql(&compiled[0])?,
    };
    files::print(&text)?;
    Ok(ExitStatus::Clean)
}

fn compile(name: &str, reading: Reading, detail: Detail) -> Result<Compiled, Error> {
    let policy = policies::read(name, reading)?.policy;
    let mut decisions: Vec<Compact> = Vec::new();
    let tree = Tree::of_cells(&Cells::of(&[&policy], &[]), |device| {
        if !device.possible() {
            return None;
        }
        let decision = Compact::of(decide(&policy, device).headline(), detail);
        let known = decisions.iter().position(|other| *other == decision);
        Some(known.unwrap_or_else(|| {
            decisions.push(decision);
            decisions.len() - 1
        }))
    });
    let tree = tree.map_err(|error| Error::Argument {
        message: format!("cannot compile `{}`: {error}", policy.id),
        hint: "use fewer facts, or fewer bounds of versions".to_owned(),
    })?;
    Ok(Compiled { policy, detail, tree, decisions })
}
