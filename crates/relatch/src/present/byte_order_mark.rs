//! How a CSV begins: with a byte-order mark if that was asked for.

use std::sync::OnceLock;

static ASKED: OnceLock<bool> = OnceLock::new();

/// Chooses, once for the whole run, whether files in CSV begin with a byte-order mark.
pub(crate) fn choose(asked: bool) {
    let _ = ASKED.set(asked);
}

/// Returns what a CSV begins with.
pub(crate) fn of_csv() -> &'static str {
    if ASKED.get().copied().unwrap_or_default() { "\u{feff}" } else { "" }
}
