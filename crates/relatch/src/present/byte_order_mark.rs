//! The beginning of a CSV: a byte-order mark if that was requested.

use std::sync::OnceLock;

static ASKED: OnceLock<bool> = OnceLock::new();

/// Chooses, once for the whole run, whether files in CSV begin with a byte-order mark.
pub(crate) fn choose(asked: bool) {
    let _ = ASKED.set(asked);
}

/// Returns the beginning of a CSV.
pub(crate) fn of_csv() -> &'static str {
    if ASKED.get().copied().unwrap_or_default() { "\u{feff}" } else { "" }
}
