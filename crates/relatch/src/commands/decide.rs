//! `relatch decide`: one device, given by flags.

use eligibility::decide::{decide, explain};
use eligibility::facts::{Facts, Management};

use crate::args::DecideArguments;
use crate::failure::{Failure, Finding};
use crate::{files, policies, present};

pub(super) fn run(arguments: &DecideArguments) -> Result<Finding, Failure> {
    if let Some(path) = &arguments.inventory {
        let name = path.display();
        return Err(Failure::Argument {
            message: format!("`decide` is about one device, so it does not take `{name}`"),
            hint: if path.exists() {
                format!("decide all devices of an inventory: `relatch plan {name}`")
            } else {
                "a device is described by flags, such as `--platform ios --os-version 17`".into()
            },
        });
    }
    let facts = arguments.facts.0;
    refuse_impossible(&facts)?;
    let loaded = policies::load(&arguments.choice.policy)?;
    let policy = loaded.document.read(arguments.choice.reading.into());
    let decision = decide(&policy, &facts);
    let explanations = if arguments.explain { explain(&policy, &facts) } else { Vec::new() };
    let format = arguments.format;
    let text = present::decide::render(&policy, &facts, &decision, &explanations, format);
    files::print(&text)?;
    Ok(Finding::Nothing)
}

fn refuse_impossible(facts: &Facts) -> Result<(), Failure> {
    let (Some(platform), Some(management)) = (facts.platform.known(), facts.management.known())
    else {
        return Ok(());
    };
    if facts.possible() {
        return Ok(());
    }
    let modes: Vec<_> = Management::on(platform).iter().map(|mode| format!("`{mode}`")).collect();
    Err(Failure::ImpossibleDevice {
        message: format!("`--management {management}` does not exist on `--platform {platform}`"),
        hint: format!("on that platform: {}", modes.join(", ")),
    })
}
