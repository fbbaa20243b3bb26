//! `relatch decide`: one device, given by flags.

use eligibility::decide::{decide, explain};
use eligibility::facts::{FactName, Facts, Management, Platform, SEPARATOR};

use crate::args::DecideArguments;
use crate::error::{Error, ExitStatus};
use crate::report::caution::Cautions;
use crate::report::decided::Decided;
use crate::report::pages;
use crate::{files, policies, present};

pub(super) fn run(arguments: &DecideArguments) -> Result<ExitStatus, Error> {
    if let Some(path) = &arguments.inventory {
        let name = path.display();
        return Err(Error::Argument {
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
    let reading = arguments.choice.reading.into();
    let read = policies::read(&arguments.choice.policy, reading)?;
    let policy = read.policy;
    let decision = decide(&policy, &facts);
    let explanations = if arguments.explain { explain(&policy, &facts) } else { Vec::new() };
    let cautions = Cautions::about(read.document.page(), reading).find([(&facts, &decision, 1)]);
    let pages = pages::all(reading).map(|(date, page)| (date, decide(&page, &facts)));
    let pages = pages::periods(pages.map(|(date, one)| (date, one.headline().verdict().word())));
    let exclusions = facts.exclusions();
    let report = Decided { policy, facts, exclusions, decision, explanations, cautions, pages };
    files::print(&present::decide::render(&report, arguments.format))?;
    Ok(ExitStatus::Clean)
}

fn refuse_impossible(facts: &Facts) -> Result<(), Error> {
    if facts.possible() {
        return Ok(());
    }
    let text = |name: FactName| name.fact_text(facts.get(name)).unwrap_or_default();
    let text = |name| text(name).replace(SEPARATOR, ",");
    let exists = |mode: &&Management| {
        Platform::ALL.iter().any(|on| facts.platform.admits(*on) && mode.exists_on(*on))
    };
    let modes = Management::ALL.iter().filter(exists);
    let modes: Vec<_> = modes.map(|mode| format!("`{mode}`")).collect();
    let (management, platform) = (text(FactName::Management), text(FactName::Platform));
    Err(Error::Argument {
        message: format!("`--management {management}` does not exist on `--platform {platform}`"),
        hint: format!("on that platform: {}", modes.join(", ")),
    })
}
