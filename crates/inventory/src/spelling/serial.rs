//! `Serial number`: placeholder texts for a missing serial number.
//!
//! Sources: what the firmware of PCs reports, by `isInvalidBiosValue` of the GLPI agent
//! (<https://github.com/glpi-project/glpi-agent/blob/develop/lib/GLPI/Agent/Tools/Generic.pm>), and
//! the serial numbers that GLPI ignores by default
//! (<https://github.com/glpi-project/glpi/blob/main/src/Blacklist.php>); what people and agents
//! write in its place; and `EMULATOR30X0X5X0` and the like, which all emulators of an Android
//! version share (`ro.serialno` of the images of Android Studio).

use super::{Folded, Spelling, find, spelling};

const PLACEHOLDERS: &[Spelling<()>] = &[
    spelling("(null string)", ()),
    spelling("Empty", ()),
    spelling("Invalid", ()),
    spelling("No Serial", ()),
    spelling("No Serial Number", ()),
    spelling("Unknown Serial", ()),
    spelling("Unknown Serial Number", ()),
    spelling("Unspecified", ()),
    spelling("Not Specified", ()),
    spelling("Not Present", ()),
    spelling("Standard", ()),
    spelling("Default", ()),
    spelling("Default string", ()),
    spelling("Serial", ()),
    spelling("Serial Number", ()),
    spelling("System Serial", ()),
    spelling("System Serial Number", ()),
    spelling("SystemSerialNumb", ()),
    spelling("Base Board Serial Number", ()),
    spelling("Unspecified Base Board Serial Number", ()),
    spelling("Chassis Serial Number", ()),
    spelling("Serial Number xxxxxx", ()),
    spelling("To Be Filled By O.E.M.", ()),
    spelling("To Be Filled", ()),
    spelling("Filled By OEM", ()),
    spelling("O.E.M.", ()),
    spelling("OEM_Serial", ()),
    spelling("Unknow", ()),
    spelling("EVAL", ()),
    spelling("IATPASS", ()),
    spelling("Parallels", ()),
    spelling("Tulip Computers", ()),
    spelling("123456789000", ()),
    spelling("SN-12345", ()),
    spelling("SN-1234567890", ()),
    spelling("SN-123456fvgv3i0b8o5n6n7k", ()),
    spelling("SYS-1234567890", ()),
    spelling("SYS-9876543210", ()),
    spelling("MB-1234567890", ()),
];

/// Returns true if a serial number is a placeholder: one of the table, nothing but one letter,
/// repeated (`1111111`, `xxxxxxxxxxx`), nothing but zeros and perhaps a one, or five or more digits
/// in their order.
pub(crate) fn is_placeholder_serial(text: &str) -> bool {
    let Some(key) = Folded::of(text) else { return false };
    let letters = key.letters();
    let one_letter = letters.windows(2).all(|pair| pair[0] == pair[1]);
    let zeros = letters.strip_suffix(b"1").is_some_and(|rest| rest.iter().all(|b| *b == b'0'));
    let follows = |pair: &[u8]| pair[1] == b'0' + (pair[0].wrapping_sub(b'0') + 1) % 10;
    let in_order =
        letters.len() >= 5 && matches!(letters[0], b'0' | b'1') && letters.windows(2).all(follows);
    one_letter
        || zeros
        || in_order
        || letters.starts_with(b"emulator")
        || find(PLACEHOLDERS, key).is_some()
}

/// Returns true if a text has lost what it identified: one that was cut for a screen, a number that a spreadsheet saved as
/// `3.52E+14`, which has its first digits only, or a spreadsheet's error such as `#REF!`.
pub(crate) fn is_damaged(text: &str) -> bool {
    if text.ends_with("...") || text.ends_with('…') {
        return true;
    }
    let is_error = |rest: &str| {
        let ordinary = |letter: char| letter.is_numeric() || letter.is_lowercase();
        // In any language: `#REF!`, `#¿NOMBRE?`, `#NV`, and `###` for what was too wide.
        rest.ends_with(['!', '?']) || !rest.contains(ordinary)
    };
    if text.strip_prefix('#').is_some_and(is_error) {
        return true;
    }
    let Some((number, exponent)) = text.split_once(['E', 'e']) else { return false };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let signed = exponent.strip_prefix(['+', '-']);
    let (whole, fraction) = number.split_once(['.', ',']).unwrap_or((number, "0"));
    // `352E14` may be a serial number; a sign or a fraction are in none.
    (signed.is_some() || whole.len() < number.len())
        && digits(whole.strip_prefix('-').unwrap_or(whole))
        && digits(fraction)
        && digits(signed.unwrap_or(exponent))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_no_serial_numbers() {
        for text in [
            "0",
            "0000000",
            "00000001",
            "1111111",
            "xxxx",
            "012345678",
            "12345",
            "1234567890123",
            "EMULATOR30X0X5X0",
            "no serial",
            "Parallels",
            "To Be Filled By O.E.M.",
        ] {
            assert!(is_placeholder_serial(text), "{text}");
        }
        for text in [
            "C02XK1",
            "R58N1",
            "2345678",
            "1234",
            "12346",
            "00000002",
            "1001",
            "X12345",
            "Parallels-1A 2B",
            "352000000000012",
        ] {
            assert!(!is_placeholder_serial(text), "{text}");
        }
    }

    #[test]
    fn what_a_spreadsheet_has_cut_is_damaged() {
        for text in [
            "3.52E+14",
            "3,52E+14",
            "4E+14",
            "3.52e14",
            "-3.5E+014",
            "#REF!",
            "#DIV/0!",
            "#NV",
            "###",
            "5c2d7b6e-31f4...",
            "5c2d7b6e…",
        ] {
            assert!(is_damaged(text), "{text}");
        }
        for text in ["352E14", "E+14", "1E", "3.5", "C02E+1", "3.5.2E+14", "12E+", "#1 iPad"] {
            assert!(!is_damaged(text), "{text}");
        }
    }
}
