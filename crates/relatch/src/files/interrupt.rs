//! An interrupted run leaves no unfinished files behind.
//!
//! Sources: the exit code of a run that a signal ended is 128 and the number of the signal
//! (<https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html>, 2.8.2); Windows
//! has `STATUS_CONTROL_C_EXIT`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, Once, PoisonError};

/// The unfinished files of this process.
static UNFINISHED: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// True if this program handles signals; inside another program it does not.
static OWN: AtomicBool = AtomicBool::new(false);

/// The beginning of the watch, which has a thread of its own.
static WATCH: Once = Once::new();

/// An unfinished file, which an interrupt removes.
#[derive(Debug)]
pub(super) struct Unfinished(PathBuf);

impl Unfinished {
    /// Registers a file.
    pub(super) fn new(path: &Path) -> Self {
        UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned());
        Self(path.to_owned())
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.0);
    }
}

/// Removes the unfinished files and ends the process.
///
/// The lock is kept to the end, so that no file is begun or takes its place meanwhile.
fn end(code: i32) -> ! {
    let unfinished = UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner);
    for path in &*unfinished {
        // A file that cannot be removed is found by the next run that writes to its folder.
        let _ = std::fs::remove_file(path);
    }
    std::process::exit(code)
}

/// Lets an interrupt of this process remove unfinished files. As long as there are none, a signal ends
/// it as it ends any program.
pub(crate) fn own() {
    OWN.store(true, Ordering::Relaxed);
}

/// Begins to watch for signals, if they are this program's own: before a file is created.
pub(super) fn watch_if_own() {
    if OWN.load(Ordering::Relaxed) {
        WATCH.call_once(watch);
    }
}

/// Ends the process in good order if it is interrupted, terminated or loses its terminal.
#[cfg(unix)]
fn watch() {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    let hangup = (!is_ignored(SIGHUP)).then_some(SIGHUP);
    // Without the watch a signal ends the process all the same; only the files would stay.
    let Ok(mut signals) =
        signal_hook::iterator::Signals::new([SIGINT, SIGTERM].into_iter().chain(hangup))
    else {
        return;
    };
    std::thread::spawn(move || {
        if let Some(signal) = signals.forever().next() {
            end(128 + signal);
        }
    });
}

/// Returns true if the parent process wants it to ignore a signal, as `nohup` does.
///
/// Only Linux shows that in a file; elsewhere a signal is taken as usual.
#[cfg(unix)]
fn is_ignored(signal: i32) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.is_some_and(|mask| mask >> (signal - 1) & 1 == 1)
}

/// Ends the process in good order if it is interrupted.
#[cfg(windows)]
fn watch() {
    const STATUS_CONTROL_C_EXIT: u32 = 0xC000_013A;
    let _ = ctrlc::set_handler(|| end(STATUS_CONTROL_C_EXIT.cast_signed()));
}
