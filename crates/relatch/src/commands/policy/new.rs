//! `relatch policy new`: the start of a policy file.

use std::time::SystemTime;

use chrono::{DateTime, NaiveDate, Utc};
use eligibility::policy::PolicyDocument;

use crate::args::NewArguments;
use crate::error::{Error, ExitStatus};
use crate::present::policy::start;
use crate::{files, policies};

/// Writes a policy that is complete and tested, for its owner to change.
pub(super) fn run(arguments: &NewArguments) -> Result<ExitStatus, Error> {
    let today: NaiveDate = DateTime::<Utc>::from(SystemTime::now()).date_naive();
    let text = match &arguments.extends {
        None => start::policy(&arguments.id, today),
        Some(name) => {
            let loaded = policies::load(name)?;
            if !loaded.built_in {
                return Err(Error::Argument {
                    message: format!("`--extends {name}` is not a built-in policy"),
                    hint: "`relatch policy list` lists them; a file can extend a file, but write \
                           the path yourself: it is found from the folder of the new file"
                        .to_owned(),
                });
            }
            start::extension(&arguments.id, &loaded.document.id, today)
        }
    };
    if let Err(problems) = PolicyDocument::parse(&text) {
        let problem = problems.problems().first();
        return Err(Error::Argument {
            message: problem.map_or_else(String::new, |problem| problem.message.clone()),
            hint: problem
                .and_then(|problem| problem.hint.clone())
                .unwrap_or_else(|| "an id is lower-case letters, digits and hyphens".to_owned()),
        });
    }
    match &arguments.out {
        Some(path) if path.exists() => {
            return Err(Error::Argument {
                message: format!("`{}` exists", path.display()),
                hint: "name another file, or remove this one".to_owned(),
            });
        }
        Some(path) => files::write_text(path, &text)?,
        None => files::print(&text)?,
    }
    Ok(ExitStatus::Clean)
}
