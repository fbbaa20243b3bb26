//! The unlock token: bytes that never appear in a trace, a message or a panic.
//!
//! A real one is a key bag in a row of tags, lengths and values. Its form is no one's business but
//! the device's, and here it only decides the size: see the example at
//! <https://developer.apple.com/documentation/devicemanagement/tokenupdaterequest> and
//! <https://github.com/micromdm/micromdm/issues/807>.

use std::fmt;
use std::sync::Arc;

/// The length of the first of a real token's two outer values, its key bag.
const INNER_LENGTH: usize = 1268;

/// The length of the second, a signature of the first.
const SIGNATURE_LENGTH: usize = 20;

/// An unlock token. Its `Debug` and `Display` forms tell the length only.
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
pub struct UnlockToken(Arc<[u8]>);

impl UnlockToken {
    /// Returns a token with these bytes.
    pub fn new(bytes: &[u8]) -> Self {
        Self(bytes.into())
    }

    /// Returns the token that a device hands out at its enrolment number `generation`, in the form
    /// of a real one: twice a four-letter tag, the length in four bytes, and the value.
    pub fn issued(device: &str, generation: u32) -> Self {
        let mut bytes = Vec::with_capacity(INNER_LENGTH + SIGNATURE_LENGTH + 16);
        // A stream of bytes that differs from device to device and from one enrolment to the next.
        let mut state: u64 = 0xcbf2_9ce4_8422_2325 ^ u64::from(generation);
        for byte in device.bytes() {
            state = (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        for (tag, length) in [(b"DATA", INNER_LENGTH), (b"SIGN", SIGNATURE_LENGTH)] {
            bytes.extend(tag);
            bytes.extend(u32::try_from(length).unwrap_or(u32::MAX).to_be_bytes());
            let end = bytes.len() + length;
            // Four bytes at a time, as every enrolment of a simulated fleet makes a token.
            while bytes.len() < end {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                bytes.extend(&state.to_be_bytes()[..4]);
            }
        }
        Self(bytes.into())
    }

    /// Returns how many bytes.
    pub fn length(&self) -> usize {
        self.0.len()
    }

    /// Returns the bytes; for the wire and for comparing, never for showing.
    pub fn reveal(&self) -> &[u8] {
        &self.0
    }
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
