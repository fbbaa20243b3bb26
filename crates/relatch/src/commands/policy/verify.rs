//! `relatch policy verify`: policies held against simulated devices.

use std::path::{Path, PathBuf};

use conformance::{Behaviour, Disagreement, Explanations, Verification, verify};
use device_sim::scenario::write_scenario;
use eligibility::analysis::{Releases, TooComplex};
use eligibility::builtin;
use eligibility::policy::{Policy, Reading};

use super::acceptance;
use crate::args::VerifyArguments;
use crate::commands::processors;
use crate::error::{Error, ExitStatus};
use crate::files::Output;
use crate::present::{paragraph, wording};
use crate::report::verification::{Shown, Verified, VerifiedPolicy};
use crate::{files, policies, present};

/// The width of a remark in a scenario file, without the sign before it.
const REMARK: usize = paragraph::COMMENT - 2;

pub(super) fn run(arguments: &VerifyArguments) -> Result<ExitStatus, Error> {
    let verified = verify_all(arguments)?;
    files::print(&present::verify::render(&verified, arguments.format))?;
    let stale = |one: &VerifiedPolicy| arguments.deny.is_some() && !one.stale.is_empty();
    let found = verified
        .policies
        .iter()
        .any(|one| !one.disagreements.is_empty() || one.is_untried() || stale(one));
    Ok(if found { ExitStatus::Findings } else { ExitStatus::Clean })
}

fn verify_all(arguments: &VerifyArguments) -> Result<Verified, Error> {
    let reading = Reading::from(arguments.reading);
    let names = if arguments.policies.is_empty() {
        builtin::all().iter().map(|one| one.id().to_owned()).collect()
    } else {
        arguments.policies.clone()
    };
    let releases = builtin::releases();
    let record = Explanations::builtin();
    // The documents first: a misspelt name is reported before anything is simulated.
    let documents: Vec<_> =
        names.iter().map(|name| policies::load(name)).collect::<Result<_, _>>()?;
    let behaviour = Behaviour::observe(processors());
    let mut all = Vec::new();
    for loaded in documents {
        let document = loaded.document;
        let verification = verify(&document, reading, &behaviour, &record, &releases)
            .map_err(|error| too_complex(&document.id, error))?;
        let policy = document.read(reading);
        let Verification { mut disagreements, unsaid, untried } = verification;
        let (accepted, stale) = acceptance::accept(&document, &policy, &mut disagreements);
        let disagreements = shown(&policy, disagreements, &record, arguments)?;
        all.push(VerifiedPolicy {
            document,
            policy,
            disagreements,
            accepted,
            stale,
            unsaid,
            untried,
        });
    }
    let unseen = unseen(&behaviour, &releases)?;
    Ok(Verified { reading, trials: behaviour.trials(), policies: all, unseen, record })
}

fn unseen(behaviour: &Behaviour, releases: &Releases) -> Result<Vec<conformance::Unseen>, Error> {
    behaviour.unseen(releases).map_err(|error| too_complex("the simulated devices", error))
}

fn too_complex(name: &str, error: TooComplex) -> Error {
    Error::Argument {
        message: format!("cannot verify `{name}`: {error}"),
        hint: "take fewer rules, or fewer bounds of versions".to_owned(),
    }
}

/// Returns the disagreements, each with its scenario if a folder was named.
fn shown(
    policy: &Policy,
    disagreements: Vec<Disagreement>,
    record: &Explanations,
    arguments: &VerifyArguments,
) -> Result<Vec<Shown>, Error> {
    let numbered = (1..).zip(disagreements);
    let shown = numbered.map(|(number, disagreement)| {
        let folder = arguments.scenarios.as_deref();
        let scenario = folder
            .map(|folder| write(folder, number, policy, &disagreement, record, arguments))
            .transpose()?;
        Ok(Shown { disagreement, scenario })
    });
    shown.collect()
}

/// Writes the scenario of a disagreement; returns the file.
fn write(
    folder: &Path,
    number: usize,
    policy: &Policy,
    disagreement: &Disagreement,
    record: &Explanations,
    arguments: &VerifyArguments,
) -> Result<PathBuf, Error> {
    std::fs::create_dir_all(folder).map_err(|error| Error::unwritable(folder, &error))?;
    let scenario = disagreement.scenario(policy).map_err(|why| Error::Argument {
        message: why.to_string(),
        hint: "this is a mistake of the program, not of the policy".to_owned(),
    })?;
    let code = disagreement.code.as_str();
    let path = folder.join(format!("{}-{}-{number:02}-{code}.toml", policy.id, policy.reading));
    let mut remarks = vec![
        format!("{code}: {}", wording::claim(policy, disagreement)),
        format!("What the simulated device does: {}.", disagreement.result),
        "The property at the end is what the policy says; it does not come true.".to_owned(),
    ];
    remarks.extend(disagreement.explanation.map(|place| record.get(place).because.clone()));
    let remarks: Vec<_> = remarks.iter().flat_map(|text| paragraph::lines(text, REMARK)).collect();
    let policies: Vec<_> =
        arguments.policies.iter().flat_map(|name| policies::files(name)).collect();
    files::keep_apart(
        policies.iter().map(PathBuf::as_path),
        &[Output { option: "--scenarios", path: Some(&path) }],
    )?;
    files::write_text(&path, &write_scenario(&scenario, &remarks))?;
    Ok(path)
}
