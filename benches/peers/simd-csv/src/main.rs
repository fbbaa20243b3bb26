//! `simd-csv-peer wide|narrow FILE`: the counts of decisions as JSON, on one thread.
//!
//! The rule is that of `peer.py`: the policy `intune-2018-03-29`, read literally, for the texts
//! that the generator writes. It is the program to write for this one answer, fast.

use std::error::Error;
use std::fs::File;

use serde_json::json;
use simd_csv::ZeroCopyReaderBuilder;

#[derive(Clone, Copy)]
enum Decision {
    Eligible,
    Conditional,
    Ineligible,
    Undetermined,
}

/// What the columns say of the way a device is managed.
enum Managed {
    Not,
    Apple,
    Refused,
    WorkProfile,
    Other,
    Unknown,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [shape, path] = arguments.as_slice() else {
        return Err("usage: simd-csv-peer wide|narrow FILE".into());
    };
    let wide = shape == "wide";
    let names: [&[u8]; 3] = if wide {
        [b"OS", b"Managed by", b"OS version"]
    } else {
        [b"platform", b"management", b"os-version"]
    };
    let mut reader = ZeroCopyReaderBuilder::with_capacity(1 << 18).from_reader(File::open(path)?);
    let header: Vec<Vec<u8>> = reader.byte_headers()?.iter().map(<[u8]>::to_vec).collect();
    let place = |name: &[u8]| header.iter().position(|column| column == name);
    let [Some(first), Some(second), Some(version)] = names.map(place) else {
        return Err("a column is missing".into());
    };
    let mut counts = [0_u64; 4];
    while let Some(row) = reader.read_byte_record()? {
        let cell = |place| row.unquote(place).unwrap_or_default();
        let managed = if wide {
            wide_row(cell(first), cell(second))
        } else {
            narrow_row(cell(first), cell(second))
        };
        counts[decide(&managed, cell(version)) as usize] += 1;
    }
    let [eligible, conditional, ineligible, undetermined] = counts;
    println!(
        "{}",
        json!({
            "eligible": eligible,
            "conditional": conditional,
            "ineligible": ineligible,
            "undetermined": undetermined,
        })
    );
    Ok(())
}

fn wide_row(os: &[u8], agent: &[u8]) -> Managed {
    match (os, agent) {
        (_, b"EAS" | b"ConfigMgr") => Managed::Not,
        (b"iOS/iPadOS", _) => Managed::Apple,
        (b"macOS" | b"Windows" | b"Windows 10 Mobile" | b"Windows Holographic", _) => {
            Managed::Refused
        }
        (
            b"Android (Personally-Owned Work Profile)" | b"Android (Corporate-Owned Work Profile)",
            _,
        ) => Managed::WorkProfile,
        (
            b"Android (Device Administrator)"
            | b"Android (Fully Managed)"
            | b"Android (Dedicated)"
            | b"Android (AOSP)"
            | b"AOSP (User-based)",
            _,
        ) => Managed::Other,
        _ => Managed::Unknown,
    }
}

fn narrow_row(platform: &[u8], management: &[u8]) -> Managed {
    match (platform, management) {
        (_, b"not-managed") => Managed::Not,
        (b"ios" | b"ipados", _) => Managed::Apple,
        (b"macos" | b"windows" | b"windows-phone", _) => Managed::Refused,
        (b"android", b"personal-work-profile" | b"corporate-work-profile") => Managed::WorkProfile,
        // One of three modes, with and without a work profile, as Graph reports some devices.
        (b"android", b"" | b"corporate-work-profile|fully-managed|dedicated") => Managed::Unknown,
        (b"android", _) => Managed::Other,
        _ => Managed::Unknown,
    }
}

fn decide(managed: &Managed, version: &[u8]) -> Decision {
    let end = version.iter().position(|byte| *byte == b'.').unwrap_or(version.len());
    let digits = &version[..end];
    let is_number = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
    let number = digits.iter().fold(0_u32, |all, digit| {
        all.wrapping_mul(10).wrapping_add(u32::from(digit.wrapping_sub(b'0')))
    });
    let major = is_number.then_some(number);
    let late = major.is_some_and(|major| major >= 7);
    let early = major.is_some_and(|major| major < 6) || matches!(version, b"6" | b"6.0");
    match managed {
        Managed::Not | Managed::Refused => Decision::Ineligible,
        Managed::Apple => Decision::Eligible,
        Managed::WorkProfile if late => Decision::Conditional,
        Managed::WorkProfile if early => Decision::Ineligible,
        Managed::Other if early => Decision::Eligible,
        Managed::Other if late => Decision::Ineligible,
        _ => Decision::Undetermined,
    }
}
