//! Packed inventories: zip, gzip, zstd.

use std::io::{self, Cursor, Read};

use inventory::{OpenError, Packing, Reader, Unpacked};
use proptest::prelude::*;
use synthetic_fleet::{Options, write_csv};
use testkit::pack::{gzip, zip, zstd};

fn fleet(devices: u64) -> Vec<u8> {
    let mut file = Vec::new();
    write_csv(&Options::new(devices, 3), &mut file).expect("memory can be written");
    file
}

fn unpacked(packed: &[u8]) -> io::Result<Vec<u8>> {
    let mut content = Vec::new();
    let mut input = Unpacked::open(Cursor::new(packed)).map_err(io::Error::other)?;
    input.read_to_end(&mut content).map(|_| content)
}

#[test]
fn what_was_packed_in_any_way_is_unpacked() {
    for devices in [0, 1, 3000] {
        let file = fleet(devices);
        let archive =
            zip(&[("DevicesWithInventory_1/", b""), ("DevicesWithInventory_1/a.csv", &file)]);
        for (packed, packing) in [
            (file.clone(), Packing::Plain),
            (archive, Packing::Zip),
            (gzip(&file), Packing::Gzip),
            (zstd(&file), Packing::Zstd),
        ] {
            assert_eq!(Packing::of(&packed), packing);
            assert_eq!(unpacked(&packed).unwrap(), file, "{packing:?}");
        }
    }
}

#[test]
fn several_members_of_gzip_and_frames_of_zstd_are_one_file() {
    let file = fleet(100);
    let (begin, end) = file.split_at(5000);
    // A frame that zstd programs skip, between two others.
    let skipped = b"\x50\x2a\x4d\x18\x03\0\0\0abc";
    let frames = [zstd(begin), skipped.to_vec(), zstd(end)].concat();
    assert_eq!(unpacked(&frames).unwrap(), file);
    // `pzstd` begins with one.
    assert_eq!(unpacked(&[skipped.to_vec(), frames].concat()).unwrap(), file);
    assert_eq!(unpacked(&[gzip(begin), gzip(end)].concat()).unwrap(), file);
}

#[test]
fn an_archive_without_exactly_one_readable_inventory_is_refused() {
    let mut locked = zip(&[("a.csv", b"OS\nLinux\n")]);
    let directory = locked.windows(4).position(|bytes| bytes == b"PK\x01\x02").unwrap();
    locked[6] = 1;
    locked[directory + 8] = 1;
    let mut rare = zip(&[("a.csv", b"OS\nLinux\n")]);
    rare[8] = 14;
    rare[directory + 10] = 14;
    let names: Vec<String> = (0..1_001).map(|file| format!("{file}.csv")).collect();
    let many: Vec<(&str, &[u8])> =
        names.iter().map(|name| (&**name, &b"OS\nLinux\n"[..])).collect();
    let mut twice = zip(&[("first.csv", b"OS\nLinux\n"), ("other.csv", b"OS\nLinux\n")]);
    let other: Vec<_> =
        (0..twice.len() - 5).filter(|at| twice[*at..].starts_with(b"other")).collect();
    for at in other {
        twice[at..at + 5].copy_from_slice(b"first");
    }
    for (archive, found) in [
        (twice, "a zip archive with several files of one name"),
        (zip(&many), "a zip archive with 1001 files"),
        (zip(&[]), "a zip archive without a file"),
        (zip(&[("a/", b"")]), "a zip archive without a file"),
        (
            zip(&[("a.csv", b"OS\n"), ("b.csv", b"OS\n")]),
            "a zip archive with 2 files (`a.csv`, `b.csv`)",
        ),
        (
            zip(&[("a.txt", b"hello\n"), ("b/c.txt", b"hello\n")]),
            "a zip archive with 2 files (`a.txt`, `b/c.txt`)",
        ),
        (
            zip(&[("a.csv", b"OS\n"), ("note.txt", b"hello\n"), ("b.csv", b"OS\n")]),
            "a zip archive with 2 files (`a.csv`, `b.csv`)",
        ),
        (b"PK\x03\x04\x14\0\0\0\x08\0".to_vec(), "a zip archive that is damaged or cut off"),
        (locked, "a zip archive that is locked by a password"),
        (rare, "a zip archive packed by a rare method"),
    ] {
        let Err(OpenError::NotAnInventory(error)) = Unpacked::open(Cursor::new(archive)) else {
            panic!("{found}: it opened")
        };
        assert_eq!(error.to_string(), format!("found {found}, expected a device inventory"));
    }
}

#[test]
fn the_only_inventory_of_an_archive_is_unpacked_and_the_other_files_are_named() {
    let file = fleet(200);
    let jamf = b"Asset Tag,iOS Version,Managed,Last Inventory Update\n1,17,Managed,x\n";
    let archive = zip(&[("read me.txt", b"From Ada\n"), ("a/b.csv", &file), ("jamf.csv", jamf)]);
    let mut input = Unpacked::open(Cursor::new(archive.as_slice())).unwrap();
    let passed: Vec<_> = input.passed_over().iter().map(|file| file.name.clone()).collect();
    assert_eq!(passed, ["read me.txt", "jamf.csv"]);
    let found = input.passed_over()[1].found.to_string();
    assert!(found.starts_with("found a device list of Jamf Pro"), "{found}");
    let mut content = Vec::new();
    input.read_to_end(&mut content).unwrap();
    assert_eq!(content, file);
}

#[test]
fn what_macos_adds_to_an_archive_does_not_count() {
    let archive = zip(&[("a.csv", b"OS\nLinux\n"), ("__MACOSX/._a.csv", b"x")]);
    assert_eq!(unpacked(&archive).unwrap(), b"OS\nLinux\n");
}

#[test]
fn damage_and_cuts_are_errors_and_never_a_shorter_file() {
    let file = fleet(300);
    for packed in [zip(&[("a.csv", &file)]), gzip(&file), zstd(&file)] {
        let mut damaged = packed.clone();
        damaged[packed.len() / 2] ^= 0x10;
        assert_ne!(unpacked(&damaged).ok(), Some(file.clone()));
        for cut in [packed.len() - 1, packed.len() / 2, 20] {
            assert!(unpacked(&packed[..cut]).is_err(), "{cut} of {}", packed.len());
        }
    }
}

#[test]
fn a_reader_says_what_is_wrong_with_a_packed_file() {
    let packed = gzip(&fleet(300));
    let input = Unpacked::open(Cursor::new(&packed[..packed.len() / 2])).unwrap();
    let mut reader = Reader::open(input).unwrap_or_else(|error| panic!("{error}"));
    let error = loop {
        match reader.next_entry() {
            Ok(entry) => assert!(entry.is_some(), "it came to its end"),
            Err(error) => break error,
        }
    };
    assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
}

#[test]
fn a_file_that_unpacks_without_end_is_refused() {
    let bomb = |reader: &mut dyn Read| {
        let read = io::copy(reader, &mut io::sink()).expect_err("it unpacked");
        assert!(read.to_string().contains("more than 200 times its size"), "{read}");
    };
    let endless = io::repeat(b'x').take(100 << 20);
    let mut content = Vec::new();
    Box::new(endless).read_to_end(&mut content).unwrap();
    for packed in [gzip(&content), zip(&[("a.csv", &content)]), zstd(&content)] {
        bomb(&mut Unpacked::open(Cursor::new(packed)).unwrap());
    }
}

proptest! {
    #[test]
    fn no_bytes_behind_a_magic_number_panic(
        magic in prop::sample::select(
            vec![&b"PK\x03\x04"[..], b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd"],
        ),
        rest in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let _ = unpacked(&[magic, &rest].concat());
    }

    #[test]
    fn no_damage_to_a_packed_file_panics_or_passes_for_another(
        which in 0..3_usize, place in any::<prop::sample::Index>(), bit in 0..8_u8,
    ) {
        let file = fleet(5);
        let mut packed = [zip(&[("a.csv", &file)]), gzip(&file), zstd(&file)][which].clone();
        *place.get_mut(&mut packed) ^= 1 << bit;
        if let Ok(content) = unpacked(&packed) {
            // A bit of the archive's or the frame's own data may not matter.
            prop_assert!(content == file || content == packed);
        }
    }
}
