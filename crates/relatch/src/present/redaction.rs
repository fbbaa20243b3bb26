//! `--redact`: pseudonyms in place of the texts of inventories.
//!
//! A plain hash of a serial number is found by trying all serial numbers, so a pseudonym is made with
//! a secret key: HMAC-SHA-256 (RFC 2104), shortened to 64 bits. The same text has the same
//! pseudonym everywhere, as long as the key is the same.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::fs::OpenOptions;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use inventory::{CellProblem, Found, Problems, Rejection};
use sha2::{Digest, Sha256};

use crate::error::Error;
use crate::files;
use crate::present::terminal::harmless;

/// The replacement of a text that is shown only because it was not understood.
const HIDDEN: &str = "…";

/// The number of bytes a key has.
const KEY: usize = 32;

/// The block of SHA-256.
const BLOCK: usize = 64;

static CHOSEN: OnceLock<(PathBuf, [u8; KEY])> = OnceLock::new();

/// Chooses, once for the whole run, a file with the key of pseudonyms. It is made if there is none.
pub(crate) fn choose(path: Option<&Path>) -> Result<(), Error> {
    let Some(path) = path else { return Ok(()) };
    let key = match std::fs::File::open(path) {
        Ok(file) => read(path, file)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => make(path)?,
        Err(error) => return Err(Error::unreadable(path, &error)),
    };
    let _ = CHOSEN.set((path.to_owned(), key));
    Ok(())
}

fn read(path: &Path, file: impl Read) -> Result<[u8; KEY], Error> {
    let mut text = Vec::new();
    // One byte more than a key with a line end of Windows.
    let read = file.take(2 * KEY as u64 + 3).read_to_end(&mut text);
    read.map_err(|error| Error::unreadable(path, &error))?;
    let digits = str::from_utf8(text.trim_ascii()).ok().filter(|text| text.len() == 2 * KEY);
    let mut key = [0; KEY];
    let valid = digits.is_some_and(|digits| {
        key.iter_mut().zip(digits.as_bytes().chunks(2)).all(|(byte, pair)| {
            let number = str::from_utf8(pair).ok().and_then(|it| u8::from_str_radix(it, 16).ok());
            *byte = number.unwrap_or_default();
            number.is_some()
        })
    });
    if valid {
        return Ok(key);
    }
    Err(Error::Argument {
        message: format!("`{}` is no key for `--redact`", path.display()),
        hint: "name a file that does not exist yet, in which a key is then made".to_owned(),
    })
}

/// Makes a key that only its owner may read, where the system knows owners.
fn make(path: &Path) -> Result<[u8; KEY], Error> {
    let mut key = [0; KEY];
    getrandom::fill(&mut key).map_err(|error| Error::write(path, io::Error::other(error)))?;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(|error| Error::unwritable(path, &error))?;
    let written = file.write_all(format!("{}\n", hexadecimal(&key)).as_bytes());
    written.map_err(|error| Error::write(path, error))?;
    let name = path.display().to_string();
    files::note(&format!(
        "note: made the key `{}`; keep it secret, and use it again for the same pseudonyms",
        harmless(&name)
    ));
    Ok(key)
}

/// Returns true if nothing of an inventory may be shown as it is.
pub(crate) fn is_on() -> bool {
    CHOSEN.get().is_some()
}

/// Returns the file of the key, if one was chosen.
pub(crate) fn key_file() -> Option<&'static Path> {
    CHOSEN.get().map(|(path, _)| &**path)
}

/// Returns the pseudonym of a text, or the text without `--redact`; a blank one stays blank.
pub(crate) fn pseudonym(text: &str) -> Cow<'_, str> {
    match CHOSEN.get() {
        Some((_, key)) if !text.is_empty() => {
            format!("anon-{}", hexadecimal(&hmac(key, text.as_bytes())[..8])).into()
        }
        _ => text.into(),
    }
}

fn hmac(key: &[u8; KEY], text: &[u8]) -> [u8; 32] {
    let padded = |pad: u8| {
        let mut block = [pad; BLOCK];
        block.iter_mut().zip(key).for_each(|(byte, key)| *byte ^= key);
        Sha256::new().chain_update(block)
    };
    let inner = padded(0x36).chain_update(text).finalize();
    padded(0x5c).chain_update(inner).finalize().into()
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a string takes any text");
        text
    })
}

/// Hides the texts of cells that were not understood and of rejected rows.
pub(crate) fn hide(cells: &mut [CellProblem], rejections: &mut [Rejection]) {
    if is_on() {
        cells.iter_mut().for_each(|cell| HIDDEN.clone_into(&mut cell.text));
        for rejection in rejections {
            HIDDEN.clone_into(&mut rejection.text);
            // What was expected may quote another cell.
            let parts = rejection.expected.split('`').enumerate();
            let parts = parts.map(|(place, part)| if place % 2 == 1 { HIDDEN } else { part });
            rejection.expected = parts.collect::<Vec<_>>().join("`");
        }
    }
}

/// Hides the texts of cells that were not understood.
pub(crate) fn hide_all(problems: &mut Problems) {
    if is_on() {
        problems.texts_mut().for_each(|text| HIDDEN.clone_into(text));
    }
}

/// Returns the kind of a file that is not an inventory, as words for a message.
pub(crate) fn found(found: &Found) -> String {
    if is_on() { "no inventory".to_owned() } else { found.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_keyed_hash_is_that_of_the_standard() {
        // RFC 4231, section 4.2 has a key of 20 bytes, which zeros fill up.
        let mut key = [0; KEY];
        key[..20].fill(0x0b);
        let hash = hexadecimal(&hmac(&key, b"Hi There"));
        assert_eq!(hash, "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    }

    #[test]
    fn a_key_is_read_as_it_was_written_and_nothing_else_is_one() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("key");
        let key = make(&path).expect("it can be written");
        let text = std::fs::read_to_string(&path).expect("it was written");
        assert_eq!(read(&path, text.as_bytes()).expect("it is one"), key);
        assert_eq!(read(&path, text.replace('\n', "\r\n").as_bytes()).expect("it is one"), key);
        for text in ["", "Device ID,OS\n", &text[1..], &text.replace('\n', "0\n"), &"g".repeat(64)]
        {
            assert!(read(&path, text.as_bytes()).is_err(), "{text}");
        }
    }
}
