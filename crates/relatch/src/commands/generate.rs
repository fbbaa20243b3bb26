//! `relatch generate`: an invented inventory.

use std::io::Write;

use crate::args::GenerateArguments;
use crate::failure::{Failure, Finding};
use crate::files::{self, Replacement};

pub(super) fn run(arguments: &GenerateArguments) -> Result<Finding, Failure> {
    let options = inventory::generate::Options { devices: arguments.devices, seed: arguments.seed };
    if files::is_standard(&arguments.out) {
        let mut stdout = std::io::BufWriter::new(std::io::stdout().lock());
        let written = inventory::generate::portal(&options, &mut stdout);
        written.and_then(|()| stdout.flush()).map_err(files::standard_output)?;
    } else {
        let mut file = Replacement::begin(&arguments.out)?;
        inventory::generate::portal(&options, &mut file).map_err(|error| file.failed(error))?;
        file.finish()?;
    }
    Ok(Finding::Nothing)
}
