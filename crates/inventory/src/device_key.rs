//! The keys by which a device is recognised in several rows.

use std::hash::{BuildHasherDefault, Hasher};
use std::num::NonZero;

use wide::u8x16;

use crate::spelling::serial::{is_damaged, is_placeholder_serial};
use crate::spelling::{is_placeholder_id, plain, says_unknown};

/// The identity of a device: its Intune device id, or else its serial number.
///
/// An id that is a GUID is kept exactly; any other text is hashed to 128 bits. Letters are compared
/// without case. A cell that holds no identity, such as a blank one, a GUID of zeros or
/// `To be filled by O.E.M.`, gives no key, so that devices are never merged because of it.
///
/// ```
/// use inventory::DeviceKey;
///
/// let key = DeviceKey::of("37d6f1b5-25fd-4e6f-8952-cf78107060c9", "C02XK1");
/// assert_eq!(key, DeviceKey::of("{37D6F1B5-25FD-4E6F-8952-CF78107060C9}", ""));
/// assert_ne!(key, DeviceKey::of("", "C02XK1"));
/// assert_eq!(DeviceKey::of("", "Default string"), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeviceKey(NonZero<u128>);

/// The numbers of rows that are recognised by each sort of key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KeyCounts {
    /// By the Intune device id.
    pub device_id: u64,
    /// By the serial number, because there is no device id.
    pub serial_number: u64,
    /// By nothing.
    pub none: u64,
}

/// The origin of the text of a key; the same text is another device elsewhere.
#[derive(Clone, Copy, Debug)]
enum Origin {
    Id = 1,
    SerialNumber = 2,
    Name = 3,
}

impl DeviceKey {
    /// Returns the key of a row with this device id and serial number.
    pub fn of(id: &str, serial_number: &str) -> Option<Self> {
        Self::of_id(id).or_else(|| Self::of_serial_number(serial_number))
    }

    /// Returns the key of a device id.
    pub fn of_id(id: &str) -> Option<Self> {
        let id = plain(id);
        let id = bare(&id);
        if let Some(key) = guid(id).as_ref().and_then(Self::of_guid) {
            return Some(key);
        }
        let placeholder = says_unknown(id) || is_placeholder_id(id) || is_damaged(id);
        if placeholder { None } else { Self::hashed(id, Origin::Id) }
    }

    /// Returns the key of a serial number.
    pub fn of_serial_number(serial_number: &str) -> Option<Self> {
        let serial_number = plain(serial_number);
        let serial_number = bare(&serial_number);
        let placeholder = says_unknown(serial_number)
            || is_placeholder_serial(serial_number)
            || is_damaged(serial_number);
        if placeholder { None } else { Self::hashed(serial_number, Origin::SerialNumber) }
    }

    /// Returns the key of a device's name, which only facts files use: several devices may have it.
    pub fn of_name(name: &str) -> Option<Self> {
        let name = plain(name);
        let placeholder = says_unknown(&name) || is_damaged(&name);
        if placeholder { None } else { Self::hashed(&name, Origin::Name) }
    }

    /// Returns the key of a GUID other than that of zeros only.
    #[inline(always)]
    pub(crate) fn of_guid(text: &[u8; GUID]) -> Option<Self> {
        let four = |at: usize| u128::from(u32::from_le_bytes(*text[at..].first_chunk().expect(IN)));
        let eight =
            |at: usize| u128::from(u64::from_le_bytes(*text[at..].first_chunk().expect(IN)));
        let first = eight(0) | four(9) << 64 | four(14) << 96;
        let second = four(19) | four(24) << 32 | eight(28) << 64;
        let hyphens = (text[8] ^ b'-') | (text[13] ^ b'-') | (text[18] ^ b'-') | (text[23] ^ b'-');
        let (first, is_first) = digits(first);
        let (second, is_second) = digits(second);
        let right = (is_first & is_second).to_bitmask() == 0xffff && hyphens == 0;
        let twice = second + second;
        let four_times = twice + twice;
        let eight_times = four_times + four_times;
        let both = (first | (eight_times + eight_times)).to_array();
        NonZero::new(u128::from_le_bytes(both)).filter(|_| right).map(Self)
    }

    /// Returns the key of an id that is surely no placeholder, because it has a digit other than
    /// zero; the words are its bytes, with zeros behind them.
    #[inline(always)]
    pub(crate) fn of_short_id(words: impl Iterator<Item = u64>, length: usize) -> Self {
        Self::from_words(words, length, Origin::Id)
    }

    fn hashed(text: &str, origin: Origin) -> Option<Self> {
        let words = text.as_bytes().chunks(8).map(|bytes| {
            let mut word = [0; 8];
            word[..bytes.len()].copy_from_slice(bytes);
            u64::from_le_bytes(word)
        });
        Some(Self::from_words(words, text.len(), origin))
    }

    #[inline(always)]
    fn from_words(words: impl Iterator<Item = u64>, length: usize, origin: Origin) -> Self {
        let (mut low, mut high) = (origin as u64, length as u64);
        for word in words {
            let word = lower(word);
            low = mixed(low ^ word);
            high = mixed(high.rotate_left(23) ^ word.wrapping_mul(ODD)) ^ low;
        }
        let value = u128::from(high) << 64 | u128::from(low);
        Self(NonZero::new(value).unwrap_or(NonZero::<u128>::MIN))
    }

    /// Returns 128 bits in which every bit of the key counts everywhere, different for different
    /// keys.
    #[inline(always)]
    pub fn mixed(self) -> u128 {
        // Three rounds of a Feistel network, so that no two keys become the same.
        let value = self.0.get();
        let (mut left, mut right) = ((value >> 64) as u64, value as u64);
        right ^= folded(left, ODD);
        left ^= folded(right, ODD.rotate_left(21));
        right ^= folded(left, ODD.rotate_left(42));
        u128::from(left) << 64 | u128::from(right)
    }
}

/// Hashes keys, whose bits are anything but even.
pub(crate) type KeyHashing = BuildHasherDefault<KeyHasher>;

/// The hasher of [`KeyHashing`].
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct KeyHasher(u64);

impl Hasher for KeyHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u128(u128::from(*byte));
        }
    }

    fn write_u128(&mut self, number: u128) {
        self.0 = mixed(self.0 ^ number as u64 ^ mixed((number >> 64) as u64));
    }
}

impl KeyCounts {
    /// Adds the rows of another chunk.
    pub fn merge(&mut self, other: Self) {
        self.device_id += other.device_id;
        self.serial_number += other.serial_number;
        self.none += other.none;
    }

    /// Counts the row with this id, this serial number and the key of both.
    pub(crate) fn count(&mut self, id: &str, key: Option<DeviceKey>) {
        match key {
            None => self.none += 1,
            Some(key) if DeviceKey::of_id(id) == Some(key) => self.device_id += 1,
            Some(_) => self.serial_number += 1,
        }
    }
}

/// Why a part of a GUID can be taken.
const IN: &str = "it is in bounds";

/// The length of a GUID as text.
pub(crate) const GUID: usize = 36;

/// Returns an id or a serial number without what programs write around it: apostrophes and
/// `="…"`, by which a spreadsheet takes it for text, braces or parentheses around a GUID, and the
/// `urn:uuid:` of RFC 9562.
fn bare(text: &str) -> &str {
    let mut text = text;
    loop {
        let ends = [("=\"", "\""), ("\"", "\""), ("{", "}"), ("(", ")"), ("'", "")];
        let inner = |(start, end)| text.strip_prefix(start)?.strip_suffix(end);
        let urn =
            || text.split_at_checked(9).filter(|(urn, _)| urn.eq_ignore_ascii_case("urn:uuid:"));
        let Some(inner) = ends.into_iter().find_map(inner).or_else(|| Some(urn()?.1)) else {
            return text;
        };
        text = inner.trim();
    }
}

/// Returns the usual text of a GUID, which may lack its hyphens.
fn guid(text: &str) -> Option<[u8; GUID]> {
    if let Ok(guid) = text.as_bytes().try_into() {
        return Some(guid);
    }
    let digits: &[u8; 32] = text.as_bytes().try_into().ok()?;
    let mut guid = [b'-'; GUID];
    for (to, from) in [(0, 0..8), (9, 8..12), (14, 12..16), (19, 16..20), (24, 20..32)] {
        guid[to..to + from.len()].copy_from_slice(&digits[from]);
    }
    Some(guid)
}

/// A bit in each byte.
const EACH: u64 = 0x0101_0101_0101_0101;

/// An odd number without a pattern.
const ODD: u64 = 0x9e37_79b9_7f4a_7c15;

/// Returns the values of sixteen hexadecimal digits, and which bytes are such digits.
#[inline(always)]
fn digits(text: u128) -> (u8x16, u8x16) {
    let text = u8x16::from(text.to_le_bytes());
    let number = text - u8x16::splat(b'0');
    let letter = (text | u8x16::splat(0x20)) - u8x16::splat(b'a');
    let is_number = number.min(u8x16::splat(9)).simd_eq(number);
    let is_letter = letter.min(u8x16::splat(5)).simd_eq(letter);
    let value = (text & u8x16::splat(0x0f)) + (is_letter & u8x16::splat(9));
    (value, is_number | is_letter)
}

/// Returns the bytes with capital letters of ASCII as small ones.
#[inline(always)]
fn lower(word: u64) -> u64 {
    let low = word & (0x7f * EACH);
    let from_a = low + (0x80 - u64::from(b'A')) * EACH;
    let beyond_z = low + (0x7f - u64::from(b'Z')) * EACH;
    let capital = !word & (from_a ^ beyond_z) & (0x80 * EACH);
    word | capital >> 2
}

/// Spreads every bit over most others: the two halves of a product, as in `wyhash`.
#[inline(always)]
fn folded(number: u64, odd: u64) -> u64 {
    let product = u128::from(number ^ odd) * u128::from(odd);
    (product >> 64) as u64 ^ product as u64
}

/// Spreads every bit over all others; different numbers stay different (the finisher of
/// `SplitMix64`, <https://prng.di.unimi.it/splitmix64.c>).
#[inline(always)]
fn mixed(mut number: u64) -> u64 {
    number = (number ^ number >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    number = (number ^ number >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ number >> 31
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    /// Parses a GUID as everyone does.
    fn parsed(text: &str) -> Option<u128> {
        let shape = text.split('-').map(str::len).eq([8, 4, 4, 4, 12]);
        let digits = text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit());
        let number = u128::from_str_radix(&text.replace('-', ""), 16).ok();
        number.filter(|number| shape && digits && *number != 0)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4096))]

        #[test]
        fn a_guid_is_what_everybody_takes_for_one(
            number in any::<u128>(), broken in proptest::option::weighted(0.5, (0..GUID, any::<u8>())),
        ) {
            let hex = format!("{number:032X}");
            let parts = [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]];
            let mut text = parts.join("-").into_bytes();
            if let Some((at, byte)) = broken {
                text[at] = byte;
            }
            let bytes: &[u8; GUID] = text.first_chunk().unwrap();
            let expected = str::from_utf8(&text).ok().and_then(parsed);
            prop_assert_eq!(DeviceKey::of_guid(bytes).is_some(), expected.is_some());
        }

        #[test]
        fn different_guids_have_different_keys_and_case_does_not_count(
            one in any::<u128>(), bit in 0..128_u32,
        ) {
            let text = |number: u128| {
                let hex = format!("{number:032x}");
                [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
            };
            let (one, other) = (text(one), text(one ^ 1 << bit));
            prop_assert_ne!(DeviceKey::of_id(&one), DeviceKey::of_id(&other));
            prop_assert_eq!(DeviceKey::of_id(&one), DeviceKey::of_id(&one.to_uppercase()));
        }

        #[test]
        fn texts_are_compared_without_case_and_the_spaces_around_them(text in "[a-zA-Z1-9]{1,30}") {
            let upper = format!(" {} ", text.to_uppercase());
            let key = DeviceKey::of_serial_number(&text);
            prop_assert_eq!(key, DeviceKey::of_serial_number(&upper));
            prop_assert_ne!(DeviceKey::of_id(&format!("{text}1")), DeviceKey::of_id(&text));
        }
    }

    #[test]
    fn neighbouring_texts_share_neither_key_nor_mixed_bits() {
        let texts =
            (0..20_000).flat_map(|n| [format!("{n}"), format!("{n:08}"), format!("SN-{n:020}")]);
        let ids: HashSet<String> = texts.filter(|text| text.bytes().any(|b| b > b'0')).collect();
        let keys: HashSet<_> = ids.iter().map(|text| DeviceKey::of_id(text).unwrap()).collect();
        let mixed: HashSet<_> = keys.iter().map(|key| key.mixed() >> 80).collect();
        // Of 60,000 keys, 48 bits each, less than one pair in a hundred thousand runs is the same.
        assert_eq!((keys.len(), mixed.len()), (ids.len(), ids.len()));
    }

    #[test]
    fn an_id_is_the_same_however_it_is_wrapped() {
        let guid = "37d6f1b5-25fd-4e6f-8952-cf78107060c9";
        let key = DeviceKey::of_id(guid).expect("a GUID");
        for text in [
            "{37D6F1B5-25FD-4E6F-8952-CF78107060C9}",
            "(37d6f1b5-25fd-4e6f-8952-cf78107060c9)",
            "37d6f1b525fd4e6f8952cf78107060c9",
            "urn:uuid:37d6f1b5-25fd-4e6f-8952-cf78107060c9",
            "'37d6f1b5-25fd-4e6f-8952-cf78107060c9",
            "=\"37d6f1b5-25fd-4e6f-8952-cf78107060c9\"",
            "'{ 37d6f1b525fd4e6f8952cf78107060c9 }",
            "37d6f1b5\u{2011}25fd\u{2011}4e6f\u{2011}8952\u{2011}cf78107060c9\u{200b}",
        ] {
            assert_eq!(DeviceKey::of_id(text), Some(key), "{text}");
        }
        for other in [
            "37d6f1b5-25fd-4e6f-8952-cf78107060c9-1",
            "37d6f1b525fd4e6f8952cf78107060c",
            "37d6f1b525fd4e6f8952cf78107060cx",
            "37d6f1b5-25fd-4e6f-8952-cf78107060cx",
        ] {
            assert!(DeviceKey::of_id(other).is_some_and(|other| other != key), "{other}");
        }
        let serial = DeviceKey::of_serial_number("0042");
        for text in ["'0042", "=\"0042\"", "\u{a0}0042"] {
            assert_eq!(DeviceKey::of_serial_number(text), serial, "{text}");
        }
    }

    #[test]
    fn what_identifies_nothing_is_no_key() {
        for id in [
            "",
            "  ",
            "0",
            "00000000-0000-0000-0000-000000000000",
            "00000000000000000000000000000000",
            "Unknown",
            "n/a",
            "{}",
            "None",
            "undefined",
            "#REF!",
            "3.52E+14",
            "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx",
            "5c2d7b6e-31f4-4a63...",
            "REDACTED",
            r"\N",
            "(blank)",
        ] {
            assert_eq!(DeviceKey::of_id(id), None, "{id}");
        }
        assert_eq!(DeviceKey::of_name("#REF!"), None);
        for serial in [
            "",
            "0",
            "Unknown",
            "Defaultstring",
            "To be filled by O.E.M.",
            "N/A",
            "none",
            "System Serial Number",
            "0000000000",
            "xxxxxxx",
            "1111111",
            "123456789",
            "-",
            "3.52E+14",
            "3,52E+14",
        ] {
            assert_eq!(DeviceKey::of_serial_number(serial), None, "{serial}");
        }
        assert_ne!(DeviceKey::of_id("1"), DeviceKey::of_serial_number("R58N1"));
        assert_ne!(DeviceKey::of_id("R58N1"), DeviceKey::of_serial_number("R58N1"));
    }

    #[test]
    fn rows_are_counted_by_what_recognises_them() {
        let mut all = KeyCounts::default();
        for (id, serial) in
            [("1", "C02XK1"), ("2", ""), ("", "C02XK1"), ("", ""), ("0", ""), ("", "")]
        {
            all.count(id, DeviceKey::of(id, serial));
        }
        assert_eq!(all, KeyCounts { device_id: 2, serial_number: 1, none: 3 });
        all.merge(KeyCounts { device_id: 10, serial_number: 20, none: 30 });
        assert_eq!(all, KeyCounts { device_id: 12, serial_number: 21, none: 33 });
    }
}
