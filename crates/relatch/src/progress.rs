//! Progress of long reads, forecasts and explorations, on a terminal only.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use device_sim::exploration::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use inventory::Input;

use crate::embedded::{self, Observer};

/// Returns the target of bars: standard error, unless escape codes are unwelcome there.
fn target() -> ProgressDrawTarget {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    if set("NO_COLOR") || dumb {
        return ProgressDrawTarget::hidden();
    }
    ProgressDrawTarget::stderr_with_hz(10)
}

/// An input that moves a progress bar as it is read.
pub(crate) struct Watched<R> {
    inner: R,
    bar: ProgressBar,
    observer: Option<Arc<dyn Observer>>,
}

impl<R: Input> Watched<R> {
    /// Watches an input called `name`, of `length` bytes if that is known.
    ///
    /// The bar is drawn on standard error if that is a terminal, ten times a second, and leaves
    /// nothing behind.
    pub(crate) fn new(inner: R, name: &str, length: Option<u64>) -> Self {
        let bar = ProgressBar::with_draw_target(length, target());
        let template = match length {
            Some(_) => "{msg} {bar:30} {bytes} of {total_bytes}, {bytes_per_sec}, {eta} left",
            None => "{msg} {bytes}, {bytes_per_sec}",
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.set_message(name.to_owned());
        bar.set_elapsed(Duration::ZERO);
        Self { inner, bar, observer: embedded::observer() }
    }
}

impl<R: Input> Input for Watched<R> {
    fn read_at(&self, place: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read_at(place, buffer)?;
        if let Some(observer) = &self.observer {
            observer.has_read(count)?;
        }
        Ok(count)
    }

    fn length(&self) -> io::Result<Option<u64>> {
        self.inner.length()
    }

    fn release(&self, before: u64) {
        self.bar.set_position(before);
        self.inner.release(before);
    }
}

impl<R> Drop for Watched<R> {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// The runs of a forecast, as they come to their end.
pub(crate) struct DeviceRuns {
    bar: ProgressBar,
}

impl DeviceRuns {
    /// None over yet. The bar is drawn as for inputs.
    pub(crate) fn new() -> Self {
        let bar = ProgressBar::with_draw_target(None, target());
        let template = "forecast {bar:30} {human_pos} of {human_len} lives, {eta} left";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        Self { bar }
    }

    /// Reports progress: this many more are done, of a total.
    pub(crate) fn are_over(&self, more: u64, all: u64) {
        self.bar.set_length(all);
        self.bar.inc(more);
    }
}

impl Drop for DeviceRuns {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// The states of an exploration, as they are met.
pub(crate) struct Search {
    bar: ProgressBar,
}

impl Search {
    /// None met yet. The bar is drawn as for inputs.
    pub(crate) fn new() -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(10));
        if let Ok(style) = ProgressStyle::with_template("explore {msg}, {elapsed}") {
            bar.set_style(style);
        }
        Self { bar }
    }

    /// So far it has come.
    pub(crate) fn is_at(&self, progress: Progress) {
        let Progress { events, states, .. } = progress;
        self.bar.set_message(format!("{states} states, every run of {events} events looked at"));
        self.bar.tick();
    }
}

impl Drop for Search {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
