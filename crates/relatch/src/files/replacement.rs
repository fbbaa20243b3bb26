//! Files that take their place only when they are complete.

use std::fs::{File, Permissions, TryLockError};
use std::io::{self, BufWriter, Seek, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::interrupt::{self, Unfinished};
use crate::error::Error;

/// The beginning and the end of the name of an unfinished file. A name with a dot is no inventory.
const PREFIX: &str = ".relatch-";
const SUFFIX: &str = ".unfinished";

/// A buffer that large writes go past.
const SMALL: usize = 1 << 14;

/// A file that takes its place only when it is complete: a failure leaves the previous one.
///
/// A link is followed. A pipe or a device at the target is written to directly; it cannot be
/// replaced.
pub(crate) struct Replacement {
    /// The path as it was given, for messages.
    given: PathBuf,
    target: PathBuf,
    file: BufWriter<Target>,
}

enum Target {
    Beside {
        file: NamedTempFile,
        unfinished: Unfinished,
        /// The permissions of the file that is replaced.
        replaces: Option<Permissions>,
    },
    Direct(File),
}

impl Replacement {
    /// Begins a file beside its place.
    pub(crate) fn begin(given: &Path) -> Result<Self, Error> {
        let unwritable = |error: io::Error| Error::unwritable(given, &error);
        if cfg!(windows) && is_windows_device(given) {
            let file = File::options().write(true).open(given).map_err(unwritable)?;
            let file = BufWriter::with_capacity(SMALL, Target::Direct(file));
            return Ok(Self { given: given.to_owned(), target: given.to_owned(), file });
        }
        let (target, file) = match given.canonicalize() {
            Ok(existing) => {
                let metadata = existing.metadata().map_err(unwritable)?;
                let permissions = metadata.permissions();
                let file = if metadata.is_dir() {
                    Err(io::ErrorKind::IsADirectory.into())
                } else if !metadata.is_file() {
                    File::options().write(true).open(&existing).map(Target::Direct)
                } else if permissions.readonly() {
                    let hint = "make it writable, or name another file";
                    return Err(Error::not_replaced(given, "the file is read-only", hint));
                } else {
                    // A file that must not be written must not be replaced either.
                    let writable = File::options().write(true).open(&existing);
                    writable.and_then(|_| beside(&existing, Some(permissions)))
                };
                (existing, file)
            }
            Err(_) if given.is_symlink() => {
                let reason = "it is a link to a file that does not exist";
                let hint = "name the file itself, or remove the link";
                return Err(Error::not_replaced(given, reason, hint));
            }
            Err(_) => (given.to_owned(), beside(given, None)),
        };
        let file = BufWriter::with_capacity(SMALL, file.map_err(unwritable)?);
        Ok(Self { given: given.to_owned(), target, file })
    }

    /// Returns true if what is written cannot be read again, because it goes to a pipe or a device.
    pub(crate) fn is_direct(&self) -> bool {
        matches!(self.file.get_ref(), Target::Direct(_))
    }

    /// Returns the text written so far, from its beginning, and an empty file in its place.
    pub(crate) fn begin_again(self) -> Result<(File, Self), Error> {
        let path = self.given;
        let failed = |source| Error::WriteFailed { path: path.clone(), source };
        let again = Self::begin(&path)?;
        match self.file.into_inner().map_err(|error| failed(error.into_error()))? {
            Target::Beside { file, .. } => {
                // The same handle: on Windows the lock keeps out every other one, of this process too.
                let mut file = file.into_file();
                file.rewind().map_err(failed)?;
                Ok((file, again))
            }
            Target::Direct(_) => Err(failed(io::ErrorKind::Unsupported.into())),
        }
    }

    /// Puts the complete file in its place.
    pub(crate) fn finish(self) -> Result<(), Error> {
        let path = self.given;
        let failed = |source| Error::WriteFailed { path: path.clone(), source };
        match self.file.into_inner().map_err(|error| failed(error.into_error()))? {
            Target::Direct(mut file) => file.flush().map_err(failed),
            Target::Beside { file, unfinished, replaces } => {
                // So that not even a power failure takes the old content without giving the new.
                // Without a previous file nothing can be lost, so there is no wait for the disk.
                if let Some(permissions) = replaces {
                    file.as_file().set_permissions(permissions).map_err(failed)?;
                    file.as_file().sync_all().map_err(failed)?;
                }
                file.persist(&self.target).map_err(|error| failed(error.error))?;
                drop(unfinished);
                Ok(())
            }
        }
    }

    /// Returns the failure of a write to this file.
    pub(crate) fn failed(&self, source: io::Error) -> Error {
        Error::WriteFailed { path: self.given.clone(), source }
    }
}

fn beside(target: &Path, replaces: Option<Permissions>) -> io::Result<Target> {
    let folder = match target.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    interrupt::watch_if_own();
    remove_leftovers(folder);
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX).suffix(SUFFIX);
    #[cfg(unix)]
    if replaces.is_none() {
        use std::os::unix::fs::PermissionsExt;
        // The mask of the process is applied, as to any new file. What replaces a file may be as
        // confidential as that one, so no one else reads it before it has the same permissions.
        builder.permissions(Permissions::from_mode(0o666));
    }
    loop {
        let file = builder.tempfile_in(folder)?;
        let unfinished = Unfinished::new(file.path());
        // The lock shows other runs that this file is no leftover. A run that looked for leftovers
        // before there was the lock may have removed the file.
        if is_taken(&file.as_file().try_lock()) || !file.path().exists() {
            continue;
        }
        return Ok(Target::Beside { file, unfinished, replaces });
    }
}

/// Returns true if a path is a device on Windows, such as `NUL`, in whatever folder.
///
/// Source: <https://learn.microsoft.com/en-us/windows/win32/fileio/naming-a-file>.
fn is_windows_device(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_ascii_uppercase();
    let port = name.strip_prefix("COM").or_else(|| name.strip_prefix("LPT"));
    matches!(&*name, "CON" | "PRN" | "AUX" | "NUL")
        || port.is_some_and(|number| matches!(number.as_bytes(), [b'1'..=b'9']))
}

fn is_taken(lock: &Result<(), TryLockError>) -> bool {
    matches!(lock, Err(TryLockError::WouldBlock))
}

/// Removes the unfinished files of runs that were killed: no one holds a lock on them.
fn remove_leftovers(folder: &Path) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in
        entries.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| is_unfinished(path))
    {
        let Ok(file) = File::options().write(true).open(&path) else { continue };
        if file.try_lock().is_ok() && std::fs::remove_file(&path).is_ok() {
            let path = path.display();
            super::note(&format!("note: removed `{path}`, which a run left that was killed"));
        }
    }
}

/// Returns true if a path has the name of an unfinished file.
pub(super) fn is_unfinished(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with(PREFIX) && name.ends_with(SUFFIX)
}

impl Write for Target {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Beside { file, .. } => file.write(bytes),
            Self::Direct(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Beside { file, .. } => file.flush(),
            Self::Direct(file) => file.flush(),
        }
    }
}

impl Write for Replacement {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices_of_windows_are_known_by_their_names() {
        let devices = ["NUL", "nul", "folder/con", "COM1", "lpt9"];
        assert!(devices.iter().all(|name| is_windows_device(Path::new(name))));
        let files = ["null", "COM0", "COM10", "LPT", "nul.csv", "/", ""];
        assert!(files.iter().all(|name| !is_windows_device(Path::new(name))));
    }

    #[test]
    fn what_was_written_is_read_again_from_its_beginning() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("list.csv");
        let mut first = Replacement::begin(&path).unwrap();
        first.write_all(b"once").unwrap();
        let (mut before, mut again) = first.begin_again().unwrap();
        again.write_all(b"twice").unwrap();
        again.finish().unwrap();
        assert_eq!(io::read_to_string(&mut before).unwrap(), "once");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "twice");
        drop(before);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
