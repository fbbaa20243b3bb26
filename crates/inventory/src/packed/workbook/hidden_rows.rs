//! The rows of a sheet that Excel does not show.
//!
//! Excel hides the rows that a filter leaves out and keeps them in the file
//! (<https://support.microsoft.com/en-us/office/filter-data-in-a-range-or-table-01832226-31b5-4568-8806-38c37dcc180e>):
//! the attribute `hidden` of a `row` (ECMA-376, part 1, section 18.3.1.73). The `calamine` crate
//! gives cells alone, so the sheet is read once more for its rows.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Seek};

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use zip::ZipArchive;

/// The folder of a workbook's parts, where programs put them.
const FOLDER: &str = "xl/";

/// Returns the number of rows with cells that are hidden below the first one, which is the header;
/// 0 if the parts of the workbook are not where programs put them.
pub(super) fn count<R: Read + Seek>(input: R, sheet: &str) -> u64 {
    let Ok(mut archive) = ZipArchive::new(input) else { return 0 };
    let Some(path) = path_of(&mut archive, sheet) else { return 0 };
    let (mut header, mut hidden) = (false, 0);
    each(&mut archive, &path, |element, has_content| {
        if element.local_name().as_ref() == "row" && has_content {
            let is_hidden = value(element, "hidden").is_some_and(|value| is_true(&value));
            hidden += u64::from(header && is_hidden);
            header = true;
        }
    });
    hidden
}

/// Returns the path of a sheet in the archive, by the relationship that the workbook names.
fn path_of<R: Read + Seek>(archive: &mut ZipArchive<R>, sheet: &str) -> Option<String> {
    let mut id = None;
    each(archive, "xl/workbook.xml", |element, _| {
        let is_sheet = element.local_name().as_ref() == "sheet";
        if is_sheet && value(element, "name").is_some_and(|name| name == sheet) {
            id = value(element, "id");
        }
    });
    let mut targets = HashMap::new();
    each(archive, "xl/_rels/workbook.xml.rels", |element, _| {
        targets.extend(value(element, "Id").zip(value(element, "Target")));
    });
    let target = targets.remove(&id?)?;
    let absolute = target.strip_prefix('/').map(str::to_owned);
    Some(absolute.unwrap_or_else(|| format!("{FOLDER}{target}")))
}

/// Calls a function for each element of a part, and says whether it has content, up to the end or
/// to what is no XML.
fn each<R: Read + Seek>(
    archive: &mut ZipArchive<R>,
    part: &str,
    mut element: impl FnMut(&BytesStart<'_>, bool),
) {
    let Ok(part) = archive.by_name(part) else { return };
    // Without its type, so that it is compiled once.
    let mut reader = Reader::from_reader(Box::new(BufReader::new(part)) as Box<dyn BufRead + '_>);
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(start)) => element(&start, true),
            Ok(Event::Empty(start)) => element(&start, false),
            Ok(Event::Eof) | Err(_) => return,
            Ok(_) => {}
        }
    }
}

/// Returns the value of an attribute by its name without a prefix.
fn value(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = element.attributes().flatten();
    let attribute = attributes.find(|one| one.key.local_name().as_ref() == name)?;
    Some(attribute.normalized_value(XmlVersion::Implicit1_0).ok()?.into_owned())
}

/// Returns true for the truth of XML Schema.
fn is_true(value: &str) -> bool {
    matches!(value, "1" | "true")
}
