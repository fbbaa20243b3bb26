//! Work that takes long: without the lock of the interpreter, with progress, and with an end when
//! the user interrupts it.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use relatch::embedded::Observer;

/// The interval at which the interpreter checks the work.
const OFTEN: Duration = Duration::from_millis(50);

/// The progress of some work.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    reached: AtomicU64,
    ended: AtomicBool,
}

impl Watch {
    /// Takes note that so much more is done; an error if the work must end.
    pub(crate) fn has_done(&self, more: u64) -> io::Result<()> {
        self.reached.fetch_add(more, Ordering::Relaxed);
        match self.ended.load(Ordering::Relaxed) {
            true => Err(io::Error::other("interrupted")),
            false => Ok(()),
        }
    }
}

impl Observer for Watch {
    fn has_read(&self, bytes: usize) -> io::Result<()> {
        self.has_done(bytes as u64)
    }
}

/// Does some work in a thread of its own. Meanwhile other threads of the interpreter run;
/// `progress` is called with the name of the work and how far it has come, and an exception of it,
/// or an interrupt, ends the work.
pub(crate) fn wait<T: Send>(
    py: Python<'_>,
    name: &str,
    progress: Option<Py<PyAny>>,
    work: impl FnOnce(Arc<Watch>) -> T + Send,
) -> PyResult<T> {
    let watch = Arc::new(Watch::default());
    let (sender, done) = mpsc::channel();
    // A receiver may be used by one thread at a time only; the interpreter lets it wander.
    let done = std::sync::Mutex::new(done);
    thread::scope(|scope| {
        let its = Arc::clone(&watch);
        let worker = scope.spawn(move || {
            let result = work(its);
            // The one who waits may have gone.
            let _ = sender.send(());
            result
        });
        let waited = look_after(py, name, progress.as_ref(), &watch, &done);
        watch.ended.store(waited.is_err(), Ordering::Relaxed);
        // The work may need the interpreter to come to its end: tables are made in Python, too.
        let result = py.detach(|| worker.join());
        waited?;
        result.map_err(|_| PyRuntimeError::new_err("relatch has a fault: the work panicked"))
    })
}

/// Waits until the work is done.
fn look_after(
    py: Python<'_>,
    name: &str,
    progress: Option<&Py<PyAny>>,
    watch: &Watch,
    done: &std::sync::Mutex<mpsc::Receiver<()>>,
) -> PyResult<()> {
    let mut shown = None;
    loop {
        let ended = py.detach(|| {
            let done = done.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            done.recv_timeout(OFTEN)
        });
        if ended != Err(RecvTimeoutError::Timeout) {
            return Ok(());
        }
        py.check_signals()?;
        let reached = watch.reached.load(Ordering::Relaxed);
        if let Some(progress) = progress.filter(|_| shown != Some(reached)) {
            progress.call1(py, (name, reached))?;
            shown = Some(reached);
        }
    }
}
