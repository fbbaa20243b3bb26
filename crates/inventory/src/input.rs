//! Bytes by their place in the file, for several threads at once.

mod decoded;

use std::io::{self, Read};
use std::sync::{Mutex, PoisonError};

pub(crate) use decoded::{Decoded, Whole};

/// A file, or something that can be read like one.
///
/// ```
/// use inventory::Input;
///
/// let mut buffer = [0; 4];
/// assert_eq!("passcode".as_bytes().read_at(4, &mut buffer)?, 4);
/// assert_eq!(&buffer, b"code");
/// # Ok::<(), std::io::Error>(())
/// ```
pub trait Input: Send + Sync {
    /// Reads the bytes at a place of the file: fewer than fit only at its end.
    ///
    /// # Errors
    ///
    /// Why the bytes cannot be read.
    fn read_at(&self, place: u64, buffer: &mut [u8]) -> io::Result<usize>;

    /// Returns the number of bytes, if that can be known before all are read.
    ///
    /// # Errors
    ///
    /// The reason why the length cannot be determined.
    fn length(&self) -> io::Result<Option<u64>> {
        Ok(None)
    }

    /// Releases the bytes before a place, because none of them will be read again.
    fn release(&self, before: u64) {
        let _ = before;
    }
}

impl Input for &[u8] {
    fn read_at(&self, place: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let rest = usize::try_from(place).ok().and_then(|place| self.get(place..));
        let rest = rest.unwrap_or_default();
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        Ok(count)
    }

    fn length(&self) -> io::Result<Option<u64>> {
        Ok(Some(self.len() as u64))
    }
}

impl<I: Input> Input for &I {
    fn read_at(&self, place: u64, buffer: &mut [u8]) -> io::Result<usize> {
        (**self).read_at(place, buffer)
    }

    fn length(&self) -> io::Result<Option<u64>> {
        (**self).length()
    }

    fn release(&self, before: u64) {
        (**self).release(before);
    }
}

impl<I: Input + ?Sized> Input for Box<I> {
    fn read_at(&self, place: u64, buffer: &mut [u8]) -> io::Result<usize> {
        (**self).read_at(place, buffer)
    }

    fn length(&self) -> io::Result<Option<u64>> {
        (**self).length()
    }

    fn release(&self, before: u64) {
        (**self).release(before);
    }
}

/// The number of bytes of a stream that are read at a time, at least: some chunks, so that its decoder,
/// with what it remembers, seldom goes from the processor of one thread to that of another.
const AHEAD: usize = 1 << 20;

/// A stream as an [`Input`]: what was read is kept until it is released.
pub struct Stream<R>(Mutex<Window<R>>);

struct Window<R> {
    stream: R,
    /// The bytes from `begin` on; those up to `released` are not needed any more.
    bytes: Vec<u8>,
    begin: u64,
    released: usize,
    /// An error behind the bytes.
    failed: Option<io::Error>,
}

impl<R: Read> Stream<R> {
    /// Wraps a stream.
    pub fn new(stream: R) -> Self {
        Self(Mutex::new(Window { stream, bytes: Vec::new(), begin: 0, released: 0, failed: None }))
    }
}

#[cfg(test)]
impl<R> Stream<R> {
    /// Returns the number of bytes that its memory has room for.
    pub(crate) fn room(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).bytes.capacity()
    }
}

impl<R: Read + Send> Input for Stream<R> {
    fn read_at(&self, place: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let mut window = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let gone = || io::Error::other("a part of a stream was asked for after its release");
        window.shrink();
        let start = place.checked_sub(window.begin).ok_or_else(gone)?;
        let start = usize::try_from(start).map_err(io::Error::other)?;
        window.read_up_to(start + buffer.len())?;
        let rest = window.bytes.get(start..).unwrap_or_default();
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        Ok(count)
    }

    fn release(&self, before: u64) {
        let mut window = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = usize::try_from(before.saturating_sub(window.begin)).unwrap_or(usize::MAX);
        window.released = window.released.max(count.min(window.bytes.len()));
    }
}

impl<R: Read> Window<R> {
    /// Reads on until there are `length` bytes, or the stream ends; if bytes are missing, then
    /// [`AHEAD`] at least. An error behind the bytes that are missing is returned when it is reached.
    fn read_up_to(&mut self, length: usize) -> io::Result<()> {
        let Some(missing) = length.checked_sub(self.bytes.len()).filter(|count| *count > 0) else {
            return Ok(());
        };
        let missing = u64::try_from(missing.max(AHEAD)).unwrap_or(u64::MAX);
        let Self { stream, bytes, failed, .. } = self;
        let read = match failed.take() {
            Some(error) => Err(error),
            None => stream.by_ref().take(missing).read_to_end(bytes),
        };
        match read {
            Err(error) if bytes.len() >= length => *failed = Some(error),
            read => return read.map(|_| ()),
        }
        Ok(())
    }

    /// Drops what was released, once that is most of what there is.
    fn shrink(&mut self) {
        if self.released * 2 > self.bytes.len() {
            self.bytes.drain(..self.released);
            self.begin += self.released as u64;
            self.released = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_behind_the_bytes_that_are_needed_is_met_where_it_is() {
        let failing = Box::new(io::BufReader::new(&b"0123456789"[..]).chain(Failing));
        let stream = Stream::new(failing);
        let mut buffer = [0; 5];
        assert_eq!(stream.read_at(5, &mut buffer).unwrap(), 5);
        assert_eq!(&buffer, b"56789");
        assert!(stream.read_at(8, &mut buffer).is_err());
        assert_eq!(stream.read_at(0, &mut buffer).unwrap(), 5);
    }

    struct Failing;

    impl Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("it is damaged"))
        }
    }
}
