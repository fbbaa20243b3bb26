//! `relatch generate`: an invented inventory.

use std::io::Write;

use inventory::generate::{Options, write_csv};

use crate::args::GenerateArguments;
use crate::failure::{Failure, Finding};
use crate::files::{self, Replacement};

pub(super) fn run(arguments: &GenerateArguments) -> Result<Finding, Failure> {
    let options = Options::new(arguments.devices, arguments.seed);
    if files::is_standard(&arguments.out) {
        let mut stdout = std::io::BufWriter::new(std::io::stdout().lock());
        let written = write_csv(&options, &mut stdout);
        written.and_then(|()| stdout.flush()).map_err(files::standard_output)?;
    } else {
        let mut file = Replacement::begin(&arguments.out)?;
        write_csv(&options, &mut file).map_err(|error| file.failed(error))?;
        file.finish()?;
    }
    Ok(Finding::Nothing)
}
