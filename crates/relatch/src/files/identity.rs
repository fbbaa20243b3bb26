//! The identity of files, so that no output is an input.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use super::is_standard;
use crate::error::Error;
use crate::present::redaction;

/// A file, whatever path leads to it.
#[derive(Debug, PartialEq, Eq)]
enum Identity {
    /// A file that exists, by its number on its device: links of both types lead to it.
    #[cfg(unix)]
    Existing(u64, u64),
    #[cfg(windows)]
    Existing(same_file::Handle),
    /// A file that is not there yet.
    New(PathBuf),
}

impl Identity {
    /// Returns the file that a path leads to; none for what is no regular file, which holds
    /// nothing that could be lost.
    fn of(path: &Path) -> Option<Self> {
        match path.metadata() {
            Ok(metadata) if !metadata.is_file() => None,
            #[cfg(unix)]
            Ok(metadata) => Self::of_metadata(&metadata),
            #[cfg(windows)]
            Ok(_) => same_file::Handle::from_path(path).ok().map(Self::Existing),
            Err(_) => {
                let folder = match path.parent() {
                    Some(parent) if !parent.as_os_str().is_empty() => parent,
                    _ => Path::new("."),
                };
                let name = path.file_name()?;
                // There, names that differ in case only are one file.
                let name = if cfg!(windows) { name.to_ascii_lowercase() } else { name.to_owned() };
                Some(Self::New(folder.canonicalize().ok()?.join(name)))
            }
        }
    }

    #[cfg(unix)]
    fn of_metadata(metadata: &std::fs::Metadata) -> Option<Self> {
        use std::os::unix::fs::MetadataExt;
        metadata.is_file().then(|| Self::Existing(metadata.dev(), metadata.ino()))
    }

    /// Returns the file that standard input or output is redirected to.
    #[cfg(unix)]
    fn of_stream(stream: &impl std::os::fd::AsFd) -> Option<Self> {
        let file = File::from(stream.as_fd().try_clone_to_owned().ok()?);
        Self::of_metadata(&file.metadata().ok()?)
    }

    #[cfg(windows)]
    fn of_stream(stream: &impl std::os::windows::io::AsHandle) -> Option<Self> {
        let file = File::from(stream.as_handle().try_clone_to_owned().ok()?);
        let regular = file.metadata().ok()?.is_file();
        regular.then(|| same_file::Handle::from_file(file).ok())?.map(Self::Existing)
    }
}

/// An output of a command.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Output<'a> {
    /// The option that names it.
    pub(crate) option: &'static str,
    /// The destination; none is standard output.
    pub(crate) path: Option<&'a Path>,
}

impl Output<'_> {
    fn identity(&self) -> Option<Identity> {
        match self.path.filter(|path| !is_standard(path)) {
            Some(path) => Identity::of(path),
            None => Identity::of_stream(&io::stdout()),
        }
    }

    fn name(&self) -> String {
        match self.path.filter(|path| !is_standard(path)) {
            Some(path) => format!("`{} {}`", self.option, path.display()),
            None => "standard output".to_owned(),
        }
    }
}

/// Refuses outputs that are inputs, and two outputs that are one file.
pub(crate) fn keep_apart<'i>(
    inputs: impl IntoIterator<Item = &'i Path>,
    outputs: &[Output<'_>],
) -> Result<(), Error> {
    let written: Vec<_> =
        outputs.iter().filter_map(|output| Some((output.identity()?, output))).collect();
    for (place, (file, output)) in written.iter().enumerate() {
        if let Some((_, other)) = written[..place].iter().find(|(other, _)| other == file) {
            return Err(refused(format!("{} is also {}", output.name(), other.name())));
        }
    }
    for input in inputs.into_iter().chain(redaction::key_file()) {
        let file = if is_standard(input) {
            Identity::of_stream(&io::stdin())
        } else {
            Identity::of(input)
        };
        let Some(file) = file else { continue };
        if let Some((_, output)) = written.iter().find(|(output, _)| *output == file) {
            let (output, input) = (output.name(), super::input_name(input));
            return Err(refused(format!("{output} is also an input, `{input}`")));
        }
    }
    Ok(())
}

fn refused(message: String) -> Error {
    Error::Argument { message, hint: "nothing was written; name another file".to_owned() }
}
