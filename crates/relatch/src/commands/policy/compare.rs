//! `relatch policy diff` and `relatch policy history`: in what revisions differ.

use eligibility::analysis::{TooComplex, difference};
use eligibility::builtin::{self, Builtin};
use eligibility::policy::{PolicyDocument, Reading};

use crate::args::{DiffArguments, HistoryArguments};
use crate::error::{Error, ExitStatus};
use crate::present::diff;
use crate::report::comparison::Comparison;
use crate::{files, policies};

pub(super) fn diff(arguments: &DiffArguments) -> Result<ExitStatus, Error> {
    let from = policies::load(&arguments.from)?.document;
    let to = policies::load(&arguments.to)?.document;
    let reading = arguments.reading.into();
    let comparison = compare(from, to, reading)?;
    files::print(&diff::one(&comparison, reading, arguments.format))?;
    Ok(ExitStatus::Clean)
}

pub(super) fn history(arguments: &HistoryArguments) -> Result<ExitStatus, Error> {
    let reading = arguments.reading.into();
    let documents: Vec<_> = builtin::all().iter().map(Builtin::document).collect();
    let pairs = documents.windows(2).map(|pair| {
        let [from, to] = pair else { unreachable!("windows of two have two") };
        compare(from.clone(), to.clone(), reading)
    });
    let comparisons = pairs.collect::<Result<Vec<_>, _>>()?;
    files::print(&diff::history(&comparisons, reading, arguments.format))?;
    Ok(ExitStatus::Clean)
}

fn compare(
    from: PolicyDocument,
    to: PolicyDocument,
    reading: Reading,
) -> Result<Comparison, Error> {
    let too_complex = |error: TooComplex| Error::Argument {
        message: format!("cannot compare `{}` and `{}`: {error}", from.id, to.id),
        hint: "take fewer rules, or fewer bounds of versions".to_owned(),
    };
    let releases = builtin::releases();
    let changes =
        difference(&from.read(reading), &to.read(reading), &releases).map_err(too_complex)?;
    Ok(Comparison { from, to, changes })
}
