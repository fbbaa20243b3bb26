//! The width and the styles of text reports: one choice for the whole process.

use std::cell::Cell;
use std::io::IsTerminal;
use std::sync::OnceLock;

use anstream::ColorChoice;

/// The width where there is no terminal.
pub(crate) const DEFAULT: usize = 100;

/// The least width; a narrower terminal breaks the lines itself.
pub(crate) const LEAST: usize = 40;

/// The widest paragraph: longer lines are hard to read. Tables may be wider.
const PARAGRAPH: usize = 100;

static WIDTH: OnceLock<usize> = OnceLock::new();

thread_local! {
    /// True if sentences are broken into lines.
    static BROKEN: Cell<bool> = const { Cell::new(true) };
}

/// Chooses the width; the first choice counts.
pub(crate) fn choose(asked: Option<usize>) {
    let _ = WIDTH.set(found(asked));
}

/// Returns the width that was requested, else that of `COLUMNS`, else that of the terminal, else
/// [`DEFAULT`].
pub(crate) fn found(asked: Option<usize>) -> usize {
    let variable = || std::env::var("COLUMNS").ok()?.parse().ok().filter(|width| *width > 0);
    let width = asked.or_else(variable).or_else(of_terminal).unwrap_or(DEFAULT);
    width.max(LEAST)
}

fn of_terminal() -> Option<usize> {
    let stdout = std::io::stdout();
    let size = stdout.is_terminal().then(|| terminal_size::terminal_size_of(stdout));
    size.flatten().map(|(width, _)| width.0.into())
}

/// Chooses whether there are styles; without a choice they go to terminals that know them.
pub(crate) fn choose_styles(choice: Option<ColorChoice>) {
    if let Some(choice) = choice {
        choice.write_global();
    }
}

/// Returns the width of tables.
pub(crate) fn table() -> usize {
    *WIDTH.get().unwrap_or(&DEFAULT)
}

/// Returns the width of sentences.
pub(crate) fn paragraph() -> usize {
    if BROKEN.get() { table().min(PARAGRAPH) } else { usize::MAX }
}

/// Renders sentences for a page, which breaks them itself.
pub(super) fn unbroken<T>(render: impl FnOnce() -> T) -> T {
    BROKEN.set(false);
    let rendered = render();
    BROKEN.set(true);
    rendered
}
