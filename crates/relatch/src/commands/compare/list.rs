//! The list of devices that change: their inventories are read again for the ids and names.

use std::collections::BTreeMap;
use std::num::NonZero;
use std::path::{Path, PathBuf};

use inventory::{Batch, Inventory, Projection, Sink};

use crate::commands::carried::Carried;
use crate::failure::Failure;
use crate::files::{self, InputFile};
use crate::present::changes::{ChangeList, Changed};
use crate::present::redaction::pseudonym;

/// Refuses a list of what can be read only once.
pub(super) fn refuse_streams(files: &[InputFile], list: Option<&Path>) -> Result<(), Failure> {
    let is_stream = |path: &Path| path == "-" || path.exists() && !path.is_file();
    if list.is_some() && files.iter().any(|file| is_stream(&file.path)) {
        return Err(Failure::Argument {
            message: "`--devices` reads inventories twice, and standard input or a pipe ends once"
                .to_owned(),
            hint: "save it to a file first".to_owned(),
        });
    }
    Ok(())
}

/// The id, the name and the carried texts of a device.
struct Identity {
    id: String,
    name: String,
    carried: Vec<String>,
}

/// What the rows of a chunk call their devices.
struct Names;

impl Sink for Names {
    type Local = ();
    type Partial = Vec<Identity>;

    fn projection(&self) -> Projection {
        Projection { identity: true, ..Projection::default() }
    }

    fn local(&self) {}

    fn partial(&self) -> Self::Partial {
        Vec::new()
    }

    fn consume(&self, (): &mut (), partial: &mut Self::Partial, batch: &mut Batch) {
        let shown = |text| pseudonym(text).into_owned();
        let identity = |row| Identity {
            id: shown(batch.id(row)),
            name: shown(batch.name(row)),
            carried: (0..batch.projection().carried)
                .map(|column| shown(batch.carried_text(column, row).as_str()))
                .collect(),
        };
        partial.extend((0..batch.len()).map(identity));
    }
}

/// Writes the lines of rows, which are numbered from 0 in the order of the files.
pub(super) fn write(
    paths: &[PathBuf],
    rows: usize,
    lines: &BTreeMap<usize, Changed>,
    carried: &mut Carried<'_>,
    list: &mut ChangeList<'_>,
) -> Result<(), Failure> {
    let mut number = 0;
    for path in paths {
        let input = files::open(path)?.input;
        let mut inventory =
            Inventory::open(input).map_err(|error| Failure::not_opened(path, error))?;
        carried.begin(path, &mut inventory, false)?;
        let read = inventory.read(NonZero::<usize>::MIN, &Names, |chunk| {
            let end = number + chunk.partial.len();
            for (row, changed) in lines.range(number..end) {
                let Identity { id, name, carried } = &chunk.partial[row - number];
                list.add((id, name), carried, changed)?;
            }
            number = end;
            Ok::<(), Failure>(())
        });
        let totals = read.map_err(|stop| Failure::stopped(path, stop))?;
        carried.end(&files::input_name(path), &totals);
    }
    if number != rows {
        return Err(Failure::Argument {
            message: "an inventory changed while it was read".to_owned(),
            hint: "run it again when nothing writes to the file".to_owned(),
        });
    }
    Ok(())
}
