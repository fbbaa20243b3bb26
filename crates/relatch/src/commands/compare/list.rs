//! The list of devices that change: their inventories are read again for the ids and names.

use std::collections::BTreeMap;
use std::num::NonZero;
use std::path::PathBuf;

use eligibility::policy::Policy;
use inventory::{Batch, Inventory, Projection, Sink};

use crate::args::{ColumnNames, CompareArguments, PageFormat};
use crate::commands::carried::Carried;
use crate::error::Error;
use crate::files::{self, InputFile};
use crate::present::changes::{ChangeList, Changed, Identity};
use crate::present::redaction::pseudonym;

/// Begins the requested lists: a file, and the table of a page, which has none of what can be
/// read only once; `None` if there is none.
pub(super) fn begin<'p>(
    arguments: &'p CompareArguments,
    files: &[InputFile],
    policies: [&'p Policy; 2],
) -> Result<Option<ChangeList<'p>>, Error> {
    let columns = ColumnNames::of(arguments.columns.as_ref());
    let is_page = arguments.format == PageFormat::Html;
    let list = arguments.devices.as_deref();
    if !columns.is_empty() && list.is_none() && !is_page {
        return Err(Error::Argument {
            message: "`--columns` goes into a list of devices, and there is none".to_owned(),
            hint: "name one: `--devices list.csv`".to_owned(),
        });
    }
    let in_page = is_page && !files.iter().any(|file| files::is_stream(&file.path));
    ChangeList::begin(list, in_page, policies, columns)
}

/// Refuses a list of what can be read only once.
pub(super) fn refuse_streams(
    files: &[InputFile],
    arguments: &CompareArguments,
) -> Result<(), Error> {
    let any = files.iter().any(|file| files::is_stream(&file.path));
    if arguments.devices.is_some() && any {
        return Err(Error::Argument {
            message: "`--devices` reads inventories twice, and standard input or a pipe ends once"
                .to_owned(),
            hint: "save it to a file first".to_owned(),
        });
    }
    Ok(())
}

/// The device keys in the rows of a chunk.
struct Names;

impl Sink for Names {
    type Local = ();
    type Partial = Vec<Identity>;

    fn projection(&self) -> Projection {
        Projection { identity: true, check_ins: true, ..Projection::default() }
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
            check_in: batch.last_check_ins()[row],
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
) -> Result<(), Error> {
    let mut number = 0;
    for path in paths {
        let input = files::open(path)?.input;
        let mut inventory =
            Inventory::open(input).map_err(|error| Error::not_opened(path, error))?;
        carried.begin(path, &mut inventory, false)?;
        let read = inventory.read(NonZero::<usize>::MIN, &Names, |chunk| {
            let end = number + chunk.partial.len();
            for (row, changed) in lines.range(number..end) {
                list.add(&chunk.partial[row - number], changed)?;
            }
            number = end;
            Ok::<(), Error>(())
        });
        let totals = read.map_err(|stop| Error::stopped(path, stop))?;
        carried.end(&files::input_name(path), &totals);
    }
    if number != rows {
        return Err(Error::Argument {
            message: "an inventory changed while it was read".to_owned(),
            hint: "run it again when nothing writes to the file".to_owned(),
        });
    }
    Ok(())
}
