//! `relatch generate`: an invented inventory.

use std::io::{self, Write};
use std::path::Path;

use synthetic_fleet::{Format, Options, write};

use crate::args::{FleetFormat, GenerateArguments};
use crate::error::{Error, ExitStatus};
use crate::files::{self, Replacement};

pub(super) fn run(arguments: &GenerateArguments) -> Result<ExitStatus, Error> {
    let options = Options::new(arguments.devices, arguments.seed);
    let format = arguments.format.map_or_else(|| by_ending(&arguments.out), Format::from);
    if files::is_standard(&arguments.out) {
        let mut stdout = io::BufWriter::new(io::stdout());
        let written = write(format, &options, &mut stdout);
        written.and_then(|()| stdout.flush()).map_err(files::standard_output)?;
    } else {
        let mut file = Replacement::begin(&arguments.out)?;
        write(format, &options, &mut file).map_err(|error| file.failed(error))?;
        file.finish()?;
    }
    Ok(ExitStatus::Clean)
}

/// Returns the format of a name's extension.
fn by_ending(path: &Path) -> Format {
    let ending = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    match ending.as_str() {
        "json" => Format::Graph,
        "ndjson" | "jsonl" => Format::Ndjson,
        #[cfg(feature = "parquet")]
        "parquet" => Format::Parquet,
        _ => Format::Portal,
    }
}

impl From<FleetFormat> for Format {
    fn from(format: FleetFormat) -> Self {
        match format {
            FleetFormat::Portal => Self::Portal,
            FleetFormat::Tidy => Self::Tidy,
            FleetFormat::Devices => Self::Devices,
            FleetFormat::Graph => Self::Graph,
            FleetFormat::Ndjson => Self::Ndjson,
            #[cfg(feature = "parquet")]
            FleetFormat::Parquet => Self::Parquet,
        }
    }
}
