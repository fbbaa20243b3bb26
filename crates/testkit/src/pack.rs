//! Packed files, as programs of all kinds write them.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::{DeflateEncoder, GzEncoder};
use zstd_safe::{CCtx, CParameter, compress_bound};

/// Returns a file in gzip.
pub fn gzip(content: &[u8]) -> Vec<u8> {
    let mut packed = Vec::new();
    let read = GzEncoder::new(content, Compression::default()).read_to_end(&mut packed);
    read.expect("memory can be read");
    packed
}

/// Returns a file in zstd.
pub fn zstd(content: &[u8]) -> Vec<u8> {
    let mut packed = Vec::with_capacity(compress_bound(content.len()));
    let mut context = CCtx::create();
    let checked = context.set_parameter(CParameter::ChecksumFlag(true));
    checked.and_then(|_| context.compress2(&mut packed, content)).expect("there is room");
    packed
}

/// Returns a zip archive of files, deflated, in the plainest form of section 4.3.6 of
/// <https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT>.
pub fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut archive, mut directory) = (Vec::new(), Vec::new());
    for (name, content) in files {
        let mut packed = Vec::new();
        let read = DeflateEncoder::new(*content, Compression::default()).read_to_end(&mut packed);
        read.expect("memory can be read");
        let offset = archive.len();
        let header = header(name, content, packed.len());
        archive.extend_from_slice(b"PK\x03\x04");
        archive.extend_from_slice(&header);
        archive.extend_from_slice(name.as_bytes());
        archive.extend_from_slice(&packed);
        directory.extend_from_slice(b"PK\x01\x02\x14\0");
        directory.extend_from_slice(&header);
        // No comment, the first disk, no attributes.
        directory.extend_from_slice(&[0; 10]);
        write(&mut directory, &[offset]);
        directory.extend_from_slice(name.as_bytes());
    }
    let (begin, length) = (archive.len(), directory.len());
    archive.extend_from_slice(&directory);
    archive.extend_from_slice(b"PK\x05\x06\0\0\0\0");
    let count = u16::try_from(files.len()).expect("tests pack few files").to_le_bytes();
    archive.extend_from_slice(&count);
    archive.extend_from_slice(&count);
    write(&mut archive, &[length, begin]);
    archive.extend_from_slice(&[0; 2]);
    archive
}

/// Returns the common part of the local header and the directory entry of a file: version 2.0, no
/// flags, deflated, 1 January 1980, checksum, sizes, the length of the name, nothing extra.
fn header(name: &str, content: &[u8], packed: usize) -> Vec<u8> {
    let mut crc = flate2::Crc::new();
    crc.update(content);
    let mut header = b"\x14\0\0\0\x08\0\0\0\x21\0".to_vec();
    header.extend_from_slice(&crc.sum().to_le_bytes());
    write(&mut header, &[packed, content.len(), name.len()]);
    header
}

fn write(target: &mut Vec<u8>, numbers: &[usize]) {
    for number in numbers {
        let number = u32::try_from(*number).expect("tests pack small files");
        target.write_all(&number.to_le_bytes()).expect("memory can be written");
    }
}
