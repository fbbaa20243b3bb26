//! The start of a policy file.

use chrono::NaiveDate;

/// Returns a policy that passes `policy check`: complete, without conflicts, every clause with a
/// case.
pub(crate) fn policy(id: &str, today: NaiveDate) -> String {
    let text = include_str!("start/policy.toml");
    text.replace("ID", id).replace("DATE", &today.to_string())
}

/// Returns an extension of a policy that passes `policy check`.
pub(crate) fn extension(id: &str, base: &str, today: NaiveDate) -> String {
    let text = include_str!("start/extension.toml");
    text.replace("ID", id).replace("BASE", base).replace("DATE", &today.to_string())
}
