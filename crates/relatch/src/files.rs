//! Opening and replacing files.

mod folders;

use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, Write};
use std::path::{Path, PathBuf};

use inventory::{Format, Input, Packing, Stream, Unpacked};
use tempfile::NamedTempFile;

use crate::failure::Failure;

pub(crate) use folders::inventories;

/// Whether a path means standard input or output.
pub(crate) fn is_standard(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// What a path means for people.
pub(crate) fn input_name(path: &Path) -> String {
    if is_standard(path) { "standard input".to_owned() } else { path.display().to_string() }
}

/// Opens an input, with its length in bytes where that is known; what is packed is unpacked.
pub(crate) fn open(path: &Path) -> Result<(Opened, Option<u64>), Failure> {
    let unreadable = |error| Failure::unreadable(path, &error);
    if is_standard(path) {
        return Ok((open_stream(path, io::stdin())?, None));
    }
    let mut file = File::open(path).map_err(unreadable)?;
    let metadata = file.metadata().map_err(unreadable)?;
    if metadata.is_dir() {
        return Err(unreadable(io::ErrorKind::IsADirectory.into()));
    }
    if !metadata.is_file() {
        return Ok((open_stream(path, file)?, None));
    }
    if packing(&mut file).map_err(unreadable)?.0 == Packing::Plain {
        file.rewind().map_err(unreadable)?;
        return Ok((Opened::File(file), Some(metadata.len())));
    }
    Ok((unpack(path, file)?, None))
}

/// Opens what cannot be read twice. A zip archive has its contents at its end, so it is first
/// copied to a temporary file.
fn open_stream(path: &Path, mut input: impl Read + Send + 'static) -> Result<Opened, Failure> {
    let unreadable = |error| Failure::unreadable(path, &error);
    let (packing, beginning) = packing(&mut input).map_err(unreadable)?;
    let mut input = io::Cursor::new(beginning).chain(input);
    if packing == Packing::Zip {
        let mut copy = tempfile::tempfile().map_err(unreadable)?;
        io::copy(&mut input, &mut copy).map_err(unreadable)?;
        return unpack(path, copy);
    }
    let content = Unpacked::stream(packing, input).map_err(|e| Failure::not_opened(path, e))?;
    open_content(path, content)
}

fn unpack(path: &Path, file: File) -> Result<Opened, Failure> {
    let content = Unpacked::open(file).map_err(|error| Failure::not_opened(path, error))?;
    open_content(path, content)
}

/// Opens what comes out of a stream; what is read from its end is first copied to a temporary file.
fn open_content(path: &Path, mut content: impl Read + Send + 'static) -> Result<Opened, Failure> {
    let unreadable = |error| Failure::unreadable(path, &error);
    let mut beginning = Vec::new();
    let begun = content.by_ref().take(Format::BEGINNING as u64).read_to_end(&mut beginning);
    // An error of the content is met again, by whoever knows what a line is.
    let content = io::Cursor::new(beginning).chain(Again { error: begun.err(), rest: content });
    if Format::is_read_from_end(content.get_ref().0.get_ref()) {
        let mut copy = tempfile::tempfile().map_err(unreadable)?;
        let mut content = content;
        io::copy(&mut content, &mut copy).map_err(unreadable)?;
        return Ok(Opened::File(copy));
    }
    Ok(Opened::Stream(Stream::new(Box::new(content))))
}

/// A stream whose first error was met before it was time.
struct Again<R> {
    error: Option<io::Error>,
    rest: R,
}

impl<R: Read> Read for Again<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.error.take().map_or_else(|| self.rest.read(buffer), Err)
    }
}

/// How an input is packed, with the bytes that were read to find out.
fn packing(input: &mut impl Read) -> io::Result<(Packing, Vec<u8>)> {
    let mut beginning = Vec::new();
    input.take(Packing::BEGINNING as u64).read_to_end(&mut beginning)?;
    Ok((Packing::of(&beginning), beginning))
}

/// An input that was opened.
pub(crate) enum Opened {
    /// A file that can be read at any place.
    File(File),
    /// Anything else.
    Stream(Stream<Box<dyn Read + Send>>),
}

#[cfg(unix)]
fn read_at(file: &File, place: u64, buffer: &mut [u8]) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, place)
}

#[cfg(windows)]
fn read_at(file: &File, place: u64, buffer: &mut [u8]) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, place)
}

impl Input for Opened {
    fn read_at(&self, place: u64, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::File(file) => read_at(file, place, buffer),
            Self::Stream(stream) => stream.read_at(place, buffer),
        }
    }

    fn length(&self) -> io::Result<Option<u64>> {
        match self {
            Self::File(file) => file.metadata().map(|metadata| Some(metadata.len())),
            Self::Stream(stream) => stream.length(),
        }
    }

    fn release(&self, before: u64) {
        if let Self::Stream(stream) = self {
            stream.release(before);
        }
    }
}

/// A file that takes its place only when it is complete: a failure leaves what stood there.
///
/// A pipe or a device that stands at the target is written to directly; it cannot be replaced.
pub(crate) struct Replacement {
    target: PathBuf,
    replaces: bool,
    file: BufWriter<Target>,
}

enum Target {
    Beside(NamedTempFile),
    Direct(File),
}

impl Replacement {
    /// Begins a file beside its place.
    pub(crate) fn begin(target: &Path) -> Result<Self, Failure> {
        let unwritable = |error: io::Error| Failure::unwritable(target, &error);
        let target_file = match target.canonicalize() {
            Ok(existing) if existing.is_dir() => {
                return Err(unwritable(io::ErrorKind::IsADirectory.into()));
            }
            Ok(existing) if existing.is_file() => beside(&existing),
            Ok(existing) => File::options().write(true).open(existing).map(Target::Direct),
            Err(_) => beside(target),
        };
        // Whoever writes much writes large pieces, which go past so small a buffer.
        let file = BufWriter::with_capacity(1 << 14, target_file.map_err(unwritable)?);
        let existing = target.canonicalize();
        let replaces = existing.is_ok();
        Ok(Self { target: existing.unwrap_or_else(|_| target.to_owned()), replaces, file })
    }

    /// Puts the complete file in its place.
    pub(crate) fn finish(self) -> Result<(), Failure> {
        let path = self.target;
        let failed = |source| Failure::WriteFailed { path: path.clone(), source };
        match self.file.into_inner().map_err(|error| failed(error.into_error()))? {
            Target::Direct(mut file) => file.flush().map_err(failed),
            Target::Beside(file) => {
                set_usual_permissions(file.as_file()).map_err(failed)?;
                // So that not even a power failure takes the old content without giving the new.
                // Where nothing stood, nothing can be lost, and nobody waits for the disk.
                if self.replaces {
                    file.as_file().sync_all().map_err(failed)?;
                }
                file.persist(&path).map(|_| ()).map_err(|error| failed(error.error))
            }
        }
    }

    /// The failure of a write to this file.
    pub(crate) fn failed(&self, source: io::Error) -> Failure {
        Failure::WriteFailed { path: self.target.clone(), source }
    }
}

fn beside(target: &Path) -> io::Result<Target> {
    let folder = match target.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    NamedTempFile::new_in(folder).map(Target::Beside)
}

impl Write for Target {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Beside(file) => file.write(bytes),
            Self::Direct(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Beside(file) => file.flush(),
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

/// Temporary files are readable by their owner only; a report is as readable as any new file.
#[cfg(unix)]
fn set_usual_permissions(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn set_usual_permissions(_file: &File) -> io::Result<()> {
    Ok(())
}

/// Writes a whole text to standard output, or in place of a file.
pub(crate) fn write_text(out: Option<&Path>, text: &str) -> Result<(), Failure> {
    match out.filter(|path| !is_standard(path)) {
        None => print(text),
        Some(path) => {
            let mut file = Replacement::begin(path)?;
            file.write_all(text.as_bytes()).map_err(|error| file.failed(error))?;
            file.finish()
        }
    }
}

/// Writes a whole text to standard output; styles go only where they are understood.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut stdout = anstream::stdout().lock();
    stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()).map_err(standard_output)
}

/// The failure of a write to standard output.
pub(crate) fn standard_output(source: io::Error) -> Failure {
    if source.kind() == io::ErrorKind::BrokenPipe {
        return Failure::ClosedPipe;
    }
    Failure::WriteFailed { path: PathBuf::from("standard output"), source }
}
