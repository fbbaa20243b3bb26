//! Progress of long reads, forecasts and explorations, on a terminal only.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use device_sim::exploration::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use inventory::Input;

use crate::embedded::{self, Observer};

/// A bar on standard error, drawn ten times a second if that is a terminal where escape codes are welcome.
/// It leaves nothing behind.
struct Bar(ProgressBar);

impl Bar {
    fn new(length: Option<u64>, template: &str) -> Self {
        let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let target = match set("NO_COLOR") || dumb {
            true => ProgressDrawTarget::hidden(),
            false => ProgressDrawTarget::stderr_with_hz(10),
        };
        let bar = ProgressBar::with_draw_target(length, target);
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        Self(bar)
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

/// An input that moves a progress bar as it is read.
pub(crate) struct Watched<R> {
    inner: R,
    bar: Bar,
    observer: Option<Arc<dyn Observer>>,
}

impl<R: Input> Watched<R> {
    /// Watches an input called `name`, of `length` bytes if that is known.
    pub(crate) fn new(inner: R, name: &str, length: Option<u64>) -> Self {
        let bar = match length {
            Some(_) => "{msg} {bar:30} {bytes} of {total_bytes}, {bytes_per_sec}, {eta} left",
            None => "{msg} {bytes}, {bytes_per_sec}",
        };
        let bar = Bar::new(length, bar);
        bar.0.set_message(name.to_owned());
        bar.0.set_elapsed(Duration::ZERO);
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
        self.bar.0.set_position(before);
        self.inner.release(before);
    }
}

/// The runs of a forecast, as they come to their end.
pub(crate) struct DeviceRuns(Bar);

impl DeviceRuns {
    /// Begins with none over.
    pub(crate) fn new() -> Self {
        Self(Bar::new(None, "forecast {bar:30} {human_pos} of {human_len} lives, {eta} left"))
    }

    /// Reports progress: this many more are done, of a total.
    pub(crate) fn are_over(&self, more: u64, all: u64) {
        self.0.0.set_length(all);
        self.0.0.inc(more);
    }
}

/// The states of an exploration, as they are met.
pub(crate) struct Search(Bar);

impl Search {
    /// Begins with none met.
    pub(crate) fn new() -> Self {
        Self(Bar::new(None, "explore {msg}, {elapsed}"))
    }

    /// Reports progress.
    pub(crate) fn is_at(&self, progress: Progress) {
        let Progress { events, states, .. } = progress;
        self.0.0.set_message(format!("{states} states, every run of {events} events looked at"));
        self.0.0.tick();
    }
}
