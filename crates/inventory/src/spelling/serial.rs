//! `Serial number`: texts that stand where a serial number is missing.
//!
//! Sources: what the firmware of PCs reports, by `isInvalidBiosValue` of the GLPI agent
//! (<https://github.com/glpi-project/glpi-agent/blob/develop/lib/GLPI/Agent/Tools/Generic.pm>), and
//! the serial numbers that GLPI ignores by default
//! (<https://github.com/glpi-project/glpi/blob/main/src/Blacklist.php>).

use super::{Folded, Spelling, find, spelling};

const PLACEHOLDERS: &[Spelling<()>] = &[
    spelling("None", ()),
    spelling("Null", ()),
    spelling("(null string)", ()),
    spelling("Empty", ()),
    spelling("Invalid", ()),
    spelling("Not Specified", ()),
    spelling("Not Present", ()),
    spelling("Default string", ()),
    spelling("Serial Number", ()),
    spelling("System Serial Number", ()),
    spelling("SystemSerialNumb", ()),
    spelling("Chassis Serial Number", ()),
    spelling("Serial Number xxxxxx", ()),
    spelling("To Be Filled By O.E.M.", ()),
    spelling("To Be Filled", ()),
    spelling("O.E.M.", ()),
    spelling("OEM_Serial", ()),
    spelling("Unknow", ()),
    spelling("EVAL", ()),
    spelling("IATPASS", ()),
    spelling("Tulip Computers", ()),
    spelling("0123456789", ()),
    spelling("12345", ()),
    spelling("123456", ()),
    spelling("1234567", ()),
    spelling("12345678", ()),
    spelling("123456789", ()),
    spelling("1234567890", ()),
    spelling("123456789000", ()),
    spelling("12345678901234567", ()),
    spelling("SN-12345", ()),
    spelling("SN-1234567890", ()),
    spelling("SN-123456fvgv3i0b8o5n6n7k", ()),
    spelling("SYS-1234567890", ()),
    spelling("SYS-9876543210", ()),
    spelling("MB-1234567890", ()),
];

/// Returns true if a serial number is a placeholder: one of the table, or nothing but one letter,
/// repeated (`0`, `1111111`, `xxxxxxxxxxx`).
pub(crate) fn is_placeholder_serial(text: &str) -> bool {
    let Some(key) = Folded::of(text) else { return false };
    let mut letters = key.letters().iter();
    let first = letters.next();
    letters.all(|letter| Some(letter) == first) || find(PLACEHOLDERS, key).is_some()
}
