//! The unlock token: bytes that never appear in a trace, a message or a panic.
//!
//! A real one is a key bag in a row of tags, lengths and values. Its form matters only to
//! the device, and here it only decides the size: see the example at
//! <https://developer.apple.com/documentation/devicemanagement/tokenupdaterequest> and
//! <https://github.com/micromdm/micromdm/issues/807>.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

/// The length of the first of a real token's two outer values, its key bag.
const INNER_LENGTH: usize = 1268;

/// The length of the second, a signature of the first.
const SIGNATURE_LENGTH: usize = 20;

/// An unlock token. Its `Debug` and `Display` forms show the length only.
///
/// ```
/// use device_sim::apple::UnlockToken;
///
/// let token = UnlockToken::issued("00008030-001A", 1);
/// assert_eq!(token.to_string(), "1304-bytes");
/// assert_eq!(format!("{token:?}"), "UnlockToken(1304 bytes)");
/// assert_ne!(token, UnlockToken::issued("00008030-001A", 2));
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct UnlockToken(Form);

/// Every simulated enrolment makes a token of 1,304 bytes and few are ever sent as bytes, so those
/// of simulated devices are written on demand.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Form {
    /// Written by [`written`] from this number, and by no other.
    Issued(u64),
    Bytes(Arc<[u8]>),
}

impl UnlockToken {
    /// Returns a token with these bytes.
    pub fn new(bytes: &[u8]) -> Self {
        let number = bytes.get(8..16).and_then(|bytes| bytes.try_into().ok());
        match number.map(u64::from_be_bytes) {
            Some(number) if written(number) == bytes => Self(Form::Issued(number)),
            _ => Self(Form::Bytes(bytes.into())),
        }
    }

    /// Returns the token that a device hands out at its enrolment number `generation`, in the form
    /// of a real one: twice a four-letter tag, the length in four bytes, and the value.
    pub fn issued(device: &str, generation: u32) -> Self {
        // A number that differs from device to device and from one enrolment to the next.
        let first: u64 = 0xcbf2_9ce4_8422_2325 ^ u64::from(generation);
        let mix = |number: u64, byte| (number ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        Self(Form::Issued(device.bytes().fold(first, mix)))
    }

    /// Returns the number of bytes.
    pub(crate) fn length(&self) -> usize {
        match &self.0 {
            Form::Issued(_) => INNER_LENGTH + SIGNATURE_LENGTH + 16,
            Form::Bytes(bytes) => bytes.len(),
        }
    }

    /// Returns the bytes; for the wire, never for showing.
    pub fn reveal(&self) -> Cow<'_, [u8]> {
        match &self.0 {
            Form::Issued(number) => written(*number).into(),
            Form::Bytes(bytes) => Cow::Borrowed(bytes),
        }
    }
}

/// Returns the bytes of a simulated device's token; the value of the first tag begins with the
/// number.
fn written(number: u64) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(INNER_LENGTH + SIGNATURE_LENGTH + 16);
    let mut state = number;
    for (tag, length) in [(b"DATA", INNER_LENGTH), (b"SIGN", SIGNATURE_LENGTH)] {
        bytes.extend(tag);
        bytes.extend(u32::try_from(length).unwrap_or(u32::MAX).to_be_bytes());
        let end = bytes.len() + length;
        while bytes.len() < end {
            let left = (end - bytes.len()).min(8);
            bytes.extend(&state.to_be_bytes()[..left]);
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        }
    }
    bytes
}

impl fmt::Debug for UnlockToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UnlockToken({} bytes)", self.length())
    }
}

impl fmt::Display for UnlockToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-bytes", self.length())
    }
}

#[cfg(test)]
mod tests {
    use super::{Form, UnlockToken};

    #[test]
    fn a_token_is_the_same_whether_it_was_issued_or_came_as_bytes() {
        let issued = UnlockToken::issued("00008030-001A", 1);
        let bytes = issued.reveal().into_owned();
        assert_eq!(bytes.len(), issued.length());
        assert_eq!(UnlockToken::new(&bytes), issued);
        for at in [0, 4, 8, 15, 16, 900, 1276, 1303] {
            let mut other = bytes.clone();
            other[at] ^= 1;
            let other = UnlockToken::new(&other);
            assert!(matches!(other.0, Form::Bytes(_)), "byte {at}");
            assert_ne!(other, issued, "byte {at}");
        }
        for bytes in [&[][..], &bytes[..16], &bytes[..1303]] {
            assert_eq!(&*UnlockToken::new(bytes).reveal(), bytes);
        }
    }
}
