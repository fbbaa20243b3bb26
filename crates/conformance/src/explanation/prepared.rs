//! The record of the built-in policies in a form that parses quickly, see
//! [`eligibility::builtin::prepared`].
//!
//! A plan and a decision look into it for cautions, and parsing its TOML was a quarter of the work of a
//! decision. Only the TOML counts: `UPDATE_DOCS=1 cargo test -p conformance prepared` writes the
//! file, and what was prepared from another TOML is not read.

use chrono::NaiveDate;
use eligibility::builtin::prepared::{conjunction, fingerprint};

use super::{BUILTIN, During, Explanation, Explanations};

const PREPARED: &str = include_str!("../../../../policies/prepared-disagreements.txt");

const FINGERPRINT: u64 = fingerprint(BUILTIN);

/// The separators of the parts of a line, and of the values of a part.
const PARTS: char = '\t';
const VALUES: char = '|';

/// The separator of the ends of a range of revisions.
const UNTIL: &str = "..";

/// Returns the record; `None` if another was prepared.
pub(super) fn read() -> Option<Explanations> {
    let mut lines = PREPARED.lines().filter(|line| !line.starts_with('#'));
    let is_this = u64::from_str_radix(lines.next()?, 16) == Ok(FINGERPRINT);
    is_this.then(|| lines.map(explanation).collect::<Option<_>>().map(Explanations))?
}

fn explanation(line: &str) -> Option<Explanation> {
    let mut parts = line.split(PARTS);
    let mut next = || parts.next();
    Some(Explanation {
        id: next()?.to_owned(),
        codes: next()?.split(VALUES).map(|code| code.parse().ok()).collect::<Option<_>>()?,
        during: next()?.split(VALUES).map(during).collect::<Option<_>>()?,
        reading: optional(next()?, |reading| reading.parse().ok())?,
        devices: conjunction(next()?)?,
        because: next()?.to_owned(),
        instead: optional(next()?, |text| Some(text.to_owned()))?,
        sources: parts.map(str::to_owned).collect(),
    })
}

fn during(text: &str) -> Option<During> {
    let (from, to) = text.split_once(UNTIL)?;
    let date = |text: &str| text.parse::<NaiveDate>().ok();
    Some(During { from: optional(from, date)?, to: optional(to, date)? })
}

/// Returns what a text that may be missing says; `None` if it is not understood.
fn optional<T>(text: &str, read: impl FnOnce(&str) -> Option<T>) -> Option<Option<T>> {
    if text.is_empty() { Some(None) } else { read(text).map(Some) }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use eligibility::builtin::prepared::written;
    use eligibility::policy::Reading;

    use super::*;

    const HEAD: &str = "\
# The record of disagreements, `disagreements.toml`, one a line. Made from it:
# UPDATE_DOCS=1 cargo test -p conformance prepared
";

    fn prepared(one: &Explanation) -> String {
        let Explanation { id, codes, during, reading, devices, because, instead, sources } = one;
        let codes: Vec<_> = codes.iter().map(ToString::to_string).collect();
        let date = |date: Option<NaiveDate>| date.map(|date| date.to_string()).unwrap_or_default();
        let range = |one: &During| format!("{}{UNTIL}{}", date(one.from), date(one.to));
        let during: Vec<_> = during.iter().map(range).collect();
        let (codes, during) = (codes.join("|"), during.join("|"));
        let (reading, devices) = (reading.map_or("", Reading::as_str), written(devices));
        let instead = instead.as_deref().unwrap_or_default();
        let parts = [id, &*codes, &during, reading, &devices, because, instead];
        let parts = parts.into_iter().chain(sources.iter().map(String::as_str));
        parts.collect::<Vec<_>>().join("\t") + "\n"
    }

    #[test]
    fn the_prepared_record_is_that_of_the_file() {
        let path =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies/prepared-disagreements.txt");
        let record = Explanations::parse(BUILTIN).unwrap();
        let lines: String = record.iter().map(prepared).collect();
        let expected = format!("{HEAD}{FINGERPRINT:016x}\n{lines}");
        if std::env::var_os("UPDATE_DOCS").is_some() {
            std::fs::write(&path, &expected).unwrap();
            return;
        }
        assert_eq!(PREPARED, expected, "UPDATE_DOCS=1 cargo test -p conformance prepared");
        assert_eq!(read(), Some(record));
    }
}
