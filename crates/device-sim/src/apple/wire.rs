//! The messages between a device and its server, typed, and as the property lists that real
//! servers exchange.
//!
//! A device sends [`CheckIn`]s and [`Report`]s, a server sends [`Order`]s. Each converts to a
//! property list and back without loss, so that a transport can put them on a network unchanged.
//!
//! Sources: `mdm/checkin` and `mdm/commands` in <https://github.com/apple/device-management>, and
//! the messages of real devices in the folder `testdata` of
//! <https://github.com/cmdmnt/commandment>.

mod activation;
mod check_in;
mod command;
mod declaration;
mod fields;
mod order;
mod profile;
mod report;
mod security_info;

pub use activation::{Activation, DeclarationReason, DeclarationStatus};
pub use check_in::{ChannelUser, CheckIn, DeviceFacts, Identity, OtherCheckIn};
pub use command::Command;
pub(crate) use command::NEVER_NOT_NOW;
pub use declaration::{Declaration, Manifest, StatusReport, SyncTokens};
pub use fields::WireError;
pub use order::{CommandUuid, Order};
pub use profile::Profile;
pub use report::{Body, ErrorItem, ListKey, MessageResult, Report, Status};
pub use security_info::SecurityInfo;

/// A message that has a form as a property list.
pub trait Message: Sized {
    /// Returns the message as a property list.
    fn to_plist(&self) -> plist::Value;

    /// Reads a property list.
    ///
    /// # Errors
    ///
    /// [`WireError`] if a key is missing or has a value of another type; it names the key and never
    /// the value.
    fn from_plist(value: &plist::Value) -> Result<Self, WireError>;

    /// Returns the message as the bytes of an XML property list.
    fn to_xml(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let written = self.to_plist().to_writer_xml(&mut bytes);
        written.expect("a vector takes all bytes, and every value here has an XML form");
        bytes
    }

    /// Reads the bytes of a property list, XML or binary.
    ///
    /// # Errors
    ///
    /// [`WireError`] if the bytes are no property list, or not this message.
    fn from_bytes(bytes: &[u8]) -> Result<Self, WireError> {
        let value = plist::Value::from_reader(std::io::Cursor::new(bytes))
            .map_err(|_| WireError::NotAPropertyList)?;
        Self::from_plist(&value)
    }
}
