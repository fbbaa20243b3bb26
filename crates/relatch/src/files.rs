//! Opening and replacing files.

mod documents;
mod folders;
mod identity;
pub(crate) mod interrupt;
mod lakes;
mod replacement;

use std::fs::File;
use std::io::{self, Read, Seek, Write};
use std::path::Path;

use inventory::{Format, Input, Packing, PassedOver, Purpose, Stream, Unpacked};

use crate::embedded;
use crate::error::Error;
use crate::present::terminal;

pub(crate) use documents::{read_document, settings_hint, slip, unusable};
pub(crate) use folders::{InputFile, inventories, is_shared_setup, scenarios};
pub(crate) use identity::{Output, keep_apart};
pub(crate) use lakes::columns_in_folders;
pub(crate) use replacement::Replacement;

/// Returns true if a path means standard input or output.
pub(crate) fn is_standard(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// Returns true if a path is read once only: standard input, or a pipe.
pub(crate) fn is_stream(path: &Path) -> bool {
    is_standard(path) || path.exists() && !path.is_file() && !path.is_dir()
}

/// Returns the words for a path.
pub(crate) fn input_name(path: &Path) -> String {
    if is_standard(path) { "standard input".to_owned() } else { path.display().to_string() }
}

/// Returns the type of a path that is not a regular file, if anything is there.
pub(crate) fn no_file(path: &Path) -> Option<&'static str> {
    match path.metadata() {
        Ok(metadata) if metadata.is_file() => None,
        Ok(_) => Some("a pipe or a device"),
        Err(_) if path.is_symlink() => Some("a link that leads to no file"),
        // The error is met again by the one who opens it.
        Err(_) => None,
    }
}

/// An input, and what is known of it.
pub(crate) struct Source {
    pub(crate) input: Opened,
    /// Its length in bytes, where that is known.
    pub(crate) length: Option<u64>,
    /// The files of the archive that are no inventories.
    pub(crate) passed_over: Vec<PassedOver>,
    /// The number of rows that Excel does not show.
    pub(crate) hidden_rows: u64,
}

/// Opens an input; what is packed is unpacked.
pub(crate) fn open(path: &Path) -> Result<Source, Error> {
    open_for(Purpose::Inventory, path)
}

/// Opens an inventory or a facts file; what is packed is unpacked.
pub(crate) fn open_for(purpose: Purpose, path: &Path) -> Result<Source, Error> {
    let unreadable = |error| Error::unreadable(path, &error);
    if is_standard(path) {
        return open_stream(purpose, path, io::stdin());
    }
    let mut file = File::open(path).map_err(unreadable)?;
    let metadata = file.metadata().map_err(unreadable)?;
    if metadata.is_dir() {
        return Err(unreadable(io::ErrorKind::IsADirectory.into()));
    }
    if !metadata.is_file() {
        return open_stream(purpose, path, file);
    }
    if packing(&mut file).map_err(unreadable)?.0 == Packing::Plain {
        file.rewind().map_err(unreadable)?;
        let length = metadata.len();
        let input = Opened::File { file, length };
        let passed_over = Vec::new();
        return Ok(Source { input, length: Some(length), passed_over, hidden_rows: 0 });
    }
    unpack(purpose, path, file)
}

/// Opens what cannot be read twice. A zip archive has its contents at its end, so it is first
/// copied to a temporary file.
fn open_stream(
    purpose: Purpose,
    path: &Path,
    mut input: impl Read + Send + 'static,
) -> Result<Source, Error> {
    let unreadable = |error| Error::unreadable(path, &error);
    let (packing, beginning) = packing(&mut input).map_err(unreadable)?;
    let mut input = io::Cursor::new(beginning).chain(input);
    if packing == Packing::Zip {
        return unpack(purpose, path, spooled(path, &mut input)?);
    }
    let content = Unpacked::stream(packing, input).map_err(|e| Error::not_opened(path, e))?;
    open_content(path, content)
}

fn unpack(purpose: Purpose, path: &Path, file: File) -> Result<Source, Error> {
    let content =
        Unpacked::open_for(purpose, file).map_err(|error| Error::not_opened(path, error))?;
    open_content(path, content)
}

/// Opens what comes out of a stream; what is read from its end is first copied to a temporary file.
fn open_content(path: &Path, mut content: Unpacked<'static>) -> Result<Source, Error> {
    let (passed_over, hidden_rows) = (content.passed_over().to_vec(), content.hidden_rows());
    let mut beginning = Vec::new();
    let begun = content.by_ref().take(Format::BEGINNING as u64).read_to_end(&mut beginning);
    // An error of the content is met again by the reader that knows lines.
    let content = io::Cursor::new(beginning).chain(Again { error: begun.err(), rest: content });
    if Format::is_read_from_end(content.get_ref().0.get_ref()) {
        let file = spooled(path, &mut { content })?;
        let length = file.metadata().map_err(|error| Error::unreadable(path, &error))?.len();
        let input = Opened::File { file, length };
        return Ok(Source { input, length: None, passed_over, hidden_rows });
    }
    let input = Opened::Stream(Stream::new(Box::new(content)));
    Ok(Source { input, length: None, passed_over, hidden_rows })
}

/// The most bytes of a stream that are copied to a temporary file.
const MOST_SPOOLED: u64 = 16 << 30;

/// Copies a stream to a temporary file, because it is read from its end.
fn spooled(path: &Path, input: &mut impl Read) -> Result<File, Error> {
    let unwritable = |error: &io::Error| Error::Argument {
        message: format!(
            "`{}` cannot be copied to the folder `{}`: {error}",
            input_name(path),
            std::env::temp_dir().display()
        ),
        hint: "save it to a file first, or set `TMPDIR` to a folder with room".to_owned(),
    };
    let mut copy = tempfile::tempfile().map_err(|error| unwritable(&error))?;
    match io::copy(&mut input.take(MOST_SPOOLED), &mut copy) {
        Ok(MOST_SPOOLED) => Err(unwritable(&io::ErrorKind::FileTooLarge.into())),
        Ok(_) => Ok(copy),
        Err(error) if error.kind() == io::ErrorKind::StorageFull => Err(unwritable(&error)),
        Err(error) => Err(Error::unreadable(path, &error)),
    }
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

/// Returns the packing of an input, with the bytes that were read to detect it.
fn packing(input: &mut impl Read) -> io::Result<(Packing, Vec<u8>)> {
    let mut beginning = Vec::new();
    input.take(Packing::BEGINNING as u64).read_to_end(&mut beginning)?;
    Ok((Packing::of(&beginning), beginning))
}

/// An input that was opened.
pub(crate) enum Opened {
    /// A file that can be read at any place. What another program appends to it from now on is not
    /// read, or an end might never come.
    File { file: File, length: u64 },
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
            Self::File { file, length } => {
                let rest = usize::try_from(length.saturating_sub(place)).unwrap_or(usize::MAX);
                let fitting = rest.min(buffer.len());
                read_at(file, place, &mut buffer[..fitting])
            }
            Self::Stream(stream) => stream.read_at(place, buffer),
        }
    }

    fn length(&self) -> io::Result<Option<u64>> {
        match self {
            Self::File { length, .. } => Ok(Some(*length)),
            Self::Stream(stream) => stream.length(),
        }
    }

    fn release(&self, before: u64) {
        if let Self::Stream(stream) = self {
            stream.release(before);
        }
    }
}

/// The destination of a report: standard output, or a file that is replaced when the report is
/// complete.
pub(crate) struct Report(Option<Replacement>);

impl Report {
    /// Begins a report; no path, and `-`, mean standard output.
    pub(crate) fn begin(out: Option<&Path>) -> Result<Self, Error> {
        out.filter(|path| !is_standard(path)).map(Replacement::begin).transpose().map(Self)
    }

    /// Writes the whole report. Styles go only where they are understood, and never to a file.
    pub(crate) fn finish(self, text: &str) -> Result<(), Error> {
        let Some(mut file) = self.0 else { return print(text) };
        let plain = terminal::plain(text);
        file.write_all(plain.as_bytes()).map_err(|error| file.failed(error))?;
        file.finish()
    }
}

/// Writes a whole text in place of a file.
pub(crate) fn write_text(path: &Path, text: &str) -> Result<(), Error> {
    let mut file = Replacement::begin(path)?;
    file.write_all(text.as_bytes()).map_err(|error| file.failed(error))?;
    file.finish()
}

/// Writes a whole report to standard output; styles go only where they are understood.
pub(crate) fn print(report: &str) -> Result<(), Error> {
    if embedded::takes_output(|| terminal::plain(report)) {
        return Ok(());
    }
    write_out(&terminal::ready(report))
}

/// Writes a whole text to standard output; codes for a terminal go only to one.
pub(crate) fn print_exactly(text: &str) -> Result<(), Error> {
    if embedded::takes_output(|| text.to_owned()) { Ok(()) } else { write_out(text) }
}

fn write_out(text: &str) -> Result<(), Error> {
    let mut stdout = anstream::stdout().lock();
    stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()).map_err(standard_output)
}

/// Writes a warning to standard error.
pub(crate) fn warn(message: &str) {
    let style = anstyle::AnsiColor::Yellow.on_default().bold();
    note(&format!("{style}warning{style:#}: {message}"));
}

/// Writes a line to standard error as it is.
pub(crate) fn note(message: &str) {
    if !embedded::takes_warning(message) {
        anstream::eprintln!("{message}");
    }
}

/// Returns the failure of a write to standard output.
pub(crate) fn standard_output(source: io::Error) -> Error {
    if source.kind() == io::ErrorKind::BrokenPipe {
        return Error::ClosedPipe;
    }
    Error::StandardOutput(source)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_appended_to_an_open_file_is_not_read() {
        let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
        let before = b"platform\nios\n";
        file.write_all(before).expect("there is room");
        let Ok(Source { input, length, .. }) = open(file.path()) else { panic!("it is there") };
        file.write_all(&b"android\n".repeat(1000)).expect("there is room");
        let mut buffer = [0; 4096];
        assert_eq!(input.read_at(0, &mut buffer).expect("it is read"), before.len());
        assert_eq!(input.read_at(before.len() as u64, &mut buffer).expect("it is read"), 0);
        assert_eq!((input.length().expect("it is known"), length), (Some(13), Some(13)));
    }
}
