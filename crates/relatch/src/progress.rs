//! Progress of long reads, on a terminal only.

use std::io::{self, Read};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A reader that moves a progress bar by the bytes it gives.
pub(crate) struct Watched<R> {
    inner: R,
    bar: ProgressBar,
}

impl<R: Read> Watched<R> {
    /// Watches an input called `name`, of `length` bytes if that is known.
    ///
    /// The bar is drawn on standard error if that is a terminal, ten times a second, and leaves
    /// nothing behind.
    pub(crate) fn new(inner: R, name: &str, length: Option<u64>) -> Self {
        let bar = ProgressBar::with_draw_target(length, ProgressDrawTarget::stderr_with_hz(10));
        let template = match length {
            Some(_) => "{msg} {bar:30} {bytes} of {total_bytes}, {bytes_per_sec}, {eta} left",
            None => "{msg} {bytes}, {bytes_per_sec}",
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.set_message(name.to_owned());
        bar.set_elapsed(Duration::ZERO);
        Self { inner, bar }
    }
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let bytes = self.inner.read(buffer)?;
        self.bar.inc(bytes as u64);
        Ok(bytes)
    }
}

impl<R> Drop for Watched<R> {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
