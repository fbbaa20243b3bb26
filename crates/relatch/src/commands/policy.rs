//! `relatch policy`: the rules themselves.

use crate::args::{Format, PolicyCommand};
use crate::failure::{Failure, Finding};
use crate::present::{policy_json, policy_text};
use crate::{files, policies};

pub(super) fn run(command: &PolicyCommand) -> Result<Finding, Failure> {
    let text = match command {
        PolicyCommand::List { format } => {
            let documents = policies::built_in()?;
            match format {
                Format::Text => policy_text::list(&documents),
                Format::Json => policy_json::list(&documents),
            }
        }
        PolicyCommand::Show { policy, reading, format } => {
            let loaded = policies::load(policy)?;
            let read = loaded.document.read((*reading).into());
            match format {
                Format::Text => policy_text::show(&loaded.document, &read),
                Format::Json => policy_json::show(&loaded.document, &read),
            }
        }
    };
    files::print(&text)?;
    Ok(Finding::Nothing)
}
